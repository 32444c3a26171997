#include "value.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

bool parse_value(const char *text, int32_t *value)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (isspace((unsigned char)*text) || end == text || *end != '\0' || errno == ERANGE ||
        number < INT32_MIN || number > INT32_MAX)
        return false;
    *value = (int32_t)number;
    return true;
}
