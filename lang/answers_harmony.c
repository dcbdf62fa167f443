/* lang/answers_harmony.c: `help scales`, `help chords`, `help tunings`, and help for one of them.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/harmony.h"
#include "lang/stdlib.h"

#include <string.h>

/* A note by its letter, so many letters above the root's (a root of C is letter 2), with as many
 * signs as it takes. */
static void print_note(FILE *to, const char *root, int letters, int semitones) {
    static const int of_letter[] = {9, 11, 0, 2, 4, 5, 7};
    int letter = (root[0] - 'A' + letters) % 7;
    int sign = root[1] == '#' ? 1 : root[1] == 'b' ? -1 : 0;
    int off = of_letter[root[0] - 'A'] + sign + semitones - of_letter[letter];
    off = ((off + 6) % 12 + 12) % 12 - 6;
    fputc('A' + letter, to);
    for (; off > 0; off--)
        fputc('#', to);
    for (; off < 0; off++)
        fputc('b', to);
}

static bool has(const int *tones, int n, int tone) {
    for (int i = 0; i < n; i++)
        if (tones[i] == tone)
            return true;
    return false;
}

/* How many letters a tone lies above the root. A scale of seven notes has each letter once. */
static int letters_of(const int *tones, int n, int i, bool scale) {
    static const int usual[] = {0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6};
    int tone = tones[i];
    if (scale && n == 7)
        return i;
    bool third = has(tones, n, 3) || has(tones, n, 4), fifth = has(tones, n, 7);
    if (tone == 6 && (scale ? !has(tones, n, 5) : !third))
        return 3; /* a raised fourth */
    if (tone == 8 && !fifth && (!scale || (has(tones, n, 4) && has(tones, n, 9))))
        return 4; /* a raised fifth */
    if (tone == 15 && third)
        return 1; /* a raised ninth */
    if (tone == 3 && scale && has(tones, n, 4) && !has(tones, n, 1) && !has(tones, n, 2))
        return 1; /* a raised second */
    if (tone == 18)
        return 3;
    return usual[tone % 12];
}

static void print_notes(FILE *to, const char *root, const int *tones, int n, bool scale) {
    for (int i = 0; i < n; i++) {
        fputs(i ? " " : "", to);
        print_note(to, root, letters_of(tones, n, i, scale), tones[i]);
    }
}

static void print_aliases(FILE *to, const char *aliases) {
    if (*aliases)
        fputs(" (also ", to);
    for (const char *a = aliases; *a; a++)
        if (*a == '|')
            fputs(", ", to);
        else
            fputc(*a, to);
    if (*aliases)
        fputc(')', to);
}

static void print_scales(FILE *to) {
    int width = 0;
    for (int i = 0; i < chr_scales_count; i++)
        width = (int)strlen(chr_scales[i].name) > width ? (int)strlen(chr_scales[i].name) : width;
    fputs("\n  scale, from C\n", to);
    for (int i = 0; i < chr_scales_count; i++) {
        const chr_scale *s = &chr_scales[i];
        fprintf(to, "  %-*s  ", width, s->name);
        print_notes(to, "C", s->steps, s->n, true);
        print_aliases(to, s->aliases);
        fprintf(to, "\n  %*s  %s\n", width, "", s->doc);
    }
}

static void print_chords(FILE *to) {
    fputs("\n  chord       name, notes\n", to);
    for (int i = 0; i < chr_chords_count; i++) {
        const chr_chord *k = &chr_chords[i];
        fprintf(to, "  C%-10s %s: ", k->suffix, k->name);
        print_notes(to, "C", k->tones, k->n, false);
        print_aliases(to, k->aliases);
        fputc('\n', to);
    }
}

/* Its first line that is no comment says what it is. */
static void print_tunings(FILE *to) {
    for (int maps = 0; maps < 2; maps++) {
        fputs(maps ? "\n  key map\n" : "\n  scale\n", to);
        for (int i = 0; i < chr_tunings_count; i++) {
            const char *name = chr_tunings[i].name, *text = chr_tunings[i].text;
            if ((strstr(name, ".kbm") != NULL) != maps)
                continue;
            if (maps) /* its second comment does */
                text = strchr(text, '\n') + 1 + strlen("! ");
            while (*text == '!')
                text = strchr(text, '\n') + 1;
            fprintf(to, "  %-14.*s %.*s\n", (int)strcspn(name, "."), name, (int)strcspn(text, "\n"),
                    text);
        }
    }
}

void chr_print_subject_list(const char *topic, FILE *to) {
    if (strcmp(topic, "scales") == 0)
        print_scales(to);
    else if (strcmp(topic, "chords") == 0)
        print_chords(to);
    else if (strcmp(topic, "tunings") == 0)
        print_tunings(to);
}

/* A root and a kind: "Cm7". */
static bool print_chord(const char *name, FILE *to) {
    if (*name < 'A' || *name > 'G')
        return false;
    int n = name[1] == '#' || name[1] == 'b' ? 2 : 1;
    const chr_chord *k = chr_chord_find(name + n);
    if (!k)
        return false;
    fprintf(to, "%s: ", name);
    print_notes(to, name, k->tones, k->n, false);
    fprintf(to, "\n  %.*s %s", n, name, k->name);
    print_aliases(to, k->aliases);
    fputs("; `help chords` shows all kinds\n", to);
    return true;
}

bool chr_print_harmony(const char *name, FILE *to) {
    const chr_scale *s = chr_scale_find(name);
    if (!s)
        return print_chord(name, to);
    fprintf(to, "%s: ", s->name);
    fprintf(to, "%s\n", s->doc);
    fputs("  from C: ", to);
    print_notes(to, "C", s->steps, s->n, true);
    print_aliases(to, s->aliases);
    fprintf(to, "\n\n  for example\n    key \"C %s\"\n", s->name);
    return true;
}
