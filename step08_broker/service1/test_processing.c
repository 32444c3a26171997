#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "processing.h"

static void negative_value_stays_negative(void **state)
{
    (void)state;
    const struct process_request request = {.value = -18};

    struct process_reply reply = process_value(&request);

    assert_true(reply.processed);
    assert_int_equal(reply.value, -36);
}

static void process_doubles_value(void **state)
{
    (void)state;
    const struct process_request request = {.value = 21, .request_id = "x"};

    struct process_reply reply = process_value(&request);

    assert_true(reply.processed);
    assert_int_equal(reply.value, 42);
    assert_string_equal(reply.error, "");
    assert_string_equal(reply.request_id, "x");
}

static void overflow_returns_error(void **state)
{
    (void)state;
    const struct process_request request = {.value = 1073741824};

    struct process_reply reply = process_value(&request);

    assert_false(reply.processed);
    assert_int_equal(reply.value, 1073741824);
    assert_string_equal(reply.error, "overflow: 1073741824 * 2 exceeds int32_t range");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negative_value_stays_negative),
        cmocka_unit_test(process_doubles_value),
        cmocka_unit_test(overflow_returns_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
