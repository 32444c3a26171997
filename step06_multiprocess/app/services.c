#include "services.h"

#include <stdio.h>

#include "executable.h"
#include "standard_fds.h"

bool services_open(struct services *services, struct error *error)
{
    char dir[PATH_MAX];

    standard_fds_reserve();
    pipe_endpoint_init(&services->service1, "service1");
    pipe_endpoint_init(&services->service2, "service2");
    if (!child_block_signals(error) || !executable_dir(dir, error))
        return false;
    printf("[App] Starting service: Service1\n");
    if (!pipe_endpoint_start(&services->service1, dir, error))
        return false;
    printf("[App] Starting service: Service2\n");
    return pipe_endpoint_start(&services->service2, dir, error);
}

bool services_shutdown(struct services *services, struct error *error)
{
    printf("\n[App] Cleaning up services...\n");
    printf("[App] Shutting down service: Service1\n");
    if (!pipe_endpoint_shutdown(&services->service1, error))
        return false;
    printf("[App] Shutting down service: Service2\n");
    if (!pipe_endpoint_shutdown(&services->service2, error))
        return false;
    printf("[App] All services shut down\n");
    return true;
}

void services_close(struct services *services)
{
    pipe_endpoint_kill(&services->service1);
    pipe_endpoint_kill(&services->service2);
    child_unblock_signals(); /* does not return if the app was told to stop */
}
