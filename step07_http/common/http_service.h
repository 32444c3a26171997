/*
 * The life of a service behind HTTP: one POST route for its requests, GET /health, and a
 * graceful end. The main() of each service calls it.
 */
#ifndef HTTP_SERVICE_H
#define HTTP_SERVICE_H

#include <stdint.h>

#include "service.h"

/*
 * Serves until SIGINT or SIGTERM and returns the exit status of the process. It listens
 * on the address in BIND_ADDRESS, 127.0.0.1 when unset, and the port in PORT, `port` when
 * unset; for port 0 the system chooses one, which the log shows. Its first log line says
 * `title`; a signal that comes after that is never missed.
 */
int http_service_run(const struct service *service, const char *title, const char *path,
                     uint16_t port);

#endif
