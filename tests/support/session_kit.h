/* tests/support/session_kit.h: a session to talk to, with files that exist in memory only.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SESSION_KIT_H
#define CHR_TESTS_SESSION_KIT_H

#include "lang/session.h"

typedef struct kit_file {
    const char *kind, *name, *text;
    chr_read_status status;
} kit_file;

typedef struct kit {
    chr_session *session;
    kit_file files[40];
    int n_files;
    int n_reads;
    bool ok;      /* the last evaluation had no error */
    bool changes; /* it made the session another one */
    bool plays_by_itself;
    char *said;   /* its diagnostics, a line each: "E381 3:1 nothing here is called `x`" */
    char *asked;  /* its requests, a line each: "play", "save deep_groove" */
    char *answer; /* texts of its requests */
    char *told; /* "stops at bar 9", "foresees bar 9"; "= set bass cutoff=1kHz": what `make` stands
                   for */
    chr_position clock;
    double done; /* beat up to which kit_pass has let come what waits */
    char *ir;    /* the session's meaning after it; "" if there was an error */
} kit;

/* A session with the built-in modules and a small library of its own: kick, bass, synth, chorusy
 * (an effect). */
void kit_open(kit *k, bool allow_save);
/* The same with the library that the program brings. */
void kit_open_real(kit *k, bool allow_save);
void kit_close(kit *k);
/* A file that `import`, `load` or `module` (reload) finds. */
void kit_put(kit *k, const char *kind, const char *name, const char *text);
void kit_put_status(kit *k, const char *kind, const char *name, chr_read_status status);
/* Evaluates and, without an error, commits. Returns k->ok. */
bool kit_type(kit *k, const char *text);
bool kit_run(kit *k, const char *file, const char *text);
/* Lets come all that waits for a beat up to this one. The beat of the last; -1: nothing did. */
double kit_pass(kit *k, double beat);
/* The session as a script; free it. */
char *kit_text(const kit *k);
/* The IR that the session has now, printed; free it. */
char *kit_meaning(kit *k);

#endif
