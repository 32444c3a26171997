/*
 * What a program or library shows to the dynamic loader.
 */
#ifndef SUPPORT_EXPORTS_H
#define SUPPORT_EXPORTS_H

/*
 * The names that the file exports of its own, each with a newline, in the order of nm.
 * The caller frees it. The test fails if nm does.
 */
char *exports_of(const char *path);

#endif
