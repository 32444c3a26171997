/*
 * Service 1 of step 07: an HTTP server that doubles values, POST /process. The app finds
 * it by its URL; what it traces goes to standard error.
 */
#include <inttypes.h>
#include <stdio.h>

#include "http_service.h"
#include "processing.h"

static enum message_status handle(const char *json, size_t length,
                                  struct message_json *reply)
{
    struct process_request request;
    char error[MESSAGE_ERROR_SIZE];

    enum message_status status = process_request_parse(json, length, &request, error);
    if (status != MESSAGE_OK) {
        error_reply_format(error, reply);
        return status;
    }
    fprintf(stderr,
            "\t[Service1] Processing request: %s\n"
            "\t[Service1] Input value: %" PRId32 "\n",
            request.request_id, request.value);
    struct process_reply result = process_value(&request);
    process_reply_format(&result, reply);
    return result.processed ? MESSAGE_OK : MESSAGE_REFUSED;
}

int main(void)
{
    const struct service service = {
        .name = "Service1",
        .handle = handle,
    };

    fprintf(stderr, "\t[Service1] Processing Service\n");
    return http_service_run(&service, "/process", 3001);
}
