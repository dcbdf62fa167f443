/* lang/check/words.c: the characters of a sequence and the words of a melody.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

static const double usual_level = 0.8;

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

/* ---- keys ---- */

static const struct {
    const char *name;
    int steps[12];
    int n;
} scales[] = {
    {"major",            {0, 2, 4, 5, 7, 9, 11},                 7 },
    {"minor",            {0, 2, 3, 5, 7, 8, 10},                 7 },
    {"ionian",           {0, 2, 4, 5, 7, 9, 11},                 7 },
    {"dorian",           {0, 2, 3, 5, 7, 9, 10},                 7 },
    {"phrygian",         {0, 1, 3, 5, 7, 8, 10},                 7 },
    {"lydian",           {0, 2, 4, 6, 7, 9, 11},                 7 },
    {"mixolydian",       {0, 2, 4, 5, 7, 9, 10},                 7 },
    {"aeolian",          {0, 2, 3, 5, 7, 8, 10},                 7 },
    {"locrian",          {0, 1, 3, 5, 6, 8, 10},                 7 },
    {"harmonic minor",   {0, 2, 3, 5, 7, 8, 11},                 7 },
    {"melodic minor",    {0, 2, 3, 5, 7, 9, 11},                 7 },
    {"harmonic major",   {0, 2, 4, 5, 7, 8, 11},                 7 },
    {"pentatonic",       {0, 2, 4, 7, 9},                        5 },
    {"major pentatonic", {0, 2, 4, 7, 9},                        5 },
    {"minor pentatonic", {0, 3, 5, 7, 10},                       5 },
    {"blues",            {0, 3, 5, 6, 7, 10},                    6 },
    {"whole tone",       {0, 2, 4, 6, 8, 10},                    6 },
    {"diminished",       {0, 2, 3, 5, 6, 8, 9, 11},              8 },
    {"chromatic",        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 12},
};
enum { N_SCALES = sizeof scales / sizeof scales[0] };

const char *chr_scale_name(int i) {
    return i >= 0 && i < N_SCALES ? scales[i].name : NULL;
}

/* A letter with # or b. Returns its length, 0 where there is none. */
static int pitch_class(const char *text, int *pitch) {
    static const int of_letter[] = {9, 11, 0, 2, 4, 5, 7};
    if (text[0] < 'A' || text[0] > 'G')
        return 0;
    int p = of_letter[text[0] - 'A'], n = 1;
    if (text[1] == '#')
        p++, n++;
    else if (text[1] == 'b')
        p--, n++;
    *pitch = (p + 12) % 12;
    return n;
}

bool read_key(checker *c, const char *text, chr_span span, scale *out) {
    int tonic = 0, n = pitch_class(text, &tonic);
    const char *rest = text + n;
    const char *name = rest[0] == 0             ? "major"
                       : strcmp(rest, "m") == 0 ? "minor"
                       : rest[0] == ' '         ? rest + 1
                                                : NULL;
    for (int i = 0; i < N_SCALES && n > 0 && name != NULL; i++) {
        if (strcmp(scales[i].name, name) != 0)
            continue;
        *out = (scale){.tonic = tonic, .n = scales[i].n};
        memcpy(out->steps, scales[i].steps, sizeof out->steps);
        return true;
    }
    if (REPORT(c, E432, span, text) && n > 0 && name != NULL) {
        const char *names[N_SCALES];
        for (int i = 0; i < N_SCALES; i++)
            names[i] = scales[i].name;
        const char *near = chr_nearest(name, names, N_SCALES);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean \"%.*s %s\"?", n, text, near);
    }
    return false;
}

/* ---- words ---- */

static int digits(const char *text, int *number) {
    int n = 0, x = 0;
    while (text[n] >= '0' && text[n] <= '9' && n < 4)
        x = x * 10 + text[n++] - '0';
    *number = x;
    return text[n] >= '0' && text[n] <= '9' ? 0 : n;
}

static int degree_pitch(const scale *key, int degree) {
    return key->steps[(degree - 1) % key->n] + 12 * ((degree - 1) / key->n);
}

static int sign_of(const char *text, int *n) {
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

static bool stack_chord(const char *suffix, int root, word *out) {
    out->n = chord_tones(suffix, out->tones);
    for (int i = 0; i < out->n; i++)
        out->tones[i] += root;
    out->chord = true;
    return out->n > 0;
}

/* G7/B: the bass lies under the root. */
static bool add_bass(word *out, int root, int bass) {
    int low = root - ((root - bass) % 12 + 12) % 12;
    if (low == root)
        return true;
    memmove(out->tones + 1, out->tones, (size_t)out->n * sizeof out->tones[0]);
    out->tones[0] = low;
    out->n++;
    return true;
}

/* Takes the bass off the end of a chord's name, where there is one; the 9 of `6/9` is none. */
static bool split_bass(char *suffix, int *bass) {
    char *slash = strrchr(suffix, '/');
    if (slash == NULL || pitch_class(slash + 1, bass) == 0 ||
        slash[1 + pitch_class(slash + 1, bass)] != 0)
        return false;
    *slash = 0;
    return true;
}

static bool read_chord(const char *text, int octave, word *out) {
    int pitch, bass, n = pitch_class(text, &pitch);
    char suffix[32];
    if (n == 0 || strlen(text + n) >= sizeof suffix)
        return false;
    strcpy(suffix, text + n);
    bool on_bass = split_bass(suffix, &bass);
    int root = 12 * (octave + 1) + pitch;
    if (!stack_chord(suffix, root, out))
        return false;
    out->could_be_note = !on_bass && (strcmp(suffix, "7") == 0 || strcmp(suffix, "9") == 0);
    return !on_bass || add_bass(out, root, bass);
}

/* ii7 V7 bVII: small for minor. */
static bool read_roman(const char *text, const scale *key, int octave, word *out) {
    static const char *const numerals[] = {"VII", "III", "VI", "IV", "II", "V", "I"};
    static const int degrees[] = {7, 3, 6, 4, 2, 5, 1};
    int signs, shift = sign_of(text, &signs), bass;
    const char *s = text + signs;
    for (int i = 0; i < 7; i++) {
        size_t n = strlen(numerals[i]);
        bool capital = strncmp(s, numerals[i], n) == 0, small_letters = true;
        for (size_t k = 0; k < n && small_letters; k++)
            small_letters = s[k] == numerals[i][k] + 'a' - 'A';
        if (!capital && !small_letters)
            continue;
        const char *rest = s + n;
        char suffix[32];
        bool own_third = strncmp(rest, "dim", 3) == 0 || strncmp(rest, "m", 1) == 0 ||
                         strncmp(rest, "sus", 3) == 0 || strncmp(rest, "aug", 3) == 0 ||
                         rest[0] == 'o' || rest[0] == '+';
        if (strlen(rest) >= sizeof suffix - 2 || key->n != 7)
            return false;
        snprintf(suffix, sizeof suffix, "%s%s", capital || own_third ? "" : "m", rest);
        bool on_bass = split_bass(suffix, &bass);
        int pitch = (key->tonic + degree_pitch(key, degrees[i]) + shift + 12) % 12,
            root = 12 * (octave + 1) + pitch;
        return stack_chord(suffix, root, out) && (!on_bass || add_bass(out, root, bass));
    }
    return false;
}

static void report_word(checker *c, const chr_ast *step, const char *bare) {
    if (!REPORT(c, E431, step->span, step->text))
        return;
    char capital[8] = "";
    word ignored;
    if (strlen(bare) < sizeof capital && bare[0] >= 'a' && bare[0] <= 'g') {
        strcpy(capital, bare);
        capital[0] = (char)(bare[0] - 'a' + 'A');
        if (read_note(capital, &ignored)) {
            chr_suggest(c->diags, "a note has a capital letter: %s", capital);
            return;
        }
    }
    int pitch, n = pitch_class(bare, &pitch);
    const char *near = n > 0 ? nearest_chord(bare + n) : NULL;
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%.*s%s`?", n, bare, near);
}

bool read_melody_word(checker *c, const chr_ast *step, const scale *key, int octave, word *out) {
    const char *text = step->text;
    *out = (word){.kind = WORD_TONES, .level = usual_level};
    if (strcmp(text, ".") == 0 || strcmp(text, "-") == 0) {
        out->kind = WORD_REST;
        return true;
    }
    if (strcmp(text, "_") == 0) {
        out->kind = WORD_HOLD;
        return true;
    }
    int up = 0, midi;
    while (*text == '\'')
        text++, up--;
    size_t n = strlen(text);
    while (n > 0 && text[n - 1] == '\'')
        n--, up++;
    char *bare = take(c, n + 1);
    memcpy(bare, text, n);
    bool known = read_degree(bare, key, octave, out) || read_note(bare, out) ||
                 read_chord(bare, octave, out) || read_roman(bare, key, octave, out);
    if (!known && bare[0] == 'm' && digits(bare + 1, &midi) > 0 &&
        bare[1 + digits(bare + 1, &midi)] == 0)
        known = one_tone(out, midi);
    if (!known) {
        report_word(c, step, bare);
        return false;
    }
    out->could_be_note = out->could_be_note && up == 0;
    for (int i = 0; i < out->n; i++) {
        out->tones[i] += 12 * up;
        if (out->tones[i] < 0 || out->tones[i] > 127) {
            if (REPORT(c, E433, step->span, step->text) && digits(bare, &midi) > 1 && midi < 128)
                chr_suggest(c->diags, "%d is a degree of the key; the note of that number is m%d",
                            midi, midi);
            return false;
        }
    }
    return true;
}
