/*
 * For the messages of steps 06, 07 and 08: the same checks for each kind that a step has.
 * Any input may be any kind of message, so each is tried.
 */
#include "messages.h"

#include <string.h>

#include "fuzz.h"
#include "json_checks.h"

/* What the fields of every kind fit into. */
union message {
    struct process_request process_request;
    struct process_reply process_reply;
    struct transform_request transform_request;
    struct transform_reply transform_reply;
    struct error_reply error_reply;
#ifdef FUZZ_VERSION
    struct version_reply version_reply;
#endif
};

static const enum message_kind kinds[] = {
    PROCESS_REQUEST,  PROCESS_REPLY, TRANSFORM_REQUEST, TRANSFORM_REPLY, ERROR_REPLY,
#ifdef FUZZ_VERSION
    VERSION_REQUEST,  VERSION_REPLY,
#endif
#ifdef FUZZ_SHUTDOWN
    SHUTDOWN_REQUEST,
#endif
};

/* What is wrong with a request goes back in a reply, and arrives as it is. */
static void error_round_trip(const char *error)
{
    struct message_json json;
    struct process_reply reply;
    struct error again;

    message_format_error(error, &json);
    REQUIRE(json.length > 0 && json.length <= sizeof json.text);
    REQUIRE(message_parse_reply(PROCESS_REPLY, json.text, json.length, &reply, &again) ==
            MESSAGE_REFUSED);
    REQUIRE(strcmp(again.text, error) == 0);
}

/* What can be read is written so that it reads as the same. */
static void round_trip(enum message_kind kind, const char *source, size_t length)
{
    union message message;
    union message again;
    struct message_json json;
    struct message_json json_again;
    struct error error = {""};

    enum message_status status = message_parse(kind, source, length, &message, &error);
    if (status != MESSAGE_OK) {
        REQUIRE(status == MESSAGE_NOT_JSON || status == MESSAGE_WRONG_SHAPE);
        check_error(error.text, ERROR_LENGTH_MAX + 1);
        error_round_trip(error.text);
        return;
    }
    if (kind == ERROR_REPLY && message.error_reply.error[0] == '\0')
        return; /* all that says nothing of an error */
    message_format(kind, &message, &json);
    check_formatted(json.text, json.length, sizeof json.text, source, length);
    REQUIRE(message_parse(kind, json.text, json.length, &again, &error) == MESSAGE_OK);
    message_format(kind, &again, &json_again);
    REQUIRE(json_again.length == json.length);
    REQUIRE(memcmp(json_again.text, json.text, json.length) == 0);
}

/* As a reply it is the same, unless it is an error. */
static void check_reply(enum message_kind kind, const char *source, size_t length)
{
    union message message;
    union message reply;
    struct error error = {""};
    struct error reply_error = {""};

    memset(&message, 0, sizeof message); /* so that they can be compared, padding too */
    memset(&reply, 0, sizeof reply);
    enum message_status status = message_parse(kind, source, length, &message, &error);
    enum message_status reply_status =
        message_parse_reply(kind, source, length, &reply, &reply_error);
    if (reply_status == MESSAGE_REFUSED) {
        REQUIRE(status == MESSAGE_WRONG_SHAPE);
        check_error(reply_error.text, ERROR_LENGTH_MAX + 1);
        error_round_trip(reply_error.text);
        return;
    }
    REQUIRE(reply_status == status && strcmp(reply_error.text, error.text) == 0);
    REQUIRE(status != MESSAGE_OK || memcmp(&message, &reply, sizeof message) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        round_trip(kinds[i], source, size);
        check_reply(kinds[i], source, size);
    }
    return 0;
}
