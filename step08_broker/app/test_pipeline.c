#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline.h"

/* Stands in for the broker: it gives a fixed answer to each subject, "%s" for the id. */
struct fake_messaging {
    struct messaging base;
    const char *process_answer;
    const char *transform_answer;
};

static bool fake_request(const struct messaging *messaging, const char *subject,
                         const struct message_json *request, struct message_json *reply,
                         char *error, size_t error_size)
{
    const struct fake_messaging *self = (const struct fake_messaging *)messaging;
    const char *answer = strcmp(subject, "service.process") == 0 ? self->process_answer
                         : strcmp(subject, "service.transform") == 0
                             ? self->transform_answer
                             : NULL;
    if (!answer) {
        snprintf(error, error_size, "%s: nobody listens", subject);
        return false;
    }

    /* A request ends with its id: ..."request_id":"9c0e..."} */
    char id[PIPELINE_ID_SIZE];
    memcpy(id, request->text + request->length - 2 - (PIPELINE_ID_SIZE - 1),
           PIPELINE_ID_SIZE - 1);
    id[PIPELINE_ID_SIZE - 1] = '\0';
    const char *place = strstr(answer, "%s");
    int length = place ? snprintf(reply->text, sizeof reply->text, "%.*s%s%s",
                                  (int)(place - answer), answer, id, place + 2)
                       : snprintf(reply->text, sizeof reply->text, "%s", answer);
    reply->length = (size_t)length;
    return true;
}

static const struct messaging_ops fake_ops = {
    .request = fake_request,
};

/* Runs the pipeline for 42 over a broker that gives these answers. */
static bool run_with(const char *process_answer, const char *transform_answer,
                     char *error, size_t error_size)
{
    const struct fake_messaging fake = {
        .base.ops = &fake_ops,
        .process_answer = process_answer,
        .transform_answer = transform_answer,
    };
    struct pipeline pipeline;
    pipeline_init(&pipeline, &fake.base);
    return run_pipeline(&pipeline, 42, error, error_size);
}

#define PROCESSED "{\"value\":84,\"processed\":true,\"request_id\":\"%s\"}"
#define TRANSFORMED                                                                      \
    "{\"original\":84,\"transformed\":\"Value-0084\",\"request_id\":\"%s\"}"

static void both_answers_complete_the_pipeline(void **state)
{
    (void)state;
    char error[256] = "";

    assert_true(run_with(PROCESSED, TRANSFORMED, error, sizeof error));
    assert_string_equal(error, "");
}

static void failures_are_told(void **state)
{
    (void)state;
    static const struct {
        const char *process_answer;
        const char *transform_answer;
        const char *error;
    } rows[] = {
        {NULL, TRANSFORMED, "service.process: nobody listens"},
        {PROCESSED, NULL, "service.transform: nobody listens"},
        {"{\"value\":84,\"processed\":true,\"request_id\":\"x\"}", TRANSFORMED,
         "service1: bad answer: to another request"},
        {"{\"value\":42,\"processed\":false,\"request_id\":\"%s\",\"error\":\"too "
         "late\"}",
         TRANSFORMED, "too late"},
        {"{\"error\":\"out of order\"}", TRANSFORMED,
         "service1: bad answer: out of order"},
        {PROCESSED, "Value-0084", "service2: bad answer: not JSON, at byte 5"},
        {PROCESSED, "{}",
         "service2: bad answer: a field is missing, too large or of a wrong type"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char error[256] = "";
        assert_false(run_with(rows[i].process_answer, rows[i].transform_answer, error,
                              sizeof error));
        assert_string_equal(error, rows[i].error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_answers_complete_the_pipeline),
        cmocka_unit_test(failures_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
