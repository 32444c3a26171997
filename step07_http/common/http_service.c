#include "http_service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "stop_signals.h"
#include "value.h"

#define THREADS 4
#define CONNECTIONS_MAX 1000
#define IDLE_SECONDS 10 /* then a connection on which nothing moves is closed */
#define DRAIN_SECONDS 5 /* how long requests under way may take after SIGTERM */

/* What is read of a body that is too large. */
#define DISCARD_MAX (16UL * HTTP_BODY_SIZE_MAX)

struct server {
    const struct service *service;
    const char *path;
    pthread_mutex_t mutex;
    pthread_cond_t idle;    /* signalled when `under_way` falls to 0 */
    unsigned int under_way; /* requests that were begun and not yet answered */
};

/* A request while its body arrives. */
struct request {
    size_t length; /* of the whole body so far; what is over the limit is not kept */
    char body[HTTP_BODY_SIZE_MAX];
};

/* Queues a reply; `allow` are the methods of the path when the one asked for is none. */
static enum MHD_Result reply(struct MHD_Connection *connection, unsigned int status,
                             const char *type, const char *body, size_t length,
                             const char *allow)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(length, (void *)body, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
    if (allow)
        MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, allow);
    enum MHD_Result result = MHD_queue_response(connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result reply_error(struct MHD_Connection *connection, unsigned int status,
                                   const char *error, const char *allow)
{
    struct message_json json;
    error_reply_format(error, &json);
    return reply(connection, status, "application/json", json.text, json.length, allow);
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

static unsigned int http_status(enum message_status status)
{
    switch (status) {
    case MESSAGE_OK:
        return MHD_HTTP_OK;
    case MESSAGE_NOT_JSON:
        return MHD_HTTP_BAD_REQUEST;
    default:
        return MHD_HTTP_UNPROCESSABLE_CONTENT;
    }
}

/* The whole request is there: answers it. */
static enum MHD_Result answer(const struct server *server, const struct request *request,
                              struct MHD_Connection *connection, const char *url,
                              const char *method)
{
    if (strcmp(url, "/health") == 0) {
        if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
            return reply_error(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                               "method not allowed", "GET, HEAD");
        return reply(connection, MHD_HTTP_OK, "text/plain", "ok", 2, NULL);
    }
    if (strcmp(url, server->path) != 0)
        return reply_error(connection, MHD_HTTP_NOT_FOUND, "not found", NULL);
    if (strcmp(method, "POST") != 0)
        return reply_error(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "method not allowed",
                           "POST");
    if (!is_json(header(connection, "Content-Type")))
        return reply_error(connection, MHD_HTTP_UNSUPPORTED_MEDIA_TYPE,
                           "expected the content type application/json", NULL);
    if (request->length > sizeof request->body)
        return reply_error(connection, MHD_HTTP_CONTENT_TOO_LARGE, "body too large",
                           NULL);

    struct message_json json;
    enum message_status status =
        server->service->handle(request->body, request->length, &json);
    return reply(connection, http_status(status), "application/json", json.text,
                 json.length, NULL);
}

/*
 * The header is there, the body is not. A reply from here closes the connection, so only
 * what must not be read on is refused now.
 */
static enum MHD_Result begin_request(struct server *server,
                                     struct MHD_Connection *connection, void **state)
{
    const char *length = header(connection, "Content-Length");

    if (length && header(connection, "Transfer-Encoding"))
        return reply_error(connection, MHD_HTTP_BAD_REQUEST,
                           "both Content-Length and Transfer-Encoding", NULL);
    if (length && strtoull(length, NULL, 10) > HTTP_BODY_SIZE_MAX)
        return reply_error(connection, MHD_HTTP_CONTENT_TOO_LARGE, "body too large",
                           NULL);

    struct request *request = malloc(sizeof *request);
    if (!request)
        return MHD_NO;
    request->length = 0;
    *state = request;
    pthread_mutex_lock(&server->mutex);
    server->under_way++;
    pthread_mutex_unlock(&server->mutex);
    return MHD_YES;
}

/* Keeps what fits; a client that sends on for ever is cut off. */
static enum MHD_Result add_to_body(struct request *request, const char *data, size_t size)
{
    if (request->length + size <= sizeof request->body)
        memcpy(request->body + request->length, data, size);
    request->length += size;
    return request->length <= DISCARD_MAX ? MHD_YES : MHD_NO;
}

/* libmicrohttpd calls this for the header, for each piece of the body, and at its end. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection,
                                  const char *url, const char *method,
                                  const char *version, const char *data, size_t *size,
                                  void **state)
{
    (void)version;
    struct server *server = cls;
    struct request *request = *state;

    if (!request)
        return begin_request(server, connection, state);
    if (*size > 0) {
        size_t given = *size;
        *size = 0;
        return add_to_body(request, data, given);
    }
    return answer(server, request, connection, url, method);
}

/* ... and this when the reply was sent, or the connection was lost. */
static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    struct server *server = cls;

    if (!*state)
        return;
    free(*state);
    *state = NULL;
    pthread_mutex_lock(&server->mutex);
    if (--server->under_way == 0)
        pthread_cond_signal(&server->idle);
    pthread_mutex_unlock(&server->mutex);
}

/* Reads PORT and BIND_ADDRESS; says what is wrong with them. */
static bool read_address(const struct service *service, uint16_t port,
                         struct sockaddr_in *address)
{
    const char *bind_address = getenv("BIND_ADDRESS");
    const char *port_text = getenv("PORT");
    int32_t port_value = port;

    if (port_text &&
        (!parse_value(port_text, &port_value) || port_value < 0 || port_value > 65535)) {
        fprintf(stderr, "Error: %s: PORT: '%s' is not a port number\n", service->name,
                port_text);
        return false;
    }
    *address = (struct sockaddr_in){.sin_family = AF_INET,
                                    .sin_port = htons((uint16_t)port_value)};
    if (!bind_address)
        bind_address = "127.0.0.1";
    if (inet_pton(AF_INET, bind_address, &address->sin_addr) != 1) {
        fprintf(stderr, "Error: %s: BIND_ADDRESS: '%s' is not an IPv4 address\n",
                service->name, bind_address);
        return false;
    }
    return true;
}

/* Stops accepting, and gives requests under way their time to be answered. */
static void drain(struct server *server, struct MHD_Daemon *daemon)
{
    int listener = MHD_quiesce_daemon(daemon);
    if (listener != -1)
        shutdown(listener, SHUT_RDWR);

    struct timespec deadline;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += DRAIN_SECONDS;
    pthread_mutex_lock(&server->mutex);
    while (server->under_way > 0 &&
           pthread_cond_timedwait(&server->idle, &server->mutex, &deadline) == 0)
        ;
    pthread_mutex_unlock(&server->mutex);

    MHD_stop_daemon(daemon);
    if (listener != -1)
        close(listener);
}

static void server_init(struct server *server, const struct service *service,
                        const char *path)
{
    pthread_condattr_t attributes;

    server->service = service;
    server->path = path;
    server->under_way = 0;
    pthread_mutex_init(&server->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&server->idle, &attributes);
    pthread_condattr_destroy(&attributes);
}

static struct MHD_Daemon *start_daemon(struct server *server, struct sockaddr_in *address)
{
    const struct MHD_OptionItem options[] = {
        {MHD_OPTION_SOCK_ADDR, 0, address},
        {MHD_OPTION_THREAD_POOL_SIZE, THREADS, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS_MAX, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, NULL},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)on_completed, server},
        {MHD_OPTION_END, 0, NULL},
    };

    /* Without MHD_USE_ITC, MHD_quiesce_daemon() would refuse to do its work. */
    return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_ITC, 0, NULL, NULL,
                            on_request, server, MHD_OPTION_ARRAY, options,
                            MHD_OPTION_END);
}

int http_service_run(const struct service *service, const char *path, uint16_t port)
{
    struct sockaddr_in address;
    struct server server;
    char host[INET_ADDRSTRLEN];

    if (!read_address(service, port, &address))
        return EXIT_FAILURE;
    inet_ntop(AF_INET, &address.sin_addr, host, sizeof host);

    stop_signals_block();
    server_init(&server, service, path);
    struct MHD_Daemon *daemon = start_daemon(&server, &address);
    if (!daemon) {
        fprintf(stderr, "Error: %s: cannot listen on %s:%d: %s\n", service->name, host,
                ntohs(address.sin_port), strerror(errno));
        return EXIT_FAILURE;
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    fprintf(stderr, "\t[%s] Listening on http://%s:%d\n", service->name, host,
            info ? info->port : ntohs(address.sin_port));

    stop_signals_wait();
    fprintf(stderr, "\t[%s] Initiating Shutdown...\n", service->name);
    drain(&server, daemon);
    fprintf(stderr, "\t[%s] Server Exiting.\n", service->name);
    return EXIT_SUCCESS;
}
