/*
 * Reads the numbers that programs get from their command line and environment.
 */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* Reads a whole decimal number; false if `text` is anything else or too large. */
bool parse_value(const char *text, int32_t *value);

#endif
