/*
 * What a service is, whatever carries its messages: a name and a function that answers.
 * The main() of each service fills one in.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "messages.h"

struct service {
    const char *name; /* "Service1", for traces and errors */

    /*
     * Answers the `length` bytes at `json`, whatever they are; may be called in several
     * threads at once. The status says what the reply tells.
     */
    enum message_status (*handle)(const char *json, size_t length,
                                  struct message_json *reply);
};

#endif
