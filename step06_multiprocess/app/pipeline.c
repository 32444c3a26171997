#include "pipeline.h"

#include <inttypes.h>
#include <stdio.h>

/* Asks service 1 to double `value`. */
static bool pipeline_process(struct service_handle *service1, int32_t value,
                             struct process_reply *result, char *error, size_t error_size)
{
    const struct message request = {.kind = MESSAGE_PROCESS, .process = {.value = value}};
    struct message reply;

    if (!service_request(service1, &request, MESSAGE_PROCESS_RESULT, &reply, error,
                         error_size))
        return false;
    *result = reply.process_result;
    if (!result->processed)
        snprintf(error, error_size, "%s",
                 result->error[0] ? result->error : "service1: value not processed");
    return result->processed;
}

/* Asks service 2 to format `value`. */
static bool pipeline_transform(struct service_handle *service2, int32_t value,
                               struct transform_reply *result, char *error,
                               size_t error_size)
{
    const struct message request = {.kind = MESSAGE_TRANSFORM,
                                    .transform = {.value = value}};
    struct message reply;

    if (!service_request(service2, &request, MESSAGE_TRANSFORM_RESULT, &reply, error,
                         error_size))
        return false;
    *result = reply.transform_result;
    return true;
}

bool run_pipeline(struct service_handle *service1, struct service_handle *service2,
                  int32_t input, char *error, size_t error_size)
{
    printf("\n--- Processing Distributed Pipeline ---\n");
    printf("[App] Input value: %" PRId32 "\n", input);

    printf("[App] Sending to Service1...\n");
    struct process_reply result1;
    if (!pipeline_process(service1, input, &result1, error, error_size))
        return false;
    printf("[App] Service1 result: value=%" PRId32 ", processed=%s\n", result1.value,
           result1.processed ? "true" : "false");

    printf("\n[App] Sending to Service2...\n");
    struct transform_reply result2;
    if (!pipeline_transform(service2, result1.value, &result2, error, error_size))
        return false;
    printf("[App] Service2 result: original=%" PRId32 ", transformed=%s\n",
           result2.original, result2.transformed);

    printf("\n[App] Pipeline completed successfully!\n");
    printf("[App] Final result: %s\n", result2.transformed);
    return true;
}
