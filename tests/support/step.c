#include "step.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

#define USAGE "Usage: app [VALUE]\n"

static const struct step steps[] = {
    {"step00", USAGE, "\t[Component1] Processing value: 42\n"},
    {"step01", USAGE, "\t[Component1] Processing value: 42\n"},
    {"step02", USAGE, "\t[Component1 Lib] Processing value: 42\n"},
    {"step03", USAGE, "\t[Component1 Lib] Processing value: 42\n"},
    {"step04", USAGE, "\t[Component1 Lib] Processing value: 42\n"},
    {"step05", "Usage: app [VALUE] [--plugins DIR]\n",
     "\t[Component1 DLL] Processing value: 42\n"},
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

char *step_mask_output(const char *output)
{
    const struct replacement replacements[] = {
        {BIN_DIR, "{plugin_dir}"},
    };
    return text_replace(output, replacements, COUNT(replacements));
}
