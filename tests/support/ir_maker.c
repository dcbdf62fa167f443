/* tests/support/ir_maker.c: IR written by hand.
 * SPDX-License-Identifier: MIT */
#include "tests/support/ir_maker.h"

#include "dsp/registry.h"

#include <assert.h>
#include <string.h>

/* Room for one more: at 64, 128, 256 … the list moves to twice its room. */
#define ROOM_FOR_ONE(m, type, list, n)                                                             \
    do {                                                                                           \
        if ((n) % 64 == 0 && ((n) & ((n)-1)) == 0) {                                               \
            type *more = CHR_NEW_N((m)->arena, type, (n) ? 2 * (n) : 64);                          \
            if (n)                                                                                 \
                memcpy(more, list, (n) * sizeof *more);                                            \
            list = more;                                                                           \
        }                                                                                          \
    } while (0)

ir_maker ir_begin(void) {
    ir_maker m = {.arena = chr_arena_new(0)};
    m.ir = CHR_NEW(m.arena, chr_ir);
    m.ir->arena = m.arena;
    m.ir->volume = 1.0;
    m.ir->time = &chr_time_usual;
    m.ir->quantum = (chr_quantum){1.0, true};
    ir_owner(&m, "", 1);
    return m;
}

void ir_time(chr_ir *ir, double bpm, double beats_per_bar) {
    const chr_tempo_point tempo = {.bpm = bpm};
    const chr_meter_point meter = {.beats = beats_per_bar, .unit = 1.0};
    chr_time_map_drop(ir->time);
    ir->time = chr_time_map_new(&tempo, 1, &meter, 1);
}

uint32_t ir_owner(ir_maker *m, const char *name, uint32_t voices) {
    ROOM_FOR_ONE(m, chr_ir_owner, m->owners, m->n_owners);
    m->owners[m->n_owners] =
        (chr_ir_owner){.name = chr_arena_copy(m->arena, name, strlen(name)), .n_voices = voices};
    return m->n_owners++;
}

static chr_strand constant(double value) {
    return (chr_strand){.kind = CHR_STRAND_CONST, .value = (float)value};
}

/* The arguments are const in the IR; here they are still being written. */
static chr_strand *argument(const ir_maker *m, uint32_t node, const char *name) {
    const chr_ir_node *n = &m->nodes[node];
    for (int k = 0; k < n->module->n_inputs; k++)
        if (!strcmp(n->module->inputs[k].name, name))
            return (chr_strand *)(uintptr_t)n->inputs + (uint32_t)k * n->n_sources;
    for (int k = 0; k < n->module->n_params; k++)
        if (!strcmp(n->module->params[k].word, name))
            return (chr_strand *)(uintptr_t)n->params + (uint32_t)k * n->n_instances;
    assert(false && "no such argument");
    return NULL;
}

static uint32_t width(const ir_maker *m, uint32_t node, const char *name) {
    const chr_ir_node *n = &m->nodes[node];
    for (int k = 0; k < n->module->n_inputs; k++)
        if (!strcmp(n->module->inputs[k].name, name))
            return n->n_sources;
    return n->n_instances;
}

static uint32_t add(ir_maker *m, uint32_t owner, const char *module, const char *label,
                    uint32_t instances, uint32_t sources) {
    int index = chr_registry_find(module);
    assert(index >= 0);
    const chr_module *d = chr_registry_modules()[index];
    chr_strand *inputs = CHR_NEW_N(m->arena, chr_strand, (uint32_t)d->n_inputs * sources + 1);
    chr_strand *params = CHR_NEW_N(m->arena, chr_strand, (uint32_t)d->n_params * instances + 1);
    for (uint32_t k = 0; k < (uint32_t)d->n_inputs * sources; k++)
        inputs[k] = constant((double)d->inputs[k / sources].dflt);
    for (uint32_t k = 0; k < (uint32_t)d->n_params * instances; k++)
        params[k] = constant((double)d->params[k / instances].dflt);
    ROOM_FOR_ONE(m, chr_ir_node, m->nodes, m->n_nodes);
    m->nodes[m->n_nodes] = (chr_ir_node){.module = d,
                                         .owner = owner,
                                         .label = chr_arena_copy(m->arena, label, strlen(label)),
                                         .n_instances = instances,
                                         .n_sources = sources,
                                         .inputs = inputs,
                                         .params = params};
    return m->n_nodes++;
}

uint32_t ir_node(ir_maker *m, uint32_t owner, const char *module, const char *label,
                 uint32_t instances) {
    return add(m, owner, module, label, instances, instances);
}

uint32_t ir_sum(ir_maker *m, uint32_t owner, const char *module, const char *label, uint32_t of) {
    uint32_t n = add(m, owner, module, label, 1, m->nodes[of].n_instances);
    for (uint32_t i = 0; i < m->nodes[of].n_instances; i++)
        ((chr_strand *)(uintptr_t)m->nodes[n].inputs)[i] =
            (chr_strand){.kind = CHR_STRAND_NODE, .node = of, .index = i};
    return n;
}

void ir_set(ir_maker *m, uint32_t node, const char *name, double value) {
    for (uint32_t i = 0; i < width(m, node, name); i++)
        argument(m, node, name)[i] = constant(value);
}

void ir_set_one(ir_maker *m, uint32_t node, const char *name, uint32_t instance, double value) {
    argument(m, node, name)[instance] = constant(value);
}

void ir_wire(ir_maker *m, uint32_t node, const char *name, uint32_t from, uint32_t port) {
    for (uint32_t i = 0; i < width(m, node, name); i++)
        argument(m, node, name)[i] = (chr_strand){.kind = CHR_STRAND_NODE,
                                                  .port = (uint8_t)port,
                                                  .node = from,
                                                  .index = m->nodes[from].n_instances == 1 ? 0 : i};
}

void ir_voice(ir_maker *m, uint32_t node, const char *name, chr_voice_value value) {
    for (uint32_t i = 0; i < width(m, node, name); i++)
        argument(m, node, name)[i] = (chr_strand){.kind = CHR_STRAND_VOICE,
                                                  .port = (uint8_t)value,
                                                  .node = m->nodes[node].owner,
                                                  .index = i};
}

void ir_turn(ir_maker *m, uint32_t node, const char *name, uint32_t knob) {
    m->owners[knob].is_knob = true;
    for (uint32_t i = 0; i < width(m, node, name); i++)
        argument(m, node, name)[i] =
            (chr_strand){.kind = CHR_STRAND_VOICE, .port = CHR_VOICE_NOTE, .node = knob};
}

void ir_out(ir_maker *m, uint32_t owner, uint32_t node, uint32_t right) {
    chr_ir_out *outs = CHR_NEW_N(m->arena, chr_ir_out, 2);
    outs[0] = (chr_ir_out){
        0, {.kind = CHR_STRAND_NODE, .node = node}
    };
    outs[1] = (chr_ir_out){
        1, {.kind = CHR_STRAND_NODE, .node = node, .port = (uint8_t)right}
    };
    m->owners[owner].outs = outs;
    m->owners[owner].n_outs = 2;
}

uint32_t ir_steep(ir_maker *m, uint32_t owner, uint32_t from, double cutoff_hz) {
    static const char *const labels[] = {"lpf", "lpf2", "lpf3"};
    for (int k = 0; k < 3; k++) {
        uint32_t filter = ir_node(m, owner, "lpf", labels[k], m->nodes[from].n_instances);
        ir_wire(m, filter, "in", from, 0);
        ir_set(m, filter, "cutoff", cutoff_hz);
        from = filter;
    }
    return from;
}

uint32_t ir_level(ir_maker *m, uint32_t owner, uint32_t from, double gain, double on) {
    uint32_t level = ir_node(m, owner, "level", "level", 1);
    ir_wire(m, level, "left", from, 0);
    ir_wire(m, level, "right", from, 0);
    ir_set(m, level, "gain", gain);
    ir_set(m, level, "on", on);
    ir_out(m, owner, level, 1);
    return level;
}

void ir_pattern(ir_maker *m, uint32_t owner, const char *name, const float *notes, uint32_t n,
                int64_t ticks_apart, int64_t ticks_per_beat) {
    chr_score_event *events = CHR_NEW_N(m->arena, chr_score_event, n);
    for (uint32_t i = 0; i < n; i++)
        events[i] = (chr_score_event){
            .at = (int64_t)i * ticks_apart, .length = ticks_apart, .note = notes[i], .level = 0.8f};
    ir_events(m, owner, name, events, n, (int64_t)n * ticks_apart, ticks_per_beat);
}

void ir_events(ir_maker *m, uint32_t owner, const char *name, const chr_score_event *events,
               uint32_t n, int64_t length, int64_t ticks_per_beat) {
    chr_score score;
    chr_score_flat(m->arena, events, n, length, ticks_per_beat, &score);
    ir_score(m, owner, name, &score);
}

void ir_score(ir_maker *m, uint32_t owner, const char *name, const chr_score *score) {
    ROOM_FOR_ONE(m, chr_ir_pattern, m->patterns, m->n_patterns);
    void *tables = chr_arena_alloc(m->arena, chr_score_bytes(score, true) + 1);
    m->patterns[m->n_patterns++] =
        (chr_ir_pattern){.name = chr_arena_copy(m->arena, name, strlen(name)),
                         .owner = owner,
                         .score = chr_score_copy(score, true, tables),
                         .playing = true};
}

void ir_glide(ir_maker *m, uint32_t node, const char *param, double seconds, double beats) {
    const chr_module *d = m->nodes[node].module;
    uint32_t k = 0;
    while (strcmp(d->params[k].word, param) != 0)
        k++;
    chr_ir_glide *more = CHR_NEW_N(m->arena, chr_ir_glide, m->ir->n_glides + 1);
    if (m->ir->n_glides)
        memcpy(more, m->ir->glides, m->ir->n_glides * sizeof *more);
    more[m->ir->n_glides++] =
        (chr_ir_glide){.node = node, .param = k, .seconds = seconds, .beats = beats};
    m->ir->glides = more;
}

chr_ir *ir_end(ir_maker *m) {
    m->ir->nodes = m->nodes;
    m->ir->n_nodes = m->n_nodes;
    m->ir->owners = m->owners;
    m->ir->n_owners = m->n_owners;
    m->ir->patterns = m->patterns;
    m->ir->n_patterns = m->n_patterns;
    return m->ir;
}
