/* runtime/graph.c: IR -> immutable graph.
 * SPDX-License-Identifier: MIT */
#include "runtime/graph.h"

#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

void *chr_list_grow(void **items, uint32_t *n, uint32_t *room, uint32_t more, size_t size) {
    if (*n + more > *room) {
        uint32_t wanted = *room ? *room * 2 : 64;
        while (wanted < *n + more)
            wanted *= 2;
        void *grown = realloc(*items, wanted * size);
        if (!grown)
            return NULL;
        *items = grown;
        *room = wanted;
    }
    return (char *)*items + *n * size;
}

/* A failed list still gives index 0, and `failed` ends the build; so one check at the end of each
 * step will do. */
uint32_t chr_build_buffer(chr_builder *b, uint32_t lanes) {
    chr_buffer *f = CHR_GROW(&b->buffers, 1);
    if (!f) {
        b->failed = true;
        return 0;
    }
    *f = (chr_buffer){.lanes = lanes, .first = UINT32_MAX};
    return b->buffers.n++;
}

uint32_t chr_build_out(chr_builder *b, uint32_t buffer) {
    uint32_t *o = CHR_GROW(&b->outs, 1);
    if (!o) {
        b->failed = true;
        return 0;
    }
    *o = buffer;
    return b->outs.n++;
}

uint32_t chr_build_emit(chr_builder *b, chr_instr instr) {
    chr_instr *i = CHR_GROW(&b->instrs, 1);
    if (!i) {
        b->failed = true;
        return 0;
    }
    *i = instr;
    return b->instrs.n++;
}

uint32_t chr_build_text(chr_builder *b, const char *text) {
    size_t n = strlen(text) + 1;
    char *at = CHR_GROW(&b->text, (uint32_t)n);
    if (!at) {
        b->failed = true;
        return 0;
    }
    memcpy(at, text, n);
    b->text.n += (uint32_t)n;
    return b->text.n - (uint32_t)n;
}

/* "bass.lpf2", for reports of faults. */
static void name_group(chr_builder *b, const chr_unode *n) {
    uint32_t *name = CHR_GROW(&b->names, 1);
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    const char *owner = b->version.owners[chr_unode_owner(b, n)];
    if (!name) {
        b->failed = true;
        return;
    }
    *name = chr_build_text(b, owner);
    b->names.n++;
    if (b->failed)
        return;
    if (*owner)
        b->text.items[b->text.n - 1] = '.';
    else
        b->text.n--;
    chr_build_text(b, node->label);
}

static chr_instr process_instr(const chr_builder *b, uint32_t g, chr_process_fn *fn) {
    const chr_group *group = &b->groups.items[g];
    const chr_module *m = group->module;
    return (chr_instr){.op = CHR_OP_PROCESS,
                       .fn = fn,
                       .lanes = (uint8_t)group->lanes,
                       .n_inputs = (uint8_t)m->n_inputs,
                       .n_params = (uint8_t)m->n_params,
                       .node = g,
                       .slot = group->slot,
                       .voices = CHR_NONE,
                       .fade = b->version.nodes[group->node].fresh ? CHR_NONE : 0};
}

static void give_outputs(chr_builder *b, uint32_t g, chr_instr *i) {
    chr_group group = b->groups.items[g];
    i->n_outputs = (uint8_t)group.module->n_outputs;
    i->checked = 1;
    for (uint32_t k = 0; k < i->n_outputs; k++) {
        uint32_t at = chr_build_out(b, group.out[k]);
        if (!k)
            i->outs = at;
    }
}

static void emit_node(chr_builder *b, uint32_t u) {
    const chr_unode *n = &b->version.nodes[u];
    for (uint32_t g = b->first_group[u]; g < b->first_group[u + 1] && !b->failed; g++) {
        const chr_module *m = b->groups.items[g].module;
        if (m->shape == CHR_SUM) {
            chr_build_sum(b, n, g);
            continue;
        }
        bool breaks = n->cycle && m->emit;
        chr_instr i = process_instr(b, g, breaks ? m->emit : m->process);
        if (breaks)
            chr_build_args_emit(b, g, &i);
        else
            chr_build_args(b, g, &i);
        give_outputs(b, g, &i);
        chr_build_emit(b, i);
    }
}

static void emit_accepts(chr_builder *b, uint32_t u) {
    for (uint32_t g = b->first_group[u]; g < b->first_group[u + 1] && !b->failed; g++) {
        const chr_module *m = b->groups.items[g].module;
        if (!m->emit || m->shape == CHR_SUM)
            continue;
        chr_instr i = process_instr(b, g, m->accept);
        chr_build_args_accept(b, g, &i);
        give_outputs(b, g, &i);
        i.checked = 0; /* what it stores was looked at where it was made */
        chr_build_emit(b, i);
    }
}

static void emit_nodes(chr_builder *b) {
    chr_version *v = &b->version;
    for (uint32_t u = 0; u < v->n_nodes && !b->failed;) {
        if (!v->nodes[u].cycle) {
            emit_node(b, u++);
            continue;
        }
        uint32_t end = u;
        while (end < v->n_nodes && v->nodes[end].cycle == v->nodes[u].cycle)
            end++;
        uint32_t loop = chr_build_emit(
            b,
            (chr_instr){.op = CHR_OP_LOOP, .slot = CHR_NONE, .voices = CHR_NONE, .fade = CHR_NONE});
        for (uint32_t k = u; k < end && !b->failed; k++)
            emit_node(b, k);
        for (uint32_t k = u; k < end && !b->failed; k++)
            emit_accepts(b, k);
        if (!b->failed)
            b->instrs.items[loop].count = b->instrs.n - loop - 1;
        u = end;
    }
}

/* ---- voices and patterns ---- */

static void join_voices(chr_builder *b) {
    const chr_version *v = &b->version;
    for (uint32_t o = 0; o < v->n_owners; o++) {
        chr_voices **at = CHR_GROW(&b->voices, 1);
        uint32_t *n = CHR_GROW(&b->n_voices, 1);
        if (!at || !n) {
            b->failed = true;
            return;
        }
        chr_voices *found = NULL;
        for (uint32_t k = 0; b->before && k < b->before->n_voices_all && !found; k++)
            if (!strcmp(b->before->voices[k]->name, v->owners[o]))
                found = b->before->voices[k];
        if (found)
            chr_voices_use(found);
        else
            found = chr_voices_new(v->owners[o]);
        if (!found) {
            b->failed = true;
            return;
        }
        *at = found;
        *n = o < v->fresh->n_owners ? v->fresh->owners[o].n_voices : found->n;
        b->voices.n++;
        b->n_voices.n++;
    }
}

static const chr_graph_track *old_track(const chr_builder *b, const char *name) {
    for (uint32_t i = 0; b->before && i < b->before->n_tracks; i++)
        if (!strcmp(b->before->tracks[i].track->name, name))
            return &b->before->tracks[i];
    return NULL;
}

/* Takes a share of everything that the audio thread may still look at. */
static void add_track(chr_builder *b, const char *name, const chr_ir_pattern *source,
                      const chr_graph_track *old, uint32_t voices) {
    chr_graph_track *t = CHR_GROW(&b->tracks, 1);
    if (!t) {
        b->failed = true;
        return;
    }
    *t = (chr_graph_track){.voices = voices, .playing = source && source->playing};
    b->tracks.n++;
    if (source) {
        t->pattern = chr_pattern_new(source);
        b->failed |= !t->pattern;
        if (old && t->pattern && chr_pattern_equal(t->pattern, old->pattern)) {
            chr_pattern_drop(
                t->pattern); /* the same text again is the same pattern, where it stands */
            chr_pattern_use(t->pattern = old->pattern);
        }
    }
    if (old) {
        t->track = old->track;
        chr_track_use(t->track);
        t->keep[0] = atomic_load_explicit(&old->track->now, memory_order_relaxed);
        t->keep[1] = old->pattern; /* which may take over before this version does */
        for (int k = 0; k < 2; k++)
            if (t->keep[k])
                chr_pattern_use(t->keep[k]);
    } else {
        t->track = chr_track_new(name);
        b->failed |= !t->track;
    }
}

static uint32_t owner_number(const chr_builder *b, const char *name) {
    for (uint32_t o = 0; o < b->version.n_owners; o++)
        if (!strcmp(b->version.owners[o], name))
            return o;
    return UINT32_MAX;
}

static void join_tracks(chr_builder *b) {
    const chr_ir *ir = b->version.fresh;
    for (uint32_t i = 0; i < ir->n_patterns && !b->failed; i++)
        add_track(b, ir->patterns[i].name, &ir->patterns[i], old_track(b, ir->patterns[i].name),
                  b->version.fresh_owner_to[ir->patterns[i].owner]);
    for (uint32_t i = 0; b->before && i < b->before->n_tracks && !b->failed; i++) {
        const chr_graph_track *old = &b->before->tracks[i];
        bool again = false;
        for (uint32_t k = 0; k < ir->n_patterns && !again; k++)
            again = !strcmp(ir->patterns[k].name, old->track->name);
        /* What is gone plays on to the end of its bar, unless its patch is gone too. */
        uint32_t owner = owner_number(b, b->before->voices[old->voices]->name);
        bool sounds = old->pattern || atomic_load_explicit(&old->track->now, memory_order_relaxed);
        if (!again && sounds && owner != UINT32_MAX)
            add_track(b, old->track->name, NULL, old, owner);
    }
}

/* ---- one allocation ---- */

static size_t aligned(size_t n) {
    return (n + 63) & ~(size_t)63;
}

/* Copies a list to its place; with base NULL only measures. */
static const void *place(char *base, size_t *at, const void *items, size_t bytes) {
    char *to = base ? base + *at : NULL;
    if (to && bytes)
        memcpy(to, items, bytes);
    *at += aligned(bytes);
    return to;
}

/* Sorts the voice rows by owner. */
static void index_rows(chr_builder *b) {
    b->rows_first = calloc(b->voices.n + 2, sizeof *b->rows_first);
    b->rows_of = calloc(b->voice_rows.n + 1, sizeof *b->rows_of);
    if (!b->rows_first || !b->rows_of) {
        b->failed = true;
        return;
    }
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_first[b->voice_rows.items[r].voices + 2]++;
    for (uint32_t o = 0; o < b->voices.n; o++)
        b->rows_first[o + 1] += b->rows_first[o];
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        b->rows_of[b->rows_first[b->voice_rows.items[r].voices + 1]++] = r;
}

static size_t lay_out(const chr_builder *b, chr_graph *g, char *base) {
    size_t at = aligned(sizeof *g);
#define PLACE(list, count)                                                                         \
    g->list = place(base, &at, b->list.items, b->list.n * sizeof *b->list.items),                  \
    g->count = b->list.n
    PLACE(instrs, n_instrs);
    PLACE(slots, n_slots);
    PLACE(voice_args, n_voice_args);
    PLACE(voice_rows, n_voice_rows);
    PLACE(terms, n_terms);
    PLACE(ramps, n_ramps);
    PLACE(fades, n_fades);
    PLACE(moves, n_moves);
    PLACE(tracks, n_tracks);
    PLACE(voices, n_voices_all);
    PLACE(stems, n_stems);
    PLACE(maps, n_maps);
    PLACE(names, n_names);
    PLACE(constants, n_constants);
    PLACE(text, n_text);
#undef PLACE
    g->n_voices = place(base, &at, b->n_voices.items, b->n_voices.n * sizeof *b->n_voices.items);
    g->rows_first = place(base, &at, b->rows_first, (b->voices.n + 1) * sizeof *b->rows_first);
    g->rows_of = place(base, &at, b->rows_of, b->voice_rows.n * sizeof *b->rows_of);
    return at;
}

static chr_live *make_live(const chr_builder *b, const chr_graph *g) {
    size_t args = aligned(b->args.n * sizeof(chr_arg)), outs = aligned(b->outs.n * sizeof(float *));
    size_t ramps = aligned(b->ramps.n * sizeof(chr_ramp_live));
    size_t scratch = aligned(b->scratch_floats * sizeof(float)),
           rows = aligned(b->rows_floats * sizeof(float));
    size_t ramp_rows = aligned(b->ramp_floats * sizeof(float));
    size_t bytes = aligned(sizeof(chr_live)) + args + outs + ramps + scratch + rows + ramp_rows;
    char *base = aligned_alloc(64, bytes);
    if (!base)
        return NULL;
    memset(base, 0, bytes); /* touched before the audio thread sees it */
    chr_live *v = (chr_live *)(void *)base;
    base += aligned(sizeof(chr_live));
    v->args = (chr_arg *)(void *)base;
    v->outs = (float **)(void *)(base += args);
    v->ramps = (chr_ramp_live *)(void *)(base += outs);
    v->scratch = (float *)(void *)(base += ramps);
    v->rows = (float *)(void *)(base += scratch);
    v->ramp_rows = (float *)(void *)(base += rows);
    atomic_init(&v->settled, true);
    for (uint32_t i = 0; i < b->fades.n; i++)
        v->fade_longest =
            b->fades.items[i].length > v->fade_longest ? b->fades.items[i].length : v->fade_longest;
    for (uint32_t i = 0; i < b->args.n; i++) {
        const chr_arg_place *p = &b->args.items[i];
        switch ((chr_place_kind)p->kind) {
        case CHR_AT_CONSTANT:
            v->args[i] = (chr_arg){g->constants + p->index, 0};
            break;
        case CHR_AT_BUFFER:
            v->args[i] =
                (chr_arg){v->scratch + b->buffers.items[p->index].offset + p->lane, p->step};
            break;
        case CHR_AT_ROW:
            v->args[i] = (chr_arg){v->rows + b->voice_rows.items[p->index].rows, 0};
            break;
        case CHR_AT_RAMP:
            v->args[i] = (chr_arg){g->constants + b->ramps.items[p->index].to, 0};
            break;
        }
    }
    for (uint32_t i = 0; i < b->outs.n; i++)
        v->outs[i] = v->scratch + b->buffers.items[b->outs.items[i]].offset;
    return v;
}

/* Keeps what the next version is compared with. */
static chr_plan *make_plan(const chr_builder *b, chr_ir *ir) {
    chr_plan *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->first_group = calloc(ir->n_nodes + 1, sizeof *p->first_group);
    p->groups = calloc(b->groups.n + 1, sizeof *p->groups);
    p->arg_ramp = calloc(b->args.n + 1, sizeof *p->arg_ramp);
    p->ir_uses = calloc(1, sizeof *p->ir_uses);
    if (!p->first_group || !p->groups || !p->arg_ramp || !p->ir_uses) {
        free(p->ir_uses);
        free(p->first_group);
        free(p->groups);
        free(p->arg_ramp);
        free(p);
        return NULL;
    }
    p->leftovers = b->fades.n > 0;
    for (uint32_t u = 0; u < b->version.n_nodes; u++) {
        const chr_unode *n = &b->version.nodes[u];
        p->leftovers |= !n->fresh || n->n_instances > n->fresh->n_instances;
    }
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        uint32_t u = b->version.fresh_to[i];
        p->first_group[i] = p->n_groups;
        for (uint32_t g = b->first_group[u]; g < b->first_group[u + 1]; g++) {
            const chr_group *from = &b->groups.items[g];
            p->groups[p->n_groups++] = (chr_plan_group){
                .first = from->first,
                .lanes = from->lanes,
                .used = from->used,
                .state = from->slot == CHR_NONE ? NULL : b->slots.items[from->slot].state,
                .args = from->args};
        }
    }
    p->first_group[ir->n_nodes] = p->n_groups;
    for (uint32_t i = 0; i < b->ramps.n; i++) {
        const chr_ramp *r = &b->ramps.items[i];
        if (r->arg != UINT32_MAX)
            p->arg_ramp[r->arg] = i + 1;
        if (r->again != UINT32_MAX)
            p->arg_ramp[r->again] = i + 1;
    }
    p->ir = ir;
    return p;
}

/* A graph that is built again to drop what has left reads the same IR as the one before. */
static void share_ir(chr_plan *p, const chr_graph *before) {
    if (before && before->plan->ir == p->ir) {
        free(p->ir_uses);
        p->ir_uses = before->plan->ir_uses;
    }
    ++*p->ir_uses;
}

static void clear_builder(chr_builder *b, bool drop_shares) {
    for (uint32_t i = 0; drop_shares && i < b->slots.n; i++)
        chr_node_state_drop(b->slots.items[i].state);
    for (uint32_t i = 0; drop_shares && i < b->moves.n; i++)
        chr_node_state_drop(b->moves.items[i].from);
    for (uint32_t i = 0; drop_shares && i < b->voices.n; i++)
        chr_voices_drop(b->voices.items[i]);
    for (uint32_t i = 0; drop_shares && i < b->tracks.n; i++) {
        chr_track_drop(b->tracks.items[i].track);
        chr_pattern_drop(b->tracks.items[i].pattern);
        chr_pattern_drop(b->tracks.items[i].keep[0]);
        chr_pattern_drop(b->tracks.items[i].keep[1]);
    }
    void *lists[] = {b->instrs.items,     b->slots.items,      b->args.items,    b->outs.items,
                     b->voice_args.items, b->voice_rows.items, b->terms.items,   b->ramps.items,
                     b->fades.items,      b->moves.items,      b->tracks.items,  b->voices.items,
                     b->n_voices.items,   b->stems.items,      b->maps.items,    b->names.items,
                     b->constants.items,  b->text.items,       b->buffers.items, b->groups.items,
                     b->first_group,      b->gathers,          b->rows_first,    b->rows_of};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        free(lists[i]);
    chr_version_clear(&b->version);
}

static bool start_builder(chr_builder *b, const chr_ir *ir, const chr_graph *before,
                          const chr_build_options *options) {
    *b = (chr_builder){.options = options, .before = before};
    static const int widths[] = {1, 4, 8, 16}, places[] = {0, 2, 3, 4};
    for (int i = 0; i < 4; i++)
        b->builds[places[i]] = chr_registry_build(options->isa, widths[i]);
    if (!chr_version_make(&b->version, ir, before ? before->plan->ir : NULL))
        return false;
    b->first_group = calloc(b->version.n_nodes + 2, sizeof *b->first_group);
    b->gathers = calloc(4096, sizeof *b->gathers);
    return b->first_group && b->gathers;
}

chr_graph *chr_graph_build(chr_ir *ir, const chr_graph *before, const chr_build_options *options) {
    chr_builder b;
    chr_graph *g = NULL;
    if (!start_builder(&b, ir, before, options)) {
        clear_builder(&b, true);
        return NULL;
    }
    join_voices(&b);
    if (!b.failed)
        chr_build_groups(&b);
    for (uint32_t i = 0; i < b.groups.n && !b.failed; i++)
        name_group(&b, &b.version.nodes[b.groups.items[i].node]);
    if (!b.failed)
        emit_nodes(&b);
    if (!b.failed)
        chr_build_outputs(&b);
    if (!b.failed)
        join_tracks(&b);
    if (!b.failed)
        index_rows(&b);
    if (!b.failed)
        chr_build_colour(&b);
    if (!b.failed) {
        chr_graph header = {.bytes = 0};
        header.bytes = lay_out(&b, &header, NULL);
        g = aligned_alloc(64, header.bytes);
        if (g) {
            *g = (chr_graph){
                .bytes = header.bytes, .master = b.master, .n_channels = options->n_channels};
            lay_out(&b, g, (char *)g);
            g->bpm = ir->bpm;
            g->beats_per_bar = ir->beats_per_bar;
            g->live = make_live(&b, g);
            g->plan = g->live ? make_plan(&b, ir) : NULL;
            if (g->plan)
                share_ir(g->plan, before);
        }
        if (g && !g->plan) {
            free(g->live);
            free(g);
            g = NULL;
        }
    }
    clear_builder(&b, !g);
    return g;
}

void chr_graph_free(chr_graph *g) {
    if (!g)
        return;
    for (uint32_t i = 0; i < g->n_slots; i++)
        chr_node_state_drop(g->slots[i].state);
    for (uint32_t i = 0; i < g->n_moves; i++)
        chr_node_state_drop(g->moves[i].from);
    for (uint32_t i = 0; i < g->n_voices_all; i++)
        chr_voices_drop(g->voices[i]);
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        chr_track_drop(g->tracks[i].track);
        chr_pattern_drop(g->tracks[i].pattern);
        chr_pattern_drop(g->tracks[i].keep[0]);
        chr_pattern_drop(g->tracks[i].keep[1]);
    }
    if (!--*g->plan->ir_uses) {
        chr_ir_free(g->plan->ir);
        free(g->plan->ir_uses);
    }
    free(g->plan->first_group);
    free(g->plan->groups);
    free(g->plan->arg_ramp);
    free(g->plan);
    free(g->live);
    free(g);
}

chr_ir *chr_graph_ir(const chr_graph *g) {
    return g->plan->ir;
}

bool chr_graph_has_leftovers(const chr_graph *g) {
    return g->plan->leftovers;
}
