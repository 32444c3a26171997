/*
 * The little that the tests do with text. Functions that return `char *` allocate it, and
 * the caller frees it.
 */
#ifndef SUPPORT_TEXT_H
#define SUPPORT_TEXT_H

#include <stddef.h>

struct replacement {
    const char *from;
    const char *to;
};

/* The whole file; stops the test program if it cannot be read. */
char *text_read_file(const char *path);

/* Ends `text` after the first place where it holds `last`, which it must. */
void text_cut_after(char *text, const char *last);

/* Reads `text` once from left to right and puts in the first replacement that fits. */
char *text_replace(const char *text, const struct replacement *replacements,
                   size_t count);

/* `text` with a " in the place of each ', so that JSON can be written without \". */
char *text_with_quotes(const char *text);

/* The test fails unless all of `text` matches `pattern`, which is as in the shell. */
void text_assert_matches(const char *text, const char *pattern);

/* The lines that begin with `prefix`, or the others. */
char *text_lines_with(const char *text, const char *prefix);
char *text_lines_without(const char *text, const char *prefix);

#endif
