/*
 * A service stops at SIGINT or SIGTERM. Both are blocked in every thread; main() waits
 * for them here, while the threads serve.
 */
#ifndef STOP_SIGNALS_H
#define STOP_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

#include "error.h"

/*
 * To be called before any thread is started, since threads inherit the mask. It also
 * makes write() to a closed connection fail instead of ending the process.
 */
bool stop_signals_block(struct error *error);

/*
 * Waits until a signal has come, which stays so. False if `fd` can be read before that
 * (-1 for no `fd`), or the deadline is over. Without stop_signals_block() no signal comes
 * here.
 */
bool stop_signals_wait(int fd, int64_t deadline);

#endif
