/*
 * Text from outside, like an argument, must not act on the terminal that shows an error.
 */
#ifndef PRINTABLE_H
#define PRINTABLE_H

#include <stdbool.h>

/* Replaces each control character by "?"; in UTF-8, U+0080 to U+009F are two bytes. */
static inline char *printable(char *text)
{
    char *to = text;

    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool two_bytes = c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f;
        *to++ = two_bytes || *c < 0x20 || *c == 0x7f ? '?' : (char)*c;
        c += two_bytes;
    }
    *to = '\0';
    return text;
}

#endif
