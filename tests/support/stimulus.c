/* tests/support/stimulus.c: see stimulus.h.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/stimulus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 0..1, the same in every run. */
static double chance(uint64_t x) {
    x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((x ^ (x >> 31)) >> 11) * 0x1p-53;
}

/* The value at a place 0..1 of a parameter's range. */
static float in_range(const chr_param_info *p, double place) {
    double lo = (double)p->min, hi = (double)p->max;
    double x = p->curve == CHR_LOG ? lo * pow(hi / lo, place) : lo + (hi - lo) * place;
    return fminf(fmaxf((float)x, p->min), p->max);
}

static float *floats(size_t n) {
    float *p = calloc(n, sizeof *p);
    if (!p)
        abort();
    return p;
}

/* Audio: a tone and noise; a gate: on and off in lengths of its own; control: a slow course. */
static void fill_input(float *x, size_t n, chr_port_kind kind, uint64_t which) {
    double hz = 30.0 * pow(2.0, 8.0 * chance(which));
    bool on = which % 3 == 0;
    size_t until = (size_t)(chance(which + 7) * 300.0);
    for (size_t i = 0; i < n; i++) {
        if (i == until) {
            on = !on;
            until = i + 1 + (size_t)(chance(which * 1000 + i) * 400.0);
        }
        double tone = sin(6.283185307 * hz / 48000.0 * (double)i);
        x[i] = kind == CHR_GATE ? (float)on
               : kind == CHR_AUDIO
                   ? (float)(0.7 * tone + 0.3 * (2.0 * chance(which * 100000 + i) - 1.0))
                   : (float)sin(0.001 * (double)(i + 77 * which));
    }
}

/* Ramps and jumps between places of the range, the ends among them. */
static void fill_param(float *x, size_t n, const chr_param_info *p, uint64_t which) {
    double from = chance(which), to = 1.0;
    size_t start = 0, length = 200;
    for (size_t i = 0; i < n; i++) {
        if (i == start + length) {
            uint64_t h = which * 4096 + i;
            from = chance(h) < 0.5 ? to : chance(h + 1);
            to = chance(h + 2) < 0.15 ? 0.0 : chance(h + 2) > 0.85 ? 1.0 : chance(h + 3);
            start = i;
            length = 1 + (size_t)(chance(h + 4) * 300.0);
        }
        x[i] = in_range(p, from + (to - from) * (double)(i - start) / (double)length);
    }
}

/* How many choices all parameters have together, at least 1; and which is number k. */
static int choices(const chr_module *m, int k, int *param) {
    int seen = 0;
    *param = -1;
    for (int p = 0; p < m->n_params; p++) {
        if (!m->params[p].choices)
            continue;
        int n = (int)m->params[p].max + 1;
        if (k >= seen && k < seen + n) {
            *param = p;
            return k - seen;
        }
        seen += n;
    }
    return seen ? seen : 1;
}

int stimulus_count(const chr_module *module) {
    int none;
    return STIMULUS_KINDS * choices(module, INT32_MAX, &none);
}

stimulus *stimulus_new(const chr_module *m, int number, size_t n) {
    stimulus *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    s->module = m;
    s->n = n;
    s->kind = (stimulus_kind)(number % STIMULUS_KINDS);
    s->choice = choices(m, number / STIMULUS_KINDS, &s->choice_param);
    for (int lane = 0; lane < RIG_LANES; lane++) {
        for (int k = 0; k < m->n_inputs; k++) {
            s->input[k][lane] = floats(n);
            fill_input(s->input[k][lane], n, m->inputs[k].kind, (uint64_t)(lane * 8 + k));
        }
        for (int k = 0; k < m->n_params; k++) {
            const chr_param_info *p = &m->params[k];
            uint64_t which = (uint64_t)(lane * 32 + k);
            s->value[k][lane] = p->dflt;
            if (p->choices) {
                s->value[k][lane] = k == s->choice_param ? (float)s->choice : p->dflt;
            } else if (s->kind == STIMULUS_STILL) {
                s->value[k][lane] = in_range(p, lane == 0 ? 0.0 : lane == 1 ? 1.0 : chance(which));
            } else if (s->kind == STIMULUS_MOVING) {
                s->param[k][lane] = floats(n);
                fill_param(s->param[k][lane], n, p, which);
            }
        }
    }
    return s;
}

void stimulus_free(stimulus *s) {
    for (int lane = 0; lane < RIG_LANES; lane++) {
        for (int k = 0; k < CHR_MAX_INPUTS; k++)
            free(s->input[k][lane]);
        for (int k = 0; k < CHR_MAX_PARAMS; k++)
            free(s->param[k][lane]);
    }
    free(s);
}

const char *stimulus_name(const stimulus *s) {
    static char text[128];
    static const char *const kinds[] = {"defaults", "still", "moving"};
    if (s->choice_param < 0)
        snprintf(text, sizeof text, "%s, %s", s->module->name, kinds[s->kind]);
    else
        snprintf(text, sizeof text, "%s, %s number %d, %s", s->module->name,
                 s->module->params[s->choice_param].word, s->choice, kinds[s->kind]);
    return text;
}

void stimulus_connect_lane(const stimulus *s, int instance, rig *r, int lane) {
    for (int k = 0; k < s->module->n_inputs; k++)
        r->input[k][lane].signal = s->input[k][instance];
    for (int k = 0; k < s->module->n_params; k++)
        r->param[k][lane] = (rig_source){s->value[k][instance], s->param[k][instance]};
}

void stimulus_connect(const stimulus *s, rig *r, int first) {
    for (int lane = 0; lane < r->lanes; lane++)
        stimulus_connect_lane(s, first + lane, r, lane);
}

void for_every_module(void (*test)(const chr_module *module)) {
    const chr_module *const *modules = chr_registry_modules();
    for (int i = 0; i < chr_registry_count(); i++)
        if (modules[i]->process)
            test(modules[i]);
}
