/*
 * The Rust companion as its wire formats show it, for the programs of a step to be mixed
 * with: its services, which give the replies that they are told, and the requests of its
 * app. There is one implementation for each transport.
 */
#ifndef COMPANION_H
#define COMPANION_H

/*
 * One of its services, which writes JSON with ' for ". {id} stands for the id of the
 * request in lower case, as a program writes it that reads ids into the UUIDs of its
 * library.
 */
struct companion_service {
    const char *reply;   /* to every request; NULL: ours is there in its place */
    const char *version; /* the reply to a version request, in the steps that have one */
};

/* What its app asks for. */
enum companion_operation {
    COMPANION_PROCESS,
    COMPANION_TRANSFORM,
    COMPANION_VERSION1,
    COMPANION_VERSION2,
};

/* Starts what carries the messages. The working directory gets what the step has built.
 */
void companion_open(void);

/* Starts its service 1 or 2, which the app of the step finds in place of ours. */
void companion_start_service(int number, const struct companion_service *service);

/* Sends a request to our service as its app does. The reply; the caller frees it. */
char *companion_ask(enum companion_operation operation, const char *request);

/* Ends all that was started; may be called again. */
void companion_close(void);

#endif
