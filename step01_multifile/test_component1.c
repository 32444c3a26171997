#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component1.h"

static void negative_number_are_invalid(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);

    struct component1_data data = component1_process(&comp1, -5);

    assert_true(data.processed);
    assert_int_equal(data.value, -10);
    assert_false(component1_validate(&comp1, &data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negative_number_are_invalid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
