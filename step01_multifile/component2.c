#include "component2.h"

#include <inttypes.h>
#include <stdio.h>

struct component2_data component2_transform(const struct component2 *self, int32_t input)
{
    printf("\t[%s] Transforming value: %" PRId32 "\n", self->name, input);
    struct component2_data data = {.original = input};
    snprintf(data.transformed, sizeof data.transformed, "Value-%04" PRId32, input);
    return data;
}

void component2_analyze(const struct component2 *self, const struct component2_data *data,
                        char *buffer, size_t size)
{
    printf("\t[%s] Analyzing data: Component2Data { original: %" PRId32
           ", transformed: \"%s\" }\n",
           self->name, data->original, data->transformed);
    snprintf(buffer, size, "Analysis: %" PRId32 " maps to %s", data->original,
             data->transformed);
}

void component2_init(struct component2 *self)
{
    self->name = "Component2";
    printf("\t[%s] Initialized\n", self->name);
}
