/*
 * What the app of a step needs around it: nothing up to step 06, which starts its
 * services itself; the services from step 07 on; a broker, too, in step 08. The tests
 * start and stop it without knowing what it is. All listen on free ports of 127.0.0.1.
 */
#ifndef SUPPORT_STACK_H
#define SUPPORT_STACK_H

#include "process.h"

/*
 * To be called before anything else: ends the test program as skipped, and says which
 * package to install, if the stack of this step needs a program that is missing.
 */
void stack_require(void);

/* Starts what the app needs, ready to be used, and tells it where in the environment. */
void stack_start(void);

/* Ends the services by SIGTERM; the test fails if one does not end with 0. */
void stack_stop(void);

/* Service 1 or 2 of a stack that was started, and its URL in step 07. */
struct process *stack_service(int service);
const char *stack_service_url(int service);

/* The parts of stack_start(), for tests that break one. */
void stack_start_broker(void);
void stack_stop_broker(void);
void stack_start_broker_on(struct process *process, const char *port); /* "-1": any */
void stack_start_broker_with(struct process *process, const char *port,
                             const char *configuration); /* a file, or NULL */
void stack_start_service(struct process *process, int service);

/*
 * What service 1 or 2 has logged, with names in the place of what varies. `app_err` is
 * what came over the standard error of the app. The caller frees it.
 */
char *stack_service_log(int service, const char *app_err);

#endif
