/* tests/unit/harmony.c: scales, chords, roman numerals and voicings, against facts that are written
 * down here as musicians say them. SPDX-License-Identifier: MIT */
#include "lang/harmony.h"
#include "checking.h"
#include "runtime/notes.h"

static int pitch_of(const char *name) {
    static const int of_letter[] = {9, 11, 0, 2, 4, 5, 7};
    int p = of_letter[name[0] - 'A'];
    for (name++; *name == '#' || *name == 'b'; name++)
        p += *name == '#' ? 1 : -1;
    return (p + 12) % 12;
}

/* The MIDI numbers of each step of a melody, "48 52 55 | 53 57 60". */
static char *tones_of(const char *melody) {
    char text[512];
    snprintf(text, sizeof text, "create drum voices=16\n%s\n", melody);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", melody, k.messages);
    char *line;
    size_t size;
    FILE *to = open_memstream(&line, &size);
    assert_non_null(to);
    const chr_ir_pattern *p = &k.ir->patterns[0];
    uint32_t n;
    chr_score_note *notes = chr_score_notes(&p->score, 0, p->score.round, 1000, &n);
    assert_non_null(notes);
    for (uint32_t i = 0; i < n; i++) {
        bool same = i > 0 && notes[i].at == notes[i - 1].at;
        fprintf(to, "%s%g", i == 0 ? "" : same ? " " : " | ", (double)notes[i].note);
    }
    free(notes);
    fclose(to);
    checked_free(&k);
    return line;
}

static void expect_tones(const char *melody, const char *expected) {
    char *line = tones_of(melody);
    if (strcmp(line, expected) != 0)
        fail_msg("%s\nexpected %s\nbut it is %s", melody, expected, line);
    free(line);
}

/* ---- scales ---- */

static const struct {
    const char *name, *notes;
} known_scales[] = {
    {"major",             "C D E F G A B"               },
    {"minor",             "C D Eb F G Ab Bb"            },
    {"dorian",            "C D Eb F G A Bb"             },
    {"phrygian",          "C Db Eb F G Ab Bb"           },
    {"lydian",            "C D E F# G A B"              },
    {"mixolydian",        "C D E F G A Bb"              },
    {"locrian",           "C Db Eb F Gb Ab Bb"          },
    {"harmonic minor",    "C D Eb F G Ab B"             },
    {"melodic minor",     "C D Eb F G A B"              },
    {"phrygian dominant", "C Db E F G Ab Bb"            },
    {"lydian dominant",   "C D E F# G A Bb"             },
    {"altered",           "C Db Eb Fb Gb Ab Bb"         },
    {"hungarian minor",   "C D Eb F# G Ab B"            },
    {"double harmonic",   "C Db E F G Ab B"             },
    {"major pentatonic",  "C D E G A"                   },
    {"minor pentatonic",  "C Eb F G Bb"                 },
    {"blues",             "C Eb F F# G Bb"              },
    {"major blues",       "C D Eb E G A"                },
    {"whole tone",        "C D E F# G# A#"              },
    {"diminished",        "C D Eb F Gb Ab A B"          },
    {"half whole",        "C Db Eb E F# G A Bb"         },
    {"augmented",         "C D# E G Ab B"               },
    {"bebop",             "C D E F G A Bb B"            },
    {"hirajoshi",         "C D Eb G Ab"                 },
    {"in",                "C Db F G Ab"                 },
    {"iwato",             "C Db F Gb Bb"                },
    {"kumoi",             "C D Eb G A"                  },
    {"insen",             "C Db F G Bb"                 },
    {"persian",           "C Db E F Gb Ab B"            },
    {"neapolitan minor",  "C Db Eb F G Ab B"            },
    {"enigmatic",         "C Db E F# G# A# B"           },
    {"prometheus",        "C D E F# A Bb"               },
    {"chromatic",         "C C# D D# E F F# G G# A A# B"},
};

static void scales_have_the_notes_that_musicians_know(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known_scales / sizeof known_scales[0]; i++) {
        const chr_scale *s = chr_scale_find(known_scales[i].name);
        assert_non_null(s);
        char notes[64];
        snprintf(notes, sizeof notes, "%s", known_scales[i].notes);
        int n = 0;
        for (char *note = strtok(notes, " "); note; note = strtok(NULL, " "), n++)
            if (n >= s->n || s->steps[n] != pitch_of(note))
                fail_msg("%s: note %d is not %s", s->name, n + 1, note);
        assert_int_equal(n, s->n);
    }
}

static const struct {
    const char *parent, *modes[7];
} families[] = {
    {"major",          {"ionian", "dorian", "phrygian", "lydian", "mixolydian", "aeolian", "locrian"}},
    {"melodic minor",
     {"jazz minor", "dorian b2", "lydian augmented", "lydian dominant", "mixolydian b6",
      "locrian #2", "super locrian"}                                                                 },
    {"harmonic minor",
     {"harmonic minor", "locrian #6", "ionian augmented", "dorian #4", "phrygian dominant",
      "lydian #2", "ultralocrian"}                                                                   },
    {"harmonic major",
     {"harmonic major", "dorian b5", "phrygian b4", "lydian b3", "mixolydian b2",
      "lydian augmented #2", "locrian bb7"}                                                          },
};

static void modes_are_their_parent_begun_on_another_note(void **state) {
    (void)state;
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++)
        for (int m = 0; m < 7; m++) {
            const chr_scale *parent = chr_scale_find(families[f].parent),
                            *mode = chr_scale_find(families[f].modes[m]);
            if (!mode)
                fail_msg("there is no scale called %s", families[f].modes[m]);
            assert_int_equal(mode->n, 7);
            for (int i = 0; i < 7; i++) {
                int there = parent->steps[(m + i) % 7] + 12 * ((m + i) / 7) - parent->steps[m];
                if (mode->steps[i] != there)
                    fail_msg("%s: degree %d", mode->name, i + 1);
            }
        }
}

static void every_scale_ascends_within_an_octave_and_is_one_of_a_kind(void **state) {
    (void)state;
    assert_true(chr_scales_count >= 40);
    for (int i = 0; i < chr_scales_count; i++) {
        const chr_scale *s = &chr_scales[i];
        assert_true(s->n >= 5 && s->n <= CHR_SCALE_MOST && *s->doc);
        assert_int_equal(s->steps[0], 0);
        for (int k = 1; k < s->n; k++)
            assert_true(s->steps[k] > s->steps[k - 1] && s->steps[k] < 12);
        for (int j = 0; j < i; j++)
            if (chr_scales[j].n == s->n &&
                memcmp(chr_scales[j].steps, s->steps, sizeof s->steps) == 0)
                fail_msg("%s and %s are the same notes", chr_scales[j].name, s->name);
        char key[128], lowest[16], above[32];
        snprintf(key, sizeof key, "melody drum key=\"D %s\": 1", s->name);
        snprintf(lowest, sizeof lowest, "50");
        expect_tones(key, lowest);
        snprintf(key, sizeof key, "melody drum key=\"D %s\": %d %d", s->name, s->n, s->n + 1);
        snprintf(above, sizeof above, "%d | 62", 50 + s->steps[s->n - 1]);
        expect_tones(key, above);
    }
}

static void no_name_means_two_things(void **state) {
    (void)state;
    chr_arena *arena = chr_arena_new(0);
    for (int which = 0; which < 2; which++) {
        int n;
        const char **words = which ? chr_chord_words(arena, &n) : chr_scale_words(arena, &n);
        assert_non_null(words);
        for (int i = 0; i < n; i++)
            for (int k = 0; k < i; k++)
                if (strcmp(words[i], words[k]) == 0)
                    fail_msg("`%s` stands twice", words[i]);
        for (int i = 0; i < n; i++)
            if (which ? !chr_chord_find(words[i]) : !chr_scale_find(words[i]))
                fail_msg("`%s` is not found", words[i]);
    }
    chr_arena_free(arena);
}

static void a_scale_may_be_written_as_it_comes(void **state) {
    (void)state;
    expect_tones("melody drum key=\"C Harmonic  Minor\": 7", "59");
    expect_tones("melody drum key=\"Am\": 3", "60");
    expect_tones("melody drum key=\"F#\": 1 7", "54 | 65");
    expect_tones("melody drum key=\"Bb aeolian\": 3", "61");
}

/* ---- chords ---- */

static const struct {
    const char *chord, *notes;
} known_chords[] = {
    {"C",         "C E G"        },
    {"Cm",        "C Eb G"       },
    {"Cdim",      "C Eb Gb"      },
    {"Caug",      "C E G#"       },
    {"Eno3",      "E B"          },
    {"Fsus2",     "F G C"        },
    {"Gsus4",     "G C D"        },
    {"Dm6",       "D F A B"      },
    {"C6/9",      "C E G A D"    },
    {"Aadd9",     "A C# E B"     },
    {"Em7",       "E G B D"      },
    {"G7",        "G B D F"      },
    {"Bbmaj7",    "Bb D F A"     },
    {"CmM7",      "C Eb G B"     },
    {"Bdim7",     "B D F Ab"     },
    {"F#m7b5",    "F# A C E"     },
    {"Ebaug7",    "Eb G B Db"    },
    {"D7sus4",    "D G A C"      },
    {"G7b9",      "G B D F Ab"   },
    {"E7#9",      "E G# B D G"   },
    {"C7#11",     "C E G Bb F#"  },
    {"A7b13",     "A C# E G F"   },
    {"G7alt",     "G B D# F Ab"  },
    {"C9",        "C E G Bb D"   },
    {"Fmaj9",     "F A C E G"    },
    {"Am9",       "A C E G B"    },
    {"D11",       "D F# A C E G" },
    {"Dm11",      "D F A C E G"  },
    {"G13",       "G B D F A C E"},
    {"Cmaj13",    "C E G B D F A"},
    {"Bb9sus4",   "Bb Eb F Ab C" },
    {"Abmaj7#11", "Ab C Eb G D"  },
    {"Dquartal",  "D G C F"      },
    {"C-7",       "C Eb G Bb"    },
    {"CMaj7",     "C E G B"      },
    {"Ab^7",      "Ab C Eb G"    },
    {"C^9",       "C E G B D"    },
    {"C-^7",      "C Eb G B"     },
    {"Co^7",      "C Eb Gb B"    },
    {"D^7#11",    "D F# A C# G#" },
    {"C^",        "C E G"        },
    {"CΔ",       "C E G B"      },
    {"G△9",     "G B D F# A"   },
    {"CΔ7/E",    "E C E G B"    },
    {"Bø",       "B D F A"      },
    {"Bø7",      "B D F A"      },
    {"C°7",      "C Eb Gb A"    },
    {"C°",       "C Eb Gb"      },
    {"Co7",       "C Eb Gb A"    },
    {"C+",        "C E G#"       },
    {"C7+",       "C E G# Bb"    },
    {"C7-9",      "C E G Bb Db"  },
    {"C-7b5",     "C Eb Gb Bb"   },
    {"E♭7",     "Eb G Bb Db"   },
    {"F♯-7",    "F# A C# E"    },
    {"Cma7",      "C E G B"      },
    {"Cmi7",      "C Eb G Bb"    },
    {"Cj7",       "C E G B"      },
    {"Csus9",     "C F G Bb D"   },
};

static void chords_have_the_notes_that_musicians_know(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof known_chords / sizeof known_chords[0]; i++) {
        char melody[64], notes[64];
        snprintf(melody, sizeof melody, "melody drum: %s", known_chords[i].chord);
        char *played = tones_of(melody);
        snprintf(notes, sizeof notes, "%s", known_chords[i].notes);
        int tones[16], n = 0, before = -1;
        for (char *tone = strtok(played, " "); tone; tone = strtok(NULL, " "))
            tones[n++] = atoi(tone);
        int k = 0;
        for (char *note = strtok(notes, " "); note; note = strtok(NULL, " "), k++) {
            if (k >= n || tones[k] % 12 != pitch_of(note) || tones[k] <= before)
                fail_msg("%s: note %d is not %s", known_chords[i].chord, k + 1, note);
            before = tones[k];
        }
        assert_int_equal(k, n);
        free(played);
    }
}

static void signs_of_a_lead_sheet_stand_in_numerals_and_notes_too(void **state) {
    (void)state;
    expect_tones("melody drum key=\"C minor\": I^7 IVΔ vii° viiø7 ♭VII",
                 "48 52 55 59 | 53 57 60 64 | 58 61 64 | 58 61 64 68 | 57 61 64");
    expect_tones("melody drum: E♭4 F♯3 ♯4", "63 | 54 | 54");
    /* What touches an accent is a seventh, or a mistake. */
    expect_tones("melody drum: C^7^ C^ C4^", "48 52 55 59 | 48 52 55 | 60");
    expect_codes("create drum\nmelody drum: C^2", "E127");
    expect_codes("create drum\nmelody drum: 3^7", "E127");
    expect_codes("create drum\nmelody drum: CΔ8", "E441");
}

static void every_kind_of_chord_ascends_and_is_one_of_a_kind(void **state) {
    (void)state;
    assert_true(chr_chords_count >= 60);
    for (int i = 0; i < chr_chords_count; i++) {
        const chr_chord *k = &chr_chords[i];
        assert_true(k->n >= 2 && k->n <= CHR_CHORD_MOST && *k->name);
        assert_int_equal(k->tones[0], 0);
        for (int t = 1; t < k->n; t++)
            assert_true(k->tones[t] > k->tones[t - 1] && k->tones[t] < 36);
        for (int j = 0; j < i; j++)
            if (chr_chords[j].n == k->n &&
                memcmp(chr_chords[j].tones, k->tones, sizeof k->tones) == 0)
                fail_msg("%s and %s are the same notes", chr_chords[j].suffix, k->suffix);
        char melody[64], expected[64] = "";
        snprintf(melody, sizeof melody, "melody drum: D%s", k->suffix);
        for (int t = 0; t < k->n; t++) {
            size_t n = strlen(expected);
            snprintf(expected + n, sizeof expected - n, "%s%d", t ? " " : "", 50 + k->tones[t]);
        }
        expect_tones(melody, expected);
    }
}

static void a_slash_says_what_is_lowest(void **state) {
    (void)state;
    expect_tones("melody drum: C/E", "40 48 52 55");
    expect_tones("melody drum: C/D", "38 48 52 55");
    expect_tones("melody drum: Am7/G'", "67 69 72 76 79");
    expect_tones("melody drum: C/C", "48 52 55");
    expect_tones("melody drum: C/0 C/1 C/2", "48 52 55 | 52 55 60 | 55 60 64");
    expect_tones("melody drum: G7/3", "65 67 71 74");
    expect_tones("melody drum: C9/1", "52 55 58 60 62");
    expect_tones("melody drum: C9/4", "50 52 55 58 60"); /* the ninth below */
    expect_tones("melody drum: 'Cm7/1", "39 43 46 48");
    expect_tones("melody drum: C6/9/1", "52 55 57 60 62");
    expect_tones("melody drum inversion=1: C Cm7 E2 C/2", "52 55 60 | 51 55 58 60 | 40 | 55 60 64");
    expect_tones("melody drum inversion=3: C", "60 64 67");
}

static void roman_numerals_count_in_the_key(void **state) {
    (void)state;
    expect_tones("melody drum: I ii iii IV V vi viio",
                 "48 52 55 | 50 53 57 | 52 55 59 | 53 57 60 | 55 59 62 | 57 60 64 | 59 62 65");
    expect_tones("melody drum: ii7 V7 Imaj7 viih7",
                 "50 53 57 60 | 55 59 62 65 | 48 52 55 59 | 59 62 65 69");
    expect_tones("melody drum: bVII #ivo7 Vsus4 imaj7",
                 "58 62 65 | 54 57 60 63 | 55 60 62 | 48 51 55 59");
    expect_tones("melody drum key=\"C minor\": i iv VI VII",
                 "48 51 55 | 53 56 60 | 56 60 63 | 58 62 65");
    expect_tones("melody drum: V65 V43 V42 I64",
                 "59 62 65 67 | 62 65 67 71 | 65 67 71 74 | 55 60 64");
    expect_tones("melody drum: ii65 V7/1 V/D", "53 57 60 62 | 59 62 65 67 | 50 55 59 62");
    /* what leads to the fifth, to the second, and to the fifth of the fifth */
    expect_tones("melody drum: V7/V", "50 54 57 60");
    expect_tones("melody drum: V7/ii", "57 61 64 67");
    expect_tones("melody drum: viio7/V", "54 57 60 63");
    expect_tones("melody drum: ii7/IV", "55 58 62 65");
    expect_tones("melody drum: V/V/V", "57 61 64");
    expect_tones("melody drum: V7/V/1", "54 57 60 62");
    expect_tones("melody drum: V65/V", "54 57 60 62");
    expect_tones("melody drum: V7/bVII", "53 57 60 63");
}

/* ---- voicings ---- */

static void voicings_place_the_notes_of_a_chord(void **state) {
    (void)state;
    expect_tones("melody drum voicing=close: Cmaj7", "48 52 55 59");
    expect_tones("melody drum voicing=open: C Cmaj7", "48 55 64 | 48 55 59 64");
    expect_tones("melody drum voicing=spread: Cmaj7", "48 55 64 71");
    expect_tones("melody drum voicing=drop2: Cmaj7", "43 48 52 59");
    expect_tones("melody drum voicing=drop3: Cmaj7", "40 48 55 59");
    /* E G B C with its third note from below, the second from above, an octave down */
    expect_tones("melody drum voicing=drop2: Cmaj7/1", "47 52 55 60");
    expect_tones("melody drum voicing=open: C/D", "38 48 55 64"); /* the bass stays */
    expect_tones("melody drum voicing=drop2: Cno3 C2 [C2,E2]", "48 55 | 36 | 36 40");
}

static void smooth_chords_move_as_little_as_they_can(void **state) {
    (void)state;
    /* C E G to C F A: 0+1+2. To B D G: 1+3+2, as far as to D G B, whose bass leaps further. Back
     * to C E G: 1+2+0. */
    expect_tones("melody drum voicing=smooth: C F G C",
                 "48 52 55 | 48 53 57 | 47 50 55 | 48 52 55");
    /* D F A C to D F G B: 0+0+2+1. To C E G B: 2+1+0+0. */
    expect_tones("melody drum voicing=smooth: Dm7 G7 Cmaj7",
                 "50 53 57 60 | 50 53 55 59 | 48 52 55 59");
    /* Three notes to four: C to B, E to D and F, G to G are 1+2+1+0. */
    expect_tones("melody drum voicing=smooth: C G7", "48 52 55 | 47 50 53 55");
    /* A bass that is asked for stays below. */
    expect_tones("melody drum voicing=smooth: C F/C G/1", "48 52 55 | 48 53 57 60 | 47 50 55");
    /* It does not matter how the chords come round, nor what notes stand between. */
    expect_tones("melody drum voicing=smooth: [C F] E2 [G,E2] C",
                 "48 52 55 | 48 53 57 | 40 | 40 47 50 55 | 48 52 55");
    /* A mark moves its own chord alone. */
    expect_tones("melody drum voicing=smooth: C F' G", "48 52 55 | 60 65 69 | 47 50 55");
    expect_tones("melody drum voicing=smooth octave=4: C F", "60 64 67 | 60 65 69");
    expect_tones("melody drum voicing=smooth inversion=1: C F", "52 55 60 | 53 57 60");
}

/* Semitones between two chords of three notes, "48 52 55" and another. */
static int way_between(const char *a, const char *b) {
    int x[3], y[3], way = 0;
    assert_int_equal(sscanf(a, "%d %d %d", &x[0], &x[1], &x[2]), 3);
    assert_int_equal(sscanf(b, "%d %d %d", &y[0], &y[1], &y[2]), 3);
    for (int i = 0; i < 3; i++)
        way += abs(x[i] - y[i]);
    return way;
}

/* The chords of a melody, round by round, as they come. */
static int heard_chords(const char *melody, int rounds, char chords[64][16]) {
    char text[512];
    int n = 0;
    snprintf(text, sizeof text, "create drum voices=16\n%s\n", melody);
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", melody, k.messages);
    const chr_score *s = &k.ir->patterns[0].score;
    uint32_t n_notes;
    chr_score_note *notes = chr_score_notes(s, 0, rounds * s->round, 1000, &n_notes);
    for (uint32_t i = 0; i + 2 < n_notes; i += 3)
        snprintf(chords[n++], sizeof chords[0], "%g %g %g", (double)notes[i].note,
                 (double)notes[i + 1].note, (double)notes[i + 2].note);
    free(notes);
    checked_free(&k);
    return n;
}

/* What stands in `< >` or `( | )` follows the chord before the bracket, and the chord behind it
 * follows all of them: so each way through is short. */
static void smooth_chords_move_little_through_turns_and_choices(void **state) {
    (void)state;
    expect_tones("melody drum voicing=smooth: C <F G> C", "48 52 55 | 48 53 57 | 48 52 55");
    static const struct {
        const char *melody;
        int most; /* semitones from one chord to the next */
    } all[] = {
        {"melody drum voicing=smooth: C <F G> C",                    3},
        {"melody drum voicing=smooth: C <F G Am Dm Em> C",           5},
        {"melody drum voicing=smooth: C <Db F# Bb Eb G Ab> C",       6},
        {"melody drum voicing=smooth: C (F|Am|G) <Em F> C",          6},
        {"melody drum voicing=smooth: Am <[F C] [Dm G]> <C E> [Am]", 9},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        char chords[64][16];
        int n = heard_chords(all[i].melody, 12, chords);
        assert_true(n >= 36);
        for (int k = 1; k < n; k++)
            if (way_between(chords[k - 1], chords[k]) > all[i].most)
                fail_msg("%s: from %s to %s are %d semitones", all[i].melody, chords[k - 1],
                         chords[k], way_between(chords[k - 1], chords[k]));
    }
    /* Turns that begin a pattern are each other's neighbours. */
    char chords[64][16];
    assert_int_equal(heard_chords("melody drum voicing=smooth: <C F G C>", 4, chords), 4);
    assert_string_equal(chords[1], "48 53 57");
    assert_string_equal(chords[2], "47 50 55");
}

static void a_smooth_pattern_never_drifts_away(void **state) {
    (void)state;
    char melody[512] = "melody drum voicing=smooth:";
    static const char *const chords[] = {"C", "Am7", "F#m7b5", "B7", "Em9", "Ebdim7", "Dm", "G13"};
    for (int i = 0; i < 48; i++)
        strcat(strcat(melody, " "), chords[i * 5 % 8]);
    char *line = tones_of(melody), *rest = line;
    while (rest) {
        int lowest = atoi(rest);
        assert_true(lowest >= 43 && lowest <= 59);
        rest = strstr(rest, "| ");
        rest = rest ? rest + 2 : NULL;
    }
    free(line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scales_have_the_notes_that_musicians_know),
        cmocka_unit_test(modes_are_their_parent_begun_on_another_note),
        cmocka_unit_test(every_scale_ascends_within_an_octave_and_is_one_of_a_kind),
        cmocka_unit_test(no_name_means_two_things),
        cmocka_unit_test(a_scale_may_be_written_as_it_comes),
        cmocka_unit_test(chords_have_the_notes_that_musicians_know),
        cmocka_unit_test(signs_of_a_lead_sheet_stand_in_numerals_and_notes_too),
        cmocka_unit_test(every_kind_of_chord_ascends_and_is_one_of_a_kind),
        cmocka_unit_test(a_slash_says_what_is_lowest),
        cmocka_unit_test(roman_numerals_count_in_the_key),
        cmocka_unit_test(voicings_place_the_notes_of_a_chord),
        cmocka_unit_test(smooth_chords_move_as_little_as_they_can),
        cmocka_unit_test(smooth_chords_move_little_through_turns_and_choices),
        cmocka_unit_test(a_smooth_pattern_never_drifts_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
