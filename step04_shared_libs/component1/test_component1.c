#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The source, not the header: this test sees what is static in it. */
#include "component1.c"

static void test_validate(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);

    struct process_result data = processor_process(&comp1.base, -5);

    assert_true(data.processed);
    assert_int_equal(data.value, -10);
    assert_false(processor_validate(&comp1.base, &data));
    data.value = 10;
    assert_true(processor_validate(&comp1.base, &data));
    data.processed = false;
    assert_false(processor_validate(&comp1.base, &data));
}

static void test_process(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);

    struct process_result data = processor_process(&comp1.base, 21);

    assert_true(data.processed);
    assert_int_equal(data.value, 42);
    assert_true(double_fits(1073741823));
    assert_false(double_fits(1073741824));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validate),
        cmocka_unit_test(test_process),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
