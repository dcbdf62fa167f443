/* lang/check/chords.c: chords by their names and by roman numerals, and Euclidean rhythms.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

enum { LONGEST_NAME = 40 }; /* of a chord, with all its slashes */

static void stack(const chr_chord *kind, int root, word *out) {
    out->n = kind->n;
    for (int i = 0; i < kind->n; i++)
        out->tones[i] = root + kind->tones[i];
    out->chord = true;
}

/* G7/B: the bass lies under the root. */
static void add_bass(word *out, int root, int bass) {
    int low = root - ((root - bass) % 12 + 12) % 12;
    out->on_bass = true;
    if (low == root)
        return;
    memmove(out->tones + 1, out->tones, (size_t)out->n * sizeof out->tones[0]);
    out->tones[0] = low;
    out->n++;
}

/* What stands after the last slash of a name: a bass or an inversion. */
typedef struct tail {
    bool on_bass;
    int bass, inversion; /* -1: none */
} tail;

/* Takes it off. The slash of `6/9` is none. */
static tail split_tail(char *name) {
    tail t = {.inversion = -1};
    char *slash = strrchr(name, '/');
    int pitch, n;
    if (slash == NULL)
        return t;
    if (slash[1] >= '0' && slash[1] <= '8' && slash[2] == 0) {
        t.inversion = slash[1] - '0';
    } else if ((n = pitch_class(slash + 1, &pitch)) > 0 && slash[1 + n] == 0) {
        t.on_bass = true;
        t.bass = pitch;
    } else {
        return t;
    }
    *slash = 0;
    return t;
}

/* A kind of chord on a root, with what follows its slash. */
static bool finish_chord(const chr_chord *kind, int pitch, int octave, const tail *t, word *out) {
    int root = 12 * (octave + 1) + pitch;
    if (kind == NULL || t->inversion >= kind->n)
        return false;
    stack(kind, root, out);
    if (t->on_bass)
        add_bass(out, root, t->bass);
    out->inversion = t->inversion;
    return true;
}

bool read_chord(const char *text, int octave, word *out) {
    int pitch, n = pitch_class(text, &pitch);
    char name[LONGEST_NAME];
    if (n == 0 || strlen(text + n) >= sizeof name)
        return false;
    strcpy(name, text + n);
    const chr_chord *kind = chr_chord_find(name);
    tail t = {.inversion = -1};
    if (kind == NULL) {
        t = split_tail(name);
        kind = chr_chord_find(name);
    }
    out->could_be_note = strcmp(text + n, "7") == 0 || strcmp(text + n, "9") == 0;
    return finish_chord(kind, pitch, octave, &t, out);
}

/* ---- roman numerals ---- */

typedef struct roman {
    int degree; /* 1..7 */
    int shift;
    bool small;
    const char *rest;
} roman;

static bool read_numeral(const char *text, roman *r) {
    static const char *const numerals[] = {"VII", "III", "VI", "IV", "II", "V", "I"};
    static const int degrees[] = {7, 3, 6, 4, 2, 5, 1};
    int signs;
    r->shift = sign_of(text, &signs);
    text += signs;
    for (int i = 0; i < 7; i++) {
        size_t n = strlen(numerals[i]), k = 0;
        r->small = text[0] >= 'a';
        while (k < n && text[k] == numerals[i][k] + (r->small ? 'a' - 'A' : 0))
            k++;
        if (k < n)
            continue;
        r->degree = degrees[i];
        r->rest = text + n;
        return true;
    }
    return false;
}

/* "65" and its like say an inversion, as in figured bass. */
static const chr_chord *figured_kind(const char *suffix, bool small, int *inversion) {
    static const struct {
        const char *figures, *chord;
        int inversion;
    } figures[] = {
        {"65", "7", 1},
        {"43", "7", 2},
        {"42", "7", 3},
        {"64", "",  2},
    };
    char name[LONGEST_NAME + 4];
    /* A small numeral is minor, unless its suffix is a chord of its own: viidim, iisus4. */
    for (int minor = small ? 1 : 0; minor >= 0; minor--) {
        snprintf(name, sizeof name, "%s%s", minor ? "m" : "", suffix);
        const chr_chord *kind = chr_chord_find(name);
        size_t n = strlen(name);
        for (size_t i = 0; kind == NULL && n >= 2 && i < sizeof figures / sizeof figures[0]; i++) {
            if (strcmp(name + n - 2, figures[i].figures) != 0)
                continue;
            strcpy(name + n - 2, figures[i].chord);
            kind = chr_chord_find(name);
            *inversion = figures[i].inversion;
            break;
        }
        if (kind != NULL)
            return kind;
    }
    return NULL;
}

/* V7/ii: what stands before the slash counts in the major scale on the root of what follows it. */
static int secondary_pitch(const roman *r, int tonic) {
    static const int major[] = {0, 2, 4, 5, 7, 9, 11};
    return tonic + major[r->degree - 1] + r->shift;
}

/* The root of a numeral, "V" or "V/ii". It shortens `text`, which is at most LONGEST_NAME long. */
static bool root_of(char *text, const scale *key, int *pitch) {
    roman r;
    if (!read_numeral(text, &r))
        return false;
    char *slash = strchr(text, '/');
    int tonic;
    if (slash == NULL) {
        *pitch = key->tonic + degree_pitch(key, r.degree) + r.shift;
        return r.rest[0] == 0;
    }
    if (r.rest != slash || !root_of(slash + 1, key, &tonic))
        return false;
    *pitch = secondary_pitch(&r, tonic);
    return true;
}

bool read_roman(const char *text, const scale *key, int octave, word *out) {
    roman r;
    char name[LONGEST_NAME];
    if (!read_numeral(text, &r) || strlen(r.rest) >= sizeof name || key->n != 7)
        return false;
    strcpy(name, r.rest);
    tail t = {.inversion = -1};
    int pitch = key->tonic + degree_pitch(key, r.degree) + r.shift;
    const chr_chord *kind = figured_kind(name, r.small, &t.inversion);
    if (kind == NULL) {
        t = split_tail(name);
        kind = figured_kind(name, r.small, &t.inversion);
    }
    for (char *slash = name; kind == NULL && (slash = strchr(slash, '/')) != NULL; slash++) {
        int tonic;
        *slash = 0; /* that of `V6/9/V` is part of the chord's name */
        kind = figured_kind(name, r.small, &t.inversion);
        *slash = '/';
        if (kind != NULL && !root_of(slash + 1, key, &tonic))
            kind = NULL;
        if (kind != NULL)
            pitch = secondary_pitch(&r, tonic);
    }
    return finish_chord(kind, (pitch + 24) % 12, octave, &t, out);
}

/* ---- rhythms ---- */

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
