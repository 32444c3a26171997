/*
 * What service 1 does with a value, independent of the transport. main.c calls it.
 */
#ifndef PROCESSING_H
#define PROCESSING_H

#include "messages.h"

/* Doubles the value, or says in the reply that the double does not fit into int32_t. */
struct process_reply process_value(const struct process_request *request);

#endif
