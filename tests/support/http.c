#include "http.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

/* Longer than a service keeps a connection on which nothing moves. */
#define TIMEOUT_SECONDS 15

void http_wait_for_url(struct process *server, char url[HTTP_TEST_URL_SIZE])
{
    assert_true(process_wait_for(server, &server->err, "Listening on "));
    const char *start = strstr(server->err.text, "http://");
    assert_non_null(start);
    snprintf(url, HTTP_TEST_URL_SIZE, "%.*s", (int)strcspn(start, "\n"), start);
}

int http_connect(const char *url)
{
    struct timeval limit = {.tv_sec = TIMEOUT_SECONDS};
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)strtoul(strrchr(url, ':') + 1, NULL, 10)),
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
    };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_not_equal(fd, -1);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    close(fd);
    return -1;
}

void http_open(struct http_connection *connection, const char *url)
{
    connection->fd = http_connect(url);
    http_forget(connection);
    assert_int_not_equal(connection->fd, -1);
}

void http_close(struct http_connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
}

bool http_send(struct http_connection *connection, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t count = send(connection->fd, text, left, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        text += count;
        left -= (size_t)count;
    }
    return true;
}

bool http_receive(struct http_connection *connection, const char *text)
{
    while (!text || !strstr(connection->text, text)) {
        ssize_t count = recv(connection->fd, connection->text + connection->length,
                             sizeof connection->text - 1 - connection->length, 0);
        if (count <= 0)
            return !text && count == 0;
        connection->length += (size_t)count;
        connection->text[connection->length] = '\0';
    }
    return true;
}

void http_forget(struct http_connection *connection)
{
    connection->length = 0;
    connection->text[0] = '\0';
}
