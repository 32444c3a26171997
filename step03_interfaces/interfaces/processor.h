/*
 * A processor doubles values and judges the result. The app calls it through this
 * interface; component 1 implements it. Neither needs to know the other.
 */
#ifndef PROCESSOR_H
#define PROCESSOR_H

#include <stdbool.h>
#include <stdint.h>

/* The result of processor_process(). */
struct process_result {
    int32_t value;  /* the double of the input, or the input if that does not fit */
    bool processed; /* whether it was doubled */
};

struct processor;

/* What a processor can do. Every member must be set. */
struct processor_ops {
    /* Doubles `input`; `processed` is false when the double does not fit into int32_t. */
    struct process_result (*process)(const struct processor *self, int32_t input);

    /* Whether `data` was processed and is positive. */
    bool (*validate)(const struct processor *self, const struct process_result *data);
};

/* The first member of every implementation, so a pointer to it points to both. */
struct processor {
    const struct processor_ops *ops;
};

static inline struct process_result processor_process(const struct processor *self,
                                                      int32_t input)
{
    return self->ops->process(self, input);
}

static inline bool processor_validate(const struct processor *self,
                                      const struct process_result *data)
{
    return self->ops->validate(self, data);
}

#endif
