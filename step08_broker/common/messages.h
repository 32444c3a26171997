/*
 * The messages between the app and its services, each one JSON document. Below are the
 * subjects on which the requests travel.
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

#define SUBJECT_PROCESS "service.process"
#define SUBJECT_TRANSFORM "service.transform"
#define SUBJECT_VERSION1 "service.version.service1"
#define SUBJECT_VERSION2 "service.version.service2"

/* Sizes of texts in bytes, with the final NUL. */
#define MESSAGE_TEXT_SIZE 32
#define MESSAGE_ERROR_SIZE 256
#define REQUEST_ID_SIZE 64 /* a UUID takes 37 */

/* Room for any message as JSON, with every character of its texts escaped. */
#define MESSAGE_JSON_SIZE 2048

struct process_request {
    int32_t value;
    char request_id[REQUEST_ID_SIZE];
};

struct process_reply {
    int32_t value;  /* the double, or the input if that does not fit */
    bool processed; /* whether it was doubled */
    char request_id[REQUEST_ID_SIZE];
    char error[MESSAGE_ERROR_SIZE]; /* why not, otherwise empty */
};

struct transform_request {
    int32_t value;
    char request_id[REQUEST_ID_SIZE];
};

struct transform_reply {
    int32_t original;
    char transformed[MESSAGE_TEXT_SIZE]; /* "Value-0084" */
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

/* A message as it travels, `length` bytes without a NUL. */
struct message_json {
    char text[MESSAGE_JSON_SIZE];
    size_t length;
};

enum message_status {
    MESSAGE_OK,
    MESSAGE_NOT_JSON,
    MESSAGE_WRONG_SHAPE, /* JSON, but not this message */
    MESSAGE_REFUSED,     /* understood, but what it asks for cannot be done */
};

/*
 * Each reads the `length` bytes at `json`. Fields may come in any order and unknown ones
 * are ignored; duplicates, wrong types and integers outside int32_t are errors. Unless
 * the status is MESSAGE_OK, one line without a newline in `error` says what is wrong.
 */
enum message_status process_request_parse(const char *json, size_t length,
                                          struct process_request *request,
                                          char error[MESSAGE_ERROR_SIZE]);
enum message_status process_reply_parse(const char *json, size_t length,
                                        struct process_reply *reply,
                                        char error[MESSAGE_ERROR_SIZE]);
enum message_status transform_request_parse(const char *json, size_t length,
                                            struct transform_request *request,
                                            char error[MESSAGE_ERROR_SIZE]);
enum message_status transform_reply_parse(const char *json, size_t length,
                                          struct transform_reply *reply,
                                          char error[MESSAGE_ERROR_SIZE]);
enum message_status version_request_parse(const char *json, size_t length,
                                          struct version_request *request,
                                          char error[MESSAGE_ERROR_SIZE]);
enum message_status version_reply_parse(const char *json, size_t length,
                                        struct version_reply *reply,
                                        char error[MESSAGE_ERROR_SIZE]);

/* Each writes a message, compact. */
void process_request_format(const struct process_request *request,
                            struct message_json *json);
void process_reply_format(const struct process_reply *reply, struct message_json *json);
void transform_request_format(const struct transform_request *request,
                              struct message_json *json);
void transform_reply_format(const struct transform_reply *reply,
                            struct message_json *json);
void version_request_format(const struct version_request *request,
                            struct message_json *json);
void version_reply_format(const struct version_reply *reply, struct message_json *json);
void error_reply_format(const char *error, struct message_json *json);

#endif
