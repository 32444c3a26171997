#include "services.h"

#include <stdlib.h>

#include "standard_fds.h"

/* The URL in `variable`, or `fallback`; NULL if it makes no sense. */
static const char *service_url(const char *variable, const char *fallback,
                               struct error *error)
{
    const char *url = getenv(variable);
    if (!url)
        return fallback;
    if (http_endpoint_is_url(url))
        return url;
    error_set(error, "%s: '%.*s' is not the http URL of a service", variable,
              HTTP_URL_SIZE, url);
    return NULL;
}

bool services_open(struct services *services, struct error *error)
{
    standard_fds_reserve();
    *services = (struct services){0};
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(error, "libcurl: cannot be set up");
    const char *url1 = service_url("SERVICE1_URL", "http://127.0.0.1:3001", error);
    const char *url2 = service_url("SERVICE2_URL", "http://127.0.0.1:3002", error);
    if (!url1 || !url2 || !http_client_init(&services->client, error))
        return false;
    http_endpoint_init(&services->service1, &services->client, url1, "/process");
    http_endpoint_init(&services->service2, &services->client, url2, "/transform");
    return true;
}

void services_close(struct services *services)
{
    http_client_cleanup(&services->client);
    curl_global_cleanup();
}
