/*
 * The soak program that is ended by a signal leaves nothing running: neither a broker nor
 * services, which become children of this program if it does.
 */
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
#include "process.h"
#include "stack.h"
#include "table.h"

static const int stop_signals[] = {SIGTERM, SIGINT, SIGHUP};

/* How many do not end by themselves; they are killed. */
static int kill_children(void)
{
    char pids[256] = "";
    char *next = pids;
    int count = 0;
    FILE *children = fopen("/proc/thread-self/children", "r");

    assert_non_null(children);
    if (fgets(pids, sizeof pids, children)) {
        for (long pid; (pid = strtol(next, &next, 10)) > 0; count++)
            kill((pid_t)pid, SIGKILL);
    }
    fclose(children);
    return count;
}

static void leaves_nothing(void **state)
{
    const int *stop_signal = *state;
    struct process soak;

    signal(*stop_signal,
           SIG_DFL); /* a shell ignores SIGINT for what is in the background */
    process_start(&soak, (const char *const[]){SOAK_PATH, "100000000", NULL}, NULL);
    assert_true(process_wait_for(&soak, &soak.out, "sending"));
    process_signal(&soak, *stop_signal);
    process_wait(&soak);
    assert_int_equal(soak.exit_status, 128 + *stop_signal);
    process_free(&soak);

    long long deadline = clock_ms() + 5000;
    pid_t ended;
    while ((ended = waitpid(-1, NULL, WNOHANG)) != -1 && clock_ms() < deadline) {
        if (ended == 0)
            usleep(1000);
    }
    assert_int_equal(kill_children(), 0);
}

int main(void)
{
    stack_require();
    struct CMUnitTest tests[COUNT(stop_signals)];

    prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (size_t i = 0; i < COUNT(stop_signals); i++)
        tests[i] =
            table_test(strsignal(stop_signals[i]), leaves_nothing, &stop_signals[i]);
    return cmocka_run_group_tests_name(STEP " soak stop", tests, NULL, NULL);
}
