#include "deadline.h"

#include <limits.h>
#include <time.h>

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

int64_t deadline_in(int milliseconds)
{
    return now() + milliseconds;
}

int deadline_left(int64_t deadline)
{
    if (deadline == DEADLINE_NONE)
        return -1;
    int64_t left = deadline - now();
    if (left <= 0)
        return 0;
    return left < INT_MAX ? (int)left : INT_MAX;
}
