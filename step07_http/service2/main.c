/*
 * Service 2 of step 07: an HTTP server that formats values, POST /transform. The app
 * finds it by its URL; its log goes to standard error.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "http_service.h"
#include "transformation.h"

static enum message_status handle(const char *json, size_t length,
                                  struct message_json *reply)
{
    struct transform_request request;
    struct error error;

    enum message_status status =
        message_parse(TRANSFORM_REQUEST, json, length, &request, &error);
    if (status != MESSAGE_OK) {
        fprintf(stderr, "\t[Service2] Bad request: %s\n", error.text);
        message_format_error(error.text, reply);
        return status;
    }
    fprintf(stderr,
            "\t[Service2] Transforming request: %s\n"
            "\t[Service2] Input value: %" PRId32 "\n",
            request.request_id, request.value);
    struct transform_reply result = transform_value(&request);
    message_format(TRANSFORM_REPLY, &result, reply);
    return MESSAGE_OK;
}

int main(void)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    const struct service service = {
        .name = "service2",
        .log_name = "Service2",
        .version = SERVICE_VERSION,
        .handle = handle,
    };

    return http_service_run(&service, "Transformation Service", "/transform", 3002);
}
