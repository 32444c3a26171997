#include "nats_connection.h"

#include <stdlib.h>
#include <string.h>

#define RECONNECT_WAIT_MS 100
#define CLOSE_TIMEOUT_MS 5000

const char *nats_connection_url(void)
{
    const char *url = getenv("NATS_URL");
    if (!url)
        return "nats://127.0.0.1:4222";
    return url[strspn(url, " \t\n\v\f\r")] == '\0' ? NULL : url;
}

static natsStatus set_options(natsOptions *options, const char *url,
                              const struct nats_connection_events *events)
{
    natsStatus status = natsOptions_SetURL(options, url);
    if (status == NATS_OK)
        status = natsOptions_SetTimeout(options, NATS_CONNECT_TIMEOUT_MS);
    if (status == NATS_OK) /* otherwise a reply waits for the next tick of the flusher */
        status = natsOptions_SetSendAsap(options, true);
    if (status == NATS_OK)
        status = natsOptions_SetMaxReconnect(options, -1);
    if (status == NATS_OK)
        status = natsOptions_SetReconnectWait(options, RECONNECT_WAIT_MS);
    if (status == NATS_OK)
        status =
            natsOptions_SetDisconnectedCB(options, events->disconnected, events->closure);
    if (status == NATS_OK)
        status =
            natsOptions_SetReconnectedCB(options, events->reconnected, events->closure);
    if (status == NATS_OK)
        status = natsOptions_SetClosedCB(options, events->closed, events->closure);
    return status;
}

bool nats_connection_open(natsConnection **connection,
                          const struct nats_connection_events *events,
                          struct error *error)
{
    const char *url = nats_connection_url();
    natsOptions *options = NULL;

    natsStatus status = natsOptions_Create(&options);
    if (status == NATS_OK)
        status = set_options(options, url, events);
    if (status == NATS_OK)
        status = natsConnection_Connect(connection, options);
    natsOptions_Destroy(options);
    if (status != NATS_OK)
        return error_set(error, "%s: %s", url, natsStatus_GetText(status));
    return true;
}

void nats_connection_close(natsConnection *connection)
{
    natsConnection_Destroy(connection);
    nats_CloseAndWait(CLOSE_TIMEOUT_MS);
}
