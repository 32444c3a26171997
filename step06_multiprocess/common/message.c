#include "message.h"

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

static bool read_process(const json_t *body, struct message *message)
{
    message->kind = MESSAGE_PROCESS;
    return read_int32(body, "value", &message->process.value);
}

static bool read_process_result(const json_t *body, struct message *message)
{
    struct process_reply *reply = &message->process_result;
    message->kind = MESSAGE_PROCESS_RESULT;
    return read_int32(body, "value", &reply->value) &&
           read_bool(body, "processed", &reply->processed) &&
           read_optional_text(body, "error", reply->error, sizeof reply->error);
}

static bool read_transform(const json_t *body, struct message *message)
{
    message->kind = MESSAGE_TRANSFORM;
    return read_int32(body, "value", &message->transform.value);
}

static bool read_transform_result(const json_t *body, struct message *message)
{
    struct transform_reply *reply = &message->transform_result;
    message->kind = MESSAGE_TRANSFORM_RESULT;
    return read_int32(body, "original", &reply->original) &&
           read_text(body, "transformed", reply->transformed, sizeof reply->transformed);
}

static bool read_version_result(const json_t *body, struct message *message)
{
    struct version_reply *reply = &message->version_result;
    message->kind = MESSAGE_VERSION_RESULT;
    return read_text(body, "service_name", reply->service_name,
                     sizeof reply->service_name) &&
           read_text(body, "version", reply->version, sizeof reply->version);
}

static bool read_error(const json_t *body, struct message *message)
{
    struct error_reply *reply = &message->error;
    message->kind = MESSAGE_ERROR;
    return read_text(body, "message", reply->message, sizeof reply->message);
}

/* A message with fields is an object whose one key is the name of the message. */
static const struct {
    const char *name;
    bool (*read)(const json_t *body, struct message *message);
} readers[] = {
    {"Process", read_process},
    {"ProcessResult", read_process_result},
    {"Transform", read_transform},
    {"TransformResult", read_transform_result},
    {"VersionResult", read_version_result},
    {"Error", read_error},
};

static bool read_object(json_t *root, struct message *message,
                        char error[MESSAGE_ERROR_SIZE])
{
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        const json_t *body = json_object_get(root, readers[i].name);
        if (!body || json_object_size(root) != 1)
            continue;
        if (readers[i].read(body, message))
            return true;
        snprintf(error, MESSAGE_ERROR_SIZE,
                 "a field of %s is missing, too large or of a wrong type",
                 readers[i].name);
        return false;
    }
    snprintf(error, MESSAGE_ERROR_SIZE, "unknown message");
    return false;
}

/* A message without fields is a string, its name. */
static bool read_string(const char *name, struct message *message,
                        char error[MESSAGE_ERROR_SIZE])
{
    if (strcmp(name, "GetVersion") == 0) {
        message->kind = MESSAGE_GET_VERSION;
        return true;
    }
    if (strcmp(name, "Shutdown") == 0) {
        message->kind = MESSAGE_SHUTDOWN;
        return true;
    }
    snprintf(error, MESSAGE_ERROR_SIZE, "unknown message");
    return false;
}

bool message_parse(const char *json, size_t length, struct message *message,
                   char error[MESSAGE_ERROR_SIZE])
{
    json_error_t place;
    json_t *root =
        json_loadb(json, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &place);
    if (!root) {
        snprintf(error, MESSAGE_ERROR_SIZE, "not JSON, at byte %d", place.position);
        return false;
    }
    bool understood = json_is_string(root)
                          ? read_string(json_string_value(root), message, error)
                          : read_object(root, message, error);
    json_decref(root);
    return understood;
}

static json_t *to_json(const struct message *message)
{
    switch (message->kind) {
    case MESSAGE_PROCESS:
        return json_pack("{s:{s:i}}", "Process", "value", message->process.value);
    case MESSAGE_PROCESS_RESULT:
        return json_pack(
            "{s:{s:i,s:b,s:s*}}", "ProcessResult", "value", message->process_result.value,
            "processed", message->process_result.processed, "error",
            message->process_result.error[0] ? message->process_result.error : NULL);
    case MESSAGE_TRANSFORM:
        return json_pack("{s:{s:i}}", "Transform", "value", message->transform.value);
    case MESSAGE_TRANSFORM_RESULT:
        return json_pack("{s:{s:i,s:s}}", "TransformResult", "original",
                         message->transform_result.original, "transformed",
                         message->transform_result.transformed);
    case MESSAGE_GET_VERSION:
        return json_string("GetVersion");
    case MESSAGE_VERSION_RESULT:
        return json_pack("{s:{s:s,s:s}}", "VersionResult", "service_name",
                         message->version_result.service_name, "version",
                         message->version_result.version);
    case MESSAGE_SHUTDOWN:
        return json_string("Shutdown");
    case MESSAGE_ERROR:
        return json_pack("{s:{s:s}}", "Error", "message", message->error.message);
    }
    return NULL;
}

size_t message_format(const struct message *message, char json[MESSAGE_JSON_SIZE])
{
    json_t *root = to_json(message);
    size_t length =
        json_dumpb(root, json, MESSAGE_JSON_SIZE, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(root);
    return length;
}
