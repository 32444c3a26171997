/*
 * The output of the step's app for 42, byte for byte, against expected/stepNN.txt, and
 * what its services log from their start to their end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "process.h"
#include "stack.h"
#include "step.h"

static const struct pipeline_values values_of_42 = {"42", "84", "Value-0084", "true"};

static void assert_logs(const char *app_err)
{
    for (int service = 1; service <= 2; service++) {
        char *expected = step_expected_log(service);
        char *log = stack_service_log(service, app_err);

        assert_string_equal(log, expected);

        free(log);
        free(expected);
    }
}

static void assert_output_of_42(const char *const argv[])
{
    struct process app;
    stack_start();
    process_run(&app, argv);
    stack_stop();
    char *expected = step_expected_output(&values_of_42, NULL);
    char *masked = step_mask_output(app.out.text);
    char *errors = step_app_errors(app.err.text);

    assert_string_equal(masked, expected);
    assert_string_equal(errors, "");
    assert_int_equal(app.exit_status, 0);
    if (step_under_test()->has_services)
        assert_logs(app.err.text);

    free(errors);
    free(masked);
    free(expected);
    process_free(&app);
    for (int service = 1; service <= 2; service++)
        process_free(stack_service(service));
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
    stack_require();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_argument),
        cmocka_unit_test(with_42),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
