#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deadline.h"

extern char **environ;

static sigset_t watched;   /* SIGCHLD, and what tells the app to stop; blocked */
static int signal_fd = -1; /* can be read when one of them has come */
static int stop_signal;    /* the one that tells the app to stop; 0 before it */

bool child_block_signals(struct error *error)
{
    static const int stop_signals[] = {SIGTERM, SIGINT, SIGHUP};

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigemptyset(&watched);
    sigaddset(&watched, SIGCHLD);
    for (size_t i = 0; i < sizeof stop_signals / sizeof stop_signals[0]; i++) {
        struct sigaction action;
        sigaction(stop_signals[i], NULL, &action);
        if (action.sa_handler != SIG_IGN) /* as nohup does */
            sigaddset(&watched, stop_signals[i]);
    }
    sigprocmask(SIG_BLOCK, &watched, NULL);
    signal_fd = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return signal_fd != -1 ||
           error_set(error, "cannot wait for signals: %s", strerror(errno));
}

void child_unblock_signals(void)
{
    close(signal_fd);
    sigprocmask(SIG_UNBLOCK, &watched, NULL);
    if (stop_signal)
        raise(stop_signal);
}

void child_init(struct child *child, const char *name)
{
    child->name = name;
    child->pid = -1;
    child->in_fd = -1;
    child->out_fd = -1;
}

/* A pipe whose ends close in a started program: no service may hold those of another. */
static bool make_pipe(int ends[2])
{
    if (pipe(ends) == -1)
        return false;
    if (fcntl(ends[0], F_SETFD, FD_CLOEXEC) != -1 &&
        fcntl(ends[1], F_SETFD, FD_CLOEXEC) != -1)
        return true;
    close(ends[0]);
    close(ends[1]);
    return false;
}

/* posix_spawn() of `path` with these standard streams; returns an error number or 0. */
static int spawn(pid_t *pid, const char *path, int in_fd, int out_fd)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t defaults;
    char *argv[] = {(char *)path, NULL};

    /* The child would inherit that the app blocks signals and ignores SIGPIPE. */
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setpgroup(&attributes, 0); /* a new one, with the child's id */
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK |
                                              POSIX_SPAWN_SETPGROUP);
    int result = posix_spawn_file_actions_adddup2(&actions, in_fd, STDIN_FILENO);
    if (result == 0)
        result = posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
    if (result == 0)
        result = posix_spawn(pid, path, &actions, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return result;
}

bool child_start(struct child *child, const char *path, struct error *error)
{
    int to_child[2];
    int from_child[2];

    if (!make_pipe(to_child))
        return error_set(error, "%s: cannot make a pipe: %s", child->name,
                         strerror(errno));
    if (!make_pipe(from_child)) {
        error_set(error, "%s: cannot make a pipe: %s", child->name, strerror(errno));
        close(to_child[0]);
        close(to_child[1]);
        return false;
    }

    int failure = spawn(&child->pid, path, to_child[0], from_child[1]);
    close(to_child[0]);
    close(from_child[1]);
    if (failure) {
        child->pid = -1;
        close(to_child[1]);
        close(from_child[0]);
        return error_set(error, "%s: cannot start %s: %s", child->name, path,
                         strerror(failure));
    }
    /* A child that does not read must not hold the app in write(). */
    fcntl(to_child[1], F_SETFL, O_NONBLOCK);
    child->signal_fd = signal_fd;
    child->in_fd = to_child[1];
    child->out_fd = from_child[0];
    return true;
}

void child_close_input(struct child *child)
{
    if (child->in_fd != -1)
        close(child->in_fd);
    child->in_fd = -1;
}

static bool has_ended(const struct child *child)
{
    siginfo_t info = {.si_pid = 0};

    return waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == child->pid;
}

/* Takes the signals that have come. A signal after that makes `signal_fd` readable. */
static void take_signals(void)
{
    struct signalfd_siginfo info;

    while (read(signal_fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo != SIGCHLD)
            stop_signal = (int)info.ssi_signo;
    }
}

bool child_is_over(const struct child *child)
{
    take_signals();
    return stop_signal || has_ended(child);
}

static void wait_for_signal(int64_t deadline)
{
    struct pollfd came = {.fd = signal_fd, .events = POLLIN};

    poll(&came, 1, deadline_left(deadline));
    take_signals();
}

bool child_wait(const struct child *child, int64_t deadline)
{
    while (!child_is_over(child) && deadline_left(deadline) != 0)
        wait_for_signal(deadline);
    return has_ended(child);
}

bool child_reap(struct child *child, struct error *error)
{
    int status = 0;

    kill(-child->pid, SIGKILL); /* what it has started and left behind */
    while (waitpid(child->pid, &status, 0) == -1 && errno == EINTR)
        ;
    child->pid = -1;
    child_close_input(child);
    close(child->out_fd);
    if (WIFSIGNALED(status))
        return error_set(error, "%s: killed by signal %d (%s)", child->name,
                         WTERMSIG(status), strsignal(WTERMSIG(status)));
    if (WEXITSTATUS(status) != EXIT_SUCCESS)
        return error_set(error, "%s: exited with status %d", child->name,
                         WEXITSTATUS(status));
    return true;
}

void child_kill(struct child *child)
{
    struct error ignored;

    if (child->pid == -1)
        return;
    int64_t deadline = deadline_in(CHILD_GRACE_MS);
    kill(-child->pid, SIGTERM);
    while (!has_ended(child) && deadline_left(deadline) != 0) /* also when told to stop */
        wait_for_signal(deadline);
    kill(child->pid, SIGKILL); /* it may have left its group */
    child_reap(child, &ignored);
}
