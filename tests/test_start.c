/*
 * How programs start. Standard input, output and error may be closed: no socket gets
 * their number then, so that nothing that is printed goes to another program. And a
 * service may be told to stop at once: from its first log line on that is no failure.
 */
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "process.h"
#include "stack.h"
#include "table.h"
#include "temp_dir.h"

#define NO_OUTPUT "Error: cannot write to standard output: Bad file descriptor\n"

struct app_row {
    const char *command;
    const char *errors;
    int exit_status;
};

static const struct app_row app_rows[] = {
    {"exec build/bin/app <&-", "", 0},
    {"exec build/bin/app 2>&-", "", 0},
    {"exec build/bin/app >&-", NO_OUTPUT, 1},
    {"exec build/bin/app <&- >&- 2>&-", "", 1},
    /* So much output that it is written long before the end. */
    {"exec build/bin/app_multi $(seq 64) >&-", NO_OUTPUT, 1},
    {"exec build/bin/app_multi $(seq 64) <&- >&-", NO_OUTPUT, 1},
};

struct service_row {
    const char *command;
    bool closed[3];
};

static const struct service_row service_rows[] = {
    {"exec build/bin/service1 <&-", {true, false, false}},
    {"exec build/bin/service1 2>&-", {false, false, true}},
    {"exec build/bin/service1 >&- 2>&-", {false, true, true}},
    {"exec build/bin/service1 <&- >&- 2>&-", {true, true, true}},
};

static void app_prints_nowhere_else(void **state)
{
    const struct app_row *row = *state;
    struct process app;

    process_run(&app, (const char *const[]){"sh", "-c", row->command, NULL});

    assert_string_equal(app.err.text, row->errors);
    assert_int_equal(app.exit_status, row->exit_status);

    process_free(&app);
}

/* What descriptor `fd` of the program is: a path, or a kind and a number. */
static const char *descriptor(const struct process *process, int fd)
{
    static char target[PATH_MAX];
    char path[64];

    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)process->pid, fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    target[length > 0 ? length : 0] = '\0';
    return target;
}

static bool has_socket(const struct process *process)
{
    for (int fd = 0; fd < 64; fd++) {
        if (strncmp(descriptor(process, fd), "socket:", strlen("socket:")) == 0)
            return true;
    }
    return false;
}

/* It has no log to wait for, so its first socket shows that it has started. */
static void service_logs_nowhere_else(void **state)
{
    const struct service_row *row = *state;
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;
    struct process service;

    process_start(&service, (const char *const[]){"sh", "-c", row->command, NULL}, NULL);
    while (!has_socket(&service) && clock_ms() < deadline)
        process_read(&service, 10);
    for (int fd = 0; fd <= STDERR_FILENO; fd++) {
        if (row->closed[fd])
            assert_string_equal(descriptor(&service, fd), "/dev/null");
    }
    process_signal(&service, SIGTERM);
    process_wait(&service);
    assert_int_equal(service.exit_status, 0);

    process_free(&service);
}

/* Before its first log line it dies of the signal: the system still loads its libraries.
 */
static void stops_from_its_first_line_on(void **state)
{
    const char *path = *state;

    for (int i = 0; i < 50; i++) {
        struct process service;
        process_start(&service, (const char *const[]){path, NULL}, NULL);
        assert_true(process_wait_for(&service, &service.err, " Service"));
        process_signal(&service, SIGTERM);
        process_wait(&service);
        assert_int_equal(service.exit_status, 0);
        process_free(&service);
    }
}

static int start_all(void **state)
{
    stack_start();
    return temp_dir_setup(state);
}

static int stop_all(void **state)
{
    stack_stop();
    return temp_dir_teardown(state);
}

int main(void)
{
    stack_require();
    static const char *const services[] = {"build/bin/service1", "build/bin/service2"};
    struct CMUnitTest tests[COUNT(app_rows) + COUNT(service_rows) + COUNT(services)];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(app_rows); i++)
        tests[count++] =
            table_test(app_rows[i].command, app_prints_nowhere_else, &app_rows[i]);
    for (size_t i = 0; i < COUNT(service_rows); i++)
        tests[count++] = table_test(service_rows[i].command, service_logs_nowhere_else,
                                    &service_rows[i]);
    for (size_t i = 0; i < COUNT(services); i++)
        tests[count++] =
            table_test(services[i], stops_from_its_first_line_on, services[i]);

    return cmocka_run_group_tests_name(STEP " start", tests, start_all, stop_all);
}
