/*
 * A directory of its own for each test, so that tests can run side by side and change
 * what they like. temp_dir_setup() and temp_dir_teardown() are a test's setup and
 * teardown: the directory goes also when an assert has failed.
 */
#ifndef SUPPORT_TEMP_DIR_H
#define SUPPORT_TEMP_DIR_H

/*
 * Makes the directory, below TMPDIR or /tmp, and works in it from now on. All it holds is
 * the link `build` to the build directory of the step: build/bin/app is its app.
 */
int temp_dir_setup(void **state);

/* Leaves the directory and removes it with all it holds. */
int temp_dir_teardown(void **state);

/* Its path, absolute and without links. */
const char *temp_dir(void);

/* Runs a line of shell in it, like "cp build/bin/app ."; the test fails if that does. */
void temp_dir_run(const char *command);

#endif
