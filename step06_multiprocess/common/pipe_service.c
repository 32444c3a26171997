#include "pipe_service.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "line_channel.h"
#include "standard_fds.h"

static void handle_version_request(const struct service *service,
                                   struct message_json *reply)
{
    struct version_reply version;

    snprintf(version.service_name, sizeof version.service_name, "%s", service->name);
    snprintf(version.version, sizeof version.version, "%s", service->version);
    message_format(VERSION_REPLY, &version, reply);
}

/* Whether the line is a request without fields, a JSON string: "Shutdown". */
static bool is_request(enum message_kind kind, const char *line, size_t length)
{
    struct error ignored;

    return !memchr(line, '{', length) &&
           message_parse(kind, line, length, NULL, &ignored) == MESSAGE_OK;
}

/* Handles one line; false when it asks to shut down, which has no reply. */
static bool handle_line(const struct service *service, const char *line, size_t length,
                        struct message_json *reply)
{
    if (is_request(SHUTDOWN_REQUEST, line, length))
        return false;
    if (is_request(VERSION_REQUEST, line, length))
        handle_version_request(service, reply);
    else
        service->handle(line, length, reply);
    return true;
}

static bool is_blank(const char *line, size_t length)
{
    size_t i = 0;

    while (i < length && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r'))
        i++;
    return i == length;
}

int pipe_service_run(const struct service *service)
{
    struct line_channel channel;
    struct message_json reply;
    enum line_status status;

    standard_fds_reserve();
    line_channel_init(&channel, STDIN_FILENO, STDOUT_FILENO);
    for (;;) {
        const char *line = NULL;
        size_t length = 0;

        status = line_channel_read(&channel, DEADLINE_NONE, &line, &length);
        if (status == LINE_TOO_LONG) {
            message_format_error("line too long", &reply);
        } else if (status != LINE_OK) {
            break;
        } else if (is_blank(line, length)) {
            continue;
        } else if (!handle_line(service, line, length, &reply)) {
            fprintf(stderr, "\t[%s] Shutdown signal received\n", service->log_name);
            status = LINE_END;
            break;
        }
        status = line_channel_write(&channel, DEADLINE_NONE, reply.text, reply.length);
        if (status != LINE_OK)
            break;
    }
    if (status != LINE_END) {
        /* The line "Error: ..." is the app's, which sees that the service has failed. */
        fprintf(stderr, "\t[%s] Standard input or output: %s\n", service->log_name,
                strerror(errno));
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Shutting down\n", service->log_name);
    return EXIT_SUCCESS;
}
