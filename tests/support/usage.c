#include "usage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static long count_descriptors(pid_t pid)
{
    char path[64];
    long count = 0;

    snprintf(path, sizeof path, "/proc/%d/fd", pid);
    DIR *dir = opendir(path);
    if (!dir) {
        perror(path);
        abort();
    }
    while (readdir(dir))
        count++;
    closedir(dir);
    return count - 2; /* . and .. */
}

static long resident_kib(pid_t pid)
{
    char path[64];
    char line[256];
    long kib = 0;

    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    if (!file) {
        perror(path);
        abort();
    }
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, "VmRSS:", 6) == 0)
            kib = strtol(line + 6, NULL, 10);
    }
    fclose(file);
    return kib;
}

struct usage usage_of(pid_t pid)
{
    return (struct usage){.memory_kib = resident_kib(pid),
                          .descriptors = count_descriptors(pid)};
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_COUNTS false
#else
#define MEMORY_COUNTS true
#endif

bool usage_has_grown(const struct usage *before, const struct usage *after)
{
    return (MEMORY_COUNTS && after->memory_kib * 10 > before->memory_kib * 11) ||
           after->descriptors * 10 > before->descriptors * 11;
}
