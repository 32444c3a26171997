/*
 * The messages between the app and its services, each one JSON document:
 *
 *   {"value":42,"request_id":"..."}  ->  {"value":84,"processed":true,"request_id":"..."}
 *   {"value":84,"request_id":"..."}  ->  {"original":84,"transformed":"Value-0084",
 *                                            "request_id":"..."}
 *   {"request_id":"..."}             ->  {"service_name":"Service1","version":"0.1.0",
 *                                            "request_id":"..."}
 *   anything else                    ->  {"error":"..."}
 *
 * A reply has the id of its request, so that none is taken for another's.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* The subjects on which the requests travel. */
#define SUBJECT_PROCESS "service.process"
#define SUBJECT_TRANSFORM "service.transform"
#define SUBJECT_VERSION1 "service.version.service1"
#define SUBJECT_VERSION2 "service.version.service2"

/* Sizes of texts in bytes, with the final NUL. */
#define MESSAGE_TEXT_SIZE 32
#define MESSAGE_ERROR_SIZE 256
#define REQUEST_ID_SIZE 64 /* a UUID takes 37 */

/* The largest message as JSON, in bytes. */
#define MESSAGE_SIZE_MAX 65536

struct process_request {
    int32_t value;
    char request_id[REQUEST_ID_SIZE];
};

struct process_reply {
    int32_t value;                  /* the double, or the input if that does not fit */
    bool processed;                 /* whether it was doubled */
    char error[MESSAGE_ERROR_SIZE]; /* why not, otherwise empty */
    char request_id[REQUEST_ID_SIZE];
};

struct transform_request {
    int32_t value;
    char request_id[REQUEST_ID_SIZE];
};

struct transform_reply {
    int32_t original;
    char transformed[MESSAGE_TEXT_SIZE]; /* "Value-0084" */
    char error[MESSAGE_ERROR_SIZE];      /* why not, otherwise empty */
    char request_id[REQUEST_ID_SIZE];
};

struct version_request {
    char request_id[REQUEST_ID_SIZE];
};

struct version_reply {
    char service_name[MESSAGE_TEXT_SIZE]; /* "Service1" */
    char version[MESSAGE_TEXT_SIZE];      /* "0.1.0" */
    char request_id[REQUEST_ID_SIZE];
};

struct error_reply {
    char error[MESSAGE_ERROR_SIZE];
};

/* Which of them a message is, or has to be. */
enum message_kind {
    PROCESS_REQUEST,
    PROCESS_REPLY,
    TRANSFORM_REQUEST,
    TRANSFORM_REPLY,
    VERSION_REQUEST,
    VERSION_REPLY,
    ERROR_REPLY,
};

/* A message as JSON: `length` bytes, without a NUL at the end. */
struct message_json {
    size_t length;
    char text[MESSAGE_SIZE_MAX];
};

enum message_status {
    MESSAGE_OK,
    MESSAGE_NOT_JSON,
    MESSAGE_WRONG_SHAPE, /* JSON, but not this message */
    MESSAGE_REFUSED,     /* understood, but what it asks for cannot be done */
};

/*
 * Reads the `length` bytes at `json` into `message`, which is the struct of this `kind`.
 * Fields may come in any order and unknown ones are ignored; duplicates, wrong types and
 * integers outside int32_t are errors. Unless the status is MESSAGE_OK, `error`
 * says what is wrong, and `message` may be half filled.
 */
enum message_status message_parse(enum message_kind kind, const char *json, size_t length,
                                  void *message, struct error *error);

/* The same for a reply; an error reply is MESSAGE_REFUSED, and `error` is its text. */
enum message_status message_parse_reply(enum message_kind kind, const char *json,
                                        size_t length, void *reply, struct error *error);

/* Writes `message`, which is the struct of this `kind`, compact. Every message fits. */
void message_format(enum message_kind kind, const void *message,
                    struct message_json *json);

/* Writes an error reply with `text`, which is UTF-8 and cut off if too long. */
void message_format_error(const char *text, struct message_json *json);

#endif
