/*
 * What can be said of a plugin's file before it is loaded. The loader asks, because
 * dlopen() itself trusts every file that it is given.
 */
#ifndef PLUGIN_FILE_H
#define PLUGIN_FILE_H

#include <limits.h>
#include <stdbool.h>

#include "error.h"

/*
 * Sets `resolved` to the absolute path of the file at `path`. False unless it is a whole
 * regular file that only its owner can write.
 */
bool plugin_file_check(const char *path, char resolved[PATH_MAX], struct error *error);

#endif
