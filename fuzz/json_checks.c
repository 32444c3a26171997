#include "json_checks.h"

#include <ctype.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

void check_error(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    REQUIRE(end && end > text);
    for (; text < end; text++)
        REQUIRE(!iscntrl((unsigned char)*text));
}

/* Whether every field of `part` is in `whole`, with the same value. */
static bool contains(const json_t *whole, json_t *part)
{
    const char *key = NULL;
    json_t *value = NULL;

    if (!json_is_object(part))
        return json_equal(whole, part);
    json_object_foreach(part, key, value)
    {
        if (!contains(json_object_get(whole, key), value))
            return false;
    }
    return true;
}

void check_formatted(const char *json, size_t length, size_t size, const char *source,
                     size_t source_length)
{
    REQUIRE(length > 0 && length <= size);
    for (size_t i = 0; i < length; i++) {
        REQUIRE(!iscntrl((unsigned char)json[i]));
        if (json[i] == '\\') {
            i++;
            REQUIRE(i < length && (json[i] == '"' || json[i] == '\\'));
        }
    }
    json_t *whole =
        json_loadb(source, source_length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    json_t *part = json_loadb(json, length, JSON_DECODE_ANY, NULL);
    REQUIRE(whole && part && contains(whole, part));
    json_decref(part);
    json_decref(whole);
}
