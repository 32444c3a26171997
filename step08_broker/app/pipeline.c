#include "pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <uuid.h>

void pipeline_init(struct pipeline *pipeline, const struct messaging *messaging)
{
    uuid_t id;

    pipeline->messaging = messaging;
    uuid_generate_random(id);
    uuid_unparse_lower(id, pipeline->request_id);
}

bool pipeline_process(struct pipeline *pipeline, int32_t value,
                      struct process_reply *result, char *error, size_t error_size)
{
    struct process_request request = {.value = value};
    struct message_json json;
    struct message_json reply;
    char problem[MESSAGE_ERROR_SIZE];

    snprintf(request.request_id, sizeof request.request_id, "%s", pipeline->request_id);
    process_request_format(&request, &json);
    if (!messaging_request(pipeline->messaging, SUBJECT_PROCESS, &json, &reply, error,
                           error_size))
        return false;
    if (process_reply_parse(reply.text, reply.length, result, problem) != MESSAGE_OK) {
        snprintf(error, error_size, "service1: bad answer: %s", problem);
        return false;
    }
    if (strcmp(result->request_id, pipeline->request_id) != 0) {
        snprintf(error, error_size, "service1: bad answer: to another request");
        return false;
    }
    if (!result->processed)
        snprintf(error, error_size, "%s",
                 result->error[0] ? result->error : "service1: value not processed");
    return result->processed;
}

bool pipeline_transform(struct pipeline *pipeline, int32_t value,
                        struct transform_reply *result, char *error, size_t error_size)
{
    struct transform_request request = {.value = value};
    struct message_json json;
    struct message_json reply;
    char problem[MESSAGE_ERROR_SIZE];

    snprintf(request.request_id, sizeof request.request_id, "%s", pipeline->request_id);
    transform_request_format(&request, &json);
    if (!messaging_request(pipeline->messaging, SUBJECT_TRANSFORM, &json, &reply, error,
                           error_size))
        return false;
    if (transform_reply_parse(reply.text, reply.length, result, problem) != MESSAGE_OK) {
        snprintf(error, error_size, "service2: bad answer: %s", problem);
        return false;
    }
    if (strcmp(result->request_id, pipeline->request_id) != 0) {
        snprintf(error, error_size, "service2: bad answer: to another request");
        return false;
    }
    return true;
}

bool pipeline_version(struct pipeline *pipeline, const char *subject,
                      struct version_reply *result, char *error, size_t error_size)
{
    struct version_request request;
    struct message_json json;
    struct message_json reply;
    char problem[MESSAGE_ERROR_SIZE];

    snprintf(request.request_id, sizeof request.request_id, "%s", pipeline->request_id);
    version_request_format(&request, &json);
    if (!messaging_request(pipeline->messaging, subject, &json, &reply, error,
                           error_size))
        return false;
    if (version_reply_parse(reply.text, reply.length, result, problem) != MESSAGE_OK) {
        snprintf(error, error_size, "%s: bad answer: %s", subject, problem);
        return false;
    }
    if (strcmp(result->request_id, pipeline->request_id) != 0) {
        snprintf(error, error_size, "%s: bad answer: to another request", subject);
        return false;
    }
    return true;
}

bool run_pipeline(struct pipeline *pipeline, int32_t input, char *error,
                  size_t error_size)
{
    printf("\n--- Processing Distributed Pipeline ---\n");
    printf("[App] Starting request: %s\n", pipeline->request_id);
    printf("[App] Input value: %" PRId32 "\n", input);

    printf("\n[App] Sending to \"%s\"...\n", SUBJECT_PROCESS);
    struct process_reply result1;
    if (!pipeline_process(pipeline, input, &result1, error, error_size))
        return false;
    printf("[App] Service1 result: value=%" PRId32 ", processed=%s\n", result1.value,
           result1.processed ? "true" : "false");

    printf("\n[App] Sending to \"%s\"...\n", SUBJECT_TRANSFORM);
    struct transform_reply result2;
    if (!pipeline_transform(pipeline, result1.value, &result2, error, error_size))
        return false;
    printf("[App] Service2 result: original=%" PRId32 ", transformed=%s\n",
           result2.original, result2.transformed);

    printf("\n[App] Pipeline completed successfully!\n");
    printf("[App] Final result: %s\n", result2.transformed);
    return true;
}
