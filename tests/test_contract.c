/*
 * The contract that the apps of all steps keep, from one table of inputs: what they print
 * for good values, where they stop when the double does not fit, what they refuse.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "process.h"
#include "stack.h"
#include "step.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct good_row {
    const char *argument;
    struct pipeline_values values;
};

static const struct good_row good_rows[] = {
    {"42", {"42", "84", "Value-0084", "true"}},
    {"0", {"0", "0", "Value-0000", "false"}},
    {"-0", {"0", "0", "Value-0000", "false"}},
    {"1", {"1", "2", "Value-0002", "true"}},
    {"-1", {"-1", "-2", "Value--002", "false"}},
    {"-18", {"-18", "-36", "Value--036", "false"}},
    {"21", {"21", "42", "Value-0042", "true"}},
    {"+7", {"7", "14", "Value-0014", "true"}},
    {"00042", {"42", "84", "Value-0084", "true"}},
    {"4999", {"4999", "9998", "Value-9998", "true"}},
    {"5000", {"5000", "10000", "Value-10000", "true"}},
    {"-500", {"-500", "-1000", "Value--1000", "false"}},
    {"1073741823", {"1073741823", "2147483646", "Value-2147483646", "true"}},
    {"-1073741824", {"-1073741824", "-2147483648", "Value--2147483648", "false"}},
};

struct overflow_row {
    const char *argument;
    const char *error;
};

static const struct overflow_row overflow_rows[] = {
    {"1073741824", "Error: overflow: 1073741824 * 2 exceeds int32_t range\n"},
    {"-1073741825", "Error: overflow: -1073741825 * 2 exceeds int32_t range\n"},
    {"2147483647", "Error: overflow: 2147483647 * 2 exceeds int32_t range\n"},
    {"-2147483648", "Error: overflow: -2147483648 * 2 exceeds int32_t range\n"},
};

struct refused_row {
    const char *arguments[3];
    const char *error;
};

static const struct refused_row refused_rows[] = {
    {{"abc"}, "Error: 'abc' is not a 32-bit integer\n"},
    {{""}, "Error: '' is not a 32-bit integer\n"},
    {{"-"}, "Error: '-' is not a 32-bit integer\n"},
    {{"--"}, "Error: '--' is not a 32-bit integer\n"},
    {{"--help"}, "Error: '--help' is not a 32-bit integer\n"},
    {{"+-1"}, "Error: '+-1' is not a 32-bit integer\n"},
    {{" 42"}, "Error: ' 42' is not a 32-bit integer\n"},
    {{"42 "}, "Error: '42 ' is not a 32-bit integer\n"},
    {{"4 2"}, "Error: '4 2' is not a 32-bit integer\n"},
    {{"42.0"}, "Error: '42.0' is not a 32-bit integer\n"},
    {{"1e3"}, "Error: '1e3' is not a 32-bit integer\n"},
    {{"0x2A"}, "Error: '0x2A' is not a 32-bit integer\n"},
    {{"2147483648"}, "Error: '2147483648' is not a 32-bit integer\n"},
    {{"-2147483649"}, "Error: '-2147483649' is not a 32-bit integer\n"},
    {{"4294967338"}, "Error: '4294967338' is not a 32-bit integer\n"},
    {{"99999999999999999999"}, "Error: '99999999999999999999' is not a 32-bit integer\n"},
    {{"\xc3\xa9"}, "Error: '\xc3\xa9' is not a 32-bit integer\n"},
    {{"4\n2"}, "Error: '4?2' is not a 32-bit integer\n"},
    {{"\x1b[2J\x7f"}, "Error: '?[2J?' is not a 32-bit integer\n"},
    {{"\xc2\x80\xc2\x9f\xc2\xa0"}, "Error: '??\xc2\xa0' is not a 32-bit integer\n"},
    {{"42", "43"}, "Error: unexpected argument '43'\n"},
    {{"42", "4\n3"}, "Error: unexpected argument '4?3'\n"},
    {{"abc", "43"}, "Error: unexpected argument '43'\n"},
    {{"42", "43", "44"}, "Error: unexpected argument '43'\n"},
};

static void accepts(void **state)
{
    const struct good_row *row = *state;
    struct process app;
    process_run(&app, (const char *const[]){step_app(), row->argument, NULL});
    char *expected = step_expected_output(&row->values, NULL);
    char *masked = step_mask_output(app.out.text);

    assert_string_equal(masked, expected);
    assert_int_equal(app.exit_status, 0);

    free(masked);
    free(expected);
    process_free(&app);
}

static void overflows(void **state)
{
    const struct overflow_row *row = *state;
    const struct pipeline_values values = {.input = row->argument};
    struct process app;
    process_run(&app, (const char *const[]){step_app(), row->argument, NULL});
    char *expected =
        step_expected_output(&values, step_under_test()->last_before_overflow);
    char *masked = step_mask_output(app.out.text);
    char *errors = step_app_errors(app.err.text);

    assert_string_equal(masked, expected);
    assert_null(strstr(app.out.text, "Value-"));
    assert_string_equal(errors, row->error);
    assert_int_equal(app.exit_status, 1);

    free(errors);
    free(masked);
    free(expected);
    process_free(&app);
}

static void refuses(void **state)
{
    const struct refused_row *row = *state;
    const char *const argv[] = {step_app(), row->arguments[0], row->arguments[1],
                                row->arguments[2], NULL};
    char expected[256];
    struct process app;
    process_run(&app, argv);
    snprintf(expected, sizeof expected, "%s%s", row->error, step_under_test()->usage);

    assert_string_equal(app.out.text, "");
    assert_string_equal(app.err.text, expected);
    assert_int_equal(app.exit_status, 2);

    process_free(&app);
}

static void reports_a_full_disk(void **state)
{
    (void)state;
    struct process app;
    process_start(&app, (const char *const[]){step_app(), NULL}, "/dev/full");
    process_wait(&app);
    char *errors = step_app_errors(app.err.text);

    assert_string_equal(
        errors, "Error: cannot write to standard output: No space left on device\n");
    assert_int_equal(app.exit_status, 1);

    free(errors);
    process_free(&app);
}

/* Standard output, and in the second row standard error, too, is a file with a limit. */
static const char *const limits[] = {
    "file=$(mktemp) && exec >\"$file\" && rm \"$file\" && ulimit -f 0 && exec \"$0\"",
    "file=$(mktemp) && exec >\"$file\" 2>&1 && rm \"$file\" && ulimit -f 0 && exec "
    "\"$0\"",
};

static void reports_a_file_at_its_limit(void **state)
{
    const char *command = *state;
    struct process app;
    process_run(&app, (const char *const[]){"sh", "-c", command, step_app(), NULL});
    char *errors = step_app_errors(app.err.text);

    assert_string_equal(errors,
                        command == limits[0]
                            ? "Error: cannot write to standard output: File too large\n"
                            : "");
    assert_int_equal(app.exit_status, 1);

    free(errors);
    process_free(&app);
}

static int start_stack(void **state)
{
    (void)state;
    stack_start();
    return 0;
}

static int stop_stack(void **state)
{
    (void)state;
    stack_stop();
    return 0;
}

int main(void)
{
    stack_require();
    struct CMUnitTest tests[COUNT(good_rows) + COUNT(overflow_rows) +
                            COUNT(refused_rows) + COUNT(limits) + 1] = {{0}};
    size_t count = 0;

    for (size_t i = 0; i < COUNT(good_rows); i++)
        tests[count++] = (struct CMUnitTest){.name = good_rows[i].argument,
                                             .test_func = accepts,
                                             .initial_state = (void *)&good_rows[i]};
    for (size_t i = 0; i < COUNT(overflow_rows); i++)
        tests[count++] = (struct CMUnitTest){.name = overflow_rows[i].argument,
                                             .test_func = overflows,
                                             .initial_state = (void *)&overflow_rows[i]};
    for (size_t i = 0; i < COUNT(refused_rows); i++)
        tests[count++] = (struct CMUnitTest){.name = refused_rows[i].error,
                                             .test_func = refuses,
                                             .initial_state = (void *)&refused_rows[i]};
#ifdef __SANITIZE_THREAD__
    const size_t limit_count = 0; /* its runtime is killed before main() is called */
#else
    const size_t limit_count = COUNT(limits);
#endif
    for (size_t i = 0; i < limit_count; i++)
        tests[count++] = (struct CMUnitTest){.name = "ulimit -f 0",
                                             .test_func = reports_a_file_at_its_limit,
                                             .initial_state = (void *)limits[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(reports_a_full_disk);

    return cmocka_run_group_tests_name(STEP " contract", tests, start_stack, stop_stack);
}
