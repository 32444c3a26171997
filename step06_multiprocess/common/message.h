/*
 * The messages between the app and its services, one JSON document a line:
 *
 *   {"Process":{"value":42}}     ->  {"ProcessResult":{"value":84,"processed":true}}
 *   {"Transform":{"value":84}}   ->  {"TransformResult":{"original":84,
 *                                        "transformed":"Value-0084"}}
 *   "GetVersion"                 ->  {"VersionResult":{"service_name":"service1",
 *                                        "version":"0.1.0"}}
 *   "Shutdown"                       no reply, the service ends
 *   anything else                ->  {"Error":{"message":"..."}}
 */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sizes of texts in bytes, with the final NUL. */
#define MESSAGE_TEXT_SIZE 32
#define MESSAGE_ERROR_SIZE 256

/* Room for any message as JSON, with every character of its texts escaped. */
#define MESSAGE_JSON_SIZE 2048

struct process_request {
    int32_t value;
};

struct process_reply {
    int32_t value;                  /* the double, or the input if that does not fit */
    bool processed;                 /* whether it was doubled */
    char error[MESSAGE_ERROR_SIZE]; /* why not, otherwise empty */
};

struct transform_request {
    int32_t value;
};

struct transform_reply {
    int32_t original;
    char transformed[MESSAGE_TEXT_SIZE]; /* "Value-0084" */
};

struct version_reply {
    char service_name[MESSAGE_TEXT_SIZE]; /* "service1" */
    char version[MESSAGE_TEXT_SIZE];      /* "0.1.0" */
};

struct error_reply {
    char message[MESSAGE_ERROR_SIZE];
};

enum message_kind {
    MESSAGE_PROCESS,
    MESSAGE_PROCESS_RESULT,
    MESSAGE_TRANSFORM,
    MESSAGE_TRANSFORM_RESULT,
    MESSAGE_GET_VERSION,
    MESSAGE_VERSION_RESULT,
    MESSAGE_SHUTDOWN,
    MESSAGE_ERROR,
};

struct message {
    enum message_kind kind;
    union { /* the member that `kind` names */
        struct process_request process;
        struct process_reply process_result;
        struct transform_request transform;
        struct transform_reply transform_result;
        struct version_reply version_result;
        struct error_reply error;
    };
};

/*
 * Reads the `length` bytes at `json`. Fields may come in any order and unknown ones are
 * ignored; duplicates, wrong types and integers outside int32_t are errors. On failure
 * one line without a newline in `error` says what is wrong.
 */
bool message_parse(const char *json, size_t length, struct message *message,
                   char error[MESSAGE_ERROR_SIZE]);

/* Writes `message`, compact and without a NUL, and returns its length in bytes. */
size_t message_format(const struct message *message, char json[MESSAGE_JSON_SIZE]);

#endif
