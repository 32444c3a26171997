/*
 * A program may be started with its standard input, output or error closed. The next pipe
 * or socket would get that number, and what is printed would go there.
 */
#ifndef STANDARD_FDS_H
#define STANDARD_FDS_H

/* To be called before anything is opened. Reading and writing still fail with EBADF. */
void standard_fds_reserve(void);

#endif
