/* tests/unit/midi.c: MIDI files become notes and pattern text; broken ones are refused in words.
 * SPDX-License-Identifier: MIT */
#include "lang/midi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A file with a tempo track and two others; written byte by byte, as the standard says. */
#define HEAD "MThd\0\0\0\6\0\1\0\3\0\140" /* format 1, 3 tracks, 96 ticks a beat */
#define TEMPO_TRACK                                                                                \
    "MTrk\0\0\0\23"                                                                                \
    "\0\xff\x51\3\7\xa1\x20"   /* 500,000 us a beat: 120 bpm */                                    \
    "\0\xff\x58\4\3\2\x18\x08" /* 3/4 */                                                           \
    "\0\xff\x2f\0"
#define LEAD_TRACK                                                                                 \
    "MTrk\0\0\0\57"                                                                                \
    "\0\xff\3\4Lead"                                                                               \
    "\0\x90\x3c\x7f" /* C4, beat 0 */                                                              \
    "\x30\x3c\0"     /* off after half a beat: running status, velocity 0 */                       \
    "\x30\x40\x40"   /* E4 and G4 from beat 1 to 2 */                                              \
    "\0\x43\x40"                                                                                   \
    "\x60\x80\x40\0"                                                                               \
    "\0\x43\0"                                                                                     \
    "\0\xf0\3\1\2\xf7" /* something for one maker's machine */                                     \
    "\0\xb0\7\x64"     /* a controller */                                                          \
    "\0\x90\x3c\x40"   /* C4 held to the end of the track, at beat 3 */                            \
    "\x81\x40\xff\x2f\0"
#define DRUM_TRACK                                                                                 \
    "MTrk\0\0\0\17"                                                                                \
    "\0\x99\x24\x64"                                                                               \
    "\x18\x89\x24\0"                                                                               \
    "\0\xff\x2f\0\0\0\0" /* what stands behind the end is nobody's */

static const char song[] = HEAD TEMPO_TRACK LEAD_TRACK DRUM_TRACK;
enum { SONG = sizeof song - 1 };

static const char *text_of(const char *data, size_t n, uint32_t track, double grid) {
    static char text[4096];
    chr_arena *arena = chr_arena_new(0);
    chr_midi midi;
    const char *fault = chr_midi_read((const uint8_t *)data, n, arena, &midi);
    const char *made = fault ? fault : chr_midi_text(&midi, track, "lead", grid, arena);
    snprintf(text, sizeof text, "%s", made);
    chr_arena_free(arena);
    return text;
}

static void a_file_becomes_notes(void **state) {
    (void)state;
    chr_arena *arena = chr_arena_new(0);
    chr_midi midi;
    assert_null(chr_midi_read((const uint8_t *)song, SONG, arena, &midi));
    assert_int_equal(midi.ticks_per_beat, 96);
    assert_true(midi.bpm > 119.99 && midi.bpm < 120.01);
    assert_int_equal(midi.over, 3);
    assert_int_equal(midi.under, 4);
    assert_int_equal(midi.n_tracks, 3);
    assert_string_equal(midi.tracks[1].name, "Lead");
    assert_int_equal(midi.tracks[0].n_notes, 0);
    assert_int_equal(midi.tracks[1].n_notes, 4);
    assert_int_equal(midi.tracks[2].n_notes, 1);
    static const int expected[][4] = {
        {0,   48,  60, 127},
        {96,  192, 64, 64 },
        {96,  192, 67, 64 },
        {192, 384, 60, 64 },
        {0,   24,  36, 100}
    };
    assert_int_equal(midi.n_notes, 5);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(midi.notes[i].at, expected[i][0]);
        assert_int_equal(midi.notes[i].end, expected[i][1]);
        assert_int_equal(midi.notes[i].key, expected[i][2]);
        assert_int_equal(midi.notes[i].velocity, expected[i][3]);
    }
    chr_arena_free(arena);
}

static void notes_become_text(void **state) {
    (void)state;
    /* Two bars of 3/4: the last note ends with beat 4. */
    assert_string_equal(
        text_of(song, SONG, 1, 0),
        "melody lead step=1/8: C4{vel=1} . [E4,G4]@2{vel=0.504} C4@4{vel=0.504} .@4\n");
    assert_string_equal(text_of(song, SONG, 2, 0), "melody lead step=1/16: C2{vel=0.787} .@11\n");
    assert_string_equal(text_of(song, SONG, 2, 1), "melody lead step=1/4: C2{vel=0.787} .@2\n");
    assert_string_equal(text_of(song, SONG, 0, 0), "");
}

static void notes_that_overlap_are_patterns_of_their_own(void **state) {
    (void)state;
    static const char two[] = "MThd\0\0\0\6\0\0\0\1\0\2MTrk\0\0\0\30"
                              "\0\x90\x3c\x7f"
                              "\2\x90\x3e\x7f"
                              "\2\x80\x3c\0"
                              "\4\x80\x3e\0"
                              "\0\x90\x7f\x7f"
                              "\1\xff\x2f\0";
    assert_string_equal(text_of(two, sizeof two - 1, 0, 0),
                        "melody lead step=1/8: C4@4{vel=1} .@4 m127{vel=1} .@7\n"
                        "melody lead/part2 step=1/8: .@2 D4@6{vel=1} .@8\n");
}

static void what_is_no_file_is_refused_in_words(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t n;
        const char *fault;
    } bad[] = {
        {"",                                              0,  "is no MIDI file"                   },
        {"RIFF....WAVEfmt ",                              16, "is no MIDI file"                   },
        {"MThd\0\0\0\6\0\2\0\1\0\140",                    14, "holds several songs (format 2)"    },
        {"MThd\0\0\0\6\0\1\0\1\xe7\x28",                  14, "counts frames of a film, not beats"},
        {"MThd\0\0\0\6\0\1\0\1\0\0",                      14, "has no length of a beat"           },
        {"MThd\0\0\1\6\0\1\0\1\0\140",                    14, "is cut off"                        },
        {"MThd\0\0\0\6\0\0\0\1\0\140MTrk\0\0\0\2\0\x3c",  24, "has an event that no MIDI file has"},
        {"MThd\0\0\0\6\0\0\0\1\0\140MTrk\0\0\0\11\0\x90", 24, "is cut off"                        },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_string_equal(text_of(bad[i].bytes, bad[i].n, 0, 0), bad[i].fault);
}

/* Nothing beyond the bytes is read (the sanitizers tell), and notes are whole, whatever they are.
 */
static void any_bytes_are_read_safely(void **state) {
    (void)state;
    uint64_t random = 7;
    for (int round = 0; round < 20000; round++) {
        size_t n = round < SONG ? (size_t)round : SONG;
        char *bytes = malloc(n + 1);
        assert_non_null(bytes);
        memcpy(bytes, song, n);
        for (int k = 0; round >= SONG && k < 1 + round % 5; k++) {
            random = random * 6364136223846793005u + 1442695040888963407u;
            bytes[(random >> 33) % n] = (char)(random >> 25);
        }
        char *exact = malloc(n ? n : 1); /* so that one byte more is one too many */
        assert_non_null(exact);
        memcpy(exact, bytes, n);
        chr_arena *arena = chr_arena_new(0);
        chr_midi midi;
        if (!chr_midi_read((const uint8_t *)exact, n, arena, &midi))
            for (uint32_t i = 0; i < midi.n_notes; i++) {
                assert_true(midi.notes[i].end > midi.notes[i].at && midi.notes[i].at >= 0);
                assert_true(midi.notes[i].key < 128 && midi.notes[i].velocity > 0);
            }
        if (round % 16 == 0)
            text_of(exact, n, 1, 0);
        chr_arena_free(arena);
        free(exact);
        free(bytes);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_becomes_notes),
        cmocka_unit_test(notes_become_text),
        cmocka_unit_test(notes_that_overlap_are_patterns_of_their_own),
        cmocka_unit_test(what_is_no_file_is_refused_in_words),
        cmocka_unit_test(any_bytes_are_read_safely),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
