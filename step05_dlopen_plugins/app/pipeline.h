/*
 * The pipeline of the app, for any processor and any transformer. main() calls it with
 * the directory of the plugins that they are in.
 */
#ifndef PIPELINE_H
#define PIPELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/*
 * Runs `input` through both and prints each result: loads the processor, uses and unloads
 * it, then the transformer. Without a `plugin_dir` they are beside this program. False
 * when a plugin is refused or the double overflows.
 */
bool run_pipeline(const char *plugin_dir, int32_t input, struct error *error);

#endif
