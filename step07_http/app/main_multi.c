/*
 * app_multi of step 07: several pipelines at once, each in a thread of its own. The
 * threads share nothing but standard output, where they tell what they do as they do it;
 * main() prints all results at the end.
 */
#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_client.h"
#include "output.h"
#include "pipeline.h"
#include "value.h"

#define VALUES_MAX 64

/* One pipeline, from its value to its result. Only its thread uses it while that runs. */
struct job {
    int32_t value;
    struct http_client client;
    struct pipeline pipeline;
    char short_id[9]; /* the first eight characters of the request id */
    pthread_t thread;
    bool done;
    char result[HTTP_ERROR_SIZE + 32]; /* "Value-0020" or "ERROR(service1): ..." */
};

static bool parse_arguments(int argc, char **argv, int32_t values[VALUES_MAX],
                            size_t *count);
static bool run_all(const int32_t *values, size_t count, char *error, size_t error_size);

int main(int argc, char **argv)
{
    int32_t values[VALUES_MAX] = {10, 20, 30, 42, 50};
    size_t count = 5;
    if (!parse_arguments(argc, argv, values, &count))
        return EXIT_USAGE;

    char error[HTTP_ERROR_SIZE];
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fprintf(stderr, "Error: libcurl: cannot be set up\n");
        return EXIT_FAILURE;
    }
    bool done = run_all(values, count, error, sizeof error);
    curl_global_cleanup();
    if (!done) {
        fprintf(stderr, "Error: %s\n", error);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return finish_output();
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
        if (!parse_value(argv[i], &values[i - 1])) {
            fprintf(stderr, "Error: '%s' is not a 32-bit integer\n", argv[i]);
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
    char error[HTTP_ERROR_SIZE];
    struct process_reply result1;
    struct transform_reply result2;

    if (!pipeline_process(&job->pipeline, job->value, &result1, error, sizeof error)) {
        snprintf(job->result, sizeof job->result, "ERROR(service1): %s", error);
        return false;
    }
    printf("[%s] Service1 done: value=%" PRId32 " -> processed=%" PRId32 "\n",
           job->short_id, job->value, result1.value);
    if (!pipeline_transform(&job->pipeline, result1.value, &result2, error,
                            sizeof error)) {
        snprintf(job->result, sizeof job->result, "ERROR(service2): %s", error);
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

static int compare_values(const void *a, const void *b)
{
    const struct job *left = a;
    const struct job *right = b;
    return (left->value > right->value) - (left->value < right->value);
}

/* Gives each job its value, a client of its own and a request id. */
static bool init_jobs(struct job *jobs, const int32_t *values, size_t count,
                      const char *service1_url, const char *service2_url, char *error,
                      size_t error_size)
{
    for (size_t i = 0; i < count; i++) {
        struct job *job = &jobs[i];
        job->value = values[i];
        if (!http_client_init(&job->client, error, error_size))
            return false;
        pipeline_init(&job->pipeline, &job->client, service1_url, service2_url);
        snprintf(job->short_id, sizeof job->short_id, "%.8s", job->pipeline.request_id);
        printf("[App] Spawning pipeline for value=%" PRId32 "  request_id=%s\n",
               job->value, job->short_id);
    }
    printf("\n");
    return true;
}

/* Runs all jobs at once and waits for each. */
static bool run_jobs(struct job *jobs, size_t count, char *error, size_t error_size)
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
        snprintf(error, error_size, "cannot start a thread: %s", strerror(failure));
    return failure == 0;
}

static bool print_results(struct job *jobs, size_t count, char *error, size_t error_size)
{
    size_t failed = 0;

    qsort(jobs, count, sizeof *jobs, compare_values);
    printf("\n--- Final Results (sorted by input value) ---\n");
    for (size_t i = 0; i < count; i++) {
        printf("  %" PRId32 " -> %s  [%s]\n", jobs[i].value, jobs[i].result,
               jobs[i].short_id);
        failed += !jobs[i].done;
    }
    if (failed > 0)
        snprintf(error, error_size, "%zu of %zu values failed", failed, count);
    return failed == 0;
}

static bool run_all(const int32_t *values, size_t count, char *error, size_t error_size)
{
    char service1_url[HTTP_URL_SIZE];
    char service2_url[HTTP_URL_SIZE];
    if (!http_service_url("SERVICE1_URL", "http://127.0.0.1:3001", service1_url, error,
                          error_size) ||
        !http_service_url("SERVICE2_URL", "http://127.0.0.1:3002", service2_url, error,
                          error_size))
        return false;

    printf("\n\nPhase 07: Distributed system (HTTP)\n\n");
    printf("--- Processing Distributed Pipeline (%zu values concurrently) ---\n\n",
           count);

    struct job *jobs = calloc(count, sizeof *jobs);
    if (!jobs) {
        snprintf(error, error_size, "cannot allocate %zu pipelines: %s", count,
                 strerror(errno));
        return false;
    }
    bool done =
        init_jobs(jobs, values, count, service1_url, service2_url, error, error_size) &&
        run_jobs(jobs, count, error, error_size);
    for (size_t i = 0; i < count; i++)
        http_client_cleanup(&jobs[i].client);
    done = done && print_results(jobs, count, error, error_size);
    free(jobs);
    return done;
}
