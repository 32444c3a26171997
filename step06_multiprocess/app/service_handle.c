#include "service_handle.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "deadline.h"

extern char **environ;

void service_setup_signals(void)
{
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_BLOCK, &child_ended, NULL);
}

void service_init(struct service_handle *service, const char *name)
{
    service->name = name;
    service->pid = -1;
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

bool service_start(struct service_handle *service, const char *dir, char *error,
                   size_t error_size)
{
    char path[PATH_MAX + 32]; /* what does not fit here is too long to be started, too */
    int to_service[2];
    int from_service[2];

    snprintf(path, sizeof path, "%s/%s", dir, service->name);
    if (!make_pipe(to_service)) {
        snprintf(error, error_size, "%s: cannot make a pipe: %s", service->name,
                 strerror(errno));
        return false;
    }
    if (!make_pipe(from_service)) {
        snprintf(error, error_size, "%s: cannot make a pipe: %s", service->name,
                 strerror(errno));
        close(to_service[0]);
        close(to_service[1]);
        return false;
    }

    int failure = spawn(&service->pid, path, to_service[0], from_service[1]);
    close(to_service[0]);
    close(from_service[1]);
    if (failure) {
        snprintf(error, error_size, "%s: cannot start %s: %s", service->name, path,
                 strerror(failure));
        service->pid = -1;
        close(to_service[1]);
        close(from_service[0]);
        return false;
    }
    /* A service that does not read must not hold the app in write(). */
    fcntl(to_service[1], F_SETFL, O_NONBLOCK);
    line_channel_init(&service->channel, from_service[0], to_service[1]);
    return true;
}

/*
 * Whether the process ends before the deadline; it still has to be reaped. SIGCHLD is
 * blocked, so one that comes between the two calls is not lost: it ends the second.
 */
static bool wait_for_end(pid_t pid, int64_t deadline)
{
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);

    for (;;) {
        siginfo_t info = {.si_pid = 0};
        if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == pid)
            return true;
        int left = deadline_left(deadline);
        if (left == 0)
            return false;
        const struct timespec time = {.tv_sec = left / 1000,
                                      .tv_nsec = left % 1000 * 1000000L};
        sigtimedwait(&child_ended, NULL, &time);
    }
}

/* Takes leave of a process that has ended, and returns its status as waitpid() has it. */
static int reap(struct service_handle *service)
{
    int status = 0;

    while (waitpid(service->pid, &status, 0) == -1 && errno == EINTR)
        ;
    service->pid = -1;
    close(service->channel.in_fd);
    if (service->channel.out_fd != -1)
        close(service->channel.out_fd);
    return status;
}

/* Says how the service ended: `status` as reap() returns it. */
static void describe_status(const struct service_handle *service, int status, char *error,
                            size_t error_size)
{
    if (WIFSIGNALED(status))
        snprintf(error, error_size, "%s: killed by signal %d (%s)", service->name,
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        snprintf(error, error_size, "%s: exited with status %d", service->name,
                 WEXITSTATUS(status));
}

/* Says what became of the service, when a pipe to it ended before the reply. */
static void describe_end(struct service_handle *service, int64_t deadline, char *error,
                         size_t error_size)
{
    if (!wait_for_end(service->pid, deadline)) {
        snprintf(error, error_size, "%s: closed its standard input or output",
                 service->name);
        return;
    }
    describe_status(service, reap(service), error, error_size);
}

/* Says why a line could not be written or read. */
static void describe_failure(struct service_handle *service, enum line_status status,
                             int64_t deadline, char *error, size_t error_size)
{
    switch (status) {
    case LINE_LATE:
        snprintf(error, error_size, "%s: no answer within %d ms", service->name,
                 SERVICE_DEADLINE_MS);
        break;
    case LINE_TOO_LONG:
        snprintf(error, error_size, "%s: answer longer than %d bytes", service->name,
                 LINE_SIZE_MAX);
        break;
    case LINE_END:
        describe_end(service, deadline, error, error_size);
        break;
    default:
        snprintf(error, error_size, "%s: %s", service->name, strerror(errno));
        break;
    }
}

static enum line_status send_message(struct service_handle *service,
                                     const struct message *message, int64_t deadline)
{
    char json[MESSAGE_JSON_SIZE];
    size_t length = message_format(message, json);
    return line_channel_write(&service->channel, deadline, json, length);
}

bool service_request(struct service_handle *service, const struct message *request,
                     enum message_kind expected, struct message *reply, char *error,
                     size_t error_size)
{
    int64_t deadline = deadline_in(SERVICE_DEADLINE_MS);
    const char *line = NULL;
    size_t length = 0;

    enum line_status status = send_message(service, request, deadline);
    if (status == LINE_OK)
        status = line_channel_read(&service->channel, deadline, &line, &length);
    if (status != LINE_OK) {
        describe_failure(service, status, deadline, error, error_size);
        return false;
    }

    char problem[MESSAGE_ERROR_SIZE];
    if (!message_parse(line, length, reply, problem)) {
        snprintf(error, error_size, "%s: bad answer: %s", service->name, problem);
        return false;
    }
    if (reply->kind == MESSAGE_ERROR) {
        snprintf(error, error_size, "%s: %s", service->name, reply->error.message);
        return false;
    }
    if (reply->kind != expected) {
        snprintf(error, error_size, "%s: bad answer: not to this request", service->name);
        return false;
    }
    return true;
}

bool service_shutdown(struct service_handle *service, char *error, size_t error_size)
{
    const struct message request = {.kind = MESSAGE_SHUTDOWN};
    int64_t deadline = deadline_in(SERVICE_DEADLINE_MS);

    /* Should it not get the message, the end of its input says the same. */
    send_message(service, &request, deadline);
    close(service->channel.out_fd);
    service->channel.out_fd = -1;

    if (!wait_for_end(service->pid, deadline)) {
        snprintf(error, error_size, "%s: did not shut down within %d ms", service->name,
                 SERVICE_DEADLINE_MS);
        return false;
    }
    int status = reap(service);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_SUCCESS) {
        describe_status(service, status, error, error_size);
        return false;
    }
    return true;
}

void service_kill(struct service_handle *service)
{
    if (service->pid == -1)
        return;
    kill(service->pid, SIGTERM);
    if (!wait_for_end(service->pid, deadline_in(SERVICE_GRACE_MS)))
        kill(service->pid, SIGKILL);
    reap(service);
}
