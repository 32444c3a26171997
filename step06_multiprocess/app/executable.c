#include "executable.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Linux has the path of each program in /proc. */
bool executable_dir(char dir[PATH_MAX], struct error *error)
{
    ssize_t length = readlink("/proc/self/exe", dir, PATH_MAX - 1);
    if (length == -1)
        return error_set(error, "cannot read /proc/self/exe: %s", strerror(errno));
    dir[length] = '\0';
    *strrchr(dir, '/') = '\0';
    return true;
}
