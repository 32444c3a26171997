/*
 * What a service is, independent of the transport: its names, and the function that
 * handles a request. The main() of each service fills one in.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "messages.h"

struct service {
    const char *name;     /* "service1", in messages and errors */
    const char *log_name; /* "Service1", in its log lines and where people read it */
    const char *version;  /* "0.1.0" */

    /*
     * Handles the `length` bytes at `json`, whatever they are, and writes the reply in
     * any case. May be called in several threads at once. Returns MESSAGE_OK, or what
     * is wrong with the request; only HTTP passes that on.
     */
    enum message_status (*handle)(const char *json, size_t length,
                                  struct message_json *reply);
};

#endif
