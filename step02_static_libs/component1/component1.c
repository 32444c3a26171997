#include "component1.h"

#include <inttypes.h>
#include <stdio.h>

/* Checked before multiplying, because signed overflow is undefined behaviour. */
static bool double_fits(int32_t value)
{
    return value >= INT32_MIN / 2 && value <= INT32_MAX / 2;
}

struct component1_data component1_process(const struct component1 *self, int32_t input)
{
    printf("\t[%s] Processing value: %" PRId32 "\n", self->name, input);
    if (!double_fits(input))
        return (struct component1_data){.value = input, .processed = false};
    return (struct component1_data){.value = input * 2, .processed = true};
}

bool component1_validate(const struct component1 *self,
                         const struct component1_data *data)
{
    printf("\t[%s] Validating data: Component1Data { value: %" PRId32
           ", processed: %s }\n",
           self->name, data->value, data->processed ? "true" : "false");
    return data->processed && data->value > 0;
}

void component1_init(struct component1 *self)
{
    self->name = "Component1 Lib";
    printf("\t[%s] Initialized\n", self->name);
}

const char *component1_version(void)
{
    return COMPONENT1_VERSION;
}
