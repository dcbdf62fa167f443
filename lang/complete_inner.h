/* lang/complete_inner.h: what the files of the completion share.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_COMPLETE_INNER_H
#define CHR_LANG_COMPLETE_INNER_H

#include "lang/answers_page.h"
#include "lang/complete.h"
#include "lang/token.h"
#include "lang/transforms.h"

typedef struct completing {
    const chr_session *session;
    const chr_state *state;
    chr_arena *arena;
    const char *text;        /* all of it */
    const chr_token *tokens; /* of the statement, before the word at the cursor */
    int n;
    bool in_body;       /* of a module */
    bool in_steps;      /* the word is pattern text */
    bool in_quotes;     /* the word is the inside of a string */
    const char *path;   /* "bass.lpf" where the word is the `cu` of `bass.lpf.cu`; else NULL */
    const char *prefix; /* what of the word stands before the cursor */
    const char *word;   /* the whole of it */
    bool hint_only;
    chr_completion *out;
} completing;

bool chr_token_is(const completing *c, int i, const char *word);
char *chr_token_copy(const completing *c, int i);

/* ---- complete_words.c: what there is; only what begins with the prefix is kept ---- */

void chr_offer(completing *c, chr_word_kind kind, const char *text);
void chr_offer_statements(completing *c);
/* The words of `make` and of sentences; or the groups alone. */
void chr_offer_vocabulary(completing *c, bool groups_only);
typedef enum chr_offered_modules {
    CHR_ALL_MODULES,
    CHR_EFFECTS,
    CHR_INSTRUMENTS
} chr_offered_modules;
void chr_offer_modules(completing *c, chr_offered_modules which);
void chr_offer_params(completing *c, const chr_page *page);
/* "saw|square" */
void chr_offer_choices(completing *c, const char *choices);
void chr_offer_scales(completing *c);
/* Those of the library that end so, and the files. */
void chr_offer_tunings(completing *c, const char *ending);
/* Patches and buses, or buses alone. */
void chr_offer_owners(completing *c, bool buses_only);
/* What a chain may name besides modules: `let` and `fn`, buses, `out`, other patches. */
void chr_offer_definitions(completing *c, bool operand);
/* What `set NAME` and `NAME.` reach: knobs of its instrument, parameters of its modules and
 * effects. `path` "bass", "bass.lpf" or NULL; the word "cutoff" given: only its page is sought. */
void chr_offer_knobs(completing *c, const char *path, bool with_value);
bool chr_find_knob(completing *c, const char *path, const char *word, chr_page_param *knob);

/* ---- hints ---- */

void chr_hint_param(completing *c, const char *module, const chr_page_param *param);
void chr_hint_module(completing *c, const chr_page *page);
void chr_hint_statement(completing *c, const chr_statement_info *info);
void chr_hint_transform(completing *c, const chr_transform_info *info);
const chr_page_param *chr_page_param_of(const chr_page *page, const char *word);

/* ---- complete_weave.c: within `x... > every 4 re…` ---- */

/* Tokens from..c->n-1 are the transforms so far. */
void chr_complete_weave(completing *c, int from);

/* ---- complete_chain.c: within `saw 220 > lpf cut…` ---- */

/* Tokens from..c->n-1 are the chain so far. */
void chr_complete_chain(completing *c, int from);

/* ---- complete_form.c: within a statement, by its usage ---- */

/* Token `from` is the statement's first word. */
void chr_complete_form(completing *c, int from, const chr_statement_info *info);

#endif
