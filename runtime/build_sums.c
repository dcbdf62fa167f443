/* runtime/build_sums.c: `mix`, `spread`, and the sums that make the outputs.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"
#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

/* A strand on its way into a sum. */
typedef struct item {
    chr_strand strand;
    chr_arg_place place; /* one lane, if `made` */
    bool made;
} item;

/* Where a strand's samples are: a buffer, lane and row length; a constant has row length 0. */
static chr_arg_place source(chr_builder *b, const item *it, uint32_t *lanes) {
    if (it->made) {
        *lanes = it->place.kind == CHR_AT_CONSTANT ? 0 : 1;
        return it->place;
    }
    if (it->strand.kind == CHR_STRAND_NODE) {
        uint32_t lane = 0;
        const chr_group *g = chr_build_group_of(b, it->strand, &lane);
        *lanes = g->lanes;
        return (chr_arg_place){.kind = CHR_AT_BUFFER,
                               .index = g->out[it->strand.port],
                               .lane = lane,
                               .step = g->lanes};
    }
    *lanes = 0;
    return (chr_arg_place){.kind = CHR_AT_CONSTANT,
                           .index = chr_build_constant(b, &it->strand.value, 1)};
}

/* The sleeper that a strand comes from, or 0. */
static uint32_t sleeper_of(const chr_builder *b, const item *it) {
    uint32_t lane = 0;
    return it->made || it->strand.kind != CHR_STRAND_NODE
               ? 0
               : chr_build_group_of(b, it->strand, &lane)->sleeper;
}

/* Emits the sum of n items; runs of neighbouring lanes become one term. Weights [n], right NULL for
 * a mono sum. */
static void emit_sum(chr_builder *b, const item *items, uint32_t n, const float *left,
                     const float *right, chr_instr instr) {
    chr_term *terms = CHR_GROW(&b->terms, n ? n : 1);
    uint32_t *sleepers = CHR_GROW(&b->term_sleepers, n ? n : 1);
    if (!terms || !sleepers) {
        b->failed = true;
        return;
    }
    instr.op = CHR_OP_SUM;
    instr.weights = b->terms.n;
    instr.args = b->args.n;
    uint32_t made = 0;
    for (uint32_t i = 0; i < n && !b->failed;) {
        chr_term t = {.first = i, .n = 1};
        chr_arg_place p = source(b, &items[i], &t.lanes);
        t.lane = p.lane;
        /* A term never wraps round the sixteen slots, so each is a straight run of lanes. */
        while (i + t.n < n && t.lanes > 1 && t.lane + t.n < t.lanes && (i + t.n) % 16) {
            uint32_t lanes = 0;
            chr_arg_place next = source(b, &items[i + t.n], &lanes);
            if (next.kind != p.kind || next.index != p.index || next.lane != t.lane + t.n)
                break;
            t.n++;
        }
        t.left = chr_build_constant(b, left + i, t.n);
        t.right = right ? chr_build_constant(b, right + i, t.n) : t.left;
        p.lane = 0;
        chr_build_place(b, p);
        sleepers[made] = sleeper_of(b, &items[i]);
        instr.sleeper |= sleepers[made];
        b->terms.items[b->terms.n + made++] = t;
        i += t.n;
    }
    b->terms.n += made;
    b->term_sleepers.n += made;
    instr.count = made;
    /* Many loud sounds may be too much together. The master is always looked at. */
    if (chr_build_bounds(b, &instr, NULL) && instr.names != b->master_name)
        instr.look = CHR_LOOK_NEVER;
    chr_build_emit(b, instr);
}

/* A strand of voices has no buffer: it is gathered into one. */
static void settle_voice(chr_builder *b, item *it) {
    if (it->strand.kind != CHR_STRAND_VOICE || it->made)
        return;
    it->place = chr_build_copy(b, &it->strand);
    it->made = true;
}

void chr_build_sum(chr_builder *b, uint32_t g) {
    const chr_module *m = b->groups.items[g].module;
    const chr_unode *node = &b->version.nodes[b->groups.items[g].members[0].node];
    uint32_t n = node->n_sources;
    item *items = calloc(n + 1, sizeof *items);
    float *left = calloc(n + 1, sizeof *left), *right = calloc(n + 1, sizeof *right);
    float params[CHR_MAX_PARAMS] = {0};
    for (uint32_t k = 0; k < (uint32_t)m->n_params; k++) {
        chr_change c = chr_version_arg(&b->version, node, (uint32_t)m->n_inputs + k, 0);
        chr_strand s = c.has_fresh ? c.fresh : c.past;
        params[k] = s.kind == CHR_STRAND_CONST ? s.value : m->params[k].dflt;
    }
    if (!items || !left || !right)
        b->failed = true;
    for (uint32_t i = 0; i < n && !b->failed; i++) {
        chr_change c = chr_version_arg(&b->version, node, 0, i);
        items[i].strand = c.has_fresh ? c.fresh : c.past;
        settle_voice(b, &items[i]);
        m->weights((int)i, (int)n, params, &left[i], &right[i]);
    }
    if (!b->failed) {
        chr_instr instr = {.lanes = 1,
                           .slot = CHR_NONE,
                           .voices = CHR_NONE,
                           .names = b->groups.items[g].names,
                           .n_outputs = (uint8_t)m->n_outputs,
                           .look = CHR_LOOK_ALL,
                           .fade = node->fresh ? CHR_NONE : 0};
        instr.outs = chr_build_out(b, b->groups.items[g].out[0]);
        if (m->n_outputs > 1)
            chr_build_out(b, b->groups.items[g].out[1]);
        emit_sum(b, items, n, left, m->n_outputs > 1 ? right : NULL, instr);
    }
    free(items);
    free(left);
    free(right);
}

/* ---- outputs ---- */

static chr_sent *add_output(chr_builder *b, uint32_t owner, uint32_t channel) {
    chr_sent *out = CHR_GROW(&b->outputs, 1);
    if (!out) {
        b->failed = true;
        return NULL;
    }
    *out = (chr_sent){.owner = owner, .channel = channel};
    b->outputs.n++;
    return out;
}

static void add_fresh(chr_builder *b, uint32_t owner, uint32_t from, uint32_t to, bool goes) {
    const chr_version *v = &b->version;
    for (uint32_t k = from; k < to && !b->failed; k++) {
        const chr_ir_out *s = &v->fresh->owners[owner].outs[k];
        chr_sent *out = add_output(b, owner, s->channel);
        if (!out)
            return;
        out->goes = goes;
        out->change = (chr_change){.has_fresh = true, .fresh = chr_version_fresh(v, s->strand)};
    }
}

/* The output of the new version that an owner's output of the version before is: one that goes is
 * known by what it reads, the others by their channel. */
static chr_sent *find_output(chr_builder *b, const uint32_t *first, uint32_t owner,
                             uint32_t channel, chr_strand past) {
    chr_sent_list *list = &b->outputs;
    for (uint32_t i = first[b->version.n_owners]; i < list->n; i++)
        if (list->items[i].owner == owner && list->items[i].channel == channel &&
            list->items[i].goes && list->items[i].change.has_fresh &&
            !list->items[i].change.has_past &&
            (chr_strand_equal(list->items[i].change.fresh, past) ||
             chr_build_begins_later(b, list->items[i].change.fresh, past)))
            return &list->items[i];
    for (uint32_t i = first[owner]; i < first[owner + 1]; i++)
        if (list->items[i].channel == channel && !list->items[i].change.has_past)
            return &list->items[i];
    return NULL;
}

/* first[o] to first[o + 1] of the list: what owner o sends now. What only fades away, and what was
 * sent before and is not any more, stands behind all of it. */
static void collect_outputs(chr_builder *b, uint32_t *first) {
    const chr_version *v = &b->version;
    const chr_ir_owner *owners = v->fresh->owners;
    for (uint32_t o = 0; o < v->fresh->n_owners; o++) {
        first[o] = b->outputs.n;
        add_fresh(b, o, 0, owners[o].n_outs - owners[o].n_going, false);
    }
    for (uint32_t o = v->fresh->n_owners; o <= v->n_owners; o++)
        first[o] = b->outputs.n;
    for (uint32_t o = 0; o < v->fresh->n_owners; o++)
        add_fresh(b, o, owners[o].n_outs - owners[o].n_going, owners[o].n_outs, true);
    for (uint32_t o = 0; v->past && o < v->past->n_owners && !b->failed; o++)
        for (uint32_t k = 0; k < v->past->owners[o].n_outs; k++) {
            const chr_ir_out *s = &v->past->owners[o].outs[k];
            chr_strand past = chr_version_past(v, s->strand);
            uint32_t owner = v->past_owner_to[o];
            chr_sent *out = find_output(b, first, owner, s->channel, past);
            if (!out) {
                out = add_output(b, owner, s->channel);
                if (!out)
                    return;
                out->goes = true;
            }
            out->change.past = past;
            out->change.has_past = true;
        }
}

/* One mono place for an output, cross-faded if its source changed. */
static item settle_output(chr_builder *b, uint32_t index) {
    const chr_sent *o = &b->outputs.items[index];
    chr_change c = o->change;
    uint32_t owner = o->owner;
    chr_strand silence = {.kind = CHR_STRAND_CONST, .value = 0.0f};
    bool first = !b->before; /* nothing sounded before: nothing to fade from */
    item it = {.strand = c.has_fresh ? c.fresh : silence};
    chr_strand past = c.has_past ? c.past : silence;
    if (!first && !chr_strand_equal(it.strand, past) &&
        !chr_build_begins_later(b, it.strand, past)) {
        chr_arg_place from = chr_build_row(b, &past, 1, 1), to = chr_build_row(b, &it.strand, 1, 1);
        it.place = chr_build_fade(b, from, to, 1, owner);
        chr_build_note_fade(b, UINT32_MAX, 0, index);
        it.made = true;
    }
    settle_voice(b, &it);
    return it;
}

/* The sum of everything that is listed for a channel, from `from` to `to` and from `more` on; of
 * one owner or, with UINT32_MAX, of all. The master's is looked at for values that are not finite,
 * under the name behind those of the groups. */
typedef struct listed {
    const chr_sent_list *list;
    const item *items;
    item *picked;
    const float *ones;
    uint32_t from, to, more, owner;
} listed;

static void sum_of(chr_builder *b, const listed *l, uint32_t channel, uint32_t buffer) {
    uint32_t n = 0;
    for (uint32_t i = l->from; i < l->list->n; i++) {
        if (i == l->to)
            i = l->more;
        if (i < l->list->n && l->list->items[i].channel == channel &&
            (l->owner == UINT32_MAX || l->list->items[i].owner == l->owner))
            l->picked[n++] = l->items[i];
    }
    chr_instr instr = {.lanes = 1,
                       .slot = CHR_NONE,
                       .voices = CHR_NONE,
                       .fade = CHR_NONE,
                       .n_outputs = 1,
                       .names = b->master_name,
                       .look = l->owner == UINT32_MAX ? CHR_LOOK_ALL : CHR_LOOK_NEVER};
    instr.outs = chr_build_out(b, buffer);
    emit_sum(b, l->picked, n, l->ones, NULL, instr);
}

/* An owner's sound on two channels, kept for who listens. */
static void add_stem(chr_builder *b, const listed *l, uint32_t channel, const char *name) {
    chr_stem *stem = CHR_GROW(&b->stems, 1);
    if (!stem) {
        b->failed = true;
        return;
    }
    uint32_t side[2] = {chr_build_buffer(b, 1), chr_build_buffer(b, 1)};
    for (uint32_t c = 0; c < 2; c++)
        sum_of(b, l, channel + c, side[c]);
    stem->id = chr_names_id(name);
    stem->name = chr_build_text(b, name);
    stem->before = CHR_NONE;
    for (uint32_t i = 0; b->before && i < b->before->n_stems; i++)
        if (!strcmp(b->before->text + b->before->stems[i].name, name))
            stem->before = (int32_t)i;
    stem->out = chr_build_out(b, side[0]);
    chr_build_out(b, side[1]);
    b->buffers.items[side[0]].last = b->buffers.items[side[1]].last = UINT32_MAX;
    b->stems.n++;
}

void chr_build_outputs(chr_builder *b) {
    uint32_t *first = calloc(b->version.n_owners + 1, sizeof *first);
    if (first)
        collect_outputs(b, first);
    chr_sent_list list = b->outputs;
    item *items = calloc(list.n + 1, sizeof *items), *picked = calloc(list.n + 1, sizeof *picked);
    float *ones = calloc(list.n + 1, sizeof *ones);
    if (!first || !items || !picked || !ones)
        b->failed = true;
    for (uint32_t i = 0; i < list.n && !b->failed; i++) {
        items[i] = settle_output(b, i);
        ones[i] = 1.0f;
    }
    /* The master's buffers stand side by side in the table of outputs; each is written by a sum of
     * its own. */
    uint32_t buffers[64];
    for (uint32_t c = 0; c < b->options->n_channels && !b->failed; c++)
        buffers[c] = chr_build_buffer(b, 1);
    listed l = {&list, items, picked, ones, 0, list.n, list.n, UINT32_MAX};
    for (uint32_t c = 0; c < b->options->n_channels && !b->failed; c++)
        sum_of(b, &l, c, buffers[c]);
    for (uint32_t c = 0; c < b->options->n_channels && !b->failed; c++) {
        uint32_t out = chr_build_out(b, buffers[c]);
        if (!c)
            b->master = out;
        b->buffers.items[buffers[c]].last = UINT32_MAX;
    }
    for (uint32_t o = 0; b->options->stems && o < b->version.n_owners && !b->failed; o++) {
        if (chr_version_is_knob(&b->version, o))
            continue;
        l = (listed){&list, items, picked, ones, first[o], first[o + 1], first[b->version.n_owners],
                     o};
        add_stem(b, &l, 0, b->version.owners[o]);
    }
    const chr_ir *fresh = b->version.fresh;
    for (uint32_t o = 0; b->options->stems && o < fresh->n_owners && !b->failed; o++)
        for (uint32_t k = 0; k < fresh->owners[o].n_taps && !b->failed; k++) {
            l = (listed){
                &list, items, picked, ones, first[o], first[o + 1], first[b->version.n_owners], o};
            add_stem(b, &l, CHR_TAP_CHANNEL + 2 * k, fresh->owners[o].taps[k]);
        }
    free(first);
    free(items);
    free(picked);
    free(ones);
}
