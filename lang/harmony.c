/* lang/harmony.c: scales and chord kinds, found by their names.
 * SPDX-License-Identifier: MIT */
#include "lang/harmony.h"

#include <string.h>

#define TONES(...) {__VA_ARGS__}, (int)(sizeof((int[]){__VA_ARGS__}) / sizeof(int))

const chr_scale chr_scales[] = {
#define CHR_SCALE(name, aliases, doc, ...) {name, aliases, doc, TONES(__VA_ARGS__)},
#include "lang/scales.def"
#undef CHR_SCALE
};
const int chr_scales_count = sizeof chr_scales / sizeof chr_scales[0];

const chr_chord chr_chords[] = {
#define CHR_CHORD(suffix, aliases, name, ...) {suffix, aliases, name, TONES(__VA_ARGS__)},
#include "lang/chords.def"
#undef CHR_CHORD
};
const int chr_chords_count = sizeof chr_chords / sizeof chr_chords[0];

const char *const chr_voicing_words[CHR_VOICINGS] = {
    [CHR_VOICING_CLOSE] = "close", [CHR_VOICING_OPEN] = "open",   [CHR_VOICING_SPREAD] = "spread",
    [CHR_VOICING_DROP2] = "drop2", [CHR_VOICING_DROP3] = "drop3", [CHR_VOICING_SMOOTH] = "smooth",
};

static bool is_one_of(const char *names, const char *text) {
    size_t n = strlen(text);
    for (const char *a = names; *a; a += strcspn(a, "|"), a += *a == '|')
        if (strcspn(a, "|") == n && memcmp(a, text, n) == 0)
            return true;
    return false;
}

/* "C Major" and "C  minor" are meant as they would be written. */
static bool plain_name(const char *name, char *to, size_t size) {
    size_t n = 0;
    for (; *name; name++) {
        if (*name == ' ' && (n == 0 || to[n - 1] == ' '))
            continue;
        if (n + 1 == size)
            return false;
        to[n++] = (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
    }
    n -= n > 0 && to[n - 1] == ' ';
    to[n] = '\0';
    return true;
}

const chr_scale *chr_scale_find(const char *name) {
    char plain[64];
    if (!plain_name(name, plain, sizeof plain))
        return NULL;
    for (int i = 0; i < chr_scales_count; i++)
        if (strcmp(chr_scales[i].name, plain) == 0 || is_one_of(chr_scales[i].aliases, plain))
            return &chr_scales[i];
    return NULL;
}

const chr_chord *chr_chord_find(const char *suffix) {
    char plain[32];
    if (strlen(suffix) >= sizeof plain)
        return NULL;
    strcpy(plain, suffix);
    if (strncmp(plain, "Maj", 3) == 0 || strncmp(plain, "Min", 3) == 0)
        plain[0] = 'm';
    for (int i = 0; i < chr_chords_count; i++)
        if (strcmp(chr_chords[i].suffix, plain) == 0 || is_one_of(chr_chords[i].aliases, plain))
            return &chr_chords[i];
    return NULL;
}

/* Adds the names parted by `|`. Returns how many there are then. */
static int add_names(chr_arena *arena, const char **words, int n, const char *names) {
    for (const char *a = names; *a; a += strcspn(a, "|"), a += *a == '|') {
        if (words != NULL)
            words[n] = chr_arena_copy(arena, a, strcspn(a, "|"));
        n++;
    }
    return n;
}

/* Called twice: the first time only to count. */
static int scale_words(chr_arena *arena, const char **words) {
    int n = 0;
    for (int i = 0; i < chr_scales_count; i++)
        n = add_names(arena, words, n, chr_scales[i].name);
    for (int i = 0; i < chr_scales_count; i++)
        n = add_names(arena, words, n, chr_scales[i].aliases);
    return n;
}

static int chord_words(chr_arena *arena, const char **words) {
    int n = 0;
    for (int i = 0; i < chr_chords_count; i++)
        n = add_names(arena, words, n, chr_chords[i].suffix);
    for (int i = 0; i < chr_chords_count; i++)
        n = add_names(arena, words, n, chr_chords[i].aliases);
    return n;
}

const char **chr_scale_words(chr_arena *arena, int *n) {
    const char **words = CHR_NEW_N(arena, const char *, scale_words(arena, NULL));
    *n = words != NULL ? scale_words(arena, words) : 0;
    return chr_arena_failed(arena) ? NULL : words;
}

const char **chr_chord_words(chr_arena *arena, int *n) {
    const char **words = CHR_NEW_N(arena, const char *, chord_words(arena, NULL));
    *n = words != NULL ? chord_words(arena, words) : 0;
    return chr_arena_failed(arena) ? NULL : words;
}
