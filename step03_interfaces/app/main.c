/*
 * Step 03: the same libraries behind interfaces. main() runs the pipeline
 * 42 -> 84 -> "Value-0084" twice: once on the components it created, and once in
 * run_pipeline(), which knows nothing but the interfaces they implement.
 */
#include <inttypes.h>
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

    printf("\n\nPhase 03: Trait-Based Interface (shared contracts)\n");

    printf("\nComponent1 version: %s\n", component1_version());
    printf("Component2 version: %s\n", component2_version());

    printf("\n--- Processing Pipeline ---\n");
    printf("Input value: %" PRId32 "\n", input_value);

    struct component1 comp1;
    component1_init(&comp1);
    struct process_result data1 = processor_process(&comp1.base, input_value);
    if (!data1.processed) {
        fprintf(stderr, "Error: overflow: %" PRId32 " * 2 exceeds int32_t range\n",
                input_value);
        return EXIT_FAILURE;
    }
    bool is_valid = processor_validate(&comp1.base, &data1);
    printf("Component1 result: ProcessResult { value: %" PRId32
           ", processed: %s }, Valid: %s\n",
           data1.value, data1.processed ? "true" : "false", is_valid ? "true" : "false");

    struct component2 comp2;
    component2_init(&comp2);
    struct transform_result data2 = transformer_transform(&comp2.base, data1.value);
    char analysis[TRANSFORM_ANALYSIS_SIZE];
    transformer_analyze(&comp2.base, &data2, analysis, sizeof analysis);
    printf("Component2 result: TransformResult { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data2.original, data2.transformed);
    printf("%s\n", analysis);

    if (!run_pipeline(&comp1.base, &comp2.base, input_value))
        return EXIT_FAILURE;

    printf("\nExecution complete\n");
    return cli_finish_output();
}
