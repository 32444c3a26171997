#include "http_service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli.h"
#include "connection_timer.h"
#include "deadline.h"
#include "standard_fds.h"
#include "stop_signals.h"

#define THREADS 4
#define IDLE_SECONDS 10 /* for a client that does not read its reply */
#define EXPIRE_MS 1000  /* how often late connections are looked for */

/* How much of a body that is too large is read before it is cut off, in bytes. */
#define DISCARD_MAX (16UL * MESSAGE_SIZE_MAX)

/*
 * A request may lie in a socket before libmicrohttpd has seen it. So a service that stops
 * ends only after QUIET_MS without a request under way, or after DRAIN_MS in all.
 */
#define DRAIN_MS 5000
#define QUIET_MS 200
#define TICK_MS 10

struct server {
    const struct service *service;
    const char *path;
    char version[2 * MESSAGE_TEXT_SIZE]; /* "service1/0.1.0", the Server header */
    struct MHD_Daemon *daemon;
    struct connection_timers timers;
    atomic_bool stopping;   /* connections close after their next reply */
    pthread_mutex_t mutex;  /* guards these two */
    unsigned int under_way; /* requests that were begun and have no reply yet */
    bool stopped;           /* no request is begun any more */
};

/* Queues a reply; `allow` lists the permitted methods, for a 405. */
static enum MHD_Result reply(struct server *server, struct MHD_Connection *connection,
                             unsigned int status, const char *type, const char *body,
                             size_t length, const char *allow)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_SERVER, server->version);
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (server->stopping)
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
    if (allow)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result reply_error(struct server *server,
                                   struct MHD_Connection *connection, unsigned int status,
                                   const char *error, const char *allow)
{
    struct message_json json;
    message_format_error(error, &json);
    return reply(server, connection, status, "application/json", json.text, json.length,
                 allow);
}

static const char *header(struct MHD_Connection *connection, const char *name)
{
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/* application/json, with or without parameters like "; charset=utf-8". */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    size_t length = sizeof json - 1;

    return type && strncasecmp(type, json, length) == 0 &&
           (type[length] == '\0' || type[length] == ';' || type[length] == ' ');
}

static const unsigned int http_statuses[] = {
    [MESSAGE_OK] = MHD_HTTP_OK,
    [MESSAGE_NOT_JSON] = MHD_HTTP_BAD_REQUEST,
    [MESSAGE_WRONG_SHAPE] = MHD_HTTP_UNPROCESSABLE_CONTENT,
    [MESSAGE_REFUSED] = MHD_HTTP_UNPROCESSABLE_CONTENT,
};

/* The whole request is there. */
static enum MHD_Result handle_request(struct server *server,
                                      const struct message_json *request,
                                      struct MHD_Connection *connection, const char *url,
                                      const char *method)
{
    if (strcmp(url, "/health") == 0) {
        if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
            return reply_error(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                               "method not allowed", "GET, HEAD");
        return reply(server, connection, MHD_HTTP_OK, "text/plain", "ok", 2, NULL);
    }
    if (strcmp(url, server->path) != 0)
        return reply_error(server, connection, MHD_HTTP_NOT_FOUND, "not found", NULL);
    if (strcmp(method, "POST") != 0)
        return reply_error(server, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                           "method not allowed", "POST");
    if (!is_json(header(connection, "Content-Type")))
        return reply_error(server, connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                           "expected the content type application/json", NULL);
    if (request->length > sizeof request->text)
        return reply_error(server, connection, MHD_HTTP_CONTENT_TOO_LARGE,
                           "body too large", NULL);

    struct message_json json;
    enum message_status status =
        server->service->handle(request->text, request->length, &json);
    return reply(server, connection, http_statuses[status], "application/json", json.text,
                 json.length, NULL);
}

/* What the header of a request says about its end. */
struct framing {
    int lengths; /* how often it is said, which must not be twice */
    int codings;
    bool malformed; /* a name with a blank, which others may read as one without */
};

static enum MHD_Result count_header(void *cls, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    (void)kind;
    (void)value;
    struct framing *framing = cls;

    framing->lengths += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    framing->codings += strcasecmp(name, MHD_HTTP_HEADER_TRANSFER_ENCODING) == 0;
    framing->malformed |= strpbrk(name, " \t\r") != NULL;
    return MHD_YES;
}

/* The status and text to refuse a request with by its header alone; false if none. */
static bool is_refused(struct MHD_Connection *connection, const char *url,
                       unsigned int *status, const char **error)
{
    const char *length = header(connection, MHD_HTTP_HEADER_CONTENT_LENGTH);
    const char *coding = header(connection, MHD_HTTP_HEADER_TRANSFER_ENCODING);
    struct framing framing = {0};

    MHD_get_connection_values(connection, MHD_HEADER_KIND, count_header, &framing);
    *status = MHD_HTTP_BAD_REQUEST;
    *error = "malformed header";
    if (framing.malformed || strstr(url, "%00"))
        return true;
    *error = "more than one Content-Length or Transfer-Encoding";
    if (framing.lengths + framing.codings > 1)
        return true;
    *status = MHD_HTTP_NOT_IMPLEMENTED;
    *error = "unknown Transfer-Encoding";
    if (coding && strcasecmp(coding, "chunked") != 0)
        return true;
    *status = MHD_HTTP_CONTENT_TOO_LARGE;
    *error = "body too large";
    return length && strtoull(length, NULL, 10) > MESSAGE_SIZE_MAX;
}

/*
 * The header has arrived, the body has not. A reply that is queued now closes the
 * connection, so only requests whose body must not be read get one.
 */
static enum MHD_Result begin_request(struct server *server,
                                     struct MHD_Connection *connection, const char *url,
                                     void **state)
{
    unsigned int status;
    const char *error;

    if (is_refused(connection, url, &status, &error))
        return reply_error(server, connection, status, error, NULL);

    struct message_json *request = malloc(sizeof *request);
    if (!request)
        return MHD_NO;
    request->length = 0;
    pthread_mutex_lock(&server->mutex);
    bool stopped = server->stopped;
    server->under_way += !stopped;
    pthread_mutex_unlock(&server->mutex);
    if (stopped) {
        free(request);
        return MHD_NO;
    }
    *state = request;
    return MHD_YES;
}

/* Keeps what fits; `length` counts the rest, too, until it is more than is read. */
static enum MHD_Result add_to_body(struct message_json *request, const char *data,
                                   size_t size)
{
    if (request->length + size <= sizeof request->text)
        memcpy(request->text + request->length, data, size);
    request->length += size;
    return request->length <= DISCARD_MAX ? MHD_YES : MHD_NO;
}

/*
 * libmicrohttpd calls this for the header, for each piece of the body, and at its end.
 * `cls` is our server; `*state` is ours, and NULL in the first call; `*size` is set to
 * what is left of `data`.
 */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data, size_t *size,
                                  void **state)
{
    (void)version;
    struct server *server = cls;
    struct message_json *request = *state;

    if (!request)
        return begin_request(server, connection, url, state);
    if (*size > 0) {
        size_t given = *size;
        *size = 0;
        return add_to_body(request, data, given);
    }
    return handle_request(server, request, connection, url, method);
}

static int descriptor(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* libmicrohttpd calls this when the reply was sent, or the connection was lost. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)code;
    struct server *server = cls;

    connection_timer_start(&server->timers, descriptor(connection));
    if (!*state)
        return;
    free(*state);
    *state = NULL;
    pthread_mutex_lock(&server->mutex);
    server->under_way--;
    pthread_mutex_unlock(&server->mutex);
}

/* Leaves a path with an escaped NUL as it is: what is before that is not the path. */
static size_t unescape(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls;
    (void)connection;
    return strstr(text, "%00") ? strlen(text) : MHD_http_unescape(text);
}

/* This comes when a connection starts, and before its descriptor is closed. */
static void on_connection(void *cls, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode code)
{
    (void)context;
    struct server *server = cls;

    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        connection_timer_start(&server->timers, descriptor(connection));
    else
        connection_timer_stop(&server->timers, descriptor(connection));
}

/* Reads BIND_ADDRESS and PORT. */
static bool read_address(uint16_t port, struct sockaddr_in *address, struct error *error)
{
    const char *bind_address = getenv("BIND_ADDRESS");
    const char *port_text = getenv("PORT");
    int32_t port_value = port;

    if (port_text && (!cli_parse_value(port_text, &port_value) || port_value < 0 ||
                      port_value > UINT16_MAX))
        return error_set(error, "PORT: '%s' is not a port number", port_text);
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port_value)};
    if (!bind_address)
        bind_address = "127.0.0.1";
    if (inet_pton(AF_INET, bind_address, &address->sin_addr) != 1)
        return error_set(error, "BIND_ADDRESS: '%s' is not an IPv4 address",
                         bind_address);
    return true;
}

/* Opens the socket that listens; sets the port that the system chose for 0. */
static bool listen_on(struct sockaddr_in *address, int *listener, struct error *error)
{
    char host[INET_ADDRSTRLEN];
    socklen_t length = sizeof *address;

    *listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*listener != -1 &&
        setsockopt(*listener, SOL_SOCKET, SO_REUSEADDR, &(int){1}, sizeof(int)) == 0 &&
        bind(*listener, (struct sockaddr *)address, length) == 0 &&
        listen(*listener, SOMAXCONN) == 0 &&
        getsockname(*listener, (struct sockaddr *)address, &length) == 0)
        return true;
    error_set(error, "cannot listen on %s:%d: %s",
              inet_ntop(AF_INET, &address->sin_addr, host, sizeof host),
              ntohs(address->sin_port), strerror(errno));
    if (*listener != -1)
        close(*listener);
    return false;
}

static bool start_daemon(struct server *server, struct error *error)
{
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, THREADS, NULL},
        /* Never reached: at its limit, 0.9.75 leaves a lock of its own locked. */
        {MHD_OPTION_CONNECTION_LIMIT, (intptr_t)THREADS * CONNECTION_TIMER_FDS, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_UNESCAPE_CALLBACK, (intptr_t)unescape, NULL},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)on_connection, server},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server},
        {MHD_OPTION_END, 0, NULL},
    };

    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC, 0, NULL,
        NULL, on_request, server, MHD_OPTION_ARRAY, options, MHD_OPTION_END);
    if (!server->daemon)
        return error_set(error, "libmicrohttpd cannot be started");
    int spare = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (spare == -1) { /* accept() would always fail, too */
        error_set(error, "cannot accept connections: %s", strerror(errno));
        MHD_stop_daemon(server->daemon);
        return false;
    }
    close(spare);
    return true;
}

static void pause_ms(int milliseconds)
{
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000L}, NULL);
}

/*
 * libmicrohttpd serves the connections; they are accepted here, because what would make
 * the library stop accepting, MHD_quiesce_daemon(), can abort a daemon with a pool of
 * threads.
 */
static void accept_connections(struct server *server, int listener)
{
    int64_t next_expiry = deadline_in(EXPIRE_MS);

    while (!stop_signals_wait(listener, next_expiry)) {
        if (deadline_left(next_expiry) == 0) {
            connection_timer_expire(&server->timers);
            next_expiry = deadline_in(EXPIRE_MS);
        }
        struct sockaddr_storage client;
        socklen_t length = sizeof client;
        int connection = accept(listener, (struct sockaddr *)&client, &length);
        if (connection == -1)
            pause_ms(TICK_MS); /* perhaps until a descriptor is free */
        else if (connection >= CONNECTION_TIMER_FDS) /* they are too many */
            close(connection);
        else
            MHD_add_connection(server->daemon, connection, (struct sockaddr *)&client,
                               length);
    }
}

/* Lets the requests under way end and asks clients to go, then closes all connections. */
static void drain(struct server *server)
{
    int64_t deadline = deadline_in(DRAIN_MS);
    bool stopped = false;

    server->stopping = true;
    for (int quiet = 0; !stopped; quiet += TICK_MS) {
        pause_ms(TICK_MS);
        pthread_mutex_lock(&server->mutex);
        if (server->under_way > 0)
            quiet = 0;
        stopped = quiet >= QUIET_MS || deadline_left(deadline) == 0;
        server->stopped = stopped;
        pthread_mutex_unlock(&server->mutex);
    }
    MHD_stop_daemon(server->daemon);
}

int http_service_run(const struct service *service, const char *title, const char *path,
                     uint16_t port)
{
    struct server server = {
        .service = service,
        .path = path,
        .timers.mutex = PTHREAD_MUTEX_INITIALIZER,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
    };
    struct sockaddr_in address = {0};
    struct error error;
    int listener;
    char host[INET_ADDRSTRLEN];

    standard_fds_reserve();
    bool ready = stop_signals_block(&error);
    fprintf(stderr, "\t[%s] %s\n", service->log_name, title);
    snprintf(server.version, sizeof server.version, "%s/%s", service->name,
             service->version);
    if (!ready || !read_address(port, &address, &error) ||
        !listen_on(&address, &listener, &error) || !start_daemon(&server, &error)) {
        fprintf(stderr, "Error: %s: %s\n", service->name, error.text);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Listening on http://%s:%d\n", service->log_name,
            inet_ntop(AF_INET, &address.sin_addr, host, sizeof host),
            ntohs(address.sin_port));

    accept_connections(&server, listener);
    fprintf(stderr, "\t[%s] Initiating Shutdown...\n", service->log_name);
    close(listener);
    drain(&server);
    fprintf(stderr, "\t[%s] Server Exiting.\n", service->log_name);
    return EXIT_SUCCESS;
}
