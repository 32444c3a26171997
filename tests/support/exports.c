#include "exports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "process.h"

/*
 * Not ours: what the loader copies from another library (stdout@GLIBC_2.2.5), names that
 * C reserves for the compiler, and the weak functions that its sanitizers bring.
 */
static bool is_ours(const char *name, char type)
{
    return name[0] != '_' && !strchr(name, '@') && type != 'W';
}

char *exports_of(const char *path)
{
    struct process nm;
    process_run(&nm, (const char *const[]){"nm", "-D", "--defined-only", "--format=posix",
                                           path, NULL});
    if (nm.exit_status != 0)
        fail_msg("nm %s: %s", path, nm.err.text);
    char *names = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&names, &size);
    assert_non_null(stream);
    for (char *line = strtok(nm.out.text, "\n"); line; line = strtok(NULL, "\n")) {
        char *name_end = line + strcspn(line, " "); /* then " T 1269 4b" */
        char type = name_end[0] ? name_end[1] : '\0';
        *name_end = '\0';
        if (is_ours(line, type))
            fprintf(stream, "%s\n", line);
    }
    fclose(stream);
    process_free(&nm);
    return names;
}
