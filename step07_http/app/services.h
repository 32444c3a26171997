/*
 * How the app reaches its services: by the URLs in the environment. main() opens them,
 * hands their endpoints to the pipeline, and closes them.
 */
#ifndef SERVICES_H
#define SERVICES_H

#include "http_endpoint.h"

/* Used by one thread at a time. */
struct services {
    struct http_client client;
    struct http_endpoint service1;
    struct http_endpoint service2;
};

/*
 * Reads the URLs of both services, SERVICE1_URL and SERVICE2_URL: http://127.0.0.1:3001
 * and 3002 when unset. services_close() must follow, also after a failure.
 */
bool services_open(struct services *services, struct error *error);

/* Releases what services_open() has set up, also after it failed. */
void services_close(struct services *services);

#endif
