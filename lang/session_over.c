/* lang/session_over.c: `set … over`: the session holds the new value at once, and the engine glides
 * there. Which constants that concerns is seen by checking the session once more without it: a knob
 * of an instrument may stand in many formulas. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <string.h>

void chr_note_over(chr_candidate *c, const chr_ast *over, const chr_ast *one) {
    chr_over *o = CHR_NEW(c->arena, chr_over);
    const char *owner;
    if (!o) {
        c->failed = true;
        return;
    }
    *o = (chr_over){.length = over->child, .next = c->overs};
    chr_statement_key(one, c->arena, &o->key, &owner);
    c->overs = o;
    if (over->child && over->child->unit == CHR_UNIT_NONE) {
        const char *text =
            chr_arena_copy(c->arena, over->child->span.source->text + over->child->span.from,
                           over->child->span.to - over->child->span.from);
        chr_report(&c->diags, CHR_E384, over->child->span, text ? text : "");
    }
}

/* The session as it would be, if this one thing had not been said. */
static chr_candidate *without(chr_candidate *c, const char *key) {
    const chr_state *before = c->base;
    chr_candidate *old = chr_candidate_new(c->session, c->state);
    int i = old ? chr_state_find(old->state, key) : -1, k = chr_state_find(before, key);
    if (i >= 0)
        chr_state_take_out(old->state, i);
    if (i >= 0 && k >= 0)
        chr_state_append(old->state, &before->entries[k]);
    if (old && !old->state->failed)
        chr_candidate_check(old);
    return old;
}

static bool same_node(const chr_ir *x, const chr_ir *y, uint32_t i) {
    const chr_ir_node *a = &x->nodes[i], *b = &y->nodes[i];
    return a->module == b->module && a->n_instances == b->n_instances &&
           strcmp(a->label, b->label) == 0 &&
           strcmp(x->owners[a->owner].name, y->owners[b->owner].name) == 0;
}

static bool param_differs(const chr_ir_node *a, const chr_ir_node *b, int k) {
    for (uint32_t i = 0; i < a->n_instances; i++) {
        const chr_strand *x = &a->params[(uint32_t)k * a->n_instances + i];
        const chr_strand *y = &b->params[(uint32_t)k * b->n_instances + i];
        if (x->kind == CHR_STRAND_CONST && y->kind == CHR_STRAND_CONST &&
            memcmp(&x->value, &y->value, sizeof x->value) != 0)
            return true;
    }
    return false;
}

/* Each node and parameter is named once; the last word counts. */
static void add_glide(chr_ir_glide *glides, uint32_t *n, chr_ir_glide glide) {
    uint32_t i = 0;
    while (i < *n && (glides[i].node != glide.node || glides[i].param != glide.param))
        i++;
    glides[i] = glide;
    *n += i == *n;
}

enum { MOST_GLIDES = 4096 };

static void compare(const chr_ir *now, const chr_ir *old, const chr_ast *length, double beat,
                    chr_ir_glide *glides, uint32_t *n) {
    chr_ir_glide glide = {0};
    if (length->unit == CHR_UNIT_S)
        glide.seconds = length->number;
    else
        glide.beats = chr_beats_long(length, now->time, beat);
    for (uint32_t i = 0; i < now->n_nodes && now->n_nodes == old->n_nodes; i++) {
        if (!same_node(now, old, i))
            continue;
        for (int k = 0; k < now->nodes[i].module->n_params; k++) {
            glide.node = i;
            glide.param = (uint32_t)k;
            if (*n < MOST_GLIDES && param_differs(&now->nodes[i], &old->nodes[i], k))
                add_glide(glides, n, glide);
        }
    }
}

void chr_make_glides(chr_candidate *c) {
    chr_ir_glide *glides = NULL;
    uint32_t n = 0;
    for (const chr_over *o = c->overs; o && !c->failed; o = o->next) {
        int i = o->key ? chr_state_find(c->state, o->key) : -1;
        if (i < 0 || !c->state->entries[i].fresh ||
            !chr_candidate_spend(c, c->state->entries[i].statement->span, 50 + 2 * c->state->n))
            continue;
        if (!glides)
            glides = chr_arena_alloc(c->ir->arena, MOST_GLIDES * sizeof *glides);
        chr_candidate *old = without(c, o->key);
        c->failed |= !glides || !old || old->failed;
        if (!c->failed && old->ir)
            compare(c->ir, old->ir, o->length, chr_candidate_beat(c), glides, &n);
        chr_candidate_free(old);
    }
    c->ir->glides = glides;
    c->ir->n_glides = n;
}
