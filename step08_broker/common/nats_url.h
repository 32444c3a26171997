/*
 * Where the broker is, and how that may be printed: a URL can hold a password, which must
 * not reach a log. The app and the services ask here, so that they agree.
 */
#ifndef NATS_URL_H
#define NATS_URL_H

/* NATS_URL, or nats://127.0.0.1:4222 when that is unset; with its secrets. */
const char *nats_url(void);

/*
 * The same to be shown: with "***" for a password or token, made printable(), and cut off
 * after 1,023 bytes. NULL when it is blank. Call it once before other threads do.
 */
const char *nats_url_shown(void);

#endif
