/*
 * The pipeline of the app: two endpoints, one after the other. main() opens them and runs
 * it; nothing in here knows what carries the messages.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "endpoint.h"

/* One value on its way through both services. */
struct pipeline {
    struct endpoint *service1;
    struct endpoint *service2;
};

/* Takes the endpoints, which stay the caller's. */
void pipeline_init(struct pipeline *pipeline, struct endpoint *service1,
                   struct endpoint *service2);

/*
 * Asks service 1 to double `value`. False, with the reason in `error`, if it cannot be
 * reached, refuses, or does not reply with the double.
 */
bool pipeline_process(const struct pipeline *pipeline, int32_t value,
                      struct process_reply *result, struct error *error);

/* Asks service 2 to format `value`; fails in the same way. */
bool pipeline_transform(const struct pipeline *pipeline, int32_t value,
                        struct transform_reply *result, struct error *error);

/* Asks `service` for its version; it has to call itself `name`, in either case. */
bool pipeline_version(struct endpoint *service, const char *name,
                      struct version_reply *result, struct error *error);

/* Runs `input` through both and prints each result. Stops at the first failure. */
bool run_pipeline(const struct pipeline *pipeline, int32_t input, struct error *error);

#endif
