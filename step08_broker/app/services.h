/*
 * How the app reaches its services: through the broker whose URL is in the environment.
 * main() opens them, hands their endpoints to the pipeline, and closes them.
 */
#ifndef SERVICES_H
#define SERVICES_H

#include "nats_endpoint.h"

/* May be used by several threads at once. */
struct services {
    natsConnection *connection;
    struct nats_endpoint service1;
    struct nats_endpoint service2;
    struct nats_endpoint version1; /* asks service 1 for its version */
    struct nats_endpoint version2;
};

/*
 * Connects to the broker: NATS_URL, nats://127.0.0.1:4222 when unset. services_close()
 * must follow, also after a failure.
 */
bool services_open(struct services *services, struct error *error);

/* Releases what services_open() has set up, also after it failed. */
void services_close(struct services *services);

#endif
