/* lang/complete_words.c: the words that there are, and what is said of them in one line.
 * SPDX-License-Identifier: MIT */
#include "lang/complete_inner.h"
#include "lang/harmony.h"
#include "lang/make_words.h"
#include "lang/stdlib.h"

#include <string.h>

void chr_offer(completing *c, chr_word_kind kind, const char *text) {
    chr_completion *out = c->out;
    if (c->hint_only || !text || !*text || strncmp(text, c->prefix, strlen(c->prefix)) != 0 ||
        out->n == CHR_COMPLETION_MAX)
        return;
    for (int i = 0; i < out->n; i++)
        if (strcmp(out->words[i].text, text) == 0)
            return;
    if (out->n == out->room) {
        int room = out->room ? out->room * 2 : 64;
        chr_word *more = CHR_NEW_N(c->arena, chr_word, room);
        if (!more)
            return;
        if (out->n > 0)
            memcpy(more, out->words, sizeof *more * (size_t)out->n);
        out->words = more;
        out->room = room;
    }
    const char *copy = chr_arena_copy(c->arena, text, strlen(text));
    if (copy)
        out->words[out->n++] = (chr_word){copy, kind};
}

/* `word=`, or `word` alone. */
static void offer_param(completing *c, const char *word, bool with_value) {
    if (!c->hint_only)
        chr_offer(c, CHR_WORD_PARAM, with_value ? chr_arena_printf(c->arena, "%s=", word) : word);
}

void chr_offer_statements(completing *c) {
    for (int i = 0; i < chr_statements_count; i++)
        if (chr_statements[i].available)
            chr_offer(c, CHR_WORD_STATEMENT, chr_statements[i].word);
}

void chr_offer_vocabulary(completing *c, bool groups_only) {
    char text[CHR_VOCABLE_BYTES];
    chr_vocable_kind kind;
    for (int i = 0; !c->hint_only && chr_vocable_at(i, &kind, text); i++)
        if (groups_only ? kind == CHR_VOCABLE_GROUP : kind != CHR_VOCABLE_SMALL)
            chr_offer(c, CHR_WORD_KEYWORD, text);
}

static bool is_wanted(const chr_page *page, chr_offered_modules which) {
    bool instrument = strcmp(page->group, "Instruments") == 0;
    bool yours = strcmp(page->origin, "yours") == 0;
    switch (which) {
    case CHR_INSTRUMENTS:
        return instrument || yours;
    case CHR_EFFECTS:
        if (strcmp(page->origin, "built-in") == 0)
            return page->n_inputs > 0 && page->inputs[0].normal == CHR_NORMAL_IN;
        return !instrument;
    default:
        return true;
    }
}

void chr_offer_modules(completing *c, chr_offered_modules which) {
    int n = 0;
    const char **names = c->hint_only ? NULL : chr_page_names(c->session, c->state, c->arena, &n);
    for (int i = 0; names && i < n; i++) {
        chr_page page;
        if (strncmp(names[i], c->prefix, strlen(c->prefix)) == 0 &&
            chr_page_find(c->session, c->state, names[i], c->arena, &page) &&
            is_wanted(&page, which))
            chr_offer(c, CHR_WORD_MODULE, names[i]);
    }
}

void chr_offer_params(completing *c, const chr_page *page) {
    for (int i = 0; i < page->n_params; i++)
        offer_param(c, page->params[i].word, true);
}

void chr_offer_choices(completing *c, const char *choices) {
    while (choices && *choices && !c->hint_only) {
        size_t n = strcspn(choices, "|");
        chr_offer(c, CHR_WORD_CHOICE, chr_arena_copy(c->arena, choices, n));
        choices += n + (choices[n] == '|');
    }
}

void chr_offer_scales(completing *c) {
    int n = 0;
    const char **words = c->hint_only ? NULL : chr_scale_words(c->arena, &n);
    for (int i = 0; i < n; i++)
        chr_offer(c, CHR_WORD_SCALE, words[i]);
}

void chr_offer_tunings(completing *c, const char *ending) {
    for (int i = 0; i < chr_tunings_count; i++) {
        const char *name = chr_tunings[i].name, *end = strstr(name, ending);
        if (end)
            chr_offer(c, CHR_WORD_NAME, chr_arena_copy(c->arena, name, (size_t)(end - name)));
    }
    c->out->files = strcmp(ending, ".scl") == 0 ? "tuning" : "keymap";
}

void chr_offer_owners(completing *c, bool buses_only) {
    for (int i = 0; i < c->state->n && !c->hint_only; i++) {
        const chr_entry *e = &c->state->entries[i];
        if (!e->statement || !e->owner)
            continue;
        bool bus = e->statement->kind == CHR_AST_BUS;
        bool pattern = strncmp(e->key, "pattern ", 8) == 0;
        if (bus || (!buses_only && (pattern || strncmp(e->key, "owner ", 6) == 0)))
            chr_offer(c, CHR_WORD_NAME, e->owner);
    }
}

void chr_offer_definitions(completing *c, bool operand) {
    for (int i = 0; i < c->state->n && !c->hint_only; i++) {
        const chr_ast *statement = c->state->entries[i].statement;
        if (statement && (statement->kind == CHR_AST_LET || statement->kind == CHR_AST_FN))
            chr_offer(c, CHR_WORD_NAME, statement->text);
    }
    if (operand) {
        chr_offer(c, CHR_WORD_KEYWORD, "out");
        chr_offer_owners(c, true);
    }
}

/* ---- the knobs of a patch ---- */

/* Called for each module that sounds in the patch; true ends the search. */
typedef bool each_part(completing *c, const char *label, const chr_page *page, void *context);

static bool part(completing *c, const char *label, const char *module, each_part *each,
                 void *context) {
    chr_page page;
    return chr_page_find(c->session, c->state, module, c->arena, &page) &&
           each(c, label, &page, context);
}

static bool parts_of_chain(completing *c, const chr_ast *statement, each_part *each,
                           void *context) {
    bool done = false;
    chr_ast_visit visit;
    chr_visit_begin(&visit, statement);
    for (const chr_ast *node; !done && (node = chr_visit_next(&visit)) != NULL;) {
        const chr_ast *inner = node->kind == CHR_AST_AS ? node->child : node;
        bool named = inner && (inner->kind == CHR_AST_NODE || inner->kind == CHR_AST_NAME ||
                               inner->kind == CHR_AST_CALL);
        if (named)
            done = part(c, node->text, inner->text, each, context);
    }
    chr_visit_end(&visit);
    return done;
}

static const chr_entry *definition_of(const completing *c, const char *owner) {
    const char *key = chr_arena_printf(c->arena, "owner %s", owner);
    int i = key ? chr_state_find(c->state, key) : -1;
    return i >= 0 ? &c->state->entries[i] : NULL;
}

static bool parts_of(completing *c, const char *owner, each_part *each, void *context) {
    const chr_entry *e = definition_of(c, owner);
    if (!e) {
        /* a pattern made it, or nothing did yet */
        if (chr_library_module(c->session->library, owner) && part(c, NULL, owner, each, context))
            return true;
    } else if (e->statement->kind == CHR_AST_CREATE) {
        const chr_ast *kind = chr_ast_part(e->statement, CHR_AST_NAME);
        const char *instrument = kind                                              ? kind->text
                                 : chr_session_module(c->session, c->state, owner) ? owner
                                                                                   : "synth";
        if (part(c, NULL, instrument, each, context))
            return true;
    } else if (parts_of_chain(c, e->statement, each, context)) {
        return true;
    }
    for (int i = 0; i < c->state->n; i++) {
        const chr_entry *add = &c->state->entries[i];
        if (add->statement && add->statement->kind == CHR_AST_ADD && add->owner &&
            strcmp(add->owner, owner) == 0 &&
            part(c, chr_effect_label(add->statement), chr_effect_module(add->statement), each,
                 context))
            return true;
    }
    return false;
}

typedef struct knob_search {
    const char *label; /* of the part that is meant; NULL: any */
    const char *word;  /* sought; NULL: all are offered */
    bool with_value;
    chr_page_param *found;
} knob_search;

static bool look_for_knobs(completing *c, const char *label, const chr_page *page, void *context) {
    const knob_search *k = context;
    if (k->label && (!label || strcmp(label, k->label) != 0))
        return false;
    if (k->word) {
        const chr_page_param *p = chr_page_param_of(page, k->word);
        if (p)
            *k->found = *p;
        return p != NULL;
    }
    for (int i = 0; i < page->n_params; i++)
        offer_param(c, page->params[i].word, k->with_value);
    if (label && !k->label && !k->with_value)
        chr_offer(c, CHR_WORD_NAME, label);
    return false;
}

/* "bass.lpf" -> "bass", and "lpf" in *label (NULL where there is none). */
static const char *owner_in(completing *c, const char *path, const char **label) {
    size_t n = strcspn(path, ".");
    *label = path[n] ? path + n + 1 : NULL;
    return chr_arena_copy(c->arena, path, n);
}

void chr_offer_knobs(completing *c, const char *path, bool with_value) {
    knob_search k = {.with_value = with_value};
    const char *owner = c->hint_only ? NULL : owner_in(c, path, &k.label);
    if (owner)
        parts_of(c, owner, look_for_knobs, &k);
}

bool chr_find_knob(completing *c, const char *path, const char *word, chr_page_param *knob) {
    knob_search k = {.found = knob};
    const char *owner = owner_in(c, path, &k.label);
    /* `lpf.cutoff` as a key of `set bass`: the label is part of the word */
    const char *point = strrchr(word, '.');
    if (point && owner) {
        k.label = chr_arena_copy(c->arena, word, (size_t)(point - word));
        word = point + 1;
    }
    k.word = word;
    return owner && parts_of(c, owner, look_for_knobs, &k);
}

/* ---- hints ---- */

const chr_page_param *chr_page_param_of(const chr_page *page, const char *word) {
    for (int i = 0; i < page->n_params; i++)
        if (strcmp(page->params[i].word, word) == 0)
            return &page->params[i];
    return NULL;
}

static void say(completing *c, const char *hint) {
    if (hint && !*c->out->hint)
        c->out->hint = hint;
}

void chr_hint_param(completing *c, const char *module, const chr_page_param *p) {
    say(c, chr_arena_printf(c->arena, "%s%s%s%s%s%s%s. %s%s%s", module ? module : "",
                            module ? " " : "", p->word, p->range[0] ? ": " : "", p->range,
                            p->dflt[0] ? "; at first " : "", p->dflt, p->doc, p->hint[0] ? " " : "",
                            p->hint));
}

void chr_hint_module(completing *c, const chr_page *page) {
    const char *params = "";
    for (int i = 0; i < page->n_params && params; i++)
        params = chr_arena_printf(c->arena, "%s %s", params, page->params[i].word);
    say(c, chr_arena_printf(c->arena, "%s%s: %s", page->name, params ? params : "", page->doc));
}

void chr_hint_statement(completing *c, const chr_statement_info *info) {
    say(c, chr_arena_printf(c->arena, "%s. %s", info->usage, info->doc));
}

void chr_hint_transform(completing *c, const chr_transform_info *info) {
    char usage[160];
    chr_transform_usage(info, usage, sizeof usage);
    say(c, chr_arena_printf(c->arena, "%s. %s", usage, info->doc));
}
