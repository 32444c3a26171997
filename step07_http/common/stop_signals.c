#include "stop_signals.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/select.h>

static sigset_t unblocked; /* the signal mask while it waits */
static volatile sig_atomic_t stop_requested;

static void on_stop(int signal)
{
    (void)signal;
    stop_requested = 1;
}

void stop_signals_block(void)
{
    struct sigaction action = {.sa_handler = on_stop};
    sigset_t both;

    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &both, &unblocked);
    sigdelset(&unblocked, SIGINT);
    sigdelset(&unblocked, SIGTERM);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

bool stop_signals_wait(int fd)
{
    while (!stop_requested) {
        fd_set readable;
        FD_ZERO(&readable);
        if (fd != -1)
            FD_SET(fd, &readable);
        /* Signals are unblocked for as long as it waits, so none comes just before. */
        if (pselect(fd + 1, &readable, NULL, NULL, NULL, &unblocked) > 0)
            return false;
    }
    return true;
}
