/* runtime/build_changes.c: arguments where a new version differs from the one before: a number that
 * changed is a ramp, a source that changed is a fade. Each lane of a group has its own changes, and
 * what is heard of them does not depend on who its neighbours are. SPDX-License-Identifier: MIT */
#include "runtime/build.h"

static double fade_seconds(const chr_builder *b, uint32_t owner) {
    const chr_ir *fresh = b->version.fresh;
    return owner < fresh->n_owners && fresh->owners[owner].fade_s > 0 ? fresh->owners[owner].fade_s
                                                                      : CHR_FADE_S;
}

chr_arg_place chr_build_fade(chr_builder *b, chr_arg_place from, chr_arg_place to, uint32_t lanes,
                             uint32_t owner) {
    uint32_t patch = UINT32_MAX;
    from = chr_build_own_row(b, from, &patch);
    to = chr_build_own_row(b, to, &patch);
    chr_fade *f = CHR_GROW(&b->fades, 1);
    if (!f) {
        b->failed = true;
        return to;
    }
    f->length = (uint32_t)(fade_seconds(b, owner) * (double)b->options->rate_hz) + 1;
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
        chr_build_follow(b, &i, i.args, from.index);
    if (to.kind == CHR_AT_ROW)
        chr_build_follow(b, &i, second, to.index);
    uint32_t buffer = chr_build_buffer(b, lanes);
    i.outs = chr_build_out(b, buffer);
    chr_build_emit(b, i);
    return (chr_arg_place){.kind = CHR_AT_BUFFER, .index = buffer, .step = 1};
}

bool chr_build_begins_later(const chr_builder *b, chr_strand fresh, chr_strand past) {
    const chr_unode *n = fresh.kind == CHR_STRAND_NODE ? &b->version.nodes[fresh.node] : NULL;
    return n && b->carry.arena && n->fresh && !n->past && b->carry.length[n->fresh_index] &&
           chr_strand_equal(chr_version_fresh(&b->version, n->fresh->inputs[0]), past);
}

void chr_build_note_fade(chr_builder *b, uint32_t node, uint32_t k, uint32_t index) {
    chr_faded *f = b->fades.n ? CHR_GROW(&b->faded, 1) : NULL;
    if (!f) {
        b->failed = true;
        return;
    }
    *f = (chr_faded){node, k, index, b->fades.items[b->fades.n - 1].length};
    b->faded.n++;
}

/* How long argument k of a node takes to a new value, and on which way. */
static void choose_way(const chr_builder *b, const chr_unode *n, uint32_t k, chr_ramp_source *way) {
    const chr_module *m = chr_unode_module(n);
    const chr_ir *ir = b->version.fresh;
    way->seconds = CHR_RAMP_S;
    for (uint32_t i = 0; n->fresh && i < ir->n_glides; i++) {
        const chr_ir_glide *glide = &ir->glides[i];
        if (glide->node != n->fresh_index || glide->param + (uint32_t)m->n_inputs != k)
            continue;
        way->seconds = glide->seconds;
        way->beats = glide->beats;
        way->shape = m->params[glide->param].curve == CHR_LOG ? CHR_RAMP_OCTAVES : CHR_RAMP_EVEN;
    }
}

/* The ramp of the graph before that moved an argument of an instance; CHR_NONE where none moves. */
static chr_ramp_source ramp_before(const chr_builder *b, chr_member m, uint32_t k) {
    const chr_seat *old = chr_build_old_seat(b, m.node, m.index);
    const chr_plan *plan = old ? b->before->plan : NULL;
    uint32_t ramp = old ? plan->arg_ramp[plan->groups[old->group].args + k] : 0;
    if (!ramp ||
        atomic_load_explicit(&b->before->live->ramps[ramp - 1].ended, memory_order_relaxed))
        return (chr_ramp_source){.ramp = CHR_NONE};
    return (chr_ramp_source){.ramp = (int32_t)ramp - 1, .lane = old->lane};
}

/* What the lanes of one argument read before and after. */
typedef struct change {
    const chr_group *group;
    uint32_t k;
    chr_strand fresh[16], past[16];
} change;

/* The strands of some lanes; the others do as the one before them does. */
static void pick(const chr_strand *from, uint32_t lanes, uint32_t some, chr_strand *to) {
    chr_strand last = from[__builtin_ctz(some)];
    for (uint32_t l = 0; l < lanes; l++)
        to[l] = last = some & 1u << l ? from[l] : last;
}

/* Constants of some lanes that have other values now, or whose way to them may not have ended.
 * `goals`: what they go to. */
static chr_arg_place ramp(chr_builder *b, const change *c, const chr_strand *goals, uint32_t some) {
    uint32_t lanes = c->group->lanes;
    chr_strand to[16] = {0}, from[16] = {0};
    pick(goals, lanes, some, to);
    pick(c->past, lanes, some, from);
    chr_arg_place goal = chr_build_row(b, to, lanes, some);
    chr_ramp r = {.arg = UINT32_MAX,
                  .again = UINT32_MAX,
                  .gathered = UINT32_MAX,
                  .lanes = lanes,
                  .to = goal.index};
    chr_ramp_source *sources = CHR_GROW(&b->ramp_sources, lanes);
    if (!sources) {
        b->failed = true;
        return goal;
    }
    bool moves = false;
    float start[16];
    for (uint32_t l = 0; l < lanes; l++) {
        chr_member m = c->group->members[l];
        sources[l] = (chr_ramp_source){.ramp = CHR_NONE};
        start[l] = from[l].value;
        if (!(some & 1u << l))
            continue;
        sources[l] = ramp_before(b, m, c->k);
        moves |= sources[l].ramp != CHR_NONE;
        if (chr_strand_equal(from[l], to[l]))
            continue;
        r.fresh |= 1u << l;
        choose_way(b, &b->version.nodes[m.node], c->k, &sources[l]);
    }
    if (!r.fresh && !moves)
        return goal;
    r.sources = b->ramp_sources.n;
    b->ramp_sources.n += lanes;
    r.start = chr_build_constant(b, start, lanes);
    r.buffer = b->ramp_floats;
    b->ramp_floats += (lanes * (uint32_t)CHR_CHUNK + 15) & ~15u;
    chr_ramp *at = CHR_GROW(&b->ramps, 1);
    if (!at) {
        b->failed = true;
        return goal;
    }
    *at = r;
    chr_ramp_home *home = CHR_GROW(&b->ramp_homes, 1);
    if (!home) {
        b->failed = true;
        return goal;
    }
    /* What a fade comes from is nothing to go on with. */
    *home = (chr_ramp_home){(uint32_t)(c->group - b->groups.items), c->k};
    if (goals == c->past)
        home->group = UINT32_MAX;
    b->ramp_homes.n++;
    return (chr_arg_place){.kind = CHR_AT_RAMP, .index = b->ramps.n++};
}

/* Some lanes of a row, for a gather. */
static void take_lanes(chr_made *made, chr_arg_place row, uint32_t lanes, uint32_t some) {
    for (uint32_t l = 0; l < lanes; l++)
        if (some & 1u << l) {
            made->places[l] = row;
            made->places[l].lane = l;
            made->places[l].step = lanes;
        }
    made->lanes |= some;
}

static uint32_t owner_of(const chr_builder *b, const chr_group *g, uint32_t lane) {
    return chr_unode_owner(b, &b->version.nodes[g->members[lane].node]);
}

/* Some lanes, those whose source changed as that of lane `as` did among them. */
static chr_arg_place cross(chr_builder *b, const change *c, uint32_t some, uint32_t as) {
    uint32_t lanes = c->group->lanes;
    chr_strand strands[16];
    pick(c->fresh, lanes, some, strands);
    chr_arg_place to = chr_build_row(b, strands, lanes, some), from;
    if (c->past[as].kind == CHR_STRAND_CONST) { /* it may still be on its way there */
        from = ramp(b, c, c->past, some);
    } else {
        pick(c->past, lanes, some, strands);
        from = chr_build_row(b, strands, lanes, some);
    }
    return chr_build_fade(b, from, to, lanes, owner_of(b, c->group, as));
}

/* Lanes that fade as the first of `left` does. */
static uint32_t alike(const chr_builder *b, const change *c, uint32_t left) {
    uint32_t first = (uint32_t)__builtin_ctz(left), some = 0;
    bool number = c->past[first].kind == CHR_STRAND_CONST;
    double seconds = fade_seconds(b, owner_of(b, c->group, first));
    for (uint32_t l = first; l < c->group->lanes; l++)
        if (left & 1u << l && (c->past[l].kind == CHR_STRAND_CONST) == number &&
            fade_seconds(b, owner_of(b, c->group, l)) == seconds)
            some |= 1u << l;
    return some;
}

chr_arg_place chr_build_arg(chr_builder *b, uint32_t group, uint32_t k) {
    const chr_group *g = &b->groups.items[group];
    change c = {.group = g, .k = k};
    uint32_t numbers = 0, differ = 0;
    for (uint32_t l = 0; l < g->lanes; l++) {
        chr_change x = chr_version_arg(&b->version, &b->version.nodes[g->members[l].node], k,
                                       g->members[l].index);
        c.fresh[l] = x.has_fresh ? x.fresh : x.past;
        c.past[l] = x.has_past ? x.past : x.fresh;
        if (chr_build_begins_later(b, c.fresh[l], c.past[l]))
            c.past[l] = c.fresh[l];
        if (!(g->used & 1u << l))
            continue;
        if (c.fresh[l].kind == CHR_STRAND_CONST && c.past[l].kind == CHR_STRAND_CONST)
            numbers |= 1u << l;
        else if (!chr_strand_equal(c.fresh[l], c.past[l]))
            differ |= 1u << l;
    }
    chr_made made = {.lanes = 0};
    if (numbers) {
        chr_arg_place place = ramp(b, &c, c.fresh, numbers);
        if (numbers == g->used)
            return place;
        if (place.kind == CHR_AT_RAMP)
            take_lanes(&made, place, g->lanes, numbers);
    }
    for (uint32_t left = differ, some; left; left &= ~some) {
        some = alike(b, &c, left);
        uint32_t as = (uint32_t)__builtin_ctz(some);
        bool from_number = c.past[as].kind == CHR_STRAND_CONST;
        /* A lane that does not change comes out of a fade as it went in. */
        bool whole = some == differ && !numbers && !(from_number && differ != g->used);
        chr_arg_place place = cross(b, &c, whole ? g->used : some, as);
        for (uint32_t l = 0; l < g->lanes; l++)
            if (some & 1u << l)
                chr_build_note_fade(b, g->members[l].node, k, g->members[l].index);
        if (whole)
            return place;
        take_lanes(&made, place, g->lanes, some);
    }
    return made.lanes ? chr_build_gather(b, c.fresh, g->lanes, &made)
                      : chr_build_row(b, c.fresh, g->lanes, g->used);
}
