#include "pipe_endpoint.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "deadline.h"

_Static_assert(LINE_SIZE_MAX <= MESSAGE_SIZE_MAX, "every line fits into a message");

/* Says what became of the service, when a pipe to it ended before the reply. */
static bool describe_end(struct child *child, int64_t deadline, struct error *error)
{
    if (!child_wait(child, deadline))
        return error_set(error, "%s: closed its standard input or output", child->name);
    if (child_reap(child, error))
        return error_set(error, "%s: exited with status 0", child->name);
    return false;
}

/* Says why a line could not be written or read. */
static bool describe_failure(struct child *child, enum line_status status,
                             int64_t deadline, struct error *error)
{
    switch (status) {
    case LINE_LATE:
        return error_set(error, "%s: no reply within %d ms", child->name,
                         PIPE_DEADLINE_MS);
    case LINE_TOO_LONG:
        return error_set(error, "%s: reply longer than %d bytes", child->name,
                         LINE_SIZE_MAX);
    case LINE_END:
        return describe_end(child, deadline, error);
    default:
        return error_set(error, "%s: %s", child->name, strerror(errno));
    }
}

static bool pipe_endpoint_request(struct endpoint *endpoint,
                                  const struct message_json *request,
                                  struct message_json *reply, struct error *error)
{
    struct pipe_endpoint *self = (struct pipe_endpoint *)endpoint;
    int64_t deadline = deadline_in(PIPE_DEADLINE_MS);
    const char *line = NULL;

    enum line_status status =
        line_channel_write(&self->channel, deadline, request->text, request->length);
    if (status == LINE_OK)
        status = line_channel_read(&self->channel, deadline, &line, &reply->length);
    if (status != LINE_OK)
        return describe_failure(&self->child, status, deadline, error);
    memcpy(reply->text, line, reply->length);
    return true;
}

static const struct endpoint_ops pipe_endpoint_ops = {
    .request = pipe_endpoint_request,
};

void pipe_endpoint_init(struct pipe_endpoint *self, const char *name)
{
    self->base.ops = &pipe_endpoint_ops;
    child_init(&self->child, name);
}

bool pipe_endpoint_start(struct pipe_endpoint *self, const char *dir, struct error *error)
{
    char path[PATH_MAX + 32]; /* what does not fit here is too long to be started, too */

    snprintf(path, sizeof path, "%s/%s", dir, self->child.name);
    if (!child_start(&self->child, path, error))
        return false;
    line_channel_init(&self->channel, self->child.out_fd, self->child.in_fd);
    self->channel.wake_fd = self->child.signal_fd;
    self->channel.is_over = child_is_over;
    self->channel.child = &self->child;
    return true;
}

bool pipe_endpoint_shutdown(struct pipe_endpoint *self, struct error *error)
{
    struct message_json request;
    int64_t deadline = deadline_in(PIPE_DEADLINE_MS);

    /* Should it not get the message, the end of its input says the same. */
    message_format(SHUTDOWN_REQUEST, NULL, &request);
    line_channel_write(&self->channel, deadline, request.text, request.length);
    child_close_input(&self->child);

    if (!child_wait(&self->child, deadline))
        return error_set(error, "%s: did not shut down within %d ms", self->child.name,
                         PIPE_DEADLINE_MS);
    return child_reap(&self->child, error);
}

void pipe_endpoint_kill(struct pipe_endpoint *self)
{
    child_kill(&self->child);
}
