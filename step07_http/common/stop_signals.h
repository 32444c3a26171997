/*
 * SIGINT and SIGTERM ask a service to stop. They do not interrupt it anywhere: it waits
 * for them in one place, while its threads serve.
 */
#ifndef STOP_SIGNALS_H
#define STOP_SIGNALS_H

#include <stdbool.h>

/*
 * Blocks both in this thread and in all that it starts from now on, so it must be called
 * before the first of them. SIGPIPE is ignored: a reader that is gone fails write().
 */
void stop_signals_block(void);

/*
 * Waits, without a deadline, until one of them comes; false if `fd` can be read before
 * that. -1 for no descriptor.
 */
bool stop_signals_wait(int fd);

#endif
