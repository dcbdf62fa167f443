/* tests/support/random_session.c: sessions from a seed.
 * SPDX-License-Identifier: MIT */
#include "tests/support/random_session.h"

#include "dsp/registry.h"
#include "tests/support/ir_maker.h"

#include <stdio.h>
#include <string.h>

enum { PATCHES = 6, MOST_NODES = 8 };

typedef struct dice {
    uint64_t state;
} dice;

/* splitmix64 (Steele, Lea and Flood 2014). */
static uint32_t roll(dice *d, uint32_t sides) {
    uint64_t z = (d->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ (z >> 31)) >> 32) % sides;
}

static dice dice_of(uint64_t a, uint64_t b, uint64_t c) {
    dice d = {a * 1000003u + b * 1009u + c};
    roll(&d, 2);
    return d;
}

/* What a patch is in one version: three seeds, of which an edit rolls one anew. */
typedef struct patch_seeds {
    uint32_t shape, numbers, melody;
    bool there;
} patch_seeds;

static void edit(patch_seeds *p, uint32_t seed, uint32_t n) {
    dice d = dice_of(seed, n, 77);
    for (uint32_t k = 0; k < PATCHES; k++)
        if (n == 0)
            p[k] = (patch_seeds){roll(&d, 9999), roll(&d, 9999), roll(&d, 9999), roll(&d, 2)};
    for (uint32_t times = n ? 1 + roll(&d, 3) : 0; times-- > 0;) {
        patch_seeds *one = &p[roll(&d, PATCHES)];
        switch (roll(&d, 5)) {
        case 0:
            one->there = !one->there;
            break;
        case 1:
            one->shape = roll(&d, 9999);
            break;
        case 2:
            one->melody = roll(&d, 9999);
            break;
        default:
            one->numbers = roll(&d, 9999);
        }
    }
}

/* One patch under way. */
typedef struct patch {
    ir_maker *m;
    uint32_t owner, voices;
    uint32_t nodes[MOST_NODES], n_nodes;
    uint32_t heard[PATCHES], n_heard; /* one-instance nodes of patches before this one */
    dice shape, numbers;
} patch;

static double number_for(patch *p, const chr_param_info *i) {
    double most = i->unit == CHR_UNIT_S && i->max > 0.3f ? 0.3 : (double)i->max;
    double x = (double)roll(&p->numbers, 1000) / 999.0;
    double near = (double)i->dflt + ((x - 0.5) * (most - (double)i->min)) * 0.02;
    double v = roll(&p->numbers, 4) ? near : (double)i->min + x * (most - (double)i->min);
    return v < (double)i->min ? (double)i->min : v > most ? most : v;
}

/* An earlier node of as many instances, or of one; UINT32_MAX: there is none. */
static uint32_t some_source(patch *p, uint32_t before) {
    uint32_t n = p->n_nodes < before ? p->n_nodes : before;
    if (p->n_heard && roll(&p->shape, 5) == 0)
        return p->heard[roll(&p->shape, p->n_heard)];
    return n ? p->nodes[roll(&p->shape, n)] : UINT32_MAX;
}

static void wire_inputs(patch *p, uint32_t node) {
    const chr_module *m = p->m->nodes[node].module;
    for (int k = 0; k < m->n_inputs; k++) {
        const char *name = m->inputs[k].name;
        uint32_t from = some_source(p, MOST_NODES);
        if (m->inputs[k].kind == CHR_GATE && roll(&p->shape, 4))
            ir_voice(p->m, node, name, CHR_VOICE_GATE);
        else if (from != UINT32_MAX)
            ir_wire(p->m, node, name, from, 0);
    }
}

static void set_params(patch *p, uint32_t node) {
    const chr_module *m = p->m->nodes[node].module;
    for (int k = 0; k < m->n_params; k++) {
        const chr_param_info *i = &m->params[k];
        uint32_t how = roll(&p->shape, 8), from = some_source(p, MOST_NODES);
        if (i->choices) {
            ir_set(p->m, node, i->word, (double)roll(&p->shape, (uint32_t)i->max + 1));
        } else if (i->normal == CHR_NORMAL_FREQ && how < 6) {
            ir_voice(p->m, node, i->word, CHR_VOICE_FREQ);
        } else if (i->normal == CHR_NORMAL_IN && from != UINT32_MAX) {
            ir_wire(p->m, node, i->word, from, 0);
        } else if (how == 0 && from != UINT32_MAX && i->unit != CHR_UNIT_S) {
            ir_wire(p->m, node, i->word, from, 0);
        } else if (how == 1 && i->unit != CHR_UNIT_S) {
            ir_voice(p->m, node, i->word, (chr_voice_value)roll(&p->shape, 4));
        } else {
            ir_set(p->m, node, i->word, number_for(p, i));
            for (uint32_t v = 0; how == 2 && v < p->voices; v++)
                ir_set_one(p->m, node, i->word, v, number_for(p, i));
        }
    }
}

static void melody(patch *p, dice d, const char *name) {
    chr_score_event events[16];
    uint32_t n = 1 + roll(&d, 16);
    for (uint32_t i = 0; i < n; i++)
        events[i] = (chr_score_event){
            .at = i, .note = roll(&d, 6) ? (float)(30 + roll(&d, 60)) : -1.0f, .level = 0.8f};
    static const int64_t speeds[] = {1, 3, 4, 7, 16, 61};
    int64_t speed = speeds[roll(&d, 6)];
    bool playing = roll(&d, 6) != 0;
    for (uint32_t i = 0; i < n; i++) {
        events[i].length = 1 + roll(&d, 5);
        events[i].slide = roll(&d, 6) == 0;
        events[i].at = i && roll(&d, 3) == 0 ? events[i - 1].at : events[i].at; /* a chord */
    }
    ir_events(p->m, p->owner, name, events, n, n, speed);
    p->m->patterns[p->m->n_patterns - 1].playing = playing;
}

/* A pattern of values for the last knob of the patch that is a plain number: a hidden player, whose
 * one voice's note is the value. */
static void turn_knob(patch *p, dice d, const char *name) {
    for (uint32_t k = p->n_nodes; k-- > 0;) {
        const chr_ir_node *node = &p->m->nodes[p->nodes[k]];
        const chr_module *m = node->module;
        for (int i = m->n_params; i-- > 0;) {
            const chr_param_info *info = &m->params[i];
            if (info->choices || info->min < 0.0f || info->unit == CHR_UNIT_S || m->ring_rows ||
                node->params[(uint32_t)i * node->n_instances].kind != CHR_STRAND_CONST)
                continue;
            uint32_t knob = ir_owner(p->m, name, 1);
            chr_score_event events[8];
            uint32_t n = 1 + roll(&d, 8);
            for (uint32_t e = 0; e < n; e++)
                events[e] = (chr_score_event){
                    .at = e, .length = 1, .level = 1.0f, .note = (float)number_for(p, info)};
            static const int64_t speeds[] = {1, 3, 4, 16, 61};
            ir_events(p->m, knob, name, events, n, n, speeds[roll(&d, 5)]);
            chr_ir_pattern *pattern = &p->m->patterns[p->m->n_patterns - 1];
            pattern->values = true;
            pattern->base = info->dflt;
            ir_turn(p->m, p->nodes[k], info->word, knob);
            return;
        }
    }
}

/* Its sum over voices, to be heard and to be wired into later patches. */
static uint32_t make_patch(ir_maker *m, uint32_t number, patch_seeds s, const uint32_t *heard,
                           uint32_t n_heard) {
    static const uint32_t sizes[] = {1, 1, 2, 3, 5, 6, 9, 17};
    const chr_module *const *modules = chr_registry_modules();
    char name[24];
    snprintf(name, sizeof name, "patch%u", number);
    patch p = {.m = m,
               .shape = dice_of(s.shape, number, 1),
               .numbers = dice_of(s.numbers, number, 2),
               .n_heard = n_heard};
    memcpy(p.heard, heard, n_heard * sizeof *heard);
    p.voices = sizes[roll(&p.shape, 8)];
    p.owner = ir_owner(m, name, p.voices);
    m->owners[p.owner].fade_s = roll(&p.shape, 4) ? 0.0 : 0.05;
    uint32_t wanted = 1 + roll(&p.shape, MOST_NODES), loop = UINT32_MAX;
    while (p.n_nodes < wanted) {
        const chr_module *module = modules[roll(&p.shape, (uint32_t)chr_registry_count())];
        if (module->shape == CHR_SUM || !strcmp(module->name, "ceiling"))
            continue;
        snprintf(name, sizeof name, "%s%u", module->name, p.n_nodes);
        uint32_t node = ir_node(m, p.owner, module->name, name, p.voices);
        m->nodes[node].labelled = roll(&p.shape, 4) == 0;
        wire_inputs(&p, node);
        set_params(&p, node);
        if (module->emit)
            loop = node;
        p.nodes[p.n_nodes++] = node;
    }
    if (loop != UINT32_MAX) /* feedback: it reads what reads it */
        ir_wire(m, loop, m->nodes[loop].module->inputs[0].name, p.nodes[p.n_nodes - 1], 0);
    uint32_t sum =
        ir_sum(m, p.owner, roll(&p.shape, 2) ? "mix" : "spread", "sum", p.nodes[p.n_nodes - 1]);
    uint32_t level = ir_node(m, p.owner, "level", "out.level", 1);
    ir_wire(m, level, "left", sum, 0);
    ir_wire(m, level, "right", sum, (uint32_t)m->nodes[sum].module->n_outputs - 1);
    ir_out(m, p.owner, level, 1);
    for (uint32_t k = 0, n = s.melody % 3; k < n; k++) {
        snprintf(name, sizeof name, "patch%u/%u", number, k);
        melody(&p, dice_of(s.melody, number, 3 + k), name);
    }
    if (s.numbers % 3 == 0) {
        snprintf(name, sizeof name, "patch%u.knob", number);
        turn_knob(&p, dice_of(s.melody, number, 9), name);
    }
    return sum;
}

chr_ir *random_session(uint32_t seed, uint32_t n) {
    patch_seeds patches[PATCHES];
    for (uint32_t k = 0; k <= n; k++)
        edit(patches, seed, k);
    ir_maker m = ir_begin();
    dice d = dice_of(seed, n / 4, 5);
    static const double tempos[] = {1, 60, 97.3, 120, 180, 999}, meters[] = {4, 3, 3.5, 0.25};
    double bpm = tempos[roll(&d, 6)];
    ir_time(m.ir, bpm, meters[roll(&d, 4)]);
    uint32_t heard[PATCHES], n_heard = 0;
    for (uint32_t k = 0; k < PATCHES; k++)
        if (patches[k].there) {
            uint32_t made = make_patch(&m, k, patches[k], heard, n_heard);
            heard[n_heard++] = made;
        }
    return ir_end(&m);
}
