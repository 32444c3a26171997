#include "nats_connection.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "deadline.h"
#include "nats_url.h"
#include "stop_signals.h"

#define SERVERS_MAX 16 /* in a list */
#define BLANKS " \t\n\v\f\r"

/* Of one server; later than the limit on all of connecting if there is just that one. */
#define SERVER_TIMEOUT_MS (NATS_CONNECT_TIMEOUT_MS * 5 / 4)
#define RECONNECT_WAIT_MS 100
#define CLOSE_TIMEOUT_MS 5000

/*
 * libnats limits the time until the server greets, but not the time for what follows. So
 * it connects in a thread, which is left behind when it is late: the program ends then.
 */
struct attempt {
    natsOptions *options;
    natsConnection *connection;
    natsStatus status;
    int done[2]; /* a pipe, closed by the thread when it is done */
};

/* Takes a list, too. Without SetSecure(), tls:// is no more than a wish. */
static natsStatus set_servers(natsOptions *options, char *list)
{
    const char *servers[SERVERS_MAX];
    char *rest = NULL;
    int count = 0;
    natsStatus status = list ? NATS_OK : NATS_NO_MEMORY;

    for (char *one = list ? strtok_r(list, ",", &rest) : NULL; one && status == NATS_OK;
         one = strtok_r(NULL, ",", &rest)) {
        one += strspn(one, BLANKS);
        if (*one == '\0') /* it would crash libnats */
            continue;
        if (count == SERVERS_MAX)
            return NATS_INVALID_ARG;
        if (strncasecmp(one, "tls://", strlen("tls://")) == 0)
            status = natsOptions_SetSecure(options, true);
        servers[count++] = one;
    }
    if (status == NATS_OK)
        status = natsOptions_SetServers(options, servers, count);
    if (status == NATS_OK && count > 0) /* a silent one leaves time for the others */
        status = natsOptions_SetTimeout(options, SERVER_TIMEOUT_MS / count);
    return status;
}

static natsStatus set_options(natsOptions *options,
                              const struct nats_connection_events *events)
{
    char *list = strdup(nats_url());
    natsStatus status = set_servers(options, list);
    free(list);
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
    if (status == NATS_OK)
        status = natsOptions_SetErrorHandler(options, events->failed, events->closure);
    return status;
}

static void *attempt_thread(void *user)
{
    struct attempt *attempt = user;

    attempt->status = natsConnection_Connect(&attempt->connection, attempt->options);
    close(attempt->done[1]);
    return NULL;
}

/* Fails, too, when a signal to stop comes before the thread is done. */
static bool connect_in_time(struct attempt *attempt, const char *url, struct error *error)
{
    int64_t deadline = deadline_in(NATS_CONNECT_TIMEOUT_MS);
    pthread_t thread;

    if (pipe(attempt->done) == -1)
        return error_set(error, "cannot make a pipe: %s", strerror(errno));
    int failure = pthread_create(&thread, NULL, attempt_thread, attempt);
    if (failure != 0)
        return error_set(error, "cannot start a thread: %s", strerror(failure));
    if (stop_signals_wait(attempt->done[0], deadline) || deadline_left(deadline) == 0)
        return error_set(error, "%s: not connected within %d ms", url,
                         NATS_CONNECT_TIMEOUT_MS);
    pthread_join(thread, NULL);
    close(attempt->done[0]);
    return true;
}

bool nats_connection_open(natsConnection **connection,
                          const struct nats_connection_events *events,
                          struct error *error)
{
    static struct attempt attempt; /* the thread may outlive this call */
    const char *url = nats_url_shown();

    attempt.status = natsOptions_Create(&attempt.options);
    if (attempt.status == NATS_OK)
        attempt.status = set_options(attempt.options, events);
    if (attempt.status == NATS_OK && !connect_in_time(&attempt, url, error))
        return false;
    natsOptions_Destroy(attempt.options);
    if (attempt.status != NATS_OK)
        return error_set(error, "%s: %s", url, natsStatus_GetText(attempt.status));
    *connection = attempt.connection;
    return true;
}

bool nats_connection_error(natsConnection *connection, natsStatus status,
                           struct error *error)
{
    const char *text = "";
    natsStatus last = natsConnection_GetLastError(connection, &text);

    if ((last != status && status != NATS_CONNECTION_CLOSED) || !*text)
        text = natsStatus_GetText(status);
    return error_set(error, "%s: %s", nats_url_shown(), text);
}

void nats_connection_close(natsConnection *connection)
{
    if (!connection)
        return;
    natsConnection_Destroy(connection);
    nats_CloseAndWait(CLOSE_TIMEOUT_MS);
}
