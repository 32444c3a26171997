/*
 * A processor plugin that is compiled once for each FAULT. Each of its functions logs
 * a line, so that the tests see which of them the app calls.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "plugin.h"
#include "processor.h"

#define EXPORT __attribute__((visibility("default")))

enum fault {
    NONE,
    OTHER_ABI_VERSION,
    SMALL_STRUCT_SIZE,
    LARGE_STRUCT_SIZE, /* no fault: a plugin of later days */
    NULL_NAME,
    NULL_VERSION,
    NULL_CREATE,
    NULL_DESTROY,
    NULL_INSTANCE,
    NULL_OPS,
    NULL_PROCESS,
    NULL_VALIDATE,
    UNDEFINED_SYMBOL,
    OTHER_SYMBOL, /* see CMakeLists.txt */
    REFUSAL,
    EXIT,
    NODELETE, /* see CMakeLists.txt */
    CONTROL_TEXTS,
    ENDLESS_TEXTS,
};

/* A text without a NUL at its end. */
#define TEN_X 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x', 'x'
static const char endless[70] = {TEN_X, TEN_X, TEN_X, TEN_X, TEN_X, TEN_X, TEN_X};

/* Called like a function of the app, and visible like one that someone forgot to hide. */
EXPORT int32_t plugin_unload(int32_t value);
extern EXPORT const struct plugin processor_plugin;
void defined_nowhere(void);

int32_t plugin_unload(int32_t value)
{
    return value * 2;
}

static struct process_result process(const struct processor *self, int32_t input)
{
    (void)self;
    if (FAULT == UNDEFINED_SYMBOL)
        defined_nowhere();
    printf("\t[Component1 DLL] Processing value: %" PRId32 "\n", input);
    return (struct process_result){.value = plugin_unload(input),
                                   .processed = FAULT != REFUSAL};
}

static bool validate(const struct processor *self, const struct process_result *data)
{
    (void)self;
    printf("\t[Component1 DLL] Validating data: ProcessResult { value: %" PRId32
           ", processed: %s }\n",
           data->value, data->processed ? "true" : "false");
    return true;
}

static const struct processor_ops ops = {
    .process = FAULT == NULL_PROCESS ? NULL : process,
    .validate = FAULT == NULL_VALIDATE ? NULL : validate,
};

static struct processor instance = {.ops = FAULT == NULL_OPS ? NULL : &ops};

static void *create(void)
{
    printf("\t[Component1 DLL] Initialized\n");
    return FAULT == NULL_INSTANCE ? NULL : &instance;
}

static void destroy(void *processor)
{
    printf("\t[Component1 DLL] Destroyed%s\n", processor == &instance ? "" : " another");
}

const struct plugin processor_plugin = {
    .abi_version = PLUGIN_ABI_VERSION + (FAULT == OTHER_ABI_VERSION),
    /* Another version may have another size, and a small struct has no more members. */
    .struct_size = FAULT == OTHER_ABI_VERSION || FAULT == SMALL_STRUCT_SIZE ? 8
                   : FAULT == LARGE_STRUCT_SIZE ? sizeof(struct plugin) + 8
                                                : sizeof(struct plugin),
    .name = FAULT == NULL_NAME || FAULT == SMALL_STRUCT_SIZE ? NULL
            : FAULT == CONTROL_TEXTS                         ? "A\nError: \x1b[2J"
            : FAULT == ENDLESS_TEXTS                         ? endless
                                                             : "Component1",
    .version = FAULT == NULL_VERSION    ? NULL
               : FAULT == CONTROL_TEXTS ? "0\xc2\x9b"
               : FAULT == ENDLESS_TEXTS ? endless
                                        : "0.1.0",
    .create = FAULT == NULL_CREATE ? NULL : create,
    .destroy = FAULT == NULL_DESTROY ? NULL : destroy,
};

/* dlopen() calls this before the app can look at the plugin. */
__attribute__((constructor)) static void loaded(void)
{
    if (FAULT == EXIT)
        exit(0);
}

/* When the last dlclose() takes the plugin out of the process. */
__attribute__((destructor)) static void unloaded(void)
{
    if (FAULT == NONE || FAULT == LARGE_STRUCT_SIZE)
        printf("\t[Component1 DLL] Unloaded\n");
}
