#include "nats_service.h"

#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "deadline.h"
#include "nats_connection.h"
#include "nats_url.h"
#include "standard_fds.h"
#include "stop_signals.h"

#define DRAIN_TIMEOUT_MS 5000
#define TICK_MS 10

#define SUBSCRIPTION_DENIED "Permissions Violation for Subscription"

struct server {
    const struct service *service;
    const char *subject;
    const char *queue_group;
    const char *version_subject;
    /* The subscription that drops requests, until it has handled those that wait. */
    _Atomic(natsSubscription *) overloaded;
    atomic_bool is_refused; /* a subscription */
};

static void handle_version_request(const struct service *service, const char *json,
                                   size_t length, struct message_json *reply)
{
    struct version_request request;
    struct version_reply version;
    struct error error;

    if (message_parse(VERSION_REQUEST, json, length, &request, &error) != MESSAGE_OK) {
        message_format_error(error.text, reply);
        return;
    }
    snprintf(version.service_name, sizeof version.service_name, "%s", service->log_name);
    snprintf(version.version, sizeof version.version, "%s", service->version);
    snprintf(version.request_id, sizeof version.request_id, "%s", request.request_id);
    message_format(VERSION_REPLY, &version, reply);
}

/* The end is the last request that waits; the count is of all that were ever dropped. */
static void log_overload_end(struct server *server, natsSubscription *subscription)
{
    int waiting = 0;
    int64_t dropped = 0;

    natsSubscription_GetPending(subscription, &waiting, NULL);
    natsSubscription_GetDropped(subscription, &dropped);
    if (waiting > 0)
        return;
    atomic_store(&server->overloaded, NULL);
    fprintf(stderr, "\t[%s] Requests dropped so far: %" PRId64 "\n",
            server->service->log_name, dropped);
}

/* Called in a thread of libnats for each message on one of the two subjects. */
static void on_request(natsConnection *connection, natsSubscription *subscription,
                       natsMsg *message, void *closure)
{
    struct server *server = closure;
    const struct service *service = server->service;
    const char *json = natsMsg_GetData(message);
    size_t length = (size_t)natsMsg_GetDataLength(message);
    struct message_json reply;

    if (atomic_load(&server->overloaded) == subscription)
        log_overload_end(server, subscription);
    if (!natsMsg_GetReply(message)) {
        natsMsg_Destroy(message);
        return;
    }
    if (length > MESSAGE_SIZE_MAX)
        message_format_error("payload too large", &reply);
    else if (strcmp(natsMsg_GetSubject(message), server->version_subject) == 0)
        handle_version_request(service, json, length, &reply);
    else
        service->handle(json, length, &reply);
    natsStatus status = natsConnection_Publish(connection, natsMsg_GetReply(message),
                                               reply.text, (int)reply.length);
    if (status != NATS_OK)
        fprintf(stderr, "\t[%s] Reply not sent: %s\n", service->log_name,
                natsStatus_GetText(status));
    natsMsg_Destroy(message);
}

/* The end of a drain disconnects, too, and is not logged. */
static void on_disconnected(natsConnection *connection, void *closure)
{
    const struct server *server = closure;
    if (!natsConnection_IsClosed(connection))
        fprintf(stderr, "\t[%s] Disconnected\n", server->service->log_name);
}

static void on_reconnected(natsConnection *connection, void *closure)
{
    (void)connection;
    const struct server *server = closure;
    fprintf(stderr, "\t[%s] Reconnected\n", server->service->log_name);
}

/* Told here alone: that requests are dropped, and what the server does not permit. */
static void on_failed(natsConnection *connection, natsSubscription *subscription,
                      natsStatus status, void *closure)
{
    struct server *server = closure;
    const char *reason = "";

    if (status == NATS_SLOW_CONSUMER) { /* often, while requests come too fast */
        if (!atomic_exchange(&server->overloaded, subscription))
            fprintf(stderr, "\t[%s] Too many requests wait, dropping...\n",
                    server->service->log_name);
    } else if (status == NATS_NOT_PERMITTED) {
        natsConnection_GetLastError(connection, &reason);
        if (strncmp(reason, SUBSCRIPTION_DENIED, strlen(SUBSCRIPTION_DENIED)) == 0) {
            atomic_store(&server->is_refused, true);
            kill(getpid(), SIGTERM); /* it would wait for requests in vain */
        } else {
            fprintf(stderr, "\t[%s] %s\n", server->service->log_name, reason);
        }
    }
}

/* Without its connection a service has to end. */
static void on_closed(natsConnection *connection, void *closure)
{
    (void)connection;
    (void)closure;
    kill(getpid(), SIGTERM);
}

static natsStatus subscribe(struct server *server, natsConnection *connection,
                            natsSubscription **requests, natsSubscription **versions)
{
    const char *reason;
    /* A queue group: the server gives each message to one of its members. */
    natsStatus status = natsConnection_QueueSubscribe(
        requests, connection, server->subject, server->queue_group, on_request, server);
    if (status == NATS_OK)
        status =
            natsConnection_QueueSubscribe(versions, connection, server->version_subject,
                                          server->queue_group, on_request, server);
    if (status == NATS_OK) /* until the server has them, requests would be lost */
        status = natsConnection_FlushTimeout(connection, NATS_CONNECT_TIMEOUT_MS);
    if (status == NATS_OK && /* what the server does not permit it has said by now */
        natsConnection_GetLastError(connection, &reason) == NATS_NOT_PERMITTED)
        status = NATS_NOT_PERMITTED;
    return status;
}

/* Takes no more requests, replies to those it has, then closes the connection. */
static natsStatus drain(natsConnection *connection)
{
    natsStatus status = natsConnection_DrainTimeout(connection, DRAIN_TIMEOUT_MS);
    if (status == NATS_ILLEGAL_STATE) { /* the server is lost: nothing to drain */
        natsConnection_Close(connection);
        return NATS_OK;
    }
    while (status == NATS_OK && !natsConnection_IsClosed(connection))
        nats_Sleep(TICK_MS); /* libnats keeps the deadline */
    return status;
}

/* Serves from the subscriptions to the end of the drain. */
static bool serve(struct server *server, natsConnection *connection, struct error *error)
{
    natsSubscription *requests = NULL;
    natsSubscription *versions = NULL;

    natsStatus status = subscribe(server, connection, &requests, &versions);
    if (status == NATS_OK) {
        fprintf(stderr, "\t[%s] Waiting for requests...\n", server->service->log_name);
        stop_signals_wait(-1, DEADLINE_NONE);
        fprintf(stderr, "\t[%s] Initiating Shutdown...\n", server->service->log_name);
        status = drain(connection);
        if (atomic_load(&server->is_refused))
            status = NATS_NOT_PERMITTED;
    }
    natsSubscription_Destroy(versions);
    natsSubscription_Destroy(requests);
    return status == NATS_OK || nats_connection_error(connection, status, error);
}

int nats_service_run(const struct service *service, const char *title,
                     const char *subject, const char *queue_group,
                     const char *version_subject)
{
    struct server server = {
        .service = service,
        .subject = subject,
        .queue_group = queue_group,
        .version_subject = version_subject,
    };
    const struct nats_connection_events events = {
        .disconnected = on_disconnected,
        .reconnected = on_reconnected,
        .closed = on_closed,
        .failed = on_failed,
        .closure = &server,
    };
    natsConnection *connection = NULL;
    struct error error;
    bool done = false;
    const char *url = nats_url_shown();

    standard_fds_reserve();
    bool ready = stop_signals_block(&error);
    fprintf(stderr, "\t[%s] %s (NATS)\n", service->log_name, title);
    if (ready && !url)
        ready = error_set(&error, "NATS_URL is blank");
    if (!ready) {
        fprintf(stderr, "Error: %s: %s\n", service->name, error.text);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Connecting to %s...\n", service->log_name, url);
    if (nats_connection_open(&connection, &events, &error)) {
        fprintf(stderr, "\t[%s] Connected. Subscribing to \"%s\"...\n", service->log_name,
                subject);
        done = serve(&server, connection, &error);
    } else if (stop_signals_wait(-1, deadline_in(0))) {
        fprintf(stderr,
                "\t[%s] Initiating Shutdown...\n"
                "\t[%s] Server Exiting.\n",
                service->log_name, service->log_name);
        _exit(EXIT_SUCCESS); /* exit() would clean up under the thread that connects */
    }
    nats_connection_close(connection);
    if (!done) {
        fprintf(stderr, "Error: %s: %s\n", service->name, error.text);
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Server Exiting.\n", service->log_name);
    return EXIT_SUCCESS;
}
