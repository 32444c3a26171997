/*
 * The input is a plugin's file. Nothing of it is loaded: a file that dlopen() would run
 * is no input for a fuzzer.
 */
#include <link.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "plugin_file.h"

/* Whether `length` bytes from `offset` on are within a file of `size` bytes. */
static bool is_inside(uint64_t offset, uint64_t length, size_t size)
{
    uint64_t end = 0;
    return !__builtin_add_overflow(offset, length, &end) && end <= size;
}

/* The same answer from memory; a file of another kind of machine counts as whole. */
static bool expected_whole(const uint8_t *data, size_t size)
{
    static ElfW(Ehdr) own; /* of this program, which is of the same kind as its plugins */
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    if (own.e_ident[0] == 0) {
        FILE *program = fopen("/proc/self/exe", "rb");
        REQUIRE(program && fread(&own, sizeof own, 1, program) == 1);
        fclose(program);
    }
    if (size < sizeof header || memcmp(data, own.e_ident, EI_VERSION) != 0)
        return true;
    memcpy(&header, data, sizeof header);
    for (size_t i = 0; i < header.e_phnum; i++) {
        uint64_t offset = header.e_phoff;
        if (__builtin_add_overflow(offset, i * sizeof segment, &offset) ||
            !is_inside(offset, sizeof segment, size))
            return false;
        memcpy(&segment, data + offset, sizeof segment);
        if (!is_inside(segment.p_offset, segment.p_filesz, size))
            return false;
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *file;

    if (!file)
        file = tmpfile();
    REQUIRE(file && ftruncate(fileno(file), 0) == 0);
    REQUIRE(pwrite(fileno(file), data, size, 0) == (ssize_t)size);
    REQUIRE(plugin_file_is_whole(fileno(file), (off_t)size) ==
            expected_whole(data, size));
    return 0;
}
