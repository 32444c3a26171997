/*
 * Reads and writes lines over two file descriptors, which stay the caller's. The app has
 * a channel to each service, a service has one on its standard input and output.
 */
#ifndef LINE_CHANNEL_H
#define LINE_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest line, in bytes without its newline. */
#define LINE_SIZE_MAX 65536

struct child; /* app/child.h */

struct line_channel {
    int in_fd;
    int out_fd;
    size_t length; /* bytes in `buffer` */
    size_t used;   /* of these, the line that was read last and its newline */
    bool skipping; /* inside a line that is too long */

    /* For the app, whose child may end while others hold its pipes; else -1 and unset. */
    int wake_fd; /* can be read when `is_over` has to be asked again */
    bool (*is_over)(const struct child *child);
    const struct child *child;
    char buffer[LINE_SIZE_MAX + 1];
};

enum line_status {
    LINE_OK,
    LINE_TOO_LONG, /* and skipped; the next line can be read */
    LINE_END,      /* the other side closed its end or has ended */
    LINE_LATE,     /* the deadline is over */
    LINE_FAILED,   /* errno says why */
};

void line_channel_init(struct line_channel *channel, int in_fd, int out_fd);

/*
 * Reads one line. `*line` has `*length` bytes, no newline and no NUL, and is valid until
 * the next call. What follows the last newline before the end is a line too.
 */
enum line_status line_channel_read(struct line_channel *channel, int64_t deadline,
                                   const char **line, size_t *length);

/*
 * Writes `length` bytes and a newline, or as much as goes out before it fails; LINE_END
 * when the reader is gone. The deadline holds if `out_fd` does not block.
 */
enum line_status line_channel_write(struct line_channel *channel, int64_t deadline,
                                    const char *line, size_t length);

#endif
