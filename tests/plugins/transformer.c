/*
 * A transformer plugin that is compiled once for each FAULT, like processor.c.
 */
#include <stdio.h>
#include <string.h>

#include "plugin.h"
#include "transformer.h"

enum fault {
    NULL_INSTANCE,
    NULL_OPS,
    NULL_TRANSFORM,
    NULL_ANALYZE,
    CONTROL_TEXTS,
    ENDLESS_TEXTS, /* without a NUL at their end */
};

extern __attribute__((visibility("default"))) const struct plugin transformer_plugin;

static struct transform_result transform(const struct transformer *self, int32_t input)
{
    (void)self;
    printf("\t[Component2 DLL] Transforming value\n");
    struct transform_result result = {.original = input, .transformed = "A\n\xc2\x9b"};
    if (FAULT == ENDLESS_TEXTS)
        memset(result.transformed, 'x', sizeof result.transformed);
    return result;
}

static void analyze(const struct transformer *self, const struct transform_result *data,
                    char *buffer, size_t size)
{
    (void)self;
    (void)data;
    printf("\t[Component2 DLL] Analyzing data\n");
    if (FAULT == ENDLESS_TEXTS)
        memset(buffer, 'y', size);
    else
        snprintf(buffer, size, "B\nError: \x7f");
}

static const struct transformer_ops ops = {
    .transform = FAULT == NULL_TRANSFORM ? NULL : transform,
    .analyze = FAULT == NULL_ANALYZE ? NULL : analyze,
};

static struct transformer instance = {.ops = FAULT == NULL_OPS ? NULL : &ops};

static void *create(void)
{
    printf("\t[Component2 DLL] Initialized\n");
    return FAULT == NULL_INSTANCE ? NULL : &instance;
}

static void destroy(void *transformer)
{
    printf("\t[Component2 DLL] Destroyed%s\n",
           transformer == &instance ? "" : " another");
}

const struct plugin transformer_plugin = {
    .abi_version = PLUGIN_ABI_VERSION,
    .struct_size = sizeof(struct plugin),
    .name = "Component2",
    .version = "0.2.0",
    .create = create,
    .destroy = destroy,
};
