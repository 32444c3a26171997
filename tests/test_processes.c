/*
 * What step 06 says of its services: whatever one of them does, the app ends in time with
 * a line that says what it was, and leaves nothing behind; and whatever a service reads,
 * it replies and lives on. What the parsers make of a line is in test_messages.c.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "deadline.h"
#include "pipe_endpoint.h"
#include "pipeline.h"
#include "process.h"
#include "step.h"
#include "table.h"
#include "temp_dir.h"
#include "text.h"

static const struct pipeline_values doubled = {"42", "84", "Value-0084", "true"};

/* How long an exchange with a service may take. */
#define DEADLINE_MS 5000

/* The last line of standard output before a failure. */
#define STARTING1 "[App] Starting service: Service1\n"
#define STARTING2 "[App] Starting service: Service2\n"
#define VERSION1 "[App] service1 version: 0.1.0\n"
#define SENDING1 "[App] Sending to Service1...\n"
#define SENDING2 "[App] Sending to Service2...\n"
#define SHUTTING1 "[App] Shutting down service: Service1\n"
#define SHUTTING2 "[App] Shutting down service: Service2\n"

/* What a service says, in JSON. */
#define PROCESS "{\"Process\":{\"value\":42}}"
#define TRANSFORM "{\"Transform\":{\"value\":84}}"
#define PROCESSED "{\"ProcessResult\":{\"value\":84,\"processed\":true}}"
#define TRANSFORMED                                                                      \
    "{\"TransformResult\":{\"original\":84,\"transformed\":\"Value-0084\"}}"
#define VERSION                                                                          \
    "{\"VersionResult\":{\"service_name\":\"service1\",\"version\":\"0.1.0\"}}"
#define ERROR(text) "{\"Error\":{\"message\":\"" text "\"}}"
#define BAD_FIELD(name) "field '" name "' is missing, too large or of a wrong type"

/* See peers/service.c. The other service is the step's own. */
struct fault_row {
    const char *name;
    const char *service; /* in whose place the peer lies */
    const char *at;
    const char *says;
    const char *then;
    const char *errors;    /* on standard error besides the logs; "": it must work */
    const char *last_line; /* on standard output; NULL: all lines */
};

/* Those that take up the deadline of the app. */
static const struct fault_row slow_rows[] = {
    {"stops", "service1", "Process", "", "kill itself with 19",
     "Error: service1: no reply within 5000 ms\n", SENDING1},
    {"hangs", "service2", "Transform", "", "hang",
     "(SIGTERM)\nError: service2: no reply within 5000 ms\n", SENDING2},
    {"ignores SIGTERM", "service1", "GetVersion", "", "ignore SIGTERM",
     "Error: service1: no reply within 5000 ms\n", STARTING2},
    {"half a line, then silence", "service1", "Process", "{\"Process", "hang",
     "(SIGTERM)\nError: service1: no reply within 5000 ms\n", SENDING1},
    {"closes its output", "service1", "Process", "", "close 1",
     "(SIGTERM)\nError: service1: closed its standard input or output\n", SENDING1},
    {"closes its input", "service1", "GetVersion", VERSION "\n", "close 0",
     "(SIGTERM)\nError: service1: closed its standard input or output\n", SENDING1},
    {"does not shut down", "service1", "Shutdown", "", "hang",
     "(SIGTERM)\nError: service1: did not shut down within 5000 ms\n", SHUTTING1},
    {"does not shut down, ignores SIGTERM", "service2", "Shutdown", "", "ignore SIGTERM",
     "Error: service2: did not shut down within 5000 ms\n", SHUTTING2},
    {"a byte now and then", "service1", "Process", " ", "trickle",
     "Error: service1: no reply within 5000 ms\n", SENDING1},
    {"endless line", "service1", "Process", "x", "repeat",
     "Error: service1: no reply within 5000 ms\n", SENDING1},
};

static const struct fault_row fast_rows[] = {
    {"exits at once with 0", "service1", "start", "", "exit with 0",
     "Error: service1: exited with status 0\n", STARTING2},
    {"exits at once with 3", "service2", "start", "", "exit with 3",
     "Error: service2: exited with status 3\n", VERSION1},
    {"dies at once", "service1", "start", "", "kill itself with 9",
     "Error: service1: killed by signal 9 (Killed)\n", STARTING2},
    {"dies in place of a reply", "service2", "Transform", "", "kill itself with 9",
     "Error: service2: killed by signal 9 (Killed)\n", SENDING2},
    {"exits after a reply", "service1", "GetVersion", VERSION "\n", "exit with 3",
     "Error: service1: exited with status 3\n", SENDING1},
    {"reply without newline, then exit", "service1", "GetVersion", VERSION, "exit with 0",
     "Error: service1: exited with status 0\n", SENDING1},
    {"half a line, then exit", "service1", "Process", "{\"Process", "exit with 0",
     "Error: service1: bad reply: not JSON, at byte 9\n", SENDING1},
    {"byte by byte", "service1", "Process", PROCESSED "\n", "byte by byte", "", NULL},
    {"two lines at once", "service1", "GetVersion", VERSION "\n" VERSION "\n", "go on",
     "Error: service1: bad reply: not a ProcessResult message\n", SENDING1},
    {"garbage", "service1", "Process", "\x01\xff%s\n", "go on",
     "Error: service1: bad reply: not JSON, at byte 1\n", SENDING1},
    {"empty line", "service2", "Transform", "\n", "go on",
     "Error: service2: bad reply: not JSON, at byte 0\n", SENDING2},
    {"log line first", "service1", "start", "Listening...\n", "go on",
     "Error: service1: bad reply: not JSON, at byte 9\n", STARTING2},
    {"another kind of reply", "service2", "Transform", PROCESSED "\n", "go on",
     "Error: service2: bad reply: not a TransformResult message\n", SENDING2},
    {"Error", "service1", "Process", ERROR("no more") "\n", "go on",
     "Error: service1: no more\n", SENDING1},
    {"longest line", "service1", "Process", PROCESSED, "pad to 65536", "", NULL},
    {"line too long", "service1", "Process", PROCESSED, "pad to 65537",
     "Error: service1: reply longer than 65536 bytes\n", SENDING1},
    {"a field of a wrong type", "service2", "Transform",
     "{\"TransformResult\":{\"original\":84,\"transformed\":84}}\n", "go on",
     "Error: service2: bad reply: " BAD_FIELD("transformed") "\n", SENDING2},
    {"another service", "service2", "GetVersion", VERSION "\n", "go on",
     "Error: service2: bad reply: from service1\n", VERSION1},
    {"floods standard error", "service1", "Process", PROCESSED "\n", "flood stderr", "",
     NULL},
    {"ignores Shutdown", "service1", "Shutdown", "", "wait for the end", "", NULL},
    {"replies to Shutdown", "service2", "Shutdown", ERROR("no") "\n", "wait for the end",
     "", NULL},
    {"exits with 3 at Shutdown", "service1", "Shutdown", "", "exit with 3",
     "Error: service1: exited with status 3\n", SHUTTING1},
    {"dies at Shutdown", "service2", "Shutdown", "", "kill itself with 9",
     "Error: service2: killed by signal 9 (Killed)\n", SHUTTING2},
    {"service 1 inherits nothing", "service1", "GetVersion", VERSION "\n",
     "check inheritance", "", NULL},
    {"service 2 inherits nothing", "service2", "Transform", TRANSFORMED "\n",
     "check inheritance", "", NULL},
};

/* They start a child that has their pipes and does not end by itself. */
static const struct fault_row child_rows[] = {
    {"child left, exits with 3", "service1", "Process", "",
     "leave a child and exit with 3", "Error: service1: exited with status 3\n",
     SENDING1},
    {"child left, exits after a reply", "service2", "Transform", TRANSFORMED "\n",
     "leave a child and exit with 0", "", NULL},
    {"child left, goes on", "service1", "Process", PROCESSED "\n", "leave a child", "",
     NULL},
};

/* The app gets a signal while the peer has a request; what else it prints is nothing. */
struct stop_row {
    struct fault_row fault;
    int signal;
    int children; /* of the services */
};

static const struct stop_row stop_rows[] = {
    {{"SIGTERM", "service1", "Process", "", "hang", "(SIGTERM)\n", ""}, SIGTERM, 0},
    {{"SIGINT", "service2", "Transform", "", "hang", "(SIGTERM)\n", ""}, SIGINT, 0},
    {{"SIGHUP", "service2", "GetVersion", "", "hang", "(SIGTERM)\n", ""}, SIGHUP, 0},
    {{"SIGTERM at start", "service1", "start", "", "hang", "(SIGTERM)\n", ""},
     SIGTERM,
     0},
    {{"SIGTERM at Shutdown", "service1", "Shutdown", "", "hang", "(SIGTERM)\n", ""},
     SIGTERM,
     0},
    {{"SIGTERM, ignored by the service", "service1", "Process", "", "ignore SIGTERM", "",
      ""},
     SIGTERM,
     0},
    {{"SIGTERM, output closed", "service1", "Process", "", "close 1", "(SIGTERM)\n", ""},
     SIGTERM,
     0},
    {{"SIGINT, group left", "service1", "Process", "", "leave its group", "", ""},
     SIGINT,
     0},
    {{"SIGHUP, child left", "service1", "Process", "", "leave a child and hang",
      "(SIGTERM)\n", ""},
     SIGHUP,
     1},
};

/* The app is killed while the peer has a request and the other service has none. */
static const struct fault_row killed_rows[] = {
    {"app killed, service 2 left", "service1", "GetVersion", "", "wait for the end", "",
     ""},
    {"app killed, service 1 left", "service2", "Transform", "", "wait for the end", "",
     ""},
};

/* Each row starts with the programs of the step in {dir}. */
struct start_row {
    const char *name;
    const char *command; /* what is changed there, and how app is started */
    const char *errors;
    const char *last_line;
};

#define RUN " && exec $RUN_UNDER ./app"
#define RUN_PLAIN " && exec ./app" /* where valgrind is in the way */
#define NO_OUTPUT "Error: cannot write to standard output: Bad file descriptor\n"

static const struct start_row start_rows[] = {
    {"service 1 missing", "rm service1" RUN_PLAIN,
     "Error: service1: cannot start {dir}/service1: No such file or directory\n",
     STARTING1},
    {"service 2 missing", "rm service2" RUN_PLAIN,
     "Error: service2: cannot start {dir}/service2: No such file or directory\n",
     STARTING2},
    {"not executable", "chmod -x service2" RUN_PLAIN,
     "Error: service2: cannot start {dir}/service2: Permission denied\n", STARTING2},
    {"directory", "rm service1 && mkdir service1" RUN_PLAIN,
     "Error: service1: cannot start {dir}/service1: Permission denied\n", STARTING1},
    {"no program", "echo >service1" RUN_PLAIN,
     "Error: service1: cannot start {dir}/service1: Exec format error\n", STARTING1},
    {"no pipe to service 1", "ulimit -S -n 4" RUN_PLAIN,
     "Error: service1: cannot make a pipe: Too many open files\n", STARTING1},
    {"no pipe from service 1", "ulimit -S -n 6" RUN_PLAIN,
     "Error: service1: cannot make a pipe: Too many open files\n", STARTING1},
    {"no pipe from service 2", "ulimit -S -n 8" RUN_PLAIN,
     "Error: service2: cannot make a pipe: Too many open files\n", STARTING2},
    {"input closed", "true" RUN " <&-", "", NULL},
    {"output closed", "true" RUN " >&-", NO_OUTPUT, ""},
    {"input and output closed", "true" RUN " <&- >&-", NO_OUTPUT, ""},
    {"standard error closed", "true" RUN_PLAIN " 2>&-", "", NULL},
    {"all closed", "true" RUN_PLAIN " <&- >&- 2>&-", "", ""},
    {"service 1 reads a directory",
     "mv service1 real && printf '#!/bin/sh\nexec ./real <.\n' >service1 &&"
     " chmod +x service1" RUN_PLAIN,
     "Error: service1: exited with status 1\n", STARTING2},
    {"SIGCHLD ignored", "exec env --ignore-signal=CHLD $RUN_UNDER ./app", "", NULL},
};

/* A service of the step reads `fill_count` times `fill`, and then `input`. */
struct service_row {
    const char *name;
    const char *service;
    const char *input;
    size_t length; /* of `input`, which may hold a NUL */
    const char *output;
    char fill;
    size_t fill_count;
};

#define BYTES(text) text, sizeof(text) - 1
#define LINE_MAX_FILL (65536 - (sizeof PROCESS - 1))

/* A line that service 1 refuses with an Error, and one after it, which it takes. */
#define REFUSES(line, text)                                                              \
    "service1", BYTES(line "\n" PROCESS "\n"), ERROR(text) "\n" PROCESSED "\n"
#define TAKES(line)                                                                      \
    "service1", BYTES(line "\n" PROCESS "\n"), PROCESSED "\n" PROCESSED "\n"
#define SKIPS(line) "service1", BYTES(line "\n" PROCESS "\n"), PROCESSED "\n"
#define NO_FILL '\0', 0

static const struct service_row service_rows[] = {
    {"not JSON", REFUSES("not JSON", "not JSON, at byte 3"), NO_FILL},
    {"empty line", SKIPS(""), NO_FILL},
    {"carriage return", SKIPS("\r"), NO_FILL},
    {"white space", SKIPS(" \t \r"), NO_FILL},
    {"longest blank line", SKIPS(""), ' ', LINE_SIZE_MAX},
    {"NUL", REFUSES("\0", "not JSON, at byte 1"), NO_FILL},
    {"NUL after a message", REFUSES(PROCESS "\0", "not JSON, at byte 25"), NO_FILL},
    {"NUL in a text",
     REFUSES("\"Shutdown\\u0000\"", "a text contains \\\\u0000, at byte 16"), NO_FILL},
    {"text", REFUSES("{\"Process\":{\"value\":\"42\"}}", BAD_FIELD("value")), NO_FILL},
    {"Shutdown with a value", REFUSES("{\"Shutdown\":{}}", "not a Process message"),
     NO_FILL},
    {"Shutdown in another message",
     TAKES("{\"Process\":{\"value\":42,\"a\":\"Shutdown\"}}"), NO_FILL},
    {"unknown string", REFUSES("\"Restart\"", "not a Process message"), NO_FILL},
    {"for service 2", REFUSES(TRANSFORM, "not a Process message"), NO_FILL},
    {"for service 1", "service2", BYTES(PROCESS "\n" TRANSFORM "\n"),
     ERROR("not a Transform message") "\n" TRANSFORMED "\n", NO_FILL},
    {"longest line", TAKES(PROCESS), ' ', LINE_MAX_FILL},
    {"line too long", REFUSES(PROCESS, "line too long"), ' ', LINE_MAX_FILL + 1},
    {"line much too long", REFUSES(PROCESS, "line too long"), ' ', 1000000},
    {"overflow", "service1", BYTES("{\"Process\":{\"value\":1073741824}}\n"),
     "{\"ProcessResult\":{\"value\":1073741824,\"processed\":false,"
     "\"error\":\"overflow: 1073741824 * 2 exceeds int32_t range\"}}\n",
     NO_FILL},
    {"GetVersion", "service1", BYTES("\"GetVersion\"\n"), VERSION "\n", NO_FILL},
    {"nothing", "service1", BYTES(""), "", NO_FILL},
    {"no newline at the end", "service1", BYTES(PROCESS), PROCESSED "\n", NO_FILL},
    {"longest line without newline", "service1", BYTES(PROCESS), PROCESSED "\n", ' ',
     LINE_MAX_FILL},
    {"line too long without newline", "service1", BYTES(PROCESS),
     ERROR("line too long") "\n", ' ', LINE_MAX_FILL + 1},
    {"blank line at the end", "service1", BYTES(PROCESS "\n "), PROCESSED "\n", NO_FILL},
    {"half a line at the end", "service1", BYTES("{\"Process"),
     ERROR("not JSON, at byte 9") "\n", NO_FILL},
    {"Shutdown", "service1", BYTES("\"Shutdown\"\n" PROCESS "\n"), "", NO_FILL},
    {"Shutdown in white space", "service1", BYTES("\t\"Shutdown\" \r\n" PROCESS "\n"), "",
     NO_FILL},
};

/* An app in a directory of its own. */
struct run {
    char dir[PATH_MAX];
    struct process app;
    long long start;
    int limit_ms; /* from the start to the end */
    int orphans;  /* what the services have started */
};

static struct run slow_runs[COUNT(slow_rows)];
static size_t running; /* of `slow_runs` */

static void make_dir(struct run *run)
{
    static int count;
    char command[128];

    count++;
    snprintf(command, sizeof command,
             "mkdir %d && cp build/bin/app build/bin/service? %d", count, count);
    temp_dir_run(command);
    snprintf(run->dir, sizeof run->dir, "%s/%d", temp_dir(), count);
}

static void start_with_fault(struct run *run, const struct fault_row *row)
{
    char command[PATH_MAX + 64];
    char path[PATH_MAX + 8];

    make_dir(run);
    snprintf(command, sizeof command, "cp build/tests/service_peer %s/%s", run->dir,
             row->service);
    temp_dir_run(command);
    setenv("PEER_AT", row->at, 1);
    setenv("PEER_SAYS", row->says, 1);
    setenv("PEER_THEN", row->then, 1);
    snprintf(path, sizeof path, "%s/app", run->dir);
    process_start(&run->app, (const char *const[]){path, NULL}, NULL);
}

/* A child would be one of the app's, because this program takes on orphans. */
static void assert_no_child(void)
{
    int ended = 0;
    pid_t pid;

    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
        ended++;
    assert_int_equal(pid, -1); /* and not 0: one is alive */
    assert_int_equal(ended, 0);
}

/* What the services have started is ended; an orphan, it becomes a child of this program.
 */
static void reap_orphans(int count)
{
    for (int i = 0; i < count; i++) {
        int status = 0;
        assert_int_not_equal(waitpid(-1, &status, 0), -1);
        assert_true(WIFSIGNALED(status));
    }
}

/* Waits for the app and compares all that it leaves. */
static void finish(struct run *run, const char *expected_errors, const char *last_line)
{
    process_wait(&run->app);
    char *expected = step_expected_output(&doubled, last_line);
    char *errors = step_app_errors(run->app.err.text);
    char *masked = text_replace(errors, &(struct replacement){run->dir, "{dir}"}, 1);

    assert_string_equal(masked, expected_errors);
    assert_string_equal(run->app.out.text, expected);
    assert_int_equal(run->app.exit_status, last_line ? 1 : 0);
    assert_int_equal(run->app.err.fd, -1); /* no service holds it */
    reap_orphans(run->orphans);
    if (running == 0)
        assert_no_child();
    clock_assert_since(run->start, run->limit_ms);

    free(masked);
    free(errors);
    free(expected);
    process_free(&run->app);
}

static void fails_late(void **state)
{
    struct run *run = *state;
    const struct fault_row *row = &slow_rows[run - slow_runs];

    running--;
    finish(run, row->errors, row->last_line);
}

static void fails_at_once(void **state)
{
    const struct fault_row *row = *state;
    struct run run = {.start = clock_ms(), .limit_ms = DEADLINE_MS};

    start_with_fault(&run, row);
    finish(&run, row->errors, row->last_line);
}

static void ends_children_of_services(void **state)
{
    const struct fault_row *row = *state;
    struct run run = {.start = clock_ms(), .limit_ms = DEADLINE_MS, .orphans = 1};

    start_with_fault(&run, row);
    finish(&run, row->errors, row->last_line);
}

static void stops(void **state)
{
    const struct stop_row *row = *state;
    struct run run;

    start_with_fault(&run, &row->fault);
    assert_true(process_wait_for(&run.app, &run.app.err, "] Waiting"));
    run.start = clock_ms();
    process_signal(&run.app, row->signal);
    process_wait(&run.app);
    char *errors = step_app_errors(run.app.err.text);

    assert_string_equal(errors, row->fault.errors);
    assert_int_equal(run.app.exit_status, 128 + row->signal);
    assert_int_equal(run.app.err.fd, -1);
    reap_orphans(row->children);
    assert_no_child();
    clock_assert_since(run.start, DEADLINE_MS / 2);

    free(errors);
    process_free(&run.app);
}

/* As under nohup. */
static void does_not_stop_at_ignored_signal(void **state)
{
    (void)state;
    static const struct fault_row row = {
        "", "service1", "Process", PROCESSED "\n", "signal the app with 1", "", NULL};
    struct run run = {.start = clock_ms(), .limit_ms = DEADLINE_MS};
    struct sigaction before;

    sigaction(SIGHUP, &(struct sigaction){.sa_handler = SIG_IGN}, &before);
    start_with_fault(&run, &row);
    sigaction(SIGHUP, &before, NULL);
    finish(&run, row.errors, row.last_line);
}

static void starts_or_not(void **state)
{
    const struct start_row *row = *state;
    struct run run = {.start = clock_ms(), .limit_ms = DEADLINE_MS};
    char command[PATH_MAX + 128];

    make_dir(&run);
    snprintf(command, sizeof command, "cd %s && %s", run.dir, row->command);
    process_start(&run.app, (const char *const[]){"sh", "-c", command, NULL}, NULL);
    finish(&run, row->errors, row->last_line);
}

/* The services see the end of their input, and end with 0. */
static void services_end_without_app(void **state)
{
    const struct fault_row *row = *state;
    struct run run;

    start_with_fault(&run, row);
    assert_true(process_wait_for(&run.app, &run.app.err, "At its fault"));
    process_signal(&run.app, SIGKILL);
    process_wait(&run.app);

    assert_int_equal(run.app.exit_status, 128 + SIGKILL);
    assert_int_equal(run.app.err.fd, -1);
    for (int i = 0; i < 2; i++) {
        int status = -1;
        assert_int_not_equal(waitpid(-1, &status, 0), -1);
        assert_int_equal(status, 0);
    }
    assert_no_child();

    process_free(&run.app);
}

static void write_input(const struct service_row *row)
{
    FILE *file = fopen("input", "w");
    assert_non_null(file);
    for (size_t i = 0; i < row->fill_count; i++)
        fputc(row->fill, file);
    fwrite(row->input, 1, row->length, file);
    assert_int_equal(fclose(file), 0);
}

static void replies(void **state)
{
    const struct service_row *row = *state;
    struct process service;
    char path[64];

    write_input(row);
    snprintf(path, sizeof path, "build/bin/%s", row->service);
    process_start_from(&service, (const char *const[]){path, NULL}, "input");
    process_wait(&service);

    assert_string_equal(service.out.text, row->output);
    assert_int_equal(service.exit_status, 0);
    assert_non_null(strstr(service.err.text, "Shutting down\n"));
    bool refuses =
        strstr(row->output, "{\"Error\"") && !strstr(row->output, "line too long");
    assert_int_equal(strstr(service.err.text, "] Bad request: ") != NULL, refuses);

    process_free(&service);
}

static void serves_without_a_log(void **state)
{
    (void)state;
    struct process service;
    temp_dir_run("echo '" PROCESS "' >input");
    process_start_from(&service,
                       (const char *const[]){"sh", "-c",
                                             "exec 2>log && ulimit -f 0 && exec \"$0\"",
                                             "build/bin/service1", NULL},
                       "input");
    process_wait(&service);

    assert_string_equal(service.out.text, PROCESSED "\n");
    assert_int_equal(service.exit_status, 0);

    process_free(&service);
}

/* In a pipe with O_DIRECT each write is a packet, and a read takes no more than one. */
static void replies_with_one_write(void **state)
{
    (void)state;
    static const struct service_row row = {
        .input = PROCESS "\n\"GetVersion\"\n",
        .length = sizeof PROCESS - 1 + sizeof "\n\"GetVersion\"\n" - 1,
    };
    char text[4096] = "";
    size_t length = 0;
    ssize_t count;
    int ends[2];
    int status = -1;

    write_input(&row);
    assert_int_equal(pipe2(ends, O_DIRECT | O_CLOEXEC), 0);
    pid_t pid = fork();
    assert_int_not_equal(pid, -1);
    if (pid == 0) {
        dup2(open("input", O_RDONLY), STDIN_FILENO);
        dup2(ends[1], STDOUT_FILENO);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        execl("build/bin/service1", "service1", NULL);
        _exit(EXIT_FAILURE);
    }
    close(ends[1]);
    alarm(10); /* should a reply never come */
    while ((count = read(ends[0], text + length, sizeof text - length - 2)) > 0) {
        length += (size_t)count;
        text[length++] = '|'; /* the end of a packet */
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    alarm(0);
    close(ends[0]);

    assert_int_equal(count, 0);
    assert_string_equal(text, PROCESSED "\n|" VERSION "\n|");
    assert_int_equal(status, 0);
}

/* The pipe of a service may well run dry now and then, but this never does. */
static void reads_no_endless_line(void **state)
{
    (void)state;
    static struct line_channel channel;
    const char *line = NULL;
    size_t length = 0;
    int zeros = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    line_channel_init(&channel, zeros, -1);
    alarm(10); /* should it never return */
    assert_int_equal(line_channel_read(&channel, deadline_in(100), &line, &length),
                     LINE_LATE);
    alarm(0);

    close(zeros);
}

static void start_peer(struct pipe_endpoint *service)
{
    struct error error;

    pipe_endpoint_init(service, "service1");
    if (!pipe_endpoint_start(service, "peer", &error))
        fail_msg("%s", error.text);
}

/* Requests are too short to fill a pipe, but this is not. */
static void writes_to_no_full_pipe(void **state)
{
    (void)state;
    static struct pipe_endpoint service;
    static const char line[1000000];
    setenv("PEER_AT", "start", 1);
    setenv("PEER_THEN", "hang", 1);

    start_peer(&service);
    alarm(10);
    assert_int_equal(
        line_channel_write(&service.channel, deadline_in(100), line, sizeof line),
        LINE_LATE);
    alarm(0);
    pipe_endpoint_kill(&service);
}

static int count_descriptors(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

/* Starts a service and shuts it down, starts it and kills it, and fails to start one. */
static void use_services(void)
{
    static struct pipe_endpoint service;
    struct version_reply version;
    struct error error;

    start_peer(&service);
    if (!pipeline_version(&service.base, "service1", &version, &error) ||
        !pipe_endpoint_shutdown(&service, &error))
        fail_msg("%s", error.text);
    start_peer(&service);
    pipe_endpoint_kill(&service);
    assert_no_child();

    pipe_endpoint_init(&service, "service3");
    assert_false(pipe_endpoint_start(&service, "peer", &error));
}

static void loses_nothing(void **state)
{
    (void)state;
    unsetenv("PEER_AT");

    int before = count_descriptors();
    for (int i = 0; i < 1000; i++)
        use_services();
    assert_int_equal(count_descriptors(), before);
}

/* For the tests that do as app does. It changes what this program does with signals. */
static int become_an_app(void **state)
{
    (void)state;
    struct error error;

    temp_dir_run("mkdir -p peer && cp build/tests/service_peer peer/service1");
    return child_block_signals(&error) ? 0 : -1;
}

/* What the caller of this program has left open is not to be seen in a service. */
static void close_on_exec(void)
{
    for (int fd = STDERR_FILENO + 1; fd < 256; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

/* They run side by side but start in turn, which takes long under a checker. */
static int start_slow_rows(void **state)
{
    close_on_exec();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    if (temp_dir_setup(state) != 0)
        return -1;
    for (; running < COUNT(slow_rows); running++) {
        struct run *run = &slow_runs[running];
        run->start = clock_ms();
        run->limit_ms = 2 * DEADLINE_MS;
        start_with_fault(run, &slow_rows[running]);
        process_wait_for(&run->app, &run->app.err, "At its fault");
    }
    return 0;
}

int main(void)
{
    struct CMUnitTest tests[COUNT(slow_rows) + COUNT(fast_rows) + COUNT(start_rows) +
                            COUNT(killed_rows) + COUNT(service_rows) + COUNT(child_rows) +
                            COUNT(stop_rows) + 6];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(slow_rows); i++)
        tests[count++] = table_test(slow_rows[i].name, fails_late, &slow_runs[i]);
    for (size_t i = 0; i < COUNT(fast_rows); i++)
        tests[count++] = table_test(fast_rows[i].name, fails_at_once, &fast_rows[i]);
    for (size_t i = 0; i < COUNT(child_rows); i++)
        tests[count++] =
            table_test(child_rows[i].name, ends_children_of_services, &child_rows[i]);
    for (size_t i = 0; i < COUNT(stop_rows); i++)
        tests[count++] = table_test(stop_rows[i].fault.name, stops, &stop_rows[i]);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(does_not_stop_at_ignored_signal);
    for (size_t i = 0; i < COUNT(start_rows); i++)
        tests[count++] = table_test(start_rows[i].name, starts_or_not, &start_rows[i]);
    for (size_t i = 0; i < COUNT(killed_rows); i++)
        tests[count++] =
            table_test(killed_rows[i].name, services_end_without_app, &killed_rows[i]);
    for (size_t i = 0; i < COUNT(service_rows); i++)
        tests[count++] = table_test(service_rows[i].name, replies, &service_rows[i]);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(serves_without_a_log);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(replies_with_one_write);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(reads_no_endless_line);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test_setup(writes_to_no_full_pipe, become_an_app);
    tests[count++] =
        (struct CMUnitTest)cmocka_unit_test_setup(loses_nothing, become_an_app);

    return cmocka_run_group_tests_name(STEP " processes", tests, start_slow_rows,
                                       temp_dir_teardown);
}
