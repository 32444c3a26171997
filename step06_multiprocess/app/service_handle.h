/*
 * A service as the app holds it: the child process and the pipes to it. main() starts
 * each, the pipeline sends it requests, and main() shuts it down.
 *
 * A function that fails writes one line without a newline into `error`: which service,
 * and what it did.
 */
#ifndef SERVICE_HANDLE_H
#define SERVICE_HANDLE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "line_channel.h"
#include "message.h"

/* How long a service has for an exchange, from the request to the end of its reply. */
#define SERVICE_DEADLINE_MS 5000

/* How long it then has to end by itself after SIGTERM, before SIGKILL. */
#define SERVICE_GRACE_MS 1000

/* Room for the path of a service and what is wrong with it. */
#define SERVICE_ERROR_SIZE (PATH_MAX + 256)

struct service_handle {
    const char *name; /* "service1", the file in the app's directory */
    pid_t pid;        /* -1 when there is no process */
    struct line_channel channel;
};

/*
 * To be called once, before the first service is started. After it a pipe to a service
 * that is gone fails write() and does not end the app, and SIGCHLD can be waited for.
 */
void service_setup_signals(void);

/* Not started yet; service_kill() may be called. */
void service_init(struct service_handle *service, const char *name);

/* Starts the program `name` in the directory `dir`. It gets the app's standard error. */
bool service_start(struct service_handle *service, const char *dir, char *error,
                   size_t error_size);

/* Sends `request` and waits for the reply, which must be of the `expected` kind. */
bool service_request(struct service_handle *service, const struct message *request,
                     enum message_kind expected, struct message *reply, char *error,
                     size_t error_size);

/* Tells the service to end and waits until it has. False if not in time or not with 0. */
bool service_shutdown(struct service_handle *service, char *error, size_t error_size);

/* Ends the service in any case, if there is one: SIGTERM, and then SIGKILL. */
void service_kill(struct service_handle *service);

#endif
