#include "standard_fds.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* open() returns the lowest number that is free, which is `fd`. */
void standard_fds_reserve(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int wrong_way = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", wrong_way) == -1) {
            perror("Error: /dev/null");
            exit(EXIT_FAILURE);
        }
    }
}
