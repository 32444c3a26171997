#include "processing.h"

#include <inttypes.h>
#include <stdio.h>

/* Checked before multiplying, because signed overflow is undefined behaviour. */
static bool double_fits(int32_t value)
{
    return value >= INT32_MIN / 2 && value <= INT32_MAX / 2;
}

struct process_reply process_value(const struct process_request *request)
{
    struct process_reply reply = {.value = request->value};

    if (!double_fits(request->value)) {
        snprintf(reply.error, sizeof reply.error,
                 "overflow: %" PRId32 " * 2 exceeds int32_t range", request->value);
        return reply;
    }
    reply.value = request->value * 2;
    reply.processed = true;
    return reply;
}
