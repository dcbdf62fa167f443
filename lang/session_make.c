/* lang/session_make.c: `make bass darker`: the words become statements, and these are what is
 * applied. SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <stdlib.h>
#include <string.h>

/* A whole check each. */
enum { WORK_OF_A_CHECK = 20000 };

/* The session as it is so far, looked at. */
typedef struct view {
    chr_candidate *tried; /* holds the IR */
    chr_knobs knobs;      /* in the arena of the evaluation */
} view;

static bool look(chr_candidate *c, chr_span span, view *v) {
    *v = (view){.knobs = {.arena = c->arena}};
    if (!chr_candidate_spend(c, span, WORK_OF_A_CHECK + 4 * (int64_t)c->state->n))
        return false;
    v->tried = chr_candidate_new(c->session, c->state);
    if (!v->tried) {
        c->failed = true;
        return false;
    }
    v->tried->knobs = &v->knobs;
    chr_candidate_check(v->tried);
    c->failed |= v->tried->failed;
    for (const chr_diag *d = v->tried->diags.first; d; d = d->next)
        c->failed |= d->code == CHR_E511; /* another check may have room enough */
    return v->tried->ir && !c->failed; /* what is wrong with it is reported when all is checked */
}

/* ---- groups ---- */

/* A drum is played, but its pitch is its own: nothing in it follows the note. */
static void find_drums(const chr_ir *ir, bool *struck, bool *pitched) {
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        uint64_t n_inputs = (uint64_t)n->module->n_inputs * n->n_sources,
                 n_params = (uint64_t)n->module->n_params * n->n_instances;
        for (uint64_t k = 0; k < n_inputs + n_params; k++) {
            const chr_strand *s = k < n_inputs ? &n->inputs[k] : &n->params[k - n_inputs];
            if (s->kind != CHR_STRAND_VOICE)
                continue;
            bool pitch = s->port == CHR_VOICE_FREQ || s->port == CHR_VOICE_NOTE;
            (pitch ? pitched : struck)[s->node] = true;
        }
    }
}

/* The owners that are meant, by their numbers in the IR. */
static bool find_meant(chr_candidate *c, const chr_ir *ir, const chr_phrase *phrase, int clause,
                       bool *meant) {
    bool *struck = CHR_NEW_N(c->arena, bool, ir->n_owners),
         *pitched = CHR_NEW_N(c->arena, bool, ir->n_owners);
    if (!struck || !pitched) {
        c->failed = true;
        return false;
    }
    find_drums(ir, struck, pitched);
    for (const chr_who *w = phrase->who; w; w = w->next) {
        if (w->clause != clause)
            continue;
        bool any = false, drums = w->group && strcmp(w->name, "drums") == 0;
        for (uint32_t i = 1; i < ir->n_owners; i++) {
            if (ir->owners[i].is_knob)
                continue;
            bool is = !w->group ? strcmp(ir->owners[i].name, w->name) == 0
                      : drums   ? struck[i] && !pitched[i]
                                : !chr_is_bus(c->state, ir->owners[i].name);
            meant[i] = meant[i] || is;
            any = any || is;
        }
        if (any)
            continue;
        chr_report(&c->diags, CHR_E396, w->at->span, w->name);
        if (!w->group || !drums)
            chr_suggest(&c->diags, "make a sound first: create bass");
        return false;
    }
    return true;
}

/* ---- one wish ---- */

static const char *wish_text(chr_candidate *c, const chr_wish *w) {
    const char *text = w->at->text;
    if (!w->word)
        text = chr_arena_printf(c->arena, "to have %s %s", w->factor > 0 ? "more" : "less", text);
    else if (w->factor < 0)
        text = chr_arena_printf(c->arena, "less %s", text);
    return text ? text : "";
}

/* What could not be done is an error where nobody else could do it either. */
typedef struct outcome {
    const char *never, *instead, *never_owner;
    FILE *to;         /* the statements for all of them */
    bool acts, known; /* it has been said by one; to one it means something */
    int n;
} outcome;

static void tell(chr_candidate *c, const char *text) {
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text ? text : "");
}

/* `at`: where the knobs of the owners before this one end. */
static void wish_for(chr_candidate *c, const chr_wish *w, const chr_phrase *phrase, const view *v,
                     uint32_t number, const chr_knob **at, outcome *all) {
    const chr_ir_owner *of = &v->tried->ir->owners[number];
    const char *owner = chr_arena_copy(c->arena, of->name, strlen(of->name));
    const chr_knob *end = v->knobs.list + v->knobs.n;
    chr_making m = {.c = c, .plays_notes = of->plays_notes, .wish = w, .over = "", .text = ""};
    m.owner = owner ? owner : "";
    m.all = &v->knobs;
    while (*at < end && strcmp((*at)->owner, m.owner) != 0)
        (*at)++;
    m.knobs = *at;
    for (; *at < end && strcmp((*at)->owner, m.owner) == 0; (*at)++)
        m.n_knobs++;
    if (phrase->over) {
        const chr_span span = phrase->over->span;
        m.over = chr_arena_printf(c->arena, " %.*s", (int)(span.to - span.from),
                                  span.source->text + span.from);
    }
    chr_make_wish(&m);
    c->failed |= !owner || !m.over || !m.text;
    all->n++;
    all->acts |= m.acts;
    all->known |= !m.unknown;
    if (m.acts && !c->failed)
        fputs(m.text, all->to);
    else if (m.remark)
        tell(c, m.remark);
    if (!m.acts && !m.remark) {
        all->never = m.never;
        all->instead = m.instead;
        all->never_owner = m.owner;
    }
}

/* Parses the statements and applies them, as if they had been typed. */
static void apply(chr_candidate *c, const char *text, const chr_setting *setting, chr_span span) {
    chr_script *script =
        chr_candidate_parse(c, text, strlen(text), setting->script->source.name, NULL);
    if (!script)
        return;
    script->source.first_line = chr_span_place(span).line;
    const chr_setting own = {.script = script};
    for (const chr_ast *s = script->tree->child; s && !c->failed; s = s->next) {
        const char *line = chr_arena_copy(c->arena, text + s->span.from, s->span.to - s->span.from);
        chr_candidate_ask(c, CHR_REQUEST_STANDS_FOR, NULL, line ? line : "");
        chr_apply_typed(c, s, &own);
    }
}

static void wish_for_all(chr_candidate *c, const chr_wish *w, const chr_phrase *phrase,
                         outcome *all) {
    view v;
    bool good = look(c, w->at->span, &v);
    const chr_ir *ir = v.tried ? v.tried->ir : NULL;
    bool *meant = good ? CHR_NEW_N(c->arena, bool, ir->n_owners) : NULL;
    const chr_knob *at = v.knobs.list;
    if (meant && find_meant(c, ir, phrase, w->clause, meant))
        for (uint32_t i = 1; i < ir->n_owners && !c->failed; i++)
            if (meant[i])
                wish_for(c, w, phrase, &v, i, &at, all);
    chr_candidate_free(v.tried);
}

static void grant(chr_candidate *c, const chr_wish *w, const chr_phrase *phrase,
                  const chr_setting *setting) {
    char *text = NULL;
    size_t size = 0;
    outcome all = {.to = open_memstream(&text, &size)};
    if (all.to)
        wish_for_all(c, w, phrase, &all);
    if (!all.to || fclose(all.to) != 0)
        c->failed = true;
    if (!c->failed && all.n > 0 && !all.known) {
        chr_report_vocable(c, w->at);
    } else if (!c->failed && all.never && !all.acts) {
        chr_report(&c->diags, CHR_E393, w->at->span, all.never_owner, wish_text(c, w), all.never);
        if (all.instead)
            chr_suggest(&c->diags, "%s", all.instead);
    } else if (!c->failed && all.acts) {
        apply(c, text, setting, w->at->span);
    }
    free(text);
}

void chr_act_on_make(chr_candidate *c, const chr_ast *make, const chr_setting *setting) {
    chr_phrase phrase;
    if (!chr_read_phrase(c, make, &phrase))
        return;
    for (const chr_wish *w = phrase.wishes; w && !c->failed; w = w->next)
        grant(c, w, &phrase, setting);
}
