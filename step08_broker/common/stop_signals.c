#include "stop_signals.h"

#include <pthread.h>
#include <signal.h>

static sigset_t stop_signals(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void stop_signals_block(void)
{
    sigset_t set = stop_signals();

    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void stop_signals_wait(void)
{
    sigset_t set = stop_signals();
    int received;

    sigwait(&set, &received);
}
