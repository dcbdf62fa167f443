/* runtime/build_args.c: from strands to places that a kernel can read: constants, buffers, rows of
 * voices, gathers. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <string.h>

const chr_group *chr_build_group_of(const chr_builder *b, chr_strand s, uint32_t *lane) {
    const chr_seat *at = &b->seats[b->first_seat[s.node] + s.index];
    *lane = at->lane;
    return &b->groups.items[at->group];
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
    b->rows_floats += lanes * (uint32_t)CHR_CHUNK;
    b->rows_floats = (b->rows_floats + 15) & ~15u;
    for (uint32_t l = 0; l < lanes; l++)
        map[l] = strands[l].index;
    b->maps.n += lanes;
    *last = ++b->voice_rows.n;
    return *last - 1;
}

void chr_build_follow(chr_builder *b, chr_instr *user, uint32_t arg, uint32_t row) {
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

/* The places of one lane each that a gather reads, and the rows of those that follow voices. The
 * events of one patch alone may cut an instruction; voices of another one are copied first. */
static void places_of(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                      const chr_made *made, chr_arg_place *places, uint32_t *rows) {
    uint32_t patch = UINT32_MAX;
    for (uint32_t l = 0; l < lanes; l++) {
        chr_strand s = strands[l];
        rows[l] = UINT32_MAX;
        if (made && made->lanes & 1u << l) {
            places[l] = made->places[l];
        } else if (s.kind == CHR_STRAND_CONST) {
            places[l] = (chr_arg_place){.kind = CHR_AT_CONSTANT,
                                        .index = chr_build_constant(b, &s.value, 1)};
        } else if (s.kind == CHR_STRAND_VOICE && patch != UINT32_MAX && patch != s.node) {
            places[l] = chr_build_copy(b, &s);
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
}

chr_arg_place chr_build_gather(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                               const chr_made *made) {
    chr_instr g = {.op = CHR_OP_GATHER,
                   .lanes = (uint8_t)lanes,
                   .slot = CHR_NONE,
                   .voices = CHR_NONE,
                   .fade = CHR_NONE,
                   .n_outputs = 1};
    chr_arg_place places[16];
    uint32_t rows[16];
    places_of(b, strands, lanes, made, places, rows);
    for (uint32_t l = 0; l < lanes; l++) {
        uint32_t arg = chr_build_place(b, places[l]);
        if (!l)
            g.args = arg;
        if (rows[l] != UINT32_MAX)
            chr_build_follow(b, &g, arg, rows[l]);
        if (places[l].kind == CHR_AT_RAMP && !b->failed) {
            chr_ramp *r = &b->ramps.items[places[l].index];
            r->gathered = arg - l;
            r->gathered_lanes |= 1u << l;
        }
    }
    uint32_t buffer = chr_build_buffer(b, lanes);
    g.outs = chr_build_out(b, buffer);
    chr_build_bounds(b, &g, NULL);
    chr_build_emit(b, g);
    return (chr_arg_place){.kind = CHR_AT_BUFFER, .index = buffer, .step = 1};
}

chr_arg_place chr_build_own_row(chr_builder *b, chr_arg_place place, uint32_t *patch) {
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
    return chr_build_gather(b, strands, row.lanes, NULL);
}

chr_arg_place chr_build_copy(chr_builder *b, const chr_strand *strand) {
    return chr_build_gather(b, strand, 1, NULL);
}

chr_arg_place chr_build_row(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                            uint32_t used) {
    bool constant = true, voice = true, straight = true;
    const chr_group *from = NULL;
    chr_strand first = strands[__builtin_ctz(used)];
    for (uint32_t l = 0; l < lanes; l++) {
        chr_strand s = strands[l];
        if (!(used & 1u << l))
            continue;
        constant &= s.kind == CHR_STRAND_CONST;
        voice &= s.kind == CHR_STRAND_VOICE && s.node == first.node && s.port == first.port;
        straight &= s.kind == CHR_STRAND_NODE && s.port == first.port;
        if (!straight)
            continue;
        uint32_t lane = 0;
        const chr_group *g = chr_build_group_of(b, s, &lane);
        straight = g->lanes == lanes && lane == l && (!from || g == from);
        from = g;
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
    if (straight)
        return (chr_arg_place){.kind = CHR_AT_BUFFER, .index = from->out[first.port], .step = 1};
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
    chr_arg_place place = chr_build_gather(b, strands, lanes, NULL);
    b->gathers[at] = b->instrs.n;
    return place;
}

/* Points an instruction at the places of its arguments, one after the other. */
static void point_at(chr_builder *b, chr_arg_place *places, uint32_t n, chr_instr *instr) {
    uint32_t patch = UINT32_MAX;
    for (uint32_t k = 0; k < n; k++)
        places[k] = chr_build_own_row(b, places[k], &patch);
    for (uint32_t k = 0; k < n && !b->failed; k++) {
        uint32_t arg = chr_build_place(b, places[k]);
        if (!k)
            instr->args = arg;
        if (places[k].kind == CHR_AT_ROW)
            chr_build_follow(b, instr, arg, places[k].index);
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
        places[k] = chr_build_arg(b, g, k);
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
        places[k] = chr_build_arg(b, g, k);
    point_at(b, places, n, instr);
    b->groups.items[g].args = instr->args;
}

void chr_build_args_accept(chr_builder *b, uint32_t g, chr_instr *instr) {
    chr_group group = b->groups.items[g];
    chr_arg_place places[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    uint32_t n = (uint32_t)(group.module->n_inputs + group.module->n_params);
    places[0] = chr_build_arg(b, g, 0);
    for (uint32_t k = 1; k < n && !b->failed; k++)
        places[k] = b->args.items[group.args + k];
    point_at(b, places, n, instr);
}
