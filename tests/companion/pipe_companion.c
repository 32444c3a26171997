/*
 * The companion of step 06. A service of its is a script beside the app; a request of its
 * app goes to the standard input of ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "companion.h"
#include "process.h"
#include "temp_dir.h"
#include "text.h"

static const char script[] = "#!/bin/sh\n"
                             "while read -r request; do\n"
                             "    case $request in\n"
                             "    *GetVersion*) echo '{version}' ;;\n"
                             "    *Shutdown*) exit 0 ;;\n"
                             "    *) echo '{reply}' ;;\n"
                             "    esac\n"
                             "done\n";

static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

void companion_open(void)
{
    temp_dir_run("cp build/bin/app build/bin/service? .");
}

void companion_start_service(int number, const struct companion_service *service)
{
    char name[] = "serviceN";
    char *reply = text_with_quotes(service->reply);
    char *version = text_with_quotes(service->version);
    const struct replacement replacements[] = {{"{reply}", reply},
                                               {"{version}", version}};
    char *text = text_replace(script, replacements, 2);

    name[strlen(name) - 1] = (char)('0' + number);
    write_file(name, text);
    free(text);
    free(version);
    free(reply);
}

char *companion_ask(enum companion_operation operation, const char *request)
{
    static const char *const paths[] = {
        [COMPANION_PROCESS] = "./service1",
        [COMPANION_TRANSFORM] = "./service2",
        [COMPANION_VERSION1] = "./service1",
        [COMPANION_VERSION2] = "./service2",
    };
    struct process service;
    char line[256];

    snprintf(line, sizeof line, "%s\n", request);
    write_file("request", line);
    process_start_from(&service, (const char *const[]){paths[operation], NULL},
                       "request");
    process_wait(&service);
    assert_int_equal(service.exit_status, 0);
    char *reply = text_replace(service.out.text, &(struct replacement){"\n", ""}, 1);
    process_free(&service);
    return reply;
}

void companion_close(void)
{
}
