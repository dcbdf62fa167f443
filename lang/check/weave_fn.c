/* lang/check/weave_fn.c: transforms of the player's own: functions whose body is a chain of
 * transforms, written out where they are used. SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

static const chr_ast *chain_of(const chr_ast *fn) {
    const chr_ast *chain = NULL;
    for (const chr_ast *e = fn->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_CHAIN)
            chain = e;
    return chain;
}

static bool is_formal(const chr_ast *fn, const char *name) {
    for (const chr_ast *e = fn->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_FORMAL && strcmp(e->text, name) == 0)
            return true;
    return false;
}

/* A function is one of transforms if a stage of it is a transform and is no module as well, or if
 * all of them are transforms. */
static bool weaves(checker *c, const chr_ast *fn) {
    const chr_ast *chain = chain_of(fn), *first = chain != NULL ? chain->child : NULL;
    bool all = first != NULL;
    for (const chr_ast *s = first; s != NULL; s = s->next) {
        if (s->kind != CHR_AST_NAME && s->kind != CHR_AST_NODE) {
            all = false;
            continue;
        }
        if (s->kind == CHR_AST_NAME && is_formal(fn, s->text)) {
            all = all && (s->next != NULL || s != first);
            continue;
        }
        maker *m = table_find(&c->makers, s->text);
        if ((m != NULL && is_weave(c, m)) || (m == NULL && chr_transform_find(s->text) >= 0))
            return true;
        all = all && chr_transform_find(s->text) >= 0;
    }
    return all;
}

bool is_weave(checker *c, maker *m) {
    if (m->weaves == WEAVES_UNKNOWN) {
        bool fn = m->ast != NULL && m->ast->kind == CHR_AST_FN;
        m->weaves = WEAVES_NOT; /* while it is found out: one that is made of itself is none */
        if (fn && ++c->depth <= MAX_DEPTH && weaves(c, m->ast))
            m->weaves = WEAVES;
        c->depth -= fn;
    }
    return m->weaves == WEAVES;
}

/* ---- functions of the player's ---- */

static bool is_number(const chr_ast *e) {
    return e->kind == CHR_AST_NUMBER || e->kind == CHR_AST_SIGN || e->kind == CHR_AST_BINARY ||
           e->kind == CHR_AST_NOTE;
}

/* Those arguments that are numbers, so that a formula can use them. */
static void fill_scope(checker *c, formals *f) {
    f->scope = TAKE(c, scope);
    *f->scope = (scope){0};
    for (int i = 0; i < f->n; i++) {
        const formals *home = f->homes[i];
        const chr_ast *e = f->args[i] != NULL ? looked_through(f->args[i], &home) : NULL;
        if (e == NULL || !is_number(e))
            continue;
        place p = {.owner = c->owners[0], .prefix = "", .scope = home != NULL ? home->scope : NULL};
        binding *b = TAKE(c, binding);
        *b = (binding){.kind = BIND_VALUE,
                       .state = DONE,
                       .name = f->names[i],
                       .value = eval(c, &p, e),
                       .stand_in = NO_NODE};
        table_put(c, &f->scope->names, f->names[i], b, false);
    }
}

/* Gives the arguments to the formals: those by their place in order, save the one that means the
 * pattern itself. */
static bool bind_formals(woven *w, const maker *m, const chr_ast *stage, formals *f) {
    checker *c = w->l->c;
    const chr_ast *first = chain_of(m->ast)->child;
    int n = 0;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next)
        n += e->kind == CHR_AST_FORMAL;
    const char **names = TAKE_N(c, const char *, n + 1);
    const formals **homes = TAKE_N(c, const formals *, n + 1);
    *f = (formals){.fn = m, .names = names, .args = TAKE_N(c, const chr_ast *, n + 1)};
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_FORMAL)
            names[f->n++] = e->text;
    if (first->kind == CHR_AST_NAME && formal_index(f, first->text) >= 0 && first->next != NULL)
        f->pattern = first->text;
    int next = 0;
    for (const chr_ast *a = stage->kind == CHR_AST_NODE ? stage->child : NULL; a != NULL;
         a = a->next) {
        int i = next;
        if (a->kind == CHR_AST_KEY) {
            i = formal_index(f, a->text);
            if (i < 0) {
                if (REPORT(c, E495, name_span(a), m->name, a->text)) {
                    const char *near = chr_nearest(a->text, names, f->n);
                    if (near != NULL)
                        chr_suggest(c->diags, "did you mean `%s`?", near);
                }
                return false;
            }
        } else {
            while (i < f->n && f->pattern != NULL && strcmp(names[i], f->pattern) == 0)
                i++;
            if (i >= f->n) {
                REPORT(c, E493, a->span, m->name, text_of(c, a->span));
                return false;
            }
            next = i + 1;
        }
        f->args[i] = a->kind == CHR_AST_KEY ? a->child : a;
        homes[i] = w->own;
    }
    int i = 0;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_FORMAL)
            continue;
        bool is_pattern = f->pattern != NULL && strcmp(names[i], f->pattern) == 0;
        if (f->args[i] == NULL && !is_pattern)
            f->args[i] = e->child;
        if (f->args[i] == NULL && !is_pattern) {
            REPORT(c, E492, stage->span, m->name, names[i]);
            return false;
        }
        i++;
    }
    f->homes = homes;
    fill_scope(c, f);
    return true;
}

/* True if it may be written out here; else the reason is reported. */
static bool may_write_out(checker *c, const maker *m, chr_span span) {
    int depth = 0;
    for (const expansion *x = c->expanding; x != NULL; x = x->outer, depth++)
        if (x->ast == m->ast) {
            REPORT(c, E311, defined_span(m->ast), m->name);
            return false;
        }
    if (depth >= MAX_NESTING) {
        REPORT(c, E507, span, MAX_NESTING);
        return false;
    }
    return true;
}

bool weave_written(woven *w, const maker *m, const chr_ast *stage) {
    checker *c = w->l->c;
    formals *f = TAKE(c, formals);
    if (!may_write_out(c, m, stage->span) || !bind_formals(w, m, stage, f))
        return false;
    expansion here = {m->ast, m->name, c->expanding, 0};
    const formals *outer = w->own;
    c->expanding = &here;
    w->own = f;
    bool ok = weave_chain(w, chain_of(m->ast));
    w->own = outer;
    c->expanding = here.outer;
    return ok;
}

/* ---- by itself ---- */

/* The names of its stages, those in the arguments too. */
static void try_names(checker *c, const chr_ast *fn, const chr_ast *chain) {
    const chr_ast **all;
    uint32_t n = flatten(c, chain, &all);
    for (uint32_t i = 0; i < n; i++) {
        if (all[i]->kind != CHR_AST_CHAIN)
            continue;
        for (const chr_ast *s = all[i]->child; s != NULL; s = s->next)
            if ((s->kind == CHR_AST_NAME || s->kind == CHR_AST_NODE) && !is_formal(fn, s->text) &&
                !is_transform(c, s->text))
                report_no_transform(c, s);
    }
}

void try_weave(checker *c, const maker *m) {
    const chr_ast *first = chain_of(m->ast)->child;
    for (const chr_ast *e = m->ast->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_FORMAL && e->child == NULL &&
            (first->kind != CHR_AST_NAME || strcmp(first->text, e->text) != 0)) {
            try_names(c, m->ast, chain_of(m->ast)); /* what will be given is not known */
            return;
        }
    score_build b = {
        .c = c, .span = defined_span(m->ast), .round = {4, 1}
    };
    knob unknown = any_knob;
    layout l = {.c = c, .b = &b, .knob = asks_for_range(c, m->ast) ? &unknown : NULL};
    read_key(c, "C major", b.span, &l.key);
    chr_ast use = {.kind = CHR_AST_NAME, .span = b.span, .text = m->name};
    uint32_t rest = add_part(&b, (score_part){.kind = CHR_SCORE_REST, .length = b.round}, NULL, 0);
    woven w = {
        .l = &l,
        .part = add_over(&b, (score_part){.kind = CHR_SCORE_STEPS, .length = b.round},
           rest),
        .step = {1,                       1                },
        .top = true
    };
    weave_written(&w, m, &use);
}
