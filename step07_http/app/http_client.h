/*
 * Sends JSON to a service over HTTP and gets JSON back. The pipeline calls it; each
 * thread has a client of its own, which keeps its connections open for the next request.
 *
 * A function that fails writes one line without a newline into `error`: URL and reason.
 */
#ifndef HTTP_CLIENT_H
#define HTTP_CLIENT_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

#include "messages.h"

/* How long a connection may take, and how long all from there to the end of the reply. */
#define HTTP_CONNECT_TIMEOUT_MS 1000
#define HTTP_DEADLINE_MS 5000

/* The largest reply that is read, in bytes. */
#define HTTP_REPLY_SIZE_MAX 65536

/* Longer URLs are refused. */
#define HTTP_URL_SIZE 1024

/* Room for a URL and what is wrong with it. */
#define HTTP_ERROR_SIZE (HTTP_URL_SIZE + 512)

struct http_client {
    CURL *curl;
    struct curl_slist *headers;
    char curl_error[CURL_ERROR_SIZE];
    size_t reply_length;
    bool reply_too_long;
    char reply[HTTP_REPLY_SIZE_MAX];
};

/*
 * Reads the URL of a service from the environment variable `name`, or takes `fallback`.
 * It must be http://, a host and perhaps a port; a slash at its end is dropped.
 */
bool http_service_url(const char *name, const char *fallback, char url[HTTP_URL_SIZE],
                      char *error, size_t error_size);

/* After curl_global_init(). On success http_client_cleanup() must follow. */
bool http_client_init(struct http_client *client, char *error, size_t error_size);

/* May be called again, and for a client that is all zeros. */
void http_client_cleanup(struct http_client *client);

/*
 * Posts `request` to `path` of the service at `service_url`. True when a reply came with
 * status 200 or 422: its client->reply_length bytes are in client->reply until the next.
 */
bool http_client_post(struct http_client *client, const char *service_url,
                      const char *path, const struct message_json *request, char *error,
                      size_t error_size);

#endif
