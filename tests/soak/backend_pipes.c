#include "soak.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "service_handle.h"

const int soak_connection_count = 1; /* a child has one pair of pipes */

static struct service_handle service1;
static struct service_handle service2;
static pid_t processes[4];

void *soak_open(char *error, size_t error_size)
{
    service_setup_signals();
    service_init(&service1, "service1");
    service_init(&service2, "service2");
    if (!service_start(&service1, BIN_DIR, error, error_size) ||
        !service_start(&service2, BIN_DIR, error, error_size))
        return NULL;
    processes[0] = getpid();
    processes[1] = service1.pid;
    processes[2] = service2.pid;
    return &service1;
}

void soak_close(void *connection)
{
    (void)connection;
    char error[SOAK_ERROR_SIZE];
    if (!service_shutdown(&service1, error, sizeof error) ||
        !service_shutdown(&service2, error, sizeof error))
        printf("Error: %s\n", error);
}

bool soak_request(void *connection, int32_t value, char *error, size_t error_size)
{
    (void)connection;
    struct message request = {.kind = MESSAGE_PROCESS, .process = {.value = value}};
    struct message reply1;
    struct message reply2;

    if (!service_request(&service1, &request, MESSAGE_PROCESS_RESULT, &reply1, error,
                         error_size))
        return false;
    request = (struct message){.kind = MESSAGE_TRANSFORM,
                               .transform = {.value = reply1.process_result.value}};
    return service_request(&service2, &request, MESSAGE_TRANSFORM_RESULT, &reply2, error,
                           error_size) &&
           soak_check(value, reply1.process_result.value,
                      reply2.transform_result.transformed, error, error_size);
}

const pid_t *soak_processes(void)
{
    return processes;
}
