/* lang/diag.h: errors, warnings and notes, collected and then shown as text or JSON.
 * Every code stands in diag.def with its severity and its sentence.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_DIAG_H
#define CHR_LANG_DIAG_H

#include "lang/arena.h"
#include "lang/source.h"

#include <stdbool.h>
#include <stdio.h>

typedef enum chr_severity { CHR_ERROR, CHR_WARNING, CHR_NOTE } chr_severity;

/* diag.def: CHR_DIAG(code, severity, format, advice): E1xx lexical, E2xx grammar, E3xx names and
 * structure, E4xx kinds, units and ranges, E5xx limits, E6xx not available yet, E7xx files, E8xx
 * what it would sound like; W and N likewise. */
typedef enum chr_code {
#define CHR_DIAG(code, severity, format, advice) CHR_##code,
#include "lang/diag.def"
#undef CHR_DIAG
    CHR_CODE_COUNT
} chr_code;

typedef struct chr_diag {
    chr_code code;
    chr_severity severity;
    chr_span span;
    const char
        *message; /* one sentence, the format filled in; control characters already made visible */
    const char *suggestion; /* what to try, or NULL */
    struct chr_diag *next;
} chr_diag;

typedef struct chr_diags {
    chr_arena *arena;
    chr_diag *first, **last;
    int n_errors, n_warnings;
    int n_shown_limit; /* later ones are counted, not kept (1000) */
    int n_kept, n_dropped;
    chr_diag *newest; /* what chr_suggest speaks about; NULL where the last one was not kept */
} chr_diags;

void chr_diags_init(chr_diags *d, chr_arena *arena);

/* Reports `code` at `span`. The arguments fill the format of diag.def (only %s, %d, %g, %c). */
void chr_report(chr_diags *d, chr_code code, chr_span span, ...);
/* Gives the diagnostic reported last a suggestion of its own in place of the advice of diag.def. */
void chr_suggest(chr_diags *d, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds what was reported about a copy of a part of `source`, at the same places of the source
 * itself. */
void chr_diags_add(chr_diags *d, const chr_diags *about_copy, const chr_source *source);

/* Is advice worth looking for? Only the first 200 diagnostics get any, so that a long text full of
 * mistakes is answered as quickly as another. */
bool chr_wants_advice(const chr_diags *d);

/* "E403", "error". */
const char *chr_code_name(chr_code code);
chr_severity chr_code_severity(chr_code code);

/* All diagnostics in the order of their places, caret style; `colour` adds ANSI colours. Of a long
 * line that part is shown that fits into so many columns (0: 160 characters). No control character
 * of a source reaches `to`. */
void chr_diags_print(const chr_diags *d, FILE *to, bool colour, int columns);
/* The same as a JSON array, one object a diagnostic; on one line without its end, or on several. */
void chr_diags_print_json(const chr_diags *d, FILE *to, bool one_line);

/* Nearest of `n` words to `word` (edit distance, transpositions count one), or NULL where none is
 * near. */
const char *chr_nearest(const char *word, const char *const *words, int n);

/* True for a word inside statements, and for a subject, that help explains. */
bool chr_is_explained(const char *word);
/* What a word from elsewhere is called here ("echo": "delay"), or NULL. */
const char *chr_word_meant(const char *word);
/* Says what may have been meant by `name`, which is none of the `n` names that there are: the
 * nearest, or all of them. */
void chr_suggest_name(chr_diags *d, const char *name, const char *const *names, int n);

#endif
