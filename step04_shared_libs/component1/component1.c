#include "component1.h"

#include <inttypes.h>
#include <stdio.h>

/* Checked before multiplying, because signed overflow is undefined behaviour. */
static bool double_fits(int32_t value)
{
    return value >= INT32_MIN / 2 && value <= INT32_MAX / 2;
}

static struct process_result component1_process(const struct processor *processor,
                                                int32_t input)
{
    const struct component1 *self = (const struct component1 *)processor;
    printf("\t[%s] Processing value: %" PRId32 "\n", self->name, input);
    if (!double_fits(input))
        return (struct process_result){.value = input, .processed = false};
    return (struct process_result){.value = input * 2, .processed = true};
}

static bool component1_validate(const struct processor *processor,
                                const struct process_result *data)
{
    const struct component1 *self = (const struct component1 *)processor;
    printf("\t[%s] Validating data: ProcessResult { value: %" PRId32
           ", processed: %s }\n",
           self->name, data->value, data->processed ? "true" : "false");
    return data->processed && data->value > 0;
}

static const struct processor_ops component1_ops = {
    .process = component1_process,
    .validate = component1_validate,
};

void component1_init(struct component1 *self)
{
    self->base.ops = &component1_ops;
    self->name = "Component1 Lib";
    printf("\t[%s] Initialized\n", self->name);
}

const char *component1_version(void)
{
    return COMPONENT1_VERSION;
}
