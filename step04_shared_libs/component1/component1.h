/*
 * Component 1 is a processor: it doubles values and judges the result. The app calls it
 * first and hands what it makes to component 2.
 */
#ifndef COMPONENT1_H
#define COMPONENT1_H

#include "component1_export.h"
#include "processor.h"

/* Doubles values and judges the result. */
struct component1 {
    struct processor base; /* the interface, first */
    const char *name;      /* what it traces under on standard output */
};

COMPONENT1_EXPORT void component1_init(struct component1 *self);

/* The version of the library, as "0.1.0". */
COMPONENT1_EXPORT const char *component1_version(void);

#endif
