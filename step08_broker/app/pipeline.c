#include "pipeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <uuid.h>

static void make_request_id(char request_id[REQUEST_ID_SIZE])
{
    uuid_t id;

    uuid_generate_random(id);
    uuid_unparse_lower(id, request_id);
}

void pipeline_init(struct pipeline *pipeline, struct endpoint *service1,
                   struct endpoint *service2)
{
    pipeline->service1 = service1;
    pipeline->service2 = service2;
    make_request_id(pipeline->request_id);
}

/* Why a reply is not the one wanted: what the service says, or else what is wrong. */
static bool bad_reply(const char *service, enum message_status status,
                      const struct error *problem, struct error *error)
{
    return error_set(error, "%s: %s%s", service,
                     status == MESSAGE_REFUSED ? "" : "bad reply: ", problem->text);
}

bool pipeline_process(const struct pipeline *pipeline, int32_t value,
                      struct process_reply *result, struct error *error)
{
    struct process_request request = {.value = value};
    struct message_json json;
    struct message_json reply;
    struct error problem;

    memcpy(request.request_id, pipeline->request_id, sizeof pipeline->request_id);
    message_format(PROCESS_REQUEST, &request, &json);
    if (!endpoint_request(pipeline->service1, &json, &reply, error))
        return false;
    enum message_status status =
        message_parse_reply(PROCESS_REPLY, reply.text, reply.length, result, &problem);
    if (status != MESSAGE_OK)
        return bad_reply("service1", status, &problem, error);
    if (strcmp(result->request_id, pipeline->request_id) != 0)
        return error_set(error, "service1: bad reply: to another request");
    if (result->error[0]) /* in its own words, the same in all steps */
        return error_set(error, "%s", result->error);
    if (!result->processed)
        return error_set(error, "service1: value not processed");
    if (result->value != (int64_t)value * 2)
        return error_set(error,
                         "service1: bad reply: %" PRId32 " is not the double of %" PRId32,
                         result->value, value);
    return true;
}

bool pipeline_transform(const struct pipeline *pipeline, int32_t value,
                        struct transform_reply *result, struct error *error)
{
    struct transform_request request = {.value = value};
    struct message_json json;
    struct message_json reply;
    struct error problem;

    memcpy(request.request_id, pipeline->request_id, sizeof pipeline->request_id);
    message_format(TRANSFORM_REQUEST, &request, &json);
    if (!endpoint_request(pipeline->service2, &json, &reply, error))
        return false;
    enum message_status status =
        message_parse_reply(TRANSFORM_REPLY, reply.text, reply.length, result, &problem);
    if (status != MESSAGE_OK)
        return bad_reply("service2", status, &problem, error);
    if (strcmp(result->request_id, pipeline->request_id) != 0)
        return error_set(error, "service2: bad reply: to another request");
    if (result->error[0])
        return error_set(error, "service2: %s", result->error);
    if (result->original != value)
        return error_set(error, "service2: bad reply: to %" PRId32 " instead of %" PRId32,
                         result->original, value);
    return true;
}

bool pipeline_version(struct endpoint *service, const char *name,
                      struct version_reply *result, struct error *error)
{
    struct version_request request;
    struct message_json json;
    struct message_json reply;
    struct error problem;

    make_request_id(request.request_id);
    message_format(VERSION_REQUEST, &request, &json);
    if (!endpoint_request(service, &json, &reply, error))
        return false;
    enum message_status status =
        message_parse_reply(VERSION_REPLY, reply.text, reply.length, result, &problem);
    if (status != MESSAGE_OK)
        return bad_reply(name, status, &problem, error);
    if (strcmp(result->request_id, request.request_id) != 0)
        return error_set(error, "%s: bad reply: to another request", name);
    if (strcasecmp(result->service_name, name) != 0)
        return error_set(error, "%s: bad reply: from %s", name, result->service_name);
    return true;
}

bool run_pipeline(const struct pipeline *pipeline, int32_t input, struct error *error)
{
    printf("\n--- Processing Distributed Pipeline ---\n");
    printf("[App] Starting request: %s\n", pipeline->request_id);
    printf("[App] Input value: %" PRId32 "\n", input);

    printf("\n[App] Sending to \"%s\"...\n", SUBJECT_PROCESS);
    struct process_reply result1;
    if (!pipeline_process(pipeline, input, &result1, error))
        return false;
    printf("[App] Service1 result: value=%" PRId32 ", processed=%s\n", result1.value,
           result1.processed ? "true" : "false");

    printf("\n[App] Sending to \"%s\"...\n", SUBJECT_TRANSFORM);
    struct transform_reply result2;
    if (!pipeline_transform(pipeline, result1.value, &result2, error))
        return false;
    printf("[App] Service2 result: original=%" PRId32 ", transformed=%s\n",
           result2.original, result2.transformed);

    printf("\n[App] Pipeline completed successfully!\n");
    printf("[App] Final result: %s\n", result2.transformed);
    return true;
}
