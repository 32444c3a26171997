#include "nats_service.h"

#include <nats/nats.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "nats_url.h"
#include "stop_signals.h"

#define CONNECT_TIMEOUT_MS 2000 /* without the look-up of a name in the URL */
#define RECONNECT_WAIT_MS 100
#define DRAIN_TIMEOUT_MS 5000

struct server {
    const struct service *service;
    const char *subject;
    const char *queue_group;
    const char *version_subject;
    pthread_mutex_t mutex;
    pthread_cond_t closed_changed;
    bool closed; /* the connection, for good */
};

static void send_reply(const struct server *server, natsConnection *connection,
                       natsMsg *request, const struct message_json *reply)
{
    natsStatus status = natsConnection_Publish(connection, natsMsg_GetReply(request),
                                               reply->text, (int)reply->length);
    if (status != NATS_OK)
        fprintf(stderr, "\t[%s] Reply not sent: %s\n", server->service->name,
                natsStatus_GetText(status));
}

/* Called in a thread of libnats for each request. */
static void on_request(natsConnection *connection, natsSubscription *subscription,
                       natsMsg *message, void *closure)
{
    (void)subscription;
    const struct server *server = closure;
    struct message_json reply;
    size_t length = (size_t)natsMsg_GetDataLength(message);

    if (natsMsg_GetReply(message)) {
        if (length > NATS_PAYLOAD_SIZE_MAX)
            error_reply_format("payload too large", &reply);
        else
            server->service->handle(natsMsg_GetData(message), length, &reply);
        send_reply(server, connection, message, &reply);
    }
    natsMsg_Destroy(message);
}

static void on_version_request(natsConnection *connection, natsSubscription *subscription,
                               natsMsg *message, void *closure)
{
    (void)subscription;
    const struct server *server = closure;
    struct version_request request;
    struct message_json json;
    char error[MESSAGE_ERROR_SIZE];

    if (natsMsg_GetReply(message)) {
        if (version_request_parse(natsMsg_GetData(message),
                                  (size_t)natsMsg_GetDataLength(message), &request,
                                  error) == MESSAGE_OK) {
            struct version_reply reply;
            snprintf(reply.service_name, sizeof reply.service_name, "%s",
                     server->service->name);
            snprintf(reply.version, sizeof reply.version, "%s", server->service->version);
            snprintf(reply.request_id, sizeof reply.request_id, "%s", request.request_id);
            version_reply_format(&reply, &json);
        } else {
            error_reply_format(error, &json);
        }
        send_reply(server, connection, message, &json);
    }
    natsMsg_Destroy(message);
}

/* The end of a drain disconnects, too, and is no news. */
static void on_disconnected(natsConnection *connection, void *closure)
{
    const struct server *server = closure;
    if (!natsConnection_IsClosed(connection))
        fprintf(stderr, "\t[%s] Disconnected\n", server->service->name);
}

static void on_reconnected(natsConnection *connection, void *closure)
{
    (void)connection;
    const struct server *server = closure;
    fprintf(stderr, "\t[%s] Reconnected\n", server->service->name);
}

/* The drain is over, or libnats has given up: either way main() has to go on. */
static void on_closed(natsConnection *connection, void *closure)
{
    (void)connection;
    struct server *server = closure;

    pthread_mutex_lock(&server->mutex);
    server->closed = true;
    pthread_cond_signal(&server->closed_changed);
    pthread_mutex_unlock(&server->mutex);
    kill(getpid(), SIGTERM);
}

static natsStatus connect_to(const char *url, struct server *server,
                             natsConnection **connection)
{
    natsOptions *options = NULL;

    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK)
        status = natsOptions_SetURL(options, url);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, CONNECT_TIMEOUT_MS);
    if (status == NATS_OK) /* otherwise a reply waits for the next tick of the flusher */
        status = natsOptions_SetSendAsap(options, true);
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(options, -1);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(options, RECONNECT_WAIT_MS);
    if (status == NATS_OK)
        status = natsOptions_SetDisconnectedCB(options, on_disconnected, server);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectedCB(options, on_reconnected, server);
    if (status == NATS_OK)
        status = natsOptions_SetClosedCB(options, on_closed, server);
    if (status == NATS_OK)
        status = natsConnection_Connect(connection, options);
    natsOptions_Destroy(options);
    return status;
}

static natsStatus subscribe(struct server *server, natsConnection *connection,
                            natsSubscription **requests, natsSubscription **versions)
{
    natsStatus status = natsConnection_QueueSubscribe(
        requests, connection, server->subject, server->queue_group, on_request, server);
    if (status == NATS_OK)
        status = natsConnection_QueueSubscribe(
            versions, connection, server->version_subject, server->queue_group,
            on_version_request, server);
    if (status == NATS_OK) /* until the server has them, requests would be lost */
        status = natsConnection_FlushTimeout(connection, CONNECT_TIMEOUT_MS);
    return status;
}

/* Takes no more requests, answers those that it has, then closes the connection. */
static natsStatus drain(struct server *server, natsConnection *connection)
{
    natsStatus status = natsConnection_DrainTimeout(connection, DRAIN_TIMEOUT_MS);
    /* When the server is lost, there is nothing to drain. */
    if (status == NATS_ILLEGAL_STATE) {
        natsConnection_Close(connection);
        status = NATS_OK;
    }
    pthread_mutex_lock(&server->mutex);
    while (status == NATS_OK && !server->closed) /* libnats keeps the deadline */
        pthread_cond_wait(&server->closed_changed, &server->mutex);
    pthread_mutex_unlock(&server->mutex);
    return status;
}

/* Serves from the subscriptions to the end of the drain. */
static natsStatus serve(struct server *server, natsConnection *connection)
{
    natsSubscription *requests = NULL;
    natsSubscription *versions = NULL;

    natsStatus status = subscribe(server, connection, &requests, &versions);
    if (status == NATS_OK) {
        fprintf(stderr, "\t[%s] Waiting for requests...\n", server->service->name);
        stop_signals_wait();
        fprintf(stderr, "\t[%s] Initiating Shutdown...\n", server->service->name);
        status = drain(server, connection);
    }
    natsSubscription_Destroy(versions);
    natsSubscription_Destroy(requests);
    return status;
}

int nats_service_run(const struct service *service, const char *subject,
                     const char *queue_group, const char *version_subject)
{
    struct server server = {
        .service = service,
        .subject = subject,
        .queue_group = queue_group,
        .version_subject = version_subject,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .closed_changed = PTHREAD_COND_INITIALIZER,
    };
    natsConnection *connection = NULL;
    const char *url = nats_url();
    if (!url) {
        fprintf(stderr, "Error: %s: NATS_URL is blank\n", service->name);
        return EXIT_FAILURE;
    }

    stop_signals_block();
    fprintf(stderr, "\t[%s] Connecting to %s...\n", service->name, url);
    natsStatus status = connect_to(url, &server, &connection);
    if (status == NATS_OK) {
        fprintf(stderr, "\t[%s] Connected. Subscribing to \"%s\"...\n", service->name,
                subject);
        status = serve(&server, connection);
    }
    natsConnection_Destroy(connection);
    nats_CloseAndWait(DRAIN_TIMEOUT_MS);
    if (status != NATS_OK) {
        fprintf(stderr, "Error: %s: %s: %s\n", service->name, url,
                natsStatus_GetText(status));
        return EXIT_FAILURE;
    }
    fprintf(stderr, "\t[%s] Server Exiting.\n", service->name);
    return EXIT_SUCCESS;
}
