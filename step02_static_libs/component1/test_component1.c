#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The source, not the header: this test sees what is static in it. */
#include "component1.c"

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

static void test_process(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);

    struct component1_data data = component1_process(&comp1, 21);

    assert_true(data.processed);
    assert_int_equal(data.value, 42);
    assert_true(double_fits(1073741823));
    assert_false(double_fits(1073741824));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negative_number_are_invalid),
        cmocka_unit_test(test_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
