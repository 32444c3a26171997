/*
 * Component 2 formats values and describes the result. The app calls it with the result
 * of component 1.
 */
#ifndef COMPONENT2_H
#define COMPONENT2_H

#include "transformer.h"

struct component2 {
    struct transformer base; /* the interface, first */
    const char *name;        /* shown in its log lines */
};

void component2_init(struct component2 *self);

/* The version of the library, such as "0.2.0". */
const char *component2_version(void);

#endif
