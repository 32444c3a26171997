/*
 * A service that replies as those of step 06 do, until it comes to its fault. It lies in
 * the place of service1 or service2 and is told by the environment:
 *
 *   PEER_AT    the request at which: what its line contains, or "start"
 *   PEER_SAYS  what it writes, in the place of a reply
 *   PEER_THEN  what it does then: one of the actions below, and a number
 *
 * Without these it has no fault.
 *
 * What it logs looks like the log of a service. What begins otherwise is for the test to
 * compare.
 */
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Should the test lose it, it ends by itself. */
#define LIFETIME_S 60

#define FLOOD_LINES 10000

static void reply(const char *says)
{
    printf("%s", says);
    fflush(stdout);
}

static void go_on(const char *says, long number)
{
    (void)number;
    reply(says);
}

static void log_sigterm(int signal)
{
    static const char line[] = "(SIGTERM)\n";
    struct timeval time_to_tidy_up = {.tv_usec = 100000};

    (void)signal;
    select(0, NULL, NULL, NULL, &time_to_tidy_up);
    if (write(STDERR_FILENO, line, sizeof line - 1) == -1)
        _exit(EXIT_FAILURE);
    _exit(EXIT_SUCCESS);
}

static void exit_with(const char *says, long status)
{
    reply(says);
    exit((int)status);
}

static void kill_itself(const char *says, long signal)
{
    reply(says);
    raise((int)signal);
}

static void wait_for_signals(void)
{
    fprintf(stderr, "\t[Service] Waiting\n");
    for (;;)
        pause();
}

static void hang(const char *says, long number)
{
    (void)number;
    signal(SIGTERM, log_sigterm);
    reply(says);
    wait_for_signals();
}

static void ignore_sigterm(const char *says, long number)
{
    (void)number;
    signal(SIGTERM, SIG_IGN);
    reply(says);
    wait_for_signals();
}

/* Nothing but the end of its input ends it. */
static void wait_for_the_end(const char *says, long number)
{
    (void)number;
    reply(says);
    while (getchar() != EOF)
        ;
    exit(EXIT_SUCCESS);
}

static void close_descriptor(const char *says, long fd)
{
    close((int)fd);
    hang(says, 0);
}

/* Each byte is read before the next one comes. */
static void reply_byte_by_byte(const char *says, long number)
{
    (void)number;
    for (size_t i = 0; says[i]; i++) {
        int unread = 0;
        reply((const char[]){says[i], '\0'});
        while (ioctl(STDOUT_FILENO, FIONREAD, &unread) == 0 && unread > 0)
            sched_yield();
    }
}

/* The line gets `length` bytes without its newline. */
static void pad(const char *says, long length)
{
    printf("%s%*s\n", says, (int)(length - (long)strlen(says)), "");
    fflush(stdout);
}

static void repeat_forever(const char *says, long number)
{
    (void)number;
    for (;;)
        fputs(says, stdout);
}

/* Slowly: ten times a second. */
static void trickle(const char *says, long number)
{
    (void)number;
    for (;;) {
        reply(says);
        poll(NULL, 0, 100);
    }
}

static void flood_stderr(const char *says, long number)
{
    (void)number;
    for (int i = 0; i < FLOOD_LINES; i++)
        fprintf(stderr, "\t[Service] %0100d\n", i);
    reply(says);
}

/* Says what it has got of the app that it should not have. */
static void check_inheritance(const char *says, long number)
{
    struct sigaction pipe_action;
    struct sigaction child_action;
    sigset_t mask;
    (void)number;

    sigaction(SIGPIPE, NULL, &pipe_action);
    sigaction(SIGCHLD, NULL, &child_action);
    if (pipe_action.sa_handler != SIG_DFL)
        fprintf(stderr, "(SIGPIPE is ignored)\n");
    if (child_action.sa_handler != SIG_DFL)
        fprintf(stderr, "(SIGCHLD is ignored)\n");

    sigprocmask(SIG_BLOCK, NULL, &mask);
    for (int i = 1; i <= SIGRTMAX; i++) {
        if (sigismember(&mask, i) == 1)
            fprintf(stderr, "(signal %d is blocked)\n", i);
    }
    for (int fd = STDERR_FILENO + 1; fd < 256; fd++) {
        if (fcntl(fd, F_GETFD) != -1)
            fprintf(stderr, "(descriptor %d is open)\n", fd);
    }
    reply(says);
}

/* Its child has all that it has, and does not end with it. */
static void leave_child(const char *says, long number)
{
    (void)number;
    if (fork() == 0) {
        alarm(LIFETIME_S);
        for (;;)
            pause();
    }
    reply(says);
}

static void leave_child_and_exit(const char *says, long status)
{
    leave_child(says, 0);
    exit((int)status);
}

static void leave_child_and_hang(const char *says, long number)
{
    leave_child(says, 0);
    hang(says, number);
}

static void leave_group(const char *says, long number)
{
    setpgid(0, getpgid(getppid()));
    ignore_sigterm(says, number);
}

static void signal_app(const char *says, long number)
{
    kill(getppid(), (int)number);
    reply(says);
}

static const struct {
    const char *name;
    void (*run)(const char *says, long number);
} actions[] = {
    {"go on", go_on},
    {"exit with", exit_with},
    {"kill itself with", kill_itself},
    {"hang", hang},
    {"ignore SIGTERM", ignore_sigterm},
    {"wait for the end", wait_for_the_end},
    {"close", close_descriptor},
    {"byte by byte", reply_byte_by_byte},
    {"pad to", pad},
    {"repeat", repeat_forever},
    {"trickle", trickle},
    {"flood stderr", flood_stderr},
    {"check inheritance", check_inheritance},
    {"leave a child and exit with", leave_child_and_exit},
    {"leave a child and hang", leave_child_and_hang},
    {"leave a child", leave_child},
    {"leave its group", leave_group},
    {"signal the app with", signal_app},
};

static void misbehave(void)
{
    const char *says = getenv("PEER_SAYS");
    const char *then = getenv("PEER_THEN");

    fprintf(stderr, "\t[Service] At its fault\n");
    for (size_t i = 0; says && then && i < COUNT(actions); i++) {
        size_t length = strlen(actions[i].name);
        if (strncmp(then, actions[i].name, length) == 0) {
            actions[i].run(says, strtol(then + length, NULL, 10));
            return;
        }
    }
}

/* Replies as if it had been asked for 42; `digit` is the last of its name. */
static void behave(const char *request, char digit)
{
    if (strstr(request, "GetVersion"))
        printf("{\"VersionResult\":{\"service_name\":\"service%c\","
               "\"version\":\"0.%c.0\"}}\n",
               digit, digit);
    else if (strstr(request, "Process"))
        printf("{\"ProcessResult\":{\"value\":84,\"processed\":true}}\n");
    else if (strstr(request, "Transform"))
        printf(
            "{\"TransformResult\":{\"original\":84,\"transformed\":\"Value-0084\"}}\n");
    else
        exit(EXIT_SUCCESS); /* Shutdown */
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const char *at = getenv("PEER_AT");
    char digit = argv[argc - 1][strlen(argv[argc - 1]) - 1];
    char request[256];

    alarm(LIFETIME_S);
    if (at && strcmp(at, "start") == 0)
        misbehave();
    while (fgets(request, sizeof request, stdin)) {
        if (at && strstr(request, at))
            misbehave();
        else
            behave(request, digit);
    }
    return EXIT_SUCCESS;
}
