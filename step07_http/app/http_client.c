#include "http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether it is an http URL with nothing but a host and a port, and perhaps a slash. */
static bool is_service_url(const char *url)
{
    static const char scheme[] = "http://";
    size_t length = sizeof scheme - 1;
    CURLU *parts = curl_url();
    bool valid = parts && strncasecmp(url, scheme, length) == 0 &&
                 curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK;

    curl_url_cleanup(parts);
    if (!valid)
        return false;
    const char *rest = url + length + strcspn(url + length, "/?#@");
    return strcmp(rest, "") == 0 || strcmp(rest, "/") == 0;
}

bool http_service_url(const char *name, const char *fallback, char url[HTTP_URL_SIZE],
                      char *error, size_t error_size)
{
    const char *value = getenv(name);
    if (!value)
        value = fallback;
    if (strlen(value) >= HTTP_URL_SIZE || !is_service_url(value)) {
        snprintf(error, error_size, "%s: '%.*s' is not the http URL of a service", name,
                 HTTP_URL_SIZE, value);
        return false;
    }
    snprintf(url, HTTP_URL_SIZE, "%s", value);
    size_t length = strlen(url);
    if (url[length - 1] == '/')
        url[length - 1] = '\0';
    return true;
}

/* libcurl hands each piece of the reply to this. To take less than all ends it. */
static size_t on_reply(char *data, size_t size, size_t count, void *user)
{
    struct http_client *client = user;
    size_t length = size * count;

    if (length > sizeof client->reply - client->reply_length) {
        client->reply_too_long = true;
        return 0;
    }
    memcpy(client->reply + client->reply_length, data, length);
    client->reply_length += length;
    return length;
}

bool http_client_init(struct http_client *client, char *error, size_t error_size)
{
    client->curl = curl_easy_init();
    client->headers = curl_slist_append(NULL, "Content-Type: application/json");
    if (!client->curl || !client->headers) {
        snprintf(error, error_size, "libcurl: cannot be set up");
        http_client_cleanup(client);
        return false;
    }
    curl_easy_setopt(client->curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(client->curl, CURLOPT_ERRORBUFFER, client->curl_error);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, on_reply);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(client->curl, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)HTTP_CONNECT_TIMEOUT_MS);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, (long)HTTP_DEADLINE_MS);
    curl_easy_setopt(client->curl, CURLOPT_NOSIGNAL, 1L); /* there may be threads */
    curl_easy_setopt(client->curl, CURLOPT_QUICK_EXIT,
                     1L);                              /* no wait for a name server */
    curl_easy_setopt(client->curl, CURLOPT_PROXY, ""); /* whatever the environment says */
    curl_easy_setopt(client->curl, CURLOPT_PROTOCOLS_STR, "http");
    return true;
}

void http_client_cleanup(struct http_client *client)
{
    curl_easy_cleanup(client->curl);
    curl_slist_free_all(client->headers);
    client->curl = NULL;
    client->headers = NULL;
}

bool http_client_post(struct http_client *client, const char *service_url,
                      const char *path, const struct message_json *request, char *error,
                      size_t error_size)
{
    char url[HTTP_URL_SIZE + 32];
    long status = 0;

    snprintf(url, sizeof url, "%s%s", service_url, path);
    curl_easy_setopt(client->curl, CURLOPT_URL, url);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDSIZE, (long)request->length);
    curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, request->text);
    client->curl_error[0] = '\0';
    client->reply_length = 0;
    client->reply_too_long = false;

    CURLcode result = curl_easy_perform(client->curl);
    if (client->reply_too_long) {
        snprintf(error, error_size, "%s: answer longer than %d bytes", url,
                 HTTP_REPLY_SIZE_MAX);
        return false;
    }
    if (result != CURLE_OK) {
        snprintf(error, error_size, "%s: %s", url,
                 client->curl_error[0] ? client->curl_error : curl_easy_strerror(result));
        return false;
    }
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200 && status != 422) {
        snprintf(error, error_size, "%s: HTTP status %ld", url, status);
        return false;
    }
    return true;
}
