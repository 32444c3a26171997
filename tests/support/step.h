/*
 * The step under test: where its app is, what it prints and where it stops. The tests see
 * only this, so that all steps are held to the same results.
 */
#ifndef SUPPORT_STEP_H
#define SUPPORT_STEP_H

#include <stdbool.h>
#include <stddef.h>

struct step {
    const char *name;  /* "step00" */
    const char *usage; /* the line after the refusal of a bad command line */
    const char *last_before_overflow; /* the last line when the double does not fit */
    bool has_services;                /* there are logs of services to compare */
};

/* What the pipeline makes of a value, written down by hand. */
struct pipeline_values {
    const char *input;   /* "42" */
    const char *doubled; /* "84" */
    const char *text;    /* "Value-0084" */
    const char *valid;   /* "true" */
};

/* The row of the step that this program was built for. */
const struct step *step_under_test(void);

/* The path of its app, for argv[0]. */
const char *step_app(void);

/*
 * What the app must print for `values`: expected/stepNN.txt, which is for 42, with each
 * of the values in its place; nothing after `last_line` unless that is NULL. The caller
 * frees it.
 */
char *step_expected_output(const struct pipeline_values *values, const char *last_line);

/* What service 1 or 2 must log when its app runs with 42. The caller frees it. */
char *step_expected_log(int service);

/* What the app itself has written to standard error, without the logs of services. */
char *step_app_errors(const char *err);

/*
 * `output` with the names that the expected files use in the place of what varies, like
 * {plugin_dir}. The caller frees it.
 */
char *step_mask_output(const char *output);

#endif
