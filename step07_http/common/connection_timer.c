#include "connection_timer.h"

#include <sys/socket.h>

#include "deadline.h"

static void set(struct connection_timers *timers, int fd, int64_t deadline)
{
    pthread_mutex_lock(&timers->mutex);
    timers->deadlines[fd] = deadline;
    pthread_mutex_unlock(&timers->mutex);
}

void connection_timer_start(struct connection_timers *timers, int fd)
{
    set(timers, fd, deadline_in(CONNECTION_TIMER_MS));
}

void connection_timer_stop(struct connection_timers *timers, int fd)
{
    set(timers, fd, 0);
}

void connection_timer_expire(struct connection_timers *timers)
{
    /* Locked, so that no descriptor is closed and given to another file meanwhile. */
    pthread_mutex_lock(&timers->mutex);
    for (int fd = 0; fd < CONNECTION_TIMER_FDS; fd++) {
        if (timers->deadlines[fd] == 0 || deadline_left(timers->deadlines[fd]) > 0)
            continue;
        shutdown(fd, SHUT_RD);
        timers->deadlines[fd] = 0;
    }
    pthread_mutex_unlock(&timers->mutex);
}
