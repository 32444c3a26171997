#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "deadline.h"

extern char **environ;

void child_setup_signals(void)
{
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &child_ended, NULL);
}

void child_init(struct child *child, const char *name)
{
    child->name = name;
    child->pid = -1;
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

    /* The child would inherit that the app blocks SIGCHLD and ignores SIGPIPE. */
    sigemptyset(&none);
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);

    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
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

/*
 * SIGCHLD is blocked, so one that comes between the two calls is not lost: it ends the
 * second.
 */
bool child_wait(const struct child *child, int64_t deadline)
{
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);

    for (;;) {
        siginfo_t info = {.si_pid = 0};
        if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == child->pid)
            return true;
        int left = deadline_left(deadline);
        if (left == 0)
            return false;
        const struct timespec time = {.tv_sec = left / 1000,
                                      .tv_nsec = left % 1000 * 1000000L};
        sigtimedwait(&child_ended, NULL, &time);
    }
}

bool child_reap(struct child *child, struct error *error)
{
    int status = 0;

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
    kill(child->pid, SIGTERM);
    if (!child_wait(child, deadline_in(CHILD_GRACE_MS)))
        kill(child->pid, SIGKILL);
    child_reap(child, &ignored);
}
