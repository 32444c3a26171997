/*
 * The app of step 07 against a peer that misbehaves, and its rules on URLs. Texts of HTTP
 * and JSON are written here with ' for ".
 */
#include <setjmp.h>
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
#include "services.h"
#include "stack.h"
#include "step.h"
#include "table.h"
#include "text.h"

/* Twice what one exchange may take: machines can be busy. */
#define DEADLINE_MS 10000

/* Less than one exchange may take, to show that something did not wait for that. */
#define PROMPT_MS 4000

#define NOBODY "http://127.0.0.1:1"

static const struct pipeline_values values_of_42 = {"42", "84", "Value-0084", "true"};

/* Starts the app, which is to find services at these URLs; NULL: the one of the stack. */
static void start_app(struct process *app, const char *url1, const char *url2)
{
    setenv("SERVICE1_URL", url1 ? url1 : stack_service_url(1), 1);
    setenv("SERVICE2_URL", url2 ? url2 : stack_service_url(2), 1);
    process_start(app, (const char *const[]){step_app(), NULL}, NULL);
}

/* ---- The app and a peer that stands in for one of its services, or for both ---- */

#define SERVICE1 1
#define SERVICE2 2

struct peer_row {
    const char *name;
    int place;          /* of the peer: SERVICE1, SERVICE2, or both */
    const char *script; /* what the peer does, see peers/http_peer.c */
    const char *error;  /* a pattern, after "Error: "; NULL: the app works */
};

/* One run of the app against a peer. */
struct peer_run {
    struct process peer;
    struct process app;
    char peer_url[HTTP_TEST_URL_SIZE];
    long long start;
};

#define OK "HTTP/1.0 200 OK\r\n\r\n"
#define UNPROCESSABLE "HTTP/1.0 422 Unprocessable Content\r\n\r\n"
#define REPLY1 "{'value':84,'processed':true,'request_id':'{id}'}" /* 81 bytes then */
#define REPLY2 "{'original':84,'transformed':'Value-0084','request_id':'{id}'}"
#define KEPT "HTTP/1.1 200 OK\r\nContent-Length: "
#define FIRST KEPT "81\r\n\r\n" REPLY1
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

#define URL1 "{url}/process: "
#define URL2 "{url}/transform: "

/* The slow ones come first, and wait at the same time. */
#define SLOW_ROWS 5

static const struct peer_row peer_rows[] = {
    {"silent", SERVICE1, "read|hold", URL1 "*time*"},
    {"drips a header", SERVICE1, "read|HTTP/1.1 200 OK\r\nA:|drip", URL1 "*time*"},
    {"drips a body", SERVICE1, "read|" OK "|drip", URL1 "*time*"},
    {"half a reply", SERVICE1, "read|" KEPT "100\r\n\r\n{|hold", URL1 "*time*"},
    {"silent", SERVICE2, "read|hold", URL2 "*time*"},

    {"reply", SERVICE1, "read|" OK REPLY1, NULL},
    {"reply in chunks", SERVICE1,
     "read|" CHUNKED "b\r\n{'value':84\r\n|45\r\n,'processed':true,'request_id':'{id}'|"
     "\r\n1\r\n}\r\n0\r\n\r\n",
     NULL},
    {"reply of 65536 bytes", SERVICE1, "read|" OK REPLY1 "|spaces:65455", NULL},
    {"reply of 65537 bytes", SERVICE1, "read|" OK REPLY1 "|spaces:65456",
     URL1 "reply longer than 65536 bytes"},
    {"endless reply", SERVICE1, "read|" OK "|spaces:1000000000",
     URL1 "reply longer than 65536 bytes"},
    {"endless header", SERVICE1, "read|HTTP/1.1 200 OK\r\nA:|spaces:1000000000",
     URL1 "*"},
    {"refuses", SERVICE1, "refuse", URL1 "*onnect to 127.0.0.1 port*"},
    {"closes at once", SERVICE1, "", URL1 "*"},
    {"closes", SERVICE1, "read", URL1 "*"},
    {"closes in the header", SERVICE1, "read|HTTP/1.1 200 OK\r\nA:", "*"},
    {"truncated", SERVICE1, "read|" KEPT "100\r\n\r\n" REPLY1, URL1 "*"},
    {"not HTTP", SERVICE1, "read|220 localhost ESMTP\r\n", URL1 "*"},
    {"204", SERVICE1, "read|HTTP/1.1 204 No Content\r\n\r\n", URL1 "HTTP status 204"},
    {"404", SERVICE1, "read|HTTP/1.0 404 Not Found\r\n\r\n" REPLY1,
     URL1 "HTTP status 404"},
    {"500", SERVICE1, "read|HTTP/1.0 500 Oh\r\n\r\n" REPLY1, URL1 "HTTP status 500"},
    {"to a file", SERVICE1,
     "read|HTTP/1.0 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
     URL1 "HTTP status 302"},
    {"to another URL", SERVICE1,
     "read|HTTP/1.0 307 Temporary Redirect\r\nLocation: /other\r\n\r\n",
     URL1 "HTTP status 307"},
    {"empty body", SERVICE1, "read|" OK, "service1: bad reply: not JSON, at byte 0"},
    {"422, not processed", SERVICE1,
     "read|" UNPROCESSABLE
     "{'value':42,'processed':false,'request_id':'{id}','error':'no doubles today'}",
     "no doubles today"},
    {"422, error only", SERVICE1, "read|" UNPROCESSABLE "{'error':'no value'}",
     "service1: no value"},

    {"reply", SERVICE2, "read|" OK REPLY2, NULL},
    {"refuses", SERVICE2, "refuse", URL2 "*onnect to 127.0.0.1 port*"},
    {"500", SERVICE2, "read|HTTP/1.0 500 Oh\r\n\r\n" REPLY2, URL2 "HTTP status 500"},
    {"422, error only", SERVICE2, "read|" UNPROCESSABLE "{'error':'no value'}",
     "service2: no value"},

    {"one connection", SERVICE1 | SERVICE2, "read|" FIRST "|read|" OK REPLY2, NULL},
    {"closes after a reply", SERVICE1 | SERVICE2, "read|" FIRST "|accept|read|" OK REPLY2,
     NULL},
    {"closes instead of the next", SERVICE1 | SERVICE2,
     "read|" FIRST "|read|accept|read|" OK REPLY2, NULL},
    {"is gone after a reply", SERVICE1 | SERVICE2, "read|" FIRST, URL2 "*"},
};

/* The peer starts by way of env, because it is not what RUN_UNDER is to check. */
static void start_run(const struct peer_row *row, struct peer_run *run)
{
    char *script = text_with_quotes(row->script);
    process_start(&run->peer, (const char *const[]){"env", PEER_PATH, script, NULL},
                  NULL);
    free(script);
    http_wait_for_url(&run->peer, run->peer_url);
    run->start = clock_ms();
    start_app(&run->app, row->place & SERVICE1 ? run->peer_url : NULL,
              row->place & SERVICE2 ? run->peer_url : NULL);
}

static void free_run(struct peer_run *run)
{
    process_free(&run->app);
    process_free(&run->peer);
}

static void check_run(const struct peer_row *row, struct peer_run *run)
{
    const char *last_line = !row->error              ? NULL
                            : row->place == SERVICE1 ? "[App] Sending to Service1...\n"
                                                     : "[App] Sending to Service2...\n";
    process_wait(&run->app);
    clock_assert_since(run->start, DEADLINE_MS);
    char *expected = step_expected_output(&values_of_42, last_line);
    char *out = step_mask_output(run->app.out.text);
    char *err =
        text_replace(run->app.err.text, &(struct replacement){run->peer_url, "{url}"}, 1);
    char pattern[256];
    snprintf(pattern, sizeof pattern, "Error: %s\n", row->error ? row->error : "");

    text_assert_matches(err, row->error ? pattern : "");
    assert_ptr_equal(strchr(err, '\n'), row->error ? err + strlen(err) - 1 : NULL);
    assert_string_equal(out, expected);
    assert_int_equal(run->app.exit_status, row->error ? 1 : 0);

    free(err);
    free(out);
    free(expected);
}

static struct peer_run runs[COUNT(peer_rows)];

/* Rows are started before their turn, but few while a checker slows everything down. */
static void peer_acts(void **state)
{
    static size_t started;
    size_t index = (size_t)((const struct peer_row *)*state - peer_rows);
    size_t ahead = getenv("RUN_UNDER") ? 1 : SLOW_ROWS - 1;

    for (; started < COUNT(peer_rows) && started <= index + ahead; started++)
        start_run(&peer_rows[started], &runs[started]);
    check_run(*state, &runs[index]);
}

static int free_peer_run(void **state)
{
    free_run(&runs[(const struct peer_row *)*state - peer_rows]);
    return 0;
}

/* The run of a test that is not in the table. */
static struct peer_run own;

static int free_own_run(void **state)
{
    (void)state;
    free_run(&own);
    return 0;
}

/* Nobody accepts the connection: that must show before the whole exchange is over. */
static void connecting_has_a_deadline(void **state)
{
    (void)state;
    const struct peer_row row = {"full", SERVICE1, "full", URL1 "*onnect* after 1??? m*"};
    start_run(&row, &own);
    check_run(&row, &own);
    clock_assert_since(own.start, PROMPT_MS);
}

static void uses_no_proxy(void **state)
{
    (void)state;
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy",
                                        "ALL_PROXY"};
    const struct peer_row row = {"proxy", SERVICE1, "read|" OK REPLY1, NULL};

    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], NOBODY, 1);
    start_run(&row, &own);
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    check_run(&row, &own);
}

/* ---- The app and URLs ---- */

static const char *const bad_urls[] = {
    "",
    "http://",
    "http:///",
    "http:///127.0.0.1",
    "http:/127.0.0.1",
    "127.0.0.1:3001",
    "//127.0.0.1:3001",
    "ftp://127.0.0.1",
    "https://127.0.0.1",
    "file:///etc/passwd",
    "http://a b",
    " http://127.0.0.1",
    "http://127.0.0.1:http",
    "http://127.0.0.1:65536",
    "http://127.0.0.1/process",
    "http://127.0.0.1//",
    "http://127.0.0.1/.",
    "http://127.0.0.1?",
    "http://127.0.0.1?a=b",
    "http://127.0.0.1/?a=b",
    "http://127.0.0.1#a",
    "http://user:password@127.0.0.1",
    "http://@127.0.0.1",
    "http://a\nError: b",
};

struct good_url {
    const char *name;
    const char *value1; /* of SERVICE1_URL, NULL: not set */
    const char *value2;
    const char *url1; /* to which the app will post */
    const char *url2;
};

static const struct good_url good_urls[] = {
    {"neither set", NULL, NULL, "http://127.0.0.1:3001/process",
     "http://127.0.0.1:3002/transform"},
    {"ports", "http://127.0.0.1:4001", "http://127.0.0.1:4002",
     "http://127.0.0.1:4001/process", "http://127.0.0.1:4002/transform"},
    {"slash at the end", "http://127.0.0.1:4001/", "http://a/",
     "http://127.0.0.1:4001/process", "http://a/transform"},
    {"capitals", "HTTP://localhost", NULL, "HTTP://localhost/process",
     "http://127.0.0.1:3002/transform"},
    {"IPv6", NULL, "http://[::1]:4002", "http://127.0.0.1:3001/process",
     "http://[::1]:4002/transform"},
};

static struct services services;

static int close_services(void **state)
{
    (void)state;
    services_close(&services);
    services = (struct services){0};
    return 0;
}

static void set_or_unset(const char *variable, const char *value)
{
    if (value)
        setenv(variable, value, 1);
    else
        unsetenv(variable);
}

static void accepts_url(void **state)
{
    const struct good_url *row = *state;
    struct error error;

    set_or_unset("SERVICE1_URL", row->value1);
    set_or_unset("SERVICE2_URL", row->value2);
    assert_true(services_open(&services, &error));
    assert_string_equal(services.service1.url, row->url1);
    assert_string_equal(services.service2.url, row->url2);
}

static void refuses_url(void **state)
{
    const char *value = *state;
    struct error error;
    char expected[HTTP_URL_SIZE + 128];
    char *printed = text_replace(value, &(struct replacement){"\n", "?"}, 1);
    snprintf(expected, sizeof expected,
             "SERVICE1_URL: '%s' is not the http URL of a service", printed);
    free(printed);

    assert_false(http_endpoint_is_url(value));
    setenv("SERVICE1_URL", value, 1);
    unsetenv("SERVICE2_URL");
    assert_false(services_open(&services, &error));
    assert_string_equal(error.text, expected);
}

/* A URL of HTTP_URL_SIZE - 1 characters is still good, and none is lost. */
static void accepts_the_longest_url(void **state)
{
    (void)state;
    struct error error;
    char url[HTTP_URL_SIZE];
    char expected[HTTP_URL_SIZE + 32];
    snprintf(url, sizeof url, "http://127.0.0.1:%0*d", HTTP_URL_SIZE - 1 - 17, 80);
    snprintf(expected, sizeof expected, "%s/transform", url);

    assert_int_equal(strlen(url), HTTP_URL_SIZE - 1);
    unsetenv("SERVICE1_URL");
    setenv("SERVICE2_URL", url, 1);
    assert_true(services_open(&services, &error));
    assert_string_equal(services.service2.url, expected);
}

static void refuses_a_long_url(void **state)
{
    (void)state;
    char url[HTTP_URL_SIZE + 1];
    snprintf(url, sizeof url, "http://127.0.0.1:%0*d", HTTP_URL_SIZE - 17, 80);
    assert_int_equal(strlen(url), HTTP_URL_SIZE);
    refuses_url(&(void *){url});
}

static void app_refuses_url(void **state)
{
    const char *name = *state;
    bool is_first = strcmp(name, "SERVICE1_URL") == 0;
    char expected[128];
    struct process *app = &own.app;
    snprintf(expected, sizeof expected,
             "Error: %s: 'ftp://x' is not the http URL of a service\n", name);
    start_app(app, is_first ? "ftp://x" : NULL, is_first ? NULL : "ftp://x");
    process_wait(app);

    assert_string_equal(app->err.text, expected);
    assert_string_equal(app->out.text, "\n\nPhase 07: Distributed system (HTTP)\n\n");
    assert_int_equal(app->exit_status, 1);
}

/* ---- All of it ---- */

static int start_all(void **state)
{
    (void)state;
    stack_start();
    return 0;
}

static int stop_all(void **state)
{
    (void)state;
    stack_stop();
    return 0;
}

static struct CMUnitTest tests[COUNT(peer_rows) + COUNT(bad_urls) + COUNT(good_urls) + 8];
static size_t test_count;

static void add(const char *name, CMUnitTestFunction run, const void *row,
                CMFixtureFunction teardown)
{
    tests[test_count] = table_test(name, run, row);
    tests[test_count++].teardown_func = teardown;
}

int main(void)
{
    for (size_t i = 0; i < COUNT(peer_rows); i++)
        add(peer_rows[i].name, peer_acts, &peer_rows[i], free_peer_run);
    add("full", connecting_has_a_deadline, NULL, free_own_run);
    add("proxy", uses_no_proxy, NULL, free_own_run);
    for (size_t i = 0; i < COUNT(bad_urls); i++)
        add(bad_urls[i], refuses_url, bad_urls[i], close_services);
    for (size_t i = 0; i < COUNT(good_urls); i++)
        add(good_urls[i].name, accepts_url, &good_urls[i], close_services);
    add("longest URL", accepts_the_longest_url, NULL, close_services);
    add("long URL", refuses_a_long_url, NULL, close_services);
    add("SERVICE1_URL", app_refuses_url, "SERVICE1_URL", free_own_run);
    add("SERVICE2_URL", app_refuses_url, "SERVICE2_URL", free_own_run);

    return cmocka_run_group_tests_name(STEP " http client", tests, start_all, stop_all);
}
