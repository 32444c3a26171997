/*
 * Step 06: the components are processes of their own. main() starts both services, runs
 * the pipeline 42 -> 84 -> "Value-0084" over pipes to them, and shuts them down.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline.h"
#include "service_handle.h"

#define EXIT_USAGE 2

static bool parse_arguments(int argc, char **argv, int32_t *input_value);
static bool executable_dir(char *dir, size_t size, char *error, size_t error_size);
static bool run(struct service_handle *service1, struct service_handle *service2,
                int32_t input_value, char *error, size_t error_size);
static int finish_output(void);

int main(int argc, char **argv)
{
    int32_t input_value = 42;
    if (!parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    static struct service_handle service1; /* too large for some stacks */
    static struct service_handle service2;
    char error[SERVICE_ERROR_SIZE];
    service_setup_signals();
    service_init(&service1, "service1");
    service_init(&service2, "service2");
    bool done = run(&service1, &service2, input_value, error, sizeof error);
    service_kill(&service1);
    service_kill(&service2);
    if (!done) {
        fprintf(stderr, "Error: %s\n", error);
        return EXIT_FAILURE;
    }

    printf("\n[App] Execution complete\n");
    return finish_output();
}

static bool print_version(struct service_handle *service, char *error, size_t error_size)
{
    const struct message request = {.kind = MESSAGE_GET_VERSION};
    struct message reply;

    if (!service_request(service, &request, MESSAGE_VERSION_RESULT, &reply, error,
                         error_size))
        return false;
    printf("[App] %s version: %s\n", reply.version_result.service_name,
           reply.version_result.version);
    return true;
}

/* Takes both services through their life; main() ends what still runs after a failure. */
static bool run(struct service_handle *service1, struct service_handle *service2,
                int32_t input_value, char *error, size_t error_size)
{
    char dir[PATH_MAX];

    printf("\n\nPhase 06: Multi process\n\n");

    if (!executable_dir(dir, sizeof dir, error, error_size))
        return false;

    printf("[App] Starting service: Service1\n");
    if (!service_start(service1, dir, error, error_size))
        return false;
    printf("[App] Starting service: Service2\n");
    if (!service_start(service2, dir, error, error_size))
        return false;
    if (!print_version(service1, error, error_size) ||
        !print_version(service2, error, error_size))
        return false;

    if (!run_pipeline(service1, service2, input_value, error, error_size))
        return false;

    printf("\n[App] Cleaning up services...\n");
    printf("[App] Shutting down service: Service1\n");
    if (!service_shutdown(service1, error, error_size))
        return false;
    printf("[App] Shutting down service: Service2\n");
    if (!service_shutdown(service2, error, error_size))
        return false;
    printf("[App] All services shut down\n");
    return true;
}

/* Reads a whole decimal number; false if `text` is anything else or too large. */
static bool parse_value(const char *text, int32_t *value)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (isspace((unsigned char)*text) || end == text || *end != '\0' || errno == ERANGE ||
        number < INT32_MIN || number > INT32_MAX)
        return false;
    *value = (int32_t)number;
    return true;
}

/* Sets what the command line gives and leaves the rest; says what is wrong with it. */
static bool parse_arguments(int argc, char **argv, int32_t *input_value)
{
    if (argc > 2)
        fprintf(stderr, "Error: unexpected argument '%s'\n", argv[2]);
    else if (argc == 2 && !parse_value(argv[1], input_value))
        fprintf(stderr, "Error: '%s' is not a 32-bit integer\n", argv[1]);
    else
        return true;
    fprintf(stderr, "Usage: app [VALUE]\n");
    return false;
}

/* The directory of this program, without a slash at its end. Linux has it in /proc. */
static bool executable_dir(char *dir, size_t size, char *error, size_t error_size)
{
    ssize_t length = readlink("/proc/self/exe", dir, size - 1);
    if (length == -1) {
        snprintf(error, error_size, "cannot read /proc/self/exe: %s", strerror(errno));
        return false;
    }
    dir[length] = '\0';
    *strrchr(dir, '/') = '\0';
    return true;
}

/* Standard output is buffered: whether it could be written shows only here. */
static int finish_output(void)
{
    if (fflush(stdout) == EOF || ferror(stdout)) {
        fprintf(stderr, "Error: cannot write to standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
