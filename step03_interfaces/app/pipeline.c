#include "pipeline.h"

#include <inttypes.h>
#include <stdio.h>

bool run_pipeline(const struct processor *processor,
                  const struct transformer *transformer, int32_t input)
{
    printf("\n--- Trait-Based Pipeline ---\n");

    struct process_result data1 = processor_process(processor, input);
    if (!data1.processed) {
        fprintf(stderr, "Error: overflow: %" PRId32 " * 2 exceeds int32_t range\n",
                input);
        return false;
    }
    printf("Pipeline processed: ProcessResult { value: %" PRId32 ", processed: %s }\n",
           data1.value, data1.processed ? "true" : "false");

    struct transform_result data2 = transformer_transform(transformer, data1.value);
    printf("Pipeline transformed: TransformResult { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data2.original, data2.transformed);
    char analysis[TRANSFORM_ANALYSIS_SIZE];
    transformer_analyze(transformer, &data2, analysis, sizeof analysis);
    printf("Pipeline analysis: %s\n", analysis);
    return true;
}
