/* tests/support/module_rig.c: see module_rig.h.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/module_rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const rig *r, const char *what) {
    fprintf(stderr, "module rig: %s: %s\n", r->module->name, what);
    abort();
}

/* Zeroed, aligned to a cache line. */
static void *room(size_t bytes) {
    bytes = (bytes + 63) / 64 * 64;
    void *p = aligned_alloc(64, bytes ? bytes : 64);
    if (!p)
        abort();
    return memset(p, 0, bytes ? bytes : 64);
}

const chr_module *rig_module(const char *name, const char *isa, int lanes) {
    const chr_build *build = chr_registry_build(isa ? isa : chr_registry_best_isa(), lanes);
    int index = chr_registry_find(name);
    return build && index >= 0 ? build->modules[index] : NULL;
}

rig *rig_open(const chr_module *module, int lanes, float rate_hz, uint64_t seed) {
    rig *r = room(sizeof *r);
    float greatest[CHR_MAX_PARAMS];
    r->module = module;
    r->lanes = lanes;
    r->rate_hz = rate_hz;
    for (int k = 0; k < module->n_inputs; k++)
        for (int lane = 0; lane < lanes; lane++)
            r->input[k][lane].value = module->inputs[k].dflt;
    for (int k = 0; k < module->n_params; k++) {
        greatest[k] = module->params[k].max;
        for (int lane = 0; lane < lanes; lane++)
            r->param[k][lane].value = module->params[k].dflt;
    }
    if (module->state_bytes)
        r->state = room(module->state_bytes);
    if (module->ring_rows) {
        size_t rows = 1, wanted = module->ring_rows(rate_hz, greatest);
        while (rows < wanted)
            rows *= 2;
        r->ring = room(rows * (size_t)module->ring_columns * (size_t)lanes * sizeof(float));
        r->ring_mask = (uint32_t)(rows - 1);
    }
    if (module->init)
        for (int lane = 0; lane < lanes; lane++)
            module->init(r->state, lane, seed + (uint64_t)lane, rate_hz);
    return r;
}

static void drop_output(rig *r) {
    for (int o = 0; o < CHR_MAX_OUTPUTS; o++)
        for (int lane = 0; lane < RIG_LANES; lane++) {
            free(r->made[o][lane]);
            r->made[o][lane] = NULL;
        }
}

void rig_close(rig *r) {
    drop_output(r);
    free(r->state);
    free(r->ring);
    free(r);
}

static rig_source *source(rig *r, const char *word) {
    for (int k = 0; k < r->module->n_params; k++)
        if (!strcmp(r->module->params[k].word, word))
            return r->param[k];
    for (int k = 0; k < r->module->n_inputs; k++)
        if (!strcmp(r->module->inputs[k].name, word))
            return r->input[k];
    fail(r, word);
    return NULL;
}

void rig_set(rig *r, const char *word, float value) {
    rig_source *s = source(r, word);
    for (int lane = 0; lane < r->lanes; lane++)
        s[lane] = (rig_source){.value = value};
}

void rig_set_signal(rig *r, const char *word, const float *signal) {
    rig_source *s = source(r, word);
    for (int lane = 0; lane < r->lanes; lane++)
        s[lane].signal = signal;
}

/* Rows of one chunk for one argument. */
typedef struct rows {
    _Alignas(64) float row[CHR_CHUNK][RIG_LANES];
} rows;

/* Fills the argument for samples from..to-1 of the chunk. Rows are packed: [sample][lanes]. */
static chr_arg argument(const rig *r, const rig_source *s, bool as_signal, uint64_t chunk, int from,
                        int to, rows *space) {
    float *out = space->row[0];
    bool signal = as_signal;
    for (int lane = 0; lane < r->lanes; lane++)
        signal |= s[lane].signal != NULL;
    for (int i = signal ? from : 0; i < (signal ? to : 1); i++)
        for (int lane = 0; lane < r->lanes; lane++)
            out[i * r->lanes + lane] =
                s[lane].signal ? s[lane].signal[chunk + (uint64_t)i] : s[lane].value;
    return (chr_arg){.v = out, .step = signal};
}

/* One call, or emit and accept, for samples from..to-1 of the chunk at `chunk`; results go to row
 * `at` of the run. */
static void call(rig *r, uint64_t chunk, int from, int to, size_t at) {
    static rows inputs[CHR_MAX_INPUTS], params[CHR_MAX_PARAMS], outputs[CHR_MAX_OUTPUTS];
    const chr_module *m = r->module;
    chr_arg input_args[CHR_MAX_INPUTS], param_args[CHR_MAX_PARAMS];
    float *output_rows[CHR_MAX_OUTPUTS];
    for (int k = 0; k < m->n_inputs; k++)
        input_args[k] = argument(r, r->input[k], r->as_signals, chunk, from, to, &inputs[k]);
    for (int k = 0; k < m->n_params; k++)
        param_args[k] = argument(r, r->param[k], r->as_signals && !m->params[k].choices, chunk,
                                 from, to, &params[k]);
    for (int k = 0; k < m->n_outputs; k++)
        output_rows[k] = outputs[k].row[0];
    /* The song goes on by a beat in 100 samples. */
    float song[2 * CHR_CHUNK];
    for (int i = from; i < to; i++) {
        uint64_t now = chunk + (uint64_t)i;
        song[i] = (float)(now / 100);
        song[CHR_CHUNK + i] = (float)(now % 100) / 100.0f;
    }
    chr_block block = {.from = from,
                       .to = to,
                       .rate_hz = r->rate_hz,
                       .period_s = 1.0f / r->rate_hz,
                       .clock = chunk,
                       .inputs = input_args,
                       .params = param_args,
                       .outputs = output_rows,
                       .ring = r->ring,
                       .ring_mask = r->ring_mask,
                       .song = song};
    if (r->watch)
        r->watch(true);
    if (r->cut == RIG_EMIT) {
        m->emit(r->state, &block);
        m->accept(r->state, &block);
    } else {
        m->process(r->state, &block);
    }
    if (r->watch)
        r->watch(false);
    for (int k = 0; k < m->n_outputs; k++)
        for (int i = from; i < to; i++)
            for (int lane = 0; lane < r->lanes; lane++)
                r->made[k][lane][at + (size_t)(i - from)] = output_rows[k][i * r->lanes + lane];
}

/* Length of the next call, at sample `from` of a chunk. */
static int piece(const rig *r, uint64_t chunk, int from) {
    switch (r->cut) {
    case RIG_WHOLE:
        return CHR_CHUNK - from;
    case RIG_AT:
        return from < r->cut_at ? r->cut_at - from : CHR_CHUNK - from;
    case RIG_SINGLE:
    case RIG_EMIT:
        return 1;
    case RIG_RANDOM:
        break;
    }
    uint64_t h = (chunk + (uint64_t)from + 1) * UINT64_C(0x9e3779b97f4a7c15);
    return 1 + (int)((h >> 40) % 31);
}

void rig_run(rig *r, size_t n) {
    if (r->cut == RIG_EMIT && (!r->module->emit || !r->module->accept))
        fail(r, "has no emit and accept");
    if (!r->module->process)
        fail(r, "has no process");
    drop_output(r);
    for (int k = 0; k < r->module->n_outputs; k++)
        for (int lane = 0; lane < r->lanes; lane++)
            r->made[k][lane] = room(n * sizeof(float));
    r->made_samples = n;
    for (size_t at = 0; at < n;) {
        int from = (int)(r->clock % CHR_CHUNK);
        uint64_t chunk = r->clock - (uint64_t)from;
        int length = piece(r, chunk, from);
        if (length > CHR_CHUNK - from)
            length = CHR_CHUNK - from;
        if ((size_t)length > n - at)
            length = (int)(n - at);
        call(r, chunk, from, from + length, at);
        at += (size_t)length;
        r->clock += (uint64_t)length;
    }
}

const float *rig_output(const rig *r, int output, int lane) {
    return r->made[output][lane];
}

void rig_move_lane(const rig *from, int from_lane, rig *to, int to_lane) {
    size_t words = from->module->state_bytes / sizeof(float) / (size_t)from->lanes;
    if (to->module->state_bytes * (size_t)from->lanes !=
            from->module->state_bytes * (size_t)to->lanes ||
        from->ring_mask != to->ring_mask)
        fail(from, "is not the same in both rigs");
    for (size_t w = 0; w < words; w++)
        memcpy(to->state + (w * (size_t)to->lanes + (size_t)to_lane) * sizeof(float),
               from->state + (w * (size_t)from->lanes + (size_t)from_lane) * sizeof(float),
               sizeof(float));
    if (from->ring) {
        size_t n = ((size_t)from->ring_mask + 1) * (size_t)from->module->ring_columns;
        for (size_t w = 0; w < n; w++)
            to->ring[w * (size_t)to->lanes + (size_t)to_lane] =
                from->ring[w * (size_t)from->lanes + (size_t)from_lane];
    }
    to->clock = from->clock;
}
