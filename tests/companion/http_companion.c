/*
 * The companion of step 07. A service of its is peers/http_peer.c, which takes a
 * request from each of two programs; its app writes the names of headers in lower case,
 * as hyper does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "companion.h"
#include "http.h"
#include "process.h"
#include "stack.h"
#include "temp_dir.h"
#include "text.h"

#define UUID_LENGTH 36

static struct process peers[2];

void companion_open(void)
{
    temp_dir_run("cp build/bin/* .");
}

/* The peer starts by way of env, because it is not what RUN_UNDER is to check. */
void companion_start_service(int number, const struct companion_service *service)
{
    struct process *peer = &peers[number - 1];
    char url[HTTP_TEST_URL_SIZE];
    char exchange[400];
    char script[1024];
    size_t length = strlen(service->reply);

    if (strstr(service->reply, "{id}"))
        length += UUID_LENGTH - strlen("{id}");
    snprintf(exchange, sizeof exchange,
             "read|lower id|HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
             "content-length: %zu\r\n\r\n%s",
             length, service->reply);
    snprintf(script, sizeof script, "%s|accept|%s", exchange, exchange);
    char *text = text_with_quotes(script);
    process_start(peer, (const char *const[]){"env", PEER_PATH, text, NULL}, NULL);
    http_wait_for_url(peer, url);
    setenv(number == 1 ? "SERVICE1_URL" : "SERVICE2_URL", url, 1);
    free(text);
}

char *companion_ask(enum companion_operation operation, const char *request)
{
    static struct http_connection connection;
    char text[1024];

    snprintf(text, sizeof text,
             "POST /%s HTTP/1.1\r\ncontent-type: application/json\r\naccept: */*\r\n"
             "host: localhost\r\ncontent-length: %zu\r\nconnection: close\r\n\r\n%s",
             operation == COMPANION_PROCESS ? "process" : "transform", strlen(request),
             request);
    http_open(&connection, stack_service_url(operation == COMPANION_PROCESS ? 1 : 2));
    assert_true(http_send(&connection, text));
    assert_true(http_receive(&connection, NULL));
    http_close(&connection);

    const char *end = strstr(connection.text, "\r\n\r\n");
    assert_non_null(end);
    return strdup(end + 4);
}

void companion_close(void)
{
    process_free(&peers[0]);
    process_free(&peers[1]);
}
