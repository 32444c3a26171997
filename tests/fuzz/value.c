#include <string.h>

#include "cli.h"
#include "fuzz.h"

/* Another way to the same answer: a sign, digits, and a sum that stops growing. */
static bool expected_value(const char *text, int64_t *value)
{
    bool negative = *text == '-';

    *value = 0;
    if (*text == '-' || *text == '+')
        text++;
    if (!*text)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        if (*value <= -(int64_t)INT32_MIN)
            *value = *value * 10 + (*text - '0');
    }
    if (negative)
        *value = -*value;
    return *value >= INT32_MIN && *value <= INT32_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    int64_t expected = 0;
    int32_t value = 0;

    REQUIRE(text);
    memcpy(text, data, size);
    text[size] = '\0';
    bool valid = cli_parse_value(text, &value);
    REQUIRE(valid == expected_value(text, &expected));
    REQUIRE(!valid || value == expected);
    free(text);
    return 0;
}
