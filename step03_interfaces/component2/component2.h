/*
 * Component 2 is a transformer: it formats values and describes the result. The app calls
 * it with what component 1 made.
 */
#ifndef COMPONENT2_H
#define COMPONENT2_H

#include "transformer.h"

/* Formats values and describes the result. */
struct component2 {
    struct transformer base; /* the interface, first */
    const char *name;        /* what it traces under on standard output */
};

void component2_init(struct component2 *self);

/* The version of the library, as "0.2.0". */
const char *component2_version(void);

#endif
