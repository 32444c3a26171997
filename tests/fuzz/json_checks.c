#include "json_checks.h"

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

#include "fuzz.h"

/* How many bytes of the control character at `text` there are; 0: it is none. */
static size_t control_size(const char *text, size_t size)
{
    unsigned char first = (unsigned char)text[0];
    unsigned char second = size > 1 ? (unsigned char)text[1] : 0;

    if (first < 0x20 || first == 0x7f)
        return 1;
    return first == 0xc2 && second >= 0x80 && second < 0xa0 ? 2 : 0;
}

void check_error(const char *text, size_t size)
{
    const char *end = memchr(text, '\0', size);
    REQUIRE(end && end > text);
    for (; text < end; text++)
        REQUIRE(control_size(text, (size_t)(end - text)) == 0);
}

/* Whether `shown` is the error `text` with "?" for control characters, or its start. */
static bool shows(const char *text, const char *shown)
{
    const char *start = shown;

    for (; *shown; shown++) {
        size_t control = control_size(text, strlen(text));
        if (*text == '\0' || *shown != (control > 0 ? '?' : *text))
            return false;
        text += control > 0 ? control : 1;
    }
    /* Cut off where it has to be, give or take the bytes of a character. */
    return *text == '\0' || shown - start > ERROR_LENGTH_MAX - 4;
}

/* Whether every field of `part` is in `whole`, with the same value. */
static bool contains(const json_t *whole, json_t *part)
{
    const char *key = NULL;
    json_t *value = NULL;

    if (!json_is_object(part) || !json_is_object(whole))
        return json_equal(whole, part);
    json_object_foreach(part, key, value)
    {
        const json_t *source = json_object_get(whole, key);
        bool is_error = strcmp(key, "error") == 0 || strcmp(key, "message") == 0;
        if (is_error && json_is_string(source) && json_is_string(value)) {
            if (!shows(json_string_value(source), json_string_value(value)))
                return false;
        } else if (!contains(source, value)) {
            return false;
        }
    }
    return true;
}

void check_formatted(const char *json, size_t length, size_t size, const char *source,
                     size_t source_length)
{
    REQUIRE(length > 0 && length <= size);
    for (size_t i = 0; i < length; i++) {
        REQUIRE(control_size(json + i, length - i) == 0);
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
