#include "plugin_loader.h"

#include <dlfcn.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin_file.h"
#include "printable.h"

/* In this order: version and size tell whether the other members are there to be read. */
static bool check_plugin(const struct plugin *plugin, const char *path,
                         struct error *error)
{
    if (plugin->abi_version != PLUGIN_ABI_VERSION)
        return error_set(error, "plugin %s: expected ABI version %d, found %" PRIu32,
                         path, PLUGIN_ABI_VERSION, plugin->abi_version);
    if (plugin->struct_size < sizeof *plugin)
        return error_set(
            error, "plugin %s: expected a struct of at least %zu bytes, found %" PRIu32,
            path, sizeof *plugin, plugin->struct_size);
    const char *missing = !plugin->name      ? "name"
                          : !plugin->version ? "version"
                          : !plugin->create  ? "create"
                          : !plugin->destroy ? "destroy"
                                             : NULL;
    if (missing)
        return error_set(error, "plugin %s: expected a %s, found NULL", path, missing);
    return true;
}

/* The text may lack its NUL, so no more of it is read than fits. */
static void copy_text(char to[PLUGIN_TEXT_SIZE], const char *text)
{
    snprintf(to, PLUGIN_TEXT_SIZE, "%.*s", PLUGIN_TEXT_SIZE - 1, text);
    printable(to);
}

/* Passes on what dlopen() says, with the path that was given for the one it was given. */
static bool describe_dlopen(const struct plugin_handle *handle, struct error *error)
{
    const char *reason = dlerror();
    const char *opened = strstr(reason, handle->opened);
    if (!opened)
        return error_set(error, "plugin %s: cannot be loaded: %s", handle->path, reason);
    return error_set(error, "plugin %s: cannot be loaded: %.*s%s%s", handle->path,
                     (int)(opened - reason), reason, handle->path,
                     opened + strlen(handle->opened));
}

bool plugin_load(struct plugin_handle *handle, const char *path, const char *symbol,
                 struct error *error)
{
    handle->fd = plugin_file_open(path, error);
    if (handle->fd == -1)
        return false;

    /* The file that was checked, whatever is at `path` by now. */
    snprintf(handle->path, sizeof handle->path, "%s", path);
    snprintf(handle->opened, sizeof handle->opened, "/proc/%d/fd/%d", (int)getpid(),
             handle->fd);
    handle->library = dlopen(handle->opened, RTLD_NOW | RTLD_LOCAL);
    if (!handle->library) {
        close(handle->fd);
        return describe_dlopen(handle, error);
    }
    handle->plugin = dlsym(handle->library, symbol);
    if (!handle->plugin) {
        bool other_kind = dlsym(handle->library, PROCESSOR_PLUGIN_SYMBOL) ||
                          dlsym(handle->library, TRANSFORMER_PLUGIN_SYMBOL);
        error_set(error, "plugin %s: expected the symbol %s, found %s", path, symbol,
                  other_kind ? "a plugin of another kind" : "none");
    } else if (check_plugin(handle->plugin, path, error)) {
        copy_text(handle->name, handle->plugin->name);
        copy_text(handle->version, handle->plugin->version);
        return true;
    }
    plugin_unload(handle);
    return false;
}

struct processor *plugin_create_processor(const struct plugin_handle *handle,
                                          struct error *error)
{
    struct processor *processor = handle->plugin->create();
    if (!processor) {
        error_set(error, "plugin %s: expected a processor, found NULL", handle->path);
        return NULL;
    }
    const struct processor_ops *ops = processor->ops;
    if (!ops || !ops->process || !ops->validate) {
        error_set(error, "plugin %s: expected all operations, found NULL", handle->path);
        handle->plugin->destroy(processor);
        return NULL;
    }
    return processor;
}

struct transformer *plugin_create_transformer(const struct plugin_handle *handle,
                                              struct error *error)
{
    struct transformer *transformer = handle->plugin->create();
    if (!transformer) {
        error_set(error, "plugin %s: expected a transformer, found NULL", handle->path);
        return NULL;
    }
    const struct transformer_ops *ops = transformer->ops;
    if (!ops || !ops->transform || !ops->analyze) {
        error_set(error, "plugin %s: expected all operations, found NULL", handle->path);
        handle->plugin->destroy(transformer);
        return NULL;
    }
    return transformer;
}

/*
 * dlopen() knows what is loaded by its path. A plugin that stays (-z nodelete) keeps its
 * descriptor, or the next plugin would get the same path and be taken for this one.
 */
void plugin_unload(struct plugin_handle *handle)
{
    dlclose(handle->library);
    void *still_loaded = dlopen(handle->opened, RTLD_NOW | RTLD_NOLOAD);
    if (still_loaded)
        dlclose(still_loaded);
    else
        close(handle->fd);
}
