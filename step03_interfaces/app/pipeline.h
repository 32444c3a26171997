/*
 * The pipeline of the app, for any processor and any transformer. main() calls it with
 * the two components; nothing in here knows them.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "processor.h"
#include "transformer.h"

/* Runs `input` through both and prints each result. False when its double overflows. */
bool run_pipeline(const struct processor *processor,
                  const struct transformer *transformer, int32_t input);

#endif
