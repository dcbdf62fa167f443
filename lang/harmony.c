/* lang/harmony.c: scales and chord kinds, found by their names.
 * SPDX-License-Identifier: MIT */
#include "lang/harmony.h"

#include <stdio.h>
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

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Bytes of the sign that a text begins with, and how it is typed; 0: it begins with none. */
static size_t sign_at(const char *text, const char **typed) {
    static const char *const signs[][2] = {
        {"\u0394", "^"},
        {"\u2206", "^"},
        {"\u25b3", "^"},
        {"\u00f8", "h"},
        {"\u00d8", "h"},
        {"\u00b0", "o"},
        {"\u266d", "b"},
        {"\u266f", "#"},
        {"^",      "^"}
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        size_t n = strlen(signs[i][0]);
        if (strncmp(text, signs[i][0], n) != 0)
            continue;
        *typed = signs[i][1];
        if (**typed == '^') /* by itself it means the seventh, too */
            *typed = is_digit(text[n]) ? "maj" : "maj7";
        return n;
    }
    return 0;
}

bool chr_plain_signs(const char *word, char *to, size_t size) {
    size_t n = 0;
    while (*word) {
        const char *typed = word;
        size_t taken = sign_at(word, &typed), length = taken ? strlen(typed) : 1;
        if (n + length >= size)
            return false;
        memcpy(to + n, typed, length);
        n += length;
        word += taken ? taken : 1;
    }
    to[n] = '\0';
    return true;
}

/* `ma7` and `j7` are `maj7`, `mi7` is `m7`: how many bytes stand for what. */
static size_t short_word(const char *suffix, const char **meant) {
    bool ma = strncmp(suffix, "ma", 2) == 0 || strncmp(suffix, "Ma", 2) == 0;
    bool mi = strncmp(suffix, "mi", 2) == 0 || strncmp(suffix, "Mi", 2) == 0;
    *meant = mi ? "m" : "maj";
    if ((ma && suffix[2] != 'j' && suffix[2] != 'd') || (mi && suffix[2] != 'n'))
        return 2;
    return suffix[0] == 'j' && is_digit(suffix[1]) ? 1 : 0;
}

const chr_chord *chr_chord_find(const char *suffix) {
    char signs[32], plain[36];
    const char *meant;
    if (!chr_plain_signs(suffix, signs, sizeof signs))
        return NULL;
    size_t n = short_word(signs, &meant);
    snprintf(plain, sizeof plain, "%s%s", n > 0 ? meant : "", signs + n);
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
