#include "step.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define USAGE "Usage: app [VALUE]\n"

static const struct step steps[] = {
    {"step00", USAGE, "\t[Component1] Processing value: 42\n", false},
    {"step01", USAGE, "\t[Component1] Processing value: 42\n", false},
    {"step02", USAGE, "\t[Component1 Lib] Processing value: 42\n", false},
    {"step03", USAGE, "\t[Component1 Lib] Processing value: 42\n", false},
    {"step04", USAGE, "\t[Component1 Lib] Processing value: 42\n", false},
    {"step05", "Usage: app [VALUE] [--plugins DIR]\n",
     "\t[Component1 DLL] Processing value: 42\n", false},
    {"step06", USAGE, "[App] Sending to Service1...\n", true},
    {"step07", USAGE, "[App] Sending to Service1...\n", true},
    {"step08", USAGE, "[App] Sending to \"service.process\"...\n", true},
};

const struct step *step_under_test(void)
{
    for (size_t i = 0; i < COUNT(steps); i++) {
        if (strcmp(steps[i].name, STEP) == 0)
            return &steps[i];
    }
    fprintf(stderr, "support: %s has no row in step.c\n", STEP);
    abort();
}

const char *step_app(void)
{
    return BIN_DIR "/app";
}

char *step_expected_output(const struct pipeline_values *values, const char *last_line)
{
    char *template = text_read_file(EXPECTED_DIR "/" STEP ".txt");
    if (last_line)
        text_cut_after(template, last_line);

    char valid[32];
    snprintf(valid, sizeof valid, "Valid: %s", values->valid);
    const struct replacement replacements[] = {
        {"Value-0084", values->text},
        {"84", values->doubled},
        {"42", values->input},
        {"Valid: true", valid},
    };
    char *output = text_replace(template, replacements, COUNT(replacements));
    free(template);
    return output;
}

char *step_expected_log(int service)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.service%d.stderr.txt", EXPECTED_DIR, STEP,
             service);
    return text_read_file(path);
}

char *step_app_errors(const char *err)
{
    return text_lines_without(err, "\t[Service");
}

/* Replaces each version 4 UUID, as in 9c0e27b6-5cf5-4c0d-8a3e-4b9f5d6c7a81. */
static char *mask_uuids(char *text)
{
    static const char pattern[] = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
    static const char name[] = "{request_id}";
    size_t length = sizeof pattern - 1;

    for (char *start = text; strlen(start) >= length; start++) {
        size_t i = 0;
        while (i < length && (pattern[i] == 'x'   ? isxdigit((unsigned char)start[i]) != 0
                              : pattern[i] == 'y' ? strchr("89ab", start[i]) != NULL
                                                  : start[i] == pattern[i]))
            i++;
        if (i < length)
            continue;
        memcpy(start, name, sizeof name - 1);
        memmove(start + sizeof name - 1, start + length, strlen(start + length) + 1);
    }
    return text;
}

char *step_mask_output(const char *output)
{
    const char *never = "\n\n\n\n"; /* stands for what is not in this environment */
    const char *url1 = getenv("SERVICE1_URL");
    const char *url2 = getenv("SERVICE2_URL");
    const char *nats_url = getenv("NATS_URL");
    const struct replacement replacements[] = {
        {BIN_DIR, "{plugin_dir}"},
        {url1 ? url1 : never, "{url}"},
        {url2 ? url2 : never, "{url}"},
        {nats_url ? nats_url : never, "{nats_url}"},
    };
    return mask_uuids(text_replace(output, replacements, COUNT(replacements)));
}
