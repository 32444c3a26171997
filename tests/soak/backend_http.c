#include "soak.h"

#include <stdlib.h>
#include <unistd.h>

#include "http_client.h"
#include "pipeline.h"
#include "stack.h"

const int soak_connection_count = 8;

static pid_t processes[4];

void *soak_open(char *error, size_t error_size)
{
    struct http_client *client = malloc(sizeof *client);
    if (!client || !http_client_init(client, error, error_size))
        return NULL;
    processes[0] = getpid();
    processes[1] = stack_service(1)->pid;
    processes[2] = stack_service(2)->pid;
    return client;
}

void soak_close(void *connection)
{
    http_client_cleanup(connection);
    free(connection);
}

bool soak_request(void *connection, int32_t value, char *error, size_t error_size)
{
    struct pipeline pipeline;
    struct process_reply reply1;
    struct transform_reply reply2;

    pipeline_init(&pipeline, connection, stack_service_url(1), stack_service_url(2));
    return pipeline_process(&pipeline, value, &reply1, error, error_size) &&
           pipeline_transform(&pipeline, reply1.value, &reply2, error, error_size) &&
           soak_check(value, reply1.value, reply2.transformed, error, error_size);
}

const pid_t *soak_processes(void)
{
    return processes;
}
