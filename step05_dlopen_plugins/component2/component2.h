/*
 * Component 2 is a transformer: it formats values and describes the result. The app calls
 * it with what component 1 made.
 */
#ifndef COMPONENT2_H
#define COMPONENT2_H

#include "component2_export.h"
#include "plugin.h"
#include "transformer.h"

/* Formats values and describes the result. */
struct component2 {
    struct transformer base; /* the interface, first */
    const char *name;        /* what it traces under on standard output */
};

void component2_init(struct component2 *self);

/* All that the app sees of this plugin. */
extern COMPONENT2_EXPORT const struct plugin transformer_plugin;

#endif
