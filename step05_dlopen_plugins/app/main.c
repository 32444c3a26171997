/*
 * Step 05: the components are plugins, found and loaded at run time. main() runs the
 * pipeline 42 -> 84 -> "Value-0084": it loads component 1, uses and unloads it, then does
 * the same with component 2. The app is linked to neither.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "plugin_loader.h"

#define EXIT_USAGE 2

static bool parse_arguments(int argc, char **argv, int32_t *input_value,
                            const char **plugin_dir);
static bool executable_dir(char *dir, size_t size, char *error, size_t error_size);
static bool run_processor(const char *plugin_dir, int32_t input,
                          struct process_result *data);
static bool run_transformer(const char *plugin_dir, int32_t input);
static void report_overflow(int32_t value);
static int finish_output(void);

int main(int argc, char **argv)
{
    int32_t input_value = 42;
    char own_dir[PATH_MAX];
    const char *plugin_dir = own_dir;
    if (!parse_arguments(argc, argv, &input_value, &plugin_dir))
        return EXIT_USAGE;
    char error[PLUGIN_ERROR_SIZE];
    if (plugin_dir == own_dir &&
        !executable_dir(own_dir, sizeof own_dir, error, sizeof error)) {
        fprintf(stderr, "Error: %s\n", error);
        return EXIT_FAILURE;
    }

    printf("\n\nPhase 05: Modular Application with Dynamic Plugins "
           "(runtime DLL load/unload)\n");

    printf("\n--- Processing Pipeline ---\n");
    printf("Input value: %" PRId32 "\n", input_value);

    struct process_result data1;
    if (!run_processor(plugin_dir, input_value, &data1))
        return EXIT_FAILURE;
    if (!run_transformer(plugin_dir, data1.value))
        return EXIT_FAILURE;

    printf("\nExecution complete\n");
    return finish_output();
}

/* Takes component 1 through its life. False if anything failed, and stderr says what. */
static bool run_processor(const char *plugin_dir, int32_t input,
                          struct process_result *data)
{
    char path[PATH_MAX + 32]; /* what does not fit here is too long to be opened, too */
    char error[PLUGIN_ERROR_SIZE];
    struct plugin_handle handle;
    bool done = false;

    snprintf(path, sizeof path, "%s/component1.so", plugin_dir);
    printf("\nLoading component1 DLL from: %s\n", path);
    if (!plugin_load(&handle, path, PROCESSOR_PLUGIN_SYMBOL, error, sizeof error)) {
        fprintf(stderr, "Error: %s\n", error);
        return false;
    }
    printf("%s DLL loaded\n", handle.plugin->name);
    printf("%s version: %s\n", handle.plugin->name, handle.plugin->version);

    struct processor *processor = plugin_create_processor(&handle, error, sizeof error);
    if (!processor) {
        fprintf(stderr, "Error: %s\n", error);
        goto unload;
    }
    *data = processor_process(processor, input);
    if (!data->processed) {
        report_overflow(input);
        handle.plugin->destroy(processor);
        goto unload;
    }
    bool is_valid = processor_validate(processor, data);
    printf("Process result: ProcessResult { value: %" PRId32
           ", processed: %s }, Valid: %s\n",
           data->value, data->processed ? "true" : "false", is_valid ? "true" : "false");
    printf("[%s DLL] Destroying plugin instance\n", handle.plugin->name);
    handle.plugin->destroy(processor);
    printf("Unloading Component1 DLL...\n");
    done = true;

unload:
    plugin_unload(&handle);
    return done;
}

/* Takes component 2 through its life. False if anything failed, and stderr says what. */
static bool run_transformer(const char *plugin_dir, int32_t input)
{
    char path[PATH_MAX + 32]; /* what does not fit here is too long to be opened, too */
    char error[PLUGIN_ERROR_SIZE];
    struct plugin_handle handle;
    bool done = false;

    snprintf(path, sizeof path, "%s/component2.so", plugin_dir);
    printf("\nLoading component2 DLL from: %s\n", path);
    if (!plugin_load(&handle, path, TRANSFORMER_PLUGIN_SYMBOL, error, sizeof error)) {
        fprintf(stderr, "Error: %s\n", error);
        return false;
    }
    printf("%s DLL loaded\n", handle.plugin->name);
    printf("%s version: %s\n", handle.plugin->name, handle.plugin->version);

    struct transformer *transformer =
        plugin_create_transformer(&handle, error, sizeof error);
    if (!transformer) {
        fprintf(stderr, "Error: %s\n", error);
        goto unload;
    }
    struct transform_result data = transformer_transform(transformer, input);
    char analysis[TRANSFORM_ANALYSIS_SIZE];
    transformer_analyze(transformer, &data, analysis, sizeof analysis);
    printf("Transform result: TransformResult { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data.original, data.transformed);
    printf("%s\n", analysis);
    printf("[%s DLL] Destroying plugin instance\n", handle.plugin->name);
    handle.plugin->destroy(transformer);
    printf("Unloading component2 DLL...\n");
    done = true;

unload:
    plugin_unload(&handle);
    return done;
}

/* Reads a whole decimal number; false if `text` is anything else or too large. */
static bool parse_value(const char *text, int32_t *value)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (isspace((unsigned char)*text) || end == text || *end != '\0' || errno == ERANGE ||
        number < INT32_MIN || number > INT32_MAX)
        return false;
    *value = (int32_t)number;
    return true;
}

/* Sets what the command line gives and leaves the rest; says what is wrong with it. */
static bool parse_arguments(int argc, char **argv, int32_t *input_value,
                            const char **plugin_dir)
{
    const char *value = NULL;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--plugins") == 0) {
            if (i + 1 == argc || argv[i + 1][0] == '\0') {
                fprintf(stderr, "Error: --plugins needs a directory\n");
                goto usage;
            }
            *plugin_dir = argv[++i];
        } else if (value) {
            fprintf(stderr, "Error: unexpected argument '%s'\n", argv[i]);
            goto usage;
        } else {
            value = argv[i];
        }
    }
    if (!value || parse_value(value, input_value))
        return true;
    fprintf(stderr, "Error: '%s' is not a 32-bit integer\n", value);

usage:
    fprintf(stderr, "Usage: app [VALUE] [--plugins DIR]\n");
    return false;
}

/* The directory of this program, without a slash at its end. Linux has it in /proc. */
static bool executable_dir(char *dir, size_t size, char *error, size_t error_size)
{
    ssize_t length = readlink("/proc/self/exe", dir, size - 1);
    if (length == -1) {
        snprintf(error, error_size, "cannot read /proc/self/exe: %s", strerror(errno));
        return false;
    }
    dir[length] = '\0';
    *strrchr(dir, '/') = '\0';
    return true;
}

static void report_overflow(int32_t value)
{
    fprintf(stderr, "Error: overflow: %" PRId32 " * 2 exceeds int32_t range\n", value);
}

/* Standard output is buffered: whether it could be written shows only here. */
static int finish_output(void)
{
    if (fflush(stdout) == EOF || ferror(stdout)) {
        fprintf(stderr, "Error: cannot write to standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
