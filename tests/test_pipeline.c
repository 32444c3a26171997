/*
 * What run_pipeline() of steps 03 and 04 passes on, in which order, and that it stops
 * when the double overflows. Both interfaces are implemented here, so no component takes
 * part.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline.h"

static char calls[128]; /* of the fakes below, in order */

static void record(const char *name, int32_t value)
{
    size_t length = strlen(calls);
    snprintf(calls + length, sizeof calls - length, "%s(%" PRId32 ") ", name, value);
}

static struct process_result process(const struct processor *self, int32_t input)
{
    (void)self;
    record("process", input);
    return (struct process_result){.value = 1000, .processed = input == 42};
}

static bool validate(const struct processor *self, const struct process_result *data)
{
    (void)self;
    record("validate", data->value);
    return data->processed;
}

static struct transform_result transform(const struct transformer *self, int32_t input)
{
    (void)self;
    record("transform", input);
    return (struct transform_result){.original = 2000, .transformed = "fake"};
}

static void analyze(const struct transformer *self, const struct transform_result *data,
                    char *buffer, size_t size)
{
    (void)self;
    record("analyze", data->original);
    snprintf(buffer, size, "Analysis of a %s", data->transformed);
}

static const struct processor_ops processor_ops = {.process = process,
                                                   .validate = validate};
static const struct processor processor = {.ops = &processor_ops};
static const struct transformer_ops transformer_ops = {.transform = transform,
                                                       .analyze = analyze};
static const struct transformer transformer = {.ops = &transformer_ops};

static void test_run_pipeline(void **state)
{
    (void)state;
    /* In step 03 it is main() that validates. */
    const char *expected =
        strcmp(STEP, "step03") == 0
            ? "process(42) transform(1000) analyze(2000) "
            : "process(42) validate(1000) transform(1000) analyze(2000) ";

    assert_true(run_pipeline(&processor, &transformer, 42));
    assert_string_equal(calls, expected);

    calls[0] = '\0';
    assert_false(run_pipeline(&processor, &transformer, 1073741824));
    assert_string_equal(calls, "process(1073741824) ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_pipeline),
    };

    return cmocka_run_group_tests_name(STEP " pipeline", tests, NULL, NULL);
}
