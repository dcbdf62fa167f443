/* lang/check/words.c: the characters of a sequence and the words of a melody.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

static const double usual_level = 0.8;
enum { LONGEST_WORD = 80 }; /* that means anything */

/* The lexer lets no other character through. */
word read_grid(const chr_ast *step) {
    char k = step->text[0];
    if (k == '_')
        return (word){.kind = WORD_HOLD};
    if (k == '.' || k == '-')
        return (word){.kind = WORD_REST};
    double level = k == 'X'               ? 1.0
                   : k == 'o'             ? 0.5
                   : k >= '1' && k <= '9' ? (k - '0') / 9.0
                                          : usual_level;
    return (word){.kind = WORD_HIT, .level = level};
}

/* ---- words ---- */

int digits(const char *text, int *number) {
    int n = 0, x = 0;
    while (text[n] >= '0' && text[n] <= '9' && n < 4)
        x = x * 10 + text[n++] - '0';
    *number = x;
    return text[n] >= '0' && text[n] <= '9' ? 0 : n;
}

int degree_pitch(const scale *key, int degree) {
    return key->steps[(degree - 1) % key->n] + 12 * ((degree - 1) / key->n);
}

int sign_of(const char *text, int *n) {
    int shift = 0;
    *n = 0;
    while ((text[*n] == 'b' || text[*n] == '#') && *n < 2)
        shift += text[(*n)++] == '#' ? 1 : -1;
    return shift;
}

static bool one_tone(word *out, int midi) {
    out->tones[0] = midi;
    out->n = 1;
    return true;
}

/* 1 b2 #4 */
static bool read_degree(const char *text, const scale *key, int octave, word *out) {
    int signs, degree, shift = sign_of(text, &signs), n = digits(text + signs, &degree);
    if (n == 0 || text[signs + n] != 0 || degree < 1)
        return false;
    return one_tone(out, 12 * (octave + 1) + key->tonic + degree_pitch(key, degree) + shift);
}

/* C2 F#3 C-1, but not G7 and C9, which are chords. */
static bool read_note(const char *text, word *out) {
    int pitch, n = pitch_class(text, &pitch);
    if (n == 0)
        return false;
    int octave, minus = text[n] == '-', m = digits(text + n + minus, &octave);
    if (m != 1 || text[n + minus + m] != 0 || (minus && octave != 1))
        return false;
    if (!minus && (octave == 7 || octave == 9))
        return false;
    /* Cb4 lies below C4, B#3 above B3. */
    int wrap = text[0] == 'C' && text[1] == 'b' ? -12 : text[0] == 'B' && text[1] == '#' ? 12 : 0;
    return one_tone(out, 12 * ((minus ? -octave : octave) + 1) + pitch + wrap);
}

static bool is_rest(const char *text) {
    return strcmp(text, ".") == 0 || strcmp(text, "-") == 0;
}

/* The word without its octave marks; *skip: how many stand before it. */
static const char *strip(checker *c, const char *text, int *up, size_t *skip) {
    *up = 0;
    *skip = 0;
    while (text[*skip] == '\'')
        ++*skip, --*up;
    size_t n = strlen(text + *skip);
    while (n > 0 && text[*skip + n - 1] == '\'')
        n--, ++*up;
    char *bare = take(c, n + 1);
    return memcpy(bare, text + *skip, n);
}

/* m60 */
static bool read_midi(const char *text, word *out) {
    int midi, n = text[0] == 'm' ? digits(text + 1, &midi) : 0;
    return n > 0 && text[1 + n] == 0 && one_tone(out, midi);
}

bool spell_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out) {
    size_t skip;
    *out = (word){.kind = WORD_TONES, .level = usual_level, .inversion = -1};
    if (is_rest(step->text) || strcmp(step->text, "_") == 0) {
        out->kind = is_rest(step->text) ? WORD_REST : WORD_HOLD;
        return true;
    }
    char bare[LONGEST_WORD];
    if (!chr_plain_signs(strip(c, step->text, &out->up, &skip), bare, sizeof bare))
        return false;
    bool degree = read_degree(bare, key, octave, out);
    bool known = degree || read_note(bare, out) || read_chord(bare, octave, out);
    bool roman = !known && read_roman(bare, key, octave, out);
    out->in_key = degree || roman;
    known = known || roman || read_midi(bare, out);
    out->could_be_note = out->could_be_note && out->up == 0;
    return known;
}

/* Notes that the tuning has no key for are silent. */
static void leave_out_unmapped(checker *c, const chr_ast *step, word *w) {
    int kept = 0;
    for (int i = 0; i < w->n; i++)
        if (c->tempo.note_hz[w->tones[i]] > 0)
            w->tones[kept++] = w->tones[i];
    if (kept < w->n)
        WARN(c, W404, step->span, step->text);
    w->n = kept;
    if (kept == 0 && w->kind == WORD_TONES)
        w->kind = WORD_REST;
}

bool read_melody_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out) {
    if (!spell_word(c, step, key, octave, out)) {
        int up;
        size_t skip;
        const char *bare = strip(c, step->text, &up, &skip);
        report_word(c, step, bare, skip, key);
        return false;
    }
    if (out->chord)
        voice_chord(step, key, out);
    for (int i = 0; i < out->n; i++) {
        out->tones[i] += 12 * out->up;
        if (out->tones[i] < 0 || out->tones[i] > 127) {
            int number;
            if (REPORT(c, E433, step->span, step->text) && digits(step->text, &number) > 1 &&
                number < 128)
                chr_suggest(c->diags, "%d is a degree of the key; the note of that number is m%d",
                            number, number);
            return false;
        }
    }
    if (c->tempo.note_hz != NULL)
        leave_out_unmapped(c, step, out);
    return true;
}
