/*
 * An HTTP server with the fault that a test asks for. It logs its URL to standard error,
 * takes a connection and does in order what its argument says, words with | between them:
 *
 *   read      reads a request
 *   lower id  takes the id of the last request for one in lower case
 *   accept    closes the connection and takes another
 *   spaces:N  sends N spaces
 *   drip      sends a space ten times a second, forever
 *   hold      does nothing, forever
 *
 * Anything else is sent as it stands, with the id of the last request in place of
 * {id}. At the end it closes the connection. Two words can only stand alone:
 *
 *   refuse    keeps the port and does not listen on it
 *   full      listens, but its queue of connections is full and stays so
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LIFETIME_SECONDS 100 /* should its test not live to end it */
#define ID_LENGTH 36

static int listener;
static int client = -1;
static char request_id[ID_LENGTH + 1];

static void give_up(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

static struct sockaddr_in bind_to_free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;

    listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, size) == -1 ||
        getsockname(listener, (struct sockaddr *)&address, &size) == -1)
        give_up("bind");
    return address;
}

/* A queue for 0 connections holds one: the next ones wait forever. */
static void fill_queue(const struct sockaddr_in *address)
{
    if (listen(listener, 0) == -1 ||
        connect(socket(AF_INET, SOCK_STREAM, 0), (const struct sockaddr *)address,
                sizeof *address) == -1)
        give_up("full");
}

static void accept_client(void)
{
    if (client != -1)
        close(client);
    client = accept(listener, NULL, NULL);
    if (client == -1)
        give_up("accept");
}

/* Whether `request` has its header and, as far as that announces one, its body. */
static bool is_complete(const char *request)
{
    static const char field[] = "Content-Length:";
    const char *end = strstr(request, "\r\n\r\n");
    const char *length = strstr(request, field);
    size_t announced = length ? strtoul(length + sizeof field - 1, NULL, 10) : 0;
    return end && strlen(end + 4) >= announced;
}

static void read_request(void)
{
    static const char id_field[] = "\"request_id\":\"";
    char request[8192] = "";
    size_t length = 0;

    while (!is_complete(request)) {
        ssize_t count = recv(client, request + length, sizeof request - 1 - length, 0);
        if (count <= 0)
            give_up("request");
        length += (size_t)count;
    }
    const char *id = strstr(request, id_field);
    if (id)
        snprintf(request_id, sizeof request_id, "%s", id + sizeof id_field - 1);
}

static void lower_id(void)
{
    for (char *c = request_id; *c; c++)
        *c = (char)tolower((unsigned char)*c);
}

/* False when the client has gone; there is no more to do for it then. */
static bool send_bytes(const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t count = send(client, bytes, length, MSG_NOSIGNAL);
        if (count == -1)
            return false;
        bytes += count;
        length -= (size_t)count;
    }
    return true;
}

static void send_text(const char *text)
{
    const char *id = strstr(text, "{id}");
    size_t before = id ? (size_t)(id - text) : strlen(text);

    if (send_bytes(text, before) && id && send_bytes(request_id, strlen(request_id)))
        send_text(id + strlen("{id}"));
}

static void send_spaces(unsigned long count)
{
    while (count > 0 && send_bytes(" ", 1))
        count--;
}

static void drip(void)
{
    while (send_bytes(" ", 1))
        poll(NULL, 0, 100);
}

static void perform(const char *word)
{
    if (strcmp(word, "read") == 0)
        read_request();
    else if (strcmp(word, "lower id") == 0)
        lower_id();
    else if (strcmp(word, "accept") == 0)
        accept_client();
    else if (strncmp(word, "spaces:", 7) == 0)
        send_spaces(strtoul(word + 7, NULL, 10));
    else if (strcmp(word, "drip") == 0)
        drip();
    else if (strcmp(word, "hold") == 0)
        pause();
    else
        send_text(word);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "Usage: http_peer SCRIPT\n");
        return EXIT_FAILURE;
    }
    char *script = argv[1];
    bool refuse = strcmp(script, "refuse") == 0;
    bool full = strcmp(script, "full") == 0;

    alarm(LIFETIME_SECONDS);
    struct sockaddr_in address = bind_to_free_port();
    if (full)
        fill_queue(&address);
    else if (!refuse && listen(listener, SOMAXCONN) == -1)
        give_up("listen");
    fprintf(stderr, "Listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    if (refuse || full)
        pause();

    accept_client();
    for (char *word = strtok(script, "|"); word; word = strtok(NULL, "|"))
        perform(word);
    return EXIT_SUCCESS;
}
