/*
 * Where the broker is. The services and the app ask here, so that they agree.
 */
#ifndef NATS_URL_H
#define NATS_URL_H

/*
 * The URL of the server: NATS_URL, or nats://127.0.0.1:4222 when that is unset. NULL when
 * it is blank, which libnats does not survive.
 */
const char *nats_url(void);

#endif
