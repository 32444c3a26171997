/*
 * Step 02: the same program with each component in a static library of its own. main()
 * runs the pipeline 42 -> 84 -> "Value-0084"; it sees only the headers of the libraries,
 * which are built, versioned and tested one by one.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "component1.h"
#include "component2.h"

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t input_value = 42;
    if (!cli_parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    printf("\n\nPhase 02: Modular Monolith Application (main + 2 libs)\n");

    printf("\nComponent1 version: %s\n", component1_version());
    printf("Component2 version: %s\n", component2_version());

    printf("\n--- Processing Pipeline ---\n");
    printf("Input value: %" PRId32 "\n", input_value);

    struct component1 comp1;
    component1_init(&comp1);
    struct component1_data data1 = component1_process(&comp1, input_value);
    if (!data1.processed) {
        fprintf(stderr, "Error: overflow: %" PRId32 " * 2 exceeds int32_t range\n",
                input_value);
        return EXIT_FAILURE;
    }
    bool is_valid = component1_validate(&comp1, &data1);
    printf("Component1 result: Component1Data { value: %" PRId32
           ", processed: %s }, Valid: %s\n",
           data1.value, data1.processed ? "true" : "false", is_valid ? "true" : "false");

    struct component2 comp2;
    component2_init(&comp2);
    struct component2_data data2 = component2_transform(&comp2, data1.value);
    char analysis[COMPONENT2_ANALYSIS_SIZE];
    component2_analyze(&comp2, &data2, analysis, sizeof analysis);
    printf("Component2 result: Component2Data { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data2.original, data2.transformed);
    printf("%s\n", analysis);

    printf("\nExecution complete\n");
    return cli_finish_output();
}
