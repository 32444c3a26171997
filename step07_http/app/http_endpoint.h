/*
 * A service behind HTTP: each request is a POST to its URL. app/services.c owns one for
 * each service, and the client that sends the requests.
 */
#ifndef HTTP_ENDPOINT_H
#define HTTP_ENDPOINT_H

#include <curl/curl.h>
#include <stdbool.h>

#include "endpoint.h"

/* A limit on the time to connect, and one on the whole exchange. */
#define HTTP_CONNECT_TIMEOUT_MS 1000
#define HTTP_DEADLINE_MS 5000

/* Longer URLs are refused. */
#define HTTP_URL_SIZE 1024

/* Keeps its connections open for the next request. Used by one thread at a time. */
struct http_client {
    CURL *curl;
    struct curl_slist *headers;
    char curl_error[CURL_ERROR_SIZE];
};

/* After curl_global_init(). http_client_cleanup() must follow, also after a failure. */
bool http_client_init(struct http_client *client, struct error *error);
void http_client_cleanup(struct http_client *client);

/* Whether it is http://, a host and perhaps a port, and short enough. */
bool http_endpoint_is_url(const char *url);

struct http_endpoint {
    struct endpoint base; /* the interface, first */
    struct http_client *client;
    char url[HTTP_URL_SIZE + 32];
};

/* Binds the endpoint to a client, which stays the caller's, and a path of the service. */
void http_endpoint_init(struct http_endpoint *self, struct http_client *client,
                        const char *service_url, const char *path);

#endif
