#include "nats_messaging.h"

#include <stdio.h>
#include <string.h>

#include "deadline.h"

#define CONNECT_TIMEOUT_MS 2000 /* without the look-up of a name in the URL */
#define RECONNECT_WAIT_MS 100
#define RETRY_WAIT_MS 100

/* Says why there is no reply. */
static void describe_failure(const struct nats_messaging *self, const char *subject,
                             natsStatus status, char *error, size_t error_size)
{
    if (natsConnection_Status(self->connection) != NATS_CONN_STATUS_CONNECTED)
        snprintf(error, error_size, "%.512s: connection lost", self->url);
    else if (status == NATS_NO_RESPONDERS)
        snprintf(error, error_size, "%s: nobody listens", subject);
    else if (status == NATS_TIMEOUT)
        snprintf(error, error_size, "%s: no answer within %d ms", subject,
                 NATS_DEADLINE_MS);
    else
        snprintf(error, error_size, "%s: %s", subject, natsStatus_GetText(status));
}

/* Sends again while nobody listens: a service may be just starting. */
static natsStatus request_until(const struct nats_messaging *self, const char *subject,
                                const struct message_json *request, int64_t deadline,
                                natsMsg **answer)
{
    int left = deadline_left(deadline);
    natsStatus status;
    bool told = false;

    do {
        status = natsConnection_Request(answer, self->connection, subject, request->text,
                                        (int)request->length, left);
        if (status != NATS_NO_RESPONDERS)
            return status;
        if (!told)
            fprintf(stderr, "[App] Nobody listens on \"%s\", trying again...\n", subject);
        told = true;
        nats_Sleep(RETRY_WAIT_MS);
        left = deadline_left(deadline);
    } while (left > RETRY_WAIT_MS);
    return status;
}

static bool nats_messaging_request(const struct messaging *messaging, const char *subject,
                                   const struct message_json *request,
                                   struct message_json *reply, char *error,
                                   size_t error_size)
{
    const struct nats_messaging *self = (const struct nats_messaging *)messaging;
    natsMsg *answer = NULL;
    bool fits = true;

    natsStatus status =
        request_until(self, subject, request, deadline_in(NATS_DEADLINE_MS), &answer);
    if (status != NATS_OK) {
        describe_failure(self, subject, status, error, error_size);
        return false;
    }
    reply->length = (size_t)natsMsg_GetDataLength(answer);
    if (reply->length > sizeof reply->text) {
        snprintf(error, error_size, "%s: answer longer than %zu bytes", subject,
                 sizeof reply->text);
        fits = false;
    } else {
        memcpy(reply->text, natsMsg_GetData(answer), reply->length);
    }
    natsMsg_Destroy(answer);
    return fits;
}

static const struct messaging_ops nats_messaging_ops = {
    .request = nats_messaging_request,
};

bool nats_messaging_connect(struct nats_messaging *self, const char *url, char *error,
                            size_t error_size)
{
    natsOptions *options = NULL;

    self->base.ops = &nats_messaging_ops;
    self->url = url;
    self->connection = NULL;
    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK)
        status = natsOptions_SetURL(options, url);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, CONNECT_TIMEOUT_MS);
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(options, -1);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(options, RECONNECT_WAIT_MS);
    if (status == NATS_OK)
        status = natsConnection_Connect(&self->connection, options);
    natsOptions_Destroy(options);
    if (status != NATS_OK) {
        snprintf(error, error_size, "%.512s: %s", url, natsStatus_GetText(status));
        nats_messaging_disconnect(self);
        return false;
    }
    return true;
}

void nats_messaging_disconnect(struct nats_messaging *self)
{
    natsConnection_Destroy(self->connection);
    nats_CloseAndWait(NATS_DEADLINE_MS);
}
