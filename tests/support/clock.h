/*
 * Time for tests: how long something took, and that it took no longer than it may.
 */
#ifndef SUPPORT_CLOCK_H
#define SUPPORT_CLOCK_H

/* Milliseconds on the monotonic clock. */
long long clock_ms(void);

/*
 * The test fails if more than `limit` milliseconds have passed since `start`; not under a
 * checker like valgrind, which takes its own time.
 */
void clock_assert_since(long long start, long long limit);

#endif
