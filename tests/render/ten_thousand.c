/* tests/render/ten_thousand.c: thousands of evaluations while it plays, a quarter each: the same
 * text, numbers, patches that come and go, structure. No click, memory stays flat, old graphs go.
 * CHRONUS_EVALUATIONS=N asks for another number than that of every day. SPDX-License-Identifier:
 * MIT */
#include "runtime/player.h"
#include "tests/support/analysis.h"

#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE = 48000, CHUNKS = 6, WARM = 1000, LIMIT_DB = -80 };

/* The file as it stands at the n-th evaluation: a drone, a sine, a melody too low to click. */
static void write_text(int n, char *text, size_t size) {
    static int cutoff, extra, filter;
    static const char *const extras[] = {"", "patch far: sine 330 * 0.05 > out\n",
                                         "patch far: sine 330 * 0.05 > out\n"
                                         "patch farther: sine 550 > lpf 600 > gain -20dB > out\n"};
    switch (n % 4) {
    case 1:
        cutoff = n / 4 % 100;
        break;
    case 2:
        extra = n / 4 % 3;
        break;
    case 3:
        filter = n / 4 % 2;
        break;
    default:
        break;
    }
    snprintf(text, size,
             "patch hum: saw 55 > lpf %d > lpf 300%s > lpf 300 > gain -6dB > out\n"
             "patch tone: sine 220 > gain -10dB > out\n"
             "%splay\n",
             250 + cutoff, filter ? " > lpf 500 as more" : "", extras[extra]);
}

typedef struct hearing {
    float *left;
    size_t n;
    double worst, level;
} hearing;

/* Judged in pieces that overlap by what the instrument does not judge at either end. */
static void hear(hearing *h, chr_engine *e, size_t piece) {
    float out[2 * CHR_CHUNK];
    chr_engine_render(e, out, CHR_CHUNK);
    for (int i = 0; i < CHR_CHUNK; i++) {
        assert_true(isfinite(out[2 * i]));
        h->left[h->n++] = out[2 * i];
    }
    if (h->n < piece)
        return;
    h->level = an_rms(h->left, h->n);
    h->worst = fmax(h->worst, an_above_10k_db(h->left, h->n, RATE, h->level, NULL));
    memmove(h->left, h->left + h->n - 512, 512 * sizeof *h->left);
    h->n = 512;
}

static void evaluations_neither_click_nor_gather(void **state) {
    (void)state;
    const char *asked = getenv("CHRONUS_EVALUATIONS");
    int evaluations = asked ? atoi(asked) : 10000, most_graphs = 0;
    assert_true(evaluations > WARM);
    chr_player_options o = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .ceiling = true}
    };
    chr_player *p = chr_player_new(&o);
    assert_non_null(p);
    chr_engine *e = chr_player_engine(p);
    enum { PIECE = 1 << 16 };
    hearing h = {.left = calloc(PIECE + CHR_CHUNK, sizeof(float)), .worst = -400};
    assert_non_null(h.left);
    size_t before = 0, peak = 0;
    for (int n = 0; n < evaluations; n++) {
        char text[512];
        write_text(n, text, sizeof text);
        chr_evaluation did = chr_player_evaluate(p, text, strlen(text), "set.chr", "set.chr");
        assert_int_equal(did.status, CHR_OK);
        assert_int_equal(did.n_errors, 0);
        for (int k = 0; k < (n == 0 ? RATE / CHR_CHUNK : CHUNKS); k++) {
            chr_player_tend(p);
            if (n == 0) { /* what begins is none of this test */
                float out[2 * CHR_CHUNK];
                chr_engine_render(e, out, CHR_CHUNK);
            } else {
                hear(&h, e, PIECE);
            }
        }
        int graphs = chr_player_look(p).graphs_alive;
        most_graphs = graphs > most_graphs ? graphs : most_graphs;
        size_t now = mallinfo2().uordblks;
        if (n == WARM)
            before = now;
        peak = n > WARM && now > peak ? now : peak;
    }
    for (int i = 0; i < RATE / CHR_CHUNK; i++) {
        chr_player_tend(p);
        hear(&h, e, PIECE);
    }
    chr_engine_counters c = chr_player_look(p);
    print_message("%d evaluations, %d swaps: %.1f dB above 10 kHz in the worst 1 ms, at most %d "
                  "graphs alive, memory %+.0f KiB at most\n",
                  evaluations, (int)c.swaps, h.worst, most_graphs,
                  ((double)peak - (double)before) / 1024.0);
    assert_true(h.level > 0.01);
    assert_true(h.worst <= LIMIT_DB);
    assert_true((double)peak - (double)before <= 1024.0 * 1024.0);
    /* Each graph goes as soon as the next one is heard; a second later the last one stands alone.
     */
    assert_true(most_graphs <= 4);
    assert_int_equal(c.graphs_alive, 1);
    assert_int_equal(c.faults, 0);
    free(h.left);
    chr_player_free(p);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(evaluations_neither_click_nor_gather)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
