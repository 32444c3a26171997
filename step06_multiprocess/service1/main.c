/*
 * Service 1 of step 06: a process of its own that doubles values. The app starts it and
 * talks to it over its standard input and output; what it traces goes to standard error.
 */
#include <inttypes.h>
#include <stdio.h>

#include "pipe_service.h"
#include "processing.h"

static bool handle(const struct message *request, struct message *reply)
{
    if (request->kind != MESSAGE_PROCESS)
        return false;
    fprintf(stderr, "\t[Service1] Input value: %" PRId32 "\n", request->process.value);
    reply->kind = MESSAGE_PROCESS_RESULT;
    reply->process_result = process_value(&request->process);
    return true;
}

int main(void)
{
    const struct service service = {
        .trace_name = "Service1",
        .name = "service1",
        .version = SERVICE_VERSION,
        .handle = handle,
    };

    fprintf(stderr, "\t[Service1] Processing Service\n");
    fprintf(stderr, "\t[Service1] Listening on STDIN for JSON messages...\n");
    fprintf(stderr, "\t[Service1] Initialized - Ready to process requests\n");
    return pipe_service_run(&service);
}
