/* lang/check/chords.c: chords by their names, and Euclidean rhythms.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

#define TONES(...) {__VA_ARGS__}, (int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int))

/* Semitones above the root. */
static const struct {
    const char *suffix;
    int tones[8];
    int n;
} chords[] = {
    {"", TONES(0, 4, 7)},
    {"maj", TONES(0, 4, 7)},
    {"M", TONES(0, 4, 7)},
    {"m", TONES(0, 3, 7)},
    {"min", TONES(0, 3, 7)},
    {"5", TONES(0, 7)},
    {"dim", TONES(0, 3, 6)},
    {"o", TONES(0, 3, 6)},
    {"aug", TONES(0, 4, 8)},
    {"+", TONES(0, 4, 8)},
    {"sus2", TONES(0, 2, 7)},
    {"sus4", TONES(0, 5, 7)},
    {"sus", TONES(0, 5, 7)},
    {"6", TONES(0, 4, 7, 9)},
    {"maj6", TONES(0, 4, 7, 9)},
    {"m6", TONES(0, 3, 7, 9)},
    {"6/9", TONES(0, 4, 7, 9, 14)},
    {"69", TONES(0, 4, 7, 9, 14)},
    {"m6/9", TONES(0, 3, 7, 9, 14)},
    {"m69", TONES(0, 3, 7, 9, 14)},
    {"7", TONES(0, 4, 7, 10)},
    {"dom7", TONES(0, 4, 7, 10)},
    {"maj7", TONES(0, 4, 7, 11)},
    {"M7", TONES(0, 4, 7, 11)},
    {"m7", TONES(0, 3, 7, 10)},
    {"min7", TONES(0, 3, 7, 10)},
    {"mmaj7", TONES(0, 3, 7, 11)},
    {"mM7", TONES(0, 3, 7, 11)},
    {"dim7", TONES(0, 3, 6, 9)},
    {"o7", TONES(0, 3, 6, 9)},
    {"m7b5", TONES(0, 3, 6, 10)},
    {"aug7", TONES(0, 4, 8, 10)},
    {"+7", TONES(0, 4, 8, 10)},
    {"7#5", TONES(0, 4, 8, 10)},
    {"7b5", TONES(0, 4, 6, 10)},
    {"maj7#5", TONES(0, 4, 8, 11)},
    {"maj7b5", TONES(0, 4, 6, 11)},
    {"7sus4", TONES(0, 5, 7, 10)},
    {"7sus", TONES(0, 5, 7, 10)},
    {"7sus2", TONES(0, 2, 7, 10)},
    {"add9", TONES(0, 4, 7, 14)},
    {"add2", TONES(0, 2, 4, 7)},
    {"madd9", TONES(0, 3, 7, 14)},
    {"madd2", TONES(0, 2, 3, 7)},
    {"add4", TONES(0, 4, 5, 7)},
    {"add11", TONES(0, 4, 7, 17)},
    {"madd11", TONES(0, 3, 7, 17)},
    {"9", TONES(0, 4, 7, 10, 14)},
    {"maj9", TONES(0, 4, 7, 11, 14)},
    {"M9", TONES(0, 4, 7, 11, 14)},
    {"m9", TONES(0, 3, 7, 10, 14)},
    {"min9", TONES(0, 3, 7, 10, 14)},
    {"mmaj9", TONES(0, 3, 7, 11, 14)},
    {"9sus4", TONES(0, 5, 7, 10, 14)},
    {"9sus", TONES(0, 5, 7, 10, 14)},
    {"7b9", TONES(0, 4, 7, 10, 13)},
    {"7#9", TONES(0, 4, 7, 10, 15)},
    {"7#11", TONES(0, 4, 7, 10, 18)},
    {"7b13", TONES(0, 4, 7, 10, 20)},
    {"7alt", TONES(0, 4, 8, 10, 13)},
    {"maj7#11", TONES(0, 4, 7, 11, 18)},
    {"11", TONES(0, 4, 7, 10, 14, 17)},
    {"maj11", TONES(0, 4, 7, 11, 14, 17)},
    {"m11", TONES(0, 3, 7, 10, 14, 17)},
    {"13", TONES(0, 4, 7, 10, 14, 17, 21)},
    {"maj13", TONES(0, 4, 7, 11, 14, 17, 21)},
    {"m13", TONES(0, 3, 7, 10, 14, 17, 21)},
    {"13sus4", TONES(0, 5, 7, 10, 14, 21)},
};
enum { N_CHORDS = sizeof chords / sizeof chords[0] };

int chord_tones(const char *suffix, int *tones) {
    for (int i = 0; i < N_CHORDS; i++)
        if (strcmp(chords[i].suffix, suffix) == 0) {
            memcpy(tones, chords[i].tones, (size_t)chords[i].n * sizeof *tones);
            return chords[i].n;
        }
    return 0;
}

const char *nearest_chord(const char *suffix) {
    const char *names[N_CHORDS];
    for (int i = 0; i < N_CHORDS; i++)
        names[i] = chords[i].suffix;
    return chr_nearest(suffix, names, N_CHORDS);
}

/* Bjorklund's way: as long as both kinds of group are several, each of the one takes one of the
 * other along. (Toussaint, "The Euclidean algorithm generates traditional musical rhythms", 2005.)
 */
void euclid(checker *c, int k, int n, int turn, bool *hits) {
    bool *group[2] = {TAKE_N(c, bool, n), TAKE_N(c, bool, n)};
    int length[2] = {1, 1}, count[2] = {k, n - k};
    group[0][0] = true;
    group[1][0] = false;
    while (count[0] > 1 && count[1] > 1) {
        bool *joined = TAKE_N(c, bool, n);
        int pairs = count[0] < count[1] ? count[0] : count[1], longer = count[0] > count[1] ? 0 : 1;
        memcpy(joined, group[0], (size_t)length[0] * sizeof(bool));
        memcpy(joined + length[0], group[1], (size_t)length[1] * sizeof(bool));
        int joined_length = length[0] + length[1], rest = count[longer] - pairs;
        group[1] = group[longer];
        length[1] = length[longer];
        group[0] = joined;
        length[0] = joined_length;
        count[0] = pairs;
        count[1] = rest;
    }
    bool *all = TAKE_N(c, bool, n);
    int at = 0;
    for (int g = 0; g < 2; g++)
        for (int i = 0; i < count[g]; i++)
            for (int j = 0; j < length[g]; j++)
                all[at++] = group[g][j];
    for (int i = 0; i < n; i++)
        hits[i] = all[(i + turn) % n];
}
