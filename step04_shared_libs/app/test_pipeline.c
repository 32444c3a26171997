#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "component1.h"
#include "component2.h"
#include "pipeline.h"

static void test_run_pipeline(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);
    struct component2 comp2;
    component2_init(&comp2);

    assert_true(run_pipeline(&comp1.base, &comp2.base, 42));
    assert_false(run_pipeline(&comp1.base, &comp2.base, 1073741824));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_pipeline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
