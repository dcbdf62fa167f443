/* tests/bench/modules.c: runs every module alone and in 16 lanes, with its defaults and noise at
 * its inputs, for tests/bench/modules.sh to count the instructions of its kernel, and of nothing
 * else. SPDX-License-Identifier: MIT */
#include "dsp/ops.h"
#include "tests/support/module_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined __has_include
#if __has_include(<valgrind/callgrind.h>)
#include <valgrind/callgrind.h>
#define HAS_VALGRIND 1
#endif
#endif

#ifdef HAS_VALGRIND

enum { SAMPLES = 4800, SETTLE = 4800, GATE = 1200 };

static bool counts;

static void watch(bool running) {
    (void)running;
    if (counts)
        CALLGRIND_TOGGLE_COLLECT;
}

static float noise[SETTLE + SAMPLES], gate[SETTLE + SAMPLES];

static void tell(const char *name, int lanes) {
    char what[128];
    snprintf(what, sizeof what, "module %s %d %d", name, lanes, SAMPLES);
    CALLGRIND_DUMP_STATS_AT(what);
}

/* A sum of copies has no kernel: the engine adds strand by strand. */
static void run_sum(const char *isa, const char *name, int lanes) {
    static float out[CHR_CHUNK], weights[16];
    _Alignas(64) static float in[CHR_CHUNK * 16];
    for (int i = 0; i < 16; i++)
        weights[i] = 0.25f;
    const chr_term term = {.lanes = (uint32_t)lanes, .n = (uint32_t)lanes};
    const chr_arg arg = {in, 1};
    const chr_ops *ops = chr_registry_build(isa, 16)->ops;
    for (int n = 0; n < SAMPLES; n += CHR_CHUNK) {
        CALLGRIND_TOGGLE_COLLECT;
        ops->sum(out, &term, 1, &arg, weights, 0, 0, CHR_CHUNK);
        CALLGRIND_TOGGLE_COLLECT;
    }
    tell(name, lanes);
}

/* Inputs that most who use a module leave free. */
static bool is_rarely_used(const char *input) {
    return strcmp(input, "sync") == 0 || strcmp(input, "reset") == 0 || strcmp(input, "key") == 0;
}

static void run(const char *isa, const char *name, int lanes) {
    const chr_module *m = rig_module(name, isa, lanes);
    if (!m)
        abort();
    if (!m->process) {
        run_sum(isa, name, lanes);
        return;
    }
    rig *r = rig_open(m, lanes, 48000, 1);
    for (int k = 0; k < m->n_inputs; k++)
        for (int l = 0; l < lanes && !is_rarely_used(m->inputs[k].name); l++)
            r->input[k][l].signal = m->inputs[k].kind == CHR_GATE ? gate : noise;
    for (int k = 0; k < m->n_params; k++) /* who follows the note has one */
        for (int l = 0; l < lanes; l++)
            if (m->params[k].normal == CHR_NORMAL_FREQ)
                r->param[k][l].value = 110.0f * (float)(l + 1);
    r->watch = watch;
    counts = false;
    rig_run(r, SETTLE);
    counts = true;
    rig_run(r, SAMPLES);
    tell(name, lanes);
    rig_close(r);
}

int main(int argc, char **argv) {
    const char *isa = argc > 1 ? argv[1] : "x86-64-v3";
    uint32_t seed = 1;
    for (int i = 0; i < SETTLE + SAMPLES; i++) {
        seed = seed * 1664525u + 1013904223u;
        noise[i] = 0.5f * (float)(int32_t)seed * 0x1p-31f;
        gate[i] = i / GATE % 2 ? 0.0f : 1.0f;
    }
    const chr_build *build = chr_registry_build(isa, 1);
    if (!build)
        return 77;
    for (int i = 0; i < chr_registry_count(); i++) {
        run(isa, build->modules[i]->name, 1);
        run(isa, build->modules[i]->name, 16);
    }
    return 0;
}

#else

int main(void) {
    fputs("this was built without valgrind's header\n", stderr);
    return 77;
}

#endif
