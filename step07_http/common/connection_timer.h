/*
 * A time limit for what a connection does as a whole. libmicrohttpd only knows one on
 * silence, and a client that sends a byte now and then is never silent. The service says
 * when a connection starts, has its reply, and ends.
 */
#ifndef CONNECTION_TIMER_H
#define CONNECTION_TIMER_H

#include <pthread.h>
#include <stdint.h>

/* How long a connection may take to its first reply, or from one reply to the next. */
#define CONNECTION_TIMER_MS 5000

/* All connections have a lower descriptor than this. */
#define CONNECTION_TIMER_FDS 1000

/* All zeros but for the mutex at first. */
struct connection_timers {
    pthread_mutex_t mutex;
    int64_t deadlines[CONNECTION_TIMER_FDS]; /* by descriptor; 0: none */
};

/* These two may be called in any thread; the second before `fd` is closed. */
void connection_timer_start(struct connection_timers *timers, int fd);
void connection_timer_stop(struct connection_timers *timers, int fd);

/*
 * Ends the input of all connections that are too late. Whoever reads them finds their end
 * and closes them; a reply that is being sent is still sent.
 */
void connection_timer_expire(struct connection_timers *timers);

#endif
