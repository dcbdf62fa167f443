/* tests/contract/limits.c: every module at the ends of its ranges, at strange rates, on silence and
 * on full scale.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/stimulus.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect_finite(const rig *r, size_t n, const char *what) {
    for (int o = 0; o < r->module->n_outputs; o++)
        for (int lane = 0; lane < r->lanes; lane++)
            for (size_t i = 0; i < n; i++)
                if (!isfinite(rig_output(r, o, lane)[i]))
                    fail_msg("%s: %s: %g at sample %zu of output %d, lane %d", r->module->name,
                             what, (double)rig_output(r, o, lane)[i], i, o, lane);
}

/* What an input hears: lane by lane silence, full scale at half the rate, full scale at a low tone,
 * a constant 1. */
static void feed(rig *r, float *const *signals) {
    for (int k = 0; k < r->module->n_inputs; k++)
        for (int lane = 0; lane < r->lanes; lane++)
            r->input[k][lane].signal = signals[(lane + k) % 4];
}

/* Lane by lane: each parameter at its least, its greatest; the parameters together there; the rest
 * at the default. */
static void finite_at_range_ends(const chr_module *m, float rate_hz, float *const *signals,
                                 size_t n) {
    int cases = 2 * (m->n_params + 1) * 4;
    for (int first = 0; first < cases; first += 16) {
        rig *r = rig_open(rig_module(m->name, NULL, 16), 16, rate_hz, 3);
        feed(r, signals);
        for (int lane = 0; lane < 16 && first + lane < cases; lane++) {
            int which = (first + lane) / 4 / 2;
            bool high = (first + lane) / 4 % 2;
            for (int k = 0; k < m->n_params; k++)
                if (!m->params[k].choices && (which == k || which == m->n_params))
                    r->param[k][lane].value = high ? m->params[k].max : m->params[k].min;
        }
        rig_run(r, n);
        char what[64];
        snprintf(what, sizeof what, "at %g Hz", (double)rate_hz);
        expect_finite(r, n, what);
        rig_close(r);
    }
}

static const float rates[] = {8000.0f, 48000.0f, 192000.0f};

static void is_finite_at_each_range_end(const chr_module *m) {
    for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
        size_t n = (size_t)(rates[k] * 0.1f);
        float *signals[4];
        for (int s = 0; s < 4; s++) {
            signals[s] = calloc(n, sizeof(float));
            assert_non_null(signals[s]);
        }
        for (size_t i = 0; i < n; i++) {
            signals[1][i] = i % 2 ? -1.0f : 1.0f;
            signals[2][i] = i / 200 % 2 ? -1.0f : 1.0f;
            signals[3][i] = 1.0f;
        }
        finite_at_range_ends(m, rates[k], signals, n);
        for (int s = 0; s < 4; s++)
            free(signals[s]);
    }
}

/* Parameters that are swept over their whole range at audio rate, each choice too. */
static void is_finite_under_moving_parameters(const chr_module *m) {
    for (int number = 0; number < stimulus_count(m); number++)
        for (size_t k = 0; k < sizeof rates / sizeof rates[0]; k++) {
            stimulus *s = stimulus_new(m, number, 6000);
            rig *r = rig_open(rig_module(m->name, NULL, 16), 16, rates[k], 5);
            stimulus_connect(s, r, 0);
            rig_run(r, s->n);
            expect_finite(r, s->n, stimulus_name(s));
            rig_close(r);
            stimulus_free(s);
        }
}

/* Lane by lane each input and parameter is poisoned, and in the last lane all of them together. */
static void poison(rig *r, float *const *poisons) {
    int n = r->module->n_inputs + r->module->n_params;
    for (int lane = 0; lane < r->lanes; lane++)
        for (int k = 0; k < n; k++) {
            const chr_param_info *p =
                k < r->module->n_inputs ? NULL : &r->module->params[k - r->module->n_inputs];
            if ((p && p->choices) || (lane % (n + 1) != k && lane % (n + 1) != n))
                continue;
            if (p)
                r->param[k - r->module->n_inputs][lane].signal = poisons[(lane + k) % 4];
            else
                r->input[k][lane].signal = poisons[(lane + k) % 4];
        }
}

/* Nobody looks at what a bounded module gives: no signal may bring it to give what is no number. */
static void is_finite_whatever_it_reads(const chr_module *m) {
    enum { TOTAL = 4000 };
    static const float kinds[] = {NAN,    INFINITY, -INFINITY, 1e30f, -1e30f, 3.4e38f,
                                  1e-40f, 0.0f,     1.0f,      -1.0f, 440.0f};
    if (!m->bounded)
        return;
    float *poisons[4];
    uint32_t seed = 5;
    for (int s = 0; s < 4; s++) {
        poisons[s] = calloc(TOTAL, sizeof(float));
        assert_non_null(poisons[s]);
        for (int i = 0; i < TOTAL; i++) {
            seed = seed * 1664525u + 1013904223u;
            poisons[s][i] = kinds[(seed >> 24) % (sizeof kinds / sizeof kinds[0])];
        }
    }
    for (int number = 0; number < stimulus_count(m); number++) {
        stimulus *s = stimulus_new(m, number, TOTAL);
        rig *r = rig_open(rig_module(m->name, NULL, 16), 16, 48000.0f, 11);
        stimulus_connect(s, r, 0);
        poison(r, poisons);
        rig_run(r, TOTAL);
        expect_finite(r, TOTAL, stimulus_name(s));
        rig_close(r);
        stimulus_free(s);
    }
    for (int s = 0; s < 4; s++)
        free(poisons[s]);
}

/* What each argument reads is as great as `size` and no greater. */
static void expect_no_more(const chr_module *m, stimulus *s, float size, float *const *signals,
                           size_t n) {
    float most[CHR_MAX_INPUTS + CHR_MAX_PARAMS];
    rig *r = rig_open(rig_module(m->name, NULL, 16), 16, 48000.0f, 11);
    stimulus_connect(s, r, 0);
    for (int k = 0; k < m->n_inputs + m->n_params; k++) {
        bool chosen = k >= m->n_inputs && m->params[k - m->n_inputs].choices;
        most[k] = chosen ? m->params[k - m->n_inputs].max : size;
        for (int lane = 0; lane < r->lanes && !chosen; lane++)
            if (k < m->n_inputs)
                r->input[k][lane].signal = signals[(lane + 3 * k) % 16];
            else
                r->param[k - m->n_inputs][lane].signal = signals[(lane + 3 * k) % 16];
    }
    rig_run(r, n);
    float limit = m->most(most);
    for (int o = 0; limit < INFINITY && o < m->n_outputs; o++)
        for (int lane = 0; lane < r->lanes; lane++)
            for (size_t i = 0; i < n; i++)
                if (!(fabsf(rig_output(r, o, lane)[i]) <= limit))
                    fail_msg("%s: %g at %g, where it says that %g is the most", m->name,
                             (double)rig_output(r, o, lane)[i], (double)size, (double)limit);
    rig_close(r);
}

/* Nobody looks at what cannot be too great: it may not be greater than its module says. */
static void is_no_greater_than_it_says(const chr_module *m) {
    enum { TOTAL = 4000, SIGNALS = 16 };
    static const float sizes[] = {0.001f, 1.0f, 100.0f, 1e9f, 1e19f, 1e30f, 3e38f};
    if (!m->most)
        return;
    float *signals[SIGNALS];
    for (int k = 0; k < SIGNALS; k++)
        assert_non_null(signals[k] = calloc(TOTAL, sizeof(float)));
    for (size_t z = 0; z < sizeof sizes / sizeof sizes[0]; z++) {
        uint32_t seed = 5;
        for (int i = 0; i < SIGNALS * TOTAL; i++) {
            const float kinds[] = {1.0f, -1.0f, 0.0f, 1e-20f, 0.001f, 0.9f, -0.9f, 0.5f};
            float *to = &signals[i % SIGNALS][i / SIGNALS];
            seed = seed * 1664525u + 1013904223u;
            *to = seed >> 29 || i < SIGNALS ? kinds[(seed >> 24) % 8] * sizes[z] : to[-1];
            if (seed >> 28 == 15) /* and something small */
                *to = fminf(1.0f, sizes[z]);
        }
        for (int number = 0; number < stimulus_count(m); number++) {
            stimulus *s = stimulus_new(m, number, TOTAL);
            expect_no_more(m, s, sizes[z], signals, TOTAL);
            stimulus_free(s);
        }
    }
    for (int k = 0; k < SIGNALS; k++)
        free(signals[k]);
}

/* After a second of noise and then silence an effect is where it would be had it never heard
 * anything. */
static void falls_silent_after_its_input(const chr_module *m) {
    enum { RATE = 48000, LOUD = RATE / 2, TOTAL = 20 * RATE, LAST = RATE / 10 };
    if (!m->n_inputs || m->inputs[0].kind != CHR_AUDIO || !strcmp(m->inputs[0].name, "sync"))
        return;
    float *signal = calloc(TOTAL, sizeof *signal);
    assert_non_null(signal);
    uint32_t seed = 1;
    for (int i = 0; i < LOUD; i++) {
        seed = seed * 1664525u + 1013904223u;
        signal[i] = (float)((int32_t)seed >> 8) * 0x1p-23f;
    }
    rig *fed = rig_open(rig_module(m->name, NULL, 4), 4, RATE, 9),
        *unfed = rig_open(fed->module, 4, RATE, 9);
    for (int k = 0; k < m->n_inputs; k++)
        for (int lane = 0; lane < 4; lane++)
            if (m->inputs[k].kind == CHR_AUDIO)
                fed->input[k][lane].signal = signal;
    rig_run(fed, TOTAL);
    rig_run(unfed, TOTAL);
    for (int o = 0; o < m->n_outputs; o++)
        for (int lane = 0; lane < 4; lane++) {
            const float *x = rig_output(fed, o, lane) + TOTAL - LAST,
                        *y = rig_output(unfed, o, lane) + TOTAL - LAST;
            double left = an_difference_db(x, y, LAST);
            if (!(left < -100.0))
                fail_msg("%s: still at %.1f dB after 19 s of silence", m->name, left);
        }
    rig_close(fed);
    rig_close(unfed);
    free(signal);
}

static void every_module_is_finite_at_each_range_end(void **state) {
    (void)state;
    for_every_module(is_finite_at_each_range_end);
}
static void every_module_is_finite_under_moving_parameters(void **state) {
    (void)state;
    for_every_module(is_finite_under_moving_parameters);
}
static void every_bounded_module_is_finite_whatever_it_reads(void **state) {
    (void)state;
    for_every_module(is_finite_whatever_it_reads);
}
static void no_module_is_greater_than_it_says(void **state) {
    (void)state;
    for_every_module(is_no_greater_than_it_says);
}
static void every_effect_falls_silent_after_its_input(void **state) {
    (void)state;
    for_every_module(falls_silent_after_its_input);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_module_is_finite_at_each_range_end),
        cmocka_unit_test(every_module_is_finite_under_moving_parameters),
        cmocka_unit_test(every_bounded_module_is_finite_whatever_it_reads),
        cmocka_unit_test(no_module_is_greater_than_it_says),
        cmocka_unit_test(every_effect_falls_silent_after_its_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
