/*
 * Loads plugins (interfaces/plugin.h) and refuses what it cannot trust. The pipeline
 * takes one plugin at a time through its life: load, create, use, destroy, unload.
 *
 * An error names the path, what was expected and what was found.
 */
#ifndef PLUGIN_LOADER_H
#define PLUGIN_LOADER_H

#include <limits.h>
#include <stdbool.h>

#include "error.h"
#include "plugin.h"
#include "processor.h"
#include "transformer.h"

/* Room for the name or the version of a plugin, cut off to fit, and the final NUL. */
#define PLUGIN_TEXT_SIZE 64

/* A loaded plugin. */
struct plugin_handle {
    char path[PATH_MAX];         /* as it was given */
    int fd;                      /* the open file */
    char opened[32];             /* the path of what is open */
    void *library;               /* from dlopen() */
    const struct plugin *plugin; /* the struct that it exports */
    char name[PLUGIN_TEXT_SIZE]; /* printable */
    char version[PLUGIN_TEXT_SIZE];
};

/*
 * Loads the plugin at `path`, absolute or relative but with a slash, which exports
 * `symbol`. Calls none of its functions, but dlopen() runs its constructors. On success
 * plugin_unload() must follow.
 */
bool plugin_load(struct plugin_handle *handle, const char *path, const char *symbol,
                 struct error *error);

/* Create an instance, to be passed to handle->plugin->destroy(). NULL on failure. */
struct processor *plugin_create_processor(const struct plugin_handle *handle,
                                          struct error *error);
struct transformer *plugin_create_transformer(const struct plugin_handle *handle,
                                              struct error *error);

/* After this the plugin's functions, strings and instances are gone. */
void plugin_unload(struct plugin_handle *handle);

#endif
