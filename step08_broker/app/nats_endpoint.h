/*
 * A service behind a broker: a request is published on a subject, and one of its
 * subscribers replies. app/services.c owns one for each subject, on one connection.
 */
#ifndef NATS_ENDPOINT_H
#define NATS_ENDPOINT_H

#include <nats/nats.h>

#include "endpoint.h"

/* How long a request has for its reply, however often it is tried. */
#define NATS_DEADLINE_MS 5000

/* May be used by several threads at once, as the connection may. */
struct nats_endpoint {
    struct endpoint base; /* the interface, first */
    natsConnection *connection;
    const char *subject;
};

/* Binds the endpoint to a connection and a subject, which stay the caller's. */
void nats_endpoint_init(struct nats_endpoint *self, natsConnection *connection,
                        const char *subject);

#endif
