/*
 * A deadline is a point in time that a whole exchange must keep, however many waits it
 * takes. Whoever waits asks here how long it still may.
 */
#ifndef DEADLINE_H
#define DEADLINE_H

#include <stdint.h>

/* For callers that may wait forever. */
#define DEADLINE_NONE INT64_MAX

/* The deadline that is `milliseconds` from now, on the monotonic clock. */
int64_t deadline_in(int milliseconds);

/*
 * What is left until `deadline`, as a timeout for poll(): milliseconds, 0 when it has
 * passed, -1 for DEADLINE_NONE.
 */
int deadline_left(int64_t deadline);

#endif
