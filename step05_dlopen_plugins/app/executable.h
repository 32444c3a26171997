/*
 * Where this program is. The app asks for the files that lie beside it.
 */
#ifndef EXECUTABLE_H
#define EXECUTABLE_H

#include <limits.h>
#include <stdbool.h>

#include "error.h"

/* Sets `dir` to the directory of this program, without a slash at its end. */
bool executable_dir(char dir[PATH_MAX], struct error *error);

#endif
