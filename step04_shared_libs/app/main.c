/*
 * Step 04: the same libraries, shared ones now. main() creates the components and passes
 * them to run_pipeline(), 42 -> 84 -> "Value-0084"; their code is in two files of its own
 * that the system loads when the app starts.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "component1.h"
#include "component2.h"
#include "pipeline.h"

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t input_value = 42;
    if (!cli_parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    printf("\n\nPhase 04: Modular Application with Plugins (1 exe + 2 dll)\n");

    printf("\nComponent1 version: %s\n", component1_version());
    printf("Component2 version: %s\n", component2_version());

    struct component1 comp1;
    component1_init(&comp1);
    struct component2 comp2;
    component2_init(&comp2);
    if (!run_pipeline(&comp1.base, &comp2.base, input_value))
        return EXIT_FAILURE;

    printf("\nExecution complete\n");
    return cli_finish_output();
}
