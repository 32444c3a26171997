/*
 * What step 05 says of plugins: one can be replaced, and the app refuses what it cannot
 * trust, each with a line of its own and before it calls anything in it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "exports.h"
#include "plugin_loader.h"
#include "process.h"
#include "step.h"
#include "temp_dir.h"
#include "text.h"
#include "usage.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* The shell puts a plugin of tests/plugins in the place of one of the step's. */
#define PROCESSOR(fault) "cp build/tests/plugins/processor_" fault ".so component1.so"
#define TRANSFORMER(fault) "cp build/tests/plugins/transformer_" fault ".so component2.so"

static const struct pipeline_values doubled = {"42", "84", "Value-0084", "true"};
static const struct pipeline_values tripled = {"42", "126", "Value-0126", "true"};

/* Each row starts with the plugins of the step in the test's directory. */
struct accepted_row {
    const char *name;
    const char *command;    /* what is changed there */
    const char *plugin_dir; /* NULL: the test's directory, as an absolute path */
    const struct pipeline_values *values;
    const char *unloading; /* of component 1: the app's line and the plugin's own */
};

#define UNLOADING "Unloading Component1 DLL...\n"
#define DESTROYED "\t[Component1 DLL] Destroyed\n"
#define UNLOADED "\t[Component1 DLL] Unloaded\n"

static const struct accepted_row accepted_rows[] = {
    {"as built", "true", NULL, &doubled, UNLOADING},
    {"directory without a slash", "mkdir -m 755 sub_dir && mv component?.so sub_dir",
     "sub_dir", &doubled, UNLOADING},
    {"another component 1", "cp build/tests/replacement/component1.so .", NULL, &tripled,
     UNLOADING},
    {"function called like one of the app", PROCESSOR("none"), NULL, &doubled,
     DESTROYED UNLOADING UNLOADED},
    {"never unloaded", PROCESSOR("nodelete"), NULL, &doubled, DESTROYED UNLOADING},
    {"large struct", PROCESSOR("large_struct_size"), NULL, &doubled,
     DESTROYED UNLOADING UNLOADED},
};

struct refused_row {
    const char *name;
    const char *command;
    const char *file;   /* the one that is refused */
    const char *error;  /* after "Error: plugin " */
    const char *output; /* after "Loading ... DLL from: ..." */
};

#define FILE1 "{plugin_dir}/component1.so: "
#define FILE2 "{plugin_dir}/component2.so: "
#define LOADED1 "Component1 DLL loaded\nComponent1 version: 0.1.0\n"
#define LOADED2 "Component2 DLL loaded\nComponent2 version: 0.2.0\n"
#define CREATED1 LOADED1 "\t[Component1 DLL] Initialized\n"
#define CREATED2 LOADED2 "\t[Component2 DLL] Initialized\n"
#define DESTROYED2 "\t[Component2 DLL] Destroyed\n"

/* The header alone, with another byte at a place. */
#define HEADER_WITH(place, byte)                                                         \
    "head -c 64 build/bin/component1.so >component1.so && "                              \
    "printf '" byte "' | dd of=component1.so bs=1 seek=" place " conv=notrunc"

static const struct refused_row refused_rows[] = {
    {"no file", "rm component1.so", "component1.so", FILE1 "No such file or directory",
     ""},
    {"dead link", "ln -sf nowhere component1.so", "component1.so",
     FILE1 "No such file or directory", ""},
    {"directory", "rm component1.so && mkdir component1.so", "component1.so",
     FILE1 "expected a regular file, found a directory", ""},
    {"FIFO", "rm component1.so && mkfifo component1.so", "component1.so",
     FILE1 "expected a regular file, found a FIFO", ""},
    {"device", "ln -sf /dev/null component1.so", "component1.so",
     FILE1 "expected a regular file, found a special file", ""},
    {"writable by group", "chmod 620 component1.so", "component1.so",
     FILE1 "expected a file that only its owner can write, found mode 620", ""},
    {"writable by others", "chmod 602 component1.so", "component1.so",
     FILE1 "expected a file that only its owner can write, found mode 602", ""},
    {"directory writable by group", "chmod 770 .", "component1.so",
     FILE1 "expected a directory that only its owner can write, found mode 770", ""},
    {"directory like /tmp", "chmod 1777 .", "component1.so",
     FILE1 "expected a directory that only its owner can write, found mode 1777", ""},
    {"other class", HEADER_WITH("4", "\\001"), "component1.so",
     FILE1 "cannot be loaded: " FILE1 "wrong ELF class: ELFCLASS32", ""},
    {"other byte order", HEADER_WITH("5", "\\002"), "component1.so",
     FILE1 "cannot be loaded: " FILE1 "ELF file data encoding not little-endian", ""},
    {"text", "printf '%0100d' 0 >component1.so", "component1.so",
     FILE1 "cannot be loaded: " FILE1 "invalid ELF header", ""},
    {"only a header", "head -c 64 build/bin/component1.so >component1.so",
     "component1.so", FILE1 "expected a whole file, found a part of one", ""},
    {"cut off in the code", "head -c 4097 build/bin/component1.so >component1.so",
     "component1.so", FILE1 "expected a whole file, found a part of one", ""},
    {"undefined symbol", PROCESSOR("undefined_symbol"), "component1.so",
     FILE1 "cannot be loaded: " FILE1 "undefined symbol: defined_nowhere", ""},
    {"no symbol", PROCESSOR("other_symbol"), "component1.so",
     FILE1 "expected the symbol processor_plugin, found none", ""},
    {"wrong kind for 1", "cp component2.so component1.so", "component1.so",
     FILE1 "expected the symbol processor_plugin, found a plugin of another kind", ""},
    {"wrong kind for 2", "cp component1.so component2.so", "component2.so",
     FILE2 "expected the symbol transformer_plugin, found a plugin of another kind", ""},
    {"other ABI version", PROCESSOR("other_abi_version"), "component1.so",
     FILE1 "expected ABI version 1, found 2", ""},
    {"small struct", PROCESSOR("small_struct_size"), "component1.so",
     FILE1 "expected a struct of at least 40 bytes, found 8", ""},
    {"NULL name", PROCESSOR("null_name"), "component1.so",
     FILE1 "expected a name, found NULL", ""},
    {"NULL version", PROCESSOR("null_version"), "component1.so",
     FILE1 "expected a version, found NULL", ""},
    {"NULL create", PROCESSOR("null_create"), "component1.so",
     FILE1 "expected a create, found NULL", ""},
    {"NULL destroy", PROCESSOR("null_destroy"), "component1.so",
     FILE1 "expected a destroy, found NULL", ""},
    {"NULL processor", PROCESSOR("null_instance"), "component1.so",
     FILE1 "expected a processor, found NULL", CREATED1},
    {"processor with NULL ops", PROCESSOR("null_ops"), "component1.so",
     FILE1 "expected all operations, found NULL", CREATED1 DESTROYED},
    {"NULL process", PROCESSOR("null_process"), "component1.so",
     FILE1 "expected all operations, found NULL", CREATED1 DESTROYED},
    {"NULL validate", PROCESSOR("null_validate"), "component1.so",
     FILE1 "expected all operations, found NULL", CREATED1 DESTROYED},
    {"refusal that is no overflow", PROCESSOR("refusal"), "component1.so",
     FILE1 "value not processed",
     CREATED1 "\t[Component1 DLL] Processing value: 42\n" DESTROYED},
    {"NULL transformer", TRANSFORMER("null_instance"), "component2.so",
     FILE2 "expected a transformer, found NULL", CREATED2},
    {"transformer with NULL ops", TRANSFORMER("null_ops"), "component2.so",
     FILE2 "expected all operations, found NULL", CREATED2 DESTROYED2},
    {"NULL transform", TRANSFORMER("null_transform"), "component2.so",
     FILE2 "expected all operations, found NULL", CREATED2 DESTROYED2},
    {"NULL analyze", TRANSFORMER("null_analyze"), "component2.so",
     FILE2 "expected all operations, found NULL", CREATED2 DESTROYED2},
};

/* What plugins say is shown as text, whatever they say. */
struct text_row {
    const char *name;
    const char *command;
    const char *plugin_dir;
    const char *shown;
};

#define X31 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X63 X31 "x" X31
#define Y63 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"

static const struct text_row text_rows[] = {
    {"newline in the directory", "mkdir -m 755 'a\nb' && mv component?.so 'a\nb'", "a\nb",
     "Loading component1 DLL from: a?b/component1.so\n"},
    {"control characters in name and version", PROCESSOR("control_texts"), ".",
     "A?Error: ?[2J DLL loaded\nA?Error: ?[2J version: 0?\n"},
    {"name and version without a NUL", PROCESSOR("endless_texts"), ".",
     X63 " DLL loaded\n" X63 " version: " X63 "\n"},
    {"control characters in results", TRANSFORMER("control_texts"), ".",
     "transformed: \"A??\" }\nB?Error: ?\n"},
    {"results without a NUL", TRANSFORMER("endless_texts"), ".",
     "transformed: \"" X31 "\" }\n" Y63 "\n"},
};

static const char *const bad_arguments[][4] = {
    {"--plugins"},
    {"42", "--plugins"},
    {"--plugins", ""},
    {"42", "--plugins", ""},
};

struct export_row {
    const char *file;
    const char *names;
};

static const struct export_row export_rows[] = {
    {"build/bin/app", ""},
    {"build/bin/component1.so", "processor_plugin\n"},
    {"build/bin/component2.so", "transformer_plugin\n"},
};

/* `text` with {plugin_dir} where it names `dir`. The caller frees it. */
static char *mask(const char *text, const char *dir)
{
    return text_replace(text, &(struct replacement){dir, "{plugin_dir}"}, 1);
}

static void run_app(struct process *app, const char *command, const char *plugin_dir)
{
    temp_dir_run("cp build/bin/component?.so .");
    temp_dir_run(command);
    process_run(app,
                (const char *const[]){step_app(), "42", "--plugins", plugin_dir, NULL});
}

static void accepts(void **state)
{
    const struct accepted_row *row = *state;
    const char *plugin_dir = row->plugin_dir ? row->plugin_dir : temp_dir();
    struct process app;
    run_app(&app, row->command, plugin_dir);
    char *of_the_step = step_expected_output(row->values, NULL);
    char *expected =
        text_replace(of_the_step, &(struct replacement){UNLOADING, row->unloading}, 1);
    char *masked = mask(app.out.text, plugin_dir);

    assert_string_equal(masked, expected);
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    free(masked);
    free(expected);
    free(of_the_step);
    process_free(&app);
}

/* Standard output up to the line that says that `file` is loaded, and then `rest`. */
static char *output_until(const char *file, const char *rest)
{
    char line[128];
    snprintf(line, sizeof line, "{plugin_dir}/%s\n", file);
    char *start = step_expected_output(&doubled, line);
    char *whole = NULL;
    assert_int_not_equal(asprintf(&whole, "%s%s", start, rest), -1);
    free(start);
    return whole;
}

static void refuses(void **state)
{
    const struct refused_row *row = *state;
    char error[512];
    struct process app;
    run_app(&app, row->command, temp_dir());
    snprintf(error, sizeof error, "Error: plugin %s\n", row->error);
    char *expected = output_until(row->file, row->output);
    char *masked = mask(app.out.text, temp_dir());
    char *masked_error = mask(app.err.text, temp_dir());

    assert_string_equal(masked_error, error);
    assert_string_equal(masked, expected);
    assert_null(strstr(app.out.text, "Value-"));
    assert_false(app.timed_out);
    assert_int_equal(app.exit_status, 1);

    free(masked_error);
    free(masked);
    free(expected);
    process_free(&app);
}

static void shows_text(void **state)
{
    const struct text_row *row = *state;
    struct process app;
    run_app(&app, row->command, row->plugin_dir);

    assert_non_null(strstr(app.out.text, row->shown));
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    process_free(&app);
}

static void refuses_arguments(void **state)
{
    const char *const *arguments = *state;
    const char *const argv[] = {step_app(), arguments[0], arguments[1], arguments[2],
                                NULL};
    char expected[256];
    struct process app;
    process_run(&app, argv);
    snprintf(expected, sizeof expected, "Error: --plugins needs a directory\n%s",
             step_under_test()->usage);

    assert_string_equal(app.out.text, "");
    assert_string_equal(app.err.text, expected);
    assert_int_equal(app.exit_status, 2);

    process_free(&app);
}

/* The app always makes a path of what it is given, so this asks its loader. */
static void refuses_a_bare_name(void **state)
{
    (void)state;
    struct plugin_handle handle;
    struct error error;
    temp_dir_run("cp build/bin/component1.so .");

    assert_false(plugin_load(&handle, "component1.so", PROCESSOR_PLUGIN_SYMBOL, &error));
    assert_string_equal(error.text,
                        "plugin component1.so: expected a path, found a bare name");
}

/* Nobody sees that from outside: the app that is refused a plugin ends. */
static void closes_what_it_refuses(void **state)
{
    const char *command = *state;
    struct plugin_handle handle;
    struct error error;
    temp_dir_run(command);

    assert_false(
        plugin_load(&handle, "./component1.so", PROCESSOR_PLUGIN_SYMBOL, &error));
    assert_null(dlopen("./component1.so", RTLD_NOW | RTLD_NOLOAD));
}

/* Puts the files of the test's directory in the place of component1.so, over and over. */
static void *swap_files(void *user)
{
    static const char *const files[] = {"checked.so", "fifo", "open_to_all.so"};
    atomic_bool *stop = user;

    for (size_t i = 0; !*stop; i = (i + 1) % COUNT(files)) {
        if (link(files[i], "next") == 0)
            rename("next", "component1.so");
    }
    return NULL;
}

/* Nothing is loaded that was not checked, and nothing waits for a FIFO. */
static void loads_what_it_checked(void **state)
{
    (void)state;
    atomic_bool stop = false;
    pthread_t thread;
    int loaded = 0;
    int unchecked = 0;
    long long end = clock_ms() + 1000;
    temp_dir_run("cp build/bin/component1.so checked.so && mkfifo fifo && "
                 "cp build/tests/replacement/component1.so open_to_all.so && "
                 "chmod 777 open_to_all.so && cp checked.so component1.so");

    assert_int_equal(pthread_create(&thread, NULL, swap_files, &stop), 0);
    alarm(PROCESS_DEADLINE_MS / 1000);
    while (clock_ms() < end || loaded < 10) {
        struct plugin_handle handle;
        struct error error;
        if (!plugin_load(&handle, "./component1.so", PROCESSOR_PLUGIN_SYMBOL, &error))
            continue;
        struct processor *processor = plugin_create_processor(&handle, &error);
        unchecked += processor_process(processor, 1).value != 2;
        handle.plugin->destroy(processor);
        plugin_unload(&handle);
        loaded++;
    }
    alarm(0);
    stop = true;
    pthread_join(thread, NULL);
    assert_int_equal(unchecked, 0);
}

/* Only root can give a file to somebody else. */
static void refuses_files_of_others(void **state)
{
    const char *what = *state;
    char command[64];
    char expected[256];
    struct plugin_handle handle;
    struct error error;
    if (geteuid() != 0)
        skip();
    temp_dir_run("cp build/bin/component1.so .");
    snprintf(command, sizeof command, "chown 12345 %s",
             strcmp(what, "file") == 0 ? "component1.so" : ".");
    temp_dir_run(command);
    snprintf(expected, sizeof expected,
             "plugin ./component1.so: expected a %s of this user or root, found user "
             "12345",
             what);

    assert_false(
        plugin_load(&handle, "./component1.so", PROCESSOR_PLUGIN_SYMBOL, &error));
    assert_string_equal(error.text, expected);
}

/* What cannot be had: a constructor runs in dlopen(), before any check of the struct. */
static void cannot_keep_a_plugin_from_exiting(void **state)
{
    (void)state;
    struct process app;
    run_app(&app, PROCESSOR("exit"), temp_dir());
    char *expected = output_until("component1.so", "");
    char *masked = mask(app.out.text, temp_dir());

    assert_string_equal(masked, expected);
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    free(masked);
    free(expected);
    process_free(&app);
}

static void keeps_symbols_apart(void **state)
{
    (void)state;
    struct plugin_handle handle;
    struct error error;
    temp_dir_run("cp build/bin/component1.so .");

    assert_true(plugin_load(&handle, "./component1.so", PROCESSOR_PLUGIN_SYMBOL, &error));
    void *found = dlsym(RTLD_DEFAULT, PROCESSOR_PLUGIN_SYMBOL);
    plugin_unload(&handle);
    assert_null(found);
}

static void makes_instances_that_stand_alone(void **state)
{
    (void)state;
    struct plugin_handle handle;
    struct error error;
    assert_true(
        plugin_load(&handle, "build/bin/component1.so", PROCESSOR_PLUGIN_SYMBOL, &error));
    struct processor *first = plugin_create_processor(&handle, &error);
    struct processor *second = plugin_create_processor(&handle, &error);
    assert_non_null(first);
    assert_non_null(second);

    assert_ptr_not_equal(first, second);
    handle.plugin->destroy(first);
    assert_int_equal(processor_process(second, 21).value, 42);

    handle.plugin->destroy(second);
    plugin_unload(&handle);
}

static void load_and_unload(int times)
{
    struct plugin_handle handle;
    struct error error;

    for (int i = 0; i < times; i++) {
        assert_true(plugin_load(&handle, "build/bin/component1.so",
                                PROCESSOR_PLUGIN_SYMBOL, &error));
        struct processor *processor = plugin_create_processor(&handle, &error);
        assert_non_null(processor);
        handle.plugin->destroy(processor);
        plugin_unload(&handle);
        assert_false(plugin_load(&handle, "build/bin/component1.so",
                                 TRANSFORMER_PLUGIN_SYMBOL, &error));
    }
}

static void does_not_grow(void **state)
{
    (void)state;
    load_and_unload(10);
    struct usage before = usage_of(getpid());
    load_and_unload(1000);
    struct usage after = usage_of(getpid());

    assert_false(usage_has_grown(&before, &after));
    assert_int_equal(after.descriptors, before.descriptors);
}

static void exports_only(void **state)
{
    const struct export_row *row = *state;
    char *names = exports_of(row->file);

    assert_string_equal(names, row->names);

    free(names);
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
    struct CMUnitTest tests[COUNT(accepted_rows) + COUNT(refused_rows) +
                            COUNT(text_rows) + COUNT(bad_arguments) + COUNT(export_rows) +
                            10];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(accepted_rows); i++)
        tests[count++] = test(accepted_rows[i].name, accepts, &accepted_rows[i]);
    for (size_t i = 0; i < COUNT(refused_rows); i++)
        tests[count++] = test(refused_rows[i].name, refuses, &refused_rows[i]);
    for (size_t i = 0; i < COUNT(text_rows); i++)
        tests[count++] = test(text_rows[i].name, shows_text, &text_rows[i]);
    for (size_t i = 0; i < COUNT(bad_arguments); i++)
        tests[count++] = test("--plugins", refuses_arguments, bad_arguments[i]);
    for (size_t i = 0; i < COUNT(export_rows); i++)
        tests[count++] = test(export_rows[i].file, exports_only, &export_rows[i]);
    tests[count++] = test("bare name", refuses_a_bare_name, NULL);
    tests[count++] =
        test("close: no symbol", closes_what_it_refuses, PROCESSOR("other_symbol"));
    tests[count++] =
        test("close: refused", closes_what_it_refuses, PROCESSOR("other_abi_version"));
    tests[count++] = test("swapped files", loads_what_it_checked, NULL);
    tests[count++] = test("file of another", refuses_files_of_others, "file");
    tests[count++] = test("directory of another", refuses_files_of_others, "directory");
    tests[count++] = test("exit", cannot_keep_a_plugin_from_exiting, NULL);
    tests[count++] = test("private symbols", keeps_symbols_apart, NULL);
    tests[count++] = test("two instances", makes_instances_that_stand_alone, NULL);
    tests[count] = test("1,000 times", does_not_grow, NULL);

    return cmocka_run_group_tests_name(STEP " plugins", tests, NULL, NULL);
}
