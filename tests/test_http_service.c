/*
 * The service of step 07 and requests that no app of ours would send, its start, and its
 * end. Texts of HTTP and JSON are written here with ' for ".
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "http.h"
#include "process.h"
#include "stack.h"
#include "table.h"
#include "temp_dir.h"
#include "text.h"

/* Twice what the drain of a service may take: machines can be busy. */
#define DEADLINE_MS 10000

/* Less than a drain may take, to show that something did not wait for its end. */
#define PROMPT_MS 4000

/* ---- Requests and their replies ---- */

/*
 * Sends a whole request and reads to the end of the connection. `header` is one that the
 * reply must have, or NULL; so is `body`, a pattern.
 */
static void assert_reply(const char *url, const char *request, const char *status,
                         const char *header, const char *body)
{
    struct http_connection connection;
    char status_line[32];
    char header_line[64];
    snprintf(status_line, sizeof status_line, "HTTP/1.1 %s ", status);
    snprintf(header_line, sizeof header_line, "\r\n%s\r\n", header ? header : "");

    http_open(&connection, url);
    assert_true(http_send(&connection, request));
    assert_true(http_receive(&connection, NULL));
    http_close(&connection);

    if (strncmp(connection.text, status_line, strlen(status_line)) != 0 ||
        !strstr(connection.text, header_line))
        fail_msg("found \"%s\", expected %s and %s", connection.text, status, header);
    if (body)
        text_assert_matches(strstr(connection.text, "\r\n\r\n") + 4, body);
}

#define HOST " HTTP/1.1\r\nHost: localhost\r\n"
#define LAST "Connection: close\r\n"
#define IS_JSON "Content-Type: application/json"
#define POST "POST /process" HOST IS_JSON "\r\n"

struct request_row {
    const char *name;
    const char *before;
    int spaces; /* sent between `before` and `after` */
    const char *after;
    const char *status;
    const char *header; /* of the reply, like the body; NULL: not compared */
    const char *body;   /* a pattern */
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
#define TWO_LENGTHS "{'error':'more than one Content-Length or Transfer-Encoding'}"
#define UNKNOWN_CODING "{'error':'unknown Transfer-Encoding'}"
#define MALFORMED "{'error':'malformed header'}"
#define NEXT "GET /health" HOST "\r\n" /* a body that looks like a request: 41 bytes */
#define IN_CHUNKS "Transfer-Encoding: chunked\r\n"

static const struct request_row request_rows[] = {
    {"good", POST LAST "Content-Length: " BODY, 0, "", "200", IS_JSON, DOUBLED},
    {"its name", POST LAST "Content-Length: " BODY, 0, "", "200",
     "Server: service1/0.1.0", DOUBLED},
    {"its name in an error", "GET /" HOST LAST "\r\n", 0, "", "404",
     "Server: service1/0.1.0", NOT_FOUND},
    {"overflow",
     POST LAST "Content-Length: 37\r\n\r\n{'value':1073741824,'request_id':'x'}", 0, "",
     "422", IS_JSON,
     "{'value':1073741824,'processed':false,'request_id':'x',"
     "'error':'overflow: 1073741824 \\* 2 exceeds int32_t range'}"},
    {"wrong shape", POST LAST "Content-Length: 14\r\n\r\n{'value':'42'}", 0, "", "422",
     IS_JSON, "{'error':'field ?value? is missing, too large or of a wrong type'}"},
    {"not JSON", POST LAST "Content-Length: 8\r\n\r\nvalue=42", 0, "", "400", IS_JSON,
     "{'error':'not JSON, at byte 5'}"},
    {"empty body", POST NO_BODY, 0, "", "400", IS_JSON,
     "{'error':'not JSON, at byte 0'}"},
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
    {"two lengths", POST "Content-Length: 0\r\nContent-Length: 41\r\n\r\n" NEXT, 0, "",
     "400", "Connection: close", TWO_LENGTHS},
    {"two lengths, the other way",
     POST "Content-Length: 41\r\nContent-Length: 0\r\n\r\n" NEXT, 0, "", "400",
     "Connection: close", TWO_LENGTHS},
    {"the same length twice", POST "Content-Length: 29\r\nContent-Length: " BODY, 0, "",
     "400", "Connection: close", TWO_LENGTHS},
    {"two lengths in one", POST "Content-Length: 29, 29\r\n\r\n", 0, "", "400",
     "Connection: close", NULL},
    {"two codings", POST IN_CHUNKS IN_CHUNKS "\r\n0\r\n\r\n" NEXT, 0, "", "400",
     "Connection: close", TWO_LENGTHS},
    {"length with a blank", POST "Content-Length : 41\r\n\r\n" NEXT, 0, "", "400",
     "Connection: close", MALFORMED},
    {"length with a tab", POST "Content-Length\t: 41\r\n\r\n" NEXT, 0, "", "400",
     "Connection: close", MALFORMED},
    {"length after a blank", "POST /process HTTP/1.1\r\n Content-Length: 41\r\n\r\n" NEXT,
     0, "", "400", "Connection: close", MALFORMED},
    {"coding with a blank", POST "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 0, "",
     "400", "Connection: close", MALFORMED},
    {"unknown coding", POST "Transfer-Encoding: gzip\r\n\r\n" NEXT, 0, "", "501",
     "Connection: close", UNKNOWN_CODING},
    {"unknown coding and chunks", POST "Transfer-Encoding: gzip, chunked\r\n\r\n" NEXT, 0,
     "", "501", "Connection: close", UNKNOWN_CODING},
    {"empty coding", POST "Transfer-Encoding:\r\n\r\n" NEXT, 0, "", "501",
     "Connection: close", UNKNOWN_CODING},
    {"chunks in other letters", POST LAST "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
     0, "", "400", IS_JSON, "{'error':'not JSON, at byte 0'}"},
    {"%00", "POST /process%00x" HOST "Content-Length: 41\r\n\r\n" NEXT, 0, "", "400",
     "Connection: close", MALFORMED},
    {"%00 at the end", "GET /health%00" HOST "\r\n", 0, "", "400", "Connection: close",
     MALFORMED},
    {"another escape", "GET /h%65alth" HOST LAST "\r\n", 0, "", "200", NULL, "ok"},
};

static void replies_to_request(void **state)
{
    const struct request_row *row = *state;
    char *before = text_with_quotes(row->before);
    char *body = row->body ? text_with_quotes(row->body) : NULL;
    char *request;
    assert_int_not_equal(
        asprintf(&request, "%s%*s%s", before, row->spaces, "", row->after), -1);

    assert_reply(stack_service_url(1), request, row->status, row->header, body);

    free(request);
    free(body);
    free(before);
}

static void names_itself(void **state)
{
    (void)state;
    assert_reply(stack_service_url(2), "GET /health" HOST LAST "\r\n", "200",
                 "Server: service2/0.2.0", "ok");
}

#define GOOD_REQUEST POST "Content-Length: 29\r\n\r\n{\"value\":42,\"request_id\":\"x\"}"
#define END_OF_REPLY "\"request_id\":\"x\"}"

static void cuts_off_an_endless_body(void **state)
{
    (void)state;
    struct http_connection connection;
    char chunk[4096 + 9];
    snprintf(chunk, sizeof chunk, "1000\r\n%4096s\r\n", "");
    http_open(&connection, stack_service_url(1));
    assert_true(http_send(&connection, POST IN_CHUNKS "\r\n"));

    size_t sent = 0; /* 64 MB are more than the buffers of the system hold */
    while (sent < 16384 && http_send(&connection, chunk))
        sent++;
    assert_true(sent < 16384);
    http_close(&connection);
}

static void request_three_times(const char *url)
{
    struct http_connection connection;
    http_open(&connection, url);

    for (int i = 0; i < 3; i++) {
        http_forget(&connection);
        assert_true(http_send(&connection, GOOD_REQUEST));
        assert_true(http_receive(&connection, END_OF_REPLY));
    }
    http_close(&connection);
}

static void keeps_a_connection(void **state)
{
    (void)state;
    request_three_times(stack_service_url(1));
}

static void replies_to_pipelined_requests(void **state)
{
    (void)state;
    struct http_connection connection;
    http_open(&connection, stack_service_url(1));

    assert_true(http_send(&connection, GOOD_REQUEST "GET /none" HOST "\r\n"
                                                    "GET /health" HOST LAST "\r\n"));
    assert_true(http_receive(&connection, NULL));
    text_assert_matches(connection.text,
                        "HTTP/1.1 200 *\"x\"}HTTP/1.1 404 *}HTTP/1.1 200 *ok");
    http_close(&connection);
}

static void serves_beside_idle_connections(void **state)
{
    (void)state;
    int idle[200];

    for (size_t i = 0; i < COUNT(idle); i++)
        assert_int_not_equal(idle[i] = http_connect(stack_service_url(1)), -1);
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
static struct http_connection unused;

static void closes_an_unused_connection(void **state)
{
    (void)state;
    assert_true(http_receive(&unused, NULL));
    http_close(&unused);
}

/* ---- The start of a service ---- */

/* A service of a test's own, for it to stop. */
static struct process own;
static char own_url[HTTP_TEST_URL_SIZE];

static void start_service(struct process *service, char url[HTTP_TEST_URL_SIZE])
{
    setenv("PORT", "0", 1);
    process_start(service, (const char *const[]){SERVICE1_PATH, NULL}, NULL);
    http_wait_for_url(service, url);
}

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

struct address_row {
    const char *port; /* NULL: one that is taken */
    const char *bind_address;
    const char *error; /* after "Error: service1: " */
};

static const struct address_row address_rows[] = {
    {"", NULL, "PORT: '' is not a port number"},
    {"http", NULL, "PORT: 'http' is not a port number"},
    {"-1", NULL, "PORT: '-1' is not a port number"},
    {"65536", NULL, "PORT: '65536' is not a port number"},
    {"80 ", NULL, "PORT: '80 ' is not a port number"},
    {"80\n", NULL, "PORT: '80?' is not a port number"},
    {"4294967296", NULL, "PORT: '4294967296' is not a port number"},
    {"0", "", "BIND_ADDRESS: '' is not an IPv4 address"},
    {"0", "localhost", "BIND_ADDRESS: 'localhost' is not an IPv4 address"},
    {"0", "127.0.0.256", "BIND_ADDRESS: '127.0.0.256' is not an IPv4 address"},
    {"0", "\x1b[2J", "BIND_ADDRESS: '?[2J' is not an IPv4 address"},
    {"0", "::1", "BIND_ADDRESS: '::1' is not an IPv4 address"},
    {"0", "192.0.2.1", "cannot listen on 192.0.2.1:0: Cannot assign requested address"},
    {NULL, NULL, "cannot listen on 127.0.0.1:{port}: Address already in use"},
};

/* A socket that listens on a free port, to be closed; tells the port. */
static int take_port(char port[8])
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(fd, 1), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    snprintf(port, 8, "%d", ntohs(address.sin_port));
    return fd;
}

static void refuses_address(void **state)
{
    const struct address_row *row = *state;
    char taken[8];
    int fd = take_port(taken);
    char *error = text_replace(row->error, &(struct replacement){"{port}", taken}, 1);
    char expected[256];
    snprintf(expected, sizeof expected,
             "\t[Service1] Processing Service\nError: service1: %s\n", error);
    free(error);

    setenv("PORT", row->port ? row->port : taken, 1);
    if (row->bind_address)
        setenv("BIND_ADDRESS", row->bind_address, 1);
    process_run(&own, (const char *const[]){SERVICE1_PATH, NULL});
    unsetenv("BIND_ADDRESS");
    close(fd);

    assert_string_equal(own.err.text, expected);
    assert_string_equal(own.out.text, "");
    assert_int_equal(own.exit_status, 1);
}

/* ---- What a service survives, and its end ---- */

/* A client that goes in the middle of its request harms nobody else. */
static void survives_lost_clients(void **state)
{
    (void)state;
    static const char request[] = GOOD_REQUEST;

    for (size_t length = 0; length < sizeof request; length += 7) {
        char part[sizeof request];
        struct http_connection connection;
        snprintf(part, sizeof part, "%.*s", (int)length, request);
        http_open(&connection, own_url);
        assert_true(http_send(&connection, part));
        http_close(&connection);
    }
    request_three_times(own_url);
}

/* Its log is a file that may not have more than 512 bytes. */
static void serves_without_a_log(void **state)
{
    (void)state;
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;
    char url[HTTP_TEST_URL_SIZE] = "";
    temp_dir_run("echo >log");
    setenv("PORT", "0", 1);
    process_start(&own,
                  (const char *const[]){"sh", "-c",
                                        "exec 2>>log && ulimit -f 1 && exec \"$0\"",
                                        SERVICE1_PATH, NULL},
                  NULL);
    while (!*url && clock_ms() < deadline) {
        char *log = text_read_file("log");
        const char *line = strstr(log, "Listening on ");
        if (line && strchr(line, '\n'))
            sscanf(line, "Listening on %63s", url);
        free(log);
        process_read(&own, 10);
    }

    char *request = text_with_quotes(POST LAST "Content-Length: " BODY);
    for (int i = 0; i < 20; i++)
        assert_reply(url, request, "200", NULL, NULL);
    free(request);
    char *log = text_read_file("log");
    assert_int_equal(strlen(log), 512);
    free(log);
    process_signal(&own, SIGTERM);
    process_wait(&own);
    assert_int_equal(own.exit_status, 0);
}

static int free_own_in_temp_dir(void **state)
{
    process_free(&own);
    return temp_dir_teardown(state);
}

static void logs_a_bad_request(void **state)
{
    (void)state;
    assert_reply(own_url, POST LAST "Content-Length: 8\r\n\r\nvalue=42", "400", NULL,
                 NULL);
    assert_true(process_wait_for(&own, &own.err, "Bad request: "));
    assert_non_null(
        strstr(own.err.text, "\n\t[Service1] Bad request: not JSON, at byte 5\n"));
}

/* It ends by itself, with 0, and that is the last that it logs. */
static void assert_ended(const struct process *service)
{
    static const char last_line[] = "\t[Service1] Server Exiting.\n";

    assert_false(service->timed_out);
    assert_int_equal(service->exit_status, 0);
    assert_true(service->err.length > strlen(last_line));
    assert_string_equal(service->err.text + service->err.length - strlen(last_line),
                        last_line);
}

static void assert_ends(struct process *service)
{
    process_wait(service);
    assert_ended(service);
}

/* ---- Its limits ---- */

/* How many connections a service takes, and a few more. */
#define CONNECTIONS 1000
#define TOO_MANY (CONNECTIONS + 50)

/* So that this process can open them, and its services, too. */
static void allow_many_descriptors(void)
{
    const rlim_t needed = 2UL * TOO_MANY;
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_cur >= needed)
        return;
    limit.rlim_cur = needed;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* Starts a service of the test's own that can have so many open files. */
static void start_with_descriptors(int count)
{
    char limit[16];
    snprintf(limit, sizeof limit, "%d", count);
    setenv("PORT", "0", 1);
    process_start(&own,
                  (const char *const[]){"sh", "-c", "ulimit -n $0 && exec $1", limit,
                                        SERVICE1_PATH, NULL},
                  NULL);
}

static bool is_served(const char *url)
{
    struct http_connection connection;
    http_open(&connection, url);
    bool served = http_send(&connection, "GET /health" HOST LAST "\r\n") &&
                  http_receive(&connection, "\r\n\r\nok");
    http_close(&connection);
    return served;
}

/* One that is too many is closed at once. The others send, but never a whole header. */
static void outlives_slow_clients(void **state)
{
    (void)state;
    static struct http_connection slow[TOO_MANY];
    for (int i = 0; i < TOO_MANY; i++) {
        http_open(&slow[i], own_url);
        http_send(&slow[i], "GET /health" HOST "A: ");
    }
    long long start = clock_ms();
    assert_false(is_served(own_url));
    clock_assert_since(start, PROMPT_MS);

    while (!is_served(own_url)) {
        assert_true(clock_ms() - start < PROCESS_DEADLINE_MS);
        for (int i = 0; i < TOO_MANY; i++)
            http_send(&slow[i], "a");
        poll(NULL, 0, 100);
    }
    clock_assert_since(start, DEADLINE_MS);
    for (int i = 0; i < TOO_MANY; i++)
        http_close(&slow[i]);
}

/* Of the processor, by a process since its start. */
static long long used_ms(const struct process *process)
{
    clockid_t clock;
    struct timespec used;
    assert_int_equal(clock_getcpuclockid(process->pid, &clock), 0);
    assert_int_equal(clock_gettime(clock, &used), 0);
    return used.tv_sec * 1000LL + used.tv_nsec / 1000000;
}

/* Those that find no descriptor wait until others go, and nothing spins meanwhile. */
static void waits_for_a_descriptor(void **state)
{
    (void)state;
    struct http_connection silent[64];
    start_with_descriptors(COUNT(silent));
    http_wait_for_url(&own, own_url);
    for (size_t i = 0; i < COUNT(silent); i++)
        http_open(&silent[i], own_url);
    long long start = clock_ms();
    long long used = used_ms(&own);

    assert_true(is_served(own_url));
    assert_true(used_ms(&own) - used < (clock_ms() - start) / 2);
    for (size_t i = 0; i < COUNT(silent); i++)
        http_close(&silent[i]);
}

/* With too few descriptors it either fails, or serves at least one connection. */
static void listens_only_if_it_can_accept(void **state)
{
    (void)state;
    bool listens = false;

    for (int count = 5; !listens; count++) {
        start_with_descriptors(count);
        listens = process_wait_for(&own, &own.err, "Listening on ");
        if (listens) {
            http_wait_for_url(&own, own_url);
            assert_true(is_served(own_url));
        } else {
            process_wait(&own);
            assert_non_null(strstr(own.err.text, "\nError: service1: "));
            assert_int_equal(own.exit_status, 1);
        }
        process_free(&own);
    }
}

#define FIRST_HALF "{\"value\":42,"
#define SECOND_HALF "\"request_id\":\"x\"}"

/* Returns when the service has begun to work at the request. */
static void send_first_half(struct http_connection *connection, const char *url)
{
    http_open(connection, url);
    assert_true(
        http_send(connection, POST "Content-Length: 29\r\nExpect: 100-continue\r\n\r\n"));
    assert_true(http_receive(connection, "HTTP/1.1 100 Continue\r\n\r\n"));
    assert_true(http_send(connection, FIRST_HALF));
}

/* The log line comes a moment before the service stops listening. */
static void wait_until_refused(const char *url)
{
    long long deadline = clock_ms() + DEADLINE_MS;
    int fd;

    while ((fd = http_connect(url)) != -1) {
        close(fd);
        assert_true(clock_ms() < deadline);
        poll(NULL, 0, 10);
    }
}

static const int stop_signals[] = {SIGTERM, SIGINT};

/* Asks on a connection that is kept until a reply says that it no longer is. */
static void wait_until_told_to_go(struct http_connection *kept)
{
    long long deadline = clock_ms() + DEADLINE_MS;

    do {
        http_forget(kept);
        assert_true(clock_ms() < deadline);
        assert_true(http_send(kept, "GET /health" HOST "\r\n"));
        assert_true(http_receive(kept, "\r\n\r\nok"));
    } while (!strstr(kept->text, "\r\nConnection: close\r\n"));
    assert_true(http_receive(kept, NULL));
}

/* All clients learn from their last reply that the service goes. */
static void finishes_what_is_under_way(void **state)
{
    const int *stop_signal = *state;
    struct http_connection connection;
    struct http_connection kept;
    http_open(&kept, own_url);
    assert_true(http_send(&kept, "GET /health" HOST "\r\n"));
    assert_true(http_receive(&kept, "\r\n\r\nok"));
    assert_null(strstr(kept.text, "Connection:"));
    send_first_half(&connection, own_url);

    process_signal(&own, *stop_signal);
    assert_true(process_wait_for(&own, &own.err, "Initiating Shutdown..."));
    wait_until_refused(own_url);
    wait_until_told_to_go(&kept);
    assert_true(http_send(&connection, SECOND_HALF));
    assert_true(http_receive(&connection, NULL));
    text_assert_matches(connection.text, "*\r\nConnection: close\r\n*\r\n\r\n"
                                         "{\"value\":84,\"processed\":true," SECOND_HALF);
    assert_ends(&own);
    http_close(&connection);
    http_close(&kept);
}

static void waits_for_no_other_connection(void **state)
{
    const int *stop_signal = *state;
    struct http_connection silent;
    struct http_connection half_header;
    struct http_connection kept;
    http_open(&silent, own_url);
    http_open(&half_header, own_url);
    assert_true(http_send(&half_header, "GET /health" HOST));
    http_open(&kept, own_url); /* accepted after the others */
    assert_true(http_send(&kept, "GET /health" HOST "\r\n"));
    assert_true(http_receive(&kept, "ok"));

    long long start = clock_ms();
    process_signal(&own, *stop_signal);
    assert_ends(&own);
    clock_assert_since(start, PROMPT_MS);
    http_close(&silent);
    http_close(&half_header);
    http_close(&kept);
}

/* Nobody reads its log any more then, but its clients read its replies. */
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

/* Told to stop before the first test, in the middle of a request that never ends. */
static struct process stuck;
static struct http_connection stuck_connection;
static long long stuck_start;

static void gives_up_a_stuck_request(void **state)
{
    (void)state;
    assert_ends(&stuck);
    clock_assert_since(stuck_start, DEADLINE_MS);
    http_close(&stuck_connection);
}

/* ---- Load while a service stops ---- */

#define ROUNDS 10
#define CLIENTS 16
#define REQUESTS_MAX 1000 /* of each client, should the service never stop */

/* Sends requests back to back on its connection. Their ids are "CLIENT-NUMBER". */
struct client {
    int index;
    struct http_connection connection;
    int replies; /* to its first requests */
    pthread_t thread;
};

static struct client clients[CLIENTS];
static atomic_int reply_count;

/* Ends when a reply says so, or with the connection. No asserts in this thread. */
static void *request_back_to_back(void *user)
{
    struct client *client = user;
    struct http_connection *connection = &client->connection;
    char body[64];
    char request[256];
    char end[64];

    do {
        int length =
            snprintf(body, sizeof body, "{\"value\":42,\"request_id\":\"%d-%d\"}",
                     client->index, client->replies);
        snprintf(request, sizeof request, POST "Content-Length: %d\r\n\r\n%s", length,
                 body);
        snprintf(end, sizeof end, "{\"value\":84,\"processed\":true,%s",
                 strstr(body, "\"request_id\""));
        http_forget(connection);
        if (!http_send(connection, request) || !http_receive(connection, end))
            break;
        client->replies++;
        atomic_fetch_add(&reply_count, 1);
    } while (client->replies < REQUESTS_MAX &&
             !strstr(connection->text, "Connection: close"));
    return NULL;
}

/* Reads the log meanwhile, so that the service does not wait for a reader. */
static void wait_for_replies(int wanted)
{
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;

    while (atomic_load(&reply_count) < wanted && clock_ms() < deadline)
        process_read(&own, 5);
}

static void assert_all_replied(const char *log)
{
    static const char before_id[] = "Processing request: ";
    int logged = 0;

    for (const char *id = log; (id = strstr(id, before_id)); logged++) {
        char *end = NULL;
        id += strlen(before_id);
        long index = strtol(id, &end, 10);
        assert_int_equal(*end, '-');
        long number = strtol(end + 1, NULL, 10);
        assert_in_range(index, 0, CLIENTS - 1);
        if (number >= clients[index].replies)
            fail_msg("no reply to request %ld-%ld", index, number);
    }
    assert_int_equal(logged, atomic_load(&reply_count));
}

static void stop_under_load(int replies_before)
{
    start_service(&own, own_url);
    atomic_store(&reply_count, 0);
    for (int i = 0; i < CLIENTS; i++) {
        clients[i].index = i;
        clients[i].replies = 0;
        http_open(&clients[i].connection, own_url);
    }
    for (int i = 0; i < CLIENTS; i++)
        assert_int_equal(
            pthread_create(&clients[i].thread, NULL, request_back_to_back, &clients[i]),
            0);
    wait_for_replies(replies_before);
    process_signal(&own, SIGTERM);
    process_wait(&own);
    for (int i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        http_close(&clients[i].connection);
    }
    assert_in_range(atomic_load(&reply_count), replies_before, INT32_MAX);
    assert_all_replied(own.err.text);
    assert_ended(&own);
    process_free(&own);
}

/* A request that was begun, as its line in the log shows, must have its reply. */
static void loses_no_request(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++)
        stop_under_load(100 + 7 * round);
}

/* ---- All of it ---- */

static int start_all(void **state)
{
    (void)state;
    allow_many_descriptors();
    stack_start();
    http_open(&unused, stack_service_url(1));

    char url[HTTP_TEST_URL_SIZE];
    start_service(&stuck, url);
    send_first_half(&stuck_connection, url);
    stuck_start = clock_ms();
    process_signal(&stuck, SIGTERM);
    return 0;
}

static int stop_all(void **state)
{
    (void)state;
    process_free(&stuck);
    stack_stop();
    return 0;
}

static struct CMUnitTest
    tests[COUNT(request_rows) + COUNT(address_rows) + 2 * COUNT(stop_signals) + 16];
static size_t test_count;

static void add(const char *name, CMUnitTestFunction run, const void *row)
{
    tests[test_count++] = table_test(name, run, row);
}

/* With a service of its own, which has been started. */
static void add_with_own(const char *name, CMUnitTestFunction run, const void *row)
{
    add(name, run, row);
    tests[test_count - 1].setup_func = start_own;
    tests[test_count - 1].teardown_func = free_own;
}

int main(void)
{
    add("end: stuck", gives_up_a_stuck_request, NULL);
    for (size_t i = 0; i < COUNT(request_rows); i++)
        add(request_rows[i].name, replies_to_request, &request_rows[i]);
    add("service 2", names_itself, NULL);
    add("endless body", cuts_off_an_endless_body, NULL);
    add("keep-alive", keeps_a_connection, NULL);
    add("pipelined", replies_to_pipelined_requests, NULL);
    add("200 idle connections", serves_beside_idle_connections, NULL);
    add("one address", listens_on_its_address_only, NULL);
    for (size_t i = 0; i < COUNT(address_rows); i++) {
        add(address_rows[i].error, refuses_address, &address_rows[i]);
        tests[test_count - 1].teardown_func = free_own;
    }
    add_with_own("lost clients", survives_lost_clients, NULL);
    add("full log", serves_without_a_log, NULL);
    tests[test_count - 1].setup_func = temp_dir_setup;
    tests[test_count - 1].teardown_func = free_own_in_temp_dir;
    add_with_own("bad request", logs_a_bad_request, NULL);
    add_with_own("slow clients", outlives_slow_clients, NULL);
    add("no descriptor left", waits_for_a_descriptor, NULL);
    tests[test_count - 1].teardown_func = free_own;
    add("too few descriptors", listens_only_if_it_can_accept, NULL);
    tests[test_count - 1].teardown_func = free_own;
    add_with_own("lost reader", survives_the_end_of_its_reader, NULL);
    for (size_t i = 0; i < COUNT(stop_signals); i++) {
        add_with_own("end: under way", finishes_what_is_under_way, &stop_signals[i]);
        add_with_own("end: idle", waits_for_no_other_connection, &stop_signals[i]);
    }
    add("end: load", loses_no_request, NULL);
    tests[test_count - 1].teardown_func = free_own;
    add("idle timeout", closes_an_unused_connection, NULL);

    return cmocka_run_group_tests_name(STEP " http service", tests, start_all, stop_all);
}
