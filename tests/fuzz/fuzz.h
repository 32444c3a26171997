/*
 * What the targets share. libFuzzer calls LLVMFuzzerTestOneInput() with one input after
 * the other and keeps those that reach new code. A target aborts as soon as a promise of
 * the parser's header is broken; what touches memory that it must not, the sanitizers
 * see.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define REQUIRE(condition)                                                               \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s: does not hold: %s\n", __func__, #condition);            \
            abort();                                                                     \
        }                                                                                \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
