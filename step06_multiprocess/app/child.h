/*
 * A program that the app has started, with a pipe to its standard input and one from its
 * standard output. app/pipe_endpoint.c talks over the pipes; what ends the process is
 * here. It leads a process group of its own, which holds what it starts in turn and ends
 * with it.
 */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "error.h"

/* How long a child has to end by itself after SIGTERM, before SIGKILL. */
#define CHILD_GRACE_MS 1000

struct child {
    const char *name; /* "service1", for errors; stays the caller's */
    pid_t pid;        /* -1 when there is no process */
    int signal_fd;    /* can be read when child_is_over() may have changed */
    int in_fd;        /* what is written here it reads; -1 when closed */
    int out_fd;       /* what it writes can be read here */
};

/*
 * To be called before the first child is started. After it a pipe to a child that is gone
 * fails write() and does not end the app. Nor do SIGTERM, SIGINT and SIGHUP, unless they
 * were ignored anyway: they end every wait for a child, so that the children can be ended
 * first.
 */
bool child_block_signals(struct error *error);

/* To be called after the last child: a signal that has come meanwhile ends the app. */
void child_unblock_signals(void);

/* Not started yet; child_kill() may be called. */
void child_init(struct child *child, const char *name);

/* Starts the program at `path`, which shares the app's standard error. */
bool child_start(struct child *child, const char *path, struct error *error);

/* The child reads end-of-file after what was written so far. */
void child_close_input(struct child *child);

/* Whether it has ended, or a signal tells the app to end: it is waited for no longer. */
bool child_is_over(const struct child *child);

/* Whether the child ends before the deadline; it still has to be reaped. */
bool child_wait(const struct child *child, int64_t deadline);

/* Reaps a child that has ended. False unless it exited with 0: `error` says how it ended.
 */
bool child_reap(struct child *child, struct error *error);

/* Ends and reaps the child in any case, if there is one: SIGTERM, and then SIGKILL. */
void child_kill(struct child *child);

#endif
