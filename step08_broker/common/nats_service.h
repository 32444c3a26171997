/*
 * The life of a service behind NATS: it takes requests from a subject, shares them with
 * the other members of its queue group, and has a graceful end. The main() of each
 * service calls it.
 */
#ifndef NATS_SERVICE_H
#define NATS_SERVICE_H

#include "service.h"

/*
 * Serves until SIGINT or SIGTERM and returns the exit status of the process. The server
 * is the one in NATS_URL, nats://127.0.0.1:4222 when unset; when it is lost the service
 * waits for it to come back. A request without a reply subject is ignored. Its first log
 * line says `title`; a signal that comes after that is never missed.
 */
int nats_service_run(const struct service *service, const char *title,
                     const char *subject, const char *queue_group,
                     const char *version_subject);

#endif
