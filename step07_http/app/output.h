/*
 * The end of standard output, for both programs of the app. Their main() returns what it
 * returns.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

/* The exit status when the command line makes no sense. */
#define EXIT_USAGE 2

/*
 * Standard output is buffered: whether it could be written shows only here. Says so on
 * standard error if it could not; returns the exit status.
 */
int finish_output(void);

#endif
