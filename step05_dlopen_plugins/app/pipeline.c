#include "pipeline.h"

#include <inttypes.h>
#include <stdio.h>

#include "executable.h"
#include "plugin_loader.h"
#include "printable.h"

/* Ends a text that a plugin wrote, within its array, and makes it printable. */
static void finish_text(char *text, size_t size)
{
    text[size - 1] = '\0';
    printable(text);
}

/* Loads component `name` from `plugin_dir`, or from beside this program without one. */
static bool load(struct plugin_handle *handle, const char *plugin_dir, const char *name,
                 const char *symbol, struct error *error)
{
    char own_dir[PATH_MAX];
    if (!plugin_dir) {
        if (!executable_dir(own_dir, error))
            return false;
        plugin_dir = own_dir;
    }
    char path[PATH_MAX + 32]; /* what does not fit here is too long to be opened, too */
    char shown[sizeof path];
    snprintf(path, sizeof path, "%s/%s.so", plugin_dir, name);
    snprintf(shown, sizeof shown, "%s", path);
    printf("\nLoading %s DLL from: %s\n", name, printable(shown));
    if (!plugin_load(handle, path, symbol, error))
        return false;
    printf("%s DLL loaded\n", handle->name);
    printf("%s version: %s\n", handle->name, handle->version);
    return true;
}

bool run_pipeline(const char *plugin_dir, int32_t input, struct error *error)
{
    printf("\n--- Processing Pipeline ---\n");
    printf("Input value: %" PRId32 "\n", input);

    struct plugin_handle handle;
    if (!load(&handle, plugin_dir, "component1", PROCESSOR_PLUGIN_SYMBOL, error))
        return false;
    struct processor *processor = plugin_create_processor(&handle, error);
    if (!processor)
        goto unload;
    struct process_result data1 = processor_process(processor, input);
    if (!data1.processed) {
        if (input < INT32_MIN / 2 || input > INT32_MAX / 2)
            error_set(error, "overflow: %" PRId32 " * 2 exceeds int32_t range", input);
        else
            error_set(error, "plugin %s: value not processed", handle.path);
        handle.plugin->destroy(processor);
        goto unload;
    }
    bool is_valid = processor_validate(processor, &data1);
    printf("Process result: ProcessResult { value: %" PRId32
           ", processed: %s }, Valid: %s\n",
           data1.value, data1.processed ? "true" : "false", is_valid ? "true" : "false");
    printf("[%s DLL] Destroying plugin instance\n", handle.name);
    handle.plugin->destroy(processor);
    printf("Unloading Component1 DLL...\n");
    plugin_unload(&handle);

    if (!load(&handle, plugin_dir, "component2", TRANSFORMER_PLUGIN_SYMBOL, error))
        return false;
    struct transformer *transformer = plugin_create_transformer(&handle, error);
    if (!transformer)
        goto unload;
    struct transform_result data2 = transformer_transform(transformer, data1.value);
    finish_text(data2.transformed, sizeof data2.transformed);
    char analysis[TRANSFORM_ANALYSIS_SIZE] = "";
    transformer_analyze(transformer, &data2, analysis, sizeof analysis);
    finish_text(analysis, sizeof analysis);
    printf("Transform result: TransformResult { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data2.original, data2.transformed);
    printf("%s\n", analysis);
    printf("[%s DLL] Destroying plugin instance\n", handle.name);
    handle.plugin->destroy(transformer);
    printf("Unloading component2 DLL...\n");
    plugin_unload(&handle);
    return true;

unload:
    plugin_unload(&handle);
    return false;
}
