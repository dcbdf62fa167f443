/* lang/check/finish.c: writes the IR, in an arena of its own.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"
#include "lang/tuning.h"

static void *piece(checker *c, size_t bytes) {
    void *p = chr_arena_alloc(c->out, bytes);
    if (p == NULL)
        give_up(c);
    return p;
}

static const char *copy(checker *c, const char *text) {
    size_t n = strlen(text) + 1;
    return memcpy(piece(c, n), text, n);
}

static const chr_strand *strands(checker *c, const chr_strand *from, uint64_t n,
                                 const uint32_t *place_of, bool *notes) {
    chr_strand *to = piece(c, (size_t)n * sizeof *to);
    for (uint64_t i = 0; i < n; i++) {
        to[i] = from[i];
        if (to[i].kind == CHR_STRAND_NODE)
            to[i].node = place_of[to[i].node];
        else if (to[i].kind == CHR_STRAND_VOICE)
            notes[to[i].node] = true;
    }
    return to;
}

static void write_nodes(checker *c, chr_ir *ir, const uint32_t *order, const uint32_t *cycle,
                        const uint32_t *place_of, bool *notes) {
    chr_ir_node *nodes = piece(c, ir->n_nodes * sizeof *nodes);
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const node *n = &c->nodes[order[i]];
        uint64_t n_inputs = (uint64_t)n->module->n_inputs * n->n_sources;
        uint64_t n_params = (uint64_t)n->module->n_params * n->n_instances;
        nodes[i] = (chr_ir_node){.module = n->module,
                                 .owner = n->owner,
                                 .label = copy(c, n->label),
                                 .labelled = n->labelled,
                                 .hidden = n->hidden,
                                 .n_instances = n->n_instances,
                                 .n_sources = n->n_sources,
                                 .inputs = strands(c, n->inputs, n_inputs, place_of, notes),
                                 .params = strands(c, n->params, n_params, place_of, notes),
                                 .cycle = cycle[order[i]],
                                 .span = n->span};
    }
    ir->nodes = nodes;
}

static void write_owners(checker *c, chr_ir *ir, const uint32_t *place_of, const bool *notes) {
    chr_ir_owner *owners = piece(c, ir->n_owners * sizeof *owners);
    for (uint32_t i = 0; i < c->n_owners; i++) {
        const owner *o = c->owners[i];
        uint32_t n_outs = o->n_outs + 2 * o->n_taps;
        chr_ir_out *outs = piece(c, n_outs * sizeof *outs);
        const char **taps = piece(c, o->n_taps * sizeof *taps);
        for (uint32_t k = 0; k < o->n_taps; k++)
            taps[k] = copy(c, o->taps[k].name);
        for (uint32_t k = 0; k < n_outs; k++) {
            uint32_t side = k - o->n_outs;
            outs[k] = k < o->n_outs ? o->outs[k]
                                    : (chr_ir_out){CHR_TAP_CHANNEL + side,
                                                   o->taps[side / 2].strands[side % 2]};
            if (outs[k].strand.kind == CHR_STRAND_NODE)
                outs[k].strand.node = place_of[outs[k].strand.node];
        }
        chr_ir_lock *locks = piece(c, o->n_locks * sizeof *locks);
        for (uint32_t k = 0; k < o->n_locks; k++) {
            const chr_param_info *info = o->locks[k]->info;
            locks[k] = (chr_ir_lock){copy(c, o->locks[k]->path),
                                     info != NULL ? info->unit : CHR_UNIT_NONE};
        }
        owners[i] = (chr_ir_owner){.name = copy(c, o->name),
                                   .n_voices = o->n_voices,
                                   .keying = o->keying,
                                   .plays_notes = notes[i],
                                   .fade_s = o->fade_s,
                                   .locks = locks,
                                   .n_locks = o->n_locks,
                                   .outs = outs,
                                   .n_outs = n_outs,
                                   .taps = taps,
                                   .n_taps = o->n_taps};
    }
    for (uint32_t i = 0; i < c->n_turned; i++)
        owners[c->n_owners + i] =
            (chr_ir_owner){.name = copy(c, c->turned[i].name), .n_voices = 1, .is_knob = true};
    ir->owners = owners;
}

/* A knob goes with its patch. */
static void write_windows(checker *c, chr_ir_pattern *to) {
    chr_ir_window *found;
    to->arranged = arranged_windows(c, to->name, &found, &to->n_windows);
    chr_ir_window *windows = piece(c, (to->n_windows + 1) * sizeof *windows);
    for (uint32_t i = 0; i < to->n_windows; i++)
        windows[i] = found[i];
    to->windows = windows;
}

static void write_patterns(checker *c, chr_ir *ir) {
    chr_ir_pattern *patterns = piece(c, ir->n_patterns * sizeof *patterns);
    for (uint32_t i = 0; i < ir->n_patterns; i++) {
        patterns[i] = c->patterns[i];
        patterns[i].name = copy(c, c->patterns[i].name);
        const chr_score *score = &c->patterns[i].score;
        patterns[i].score = chr_score_copy(score, true, piece(c, chr_score_bytes(score, true)));
        write_windows(c, &patterns[i]);
    }
    ir->patterns = patterns;
}

chr_ir *write_ir(checker *c, const uint32_t *order, uint32_t n, const uint32_t *cycle) {
    chr_ir *ir = piece(c, sizeof *ir);
    uint32_t *place_of = TAKE_N(c, uint32_t, c->n_nodes + 1);
    bool *notes = TAKE_N(c, bool, c->n_owners + c->n_turned);
    for (uint32_t i = 0; i < n; i++)
        place_of[order[i]] = i;
    *ir = (chr_ir){.arena = c->out,
                   .n_nodes = n,
                   .n_owners = c->n_owners + c->n_turned,
                   .n_patterns = c->n_patterns,
                   .volume = c->volume,
                   .follows_tempo = c->follows,
                   .quantum = c->quantum,
                   .seed = c->seed};
    if (c->tempo.note_hz != NULL) {
        double *note_hz = piece(c, CHR_NOTES * sizeof *note_hz);
        ir->note_hz = memcpy(note_hz, c->tempo.note_hz, CHR_NOTES * sizeof *note_hz);
    }
    write_nodes(c, ir, order, cycle, place_of, notes);
    write_owners(c, ir, place_of, notes);
    write_patterns(c, ir);
    ir->time = chr_time_map_share(c->time); /* nothing gives up any more */
    return ir;
}
