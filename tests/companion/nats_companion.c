/*
 * The companion of step 08: both of its services, or its app, are one client of a broker.
 */
#include <ctype.h>
#include <nats/nats.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "companion.h"
#include "process.h"
#include "stack.h"
#include "table.h"
#include "temp_dir.h"
#include "text.h"

static const char *const subjects[] = {
    [COMPANION_PROCESS] = "service.process",
    [COMPANION_TRANSFORM] = "service.transform",
    [COMPANION_VERSION1] = "service.version.service1",
    [COMPANION_VERSION2] = "service.version.service2",
};

static natsConnection *client;
static natsSubscription *subscriptions[COUNT(subjects)];

/* Called in a thread of libnats. */
static void on_request(natsConnection *connection, natsSubscription *subscription,
                       natsMsg *request, void *closure)
{
    (void)subscription;
    char id[64] = "";
    const struct replacement replacements[] = {{"'", "\""}, {"{id}", id}};
    const char *field = strstr(natsMsg_GetData(request), "\"request_id\":\"");

    if (field)
        sscanf(field, "\"request_id\":\"%63[^\"]", id);
    for (char *c = id; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    char *reply = text_replace(closure, replacements, COUNT(replacements));
    natsConnection_PublishString(connection, natsMsg_GetReply(request), reply);
    free(reply);
    natsMsg_Destroy(request);
}

static void reply_to(enum companion_operation operation, const char *reply)
{
    natsSubscription **subscription = &subscriptions[operation];

    assert_int_equal(natsConnection_Subscribe(subscription, client, subjects[operation],
                                              on_request, (void *)reply),
                     NATS_OK);
    assert_int_equal(natsConnection_FlushTimeout(client, PROCESS_DEADLINE_MS), NATS_OK);
}

void companion_open(void)
{
    temp_dir_run("cp build/bin/* .");
    stack_start_broker();
    assert_int_equal(natsConnection_ConnectTo(&client, getenv("NATS_URL")), NATS_OK);
}

void companion_start_service(int number, const struct companion_service *service)
{
    reply_to(number == 1 ? COMPANION_PROCESS : COMPANION_TRANSFORM, service->reply);
    reply_to(number == 1 ? COMPANION_VERSION1 : COMPANION_VERSION2, service->version);
}

char *companion_ask(enum companion_operation operation, const char *request)
{
    natsMsg *message = NULL;

    natsStatus status = natsConnection_RequestString(
        &message, client, subjects[operation], request, PROCESS_DEADLINE_MS);
    assert_int_equal(status, NATS_OK);
    char *reply =
        strndup(natsMsg_GetData(message), (size_t)natsMsg_GetDataLength(message));
    natsMsg_Destroy(message);
    return reply;
}

void companion_close(void)
{
    if (!client)
        return;
    for (size_t i = 0; i < COUNT(subscriptions); i++) {
        natsSubscription_Destroy(subscriptions[i]);
        subscriptions[i] = NULL;
    }
    natsConnection_Destroy(client);
    client = NULL;
    stack_stop_broker();
}
