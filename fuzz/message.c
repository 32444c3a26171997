#include <string.h>

#include "fuzz.h"
#include "json_checks.h"
#include "message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *source = (const char *)data;
    struct message message;
    struct message again;
    char json[MESSAGE_JSON_SIZE];
    char error[MESSAGE_ERROR_SIZE];

    memset(error, '?', sizeof error);
    /* Zeroed, they can be compared with their padding. */
    memset(&message, 0, sizeof message);
    memset(&again, 0, sizeof again);
    if (!message_parse(source, size, &message, error)) {
        check_error(error, sizeof error);
        return 0;
    }
    size_t length = message_format(&message, json);
    check_formatted(json, length, sizeof json, source, size);
    REQUIRE(message_parse(json, length, &again, error));
    REQUIRE(memcmp(&message, &again, sizeof message) == 0);
    return 0;
}
