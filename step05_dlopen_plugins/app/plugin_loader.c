#include "plugin_loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Whether the file reaches to the end of all that dlopen() will map. If it does not, a
 * copy was cut short, and using what is missing would crash the app.
 */
static bool is_whole(FILE *file, size_t size)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    if (fread(&header, sizeof header, 1, file) != 1 ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return true; /* no ELF file: dlopen() will say so */
    if (fseek(file, (long)header.e_phoff, SEEK_SET) == -1)
        return false;
    for (int i = 0; i < header.e_phnum; i++) {
        if (fread(&segment, sizeof segment, 1, file) != 1 || segment.p_filesz > size ||
            segment.p_offset > size - segment.p_filesz)
            return false;
    }
    return true;
}

/* To open a FIFO would block; what others can write, they can make this program run. */
static bool check_file(const char *resolved, const char *path, char *error,
                       size_t error_size)
{
    struct stat file;

    if (stat(resolved, &file) == -1) {
        snprintf(error, error_size, "plugin %s: %s", path, strerror(errno));
        return false;
    }
    if (!S_ISREG(file.st_mode)) {
        const char *found = S_ISDIR(file.st_mode)    ? "a directory"
                            : S_ISFIFO(file.st_mode) ? "a FIFO"
                                                     : "a special file";
        snprintf(error, error_size, "plugin %s: expected a regular file, found %s", path,
                 found);
        return false;
    }
    if (file.st_mode & (S_IWGRP | S_IWOTH)) {
        snprintf(
            error, error_size,
            "plugin %s: expected a file that only its owner can write, found mode %03o",
            path, (unsigned)file.st_mode & 0777U);
        return false;
    }
    FILE *content = fopen(resolved, "rb");
    if (!content) {
        snprintf(error, error_size, "plugin %s: %s", path, strerror(errno));
        return false;
    }
    bool whole = is_whole(content, (size_t)file.st_size);
    fclose(content);
    if (!whole)
        snprintf(error, error_size,
                 "plugin %s: expected a whole file, found a part of one", path);
    return whole;
}

/* In this order: version and size tell whether the other members are there to be read. */
static bool check_plugin(const struct plugin *plugin, const char *path, char *error,
                         size_t error_size)
{
    if (plugin->abi_version != PLUGIN_ABI_VERSION) {
        snprintf(error, error_size, "plugin %s: expected ABI version %d, found %" PRIu32,
                 path, PLUGIN_ABI_VERSION, plugin->abi_version);
        return false;
    }
    if (plugin->struct_size < sizeof *plugin) {
        snprintf(error, error_size,
                 "plugin %s: expected a struct of at least %zu bytes, found %" PRIu32,
                 path, sizeof *plugin, plugin->struct_size);
        return false;
    }
    const char *missing = !plugin->name      ? "name"
                          : !plugin->version ? "version"
                          : !plugin->create  ? "create"
                          : !plugin->destroy ? "destroy"
                                             : NULL;
    if (missing) {
        snprintf(error, error_size, "plugin %s: expected a %s, found NULL", path,
                 missing);
        return false;
    }
    return true;
}

bool plugin_load(struct plugin_handle *handle, const char *path, const char *symbol,
                 char *error, size_t error_size)
{
    /* dlopen() searches the system's directories for a name without a slash. */
    if (!strchr(path, '/')) {
        snprintf(error, error_size, "plugin %s: expected a path, found a bare name",
                 path);
        return false;
    }
    char resolved[PATH_MAX];
    if (!realpath(path, resolved)) {
        snprintf(error, error_size, "plugin %s: %s", path, strerror(errno));
        return false;
    }
    if (!check_file(resolved, path, error, error_size))
        return false;

    handle->path = path;
    handle->library = dlopen(resolved, RTLD_NOW | RTLD_LOCAL);
    if (!handle->library) {
        snprintf(error, error_size, "plugin %s: cannot be loaded: %s", path, dlerror());
        return false;
    }
    handle->plugin = dlsym(handle->library, symbol);
    if (!handle->plugin) {
        bool other_kind = dlsym(handle->library, PROCESSOR_PLUGIN_SYMBOL) ||
                          dlsym(handle->library, TRANSFORMER_PLUGIN_SYMBOL);
        snprintf(error, error_size, "plugin %s: expected the symbol %s, found %s", path,
                 symbol, other_kind ? "a plugin of another kind" : "none");
        goto unload;
    }
    if (!check_plugin(handle->plugin, path, error, error_size))
        goto unload;
    return true;

unload:
    plugin_unload(handle);
    return false;
}

struct processor *plugin_create_processor(const struct plugin_handle *handle, char *error,
                                          size_t error_size)
{
    struct processor *processor = handle->plugin->create();
    if (!processor) {
        snprintf(error, error_size, "plugin %s: expected a processor, found NULL",
                 handle->path);
        return NULL;
    }
    const struct processor_ops *ops = processor->ops;
    if (!ops || !ops->process || !ops->validate) {
        snprintf(error, error_size, "plugin %s: expected all operations, found NULL",
                 handle->path);
        handle->plugin->destroy(processor);
        return NULL;
    }
    return processor;
}

struct transformer *plugin_create_transformer(const struct plugin_handle *handle,
                                              char *error, size_t error_size)
{
    struct transformer *transformer = handle->plugin->create();
    if (!transformer) {
        snprintf(error, error_size, "plugin %s: expected a transformer, found NULL",
                 handle->path);
        return NULL;
    }
    const struct transformer_ops *ops = transformer->ops;
    if (!ops || !ops->transform || !ops->analyze) {
        snprintf(error, error_size, "plugin %s: expected all operations, found NULL",
                 handle->path);
        handle->plugin->destroy(transformer);
        return NULL;
    }
    return transformer;
}

void plugin_unload(struct plugin_handle *handle)
{
    dlclose(handle->library);
}
