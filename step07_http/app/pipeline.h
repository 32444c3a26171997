/*
 * The pipeline of the app: two endpoints, one after the other. main() opens them and runs
 * it; nothing in here knows what carries the messages.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint.h"

/* A UUID of version 4 as text, with the final NUL. */
#define PIPELINE_ID_SIZE 37

/* One value on its way through both services. */
struct pipeline {
    struct endpoint *service1;
    struct endpoint *service2;
    char request_id[PIPELINE_ID_SIZE]; /* all its requests carry it */
};

/* Takes the endpoints, which stay the caller's, and makes a new request id. */
void pipeline_init(struct pipeline *pipeline, struct endpoint *service1,
                   struct endpoint *service2);

/* Asks service 1 to double `value`. False, and `error` says why, unless it has. */
bool pipeline_process(const struct pipeline *pipeline, int32_t value,
                      struct process_reply *result, struct error *error);

/* Asks service 2 to format `value`. */
bool pipeline_transform(const struct pipeline *pipeline, int32_t value,
                        struct transform_reply *result, struct error *error);

/* Runs `input` through both and prints each result. */
bool run_pipeline(const struct pipeline *pipeline, int32_t input, struct error *error);

#endif
