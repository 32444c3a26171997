/*
 * How the app of steps 06 and 08 asks a service for its version: pipeline_version() over
 * an endpoint in memory. It is no part of app/test_pipeline.c because step 07 has no
 * versions. JSON is written here with ' for ".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pipeline.h"
#include "table.h"
#include "text.h"

#ifdef REQUEST_ID_SIZE
#define REQUEST "{'request_id':'{id}'}"
#define REPLY(fields) "{" fields ",'request_id':'{id}'}"
#define ERROR(text) "{'error':'" text "'}"
#define ID_TESTS 1
#else
#define REQUEST "'GetVersion'"
#define REPLY(fields) "{'VersionResult':{" fields "}}"
#define ERROR(text) "{'Error':{'message':'" text "'}}"
#define ID_TESTS 0
#endif
#define VERSION "'service_name':'service1','version':'0.1.0'"

/* Stands in for service 1: it keeps what it was sent, and gives a fixed reply. */
struct fake {
    struct endpoint base;
    const char *reply; /* {id} stands for the id of the request; NULL: none */
    char sent[128];
    char id[64];
};

static bool fake_request(struct endpoint *endpoint, const struct message_json *request,
                         struct message_json *reply, struct error *error)
{
    struct fake *self = (struct fake *)endpoint;
    const struct replacement replacements[] = {{"'", "\""}, {"{id}", self->id}};

    snprintf(self->sent, sizeof self->sent, "%.*s", (int)request->length, request->text);
    sscanf(self->sent, "{\"request_id\":\"%63[^\"]", self->id);
    if (!self->reply)
        return error_set(error, "cannot be reached");
    char *text = text_replace(self->reply, replacements, COUNT(replacements));
    reply->length = (size_t)snprintf(reply->text, sizeof reply->text, "%s", text);
    free(text);
    return true;
}

static const struct endpoint_ops fake_ops = {.request = fake_request};

struct reply_row {
    const char *name;
    const char *reply;
    const char *error; /* "": the version is known now */
};

static const struct reply_row reply_rows[] = {
    {"version", REPLY(VERSION), ""},
    {"cannot be reached", NULL, "cannot be reached"},
    {"not JSON", "version 0.1.0", "service1: bad reply: not JSON, at byte 7"},
    {"no version", REPLY("'service_name':'service1'"),
     "service1: bad reply: field 'version' is missing, too large or of a wrong type"},
    {"error", ERROR("out of order"), "service1: out of order"},
    {"another service", REPLY("'service_name':'service9','version':'0.1.0'"),
     "service1: bad reply: from service9"},
#ifdef REQUEST_ID_SIZE
    {"another id", "{" VERSION ",'request_id':'x'}",
     "service1: bad reply: to another request"},
#endif
};

static void asks_for_version(void **state)
{
    const struct reply_row *row = *state;
    struct fake fake = {.base.ops = &fake_ops, .reply = row->reply};
    struct version_reply version = {.version = ""};
    struct error error = {""};

    bool done = pipeline_version(&fake.base, "service1", &version, &error);
    const struct replacement replacements[] = {{"'", "\""}, {"{id}", fake.id}};
    char *request = text_replace(REQUEST, replacements, COUNT(replacements));

    assert_string_equal(error.text, row->error);
    assert_int_equal(done, row->error[0] == '\0');
    assert_string_equal(fake.sent, request);
    if (done) {
        assert_string_equal(version.service_name, "service1");
        assert_string_equal(version.version, "0.1.0");
    }

    free(request);
}

#ifdef REQUEST_ID_SIZE
static void every_request_has_its_own_id(void **state)
{
    (void)state;
    struct fake fakes[2] = {{.base.ops = &fake_ops}, {.base.ops = &fake_ops}};
    struct version_reply version;
    struct error error;

    for (size_t i = 0; i < COUNT(fakes); i++)
        pipeline_version(&fakes[i].base, "service1", &version, &error);
    assert_int_equal(strlen(fakes[0].id), 36); /* a UUID */
    assert_string_not_equal(fakes[0].id, fakes[1].id);
}
#endif

int main(void)
{
    struct CMUnitTest tests[COUNT(reply_rows) + ID_TESTS];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(reply_rows); i++)
        tests[count++] = table_test(reply_rows[i].name, asks_for_version, &reply_rows[i]);
#ifdef REQUEST_ID_SIZE
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(every_request_has_its_own_id);
#endif

    return cmocka_run_group_tests_name(STEP " version", tests, NULL, NULL);
}
