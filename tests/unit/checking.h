/* tests/unit/checking.h: what the tests of the check share: a table of invented modules, text in,
 * IR and messages out. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_UNIT_CHECKING_H
#define CHR_TESTS_UNIT_CHECKING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lang/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- modules that make no sound, with every kind of port, parameter and shape ---- */

static const chr_port made[] = {
    {.name = "out", .kind = CHR_AUDIO, .doc = "sound"}
};
static const chr_port moved[] = {
    {.name = "out", .kind = CHR_CONTROL, .doc = "movement"}
};
static const chr_port sides[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left" },
    {.name = "right", .kind = CHR_AUDIO, .doc = "right"}
};
static const chr_port entering[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "sound", .normal = CHR_NORMAL_IN}
};
static const chr_port entering_sides[] = {
    {.name = "left",  .kind = CHR_AUDIO, .doc = "left",  .normal = CHR_NORMAL_IN},
    {.name = "right", .kind = CHR_AUDIO, .doc = "right", .normal = CHR_NORMAL_IN}
};
static const chr_port shaped[] = {
    {.name = "in", .kind = CHR_AUDIO, .doc = "sound", .normal = CHR_NORMAL_IN,    .dflt = 1},
    {.name = "gate",            .kind = CHR_GATE,                .doc = "gate",   .normal = CHR_NORMAL_GATE}
};

#define PARAM(word_, unit_, min_, max_, dflt_)                                                     \
    {                                                                                              \
        .word = word_, .display = word_, .unit = unit_, .min = min_, .max = max_, .dflt = dflt_,   \
        .doc = "."                                                                                 \
    }
static const chr_param_info tone_params[] = {
    {.word = "freq",
     .unit = CHR_UNIT_HZ,
     .min = 1,
     .max = 20000,
     .dflt = 220,
     .doc = ".",
     .normal = CHR_NORMAL_FREQ},
    {.word = "wave",              .min = 0,    .max = 2, .dflt = 0, .doc = ".", .choices = "saw|square|sine"}
};
static const chr_param_info lpf_params[] = {PARAM("cutoff", CHR_UNIT_HZ, 20, 20000, 1000),
                                            PARAM("res", CHR_UNIT_RATIO, 0, 1, 0.2f)};
static const chr_param_info lfo_params[] = {PARAM("rate", CHR_UNIT_HZ, 0.01f, 100, 1)};
static const chr_param_info gain_params[] = {PARAM("level", CHR_UNIT_RATIO, 0, 8, 1)};
static const chr_param_info echo_params[] = {PARAM("time", CHR_UNIT_S, 0, 10, 0.3f)};
static const chr_param_info room_params[] = {PARAM("size", CHR_UNIT_RATIO, 0, 1, 0.5f),
                                             PARAM("mix", CHR_UNIT_RATIO, 0, 1, 0.3f)};
static const chr_param_info pan_params[] = {PARAM("position", CHR_UNIT_NONE, -1, 1, 0)};
static const chr_param_info slew_params[] = {PARAM("time", CHR_UNIT_S, 0, 60, 0.05f)};
static const chr_param_info level_params[] = {
    PARAM("gain", CHR_UNIT_RATIO, 0, 8, 1), PARAM("pan", CHR_UNIT_NONE, -1, 1, 0),
    PARAM("width", CHR_UNIT_RATIO, 0, 2, 1), PARAM("on", CHR_UNIT_RATIO, 0, 1, 1)};
static const chr_param_info operands[] = {PARAM("a", CHR_UNIT_NONE, -1e9f, 1e9f, 0),
                                          PARAM("b", CHR_UNIT_NONE, -1e9f, 1e9f, 0)};
static const chr_param_info choice_of_two[] = {
    {.word = "cond", .min = -1e9f, .max = 1e9f, .doc = ".", .normal = CHR_NORMAL_IN},
    PARAM("then", CHR_UNIT_NONE, -1e9f, 1e9f, 1),
    PARAM("else", CHR_UNIT_NONE, -1e9f, 1e9f, 0)
};

static inline void process_nothing(void *state, const chr_block *b) {
    (void)state;
    (void)b;
}
static inline void weigh_equally(int i, int n, const float *params, float *left, float *right) {
    (void)i;
    (void)n;
    (void)params;
    *left = *right = 1;
}
static inline void weigh_by_place(int i, int n, const float *params, float *left, float *right) {
    (void)params;
    *left = n > 1 ? 1 - (float)i / (float)(n - 1) : 1;
    *right = n > 1 ? (float)i / (float)(n - 1) : 1;
}
static inline size_t echo_rows(float rate_hz, const float *greatest) {
    return (size_t)(rate_hz * greatest[0]) + 1;
}

#define COUNT(list) .n_##list = (int)(sizeof list##_ / sizeof list##_[0])
#define LIST_OF(field, list) .field = list, .n_##field = (int)(sizeof list / sizeof list[0])
#define MODULE(name_, ...)                                                                         \
    static const chr_module module_##name_ = {                                                     \
        .name = #name_, .process = process_nothing, __VA_ARGS__}
MODULE(tone, LIST_OF(outputs, made), LIST_OF(params, tone_params));
MODULE(lpf, LIST_OF(inputs, entering), LIST_OF(outputs, made), LIST_OF(params, lpf_params));
MODULE(lfo, LIST_OF(outputs, moved), LIST_OF(params, lfo_params));
MODULE(env, LIST_OF(inputs, shaped), LIST_OF(outputs, moved));
MODULE(gain, LIST_OF(inputs, entering), LIST_OF(outputs, made), LIST_OF(params, gain_params));
MODULE(echo, LIST_OF(inputs, entering), LIST_OF(outputs, made), LIST_OF(params, echo_params),
       .emit = process_nothing, .accept = process_nothing, .ring_rows = echo_rows,
       .ring_columns = 1);
MODULE(prev, LIST_OF(inputs, entering), LIST_OF(outputs, made), .emit = process_nothing,
       .accept = process_nothing);
MODULE(room, LIST_OF(inputs, entering_sides), LIST_OF(outputs, sides), LIST_OF(params, room_params),
       .shape = CHR_STEREO);
MODULE(pan, LIST_OF(inputs, entering), LIST_OF(outputs, sides), LIST_OF(params, pan_params),
       .shape = CHR_STEREO_OUT);
MODULE(mix, LIST_OF(inputs, entering), LIST_OF(outputs, made), .shape = CHR_SUM,
       .weights = weigh_equally);
MODULE(spread, LIST_OF(inputs, entering), LIST_OF(outputs, sides), .shape = CHR_SUM,
       .weights = weigh_by_place);
MODULE(slew, LIST_OF(inputs, entering), LIST_OF(outputs, moved), LIST_OF(params, slew_params));
MODULE(if, LIST_OF(outputs, made), LIST_OF(params, choice_of_two));
MODULE(max, LIST_OF(outputs, made), LIST_OF(params, operands));
MODULE(level, LIST_OF(inputs, entering_sides), LIST_OF(outputs, sides),
       LIST_OF(params, level_params), .shape = CHR_STEREO, .hidden = true);
#define OPERATOR(name_)                                                                            \
    MODULE(name_, LIST_OF(outputs, made), LIST_OF(params, operands), .hidden = true)
OPERATOR(add);
OPERATOR(sub);
OPERATOR(mul);
OPERATOR(div);
OPERATOR(mod);
OPERATOR(pow);
OPERATOR(eq);
MODULE(neg, LIST_OF(outputs, made), .params = operands, .n_params = 1, .hidden = true);

static const chr_module *const invented[] = {
    &module_tone, &module_lpf,  &module_lfo,   &module_env, &module_gain,   &module_echo,
    &module_prev, &module_room, &module_pan,   &module_mix, &module_spread, &module_slew,
    &module_if,   &module_max,  &module_level, &module_add, &module_sub,    &module_mul,
    &module_div,  &module_mod,  &module_pow,   &module_eq,  &module_neg};

/* ---- text in, IR and messages out ---- */

typedef struct checked {
    chr_arena *arena;
    chr_diags diags;
    chr_ir *ir;
    char *printed;  /* the IR, "" if there is none */
    char *messages; /* as a player sees them */
} checked;

static const char *const library_text =
    "module drum {\n  param freq = 50Hz in 20Hz..200Hz log pitch\n  param click = soft in "
    "off|soft|hard\n"
    "  let drop = env()\n  tone freq*(1 + drop) wave=sine > gain if(click == hard, 4, 1) > env\n}\n"
    "module synth {\n  param voices = 4 in 1..16\n  param cutoff = 2kHz in 20Hz..20kHz log\n"
    "  tone > lpf cutoff > env > mix > room\n}\n";

static inline bool muted_are_off(void *context, const char *owner) {
    return context == NULL || strcmp(context, owner) != 0;
}

static inline checked check_with(const char *text, char *muted) {
    checked k = {.arena = chr_arena_new(0)};
    assert_non_null(k.arena);
    chr_diags_init(&k.diags, k.arena);
    const char *texts[2] = {library_text, text}, *names[2] = {"library:test", "test.chr"};
    const chr_ast **lists[2];
    int n[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        chr_source *source = CHR_NEW(k.arena, chr_source);
        assert_non_null(source);
        *source = (chr_source){names[i], texts[i], strlen(texts[i]), 1};
        const chr_ast *tree = chr_parse(source, k.arena, &k.diags);
        assert_non_null(tree);
        for (const chr_ast *s = tree->child; s != NULL; s = s->next)
            n[i]++;
        lists[i] = CHR_NEW_N(k.arena, const chr_ast *, n[i] + 1);
        assert_non_null(lists[i]);
        n[i] = 0;
        for (const chr_ast *s = tree->child; s != NULL; s = s->next)
            lists[i][n[i]++] = s;
    }
    chr_program program = {
        .statements = lists[1],
        .n = n[1],
        .library = lists[0],
        .n_library = n[0],
        .modules = {invented, (int)(sizeof invented / sizeof invented[0])},
        .seed = 1,
        .plays = muted_are_off,
        .context = muted
    };
    k.ir = chr_check(&program, &k.diags);
    size_t size;
    FILE *to = open_memstream(&k.printed, &size);
    assert_non_null(to);
    if (k.ir != NULL)
        chr_ir_print(k.ir, to);
    fclose(to);
    to = open_memstream(&k.messages, &size);
    assert_non_null(to);
    chr_diags_print(&k.diags, to, false, 0);
    fclose(to);
    return k;
}

static inline void checked_free(checked *k) {
    chr_ir_free(k->ir);
    free(k->printed);
    free(k->messages);
    chr_arena_free(k->arena);
}

/* The text is right, and each of the pieces stands in its printed IR. */
#define EXPECT(text, ...) expect_all(text, NULL, (const char *const[]){__VA_ARGS__, NULL})
static inline void expect_all(const char *text, char *muted, const char *const *pieces) {
    checked k = check_with(text, muted);
    if (k.ir == NULL)
        fail_msg("%s\n%s", text, k.messages);
    for (int i = 0; pieces[i] != NULL; i++)
        if (strstr(k.printed, pieces[i]) == NULL)
            fail_msg("%s\nno `%s` in\n%s", text, pieces[i], k.printed);
    checked_free(&k);
}

/* Same IR from two texts. */
static inline void expect_same(const char *a, const char *b) {
    checked x = check_with(a, NULL), y = check_with(b, NULL);
    if (x.ir == NULL || y.ir == NULL)
        fail_msg("%s\n%s%s\n%s", a, x.messages, b, y.messages);
    assert_string_equal(x.printed, y.printed);
    checked_free(&x);
    checked_free(&y);
}

/* All codes of the messages, in order: "E401 W401". */
static inline void expect_codes(const char *text, const char *codes) {
    checked k = check_with(text, NULL);
    char said[512] = "";
    for (const chr_diag *d = k.diags.first; d != NULL; d = d->next) {
        size_t n = strlen(said);
        snprintf(said + n, sizeof said - n, "%s%s", n > 0 ? " " : "", chr_code_name(d->code));
    }
    if (strcmp(said, codes) != 0)
        fail_msg("%s\nexpected %s, said %s\n%s", text, codes, said, k.messages);
    assert_int_equal(k.ir == NULL, k.diags.n_errors > 0);
    checked_free(&k);
}

#endif
