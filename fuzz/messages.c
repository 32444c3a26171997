/* For step 07 and, with two kinds of message more, for step 08. */
#include "messages.h"

#include <string.h>

#include "fuzz.h"
#include "json_checks.h"

/* What is wrong with a request goes back in a reply, and arrives as it is. */
static void error_round_trip(const char error[MESSAGE_ERROR_SIZE])
{
    struct message_json json;
    struct process_reply reply;
    char again[MESSAGE_ERROR_SIZE];

    error_reply_format(error, &json);
    REQUIRE(json.length > 0 && json.length <= sizeof json.text);
    REQUIRE(process_reply_parse(json.text, json.length, &reply, again) ==
            MESSAGE_WRONG_SHAPE);
    REQUIRE(strcmp(again, error) == 0);
}

/*
 * Defines round_trip_KIND() for the functions KIND_parse() and KIND_format(). The structs
 * are zeroed, so that they can be compared with their padding.
 */
#define ROUND_TRIP(kind)                                                                 \
    static void round_trip_##kind(const char *source, size_t length)                     \
    {                                                                                    \
        struct kind message;                                                             \
        struct kind again;                                                               \
        struct message_json json;                                                        \
        char error[MESSAGE_ERROR_SIZE];                                                  \
                                                                                         \
        memset(error, '?', sizeof error);                                                \
        memset(&message, 0, sizeof message);                                             \
        memset(&again, 0, sizeof again);                                                 \
        enum message_status status = kind##_parse(source, length, &message, error);      \
        if (status != MESSAGE_OK) {                                                      \
            REQUIRE(status == MESSAGE_NOT_JSON || status == MESSAGE_WRONG_SHAPE);        \
            check_error(error, sizeof error);                                            \
            error_round_trip(error);                                                     \
            return;                                                                      \
        }                                                                                \
        kind##_format(&message, &json);                                                  \
        check_formatted(json.text, json.length, sizeof json.text, source, length);       \
        REQUIRE(kind##_parse(json.text, json.length, &again, error) == MESSAGE_OK);      \
        REQUIRE(memcmp(&message, &again, sizeof message) == 0);                          \
    }

ROUND_TRIP(process_request)
ROUND_TRIP(process_reply)
ROUND_TRIP(transform_request)
ROUND_TRIP(transform_reply)
#ifdef SUBJECT_VERSION1
ROUND_TRIP(version_request)
ROUND_TRIP(version_reply)
#endif

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;

    round_trip_process_request(source, size);
    round_trip_process_reply(source, size);
    round_trip_transform_request(source, size);
    round_trip_transform_reply(source, size);
#ifdef SUBJECT_VERSION1
    round_trip_version_request(source, size);
    round_trip_version_reply(source, size);
#endif
    return 0;
}
