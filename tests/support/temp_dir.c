#include "temp_dir.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "process.h"

static char path[PATH_MAX];

int temp_dir_setup(void **state)
{
    (void)state;
    const char *parent = getenv("TMPDIR");
    char template[PATH_MAX];
    snprintf(template, sizeof template, "%s/test_XXXXXX",
             parent && *parent ? parent : "/tmp");

    if (!mkdtemp(template) || !realpath(template, path) || chdir(path) == -1 ||
        symlink(BIN_DIR "/..", "build") == -1) {
        perror(template);
        return -1;
    }
    return 0;
}

int temp_dir_teardown(void **state)
{
    (void)state;
    struct process rm;
    if (chdir("/") == -1)
        return -1;
    process_run(&rm, (const char *const[]){"rm", "-rf", path, NULL});
    int status = rm.exit_status;
    process_free(&rm);
    return status;
}

const char *temp_dir(void)
{
    return path;
}

void temp_dir_run(const char *command)
{
    struct process shell;
    process_run(&shell, (const char *const[]){"sh", "-c", command, NULL});
    if (shell.exit_status != 0)
        fail_msg("%s: %s", command, shell.err.text);
    process_free(&shell);
}
