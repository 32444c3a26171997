/*
 * Step 07: the services are HTTP servers that run on their own, here or elsewhere. main()
 * runs the pipeline 42 -> 84 -> "Value-0084" by posting to both.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "http_client.h"
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

    char error[HTTP_ERROR_SIZE];
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        fprintf(stderr, "Error: libcurl: cannot be set up\n");
        return EXIT_FAILURE;
    }
    bool done = run(input_value, error, sizeof error);
    curl_global_cleanup();
    if (!done) {
        fprintf(stderr, "Error: %s\n", error);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return finish_output();
}

static bool run(int32_t input_value, char *error, size_t error_size)
{
    char service1_url[HTTP_URL_SIZE];
    char service2_url[HTTP_URL_SIZE];
    if (!http_service_url("SERVICE1_URL", "http://127.0.0.1:3001", service1_url, error,
                          error_size) ||
        !http_service_url("SERVICE2_URL", "http://127.0.0.1:3002", service2_url, error,
                          error_size))
        return false;

    printf("\n\nPhase 07: Distributed system (HTTP)\n\n");

    static struct http_client client; /* too large for some stacks */
    struct pipeline pipeline;
    if (!http_client_init(&client, error, error_size))
        return false;
    pipeline_init(&pipeline, &client, service1_url, service2_url);
    bool done = run_pipeline(&pipeline, input_value, error, error_size);
    http_client_cleanup(&client);
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
