/* lang/check/weave.c: a pattern through its transforms, stage by stage.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

static weaver *const weavers[] = {
#define CHR_TRANSFORM(name, ...) weave_##name,
#include "lang/transforms.def"
#undef CHR_TRANSFORM
};

/* ---- what a name means ---- */

int formal_index(const formals *own, const char *name) {
    for (int i = 0; own != NULL && i < own->n; i++)
        if (strcmp(own->names[i], name) == 0)
            return i;
    return -1;
}

const chr_ast *looked_through(const chr_ast *e, const formals **own) {
    for (;;) {
        int i = e->kind == CHR_AST_NAME ? formal_index(*own, e->text) : -1;
        if (i >= 0 && (*own)->args[i] != NULL) {
            const formals *home = (*own)->homes[i];
            e = (*own)->args[i];
            *own = home;
        } else if (e->kind == CHR_AST_CHAIN && e->child != NULL && e->child->next == NULL) {
            e = e->child;
        } else {
            return e;
        }
    }
}

static const maker *written_transform(checker *c, const char *name) {
    maker *m = table_find(&c->makers, name);
    return m != NULL && is_weave(c, m) ? m : NULL;
}

bool is_transform(checker *c, const char *name) {
    return chr_transform_find(name) >= 0 || written_transform(c, name) != NULL;
}

bool names_transform(checker *c, const chr_ast *e, const formals *own) {
    e = looked_through(e, &own);
    if (e->kind == CHR_AST_CHAIN)
        return true;
    return (e->kind == CHR_AST_NAME || e->kind == CHR_AST_NODE) && is_transform(c, e->text);
}

/* ---- stages ---- */

void report_no_transform(checker *c, const chr_ast *stage) {
    const char *name = stage->text;
    if (!REPORT(c, E491, name_span(stage), name))
        return;
    const char *names[CHR_TRANSFORM_COUNT];
    for (int i = 0; i < CHR_TRANSFORM_COUNT; i++)
        names[i] = chr_transforms[i].name;
    const char *near = chr_nearest(name, names, CHR_TRANSFORM_COUNT);
    const maker *m = table_find(&c->makers, name);
    if (m != NULL)
        chr_suggest(c->diags, "`%s` is for sounds, not for notes: add %s to NAME", name, name);
    else if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
}

/* What moves tones about, or where and how they sound, has nothing to do for a knob. */
static bool is_for_notes(int which) {
    switch (which) {
    case CHR_TRANSFORM_invert:
    case CHR_TRANSFORM_transpose:
    case CHR_TRANSFORM_degrees:
    case CHR_TRANSFORM_octave:
    case CHR_TRANSFORM_arp:
    case CHR_TRANSFORM_strum:
    case CHR_TRANSFORM_level:
    case CHR_TRANSFORM_gate:
    case CHR_TRANSFORM_pan:
    case CHR_TRANSFORM_jux:
        return true;
    default:
        return false;
    }
}

static bool weave_stage(woven *w, const chr_ast *stage) {
    checker *c = w->l->c;
    const formals *outer = w->own;
    if (++c->n_steps > MAX_STEPS) {
        REPORT(c, E506, stage->span, MAX_STEPS);
        give_up(c);
    }
    const chr_ast *e = looked_through(stage, &w->own);
    bool ok = false;
    if (e->kind == CHR_AST_CHAIN) {
        ok = weave_chain(w, e);
    } else if (e->kind == CHR_AST_NAME || e->kind == CHR_AST_NODE) {
        int which = chr_transform_find(e->text);
        const maker *own = written_transform(c, e->text);
        given g[MOST_GIVEN];
        if (own != NULL)
            ok = weave_written(w, own, e);
        else if (w->l->knob != NULL && is_for_notes(which))
            REPORT(c, E447, name_span(e), e->text);
        else if (which >= 0)
            ok = read_given(w, &chr_transforms[which], e, g) && weavers[which](w, g, e);
        else
            report_no_transform(c, e);
    } else {
        REPORT(c, E496, e->span, text_of(c, e->span));
    }
    w->own = outer;
    return ok;
}

bool weave_chain(woven *w, const chr_ast *chain) {
    checker *c = w->l->c;
    const chr_ast *first = chain->kind == CHR_AST_CHAIN ? chain->child : chain;
    bool ok = true;
    if (++c->depth > MAX_DEPTH) {
        REPORT(c, E510, chain->span, MAX_DEPTH);
        give_up(c);
    }
    for (const chr_ast *s = first; s != NULL; s = chain->kind == CHR_AST_CHAIN ? s->next : NULL) {
        bool is_pattern = s == first && s->kind == CHR_AST_NAME && w->own != NULL &&
                          w->own->pattern != NULL && strcmp(s->text, w->own->pattern) == 0;
        if (!is_pattern)
            ok = weave_stage(w, s) && ok; /* mistakes in later stages are found as well */
    }
    c->depth--;
    return ok;
}

bool weave_given(const woven *w, const given *transform, uint32_t part, uint32_t *out) {
    woven copy = *w;
    copy.part = part;
    copy.top = false;
    copy.own = transform->own;
    bool ok = weave_chain(&copy, transform->e);
    *out = copy.part;
    return ok;
}
