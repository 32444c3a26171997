/*
 * Step 08: app and services know only a message broker and the subjects on it. main()
 * runs the pipeline 42 -> 84 -> "Value-0084" by asking who listens there.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "nats_messaging.h"
#include "nats_url.h"
#include "output.h"
#include "pipeline.h"
#include "value.h"

static bool parse_arguments(int argc, char **argv, int32_t *input_value);
static bool run(int32_t input_value, char *error, size_t error_size);

int main(int argc, char **argv)
{
    int32_t input_value = 42;
    if (!parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    char error[NATS_ERROR_SIZE];
    bool done = run(input_value, error, sizeof error);
    if (!done) {
        fprintf(stderr, "Error: %s\n", error);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return finish_output();
}

static bool run(int32_t input_value, char *error, size_t error_size)
{
    const char *url = nats_url();
    if (!url) {
        snprintf(error, error_size, "NATS_URL is blank");
        return false;
    }

    printf("\n\nPhase 08: Message Broker Pipeline (NATS)\n\n");

    printf("[App] Connecting to %s...\n", url);
    struct nats_messaging messaging;
    struct pipeline pipeline;
    if (!nats_messaging_connect(&messaging, url, error, error_size))
        return false;
    printf("[App] Connected to NATS broker\n");
    pipeline_init(&pipeline, &messaging.base);
    bool done = run_pipeline(&pipeline, input_value, error, error_size);
    nats_messaging_disconnect(&messaging);
    return done;
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
