/* tests/examples/hear.c: see hear.h.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/examples/hear.h"

#include <glob.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int read_wave(const char *path, heard *h) {
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file)
        return 0;
    *h = (heard){
        .n = (size_t)info.frames, .channels = info.channels, .rate = (double)info.samplerate};
    h->frames = calloc(h->n * (size_t)h->channels + 1, sizeof *h->frames);
    h->left = calloc(h->n + 1, sizeof *h->left);
    int ok = h->frames && h->left && sf_readf_float(file, h->frames, info.frames) == info.frames;
    for (size_t i = 0; ok && i < h->n; i++)
        h->left[i] = h->frames[i * (size_t)h->channels];
    sf_close(file);
    return ok;
}

int hear_file(const char *path, const char *options, heard *h) {
    char wave[] = "/tmp/chronus-heard-XXXXXX.wav", command[2000];
    int fd = mkstemps(wave, 4);
    if (fd < 0)
        return 0;
    close(fd);
    unlink(wave);
    snprintf(command, sizeof command, "'%s' render '%s' -q -o %s --bits f32 %s 1>&2",
             CHRONUS_BINARY, path, wave, options);
    int ok = system(command) == 0 && read_wave(wave, h);
    unlink(wave);
    return ok;
}

int hear_text(const char *text, const char *options, heard *h) {
    char script[] = "/tmp/chronus-heard-XXXXXX.chr";
    int fd = mkstemps(script, 4);
    if (fd < 0)
        return 0;
    FILE *file = fdopen(fd, "w");
    int ok = file && fputs(text, file) >= 0;
    ok = file && fclose(file) == 0 && ok && hear_file(script, options, h);
    unlink(script);
    return ok;
}

void hear_free(heard *h) {
    free(h->frames);
    free(h->left);
    *h = (heard){0};
}

int hear_each_example(void (*f)(const char *path, const char *name)) {
    glob_t found = {0};
    int n =
        glob(CHRONUS_SOURCE_DIR "/examples/*.chr", 0, NULL, &found) == 0 ? (int)found.gl_pathc : 0;
    for (int i = 0; i < n; i++)
        f(found.gl_pathv[i], strrchr(found.gl_pathv[i], '/') + 1);
    globfree(&found);
    return n;
}

char *hear_source(const char *path) {
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t n = 0;
    if (!file || getdelim(&text, &n, '\0', file) < 0) {
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

char *hear_check(const char *path) {
    enum { MOST = 20000 };
    char command[1000], *said = calloc(MOST, 1);
    snprintf(command, sizeof command, "'%s' check '%s' 2>&1", CHRONUS_BINARY, path);
    FILE *pipe = said ? popen(command, "r") : NULL;
    if (!pipe) {
        free(said);
        return NULL;
    }
    size_t n = fread(said, 1, MOST - 1, pipe);
    said[n] = 0;
    if (pclose(pipe) != 0 && n == 0)
        snprintf(said, MOST, "the program failed");
    return said;
}
