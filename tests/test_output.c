/*
 * The output of the step's app for 42, byte for byte, against expected/stepNN.txt.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "process.h"
#include "step.h"

static const struct pipeline_values values_of_42 = {"42", "84", "Value-0084", "true"};

static void assert_output_of_42(const char *const argv[])
{
    struct process app;
    process_run(&app, argv);
    char *expected = step_expected_output(&values_of_42, NULL);
    char *masked = step_mask_output(app.out.text);

    assert_string_equal(masked, expected);
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    free(masked);
    free(expected);
    process_free(&app);
}

static void without_argument(void **state)
{
    (void)state;
    assert_output_of_42((const char *const[]){step_app(), NULL});
}

static void with_42(void **state)
{
    (void)state;
    assert_output_of_42((const char *const[]){step_app(), "42", NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_argument),
        cmocka_unit_test(with_42),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
