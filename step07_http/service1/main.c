/*
 * Service 1 of step 07: an HTTP server that doubles values, POST /process. The app finds
 * it by its URL; its log goes to standard error.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "http_service.h"
#include "processing.h"

static enum message_status handle(const char *json, size_t length,
                                  struct message_json *reply)
{
    struct process_request request;
    struct error error;

    enum message_status status =
        message_parse(PROCESS_REQUEST, json, length, &request, &error);
    if (status != MESSAGE_OK) {
        fprintf(stderr, "\t[Service1] Bad request: %s\n", error.text);
        message_format_error(error.text, reply);
        return status;
    }
    fprintf(stderr,
            "\t[Service1] Processing request: %s\n"
            "\t[Service1] Input value: %" PRId32 "\n",
            request.request_id, request.value);
    struct process_reply result = process_value(&request);
    message_format(PROCESS_REPLY, &result, reply);
    return result.processed ? MESSAGE_OK : MESSAGE_REFUSED;
}

int main(void)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    const struct service service = {
        .name = "service1",
        .log_name = "Service1",
        .version = SERVICE_VERSION,
        .handle = handle,
    };

    return http_service_run(&service, "Processing Service", "/process", 3001);
}
