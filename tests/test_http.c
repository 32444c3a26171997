/*
 * What step 07 says of its faults, on both sides of the wire: the apps against a peer
 * that misbehaves, and the service against requests that no app of ours would send.
 * Texts of HTTP and JSON are written here with ' for ".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fnmatch.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "http_client.h"
#include "process.h"
#include "stack.h"
#include "step.h"
#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Twice what one exchange may take, or the drain of a service: machines can be busy. */
#define DEADLINE_MS 10000

/* Less than that, so that what waits for such a deadline shows. */
#define PROMPT_MS 4000

static const struct pipeline_values values_of_42 = {"42", "84", "Value-0084", "true"};

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* Not under a checker like valgrind, which takes its own time. */
static void assert_since(long long start, long long limit)
{
    if (!getenv("RUN_UNDER"))
        assert_in_range(now_ms() - start, 0, limit);
}

static char *with_quotes(const char *text)
{
    return text_replace(text, &(struct replacement){"'", "\""}, 1);
}

/* A pattern is of the shell's kind. */
static void assert_matches(const char *text, const char *pattern)
{
    if (fnmatch(pattern, text, 0) != 0)
        fail_msg("found \"%s\", expected \"%s\"", text, pattern);
}

static void assert_one_line(const char *text, const char *pattern)
{
    assert_matches(text, pattern);
    assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
}

/* ---- Processes: the peer, the service and the app ---- */

#define NOBODY "http://127.0.0.1:1"
#define URL_SIZE 64

/* Copies the URL that a server has told in its trace. */
static void wait_for_url(struct process *server, char url[URL_SIZE])
{
    assert_true(process_wait_for(server, &server->err, "Listening on "));
    const char *start = strstr(server->err.text, "http://");
    assert_non_null(start);
    snprintf(url, URL_SIZE, "%.*s", (int)strcspn(start, "\n"), start);
}

static void start_service(struct process *service, char url[URL_SIZE])
{
    setenv("PORT", "0", 1);
    process_start(service, (const char *const[]){SERVICE1_PATH, NULL}, NULL);
    wait_for_url(service, url);
}

/* By way of env, because it is not the peer that RUN_UNDER shall check. */
static void start_peer(struct process *peer, const char *script, char url[URL_SIZE])
{
    char *quoted = with_quotes(script);
    process_start(peer, (const char *const[]){"env", PEER_PATH, quoted, NULL}, NULL);
    free(quoted);
    wait_for_url(peer, url);
}

/* Starts a program that shall find services at these URLs; NULL: the one of the stack. */
static void start_app(struct process *app, const char *const argv[], const char *url1,
                      const char *url2)
{
    setenv("SERVICE1_URL", url1 ? url1 : stack_service_url(1), 1);
    setenv("SERVICE2_URL", url2 ? url2 : stack_service_url(2), 1);
    process_start(app, argv, NULL);
}

/* ---- The app and a peer that stands for one of its services, or for both ---- */

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
    char peer_url[URL_SIZE];
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
#define BAD1 "service1: bad answer: "
#define BAD2 "service2: bad answer: "
#define SHAPE "a field is missing, too large or of a wrong type"

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
    {"other order, more fields", SERVICE1,
     "read|" OK "{'new':[1], 'request_id':'{id}', 'processed':true, 'value':84}", NULL},
    {"reply of 65536 bytes", SERVICE1, "read|" OK REPLY1 "|spaces:65455", NULL},
    {"reply of 65537 bytes", SERVICE1, "read|" OK REPLY1 "|spaces:65456",
     URL1 "answer longer than 65536 bytes"},
    {"endless reply", SERVICE1, "read|" OK "|spaces:1000000000",
     URL1 "answer longer than 65536 bytes"},
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
    {"empty body", SERVICE1, "read|" OK, BAD1 "not JSON, at byte 0"},
    {"not JSON", SERVICE1, "read|" OK "<html>", BAD1 "not JSON, at byte 1"},
    {"JSON and more", SERVICE1, "read|" OK REPLY1 REPLY1, BAD1 "not JSON, at byte *"},
    {"reply of service 2", SERVICE1, "read|" OK REPLY2, BAD1 SHAPE},
    {"no request id", SERVICE1, "read|" OK "{'value':84,'processed':true}", BAD1 SHAPE},
    {"number for a bool", SERVICE1,
     "read|" OK "{'value':84,'processed':1,'request_id':'{id}'}", BAD1 SHAPE},
    {"2^32 + 84", SERVICE1,
     "read|" OK "{'value':4294967380,'processed':true,'request_id':'{id}'}", BAD1 SHAPE},
    {"another request's id", SERVICE1,
     "read|" OK "{'value':84,'processed':true,"
     "'request_id':'9c0e27b6-5cf5-4c0d-8a3e-4b9f5d6c7a81'}",
     BAD1 "to another request"},
    {"not processed, error", SERVICE1,
     "read|" UNPROCESSABLE
     "{'value':42,'processed':false,'request_id':'{id}','error':'no doubles today'}",
     "no doubles today"},
    {"not processed, no error", SERVICE1,
     "read|" OK "{'value':42,'processed':false,'request_id':'{id}'}",
     "service1: value not processed"},
    {"422, error only", SERVICE1, "read|" UNPROCESSABLE "{'error':'no value'}",
     BAD1 "no value"},
    {"error with newlines", SERVICE1, "read|" UNPROCESSABLE "{'error':'1\\n2\\n'}",
     BAD1 SHAPE},
    {"error with escapes", SERVICE1,
     "read|" OK "{'value':42,'processed':false,'request_id':'{id}','error':'\\u001b[2J'}",
     BAD1 SHAPE},

    {"reply", SERVICE2, "read|" OK REPLY2, NULL},
    {"refuses", SERVICE2, "refuse", URL2 "*onnect to 127.0.0.1 port*"},
    {"500", SERVICE2, "read|HTTP/1.0 500 Oh\r\n\r\n" REPLY2, URL2 "HTTP status 500"},
    {"not JSON", SERVICE2, "read|" OK "Value-0084", BAD2 "not JSON, at byte *"},
    {"reply of service 1", SERVICE2, "read|" OK REPLY1, BAD2 SHAPE},
    {"error", SERVICE2, "read|" UNPROCESSABLE "{'error':'no value'}", BAD2 "no value"},
    {"text too long", SERVICE2,
     "read|" OK "{'original':84,'transformed':'Value-00000000000000000000000084',"
     "'request_id':'{id}'}",
     BAD2 SHAPE},
    {"text with a newline", SERVICE2,
     "read|" OK "{'original':84,'transformed':'Value-\\n','request_id':'{id}'}",
     BAD2 SHAPE},
    {"another request's id", SERVICE2,
     "read|" OK "{'original':84,'transformed':'Value-0084',"
     "'request_id':'9c0e27b6-5cf5-4c0d-8a3e-4b9f5d6c7a81'}",
     BAD2 "to another request"},

    {"one connection", SERVICE1 | SERVICE2, "read|" FIRST "|read|" OK REPLY2, NULL},
    {"closes after a reply", SERVICE1 | SERVICE2, "read|" FIRST "|accept|read|" OK REPLY2,
     NULL},
    {"closes instead of the next", SERVICE1 | SERVICE2,
     "read|" FIRST "|read|accept|read|" OK REPLY2, NULL},
    {"is gone after a reply", SERVICE1 | SERVICE2, "read|" FIRST, URL2 "*"},
};

static void start_run(const struct peer_row *row, struct peer_run *run)
{
    start_peer(&run->peer, row->script, run->peer_url);
    run->start = now_ms();
    start_app(&run->app, (const char *const[]){step_app(), NULL},
              row->place & SERVICE1 ? run->peer_url : NULL,
              row->place & SERVICE2 ? run->peer_url : NULL);
}

static void check_run(const struct peer_row *row, struct peer_run *run)
{
    const char *last_line = !row->error              ? NULL
                            : row->place == SERVICE1 ? "[App] Sending to Service1...\n"
                                                     : "[App] Sending to Service2...\n";
    process_wait(&run->app);
    assert_since(run->start, DEADLINE_MS);
    char *expected = step_expected_output(&values_of_42, last_line);
    char *out = step_mask_output(run->app.out.text);
    char *err =
        text_replace(run->app.err.text, &(struct replacement){run->peer_url, "{url}"}, 1);
    char pattern[256];
    snprintf(pattern, sizeof pattern, "Error: %s\n", row->error ? row->error : "");

    if (row->error)
        assert_one_line(err, pattern);
    else
        assert_string_equal(err, "");
    assert_string_equal(out, expected);
    assert_int_equal(run->app.exit_status, row->error ? 1 : 0);

    free(err);
    free(out);
    free(expected);
    process_free(&run->app);
    process_free(&run->peer);
}

/* Rows are started before their turn, but few while a checker slows all down. */
static void peer_acts(void **state)
{
    static struct peer_run runs[COUNT(peer_rows)];
    static size_t started;
    size_t index = (size_t)((const struct peer_row *)*state - peer_rows);
    size_t ahead = getenv("RUN_UNDER") ? 1 : SLOW_ROWS - 1;

    for (; started < COUNT(peer_rows) && started <= index + ahead; started++)
        start_run(&peer_rows[started], &runs[started]);
    check_run(*state, &runs[index]);
}

/* Nobody answers: that must show before the deadline for the whole exchange. */
static void connecting_has_a_deadline(void **state)
{
    (void)state;
    const struct peer_row row = {"full", SERVICE1, "full", URL1 "*onnect* after 1??? m*"};
    struct peer_run run;
    start_run(&row, &run);
    long long start = run.start;
    check_run(&row, &run);
    assert_since(start, PROMPT_MS);
}

static void uses_no_proxy(void **state)
{
    (void)state;
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "all_proxy",
                                        "ALL_PROXY"};
    const struct peer_row row = {"proxy", SERVICE1, "read|" OK REPLY1, NULL};
    struct peer_run run;

    unsetenv("no_proxy");
    unsetenv("NO_PROXY");
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], NOBODY, 1);
    start_run(&row, &run);
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    check_run(&row, &run);
}

/* ---- The app and URLs that make no sense ---- */

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
};

struct good_url {
    const char *value; /* NULL: not set */
    const char *url;
};

static const struct good_url good_urls[] = {
    {NULL, "http://fallback"},
    {"http://127.0.0.1:3001", "http://127.0.0.1:3001"},
    {"http://127.0.0.1:3001/", "http://127.0.0.1:3001"},
    {"HTTP://localhost", "HTTP://localhost"},
    {"http://[::1]:3001", "http://[::1]:3001"},
};

static void accepts_url(void **state)
{
    const struct good_url *row = *state;
    char url[HTTP_URL_SIZE];
    char error[HTTP_ERROR_SIZE];

    if (row->value)
        setenv("URL", row->value, 1);
    else
        unsetenv("URL");
    assert_true(http_service_url("URL", "http://fallback", url, error, sizeof error));
    assert_string_equal(url, row->url);
}

static void refuses_url(void **state)
{
    const char *value = *state;
    char url[HTTP_URL_SIZE];
    char error[HTTP_ERROR_SIZE];
    char expected[HTTP_ERROR_SIZE];
    snprintf(expected, sizeof expected, "URL: '%s' is not the http URL of a service",
             value);

    setenv("URL", value, 1);
    assert_false(http_service_url("URL", "http://fallback", url, error, sizeof error));
    assert_string_equal(error, expected);
}

static void refuses_a_long_url(void **state)
{
    (void)state;
    char url[HTTP_URL_SIZE + 1];
    snprintf(url, sizeof url, "http://%0*d", HTTP_URL_SIZE - 7, 0);
    refuses_url(&(void *){url});
}

static void app_refuses_url(void **state)
{
    const char *name = *state;
    bool is_first = strcmp(name, "SERVICE1_URL") == 0;
    char expected[128];
    struct process app;
    snprintf(expected, sizeof expected,
             "Error: %s: 'ftp://x' is not the http URL of a service\n", name);
    start_app(&app, (const char *const[]){step_app(), NULL}, is_first ? "ftp://x" : NULL,
              is_first ? NULL : "ftp://x");
    process_wait(&app);

    assert_string_equal(app.err.text, expected);
    assert_string_equal(app.out.text, "");
    assert_int_equal(app.exit_status, 1);

    process_free(&app);
}

/* ---- The service and requests, over a socket ---- */

/* A connection to a server, and all that has come from there. */
struct connection {
    int fd;
    char text[8192];
    size_t length;
};

static int connect_to(const char *url)
{
    struct timeval limit = {.tv_sec = 15};
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_not_equal(fd, -1);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

static void open_connection(struct connection *connection, const char *url)
{
    connection->fd = connect_to(url);
    connection->length = 0;
    connection->text[0] = '\0';
    assert_int_not_equal(connection->fd, -1);
}

/* False when the other side is gone, or takes no more. */
static bool send_text(struct connection *connection, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t count = send(connection->fd, text, left, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        text += count;
        left -= (size_t)count;
    }
    return true;
}

/* Reads until `text` has come, NULL: until the other side has closed. */
static bool receive(struct connection *connection, const char *text)
{
    while (!text || !strstr(connection->text, text)) {
        ssize_t count = recv(connection->fd, connection->text + connection->length,
                             sizeof connection->text - 1 - connection->length, 0);
        if (count <= 0)
            return !text && count == 0;
        connection->length += (size_t)count;
        connection->text[connection->length] = '\0';
    }
    return true;
}

/*
 * Sends a whole request and reads to the end of the connection. `header` is one that the
 * reply must have, or NULL; so is `body`, which is compared.
 */
static void assert_reply(const char *request, const char *status, const char *header,
                         const char *body)
{
    struct connection connection;
    char status_line[32];
    char header_line[64];
    snprintf(status_line, sizeof status_line, "HTTP/1.1 %s ", status);
    snprintf(header_line, sizeof header_line, "\r\n%s\r\n", header ? header : "");

    open_connection(&connection, stack_service_url(1));
    assert_true(send_text(&connection, request));
    assert_true(receive(&connection, NULL));
    close(connection.fd);

    if (strncmp(connection.text, status_line, strlen(status_line)) != 0 ||
        !strstr(connection.text, header_line))
        fail_msg("found \"%s\", expected %s and %s", connection.text, status, header);
    if (body)
        assert_string_equal(strstr(connection.text, "\r\n\r\n") + 4, body);
}

#define HOST " HTTP/1.1\r\nHost: localhost\r\n"
#define LAST "Connection: close\r\n"
#define IS_JSON "Content-Type: application/json"
#define POST "POST /process" HOST IS_JSON "\r\n"
#define SHAPE_ERROR "{'error':'" SHAPE "'}"

struct body_row {
    const char *body;
    const char *status;
    const char *reply;
};

#define DIGITS_63 "012345678901234567890123456789012345678901234567890123456789012"

static const struct body_row body_rows[] = {
    {"{'value':42,'request_id':'x'}", "200",
     "{'value':84,'processed':true,'request_id':'x'}"},
    {"{'value':42,'request_id':'x','new':{'value':'1'},'error':1}", "200",
     "{'value':84,'processed':true,'request_id':'x'}"},
    {"{'value':-1073741824,'request_id':''}", "200",
     "{'value':-2147483648,'processed':true,'request_id':''}"},
    {"{'value':-0,'request_id':'\\'\\\\'}", "200",
     "{'value':0,'processed':true,'request_id':'\\'\\\\'}"},
    {"{'value':0,'request_id':'" DIGITS_63 "'}", "200",
     "{'value':0,'processed':true,'request_id':'" DIGITS_63 "'}"},
    {"{'value':1073741824,'request_id':'x'}", "422",
     "{'value':1073741824,'processed':false,'request_id':'x',"
     "'error':'overflow: 1073741824 * 2 exceeds int32_t range'}"},
    {"{'value':-1073741825,'request_id':'x'}", "422",
     "{'value':-1073741825,'processed':false,'request_id':'x',"
     "'error':'overflow: -1073741825 * 2 exceeds int32_t range'}"},
    {"{'value':42.0,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':1e3,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':'42','request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':true,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':null,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':2147483648,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':-2147483649,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':4294967338,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'Value':42,'request_id':'x'}", "422", SHAPE_ERROR},
    {"{'value':42}", "422", SHAPE_ERROR},
    {"{'value':42,'request_id':7}", "422", SHAPE_ERROR},
    {"{'value':42,'request_id':'" DIGITS_63 "3'}", "422", SHAPE_ERROR},
    {"{'value':42,'request_id':'a\\nb'}", "422", SHAPE_ERROR},
    {"{'value':42,'request_id':'\\u007f'}", "422", SHAPE_ERROR},
    {"{}", "422", SHAPE_ERROR},
    {"{'error':'not mine'}", "422", SHAPE_ERROR},
    {"[]", "422", SHAPE_ERROR},
    {"42", "422", SHAPE_ERROR},
    {"'value'", "422", SHAPE_ERROR},
    {"null", "422", SHAPE_ERROR},
    {"", "400", "{'error':'not JSON, at byte 0'}"},
    {"value=42", "400", "{'error':'not JSON, at byte 5'}"},
    {"{'value':42,", "400", "{'error':'not JSON, at byte 12'}"},
    {"{'value':42,'request_id':'x'}}", "400", "{'error':'not JSON, at byte 30'}"},
    {"{'value':042,'request_id':'x'}", "400", "{'error':'not JSON, at byte 10'}"},
    {"{'value':42,'value':42,'request_id':'x'}", "400",
     "{'error':'not JSON, at byte 19'}"},
    {"{'value':99999999999999999999,'request_id':'x'}", "400",
     "{'error':'not JSON, at byte 29'}"},
    {"{'value':42,'request_id':'\\u0000'}", "400", "{'error':'not JSON, at byte 33'}"},
};

static void answers_body(void **state)
{
    const struct body_row *row = *state;
    char *body = with_quotes(row->body);
    char *reply = with_quotes(row->reply);
    char request[512];
    snprintf(request, sizeof request, POST LAST "Content-Length: %zu\r\n\r\n%s",
             strlen(body), body);

    assert_reply(request, row->status, IS_JSON, reply);

    free(reply);
    free(body);
}

struct request_row {
    const char *name;
    const char *before;
    int spaces; /* sent between `before` and `after` */
    const char *after;
    const char *status;
    const char *header; /* of the reply, like the body; NULL: not compared */
    const char *body;
};

#define BODY "29\r\n\r\n{'value':42,'request_id':'x'}"
#define DOUBLED "{'value':84,'processed':true,'request_id':'x'}"
#define TYPED(type)                                                                      \
    "POST /process" HOST LAST "Content-Type: " type "\r\nContent-Length: " BODY
#define NO_BODY LAST "Content-Length: 0\r\n\r\n"
#define UNSUPPORTED "{'error':'expected the content type application/json'}"
#define NOT_FOUND "{'error':'not found'}"
#define NOT_ALLOWED "{'error':'method not allowed'}"
#define TOO_LARGE "{'error':'body too large'}"
#define TWO_LENGTHS "{'error':'both Content-Length and Transfer-Encoding'}"
#define IN_CHUNKS "Transfer-Encoding: chunked\r\n"

static const struct request_row request_rows[] = {
    {"health", "GET /health" HOST LAST "\r\n", 0, "", "200", "Content-Type: text/plain",
     "ok"},
    {"health, HTTP/1.0", "GET /health HTTP/1.0\r\n\r\n", 0, "", "200", NULL, "ok"},
    {"HEAD /health", "HEAD /health" HOST LAST "\r\n", 0, "", "200", "Content-Length: 2",
     ""},
    {"POST /health", "POST /health" HOST NO_BODY, 0, "", "405", "Allow: GET, HEAD",
     NOT_ALLOWED},
    {"GET /process", "GET /process" HOST LAST "\r\n", 0, "", "405", "Allow: POST",
     NOT_ALLOWED},
    {"PUT /process", "PUT /process" HOST NO_BODY, 0, "", "405", "Allow: POST",
     NOT_ALLOWED},
    {"GET /", "GET /" HOST LAST "\r\n", 0, "", "404", IS_JSON, NOT_FOUND},
    {"POST /transform", "POST /transform" HOST NO_BODY, 0, "", "404", IS_JSON, NOT_FOUND},
    {"POST /process/", "POST /process/" HOST NO_BODY, 0, "", "404", IS_JSON, NOT_FOUND},
    {"type in other letters", TYPED("Application/JSON"), 0, "", "200", IS_JSON, DOUBLED},
    {"type with charset", TYPED("application/json; charset=utf-8"), 0, "", "200", IS_JSON,
     DOUBLED},
    {"type of text", TYPED("text/plain"), 0, "", "415", IS_JSON, UNSUPPORTED},
    {"type that is longer", TYPED("application/json5"), 0, "", "415", IS_JSON,
     UNSUPPORTED},
    {"empty type", TYPED(""), 0, "", "415", IS_JSON, UNSUPPORTED},
    {"no type", "POST /process" HOST LAST "Content-Length: " BODY, 0, "", "415", IS_JSON,
     UNSUPPORTED},
    {"spaces", POST LAST "Content-Length: 45\r\n\r\n", 5,
     "{ \"request_id\" :\r\n\t\"x\" , \"value\" : 42 }\n", "200", IS_JSON, DOUBLED},
    {"not UTF-8", POST LAST "Content-Length: 29\r\n\r\n{'value':42,'request_id':'\xff'}",
     0, "", "400", IS_JSON, "{'error':'not JSON, at byte 26'}"},
    {"65536 bytes",
     POST LAST "Content-Length: 65536\r\n\r\n{'value':42,'request_id':'x'}", 65536 - 29,
     "", "200", IS_JSON, DOUBLED},
    {"65536 bytes, not JSON", POST LAST "Content-Length: 65536\r\n\r\n", 65536, "", "400",
     IS_JSON, "{'error':'not JSON, at byte 65536'}"},
    {"65537 bytes", POST "Content-Length: 65537\r\n\r\n", 0, "", "413", IS_JSON,
     TOO_LARGE},
    {"2^64 bytes", POST "Content-Length: 18446744073709551616\r\n\r\n", 0, "", "413",
     NULL, NULL},
    {"length of -1", POST "Content-Length: -1\r\n\r\n", 0, "", "400", NULL, NULL},
    {"length of no number", POST "Content-Length: a\r\n\r\n", 0, "", "400", NULL, NULL},
    {"chunks",
     POST LAST IN_CHUNKS "\r\n1\r\n{\r\n1c\r\n'value':42,'request_id':'x'}\r\n0", 0,
     "\r\n\r\n", "200", IS_JSON, DOUBLED},
    {"65536 bytes in a chunk", POST LAST IN_CHUNKS "\r\n10000\r\n", 65536,
     "\r\n0\r\n\r\n", "400", IS_JSON, "{'error':'not JSON, at byte 65536'}"},
    {"65537 bytes in a chunk", POST LAST IN_CHUNKS "\r\n10001\r\n", 65537,
     "\r\n0\r\n\r\n", "413", IS_JSON, TOO_LARGE},
    {"a million bytes in a chunk", POST LAST IN_CHUNKS "\r\nf4240\r\n", 1000000,
     "\r\n0\r\n\r\n", "413", IS_JSON, TOO_LARGE},
    {"length and chunks", POST IN_CHUNKS "Content-Length: 5\r\n\r\n0\r\n\r\n", 0, "",
     "400", "Connection: close", TWO_LENGTHS},
};

static void answers_request(void **state)
{
    const struct request_row *row = *state;
    char *before = with_quotes(row->before);
    char *body = row->body ? with_quotes(row->body) : NULL;
    char *request;
    assert_int_not_equal(
        asprintf(&request, "%s%*s%s", before, row->spaces, "", row->after), -1);

    assert_reply(request, row->status, row->header, body);

    free(request);
    free(body);
    free(before);
}

#define GOOD_REQUEST POST "Content-Length: 29\r\n\r\n{\"value\":42,\"request_id\":\"x\"}"
#define END_OF_REPLY "\"request_id\":\"x\"}"

static void cuts_off_an_endless_body(void **state)
{
    (void)state;
    struct connection connection;
    char chunk[4096 + 9];
    snprintf(chunk, sizeof chunk, "1000\r\n%4096s\r\n", "");
    open_connection(&connection, stack_service_url(1));
    assert_true(send_text(&connection, POST IN_CHUNKS "\r\n"));

    size_t sent = 0; /* 64 MB are more than the buffers of the system hold */
    while (sent < 16384 && send_text(&connection, chunk))
        sent++;
    assert_true(sent < 16384);
    close(connection.fd);
}

static void request_three_times(const char *url)
{
    struct connection connection;
    open_connection(&connection, url);

    for (int i = 0; i < 3; i++) {
        connection.length = 0;
        connection.text[0] = '\0';
        assert_true(send_text(&connection, GOOD_REQUEST));
        assert_true(receive(&connection, END_OF_REPLY));
    }
    close(connection.fd);
}

static void keeps_a_connection(void **state)
{
    (void)state;
    request_three_times(stack_service_url(1));
}

static void answers_pipelined_requests(void **state)
{
    (void)state;
    struct connection connection;
    open_connection(&connection, stack_service_url(1));

    assert_true(send_text(&connection, GOOD_REQUEST "GET /none" HOST "\r\n"
                                                    "GET /health" HOST LAST "\r\n"));
    assert_true(receive(&connection, NULL));
    assert_matches(connection.text,
                   "HTTP/1.1 200 *\"x\"}HTTP/1.1 404 *}HTTP/1.1 200 *ok");
    close(connection.fd);
}

static void serves_beside_idle_connections(void **state)
{
    (void)state;
    int idle[200];

    for (size_t i = 0; i < COUNT(idle); i++)
        assert_int_not_equal(idle[i] = connect_to(stack_service_url(1)), -1);
    for (int i = 0; i < 20; i++)
        request_three_times(stack_service_url(1));
    for (size_t i = 0; i < COUNT(idle); i++)
        close(idle[i]);
}

static void listens_on_its_address_only(void **state)
{
    (void)state;
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port =
            htons((uint16_t)strtoul(strrchr(stack_service_url(1), ':') + 1, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), -1);
    assert_int_equal(errno, ECONNREFUSED);
    close(fd);
}

/* Opened before the first test: the service closes it when nothing moves for a while. */
static struct connection unused;

static void closes_an_unused_connection(void **state)
{
    (void)state;
    assert_true(receive(&unused, NULL));
    close(unused.fd);
}

/* ---- The beginning and the end of a service ---- */

struct address_row {
    const char *port; /* NULL: the one of a service that runs */
    const char *bind_address;
    const char *error; /* after "Error: Service1: " */
};

static const struct address_row address_rows[] = {
    {"", NULL, "PORT: '' is not a port number"},
    {"http", NULL, "PORT: 'http' is not a port number"},
    {"-1", NULL, "PORT: '-1' is not a port number"},
    {"65536", NULL, "PORT: '65536' is not a port number"},
    {"80 ", NULL, "PORT: '80 ' is not a port number"},
    {"4294967296", NULL, "PORT: '4294967296' is not a port number"},
    {"0", "", "BIND_ADDRESS: '' is not an IPv4 address"},
    {"0", "localhost", "BIND_ADDRESS: 'localhost' is not an IPv4 address"},
    {"0", "127.0.0.256", "BIND_ADDRESS: '127.0.0.256' is not an IPv4 address"},
    {"0", "::1", "BIND_ADDRESS: '::1' is not an IPv4 address"},
    {"0", "192.0.2.1", "cannot listen on 192.0.2.1:0: Cannot assign requested address"},
    {NULL, NULL, "cannot listen on 127.0.0.1:{port}: Address already in use"},
};

static void refuses_address(void **state)
{
    const struct address_row *row = *state;
    const char *taken = strrchr(stack_service_url(1), ':') + 1;
    char *error = text_replace(row->error, &(struct replacement){"{port}", taken}, 1);
    char expected[256];
    struct process service;
    snprintf(expected, sizeof expected,
             "\t[Service1] Processing Service\nError: Service1: %s\n", error);

    setenv("PORT", row->port ? row->port : taken, 1);
    if (row->bind_address)
        setenv("BIND_ADDRESS", row->bind_address, 1);
    process_run(&service, (const char *const[]){SERVICE1_PATH, NULL});
    unsetenv("BIND_ADDRESS");

    assert_string_equal(service.err.text, expected);
    assert_string_equal(service.out.text, "");
    assert_int_equal(service.exit_status, 1);

    process_free(&service);
    free(error);
}

/* A service of a test's own, for it to end. */
static struct process own;
static char own_url[URL_SIZE];

static int start_own(void **state)
{
    (void)state;
    start_service(&own, own_url);
    return 0;
}

static int free_own(void **state)
{
    (void)state;
    process_free(&own);
    return 0;
}

/* A client that goes in the middle of its request harms nobody else. */
static void survives_lost_clients(void **state)
{
    (void)state;
    static const char request[] = GOOD_REQUEST;

    for (size_t length = 0; length < sizeof request; length += 7) {
        char part[sizeof request];
        struct connection connection;
        snprintf(part, sizeof part, "%.*s", (int)length, request);
        open_connection(&connection, own_url);
        assert_true(send_text(&connection, part));
        close(connection.fd);
    }
    request_three_times(own_url);
}

/* It ends by itself, with 0 and its last word. */
static void assert_ends(struct process *service)
{
    static const char last_line[] = "\t[Service1] Server Exiting.\n";

    process_wait(service);
    assert_false(service->timed_out);
    assert_int_equal(service->exit_status, 0);
    assert_true(service->err.length > strlen(last_line));
    assert_string_equal(service->err.text + service->err.length - strlen(last_line),
                        last_line);
}

#define FIRST_HALF "{\"value\":42,"
#define SECOND_HALF "\"request_id\":\"x\"}"

/* Returns when the service has begun to work at the request. */
static void send_first_half(struct connection *connection, const char *url)
{
    open_connection(connection, url);
    assert_true(
        send_text(connection, POST "Content-Length: 29\r\nExpect: 100-continue\r\n\r\n"));
    assert_true(receive(connection, "HTTP/1.1 100 Continue\r\n\r\n"));
    assert_true(send_text(connection, FIRST_HALF));
}

/* The trace comes a moment before the deed. */
static void wait_until_refused(const char *url)
{
    long long deadline = now_ms() + DEADLINE_MS;
    int fd;

    while ((fd = connect_to(url)) != -1) {
        close(fd);
        assert_true(now_ms() < deadline);
        poll(NULL, 0, 10);
    }
}

static const int stop_signals[] = {SIGTERM, SIGINT};

static void finishes_what_is_under_way(void **state)
{
    const int *stop_signal = *state;
    struct connection connection;
    send_first_half(&connection, own_url);

    process_signal(&own, *stop_signal);
    assert_true(process_wait_for(&own, &own.err, "Initiating Shutdown..."));
    wait_until_refused(own_url);
    assert_true(send_text(&connection, SECOND_HALF));
    assert_true(receive(&connection, "{\"value\":84,\"processed\":true," SECOND_HALF));
    assert_ends(&own);
    close(connection.fd);
}

static void waits_for_no_other_connection(void **state)
{
    const int *stop_signal = *state;
    struct connection silent;
    struct connection half_header;
    struct connection kept;
    open_connection(&silent, own_url);
    open_connection(&half_header, own_url);
    assert_true(send_text(&half_header, "GET /health" HOST));
    open_connection(&kept, own_url); /* accepted after the others */
    assert_true(send_text(&kept, "GET /health" HOST "\r\n"));
    assert_true(receive(&kept, "ok"));

    long long start = now_ms();
    process_signal(&own, *stop_signal);
    assert_ends(&own);
    assert_since(start, PROMPT_MS);
    close(silent.fd);
    close(half_header.fd);
    close(kept.fd);
}

/* Its traces go nowhere then, but its replies do not. */
static void survives_the_end_of_its_reader(void **state)
{
    (void)state;
    close(own.err.fd);
    own.err.fd = -1;

    request_three_times(own_url);
    process_signal(&own, SIGTERM);
    process_wait(&own);
    assert_int_equal(own.exit_status, 0);
}

/* Told to end before the first test, with a request that never will. */
static struct process stuck;
static struct connection stuck_connection;
static long long stuck_start;

static void gives_up_a_stuck_request(void **state)
{
    (void)state;
    assert_ends(&stuck);
    assert_since(stuck_start, DEADLINE_MS);
    close(stuck_connection.fd);
    process_free(&stuck);
}

/* ---- app_multi ---- */

#define FINAL "--- Final Results (sorted by input value) ---\n"

struct multi_row {
    const char *name;
    const char *arguments[3];
    const char *url1; /* NULL: the one of the stack */
    const char *url2;
    const char *out; /* patterns of the shell's kind */
    const char *err;
    int exit_status;
};

#define USAGE "Usage: app_multi \\[VALUE...\\]\n"

static const struct multi_row multi_rows[] = {
    {"overflow",
     {"1073741824", "10"},
     NULL,
     NULL,
     "*\n" FINAL "  10 -> Value-0020  \\[????????\\]\n"
     "  1073741824 -> ERROR(service1): overflow: 1073741824 \\* 2 exceeds int32_t range"
     "  \\[????????\\]\n",
     "Error: 1 of 2 values failed\n",
     1},
    {"no service 1",
     {"20", "10"},
     NOBODY,
     NULL,
     "*\n" FINAL "  10 -> ERROR(service1): " NOBODY
     "/process: *onnect to * \\[????????\\]\n"
     "  20 -> ERROR(service1): " NOBODY "/process: *onnect to * \\[????????\\]\n",
     "Error: 2 of 2 values failed\n",
     1},
    {"no service 2",
     {"10"},
     NULL,
     NOBODY,
     "*\n" FINAL "  10 -> ERROR(service2): " NOBODY
     "/transform: *onnect to * \\[????????\\]\n",
     "Error: 1 of 1 values failed\n",
     1},
    {"bad value",
     {"10", "abc"},
     NULL,
     NULL,
     "",
     "Error: 'abc' is not a 32-bit integer\n" USAGE,
     2},
    {"bad URL",
     {"10"},
     NULL,
     "ftp://x",
     "",
     "Error: SERVICE2_URL: 'ftp://x' is not the http URL of a service\n",
     1},
};

static void multi_fails(void **state)
{
    const struct multi_row *row = *state;
    struct process app;
    start_app(
        &app,
        (const char *const[]){APP_MULTI_PATH, row->arguments[0], row->arguments[1], NULL},
        row->url1, row->url2);
    process_wait(&app);

    assert_matches(app.out.text, row->out);
    assert_matches(app.err.text, row->err);
    assert_int_equal(app.exit_status, row->exit_status);

    process_free(&app);
}

static void multi_reports_a_full_disk(void **state)
{
    (void)state;
    struct process app;
    process_start(&app, (const char *const[]){APP_MULTI_PATH, NULL}, "/dev/full");
    process_wait(&app);

    assert_string_equal(
        app.err.text,
        "Error: cannot write to standard output: No space left on device\n");
    assert_int_equal(app.exit_status, 1);

    process_free(&app);
}

/* Its five pipelines meet silence at once, so all of them last as long as one. */
static struct peer_run multi_run;

static void multi_waits_once(void **state)
{
    (void)state;
    process_wait(&multi_run.app);
    assert_since(multi_run.start, DEADLINE_MS);

    assert_string_equal(multi_run.app.err.text, "Error: 5 of 5 values failed\n");
    assert_null(strstr(multi_run.app.out.text, "Value-"));
    assert_int_equal(multi_run.app.exit_status, 1);

    process_free(&multi_run.app);
    process_free(&multi_run.peer);
}

#define VALUES_MAX 64

/* Gives each id a short name, {0} to that of the first pipeline. */
static char *name_ids(const char *out, int count)
{
    static const char before_id[] = "request_id=";
    struct replacement replacements[VALUES_MAX];
    char ids[VALUES_MAX][9];
    char names[VALUES_MAX][16];

    const char *found = out;
    for (int i = 0; i < count; i++) {
        found = strstr(found, before_id);
        assert_non_null(found);
        found += strlen(before_id);
        snprintf(ids[i], sizeof ids[i], "%s", found);
        snprintf(names[i], sizeof names[i], "{%d}", i);
        replacements[i] = (struct replacement){ids[i], names[i]};
    }
    return text_replace(out, replacements, (size_t)count);
}

/* What is printed before the results, though pipelines mix their lines. */
static char *expected_progress(const int *values, int count)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);

    fprintf(stream,
            "\n\nPhase 07: Distributed system (HTTP)\n\n"
            "--- Processing Distributed Pipeline (%d values concurrently) ---\n\n\n",
            count);
    for (int i = 0; i < count; i++) {
        int value = values[i];
        fprintf(stream,
                "[App] Spawning pipeline for value=%d  request_id={%d}\n"
                "[{%d}] Service1 done: value=%d -> processed=%d\n"
                "[{%d}] Service2 done: value=%d -> transformed=Value-%04d\n"
                "[App] Completed: value=%d -> Value-%04d  request_id={%d}\n",
                value, i, i, value, 2 * value, i, 2 * value, 2 * value, value, 2 * value,
                i);
    }
    fclose(stream);
    return text;
}

#define SMALLEST (-13)
#define LARGEST 50

static char *expected_results(const int *values, int count)
{
    char *text;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    assert_non_null(stream);

    fprintf(stream, "\n" FINAL);
    for (int value = SMALLEST; value <= LARGEST; value++) {
        for (int i = 0; i < count; i++) {
            if (values[i] == value)
                fprintf(stream, "  %d -> Value-%04d  [{%d}]\n", value, 2 * value, i);
        }
    }
    fprintf(stream, "\nExecution complete\n");
    fclose(stream);
    return text;
}

/* The lines of both are the same, in any order; those of `expected` are all different. */
static void assert_same_lines(const char *text, char *expected)
{
    char whole[256];

    assert_int_equal(strlen(text), strlen(expected));
    for (char *line = strtok(expected, "\n"); line; line = strtok(NULL, "\n")) {
        snprintf(whole, sizeof whole, "\n%s\n", line);
        if (!strstr(text, whole))
            fail_msg("no line \"%s\" in \"%s\"", line, text);
    }
}

static void multi_works(const char *const argv[], const int *values, int count)
{
    struct process app;
    start_app(&app, argv, NULL, NULL);
    process_wait(&app);
    assert_string_equal(app.err.text, "");
    assert_int_equal(app.exit_status, 0);

    char *out = name_ids(app.out.text, count);
    char *progress = expected_progress(values, count);
    char *results = expected_results(values, count);
    char *end = strstr(out, "\n" FINAL);
    assert_non_null(end);
    assert_string_equal(end, results);
    *end = '\0';
    assert_same_lines(out, progress);

    free(results);
    free(progress);
    free(out);
    process_free(&app);
}

static void multi_has_default_values(void **state)
{
    (void)state;
    static const int values[] = {10, 20, 30, 42, 50};
    multi_works((const char *const[]){APP_MULTI_PATH, NULL}, values, COUNT(values));
}

/* From large to small, so that they are not yet sorted. */
static void fill_arguments(const char *argv[], char texts[][8], int *values, int count)
{
    argv[0] = APP_MULTI_PATH;
    for (int i = 0; i < count; i++) {
        values[i] = LARGEST - i;
        snprintf(texts[i], sizeof texts[i], "%d", values[i]);
        argv[i + 1] = texts[i];
    }
    argv[count + 1] = NULL;
}

static void multi_takes_64_values(void **state)
{
    (void)state;
    const char *argv[VALUES_MAX + 2];
    char texts[VALUES_MAX][8];
    int values[VALUES_MAX];

    fill_arguments(argv, texts, values, VALUES_MAX);
    multi_works(argv, values, VALUES_MAX);
}

static void multi_refuses_65_values(void **state)
{
    (void)state;
    const char *argv[VALUES_MAX + 3];
    char texts[VALUES_MAX + 1][8];
    int values[VALUES_MAX + 1];
    struct process app;

    fill_arguments(argv, texts, values, VALUES_MAX + 1);
    process_run(&app, argv);
    assert_string_equal(app.out.text, "");
    assert_string_equal(app.err.text,
                        "Error: more than 64 values\nUsage: app_multi [VALUE...]\n");
    assert_int_equal(app.exit_status, 2);
    process_free(&app);
}

/* ---- All of it ---- */

static int start_all(void **state)
{
    (void)state;
    stack_start();
    open_connection(&unused, stack_service_url(1));

    start_peer(&multi_run.peer, "hold", multi_run.peer_url);
    multi_run.start = now_ms();
    start_app(&multi_run.app, (const char *const[]){APP_MULTI_PATH, NULL},
              multi_run.peer_url, NULL);

    char url[URL_SIZE];
    start_service(&stuck, url);
    send_first_half(&stuck_connection, url);
    stuck_start = now_ms();
    process_signal(&stuck, SIGTERM);
    return 0;
}

static int stop_all(void **state)
{
    (void)state;
    stack_stop();
    return 0;
}

static struct CMUnitTest tests[256];
static size_t test_count;

static void add(const char *name, CMUnitTestFunction run, const void *row)
{
    tests[test_count++] =
        (struct CMUnitTest){.name = name, .test_func = run, .initial_state = (void *)row};
}

static void add_with_service(const char *name, CMUnitTestFunction run, const void *row)
{
    add(name, run, row);
    tests[test_count - 1].setup_func = start_own;
    tests[test_count - 1].teardown_func = free_own;
}

static void add_rows_of_apps(void)
{
    for (size_t i = 0; i < COUNT(bad_urls); i++)
        add(bad_urls[i], refuses_url, bad_urls[i]);
    for (size_t i = 0; i < COUNT(good_urls); i++)
        add(good_urls[i].url, accepts_url, &good_urls[i]);
    for (size_t i = 0; i < COUNT(multi_rows); i++)
        add(multi_rows[i].name, multi_fails, &multi_rows[i]);
}

static void add_rows_of_services(void)
{
    for (size_t i = 0; i < COUNT(body_rows); i++)
        add(body_rows[i].body, answers_body, &body_rows[i]);
    for (size_t i = 0; i < COUNT(request_rows); i++)
        add(request_rows[i].name, answers_request, &request_rows[i]);
    for (size_t i = 0; i < COUNT(address_rows); i++)
        add(address_rows[i].error, refuses_address, &address_rows[i]);
    for (size_t i = 0; i < COUNT(stop_signals); i++) {
        add_with_service("end: under way", finishes_what_is_under_way, &stop_signals[i]);
        add_with_service("end: idle", waits_for_no_other_connection, &stop_signals[i]);
    }
}

int main(void)
{
    for (size_t i = 0; i < SLOW_ROWS; i++)
        add(peer_rows[i].name, peer_acts, &peer_rows[i]);
    add("app_multi: slow", multi_waits_once, NULL);
    add("end: stuck", gives_up_a_stuck_request, NULL);
    for (size_t i = SLOW_ROWS; i < COUNT(peer_rows); i++)
        add(peer_rows[i].name, peer_acts, &peer_rows[i]);
    add("full", connecting_has_a_deadline, NULL);
    add("proxy", uses_no_proxy, NULL);
    add("long URL", refuses_a_long_url, NULL);
    add("SERVICE1_URL", app_refuses_url, "SERVICE1_URL");
    add("SERVICE2_URL", app_refuses_url, "SERVICE2_URL");
    add_rows_of_apps();
    add("app_multi", multi_has_default_values, NULL);
    add("app_multi: 64 values", multi_takes_64_values, NULL);
    add("app_multi: 65 values", multi_refuses_65_values, NULL);
    add("app_multi: full disk", multi_reports_a_full_disk, NULL);
    add_rows_of_services();
    add("endless body", cuts_off_an_endless_body, NULL);
    add("keep-alive", keeps_a_connection, NULL);
    add("pipelined", answers_pipelined_requests, NULL);
    add("200 idle connections", serves_beside_idle_connections, NULL);
    add_with_service("lost clients", survives_lost_clients, NULL);
    add_with_service("lost reader", survives_the_end_of_its_reader, NULL);
    add("one address", listens_on_its_address_only, NULL);
    add("idle timeout", closes_an_unused_connection, NULL);

    return cmocka_run_group_tests_name(STEP " http", tests, start_all, stop_all);
}
