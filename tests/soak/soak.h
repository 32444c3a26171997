/*
 * What differs between the steps when soak.c sends requests without end: how they travel.
 * backend_pipes.c, backend_http.c and backend_nats.c implement it with the code of their
 * step's app.
 *
 * A function that fails writes one line without a newline into `error`.
 */
#ifndef SOAK_H
#define SOAK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define SOAK_ERROR_SIZE 8192

/* How many connections the step can have at once, each used by one thread. */
extern const int soak_connection_count;

/* A connection to both services. soak_close() must follow. */
void *soak_open(char *error, size_t error_size);
void soak_close(void *connection);

/* Sends `value` through both services and checks what comes back. */
bool soak_request(void *connection, int32_t value, char *error, size_t error_size);

/* The processes whose size must not grow, ended by 0. Valid once a connection is open. */
const pid_t *soak_processes(void);

/* Whether the reply to `value` is the one that both services together must give. */
bool soak_check(int32_t value, int32_t doubled, const char *text, char *error,
                size_t error_size);

#endif
