#include "stack.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "step.h"
#include "text.h"

/* ctest takes this status for a skipped test. */
#define EXIT_SKIPPED 77

static struct process broker;
static struct process services[2];
static char urls[2][128];

static bool has_services(void)
{
    return strcmp(STEP, "step07") == 0 || strcmp(STEP, "step08") == 0;
}

static bool has_broker(void)
{
    return strcmp(STEP, "step08") == 0;
}

void stack_require(void)
{
    struct process version;

    if (!has_broker())
        return;
    process_run(&version,
                (const char *const[]){"sh", "-c", "command -v nats-server", NULL});
    bool found = version.exit_status == 0;
    process_free(&version);
    if (!found) {
        printf(
            "skipped: nats-server is missing: install the Debian package nats-server\n");
        exit(EXIT_SKIPPED);
    }
}

/* Copies what stands between `before` and the end of its line. */
static void copy_after(const char *text, const char *before, char *to, size_t size)
{
    const char *start = strstr(text, before);
    assert_non_null(start);
    start += strlen(before);
    snprintf(to, size, "%.*s", (int)strcspn(start, "\n"), start);
}

void stack_start_broker_with(struct process *process, const char *port,
                             const char *configuration)
{
    char address[64];
    char url[128];

    process_start(process,
                  (const char *const[]){"nats-server", "-a", "127.0.0.1", "-p", port,
                                        configuration ? "-c" : NULL, configuration, NULL},
                  NULL);
    assert_true(process_wait_for(process, &process->err, "Server is ready"));
    copy_after(process->err.text, "Listening for client connections on ", address,
               sizeof address);
    snprintf(url, sizeof url, "nats://%s", address);
    setenv("NATS_URL", url, 1);
}

void stack_start_broker_on(struct process *process, const char *port)
{
    stack_start_broker_with(process, port, NULL);
}

void stack_start_broker(void)
{
    stack_start_broker_on(&broker, "-1");
}

void stack_stop_broker(void)
{
    process_signal(&broker, SIGTERM);
    process_wait(&broker);
    process_free(&broker);
}

void stack_start_service(struct process *process, int service)
{
    const char *path = service == 1 ? BIN_DIR "/service1" : BIN_DIR "/service2";
    const char *ready = has_broker() ? "Waiting for requests..." : "Listening on ";

    setenv("PORT", "0", 1);
    unsetenv("BIND_ADDRESS");
    process_start(process, (const char *const[]){path, NULL}, NULL);
    assert_true(process_wait_for(process, &process->err, ready));
    if (!has_broker()) {
        char *url = urls[service - 1];
        copy_after(process->err.text, ready, url, sizeof urls[0]);
        setenv(service == 1 ? "SERVICE1_URL" : "SERVICE2_URL", url, 1);
    }
}

void stack_start(void)
{
    if (has_broker())
        stack_start_broker();
    if (has_services()) {
        stack_start_service(&services[0], 1);
        stack_start_service(&services[1], 2);
    }
}

void stack_stop(void)
{
    int statuses[2] = {0};

    for (int i = 0; i < 2 && has_services(); i++) {
        process_signal(&services[i], SIGTERM);
        process_wait(&services[i]);
        statuses[i] = services[i].exit_status;
    }
    if (has_broker())
        stack_stop_broker();
    assert_int_equal(statuses[0], 0);
    assert_int_equal(statuses[1], 0);
}

struct process *stack_service(int service)
{
    return &services[service - 1];
}

const char *stack_service_url(int service)
{
    return urls[service - 1];
}

char *stack_service_log(int service, const char *app_err)
{
    char prefix[32];
    snprintf(prefix, sizeof prefix, "\t[Service%d]", service);
    char *log = text_lines_with(has_services() ? services[service - 1].err.text : app_err,
                                prefix);
    char *masked = step_mask_output(log);
    free(log);
    return masked;
}
