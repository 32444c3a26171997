/*
 * What can be said of a plugin's file before it is loaded. The loader asks, because
 * dlopen() itself trusts every file that it is given.
 */
#ifndef PLUGIN_FILE_H
#define PLUGIN_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "error.h"

/*
 * Opens the file at `path`, which has a slash. Returns its descriptor, to be closed, or
 * -1 unless it is a whole regular file, and nobody but this user and root can write it or
 * put another in its place.
 */
int plugin_file_open(const char *path, struct error *error);

/*
 * Whether the file of `size` bytes contains everything that dlopen() will map. If it does
 * not, a copy was cut short, and using what is missing would crash the app.
 */
bool plugin_file_is_whole(int fd, off_t size);

#endif
