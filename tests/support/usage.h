/*
 * What a process uses at this moment, to see whether it grows.
 */
#ifndef SUPPORT_USAGE_H
#define SUPPORT_USAGE_H

#include <stdbool.h>
#include <sys/types.h>

struct usage {
    long memory_kib; /* resident */
    long descriptors;
};

/* Asks /proc; stops the test program if there is no such process. */
struct usage usage_of(pid_t pid);

/*
 * Whether memory or descriptors have grown by more than 10 %; only descriptors under a
 * sanitizer, which keeps freed memory on purpose.
 */
bool usage_has_grown(const struct usage *before, const struct usage *after);

#endif
