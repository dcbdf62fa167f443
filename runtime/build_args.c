/* runtime/build_args.c: from strands to places that a kernel can read: constants, buffers, rows of
 * voices, gathers, and ramps and fades where a new version differs from the one before.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

const chr_group *chr_build_group_of(const chr_builder *b, chr_strand s, uint32_t *lane) {
    /* Groups do not grow wider from first to last, so the strand is in this one or behind it. */
    uint32_t first = b->first_group[s.node], lanes = b->groups.items[first].lanes;
    for (uint32_t g = first + s.index / lanes; g < b->first_group[s.node + 1]; g++) {
        const chr_group *group = &b->groups.items[g];
        if (s.index >= group->first && s.index < group->first + group->used) {
            *lane = s.index - group->first;
            return group;
        }
    }
    return NULL;
}

static uint32_t hash_strands(const chr_strand *s, uint32_t lanes) {
    uint32_t h = 2166136261u ^ lanes;
    for (uint32_t l = 0; l < lanes; l++) {
        h = (h ^ s[l].kind ^ ((uint32_t)s[l].port << 8)) * 16777619u;
        h = (h ^ s[l].node) * 16777619u;
        h = (h ^ s[l].index) * 16777619u;
    }
    return h;
}

/* The row of one value of voices for these lanes; found again if it was
 * made lately. */
static uint32_t voice_row(chr_builder *b, const chr_strand *strands, uint32_t lanes) {
    uint32_t *last = &b->last_rows[hash_strands(strands, lanes) % CHR_LAST_ROWS];
    if (*last) {
        const chr_voice_row *row = &b->voice_rows.items[*last - 1];
        bool same =
            row->lanes == lanes && row->voices == strands[0].node && row->value == strands[0].port;
        for (uint32_t l = 0; same && l < lanes; l++)
            same = b->maps.items[row->map + l] == strands[l].index;
        if (same)
            return *last - 1;
    }
    chr_voice_row *row = CHR_GROW(&b->voice_rows, 1);
    uint32_t *map = CHR_GROW(&b->maps, lanes);
    if (!row || !map) {
        b->failed = true;
        return 0;
    }
    *row = (chr_voice_row){
        .voices = strands[0].node, .value = strands[0].port, .lanes = lanes, .map = b->maps.n};
    row->rows = b->rows_floats;
    b->rows_floats += lanes * (uint32_t)CHR_MAX_SEGMENTS;
    b->rows_floats = (b->rows_floats + 15) & ~15u;
    for (uint32_t l = 0; l < lanes; l++)
        map[l] = strands[l].index;
    b->maps.n += lanes;
    *last = ++b->voice_rows.n;
    return *last - 1;
}

/* Tells an instruction that its argument `arg` follows voices. */
static void follow_voices(chr_builder *b, chr_instr *user, uint32_t arg, uint32_t row) {
    chr_voice_arg *v = CHR_GROW(&b->voice_args, 1);
    if (!v) {
        b->failed = true;
        return;
    }
    *v = (chr_voice_arg){.arg = arg, .row = row};
    if (!user->n_voice_args)
        user->voice_args = b->voice_args.n;
    user->n_voice_args++;
    b->voice_args.n++;
    user->voices = (int32_t)b->voice_rows.items[row].voices;
}

/* Collects strands from anywhere into one buffer. The events of one patch alone may cut an
 * instruction; voices of another one are copied first. */
static chr_arg_place gather(chr_builder *b, const chr_strand *strands, uint32_t lanes) {
    chr_instr g = {.op = CHR_OP_GATHER,
                   .lanes = (uint8_t)lanes,
                   .slot = CHR_NONE,
                   .voices = CHR_NONE,
                   .fade = CHR_NONE,
                   .n_outputs = 1};
    chr_arg_place places[16];
    uint32_t rows[16], patch = UINT32_MAX;
    for (uint32_t l = 0; l < lanes; l++) {
        chr_strand s = strands[l];
        rows[l] = UINT32_MAX;
        if (s.kind == CHR_STRAND_CONST) {
            places[l] = (chr_arg_place){.kind = CHR_AT_CONSTANT,
                                        .index = chr_build_constant(b, &s.value, 1)};
        } else if (s.kind == CHR_STRAND_VOICE && patch != UINT32_MAX && patch != s.node) {
            places[l] = gather(b, &s, 1);
        } else if (s.kind == CHR_STRAND_VOICE) {
            patch = s.node;
            rows[l] = voice_row(b, &s, 1);
            places[l] = (chr_arg_place){.kind = CHR_AT_ROW, .index = rows[l]};
        } else {
            uint32_t lane = 0;
            const chr_group *from = chr_build_group_of(b, s, &lane);
            places[l] = (chr_arg_place){.kind = CHR_AT_BUFFER,
                                        .index = from->out[s.port],
                                        .lane = lane,
                                        .step = from->lanes};
        }
    }
    for (uint32_t l = 0; l < lanes; l++) {
        uint32_t arg = chr_build_place(b, places[l]);
        if (!l)
            g.args = arg;
        if (rows[l] != UINT32_MAX)
            follow_voices(b, &g, arg, rows[l]);
    }
    uint32_t buffer = chr_build_buffer(b, lanes);
    g.outs = chr_build_out(b, buffer);
    chr_build_emit(b, g);
    return (chr_arg_place){.kind = CHR_AT_BUFFER, .index = buffer, .step = 1};
}

/* A place that an instruction may read which is cut by the events of `*patch` (UINT32_MAX: of no
 * one yet). */
static chr_arg_place own_row(chr_builder *b, chr_arg_place place, uint32_t *patch) {
    if (place.kind != CHR_AT_ROW || b->failed)
        return place;
    chr_voice_row row = b->voice_rows.items[place.index];
    if (*patch == UINT32_MAX)
        *patch = row.voices;
    if (*patch == row.voices)
        return place;
    chr_strand strands[16];
    for (uint32_t l = 0; l < row.lanes; l++)
        strands[l] = (chr_strand){.kind = CHR_STRAND_VOICE,
                                  .port = (uint8_t)row.value,
                                  .node = row.voices,
                                  .index = b->maps.items[row.map + l]};
    return gather(b, strands, row.lanes);
}

chr_arg_place chr_build_copy(chr_builder *b, const chr_strand *strand) {
    return gather(b, strand, 1);
}

chr_arg_place chr_build_row(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                            uint32_t used) {
    bool constant = true, voice = true, node = true;
    for (uint32_t l = 0; l < used; l++) {
        constant &= strands[l].kind == CHR_STRAND_CONST;
        voice &= strands[l].kind == CHR_STRAND_VOICE && strands[l].node == strands[0].node &&
                 strands[l].port == strands[0].port;
        node &= strands[l].kind == CHR_STRAND_NODE;
    }
    if (constant) {
        float values[16];
        for (uint32_t l = 0; l < lanes; l++)
            values[l] = strands[l].value;
        return (chr_arg_place){.kind = CHR_AT_CONSTANT,
                               .index = chr_build_constant(b, values, lanes)};
    }
    if (voice)
        return (chr_arg_place){.kind = CHR_AT_ROW, .index = voice_row(b, strands, lanes)};
    if (node) {
        uint32_t lane = 0;
        const chr_group *g = chr_build_group_of(b, strands[0], &lane);
        bool straight = lane == 0 && g->lanes == lanes && g->used >= used;
        for (uint32_t l = 1; straight && l < used; l++)
            straight = strands[l].node == strands[0].node && strands[l].port == strands[0].port &&
                       strands[l].index == strands[0].index + l;
        if (straight)
            return (chr_arg_place){
                .kind = CHR_AT_BUFFER, .index = g->out[strands[0].port], .step = 1};
    }
    /* The same gather is often wanted by several groups: look in the table before making one. */
    uint32_t at = hash_strands(strands, lanes) & 4095, found = b->gathers[at];
    if (found) {
        const chr_instr *made = &b->instrs.items[found - 1];
        bool same = made->lanes == lanes;
        for (uint32_t l = 0; same && l < lanes; l++) {
            const chr_arg_place *p = &b->args.items[made->args + l];
            uint32_t lane = 0;
            const chr_group *g = strands[l].kind == CHR_STRAND_NODE
                                     ? chr_build_group_of(b, strands[l], &lane)
                                     : NULL;
            same = g && p->kind == CHR_AT_BUFFER && p->index == g->out[strands[l].port] &&
                   p->lane == lane;
        }
        if (same)
            return (chr_arg_place){
                .kind = CHR_AT_BUFFER, .index = b->outs.items[made->outs], .step = 1};
    }
    chr_arg_place place = gather(b, strands, lanes);
    b->gathers[at] = b->instrs.n;
    return place;
}

chr_arg_place chr_build_fade(chr_builder *b, chr_arg_place from, chr_arg_place to, uint32_t lanes,
                             uint32_t owner) {
    double seconds = CHR_FADE_S;
    const chr_ir *fresh = b->version.fresh;
    if (owner < fresh->n_owners && fresh->owners[owner].fade_s > 0)
        seconds = fresh->owners[owner].fade_s;
    uint32_t patch = UINT32_MAX;
    from = own_row(b, from, &patch);
    to = own_row(b, to, &patch);
    chr_fade *f = CHR_GROW(&b->fades, 1);
    if (!f) {
        b->failed = true;
        return to;
    }
    f->length = (uint32_t)(seconds * (double)b->options->rate_hz) + 1;
    chr_instr i = {.op = CHR_OP_FADE,
                   .lanes = (uint8_t)lanes,
                   .slot = CHR_NONE,
                   .voices = CHR_NONE,
                   .n_outputs = 1,
                   .fade = (int32_t)b->fades.n++};
    i.args = chr_build_place(b, from);
    if (from.kind == CHR_AT_RAMP)
        b->ramps.items[from.index].arg = i.args;
    uint32_t second = chr_build_place(b, to);
    if (from.kind == CHR_AT_ROW)
        follow_voices(b, &i, i.args, from.index);
    if (to.kind == CHR_AT_ROW)
        follow_voices(b, &i, second, to.index);
    uint32_t buffer = chr_build_buffer(b, lanes);
    i.outs = chr_build_out(b, buffer);
    chr_build_emit(b, i);
    return (chr_arg_place){.kind = CHR_AT_BUFFER, .index = buffer, .step = 1};
}

/* The ramp of the graph before that moved an argument of an instance; CHR_NONE where none moves. */
static chr_ramp_source ramp_before(const chr_builder *b, const chr_unode *n, uint32_t k,
                                   uint32_t instance) {
    const chr_plan_group *g = chr_build_old_group(b, n, instance);
    uint32_t ramp = g ? b->before->plan->arg_ramp[g->args + k] : 0;
    if (!ramp ||
        atomic_load_explicit(&b->before->live->ramps[ramp - 1].ended, memory_order_relaxed))
        return (chr_ramp_source){.ramp = CHR_NONE};
    return (chr_ramp_source){.ramp = (int32_t)ramp - 1, .lane = instance - g->first};
}

/* How long a parameter takes to a new value, and on which way. */
static void choose_way(const chr_builder *b, const chr_unode *n, uint32_t k, chr_ramp *r) {
    const chr_module *m = chr_unode_module(n);
    const chr_ir *ir = b->version.fresh;
    r->seconds = CHR_RAMP_S;
    for (uint32_t i = 0; n->fresh && i < ir->n_glides; i++) {
        const chr_ir_glide *glide = &ir->glides[i];
        if (glide->node != n->fresh_index || glide->param + (uint32_t)m->n_inputs != k)
            continue;
        r->seconds = glide->seconds;
        r->beats = glide->beats;
        r->shape = m->params[glide->param].curve == CHR_LOG ? CHR_RAMP_OCTAVES : CHR_RAMP_EVEN;
    }
}

/* A constant of a kept node that has another value now, or whose way to it may not have ended. */
static chr_arg_place ramp(chr_builder *b, const chr_group *g, uint32_t k, const chr_strand *past,
                          const chr_strand *fresh, chr_arg_place goal) {
    const chr_unode *n = &b->version.nodes[g->node];
    chr_ramp r = {.arg = UINT32_MAX, .again = UINT32_MAX, .lanes = g->lanes, .to = goal.index};
    chr_ramp_source *sources = CHR_GROW(&b->ramp_sources, g->lanes);
    if (!sources) {
        b->failed = true;
        return goal;
    }
    bool moves = false;
    float start[16];
    for (uint32_t l = 0; l < g->lanes; l++) {
        sources[l] = ramp_before(b, n, k, g->first + (l < g->used ? l : g->used - 1));
        r.fresh |= chr_strand_equal(past[l], fresh[l]) ? 0u : 1u << l;
        moves |= sources[l].ramp != CHR_NONE;
        start[l] = past[l].value;
    }
    if (!r.fresh && !moves)
        return goal;
    r.sources = b->ramp_sources.n;
    b->ramp_sources.n += g->lanes;
    choose_way(b, n, k, &r);
    r.start = chr_build_constant(b, start, g->lanes);
    r.buffer = b->ramp_floats;
    b->ramp_floats += (g->lanes * (uint32_t)CHR_CHUNK + 15) & ~15u;
    chr_ramp *at = CHR_GROW(&b->ramps, 1);
    if (!at) {
        b->failed = true;
        return goal;
    }
    *at = r;
    return (chr_arg_place){.kind = CHR_AT_RAMP, .index = b->ramps.n++};
}

static chr_arg_place one_arg(chr_builder *b, const chr_group *g, uint32_t k) {
    const chr_unode *n = &b->version.nodes[g->node];
    chr_strand fresh[16] = {0}, past[16] = {0}; /* gcc cannot see that there is a lane */
    bool differs = false, fresh_constant = true, past_constant = n->past != NULL;
    for (uint32_t l = 0; l < g->lanes; l++) {
        uint32_t i = g->first + (l < g->used ? l : g->used - 1);
        chr_change c = chr_version_arg(&b->version, n, k, i);
        fresh[l] = c.has_fresh ? c.fresh : c.past;
        past[l] = c.has_past ? c.past : c.fresh;
        differs |= !chr_strand_equal(fresh[l], past[l]);
        fresh_constant &= fresh[l].kind == CHR_STRAND_CONST;
        past_constant &= past[l].kind == CHR_STRAND_CONST;
    }
    chr_arg_place to = chr_build_row(b, fresh, g->lanes, g->used);
    if (fresh_constant && past_constant)
        return ramp(b, g, k, past, fresh, to);
    if (!differs)
        return to;
    chr_arg_place from = chr_build_row(b, past, g->lanes, g->used);
    if (past_constant) /* it may still be on its way there */
        from = ramp(b, g, k, past, past, from);
    return chr_build_fade(b, from, to, g->lanes, chr_unode_owner(b, n));
}

/* Points an instruction at the places of its arguments, one after the other. */
static void point_at(chr_builder *b, chr_arg_place *places, uint32_t n, chr_instr *instr) {
    uint32_t patch = UINT32_MAX;
    for (uint32_t k = 0; k < n; k++)
        places[k] = own_row(b, places[k], &patch);
    for (uint32_t k = 0; k < n && !b->failed; k++) {
        uint32_t arg = chr_build_place(b, places[k]);
        if (!k)
            instr->args = arg;
        if (places[k].kind == CHR_AT_ROW)
            follow_voices(b, instr, arg, places[k].index);
        if (places[k].kind == CHR_AT_RAMP) {
            chr_ramp *r = &b->ramps.items[places[k].index];
            if (r->arg == UINT32_MAX)
                r->arg = arg;
            else
                r->again = arg;
        }
    }
}

void chr_build_args(chr_builder *b, uint32_t g, chr_instr *instr) {
    chr_group group = b->groups.items[g];
    chr_arg_place places[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    uint32_t n = (uint32_t)(group.module->n_inputs + group.module->n_params);
    for (uint32_t k = 0; k < n && !b->failed; k++)
        places[k] = one_arg(b, &group, k);
    point_at(b, places, n, instr);
    b->groups.items[g].args = instr->args;
}

void chr_build_args_emit(chr_builder *b, uint32_t g, chr_instr *instr) {
    chr_group group = b->groups.items[g];
    chr_arg_place places[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    uint32_t n = (uint32_t)(group.module->n_inputs + group.module->n_params);
    float silence[16] = {0};
    places[0] = (chr_arg_place){.kind = CHR_AT_CONSTANT,
                                .index = chr_build_constant(b, silence, group.lanes)};
    for (uint32_t k = 1; k < n && !b->failed; k++)
        places[k] = one_arg(b, &group, k);
    point_at(b, places, n, instr);
    b->groups.items[g].args = instr->args;
}

void chr_build_args_accept(chr_builder *b, uint32_t g, chr_instr *instr) {
    chr_group group = b->groups.items[g];
    chr_arg_place places[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    uint32_t n = (uint32_t)(group.module->n_inputs + group.module->n_params);
    places[0] = one_arg(b, &group, 0);
    for (uint32_t k = 1; k < n && !b->failed; k++)
        places[k] = b->args.items[group.args + k];
    point_at(b, places, n, instr);
}
