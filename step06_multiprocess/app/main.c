/*
 * Step 06: the components are processes of their own. main() starts both services, runs
 * the pipeline 42 -> 84 -> "Value-0084" over pipes to them, and shuts them down.
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

    printf("\n\nPhase 06: Multi process\n\n");

    struct services services;
    struct error error;
    bool done = run(&services, input_value, &error);
    services_close(&services);
    if (!done) {
        fprintf(stderr, "Error: %s\n", error.text);
        return EXIT_FAILURE;
    }

    printf("\n[App] Execution complete\n");
    return cli_finish_output();
}

static bool print_version(struct endpoint *service, const char *name, struct error *error)
{
    struct version_reply version;

    if (!pipeline_version(service, name, &version, error))
        return false;
    printf("[App] %s version: %s\n", version.service_name, version.version);
    return true;
}

static bool run(struct services *services, int32_t input_value, struct error *error)
{
    struct endpoint *service1 = &services->service1.base;
    struct endpoint *service2 = &services->service2.base;
    struct pipeline pipeline;

    pipeline_init(&pipeline, service1, service2);
    return services_open(services, error) && print_version(service1, "service1", error) &&
           print_version(service2, "service2", error) &&
           run_pipeline(&pipeline, input_value, error) &&
           services_shutdown(services, error);
}
