/*
 * app_multi of steps 07 and 08, over the services of the step and without some of them:
 * its command line, what each of its pipelines prints while the others run, the sorted
 * results, and the end. Outputs are compared with patterns as in the shell, so a [ is
 * written as \\[ there.
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

#include "clock.h"
#include "http.h"
#include "process.h"
#include "stack.h"
#include "table.h"
#include "text.h"

#define VALUES_MAX 64

/* Twice what a request may take: machines can be busy. */
#define DEADLINE_MS 10000

#define STEP07 (strcmp(STEP, "step07") == 0)

/* ---- What is around app_multi ---- */

enum around {
    EVERYTHING,
    NO_SERVICE1,
    NO_SERVICE2,
    NO_SERVICE1_LATER, /* it is there to tell its version */
    SILENT_SERVICE1,
    LOST_BROKER, /* in the middle of a request */
    NO_BROKER,
    BAD_URL,
};

/* One run of app_multi. What was not started is all zeros. */
struct run {
    struct process broker;
    struct process peer; /* in place of the services, or the one that is left */
    struct process app;
    char url[128]; /* shown as {url}: of the broker, the peer, or nobody; or empty */
    long long start;
};

static char stack_url[128]; /* of the broker of the stack */

static void set_url(struct run *run, const char *variable, const char *url)
{
    snprintf(run->url, sizeof run->url, "%s", url);
    setenv(variable, url, 1);
}

/* By way of env, because the peer is not what RUN_UNDER is to check. */
static void start_peer(struct run *run, const char *argument)
{
    process_start(&run->peer, (const char *const[]){"env", PEER_PATH, argument, NULL},
                  NULL);
    assert_true(process_wait_for(&run->peer, &run->peer.err, "Listening"));
}

static void start_around_step07(struct run *run, enum around around)
{
    char url[HTTP_TEST_URL_SIZE];

    setenv("SERVICE1_URL", stack_service_url(1), 1);
    setenv("SERVICE2_URL", stack_service_url(2), 1);
    if (around == NO_SERVICE1) {
        set_url(run, "SERVICE1_URL", "http://127.0.0.1:1");
    } else if (around == NO_SERVICE2) {
        set_url(run, "SERVICE2_URL", "http://127.0.0.1:1");
    } else if (around == BAD_URL) {
        set_url(run, "SERVICE2_URL", "ftp://x");
    } else if (around == SILENT_SERVICE1) {
        start_peer(run, "hold");
        http_wait_for_url(&run->peer, url);
        set_url(run, "SERVICE1_URL", url);
    }
}

static void start_around_step08(struct run *run, enum around around)
{
    if (around == EVERYTHING) {
        set_url(run, "NATS_URL", stack_url);
        return;
    }
    if (around == NO_BROKER || around == BAD_URL) {
        set_url(run, "NATS_URL", around == NO_BROKER ? "nats://127.0.0.1:1" : "\t");
        return;
    }
    stack_start_broker_on(&run->broker, "-1");
    const char *url = getenv("NATS_URL");
    if (!url)
        abort();
    set_url(run, "NATS_URL", url);
    if (around == NO_SERVICE1 || around == NO_SERVICE2)
        stack_start_service(&run->peer, around == NO_SERVICE1 ? 2 : 1);
    else if (around == NO_SERVICE1_LATER)
        start_peer(run, NULL);
    else
        start_peer(run, "service.process");
}

static void start_around(struct run *run, enum around around)
{
    if (STEP07)
        start_around_step07(run, around);
    else
        start_around_step08(run, around);
}

static void start_run(struct run *run, enum around around, const char *const argv[])
{
    start_around(run, around);
    run->start = clock_ms();
    process_start(&run->app, argv, NULL);
    if (around == LOST_BROKER) {
        assert_true(process_wait_for(&run->peer, &run->peer.err, "Request on "));
        process_signal(&run->broker, SIGKILL);
    }
}

static void free_run(struct run *run)
{
    process_free(&run->app);
    process_free(&run->peer);
    process_free(&run->broker);
}

/* `text` with {url} in place of that of the run; the caller frees it. */
static char *mask_url(const struct run *run, const char *text)
{
    return text_replace(text, &(struct replacement){run->url, "{url}"}, run->url[0] != 0);
}

/* Waits for its end. What it has printed, masked; the caller frees it. */
static char *finish_run(struct run *run)
{
    process_wait(&run->app);
    clock_assert_since(run->start, DEADLINE_MS);
    return mask_url(run, run->app.out.text);
}

static void assert_errors(const struct run *run, const char *pattern)
{
    char *err = mask_url(run, run->app.err.text);
    text_assert_matches(err, pattern);
    free(err);
}

/* ---- Runs whose pipelines run ---- */

/* What one pipeline does; its texts are patterns. */
struct outcome {
    const char *value;
    const char *doubled; /* NULL: service 1 has failed */
    const char *result;  /* "Value-0020" or "ERROR(service1): ..." */
};

struct pipelines_row {
    const char *name;
    const char *step; /* NULL: both */
    enum around around;
    bool by_default;                /* there are no arguments */
    const struct outcome *outcomes; /* for each argument, in their order, and then {0} */
    const char *results;            /* after their title; a pattern */
    const char *err;                /* a pattern */
    int exit_status;
};

#define OUTCOMES(...)                                                                    \
    (const struct outcome[])                                                             \
    {                                                                                    \
        __VA_ARGS__,                                                                     \
        {                                                                                \
            0                                                                            \
        }                                                                                \
    }
#define RESULT(value, result) "  " value " -> " result "  \\[{id}]\n"
#define COMPLETE "\nExecution complete\n"
#define OVERFLOW(value) "ERROR(service1): overflow: " value " \\* 2 exceeds int32_t range"
#define REFUSED1 "ERROR(service1): {url}/process: *onnect to *"
#define REFUSED2 "ERROR(service2): {url}/transform: *onnect to *"
#define TIMEOUT1 "ERROR(service1): {url}/process: *time*"
#define SILENCE1 "ERROR(service1): service.process: no reply within 5000 ms"
#define NOBODY1 "ERROR(service1): service.process: nobody listens"
#define LOST1 "ERROR(service1): {url}: connection lost"

static const struct pipelines_row pipelines_rows[] = {
    {"default values", NULL, EVERYTHING, true,
     OUTCOMES({"10", "20", "Value-0020"}, {"20", "40", "Value-0040"},
              {"30", "60", "Value-0060"}, {"42", "84", "Value-0084"},
              {"50", "100", "Value-0100"}),
     RESULT("10", "Value-0020") RESULT("20", "Value-0040") RESULT("30", "Value-0060")
         RESULT("42", "Value-0084") RESULT("50", "Value-0100") COMPLETE,
     "", 0},
    {"one value", NULL, EVERYTHING, false, OUTCOMES({"7", "14", "Value-0014"}),
     RESULT("7", "Value-0014") COMPLETE, "", 0},
    {"any order, duplicates", NULL, EVERYTHING, false,
     OUTCOMES({"30", "60", "Value-0060"}, {"-3", "-6", "Value--006"},
              {"7", "14", "Value-0014"}, {"30", "60", "Value-0060"},
              {"0", "0", "Value-0000"}, {"-30", "-60", "Value--060"},
              {"-3", "-6", "Value--006"},
              {"1073741823", "2147483646", "Value-2147483646"},
              {"-1073741824", "-2147483648", "Value--2147483648"}),
     RESULT("-1073741824", "Value--2147483648") RESULT("-30", "Value--060") RESULT(
         "-3", "Value--006") RESULT("-3", "Value--006") RESULT("0", "Value-0000")
         RESULT("7", "Value-0014") RESULT("30", "Value-0060") RESULT("30", "Value-0060")
             RESULT("1073741823", "Value-2147483646") COMPLETE,
     "", 0},
    {"overflow of two", NULL, EVERYTHING, false,
     OUTCOMES({"1073741824", NULL, OVERFLOW("1073741824")}, {"10", "20", "Value-0020"}),
     RESULT("10", "Value-0020") RESULT("1073741824", OVERFLOW("1073741824")),
     "Error: 1 of 2 values failed\n", 1},
    {"overflow of three", NULL, EVERYTHING, false,
     OUTCOMES({"7", "14", "Value-0014"}, {"1073741824", NULL, OVERFLOW("1073741824")},
              {"-3", "-6", "Value--006"}),
     RESULT("-3", "Value--006") RESULT("7", "Value-0014")
         RESULT("1073741824", OVERFLOW("1073741824")),
     "Error: 1 of 3 values failed\n", 1},
    {"overflow of all", NULL, EVERYTHING, false,
     OUTCOMES({"2147483647", NULL, OVERFLOW("2147483647")},
              {"-2147483648", NULL, OVERFLOW("-2147483648")}),
     RESULT("-2147483648", OVERFLOW("-2147483648"))
         RESULT("2147483647", OVERFLOW("2147483647")),
     "Error: 2 of 2 values failed\n", 1},
    {"no service 1", "step07", NO_SERVICE1, false,
     OUTCOMES({"20", NULL, REFUSED1}, {"10", NULL, REFUSED1}),
     RESULT("10", REFUSED1) RESULT("20", REFUSED1), "Error: 2 of 2 values failed\n", 1},
    {"no service 2", "step07", NO_SERVICE2, false, OUTCOMES({"10", "20", REFUSED2}),
     RESULT("10", REFUSED2), "Error: 1 of 1 values failed\n", 1},
    /* All meet silence at once, so all of them last as long as one. */
    {"silence", "step07", SILENT_SERVICE1, true,
     OUTCOMES({"10", NULL, TIMEOUT1}, {"20", NULL, TIMEOUT1}, {"30", NULL, TIMEOUT1},
              {"42", NULL, TIMEOUT1}, {"50", NULL, TIMEOUT1}),
     RESULT("10", TIMEOUT1) RESULT("20", TIMEOUT1) RESULT("30", TIMEOUT1)
         RESULT("42", TIMEOUT1) RESULT("50", TIMEOUT1),
     "Error: 5 of 5 values failed\n", 1},
    {"silence", "step08", SILENT_SERVICE1, true,
     OUTCOMES({"10", NULL, SILENCE1}, {"20", NULL, SILENCE1}, {"30", NULL, SILENCE1},
              {"42", NULL, SILENCE1}, {"50", NULL, SILENCE1}),
     RESULT("10", SILENCE1) RESULT("20", SILENCE1) RESULT("30", SILENCE1)
         RESULT("42", SILENCE1) RESULT("50", SILENCE1),
     "Error: 5 of 5 values failed\n", 1},
    {"nobody listens", "step08", NO_SERVICE1_LATER, false,
     OUTCOMES({"42", NULL, NOBODY1}), RESULT("42", NOBODY1),
     "\\[App] Nobody listens on \"service.process\", trying again...\n"
     "Error: 1 of 1 values failed\n",
     1},
    {"server lost", "step08", LOST_BROKER, false, OUTCOMES({"42", NULL, LOST1}),
     RESULT("42", LOST1), "Error: 1 of 1 values failed\n", 1},
};

static struct run pipelines_runs[COUNT(pipelines_rows)];

#define TITLE "--- Final Results (sorted by input value) ---\n"

/* Gives the short id of each pipeline a name: that of the first is {0}. */
static char *name_ids(const char *out, size_t count)
{
    static const char before_id[] = "request_id=";
    struct replacement replacements[VALUES_MAX];
    char ids[VALUES_MAX][9];
    char names[VALUES_MAX][16];
    const char *found = out;

    for (size_t i = 0; i < count; i++) {
        found = strstr(found, before_id);
        assert_non_null(found);
        found += strlen(before_id);
        snprintf(ids[i], sizeof ids[i], "%s", found);
        assert_int_equal(strspn(ids[i], "0123456789abcdef"), 8);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(ids[j], ids[i]);
        snprintf(names[i], sizeof names[i], "{%zu}", i);
        replacements[i] = (struct replacement){ids[i], names[i]};
    }
    return text_replace(out, replacements, count);
}

/* Gives all pipelines the same name. */
static char *forget_names(const char *named, size_t count)
{
    struct replacement replacements[VALUES_MAX];
    char names[VALUES_MAX][16];

    for (size_t i = 0; i < count; i++) {
        snprintf(names[i], sizeof names[i], "{%zu}", i);
        replacements[i] = (struct replacement){names[i], "{id}"};
    }
    return text_replace(named, replacements, count);
}

/* The lines in which `word` stands, in their order. */
static char *lines_about(const char *text, const char *word)
{
    char *lines;
    size_t size;
    FILE *stream = open_memstream(&lines, &size);
    assert_non_null(stream);

    while (*text) {
        size_t length = strcspn(text, "\n") + 1;
        const char *found = strstr(text, word);
        if (found && found < text + length)
            fwrite(text, 1, length, stream);
        text += length;
    }
    fclose(stream);
    return lines;
}

static int count_lines(const char *text)
{
    int count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

/* All up to the work of the pipelines; its length is returned. */
static size_t assert_start(const char *out, const struct outcome *outcomes, size_t count)
{
    char *start;
    size_t size;
    FILE *stream = open_memstream(&start, &size);
    assert_non_null(stream);

    fprintf(stream, STEP07 ? "\n\nPhase 07: Distributed system (HTTP)\n\n"
                           : "\n\nPhase 08: Message Broker Pipeline (NATS)\n\n"
                             "[App] Connecting to {url}...\n"
                             "[App] Connected to NATS broker\n"
                             "[App] Service1 version: 0.1.0\n"
                             "[App] Service2 version: 0.2.0\n\n");
    fprintf(stream,
            "--- Processing Distributed Pipeline (%zu values concurrently) ---\n\n",
            count);
    for (size_t i = 0; i < count; i++)
        fprintf(stream, "[App] Spawning pipeline for value=%s  request_id={%zu}\n",
                outcomes[i].value, i);
    fprintf(stream, "\n");
    fclose(stream);
    if (strncmp(out, start, size) != 0)
        fail_msg("found \"%s\", expected \"%s...\"", out, start);
    free(start);
    return size;
}

/* What one pipeline prints, in this order. Returns how many lines stand in the middle. */
static int assert_pipeline(const char *out, size_t index, const struct outcome *outcome)
{
    char name[16];
    char pattern[1024];
    int length = 0;
    bool is_transformed = strncmp(outcome->result, "Value-", strlen("Value-")) == 0;
    snprintf(name, sizeof name, "{%zu}", index);

    length += snprintf(pattern, sizeof pattern,
                       "\\[App] Spawning pipeline for value=%s  request_id=%s\n",
                       outcome->value, name);
    if (outcome->doubled)
        length += snprintf(pattern + length, sizeof pattern - (size_t)length,
                           "\\[%s] Service1 done: value=%s -> processed=%s\n", name,
                           outcome->value, outcome->doubled);
    if (is_transformed)
        length += snprintf(pattern + length, sizeof pattern - (size_t)length,
                           "\\[%s] Service2 done: value=%s -> transformed=%s\n", name,
                           outcome->doubled, outcome->result);
    snprintf(pattern + length, sizeof pattern - (size_t)length,
             "\\[App] Completed: value=%s -> %s  request_id=%s\n"
             "  %s -> %s  \\[%s]\n",
             outcome->value, outcome->result, name, outcome->value, outcome->result,
             name);

    char *lines = lines_about(out, name);
    text_assert_matches(lines, pattern);
    free(lines);
    return 1 + (outcome->doubled != NULL) + is_transformed;
}

/* Every line of `out`: the start, those of each pipeline in any mixture, the results. */
static void assert_output(const char *out, const struct pipelines_row *row, size_t count)
{
    char *named = name_ids(out, count);
    char *results = strstr(named, "\n" TITLE);
    int middle_lines = 0;
    assert_non_null(results);
    char *unnamed = forget_names(results + strlen("\n" TITLE), count);

    size_t start = assert_start(named, row->outcomes, count);
    for (size_t i = 0; i < count; i++)
        middle_lines += assert_pipeline(named, i, &row->outcomes[i]);
    text_assert_matches(unnamed, row->results);
    assert_int_equal(count_lines(unnamed), count_lines(row->results));
    *results = '\0';
    assert_int_equal(count_lines(named + start), middle_lines);

    free(unnamed);
    free(named);
}

static size_t count_outcomes(const struct pipelines_row *row)
{
    size_t count = 0;
    while (row->outcomes[count].value)
        count++;
    return count;
}

static void start_pipelines(const struct pipelines_row *row, struct run *run)
{
    const char *argv[1 + VALUES_MAX + 1] = {APP_MULTI_PATH};

    for (size_t i = 0; !row->by_default && row->outcomes[i].value; i++)
        argv[i + 1] = row->outcomes[i].value;
    start_run(run, row->around, argv);
}

static void check_pipelines(const struct pipelines_row *row, struct run *run)
{
    char *out = finish_run(run);

    assert_errors(run, row->err);
    assert_output(out, row, count_outcomes(row));
    assert_int_equal(run->app.exit_status, row->exit_status);

    free(out);
}

static void runs_pipelines(void **state)
{
    const struct pipelines_row *row = *state;
    struct run *run = &pipelines_runs[row - pipelines_rows];

    if (run->start == 0)
        start_pipelines(row, run);
    check_pipelines(row, run);
}

static int free_pipelines_run(void **state)
{
    free_run(&pipelines_runs[(const struct pipelines_row *)*state - pipelines_rows]);
    return 0;
}

/* ---- Runs that end before that ---- */

struct refusal_row {
    const char *name;
    const char *step; /* NULL: both */
    enum around around;
    const char *arguments[3];
    const char *out; /* patterns */
    const char *err;
    int exit_status;
};

#define NOT_INTEGER(text)                                                                \
    "", "Error: '" text "' is not a 32-bit integer\nUsage: app_multi \\[VALUE...]\n", 2
#define PHASE07 "\n\nPhase 07: Distributed system (HTTP)\n\n"
#define PHASE08 "\n\nPhase 08: Message Broker Pipeline (NATS)\n\n"
#define CONNECTING PHASE08 "\\[App] Connecting to {url}...\n"
#define CONNECTED CONNECTING "\\[App] Connected to NATS broker\n"
#define NO_VERSION(service)                                                              \
    "\\[App] Nobody listens on \"service.version." service "\", trying again...\n"       \
    "Error: service.version." service ": nobody listens\n"

static const struct refusal_row refusal_rows[] = {
    {"abc last", NULL, EVERYTHING, {"10", "abc"}, NOT_INTEGER("abc")},
    {"newline", NULL, EVERYTHING, {"4\n2"}, NOT_INTEGER("4\\?2")},
    {"x last", NULL, EVERYTHING, {"1", "x"}, NOT_INTEGER("x")},
    {"first", NULL, EVERYTHING, {"x", "y", "1"}, NOT_INTEGER("x")},
    {"empty", NULL, EVERYTHING, {"1", "", "2"}, NOT_INTEGER("")},
    {"space before", NULL, EVERYTHING, {" 1"}, NOT_INTEGER(" 1")},
    {"space behind", NULL, EVERYTHING, {"1 "}, NOT_INTEGER("1 ")},
    {"not whole", NULL, EVERYTHING, {"1.0"}, NOT_INTEGER("1.0")},
    {"too large", NULL, EVERYTHING, {"2147483648"}, NOT_INTEGER("2147483648")},
    {"too small", NULL, EVERYTHING, {"-2147483649"}, NOT_INTEGER("-2147483649")},
    {"option", NULL, EVERYTHING, {"--help"}, NOT_INTEGER("--help")},
    {"bad URL",
     "step07",
     BAD_URL,
     {"10"},
     PHASE07 "--- Processing Distributed Pipeline (1 values concurrently) ---\n\n",
     "Error: SERVICE2_URL: '{url}' is not the http URL of a service\n",
     1},
    {"bad URL", "step08", BAD_URL, {"10"}, PHASE08, "Error: NATS_URL is blank\n", 1},
    {"no server",
     "step08",
     NO_BROKER,
     {"10"},
     CONNECTING,
     "Error: {url}: No server available for connection\n",
     1},
    {"no service 1", "step08", NO_SERVICE1, {"42"}, CONNECTED, NO_VERSION("service1"), 1},
    {"no service 2",
     "step08",
     NO_SERVICE2,
     {"42"},
     CONNECTED "\\[App] Service1 version: 0.1.0\n",
     NO_VERSION("service2"),
     1},
};

static struct run refusal_runs[COUNT(refusal_rows)];

static void start_refused(const struct refusal_row *row, struct run *run)
{
    start_run(run, row->around,
              (const char *const[]){APP_MULTI_PATH, row->arguments[0], row->arguments[1],
                                    row->arguments[2], NULL});
}

static void refuses(void **state)
{
    const struct refusal_row *row = *state;
    struct run *run = &refusal_runs[row - refusal_rows];

    if (run->start == 0)
        start_refused(row, run);
    char *out = finish_run(run);

    assert_errors(run, row->err);
    text_assert_matches(out, row->out);
    assert_int_equal(run->app.exit_status, row->exit_status);

    free(out);
}

static int free_refused_run(void **state)
{
    free_run(&refusal_runs[(const struct refusal_row *)*state - refusal_rows]);
    return 0;
}

/* ---- Runs that are not in a table ---- */

static struct run own;

static int free_own_run(void **state)
{
    (void)state;
    free_run(&own);
    own = (struct run){0};
    return 0;
}

#define LARGEST 50

/* From large to small, so that they are not yet sorted. */
static void takes_64_values(void **state)
{
    (void)state;
    struct outcome outcomes[VALUES_MAX + 1] = {0};
    char texts[VALUES_MAX][3][16];
    char *results;
    size_t size;
    FILE *stream = open_memstream(&results, &size);
    assert_non_null(stream);

    for (int i = 0; i < VALUES_MAX; i++) {
        snprintf(texts[i][0], sizeof texts[i][0], "%d", LARGEST - i);
        snprintf(texts[i][1], sizeof texts[i][1], "%d", 2 * (LARGEST - i));
        snprintf(texts[i][2], sizeof texts[i][2], "Value-%04d", 2 * (LARGEST - i));
        outcomes[i] = (struct outcome){texts[i][0], texts[i][1], texts[i][2]};
    }
    for (int i = VALUES_MAX - 1; i >= 0; i--)
        fprintf(stream, RESULT("%s", "%s"), texts[i][0], texts[i][2]);
    fprintf(stream, COMPLETE);
    fclose(stream);

    const struct pipelines_row row = {
        .around = EVERYTHING, .outcomes = outcomes, .results = results, .err = ""};
    start_pipelines(&row, &own);
    check_pipelines(&row, &own);
    free(results);
}

static void refuses_65_values(void **state)
{
    (void)state;
    const char *argv[1 + VALUES_MAX + 1 + 1] = {APP_MULTI_PATH};

    for (int i = 1; i <= VALUES_MAX + 1; i++)
        argv[i] = "1";
    start_run(&own, EVERYTHING, argv);
    process_wait(&own.app);

    assert_string_equal(own.app.err.text,
                        "Error: more than 64 values\nUsage: app_multi [VALUE...]\n");
    assert_string_equal(own.app.out.text, "");
    assert_int_equal(own.app.exit_status, 2);
}

static void reports_a_full_disk(void **state)
{
    (void)state;
    start_around(&own, EVERYTHING);
    process_start(&own.app, (const char *const[]){APP_MULTI_PATH, NULL}, "/dev/full");
    process_wait(&own.app);

    assert_string_equal(
        own.app.err.text,
        "Error: cannot write to standard output: No space left on device\n");
    assert_int_equal(own.app.exit_status, 1);
}

#define REST_OF_ID "-0000-4000-8000-000000000000"

/* The log of a service has a request whose id begins with `short_id`, for `value`. */
static void assert_logged(int service, const char *short_id, const char *value)
{
    struct process *process = stack_service(service);
    char before[64];
    char after[64];
    snprintf(before, sizeof before, "\t[Service%d] %s request: %s", service,
             service == 1 ? "Processing" : "Transforming", short_id);
    snprintf(after, sizeof after, "\n\t[Service%d] Input value: %s\n", service, value);

    assert_true(process_wait_for(process, &process->err, after));
    const char *found = strstr(process->err.text, before);
    assert_non_null(found);
    found += strlen(before);
    assert_int_equal(strspn(found, "-0123456789abcdef"), strlen(REST_OF_ID));
    found += strlen(REST_OF_ID);
    assert_int_equal(strncmp(found, after, strlen(after)), 0);
}

/* The values appear in no other test. */
static void shows_the_ids_of_its_requests(void **state)
{
    (void)state;
    static const char *const values[] = {"5003", "5001", "5002"};
    static const char *const doubled[] = {"10006", "10002", "10004"};

    start_run(
        &own, EVERYTHING,
        (const char *const[]){APP_MULTI_PATH, values[0], values[1], values[2], NULL});
    process_wait(&own.app);
    for (size_t i = 0; i < COUNT(values); i++) {
        char before[64];
        char short_id[9];
        snprintf(before, sizeof before,
                 "Spawning pipeline for value=%s  request_id=", values[i]);
        const char *found = strstr(own.app.out.text, before);
        assert_non_null(found);
        snprintf(short_id, sizeof short_id, "%s", found + strlen(before));
        assert_logged(1, short_id, values[i]);
        assert_logged(2, short_id, doubled[i]);
    }
}

/* ---- All of it ---- */

static bool is_of_this_step(const char *step)
{
    return !step || strcmp(step, STEP) == 0;
}

/* Whether such a run waits for something that never comes. */
static bool is_slow(enum around around)
{
    switch (around) {
    case EVERYTHING:
    case NO_BROKER:
    case BAD_URL:
        return false;
    case NO_SERVICE1:
    case NO_SERVICE2:
        return !STEP07;
    default:
        return true;
    }
}

/* The slow runs start together, and wait at the same time. */
static int start_all(void **state)
{
    (void)state;
    stack_start();
    if (!STEP07)
        snprintf(stack_url, sizeof stack_url, "%s", getenv("NATS_URL"));
    for (size_t i = 0; i < COUNT(pipelines_rows); i++) {
        const struct pipelines_row *row = &pipelines_rows[i];
        if (is_of_this_step(row->step) && is_slow(row->around))
            start_pipelines(row, &pipelines_runs[i]);
    }
    for (size_t i = 0; i < COUNT(refusal_rows); i++) {
        const struct refusal_row *row = &refusal_rows[i];
        if (is_of_this_step(row->step) && is_slow(row->around))
            start_refused(row, &refusal_runs[i]);
    }
    return 0;
}

static int stop_all(void **state)
{
    (void)state;
    stack_stop();
    return 0;
}

static struct CMUnitTest tests[COUNT(pipelines_rows) + COUNT(refusal_rows) + 4];
static size_t test_count;

static void add(const char *name, CMUnitTestFunction run, const void *row,
                CMFixtureFunction teardown)
{
    tests[test_count] = table_test(name, run, row);
    tests[test_count++].teardown_func = teardown;
}

int main(void)
{
    stack_require();
    for (int slow = 1; slow >= 0; slow--) {
        for (size_t i = 0; i < COUNT(pipelines_rows); i++) {
            const struct pipelines_row *row = &pipelines_rows[i];
            if (is_of_this_step(row->step) && is_slow(row->around) == slow)
                add(row->name, runs_pipelines, row, free_pipelines_run);
        }
        for (size_t i = 0; i < COUNT(refusal_rows); i++) {
            const struct refusal_row *row = &refusal_rows[i];
            if (is_of_this_step(row->step) && is_slow(row->around) == slow)
                add(row->name, refuses, row, free_refused_run);
        }
    }
    add("64 values", takes_64_values, NULL, free_own_run);
    add("65 values", refuses_65_values, NULL, free_own_run);
    add("full disk", reports_a_full_disk, NULL, free_own_run);
    add("short ids", shows_the_ids_of_its_requests, NULL, free_own_run);

    return cmocka_run_group_tests_name(STEP " multi", tests, start_all, stop_all);
}
