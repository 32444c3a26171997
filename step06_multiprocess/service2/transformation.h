/*
 * What service 2 does with a value, independent of the transport. main.c calls it.
 */
#ifndef TRANSFORMATION_H
#define TRANSFORMATION_H

#include "messages.h"

/* Formats the value with at least four digits. */
struct transform_reply transform_value(const struct transform_request *request);

#endif
