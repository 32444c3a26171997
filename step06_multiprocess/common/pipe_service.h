/*
 * The life of a service on its standard input and output: read a request, answer it,
 * until the app says Shutdown or closes the pipe. The main() of each service calls it.
 */
#ifndef PIPE_SERVICE_H
#define PIPE_SERVICE_H

#include <stdbool.h>

#include "message.h"

struct service {
    const char *trace_name; /* "Service1", on standard error */
    const char *name;       /* "service1", in the reply to GetVersion */
    const char *version;    /* "0.1.0" */

    /* Answers `request`; false if it is not one for this service. */
    bool (*handle)(const struct message *request, struct message *reply);
};

/*
 * Serves until the end and returns the exit status of the process. A bad line is answered
 * with an Error and does not end it. It waits for requests without a deadline.
 */
int pipe_service_run(const struct service *service);

#endif
