/*
 * Component 1 doubles values and judges the result. The app calls it first and passes the
 * result on to component 2.
 */
#ifndef COMPONENT1_H
#define COMPONENT1_H

#include "processor.h"

struct component1 {
    struct processor base; /* the interface, first */
    const char *name;      /* shown in its log lines */
};

void component1_init(struct component1 *self);

/* The version of the library, such as "0.1.0". */
const char *component1_version(void);

#endif
