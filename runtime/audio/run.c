/* runtime/audio/run.c: runs a graph's instructions over one chunk.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"
#include "runtime/audio/audio.h"
#include "runtime/audio/probe.h"

#include <string.h>

/* ---- values that are not finite ---- */

static void report_fault(chr_audio *a, const char *name) {
    atomic_fetch_add_explicit(&a->seen_faults, 1, memory_order_relaxed);
    unsigned in = atomic_load_explicit(&a->faults_in, memory_order_relaxed);
    if (in - atomic_load_explicit(&a->faults_out, memory_order_acquire) >= CHR_FAULTS)
        return;
    char *to = a->faults[in % CHR_FAULTS];
    size_t n = strlen(name);
    n = n < CHR_FAULT_NAME ? n : CHR_FAULT_NAME - 1;
    memcpy(to, name, n);
    to[n] = 0;
    atomic_store_explicit(&a->faults_in, in + 1, memory_order_release);
}

/* Whose the faulty lanes of an instruction are. */
static void report_faults(chr_audio *a, const chr_instr *in, uint32_t faulty) {
    const chr_graph *g = a->graph;
    uint32_t told = UINT32_MAX;
    for (uint32_t l = 0; l < in->lanes; l++) {
        uint32_t name = g->names[in->names + l];
        if (!(faulty & 1u << l) || name == UINT32_MAX || name == told)
            continue;
        report_fault(a, g->text + name);
        told = name;
    }
}

/* An instance that went wrong is silent to the end of its chunk, and longer where its history is
 * long; then it starts afresh. The moment is the chunk's, so that no result depends on where events
 * or lanes cut the work. */
static void fall_sick(const chr_audio *a, const chr_slot *slot, uint32_t lane) {
    chr_node_state_clear(slot->state, lane);
    if (slot->module->init)
        slot->module->init(slot->state->data, (int)lane, a->graph->seeds[slot->seeds + lane],
                           a->rate_hz);
}

static void heal(const chr_audio *a, const chr_slot *slot) {
    for (uint32_t l = 0; l < slot->state->lanes; l++)
        if (slot->state->sick & (1u << l) && chr_node_state_heal(slot->state, l) &&
            slot->module->init)
            slot->module->init(slot->state->data, (int)l, a->graph->seeds[slot->seeds + l],
                               a->rate_hz);
}

static bool is_finite(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7f800000u) != 0x7f800000u;
}

/* Silences lane l of all outputs from its first sample on that is not finite; without state, those
 * samples alone. False if there is none. */
static bool silence_lane(const chr_instr *in, float *const *outs, uint32_t l, bool has_state,
                         int from, int to) {
    bool bad = false;
    for (int i = from; i < to; i++) {
        bool now = false;
        for (uint32_t k = 0; k < in->n_outputs; k++)
            now |= !is_finite(outs[k][(uint32_t)i * in->lanes + l]);
        bad |= now;
        for (uint32_t k = 0; k < in->n_outputs && (now || (bad && has_state)); k++)
            outs[k][(uint32_t)i * in->lanes + l] = 0.0f;
    }
    return bad;
}

/* Silences the instances whose output is not finite; their neighbours play on. What a lane that
 * sleeps gives is nobody's fault. */
static __attribute__((noinline, cold)) void silence(chr_audio *a, const chr_instr *in, int from,
                                                    int to, uint32_t asleep) {
    const chr_graph *g = a->graph;
    const chr_slot *slot = in->slot == CHR_NONE ? NULL : &g->slots[in->slot];
    uint32_t faulty = 0;
    for (uint32_t l = 0; l < in->lanes; l++) {
        bool sleeps = asleep & 1u << l;
        if (!silence_lane(in, g->live->outs + in->outs, l, slot != NULL && !sleeps, from, to) ||
            sleeps)
            continue;
        if (slot)
            fall_sick(a, slot, l);
        faulty |= 1u << l;
    }
    if (a->shared) /* told when all are done, in the order of the instructions */
        g->live->faulty[in - g->instrs] |= faulty;
    else
        report_faults(a, in, faulty);
}

static __attribute__((noinline, cold)) void mute_sick(const chr_graph *g, const chr_instr *in,
                                                      int from, int to) {
    uint32_t sick = g->slots[in->slot].state->sick;
    for (uint32_t l = 0; l < in->lanes; l++)
        for (uint32_t k = 0; k < in->n_outputs && sick & (1u << l); k++)
            for (int i = from; i < to; i++)
                g->live->outs[in->outs + k][(uint32_t)i * in->lanes + l] = 0.0f;
}

static void watch(chr_audio *a, const chr_instr *in, int from, int to, uint32_t asleep) {
    const chr_graph *g = a->graph;
    if (in->slot != CHR_NONE && g->slots[in->slot].state->sick)
        mute_sick(g, in, from, to);
    float *const *outs = g->live->outs + in->outs;
    for (uint32_t k = 0; k < in->n_outputs && in->look == CHR_LOOK_ALL; k++)
        if (!a->ops->finite(outs[k] + (uint32_t)from * in->lanes,
                            (uint32_t)(to - from) * in->lanes)) {
            silence(a, in, from, to, asleep);
            return;
        }
}

/* ---- the operations ---- */

/* True if all of a sleeper sleeps throughout. */
static bool sleeps_on(chr_audio *a, uint32_t sleeper, int from, int to) {
    int until = to;
    return sleeper &&
           chr_audio_asleep(a, sleeper - 1, from, &until) == a->graph->sleepers[sleeper - 1].used &&
           until == to;
}

/* What sleeps adds nothing. By itself, for its room would be made for every instruction. */
static __attribute__((noinline)) void sum(chr_audio *a, const chr_instr *in, int from, int to) {
    enum { MOST = 64 };
    const chr_graph *g = a->graph;
    const chr_term *terms = g->terms + in->weights;
    const chr_arg *args = g->live->args + in->args;
    chr_term some_terms[MOST];
    chr_arg some_args[MOST];
    uint32_t n = in->count;
    if (in->sleeper && n <= MOST && !a->restless) {
        n = 0;
        for (uint32_t k = 0; k < in->count; k++)
            if (!sleeps_on(a, g->term_sleepers[in->weights + k], from, to)) {
                some_terms[n] = terms[k];
                some_args[n++] = args[k];
            }
        terms = some_terms;
        args = some_args;
    }
    for (int side = 0; side < in->n_outputs; side++)
        a->ops->sum(g->live->outs[in->outs + (uint32_t)side], terms, n, args, g->constants, side,
                    from, to);
}

static __attribute__((noinline)) void fade(const chr_graph *g, const chr_instr *in, uint64_t clock,
                                           int from, int to) {
    const chr_live *v = g->live;
    const chr_arg a = v->args[in->args], b = v->args[in->args + 1];
    float *out = v->outs[in->outs];
    uint32_t lanes = in->lanes, length = g->fades[in->fade].length;
    uint64_t done =
        clock + 1 - v->fade_begin; /* it may begin within the chunk: never before from */
    for (int i = from; i < to; i++) {
        const float *x = a.v + (uint32_t)i * a.step * lanes,
                    *y = b.v + (uint32_t)i * b.step * lanes;
        uint64_t n = done + (uint64_t)i;
        float w = n < length ? chr_smoothstep((float)n / (float)length) : 1.0f;
        for (uint32_t l = 0; l < lanes; l++)
            out[(uint32_t)i * lanes + l] =
                n < length && x[l] != y[l] ? x[l] + (y[l] - x[l]) * w : y[l];
    }
}

/* What is the same for all instructions. */
static inline chr_block block_of(const chr_audio *a, int from, int to) {
    return (chr_block){.from = from,
                       .to = to,
                       .rate_hz = a->rate_hz,
                       .period_s = a->period_s,
                       .clock = a->clock,
                       .heard = a->heard,
                       .n_heard = a->n_inputs,
                       .song = a->song};
}

/* Calls the kernel; what differs between instructions is set in the block. */
static inline void call(const chr_audio *a, const chr_instr *in, chr_node_state *s, chr_block *b) {
    const chr_live *v = a->graph->live;
    b->inputs = v->args + in->args;
    b->params = b->inputs + in->n_inputs;
    b->outputs = v->outs + in->outs;
    if (!s) {
        b->clock = a->clock;
        in->fn(NULL, b);
        return;
    }
    s->until = a->clock + (uint64_t)b->to;
    b->clock = a->clock - s->shift;
    b->ring = s->ring;
    b->ring_mask = s->ring_rows - 1;
    in->fn(s->data, b);
}

static void process(chr_audio *a, const chr_instr *in, int from, int to) {
    chr_block b = block_of(a, from, to);
    const chr_slot *slot = in->slot == CHR_NONE ? NULL : &a->graph->slots[in->slot];
    if (slot && slot->state->sick && from == 0 && in->look != CHR_LOOK_NEVER)
        heal(a, slot);
    call(a, in, slot ? slot->state : NULL, &b);
}

static void part(chr_audio *a, const chr_instr *in, int from, int to, uint32_t asleep) {
    switch ((chr_op)in->op) {
    case CHR_OP_PROCESS:
        process(a, in, from, to);
        break;
    case CHR_OP_GATHER:
        a->ops->gather(a->graph->live->outs[in->outs], a->graph->live->args + in->args, in->lanes,
                       from, to);
        break;
    case CHR_OP_SUM:
        sum(a, in, from, to);
        break;
    case CHR_OP_FADE:
        fade(a->graph, in, a->clock, from, to);
        break;
    case CHR_OP_CHAIN:
        a->ops->chain(a->graph->live->outs[in->outs], a->graph->live->args + in->args, in->count,
                      in->weights, in->lanes, from, to);
        break;
    case CHR_OP_LOOP:
        break;
    }
    if (in->look != CHR_LOOK_NEVER)
        watch(a, in, from, to, asleep);
}

static void fall_silent(const chr_graph *g, const chr_instr *in, int from, int to) {
    if (in->slot != CHR_NONE)
        g->slots[in->slot].state->sick = 0; /* what had no history is well after a sleep */
    for (uint32_t k = 0; k < in->n_outputs && g->sleepers[in->sleeper - 1].silent; k++)
        memset(g->live->outs[in->outs + k] + (uint32_t)from * in->lanes, 0,
               (uint32_t)(to - from) * in->lanes * sizeof(float));
}

/* The same where voices may sleep: nothing is done while all of them do. */
static inline void part_of_voices(chr_audio *a, const chr_instr *in, int from, int to) {
    const chr_graph *g = a->graph;
    chr_node_state *s = in->slot == CHR_NONE ? NULL : g->slots[in->slot].state;
    if (!in->sleeper || in->op != CHR_OP_PROCESS) {
        if (s && s->kept_lanes) /* it slept in the graph before */
            chr_node_state_sleep(s, 0);
        part(a, in, from, to, 0);
        return;
    }
    for (int stop = to; from < to; from = stop, stop = to) {
        uint32_t asleep = chr_audio_asleep(a, in->sleeper - 1, from, &stop);
        if (asleep == g->sleepers[in->sleeper - 1].used && !a->restless) {
            fall_silent(g, in, from, stop);
            continue;
        }
        if (s)
            s->sick &= ~asleep;
        if (s && s->kept_lanes != asleep)
            chr_node_state_sleep(s, asleep);
        part(a, in, from, stop, asleep);
    }
}

/* Lets an argument read its voices as they are at a sample and after it. */
static void read_row(const chr_graph *g, const chr_voice_arg *arg, uint32_t sample) {
    const chr_voice_row *row = &g->voice_rows[arg->row];
    const float *rows = g->live->rows + row->rows;
    uint64_t cuts = g->live->cuts[arg->row], begun = cuts & UINT64_MAX >> (63 - sample);
    uint32_t last = begun ? 63 - (uint32_t)__builtin_clzll(begun) : 0;
    g->live->args[arg->arg] = (chr_arg){rows + last * row->lanes, cuts ? 0 : 1};
}

/* One instruction over from..to-1, in the parts that the events of its voices cut the chunk into.
 */
static void step(chr_audio *a, const chr_instr *in, int from, int to) {
    const chr_graph *g = a->graph;
    if (in->voices == CHR_NONE && !in->sleeper && in->slot == CHR_NONE) { /* nothing else to ask */
        part(a, in, from, to, 0);
        return;
    }
    if (in->op == CHR_OP_PROCESS && !a->restless && sleeps_on(a, in->sleeper, from, to)) {
        fall_silent(g, in, from, to);
        return;
    }
    if (in->voices == CHR_NONE) {
        part_of_voices(a, in, from, to);
        return;
    }
    const chr_voice_arg *args = &g->voice_args[in->voice_args];
    uint64_t cuts = 0;
    for (uint32_t j = 0; j < in->n_voice_args; j++)
        cuts |= g->live->cuts[args[j].row];
    for (int begin = from, end; begin < to; begin = end) {
        uint64_t later = cuts >> begin >> 1;
        end = later ? begin + 1 + __builtin_ctzll(later) : to;
        end = end < to ? end : to;
        for (uint32_t j = 0; j < in->n_voice_args; j++)
            read_row(g, &args[j], (uint32_t)begin);
        part_of_voices(a, in, begin, end);
    }
}

/* ---- ramps ---- */

float chr_audio_on_the_way(const chr_ramp_lane *lane, float to, int64_t n) {
    if (n >= (int64_t)lane->length)
        return to;
    switch (lane->shape) {
    case CHR_RAMP_EVEN:
        return lane->from + (to - lane->from) * (float)((double)n / (double)lane->length);
    case CHR_RAMP_OCTAVES:
        return (float)((double)lane->from *
                       chr_exp2(lane->octaves * ((double)n / (double)lane->length)));
    case CHR_RAMP_SMOOTH:
        break;
    }
    return lane->from + (to - lane->from) * chr_smoothstep((float)n / (float)lane->length);
}

static void run_ramp(const chr_graph *g, uint32_t index, uint64_t clock) {
    const chr_ramp *r = &g->ramps[index];
    chr_ramp_live *live = &g->live->ramps[index];
    if (!live->running)
        return;
    const float *to = g->constants + r->to;
    bool moves = false;
    for (uint32_t l = 0; l < r->lanes; l++)
        moves |= live->lane[l].begin + live->lane[l].length > clock;
    if (!moves) {
        live->running = false;
        chr_ramp_read(g->live->args, r, to, 0);
        atomic_store_explicit(&live->ended, true, memory_order_relaxed);
        return;
    }
    for (uint32_t l = 0; l < r->lanes; l++) {
        const chr_ramp_lane *lane = &live->lane[l];
        float *row = g->live->ramp_rows + r->buffer + l;
        int64_t done = (int64_t)(clock - lane->begin);
        /* Rows before its first sample are read by no one. */
        for (int i = 0; i < CHR_CHUNK; i++)
            row[(uint32_t)i * r->lanes] = chr_audio_on_the_way(lane, to[l], done + i + 1);
    }
}

/* What leaves is left out once the fades are over: what it reads may be gone already. */
static bool is_heard(const chr_live *v, const chr_instr *in) {
    return in->fade == CHR_NONE || in->op == CHR_OP_FADE || v->fading;
}

/* The time since the last lap was this instruction's, and its lanes share it. What gathers and
 * fades belongs to the instruction that reads it. */
static void lap(chr_laps *laps, const chr_graph *g, const chr_instr *in) {
    if (in->op == CHR_OP_GATHER || in->op == CHR_OP_FADE)
        return;
    uint64_t spent_ns = laps->now_ns() - laps->last_ns, n = 0;
    for (uint32_t l = 0; l < in->lanes && in->names + l < laps->n_names; l++)
        n += g->names[in->names + l] != UINT32_MAX;
    for (uint32_t l = 0; l < in->lanes && in->names + l < laps->n_names; l++)
        if (g->names[in->names + l] != UINT32_MAX)
            laps->name_ns[in->names + l] += spent_ns / n;
    laps->last_ns = laps->now_ns();
}

/* A whole feedback cycle. */
static void cycle(chr_audio *a, const chr_instr *loop, int from, int to) {
    for (int s = from; s < to; s++)
        for (uint32_t k = 1; k <= loop->count; k++)
            if (is_heard(a->graph->live, loop + k))
                step(a, loop + k, s, s + 1);
}

static inline uint32_t task(chr_audio *a, const chr_instr *in, int from, int to) {
    if (in->op == CHR_OP_LOOP) {
        cycle(a, in, from, to);
        return in->count + 1;
    }
    if (is_heard(a->graph->live, in))
        step(a, in, from, to);
    return 1;
}

uint32_t chr_audio_task(chr_audio *a, uint32_t i, int from, int to) {
    return task(a, &a->graph->instrs[i], from, to);
}

/* The tasks of a chunk by several threads. */
static void run_shared(chr_audio *a, int from, int to) {
    const chr_graph *g = a->graph;
    chr_audio_look_who_sleeps(a);
    a->shared = true;
    a->helpers->run(a->helpers->context, a, from, to);
    a->shared = false;
    for (uint32_t i = 0; i < g->n_instrs; i++)
        if (g->live->faulty[i]) {
            report_faults(a, &g->instrs[i], g->live->faulty[i]);
            g->live->faulty[i] = 0;
        }
}

/* What most instructions come to, where nothing but the kernel is to be done. False, with nothing
 * done, where there is more to it. */
static inline bool plain(chr_audio *a, const chr_instr *in, chr_block *b) {
    chr_node_state *s = in->slot == CHR_NONE ? NULL : a->graph->slots[in->slot].state;
    if (!in->plain || (s && (s->sick | s->kept_lanes)))
        return false;
    call(a, in, s, b);
    if (in->look == CHR_LOOK_ALL)
        watch(a, in, b->from, b->to, 0);
    return true;
}

void chr_audio_run(chr_audio *a, int from, int to) {
    const chr_graph *g = a->graph;
    chr_live *v = g->live;
    if (v->fading && a->clock >= v->fade_begin + v->fade_longest && a->clock >= g->carried_until) {
        v->fading = false;
        atomic_store_explicit(&v->settled, true, memory_order_release);
    }
    for (uint32_t i = 0; i < g->n_ramps; i++)
        run_ramp(g, i, a->clock);
    if (g->follows_song)
        chr_audio_song(a, from, to);
    if (a->helpers && g->parts) {
        run_shared(a, from, to);
        return;
    }
    if (a->laps)
        a->laps->last_ns = a->laps->now_ns();
    chr_probe probe = chr_probe_begin(a, from, to);
    chr_block b = block_of(a, from, to);
    for (uint32_t i = 0; i < g->n_instrs;) {
        chr_probe_enter(&probe, i);
        uint32_t n = plain(a, &g->instrs[i], &b) ? 1 : task(a, &g->instrs[i], from, to);
        chr_probe_leave(&probe, v, i);
        i += n;
        if (a->laps) /* a cycle as a whole: its nodes take turns sample by sample */
            lap(a->laps, g, &g->instrs[i - 1]);
    }
}
