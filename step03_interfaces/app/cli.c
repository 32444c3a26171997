#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "printable.h"

bool cli_parse_value(const char *text, int32_t *value)
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

bool cli_parse_arguments(int argc, char **argv, int32_t *input_value)
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

int cli_finish_output(void)
{
    if (fflush(stdout) == EOF || ferror(stdout)) {
        fprintf(stderr, "Error: cannot write to standard output: %s\n", strerror(errno));
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
