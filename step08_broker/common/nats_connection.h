/*
 * The connection to the broker. The app and both services make theirs here, so that they
 * agree on where the broker is and how long they wait for it.
 */
#ifndef NATS_CONNECTION_H
#define NATS_CONNECTION_H

#include <nats/nats.h>
#include <stdbool.h>

#include "error.h"

/* Names with nats_connection_ are ours, those with natsConnection_ are of libnats. */

/* The limit on all of connecting, from the look-up of a name to the last greeting. */
#define NATS_CONNECT_TIMEOUT_MS 2000

/* What libnats reports about a connection, in threads of its own. Each may be NULL. */
struct nats_connection_events {
    natsConnectionHandler disconnected;
    natsConnectionHandler reconnected;
    natsConnectionHandler closed; /* for good */
    natsErrHandler failed;        /* what the server forbids, and messages dropped */
    void *closure;                /* passed to each */
};

/*
 * Connects to the server, or one of them; with TLS if a URL says tls://. A server that is
 * lost later is tried again forever. On success nats_connection_close() must follow.
 * After a failure, which a signal to stop also is, the program must end: a thread may
 * still be connecting.
 */
bool nats_connection_open(natsConnection **connection,
                          const struct nats_connection_events *events,
                          struct error *error);

/*
 * Says why `status` came of a call: in the words of the server, if it sent some. False,
 * to be returned.
 */
bool nats_connection_error(natsConnection *connection, natsStatus status,
                           struct error *error);

/* Ends the connection and the threads of libnats. `connection` may be NULL. */
void nats_connection_close(natsConnection *connection);

#endif
