/*
 * The pipeline of the apps, through both services. main() of each calls it.
 *
 * A function that fails writes one line without a newline into `error`.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "messaging.h"

/* A UUID of version 4 as text, with the final NUL. */
#define PIPELINE_ID_SIZE 37

/* One request on its way through both services. */
struct pipeline {
    const struct messaging *messaging;
    char request_id[PIPELINE_ID_SIZE];
};

/* Takes the messaging, which stays the caller's, and makes a new request id. */
void pipeline_init(struct pipeline *pipeline, const struct messaging *messaging);

/* Asks service 1 to double `value`. */
bool pipeline_process(struct pipeline *pipeline, int32_t value,
                      struct process_reply *result, char *error, size_t error_size);

/* Asks service 2 to format `value`. */
bool pipeline_transform(struct pipeline *pipeline, int32_t value,
                        struct transform_reply *result, char *error, size_t error_size);

/* Asks whoever listens on `subject` for name and version. */
bool pipeline_version(struct pipeline *pipeline, const char *subject,
                      struct version_reply *result, char *error, size_t error_size);

/* Runs `input` through both and prints each result. */
bool run_pipeline(struct pipeline *pipeline, int32_t input, char *error,
                  size_t error_size);

#endif
