/* lang/answers_page.h: what is known of a module, whether it is built in, of the library or of the
 * session. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_ANSWERS_PAGE_H
#define CHR_LANG_ANSWERS_PAGE_H

#include "lang/answers.h"
#include "lang/session_state.h"

typedef struct chr_page_param {
    const char *word, *display;
    chr_unit unit;    /* that a bare number takes, as far as it is known; else CHR_UNIT_NONE */
    const char *kind; /* "a frequency", or "" */
    const char *range, *dflt;   /* as a player reads them; "" where there is none */
    const char *choices;        /* "saw|square", or NULL */
    const char *context;        /* "brightness", or "" */
    const char *doc, *hint;     /* "" where there is none */
    const chr_param_info *info; /* of a built-in module, else NULL */
} chr_page_param;

typedef struct chr_page {
    const char *name, *doc, *group, *source, *example; /* "" where there is none */
    const char *origin;                                /* "built-in", "library", "yours" */
    chr_page_param *params;
    int n_params;
    const chr_port *inputs, *outputs; /* of a built-in module */
    int n_inputs, n_outputs;
} chr_page;

/* A module's page, in `arena`. False: nothing that a player should see bears the name, or memory is
 * out. */
bool chr_page_find(const chr_session *s, const chr_state *state, const char *name, chr_arena *arena,
                   chr_page *page);
/* Names of all modules, in the order of the manual: the built-in ones, the library's, the session's
 * own. In `arena`. */
const char **chr_page_names(const chr_session *s, const chr_state *state, chr_arena *arena, int *n);

/* Says in an answer that memory was out, if it was, and frees `arena`. */
void chr_answer_end(chr_arena *arena, FILE *to);

typedef struct chr_statement_info {
    const char *word, *group;
    bool available;
    const char *usage, *doc, *example;
} chr_statement_info;
extern const chr_statement_info chr_statements[];
extern const int chr_statements_count;

typedef struct chr_topic {
    const char *name, *title, *text;
} chr_topic;
extern const chr_topic chr_topics[];
extern const int chr_topics_count;

/* A word that stands inside statements, or that is looked for. */
typedef struct chr_glossary_word {
    const char *word;
    const char *doc, *example; /* "" where there is none; doc NULL: `more` explains it */
    const char *more;          /* what else to ask help about, or "" */
} chr_glossary_word;
extern const chr_glossary_word chr_glossary[];
extern const int chr_glossary_count;

/* Text with each line set in by `indent`. */
void chr_print_indented(FILE *to, const char *text, const char *indent);
/* Text of several paragraphs, each on one line: whoever shows it knows how wide lines may be. */
void chr_print_paragraphs(FILE *to, const char *text);

/* answers_harmony.c: what belongs under a subject: all scales, kinds of chords, tunings; nothing
 * for another subject. */
void chr_print_subject_list(const char *topic, FILE *to);
/* What is known of a scale or of a chord ("dorian", "Cm7"). False: it is neither. */
bool chr_print_harmony(const char *name, FILE *to);

/* answers_transforms.c. False: no transform bears that name. `again`: something was printed before.
 */
bool chr_print_transform(const char *name, bool again, FILE *to);
void chr_print_transforms(FILE *to);
/* answers_help.c, answers_list.c, answers_show.c. False: nothing bears that name. */
bool chr_print_help(const chr_session *s, const chr_state *state, const char *topic, FILE *to);
/* answers_make.c: the vocabulary of `make` and of sentences; and one word of it, false where it is
 * none. */
void chr_print_vocabulary(FILE *to);
bool chr_print_vocable(const char *word, bool again, FILE *to);
/* What waits for its moment (about that patch, unless NULL), under a heading; nothing if nothing
 * does. */
void chr_print_waiting(const chr_session *s, const chr_state *state, const char *about, FILE *to);
bool chr_print_list(const chr_session *s, const chr_state *state, const char *what, FILE *to);
/* Is this what `show NAME` shows? */
bool chr_entry_is_about(const chr_entry *e, const char *name);
/* The statements that `list` or `show` tells of, `"statements": [...]` in JSON, one object each;
 * false: it is another question. */
bool chr_print_facts(const chr_state *state, const chr_ast *question, FILE *to);
void chr_print_show(const chr_session *s, const chr_state *state, const chr_ir *ir,
                    const char *target, FILE *to);

#endif
