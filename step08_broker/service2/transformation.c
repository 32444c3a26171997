#include "transformation.h"

#include <inttypes.h>
#include <stdio.h>

struct transform_reply transform_value(const struct transform_request *request)
{
    struct transform_reply reply = {.original = request->value};

    snprintf(reply.request_id, sizeof reply.request_id, "%s", request->request_id);
    snprintf(reply.transformed, sizeof reply.transformed, "Value-%04" PRId32,
             request->value);
    return reply;
}
