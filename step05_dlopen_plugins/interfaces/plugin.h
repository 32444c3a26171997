/*
 * What a plugin and the app agree on, though they may be built years apart. A plugin is a
 * shared object that exports one symbol, a struct plugin; app/plugin_loader.c reads it.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <stdint.h>

/* Grows when a member changes its meaning; the app refuses every version but its own. */
#define PLUGIN_ABI_VERSION 1

/* The name of the exported struct tells what create() makes: a struct processor ... */
#define PROCESSOR_PLUGIN_SYMBOL "processor_plugin"
/* ... or a struct transformer. */
#define TRANSFORMER_PLUGIN_SYMBOL "transformer_plugin"

/*
 * The first two members are read before anything else is trusted and never change. New
 * members are added at the end, where an older app does not look.
 */
struct plugin {
    uint32_t abi_version; /* PLUGIN_ABI_VERSION */
    uint32_t struct_size; /* sizeof(struct plugin) when the plugin was compiled */
    const char *name;     /* "Component1" */
    const char *version;  /* "0.1.0" */

    /* Makes an instance, which lives until it is given to destroy(); NULL on failure. */
    void *(*create)(void);

    /* Takes an instance back. The app never frees what a plugin has allocated. */
    void (*destroy)(void *instance);
};

#endif
