#include "line_channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include "deadline.h"

void line_channel_init(struct line_channel *channel, int in_fd, int out_fd)
{
    channel->in_fd = in_fd;
    channel->out_fd = out_fd;
    channel->length = 0;
    channel->used = 0;
    channel->skipping = false;
    channel->wake_fd = -1;
}

static enum line_status wait_until_ready(const struct line_channel *channel, int fd,
                                         short events, int64_t deadline)
{
    for (;;) {
        struct pollfd fds[] = {
            {.fd = fd, .events = events},
            {.fd = channel->wake_fd, .events = POLLIN}, /* poll() skips -1 */
        };
        /* Asked before poll(), which then finds what was written last. */
        bool over = channel->wake_fd != -1 && channel->is_over(channel->child);
        int left = deadline_left(deadline); /* 0: late even if it is ready */
        int count = left == 0 ? 0 : poll(fds, 2, over ? 0 : left);
        if (count > 0 && fds[0].revents)
            return LINE_OK;
        if (over)
            return LINE_END;
        if (count == 0)
            return LINE_LATE;
        if (count == -1 && errno != EINTR)
            return LINE_FAILED;
    }
}

/* Reads what there is into the free part of the buffer. */
static enum line_status fill(struct line_channel *channel, int64_t deadline)
{
    for (;;) {
        enum line_status status =
            wait_until_ready(channel, channel->in_fd, POLLIN, deadline);
        if (status != LINE_OK)
            return status;
        ssize_t count = read(channel->in_fd, channel->buffer + channel->length,
                             sizeof channel->buffer - channel->length);
        if (count > 0) {
            channel->length += (size_t)count;
            return LINE_OK;
        }
        if (count == 0)
            return LINE_END;
        if (errno != EINTR && errno != EAGAIN)
            return LINE_FAILED;
    }
}

/* Hands out the first `length` bytes; `used` of them go with the next read. */
static enum line_status take_line(struct line_channel *channel, size_t length,
                                  size_t used, const char **line, size_t *line_length)
{
    channel->used = used;
    if (channel->skipping) {
        channel->skipping = false;
        return LINE_TOO_LONG;
    }
    *line = channel->buffer;
    *line_length = length;
    return LINE_OK;
}

enum line_status line_channel_read(struct line_channel *channel, int64_t deadline,
                                   const char **line, size_t *length)
{
    channel->length -= channel->used;
    memmove(channel->buffer, channel->buffer + channel->used, channel->length);
    channel->used = 0;

    size_t searched = 0;
    for (;;) {
        const char *newline =
            memchr(channel->buffer + searched, '\n', channel->length - searched);
        if (newline) {
            size_t found = (size_t)(newline - channel->buffer);
            return take_line(channel, found, found + 1, line, length);
        }
        if (channel->length == sizeof channel->buffer)
            channel->skipping = true;
        if (channel->skipping)
            channel->length = 0;

        searched = channel->length;
        enum line_status status = fill(channel, deadline);
        if (status == LINE_END && (channel->length > 0 || channel->skipping))
            return take_line(channel, channel->length, channel->length, line, length);
        if (status != LINE_OK)
            return status;
    }
}

/* With one system call for the line and its newline, unless the pipe is nearly full. */
enum line_status line_channel_write(struct line_channel *channel, int64_t deadline,
                                    const char *line, size_t length)
{
    struct iovec parts[] = {
        {.iov_base = (void *)line, .iov_len = length},
        {.iov_base = "\n", .iov_len = 1},
    };

    while (parts[1].iov_len > 0) {
        enum line_status status =
            wait_until_ready(channel, channel->out_fd, POLLOUT, deadline);
        if (status != LINE_OK)
            return status;
        ssize_t count = writev(channel->out_fd, parts, 2);
        if (count == -1 && errno != EINTR && errno != EAGAIN)
            return errno == EPIPE ? LINE_END : LINE_FAILED;
        for (int i = 0; i < 2 && count > 0; i++) {
            size_t written =
                (size_t)count < parts[i].iov_len ? (size_t)count : parts[i].iov_len;
            parts[i].iov_base = (char *)parts[i].iov_base + written;
            parts[i].iov_len -= written;
            count -= (ssize_t)written;
        }
    }
    return LINE_OK;
}
