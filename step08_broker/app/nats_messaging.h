/*
 * Messaging over NATS, the only part of the app that knows of it. main() connects, hands
 * the interface to the pipeline, and disconnects.
 */
#ifndef NATS_MESSAGING_H
#define NATS_MESSAGING_H

#include <nats/nats.h>

#include "messaging.h"

/* How long a request has for its reply, however often it is tried. */
#define NATS_DEADLINE_MS 5000

/* Room for a URL or subject and what is wrong with it. */
#define NATS_ERROR_SIZE 1024

struct nats_messaging {
    struct messaging base; /* the interface, first */
    const char *url;
    natsConnection *connection;
};

/*
 * Connects to the server at `url`, which must stay. On failure one line without a newline
 * in `error` says why; on success nats_messaging_disconnect() must follow.
 */
bool nats_messaging_connect(struct nats_messaging *self, const char *url, char *error,
                            size_t error_size);
void nats_messaging_disconnect(struct nats_messaging *self);

#endif
