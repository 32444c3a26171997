#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component2.h"

static void test_transform(void **state)
{
    (void)state;
    struct component2 comp2;
    component2_init(&comp2);

    struct transform_result data = transformer_transform(&comp2.base, 84);

    assert_int_equal(data.original, 84);
    assert_string_equal(data.transformed, "Value-0084");
}

static void test_analyze(void **state)
{
    (void)state;
    struct component2 comp2;
    component2_init(&comp2);
    struct transform_result data = {.original = 84, .transformed = "Value-0084"};
    char analysis[TRANSFORM_ANALYSIS_SIZE];

    transformer_analyze(&comp2.base, &data, analysis, sizeof analysis);

    assert_string_equal(analysis, "Analysis: 84 maps to Value-0084");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transform),
        cmocka_unit_test(test_analyze),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
