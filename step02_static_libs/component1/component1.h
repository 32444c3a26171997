/*
 * Component 1 doubles values and judges the result. The app calls it first and passes the
 * result on to component 2.
 */
#ifndef COMPONENT1_H
#define COMPONENT1_H

#include <stdbool.h>
#include <stdint.h>

/* The result of component1_process(). */
struct component1_data {
    int32_t value;  /* the double of the input, or the input if that does not fit */
    bool processed; /* whether it was doubled */
};

struct component1 {
    const char *name; /* shown in its log lines */
};

void component1_init(struct component1 *self);

/* Doubles `input`; `processed` is false when the double does not fit into int32_t. */
struct component1_data component1_process(const struct component1 *self, int32_t input);

/* Whether `data` was processed and is positive. */
bool component1_validate(const struct component1 *self,
                         const struct component1_data *data);

/* The version of the library, such as "0.1.0". */
const char *component1_version(void);

#endif
