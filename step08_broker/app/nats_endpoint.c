#include "nats_endpoint.h"

#include <stdio.h>
#include <string.h>

#include "deadline.h"
#include "nats_connection.h"
#include "nats_url.h"

#define RETRY_WAIT_MS 100

/* Says why there is no reply. */
static bool describe_failure(const struct nats_endpoint *self, natsStatus status,
                             struct error *error)
{
    if (status == NATS_CONNECTION_CLOSED)
        return nats_connection_error(self->connection, status, error);
    if (natsConnection_Status(self->connection) != NATS_CONN_STATUS_CONNECTED)
        return error_set(error, "%s: connection lost", nats_url_shown());
    if (status == NATS_NO_RESPONDERS)
        return error_set(error, "%s: nobody listens", self->subject);
    if (status == NATS_TIMEOUT)
        return error_set(error, "%s: no reply within %d ms", self->subject,
                         NATS_DEADLINE_MS);
    return error_set(error, "%s: %s", self->subject, natsStatus_GetText(status));
}

/*
 * Publishes with a reply subject of its own, an inbox, and waits for one message there.
 * Sends again while nobody listens: a service may be just starting.
 */
static natsStatus request_until(const struct nats_endpoint *self,
                                const struct message_json *request, int64_t deadline,
                                natsMsg **message)
{
    int left = deadline_left(deadline);
    natsStatus status;
    bool logged = false;

    do {
        status = natsConnection_Request(message, self->connection, self->subject,
                                        request->text, (int)request->length, left);
        if (status != NATS_NO_RESPONDERS)
            return status;
        if (!logged)
            fprintf(stderr, "[App] Nobody listens on \"%s\", trying again...\n",
                    self->subject);
        logged = true;
        nats_Sleep(RETRY_WAIT_MS);
        left = deadline_left(deadline);
    } while (left > RETRY_WAIT_MS);
    return status;
}

static bool nats_endpoint_request(struct endpoint *endpoint,
                                  const struct message_json *request,
                                  struct message_json *reply, struct error *error)
{
    const struct nats_endpoint *self = (const struct nats_endpoint *)endpoint;
    natsMsg *message = NULL;

    natsStatus status =
        request_until(self, request, deadline_in(NATS_DEADLINE_MS), &message);
    if (status != NATS_OK)
        return describe_failure(self, status, error);
    reply->length = (size_t)natsMsg_GetDataLength(message);
    bool fits = reply->length <= sizeof reply->text;
    if (fits)
        memcpy(reply->text, natsMsg_GetData(message), reply->length);
    natsMsg_Destroy(message);
    return fits || error_set(error, "%s: reply longer than %d bytes", self->subject,
                             MESSAGE_SIZE_MAX);
}

static const struct endpoint_ops nats_endpoint_ops = {
    .request = nats_endpoint_request,
};

void nats_endpoint_init(struct nats_endpoint *self, natsConnection *connection,
                        const char *subject)
{
    self->base.ops = &nats_endpoint_ops;
    self->connection = connection;
    self->subject = subject;
}
