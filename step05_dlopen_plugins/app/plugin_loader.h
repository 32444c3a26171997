/*
 * Loads plugins (interfaces/plugin.h) and refuses what it cannot trust. main() takes one
 * plugin at a time through its life: load, create, use, destroy, unload.
 *
 * A function that fails writes one line without a newline into `error`: the path, what
 * was expected and what was found.
 */
#ifndef PLUGIN_LOADER_H
#define PLUGIN_LOADER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "plugin.h"
#include "processor.h"
#include "transformer.h"

/* Room for two paths, ours and the one in the system's own message. */
#define PLUGIN_ERROR_SIZE (2 * PATH_MAX + 256)

/* A loaded plugin. */
struct plugin_handle {
    const char *path;            /* as it was given */
    void *library;               /* from dlopen() */
    const struct plugin *plugin; /* the struct that it exports */
};

/*
 * Loads the plugin at `path`, absolute or relative but with a slash, which exports
 * `symbol`. Nothing of it is called, but dlopen() runs its constructors. `path` must
 * stay. On success plugin_unload() must follow.
 */
bool plugin_load(struct plugin_handle *handle, const char *path, const char *symbol,
                 char *error, size_t error_size);

/* Each makes an instance, to be given back to handle->plugin->destroy(); or NULL. */
struct processor *plugin_create_processor(const struct plugin_handle *handle, char *error,
                                          size_t error_size);
struct transformer *plugin_create_transformer(const struct plugin_handle *handle,
                                              char *error, size_t error_size);

/* After this the plugin's functions, strings and instances are gone. */
void plugin_unload(struct plugin_handle *handle);

#endif
