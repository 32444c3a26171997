/*
 * What holds for the messages of every step, checked with nothing of the steps' own.
 */
#ifndef JSON_CHECKS_H
#define JSON_CHECKS_H

#include <stddef.h>

/* The longest text of an error, in bytes; a longer one is cut off. */
#define ERROR_LENGTH_MAX 255

/* Requires of the buffer `text` of `size` bytes that it tells something in one line. */
void check_error(const char *text, size_t size);

/*
 * Requires that `json`, formatted from what was parsed from `source`, says nothing that
 * is not in `source`, fits into its `size` bytes and has no control characters, and that
 * `source` was JSON without duplicates. Errors may be cut off, and have "?" for control
 * characters.
 */
void check_formatted(const char *json, size_t length, size_t size, const char *source,
                     size_t source_length);

#endif
