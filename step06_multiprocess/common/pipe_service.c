#include "pipe_service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "line_channel.h"

static void answer_error(struct message *reply, const char *text)
{
    reply->kind = MESSAGE_ERROR;
    snprintf(reply->error.message, sizeof reply->error.message, "%s", text);
}

/* Fills `reply`; false when the request is to shut down, which has no reply. */
static bool answer(const struct service *service, const char *line, size_t length,
                   struct message *reply)
{
    struct message request;
    char error[MESSAGE_ERROR_SIZE];

    if (!message_parse(line, length, &request, error)) {
        answer_error(reply, error);
    } else if (request.kind == MESSAGE_SHUTDOWN) {
        return false;
    } else if (request.kind == MESSAGE_GET_VERSION) {
        reply->kind = MESSAGE_VERSION_RESULT;
        snprintf(reply->version_result.service_name,
                 sizeof reply->version_result.service_name, "%s", service->name);
        snprintf(reply->version_result.version, sizeof reply->version_result.version,
                 "%s", service->version);
    } else if (!service->handle(&request, reply)) {
        answer_error(reply, "not a request for this service");
    }
    return true;
}

int pipe_service_run(const struct service *service)
{
    static struct line_channel channel; /* too large for some stacks */
    enum line_status status;

    line_channel_init(&channel, STDIN_FILENO, STDOUT_FILENO);
    for (;;) {
        const char *line = NULL;
        size_t length = 0;
        struct message reply;

        status = line_channel_read(&channel, DEADLINE_NONE, &line, &length);
        if (status == LINE_TOO_LONG) {
            answer_error(&reply, "line too long");
        } else if (status != LINE_OK) {
            break;
        } else if (!answer(service, line, length, &reply)) {
            fprintf(stderr, "\t[%s] Shutdown signal received\n", service->trace_name);
            status = LINE_END;
            break;
        }
        if (reply.kind == MESSAGE_ERROR)
            fprintf(stderr, "\t[%s] Bad request: %s\n", service->trace_name,
                    reply.error.message);

        char json[MESSAGE_JSON_SIZE];
        size_t json_length = message_format(&reply, json);
        status = line_channel_write(&channel, DEADLINE_NONE, json, json_length);
        if (status != LINE_OK)
            break;
    }
    if (status != LINE_END) {
        fprintf(stderr, "Error: %s: standard input or output: %s\n", service->name,
                strerror(errno));
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Shutting down\n", service->trace_name);
    return EXIT_SUCCESS;
}
