/*
 * Runs programs for the tests: starts them, collects what they print, signals and reaps
 * them. Nothing here waits longer than its deadline, and nothing sleeps. Programs that
 * still run when the test program exits, because a test has failed, or when a signal ends
 * it, are killed.
 */
#ifndef SUPPORT_PROCESS_H
#define SUPPORT_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Longer than any program of the steps may take, also under a checker like valgrind. */
#define PROCESS_DEADLINE_MS 30000

/* What a program has printed so far on one of its outputs. */
struct capture {
    int fd;     /* the pipe, -1 after its end */
    char *text; /* ends with a NUL; the process owns it */
    size_t length;
};

/* A program that was started. process_free() gives back what it holds. */
struct process {
    pid_t pid;
    struct capture out;
    struct capture err;
    bool timed_out;  /* it was killed because its deadline was over */
    int exit_status; /* after process_wait(); 128 + N when signal N has killed it */
};

/*
 * Starts argv[0] with /dev/null as its standard input. With `out_path` its standard
 * output goes to that file and is not captured. With RUN_UNDER="valgrind -q" in the
 * environment, a program that is given by a path runs under valgrind; those of the
 * system, which are given by name, do not.
 */
void process_start(struct process *process, const char *const argv[],
                   const char *out_path);

/* The same with the file `in_path` as its standard input. */
void process_start_from(struct process *process, const char *const argv[],
                        const char *in_path);

/* Reads until one of its captures has a whole line with `text`; false if it never does.
 */
bool process_wait_for(struct process *process, struct capture *capture, const char *text);

/* Reads what it prints next, if that comes in time: a full pipe would hold it up. */
void process_read(struct process *process, int milliseconds);

/* Sends it a signal; it must not have been reaped. */
void process_signal(struct process *process, int signal);

/* Reads both outputs to their end and reaps the program; kills it at the deadline. */
void process_wait(struct process *process);

/*
 * Kills the program if it still runs, and frees what was captured. May be called again,
 * and for a process that is all zeros.
 */
void process_free(struct process *process);

/* Starts, waits: for a program that ends by itself. */
void process_run(struct process *process, const char *const argv[]);

#endif
