/*
 * How the app reaches its services: it starts both as child processes. main() opens them,
 * hands their endpoints to the pipeline, and closes them.
 */
#ifndef SERVICES_H
#define SERVICES_H

#include "pipe_endpoint.h"

struct services {
    struct pipe_endpoint service1;
    struct pipe_endpoint service2;
};

/* Starts both services. services_close() must follow, also after a failure. */
bool services_open(struct services *services, struct error *error);

/* Tells both to end, one after the other. False when one does not end well. */
bool services_shutdown(struct services *services, struct error *error);

/* Ends what services_open() has started and still runs, also after it failed. */
void services_close(struct services *services);

#endif
