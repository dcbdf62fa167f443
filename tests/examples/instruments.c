/* tests/examples/instruments.c: the instruments of the library: in tune, at good levels, softer
 * when played softer, and free of clicks from one note to the next.
 *
 * SPDX-License-Identifier: MIT */
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

static const char *const drums[] = {"kick", "snare", "clap", "hihat", "openhat"};
static const char *const voices[] = {"bass", "lead", "pad", "pluck", "synth"};

/* One bar of two seconds for each step. */
static heard play_drum(const char *name, const char *steps) {
    char text[500];
    heard h;
    snprintf(text, sizeof text, "create %s\nsequence %s step=1 bar: %s\nplay\n", name, name, steps);
    assert_true(hear_text(text, "--bars 3 --tail 0 --no-ceiling", &h));
    return h;
}

static void drums_are_softer_when_struck_softer(void **unused) {
    (void)unused;
    for (size_t d = 0; d < sizeof drums / sizeof *drums; d++) {
        heard h = play_drum(drums[d], "Xxo");
        double rms[3], peak = an_db(an_peak(h.left, h.n));
        for (int k = 0; k < 3; k++)
            rms[k] = an_db(an_rms(h.left + (size_t)k * 96000, 48000));
        print_message("%-8s peak %5.1f dB; accent, hit and soft hit at %.1f, %.1f, %.1f dB rms\n",
                      drums[d], peak, rms[0], rms[1], rms[2]);
        assert_true(peak < -0.5 && peak > -15.0);
        assert_true(rms[0] > rms[1] + 1.0 && rms[1] > rms[2] + 3.0);
        assert_true(an_rms(h.left + 90000, 5000) < 1e-4); /* silent before the next bar */
        hear_free(&h);
    }
}

/* The loudest millisecond above 10 kHz of two bars of a drum, re full scale. The tempo decides at
 * which phase a strike finds the one before it. */
static double sharpest_db(const char *create, const char *strip, double tempo, const char *steps,
                          double *rms) {
    char text[500], name[20];
    heard h;
    assert_int_equal(sscanf(create, "%19s", name), 1);
    snprintf(text, sizeof text, "tempo %.2f\ncreate %s\n%s\nsequence %s step=1/16: .%s\nplay\n",
             tempo, create, strip, name, steps);
    assert_true(hear_text(text, "--bars 2 --tail 0 --no-ceiling --bits f32", &h));
    *rms = an_rms(h.left, h.n);
    double sharpest = an_above_10k_db(h.left, h.n, h.rate, 1.0, NULL);
    hear_free(&h);
    return sharpest;
}

static const double tempi[] = {97.0, 113.1, 117.3, 124.0, 131.7, 140.3, 151.9, 174.4};
enum { TEMPI = sizeof tempi / sizeof tempi[0] };

/* Long drums without their noise, low-passed, at all phases and in all velocities. */
static void a_drum_struck_while_it_rings_does_not_tick(void **unused) {
    (void)unused;
    static const struct {
        const char *create, *strip;
    } rows[] = {
        {"kick decay=2 click=0",          "add lpf to kick cutoff=2kHz" },
        {"kick decay=4 click=0 freq=35",  "add lpf to kick cutoff=2kHz" },
        {"kick decay=2 click=0 punch=0",  "add lpf to kick cutoff=2kHz" },
        {"kick decay=2 click=0 drive=1",  "add lpf to kick cutoff=2kHz" },
        {"kick decay=1 click=0 drive=6",  "add lpf to kick cutoff=800Hz"},
        {"snare snap=0",                  "add lpf to snare cutoff=1kHz"},
        {"snare snap=0 freq=120 drive=1", "add lpf to snare cutoff=1kHz"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof rows[0]; k++) {
        double worst = -400.0;
        for (int t = 0; t < TEMPI; t++) {
            double rms, sharp = sharpest_db(rows[k].create, rows[k].strip, tempi[t],
                                            t % 2 ? "xxxxxxxxxxxxxxx" : "XoxoxXoxxXoxoXo", &rms);
            worst = fmax(worst, sharp - an_db(rms));
        }
        print_message("%-32s low-passed, worst millisecond above 10 kHz: %.1f dB\n", rows[k].create,
                      worst);
        assert_true(worst <= -80.0);
    }
}

/* As they come, with hiss and beater. */
static void no_strike_is_sharper_for_what_rings_before_it(void **unused) {
    (void)unused;
    for (size_t d = 0; d < sizeof drums / sizeof *drums; d++) {
        double alone = -400.0, again = -400.0, rms;
        for (int t = 0; t < TEMPI; t++) {
            const char *strip = "";
            alone =
                fmax(alone, sharpest_db(drums[d], strip, tempi[t], "...X...............", &rms));
            again = fmax(again, sharpest_db(drums[d], strip, tempi[t], "XoxoxXoxxXoxoXo", &rms));
        }
        print_message("%-8s worst millisecond above 10 kHz: %.1f dB out of silence, %.1f dB while "
                      "it rings\n",
                      drums[d], alone, again);
        assert_true(again < alone + 3.0);
    }
}

static heard play_notes(const char *name, const char *notes, int bars) {
    char text[500], options[100];
    heard h;
    snprintf(text, sizeof text, "create %s\nmelody %s step=1 bar: %s\nplay\n", name, name, notes);
    snprintf(options, sizeof options, "--bars %d --tail 0 --no-ceiling", bars);
    assert_true(hear_text(text, options, &h));
    return h;
}

static void voices_are_in_tune_and_even_over_four_octaves(void **unused) {
    (void)unused;
    for (size_t v = 0; v < sizeof voices / sizeof *voices; v++) {
        char line[300];
        int n = snprintf(line, sizeof line, "%-6s", voices[v]);
        double least = 0.0, greatest = -400.0;
        for (int octave = 2; octave <= 5; octave++) {
            char note[8];
            snprintf(note, sizeof note, "A%d", octave);
            heard h = play_notes(voices[v], note, 1);
            double hz = 27.5 * pow(2.0, octave), peak = an_db(an_peak(h.left, h.n));
            /* The mean of a detuned pair; over 1.4 s its beat is averaged. */
            double cents = an_cents(an_frequency(h.left + 9600, 65536, h.rate, hz), hz);
            n += snprintf(line + n, sizeof line - (size_t)n, "  A%d %+.1f ct %.1f dB", octave,
                          cents, peak);
            assert_true(fabs(cents) < 12.0);
            least = fmin(least, peak);
            greatest = fmax(greatest, peak);
            hear_free(&h);
        }
        print_message("%s\n", line);
        assert_true(greatest < -3.0 && least > -22.0);
        assert_true(greatest - least < 8.0);
    }
}

static void chords_stay_below_full_scale(void **unused) {
    (void)unused;
    for (size_t v = 0; v < sizeof voices / sizeof *voices; v++) {
        heard h = play_notes(voices[v], "Cm7 Abmaj7", 2);
        double peak = an_db(an_peak(h.left, h.n)),
               lufs = an_lufs(h.frames, h.n, h.channels, h.rate);
        print_message("%-6s chords: peak %.1f dB, %.1f LUFS\n", voices[v], peak, lufs);
        assert_true(peak < 0.0 && lufs > -30.0);
        hear_free(&h);
    }
}

/* A sine has nothing of its own above 10 kHz: what is there is the instrument's clicks. */
static void notes_begin_change_and_end_without_a_click(void **unused) {
    (void)unused;
    for (size_t v = 0; v < sizeof voices / sizeof *voices; v++) {
        char text[500];
        heard h;
        snprintf(text, sizeof text,
                 "create %s osc=sine\nmelody %s step=1/8: C3 E3 . G3 _ . C4 .\nplay\n", voices[v],
                 voices[v]);
        assert_true(hear_text(text, "--bars 2 --tail 1 --no-ceiling", &h));
        double db = an_click_db(h.left, h.n, h.rate, NULL);
        print_message("%-6s loudest millisecond above 10 kHz: %.1f dB\n", voices[v], db);
        assert_true(db < -45.0);
        hear_free(&h);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drums_are_softer_when_struck_softer),
        cmocka_unit_test(a_drum_struck_while_it_rings_does_not_tick),
        cmocka_unit_test(no_strike_is_sharper_for_what_rings_before_it),
        cmocka_unit_test(voices_are_in_tune_and_even_over_four_octaves),
        cmocka_unit_test(chords_stay_below_full_scale),
        cmocka_unit_test(notes_begin_change_and_end_without_a_click),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
