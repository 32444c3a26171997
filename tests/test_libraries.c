/*
 * What step 04 says of shared libraries: the app needs them when it starts, they export
 * what their headers show and nothing else, and a rebuilt one takes effect without
 * linking the app again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "exports.h"
#include "process.h"
#include "step.h"
#include "temp_dir.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

struct dynamic_row {
    const char *name;
    const char *file;
    const char *entry; /* of its dynamic section: major version only */
};

static const struct dynamic_row dynamic_rows[] = {
    {"app needs 1", "build/bin/app", "Shared library: [libcomponent1.so.0]"},
    {"app needs 2", "build/bin/app", "Shared library: [libcomponent2.so.0]"},
    {"name of 1", "build/lib/libcomponent1.so", "Library soname: [libcomponent1.so.0]"},
    {"name of 2", "build/lib/libcomponent2.so", "Library soname: [libcomponent2.so.0]"},
};

struct export_row {
    const char *file;
    const char *names;
};

static const struct export_row export_rows[] = {
    {"build/bin/app", ""},
    {"build/lib/libcomponent1.so", "component1_init\ncomponent1_version\n"},
    {"build/lib/libcomponent2.so", "component2_init\ncomponent2_version\n"},
};

struct missing_row {
    const char *library;
    const char *removal;
};

static const struct missing_row missing_rows[] = {
    {"libcomponent1.so.0", "rm lib/libcomponent1.so.0"},
    {"libcomponent2.so.0", "rm lib/libcomponent2.so.0"},
};

static void has_dynamic_entry(void **state)
{
    const struct dynamic_row *row = *state;
    struct process readelf;
    /* In a shell, because it is not readelf that RUN_UNDER shall check. */
    process_run(&readelf,
                (const char *const[]){"sh", "-c", "readelf -d $0", row->file, NULL});

    assert_int_equal(readelf.exit_status, 0);
    assert_non_null(strstr(readelf.out.text, row->entry));

    process_free(&readelf);
}

static void exports_only(void **state)
{
    const struct export_row *row = *state;
    char *names = exports_of(row->file);

    assert_string_equal(names, row->names);

    free(names);
}

/* The app finds its libraries in ../lib, so a copy of both directories is a whole one. */
static void copy_the_app(void)
{
    temp_dir_run("mkdir bin lib && cp build/bin/app bin && cp build/lib/*.so.0 lib");
}

static void does_not_start_without(void **state)
{
    const struct missing_row *row = *state;
    struct process app;
    copy_the_app();
    temp_dir_run(row->removal);
    process_run(&app, (const char *const[]){"bin/app", NULL});

    assert_string_equal(app.out.text, "");
    assert_non_null(strstr(app.err.text, row->library));
    assert_int_not_equal(app.exit_status, 0);

    process_free(&app);
}

static void assert_copy_prints(const struct pipeline_values *values)
{
    struct process app;
    process_run(&app, (const char *const[]){"bin/app", "42", NULL});
    char *expected = step_expected_output(values, NULL);

    assert_string_equal(app.out.text, expected);
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    free(expected);
    process_free(&app);
}

static void uses_a_rebuilt_library(void **state)
{
    (void)state;
    copy_the_app();
    assert_copy_prints(&(struct pipeline_values){"42", "84", "Value-0084", "true"});

    temp_dir_run("cp build/tests/replacement/libcomponent1.so.0 lib");
    assert_copy_prints(&(struct pipeline_values){"42", "126", "Value-0126", "true"});
}

static struct CMUnitTest test(const char *name, CMUnitTestFunction run, const void *row)
{
    return (struct CMUnitTest){.name = name,
                               .test_func = run,
                               .setup_func = temp_dir_setup,
                               .teardown_func = temp_dir_teardown,
                               .initial_state = (void *)row};
}

int main(void)
{
    setenv("LC_ALL", "C", 1); /* readelf speaks many languages */
    struct CMUnitTest
        tests[COUNT(dynamic_rows) + COUNT(export_rows) + COUNT(missing_rows) + 1];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(dynamic_rows); i++)
        tests[count++] = test(dynamic_rows[i].name, has_dynamic_entry, &dynamic_rows[i]);
    for (size_t i = 0; i < COUNT(export_rows); i++)
        tests[count++] = test(export_rows[i].file, exports_only, &export_rows[i]);
    for (size_t i = 0; i < COUNT(missing_rows); i++)
        tests[count++] =
            test(missing_rows[i].removal, does_not_start_without, &missing_rows[i]);
    tests[count] = test("uses a rebuilt library", uses_a_rebuilt_library, NULL);

    return cmocka_run_group_tests_name(STEP " libraries", tests, NULL, NULL);
}
