/* runtime/build_heard.c: what sounds while the fades of a graph are under way, for the next change.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

typedef struct writing {
    chr_builder *b;
    chr_arena *arena;
    uint32_t *heard_of;   /* by node of the union: its node in what is heard */
    uint32_t *node_of;    /* the other way round; UINT32_MAX: a fade */
    uint32_t *first_fade; /* by node of the union: its first fade + 1, sorted as they come */
    uint32_t *next_fade;  /* by fade */
    chr_ir_node *nodes;
    chr_heard *to;
    uint32_t n_kept; /* nodes that are no new fades */
} writing;

static chr_strand strand_of(const writing *w, chr_strand s) {
    if (s.kind == CHR_STRAND_NODE)
        s.node = w->heard_of[s.node];
    return s; /* owners stand in the order of the union */
}

static chr_strand side(const writing *w, const chr_change *c, bool fresh) {
    chr_strand silence = {.kind = CHR_STRAND_CONST, .value = 0.0f};
    if (fresh ? c->has_fresh : c->has_past)
        return strand_of(w, fresh ? c->fresh : c->past);
    return silence;
}

/* What an argument reads, as a fade of this graph or as it is. */
static chr_strand arg_of(const writing *w, uint32_t u, uint32_t k, uint32_t i) {
    for (uint32_t f = w->first_fade[u]; f; f = w->next_fade[f - 1]) {
        const chr_faded *x = &w->b->faded.items[f - 1];
        if (x->k == k && x->index == i)
            return (chr_strand){.kind = CHR_STRAND_NODE, .node = w->n_kept + f - 1};
    }
    chr_change c = chr_version_arg(&w->b->version, &w->b->version.nodes[u], k, i);
    return strand_of(w, c.has_fresh ? c.fresh : c.past);
}

static const chr_strand *args_of(const writing *w, uint32_t u, uint32_t from, uint32_t n,
                                 uint32_t width) {
    chr_strand *to = CHR_NEW_N(w->arena, chr_strand, n * width + 1);
    for (uint32_t k = 0; to && k < n; k++)
        for (uint32_t i = 0; i < width; i++)
            to[k * width + i] = arg_of(w, u, from + k, i);
    return to;
}

static void write_node(const writing *w, uint32_t u) {
    const chr_unode *n = &w->b->version.nodes[u];
    const chr_ir_node *from = n->fresh ? n->fresh : n->past;
    const chr_module *m = from->module;
    uint32_t h = w->heard_of[u];
    w->nodes[h] = *from;
    w->nodes[h].owner = chr_unode_owner(w->b, n);
    w->nodes[h].label = chr_arena_copy(w->arena, from->label, strlen(from->label));
    w->nodes[h].n_instances = n->n_instances;
    w->nodes[h].n_sources = n->n_sources;
    w->nodes[h].inputs = args_of(w, u, 0, (uint32_t)m->n_inputs, n->n_sources);
    w->nodes[h].params =
        args_of(w, u, (uint32_t)m->n_inputs, (uint32_t)m->n_params, n->n_instances);
    const chr_carry *c = &w->b->carry;
    if (!c->arena)
        return;
    w->to->length[h] = n->fresh ? c->length[n->fresh_index] : c->past_length[n->past_index];
    w->to->begin[h] = n->fresh ? c->begin[n->fresh_index] : c->past_begin[n->past_index];
    if (n->fresh && w->to->length[h] && w->to->begin[h] + w->to->length[h] > w->to->until)
        w->to->until = w->to->begin[h] + w->to->length[h];
}

static void write_fade(const writing *w, uint32_t f) {
    const chr_faded *x = &w->b->faded.items[f];
    const chr_version *v = &w->b->version;
    chr_change c;
    uint32_t owner;
    if (x->node == UINT32_MAX) {
        c = w->b->outputs.items[x->index].change;
        owner = w->b->outputs.items[x->index].owner;
    } else {
        c = chr_version_arg(v, &v->nodes[x->node], x->k, x->index);
        owner = chr_unode_owner(w->b, &v->nodes[x->node]);
    }
    chr_strand *inputs = CHR_NEW_N(w->arena, chr_strand, 2);
    if (!inputs)
        return;
    inputs[0] = side(w, &c, false);
    inputs[1] = side(w, &c, true);
    w->nodes[w->n_kept + f] =
        (chr_ir_node){.module = chr_registry_modules()[chr_registry_find("xfade")],
                      .owner = owner,
                      .label = "fade",
                      .hidden = true,
                      .n_instances = 1,
                      .n_sources = 1,
                      .inputs = inputs};
    w->to->begin[w->n_kept + f] = UINT64_MAX;
    w->to->length[w->n_kept + f] = x->length;
}

static bool write_owners(const writing *w, chr_ir *ir) {
    const chr_builder *b = w->b;
    const chr_version *v = &b->version;
    chr_ir_owner *owners = CHR_NEW_N(w->arena, chr_ir_owner, v->n_owners + 1);
    chr_ir_out *outs = CHR_NEW_N(w->arena, chr_ir_out, b->outputs.n + 1);
    uint32_t *fades = CHR_NEW_N(w->arena, uint32_t, b->outputs.n + 1);
    if (!owners || !outs || !fades)
        return false;
    memset(fades, 0, (b->outputs.n + 1) * sizeof *fades);
    for (uint32_t f = 0; f < b->faded.n; f++)
        if (b->faded.items[f].node == UINT32_MAX)
            fades[b->faded.items[f].index] = f + 1;
    for (uint32_t o = 0; o < v->n_owners; o++)
        owners[o] =
            (chr_ir_owner){.name = chr_arena_copy(w->arena, v->owners[o], strlen(v->owners[o])),
                           .n_voices = b->n_voices.items[o],
                           .keying = b->keyings.items[o],
                           .is_knob = chr_version_is_knob(v, o),
                           .fade_s = o < v->fresh->n_owners ? v->fresh->owners[o].fade_s : 0};
    for (uint32_t i = 0; i < b->outputs.n; i++)
        owners[b->outputs.items[i].owner].n_outs++;
    for (uint32_t o = 0; o < v->n_owners; o++) {
        owners[o].outs = outs;
        outs += owners[o].n_outs;
        owners[o].n_outs = 0;
    }
    /* First what stays, then what goes. */
    for (int goes = 0; goes < 2; goes++)
        for (uint32_t i = 0; i < b->outputs.n; i++) {
            const chr_sent *x = &b->outputs.items[i];
            chr_ir_owner *o = &owners[x->owner];
            if (x->goes != goes)
                continue;
            chr_strand s =
                fades[i] ? (chr_strand){.kind = CHR_STRAND_NODE, .node = w->n_kept + fades[i] - 1}
                         : side(w, &x->change, x->change.has_fresh);
            ((chr_ir_out *)(uintptr_t)o->outs)[o->n_outs++] = (chr_ir_out){x->channel, s};
            o->n_going += (uint32_t)goes;
        }
    ir->owners = owners;
    ir->n_owners = v->n_owners;
    return true;
}

/* Numbers: the new version's nodes as they are, then what leaves, then the fades. */
static void number_nodes(writing *w) {
    const chr_version *v = &w->b->version;
    uint32_t next = v->fresh->n_nodes;
    for (uint32_t u = 0; u < v->n_nodes; u++) {
        w->heard_of[u] = v->nodes[u].fresh ? v->nodes[u].fresh_index : next++;
        w->node_of[w->heard_of[u]] = u;
    }
    w->n_kept = next;
    for (uint32_t f = w->b->faded.n; f-- > 0;) {
        uint32_t u = w->b->faded.items[f].node;
        w->node_of[next + f] = UINT32_MAX;
        if (u == UINT32_MAX)
            continue;
        w->next_fade[f] = w->first_fade[u];
        w->first_fade[u] = f + 1;
    }
}

static bool write_all(writing *w) {
    const chr_builder *b = w->b;
    const chr_version *v = &b->version;
    uint32_t n = v->n_nodes + b->faded.n;
    chr_ir *ir = CHR_NEW(w->arena, chr_ir);
    w->heard_of = CHR_NEW_N(w->arena, uint32_t, v->n_nodes + 1);
    w->first_fade = CHR_NEW_N(w->arena, uint32_t, v->n_nodes + 1);
    w->next_fade = CHR_NEW_N(w->arena, uint32_t, b->faded.n + 1);
    w->nodes = CHR_NEW_N(w->arena, chr_ir_node, n + 1);
    w->to->begin = CHR_NEW_N(w->arena, uint64_t, n + 1);
    w->to->length = CHR_NEW_N(w->arena, uint32_t, n + 1);
    if (chr_arena_failed(w->arena))
        return false;
    memset(w->first_fade, 0, (v->n_nodes + 1) * sizeof *w->first_fade);
    memset(w->next_fade, 0, (b->faded.n + 1) * sizeof *w->next_fade);
    memset(w->to->begin, 0, (n + 1) * sizeof *w->to->begin);
    memset(w->to->length, 0, (n + 1) * sizeof *w->to->length);
    number_nodes(w);
    for (uint32_t u = 0; u < v->n_nodes; u++)
        write_node(w, u);
    for (uint32_t f = 0; f < b->faded.n; f++)
        write_fade(w, f);
    *ir = (chr_ir){.arena = w->arena,
                   .nodes = w->nodes,
                   .n_nodes = n,
                   .seed = v->fresh->seed,
                   .version = v->fresh->version};
    w->to->ir = ir;
    w->to->n_session = b->carry.arena ? b->carry.n_session : v->fresh->n_nodes;
    return write_owners(w, ir) && !chr_arena_failed(w->arena);
}

chr_heard *chr_build_heard(chr_builder *b, uint32_t **node_of) {
    chr_heard *to = calloc(1, sizeof *to);
    writing w = {.b = b, .arena = chr_arena_new(0), .to = to};
    w.node_of = *node_of = malloc((b->version.n_nodes + b->faded.n + 1) * sizeof **node_of);
    if (to && w.arena && w.node_of && write_all(&w))
        return to;
    b->failed = true;
    if (w.arena)
        chr_arena_free(w.arena);
    free(to);
    return NULL;
}

void chr_heard_free(chr_heard *h) {
    if (!h)
        return;
    chr_ir_free(h->ir);
    free(h);
}
