/*
 * Step 08: app and services know only a message broker and the subjects on it. main()
 * runs the pipeline 42 -> 84 -> "Value-0084" by asking whoever listens there.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"
#include "pipeline.h"
#include "services.h"

static bool run(struct services *services, int32_t input_value, struct error *error);

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t input_value = 42;
    if (!cli_parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    printf("\n\nPhase 08: Message Broker Pipeline (NATS)\n\n");

    struct services services;
    struct error error;
    bool done = run(&services, input_value, &error);
    services_close(&services);
    if (!done) {
        fprintf(stderr, "Error: %s\n", error.text);
        return EXIT_FAILURE;
    }

    printf("\nExecution complete\n");
    return cli_finish_output();
}

static bool run(struct services *services, int32_t input_value, struct error *error)
{
    struct endpoint *service1 = &services->service1.base;
    struct endpoint *service2 = &services->service2.base;
    struct pipeline pipeline;

    pipeline_init(&pipeline, service1, service2);
    return services_open(services, error) && run_pipeline(&pipeline, input_value, error);
}
