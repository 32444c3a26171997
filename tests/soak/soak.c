/*
 * Sends N requests through the services of a step, with the code of the step's app, and
 * checks every reply. At the end memory and descriptors of each process must be within
 * 10 % of what they were after the first thousand requests.
 *
 * Usage: soak N
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "pipeline.h"
#include "services.h"
#include "stack.h"
#include "usage.h"

#define WARM_UP 1000

/* As many threads as the app of the step can have, and what they share in app_multi. */
#if defined PIPE_ENDPOINT_H /* a child has one pair of pipes */
#define WORKERS 1
#define CONNECTIONS 1
#elif defined HTTP_ENDPOINT_H /* each thread has a client of its own */
#define WORKERS 8
#define CONNECTIONS 8
#else /* one connection to the broker */
#define WORKERS 8
#define CONNECTIONS 1
#endif

/* The processes that are measured: this one and both services. */
#define PROCESSES 3

struct worker {
    pthread_t thread;
    struct services *services;
    long requests; /* to be sent */
    int32_t value; /* of the first */
    bool done;
    struct error error;
};

/* Reads the log of a service. */
struct reader {
    pthread_t thread;
    int fd;
    bool started;
};

static struct services connections[CONNECTIONS];
static struct worker workers[WORKERS];
static struct reader readers[2];

/* Sends `value` through both services and checks what comes back. */
static bool send_value(struct services *services, int32_t value, struct error *error)
{
    struct pipeline pipeline;
    struct process_reply doubled;
    struct transform_reply formatted;
    char expected[32];

    pipeline_init(&pipeline, &services->service1.base, &services->service2.base);
    if (!pipeline_process(&pipeline, value, &doubled, error) ||
        !pipeline_transform(&pipeline, doubled.value, &formatted, error))
        return false;
    snprintf(expected, sizeof expected, "Value-%04" PRId32, value * 2);
    if (doubled.value == value * 2 && strcmp(formatted.transformed, expected) == 0)
        return true;
    return error_set(error, "%" PRId32 " became %" PRId32 " and %s", value, doubled.value,
                     formatted.transformed);
}

static void *work(void *user)
{
    struct worker *worker = user;

    worker->done = true;
    for (long i = 0; i < worker->requests && worker->done; i++) {
        int32_t value = (int32_t)((worker->value + i) % 1000000);
        worker->done = send_value(worker->services, value, &worker->error);
    }
    return NULL;
}

/* Lets all workers send `requests` between them. */
static bool send_values(long requests, struct error *error)
{
    for (int i = 0; i < WORKERS; i++) {
        workers[i].services = &connections[i % CONNECTIONS];
        workers[i].requests = requests / WORKERS;
        workers[i].value = i * 50000;
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            abort();
    }
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < WORKERS; i++) {
        if (!workers[i].done)
            return error_set(error, "%s", workers[i].error.text);
    }
    return true;
}

/* Reads what a service logs to its end: the pipe must not fill up. */
static void *discard(void *user)
{
    const int *fd = user;
    char buffer[65536];

    while (read(*fd, buffer, sizeof buffer) > 0)
        ;
    close(*fd);
    return NULL;
}

static void discard_logs(void)
{
    for (int i = 0; i < 2; i++) {
        const struct process *service = stack_service(i + 1);
        if (service->pid > 0) {
            readers[i].fd = dup(service->err.fd);
            readers[i].started =
                pthread_create(&readers[i].thread, NULL, discard, &readers[i].fd) == 0;
        }
    }
    /* The services of step 06 have the standard error of this program. */
    if (!freopen("/dev/null", "w", stderr))
        abort();
}

static void join_readers(void)
{
    for (int i = 0; i < 2; i++) {
        if (readers[i].started)
            pthread_join(readers[i].thread, NULL);
    }
}

/* Opens all even after a failure, since all are closed: libcurl counts both. */
static bool open_connections(struct error *error)
{
    bool done = true;

    for (int i = 0; i < CONNECTIONS; i++)
        done = services_open(&connections[i], error) && done;
    return done;
}

static void close_connections(void)
{
    for (int i = 0; i < CONNECTIONS; i++)
        services_close(&connections[i]);
}

static void measure(struct usage usages[PROCESSES])
{
#ifdef PIPE_ENDPOINT_H
    const pid_t pids[PROCESSES] = {getpid(), connections[0].service1.child.pid,
                                   connections[0].service2.child.pid};
#else
    const pid_t pids[PROCESSES] = {getpid(), stack_service(1)->pid,
                                   stack_service(2)->pid};
#endif
    for (int i = 0; i < PROCESSES; i++)
        usages[i] = usage_of(pids[i]);
}

/* Prints a line for each process; false if one of them has grown. */
static bool compare(const struct usage before[PROCESSES],
                    const struct usage after[PROCESSES], struct error *error)
{
    int grown = 0;

    for (int i = 0; i < PROCESSES; i++) {
        bool has_grown = usage_has_grown(&before[i], &after[i]);
        printf("%s process %d: %ld -> %ld KiB, %ld -> %ld descriptors%s\n", STEP, i + 1,
               before[i].memory_kib, after[i].memory_kib, before[i].descriptors,
               after[i].descriptors, has_grown ? "  GROWN" : "");
        grown += has_grown;
    }
    return grown == 0 ||
           error_set(error, "%d of %d processes have grown", grown, PROCESSES);
}

static bool soak(long requests, struct error *error)
{
    struct usage before[PROCESSES] = {{0}};
    struct usage after[PROCESSES] = {{0}};

    if (!open_connections(error) || !send_values(WARM_UP, error))
        return false;
    measure(before);
    printf("%s: sending %ld requests...\n", STEP, requests);
    fflush(stdout);
    long long start = clock_ms();
    if (!send_values(requests - WARM_UP, error))
        return false;
    measure(after);
    printf("%s: %ld requests, %d at a time, every reply right, %lld s\n", STEP, requests,
           WORKERS, (clock_ms() - start) / 1000);
    if (!compare(before, after, error))
        return false;
#ifdef PIPE_ENDPOINT_H
    return services_shutdown(&connections[0], error);
#else
    return true;
#endif
}

int main(int argc, char **argv)
{
    struct error error;
    long requests = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    if (requests < WARM_UP) {
        fprintf(stderr, "Error: expected a number of requests, at least %d\n", WARM_UP);
        return 2;
    }
    stack_require();
    stack_start();
    discard_logs();
    bool done = soak(requests, &error);
    close_connections();
    stack_stop();
    join_readers();
    if (!done)
        printf("Error: %s\n", error.text);
    return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
