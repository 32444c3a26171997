#include "nats_url.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

#define SHOWN_SIZE 1024

const char *nats_url(void)
{
    const char *url = getenv("NATS_URL");
    return url ? url : "nats://127.0.0.1:4222";
}

/* What follows "scheme://", or NULL if `text` does not start with that. */
static const char *after_scheme(const char *text)
{
    text += strcspn(text, ",:@");
    return strncmp(text, "://", 3) == 0 ? text + 3 : NULL;
}

/* The end of the first URL of a list. A comma in a password is none. */
static const char *end_of_url(const char *list)
{
    const char *comma = strchr(list, ',');

    while (comma && !after_scheme(comma + 1))
        comma = strchr(comma + 1, ',');
    return comma ? comma : list + strlen(list);
}

static void append(char shown[SHOWN_SIZE], const char *text, ptrdiff_t count)
{
    size_t used = strlen(shown);

    snprintf(shown + used, SHOWN_SIZE - used, "%.*s", (int)count, text);
}

/* Appends a URL without its password, which follows the name of a user, or its token. */
static void append_url(char shown[SHOWN_SIZE], const char *url, const char *end)
{
    const char *secret = after_scheme(url);
    const char *at = end;

    secret = secret ? secret : url;
    while (at > secret && *at != '@')
        at--;
    if (*at == '@') {
        const char *colon = memchr(secret, ':', (size_t)(at - secret));
        append(shown, url, (colon ? colon + 1 : secret) - url);
        append(shown, "***", 3);
        url = at;
    }
    append(shown, url, end - url);
}

const char *nats_url_shown(void)
{
    static char shown[SHOWN_SIZE];
    const char *url = nats_url();

    if (url[strspn(url, " \t\n\v\f\r,")] == '\0')
        return NULL;
    if (shown[0])
        return shown;
    for (const char *end = end_of_url(url);; end = end_of_url(url)) {
        append_url(shown, url, end);
        if (*end == '\0')
            return printable(shown);
        append(shown, end, 1);
        url = end + 1;
    }
}
