/*
 * Step 05: the components are plugins, found and loaded at run time. main() passes the
 * directory that they are in to run_pipeline(), 42 -> 84 -> "Value-0084". The app is no
 * longer linked to any component.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "pipeline.h"

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t input_value = 42;
    const char *plugin_dir = NULL; /* beside the app */
    if (!cli_parse_arguments(argc, argv, &input_value, &plugin_dir))
        return EXIT_USAGE;

    printf("\n\nPhase 05: Modular Application with Dynamic Plugins "
           "(runtime DLL load/unload)\n");

    struct error error;
    if (!run_pipeline(plugin_dir, input_value, &error)) {
        fprintf(stderr, "Error: %s\n", error.text);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return cli_finish_output();
}
