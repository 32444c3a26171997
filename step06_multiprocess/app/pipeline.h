/*
 * The pipeline of the app, through both services. main() calls it when they run.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "service_handle.h"

/* Runs `input` through both and prints each result. On failure `error` says why. */
bool run_pipeline(struct service_handle *service1, struct service_handle *service2,
                  int32_t input, char *error, size_t error_size);

#endif
