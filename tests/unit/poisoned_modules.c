/* tests/unit/poisoned_modules.c: every module of the registry, in every build, alone and in a
 * feedback cycle, with bad numbers in each of its arguments in turn. What it makes of them is muted
 * within its chunk and named; its neighbours in the same vector differ by no bit; afterwards it
 * sounds again.
 *
 * The linker puts the functions of this file in place of the registry's (--wrap), so that the
 * engine knows one module more. `poison` stands before each argument and hands its input on, but
 * for one sample in a chunk now and then. The engine looks at what every module makes and would
 * stop a NaN there; so a second way leads around it: poison makes a finite mark, and a kernel in
 * front of the module's own makes the bad number of it. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "runtime/engine_inner.h"
#include "tests/support/ir_maker.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 8000, PATCHES = 9, VICTIM = 3, MOST = 64, AT = 13 };

/* A NaN, the infinities, 1e30, -1e30, the greatest number, denormals. */
static const uint32_t poisons[] = {0x7fc00000u, 0x7f800000u, 0xff800000u, 0x7149f2cau,
                                   0xf149f2cau, 0x7f7fffffu, 0x00000001u, 0x807fffffu};
enum { KINDS = sizeof poisons / sizeof *poisons, NOT_FINITE = 3 };
static const float mark = 7.77e11f; /* and the numbers above it mean poison */

static float float_of(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* ---- the module more ---- */

static uint64_t spacing = 1; /* chunks from one bad sample to the next */
static bool unseen;          /* poison goes around the watch */

/* The parameter is 0 in the patches that stay well, and otherwise the number of the argument that
 * this poison stands before, from 1. */
static void give_poison(const chr_block *b, uint32_t lanes) CHR_NONBLOCKING {
    const chr_arg in = b->inputs[0], place = b->params[0];
    uint64_t turn = b->clock / CHR_CHUNK / spacing;
    for (uint32_t i = (uint32_t)b->from; i < (uint32_t)b->to; i++)
        for (uint32_t l = 0; l < lanes; l++) {
            float *to = &b->outputs[0][i * lanes + l];
            uint64_t which = (uint64_t)place.v[l];
            *to = in.v[i * in.step * lanes + l];
            if (!which || i != AT || b->clock % (CHR_CHUNK * spacing) || turn / KINDS + 1 != which)
                continue;
            *to = unseen ? mark * (float)(1 + turn % KINDS) : float_of(poisons[turn % KINDS]);
        }
}

#define FOR_WIDTHS(X) X(0, 1) X(1, 4) X(2, 8) X(3, 16)
#define POISON(w, lanes)                                                                           \
    static void poison_##lanes(void *state, const chr_block *b) CHR_NONBLOCKING {                  \
        (void)state;                                                                               \
        give_poison(b, lanes);                                                                     \
    }
FOR_WIDTHS(POISON)

static const chr_port poison_in[] = {
    {.name = "in", .kind = CHR_AUDIO}
};
static const chr_port poison_out[] = {
    {.name = "out", .kind = CHR_AUDIO}
};
static const chr_param_info poison_params[] = {
    {.word = "place", .max = 100.0f}
};
#define POISON_MODULE(w, width)                                                                    \
    {.name = "poison",                                                                             \
     .inputs = poison_in,                                                                          \
     .n_inputs = 1,                                                                                \
     .outputs = poison_out,                                                                        \
     .n_outputs = 1,                                                                               \
     .params = poison_params,                                                                      \
     .n_params = 1,                                                                                \
     .shape = CHR_MONO,                                                                            \
     .hidden = true,                                                                               \
     .process = poison_##width},
static const chr_module poison[4] = {FOR_WIDTHS(POISON_MODULE)};

/* ---- the kernel in front of the module's own ---- */

static const chr_module *tried[4];   /* the module's own, by width */
static uint64_t broken = UINT64_MAX; /* first sample since it was asked that was not finite */
static const chr_engine *playing;

static bool is_bad(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (bits & 0x7f800000u) == 0x7f800000u;
}

/* A copy of the rows in which the marks are what they stand for. */
static chr_arg without_marks(chr_arg a, const chr_block *b, uint32_t lanes, float *rows) {
    size_t n = (a.step ? (size_t)b->to : 1) * lanes;
    for (size_t k = a.step ? (size_t)b->from * lanes : 0; k < n; k++)
        rows[k] = a.v[k] >= mark && a.v[k] < mark * (KINDS + 0.25f)
                      ? float_of(poisons[(size_t)(a.v[k] / mark + 0.5f) - 1])
                      : a.v[k];
    return (chr_arg){rows, a.step};
}

/* What lanes that belong to nobody give is nobody's business. */
static bool is_used(const chr_block *b, uint32_t lane) CHR_NONBLOCKING {
    const chr_graph *g = playing->audio.graph;
    for (uint32_t i = 0; i < g->n_instrs; i++)
        if (g->instrs[i].op == CHR_OP_PROCESS && g->live->outs + g->instrs[i].outs == b->outputs)
            return g->names[g->instrs[i].names + lane] != UINT32_MAX;
    return true;
}

static void in_front(void *state, const chr_block *b, chr_process_fn *own, const chr_module *m,
                     uint32_t lanes) CHR_NONBLOCKING {
    static _Alignas(64) float rows[CHR_MAX_INPUTS + CHR_MAX_PARAMS][CHR_CHUNK * 16];
    chr_arg args[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    for (int k = 0; k < m->n_inputs; k++)
        args[k] = without_marks(b->inputs[k], b, lanes, rows[k]);
    for (int k = 0; k < m->n_params; k++)
        args[m->n_inputs + k] = without_marks(b->params[k], b, lanes, rows[m->n_inputs + k]);
    chr_block with = *b;
    with.inputs = args;
    with.params = args + m->n_inputs;
    own(state, &with);
    for (int o = 0; o < m->n_outputs && own != m->accept; o++)
        for (uint32_t k = (uint32_t)b->from * lanes; k < (uint32_t)b->to * lanes; k++)
            if (is_bad(b->outputs[o][k]) && b->clock + k / lanes < broken && is_used(b, k % lanes))
                broken = b->clock + k / lanes;
}

#define IN_FRONT(w, lanes)                                                                         \
    static void process_##lanes(void *state, const chr_block *b) CHR_NONBLOCKING {                 \
        in_front(state, b, tried[w]->process, tried[w], lanes);                                    \
    }                                                                                              \
    static void emit_##lanes(void *state, const chr_block *b) CHR_NONBLOCKING {                    \
        in_front(state, b, tried[w]->emit, tried[w], lanes);                                       \
    }                                                                                              \
    static void accept_##lanes(void *state, const chr_block *b) CHR_NONBLOCKING {                  \
        in_front(state, b, tried[w]->accept, tried[w], lanes);                                     \
    }                                                                                              \
    static void init_##lanes(void *state, int lane, uint64_t seed, float rate_hz)                  \
        CHR_NONBLOCKING {                                                                          \
        bool fade = !strcmp(tried[w]->name, "xfade"); /* which begins now and is long */           \
        tried[w]->init(state, lane, fade ? 1u << 20 : seed, rate_hz);                              \
    }
FOR_WIDTHS(IN_FRONT)
#define KERNELS(w, lanes) {process_##lanes, emit_##lanes, accept_##lanes},
static chr_process_fn *const kernels[4][3] = {FOR_WIDTHS(KERNELS)};
#define INIT(w, lanes) init_##lanes,
static chr_init_fn *const inits[4] = {FOR_WIDTHS(INIT)};

/* ---- the registry with both ---- */

/* The functions of the linker's --wrap have the names that it gives them. */
const chr_build *__real_chr_registry_build(const char *isa, int lanes);
const chr_build *__wrap_chr_registry_build(const char *isa, int lanes);
int __real_chr_registry_find(const char *name);
int __wrap_chr_registry_find(const char *name);
const chr_module *const *__wrap_chr_registry_modules(void);

static chr_module replaced[4];
static const chr_module *lists[4][MOST];

/* The build with `poison` behind its modules, and the module that is tried behind its kernel. */
const chr_build *__wrap_chr_registry_build(const char *isa, int lanes) {
    static chr_build builds[4];
    const chr_build *own = __real_chr_registry_build(isa, lanes);
    int w = lanes == 1 ? 0 : lanes == 4 ? 1 : lanes == 8 ? 2 : 3, n = chr_registry_count();
    if (!own)
        return NULL;
    assert_true(n < MOST);
    memcpy(lists[w], own->modules, (size_t)n * sizeof *own->modules);
    lists[w][n] = &poison[w];
    for (int k = 0; tried[0] && k < n; k++)
        if (!strcmp(own->modules[k]->name, tried[0]->name) && own->modules[k]->process) {
            tried[w] = own->modules[k];
            replaced[w] = *tried[w];
            replaced[w].process = kernels[w][0];
            replaced[w].operation = 0; /* it is not that alone any more */
            replaced[w].most =
                NULL; /* what it gives does not follow from what it is seen to read */
            replaced[w].init = tried[w]->init ? inits[w] : NULL;
            replaced[w].emit = tried[w]->emit ? kernels[w][1] : NULL;
            replaced[w].accept = tried[w]->accept ? kernels[w][2] : NULL;
            lists[w][k] = &replaced[w];
        }
    builds[w] = *own;
    builds[w].modules = lists[w];
    return &builds[w];
}

int __wrap_chr_registry_find(const char *name) {
    return strcmp(name, "poison") ? __real_chr_registry_find(name) : chr_registry_count();
}

const chr_module *const *__wrap_chr_registry_modules(void) {
    return __wrap_chr_registry_build("x86-64", 1)->modules;
}

/* ---- sessions ---- */

/* Poison before an argument; what goes through it is a wave, or the number that the argument has by
 * itself. */
static void behind_poison(ir_maker *m, uint32_t o, uint32_t module, const char *word, float dflt,
                          uint32_t wave, uint32_t place, bool ill) {
    char label[32];
    snprintf(label, sizeof label, "before%u", place);
    uint32_t node = ir_node(m, o, "poison", label, 1);
    if (wave != UINT32_MAX)
        ir_wire(m, node, "in", wave, 0);
    else
        ir_set(m, node, "in", (double)dflt);
    ir_set(m, node, "place", ill ? place : 0.0);
    ir_wire(m, module, word, node, 0);
}

/* `from` a quarter as loud; not by the module that is tried. */
static uint32_t quieter(ir_maker *m, uint32_t o, const char *tried_name, uint32_t from,
                        const char *label) {
    bool mul = strcmp(tried_name, "mul") != 0;
    uint32_t less = ir_node(m, o, mul ? "mul" : "div", label, 1);
    ir_wire(m, less, "a", from, 0);
    ir_set(m, less, "b", mul ? 0.25 : 4.0);
    return less;
}

/* What is heard goes back, quieter and a sample late, and is joined to the wave. */
static uint32_t fed_back(ir_maker *m, uint32_t o, const chr_module *d, uint32_t module,
                         uint32_t wave) {
    uint32_t back = ir_node(m, o, "prev", "back", 1);
    uint32_t less = quieter(m, o, d->name, back, "less");
    uint32_t sum = ir_node(m, o, strcmp(d->name, "sub") ? "sub" : "add", "sum", 1);
    ir_wire(m, back, "in", module, 0);
    ir_wire(m, sum, "a", wave, 0);
    ir_wire(m, sum, "b", less, 0);
    return sum;
}

static void add_patch(ir_maker *m, const chr_module *d, uint32_t number, bool cycle, bool ill) {
    char name[8];
    snprintf(name, sizeof name, "p%u", number);
    uint32_t o = ir_owner(m, name, 1), saw = ir_node(m, o, "saw", "wave", 1), place = 0;
    ir_set(m, saw, "freq", 55.0 * (number + 1.1));
    uint32_t wave = quieter(m, o, d->name, saw, "quiet");
    uint32_t module = ir_node(m, o, d->name, "module", 1);
    uint32_t in = cycle ? fed_back(m, o, d, module, wave) : wave;
    for (int k = 0; k < d->n_inputs; k++)
        behind_poison(m, o, module, d->inputs[k].name, d->inputs[k].dflt, k ? wave : in, ++place,
                      ill);
    for (int k = 0; k < d->n_params; k++)
        if (!d->params[k].choices) {
            bool sounds = d->params[k].normal == CHR_NORMAL_IN || (!d->n_inputs && !k);
            behind_poison(m, o, module, d->params[k].word, d->params[k].dflt,
                          sounds && d->params[k].unit != CHR_UNIT_HZ ? in : UINT32_MAX, ++place,
                          ill);
        }
    ir_out(m, o, module, (uint32_t)d->n_outputs - 1);
}

static chr_engine *engine_of(const chr_module *d, int lanes, bool cycle, bool ill) {
    ir_maker m = ir_begin();
    for (uint32_t p = 0; p < PATCHES; p++)
        add_patch(&m, d, p, cycle, ill && p == VICTIM);
    chr_engine_options o = {
        .rate_hz = RATE, .lanes = lanes, .ceiling = true, .stems = true, .n_channels = 2};
    chr_engine *e = chr_engine_new(&o);
    assert_non_null(e);
    assert_int_equal(chr_engine_offer(e, ir_end(&m), NULL), CHR_OK);
    return e;
}

/* ---- the trial ---- */

typedef struct trial {
    const chr_module *module;
    int lanes, places, chunks;
    bool cycle, failed;
    int muted;                         /* chunks in which it was */
    float (*well)[PATCHES][CHR_CHUNK]; /* what is heard without poison, by chunk */
} trial;

static int failures;

/* The first that is wrong with a trial; the others go on, so that one run tells of all. */
static void complain(trial *t, const char *what, const char *about) {
    if (!t->failed)
        print_message("%s, %d lanes%s, %s: %s%s\n", t->module->name, t->lanes,
                      t->cycle ? ", in a cycle" : "", unseen ? "poisoned" : "behind poison", what,
                      about);
    failures += !t->failed;
    t->failed = true;
}

static void stems(const chr_engine *e, float to[PATCHES][CHR_CHUNK]) {
    const char *name;
    const float *left, *right;
    for (int i = 0; i < PATCHES; i++) {
        assert_true(chr_engine_stem(e, i, &name, &left, &right));
        memcpy(to[atoi(name + 1)], left, CHR_CHUNK * sizeof *left);
    }
}

static void play_well(trial *t) {
    float out[2 * CHR_CHUNK];
    chr_engine *e = engine_of(t->module, 16, t->cycle, false);
    broken = UINT64_MAX;
    playing = e;
    for (int k = 0; k < t->chunks; k++) {
        chr_engine_render(e, out, CHR_CHUNK);
        stems(e, t->well[k]);
    }
    if (broken != UINT64_MAX || chr_engine_read(e).faults)
        complain(t, "it breaks without poison", "");
    chr_engine_free(e);
}

/* Faults of the last chunk are named, and are the victim's alone. */
static void expect_names(trial *t, chr_engine *e, bool is_broken, bool given) {
    bool module = false, before = false;
    for (const char *name; (name = chr_engine_next_fault(e));) {
        module |= !strcmp(name, "p3.module");
        before |= !strncmp(name, "p3.before", 9);
        if (strncmp(name, "p3.", 3) && strcmp(name, "master"))
            complain(t, "blamed was ", name);
    }
    if (is_broken && !module)
        complain(t, "it was not named", "");
    if (before != (given && !unseen))
        complain(t, before ? "wrongly blamed: " : "not blamed: ", "poison");
}

/* One chunk; the peak of the victim. */
static float chunk(trial *t, chr_engine *e, int k) {
    static float out[2 * CHR_CHUNK], heard[PATCHES][CHR_CHUNK];
    float peak = 0.0f;
    uint64_t clock = (uint64_t)k * CHR_CHUNK;
    broken = UINT64_MAX;
    playing = e;
    chr_engine_render(e, out, CHR_CHUNK);
    stems(e, heard);
    for (int p = 0; p < PATCHES; p++)
        if (p != VICTIM && memcmp(heard[p], t->well[k][p], sizeof heard[p]) != 0)
            complain(t, "another patch differs", "");
    for (int i = 0; i < CHR_CHUNK; i++) {
        float x = heard[VICTIM][i];
        if (!isfinite(x) || !isfinite(out[2 * i]) || !isfinite(out[2 * i + 1]))
            complain(t, "heard is what is not finite", "");
        bool muted =
            t->module->state_bytes ? clock + (uint64_t)i >= broken : clock + (uint64_t)i == broken;
        if (muted && x != 0.0f)
            complain(t, "it is heard after it broke", "");
        peak = fmaxf(peak, fabsf(x));
    }
    uint64_t turn = (uint64_t)k / spacing;
    expect_names(t, e, broken != UINT64_MAX,
                 (uint64_t)k % spacing == 0 && turn < (uint64_t)(t->places * KINDS) &&
                     turn % KINDS < NOT_FINITE);
    t->muted += broken != UINT64_MAX;
    return peak;
}

enum { AFTER = 120 }; /* chunks without poison at the end */

static void try_lanes(trial *t, int lanes) {
    t->lanes = lanes;
    t->failed = false;
    chr_engine *e = engine_of(t->module, lanes, t->cycle, true);
    float peak = 0.0f, expected = 0.0f;
    for (int k = 0; k < t->chunks && !t->failed; k++) {
        float its = chunk(t, e, k);
        peak = k < t->chunks - AFTER ? 0.0f : fmaxf(peak, its);
    }
    for (int k = t->chunks - AFTER; k < t->chunks; k++)
        for (int i = 0; i < CHR_CHUNK; i++)
            expected = fmaxf(expected, fabsf(t->well[k][VICTIM][i]));
    if (expected > 0.0f && !(peak > 0.01f * expected))
        complain(t, "it stays silent", "");
    chr_engine_free(e);
}

/* A long history is emptied bit by bit, 4096 rows a chunk, and rows are a power of two. */
static uint64_t spacing_for(const chr_module *d) {
    float greatest[CHR_MAX_PARAMS];
    for (int k = 0; k < d->n_params; k++)
        greatest[k] = d->params[k].max;
    return 2 + (d->ring_rows ? 2 * d->ring_rows(RATE, greatest) / 4096 : 0);
}

/* In how many chunks it broke, all widths together. */
static int try_module(const chr_module *d) {
    static const int widths[] = {1, 4, 8, 16};
    trial t = {.module = d, .places = d->n_inputs};
    for (int k = 0; k < d->n_params; k++)
        t.places += !d->params[k].choices;
    spacing = spacing_for(d);
    t.chunks = t.places * KINDS * (int)spacing + AFTER;
    t.well = calloc((size_t)t.chunks, sizeof *t.well);
    assert_non_null(t.well);
    for (int cycle = 0; cycle < 2; cycle++) {
        t.cycle = cycle;
        play_well(&t);
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            if (cycle ? w % 3 == 0 : unseen || w % 2) /* the rest is the same again */
                try_lanes(&t, widths[w]);
    }
    free(t.well);
    return t.muted;
}

static void try_all(bool around) {
    int muted = 0, breakable = 0;
    failures = 0;
    unseen = around;
    for (int k = 0; k < chr_registry_count(); k++) {
        tried[0] = NULL;
        const chr_module *d = chr_registry_modules()[k];
        if (d->shape == CHR_SUM)
            continue; /* no kernel of its own: unit/engine_faults lets a sum overflow */
        tried[0] = d;
        int its = try_module(d);
        muted += its;
        breakable += its > 0;
    }
    print_message("%d modules broke, in %d chunks\n", breakable, muted);
    assert_int_equal(failures, 0);
    assert_true(breakable > 20); /* or nothing was tried at all */
}

static void a_poisoned_module_is_muted_and_named_and_no_other_differs(void **state) {
    (void)state;
    try_all(true);
}

static void what_makes_poison_is_muted_and_the_module_behind_it_goes_on(void **state) {
    (void)state;
    try_all(false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_poisoned_module_is_muted_and_named_and_no_other_differs),
        cmocka_unit_test(what_makes_poison_is_muted_and_the_module_behind_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
