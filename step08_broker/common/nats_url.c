#include "nats_url.h"

#include <stdlib.h>
#include <string.h>

const char *nats_url(void)
{
    const char *url = getenv("NATS_URL");
    if (!url)
        return "nats://127.0.0.1:4222";
    return url[strspn(url, " \t\n\v\f\r")] == '\0' ? NULL : url;
}
