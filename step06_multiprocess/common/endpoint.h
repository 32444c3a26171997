/*
 * An endpoint is the other side of a boundary: it takes a request and gives the reply.
 * The pipeline knows only this interface; what carries the messages implements it.
 */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include <stdbool.h>

#include "error.h"
#include "messages.h"

struct endpoint;

/* What an endpoint can do. Every member must be set. */
struct endpoint_ops {
    /*
     * Sends `request` and writes what comes back into `reply`; both stay the caller's.
     * It waits no longer than its deadline. On failure `reply` is undefined, and `error`
     * names the other side and says why.
     */
    bool (*request)(struct endpoint *self, const struct message_json *request,
                    struct message_json *reply, struct error *error);
};

/* The first member of every implementation, so a pointer to it points to both. */
struct endpoint {
    const struct endpoint_ops *ops;
};

static inline bool endpoint_request(struct endpoint *self,
                                    const struct message_json *request,
                                    struct message_json *reply, struct error *error)
{
    return self->ops->request(self, request, reply, error);
}

#endif
