/* tests/examples/examples.c: each example says what is heard, has no warning, sounds, stays below
 * the ceiling, and clicks nowhere.
 *
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/noted.h"
#include "runtime/player.h"
#include "tests/examples/hear.h"
#include "tests/support/analysis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void is_explained(const char *path, const char *name) {
    char *text = hear_source(path);
    if (text[0] != '#' || !strstr(text, "\n# Change: "))
        fail_msg("%s does not begin by saying what is heard and what to change", name);
    free(text);
}

static void has_no_warning(const char *path, const char *name) {
    char *said = hear_check(path);
    assert_non_null(said);
    if (!strstr(said, "nothing wrong") || strstr(said, "warning"))
        fail_msg("%s: %s", name, said);
    free(said);
}

/* Beats a minute that a script asks for. */
static double tempo_of(const char *path) {
    char *text = hear_source(path), *line = strstr(text, "\ntempo ");
    double bpm = line ? atof(line + 7) : 120.0;
    free(text);
    return bpm;
}

/* Sets out what is sharp in a sound: the fourth difference, which rises by 24 dB an octave. */
static float *edges(const float *x, size_t n) {
    float *y = calloc(n + 4, sizeof *y);
    assert_non_null(y);
    for (size_t i = 4; i < n; i++)
        y[i] = (x[i] - 4 * x[i - 1] + 6 * x[i - 2] - 4 * x[i - 3] + x[i - 4]) / 16;
    return y;
}

/* Greatest magnitude of x[from..to-1], cut to what there is. */
static float greatest(const float *x, size_t n, double from, double to) {
    float most = 0;
    for (size_t i = from > 0 ? (size_t)from : 0; i < n && (double)i < to; i++)
        most = fabsf(x[i]) > most ? fabsf(x[i]) : most;
    return most;
}

/* When the notes of a script begin, in seconds, as its patterns say; to be freed. */
static double *notes_of(const char *path, double seconds, size_t *n) {
    enum { RATE = 48000, BLOCK = 480 };
    static float out[2 * BLOCK];
    const chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .notes = true}
    };
    chr_player *player = chr_player_new(&options);
    assert_non_null(player);
    chr_engine *engine = chr_player_engine(player);
    char *text = hear_source(path);
    chr_evaluation e = chr_player_evaluate(player, text, strlen(text), path, path);
    if (e.plays_by_itself)
        chr_player_play(player);
    free(text);
    double *at = NULL;
    chr_noted note;
    *n = 0;
    for (double t = 0.0; t < seconds; t += (double)BLOCK / RATE) {
        chr_player_tend(player);
        chr_engine_render(engine, out, BLOCK);
        while (chr_engine_next_note(engine, &note)) {
            at = realloc(at, (*n + 1) * sizeof *at);
            assert_non_null(at);
            at[(*n)++] = (double)note.at / RATE;
        }
    }
    chr_player_free(player);
    return at;
}

/* Does a note begin here, or did one begin some thirty-seconds earlier, of which this may be an
 * echo? */
static bool is_struck(const double *notes, size_t n, double at, double grid) {
    bool struck = fmod(at + 0.001, grid) <= 0.006; /* what an lfo strikes lies on the grid itself */
    for (size_t i = 0; i < n && !struck; i++)
        struck = at > notes[i] - 0.001 && at < notes[i] + 2.0 &&
                 fmod(at - notes[i] + 0.001, grid) <= 0.006;
    return struck;
}

/* A click stands where no note begins, and stands out: it is sharper than what is around it. In
 * seconds; -1 for none. */
static double click_in(const heard *h, double bpm, const double *notes, size_t n_notes) {
    enum { MOST = 4000 };
    static size_t onsets[MOST];
    float *sharp = edges(h->left, h->n);
    size_t n = an_onsets(sharp, h->n, h->rate, -66.0, onsets, MOST);
    double grid = 60.0 / bpm / 8.0, ms = h->rate / 1000.0, found = -1.0;
    for (size_t i = 0; i < n && i < MOST && found < 0.0; i++) {
        double at = (double)onsets[i];
        float edge = greatest(sharp, h->n, at - 2 * ms, at + 4 * ms);
        float before = greatest(sharp, h->n, at - 60 * ms, at - 2 * ms);
        float after = greatest(sharp, h->n, at + 4 * ms, at + 60 * ms);
        if (edge > 2 * before && edge > 2 * after && !is_struck(notes, n_notes, at / h->rate, grid))
            found = at / h->rate;
    }
    free(sharp);
    return found;
}

static void sounds_as_it_should(const char *path, const char *name) {
    heard h;
    assert_true(hear_file(path, "", &h));
    double lufs = an_lufs(h.frames, h.n, h.channels, h.rate);
    double peak = an_true_peak_db(h.frames, h.n, h.channels, h.rate);
    print_message("%-22s %5.1f s, %6.1f LUFS, true peak %5.1f dB\n", name, (double)h.n / h.rate,
                  lufs, peak);
    if (!(lufs > -40.0 && lufs < -10.0))
        fail_msg("%s: loudness %.1f LUFS", name, lufs);
    if (!(peak <= -0.3))
        fail_msg("%s: true peak %.2f dB", name, peak);
    if (!(fabs(an_dc(h.left, h.n)) < 0.002))
        fail_msg("%s: a constant offset of %.4f", name, an_dc(h.left, h.n));
    if (!(an_db(an_rms(h.left + h.n - 480, 480)) < -30.0))
        fail_msg("%s: breaks off", name);
    size_t n_notes;
    if (h.n > (size_t)(20 * h.rate)) /* twenty seconds are looked at so closely */
        h.n = (size_t)(20 * h.rate);
    double *notes = notes_of(path, (double)h.n / h.rate, &n_notes);
    double click = click_in(&h, tempo_of(path), notes, n_notes);
    free(notes);
    if (click >= 0.0)
        fail_msg("%s: a click at %.3f s", name, click);
    hear_free(&h);
}

static void every_example_says_what_is_heard_and_what_to_change(void **unused) {
    (void)unused;
    assert_true(hear_each_example(is_explained) >= 25);
}
static void no_example_has_a_warning(void **unused) {
    (void)unused;
    hear_each_example(has_no_warning);
}
static void every_example_sounds_and_clicks_nowhere(void **unused) {
    (void)unused;
    hear_each_example(sounds_as_it_should);
}

static void a_planted_click_is_found(void **unused) {
    (void)unused;
    heard h;
    assert_true(hear_file(CHRONUS_SOURCE_DIR "/examples/01-first-tone.chr", "--seconds 2", &h));
    assert_true(click_in(&h, 120.0, NULL, 0) < 0.0);
    for (size_t i = 43777; i < h.n; i++) /* a step of 1 %, between two thirty-seconds */
        h.left[i] += 0.01f;
    assert_true(fabs(click_in(&h, 120.0, NULL, 0) - 43777 / 48000.0) < 0.003);
    hear_free(&h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_says_what_is_heard_and_what_to_change),
        cmocka_unit_test(no_example_has_a_warning),
        cmocka_unit_test(a_planted_click_is_found),
        cmocka_unit_test(every_example_sounds_and_clicks_nowhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
