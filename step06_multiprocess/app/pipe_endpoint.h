/*
 * A service as a child process: requests go to its standard input and replies come from
 * its standard output, one JSON document a line. app/services.c owns one for each
 * service.
 */
#ifndef PIPE_ENDPOINT_H
#define PIPE_ENDPOINT_H

#include "child.h"
#include "endpoint.h"
#include "line_channel.h"

/* How long a service has for an exchange, from the request to the end of its reply. */
#define PIPE_DEADLINE_MS 5000

/* After a request that failed it can only be shut down or killed. */
struct pipe_endpoint {
    struct endpoint base; /* the interface, first */
    struct child child;
    struct line_channel channel;
};

/* Not started yet; pipe_endpoint_kill() may be called. */
void pipe_endpoint_init(struct pipe_endpoint *self, const char *name);

/* Starts the program that has the endpoint's name in the directory `dir`. */
bool pipe_endpoint_start(struct pipe_endpoint *self, const char *dir,
                         struct error *error);

/* Tells the service to end and waits until it has. False if not in time or not with 0. */
bool pipe_endpoint_shutdown(struct pipe_endpoint *self, struct error *error);

/* Ends the service in any case, if it still runs. */
void pipe_endpoint_kill(struct pipe_endpoint *self);

#endif
