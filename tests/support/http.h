/*
 * HTTP for tests, as bytes on a connection: what no library would send can be sent, and
 * nothing of what comes back is hidden.
 */
#ifndef SUPPORT_HTTP_H
#define SUPPORT_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "process.h"

#define HTTP_TEST_URL_SIZE 64

/* Waits until a server has logged that it listens, and copies the URL from that line. */
void http_wait_for_url(struct process *server, char url[HTTP_TEST_URL_SIZE]);

/* A connection to a server, and all that has come from there. */
struct http_connection {
    int fd;
    char text[8192];
    size_t length;
};

/* A socket that is connected to the server at `url`; -1 if nobody listens there. */
int http_connect(const char *url);

/* The same for a whole connection, to be closed by http_close(). It must succeed. */
void http_open(struct http_connection *connection, const char *url);
void http_close(struct http_connection *connection);

/*
 * These two may be called in any thread. Sends all of `text`; false when the other side
 * is gone or takes no more.
 */
bool http_send(struct http_connection *connection, const char *text);

/* Reads until `text` has come, NULL: until the other side has closed. */
bool http_receive(struct http_connection *connection, const char *text);

/* Forgets what has come so far. */
void http_forget(struct http_connection *connection);

#endif
