/* lang/check/voicing.c: where the notes of a chord lie: inversions, open voicings, and voicings
 * that move little. SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

enum {
    MOST_INVERSION = 8,
    /* The lowest note of a smooth chord, from the C of the melody's octave: G below to B above. */
    SMOOTH_LEAST = -5,
    SMOOTH_MOST = 11
};

/* ---- keys of a melody ---- */

bool read_voicing(checker *c, const chr_ast *e, scale *key) {
    const char *said = text_of(c, e->span);
    for (int i = 0; i < CHR_VOICINGS; i++)
        if (strcmp(chr_voicing_words[i], said) == 0) {
            key->voicing = (chr_voicing)i;
            return true;
        }
    if (REPORT(c, E446, e->span, said)) {
        const char *near = chr_nearest(said, chr_voicing_words, CHR_VOICINGS);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
    return false;
}

bool read_inversion(checker *c, const place *p, const chr_ast *e, scale *key) {
    value v = eval(c, p, e);
    double x;
    if (!one_number(c, &v, e->span, "inversion", &x))
        return false;
    if (!(x >= 0 && x <= MOST_INVERSION && x == (double)(int)x)) {
        REPORT(c, E410, e->span, "inversion", 0, (int)MOST_INVERSION);
        return false;
    }
    key->inversion = (int)x;
    return true;
}

/* ---- placing ---- */

static void sort_tones(int *tones, int n) {
    for (int i = 1; i < n; i++)
        for (int k = i; k > 0 && tones[k] < tones[k - 1]; k--) {
            int t = tones[k];
            tones[k] = tones[k - 1];
            tones[k - 1] = t;
        }
}

/* The tone of that number, within an octave above the root, becomes the lowest; the others follow
 * above it. Further ones lie octaves higher: the third inversion of a triad is the triad an octave
 * up. */
static void invert(int *tones, int n, int inversion) {
    int octaves = inversion / n, lowest = inversion % n;
    int bass = tones[0] + (tones[lowest] - tones[0]) % 12;
    for (int i = 0; i < n; i++) {
        while (i != lowest && tones[i] < bass)
            tones[i] += 12;
        if (i == lowest)
            tones[i] = bass;
    }
    for (int i = 0; i < n; i++)
        tones[i] += 12 * octaves;
    sort_tones(tones, n);
}

static void place_tones(int *tones, int n, chr_voicing how) {
    if (n < 3)
        return; /* of two notes both are outer ones */
    switch (how) {
    case CHR_VOICING_OPEN:
        tones[1] += 12;
        break;
    case CHR_VOICING_SPREAD:
        for (int i = 1; i < n; i += 2)
            tones[i] += 12;
        break;
    case CHR_VOICING_DROP2:
        tones[n - 2] -= 12;
        break;
    case CHR_VOICING_DROP3:
        tones[n - 3] -= 12;
        break;
    case CHR_VOICING_CLOSE:
    case CHR_VOICING_SMOOTH:
        break;
    }
    sort_tones(tones, n);
}

/* What the name of the chord, or the key, asks for; the bass of a slash stays below. */
static void place_chord(const scale *key, word *w) {
    int bass = w->on_bass ? 1 : 0;
    if (w->on_bass) {
        place_tones(w->tones + bass, w->n - bass, key->voicing);
        sort_tones(w->tones, w->n);
        return;
    }
    int inversion = w->inversion >= 0 ? w->inversion : key->inversion;
    if (inversion > 0)
        invert(w->tones, w->n, inversion);
    place_tones(w->tones, w->n, key->voicing);
}

/* ---- smooth ---- */

typedef struct voiced {
    uint32_t from; /* byte of the word in its source */
    int tones[MOST_TONES], n;
} voiced;

struct voicings {
    voiced *chords; /* by place in the text */
    uint32_t n, room;
};

static int distance_of(int a, int b) {
    return a < b ? b - a : a - b;
}

/* Semitones that the notes of `a` move to become those of `b`, in order, no two crossing. Where one
 * chord has more notes, two of them come from one, or go to one. */
static int movement(const int *a, int n, const int *b, int m) {
    int cost[MOST_TONES][MOST_TONES];
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m; k++) {
            int before = i == 0 && k == 0 ? 0 : i > 0 && k > 0 ? cost[i - 1][k - 1] : INT32_MAX / 2;
            if (n > m && i > 0 && cost[i - 1][k] < before)
                before = cost[i - 1][k];
            if (m > n && k > 0 && cost[i][k - 1] < before)
                before = cost[i][k - 1];
            cost[i][k] = before + distance_of(a[i], b[k]);
        }
    return cost[n - 1][m - 1];
}

/* Moves the chord by octaves until its lowest note lies in the range, as low as it can. */
static void lower(int *tones, int n, int least) {
    int octaves = 0;
    while (tones[0] + 12 * octaves - 12 >= least)
        octaves--;
    while (tones[0] + 12 * octaves < least)
        octaves++;
    for (int i = 0; i < n; i++)
        tones[i] += 12 * octaves;
}

/* Those chords of which one was heard last: several where turns or a choice stand before. */
enum { MOST_BEFORE = 16 };
typedef struct heard {
    uint32_t at[MOST_BEFORE], n;
} heard;

typedef struct search {
    const voiced *all;
    const heard *before;
    int least, most; /* of the lowest note */
    voiced best;
    int movement, leap; /* of the best */
} search;

static void try_octaves(search *s, const int *tones, int n) {
    voiced v = {.n = n};
    memcpy(v.tones, tones, (size_t)n * sizeof *tones);
    lower(v.tones, n, s->least);
    while (v.tones[0] <= s->most) {
        int way = 0, leap = 0;
        for (uint32_t i = 0; i < s->before->n; i++) {
            const voiced *from = &s->all[s->before->at[i]];
            way += movement(from->tones, from->n, v.tones, n);
            leap += distance_of(from->tones[0], v.tones[0]);
        }
        if (s->best.n == 0 || way < s->movement || (way == s->movement && leap < s->leap)) {
            s->best = v;
            s->movement = way;
            s->leap = leap;
        }
        for (int i = 0; i < n; i++)
            v.tones[i] += 12;
    }
}

typedef struct settling {
    checker *c;
    const scale *key;
    int octave;
    struct voicings *all;
} settling;

/* The inversion and octave of `w` that is nearest to the chords before, all of them together. */
static voiced follow(const settling *now, const heard *before, const word *w) {
    const scale *key = now->key;
    int low = 12 * (now->octave + 1);
    search s = {.all = now->all->chords,
                .before = before,
                .least = low + SMOOTH_LEAST,
                .most = low + SMOOTH_MOST};
    bool fixed = w->on_bass || w->inversion >= 0;
    for (int i = 0; i < w->n && (!fixed || i == 0); i++) {
        word laid = *w;
        if (fixed)
            place_chord(key, &laid);
        else
            invert(laid.tones, laid.n, i);
        try_octaves(&s, laid.tones, laid.n);
    }
    return s.best;
}

static void settle_word(settling *s, const chr_ast *step, heard *before) {
    checker *c = s->c;
    word w;
    if (!spell_word(c, step, s->key, s->octave, &w) || !w.chord || s->all->n == MAX_EVENTS)
        return;
    voiced v;
    if (before->n == 0) {
        place_chord(s->key, &w);
        v = (voiced){.n = w.n};
        memcpy(v.tones, w.tones, sizeof v.tones);
    } else {
        v = follow(s, before, &w);
    }
    v.from = step->span.from;
    *before = (heard){.at = {s->all->n}, .n = 1};
    s->all->chords = grown(c, s->all->chords, s->all->n, &s->all->room, sizeof *s->all->chords);
    s->all->chords[s->all->n++] = v;
}

static void hear_also(heard *all, const heard *more) {
    for (uint32_t i = 0; i < more->n && all->n < MOST_BEFORE; i++) {
        uint32_t k = 0;
        while (k < all->n && all->at[k] != more->at[i])
            k++;
        if (k == all->n)
            all->at[all->n++] = more->at[i];
    }
}

static void settle_item(settling *s, const chr_ast *e, heard *before);

static void settle_row(settling *s, const chr_ast *steps, heard *before) {
    for (const chr_ast *e = steps->child; e != NULL; e = e->next)
        settle_item(s, e, before);
}

/* Each of several follows what stands before all of them, and what comes next follows them all. At
 * the beginning, where nothing stands before, one follows the other. Brackets nest as deep as the
 * lexer allows. */
static void settle_item(settling *s, const chr_ast *e, heard *before) {
    if (e->kind == CHR_AST_STEP) {
        settle_word(s, e, before);
        return;
    }
    if (e->kind == CHR_AST_MOD)
        return;
    bool turns = e->kind == CHR_AST_TURNS && e->child != NULL;
    heard after = {.n = 0}, last = *before;
    for (const chr_ast *one = turns ? e->child->child : e->child; one != NULL; one = one->next) {
        if (one->kind == CHR_AST_MOD)
            continue;
        last = before->n > 0 ? *before : last;
        if (turns)
            settle_item(s, one, &last);
        else
            settle_row(s, one, &last);
        hear_also(&after, &last);
    }
    if (after.n > 0)
        *before = after;
}

void settle_voicings(checker *c, const chr_ast *steps, scale *key, int octave) {
    if (key->voicing != CHR_VOICING_SMOOTH)
        return;
    settling s = {.c = c, .key = key, .octave = octave, .all = TAKE(c, struct voicings)};
    heard before = {.n = 0};
    settle_row(&s, steps, &before);
    key->smooth = s.all;
}

static int by_place(const void *wanted, const void *chord) {
    uint32_t from = *(const uint32_t *)wanted, at = ((const voiced *)chord)->from;
    return (from > at) - (from < at);
}

void voice_chord(const chr_ast *step, const scale *key, word *w) {
    const struct voicings *all = key->smooth;
    const voiced *v = all != NULL && all->n > 0
                          ? bsearch(&step->span.from, all->chords, all->n, sizeof *v, by_place)
                          : NULL;
    if (v == NULL) {
        place_chord(key, w);
        return;
    }
    w->n = v->n;
    memcpy(w->tones, v->tones, sizeof v->tones);
}
