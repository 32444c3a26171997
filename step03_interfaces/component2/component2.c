#include "component2.h"

#include <inttypes.h>
#include <stdio.h>

static struct transform_result component2_transform(const struct transformer *transformer,
                                                    int32_t input)
{
    const struct component2 *self = (const struct component2 *)transformer;
    printf("\t[%s] Transforming value: %" PRId32 "\n", self->name, input);
    struct transform_result data = {.original = input};
    snprintf(data.transformed, sizeof data.transformed, "Value-%04" PRId32, input);
    return data;
}

static void component2_analyze(const struct transformer *transformer,
                               const struct transform_result *data, char *buffer,
                               size_t size)
{
    const struct component2 *self = (const struct component2 *)transformer;
    printf("\t[%s] Analyzing data: TransformResult { original: %" PRId32
           ", transformed: \"%s\" }\n",
           self->name, data->original, data->transformed);
    snprintf(buffer, size, "Analysis: %" PRId32 " maps to %s", data->original,
             data->transformed);
}

static const struct transformer_ops component2_ops = {
    .transform = component2_transform,
    .analyze = component2_analyze,
};

void component2_init(struct component2 *self)
{
    self->base.ops = &component2_ops;
    self->name = "Component2 Lib";
    printf("\t[%s] Initialized\n", self->name);
}

const char *component2_version(void)
{
    return COMPONENT2_VERSION;
}
