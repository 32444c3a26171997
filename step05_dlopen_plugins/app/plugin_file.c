#include "plugin_file.h"

#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How the ELF files start that this program can load: as it does itself. */
static const unsigned char ident[] = {
    ELFMAG0,
    ELFMAG1,
    ELFMAG2,
    ELFMAG3,
    sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32,
    __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB : ELFDATA2MSB};

bool plugin_file_is_whole(int fd, off_t size)
{
    ElfW(Ehdr) header;
    ElfW(Phdr) segment;

    if (pread(fd, &header, sizeof header, 0) != sizeof header ||
        memcmp(header.e_ident, ident, sizeof ident) != 0)
        return true; /* dlopen() will say what is wrong with it */
    for (size_t i = 0; i < header.e_phnum; i++) {
        off_t offset = (off_t)(header.e_phoff + i * sizeof segment);
        if (pread(fd, &segment, sizeof segment, offset) != sizeof segment ||
            segment.p_filesz > (size_t)size ||
            segment.p_offset > (size_t)size - segment.p_filesz)
            return false;
    }
    return true;
}

/* Whoever can write the file or its directory decides what this program runs. */
static bool check_access(const char *path, const char *what, const struct stat *status,
                         struct error *error)
{
    if (status->st_uid != geteuid() && status->st_uid != 0)
        return error_set(error,
                         "plugin %s: expected a %s of this user or root, found user %lu",
                         path, what, (unsigned long)status->st_uid);
    if (status->st_mode & (S_IWGRP | S_IWOTH))
        return error_set(
            error,
            "plugin %s: expected a %s that only its owner can write, found mode %03o",
            path, what, (unsigned)status->st_mode & 07777U);
    return true;
}

static bool check(const char *path, int fd, struct error *error)
{
    char dir_path[PATH_MAX];
    struct stat dir;
    struct stat file;

    snprintf(dir_path, sizeof dir_path, "%.*s/", (int)(strrchr(path, '/') - path), path);
    if (stat(dir_path, &dir) == -1 || fstat(fd, &file) == -1)
        return error_set(error, "plugin %s: %s", path, strerror(errno));
    if (!S_ISREG(file.st_mode)) {
        const char *found = S_ISDIR(file.st_mode)    ? "a directory"
                            : S_ISFIFO(file.st_mode) ? "a FIFO"
                                                     : "a special file";
        return error_set(error, "plugin %s: expected a regular file, found %s", path,
                         found);
    }
    if (!check_access(path, "file", &file, error) ||
        !check_access(path, "directory", &dir, error))
        return false;
    return plugin_file_is_whole(fd, file.st_size) ||
           error_set(error, "plugin %s: expected a whole file, found a part of one",
                     path);
}

int plugin_file_open(const char *path, struct error *error)
{
    /* dlopen() searches the system's directories for a name without a slash. */
    if (!strchr(path, '/')) {
        error_set(error, "plugin %s: expected a path, found a bare name", path);
        return -1;
    }
    /* Without O_NONBLOCK a FIFO would wait for somebody to write to it. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd == -1) {
        error_set(error, "plugin %s: %s", path, strerror(errno));
    } else if (!check(path, fd, error)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
