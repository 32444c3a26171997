#include "http_endpoint.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* libcurl hands over each piece of the reply. Returning less than it was given aborts. */
static size_t on_reply(char *data, size_t size, size_t count, void *user)
{
    struct message_json *reply = user;
    size_t length = size * count;

    if (length > sizeof reply->text - reply->length)
        return 0;
    memcpy(reply->text + reply->length, data, length);
    reply->length += length;
    return length;
}

static bool http_endpoint_request(struct endpoint *endpoint,
                                  const struct message_json *request,
                                  struct message_json *reply, struct error *error)
{
    struct http_endpoint *self = (struct http_endpoint *)endpoint;
    struct http_client *client = self->client;
    long status = 0;

    curl_easy_setopt(client->curl, CURLOPT_URL, self->url);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE, (long)request->length);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, request->text); /* not copied */
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, reply);
    client->curl_error[0] = '\0';
    reply->length = 0;

    /* Sends and waits, and calls on_reply(). HTTP status 500 is no error to it. */
    CURLcode result = curl_easy_perform(client->curl);
    if (result == CURLE_WRITE_ERROR)
        return error_set(error, "%s: reply longer than %d bytes", self->url,
                         MESSAGE_SIZE_MAX);
    if (result != CURLE_OK)
        return error_set(error, "%s: %s", self->url,
                         client->curl_error[0] ? client->curl_error
                                               : curl_easy_strerror(result));
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 && status != 422)
        return error_set(error, "%s: HTTP status %ld", self->url, status);
    return true;
}

static const struct endpoint_ops http_endpoint_ops = {
    .request = http_endpoint_request,
};

void http_endpoint_init(struct http_endpoint *self, struct http_client *client,
                        const char *service_url, const char *path)
{
    size_t length = strlen(service_url);
    if (service_url[length - 1] == '/')
        length--;
    snprintf(self->url, sizeof self->url, "%.*s%s", (int)length, service_url, path);
    self->base.ops = &http_endpoint_ops;
    self->client = client;
}

bool http_client_init(struct http_client *client, struct error *error)
{
    client->curl = curl_easy_init();
    client->headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!client->curl || !client->headers)
        return error_set(error, "libcurl: cannot be set up");
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->curl_error);
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)HTTP_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, (long)HTTP_DEADLINE_MS);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L);   /* there may be threads */
    curl_easy_setopt(client->curl, CURLOPT_QUICK_EXIT, 1L); /* no wait for name servers */
    curl_easy_setopt(client->curl, CURLOPT_PROXY, ""); /* whatever is in http_proxy */
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http");
    return true;
}

void http_client_cleanup(struct http_client *client)
{
    curl_easy_cleanup(client->curl);
    curl_slist_free_all(client->headers);
}

bool http_endpoint_is_url(const char *url)
{
    static const char scheme[] = "http://";
    size_t length = sizeof scheme - 1;
    CURLU *parts = curl_url();
    bool valid = parts && strlen(url) < HTTP_URL_SIZE &&
                 strncasecmp(url, scheme, length) == 0 &&
                 curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK;

    curl_url_cleanup(parts);
    if (!valid)
        return false;
    const char *rest = url + length + strcspn(url + length, "/?#@");
    return strcmp(rest, "") == 0 || strcmp(rest, "/") == 0;
}
