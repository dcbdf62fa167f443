/* tests/examples/hear.h: renders a script with the program and reads what it wrote.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_HEAR_H
#define CHR_TESTS_HEAR_H

#include <stddef.h>

typedef struct heard {
    float *frames; /* [n][channels] */
    float *left;   /* [n] */
    size_t n;
    int channels;
    double rate;
} heard;

/* Renders the script at `path` with further options ("--bars 4"). False, with what the program said
 * on standard error, when it fails. */
int hear_file(const char *path, const char *options, heard *h);
/* The same for the text of a script. */
int hear_text(const char *text, const char *options, heard *h);
void hear_free(heard *h);

/* Calls `f` for each script of examples/, with its path and its file name; how many there are. */
int hear_each_example(void (*f)(const char *path, const char *name));
/* The text of a file, to be freed; NULL where it cannot be read. */
char *hear_source(const char *path);

/* What `chronus check` says of a script, to be freed; NULL when it cannot be run. */
char *hear_check(const char *path);

#endif
