#include "plugin_file.h"

#include <errno.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Whether the file contains everything that dlopen() will map. If it does not, a copy was
 * cut short, and using what is missing would crash the app.
 */
static bool is_whole(FILE *file, size_t size)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    if (fread(&header, sizeof header, 1, file) != 1 ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
        return true; /* not an ELF file: dlopen() will say so */
    if (fseek(file, (long)header.e_phoff, SEEK_SET) == -1)
        return false;
    for (int i = 0; i < header.e_phnum; i++) {
        if (fread(&segment, sizeof segment, 1, file) != 1 || segment.p_filesz > size ||
            segment.p_offset > size - segment.p_filesz)
            return false;
    }
    return true;
}

bool plugin_file_check(const char *path, char resolved[PATH_MAX], struct error *error)
{
    struct stat file;

    /* dlopen() searches the system's directories for a name without a slash. */
    if (!strchr(path, '/'))
        return error_set(error, "plugin %s: expected a path, found a bare name", path);
    if (!realpath(path, resolved) || stat(resolved, &file) == -1)
        return error_set(error, "plugin %s: %s", path, strerror(errno));
    if (!S_ISREG(file.st_mode)) { /* opening a FIFO would block */
        const char *found = S_ISDIR(file.st_mode)    ? "a directory"
                            : S_ISFIFO(file.st_mode) ? "a FIFO"
                                                     : "a special file";
        return error_set(error, "plugin %s: expected a regular file, found %s", path,
                         found);
    }
    /* Whoever can write the file decides what this program runs. */
    if (file.st_mode & (S_IWGRP | S_IWOTH))
        return error_set(
            error,
            "plugin %s: expected a file that only its owner can write, found mode %03o",
            path, (unsigned)file.st_mode & 0777U);

    FILE *content = fopen(resolved, "rb");
    if (!content)
        return error_set(error, "plugin %s: %s", path, strerror(errno));
    bool whole = is_whole(content, (size_t)file.st_size);
    fclose(content);
    if (!whole)
        return error_set(error, "plugin %s: expected a whole file, found a part of one",
                         path);
    return true;
}
