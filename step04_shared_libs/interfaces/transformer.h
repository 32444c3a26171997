/*
 * A transformer formats values and describes the result. The app calls it through this
 * interface; component 2 implements it. Neither needs to know the other.
 */
#ifndef TRANSFORMER_H
#define TRANSFORMER_H

#include <stddef.h>
#include <stdint.h>

/* Room for "Value-" with any int32_t and the final NUL. */
#define TRANSFORM_TEXT_SIZE 32

/* The result of transformer_transform(). */
struct transform_result {
    int32_t original;
    char transformed[TRANSFORM_TEXT_SIZE]; /* "Value-0084" */
};

/* Room for the sentence that transformer_analyze() writes about any data. */
#define TRANSFORM_ANALYSIS_SIZE 64

struct transformer;

/* What a transformer can do. Every member must be set. */
struct transformer_ops {
    /* Formats `input` with at least four digits. */
    struct transform_result (*transform)(const struct transformer *self, int32_t input);

    /* Writes a sentence about `data` into `buffer`, truncated to `size` bytes. */
    void (*analyze)(const struct transformer *self, const struct transform_result *data,
                    char *buffer, size_t size);
};

/* The first member of every implementation, so a pointer to it points to both. */
struct transformer {
    const struct transformer_ops *ops;
};

static inline struct transform_result
transformer_transform(const struct transformer *self, int32_t input)
{
    return self->ops->transform(self, input);
}

static inline void transformer_analyze(const struct transformer *self,
                                       const struct transform_result *data, char *buffer,
                                       size_t size)
{
    self->ops->analyze(self, data, buffer, size);
}

#endif
