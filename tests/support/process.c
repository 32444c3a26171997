#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"

#define MAX_ARGUMENTS 96
#define MAX_RUNNING 256

/* Programs that were started and not yet reaped. */
static pid_t running[MAX_RUNNING];
static size_t running_count;

/* For what can only fail when the machine is out of something. */
static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "support: %s: %s\n", what, strerror(errno));
        abort();
    }
}

static void kill_running(void)
{
    for (size_t i = 0; i < running_count; i++)
        kill(running[i], SIGKILL);
}

/* The signal comes again when this returns, and then as if it had never been handled. */
static void kill_running_and_end(int signal)
{
    kill_running();
    raise(signal);
}

/* Whichever way the test program ends, but by SIGKILL. */
static void kill_running_at_end(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGALRM};
    const struct sigaction action = {.sa_handler = kill_running_and_end,
                                     .sa_flags = (int)SA_RESETHAND};
    struct sigaction before;

    require(atexit(kill_running) == 0, "atexit");
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigaction(signals[i], NULL, &before);
        if (before.sa_handler == SIG_DFL)
            sigaction(signals[i], &action, NULL);
    }
}

static void add_running(pid_t pid)
{
    static bool registered;

    if (!registered)
        kill_running_at_end();
    registered = true;
    require(running_count < MAX_RUNNING, "too many programs");
    running[running_count++] = pid;
}

/* Waits for the program to end; only now may its id be given to another. */
static int reap(pid_t pid)
{
    int status;

    while (waitpid(pid, &status, 0) == -1)
        require(errno == EINTR, "waitpid");
    for (size_t i = 0; i < running_count; i++) {
        if (running[i] == pid)
            running[i] = running[--running_count];
    }
    return status;
}

static void capture_init(struct capture *capture, int fd)
{
    capture->fd = fd;
    capture->length = 0;
    capture->text = calloc(1, 1);
    require(capture->text, "calloc");
}

static void capture_close(struct capture *capture)
{
    if (capture->fd != -1)
        close(capture->fd);
    capture->fd = -1;
}

static void capture_free(struct capture *capture)
{
    if (!capture->text)
        return;
    capture_close(capture);
    free(capture->text);
    capture->text = NULL;
}

static void capture_read(struct capture *capture)
{
    char chunk[4096];
    ssize_t count = read(capture->fd, chunk, sizeof chunk);
    if (count == -1 && errno == EINTR)
        return;
    if (count <= 0) {
        capture_close(capture);
        return;
    }
    size_t length = capture->length + (size_t)count;
    capture->text = realloc(capture->text, length + 1);
    require(capture->text, "realloc");
    memcpy(capture->text + capture->length, chunk, (size_t)count);
    capture->text[length] = '\0';
    capture->length = length;
}

/* Reads once from what is ready. False when both are at their end or time is up. */
static bool read_some(struct process *process, long long deadline)
{
    struct pollfd fds[] = {
        {.fd = process->out.fd, .events = POLLIN},
        {.fd = process->err.fd, .events = POLLIN},
    };
    long long left = deadline - clock_ms();

    if ((process->out.fd == -1 && process->err.fd == -1) || left <= 0)
        return false;
    if (poll(fds, 2, (int)left) == -1)
        return errno == EINTR;
    if (fds[0].revents)
        capture_read(&process->out);
    if (fds[1].revents)
        capture_read(&process->err);
    return true;
}

static void make_pipe(int ends[2])
{
    require(pipe(ends) == 0, "pipe");
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

/* The words of RUN_UNDER, which must stay in `words`, and then those of `argv`. */
static void build_command(const char *command[MAX_ARGUMENTS], char *words,
                          const char *const argv[])
{
    size_t count = 0;

    for (char *word = strtok(words, " "); word; word = strtok(NULL, " "))
        command[count++] = word;
    for (size_t i = 0; argv[i]; i++) {
        require(count < MAX_ARGUMENTS - 1, "too many arguments");
        command[count++] = argv[i];
    }
    require(count > 0, "no program");
    command[count] = NULL;
}

static void start(struct process *process, const char *const argv[], const char *in_path,
                  const char *out_path)
{
    const char *run_under = strchr(argv[0], '/') ? getenv("RUN_UNDER") : NULL;
    char words[1024];
    const char *command[MAX_ARGUMENTS];
    snprintf(words, sizeof words, "%s", run_under ? run_under : "");
    build_command(command, words, argv);

    int out[2];
    int err[2];
    make_pipe(out);
    make_pipe(err);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, in_path, O_RDONLY, 0);
    if (out_path)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_path, O_WRONLY, 0);
    else
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, err[1], STDERR_FILENO);

    errno = posix_spawnp(&process->pid, command[0], &actions, NULL,
                         (char *const *)command, environ);
    require(errno == 0, command[0]);
    add_running(process->pid);
    posix_spawn_file_actions_destroy(&actions);
    close(out[1]);
    close(err[1]);
    capture_init(&process->out, out[0]);
    capture_init(&process->err, err[0]);
    process->timed_out = false;
    process->exit_status = -1;
}

void process_start(struct process *process, const char *const argv[],
                   const char *out_path)
{
    start(process, argv, "/dev/null", out_path);
}

void process_start_from(struct process *process, const char *const argv[],
                        const char *in_path)
{
    start(process, argv, in_path, NULL);
}

bool process_wait_for(struct process *process, struct capture *capture, const char *text)
{
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;

    for (;;) {
        const char *found = strstr(capture->text, text);
        if (found && strchr(found, '\n'))
            return true;
        if (!read_some(process, deadline))
            return false;
    }
}

void process_read(struct process *process, int milliseconds)
{
    read_some(process, clock_ms() + milliseconds);
}

/* Waits until the program can be reaped; false if it runs on past the deadline. */
static bool has_ended(pid_t pid, long long deadline)
{
    int fd = pidfd_open(pid, 0);
    require(fd != -1, "pidfd_open");
    long long left = deadline - clock_ms();
    struct pollfd ended = {.fd = fd, .events = POLLIN};
    int count = poll(&ended, 1, left > 0 ? (int)left : 0);
    close(fd);
    return count == 1;
}

void process_signal(struct process *process, int signal)
{
    kill(process->pid, signal);
}

void process_wait(struct process *process)
{
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;

    while (read_some(process, deadline))
        ;
    if (!has_ended(process->pid, deadline)) {
        process->timed_out = true;
        kill(process->pid, SIGKILL);
    }
    int status = reap(process->pid);
    process->pid = -1;
    process->exit_status =
        WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_free(struct process *process)
{
    if (process->pid > 0) {
        kill(process->pid, SIGKILL);
        reap(process->pid);
        process->pid = -1;
    }
    capture_free(&process->out);
    capture_free(&process->err);
}

void process_run(struct process *process, const char *const argv[])
{
    process_start(process, argv, NULL);
    process_wait(process);
}
