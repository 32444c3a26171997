/*
 * Tests from tables: one function, one test for each row. Include cmocka.h first.
 */
#ifndef SUPPORT_TABLE_H
#define SUPPORT_TABLE_H

#include <stddef.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The test `run` for one row of a table, which it finds in *state. */
static inline struct CMUnitTest table_test(const char *name, CMUnitTestFunction run,
                                           const void *row)
{
    return (struct CMUnitTest){
        .name = name, .test_func = run, .initial_state = (void *)row};
}

#endif
