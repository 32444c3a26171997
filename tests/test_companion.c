/*
 * The programs of steps 06 to 08 mixed with those of the Rust companion: our app with one
 * or both of its services, and its app with ours. What the companion says stands in these
 * tables, once for the three steps; companion/ carries it. It is what the wire formats
 * show of the companion, whose programs are not here. JSON is written with ' for ".
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "companion.h"
#include "messages.h"
#include "process.h"
#include "stack.h"
#include "step.h"
#include "table.h"
#include "temp_dir.h"
#include "text.h"

/* The step under test shows by its header what its messages have. */
#ifdef REQUEST_ID_SIZE
#define HAS_ID
#endif
#if !defined HAS_ID || defined SUBJECT_VERSION1
#define HAS_VERSION
#endif

/* How both kinds of step write the same message; ID is behind a field, ID_FIRST before.
 */
#ifdef HAS_ID
#define ID ",'request_id':'{id}'"
#define ID_FIRST "'request_id':'{id}',"
#define MESSAGE(name, fields) "{" fields "}"
#define GET_VERSION "{'request_id':'{id}'}"
#else
#define ID ""
#define ID_FIRST ""
#define MESSAGE(name, fields) "{'" name "':{" fields "}}"
#define GET_VERSION "'GetVersion'"
#endif
#define PROCESS(fields) MESSAGE("Process", fields)
#define PROCESSED(fields) MESSAGE("ProcessResult", fields)
#define TRANSFORM(fields) MESSAGE("Transform", fields)
#define TRANSFORMED(fields) MESSAGE("TransformResult", fields)
#define VERSION(name, version)                                                           \
    MESSAGE("VersionResult", "'service_name':'" name "','version':'" version "'" ID)

/* The names of services, and the last line of the app before it waits for service 2. */
#ifdef SUBJECT_VERSION1
#define SERVICE1 "Service1"
#define SERVICE2 "Service2"
#define SENDING2 "[App] Sending to \"" SUBJECT_TRANSFORM "\"...\n"
#else
#define SERVICE1 "service1"
#define SERVICE2 "service2"
#define SENDING2 "[App] Sending to Service2...\n"
#endif

/* Whether services run on their own; then there is an app_multi, too. */
#ifdef HAS_ID
#define ON_THEIR_OWN true
#else
#define ON_THEIR_OWN false
#endif

/* ---- Our app with its services ---- */

struct mix_row {
    const char *name;
    struct pipeline_values values;
    const char *reply1; /* of its service 1; NULL: ours is used */
    const char *reply2;
    int failing;       /* the service at which the app gives up; 0: none */
    const char *error; /* after "Error: " */
};

#define VALUES(input, doubled, text)                                                     \
    {                                                                                    \
        input, doubled, text, "true"                                                     \
    }
#define VALUES_42 VALUES("42", "84", "Value-0084")
#define VALUES_5000 VALUES("5000", "10000", "Value-10000")
#define VALUES_2_30 VALUES("1073741824", NULL, NULL)
#define OURS NULL
#define WORKS 0, NULL

/* What its services say: a success has an error, and that is null. */
#define GOOD1(value) PROCESSED("'value':" value ",'processed':true" ID ",'error':null")
#define GOOD2(value, text)                                                               \
    TRANSFORMED("'original':" value ",'transformed':'" text "'" ID ",'error':null")
#define GOOD1_84 GOOD1("84")
#define GOOD2_84 GOOD2("84", "Value-0084")
#define REFUSED2                                                                         \
    TRANSFORMED("'original':10000,'transformed':''" ID                                   \
                ",'error':'value 10000 exceeds 4 digits'")

static const struct mix_row mix_rows[] = {
    {"its service 1", VALUES_42, GOOD1_84, OURS, WORKS},
    {"its service 2", VALUES_42, OURS, GOOD2_84, WORKS},
    {"both its services", VALUES_42, GOOD1_84, GOOD2_84, WORKS},
    {"a success without an error", VALUES_42, PROCESSED("'value':84,'processed':true" ID),
     TRANSFORMED("'original':84,'transformed':'Value-0084'" ID), WORKS},
    {"another order of fields", VALUES_42,
     PROCESSED("'error':null," ID_FIRST "'processed':true,'value':84"),
     TRANSFORMED("'error':null," ID_FIRST "'transformed':'Value-0084','original':84"),
     WORKS},
    {"more fields and white space", VALUES_42,
     PROCESSED(" 'value' : 84, 'processed' : true" ID ", 'error' : null, 'took' : {} "),
     TRANSFORMED(" 'original' : 84, 'transformed' : 'Value-0084'" ID ", 'took' : [1] "),
     WORKS},
    {"negative", VALUES("-18", "-36", "Value--036"), GOOD1("-36"),
     GOOD2("-36", "Value--036"), WORKS},
    {"largest double", VALUES("1073741823", "2147483646", "Value-2147483646"),
     GOOD1("2147483646"), GOOD2("2147483646", "Value-2147483646"), WORKS},
    {"smallest double", VALUES("-1073741824", "-2147483648", "Value--2147483648"),
     GOOD1("-2147483648"), GOOD2("-2147483648", "Value--2147483648"), WORKS},
    {"largest value of its service 2", VALUES("4999", "9998", "Value-9998"), OURS,
     GOOD2("9998", "Value-9998"), WORKS},

    {"double wraps", VALUES_2_30, GOOD1("-2147483648"), OURS, 1,
     "service1: bad reply: -2147483648 is not the double of 1073741824"},
    {"double wraps to 0", VALUES("-2147483648", NULL, NULL), GOOD1("0"), OURS, 1,
     "service1: bad reply: 0 is not the double of -2147483648"},
    {"double wraps, its service 2", VALUES_2_30, GOOD1("-2147483648"),
     GOOD2("-2147483648", "Value--2147483648"), 1,
     "service1: bad reply: -2147483648 is not the double of 1073741824"},
    {"service 1 refuses", VALUES_2_30,
     PROCESSED("'value':1073741824,'processed':false" ID
               ",'error':'value 1073741824 overflows'"),
     OURS, 1, "value 1073741824 overflows"},
    {"service 1 refuses without a reason", VALUES_2_30,
     PROCESSED("'value':1073741824,'processed':false" ID ",'error':null"), OURS, 1,
     "service1: value not processed"},
    {"service 1 refuses what it has processed", VALUES_42,
     PROCESSED("'value':84,'processed':true" ID ",'error':'too late'"), GOOD2_84, 1,
     "too late"},
    {"service 2 refuses", VALUES_5000, OURS, REFUSED2, 2,
     "service2: value 10000 exceeds 4 digits"},
    {"service 2 refuses, its service 1", VALUES_5000, GOOD1("10000"), REFUSED2, 2,
     "service2: value 10000 exceeds 4 digits"},
    {"service 2 refuses what it has transformed", VALUES_42, GOOD1_84,
     TRANSFORMED("'original':84,'transformed':'Value-0084'" ID ",'error':'too late'"), 2,
     "service2: too late"},
    {"service 2 got another value", VALUES_42, OURS, GOOD2("42", "Value-0042"), 2,
     "service2: bad reply: to 42 instead of 84"},
#ifdef HAS_ID
    {"another id from service 1", VALUES_42,
     PROCESSED("'value':84,'processed':true,'request_id':'9c0e27b6','error':null"), OURS,
     1, "service1: bad reply: to another request"},
    {"another id from service 2", VALUES_42, OURS,
     TRANSFORMED("'original':84,'transformed':'Value-0084','request_id':'','error':null"),
     2, "service2: bad reply: to another request"},
#endif
};

/* Those of our services that run on their own. */
static struct process services[2];

static void start_services(const struct companion_service its[2])
{
    companion_open();
    for (int i = 0; i < 2; i++) {
        if (its[i].reply)
            companion_start_service(i + 1, &its[i]);
        else if (ON_THEIR_OWN)
            stack_start_service(&services[i], i + 1);
    }
}

/* The teardown of each test, so that they end also when an assert has failed. */
static int stop_services(void **state)
{
    int failed = 0;
    (void)state;

    for (int i = 0; i < 2; i++) {
        if (services[i].pid > 0) {
            process_signal(&services[i], SIGTERM);
            process_wait(&services[i]);
            failed |= services[i].exit_status;
        }
        process_free(&services[i]);
    }
    companion_close();
    return failed;
}

static void app_is_mixed(const struct mix_row *row)
{
    const char *last_lines[] = {NULL, step_under_test()->last_before_overflow, SENDING2};
    struct process app;
    char expected_errors[256] = "";

    if (row->error)
        snprintf(expected_errors, sizeof expected_errors, "Error: %s\n", row->error);
    process_run(&app, (const char *const[]){"./app", row->values.input, NULL});
    char *errors = step_app_errors(app.err.text);
    char *expected = step_expected_output(&row->values, last_lines[row->failing]);
    char *out = step_mask_output(app.out.text);

    assert_string_equal(errors, expected_errors);
    assert_string_equal(out, expected);
    assert_int_equal(app.exit_status, row->failing > 0);

    free(out);
    free(expected);
    free(errors);
    process_free(&app);
}

static void app_multi_is_mixed(const struct mix_row *row)
{
    const char *input = row->values.input;
    struct process app;
    char result[512];

    if (row->error)
        snprintf(result, sizeof result, "  %s -> ERROR(service%d): %s  [", input,
                 row->failing, row->error);
    else
        snprintf(result, sizeof result, "  %s -> %s  [", input, row->values.text);
    process_run(&app, (const char *const[]){"./app_multi", input, NULL});

    assert_string_equal(app.err.text, row->error ? "Error: 1 of 1 values failed\n" : "");
    assert_non_null(strstr(app.out.text, result));
    assert_int_equal(app.exit_status, row->failing > 0);

    process_free(&app);
}

static void is_mixed(void **state)
{
    const struct mix_row *row = *state;

    start_services((const struct companion_service[2]){
        {row->reply1, VERSION(SERVICE1, "0.1.0")},
        {row->reply2, VERSION(SERVICE2, "0.2.0")},
    });
    app_is_mixed(row);
    if (ON_THEIR_OWN)
        app_multi_is_mixed(row);
}

/* ---- The names that its services give themselves ---- */

#ifdef HAS_VERSION
struct version_row {
    const char *name;
    const char *version1; /* the reply of its service 1 */
    const char *error;    /* after "Error: "; NULL: the name is accepted */
};

static const struct version_row version_rows[] = {
    {"named service1", VERSION("service1", "0.1.0"), NULL},
    {"named Service1", VERSION("Service1", "0.1.0"), NULL},
    {"named as service 2", VERSION("service2", "0.2.0"),
     SERVICE1 ": bad reply: from service2"},
};

static void asks_for_version(void **state)
{
    const struct version_row *row = *state;
    const char *path = ON_THEIR_OWN ? "./app_multi" : "./app";
    struct process app;
    char expected[256] = "";

    if (row->error)
        snprintf(expected, sizeof expected, "Error: %s\n", row->error);
    start_services((const struct companion_service[2]){
        {GOOD1_84, row->version1},
        {GOOD2_84, VERSION(SERVICE2, "0.2.0")},
    });
    process_run(&app, (const char *const[]){path, "42", NULL});
    char *errors = step_app_errors(app.err.text);

    assert_string_equal(errors, expected);
    assert_int_equal(strstr(app.out.text, "Value-0084") == NULL, row->error != NULL);
    assert_int_equal(app.exit_status, row->error != NULL);

    free(errors);
    process_free(&app);
}
#endif

/* ---- Its app with our services ---- */

struct request_row {
    const char *name;
    enum companion_operation operation;
    const char *request; /* {id} stands for `id` */
    const char *reply;
    const char *id; /* as its app writes it, which is how it has to come back */
};

#define LOWER_ID "9c0e27b6-5cf5-4c0d-8a3e-4b9f5d6c7a81"
#define UPPER_ID "9C0E27B6-5CF5-4C0D-8A3E-4B9F5D6C7A81"
#define REPLY1_84 PROCESSED("'value':84,'processed':true" ID)
#define REPLY2_84 TRANSFORMED("'original':84,'transformed':'Value-0084'" ID)

static const struct request_row request_rows[] = {
    {"its app: process", COMPANION_PROCESS, PROCESS("'value':42" ID), REPLY1_84,
     LOWER_ID},
    {"its app: transform", COMPANION_TRANSFORM, TRANSFORM("'value':84" ID), REPLY2_84,
     LOWER_ID},
    {"its app: another order of fields", COMPANION_PROCESS,
     PROCESS(ID_FIRST "'value':42"), REPLY1_84, LOWER_ID},
    {"its app: more fields", COMPANION_TRANSFORM,
     TRANSFORM("'error':null,'value':84" ID ",'sent':{'at':1.5}"), REPLY2_84, LOWER_ID},
    {"its app: white space", COMPANION_PROCESS,
     " \t" PROCESS(" 'value' :\t42 " ID " ") " \r", REPLY1_84, LOWER_ID},
    {"its app: overflow", COMPANION_PROCESS, PROCESS("'value':1073741824" ID),
     PROCESSED("'value':1073741824,'processed':false" ID
               ",'error':'overflow: 1073741824 * 2 exceeds int32_t range'"),
     LOWER_ID},
    {"its app: what its service 2 refuses", COMPANION_TRANSFORM,
     TRANSFORM("'value':10000" ID),
     TRANSFORMED("'original':10000,'transformed':'Value-10000'" ID), LOWER_ID},
#ifdef HAS_ID
    {"its app: id in upper case", COMPANION_PROCESS, PROCESS("'value':42" ID), REPLY1_84,
     UPPER_ID},
    {"its app: id in upper case, transform", COMPANION_TRANSFORM,
     TRANSFORM("'value':84" ID), REPLY2_84, UPPER_ID},
#endif
#ifdef HAS_VERSION
    {"its app: version of service 1", COMPANION_VERSION1, GET_VERSION,
     VERSION(SERVICE1, "0.1.0"), LOWER_ID},
    {"its app: version of service 2", COMPANION_VERSION2, GET_VERSION,
     VERSION(SERVICE2, "0.2.0"), LOWER_ID},
#endif
#ifndef HAS_ID
    {"its app: shutdown", COMPANION_PROCESS, "'Shutdown'", "", ""},
#endif
};

static void serves(void **state)
{
    const struct request_row *row = *state;
    const struct replacement replacements[] = {{"'", "\""}, {"{id}", row->id}};

    char *request = text_replace(row->request, replacements, COUNT(replacements));
    char *expected = text_replace(row->reply, replacements, COUNT(replacements));
    start_services((const struct companion_service[2]){{OURS, NULL}, {OURS, NULL}});
    char *reply = companion_ask(row->operation, request);

    assert_string_equal(reply, expected);

    free(reply);
    free(expected);
    free(request);
}

#ifdef HAS_VERSION
#define VERSION_ROWS COUNT(version_rows)
#else
#define VERSION_ROWS 0
#endif

int main(void)
{
    struct CMUnitTest tests[COUNT(mix_rows) + VERSION_ROWS + COUNT(request_rows)];
    size_t count = 0;

    stack_require();
    for (size_t i = 0; i < COUNT(mix_rows); i++)
        tests[count++] = table_test(mix_rows[i].name, is_mixed, &mix_rows[i]);
#ifdef HAS_VERSION
    for (size_t i = 0; i < VERSION_ROWS; i++)
        tests[count++] =
            table_test(version_rows[i].name, asks_for_version, &version_rows[i]);
#endif
    for (size_t i = 0; i < COUNT(request_rows); i++)
        tests[count++] = table_test(request_rows[i].name, serves, &request_rows[i]);
    for (size_t i = 0; i < count; i++)
        tests[i].teardown_func = stop_services;

    return cmocka_run_group_tests_name(STEP " companion", tests, temp_dir_setup,
                                       temp_dir_teardown);
}
