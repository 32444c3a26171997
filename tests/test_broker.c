/*
 * What step 08 says of faults: of its broker, of peers that reply wrongly or not at all,
 * of services that come, go and share their work. Each gives one line and keeps the
 * deadline; a service that is stopped first replies to what it was asked. What the
 * parsers make of a message is in test_messages.c, and app_multi in test_multi.c.
 */
#include <arpa/inet.h>
#include <nats/nats.h>
#include <setjmp.h>
#include <signal.h>
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
#include "process.h"
#include "stack.h"
#include "step.h"
#include "table.h"
#include "temp_dir.h"
#include "text.h"

static const struct pipeline_values doubled = {"42", "84", "Value-0084", "true"};

#define CONNECTING "[App] Connecting to {nats_url}...\n"
#define SENDING1 "[App] Sending to \"service.process\"...\n"
#define SENDING2 "[App] Sending to \"service.transform\"...\n"
#define NOBODY1 "[App] Nobody listens on \"service.process\", trying again...\n"
#define NOBODY2 "[App] Nobody listens on \"service.transform\", trying again...\n"

#define CONNECTING_SERVICE1                                                              \
    "\t[Service1] Processing Service (NATS)\n"                                           \
    "\t[Service1] Connecting to {nats_url}...\n"
#define CONNECTED_SERVICE1                                                               \
    CONNECTING_SERVICE1                                                                  \
    "\t[Service1] Connected. Subscribing to \"service.process\"...\n"
#define WAITING_SERVICE1 CONNECTED_SERVICE1 "\t[Service1] Waiting for requests...\n"
#define LOST_SERVICE1 "\t[Service1] Disconnected\n"
#define FOUND_SERVICE1 "\t[Service1] Reconnected\n"
#define ENDING_SERVICE1 "\t[Service1] Initiating Shutdown...\n"
#define EXITING_SERVICE1 "\t[Service1] Server Exiting.\n"

#define GOOD1 "{\"value\":84,\"processed\":true,\"request_id\":\"{request_id}\"}"
#define GOOD2                                                                            \
    "{\"original\":84,\"transformed\":\"Value-0084\",\"request_id\":\"{request_id}\"}"
#define SILENCE "silence" /* for no reply */

/* What stands in the place of a service: it gives the same reply to every request. */
struct peer {
    natsSubscription *subscription;
    const char *reply; /* {request_id} stands for that of the request */
    int size;          /* spaces fill it up to this */
    atomic_int requests;
};

/* A broker and what is around it. world_free() ends and frees what is left. */
struct world {
    struct process broker;
    struct process processes[4];
    size_t count;
    char url[128];
    int listener; /* a socket in the place of the broker, or -1 */
    natsConnection *client;
    struct peer peers[4];
    size_t peer_count;
};

static struct world world; /* of the test that runs */

static void world_init(struct world *self)
{
    *self = (struct world){.broker.pid = -1, .broker.out.fd = -1, .broker.err.fd = -1};
    self->listener = -1;
}

static void world_free(struct world *self)
{
    for (size_t i = 0; i < self->peer_count; i++)
        natsSubscription_Destroy(self->peers[i].subscription);
    natsConnection_Destroy(self->client);
    for (size_t i = 0; i < self->count; i++) {
        struct process *process = &self->processes[i];
        if (process->pid > 0) { /* let it end as it would elsewhere */
            process_signal(process, SIGTERM);
            process_wait(process);
        }
        process_free(process);
    }
    process_free(&self->broker);
    if (self->listener != -1)
        close(self->listener);
    world_init(self);
}

static void start_broker(struct world *self)
{
    stack_start_broker_on(&self->broker, "-1");
    snprintf(self->url, sizeof self->url, "%s", getenv("NATS_URL"));
}

static void stop_broker(struct world *self, int signal)
{
    process_signal(&self->broker, signal);
    process_wait(&self->broker);
    process_free(&self->broker);
}

/* Starts it where it was, so that those who lost it find it again. */
static void restart_broker(struct world *self)
{
    stack_start_broker_on(&self->broker, strrchr(self->url, ':') + 1);
    assert_string_equal(getenv("NATS_URL"), self->url);
}

/* A socket on a free port in the place of the broker, with nobody behind it. */
static void start_listener(struct world *self, bool listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(self->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &size), 0);
    if (listens)
        assert_int_equal(listen(self->listener, 1), 0);
    snprintf(self->url, sizeof self->url, "nats://127.0.0.1:%d", ntohs(address.sin_port));
    setenv("NATS_URL", self->url, 1);
}

static void say(int connection, const char *text)
{
    assert_int_equal(write(connection, text, strlen(text)), strlen(text));
}

/* Takes the connection of a program in the place of the server and says this first. */
static void greet(struct world *self, const char *info)
{
    int connection = accept(self->listener, NULL, NULL);
    assert_int_not_equal(connection, -1);

    close(self->listener);
    self->listener = connection;
    say(connection, info);
}

#define INFO_BEGIN "INFO {\"server_id\":\"x\",\"version\":\"2.9.0\",\"headers\":true,"
#define INFO_END "\"max_payload\":1048576}\r\n"
#define INFO INFO_BEGIN INFO_END

/* Starts a program of the step, by its name. */
static struct process *start(struct world *self, const char *name, const char *argument)
{
    char path[4096];
    struct process *process = &self->processes[self->count];

    snprintf(path, sizeof path, "%.*s%s", (int)(strlen(step_app()) - strlen("app")),
             step_app(), name);
    process_start(process, (const char *const[]){path, argument, NULL}, NULL);
    self->count++;
    return process;
}

static struct process *start_service(struct world *self, int service)
{
    struct process *process = &self->processes[self->count++];
    stack_start_service(process, service);
    return process;
}

static void connect_client(struct world *self)
{
    natsOptions *options = NULL;
    natsOptions_Create(&options);
    natsOptions_SetURL(options, self->url);
    natsOptions_SetMaxReconnect(options, -1);
    natsOptions_SetReconnectWait(options, 10);
    natsOptions_SetSendAsap(options, true);
    natsStatus status = natsConnection_Connect(&self->client, options);
    natsOptions_Destroy(options);
    assert_int_equal(status, NATS_OK);
}

/* Called in a thread of libnats. */
static void on_peer_request(natsConnection *client, natsSubscription *subscription,
                            natsMsg *message, void *closure)
{
    (void)subscription;
    struct peer *peer = closure;
    char id[64] = "";
    char padded[65536 + 2];

    const char *field = strstr(natsMsg_GetData(message), "\"request_id\":\"");
    if (field && strcmp(peer->reply, SILENCE) != 0) {
        sscanf(field, "\"request_id\":\"%63[^\"]", id);
        char *reply =
            text_replace(peer->reply, &(struct replacement){"{request_id}", id}, 1);
        int length = snprintf(padded, sizeof padded, "%-*s", peer->size, reply);
        natsConnection_Publish(client, natsMsg_GetReply(message), padded, length);
        free(reply);
    }
    natsMsg_Destroy(message);
    atomic_fetch_add(&peer->requests, 1);
}

static struct peer *start_peer(struct world *self, const char *subject, const char *reply,
                               int size)
{
    struct peer *peer = &self->peers[self->peer_count++];

    peer->reply = reply;
    peer->size = size;
    assert_int_equal(natsConnection_Subscribe(&peer->subscription, self->client, subject,
                                              on_peer_request, peer),
                     NATS_OK);
    assert_int_equal(natsConnection_FlushTimeout(self->client, PROCESS_DEADLINE_MS),
                     NATS_OK);
    return peer;
}

/* Waits until `count` has reached `wanted`, and reads what the programs print. */
static bool wait_for_count(struct world *self, atomic_int *count, int wanted,
                           int limit_ms)
{
    long long deadline = clock_ms() + limit_ms;

    while (atomic_load(count) < wanted) {
        if (clock_ms() > deadline)
            return false;
        for (size_t i = 0; i < self->count; i++)
            process_read(&self->processes[i], 5);
    }
    return true;
}

/* How a program of this world ended; `out` is part of what it printed. */
static void assert_end(struct world *self, struct process *process, const char *out,
                       const char *err, int exit_status)
{
    process_wait(process);
    setenv("NATS_URL", self->url, 1);
    char *masked_out = step_mask_output(process->out.text);
    char *masked_err = step_mask_output(process->err.text);

    if (err)
        assert_string_equal(masked_err, err);
    assert_int_equal(process->exit_status, exit_status);
    assert_false(process->timed_out);
    assert_non_null(strstr(masked_out, out));

    free(masked_err);
    free(masked_out);
}

/* How an app ended: with a failure after `last_line`, or well when that is NULL. */
static void assert_app_end(struct world *self, struct process *app, const char *last_line,
                           const char *err)
{
    char *expected = step_expected_output(&doubled, last_line);

    assert_end(self, app, expected, err, last_line ? 1 : 0);
    char *masked = step_mask_output(app->out.text);
    assert_string_equal(masked, expected);

    free(masked);
    free(expected);
}

/*
 * URLs that lead to no server.
 */

struct url_row {
    const char *url; /* NULL: of a port on which nobody listens */
    const char *reason;
};

static const struct url_row url_rows[] = {
    {NULL, "{url}: No server available for connection"},
    {"nats://127.0.0.1:65536", "{url}: No server available for connection"},
    {"nats://127.0.0.1:abc", "{url}: Invalid Argument"},
    {"nats://127.0.0.1:-1", "{url}: Invalid Argument"},
    {"nats://127.0.0.1:4222x", "{url}: Invalid Argument"},
    {"", "NATS_URL is blank"},
    {" ", "NATS_URL is blank"},
    {" \t\n ", "NATS_URL is blank"},
};

static void refuses_url(void **state)
{
    const struct url_row *row = *state;
    char error[256];
    if (row->url)
        setenv("NATS_URL", row->url, 1);
    else
        start_listener(&world, false);
    struct process *app = start(&world, "app", NULL);
    struct process *service = start(&world, "service1", NULL);
    process_wait(app);
    process_wait(service);
    char *reason =
        text_replace(row->reason, &(struct replacement){"{url}", getenv("NATS_URL")}, 1);

    snprintf(error, sizeof error, "Error: %s\n", reason);
    assert_string_equal(app->err.text, error);
    assert_int_equal(app->exit_status, 1);
    assert_null(strstr(app->out.text, "Connected"));
    snprintf(error, sizeof error, "Error: service1: %s\n", reason);
    char *errors = text_lines_with(service->err.text, "Error: ");
    assert_string_equal(errors, error);
    assert_int_equal(service->exit_status, 1);
    assert_null(strstr(service->err.text, "Connected"));

    free(errors);
    free(reason);
}

/*
 * URLs with secrets, which nothing that is printed may hold; nobody listens on {port}.
 */

struct secret_row {
    const char *url;
    const char *shown;
};

#define ADDRESS "127.0.0.1:{port}"

static const struct secret_row secret_rows[] = {
    {"nats://joe:s3cret@" ADDRESS, "nats://joe:***@" ADDRESS},
    {"joe:s3cret@" ADDRESS, "joe:***@" ADDRESS},
    {"nats://s3cret@" ADDRESS, "nats://***@" ADDRESS},
    {"tls://joe:s3cret@" ADDRESS, "tls://joe:***@" ADDRESS},
    {"nats://joe:@s3cret:s3cret@" ADDRESS, "nats://joe:***@" ADDRESS},
    {"nats://joe:s3cret,s3cret@" ADDRESS, "nats://joe:***@" ADDRESS},
    {"nats://joe:s3cret://s3cret@" ADDRESS, "nats://joe:***@" ADDRESS},
    {"nats://joe:s3cret@" ADDRESS ", nats://s3cret@" ADDRESS ",nats://" ADDRESS,
     "nats://joe:***@" ADDRESS ", nats://***@" ADDRESS ",nats://" ADDRESS},
    {"nats://joe:s3cret@127.0.0.1:abc", "nats://joe:***@127.0.0.1:abc"},
    {"nats://joe:s3cret@", "nats://joe:***@"},
};

static void hides_secrets(void **state)
{
    const struct secret_row *row = *state;
    const char *programs[] = {"app", "app_multi", "service1"};

    start_listener(&world, false);
    const struct replacement port = {"{port}", strrchr(world.url, ':') + 1};
    char *url = text_replace(row->url, &port, 1);
    char *shown = text_replace(row->shown, &port, 1);
    setenv("NATS_URL", url, 1);
    for (size_t i = 0; i < COUNT(programs); i++) {
        struct process *process = start(&world, programs[i], NULL);
        char line[512];
        process_wait(process);
        assert_int_equal(process->exit_status, 1);
        assert_null(strstr(process->out.text, "s3cret"));
        assert_null(strstr(process->err.text, "s3cret"));
        snprintf(line, sizeof line, "Connecting to %s...\n", shown);
        assert_non_null(strstr(i < 2 ? process->out.text : process->err.text, line));
        snprintf(line, sizeof line, "%s: ", shown);
        assert_non_null(strstr(strstr(process->err.text, "Error: "), line));
    }

    free(shown);
    free(url);
}

/* Whoever listens there instead of a server with TLS must not get the password. */
static void tls_is_required(void **state)
{
    const char *program = *state;
    char url[512];
    char heard;
    start_listener(&world, true);
    snprintf(url, sizeof url, "tls://joe:s3cret@%s", world.url + strlen("nats://"));
    setenv("NATS_URL", url, 1);

    struct process *process = start(&world, program, NULL);
    greet(&world, INFO);
    assert_true(read(world.listener, &heard, 1) <= 0); /* it closes, or resets */
    process_wait(process);
    assert_int_equal(process->exit_status, 1);
    assert_non_null(strstr(process->err.text, "Secure Connection not available\n"));
}

/* One that is gone, and one that is there. */
static void url_may_be_a_list(void **state)
{
    (void)state;
    char list[512];
    struct world gone;
    char *expected = step_expected_output(&doubled, NULL);

    world_init(&gone);
    start_listener(&gone, false);
    start_peer(&world, "service.process", GOOD1, 0);
    start_peer(&world, "service.transform", GOOD2, 0);
    snprintf(list, sizeof list, "%s, ,%s,", gone.url, world.url);
    setenv("NATS_URL", list, 1);
    struct process *app = start(&world, "app", NULL);
    process_wait(app);
    char *masked = step_mask_output(app->out.text);
    world_free(&gone);

    assert_string_equal(app->err.text, "");
    assert_string_equal(masked, expected);

    free(masked);
    free(expected);
}

/*
 * Replies to the app that are wrong, or nearly.
 */

struct reply_row {
    const char *name;
    int service; /* the one that gives this reply; the other is as it should be */
    int size;    /* spaces fill it up to this */
    const char *reply;
    const char *error; /* NULL: it is a good reply after all */
};

#define BAD1 "service1: bad reply: "
#define BAD2 "service2: bad reply: "
#define BAD_FIELD(name) "field '" name "' is missing, too large or of a wrong type"
#define ID "\"request_id\":\"{request_id}\""

static const struct reply_row reply_rows[] = {
    {"64 KiB", 1, 65536, GOOD1, NULL},
    {"more than 64 KiB", 1, 65537, GOOD1,
     "service.process: reply longer than 65536 bytes"},
    {"empty", 1, 0, "", BAD1 "not JSON, at byte 0"},
    {"no JSON", 1, 0, "Value 84", BAD1 "not JSON, at byte 5"},
    {"error", 1, 0, "{\"error\":\"out of order\"}", "service1: out of order"},
    {"another id", 1, 0, "{\"value\":84,\"processed\":true,\"request_id\":\"x\"}",
     BAD1 "to another request"},
    {"not processed, with a reason", 1, 0,
     "{\"value\":42,\"processed\":false," ID ",\"error\":\"too late\"}", "too late"},
    {"empty", 2, 0, "", BAD2 "not JSON, at byte 0"},
    {"more than 64 KiB", 2, 65537, GOOD2,
     "service.transform: reply longer than 65536 bytes"},
    {"reply of service 1", 2, 0, GOOD1, BAD2 BAD_FIELD("original")},
    {"error", 2, 0, "{\"error\":\"out of order\"}", "service2: out of order"},
    {"another id", 2, 0,
     "{\"original\":84,\"transformed\":\"Value-0084\",\"request_id\":\"x\"}",
     BAD2 "to another request"},
};

static void takes_reply(void **state)
{
    const struct reply_row *row = *state;
    bool is_first = row->service == 1;
    char errors[256] = "";

    start_peer(&world, "service.process", is_first ? row->reply : GOOD1,
               is_first ? row->size : 0);
    start_peer(&world, "service.transform", is_first ? GOOD2 : row->reply,
               is_first ? 0 : row->size);
    struct process *app = start(&world, "app", NULL);
    if (row->error)
        snprintf(errors, sizeof errors, "Error: %s\n", row->error);
    assert_app_end(&world, app,
                   !row->error ? NULL
                   : is_first  ? SENDING1
                               : SENDING2,
                   errors);
}

/*
 * What takes its time: all of these start together and are awaited together.
 */

enum fault {
    NO_FAULT,
    LOST,         /* the broker ends while the program waits for a reply */
    RESTARTED,    /* and starts again */
    HANGS,        /* it stops while the program waits for a reply */
    HANGS_AT_END, /* it stops, and then the service is stopped */
    ENDS_AT_END,  /* and then the broker ends */
    SILENT, /* it takes the connection and says nothing; a listener, like all below */
    SILENT_AT_INFO,  /* it greets, and then says nothing */
    SILENT_IN_INFO,  /* it greets in pieces, and the last does not come */
    SILENT_AT_TLS,   /* it wants TLS, and then says nothing */
    SILENT_AT_FLUSH, /* it says what it must until the service subscribes */
    REFUSES,         /* it wants a password */
};

struct slow_row {
    const char *name;
    const char *program;
    enum fault fault;
    int exit_status;
    const char *reply1; /* of service 1; NULL: nobody listens */
    const char *reply2;
    const char *out; /* part of it */
    const char *err; /* NULL: it depends on what comes first */
};

#define VERSION1 "service.version.service1"
#define VERSION2 "service.version.service2"
#define LATE "{nats_url}: not connected within 2000 ms\n"
#define STOPPED_CONNECTING CONNECTING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1

static const struct slow_row slow_rows[] = {
    {"nobody is service 1", "app", NO_FAULT, 1, NULL, NULL, SENDING1,
     NOBODY1 "Error: service.process: nobody listens\n"},
    {"nobody is service 2", "app", NO_FAULT, 1, GOOD1, NULL, SENDING2,
     NOBODY2 "Error: service.transform: nobody listens\n"},
    {"service 1 never replies", "app", NO_FAULT, 1, SILENCE, NULL, SENDING1,
     "Error: service.process: no reply within 5000 ms\n"},
    {"service 2 never replies", "app", NO_FAULT, 1, GOOD1, SILENCE, SENDING2,
     "Error: service.transform: no reply within 5000 ms\n"},
    {"server lost", "app", LOST, 1, SILENCE, NULL, SENDING1,
     "Error: {nats_url}: connection lost\n"},
    {"server restarted, reply lost", "app", RESTARTED, 1, SILENCE, NULL, SENDING1,
     "Error: service.process: no reply within 5000 ms\n"},
    {"server hangs", "app", HANGS, 1, GOOD1, SILENCE, SENDING2,
     "Error: service.transform: no reply within 5000 ms\n"},
    {"server says nothing to app", "app", SILENT, 1, NULL, NULL, CONNECTING,
     "Error: " LATE},
    {"server says nothing to service", "service1", SILENT, 1, NULL, NULL, "",
     CONNECTING_SERVICE1 "Error: service1: " LATE},
    {"server stalls after INFO to app", "app", SILENT_AT_INFO, 1, NULL, NULL, CONNECTING,
     "Error: " LATE},
    {"server stalls in INFO to app", "app", SILENT_IN_INFO, 1, NULL, NULL, CONNECTING,
     "Error: " LATE},
    {"server stalls before TLS to app", "app", SILENT_AT_TLS, 1, NULL, NULL, CONNECTING,
     "Error: " LATE},
    {"server stalls after INFO to app_multi", "app_multi", SILENT_AT_INFO, 1, NULL, NULL,
     CONNECTING, "Error: " LATE},
    {"server stalls in INFO to app_multi", "app_multi", SILENT_IN_INFO, 1, NULL, NULL,
     CONNECTING, "Error: " LATE},
    {"server stalls before TLS to app_multi", "app_multi", SILENT_AT_TLS, 1, NULL, NULL,
     CONNECTING, "Error: " LATE},
    {"server stalls after INFO to service", "service1", SILENT_AT_INFO, 1, NULL, NULL, "",
     CONNECTING_SERVICE1 "Error: service1: " LATE},
    {"server stalls in INFO to service", "service1", SILENT_IN_INFO, 1, NULL, NULL, "",
     CONNECTING_SERVICE1 "Error: service1: " LATE},
    {"server stalls before TLS to service", "service1", SILENT_AT_TLS, 1, NULL, NULL, "",
     CONNECTING_SERVICE1 "Error: service1: " LATE},
    {"service stopped, server says nothing", "service1", SILENT, 0, NULL, NULL, "",
     STOPPED_CONNECTING},
    {"service stopped, server stalls after INFO", "service1", SILENT_AT_INFO, 0, NULL,
     NULL, "", STOPPED_CONNECTING},
    {"service stopped, server stalls in INFO", "service1", SILENT_IN_INFO, 0, NULL, NULL,
     "", STOPPED_CONNECTING},
    {"service stopped, server stalls before TLS", "service1", SILENT_AT_TLS, 0, NULL,
     NULL, "", STOPPED_CONNECTING},
    {"server never has the subscription", "service1", SILENT_AT_FLUSH, 1, NULL, NULL, "",
     CONNECTED_SERVICE1 "Error: service1: {nats_url}: Timeout\n"},
    {"server refuses app", "app", REFUSES, 1, NULL, NULL, CONNECTING,
     "Error: {nats_url}: Authentication Violation\n"},
    {"server refuses service", "service1", REFUSES, 1, NULL, NULL, "",
     CONNECTING_SERVICE1 "Error: service1: {nats_url}: Authentication Violation\n"},
    {"service stopped, server hangs", "service1", HANGS_AT_END, 0, NULL, NULL, "",
     WAITING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"service stopped, server hangs and ends", "service1", ENDS_AT_END, 0, NULL, NULL, "",
     NULL},
};

/* The deadline of a request, and time to start for all at once. */
#define SLOW_LIMIT_MS (5000 + 3000)

static struct world slow_worlds[COUNT(slow_rows)];
static long long slow_start; /* of the last */

/* Speaks for the server until a program wants to be connected, and replies with this. */
static void reply_to_connect(struct world *self, const char *reply)
{
    char heard[4096] = "";
    size_t length = 0;

    greet(self, INFO);
    while (!strstr(heard, "PING\r\n")) {
        ssize_t count = read(self->listener, heard + length, sizeof heard - 1 - length);
        assert_true(count > 0);
        length += (size_t)count;
        heard[length] = '\0';
    }
    say(self->listener, reply);
}

/* Does to the broker what the row says, once the program has come to the point. */
static void inject(struct world *self, const struct slow_row *row,
                   struct process *process)
{
    switch (row->fault) {
    case NO_FAULT:
        break;
    case SILENT:
        greet(self, "");
        break;
    case SILENT_AT_INFO:
        greet(self, INFO);
        break;
    case SILENT_IN_INFO:
        greet(self, "INF");
        say(self->listener, "O {\"server_id\":");
        break;
    case SILENT_AT_TLS:
        greet(self, INFO_BEGIN "\"tls_required\":true," INFO_END);
        break;
    case SILENT_AT_FLUSH:
        reply_to_connect(self, "PONG\r\n");
        break;
    case REFUSES:
        reply_to_connect(self, "-ERR 'Authorization Violation'\r\n");
        break;
    case LOST:
    case RESTARTED:
    case HANGS:
        assert_true(wait_for_count(self, &self->peers[self->peer_count - 1].requests, 1,
                                   PROCESS_DEADLINE_MS));
        if (row->fault == HANGS)
            process_signal(&self->broker, SIGSTOP);
        else
            stop_broker(self, SIGKILL);
        if (row->fault == RESTARTED)
            restart_broker(self);
        break;
    case HANGS_AT_END:
    case ENDS_AT_END:
        assert_true(process_wait_for(process, &process->err, "Waiting"));
        process_signal(&self->broker, SIGSTOP);
        process_signal(process, SIGTERM);
        assert_true(process_wait_for(process, &process->err, "Initiating"));
        if (row->fault == ENDS_AT_END)
            stop_broker(self, SIGKILL);
        break;
    }
}

static void start_slow(void)
{
    for (size_t i = 0; i < COUNT(slow_rows); i++) {
        const struct slow_row *row = &slow_rows[i];
        struct world *self = &slow_worlds[i];
        world_init(self);
        if (row->fault >= SILENT) {
            start_listener(self, true);
        } else {
            start_broker(self);
            connect_client(self);
        }
        if (row->reply1)
            start_peer(self, "service.process", row->reply1, 0);
        if (row->reply2)
            start_peer(self, "service.transform", row->reply2, 0);
        struct process *process = start(self, row->program, NULL);
        inject(self, row, process);
        if (row->fault >= SILENT && row->exit_status == 0)
            process_signal(process, SIGTERM);
    }
    slow_start = clock_ms();
}

static void keeps_deadline(void **state)
{
    const struct slow_row *row = *state;
    struct world *self = &slow_worlds[row - slow_rows];
    struct process *process = &self->processes[0];

    assert_end(self, process, row->out, row->err, row->exit_status);
    assert_null(strstr(process->out.text, "Value-"));
    clock_assert_since(slow_start, SLOW_LIMIT_MS);
}

/*
 * Requests to the services, and what is not one.
 */

struct request_row {
    const char *name;
    const char *subject;
    const char *payload;
    size_t size; /* spaces fill it up to this */
    const char *reply;
};

#define ERROR(text) "{\"error\":\"" text "\"}"
#define REQUEST(value) "{\"value\":" value ",\"request_id\":\"x\"}"
#define X "\"request_id\":\"x\"}"

static const struct request_row request_rows[] = {
    {"good", "service.process", REQUEST("42"), 0, "{\"value\":84,\"processed\":true," X},
    {"64 KiB", "service.process", REQUEST("42"), 65536,
     "{\"value\":84,\"processed\":true," X},
    {"more than 64 KiB", "service.process", REQUEST("42"), 65537,
     ERROR("payload too large")},
    {"1 MiB", "service.process", REQUEST("42"), 1048576, ERROR("payload too large")},
    {"overflow", "service.process", REQUEST("1073741824"), 0,
     "{\"value\":1073741824,\"processed\":false,\"request_id\":\"x\","
     "\"error\":\"overflow: 1073741824 * 2 exceeds int32_t range\"}"},
    {"empty", "service.process", "", 0, ERROR("not JSON, at byte 0")},
    {"no JSON", "service.process", "value 42", 0, ERROR("not JSON, at byte 5")},
    {"no id", "service.process", "{\"value\":42}", 0, ERROR(BAD_FIELD("request_id"))},
    {"good", "service.transform", REQUEST("-36"), 0,
     "{\"original\":-36,\"transformed\":\"Value--036\"," X},
    {"empty", "service.transform", "", 0, ERROR("not JSON, at byte 0")},
    {"more than 64 KiB", "service.transform", REQUEST("42"), 65537,
     ERROR("payload too large")},
    {"version 1", VERSION1, "{" X, 0,
     "{\"service_name\":\"Service1\",\"version\":\"0.1.0\"," X},
    {"version 2", VERSION2, "{" X, 0,
     "{\"service_name\":\"Service2\",\"version\":\"0.2.0\"," X},
    {"version, empty", VERSION1, "", 0, ERROR("not JSON, at byte 0")},
    {"version, no id", VERSION2, "{}", 0, ERROR(BAD_FIELD("request_id"))},
};

/* The payload with its spaces; the caller frees it. */
static char *padded_payload(const struct request_row *row, int *length)
{
    size_t given = strlen(row->payload);
    size_t size = row->size > given ? row->size : given;
    char *payload = malloc(size + 1);

    assert_non_null(payload);
    memset(payload, ' ', size);
    memcpy(payload, row->payload, given);
    *length = (int)size;
    return payload;
}

/* Asks with a text and compares the reply. */
static void assert_reply(natsConnection *client, const char *subject, const char *payload,
                         int length, const char *expected)
{
    natsMsg *reply = NULL;
    char text[1024];

    assert_int_equal(natsConnection_Request(&reply, client, subject, payload, length,
                                            PROCESS_DEADLINE_MS),
                     NATS_OK);
    snprintf(text, sizeof text, "%.*s", natsMsg_GetDataLength(reply),
             natsMsg_GetData(reply));
    natsMsg_Destroy(reply);
    assert_string_equal(text, expected);
}

static struct world served; /* both services, for all these rows */

static void replies(void **state)
{
    const struct request_row *row = *state;
    int length = 0;
    char *payload = padded_payload(row, &length);

    assert_reply(served.client, row->subject, payload, length, row->reply);

    free(payload);
}

#define UUID "9c0e27b6-5cf5-4c0d-8a3e-4b9f5d6c7a81"

/* One good request at the end shows that they live, and their logs that it was all. */
static void services_ignore_what_wants_no_reply(void **state)
{
    (void)state;
    struct process *services[] = {start_service(&world, 1), start_service(&world, 2)};

    for (size_t i = 0; i < COUNT(request_rows); i++) {
        int length = 0;
        char *payload = padded_payload(&request_rows[i], &length);
        natsConnection_Publish(world.client, request_rows[i].subject, payload, length);
        free(payload);
    }
    const char *last = "{\"value\":42,\"request_id\":\"" UUID "\"}";
    assert_reply(world.client, "service.process", last, (int)strlen(last),
                 "{\"value\":84,\"processed\":true,\"request_id\":\"" UUID "\"}");
    last = "{\"value\":84,\"request_id\":\"" UUID "\"}";
    assert_reply(world.client, "service.transform", last, (int)strlen(last),
                 "{\"original\":84,\"transformed\":\"Value-0084\",\"request_id\":\"" UUID
                 "\"}");
    for (int i = 0; i < 2; i++) {
        char *expected = step_expected_log(i + 1);
        process_signal(services[i], SIGTERM);
        assert_end(&world, services[i], "", expected, 0);
        free(expected);
    }
}

/*
 * Services and brokers that come and go.
 */

/* The logs are files that may not grow. */
static void services_go_on_without_a_log(void **state)
{
    (void)state;
    static const char *const names[] = {"service1", "service2"};
    static const char command[] = "file=$(mktemp) && exec 2>\"$file\" && rm \"$file\" && "
                                  "ulimit -f 0 && exec \"${0%app}$1\"";
    for (size_t i = 0; i < COUNT(names); i++)
        process_start(
            &world.processes[world.count++],
            (const char *const[]){"sh", "-c", command, step_app(), names[i], NULL}, NULL);
    struct process *app = start(&world, "app", NULL);

    assert_end(&world, app, "Final result: Value-0084\n", NULL, 0);
    for (size_t i = 0; i < COUNT(names); i++) {
        process_signal(&world.processes[i], SIGTERM);
        process_wait(&world.processes[i]);
        assert_int_equal(world.processes[i].exit_status, 0);
    }
}

static void app_waits_for_services(void **state)
{
    (void)state;
    struct process *app = start(&world, "app", NULL);

    assert_true(process_wait_for(app, &app->err, NOBODY1));
    start_service(&world, 1);
    assert_true(process_wait_for(app, &app->err, NOBODY2));
    start_service(&world, 2);
    assert_app_end(&world, app, NULL, NOBODY1 NOBODY2);
}

/* Until the broker knows that a service is gone, or there, requests may be lost. */
static void wait_for_status(natsConnection *client, const char *subject,
                            natsStatus expected)
{
    long long deadline = clock_ms() + PROCESS_DEADLINE_MS;
    natsStatus status = NATS_ERR;

    while (status != expected) {
        natsMsg *reply = NULL;
        assert_true(clock_ms() < deadline);
        status = natsConnection_RequestString(&reply, client, subject, "", 100);
        natsMsg_Destroy(reply);
    }
}

static void app_waits_for_a_killed_service(void **state)
{
    (void)state;
    struct process *service1 = start_service(&world, 1);
    start_service(&world, 2);
    process_signal(service1, SIGKILL);
    process_wait(service1);
    wait_for_status(world.client, "service.process", NATS_NO_RESPONDERS);
    struct process *app = start(&world, "app", NULL);

    assert_true(process_wait_for(app, &app->err, NOBODY1));
    start_service(&world, 1);
    assert_app_end(&world, app, NULL, NOBODY1);
}

static void app_and_service_find_the_broker_again(void **state)
{
    (void)state;
    struct process *service1 = start_service(&world, 1);
    struct process *app = start(&world, "app", NULL);

    assert_true(process_wait_for(app, &app->err, NOBODY2));
    stop_broker(&world, SIGKILL);
    assert_true(process_wait_for(service1, &service1->err, LOST_SERVICE1));
    restart_broker(&world);
    assert_true(process_wait_for(service1, &service1->err, FOUND_SERVICE1));
    start_service(&world, 2);
    assert_app_end(&world, app, NULL, NOBODY2);
}

/* SIGTERM and SIGKILL end a broker differently; the service goes on after both. */
static void service_serves_again(void **state)
{
    const int *signal = *state;
    struct process *service = start_service(&world, 1);

    stop_broker(&world, *signal);
    assert_true(process_wait_for(service, &service->err, LOST_SERVICE1));
    restart_broker(&world);
    assert_true(process_wait_for(service, &service->err, FOUND_SERVICE1));
    wait_for_status(world.client, VERSION1, NATS_OK);
    process_signal(service, SIGTERM);
    assert_end(
        &world, service, "",
        WAITING_SERVICE1 LOST_SERVICE1 FOUND_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1,
        0);
}

/* libnats does not try forever to come back to one that wants a password now. */
static void service_gives_up(void **state)
{
    (void)state;
    struct process *service = start_service(&world, 1);
    const char *port = strrchr(world.url, ':') + 1;

    stop_broker(&world, SIGTERM);
    assert_true(process_wait_for(service, &service->err, LOST_SERVICE1));
    process_start(&world.broker,
                  (const char *const[]){"nats-server", "-a", "127.0.0.1", "-p", port,
                                        "--user", "x", "--pass", "x", NULL},
                  NULL);
    assert_end(&world, service, "",
               WAITING_SERVICE1 LOST_SERVICE1 ENDING_SERVICE1
               "Error: service1: {nats_url}: Authorization Violation\n",
               1);
}

struct end_row {
    const char *name;
    int signals[2];
    bool is_lost; /* the broker, before */
    const char *err;
};

static const struct end_row end_rows[] = {
    {"SIGTERM", {SIGTERM}, false, WAITING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"SIGINT", {SIGINT}, false, WAITING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"SIGTERM twice",
     {SIGTERM, SIGTERM},
     false,
     WAITING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"SIGTERM and SIGINT",
     {SIGTERM, SIGINT},
     false,
     WAITING_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"SIGTERM, server lost",
     {SIGTERM},
     true,
     WAITING_SERVICE1 LOST_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
    {"SIGTERM twice, server lost",
     {SIGTERM, SIGTERM},
     true,
     WAITING_SERVICE1 LOST_SERVICE1 ENDING_SERVICE1 EXITING_SERVICE1},
};

static void service_ends(void **state)
{
    const struct end_row *row = *state;
    struct process *service = start_service(&world, 1);

    if (row->is_lost) {
        stop_broker(&world, SIGTERM);
        assert_true(process_wait_for(service, &service->err, LOST_SERVICE1));
    }
    for (size_t i = 0; i < COUNT(row->signals) && row->signals[i]; i++)
        process_signal(service, row->signals[i]);
    assert_end(&world, service, "", row->err, 0);
}

/*
 * What a server does not permit.
 */

static const char permissions[] =
    "authorization { users = [\n"
    "  {user: all, password: s3cret}\n"
    "  {user: no_requests, password: s3cret,\n"
    "   permissions: {subscribe: {deny: \"service.process\"}}}\n"
    "  {user: no_versions, password: s3cret,\n"
    "   permissions: {subscribe: {deny: \"service.version.>\"}}}\n"
    "  {user: no_replies, password: s3cret,\n"
    "   permissions: {publish: {deny: \"_INBOX.>\"}}}\n"
    "  {user: no_process, password: s3cret,\n"
    "   permissions: {publish: {deny: \"service.process\"}}}\n"
    "  {user: no_transform, password: s3cret,\n"
    "   permissions: {publish: {deny: \"service.transform\"}}}\n"
    "  {user: no_inbox, password: s3cret,\n"
    "   permissions: {subscribe: {deny: \"_INBOX.>\"}}}\n"
    "] }\n";

struct permission_row {
    const char *user;
    const char *program;
    const char *error; /* {url} stands for the URL without the password */
};

#define DENIED "{url}: Permissions Violation for "

static const struct permission_row permission_rows[] = {
    {"no_requests", "service1",
     "service1: " DENIED
     "Subscription to \"service.process\" using queue \"process_workers\"\n"},
    {"no_versions", "service1",
     "service1: " DENIED "Subscription to \"" VERSION1
     "\" using queue \"process_workers\"\n"},
    {"no_process", "app", DENIED "Publish to \"service.process\"\n"},
    {"no_transform", "app", DENIED "Publish to \"service.transform\"\n"},
    {"no_inbox", "app", DENIED "Subscription to \"_INBOX.*\"\n"},
    {"no_inbox", "app_multi", DENIED "Subscription to \"_INBOX.*\"\n"},
};

/* Makes NATS_URL that of a user. */
static void log_in(struct world *self, const char *user)
{
    char url[256];
    snprintf(url, sizeof url, "nats://%s:s3cret@%s", user, self->url + strlen("nats://"));
    setenv("NATS_URL", url, 1);
}

static void start_broker_with(struct world *self, const char *configuration)
{
    FILE *file = fopen("nats.conf", "w");
    assert_non_null(file);
    fputs(configuration, file);
    assert_int_equal(fclose(file), 0);
    stack_start_broker_with(&self->broker, "-1", "nats.conf");
    snprintf(self->url, sizeof self->url, "%s", getenv("NATS_URL"));
}

static void tells_what_is_denied(void **state)
{
    const struct permission_row *row = *state;
    char url[256];

    start_broker_with(&world, permissions);
    log_in(&world, "all");
    start_service(&world, 1);
    log_in(&world, row->user);
    long long start_time = clock_ms();
    struct process *process = start(&world, row->program, NULL);
    process_wait(process);
    snprintf(url, sizeof url, "nats://%s:***@%s", row->user,
             world.url + strlen("nats://"));
    char *expected = text_replace(row->error, &(struct replacement){"{url}", url}, 1);
    char *errors = text_lines_without(process->err.text, "\t[");
    assert_memory_equal(errors, "Error: ", strlen("Error: "));
    text_assert_matches(errors + strlen("Error: "), expected);
    assert_int_equal(process->exit_status, 1);
    assert_null(strstr(process->err.text, "Waiting"));
    clock_assert_since(start_time, 3000); /* no deadline was waited for */

    free(errors);
    free(expected);
}

/* It cannot reply, but goes on: the next request may have another reply subject. */
static void service_may_not_reply(void **state)
{
    (void)state;
    start_broker_with(&world, permissions);
    log_in(&world, "no_replies");
    struct process *service = start_service(&world, 1);
    log_in(&world, "all");
    struct process *app = start(&world, "app", NULL);

    assert_true(process_wait_for(service, &service->err,
                                 "\t[Service1] Permissions Violation for Publish to"));
    process_wait(app);
    process_signal(service, SIGTERM);
    process_wait(service);
    assert_int_equal(service->exit_status, 0);
}

/* The server reads its configuration again, and takes the subscription away. */
static void service_is_refused_later(void **state)
{
    (void)state;
    start_broker_with(&world,
                      "authorization { users = [ {user: joe, password: s3cret} ] }\n");
    log_in(&world, "joe");
    struct process *service = start_service(&world, 1);
    FILE *file = fopen("nats.conf", "w");
    assert_non_null(file);
    fputs("authorization { users = [ {user: joe, password: s3cret,"
          " permissions: {subscribe: {deny: \"service.process\"}}} ] }\n",
          file);
    assert_int_equal(fclose(file), 0);
    process_signal(&world.broker, SIGHUP);
    process_wait(service);
    assert_int_equal(service->exit_status, 1);
    assert_non_null(strstr(service->err.text, "Permissions Violation for Subscription"));
}

static int count_lines(const char *text, const char *part)
{
    int count = 0;
    while ((text = strstr(text, part))) {
        text += strlen(part);
        count++;
    }
    return count;
}

/*
 * More requests than wait for a service, which does not get on with its log.
 */

#define FLOOD 200000

static atomic_int flood_replies;

/* Called in a thread of libnats. */
static void on_flood_reply(natsConnection *client, natsSubscription *subscription,
                           natsMsg *message, void *closure)
{
    (void)client;
    (void)subscription;
    (void)closure;
    atomic_fetch_add(&flood_replies, 1);
    natsMsg_Destroy(message);
}

static void service_tells_what_it_drops(void **state)
{
    (void)state;
    static const char end[] = "\t[Service1] Requests dropped so far: ";
    natsSubscription *subscription = NULL;
    struct process *service = start_service(&world, 1);

    assert_int_equal(natsConnection_Subscribe(&subscription, world.client, "replies",
                                              on_flood_reply, NULL),
                     NATS_OK);
    world.peers[world.peer_count++].subscription = subscription;
    for (int i = 0; i < FLOOD; i++)
        natsConnection_PublishRequestString(world.client, "service.process", "replies",
                                            "");
    natsConnection_FlushTimeout(world.client, PROCESS_DEADLINE_MS);

    assert_true(process_wait_for(service, &service->err, end));
    int dropped = (int)strtol(strstr(service->err.text, end) + strlen(end), NULL, 10);
    assert_true(
        wait_for_count(&world, &flood_replies, FLOOD - dropped, PROCESS_DEADLINE_MS));
    process_signal(service, SIGTERM);
    process_wait(service);
    assert_int_equal(service->exit_status, 0);
    assert_in_range(dropped, 1, FLOOD - 65536);
    assert_int_equal(atomic_load(&flood_replies), FLOOD - dropped);
    assert_int_equal(count_lines(service->err.text, "Too many requests wait"), 1);
}

/*
 * Two services with the same work, and more requests at once than they can handle.
 */

#define REQUESTS 10000

/* A request that has no reply this long after the last one is lost. */
#define REPLY_LIMIT_MS 1000

static atomic_int reply_count;
static atomic_int wrong;
static atomic_int replies_to[REQUESTS]; /* to each request */

/* Called in a thread of libnats. */
static void on_reply(natsConnection *client, natsSubscription *subscription,
                     natsMsg *message, void *closure)
{
    (void)client;
    (void)subscription;
    (void)closure;
    char text[256];
    char expected[256];
    snprintf(text, sizeof text, "%.*s", natsMsg_GetDataLength(message),
             natsMsg_GetData(message));
    const char *id = strstr(text, "\"request_id\":\"");
    long i = id ? strtol(id + strlen("\"request_id\":\""), NULL, 10) : -1;

    snprintf(expected, sizeof expected,
             "{\"value\":%ld,\"processed\":true,\"request_id\":\"%ld\"}", 2 * i, i);
    if (i < 0 || i >= REQUESTS || strcmp(text, expected) != 0)
        atomic_fetch_add(&wrong, 1);
    else
        atomic_fetch_add(&replies_to[i], 1);
    atomic_fetch_add(&reply_count, 1);
    natsMsg_Destroy(message);
}

/* Sends each request that has no reply yet. */
static void send_requests(natsConnection *client, const char *inbox)
{
    char request[128];

    for (int i = 0; i < REQUESTS; i++) {
        if (atomic_load(&replies_to[i]) > 0)
            continue;
        snprintf(request, sizeof request, "{\"value\":%d,\"request_id\":\"%d\"}", i, i);
        natsConnection_PublishRequestString(client, "service.process", inbox, request);
    }
    natsConnection_FlushTimeout(client, PROCESS_DEADLINE_MS);
}

struct load_row {
    const char *name;
    int signal; /* to one of the two, when some have their replies; 0: none */
};

static const struct load_row load_rows[] = {
    {"two share the requests", 0},
    {"one of two stopped", SIGTERM},
    {"one of two killed", SIGKILL},
};

/* Each request has one reply; only what a killed service had taken must be sent again. */
static void two_services_share_requests(void **state)
{
    const struct load_row *row = *state;
    struct process *services[] = {start_service(&world, 1), start_service(&world, 1)};
    natsSubscription *subscription = NULL;
    atomic_store(&reply_count, 0);
    atomic_store(&wrong, 0);
    for (int i = 0; i < REQUESTS; i++)
        atomic_store(&replies_to[i], 0);

    assert_int_equal(
        natsConnection_Subscribe(&subscription, world.client, "replies", on_reply, NULL),
        NATS_OK);
    world.peers[world.peer_count++].subscription = subscription;
    send_requests(world.client, "replies");
    assert_true(
        wait_for_count(&world, &reply_count, REQUESTS / 100, PROCESS_DEADLINE_MS));
    if (row->signal)
        process_signal(services[0], row->signal);
    while (atomic_load(&reply_count) < REQUESTS &&
           wait_for_count(&world, &reply_count, atomic_load(&reply_count) + 1,
                          REPLY_LIMIT_MS))
        ;
    if (row->signal == SIGKILL) {
        assert_in_range(atomic_load(&reply_count), REQUESTS / 100, REQUESTS - 1);
        send_requests(world.client, "replies");
    }
    assert_true(wait_for_count(&world, &reply_count, REQUESTS, PROCESS_DEADLINE_MS));

    int processed[2];
    for (int i = 0; i < 2; i++) {
        bool is_killed = i == 0 && row->signal == SIGKILL;
        if (i == 1 || !row->signal)
            process_signal(services[i], SIGTERM);
        process_wait(services[i]);
        assert_int_equal(services[i]->exit_status, is_killed ? 128 + SIGKILL : 0);
        processed[i] = count_lines(services[i]->err.text, "Processing request: ");
        assert_true(processed[i] > 0);
    }
    assert_int_equal(atomic_load(&wrong), 0);
    for (int i = 0; i < REQUESTS; i++)
        assert_int_equal(atomic_load(&replies_to[i]), 1);
    if (row->signal != SIGKILL)
        assert_int_equal(processed[0] + processed[1], REQUESTS);
}

static int setup(void **state)
{
    (void)state;
    world_init(&world);
    start_broker(&world);
    connect_client(&world);
    return 0;
}

static int setup_empty(void **state)
{
    (void)state;
    world_init(&world);
    return 0;
}

static int setup_in_temp_dir(void **state)
{
    world_init(&world);
    return temp_dir_setup(state);
}

static int teardown_in_temp_dir(void **state)
{
    world_free(&world);
    return temp_dir_teardown(state);
}

static int teardown(void **state)
{
    (void)state;
    world_free(&world);
    return 0;
}

static int start_all(void **state)
{
    (void)state;
    start_slow();
    world_init(&served);
    start_broker(&served);
    connect_client(&served);
    start_service(&served, 1);
    start_service(&served, 2);
    return 0;
}

static int free_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(slow_rows); i++)
        world_free(&slow_worlds[i]);
    world_free(&served);
    nats_CloseAndWait(PROCESS_DEADLINE_MS);
    return 0;
}

static struct CMUnitTest world_test(const char *name, CMUnitTestFunction run,
                                    const void *row)
{
    struct CMUnitTest test = table_test(name, run, row);
    test.setup_func = setup;
    test.teardown_func = teardown;
    return test;
}

static struct CMUnitTest temp_dir_test(const char *name, CMUnitTestFunction run,
                                       const void *row)
{
    struct CMUnitTest test = table_test(name, run, row);
    test.setup_func = setup_in_temp_dir;
    test.teardown_func = teardown_in_temp_dir;
    return test;
}

int main(void)
{
    stack_require();
    static const int broker_ends[] = {SIGTERM, SIGKILL};
    static const char *const programs[] = {"app", "app_multi", "service1"};
    struct CMUnitTest tests[COUNT(slow_rows) + COUNT(url_rows) + COUNT(reply_rows) +
                            COUNT(request_rows) + COUNT(end_rows) + COUNT(load_rows) +
                            COUNT(broker_ends) + COUNT(secret_rows) + COUNT(programs) +
                            COUNT(permission_rows) + 10];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(slow_rows); i++)
        tests[count++] = table_test(slow_rows[i].name, keeps_deadline, &slow_rows[i]);
    for (size_t i = 0; i < COUNT(url_rows); i++) {
        tests[count] = world_test(url_rows[i].reason, refuses_url, &url_rows[i]);
        tests[count++].setup_func = setup_empty;
    }
    for (size_t i = 0; i < COUNT(secret_rows); i++) {
        tests[count] = world_test(secret_rows[i].shown, hides_secrets, &secret_rows[i]);
        tests[count++].setup_func = setup_empty;
    }
    for (size_t i = 0; i < COUNT(programs); i++) {
        tests[count] = world_test("TLS is required", tls_is_required, programs[i]);
        tests[count++].setup_func = setup_empty;
    }
    tests[count++] = world_test("list of URLs", url_may_be_a_list, NULL);
    for (size_t i = 0; i < COUNT(reply_rows); i++)
        tests[count++] = world_test(reply_rows[i].name, takes_reply, &reply_rows[i]);
    for (size_t i = 0; i < COUNT(request_rows); i++)
        tests[count++] = table_test(request_rows[i].name, replies, &request_rows[i]);
    tests[count++] =
        world_test("no reply wanted", services_ignore_what_wants_no_reply, NULL);
    tests[count++] = world_test("full logs", services_go_on_without_a_log, NULL);
    tests[count++] = world_test("services come late", app_waits_for_services, NULL);
    tests[count++] =
        world_test("service comes back", app_waits_for_a_killed_service, NULL);
    tests[count++] =
        world_test("broker comes back", app_and_service_find_the_broker_again, NULL);
    tests[count++] = world_test("broker refuses", service_gives_up, NULL);
    for (size_t i = 0; i < COUNT(broker_ends); i++)
        tests[count++] =
            world_test("serves again", service_serves_again, &broker_ends[i]);
    for (size_t i = 0; i < COUNT(end_rows); i++)
        tests[count++] = world_test(end_rows[i].name, service_ends, &end_rows[i]);
    for (size_t i = 0; i < COUNT(permission_rows); i++)
        tests[count++] = temp_dir_test(permission_rows[i].user, tells_what_is_denied,
                                       &permission_rows[i]);
    tests[count++] = temp_dir_test("no_replies", service_may_not_reply, NULL);
    tests[count++] = temp_dir_test("refused later", service_is_refused_later, NULL);
    tests[count++] = world_test("flood", service_tells_what_it_drops, NULL);
    for (size_t i = 0; i < COUNT(load_rows); i++)
        tests[count++] =
            world_test(load_rows[i].name, two_services_share_requests, &load_rows[i]);

    return cmocka_run_group_tests_name(STEP " broker", tests, start_all, free_all);
}
