/* runtime/carry.c: lays a session over what is heard while fades are under way.
 * SPDX-License-Identifier: MIT */
#include "runtime/heard.h"

#include "runtime/graph.h"
#include "runtime/match.h"
#include "runtime/names.h"
#include "runtime/version.h"

#include <stdlib.h>
#include <string.h>

typedef struct laying {
    chr_carry *c;
    const chr_ir *ir; /* the session */
    const chr_heard *heard;
    const chr_carry_times *times;
    const bool *apart;
    chr_ir_node *past, *fresh; /* being written */
    chr_ir_owner *past_owners, *owners;
    uint32_t *carried; /* by node of `past`: node of `fresh`, or UINT32_MAX */
    uint32_t *order;   /* carried nodes that are none of the session's, as they were met */
    uint32_t n_fresh, n_owners;
    bool *matched;     /* by node of `past` */
    chr_strand *goals; /* by node of `past`, of a fade: the number that it ends at */
    chr_names names;   /* of the owners */
} laying;

/* ---- what is heard ---- */

static uint64_t begin_of(const laying *l, uint32_t node) {
    return l->heard->begin[node] == UINT64_MAX ? l->times->began : l->heard->begin[node];
}

/* Clock at which a fade has ended. */
static uint64_t end_of(const laying *l, uint32_t node) {
    uint64_t end = begin_of(l, node) + l->heard->length[node];
    bool own = l->heard->begin[node] == UINT64_MAX; /* a hush ends them all */
    return own && l->times->ends < end ? l->times->ends : end;
}

static bool is_fade(const laying *l, chr_strand s) {
    return s.kind == CHR_STRAND_NODE && l->heard->length[s.node];
}

static bool fades(const laying *l, chr_strand s) {
    return is_fade(l, s) && l->times->now < end_of(l, s.node);
}

/* Behind the fades that have ended, and before those that have not begun. */
static chr_strand resolve(const laying *l, chr_strand s) {
    for (;;) {
        if (!is_fade(l, s))
            return s;
        bool begun = begin_of(l, s.node) <= l->times->now;
        if (begun && fades(l, s))
            return s;
        s = l->heard->ir->nodes[s.node].inputs[begun];
    }
}

static const chr_strand *resolve_all(laying *l, const chr_strand *from, uint32_t n) {
    chr_strand *to = CHR_NEW_N(l->c->arena, chr_strand, n + 1);
    for (uint32_t i = 0; to && i < n; i++)
        to[i] = resolve(l, from[i]);
    return to;
}

static uint32_t n_inputs(const chr_ir_node *n) {
    return (uint32_t)n->module->n_inputs * n->n_sources;
}
static uint32_t n_params(const chr_ir_node *n) {
    return (uint32_t)n->module->n_params * n->n_instances;
}

static bool write_past(laying *l) {
    const chr_ir *h = l->heard->ir;
    chr_arena *arena = l->c->arena;
    l->past = CHR_NEW_N(arena, chr_ir_node, h->n_nodes + 1);
    l->past_owners = CHR_NEW_N(arena, chr_ir_owner, h->n_owners + 1);
    chr_ir *past = CHR_NEW(arena, chr_ir);
    for (uint32_t i = 0; l->past && i < h->n_nodes; i++) {
        l->past[i] = h->nodes[i];
        l->past[i].inputs = resolve_all(l, h->nodes[i].inputs, n_inputs(&h->nodes[i]));
        l->past[i].params = resolve_all(l, h->nodes[i].params, n_params(&h->nodes[i]));
    }
    for (uint32_t o = 0; l->past_owners && o < h->n_owners; o++) {
        const chr_ir_owner *from = &h->owners[o];
        chr_ir_out *outs = CHR_NEW_N(arena, chr_ir_out, from->n_outs + 1);
        uint32_t n = 0, going = 0;
        for (uint32_t k = 0; outs && k < from->n_outs; k++) {
            chr_strand s = resolve(l, from->outs[k].strand);
            bool goes = k >= from->n_outs - from->n_going;
            if (goes && s.kind == CHR_STRAND_CONST)
                continue; /* it has gone */
            going += goes;
            outs[n++] = (chr_ir_out){from->outs[k].channel, s};
        }
        l->past_owners[o] = *from;
        l->past_owners[o].outs = outs;
        l->past_owners[o].n_outs = n;
        l->past_owners[o].n_going = going;
    }
    if (!past || chr_arena_failed(arena))
        return false;
    *past = *h;
    past->arena = arena;
    past->nodes = l->past;
    past->owners = l->past_owners;
    l->c->past = past;
    return true;
}

/* ---- who is who ---- */

static bool same_choices(const chr_ir_node *a, const chr_ir_node *b) {
    for (int k = 0; k < a->module->n_params; k++)
        if (a->module->params[k].choices && a->params[(uint32_t)k * a->n_instances].value !=
                                                b->params[(uint32_t)k * b->n_instances].value)
            return false;
    return true;
}

/* A node that is on its way out and comes back goes on as it is. */
static void match_returning(laying *l) {
    for (uint32_t i = 0; i < l->ir->n_nodes; i++) {
        const chr_ir_node *f = &l->ir->nodes[i];
        if (l->c->match[i] != UINT32_MAX || f->module->shape == CHR_SUM)
            continue;
        for (uint32_t h = l->heard->n_session; h < l->heard->ir->n_nodes; h++) {
            const chr_ir_node *p = &l->past[h];
            if (l->matched[h] || l->heard->length[h] || strcmp(f->module->name, p->module->name) ||
                strcmp(f->label, p->label) ||
                strcmp(l->ir->owners[f->owner].name, l->past_owners[p->owner].name) ||
                !same_choices(f, p))
                continue;
            l->c->match[i] = h;
            l->matched[h] = true;
            break;
        }
    }
}

static bool find_matches(laying *l, const chr_ir *session) {
    if (!chr_match_nodes(l->ir, session, l->c->match))
        return false;
    for (uint32_t i = 0; i < l->ir->n_nodes; i++)
        if (l->c->match[i] != UINT32_MAX)
            l->matched[l->c->match[i]] = true;
    match_returning(l);
    for (uint32_t i = 0; l->apart && i < l->ir->n_nodes; i++)
        if (l->apart[i])
            l->c->match[i] = UINT32_MAX;
    chr_version_part_sums(l->ir, l->c->past, l->c->match);
    for (uint32_t i = 0; i < l->ir->n_nodes; i++)
        if (l->c->match[i] != UINT32_MAX)
            l->carried[l->c->match[i]] = i;
    return true;
}

/* ---- what goes on beside the session ---- */

static uint32_t owner_named(laying *l, const chr_ir_owner *p) {
    uint32_t o = chr_names_find(&l->names, p->name);
    if (o != UINT32_MAX)
        return o;
    chr_names_add(&l->names, p->name, l->n_owners);
    l->owners[l->n_owners] = (chr_ir_owner){.name = p->name,
                                            .n_voices = p->n_voices,
                                            .keying = p->keying,
                                            .is_knob = p->is_knob,
                                            .plays_notes = p->plays_notes,
                                            .fade_s = p->fade_s};
    return l->n_owners++;
}

/* A strand of what is heard as one of the next version, which carries its node along. */
static chr_strand carry(laying *l, chr_strand s) {
    if (s.kind == CHR_STRAND_VOICE)
        s.node = owner_named(l, &l->past_owners[s.node]);
    if (s.kind != CHR_STRAND_NODE)
        return s;
    if (l->carried[s.node] == UINT32_MAX) {
        l->carried[s.node] = l->n_fresh;
        l->order[l->n_fresh++ - l->ir->n_nodes] = s.node;
    }
    s.node = l->carried[s.node];
    return s;
}

/* True if a strand of the session is what one of what is heard is. */
static bool same(const laying *l, chr_strand f, chr_strand p) {
    if (f.kind == CHR_STRAND_CONST || f.kind != p.kind)
        return f.kind == p.kind && f.value == p.value;
    if (f.port != p.port || f.index != p.index)
        return false;
    return f.kind == CHR_STRAND_NODE
               ? l->c->match[f.node] == p.node
               : !strcmp(l->ir->owners[f.node].name, l->past_owners[p.node].name);
}

/* The end of a fade and of those that it begins with. */
static uint64_t end_of_all(const laying *l, chr_strand fade) {
    uint64_t last = 0;
    for (; fades(l, fade); fade = l->past[fade.node].inputs[0])
        last = end_of(l, fade.node) > last ? end_of(l, fade.node) : last;
    return last;
}

/* A fade to what the session wants that begins when those are over that are under way. */
static chr_strand fade_later(laying *l, chr_strand goal, chr_strand fade,
                             const chr_ir_owner *whose) {
    uint32_t i = l->n_fresh++;
    chr_strand *inputs = CHR_NEW_N(l->c->arena, chr_strand, 2);
    if (!inputs)
        return goal;
    double seconds = whose->fade_s > 0 ? whose->fade_s : CHR_FADE_S;
    l->order[i - l->ir->n_nodes] = UINT32_MAX;
    l->c->match[i] = UINT32_MAX;
    l->c->begin[i] = end_of_all(l, fade);
    l->c->length[i] = (uint32_t)(seconds * (double)l->times->rate_hz) + 1;
    inputs[0] = carry(l, fade);
    inputs[1] = goal;
    l->fresh[i] = l->past[fade.node];
    l->fresh[i].owner = owner_named(l, whose);
    l->fresh[i].inputs = inputs;
    return (chr_strand){.kind = CHR_STRAND_NODE, .node = i};
}

/* What an input of an owner that is fading reads in the next version. `goal`: what the session
 * wants. */
static chr_strand go_on(laying *l, chr_strand goal, chr_strand fade, const chr_ir_owner *whose) {
    const chr_ir_node *f = &l->past[fade.node];
    chr_strand to = f->inputs[1];
    if (same(l, goal, to))
        return carry(l, fade);
    /* The number that it fades to is another: a ramp below it, if that ends before the fade does.
     */
    uint64_t ramp = (uint64_t)(CHR_RAMP_S * (double)l->times->rate_hz + 1e-6) + 1;
    if (goal.kind == CHR_STRAND_CONST && to.kind == CHR_STRAND_CONST &&
        l->times->now + ramp <= end_of(l, fade.node)) {
        l->goals[fade.node] = goal;
        return carry(l, fade);
    }
    if (!fades(l, f->inputs[0]))
        return goal; /* the next fade begins with what is heard of this one */
    return fade_later(l, goal, fade, whose);
}

/* ---- the next version ---- */

static const chr_strand *lay_args(laying *l, const chr_strand *fresh, uint32_t width,
                                  const chr_strand *past, uint32_t past_width, uint32_t n_args,
                                  const chr_ir_owner *whose) {
    chr_strand *to = CHR_NEW_N(l->c->arena, chr_strand, n_args * width + 1);
    for (uint32_t k = 0; to && k < n_args; k++)
        for (uint32_t i = 0; i < width; i++) {
            chr_strand s = fresh[k * width + i];
            bool known = i < past_width;
            if (known && fades(l, past[k * past_width + i]))
                s = go_on(l, s, past[k * past_width + i], whose);
            to[k * width + i] = s;
        }
    return to;
}

static void lay_nodes(laying *l) {
    for (uint32_t i = 0; i < l->ir->n_nodes; i++) {
        const chr_ir_node *f = &l->ir->nodes[i];
        l->fresh[i] = *f;
        if (l->c->match[i] == UINT32_MAX)
            continue;
        const chr_ir_node *p = &l->past[l->c->match[i]];
        const chr_ir_owner *whose = &l->ir->owners[f->owner];
        l->fresh[i].inputs = lay_args(l, f->inputs, f->n_sources, p->inputs, p->n_sources,
                                      (uint32_t)f->module->n_inputs, whose);
        l->fresh[i].params = lay_args(l, f->params, f->n_instances, p->params, p->n_instances,
                                      (uint32_t)f->module->n_params, whose);
    }
}

/* Outputs of an owner of what is heard: those that the session still has, and those that go. */
static void lay_outs(laying *l, uint32_t past) {
    const chr_ir_owner *p = &l->past_owners[past];
    uint32_t o = chr_names_find(&l->names, p->name);
    const chr_ir_owner *f = o == UINT32_MAX ? NULL : &l->owners[o];
    uint32_t n = f ? f->n_outs : 0;
    chr_ir_out *outs = CHR_NEW_N(l->c->arena, chr_ir_out, n + p->n_outs + 1);
    bool *met = CHR_NEW_N(l->c->arena, bool, p->n_outs + 1);
    if (!outs || !met)
        return;
    memset(met, 0, (p->n_outs + 1) * sizeof *met);
    for (uint32_t i = 0; i < n; i++) {
        outs[i] = f->outs[i];
        uint32_t k = 0;
        while (k < p->n_outs && (met[k] || p->outs[k].channel != outs[i].channel))
            k++;
        if (k == p->n_outs)
            continue;
        met[k] = true;
        if (fades(l, p->outs[k].strand))
            outs[i].strand = go_on(l, outs[i].strand, p->outs[k].strand, f);
    }
    uint32_t going = 0;
    for (uint32_t k = 0; k < p->n_outs; k++) {
        chr_strand s = p->outs[k].strand, silence = {.kind = CHR_STRAND_CONST, .value = 0.0f};
        if (met[k] || !fades(l, s))
            continue;
        chr_strand on = go_on(l, silence, s, f ? f : p);
        if (on.kind == CHR_STRAND_NODE)
            outs[n + going++] = (chr_ir_out){p->outs[k].channel, on};
    }
    if (!f && !going)
        return;
    o = owner_named(l, p);
    l->owners[o].outs = outs;
    l->owners[o].n_outs = n + going;
    l->owners[o].n_going = going;
}

/* The nodes that are carried along; carrying one may carry others. */
static void write_carried(laying *l) {
    for (uint32_t i = l->ir->n_nodes; i < l->n_fresh; i++) {
        uint32_t h = l->order[i - l->ir->n_nodes];
        if (h == UINT32_MAX)
            continue; /* a fade that comes has been written */
        const chr_ir_node *p = &l->past[h];
        chr_strand *inputs = CHR_NEW_N(l->c->arena, chr_strand, n_inputs(p) + 1),
                   *params = CHR_NEW_N(l->c->arena, chr_strand, n_params(p) + 1);
        if (!inputs || !params)
            return;
        for (uint32_t k = 0; k < n_inputs(p); k++) {
            bool ends = l->heard->length[h] && k == 1 && l->goals[h].kind == CHR_STRAND_CONST &&
                        p->inputs[k].kind == CHR_STRAND_CONST;
            inputs[k] = ends ? l->goals[h] : carry(l, p->inputs[k]);
        }
        for (uint32_t k = 0; k < n_params(p); k++)
            params[k] = carry(l, p->params[k]);
        l->fresh[i] = *p;
        l->fresh[i].owner = owner_named(l, &l->past_owners[p->owner]);
        l->fresh[i].inputs = inputs;
        l->fresh[i].params = params;
        l->c->match[i] = h;
        l->c->length[i] = l->heard->length[h];
        l->c->begin[i] = l->heard->length[h] ? begin_of(l, h) : 0;
    }
}

/* What nobody hears any more: nothing of the session, nor of the fades that go on, reads it. */
static bool bury(laying *l) {
    uint32_t n = l->heard->ir->n_nodes, depth = 0;
    uint32_t *stack = malloc((n + 1) * sizeof *stack);
    if (!stack)
        return false;
    for (uint32_t h = 0; h < n; h++) {
        l->c->dead[h] = h >= l->heard->n_session && l->carried[h] == UINT32_MAX;
        if (!l->c->dead[h])
            stack[depth++] = h;
    }
    for (uint32_t o = 0; o < l->c->past->n_owners; o++)
        for (uint32_t k = 0; k < l->past_owners[o].n_outs; k++) {
            chr_strand s = l->past_owners[o].outs[k].strand;
            if (s.kind == CHR_STRAND_NODE && l->c->dead[s.node]) {
                l->c->dead[s.node] = false;
                stack[depth++] = s.node;
            }
        }
    while (depth) {
        const chr_ir_node *p = &l->past[stack[--depth]];
        for (uint32_t k = 0; k < n_inputs(p) + n_params(p); k++) {
            chr_strand s = k < n_inputs(p) ? p->inputs[k] : p->params[k - n_inputs(p)];
            if (s.kind == CHR_STRAND_NODE && l->c->dead[s.node]) {
                l->c->dead[s.node] = false;
                stack[depth++] = s.node;
            }
        }
    }
    free(stack);
    return true;
}

static bool take_room(laying *l) {
    chr_arena *arena = l->c->arena;
    /* Each fade may be followed by one more. */
    uint32_t n = l->heard->ir->n_nodes, all = 2 * n + l->ir->n_nodes + 1;
    uint32_t owners = l->ir->n_owners + l->heard->ir->n_owners;
    l->fresh = CHR_NEW_N(arena, chr_ir_node, all);
    l->owners = CHR_NEW_N(arena, chr_ir_owner, owners + 1);
    l->carried = CHR_NEW_N(arena, uint32_t, n + 1);
    l->order = CHR_NEW_N(arena, uint32_t, 2 * n + 1);
    l->matched = CHR_NEW_N(arena, bool, n + 1);
    l->goals = CHR_NEW_N(arena, chr_strand, n + 1);
    l->c->match = CHR_NEW_N(arena, uint32_t, all);
    l->c->dead = CHR_NEW_N(arena, bool, n + 1);
    l->c->begin = CHR_NEW_N(arena, uint64_t, all);
    l->c->length = CHR_NEW_N(arena, uint32_t, all);
    l->c->past_begin = CHR_NEW_N(arena, uint64_t, n + 1);
    l->c->past_length = l->heard->length;
    l->c->fresh = CHR_NEW(arena, chr_ir);
    if (chr_arena_failed(arena) || !chr_names_make(&l->names, owners))
        return false;
    memset(l->carried, 0xff, (n + 1) * sizeof *l->carried);
    memset(l->matched, 0, (n + 1) * sizeof *l->matched);
    memset(l->c->length, 0, all * sizeof *l->c->length);
    memset(l->c->begin, 0, all * sizeof *l->c->begin);
    l->c->until = UINT64_MAX;
    for (uint32_t h = 0; h < n; h++) {
        l->c->past_begin[h] = begin_of(l, h);
        uint64_t begin = begin_of(l, h), end = end_of(l, h), now = l->times->now;
        uint64_t turns = begin > now ? begin : end > now ? end : UINT64_MAX;
        if (l->heard->length[h] && turns < l->c->until)
            l->c->until = turns;
    }
    for (uint32_t h = 0; h < n; h++)
        l->goals[h] = (chr_strand){.kind = CHR_STRAND_NODE};
    l->n_fresh = l->ir->n_nodes;
    l->n_owners = l->ir->n_owners;
    memcpy(l->owners, l->ir->owners, l->n_owners * sizeof *l->owners);
    for (uint32_t o = 0; o < l->n_owners; o++)
        chr_names_add(&l->names, l->owners[o].name, o);
    return true;
}

static bool lay(laying *l, const chr_ir *session) {
    if (!take_room(l) || !write_past(l) || !find_matches(l, session))
        return false;
    lay_nodes(l);
    for (uint32_t o = 0; o < l->c->past->n_owners; o++)
        lay_outs(l, o);
    write_carried(l);
    if (chr_arena_failed(l->c->arena) || !bury(l))
        return false;
    *l->c->fresh = *l->ir;
    l->c->fresh->arena = l->c->arena;
    l->c->fresh->nodes = l->fresh;
    l->c->fresh->n_nodes = l->n_fresh;
    l->c->fresh->owners = l->owners;
    l->c->fresh->n_owners = l->n_owners;
    l->c->n_session = l->ir->n_nodes;
    return true;
}

bool chr_carry_make(chr_carry *c, const chr_ir *ir, const chr_heard *heard, const chr_ir *session,
                    const chr_carry_times *times, const bool *apart) {
    *c = (chr_carry){.arena = chr_arena_new(0)};
    laying l = {.c = c, .ir = ir, .heard = heard, .times = times, .apart = apart};
    bool ok = c->arena && lay(&l, session);
    chr_names_clear(&l.names);
    return ok;
}

void chr_carry_clear(chr_carry *c) {
    if (c->arena)
        chr_arena_free(c->arena);
    *c = (chr_carry){.arena = NULL};
}
