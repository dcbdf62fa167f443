/* tests/unit/effects_reverb_network.c: the network of `reverb`, written plainly in double
 * precision, sample by sample, from Jot and Chaigne (1991): lines, losses, Hadamard matrix; beside
 * the module.
 *
 * SPDX-License-Identifier: MIT */
#include "tests/support/analysis.h"
#include "tests/support/effects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N = 36000, LINES = 8 };
static const double rate = 48000.0;

static const double line_s[LINES] = {0.03163, 0.03701, 0.04297, 0.05009,
                                     0.05827, 0.06779, 0.07907, 0.09187};
static const double burst_s[2][4] = {
    {0.00217, 0.00331, 0.00537, 0.00811},
    {0.00223, 0.00311, 0.00571, 0.00769}
};
static const double burst_gain[4] = {0.7, 0.7, 0.6, 0.6};
static const int into[2][LINES] = {
    {1, 1,  1, 1,  -1, -1, -1, -1},
    {1, -1, 1, -1, 1,  -1, 1,  -1}
};
static const int heard[2][LINES] = {
    {1, 1,  -1, -1, 1, 1,  -1, -1},
    {1, -1, -1, 1,  1, -1, -1, 1 }
};

static double at(const double *x, int i) {
    return i < 0 ? 0.0 : x[i];
}

/* Third-order Lagrange interpolation of x at i - distance. */
static double between(const double *x, int i, double distance) {
    int whole = (int)floor(distance);
    double t = distance - whole, sum = 0.0;
    for (int k = -1; k <= 2; k++) {
        double term = at(x, i - whole - k);
        for (int m = -1; m <= 2; m++)
            if (m != k)
                term *= (t - m) / (k - m);
        sum += term;
    }
    return sum;
}

typedef struct reference {
    double pause[2][N], burst[2][4][N], line[LINES][N], under[2], low[LINES];
} reference;

/* Entry k, j of the Hadamard matrix of order 8 over its square root. */
static double hadamard(int k, int j) {
    int common = k & j, odd = 0;
    for (; common; common &= common - 1)
        odd ^= 1;
    return (odd ? -1.0 : 1.0) / sqrt(LINES);
}

static double entering(reference *r, int side, int i, double in) {
    const double turn = 2.0 * acos(-1.0);
    r->under[side] += 25.0 * turn / rate * (in - r->under[side]);
    r->pause[side][i] = in - r->under[side];
    double x = at(r->pause[side], i - 480);
    for (int k = 0; k < 4; k++) {
        double old = at(r->burst[side][k], i - (int)(burst_s[side][k] * rate) - 1);
        r->burst[side][k][i] = x + burst_gain[k] * old;
        x = old - burst_gain[k] * r->burst[side][k][i];
    }
    return x;
}

static void answer(reference *r, int i, const double enter[2], double size, double decay_s,
                   double damp, double out[2]) {
    const double turn = 2.0 * acos(-1.0), corner = 6000.0 * turn / rate;
    double x[LINES], lost = 0.0, scale = 0.16 + 0.84 * size, share = corner / (1.0 + corner);
    double phase = turn * i * floor(0.71 / rate * 4294967296.0) / 4294967296.0;
    out[0] = out[1] = 0.0;
    for (int k = 0; k < LINES; k++) {
        double length_s = line_s[k] * scale, distance = floor(length_s * rate + 0.5);
        double swing = 0.0002 * rate * (k < 2 ? sin(phase) : cos(phase));
        x[k] = k < 4 ? between(r->line[k], i, distance + (k % 2 ? -swing : swing))
                     : at(r->line[k], i - (int)distance);
        double bass = pow(10.0, -3.0 * length_s / (1.04 * decay_s));
        double treble = pow(10.0, -3.0 * length_s / (1.04 * decay_s * (1.0 - 0.9 * damp)));
        lost += 1.0 - bass * bass;
        r->low[k] += share * (x[k] - r->low[k]);
        x[k] = treble * x[k] + (bass - treble) * r->low[k];
        out[0] += heard[0][k] * x[k];
        out[1] += heard[1][k] * x[k];
    }
    for (int k = 0; k < LINES; k++) {
        r->line[k][i] = sqrt(0.0225 * lost) * (into[0][k] * enter[0] + into[1][k] * enter[1]);
        for (int j = 0; j < LINES; j++)
            r->line[k][i] += hadamard(k, j) * x[j];
    }
}

static void the_network_follows_the_double_precision_reference(void **unused) {
    (void)unused;
    float *in[2] = {fx_silence(N), fx_silence(N)};
    reference *plain = calloc(1, sizeof *plain);
    assert_non_null(plain);
    fx_noise(in[0], N, 0.5f, 1);
    fx_sine(in[1], N, 0.5, 441, rate);
    rig *r = fx_open("reverb", 48000);
    rig_set(r, "size", 0.6f);
    rig_set(r, "decay", 1.5f);
    rig_set(r, "damp", 0.4f);
    rig_set(r, "mix", 0.5f);
    rig_set_signal(r, "left", in[0]);
    rig_set_signal(r, "right", in[1]);
    rig_run(r, N);
    double worst = 0.0;
    for (int i = 0; i < N; i++) {
        double enter[2], wet[2];
        for (int side = 0; side < 2; side++)
            enter[side] = entering(plain, side, i, (double)in[side][i]);
        answer(plain, i, enter, 0.6, 1.5, 0.4, wet);
        for (int side = 0; side < 2; side++)
            worst = fmax(worst, fabs(0.5 * (double)in[side][i] + 0.5 * wet[side] -
                                     (double)rig_output(r, side, 0)[i]));
    }
    print_message("reverb: worst difference from double precision %.1f dB\n", an_db(worst));
    assert_true(an_db(worst) < -85.0);
    rig_close(r);
    free(plain);
    free(in[0]);
    free(in[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_network_follows_the_double_precision_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
