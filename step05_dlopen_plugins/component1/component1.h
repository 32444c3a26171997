/*
 * Component 1 is a processor: it doubles values and judges the result. The app calls it
 * first and hands what it makes to component 2.
 */
#ifndef COMPONENT1_H
#define COMPONENT1_H

#include "component1_export.h"
#include "plugin.h"
#include "processor.h"

/* Doubles values and judges the result. */
struct component1 {
    struct processor base; /* the interface, first */
    const char *name;      /* what it traces under on standard output */
};

void component1_init(struct component1 *self);

/* All that the app sees of this plugin. */
extern COMPONENT1_EXPORT const struct plugin processor_plugin;

#endif
