/* tests/unit/journal_moments.c: what came by itself (at, every, in, a stop for the bar) is in the
 * journal, and is performed again to the bit. SPDX-License-Identifier: MIT */
enum { RATE = 48000, SECONDS = 20, BLOCK = 256 };

#include "tests/support/take.h"

typedef struct edit {
    double at_s;
    const char *text;
} edit;

static const edit moments[] = {
    {0.0,  "create kick\nsequence kick: x...x...x...x...\ncreate bass\nmelody bass: C2 G2\n"
          "bus space: reverb > out\nsend bass to space 0.2\nat bar 1: mute kick\n"
          "at bar 3: { unmute kick\n set bass cutoff=3kHz over 1 bar }\n"
          "every 1 bar: set kick decay=0.3"                 },
    {0.5,  "play"                                                    },
    {2.1,  "in 1 bar: sequence kick: x.x.x.x."                       },
    {4.45, "patch pad: saw [110 165] > lpf 700 > space"              }, /* while bar 3 is on its way */
    {5.0,  "stop kick"                                               },
    {6.0,  "at bar 5: tempo 180"                                     },
    {7.0,  "remove kick"                                             }, /* what comes every bar fails */
    {9.0,  "play from bar 2"                                         },
    {11.0, "next beat: undo"                                         },
    {12.0, "quantize off\nstop"                                      },
    {13.0, "play"                                                    },
    {14.0, "quantize 1 bar\nin 1/8: play from bar 1\nin 2 bars: stop"},
};

/* Tempi, meters, loops, and a tempo that goes on through them. */
static const edit in_time[] = {
    {0.0,  "create kick\nsequence kick: x...x...x...x...\ncreate bass\nmelody bass: C2 G2\n"
          "patch w: saw 110 > lpf 500+lfo(1/4)*300 > delay 1/8 > out\n"
          "tempo 130\ntempo 150 to 90 over 2 bars at bar 2\nmeter 7/8 at bar 3\nplay" },
    {3.0,  "tempo 170 at bar 6"                                                                },
    {4.3,
     "loop bars 3..4\nat bar 3: set bass cutoff=300\nat bar 4: set bass cutoff=3kHz over 1 bar"},
    {6.05, "in 3 bars: mute kick"                                                              },
    {7.0,  "tempo 180 over 4 bars"                                                             },
    {8.5,  "unmute\nset bass res=0.5 over 5 beats"                                             },
    {9.0,  "in 1 bar: play from bar 9"                                                         },
    {12.0, "undo"                                                                              },
    {12.5, "tempo 60 to 240 over 10s"                                                          },
    {13.0, "loop bars 1..1\nplay from bar 1"                                                   },
    {16.0, "next bar: { loop off\n tempo 100 over 2 beats }"                                   },
    {18.0, "stop"                                                                              },
};

/* Knobs that patterns turn; swing, key and humanise that change at a bar. */
static const edit turned[] = {
    {0.0,
     "create bass\nmelody bass step=1/8: 1 3 <5 4> 1?\nkey \"C minor\"\nkey \"D major\" at bar 3\n"
     "swing 62% at bar 2\nhumanize 8ms 20% at bar 2\n"
     "values bass.cutoff step=1/8: 200 <800 2k> (300|900)? 400\n"
     "patch pad: saw [110 165] > lpf 700 > out\nvalues pad.gain glide=50ms: -20dB -10dB\nplay"},
    {2.3,  "values bass.cutoff step=1/16: 0 0.5 1 > range 200 4k > every 2 rev"               },
    {4.4,  "values pad.lpf.cutoff bars=1: 300 1k(3,8)"                                        },
    {5.1,  "in 1 bar: values pad.gain:"                                                       },
    {7.0,  "play from bar 2 beat 2.5"                                                         },
    {8.2,  "undo"                                                                             },
    {9.0,  "loop bars 3..3"                                                                   },
    {11.0, "stop bass"                                                                        },
    {12.0, "remove pad"                                                                       },
    {12.5, "undo\nplay all"                                                                   },
    {14.0, "stop"                                                                             },
};

static void comes_again(const edit *edits, size_t n_edits) {
    char folder[] = "/tmp/chronus-moments-XXXXXX", path[CHR_JOURNAL_PATH];
    assert_non_null(mkdtemp(folder));
    float(*heard)[2] = calloc((size_t)SECONDS * RATE, sizeof *heard);
    assert_non_null(heard);
    take t = take_begin(folder, heard, (size_t)SECONDS * RATE);
    for (size_t next = 0; t.n + BLOCK <= t.room; take_step(&t))
        for (; next < n_edits && edits[next].at_s * RATE <= (double)t.n; next++)
            chr_player_evaluate(t.player, edits[next].text, strlen(edits[next].text), "typed",
                                NULL);
    chr_player_tend(t.player);
    take_end(&t, path);
    take_performs(&t, path);
    empty_folder(folder);
    rmdir(folder);
    free(heard);
}

static void what_came_by_itself_comes_again(void **state) {
    (void)state;
    comes_again(moments, sizeof moments / sizeof *moments);
}

static void tempi_and_loops_come_again(void **state) {
    (void)state;
    comes_again(in_time, sizeof in_time / sizeof *in_time);
}

static void knobs_that_patterns_turn_come_again(void **state) {
    (void)state;
    comes_again(turned, sizeof turned / sizeof *turned);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_by_itself_comes_again),
        cmocka_unit_test(tempi_and_loops_come_again),
        cmocka_unit_test(knobs_that_patterns_turn_come_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
