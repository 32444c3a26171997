/*
 * Messaging sends a request to whoever listens on a subject and waits for the reply. The
 * pipeline knows only this interface; app/nats_messaging.c implements it.
 */
#ifndef MESSAGING_H
#define MESSAGING_H

#include <stdbool.h>
#include <stddef.h>

#include "messages.h"

struct messaging;

/* What messaging can do. Every member must be set. */
struct messaging_ops {
    /*
     * Sends `request` to `subject` and waits for one reply. May be called by several
     * threads at once. On failure one line without a newline in `error` names the subject
     * and says why.
     */
    bool (*request)(const struct messaging *self, const char *subject,
                    const struct message_json *request, struct message_json *reply,
                    char *error, size_t error_size);
};

/* The first member of every implementation, so a pointer to it points to both. */
struct messaging {
    const struct messaging_ops *ops;
};

static inline bool messaging_request(const struct messaging *self, const char *subject,
                                     const struct message_json *request,
                                     struct message_json *reply, char *error,
                                     size_t error_size)
{
    return self->ops->request(self, subject, request, reply, error, error_size);
}

#endif
