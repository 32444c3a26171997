#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline.h"

/* What the services are sent for 42, and what they reply; %s is the id of the request. */
#define ID ",\"request_id\":\"%s\""
#define REQUEST1 "{\"value\":42" ID "}"
#define REQUEST2 "{\"value\":84" ID "}"
#define REPLY1(fields) "{" fields ID "}"
#define REPLY2(fields) "{" fields ID "}"
#define ERROR(text) "{\"error\":\"" text "\"}"
#define DOUBLED "\"value\":84,\"processed\":true"
#define REFUSED "\"value\":42,\"processed\":false"
#define FORMATTED "\"original\":84,\"transformed\":\"Value-0084\""
#define BAD_FIELD(name) "field '" name "' is missing, too large or of a wrong type"

/* Stands in for a service: it always gives the same reply, and keeps what it was sent. */
struct fake {
    struct endpoint base;
    const char *reply; /* NULL: it cannot be reached */
    char sent[128];
};

static bool fake_request(struct endpoint *endpoint, const struct message_json *request,
                         struct message_json *reply, struct error *error)
{
    struct fake *self = (struct fake *)endpoint;
    size_t sent = strlen(self->sent);
    char id[REQUEST_ID_SIZE] = "";

    snprintf(self->sent + sent, sizeof self->sent - sent, "%.*s", (int)request->length,
             request->text);
    if (!self->reply)
        return error_set(error, "cannot be reached");
    sscanf(self->sent, "{\"value\":%*d,\"request_id\":\"%36[0-9a-f-]", id);
    reply->length = (size_t)snprintf(reply->text, sizeof reply->text, self->reply, id);
    return true;
}

static const struct endpoint_ops fake_ops = {.request = fake_request};

/* Runs the pipeline for 42 over services with these replies; error "" if it succeeds. */
static void run_with(const char *reply1, const char *reply2, bool reaches2,
                     const char *expected_error)
{
    struct fake service1 = {.base.ops = &fake_ops, .reply = reply1};
    struct fake service2 = {.base.ops = &fake_ops, .reply = reply2};
    struct pipeline pipeline;
    struct error error = {""};
    char expected[128];

    pipeline_init(&pipeline, &service1.base, &service2.base);
    bool done = run_pipeline(&pipeline, 42, &error);

    assert_string_equal(error.text, expected_error);
    assert_int_equal(done, expected_error[0] == '\0');
    snprintf(expected, sizeof expected, REQUEST1, pipeline.request_id);
    assert_string_equal(service1.sent, expected);
    snprintf(expected, sizeof expected, REQUEST2, pipeline.request_id);
    assert_string_equal(service2.sent, reaches2 ? expected : "");
}

static void both_replies_complete_the_pipeline(void **state)
{
    (void)state;
    run_with(REPLY1(DOUBLED), REPLY2(FORMATTED), true, "");
    run_with(REPLY1(DOUBLED ",\"error\":null"), REPLY2(FORMATTED ",\"error\":null"), true,
             "");
}

static void failures_are_told(void **state)
{
    (void)state;
    static const struct {
        int service; /* the one that gives this reply; the other is as it should be */
        const char *reply;
        const char *error;
    } rows[] = {
        {1, NULL, "cannot be reached"},
        {1, "value 84", "service1: bad reply: not JSON, at byte 5"},
        {1, REPLY1("\"value\":\"84\""), "service1: bad reply: " BAD_FIELD("value")},
        {1, ERROR("out of order"), "service1: out of order"},
        {1, REPLY1(REFUSED ",\"error\":\"overflow: 42\""), "overflow: 42"},
        {1, REPLY1(DOUBLED ",\"error\":\"overflow: 42\""), "overflow: 42"},
        {1, REPLY1(REFUSED ",\"error\":null"), "service1: value not processed"},
        {1, REPLY1("\"value\":85,\"processed\":true"),
         "service1: bad reply: 85 is not the double of 42"},
        {1, "{" DOUBLED ",\"request_id\":\"x\"}",
         "service1: bad reply: to another request"},
        {2, NULL, "cannot be reached"},
        {2, "Value-0084", "service2: bad reply: not JSON, at byte 5"},
        {2, REPLY2("\"original\":84"), "service2: bad reply: " BAD_FIELD("transformed")},
        {2, ERROR("out of order"), "service2: out of order"},
        {2, REPLY2(FORMATTED ",\"error\":\"no room\""), "service2: no room"},
        {2, REPLY2("\"original\":85,\"transformed\":\"Value-0085\""),
         "service2: bad reply: to 85 instead of 84"},
        {2, "{" FORMATTED ",\"request_id\":\"x\"}",
         "service2: bad reply: to another request"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].service == 1)
            run_with(rows[i].reply, REPLY2(FORMATTED), false, rows[i].error);
        else
            run_with(REPLY1(DOUBLED), rows[i].reply, true, rows[i].error);
    }
}

static void every_pipeline_has_its_own_id(void **state)
{
    (void)state;
    struct pipeline pipelines[2];

    pipeline_init(&pipelines[0], NULL, NULL);
    pipeline_init(&pipelines[1], NULL, NULL);
    assert_string_not_equal(pipelines[0].request_id, pipelines[1].request_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_replies_complete_the_pipeline),
        cmocka_unit_test(failures_are_told),
        cmocka_unit_test(every_pipeline_has_its_own_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
