/*
 * What steps 06 to 08 make of JSON, whoever sends it: one table for the parsers of all
 * three, which are called directly, and one for what they write. Step 06 has an envelope
 * around the fields of a message, the others a request id among them; the tests put that
 * around the fields of a row. JSON is written here with ' for ".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "messages.h"
#include "table.h"

/* The step under test shows by its header what its messages have. */
#ifdef REQUEST_ID_SIZE
#define HAS_ID
#endif
#if !defined HAS_ID || defined SUBJECT_VERSION1
#define HAS_VERSION
#endif

union message {
    struct process_request process_request;
    struct process_reply process_reply;
    struct transform_request transform_request;
    struct transform_reply transform_reply;
#ifdef HAS_VERSION
    struct version_reply version_reply;
#endif
#ifdef SUBJECT_VERSION1
    struct version_request version_request;
#endif
    struct error_reply error_reply;
};

/* How both kinds of step write the same message. */
#ifdef HAS_ID
#define ID ",'request_id':'x'"
#define READ_ID " id=x"
#define SET_ID , .request_id = "x"
#define MESSAGE(name, fields) "{" fields "}"
#define ERROR(value) "{'error':" value "}"
#define ERROR_FIELD "error"
#define NOT_A(name, field) BAD(field)
#else
#define ID ""
#define READ_ID ""
#define SET_ID
#define MESSAGE(name, fields) "{'" name "':{" fields "}}"
#define ERROR(value) "{'Error':{'message':" value "}}"
#define ERROR_FIELD "message"
#define NOT_A(name, field) "not a " name " message"
#endif
#define BAD(field) "field '" field "' is missing, too large or of a wrong type"
#define TWICE "a field is given twice"
#define TOO_LARGE "a number is too large"
#define HAS_NUL "a text contains \\u0000"
#define NOT_JSON "not JSON"
#define PROCESS(fields) MESSAGE("Process", fields ID)
#define PROCESSED(fields) MESSAGE("ProcessResult", fields)
#define TRANSFORM(fields) MESSAGE("Transform", fields ID)
#define TRANSFORMED(fields) MESSAGE("TransformResult", fields)
#define VERSION(fields) MESSAGE("VersionResult", fields)
#define NOT_PROCESS NOT_A("Process", "value")
#define NOT_PROCESSED NOT_A("ProcessResult", "value")

/* Texts of as many bytes. */
#define TEXT_10 "0123456789"
#define TEXT_31 TEXT_10 TEXT_10 TEXT_10 "a"
#define TEXT_63 TEXT_10 TEXT_10 TEXT_10 TEXT_10 TEXT_10 TEXT_10 "abc"
#define TEXT_252 TEXT_63 TEXT_63 TEXT_63 TEXT_63

/* A message of the right kind around the fields that vary. */
struct field_row {
    const char *name;
    enum message_kind kind;
    const char *fields;
    enum message_status status;
    const char *expected; /* what was read, see read_back(), or the error */
    int at;               /* the byte of the fields that the error names, or 0 */
    size_t length;        /* of fields that hold a NUL, or 0 */
};

#define NOT_AT 0, 0 /* the error names no byte */
#define AT(byte) byte, 0
#define WITH_NUL(fields) (sizeof(fields) - 1)

static const struct field_row field_rows[] = {
    {"42", PROCESS_REQUEST, "'value':42", MESSAGE_OK, "42", NOT_AT},
    {"smallest", PROCESS_REQUEST, "'value':-2147483648", MESSAGE_OK, "-2147483648",
     NOT_AT},
    {"largest", PROCESS_REQUEST, "'value':2147483647", MESSAGE_OK, "2147483647", NOT_AT},
    {"smallest that has a double", PROCESS_REQUEST, "'value':-1073741824", MESSAGE_OK,
     "-1073741824", NOT_AT},
    {"largest that has a double", PROCESS_REQUEST, "'value':1073741823", MESSAGE_OK,
     "1073741823", NOT_AT},
    {"double too large", PROCESS_REQUEST, "'value':1073741824", MESSAGE_OK, "1073741824",
     NOT_AT},
    {"double too small", PROCESS_REQUEST, "'value':-1073741825", MESSAGE_OK,
     "-1073741825", NOT_AT},
    {"-0", PROCESS_REQUEST, "'value':-0", MESSAGE_OK, "0", NOT_AT},
    {"unknown field before", PROCESS_REQUEST, "'a':[null,{}],'value':42", MESSAGE_OK,
     "42", NOT_AT},
    {"unknown field behind", PROCESS_REQUEST, "'value':42,'a':{}", MESSAGE_OK, "42",
     NOT_AT},
    {"unknown field with a known name inside", PROCESS_REQUEST,
     "'value':42,'new':{'value':'1'},'error':1", MESSAGE_OK, "42", NOT_AT},
    {"name with an escape", PROCESS_REQUEST, "'\\u0076alue':42", MESSAGE_OK, "42",
     NOT_AT},
    {"white space", PROCESS_REQUEST, "\r\n\t 'value' :\t42 \r\n", MESSAGE_OK, "42",
     NOT_AT},
    {"text", PROCESS_REQUEST, "'value':'42'", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"true", PROCESS_REQUEST, "'value':true", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"null", PROCESS_REQUEST, "'value':null", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"array", PROCESS_REQUEST, "'value':[42]", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"object", PROCESS_REQUEST, "'value':{'value':42}", MESSAGE_WRONG_SHAPE, BAD("value"),
     NOT_AT},
    {"42.0", PROCESS_REQUEST, "'value':42.0", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"1e3", PROCESS_REQUEST, "'value':1e3", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"2^31", PROCESS_REQUEST, "'value':2147483648", MESSAGE_WRONG_SHAPE, BAD("value"),
     NOT_AT},
    {"-2^31 - 1", PROCESS_REQUEST, "'value':-2147483649", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"2^32 + 42", PROCESS_REQUEST, "'value':4294967338", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"-2^32 + 42", PROCESS_REQUEST, "'value':-4294967254", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"2^63 - 1", PROCESS_REQUEST, "'value':9223372036854775807", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"beyond 64 bits", PROCESS_REQUEST, "'value':99999999999999999999",
     MESSAGE_WRONG_SHAPE, TOO_LARGE, AT(28)},
    {"beyond 64 bits, negative", PROCESS_REQUEST, "'value':-99999999999999999999",
     MESSAGE_WRONG_SHAPE, TOO_LARGE, AT(29)},
    {"1e999", PROCESS_REQUEST, "'value':1e999", MESSAGE_WRONG_SHAPE, TOO_LARGE, AT(13)},
    {"unknown field beyond 64 bits", PROCESS_REQUEST,
     "'a':99999999999999999999,'value':42", MESSAGE_WRONG_SHAPE, TOO_LARGE, AT(24)},
    {"no field", PROCESS_REQUEST, "", MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"name in capitals", PROCESS_REQUEST, "'Value':42", MESSAGE_WRONG_SHAPE, BAD("value"),
     NOT_AT},
    {"value inside another field", PROCESS_REQUEST, "'a':{'value':42}",
     MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"error for a request", PROCESS_REQUEST, "'error':'not mine'", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"duplicate", PROCESS_REQUEST, "'value':1,'value':2", MESSAGE_WRONG_SHAPE, TWICE,
     AT(17)},
    {"duplicate with the same value", PROCESS_REQUEST, "'value':42,'value':42",
     MESSAGE_WRONG_SHAPE, TWICE, AT(18)},
    {"duplicate with an escape", PROCESS_REQUEST, "'value':1,'\\u0076alue':42",
     MESSAGE_WRONG_SHAPE, TWICE, AT(22)},
    {"duplicate of an unknown field", PROCESS_REQUEST, "'a':1,'value':42,'a':1",
     MESSAGE_WRONG_SHAPE, TWICE, AT(20)},
    {"duplicate inside an unknown field", PROCESS_REQUEST, "'a':{'b':1,'b':1},'value':42",
     MESSAGE_WRONG_SHAPE, TWICE, AT(14)},
    {"\\u0000", PROCESS_REQUEST, "'value':42,'a':'\\u0000'", MESSAGE_WRONG_SHAPE, HAS_NUL,
     AT(23)},
    {"NUL", PROCESS_REQUEST, "\0'value':42", MESSAGE_NOT_JSON, NOT_JSON, 1,
     WITH_NUL("\0'value':42")},
    {"NUL in a text", PROCESS_REQUEST, "'value':42,'a':'\0'", MESSAGE_NOT_JSON, NOT_JSON,
     17, WITH_NUL("'value':42,'a':'\0'")},
    {"NUL after a number", PROCESS_REQUEST, "'a':1,'value':42\0", MESSAGE_NOT_JSON,
     NOT_JSON, 17, WITH_NUL("'a':1,'value':42\0")},
    {"\\u0000 in a name", PROCESS_REQUEST, "'value':42,'\\u0000':1", MESSAGE_WRONG_SHAPE,
     HAS_NUL, AT(19)},
    {"not UTF-8", PROCESS_REQUEST, "'value':42,'a':'\xff'", MESSAGE_NOT_JSON, NOT_JSON,
     AT(16)},
    {"UTF-8 that is too long", PROCESS_REQUEST, "'value':42,'a':'\xc0\x80'",
     MESSAGE_NOT_JSON, NOT_JSON, AT(16)},
    {"surrogate in UTF-8", PROCESS_REQUEST, "'value':42,'a':'\xed\xa0\x80'",
     MESSAGE_NOT_JSON, NOT_JSON, AT(16)},
    {"half a pair of surrogates", PROCESS_REQUEST, "'value':42,'a':'\\ud800'",
     MESSAGE_NOT_JSON, NOT_JSON, AT(23)},
    {"newline in a text", PROCESS_REQUEST, "'value':42,'a':'\n'", MESSAGE_NOT_JSON,
     NOT_JSON, AT(16)},
    {"042", PROCESS_REQUEST, "'value':042", MESSAGE_NOT_JSON, NOT_JSON, AT(9)},
    {"+42", PROCESS_REQUEST, "'value':+42", MESSAGE_NOT_JSON, NOT_JSON, AT(9)},
    {"0x2a", PROCESS_REQUEST, "'value':0x2a", MESSAGE_NOT_JSON, NOT_JSON, AT(10)},
    {"NaN", PROCESS_REQUEST, "'value':NaN", MESSAGE_NOT_JSON, NOT_JSON, AT(11)},
    {"no comma", PROCESS_REQUEST, "'value':42 'a':1", MESSAGE_NOT_JSON, NOT_JSON, AT(14)},
    {"name without quotes", PROCESS_REQUEST, "value:42", MESSAGE_NOT_JSON, NOT_JSON,
     AT(5)},

    {"transform: -36", TRANSFORM_REQUEST, "'value':-36", MESSAGE_OK, "-36", NOT_AT},
    {"transform: 2^31", TRANSFORM_REQUEST, "'value':2147483648", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"transform: no field", TRANSFORM_REQUEST, "", MESSAGE_WRONG_SHAPE, BAD("value"),
     NOT_AT},

    {"processed", PROCESS_REPLY, "'value':84,'processed':true", MESSAGE_OK, "84 true",
     NOT_AT},
    {"processed: other order", PROCESS_REPLY, "'processed':true,'value':84", MESSAGE_OK,
     "84 true", NOT_AT},
    {"processed: unknown field", PROCESS_REPLY, "'value':84,'unit':[1],'processed':true",
     MESSAGE_OK, "84 true", NOT_AT},
    {"processed: no value", PROCESS_REPLY, "'processed':true", MESSAGE_WRONG_SHAPE,
     BAD("value"), NOT_AT},
    {"processed: 84.0", PROCESS_REPLY, "'value':84.0,'processed':true",
     MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"processed: 2^31", PROCESS_REPLY, "'value':2147483648,'processed':true",
     MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"processed: 2^32 + 84", PROCESS_REPLY, "'value':4294967380,'processed':true",
     MESSAGE_WRONG_SHAPE, BAD("value"), NOT_AT},
    {"processed: duplicate", PROCESS_REPLY, "'value':1,'value':84,'processed':true",
     MESSAGE_WRONG_SHAPE, TWICE, AT(17)},
    {"processed missing", PROCESS_REPLY, "'value':84", MESSAGE_WRONG_SHAPE,
     BAD("processed"), NOT_AT},
    {"processed: 1", PROCESS_REPLY, "'value':84,'processed':1", MESSAGE_WRONG_SHAPE,
     BAD("processed"), NOT_AT},
    {"processed: text", PROCESS_REPLY, "'value':84,'processed':'true'",
     MESSAGE_WRONG_SHAPE, BAD("processed"), NOT_AT},
    {"processed: null", PROCESS_REPLY, "'value':84,'processed':null", MESSAGE_WRONG_SHAPE,
     BAD("processed"), NOT_AT},
    {"processed: fields of service 2", PROCESS_REPLY,
     "'original':84,'transformed':'Value-0084'", MESSAGE_WRONG_SHAPE, BAD("value"),
     NOT_AT},
    {"not processed", PROCESS_REPLY, "'value':42,'processed':false", MESSAGE_OK,
     "42 false", NOT_AT},
    {"error", PROCESS_REPLY, "'value':42,'processed':false,'error':'too late'",
     MESSAGE_OK, "42 false: too late", NOT_AT},
    {"error: null", PROCESS_REPLY, "'error':null,'value':84,'processed':true", MESSAGE_OK,
     "84 true", NOT_AT},
    {"error: empty", PROCESS_REPLY, "'value':84,'processed':true,'error':''", MESSAGE_OK,
     "84 true", NOT_AT},
    {"error: number", PROCESS_REPLY, "'value':84,'processed':true,'error':0",
     MESSAGE_WRONG_SHAPE, BAD("error"), NOT_AT},
    {"error: false", PROCESS_REPLY, "'value':84,'processed':true,'error':false",
     MESSAGE_WRONG_SHAPE, BAD("error"), NOT_AT},
    {"error: array", PROCESS_REPLY, "'value':84,'processed':true,'error':['a']",
     MESSAGE_WRONG_SHAPE, BAD("error"), NOT_AT},
    {"error: object", PROCESS_REPLY, "'value':84,'processed':true,'error':{}",
     MESSAGE_WRONG_SHAPE, BAD("error"), NOT_AT},
    {"error: quotes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'\\'a\\' \\\\ \\/'", MESSAGE_OK,
     "1 false: \"a\" \\ /", NOT_AT},
    {"error: newlines", PROCESS_REPLY, "'value':1,'processed':false,'error':'1\\n2\\n'",
     MESSAGE_OK, "1 false: 1?2?", NOT_AT},
    {"error: false line", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'a\\nError: b'", MESSAGE_OK,
     "1 false: a?Error: b", NOT_AT},
    {"error: escape sequence", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'\\u001b[2J'", MESSAGE_OK, "1 false: ?[2J",
     NOT_AT},
    {"error: edges of C0", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'\\u0001\\t\\u001f \\u007e\\u007f'", MESSAGE_OK,
     "1 false: ??? ~?", NOT_AT},
    {"error: edges of C1", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'\\u0080\\u009f\\u00a0\\u00c0'", MESSAGE_OK,
     "1 false: ??\xc2\xa0\xc3\x80", NOT_AT},
    {"error: C1 in UTF-8", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'a\xc2\x9b"
     "2J'",
     MESSAGE_OK, "1 false: a?2J", NOT_AT},
    {"error: other letters", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'\xc3\x9b\xe2\x82\xac\xf0\x9f\x98\x80'",
     MESSAGE_OK, "1 false: \xc3\x9b\xe2\x82\xac\xf0\x9f\x98\x80", NOT_AT},
    {"error: 255 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "abc'", MESSAGE_OK,
     "1 false: " TEXT_252 "abc", NOT_AT},
    {"error: 256 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "abcd'", MESSAGE_OK,
     "1 false: " TEXT_252 "abc", NOT_AT},
    {"error: 504 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 TEXT_252 "'", MESSAGE_OK,
     "1 false: " TEXT_252 "012", NOT_AT},
    {"error: ends with a character of 2 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "a\xc3\xa9'", MESSAGE_OK,
     "1 false: " TEXT_252 "a\xc3\xa9", NOT_AT},
    {"error: cut off before a character of 2 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "abc\xc3\xa9'", MESSAGE_OK,
     "1 false: " TEXT_252 "abc", NOT_AT},
    {"error: cut off in a character of 2 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "ab\xc3\xa9'", MESSAGE_OK,
     "1 false: " TEXT_252 "ab", NOT_AT},
    {"error: cut off in a character of 3 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "a\xe2\x82\xac'", MESSAGE_OK,
     "1 false: " TEXT_252 "a", NOT_AT},
    {"error: cut off in a character of 4 bytes", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "\xf0\x9f\x98\x80'", MESSAGE_OK,
     "1 false: " TEXT_252, NOT_AT},
    {"error: cut off in a control character", PROCESS_REPLY,
     "'value':1,'processed':false,'error':'" TEXT_252 "ab\\u0085c'", MESSAGE_OK,
     "1 false: " TEXT_252 "ab", NOT_AT},

    {"transformed", TRANSFORM_REPLY, "'original':84,'transformed':'Value-0084'",
     MESSAGE_OK, "84 Value-0084", NOT_AT},
    {"transformed: other order", TRANSFORM_REPLY,
     "'transformed':'Value--036','a':{},'original':-36", MESSAGE_OK, "-36 Value--036",
     NOT_AT},
    {"transformed: fields of service 1", TRANSFORM_REPLY, "'value':84,'processed':true",
     MESSAGE_WRONG_SHAPE, BAD("original"), NOT_AT},
    {"transformed: fields of a request", TRANSFORM_REPLY, "'value':84",
     MESSAGE_WRONG_SHAPE, BAD("original"), NOT_AT},
    {"transformed: 2^31", TRANSFORM_REPLY,
     "'original':2147483648,'transformed':'Value-0084'", MESSAGE_WRONG_SHAPE,
     BAD("original"), NOT_AT},
    {"transformed missing", TRANSFORM_REPLY, "'original':84", MESSAGE_WRONG_SHAPE,
     BAD("transformed"), NOT_AT},
    {"transformed: number", TRANSFORM_REPLY, "'original':84,'transformed':84",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: null", TRANSFORM_REPLY, "'original':84,'transformed':null",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: empty", TRANSFORM_REPLY, "'original':84,'transformed':''", MESSAGE_OK,
     "84 ", NOT_AT},
    {"transformed: 31 bytes", TRANSFORM_REPLY,
     "'original':84,'transformed':'" TEXT_31 "'", MESSAGE_OK, "84 " TEXT_31, NOT_AT},
    {"transformed: 32 bytes", TRANSFORM_REPLY,
     "'original':84,'transformed':'" TEXT_31 "b'", MESSAGE_WRONG_SHAPE,
     BAD("transformed"), NOT_AT},
    {"transformed: 31 characters of 32 bytes", TRANSFORM_REPLY,
     "'original':84,'transformed':'" TEXT_10 TEXT_10 TEXT_10 "\xc3\xa9'",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: newline", TRANSFORM_REPLY, "'original':84,'transformed':'Value-\\n'",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: \\u0001", TRANSFORM_REPLY,
     "'original':84,'transformed':'Value-\\u0001'", MESSAGE_WRONG_SHAPE,
     BAD("transformed"), NOT_AT},
    {"transformed: \\u0007", TRANSFORM_REPLY,
     "'original':84,'transformed':'Value-\\u0007'", MESSAGE_WRONG_SHAPE,
     BAD("transformed"), NOT_AT},
    {"transformed: \\u001f", TRANSFORM_REPLY,
     "'original':84,'transformed':'\\u001fValue'", MESSAGE_WRONG_SHAPE,
     BAD("transformed"), NOT_AT},
    {"transformed: DEL", TRANSFORM_REPLY, "'original':84,'transformed':'a\\u007fb'",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: first of C1", TRANSFORM_REPLY,
     "'original':84,'transformed':'a\\u0080b'", MESSAGE_WRONG_SHAPE, BAD("transformed"),
     NOT_AT},
    {"transformed: last of C1", TRANSFORM_REPLY,
     "'original':84,'transformed':'a\xc2\x9f"
     "b'",
     MESSAGE_WRONG_SHAPE, BAD("transformed"), NOT_AT},
    {"transformed: behind C1", TRANSFORM_REPLY,
     "'original':84,'transformed':'\\u00a0\\u00db'", MESSAGE_OK, "84 \xc2\xa0\xc3\x9b",
     NOT_AT},
    {"transformed: error", TRANSFORM_REPLY,
     "'original':84,'transformed':'','error':'no room'", MESSAGE_OK, "84 : no room",
     NOT_AT},
    {"transformed: error: null", TRANSFORM_REPLY,
     "'original':84,'error':null,'transformed':'Value-0084'", MESSAGE_OK, "84 Value-0084",
     NOT_AT},
    {"transformed: error: number", TRANSFORM_REPLY,
     "'original':84,'transformed':'Value-0084','error':1", MESSAGE_WRONG_SHAPE,
     BAD("error"), NOT_AT},

#ifdef HAS_VERSION
    {"version", VERSION_REPLY, "'service_name':'service1','version':'0.1.0'", MESSAGE_OK,
     "service1 0.1.0", NOT_AT},
    {"version: other order", VERSION_REPLY,
     "'version':'0.1.0','a':1,'service_name':'Service1'", MESSAGE_OK, "Service1 0.1.0",
     NOT_AT},
    {"version: no name", VERSION_REPLY, "'version':'0.1.0'", MESSAGE_WRONG_SHAPE,
     BAD("service_name"), NOT_AT},
    {"version missing", VERSION_REPLY, "'service_name':'service1'", MESSAGE_WRONG_SHAPE,
     BAD("version"), NOT_AT},
    {"version: number", VERSION_REPLY, "'service_name':'service1','version':0.1",
     MESSAGE_WRONG_SHAPE, BAD("version"), NOT_AT},
    {"version: newline", VERSION_REPLY, "'service_name':'service2','version':'0\\n1'",
     MESSAGE_WRONG_SHAPE, BAD("version"), NOT_AT},
    {"version: C1 in the name", VERSION_REPLY,
     "'service_name':'service\\u009b','version':'0.1.0'", MESSAGE_WRONG_SHAPE,
     BAD("service_name"), NOT_AT},
    {"version: texts of 31 bytes", VERSION_REPLY,
     "'service_name':'" TEXT_31 "','version':'" TEXT_31 "'", MESSAGE_OK,
     TEXT_31 " " TEXT_31, NOT_AT},
    {"version: name of 32 bytes", VERSION_REPLY,
     "'service_name':'" TEXT_31 "b','version':'0.1.0'", MESSAGE_WRONG_SHAPE,
     BAD("service_name"), NOT_AT},
#endif

    {"error reply", ERROR_REPLY, "'" ERROR_FIELD "':'no more','a':1", MESSAGE_OK,
     "no more", NOT_AT},
    {"error reply: null", ERROR_REPLY, "'" ERROR_FIELD "':null", MESSAGE_OK, "", NOT_AT},
    {"error reply: nothing", ERROR_REPLY, "", MESSAGE_OK, "", NOT_AT},
    {"error reply: number", ERROR_REPLY, "'" ERROR_FIELD "':7", MESSAGE_WRONG_SHAPE,
     BAD(ERROR_FIELD), NOT_AT},
    {"error reply: duplicate", ERROR_REPLY, "'a':'b','a':'c'", MESSAGE_WRONG_SHAPE, TWICE,
     AT(11)},
};

/* A whole document, whatever it is. */
struct document_row {
    const char *name;
    enum message_kind kind;
    const char *document;
    enum message_status status;
    const char *expected;
    size_t length; /* of one that holds a NUL, or 0 */
};

static const struct document_row document_rows[] = {
    {"empty", PROCESS_REQUEST, "", MESSAGE_NOT_JSON, "not JSON, at byte 0", 0},
    {"carriage return", PROCESS_REQUEST, "\r", MESSAGE_NOT_JSON, "not JSON, at byte 1",
     0},
    {"spaces", PROCESS_REQUEST, "         ", MESSAGE_NOT_JSON, "not JSON, at byte 9", 0},
    {"words", PROCESS_REQUEST, "not JSON", MESSAGE_NOT_JSON, "not JSON, at byte 3", 0},
    {"value=42", PROCESS_REQUEST, "value=42", MESSAGE_NOT_JSON, "not JSON, at byte 5", 0},
    {"Value-0084", TRANSFORM_REPLY, "Value-0084", MESSAGE_NOT_JSON, "not JSON, at byte 5",
     0},
    {"line of a log", PROCESS_REPLY, "Listening...", MESSAGE_NOT_JSON,
     "not JSON, at byte 9", 0},
    {"HTML", PROCESS_REPLY, "<html>", MESSAGE_NOT_JSON, "not JSON, at byte 1", 0},
    {"garbage", PROCESS_REPLY, "\x01\xff%s", MESSAGE_NOT_JSON, "not JSON, at byte 1", 0},
    {"NUL alone", PROCESS_REQUEST, "\0", MESSAGE_NOT_JSON, "not JSON, at byte 1", 1},
    {"text that is not UTF-8", PROCESS_REQUEST, "'\xff'", MESSAGE_NOT_JSON,
     "not JSON, at byte 1", 0},
    {"byte order mark", PROCESS_REQUEST, "\xef\xbb\xbf" PROCESS("'value':42"),
     MESSAGE_NOT_JSON, "not JSON, at byte 3", 0},
    {"half an object", PROCESS_REQUEST, "{", MESSAGE_NOT_JSON, "not JSON, at byte 1", 0},
    {"half a name", PROCESS_REQUEST, "{'Process", MESSAGE_NOT_JSON, "not JSON, at byte 9",
     0},
    {"half a message", PROCESS_REPLY, "{'value':84,", MESSAGE_NOT_JSON,
     "not JSON, at byte 12", 0},
    {"number", PROCESS_REQUEST, "42", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"real number", PROCESS_REQUEST, "4.2", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"document: text", PROCESS_REQUEST, "'value'", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"document: null", PROCESS_REQUEST, "null", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"document: true", PROCESS_REQUEST, "true", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"empty array", PROCESS_REQUEST, "[]", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"array of a number", PROCESS_REQUEST, "[42]", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"array of a message", PROCESS_REQUEST, "[" PROCESS("'value':42") "]",
     MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"empty object", PROCESS_REQUEST, "{}", MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"error in place of a request", PROCESS_REQUEST, ERROR("'not mine'"),
     MESSAGE_WRONG_SHAPE, NOT_PROCESS, 0},
    {"service 2 in place of 1", PROCESS_REPLY,
     TRANSFORMED("'original':84,'transformed':'Value-0084'" ID), MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"service 1 in place of 2", TRANSFORM_REPLY,
     PROCESSED("'value':84,'processed':true" ID), MESSAGE_WRONG_SHAPE,
     NOT_A("TransformResult", "original"), 0},
    {"request in place of a reply", TRANSFORM_REPLY, TRANSFORM("'value':84"),
     MESSAGE_WRONG_SHAPE, NOT_A("TransformResult", "original"), 0},

#ifdef HAS_ID
    {"id before the value", PROCESS_REQUEST, "{'request_id':'x','value':42}", MESSAGE_OK,
     "42 id=x", 0},
    {"white space around all", PROCESS_REQUEST,
     " \n{ 'request_id' :\r\n\t'x' , 'value' : 42 }\n", MESSAGE_OK, "42 id=x", 0},
    {"id: empty", PROCESS_REQUEST, "{'value':-1073741824,'request_id':''}", MESSAGE_OK,
     "-1073741824 id=", 0},
    {"id: quote and backslash", PROCESS_REQUEST, "{'value':-0,'request_id':'\\'\\\\'}",
     MESSAGE_OK, "0 id=\"\\", 0},
    {"id: 63 bytes", PROCESS_REQUEST, "{'value':0,'request_id':'" TEXT_63 "'}",
     MESSAGE_OK, "0 id=" TEXT_63, 0},
    {"id: 64 bytes", PROCESS_REQUEST, "{'value':0,'request_id':'" TEXT_63 "d'}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"id: missing", PROCESS_REQUEST, "{'value':42}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"id: number", PROCESS_REQUEST, "{'value':42,'request_id':7}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"id: null", PROCESS_REQUEST, "{'value':42,'request_id':null}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"id: newline", PROCESS_REQUEST, "{'value':42,'request_id':'a\\nb'}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"id: newline alone", PROCESS_REQUEST, "{'value':42,'request_id':'\\n'}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"id: DEL", PROCESS_REQUEST, "{'value':42,'request_id':'\\u007f'}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"id: C1", PROCESS_REQUEST, "{'value':42,'request_id':'\\u0085'}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"id: \\u0000", PROCESS_REQUEST, "{'value':42,'request_id':'\\u0000'}",
     MESSAGE_WRONG_SHAPE, "a text contains \\u0000, at byte 33", 0},
    {"id: not UTF-8", PROCESS_REQUEST, "{'value':42,'request_id':'\xff'}",
     MESSAGE_NOT_JSON, "not JSON, at byte 26", 0},
    {"id: twice", PROCESS_REQUEST, "{'request_id':'x','value':42,'request_id':'x'}",
     MESSAGE_WRONG_SHAPE, "a field is given twice, at byte 41", 0},
    {"id alone", PROCESS_REQUEST, "{'request_id':'x'}", MESSAGE_WRONG_SHAPE, BAD("value"),
     0},
    {"id missing for service 2", TRANSFORM_REQUEST, "{'value':42}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"reply without an id", PROCESS_REPLY, "{'value':84,'processed':true}",
     MESSAGE_WRONG_SHAPE, BAD("request_id"), 0},
    {"reply with a newline as id", PROCESS_REPLY,
     "{'value':84,'processed':true,'request_id':'\\n'}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"transformed without an id", TRANSFORM_REPLY,
     "{'original':84,'transformed':'Value-0084'}", MESSAGE_WRONG_SHAPE, BAD("request_id"),
     0},
    {"one bracket more", PROCESS_REQUEST, "{'value':42,'request_id':'x'}}",
     MESSAGE_NOT_JSON, "not JSON, at byte 30", 0},
    {"two requests", PROCESS_REQUEST,
     "{'value':1,'request_id':'x'}{'value':2,'request_id':'x'}", MESSAGE_NOT_JSON,
     "not JSON, at byte 29", 0},
    {"two replies", PROCESS_REPLY,
     "{'value':84,'processed':true,'request_id':'x'}"
     "{'value':84,'processed':true,'request_id':'x'}",
     MESSAGE_NOT_JSON, "not JSON, at byte 47", 0},
    {"NUL after a message", PROCESS_REQUEST, "{'value':42,'request_id':'x'}\0",
     MESSAGE_NOT_JSON, "not JSON, at byte 30", 30},
    {"envelope of step 06", PROCESS_REQUEST, "{'Process':{'value':42,'request_id':'x'}}",
     MESSAGE_WRONG_SHAPE, BAD("value"), 0},
#endif

#ifdef SUBJECT_VERSION1
    {"version request", VERSION_REQUEST, "{'request_id':'x'}", MESSAGE_OK, " id=x", 0},
    {"version request: unknown field", VERSION_REQUEST,
     "{'value':42,'request_id':'" TEXT_63 "'}", MESSAGE_OK, " id=" TEXT_63, 0},
    {"version request: empty", VERSION_REQUEST, "", MESSAGE_NOT_JSON,
     "not JSON, at byte 0", 0},
    {"version request: no id", VERSION_REQUEST, "{}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"version request: number", VERSION_REQUEST, "{'request_id':7}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
    {"version without an id", VERSION_REPLY,
     "{'service_name':'Service1','version':'0.1.0'}", MESSAGE_WRONG_SHAPE,
     BAD("request_id"), 0},
#endif

#ifndef HAS_ID
    {"white space around all", PROCESS_REQUEST, "\t{ 'Process' : { 'value' : 42 } }\r",
     MESSAGE_OK, "42", 0},
    {"two messages", PROCESS_REQUEST, "{'Process':{'value':42}}{'Process':{'value':42}}",
     MESSAGE_NOT_JSON, "not JSON, at byte 25", 0},
    {"NUL after a message", PROCESS_REQUEST, "{'Process':{'value':42}}\0",
     MESSAGE_NOT_JSON, "not JSON, at byte 25", 25},
    {"GetVersion as an object", VERSION_REQUEST, "{'GetVersion':1}", MESSAGE_WRONG_SHAPE,
     "not a GetVersion message", 0},
    {"Process as a text", PROCESS_REQUEST, "'Process'", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"NUL in a name", SHUTDOWN_REQUEST, "'Shutdown\\u0000'", MESSAGE_WRONG_SHAPE,
     "a text contains \\u0000, at byte 16", 0},
    {"no object", PROCESS_REQUEST, "{'Process':42}", MESSAGE_WRONG_SHAPE, BAD("value"),
     0},
    {"null for an object", PROCESS_REQUEST, "{'Process':null}", MESSAGE_WRONG_SHAPE,
     BAD("value"), 0},
    {"array for an object", PROCESS_REQUEST, "{'Process':[{'value':42}]}",
     MESSAGE_WRONG_SHAPE, BAD("value"), 0},
    {"fields without an envelope", PROCESS_REQUEST, "{'value':42}", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"envelope in an envelope", PROCESS_REQUEST, "{'Process':{'Process':{'value':42}}}",
     MESSAGE_WRONG_SHAPE, BAD("value"), 0},
    {"two keys", PROCESS_REQUEST, "{'Process':{'value':42},'a':1}", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"two keys, the other first", PROCESS_REQUEST, "{'a':1,'Process':{'value':42}}",
     MESSAGE_WRONG_SHAPE, "not a Process message", 0},
    {"the same key twice", PROCESS_REQUEST,
     "{'Process':{'value':42},'Process':{'value':42}}", MESSAGE_WRONG_SHAPE,
     "a field is given twice, at byte 33", 0},
    {"unknown object", PROCESS_REQUEST, "{'Triple':{'value':42}}", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"envelope in small letters", PROCESS_REQUEST, "{'process':{'value':42}}",
     MESSAGE_WRONG_SHAPE, "not a Process message", 0},
    {"unknown string", PROCESS_REQUEST, "'Restart'", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"reply in place of a request", PROCESS_REQUEST,
     "{'ProcessResult':{'value':84,'processed':true}}", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"for service 2", PROCESS_REQUEST, "{'Transform':{'value':84}}", MESSAGE_WRONG_SHAPE,
     "not a Process message", 0},
    {"for service 1", TRANSFORM_REQUEST, "{'Process':{'value':42}}", MESSAGE_WRONG_SHAPE,
     "not a Transform message", 0},
    {"GetVersion", VERSION_REQUEST, "'GetVersion'", MESSAGE_OK, "", 0},
    {"GetVersion, white space", VERSION_REQUEST, " \t'GetVersion'\r\n", MESSAGE_OK, "",
     0},
    {"GetVersion, an escape", VERSION_REQUEST, "'\\u0047etVersion'", MESSAGE_OK, "", 0},
    {"GetVersion, small letters", VERSION_REQUEST, "'getversion'", MESSAGE_WRONG_SHAPE,
     "not a GetVersion message", 0},
    {"GetVersion and more", VERSION_REQUEST, "'GetVersion' 'GetVersion'",
     MESSAGE_NOT_JSON, "not JSON, at byte 25", 0},
    {"GetVersion without quotes", VERSION_REQUEST, "GetVersion", MESSAGE_NOT_JSON,
     "not JSON, at byte 10", 0},
    {"Shutdown for GetVersion", VERSION_REQUEST, "'Shutdown'", MESSAGE_WRONG_SHAPE,
     "not a GetVersion message", 0},
    {"Shutdown", SHUTDOWN_REQUEST, "'Shutdown'", MESSAGE_OK, "", 0},
    {"Shutdown, white space", SHUTDOWN_REQUEST, "\r 'Shutdown'\t", MESSAGE_OK, "", 0},
    {"Shutdown in an array", SHUTDOWN_REQUEST, "['Shutdown']", MESSAGE_WRONG_SHAPE,
     "not a Shutdown message", 0},
    {"GetVersion for Shutdown", SHUTDOWN_REQUEST, "'GetVersion'", MESSAGE_WRONG_SHAPE,
     "not a Shutdown message", 0},
    {"Process for Shutdown", SHUTDOWN_REQUEST, "{'Process':{'value':42}}",
     MESSAGE_WRONG_SHAPE, "not a Shutdown message", 0},
#endif
};

/* What the app is told by a service, which may be that it could not. */
static const struct document_row reply_rows[] = {
    {"reply: good", PROCESS_REPLY, PROCESSED("'value':84,'processed':true" ID),
     MESSAGE_OK, "84 true" READ_ID, 0},
    {"reply: with an error", PROCESS_REPLY,
     PROCESSED("'value':42,'processed':false,'error':'too late'" ID), MESSAGE_OK,
     "42 false: too late" READ_ID, 0},
    {"reply: an error", PROCESS_REPLY, ERROR("'out of order'"), MESSAGE_REFUSED,
     "out of order", 0},
    {"reply: an error of service 2", TRANSFORM_REPLY, ERROR("'out of order'"),
     MESSAGE_REFUSED, "out of order", 0},
    {"reply: an error with newlines", PROCESS_REPLY, ERROR("'1\\n2\\n'"), MESSAGE_REFUSED,
     "1?2?", 0},
    {"reply: an error with an escape sequence", PROCESS_REPLY, ERROR("'\\u001b[2J'"),
     MESSAGE_REFUSED, "?[2J", 0},
    {"reply: an error with C1", PROCESS_REPLY, ERROR("'\\u009b2J'"), MESSAGE_REFUSED,
     "?2J", 0},
    {"reply: an error for printf()", PROCESS_REPLY, ERROR("'%s%n'"), MESSAGE_REFUSED,
     "%s%n", 0},
    {"reply: a long error", PROCESS_REPLY, ERROR("'" TEXT_252 TEXT_10 "'"),
     MESSAGE_REFUSED, TEXT_252 "012", 0},
    {"reply: an empty error", PROCESS_REPLY, ERROR("''"), MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: the error null", PROCESS_REPLY, ERROR("null"), MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: a number as error", PROCESS_REPLY, ERROR("7"), MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: an object as error", PROCESS_REPLY, ERROR("{'message':'x'}"),
     MESSAGE_WRONG_SHAPE, NOT_PROCESSED, 0},
    {"reply: an error twice", PROCESS_REPLY, "{'error':'a','error':'b'}",
     MESSAGE_WRONG_SHAPE, "a field is given twice, at byte 20", 0},
    {"reply: an error that is not UTF-8", PROCESS_REPLY, "{'error':'\xff'}",
     MESSAGE_NOT_JSON, "not JSON, at byte 10", 0},
    {"reply: empty", PROCESS_REPLY, "", MESSAGE_NOT_JSON, "not JSON, at byte 0", 0},
    {"reply: nothing", PROCESS_REPLY, "{}", MESSAGE_WRONG_SHAPE, NOT_PROCESSED, 0},
    {"reply: a number", PROCESS_REPLY, "84", MESSAGE_WRONG_SHAPE, NOT_PROCESSED, 0},
    {"reply: an array", PROCESS_REPLY,
     "[" PROCESSED("'value':84,'processed':true" ID) "]", MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: value too large", PROCESS_REPLY,
     PROCESSED("'value':4294967380,'processed':true" ID), MESSAGE_WRONG_SHAPE,
     BAD("value"), 0},
    {"reply: text too long", TRANSFORM_REPLY,
     TRANSFORMED("'original':84,'transformed':'" TEXT_31 "b'" ID), MESSAGE_WRONG_SHAPE,
     BAD("transformed"), 0},
#ifdef HAS_ID
    {"reply: fields missing beside an error", PROCESS_REPLY,
     "{'value':42,'request_id':'x','error':'why'}", MESSAGE_REFUSED, "why", 0},
#else
    {"reply: an error and more", PROCESS_REPLY, "{'Error':{'message':'x'},'a':1}",
     MESSAGE_WRONG_SHAPE, NOT_PROCESSED, 0},
    {"reply: an error without text", PROCESS_REPLY, "{'Error':{}}", MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: the name of an error", PROCESS_REPLY, "'Error'", MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
    {"reply: an error of step 07", PROCESS_REPLY, "{'error':'x'}", MESSAGE_WRONG_SHAPE,
     NOT_PROCESSED, 0},
#endif
#ifdef HAS_VERSION
    {"reply: an error for a version", VERSION_REPLY, ERROR("'none'"), MESSAGE_REFUSED,
     "none", 0},
#endif
};

/* A message and its JSON, to the byte. */
struct format_row {
    const char *name;
    enum message_kind kind;
    union message message;
    const char *json;
};

static const struct format_row format_rows[] = {
    {"write: process",
     PROCESS_REQUEST,
     {.process_request = {.value = 42 SET_ID}},
     PROCESS("'value':42")},
    {"write: process, smallest",
     PROCESS_REQUEST,
     {.process_request = {.value = INT32_MIN SET_ID}},
     PROCESS("'value':-2147483648")},
    {"write: process, largest",
     PROCESS_REQUEST,
     {.process_request = {.value = INT32_MAX SET_ID}},
     PROCESS("'value':2147483647")},
    {"write: processed",
     PROCESS_REPLY,
     {.process_reply = {.value = 84, .processed = true SET_ID}},
     PROCESSED("'value':84,'processed':true" ID)},
    {"write: overflow",
     PROCESS_REPLY,
     {.process_reply = {.value = 1073741824,
                        .error =
                            "overflow: 1073741824 * 2 exceeds int32_t range" SET_ID}},
     PROCESSED("'value':1073741824,'processed':false" ID
               ",'error':'overflow: 1073741824 * 2 exceeds int32_t range'")},
    {"write: transform",
     TRANSFORM_REQUEST,
     {.transform_request = {.value = -36 SET_ID}},
     TRANSFORM("'value':-36")},
    {"write: transformed",
     TRANSFORM_REPLY,
     {.transform_reply = {.original = 84, .transformed = "Value-0084" SET_ID}},
     TRANSFORMED("'original':84,'transformed':'Value-0084'" ID)},
    {"write: transformed, error",
     TRANSFORM_REPLY,
     {.transform_reply = {.original = 84, .error = "no room" SET_ID}},
     TRANSFORMED("'original':84,'transformed':''" ID ",'error':'no room'")},
    {"write: escapes",
     TRANSFORM_REPLY,
     {.transform_reply = {.original = 1,
                          .transformed = "\"\\/\t\x01\x7f\xc3\xa9" SET_ID}},
     TRANSFORMED("'original':1,'transformed':'\\'\\\\/\\t\\u0001\x7f\xc3\xa9'" ID)},
#ifdef HAS_VERSION
    {"write: version",
     VERSION_REPLY,
     {.version_reply = {.service_name = "service1", .version = "0.1.0" SET_ID}},
     VERSION("'service_name':'service1','version':'0.1.0'" ID)},
#endif
#ifdef SUBJECT_VERSION1
    {"write: version request",
     VERSION_REQUEST,
     {.version_request = {.request_id = "x"}},
     "{'request_id':'x'}"},
#endif
#ifndef HAS_ID
    {"write: version request", VERSION_REQUEST, {.process_request = {0}}, "'GetVersion'"},
    {"write: shutdown", SHUTDOWN_REQUEST, {.process_request = {0}}, "'Shutdown'"},
#endif
    {"write: error",
     ERROR_REPLY,
     {.error_reply = {.error = "say \"no\""}},
     ERROR("'say \\'no\\''")},
};

/* An error reply with this text, and what stands between the quotes in JSON. */
struct error_row {
    const char *name;
    const char *text;
    const char *json;
};

static const struct error_row error_rows[] = {
    {"write error: a field", BAD("value"), BAD("value")},
    {"write error: quotes", "\"a\" \\", "\\\"a\\\" \\\\"},
    {"write error: for printf()", "%s%n", "%s%n"},
    {"write error: 255 bytes", TEXT_252 "abc", TEXT_252 "abc"},
    {"write error: 256 bytes", TEXT_252 "abcd", TEXT_252 "abc"},
    {"write error: 255 bytes with quotes", "\"\"" TEXT_252 "\"",
     "\\\"\\\"" TEXT_252 "\\\""},
};

/* What stands before the fields of each kind, and behind them. */
static const char *before_fields(enum message_kind kind)
{
#ifdef HAS_ID
    (void)kind;
    return "{";
#else
    static const char *const before[] = {
        [PROCESS_REQUEST] = "{'Process':{",
        [PROCESS_REPLY] = "{'ProcessResult':{",
        [TRANSFORM_REQUEST] = "{'Transform':{",
        [TRANSFORM_REPLY] = "{'TransformResult':{",
        [VERSION_REPLY] = "{'VersionResult':{",
        [ERROR_REPLY] = "{'Error':{",
    };
    return before[kind];
#endif
}

static const char *after_fields(enum message_kind kind, const char *fields)
{
#ifdef HAS_ID
    if (kind == ERROR_REPLY)
        return "}";
    return fields[0] ? ID "}" : "'request_id':'x'}";
#else
    (void)kind;
    (void)fields;
    return "}}";
#endif
}

/* JSON as it travels. */
struct document {
    char *text;
    size_t length;
};

/* Without a NUL behind it, so that a checker sees a parser that reads too far. */
static struct document make_document(const char *before, const char *text, size_t length,
                                     const char *after)
{
    size_t before_length = strlen(before);
    size_t after_length = strlen(after);
    struct document document = {.length = before_length + length + after_length};

    document.text = malloc(document.length > 0 ? document.length : 1);
    assert_non_null(document.text);
    memcpy(document.text, before, before_length);
    memcpy(document.text + before_length, text, length);
    memcpy(document.text + before_length + length, after, after_length);
    for (size_t i = 0; i < document.length; i++) {
        if (document.text[i] == '\'')
            document.text[i] = '"';
    }
    return document;
}

/* Writes all that was read into one text: "42 false: too late id=x". */
static void read_back(enum message_kind kind, const union message *message, char *text,
                      size_t size)
{
    const char *id = NULL;
    const char *error = "";

    text[0] = '\0';
    if (kind == PROCESS_REQUEST) {
        snprintf(text, size, "%d", message->process_request.value);
    } else if (kind == TRANSFORM_REQUEST) {
        snprintf(text, size, "%d", message->transform_request.value);
    } else if (kind == PROCESS_REPLY) {
        snprintf(text, size, "%d %s", message->process_reply.value,
                 message->process_reply.processed ? "true" : "false");
        error = message->process_reply.error;
    } else if (kind == TRANSFORM_REPLY) {
        snprintf(text, size, "%d %s", message->transform_reply.original,
                 message->transform_reply.transformed);
        error = message->transform_reply.error;
    } else if (kind == ERROR_REPLY) {
        snprintf(text, size, "%s", message->error_reply.error);
    }
#ifdef HAS_VERSION
    if (kind == VERSION_REPLY)
        snprintf(text, size, "%s %s", message->version_reply.service_name,
                 message->version_reply.version);
#endif
#ifdef HAS_ID
    id = kind == PROCESS_REQUEST     ? message->process_request.request_id
         : kind == PROCESS_REPLY     ? message->process_reply.request_id
         : kind == TRANSFORM_REQUEST ? message->transform_request.request_id
         : kind == TRANSFORM_REPLY   ? message->transform_reply.request_id
                                     : NULL;
#ifdef HAS_VERSION
    if (kind == VERSION_REQUEST)
        id = message->version_request.request_id;
    if (kind == VERSION_REPLY)
        id = message->version_reply.request_id;
#endif
#endif
    size_t length = strlen(text);
    snprintf(text + length, size - length, "%s%s%s%s", error[0] ? ": " : "", error,
             id ? " id=" : "", id ? id : "");
}

typedef enum message_status parser(enum message_kind kind, const char *json,
                                   size_t length, void *message, struct error *error);

/* Parses and frees the document; `expected` is what is read, or the error. */
static void assert_parsed(parser *parse, enum message_kind kind, struct document document,
                          enum message_status status, const char *expected)
{
    union message message;
    struct error error = {""};

    memset(&message, 1, sizeof message); /* so that nothing is right by chance */
    enum message_status found_status =
        parse(kind, document.text, document.length, &message, &error);
    free(document.text);
    if (found_status == MESSAGE_OK)
        read_back(kind, &message, error.text, sizeof error.text);
    assert_string_equal(error.text, expected);
    assert_int_equal(found_status, status);
}

static const char *read_id(const struct field_row *row)
{
    if (row->status != MESSAGE_OK || row->kind == ERROR_REPLY)
        return "";
    return READ_ID;
}

static void reads_fields(void **state)
{
    const struct field_row *row = *state;
    const char *before = before_fields(row->kind);
    size_t length = row->length > 0 ? row->length : strlen(row->fields);
    char expected[1024];

    if (row->at > 0)
        snprintf(expected, sizeof expected, "%s, at byte %zu", row->expected,
                 strlen(before) + (size_t)row->at);
    else
        snprintf(expected, sizeof expected, "%s%s", row->expected, read_id(row));
    assert_parsed(
        message_parse, row->kind,
        make_document(before, row->fields, length, after_fields(row->kind, row->fields)),
        row->status, expected);
}

static struct document document_of(const struct document_row *row)
{
    size_t length = row->length > 0 ? row->length : strlen(row->document);
    return make_document("", row->document, length, "");
}

static void reads_document(void **state)
{
    const struct document_row *row = *state;
    assert_parsed(message_parse, row->kind, document_of(row), row->status, row->expected);
}

static void reads_reply(void **state)
{
    const struct document_row *row = *state;
    assert_parsed(message_parse_reply, row->kind, document_of(row), row->status,
                  row->expected);
}

static void assert_json(const struct message_json *json, const char *expected,
                        size_t length)
{
    assert_int_equal(json->length, length);
    assert_memory_equal(json->text, expected, length);
}

static void writes_message(void **state)
{
    const struct format_row *row = *state;
    struct document expected = make_document("", row->json, strlen(row->json), "");
    struct message_json json;

    message_format(row->kind, &row->message, &json);
    assert_json(&json, expected.text, expected.length);

    free(expected.text);
}

static void writes_error(void **state)
{
    const struct error_row *row = *state;
    struct message_json json;
    char expected[1024];
#ifdef HAS_ID
    snprintf(expected, sizeof expected, "{\"error\":\"%s\"}", row->json);
#else
    snprintf(expected, sizeof expected, "{\"Error\":{\"message\":\"%s\"}}", row->json);
#endif

    message_format_error(row->text, &json);
    assert_json(&json, expected, strlen(expected));
}

/* The longest message there can be fits, with each character of its texts escaped. */
static void writes_the_longest_message(void **state)
{
    (void)state;
    struct process_reply reply = {.value = INT32_MIN};
    struct process_reply again;
    struct message_json json;
    struct error error;

    memset(reply.error, '"', sizeof reply.error - 1);
#ifdef HAS_ID
    memset(reply.request_id, '\\', sizeof reply.request_id - 1);
#endif
    message_format(PROCESS_REPLY, &reply, &json);
    assert_int_equal(message_parse(PROCESS_REPLY, json.text, json.length, &again, &error),
                     MESSAGE_OK);
    assert_string_equal(again.error, reply.error);
    assert_int_equal(again.value, INT32_MIN);
}

/* What was written is read as it was. */
static void reads_what_was_written(void **state)
{
    (void)state;
    static const int32_t values[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX};
    struct process_request request = {.value = 0 SET_ID};
    struct transform_reply reply = {.transformed = "\xc3\xa9\"\\" SET_ID};
    struct message_json json;
    struct error error;

    for (size_t i = 0; i < COUNT(values); i++) {
        struct process_request request_again = {.value = 7};
        struct transform_reply reply_again = {.original = 7};
        request.value = values[i];
        reply.original = values[i];
        message_format(PROCESS_REQUEST, &request, &json);
        assert_int_equal(message_parse(PROCESS_REQUEST, json.text, json.length,
                                       &request_again, &error),
                         MESSAGE_OK);
        assert_int_equal(request_again.value, values[i]);
        message_format(TRANSFORM_REPLY, &reply, &json);
        assert_int_equal(
            message_parse(TRANSFORM_REPLY, json.text, json.length, &reply_again, &error),
            MESSAGE_OK);
        assert_int_equal(reply_again.original, values[i]);
        assert_string_equal(reply_again.transformed, reply.transformed);
    }
}

/* A message of the largest size that is nothing but `fill`, before `end`. */
static struct document fill_document(char fill, const char *end)
{
    size_t length = MESSAGE_SIZE_MAX - strlen(end);
    char *text = malloc(length);
    assert_non_null(text);
    memset(text, fill, length);
    struct document document = make_document("", text, length, end);
    free(text);
    return document;
}

static void reads_the_largest_document(void **state)
{
    (void)state;
    assert_parsed(message_parse, PROCESS_REQUEST,
                  fill_document(' ', PROCESS("'value':42")), MESSAGE_OK, "42" READ_ID);
}

static void refuses_spaces(void **state)
{
    (void)state;
    assert_parsed(message_parse, PROCESS_REQUEST, fill_document(' ', ""),
                  MESSAGE_NOT_JSON, "not JSON, at byte 65536");
}

static void refuses_deep_nesting(void **state)
{
    (void)state;
    assert_parsed(message_parse, PROCESS_REQUEST, fill_document('[', ""),
                  MESSAGE_WRONG_SHAPE, "nested too deeply, at byte 2049");
}

int main(void)
{
    struct CMUnitTest tests[COUNT(field_rows) + COUNT(document_rows) + COUNT(reply_rows) +
                            COUNT(format_rows) + COUNT(error_rows) + 5];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(field_rows); i++)
        tests[count++] = table_test(field_rows[i].name, reads_fields, &field_rows[i]);
    for (size_t i = 0; i < COUNT(document_rows); i++)
        tests[count++] =
            table_test(document_rows[i].name, reads_document, &document_rows[i]);
    for (size_t i = 0; i < COUNT(reply_rows); i++)
        tests[count++] = table_test(reply_rows[i].name, reads_reply, &reply_rows[i]);
    for (size_t i = 0; i < COUNT(format_rows); i++)
        tests[count++] = table_test(format_rows[i].name, writes_message, &format_rows[i]);
    for (size_t i = 0; i < COUNT(error_rows); i++)
        tests[count++] = table_test(error_rows[i].name, writes_error, &error_rows[i]);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(writes_the_longest_message);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(reads_what_was_written);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(reads_the_largest_document);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(refuses_spaces);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(refuses_deep_nesting);

    return cmocka_run_group_tests_name(STEP " messages", tests, NULL, NULL);
}
