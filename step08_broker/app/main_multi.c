/*
 * app_multi of step 08: several pipelines at once, each in a thread of its own. The
 * threads share the connection to the broker, and standard output, where they report what
 * they do as they do it; main() prints all results at the end.
 */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "pipeline.h"
#include "printable.h"
#include "services.h"

#define VALUES_MAX 64

/* One pipeline, from its value to its result. Only its thread uses it while that runs. */
struct job {
    int32_t value;
    struct pipeline pipeline;
    char short_id[9]; /* the first eight characters of the request id */
    pthread_t thread;
    bool done;
    char result[sizeof(struct error) + 32]; /* "Value-0020" or "ERROR(service1): ..." */
};

static bool parse_arguments(int argc, char **argv, int32_t values[VALUES_MAX],
                            size_t *count);
static bool run_all(struct services *services, const int32_t *values, size_t count,
                    struct error *error);

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t values[VALUES_MAX] = {10, 20, 30, 42, 50};
    size_t count = 5;
    if (!parse_arguments(argc, argv, values, &count))
        return EXIT_USAGE;

    printf("\n\nPhase 08: Message Broker Pipeline (NATS)\n\n");

    struct services services;
    struct error error;
    bool done =
        services_open(&services, &error) && run_all(&services, values, count, &error);
    services_close(&services);
    if (!done) {
        fprintf(stderr, "Error: %s\n", error.text);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return cli_finish_output();
}

/* Takes all values of the command line, or leaves those that are there. */
static bool parse_arguments(int argc, char **argv, int32_t values[VALUES_MAX],
                            size_t *count)
{
    if (argc - 1 > VALUES_MAX) {
        fprintf(stderr, "Error: more than %d values\n", VALUES_MAX);
        goto usage;
    }
    for (int i = 1; i < argc; i++) {
        if (!cli_parse_value(argv[i], &values[i - 1])) {
            fprintf(stderr, "Error: '%s' is not a 32-bit integer\n", printable(argv[i]));
            goto usage;
        }
        *count = (size_t)i;
    }
    return true;

usage:
    fprintf(stderr, "Usage: app_multi [VALUE...]\n");
    return false;
}

/* Runs in the job's thread. False when `result` says what failed. */
static bool run_job(struct job *job)
{
    struct error error;
    struct process_reply result1;
    struct transform_reply result2;

    if (!pipeline_process(&job->pipeline, job->value, &result1, &error)) {
        snprintf(job->result, sizeof job->result, "ERROR(service1): %s", error.text);
        return false;
    }
    printf("[%s] Service1 done: value=%" PRId32 " -> processed=%" PRId32 "\n",
           job->short_id, job->value, result1.value);
    if (!pipeline_transform(&job->pipeline, result1.value, &result2, &error)) {
        snprintf(job->result, sizeof job->result, "ERROR(service2): %s", error.text);
        return false;
    }
    printf("[%s] Service2 done: value=%" PRId32 " -> transformed=%s\n", job->short_id,
           result2.original, result2.transformed);
    snprintf(job->result, sizeof job->result, "%s", result2.transformed);
    return true;
}

static void *job_thread(void *user)
{
    struct job *job = user;

    job->done = run_job(job);
    printf("[App] Completed: value=%" PRId32 " -> %s  request_id=%s\n", job->value,
           job->result, job->short_id);
    return NULL;
}

/* Gives each job its value and a request id. */
static void init_jobs(struct job *jobs, const int32_t *values, size_t count,
                      struct services *services)
{
    for (size_t i = 0; i < count; i++) {
        struct job *job = &jobs[i];
        job->value = values[i];
        pipeline_init(&job->pipeline, &services->service1.base, &services->service2.base);
        snprintf(job->short_id, sizeof job->short_id, "%.8s", job->pipeline.request_id);
        printf("[App] Spawning pipeline for value=%" PRId32 "  request_id=%s\n",
               job->value, job->short_id);
    }
    printf("\n");
}

/* Runs all jobs at once and waits for each. */
static bool run_jobs(struct job *jobs, size_t count, struct error *error)
{
    size_t started = 0;
    int failure = 0;

    while (started < count && failure == 0) {
        struct job *job = &jobs[started];
        failure = pthread_create(&job->thread, NULL, job_thread, job);
        if (failure == 0)
            started++;
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(jobs[i].thread, NULL);
    if (failure)
        return error_set(error, "cannot start a thread: %s", strerror(failure));
    return true;
}

static int compare_values(const void *a, const void *b)
{
    const struct job *left = *(const struct job *const *)a;
    const struct job *right = *(const struct job *const *)b;
    return (left->value > right->value) - (left->value < right->value);
}

static bool print_results(const struct job *jobs, size_t count, struct error *error)
{
    const struct job *sorted[VALUES_MAX] = {NULL};
    size_t failed = 0;

    for (size_t i = 0; i < count; i++)
        sorted[i] = &jobs[i];
    qsort(sorted, count, sizeof(const struct job *), compare_values);
    printf("\n--- Final Results (sorted by input value) ---\n");
    for (size_t i = 0; i < count; i++) {
        printf("  %" PRId32 " -> %s  [%s]\n", sorted[i]->value, sorted[i]->result,
               sorted[i]->short_id);
        failed += !sorted[i]->done;
    }
    if (failed > 0)
        return error_set(error, "%zu of %zu values failed", failed, count);
    return true;
}

static bool print_version(struct endpoint *service, const char *name, struct error *error)
{
    struct version_reply version;

    if (!pipeline_version(service, name, &version, error))
        return false;
    printf("[App] %s version: %s\n", version.service_name, version.version);
    return true;
}

static bool run_all(struct services *services, const int32_t *values, size_t count,
                    struct error *error)
{
    if (!print_version(&services->version1.base, "Service1", error) ||
        !print_version(&services->version2.base, "Service2", error))
        return false;

    printf("\n--- Processing Distributed Pipeline (%zu values concurrently) ---\n\n",
           count);

    static struct job jobs[VALUES_MAX];
    init_jobs(jobs, values, count, services);
    return run_jobs(jobs, count, error) && print_results(jobs, count, error);
}
