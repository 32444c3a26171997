/*
 * Service 2 of step 07: an HTTP server that formats values, POST /transform. The app
 * finds it by its URL; what it traces goes to standard error.
 */
#include <inttypes.h>
#include <stdio.h>

#include "http_service.h"
#include "transformation.h"

static enum message_status handle(const char *json, size_t length,
                                  struct message_json *reply)
{
    struct transform_request request;
    char error[MESSAGE_ERROR_SIZE];

    enum message_status status = transform_request_parse(json, length, &request, error);
    if (status != MESSAGE_OK) {
        error_reply_format(error, reply);
        return status;
    }
    fprintf(stderr,
            "\t[Service2] Transforming request: %s\n"
            "\t[Service2] Input value: %" PRId32 "\n",
            request.request_id, request.value);
    struct transform_reply result = transform_value(&request);
    transform_reply_format(&result, reply);
    return MESSAGE_OK;
}

int main(void)
{
    const struct service service = {
        .name = "Service2",
        .handle = handle,
    };

    fprintf(stderr, "\t[Service2] Transformation Service\n");
    return http_service_run(&service, "/transform", 3002);
}
