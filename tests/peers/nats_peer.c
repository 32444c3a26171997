/*
 * Stands in for both services of step 08: it tells their versions, takes requests on the
 * subjects that are its arguments, and never replies to those. It finds the broker as a
 * service does, by NATS_URL, and logs to standard error that it listens, and each
 * request.
 */
#include <nats/nats.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIFETIME_SECONDS 100 /* should its test not live to end it */

static void require(natsStatus status, const char *what)
{
    if (status == NATS_OK)
        return;
    fprintf(stderr, "nats_peer: %s: %s\n", what, natsStatus_GetText(status));
    exit(EXIT_FAILURE);
}

static void on_version_request(natsConnection *connection, natsSubscription *subscription,
                               natsMsg *request, void *version)
{
    (void)subscription;
    const char *id = strstr(natsMsg_GetData(request), "\"request_id\"");
    char reply[256];

    int length = snprintf(reply, sizeof reply, "{%s,%s", (const char *)version, id);
    natsConnection_Publish(connection, natsMsg_GetReply(request), reply, length);
    natsMsg_Destroy(request);
}

static void on_request(natsConnection *connection, natsSubscription *subscription,
                       natsMsg *request, void *closure)
{
    (void)connection;
    (void)subscription;
    (void)closure;
    fprintf(stderr, "Request on %s\n", natsMsg_GetSubject(request));
    natsMsg_Destroy(request);
}

static void listen_on(natsConnection *connection, const char *subject,
                      natsMsgHandler handler, const char *closure)
{
    natsSubscription *subscription;
    require(natsConnection_Subscribe(&subscription, connection, subject, handler,
                                     (void *)closure),
            subject);
}

int main(int argc, char **argv)
{
    natsConnection *connection;

    alarm(LIFETIME_SECONDS);
    require(natsConnection_ConnectTo(&connection, getenv("NATS_URL")), "connect");
    listen_on(connection, "service.version.service1", on_version_request,
              "\"service_name\":\"Service1\",\"version\":\"0.1.0\"");
    listen_on(connection, "service.version.service2", on_version_request,
              "\"service_name\":\"Service2\",\"version\":\"0.2.0\"");
    for (int i = 1; i < argc; i++)
        listen_on(connection, argv[i], on_request, NULL);
    require(natsConnection_Flush(connection), "flush");
    fprintf(stderr, "Listening\n");
    pause();
    return EXIT_SUCCESS;
}
