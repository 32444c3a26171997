/*
 * The life of a service on its standard input and output: read a request, write its
 * reply, until the app says Shutdown or closes the pipe. The main() of each service calls
 * it.
 */
#ifndef PIPE_SERVICE_H
#define PIPE_SERVICE_H

#include "service.h"

/*
 * Serves until the end and returns the exit status of the process. A bad line gets an
 * error reply and does not end it; a blank one is skipped. It waits for requests without
 * a deadline.
 */
int pipe_service_run(const struct service *service);

#endif
