/*
 * Sends N requests through the services of a step, over all the connections that it has,
 * and checks every reply. At the end memory and descriptors of each process must be
 * within 10 % of what they were after the first thousand requests.
 *
 * Usage: soak N
 */
#include "soak.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "stack.h"
#include "usage.h"

#define WARM_UP 1000
#define WORKERS_MAX 16
#define PROCESSES_MAX 8

struct worker {
    pthread_t thread;
    void *connection;
    long requests; /* to be sent */
    int32_t value; /* of the first */
    bool failed;
    char error[SOAK_ERROR_SIZE];
};

/* Reads the traces of a service. */
struct reader {
    pthread_t thread;
    int fd;
    bool started;
};

static struct worker workers[WORKERS_MAX];
static struct reader readers[2];

bool soak_check(int32_t value, int32_t doubled, const char *text, char *error,
                size_t error_size)
{
    char expected[32];
    snprintf(expected, sizeof expected, "Value-%04d", value * 2);
    if (doubled == value * 2 && strcmp(text, expected) == 0)
        return true;
    snprintf(error, error_size, "%d became %d and %s", value, doubled, text);
    return false;
}

static void *work(void *user)
{
    struct worker *worker = user;

    for (long i = 0; i < worker->requests && !worker->failed; i++) {
        int32_t value = (int32_t)((worker->value + i) % 1000000);
        worker->failed =
            !soak_request(worker->connection, value, worker->error, sizeof worker->error);
    }
    return NULL;
}

/* Lets all workers send `requests` between them; stops the program if one fails. */
static void send_requests(long requests)
{
    for (int i = 0; i < soak_connection_count; i++) {
        workers[i].requests = requests / soak_connection_count;
        workers[i].value = i * 50000;
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    }
    for (int i = 0; i < soak_connection_count; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < soak_connection_count; i++) {
        if (workers[i].failed) {
            printf("Error: %s\n", workers[i].error);
            exit(EXIT_FAILURE);
        }
    }
}

/* Reads what a service traces to its end: the pipe must not fill up. */
static void *discard(void *user)
{
    const int *fd = user;
    char buffer[65536];

    while (read(*fd, buffer, sizeof buffer) > 0)
        ;
    close(*fd);
    return NULL;
}

static void discard_traces(void)
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

static void measure(struct usage usages[PROCESSES_MAX])
{
    const pid_t *pids = soak_processes();

    for (int i = 0; pids[i]; i++)
        usages[i] = usage_of(pids[i]);
}

/* Prints a line for each process; false if one of them has grown. */
static bool compare(const struct usage before[PROCESSES_MAX],
                    const struct usage after[PROCESSES_MAX])
{
    const pid_t *pids = soak_processes();
    bool steady = true;

    for (int i = 0; pids[i]; i++) {
        bool grown = usage_has_grown(&before[i], &after[i]);
        printf("%s process %d: %ld -> %ld KiB, %ld -> %ld descriptors%s\n", STEP, i + 1,
               before[i].memory_kib, after[i].memory_kib, before[i].descriptors,
               after[i].descriptors, grown ? "  GROWN" : "");
        steady = steady && !grown;
    }
    return steady;
}

int main(int argc, char **argv)
{
    char error[SOAK_ERROR_SIZE];
    struct usage before[PROCESSES_MAX] = {{0}};
    struct usage after[PROCESSES_MAX] = {{0}};
    struct timespec start;
    struct timespec end;
    long requests = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    if (requests < WARM_UP) {
        fprintf(stderr, "Error: expected a number of requests, at least %d\n", WARM_UP);
        return 2;
    }
    stack_require();
    stack_start();
    discard_traces();
    for (int i = 0; i < soak_connection_count; i++) {
        workers[i].connection = soak_open(error, sizeof error);
        if (!workers[i].connection) {
            printf("Error: %s\n", error);
            return EXIT_FAILURE;
        }
    }

    send_requests(WARM_UP);
    measure(before);
    clock_gettime(CLOCK_MONOTONIC, &start);
    send_requests(requests - WARM_UP);
    clock_gettime(CLOCK_MONOTONIC, &end);
    measure(after);

    printf("%s: %ld requests over %d connections, every reply right, %ld s\n", STEP,
           requests, soak_connection_count, (long)(end.tv_sec - start.tv_sec));
    bool steady = compare(before, after);
    for (int i = 0; i < soak_connection_count; i++)
        soak_close(workers[i].connection);
    stack_stop();
    join_readers();
    return steady ? EXIT_SUCCESS : EXIT_FAILURE;
}
