/*
 * Step 00: the whole program in one file. main() comes first and runs the pipeline
 * 42 -> 84 -> "Value-0084"; below it are the two components that do the work and, at the
 * very end, a unit test that is compiled only with -DUNIT_TESTING.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXIT_USAGE 2

/* The result of component1_process(). */
struct component1_data {
    int32_t value;  /* the double of the input, or the input if that does not fit */
    bool processed; /* whether it was doubled */
};

/* Component 1 doubles values and judges the result. */
struct component1 {
    const char *name; /* shown in its log lines */
};

void component1_init(struct component1 *self);
struct component1_data component1_process(const struct component1 *self, int32_t input);
bool component1_validate(const struct component1 *self,
                         const struct component1_data *data);

/* Room for "Value-" with any int32_t and the final NUL. */
#define COMPONENT2_TEXT_SIZE 32

/* The result of component2_transform(). */
struct component2_data {
    int32_t original;
    char transformed[COMPONENT2_TEXT_SIZE]; /* "Value-0084" */
};

/* Room for the sentence that component2_analyze() writes about any data. */
#define COMPONENT2_ANALYSIS_SIZE 64

/* Component 2 formats values and describes the result. */
struct component2 {
    const char *name; /* shown in its log lines */
};

void component2_init(struct component2 *self);
struct component2_data component2_transform(const struct component2 *self, int32_t input);
void component2_analyze(const struct component2 *self, const struct component2_data *data,
                        char *buffer, size_t size);

#ifndef UNIT_TESTING

static bool cli_parse_arguments(int argc, char **argv, int32_t *input_value);
static int cli_finish_output(void);

int main(int argc, char **argv)
{
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit fails the write, not the program */

    int32_t input_value = 42;
    if (!cli_parse_arguments(argc, argv, &input_value))
        return EXIT_USAGE;

    printf("\n\nPhase 00: Mono File Monolith Application\n");

    printf("\n--- Processing Pipeline ---\n");
    printf("Input value: %" PRId32 "\n", input_value);

    struct component1 comp1;
    component1_init(&comp1);
    struct component1_data data1 = component1_process(&comp1, input_value);
    if (!data1.processed) {
        fprintf(stderr, "Error: overflow: %" PRId32 " * 2 exceeds int32_t range\n",
                input_value);
        return EXIT_FAILURE;
    }
    bool is_valid = component1_validate(&comp1, &data1);
    printf("Component1 result: Component1Data { value: %" PRId32
           ", processed: %s }, Valid: %s\n",
           data1.value, data1.processed ? "true" : "false", is_valid ? "true" : "false");

    struct component2 comp2;
    component2_init(&comp2);
    struct component2_data data2 = component2_transform(&comp2, data1.value);
    char analysis[COMPONENT2_ANALYSIS_SIZE];
    component2_analyze(&comp2, &data2, analysis, sizeof analysis);
    printf("Component2 result: Component2Data { original: %" PRId32
           ", transformed: \"%s\" }\n",
           data2.original, data2.transformed);
    printf("%s\n", analysis);

    printf("\nExecution complete\n");
    return cli_finish_output();
}

static bool cli_parse_value(const char *text, int32_t *value)
{
    char *end = NULL;

    errno = 0;
    long number = strtol(text, &end, 10);
    if (isspace((unsigned char)*text) || end == text || *end != '\0' || errno == ERANGE ||
        number < INT32_MIN || number > INT32_MAX)
        return false;
    *value = (int32_t)number;
    return true;
}

/* Replaces each control character by "?"; in UTF-8, U+0080 to U+009F are two bytes. */
static char *printable(char *text)
{
    char *to = text;

    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool two_bytes = c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f;
        *to++ = two_bytes || *c < 0x20 || *c == 0x7f ? '?' : (char)*c;
        c += two_bytes;
    }
    *to = '\0';
    return text;
}

static bool cli_parse_arguments(int argc, char **argv, int32_t *input_value)
{
    if (argc > 2)
        fprintf(stderr, "Error: unexpected argument '%s'\n", printable(argv[2]));
    else if (argc == 2 && !cli_parse_value(argv[1], input_value))
        fprintf(stderr, "Error: '%s' is not a 32-bit integer\n", printable(argv[1]));
    else
        return true;
    fprintf(stderr, "Usage: app [VALUE]\n");
    return false;
}

/* Only when the buffer of standard output is flushed does a failure show. */
static int cli_finish_output(void)
{
    if (fflush(stdout) == EOF || ferror(stdout)) {
        fprintf(stderr, "Error: cannot write to standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

#endif

/* Checked before multiplying, because signed overflow is undefined behaviour. */
static bool double_fits(int32_t value)
{
    return value >= INT32_MIN / 2 && value <= INT32_MAX / 2;
}

struct component1_data component1_process(const struct component1 *self, int32_t input)
{
    printf("\t[%s] Processing value: %" PRId32 "\n", self->name, input);
    if (!double_fits(input))
        return (struct component1_data){.value = input, .processed = false};
    return (struct component1_data){.value = input * 2, .processed = true};
}

bool component1_validate(const struct component1 *self,
                         const struct component1_data *data)
{
    printf("\t[%s] Validating data: Component1Data { value: %" PRId32
           ", processed: %s }\n",
           self->name, data->value, data->processed ? "true" : "false");
    return data->processed && data->value > 0;
}

void component1_init(struct component1 *self)
{
    self->name = "Component1";
    printf("\t[%s] Initialized\n", self->name);
}

struct component2_data component2_transform(const struct component2 *self, int32_t input)
{
    printf("\t[%s] Transforming value: %" PRId32 "\n", self->name, input);
    struct component2_data data = {.original = input};
    snprintf(data.transformed, sizeof data.transformed, "Value-%04" PRId32, input);
    return data;
}

void component2_analyze(const struct component2 *self, const struct component2_data *data,
                        char *buffer, size_t size)
{
    printf("\t[%s] Analyzing data: Component2Data { original: %" PRId32
           ", transformed: \"%s\" }\n",
           self->name, data->original, data->transformed);
    snprintf(buffer, size, "Analysis: %" PRId32 " maps to %s", data->original,
             data->transformed);
}

void component2_init(struct component2 *self)
{
    self->name = "Component2";
    printf("\t[%s] Initialized\n", self->name);
}

#ifdef UNIT_TESTING

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void negative_number_are_invalid(void **state)
{
    (void)state;
    struct component1 comp1;
    component1_init(&comp1);

    struct component1_data data = component1_process(&comp1, -5);

    assert_true(data.processed);
    assert_int_equal(data.value, -10);
    assert_false(component1_validate(&comp1, &data));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(negative_number_are_invalid),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
