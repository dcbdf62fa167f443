/* lang/check/word_errors.c: what is wrong with a word of a melody, at which of its characters, and
 * what would stand there. SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"
#include "lang/transforms.h"

/* A word that is none, and the chord or numeral that it begins with. */
typedef struct misread {
    checker *c;
    chr_span span; /* of the word, octave marks and all */
    const char *bare;
    size_t skip; /* octave marks before it */
    size_t root; /* bytes of the letter or numeral */
    bool small;  /* a small numeral: minor */
} misread;

/* Bytes from..to-1 of the bare word. */
static chr_span part(const misread *m, size_t from, size_t to) {
    chr_span span = m->span;
    span.from += (uint32_t)(m->skip + from);
    span.to = span.from + (uint32_t)(to - from);
    return span;
}

static const char *copy_of(const misread *m, size_t from, size_t to) {
    char *text = take(m->c, to - from + 1);
    return memcpy(text, m->bare + from, to - from);
}

static const chr_chord *kind_of_part(const misread *m, size_t to) {
    const char *suffix = copy_of(m, m->root, to);
    const chr_chord *kind = m->small ? chr_chord_find(join(m->c, "m", suffix, "")) : NULL;
    return kind != NULL ? kind : chr_chord_find(suffix);
}

/* Cmj7: the root is fine. */
static void report_kind(const misread *m, size_t to) {
    checker *c = m->c;
    const char *suffix = copy_of(m, m->root, to), *root = copy_of(m, 0, m->root);
    if (!REPORT(c, E441, part(m, m->root, to), suffix))
        return;
    int n;
    const char **words = chr_chord_words(c->scratch, &n);
    const char *near = words != NULL ? chr_nearest(suffix, words, n) : NULL;
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s%s`? `help chords` lists all kinds", root, near);
    else
        chr_suggest(c->diags, "such as %s, %sm7, %ssus4; `help chords` lists all kinds", root, root,
                    root);
}

static void report_slash(const misread *m, size_t slash, const chr_chord *kind) {
    checker *c = m->c;
    const char *chord = copy_of(m, 0, slash), *behind = m->bare + slash + 1;
    size_t n = strlen(m->bare);
    if (behind[0] >= '0' && behind[0] <= '9' && behind[1] == 0) {
        if (REPORT(c, E443, part(m, slash + 1, n), chord, kind->n))
            chr_suggest(c->diags, "its inversions go from %s/1 to %s/%d", chord, chord,
                        kind->n - 1);
        return;
    }
    if (behind[0] != 0)
        REPORT(c, E442, part(m, slash + 1, n), behind);
    else if (REPORT(c, E214, part(m, slash, n), "/"))
        chr_suggest(c->diags, "such as %s/%s, with its bass, or %s/1, its first inversion", chord,
                    "E", chord);
}

static void report_chord(const misread *m) {
    size_t n = strlen(m->bare);
    for (size_t i = n; i-- > m->root;) {
        if (m->bare[i] != '/')
            continue;
        const chr_chord *kind = kind_of_part(m, i);
        if (kind != NULL) {
            report_slash(m, i, kind);
            return;
        }
        n = i;
    }
    report_kind(m, n);
}

/* C10: octaves have one digit. */
static bool report_octave(const misread *m) {
    checker *c = m->c;
    const char *rest = m->bare + m->root;
    size_t minus = rest[0] == '-', n = strspn(rest + minus, "0123456789");
    if (n == 0 || rest[minus + n] != 0 || (n == 1 && !minus))
        return false;
    if (REPORT(c, E431, part(m, m->root, strlen(m->bare)), m->bare))
        chr_suggest(c->diags, "octaves go from -1 to 9, and C4 is the middle of a piano");
    return true;
}

/* Bytes of a numeral with its sign; 0: it is none. */
static size_t numeral_length(const char *text, bool *small) {
    size_t signs = strspn(text, "b#");
    signs = signs > 2 ? 2 : signs;
    size_t large = strspn(text + signs, "IV"), little = strspn(text + signs, "iv");
    *small = little > 0;
    return large + little > 0 && large + little <= 3 ? signs + large + little : 0;
}

/* A word that would be one with a capital letter. */
static bool report_small_letter(const misread *m, const chr_ast *step, const scale *key) {
    checker *c = m->c;
    if (m->bare[0] < 'a' || m->bare[0] > 'g')
        return false;
    char *capital = take(c, strlen(m->bare) + 1);
    strcpy(capital, m->bare);
    capital[0] = (char)(capital[0] - 'a' + 'A');
    chr_ast would = *step;
    would.text = capital;
    word w;
    if (!spell_word(c, &would, key, 3, &w))
        return false;
    if (REPORT(c, E431, step->span, step->text))
        chr_suggest(c->diags, "a %s has a capital letter: %s", w.chord ? "chord" : "note", capital);
    return true;
}

/* H is B, as some say it. */
static bool report_h(const misread *m, const chr_ast *step) {
    if (m->bare[0] != 'H')
        return false;
    checker *c = m->c;
    if (REPORT(c, E431, step->span, step->text))
        chr_suggest(c->diags, "the note a semitone below C is B here, and the one below that Bb");
    return true;
}

/* What is written as in a grid, or a numeral beyond the seven degrees. */
static bool report_habit(const misread *m, const chr_ast *step) {
    checker *c = m->c;
    const char *bare = m->bare;
    bool small, grid = strpbrk(bare, "xXo") != NULL && bare[strspn(bare, "xXo.-_")] == 0;
    size_t n = numeral_length(bare, &small);
    if (!grid && (n == 0 || strchr("IVXivx", bare[n]) == NULL || bare[n] == 0))
        return false;
    if (!REPORT(c, E431, step->span, step->text))
        return true;
    if (grid)
        chr_suggest(c->diags, "hits are written in a grid: sequence NAME: %s", bare);
    else
        chr_suggest(c->diags, "roman numerals go from I to VII, as there are degrees in a key");
    return true;
}

void report_word(checker *c, const chr_ast *step, const char *bare, size_t skip, const scale *key) {
    misread m = {.c = c, .span = step->span, .bare = bare, .skip = skip};
    int pitch, number;
    m.root = (size_t)pitch_class(bare, &pitch);
    if (m.root > 0) {
        if (!report_octave(&m))
            report_chord(&m);
        return;
    }
    if (report_small_letter(&m, step, key) || report_h(&m, step) || report_habit(&m, step))
        return;
    m.root = numeral_length(bare, &m.small);
    if (m.root > 0 && key->n != 7) {
        REPORT(c, E444, step->span, key->name, key->n);
        return;
    }
    if (m.root > 0) {
        report_chord(&m);
        return;
    }
    size_t signs = strspn(bare, "b#");
    int n = digits(bare + signs, &number);
    if (n > 0 && bare[signs + (size_t)n] == 0 && number == 0)
        REPORT(c, E445, part(&m, signs, strlen(bare)), bare);
    else if (REPORT(c, E431, step->span, step->text))
        chr_suggest_transform(c->diags, step->text);
}
