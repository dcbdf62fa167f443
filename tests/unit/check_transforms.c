/* tests/unit/check_transforms.c: what each transform of a pattern makes of its rounds, written as
 * in tests/support/rounds.h; transforms in one another, and of the player's own.
 * SPDX-License-Identifier: MIT */
#include "lang/transforms.h"
#include "playing.h"

static void with_a_drum(char text[2048], const char *statement) {
    snprintf(text, 2048, "create drum voices=8\ncreate synth\n%s\n", statement);
}

static void drum_plays(const char *statement, const char *expected) {
    char text[2048];
    with_a_drum(text, statement);
    expect_rounds(text, expected);
}

/* Both play the same in the first rounds. */
static void drum_plays_alike(const char *a, const char *b) {
    char x[2048], y[2048];
    with_a_drum(x, a);
    with_a_drum(y, b);
    expect_alike(x, y, 8);
}

#define FOUR "melody drum: C2 D2 E2 F2 > "
#define TURNS "melody drum: <C2 D2 E2 F2> > "

static void time_goes_backwards_and_at_other_speeds(void **state) {
    (void)state;
    drum_plays(FOUR "rev", "0:F2 1:E2 2:D2 3:C2 / 0:F2 1:E2 2:D2 3:C2");
    drum_plays("sequence drum: x__. > rev", "1+3 / 1+3");
    drum_plays("melody drum: <C2 D2> E2 > rev", "0:E2 1:C2 / 0:E2 1:D2");
    drum_plays(FOUR "palindrome",
               "0:C2 1:D2 2:E2 3:F2 / 0:F2 1:E2 2:D2 3:C2 / 0:C2 1:D2 2:E2 3:F2");
    drum_plays("melody drum: C2 D2 > fast 2",
               "0+1/2:C2 1/2+1/2:D2 1+1/2:C2 3/2+1/2:D2 / 0+1/2:C2 1/2+1/2:D2 1+1/2:C2 3/2+1/2:D2");
    drum_plays(TURNS "fast 2", "0+1/2:C2 1/2+1/2:D2 / 0+1/2:E2 1/2+1/2:F2");
    drum_plays("melody drum: C2 D2 > fast 3/2",
               "0+2/3:C2 2/3+2/3:D2 4/3+2/3:C2 / 0+2/3:D2 2/3+2/3:C2 4/3+2/3:D2");
    drum_plays("melody drum: C2 D2 > slow 2", "0+2:C2 / 0+2:D2 / 0+2:C2");
    drum_plays(TURNS "slow 2", "0+2:C2 / - / 0+2:D2 / -");
    drum_plays("melody drum: C2 D2 > stretch 2 bars", "0+4:C2 4+4:D2 / 0+4:C2 4+4:D2");
    drum_plays("melody drum: C2 D2 > off 1/4 (octave 1) > stretch 1 bar > rev",
               "0+2:D2 0+2:C3 2+2:C2 2+2:D3 / 0+2:D2 0+2:C3 2+2:C2 2+2:D3");
    drum_plays("melody drum: C2 D2 > every 2 (stretch 1 beat)",
               "0+1/2:C2 1/2+1/2:D2 1+1/2:C2 3/2+1/2:D2 / 0:C2 1:D2");
}

static void time_is_moved(void **state) {
    (void)state;
    drum_plays(FOUR "rotate 1", "0:D2 1:E2 2:F2 3:C2 / 0:D2 1:E2 2:F2 3:C2");
    drum_plays(FOUR "rotate -1", "0:F2 1:C2 2:D2 3:E2 / 0:F2 1:C2 2:D2 3:E2");
    drum_plays_alike("sequence drum: x(3,8) > rotate 2", "sequence drum: x(3,8,2)");
    drum_plays("sequence drum: x... > late 1/16", "1 / 1");
    drum_plays("sequence drum: x... > early 1/16", "3 / 3");
    drum_plays("melody drum: C2 D2 > fast 2 > rotate 1",
               "0+1/2:D2 1/2+1/2:C2 1+1/2:D2 3/2+1/2:C2 / 0+1/2:D2 1/2+1/2:C2 1+1/2:D2 3/2+1/2:C2");
    drum_plays(FOUR "iter 4", "0:C2 1:D2 2:E2 3:F2 / 0:D2 1:E2 2:F2 3:C2 / 0:E2 1:F2 2:C2 3:D2 / "
                              "0:F2 1:C2 2:D2 3:E2 / 0:C2 1:D2 2:E2 3:F2");
    drum_plays(FOUR "iter -4", "0:C2 1:D2 2:E2 3:F2 / 0:F2 1:C2 2:D2 3:E2");
    drum_plays(FOUR "linger 1/4", "0:C2 1:C2 2:C2 3:C2 / 0:C2 1:C2 2:C2 3:C2");
    drum_plays(FOUR "linger 50%", "0:C2 1:D2 2:C2 3:D2 / 0:C2 1:D2 2:C2 3:D2");
    drum_plays(FOUR "inside 2 rev", "0:D2 1:C2 2:F2 3:E2 / 0:D2 1:C2 2:F2 3:E2");
    drum_plays(TURNS "inside 1/2 rev", "0:D2 / 0:C2 / 0:F2 / 0:E2");
    drum_plays("sequence drum: x... > shift 5ms", "0^0.005 / 0^0.005");
    drum_plays("sequence drum: x... > shift 1/32", "1/2 / 1/2");
}

static void rounds_are_chosen(void **state) {
    (void)state;
    drum_plays("sequence drum: x.o. > every 3 rev", "1@0.5 3 / 0 2@0.5 / 0 2@0.5 / 1@0.5 3");
    drum_plays("sequence drum: x.o. > every 3 rev on=3", "0 2@0.5 / 0 2@0.5 / 1@0.5 3 / 0 2@0.5");
    drum_plays("sequence drum: x.o. > every 2 (rev > fast 2)",
               "1/2+1/2@0.5 3/2+1/2 5/2+1/2@0.5 7/2+1/2 / 0 2@0.5");
    drum_plays(FOUR "within 0 1/2 (octave 1)", "0:C3 1:D3 2:E2 3:F2 / 0:C3 1:D3 2:E2 3:F2");
    drum_plays(FOUR "within 50% 1 (ply 2)", "0:C2 1:D2 2+1/2:E2 5/2+1/2:E2 3+1/2:F2 7/2+1/2:F2 / "
                                            "0:C2 1:D2 2+1/2:E2 5/2+1/2:E2 3+1/2:F2 7/2+1/2:F2");
    drum_plays(FOUR "chunk 4 (octave 1)",
               "0:C3 1:D2 2:E2 3:F2 / 0:C2 1:D3 2:E2 3:F2 / 0:C2 1:D2 2:E3 3:F2 / "
               "0:C2 1:D2 2:E2 3:F3 / 0:C3 1:D2 2:E2 3:F2");
    drum_plays(FOUR "chunk -2 (octave 1)", "0:C2 1:D2 2:E3 3:F3 / 0:C3 1:D3 2:E2 3:F2");
    drum_plays(FOUR "mask \"x.xx\"", "0:C2 2:E2 3:F2 / 0:C2 2:E2 3:F2");
    drum_plays(FOUR "mask \"x.\"", "0:C2 1:D2 / 0:C2 1:D2");
    drum_plays(FOUR "mask \"<x .>\"", "0:C2 1:D2 2:E2 3:F2 / -");
    drum_plays(FOUR "mask \"x.x. > rev\"", "1:D2 3:F2 / 1:D2 3:F2");
    drum_plays("melody drum: C2 D2 > struct \"x.xX\"",
               "0+1/2:C2 1+1/2:D2 3/2+1/2:D2@1 / 0+1/2:C2 1+1/2:D2 3/2+1/2:D2@1");
    drum_plays("melody drum: C2@3 D2 > euclid 3 8",
               "0+1/2:C2 3/2+1/2:C2 3+1/2:D2 / 0+1/2:C2 3/2+1/2:C2 3+1/2:D2");
    drum_plays("melody drum: C2 D2 > every 2 silence", "- / 0:C2 1:D2");
    drum_plays("melody drum: C2 D2 > squeeze \"x.x.\"",
               "0+1/4:C2 1/4+1/4:D2 1+1/4:C2 5/4+1/4:D2 / 0+1/4:C2 1/4+1/4:D2 1+1/4:C2 5/4+1/4:D2");
    drum_plays(TURNS "squeeze \"xx\"", "0+1/2:C2 1/2+1/2:D2 / 0+1/2:E2 1/2+1/2:F2");
}

static void copies_are_added(void **state) {
    (void)state;
    drum_plays("melody drum: C2 . > off 1/4 (octave 1)", "0:C2 1:C3 / 0:C2 1:C3");
    drum_plays("melody drum: <C2 D2> > off 1/4 (octave 1)", "0:C2 0:D3 / 0:D2 0:C3");
    drum_plays("melody drum: C2 D2 > superimpose rev", "0:C2 0:D2 1:C2 1:D2 / 0:C2 0:D2 1:C2 1:D2");
    drum_plays("melody drum: C2 D2 > layer (octave 1) rev (transpose 7)",
               "0:D2 0:G2 0:C3 1:C2 1:A2 1:D3 / 0:D2 0:G2 0:C3 1:C2 1:A2 1:D3");
    drum_plays("melody drum: C2 D2 > jux rev", "0:C2|-1 0:D2|1 1:C2|1 1:D2|-1 / "
                                               "0:C2|-1 0:D2|1 1:C2|1 1:D2|-1");
    drum_plays("melody drum: C2 > jux (octave 1) by=50%", "0:C2|-0.5 0:C3|0.5");
    drum_plays("sequence drum: X....... > echo 3 1/16 50%", "0@1 1@0.5 2@0.25 / 0@1 1@0.5 2@0.25");
    drum_plays("sequence drum: X. > echo 2 1/8", "0@1 0@0.5 / 0@1 0@0.5");
}

static void notes_are_changed(void **state) {
    (void)state;
    drum_plays("sequence drum: xo > ply 2", "0+1/2 1/2+1/2 1+1/2@0.5 3/2+1/2@0.5");
    drum_plays("melody drum: C2 D2 E2 > invert", "0:C2 1:Bb1 2:Ab1");
    drum_plays("melody drum: C2 D2 E2 > transpose 12 > invert", "0:C3 1:Bb2 2:Ab2");
    drum_plays("sequence drum: x..x > invert", "1 2 / 1 2");
    drum_plays("sequence drum: x__.[xx]. > invert", "3 5 / 3 5");
    drum_plays("melody drum: C2 > transpose 7", "0:G2");
    drum_plays("melody drum: C2 > transpose -50ct", "0:m35.5");
    drum_plays("melody drum key=\"C minor\": C2 Eb2 G2 > transpose 2 degrees", "0:Eb2 1:G2 2:Bb2");
    drum_plays("melody drum key=\"C minor\": 1 3 5 > degrees -1", "0:Bb2 1:D3 2:F3");
    drum_plays("melody drum: C2 > octave 2", "0:C4");
    drum_plays("melody drum: Cm7 > arp up", "0+1/4:C3 1/4+1/4:Eb3 1/2+1/4:G3 3/4+1/4:Bb3");
    drum_plays("melody drum: Cm7 > arp", "0+1/4:C3 1/4+1/4:Eb3 1/2+1/4:G3 3/4+1/4:Bb3");
    drum_plays("melody drum: C > arp down 2",
               "0+1/6:G3 1/6+1/6:E3 1/3+1/6:C3 1/2+1/6:G3 2/3+1/6:E3 "
               "5/6+1/6:C3");
    drum_plays("melody drum: Cm7 > arp updown",
               "0+1/6:C3 1/6+1/6:Eb3 1/3+1/6:G3 1/2+1/6:Bb3 2/3+1/6:G3 5/6+1/6:Eb3");
    drum_plays("melody drum: Cm7 > arp converge", "0+1/4:C3 1/4+1/4:Bb3 1/2+1/4:Eb3 3/4+1/4:G3");
    drum_plays("melody drum: C > strum 20ms", "0:C3 0:E3^0.02 0:G3^0.04");
    drum_plays("melody drum: C > strum -20ms", "0:G3 0:E3^0.02 0:C3^0.04");
    drum_plays("sequence drum: Xo > level 50%", "0@0.5 1@0.25");
    drum_plays("sequence drum: Xo > level 0dB", "0@1 1@0.5");
    drum_plays("sequence drum: xx > gate 50%", "0g0.5 1g0.5");
    drum_plays("sequence drum: x > pan -0.5", "0|-0.5");
    drum_plays("sequence drum: xx > groove shuffle", "0 1@0.6^0.0375");
    drum_plays("sequence drum: xx > groove shuffle 50%", "0 1@0.7^0.0188");
    drum_plays("sequence drum: xxxx > swing 75%", "0+3/2 3/2+1/2 2+3/2 7/2+1/2");
    drum_plays("sequence drum: x.x. > swing 75% 1/8", "0+3/2 3+1/2");
}

static void transforms_stand_in_one_another(void **state) {
    (void)state;
    drum_plays("melody drum: C2 D2 > every 2 (every 2 (octave 1) > rev)",
               "0:D3 1:C3 / 0:C2 1:D2 / 0:D3 1:C3");
    drum_plays("melody drum: C2 > off 1/8 (off 1/8 (octave 1))",
               "0:C2 0:C3 1/2:C2 / 0:C2 0:C3 1/2:C2");
    drum_plays(FOUR "every 2 (within 0 1/2 rev)", "0:F2 1:E2 2:E2 3:F2 / 0:C2 1:D2 2:E2 3:F2");
    drum_plays("melody drum: C2 > jux (jux (octave 1) > octave 1)", "0:C2|-1 0:C3 0:C4|1");
}

static const char *const same[][2] = {
    {"sequence drum: x.Xo > rev",                    "sequence drum: oX.x"                              },
    {"sequence drum: x.Xo > rev > rev",              "sequence drum: x.Xo"                              },
    {"melody drum: C2 <D2 E2> > fast 2 > slow 2",    "melody drum: C2 <D2 E2>"                          },
    {"melody drum: C2 D2 > slow 3 > fast 3",         "melody drum: C2 D2"                               },
    {"melody drum: C2 D2 > fast 2",                  "melody drum: [C2 D2] [C2 D2]"                     },
    {"melody drum: <C2 D2> > fast 2",                "melody drum: <C2 D2>*2"                           },
    {"sequence drum: x.x. > ply 2",                  "sequence drum: [xx].[xx]."                        },
    {"sequence drum: x(3,8)",                        "sequence drum: x..x..x."                          },
    {"sequence drum: x!3.",                          "sequence drum: xxx."                              },
    {"sequence drum: x@2.",                          "sequence drum: x_."                               },
    {"sequence drum: x*2",                           "sequence drum: [xx]"                              },
    {"melody drum: C2 D2 > every 2 rev on=2",        "melody drum: <C2 D2> <D2 C2>"                     },
    {"melody drum: C2 D2 > palindrome",              "melody drum: <C2 D2> <D2 C2>"                     },
    {"melody drum: C2 D2 > every 1 rev",             "melody drum: D2 C2"                               },
    {"melody drum: C2 D2 > off 1/4 (octave 1)",
     "melody drum: C2 D2 > layer (slow 1) (late 1/4 > octave 1)"                                        },
    {"melody drum: C2 D2 > superimpose (octave 1)",  "melody drum: [C2,C3] [D2,D3]"                     },
    {"melody drum: C2 D2 > echo 2 1/4 100%",         "melody drum: C2 D2 > off 1/4 (level 100%)"        },
    {"melody drum: C2 D2 > sometimes 100% rev",      "melody drum: D2 C2"                               },
    {"melody drum: C2 D2 > sometimes 0% rev",        "melody drum: C2 D2"                               },
    {"melody drum: C2 D2 > somerounds 100% rev",     "melody drum: D2 C2"                               },
    {"melody drum: C2 D2 > degrade 0%",              "melody drum: C2 D2"                               },
    {"melody drum: C2 D2 > shuffle 1",               "melody drum: C2 D2"                               },
    {"melody drum: C2 D2 > inside 1/2 rev",          "melody drum: D2 C2"                               },
    {"melody drum: C2 D2 > invert > invert",         "melody drum: C2 D2"                               },
    {"sequence drum: x..x > invert > invert",        "sequence drum: x..x"                              },
    {"melody drum: C2 D2 > mask \"x\"",              "melody drum: C2 D2"                               },
    {"melody drum: C2 D2 > squeeze \"x\"",           "melody drum: C2 D2"                               },
    {"melody drum: C2 E2 > struct \"x.x.\"",         "melody drum: [C2 .] [E2 .]"                       },
    {"melody drum: C2 E2 > transpose 12",            "melody drum: C2 E2 > octave 1"                    },
    {"melody drum: C2 E2 > rotate 1",                "melody drum: E2 C2"                               },
    {"melody drum: C2 E2 > iter 2",                  "melody drum: <C2 E2> <E2 C2>"                     },
    {"melody drum: C2 E2 > late 1/4",                "melody drum: E2 C2"                               },
    {"melody drum: C2 E2 > stretch 4 beats",         "melody drum bars=1: C2 E2"                        },
    {"melody drum: C2 E2 > linger 1",                "melody drum: C2 E2"                               },
    {"melody drum: C > arp up",                      "melody drum: [C3 E3 G3]"                          },
    {"melody drum: C2 E2 > early 1/4",               "melody drum: C2 E2 > late 1/4"                    },
    {"melody drum: C2 E2 > scramble 1",              "melody drum: C2 E2"                               },
    {"melody drum: C2 E2 > within 0 1/2 (octave 1)", "melody drum: C3 E2"                               },
    {"melody drum: C2 E2 > chunk 2 (octave 1)",      "melody drum: <C3 C2> <E2 E3>"                     },
    {"melody drum: C2 E2 > euclid 3 8",              "melody drum: C2 E2 > struct \"x..x..x.\""         },
    {"melody drum: C2 E2 > euclid 3 8 1",            "melody drum: C2 E2 > struct \"..x..x.x\""         },
    {"melody drum: C2 E2 > every 2 silence",         "melody drum: <. C2> <. E2>"                       },
    {"melody drum: C2 E2 > jux rev",                 "melody drum: C2 E2 > layer (pan -1) (rev > pan 1)"},
    {"melody drum: C2 E2 > layer rev (octave 1)",    "melody drum: [E2,C3] [C2,E3]"                     },
    {"melody drum: C2 E2 > jux rev by=0",            "melody drum: C2 E2 > superimpose rev"             },
    {"melody drum: C2 E2 > degrees 7",               "melody drum: C3 E3"                               },
    {"melody drum: Cm E2 > strum 0ms",               "melody drum: Cm E2"                               },
    {"sequence drum: XxX. > level 50%",              "sequence drum: X{vel=50%} x{vel=40%} X{vel=50%} ."},
    {"melody drum: C2 E2 > gate 40%",                "melody drum gate=40%: C2 E2"                      },
    {"melody drum: C2 E2 > pan 0.5 > pan -0.5",      "melody drum: C2 E2"                               },
    {"sequence drum: xxxx > swing 60%",              "sequence drum swing=60%: xxxx"                    },
    {"sequence drum: xx.x > groove backbeat",        "sequence drum groove=backbeat: xx.x"              },
    {"sequence drum: xx.x > humanize 20ms 30%",      "sequence drum humanize=[20ms 30%]: xx.x"          },
    {"sequence drum: xx.x > humanize 0ms 0%",        "sequence drum: xx.x"                              },
    {"sequence drum: xx.x > shift -5ms",             "sequence drum shift=-5ms: xx.x"                   },
};
enum { N_SAME = sizeof same / sizeof same[0] };

static void what_is_written_out_plays_the_same(void **state) {
    (void)state;
    for (size_t i = 0; i < N_SAME; i++)
        drum_plays_alike(same[i][0], same[i][1]);
}

/* Does a chain of the text name it? */
static bool uses(const char *text, const char *name) {
    size_t n = strlen(name);
    const char *p = strchr(text, '>');
    for (p = p ? strstr(p, name) : NULL; p != NULL; p = strstr(p + 1, name))
        if (strchr(" (", p[-1]) != NULL && (p[n] == '\0' || strchr(" )", p[n]) != NULL))
            return true;
    return false;
}

static void every_transform_has_its_result_written_out(void **state) {
    (void)state;
    for (int k = 0; k < chr_transforms_count; k++) {
        const char *name = chr_transforms[k].name;
        bool found = k == CHR_TRANSFORM_range; /* of values, not of notes */
        for (size_t i = 0; i < N_SAME && !found; i++)
            found = uses(same[i][0], name) && strcmp(same[i][0], same[i][1]) != 0;
        if (!found)
            fail_msg("nothing is written out for %s", name);
    }
}

static void a_function_of_transforms_is_one(void **state) {
    (void)state;
    drum_plays_alike("fn fill(p) = p > ply 2 > every 2 rev\nmelody drum: C2 D2 > fill",
                     "melody drum: C2 D2 > ply 2 > every 2 rev");
    drum_plays_alike("fn up(n) = transpose n\nmelody drum: C2 D2 > up 5",
                     "melody drum: C2 D2 > transpose 5");
    drum_plays_alike("fn up(n) = transpose n*12\nmelody drum: C2 D2 > every 2 (up 2)",
                     "melody drum: C2 D2 > every 2 (octave 2)");
    drum_plays_alike("fn thin(p, n=2, f=rev) = p > every n f\nmelody drum: C2 D2 > thin 3",
                     "melody drum: C2 D2 > every 3 rev");
    drum_plays_alike("fn thin(p, n=2, f=rev) = p > every n f\nmelody drum: C2 D2 > thin f=(fast 2)",
                     "melody drum: C2 D2 > every 2 (fast 2)");
    drum_plays_alike("fn twice(p, f) = p > f > f\nmelody drum: C2 D2 > twice (octave 1)",
                     "melody drum: C2 D2 > octave 2");
    drum_plays_alike("fn a(n) = octave n\nfn b(n) = a n > a n\nmelody drum: C2 D2 > jux (b 1)",
                     "melody drum: C2 D2 > jux (octave 2)");
}

static void a_pattern_is_taken_from_another(void **state) {
    (void)state;
    expect_rounds(
        "create drum voices=8\nmelody drum: C2 D2 > rev\nmelody drum/b from drum > octave 1",
        "0:D3 1:C3 / 0:D3 1:C3");
    expect_rounds("create drum voices=8\nmelody drum: C2 D2\nmelody drum/b step=1/8 from drum",
                  "0+1/2:C2 1/2+1/2:D2");
    expect_rounds("create drum voices=8\nmelody drum: C2 D2\nmelody drum/b bars=1 from drum",
                  "0+2:C2 2+2:D2");
    expect_rounds(
        "create drum voices=8\nmelody drum/b from drum > rev\nmelody drum/c from drum/b > "
        "rev\nmelody drum gate=50%: C2 D2",
        "0:C2g0.5 1:D2g0.5");
    expect_codes("create drum\nmelody drum from drum", "E311");
    expect_codes("create drum\nmelody drum from dum", "E489");
}

static void nothing_else_can_stand_there(void **state) {
    (void)state;
    static const char *const wrong[][2] = {
        {"> revs",                              "E491"     },
        {"> lpf",                               "E491"     },
        {"> fast",                              "E492"     },
        {"> every 4",                           "E492"     },
        {"> rev 2",                             "E493"     },
        {"> fast rev",                          "E494"     },
        {"> every rev",                         "E494"     },
        {"> fast \"x\"",                        "E494"     },
        {"> every 4 rev often=2",               "E495"     },
        {"> 2",                                 "E496"     },
        {"> rev as back",                       "E496"     },
        {"> fast 0",                            "W401"     },
        {"> ply 0",                             "E410"     },
        {"> ply 1.5",                           "E410"     },
        {"> every 4 on=5 rev",                  "E205"     },
        {"> every 4 rev on=5",                  "E410"     },
        {"> octave 10ms",                       "E410"     },
        {"> degrade 10ms",                      "E401"     },
        {"> degrade 150%",                      "W401"     },
        {"> off 10Hz rev",                      "E401"     },
        {"> arp sideways",                      "E408"     },
        {"> groove funk",                       "E408"     },
        {"> mask \"\"",                         "E498"     },
        {"> mask \"x.C2\"",                     "E121"     },
        {"> mask \"[x.\"",                      "E131"     },
        {"> mask \"x.x*0\"",                    "E437"     },
        {"> within 1/2 1/4 rev",                "E412"     },
        {"> chunk 0 rev",                       "E412"     },
        {"> iter 0",                            "E412"     },
        {"> euclid 5 3",                        "E438"     },
        {"> range 0 1",                         "E499"     },
        {"> every 4 (revs > fasst 2)",          "E491 E491"},
        {"> ply 256 > ply 256 > ply 2",         "E521"     },
        {"> inside 1/1000 (inside 1/1000 rev)", "E523"     },
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "create drum voices=8\nsequence drum: x.x. %s", wrong[i][0]);
        expect_codes(text, wrong[i][1]);
    }
    expect_codes("create drum\nfn a(p) = p > b\nfn b(p) = p > rev > a\nsequence drum: x > a",
                 "E311 E311");
    expect_codes("create drum\nfn up(n) = transpose n\nmelody drum: C2 > up", "E492");
    expect_codes("create drum\nfn up(n) = transpose n\nmelody drum: C2 > up 2 3", "E493");
    expect_codes("create drum\nfn up(n) = transpose n\nmelody drum: C2 > up m=2", "E495");
}

/* What takes long to find out is refused at once. */
static void what_grows_beyond_measure_is_refused(void **state) {
    (void)state;
    char text[8192];
    size_t n = (size_t)snprintf(text, sizeof text, "create drum\nmelody drum: C2 . . .");
    for (int i = 0; i < 32; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " > off 1/8 rev");
    expect_codes(text, "E521");
    n = (size_t)snprintf(text, sizeof text, "create drum\nmelody drum: . . . .");
    for (int i = 0; i < 18; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " > sometimes (rev > fast 2)");
    expect_codes(text, "E523");
    n = (size_t)snprintf(text, sizeof text, "create drum\nfn f0(p) = p > rev > rev\n");
    for (int i = 1; i < 40; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "fn f%d(p) = p > f%d > f%d\n", i, i - 1,
                              i - 1);
    snprintf(text + n, sizeof text - n, "melody drum: C2 > f39");
    expect_codes(text, "E508");
    n = (size_t)snprintf(text, sizeof text, "create drum\nmelody drum: C2 D2");
    for (int i = 0; i < 300; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " > rev");
    expect_codes(text, "E522");
    /* every other round backwards, 32 times over, is no trouble */
    n = (size_t)snprintf(text, sizeof text, "create drum\nmelody drum: C2 D2");
    for (int i = 0; i < 32; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, " > every %d rev", i + 2);
    expect_codes(text, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_goes_backwards_and_at_other_speeds),
        cmocka_unit_test(time_is_moved),
        cmocka_unit_test(rounds_are_chosen),
        cmocka_unit_test(copies_are_added),
        cmocka_unit_test(notes_are_changed),
        cmocka_unit_test(transforms_stand_in_one_another),
        cmocka_unit_test(what_is_written_out_plays_the_same),
        cmocka_unit_test(every_transform_has_its_result_written_out),
        cmocka_unit_test(a_function_of_transforms_is_one),
        cmocka_unit_test(a_pattern_is_taken_from_another),
        cmocka_unit_test(nothing_else_can_stand_there),
        cmocka_unit_test(what_grows_beyond_measure_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
