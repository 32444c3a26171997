#include "soak.h"

#include <stdlib.h>
#include <unistd.h>

#include "nats_messaging.h"
#include "nats_url.h"
#include "pipeline.h"
#include "stack.h"

const int soak_connection_count = 8;

static pid_t processes[4];

void *soak_open(char *error, size_t error_size)
{
    struct nats_messaging *messaging = malloc(sizeof *messaging);
    if (!messaging || !nats_messaging_connect(messaging, nats_url(), error, error_size))
        return NULL;
    processes[0] = getpid();
    processes[1] = stack_service(1)->pid;
    processes[2] = stack_service(2)->pid;
    return messaging;
}

void soak_close(void *connection)
{
    struct nats_messaging *messaging = connection;
    natsConnection_Destroy(messaging->connection);
    free(messaging);
}

bool soak_request(void *connection, int32_t value, char *error, size_t error_size)
{
    struct nats_messaging *messaging = connection;
    struct pipeline pipeline;
    struct process_reply reply1;
    struct transform_reply reply2;

    pipeline_init(&pipeline, &messaging->base);
    return pipeline_process(&pipeline, value, &reply1, error, error_size) &&
           pipeline_transform(&pipeline, reply1.value, &reply2, error, error_size) &&
           soak_check(value, reply1.value, reply2.transformed, error, error_size);
}

const pid_t *soak_processes(void)
{
    return processes;
}
