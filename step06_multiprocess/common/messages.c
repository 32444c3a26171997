#include "messages.h"

#include <jansson.h>
#include <string.h>

#include "printable.h"

enum field_type {
    FIELD_INT32,
    FIELD_BOOL,
    FIELD_TEXT,
    FIELD_ERROR, /* a text that is absent or null when all went well */
};

/* A field of a message: its name in JSON, and the member of the struct that holds it. */
struct field {
    const char *name;
    enum field_type type;
    size_t offset; /* of the member, in bytes */
    size_t size;   /* of the member, in bytes */
};

#define MEMBER(type, name) offsetof(struct type, name), sizeof(((struct type *)0)->name)

/* The fields of each message, in the order in which they are written. */
static const struct field process_request_fields[] = {
    {"value", FIELD_INT32, MEMBER(process_request, value)},
    {0},
};
static const struct field process_reply_fields[] = {
    {"value", FIELD_INT32, MEMBER(process_reply, value)},
    {"processed", FIELD_BOOL, MEMBER(process_reply, processed)},
    {"error", FIELD_ERROR, MEMBER(process_reply, error)},
    {0},
};
static const struct field transform_request_fields[] = {
    {"value", FIELD_INT32, MEMBER(transform_request, value)},
    {0},
};
static const struct field transform_reply_fields[] = {
    {"original", FIELD_INT32, MEMBER(transform_reply, original)},
    {"transformed", FIELD_TEXT, MEMBER(transform_reply, transformed)},
    {"error", FIELD_ERROR, MEMBER(transform_reply, error)},
    {0},
};
static const struct field version_reply_fields[] = {
    {"service_name", FIELD_TEXT, MEMBER(version_reply, service_name)},
    {"version", FIELD_TEXT, MEMBER(version_reply, version)},
    {0},
};
static const struct field error_reply_fields[] = {
    {"message", FIELD_ERROR, MEMBER(error_reply, error)},
    {0},
};

/* A message is an object with its name as the only key; without fields, its name. */
static const struct {
    const char *name;
    const struct field *fields;
} kinds[] = {
    [PROCESS_REQUEST] = {"Process", process_request_fields},
    [PROCESS_REPLY] = {"ProcessResult", process_reply_fields},
    [TRANSFORM_REQUEST] = {"Transform", transform_request_fields},
    [TRANSFORM_REPLY] = {"TransformResult", transform_reply_fields},
    [VERSION_REQUEST] = {"GetVersion", NULL},
    [VERSION_REPLY] = {"VersionResult", version_reply_fields},
    [SHUTDOWN_REQUEST] = {"Shutdown", NULL},
    [ERROR_REPLY] = {"Error", error_reply_fields},
};

/* json_unpack() would silently cut an integer to 32 bits. */
static bool read_int32(const json_t *value, int32_t *member)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < INT32_MIN || number > INT32_MAX)
        return false;
    *member = (int32_t)number;
    return true;
}

/* The text will be printed on one line, so control characters are refused. */
static bool read_text(const json_t *value, char *member, size_t size)
{
    const char *text = json_string_value(value);
    if (!text || strlen(text) >= size)
        return false;
    memcpy(member, text, strlen(text) + 1);
    return strcmp(printable(member), text) == 0;
}

/* An error is shown in any case: cut off if too long, with "?" for control characters. */
static void copy_error(char *to, size_t size, const char *text)
{
    size_t length = strlen(text);

    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80)
            length--; /* not inside a character */
    }
    memcpy(to, text, length);
    to[length] = '\0';
    printable(to);
}

static bool read_error(const json_t *value, char *member, size_t size)
{
    const char *text = json_string_value(value);

    copy_error(member, size, text ? text : "");
    return text || !value || json_is_null(value);
}

static bool read_field(const struct field *field, const json_t *body, void *message)
{
    const json_t *value = json_object_get(body, field->name);
    char *member = (char *)message + field->offset;

    switch (field->type) {
    case FIELD_INT32:
        return read_int32(value, (int32_t *)(void *)member);
    case FIELD_BOOL:
        *(bool *)member = json_is_true(value);
        return json_is_boolean(value);
    case FIELD_TEXT:
        return read_text(value, member, field->size);
    case FIELD_ERROR:
        return read_error(value, member, field->size);
    }
    return false;
}

static json_t *load(const char *json, size_t length, enum message_status *status,
                    struct error *error)
{
    json_error_t place;
    const char *nul = memchr(json, '\0', length); /* jansson skips one after a number */
    if (nul) {
        *status = MESSAGE_NOT_JSON;
        error_set(error, "not JSON, at byte %d", (int)(nul - json) + 1);
        return NULL;
    }
    json_t *root =
        json_loadb(json, length, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &place);
    if (root)
        return root;
    *status = MESSAGE_WRONG_SHAPE;
    switch (json_error_code(&place)) {
    case json_error_duplicate_key:
        error_set(error, "a field is given twice, at byte %d", place.position);
        break;
    case json_error_numeric_overflow:
        error_set(error, "a number is too large, at byte %d", place.position);
        break;
    case json_error_null_character:
    case json_error_null_byte_in_key:
        error_set(error, "a text contains \\u0000, at byte %d", place.position);
        break;
    case json_error_stack_overflow:
        error_set(error, "nested too deeply, at byte %d", place.position);
        break;
    default:
        *status = MESSAGE_NOT_JSON;
        error_set(error, "not JSON, at byte %d", place.position);
        break;
    }
    return NULL;
}

/* What holds the fields: the value of the only key, or the name itself if there are none.
 */
static const json_t *open_envelope(const json_t *root, enum message_kind kind)
{
    const char *name = kinds[kind].name;

    if (kinds[kind].fields)
        return json_object_size(root) == 1 ? json_object_get(root, name) : NULL;
    return json_is_string(root) && strcmp(json_string_value(root), name) == 0 ? root
                                                                              : NULL;
}

enum message_status message_parse(enum message_kind kind, const char *json, size_t length,
                                  void *message, struct error *error)
{
    enum message_status status = MESSAGE_OK;
    json_t *root = load(json, length, &status, error);
    if (!root)
        return status;

    const json_t *body = open_envelope(root, kind);
    if (!body) {
        error_set(error, "not a %s message", kinds[kind].name);
        status = MESSAGE_WRONG_SHAPE;
    }
    const struct field *field = kinds[kind].fields;
    for (; status == MESSAGE_OK && field && field->name; field++) {
        if (read_field(field, body, message))
            continue;
        error_set(error, "field '%s' is missing, too large or of a wrong type",
                  field->name);
        status = MESSAGE_WRONG_SHAPE;
    }
    json_decref(root);
    return status;
}

enum message_status message_parse_reply(enum message_kind kind, const char *json,
                                        size_t length, void *reply, struct error *error)
{
    struct error_reply refusal;
    struct error ignored;

    enum message_status status = message_parse(kind, json, length, reply, error);
    if (status != MESSAGE_WRONG_SHAPE ||
        message_parse(ERROR_REPLY, json, length, &refusal, &ignored) != MESSAGE_OK ||
        refusal.error[0] == '\0')
        return status;
    error_set(error, "%s", refusal.error);
    return MESSAGE_REFUSED;
}

static void write_field(const struct field *field, const void *message, json_t *body)
{
    const char *member = (const char *)message + field->offset;
    json_t *value = NULL;

    switch (field->type) {
    case FIELD_INT32:
        value = json_integer(*(const int32_t *)(const void *)member);
        break;
    case FIELD_BOOL:
        value = json_boolean(*(const bool *)member);
        break;
    case FIELD_TEXT:
        value = json_string(member);
        break;
    case FIELD_ERROR:
        if (!member[0])
            return;
        value = json_string(member);
        break;
    }
    json_object_set_new(body, field->name, value);
}

void message_format(enum message_kind kind, const void *message,
                    struct message_json *json)
{
    json_t *root = json_string(kinds[kind].name);
    if (kinds[kind].fields) {
        json_t *body = json_object();
        for (const struct field *field = kinds[kind].fields; field->name; field++)
            write_field(field, message, body);
        json_decref(root);
        root = json_pack("{s:o}", kinds[kind].name, body);
    }
    json->length =
        json_dumpb(root, json->text, sizeof json->text, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(root);
}

void message_format_error(const char *text, struct message_json *json)
{
    struct error_reply reply;

    copy_error(reply.error, sizeof reply.error, text);
    message_format(ERROR_REPLY, &reply, json);
}
