/*
 * Component 1 doubles values and judges the result. The app calls it first and passes the
 * result on to component 2.
 */
#ifndef COMPONENT1_H
#define COMPONENT1_H

#include "component1_export.h"
#include "plugin.h"
#include "processor.h"

struct component1 {
    struct processor base; /* the interface, first */
    const char *name;      /* shown in its log lines */
};

void component1_init(struct component1 *self);

/* All that the app sees of this plugin. */
extern COMPONENT1_EXPORT const struct plugin processor_plugin;

#endif
