/*
 * Runs programs for the tests: starts them, collects what they print, signals and reaps
 * them. Nothing here waits longer than its deadline, and nothing sleeps.
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
    int exit_status; /* after process_wait(); 128 and more: killed by that signal less 128
                      */
};

/*
 * Starts argv[0] with /dev/null as its standard input. With `out_path` its standard
 * output goes to that file and is not captured. When RUN_UNDER is set in the environment,
 * its words come first: RUN_UNDER="valgrind -q" checks every program that is started
 * here.
 */
void process_start(struct process *process, const char *const argv[],
                   const char *out_path);

/* Reads until `capture`, one of the process's own, holds `text`; false if it never does.
 */
bool process_wait_for(struct process *process, struct capture *capture, const char *text);

/* Sends it a signal; it must not have been reaped. */
void process_signal(struct process *process, int signal);

/* Reads both outputs to their end and reaps the program; kills it at the deadline. */
void process_wait(struct process *process);

/* Kills the program if it still runs, and frees what was captured. */
void process_free(struct process *process);

/* Starts, waits: for a program that ends by itself. */
void process_run(struct process *process, const char *const argv[]);

#endif
