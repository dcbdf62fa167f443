/* tests/unit/units.c: what a player writes after a number, and how values are written back.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/units.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const chr_tempo tempo = {120.0, 4.0, NULL}, waltz = {90.0, 3.0, NULL};

static double convert(double value, chr_unit from, chr_unit to, const chr_tempo *t) {
    double out = (double)NAN;
    assert_true(chr_unit_convert(value, from, to, t, &out));
    return out;
}

static void near_to(double a, double b) {
    assert_true(fabs(a - b) <= 1e-12 * fabs(b));
}

static void a_note_is_its_frequency(void **state) {
    (void)state;
    assert_true(chr_note_hz(69) == 440.0);
    assert_true(chr_note_hz(33) == 55.0);
    near_to(chr_note_hz(60), 261.6255653005986);
    near_to(convert(81, CHR_UNIT_NOTE, CHR_UNIT_HZ, &tempo), 880.0);
    near_to(convert(440, CHR_UNIT_HZ, CHR_UNIT_NOTE, &tempo), 69.0);
}

static void a_rate_may_be_a_length_of_music(void **state) {
    (void)state;
    near_to(convert(0.25, CHR_UNIT_WHOLES, CHR_UNIT_HZ, &tempo), 2.0);
    near_to(convert(1, CHR_UNIT_BARS, CHR_UNIT_HZ, &waltz), 0.5);
    near_to(convert(2, CHR_UNIT_BEATS, CHR_UNIT_HZ, NULL), 1.0);
    near_to(convert(120, CHR_UNIT_BPM, CHR_UNIT_HZ, NULL), 2.0);
}

static void a_time_may_be_a_length_of_music(void **state) {
    (void)state;
    near_to(convert(0.0625, CHR_UNIT_WHOLES, CHR_UNIT_S, &tempo), 0.125);
    near_to(convert(2, CHR_UNIT_BARS, CHR_UNIT_S, &waltz), 4.0);
    near_to(convert(4, CHR_UNIT_S, CHR_UNIT_BARS, &waltz), 2.0);
    near_to(convert(1, CHR_UNIT_BARS, CHR_UNIT_WHOLES, &tempo), 1.0);
}

static void decibels_and_percent_are_levels(void **state) {
    (void)state;
    near_to(convert(-20, CHR_UNIT_DB, CHR_UNIT_RATIO, NULL), 0.1);
    near_to(convert(50, CHR_UNIT_PERCENT, CHR_UNIT_RATIO, NULL), 0.5);
    near_to(convert(0.25, CHR_UNIT_WHOLES, CHR_UNIT_RATIO, NULL), 0.25);
    near_to(convert(50, CHR_UNIT_PERCENT, CHR_UNIT_DB, NULL), -6.020599913279624);
    near_to(convert(150, CHR_UNIT_CENT, CHR_UNIT_ST, NULL), 1.5);
}

static void a_bare_number_takes_any_unit(void **state) {
    (void)state;
    for (int u = 0; u < CHR_UNIT_COUNT; u++)
        assert_true(convert(3.25, CHR_UNIT_NONE, (chr_unit)u, NULL) == 3.25);
}

static void kinds_that_do_not_fit_are_refused(void **state) {
    (void)state;
    double out = 7.0;
    assert_false(chr_unit_convert(0.01, CHR_UNIT_S, CHR_UNIT_HZ, NULL, &out));
    assert_false(chr_unit_convert(440, CHR_UNIT_HZ, CHR_UNIT_S, NULL, &out));
    assert_false(chr_unit_convert(-6, CHR_UNIT_DB, CHR_UNIT_NONE, NULL, &out));
    assert_false(chr_unit_convert(60, CHR_UNIT_NOTE, CHR_UNIT_S, NULL, &out));
    assert_false(chr_unit_convert(0, CHR_UNIT_PERCENT, CHR_UNIT_DB, NULL, &out));
    assert_false(chr_unit_convert(1, CHR_UNIT_BEATS, CHR_UNIT_DEG, NULL, &out));
    assert_true(out == 7.0);
    for (int from = 0; from < CHR_UNIT_COUNT; from++) {
        assert_non_null(chr_unit_kind((chr_unit)from));
        for (int to = 0; to < CHR_UNIT_COUNT; to++) { /* every pair has an answer */
            out = 7.0;
            if (!chr_unit_convert(2, (chr_unit)from, (chr_unit)to, NULL, &out))
                assert_true(out == 7.0);
        }
    }
}

static void values_are_written_as_a_player_would(void **state) {
    (void)state;
    static const struct {
        double value;
        chr_unit unit;
        const char *text;
    } rows[] = {
        {1000,             CHR_UNIT_HZ,      "1 kHz"       },
        {440,              CHR_UNIT_HZ,      "440 Hz"      },
        {0.05,             CHR_UNIT_HZ,      "0.05 Hz"     },
        {261.6255,         CHR_UNIT_HZ,      "261.6 Hz"    },
        {20000,            CHR_UNIT_HZ,      "20 kHz"      },
        {999.99,           CHR_UNIT_HZ,      "1 kHz"       },
        {0.04,             CHR_UNIT_S,       "40 ms"       },
        {0.0005,           CHR_UNIT_S,       "0.5 ms"      },
        {1.5,              CHR_UNIT_S,       "1.5 s"       },
        {0,                CHR_UNIT_S,       "0 s"         },
        {-6,               CHR_UNIT_DB,      "-6 dB"       },
        {-6.0206,          CHR_UNIT_DB,      "-6.021 dB"   },
        {0.3,              CHR_UNIT_RATIO,   "0.3"         },
        {12345.6,          CHR_UNIT_NONE,    "12346"       },
        {50,               CHR_UNIT_PERCENT, "50%"         },
        {7,                CHR_UNIT_ST,      "7 st"        },
        {1,                CHR_UNIT_BARS,    "1 bar"       },
        {2.5,              CHR_UNIT_BEATS,   "2.5 beats"   },
        {0.0625,           CHR_UNIT_WHOLES,  "1/16"        },
        {1.0 / 12.0,       CHR_UNIT_WHOLES,  "1/12"        },
        {69,               CHR_UNIT_NOTE,    "A4"          },
        {61,               CHR_UNIT_NOTE,    "C#4"         },
        {69.3,             CHR_UNIT_NOTE,    "A4 +30 ct"   },
        {0,                CHR_UNIT_NOTE,    "C-1"         },
        {90,               CHR_UNIT_DEG,     "90 deg"      },
        {0.0001234,        CHR_UNIT_NONE,    "0.0001234"   },
        {-0.0,             CHR_UNIT_NONE,    "0"           },
        {(double)NAN,      CHR_UNIT_NONE,    "not a number"},
        {(double)INFINITY, CHR_UNIT_HZ,      "infinite kHz"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        chr_unit_format(text, sizeof text, rows[i].value, rows[i].unit);
        assert_string_equal(text, rows[i].text);
    }
}

static void a_short_buffer_is_cut_and_ended(void **state) {
    (void)state;
    char text[5] = "####";
    chr_unit_format(text, sizeof text, 440, CHR_UNIT_HZ);
    assert_string_equal(text, "440 ");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_note_is_its_frequency),
        cmocka_unit_test(a_rate_may_be_a_length_of_music),
        cmocka_unit_test(a_time_may_be_a_length_of_music),
        cmocka_unit_test(decibels_and_percent_are_levels),
        cmocka_unit_test(a_bare_number_takes_any_unit),
        cmocka_unit_test(kinds_that_do_not_fit_are_refused),
        cmocka_unit_test(values_are_written_as_a_player_would),
        cmocka_unit_test(a_short_buffer_is_cut_and_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
