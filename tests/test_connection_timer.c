/*
 * The time limit of the connections of step 07, on pairs of sockets: the other end finds
 * out when the input of a connection is over, because it can write no more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "connection_timer.h"

static struct connection_timers timers = {.mutex = PTHREAD_MUTEX_INITIALIZER};

static void open_pair(int pair[2])
{
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
}

static void close_pair(const int pair[2])
{
    close(pair[0]);
    close(pair[1]);
}

static bool takes_input(const int pair[2])
{
    connection_timer_expire(&timers);
    return send(pair[1], "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

/* Makes the timer of a connection one that has run for `milliseconds` more. */
static void let_pass(const int pair[2], int milliseconds)
{
    timers.deadlines[pair[0]] -= milliseconds;
}

static void ends_input_at_deadline(void **state)
{
    (void)state;
    int late[2];
    int other[2];
    open_pair(late);
    open_pair(other);
    connection_timer_start(&timers, late[0]);
    connection_timer_start(&timers, other[0]);

    let_pass(late, CONNECTION_TIMER_MS / 2);
    assert_true(takes_input(late));
    let_pass(late, CONNECTION_TIMER_MS / 2);
    assert_false(takes_input(late));
    assert_int_equal(send(late[0], "a", 1, MSG_NOSIGNAL), 1); /* the reply goes out */
    assert_true(takes_input(other));

    connection_timer_stop(&timers, other[0]);
    close_pair(late);
    close_pair(other);
}

static void starts_again(void **state)
{
    (void)state;
    int pair[2];
    open_pair(pair);
    connection_timer_start(&timers, pair[0]);

    let_pass(pair, CONNECTION_TIMER_MS);
    connection_timer_start(&timers, pair[0]);
    assert_true(takes_input(pair));

    connection_timer_stop(&timers, pair[0]);
    close_pair(pair);
}

/* Its number may belong to something else then. */
static void leaves_a_stopped_one_alone(void **state)
{
    (void)state;
    int pair[2];
    open_pair(pair);
    connection_timer_start(&timers, pair[0]);

    let_pass(pair, CONNECTION_TIMER_MS);
    connection_timer_stop(&timers, pair[0]);
    assert_true(takes_input(pair));
    close_pair(pair);
}

static void ends_once(void **state)
{
    (void)state;
    int pair[2];
    int next[2];
    open_pair(pair);
    connection_timer_start(&timers, pair[0]);
    let_pass(pair, CONNECTION_TIMER_MS);
    assert_false(takes_input(pair));

    open_pair(next);
    assert_int_equal(dup2(next[0], pair[0]), pair[0]);
    assert_true(takes_input(next));
    close_pair(pair);
    close_pair(next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_input_at_deadline),
        cmocka_unit_test(starts_again),
        cmocka_unit_test(leaves_a_stopped_one_alone),
        cmocka_unit_test(ends_once),
    };

    return cmocka_run_group_tests_name(STEP " connection timer", tests, NULL, NULL);
}
