#include "services.h"

#include <stdio.h>

#include "nats_connection.h"
#include "nats_url.h"
#include "standard_fds.h"

/* Ends requests at once that the server does not permit; they would wait for replies. */
static void on_failed(natsConnection *connection, natsSubscription *subscription,
                      natsStatus status, void *closure)
{
    (void)subscription;
    (void)closure;
    if (status == NATS_NOT_PERMITTED)
        natsConnection_Close(connection);
}

bool services_open(struct services *services, struct error *error)
{
    static const struct nats_connection_events events = {.failed = on_failed};
    const char *url = nats_url_shown();

    standard_fds_reserve();
    *services = (struct services){0};
    if (!url)
        return error_set(error, "NATS_URL is blank");
    printf("[App] Connecting to %s...\n", url);
    if (!nats_connection_open(&services->connection, &events, error))
        return false;
    printf("[App] Connected to NATS broker\n");
    nats_endpoint_init(&services->service1, services->connection, SUBJECT_PROCESS);
    nats_endpoint_init(&services->service2, services->connection, SUBJECT_TRANSFORM);
    nats_endpoint_init(&services->version1, services->connection, SUBJECT_VERSION1);
    nats_endpoint_init(&services->version2, services->connection, SUBJECT_VERSION2);
    return true;
}

void services_close(struct services *services)
{
    nats_connection_close(services->connection);
}
