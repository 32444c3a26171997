/*
 * Component 2 formats values and describes the result. The app calls it with the result
 * of component 1.
 */
#ifndef COMPONENT2_H
#define COMPONENT2_H

#include <stddef.h>
#include <stdint.h>

/* Room for "Value-" with any int32_t and the final NUL. */
#define COMPONENT2_TEXT_SIZE 32

/* The result of component2_transform(). */
struct component2_data {
    int32_t original;
    char transformed[COMPONENT2_TEXT_SIZE]; /* "Value-0084" */
};

/* Room for the sentence that component2_analyze() writes about any data. */
#define COMPONENT2_ANALYSIS_SIZE 64

struct component2 {
    const char *name; /* shown in its log lines */
};

void component2_init(struct component2 *self);

/* Formats `input` with at least four digits. */
struct component2_data component2_transform(const struct component2 *self, int32_t input);

/* Writes a sentence about `data` into `buffer`, truncated to `size` bytes. */
void component2_analyze(const struct component2 *self, const struct component2_data *data,
                        char *buffer, size_t size);

/* The version of the library, such as "0.2.0". */
const char *component2_version(void);

#endif
