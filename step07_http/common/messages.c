#include "messages.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* json_unpack() would cut an integer to 32 bits without a word. */
static bool read_int32(const json_t *object, const char *key, int32_t *value)
{
    const json_t *field = json_object_get(object, key);
    if (!json_is_integer(field))
        return false;
    json_int_t number = json_integer_value(field);
    if (number < INT32_MIN || number > INT32_MAX)
        return false;
    *value = (int32_t)number;
    return true;
}

static bool read_bool(const json_t *object, const char *key, bool *value)
{
    const json_t *field = json_object_get(object, key);
    *value = json_is_true(field);
    return json_is_boolean(field);
}

/* What it reads will be printed on one line, so control characters are refused. */
static bool read_text(const json_t *object, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(object, key));
    if (!value || strlen(value) >= size)
        return false;
    for (size_t i = 0; value[i]; i++) {
        if (iscntrl((unsigned char)value[i]))
            return false;
    }
    snprintf(text, size, "%s", value);
    return true;
}

/* A reply without an error is the normal case. */
static bool read_optional_text(const json_t *object, const char *key, char *text,
                               size_t size)
{
    text[0] = '\0';
    return !json_object_get(object, key) || read_text(object, key, text, size);
}

static json_t *load(const char *json, size_t length, char error[MESSAGE_ERROR_SIZE])
{
    json_error_t place;
    json_t *root =
        json_loadb(json, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &place);
    if (!root)
        snprintf(error, MESSAGE_ERROR_SIZE, "not JSON, at byte %d", place.position);
    return root;
}

/* Ends the reading of `root`, which was the message that was expected if `complete`. */
static enum message_status finish(json_t *root, bool complete,
                                  char error[MESSAGE_ERROR_SIZE])
{
    json_decref(root);
    if (complete)
        return MESSAGE_OK;
    snprintf(error, MESSAGE_ERROR_SIZE,
             "a field is missing, too large or of a wrong type");
    return MESSAGE_WRONG_SHAPE;
}

/* The same for a reply: one of another shape may be an error reply, which says more. */
static enum message_status finish_reply(json_t *root, bool complete,
                                        char error[MESSAGE_ERROR_SIZE])
{
    if (!complete && read_text(root, "error", error, MESSAGE_ERROR_SIZE) && error[0]) {
        json_decref(root);
        return MESSAGE_WRONG_SHAPE;
    }
    return finish(root, complete, error);
}

/* Both kinds of request have a value and an id. */
static enum message_status parse_request(const char *json, size_t length, int32_t *value,
                                         char request_id[REQUEST_ID_SIZE],
                                         char error[MESSAGE_ERROR_SIZE])
{
    json_t *root = load(json, length, error);
    if (!root)
        return MESSAGE_NOT_JSON;
    bool complete = read_int32(root, "value", value) &&
                    read_text(root, "request_id", request_id, REQUEST_ID_SIZE);
    return finish(root, complete, error);
}

enum message_status process_request_parse(const char *json, size_t length,
                                          struct process_request *request,
                                          char error[MESSAGE_ERROR_SIZE])
{
    return parse_request(json, length, &request->value, request->request_id, error);
}

enum message_status process_reply_parse(const char *json, size_t length,
                                        struct process_reply *reply,
                                        char error[MESSAGE_ERROR_SIZE])
{
    json_t *root = load(json, length, error);
    if (!root)
        return MESSAGE_NOT_JSON;
    bool complete = read_int32(root, "value", &reply->value) &&
                    read_bool(root, "processed", &reply->processed) &&
                    read_text(root, "request_id", reply->request_id, REQUEST_ID_SIZE) &&
                    read_optional_text(root, "error", reply->error, sizeof reply->error);
    return finish_reply(root, complete, error);
}

enum message_status transform_request_parse(const char *json, size_t length,
                                            struct transform_request *request,
                                            char error[MESSAGE_ERROR_SIZE])
{
    return parse_request(json, length, &request->value, request->request_id, error);
}

enum message_status transform_reply_parse(const char *json, size_t length,
                                          struct transform_reply *reply,
                                          char error[MESSAGE_ERROR_SIZE])
{
    json_t *root = load(json, length, error);
    if (!root)
        return MESSAGE_NOT_JSON;
    bool complete =
        read_int32(root, "original", &reply->original) &&
        read_text(root, "transformed", reply->transformed, sizeof reply->transformed) &&
        read_text(root, "request_id", reply->request_id, REQUEST_ID_SIZE);
    return finish_reply(root, complete, error);
}

/* Writes `root` and gives it back. */
static void dump(json_t *root, struct message_json *json)
{
    json->length = json_dumpb(root, json->text, sizeof json->text, JSON_COMPACT);
    json_decref(root);
}

void process_request_format(const struct process_request *request,
                            struct message_json *json)
{
    dump(json_pack("{s:i,s:s}", "value", request->value, "request_id",
                   request->request_id),
         json);
}

void process_reply_format(const struct process_reply *reply, struct message_json *json)
{
    dump(json_pack("{s:i,s:b,s:s,s:s*}", "value", reply->value, "processed",
                   reply->processed, "request_id", reply->request_id, "error",
                   reply->error[0] ? reply->error : NULL),
         json);
}

void transform_request_format(const struct transform_request *request,
                              struct message_json *json)
{
    dump(json_pack("{s:i,s:s}", "value", request->value, "request_id",
                   request->request_id),
         json);
}

void transform_reply_format(const struct transform_reply *reply,
                            struct message_json *json)
{
    dump(json_pack("{s:i,s:s,s:s}", "original", reply->original, "transformed",
                   reply->transformed, "request_id", reply->request_id),
         json);
}

void error_reply_format(const char *error, struct message_json *json)
{
    dump(json_pack("{s:s}", "error", error), json);
}
