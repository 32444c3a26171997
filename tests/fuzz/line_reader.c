/*
 * The input is a recipe for what the other side writes, so that a few bytes make long
 * lines: a number repeats the byte that follows it, unless that is a newline, and `|`
 * ends a piece; "65536a|\n" is the longest line there may be, in two pieces.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "fuzz.h"
#include "line_channel.h"

#define STREAM_SIZE_MAX ((size_t)4 * LINE_SIZE_MAX)

static char stream[STREAM_SIZE_MAX]; /* all that the other side writes */
static size_t written;               /* how much of it is in the pipe or was read */
static size_t accounted;             /* how much of it was given out as lines */

/* In place of a clock: time is up as soon as the descriptor has nothing to read. */
int deadline_left(int64_t deadline)
{
    struct pollfd ready = {.fd = (int)deadline, .events = POLLIN};
    return poll(&ready, 1, 0) > 0 ? -1 : 0;
}

/* Requires of a line, or of one that is too long, that it is the next of the stream. */
static void check_line(enum line_status status, const char *line, size_t length,
                       bool at_end)
{
    const char *next = stream + accounted;
    const char *newline = memchr(next, '\n', written - accounted);
    size_t expected = newline ? (size_t)(newline - next) : written - accounted;

    REQUIRE(newline || (at_end && expected > 0));
    if (status == LINE_TOO_LONG) {
        REQUIRE(expected > LINE_SIZE_MAX);
    } else {
        REQUIRE(expected <= LINE_SIZE_MAX);
        REQUIRE(length == expected && memcmp(line, next, length) == 0);
    }
    accounted += expected + (newline ? 1 : 0);
}

/* Reads until nothing is left, and requires that this is told by `end`. */
static void drain(struct line_channel *channel, enum line_status end)
{
    for (;;) {
        const char *line = NULL;
        size_t length = 0;
        enum line_status status =
            line_channel_read(channel, channel->in_fd, &line, &length);
        if (status != LINE_OK && status != LINE_TOO_LONG) {
            REQUIRE(status == end);
            REQUIRE(!memchr(stream + accounted, '\n', written - accounted));
            return;
        }
        check_line(status, line, length, end == LINE_END);
    }
}

/* Writes the stream up to `end`, and reads what there is whenever the pipe is full. */
static void write_piece(int fd, size_t end, struct line_channel *channel)
{
    while (written < end) {
        ssize_t count = write(fd, stream + written, end - written);
        REQUIRE(count > 0);
        written += (size_t)count;
        drain(channel, LINE_LATE);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct line_channel channel;
    size_t length = 0;
    size_t repeat = 0;
    int fds[2];

    REQUIRE(pipe(fds) == 0 && fcntl(fds[1], F_SETFL, O_NONBLOCK) == 0);
    line_channel_init(&channel, fds[0], -1);
    written = 0;
    accounted = 0;
    for (size_t i = 0; i < size; i++) {
        if (data[i] >= '0' && data[i] <= '9') {
            repeat = (repeat * 10 + data[i] - '0') % STREAM_SIZE_MAX;
        } else if (data[i] == '|') {
            write_piece(fds[1], length, &channel);
        } else {
            if (repeat == 0 || data[i] == '\n')
                repeat = 1;
            if (repeat > sizeof stream - length)
                repeat = sizeof stream - length;
            memset(stream + length, data[i], repeat);
            length += repeat;
            repeat = 0;
        }
    }
    write_piece(fds[1], length, &channel);
    close(fds[1]);
    drain(&channel, LINE_END);
    REQUIRE(accounted == length);
    close(fds[0]);
    return 0;
}
