/*
 * The command line, and the end of standard output. main() reads the one first and
 * returns what the other says last.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stdint.h>

/* The exit status for a command line that cannot be understood. */
#define EXIT_USAGE 2

/* Reads a whole decimal number; false if `text` is anything else or out of range. */
bool cli_parse_value(const char *text, int32_t *value);

/* Sets what the command line gives and leaves the rest; reports what is wrong with it. */
bool cli_parse_arguments(int argc, char **argv, int32_t *input_value);

/* Flushes standard output and returns the exit status: only now does a failure show. */
int cli_finish_output(void);

#endif
