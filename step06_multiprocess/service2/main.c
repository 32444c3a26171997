/*
 * Service 2 of step 06: a process of its own that formats values. The app starts it and
 * talks to it over its standard input and output; what it traces goes to standard error.
 */
#include <inttypes.h>
#include <stdio.h>

#include "pipe_service.h"
#include "transformation.h"

static bool handle(const struct message *request, struct message *reply)
{
    if (request->kind != MESSAGE_TRANSFORM)
        return false;
    fprintf(stderr, "\t[Service2] Input value: %" PRId32 "\n", request->transform.value);
    reply->kind = MESSAGE_TRANSFORM_RESULT;
    reply->transform_result = transform_value(&request->transform);
    return true;
}

int main(void)
{
    const struct service service = {
        .trace_name = "Service2",
        .name = "service2",
        .version = SERVICE_VERSION,
        .handle = handle,
    };

    fprintf(stderr, "\t[Service2] Transformation Service\n");
    fprintf(stderr, "\t[Service2] Listening on STDIN for JSON messages...\n");
    fprintf(stderr, "\t[Service2] Initialized - Ready to transform requests\n");
    return pipe_service_run(&service);
}
