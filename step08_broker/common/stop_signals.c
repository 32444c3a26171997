#include "stop_signals.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include "deadline.h"

static int stop_fd = -1; /* can be read once a signal has come */

bool stop_signals_block(struct error *error)
{
    sigset_t both;

    sigemptyset(&both);
    sigaddset(&both, SIGINT);
    sigaddset(&both, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &both, NULL);
    signal(SIGPIPE, SIG_IGN);
    stop_fd = signalfd(-1, &both, SFD_CLOEXEC);
    return stop_fd != -1 ||
           error_set(error, "cannot wait for signals: %s", strerror(errno));
}

bool stop_signals_wait(int fd, int64_t deadline)
{
    struct pollfd fds[] = {
        {.fd = stop_fd, .events = POLLIN},
        {.fd = fd, .events = POLLIN}, /* poll() skips -1 */
    };

    while (poll(fds, 2, deadline_left(deadline)) == -1 && errno == EINTR)
        ;
    return fds[0].revents != 0;
}
