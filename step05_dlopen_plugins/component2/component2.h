/*
 * Component 2 formats values and describes the result. The app calls it with the result
 * of component 1.
 */
#ifndef COMPONENT2_H
#define COMPONENT2_H

#include "component2_export.h"
#include "plugin.h"
#include "transformer.h"

struct component2 {
    struct transformer base; /* the interface, first */
    const char *name;        /* shown in its log lines */
};

void component2_init(struct component2 *self);

/* All that the app sees of this plugin. */
extern COMPONENT2_EXPORT const struct plugin transformer_plugin;

#endif
