#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "transformation.h"

static void transform_formats_value(void **state)
{
    (void)state;
    const struct transform_request request = {.value = 12345};

    struct transform_reply reply = transform_value(&request);

    assert_int_equal(reply.original, 12345);
    assert_string_equal(reply.transformed, "Value-12345");
}

static void transform_pads_small_value(void **state)
{
    (void)state;
    const struct transform_request request = {.value = 84, .request_id = "x"};

    struct transform_reply reply = transform_value(&request);

    assert_int_equal(reply.original, 84);
    assert_string_equal(reply.transformed, "Value-0084");
    assert_string_equal(reply.request_id, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(transform_formats_value),
        cmocka_unit_test(transform_pads_small_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
