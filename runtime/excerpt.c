/* runtime/excerpt.c: picks the nodes that some owners need, and numbers them anew.
 * SPDX-License-Identifier: MIT */
#include "runtime/excerpt.h"

#include "runtime/notes.h"

#include <stdlib.h>
#include <string.h>

enum { TICKS = 960, MIDDLE = 60, ROUNDS_MAX = 16, NOTES_MAX = 256 };

typedef struct excerpt {
    const chr_ir *ir;
    const bool *chosen;
    bool *hears;       /* by owner: something chosen is heard in it */
    bool *needed;      /* by node: a chosen one, or read by one, at whatever distance */
    uint32_t *numbers; /* by node: its new one + 1, or 0 */
    uint32_t *owners;  /* by owner: its new one + 1, or 0 */
    chr_arena *arena;  /* of the result */
} excerpt;

static uint32_t n_strands(const chr_ir_node *n) {
    return (uint32_t)n->module->n_inputs * n->n_sources;
}

static uint32_t n_values(const chr_ir_node *n) {
    return (uint32_t)n->module->n_params * n->n_instances;
}

/* The i-th of all strands that a node reads. */
static const chr_strand *strand(const chr_ir_node *n, uint32_t i) {
    return i < n_strands(n) ? &n->inputs[i] : &n->params[i - n_strands(n)];
}

/* Owner 0 holds what all share: that it reads a patch makes nobody else hear it. */
static bool hear_once(excerpt *x) {
    const chr_ir *ir = x->ir;
    bool more = false;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (n->owner == 0 || x->chosen[n->owner] || x->hears[n->owner])
            continue;
        for (uint32_t k = 0; k < n_strands(n) + n_values(n); k++) {
            const chr_strand *s = strand(n, k);
            if (s->kind != CHR_STRAND_NODE)
                continue;
            uint32_t from = ir->nodes[s->node].owner;
            if (!x->chosen[from] && !x->hears[from])
                continue;
            x->hears[n->owner] = more = true;
            break;
        }
    }
    return more;
}

/* Backwards, since nodes come after what they read; only late edges ask for another round. */
static bool need_once(excerpt *x) {
    const chr_ir *ir = x->ir;
    bool late = false;
    for (uint32_t i = ir->n_nodes; i-- > 0;) {
        const chr_ir_node *n = &ir->nodes[i];
        x->needed[i] |= x->chosen[n->owner];
        for (uint32_t k = 0; x->needed[i] && k < n_strands(n) + n_values(n); k++) {
            const chr_strand *s = strand(n, k);
            if (s->kind != CHR_STRAND_NODE || x->needed[s->node])
                continue;
            x->needed[s->node] = true;
            late |= s->node > i;
        }
    }
    return late;
}

static const chr_strand *copy_strands(const excerpt *x, const chr_strand *from, uint32_t n) {
    chr_strand *to = CHR_NEW_N(x->arena, chr_strand, n + 1);
    for (uint32_t i = 0; to && i < n; i++) {
        to[i] = from[i];
        if (from[i].kind == CHR_STRAND_VOICE)
            to[i].node = x->owners[from[i].node] - 1;
        if (from[i].kind != CHR_STRAND_NODE)
            continue;
        if (x->numbers[from[i].node])
            to[i].node = x->numbers[from[i].node] - 1;
        else
            to[i] = (chr_strand){.kind = CHR_STRAND_CONST, .value = 0.0f};
    }
    return to;
}

/* Owner 0, and whose nodes or voices are there. */
static void keep_owners(excerpt *x, chr_ir *to) {
    const chr_ir *ir = x->ir;
    x->owners[0] = 1;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (!x->numbers[i])
            continue;
        x->owners[n->owner] = 1;
        for (uint32_t k = 0; k < n_strands(n) + n_values(n); k++)
            if (strand(n, k)->kind == CHR_STRAND_VOICE)
                x->owners[strand(n, k)->node] = 1;
    }
    for (uint32_t o = 0; o < ir->n_owners; o++)
        if (x->owners[o])
            x->owners[o] = ++to->n_owners;
}

static void copy_nodes(excerpt *x, chr_ir *to) {
    const chr_ir *ir = x->ir;
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        if (x->needed[i] || x->hears[ir->nodes[i].owner])
            x->numbers[i] = ++to->n_nodes;
    keep_owners(x, to);
    chr_ir_node *nodes = CHR_NEW_N(x->arena, chr_ir_node, to->n_nodes + 1);
    for (uint32_t i = 0; nodes && i < ir->n_nodes; i++) {
        if (!x->numbers[i])
            continue;
        chr_ir_node *n = &nodes[x->numbers[i] - 1];
        *n = ir->nodes[i];
        n->owner = x->owners[n->owner] - 1;
        n->inputs = copy_strands(x, n->inputs, n_strands(n));
        n->params = copy_strands(x, n->params, n_values(n));
    }
    to->nodes = nodes;
}

static void copy_owners(const excerpt *x, chr_ir *to) {
    const chr_ir *ir = x->ir;
    chr_ir_owner *owners = CHR_NEW_N(x->arena, chr_ir_owner, to->n_owners + 1);
    for (uint32_t o = 0; owners && o < ir->n_owners; o++) {
        if (!x->owners[o])
            continue;
        chr_ir_owner *own = &owners[x->owners[o] - 1];
        *own = ir->owners[o];
        uint32_t n = x->chosen[o] || x->hears[o] ? own->n_outs : 0;
        chr_ir_out *outs = CHR_NEW_N(x->arena, chr_ir_out, n + 1);
        for (uint32_t k = 0; outs && k < n; k++) {
            outs[k] = ir->owners[o].outs[k];
            const chr_strand *s = copy_strands(x, &outs[k].strand, 1);
            if (s)
                outs[k].strand = *s;
        }
        own->outs = outs;
        own->n_outs = n;
    }
    to->owners = owners;
}

/* The first notes of a pattern that sounds; false: none does within some rounds. */
static bool first_notes(const chr_score *s, chr_score_note **notes, uint32_t *n) {
    for (int64_t round = 0; round < ROUNDS_MAX; round++) {
        *notes = chr_score_notes(s, round * s->round, (round + 1) * s->round, NOTES_MAX, n);
        if (*notes && *n > 0)
            break;
        free(*notes);
        *notes = NULL;
    }
    uint32_t together = 1;
    while (*notes && together < *n && (*notes)[together].at == (*notes)[0].at)
        together++;
    *n = together;
    return *notes != NULL;
}

/* The notes with which the owner's first pattern begins; one in the middle where it has none. */
static void strike(const excerpt *x, uint32_t owner, double note_s, chr_ir_pattern *to) {
    const chr_ir *ir = x->ir;
    chr_score_note *own = NULL;
    uint32_t n = 1;
    for (uint32_t i = 0; i < ir->n_patterns && !own; i++)
        if (ir->patterns[i].owner == owner)
            first_notes(&ir->patterns[i].score, &own, &n);
    *to = (chr_ir_pattern){
        .name = ir->owners[owner].name, .owner = x->owners[owner] - 1, .playing = true};
    if (ir->owners[owner].is_knob) { /* it stands where the pattern begins */
        to->values = true;
        to->base = own ? own[0].note : 0.0f;
        n = 0;
    }
    chr_score_event *events = CHR_NEW_N(x->arena, chr_score_event, n + 1);
    int64_t duration = (int64_t)(note_s * chr_time_usual.tempi[0].bpm / 60.0 * TICKS) + 1;
    for (uint32_t i = 0; events && i < n; i++)
        events[i] = (chr_score_event){.length = duration,
                                      .note = own ? own[i].note : MIDDLE,
                                      .level = own ? own[i].level : 1.0f};
    free(own);
    if (events)
        chr_score_flat(x->arena, events, n, (int64_t)1 << 40, TICKS, &to->score);
}

static void make_patterns(const excerpt *x, chr_ir *to, double note_s) {
    const chr_ir *ir = x->ir;
    chr_ir_pattern *patterns = CHR_NEW_N(x->arena, chr_ir_pattern, to->n_owners + 1);
    for (uint32_t o = 0; patterns && o < ir->n_owners; o++)
        if (x->owners[o] && (ir->owners[o].plays_notes || ir->owners[o].is_knob))
            strike(x, o, note_s, &patterns[to->n_patterns++]);
    to->patterns = patterns;
}

static const double *copy_tuning(chr_arena *arena, const double *note_hz) {
    double *copy = CHR_NEW_N(arena, double, 128);
    return copy ? memcpy(copy, note_hz, 128 * sizeof *copy) : NULL;
}

chr_ir *chr_excerpt(const chr_ir *ir, const bool *chosen, double note_s) {
    chr_arena *arena = chr_arena_new(0);
    if (!arena)
        return NULL;
    excerpt x = {.ir = ir,
                 .chosen = chosen,
                 .hears = CHR_NEW_N(arena, bool, ir->n_owners + 1),
                 .needed = CHR_NEW_N(arena, bool, ir->n_nodes + 1),
                 .numbers = CHR_NEW_N(arena, uint32_t, ir->n_nodes + 1),
                 .owners = CHR_NEW_N(arena, uint32_t, ir->n_owners + 1),
                 .arena = arena};
    chr_ir *to = CHR_NEW(arena, chr_ir);
    if (to && !chr_arena_failed(arena)) {
        *to = (chr_ir){.arena = arena, .time = &chr_time_usual, .seed = ir->seed};
        if (ir->note_hz)
            to->note_hz = copy_tuning(arena, ir->note_hz);
        while (hear_once(&x))
            continue;
        while (need_once(&x))
            continue;
        copy_nodes(&x, to);
        copy_owners(&x, to);
        make_patterns(&x, to, note_s);
    }
    if (!chr_arena_failed(arena))
        return to;
    chr_arena_free(arena);
    return NULL;
}
