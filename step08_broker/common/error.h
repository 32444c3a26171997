/*
 * How a function says why it has failed: it fills in the caller's error and returns
 * false. Only main() and its like print one, as the line "Error: ...".
 */
#ifndef ERROR_H
#define ERROR_H

#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "printable.h"

struct error {
    char text[2 * PATH_MAX + 256]; /* one line without a newline; two paths fit */
};

/*
 * Formats `error` like printf(), cut off at its size and made printable(). Always false,
 * to be returned.
 */
__attribute__((format(printf, 2, 3))) static inline bool
error_set(struct error *error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    printable(error->text);
    return false;
}

#endif
