#include "text.h"

#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

char *text_read_file(const char *path)
{
    char *text = NULL;
    size_t size = 0;

    FILE *file = fopen(path, "r");
    if (!file || getdelim(&text, &size, '\0', file) == -1) {
        perror(path);
        abort();
    }
    fclose(file);
    return text;
}

void text_cut_after(char *text, const char *last)
{
    char *found = strstr(text, last);
    if (!found) {
        fprintf(stderr, "support: no \"%s\" in \"%s\"\n", last, text);
        abort();
    }
    found[strlen(last)] = '\0';
}

char *text_replace(const char *text, const struct replacement *replacements, size_t count)
{
    char *result = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&result, &size);
    if (!stream)
        abort();

    while (*text) {
        size_t i = 0;
        while (i < count &&
               strncmp(text, replacements[i].from, strlen(replacements[i].from)) != 0)
            i++;
        if (i < count) {
            fputs(replacements[i].to, stream);
            text += strlen(replacements[i].from);
        } else {
            fputc(*text++, stream);
        }
    }
    fclose(stream);
    return result;
}

char *text_with_quotes(const char *text)
{
    return text_replace(text, &(struct replacement){"'", "\""}, 1);
}

void text_assert_matches(const char *text, const char *pattern)
{
    if (fnmatch(pattern, text, 0) != 0)
        fail_msg("found \"%s\", expected \"%s\"", text, pattern);
}

static char *filter_lines(const char *text, const char *prefix, bool with)
{
    char *result = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&result, &size);
    if (!stream)
        abort();

    while (*text) {
        size_t length = strcspn(text, "\n");
        length += text[length] == '\n';
        if ((strncmp(text, prefix, strlen(prefix)) == 0) == with)
            fwrite(text, 1, length, stream);
        text += length;
    }
    fclose(stream);
    return result;
}

char *text_lines_with(const char *text, const char *prefix)
{
    return filter_lines(text, prefix, true);
}

char *text_lines_without(const char *text, const char *prefix)
{
    return filter_lines(text, prefix, false);
}
