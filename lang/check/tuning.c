/* lang/check/tuning.c: `tuning "just" root=D A4=432Hz`: the pitch of each note, from what
 * session_tuning.c has read. SPDX-License-Identifier: MIT */
#include "lang/tuning.h"
#include "lang/check/pattern.h"

double note_in_hz(const checker *c, double midi) {
    return chr_named_note_hz(c->tempo.note_hz, midi);
}

static const chr_ast *list_of(const chr_ast *s, const char *text) {
    for (const chr_ast *e = s->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_LIST && strcmp(e->text, text) == 0)
            return e;
    return NULL;
}

static int count(const chr_ast *list) {
    int n = 0;
    for (const chr_ast *e = list->child; e != NULL; e = e->next)
        n++;
    return n;
}

static void take_scale(checker *c, const chr_ast *list, chr_scl *scl) {
    scl->octaves = TAKE_N(c, double, count(list) + 1);
    for (const chr_ast *e = list->child; e != NULL; e = e->next)
        scl->octaves[scl->n++] = e->number;
}

static void take_map(checker *c, const chr_ast *list, chr_keymap *map) {
    const chr_ast *e = list->child;
    double fields[CHR_KEYMAP_FIELDS];
    for (int i = 0; i < CHR_KEYMAP_FIELDS; i++, e = e->next)
        fields[i] = e->number;
    *map = (chr_keymap){.first = (int)fields[0],
                        .last = (int)fields[1],
                        .middle = (int)fields[2],
                        .reference = (int)fields[3],
                        .hz = fields[4],
                        .octave = (int)fields[5],
                        .degrees = TAKE_N(c, int, count(list))};
    for (; e != NULL; e = e->next)
        map->degrees[map->n++] = (int)e->number;
}

/* root=D or root=D4: where 1/1 is. It sounds as it usually does. */
static bool read_root(checker *c, const chr_ast *e, chr_keymap *map) {
    int pitch, n = e->kind == CHR_AST_NAME ? pitch_class(e->text, &pitch) : 0;
    int note = e->kind == CHR_AST_NOTE       ? (int)e->number
               : n > 0 && e->text[n] == '\0' ? 60 + pitch
                                             : -1;
    if (note < 0 || note >= CHR_NOTES) {
        REPORT(c, E718, e->span, text_of(c, e->span));
        return false;
    }
    *map = chr_keymap_usual(note);
    return true;
}

/* The MIDI number of "A4" or "a4"; -1: it is no note. */
static int note_of_key(const char *text) {
    char name[8];
    int pitch, octave;
    if (strlen(text) >= sizeof name || text[0] == '\0')
        return -1;
    strcpy(name, text);
    if (name[0] >= 'a' && name[0] <= 'g')
        name[0] = (char)(name[0] - 'a' + 'A');
    int n = pitch_class(name, &pitch);
    if (n == 0 || digits(name + n, &octave) != 1 || name[n + 1] != '\0')
        return -1;
    int note = 12 * (octave + 1) + pitch;
    return note < CHR_NOTES ? note : -1;
}

static bool read_reference(checker *c, const place *p, const chr_ast *key, chr_keymap *map) {
    int note = note_of_key(key->text);
    if (note < 0) {
        static const char *const words[] = {"map", "root", "A4"};
        if (REPORT(c, E716, name_span(key), key->text)) {
            const char *near = chr_nearest(key->text, words, 3);
            if (near != NULL)
                chr_suggest(c->diags, "did you mean `%s`?", near);
        }
        return false;
    }
    chr_param_info info = {.word = key->text,
                           .unit = CHR_UNIT_HZ,
                           .min = 1,
                           .max = 20000,
                           .dflt = 440,
                           .hint = "A4=440Hz is usual, A4=415Hz for baroque music"};
    value v = eval_param(c, p, "", &info, key->child, NULL);
    map->reference = note;
    return one_number(c, &v, key->child->span, key->text, &map->hz);
}

void read_tuning(checker *c, const place *p, const chr_ast *s) {
    c->tempo.note_hz = NULL;
    if (s->child == NULL)
        return;
    chr_scl scl = {.n = 0};
    chr_keymap map = chr_keymap_usual(60);
    const chr_ast *steps = list_of(s, "scale"), *keys = list_of(s, "map"), *reference = NULL;
    bool good = true;
    if (steps != NULL)
        take_scale(c, steps, &scl);
    if (keys != NULL)
        take_map(c, keys, &map);
    for (const chr_ast *e = s->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_KEY || strcmp(e->text, "map") == 0)
            continue;
        if (strcmp(e->text, "root") != 0)
            reference = e;
        else if (keys != NULL)
            good = (REPORT(c, E717, e->span, "root"), false);
        else
            good = read_root(c, e->child, &map) && good;
    }
    if (reference != NULL)
        good = read_reference(c, p, reference, &map) && good;
    double *hz = TAKE_N(c, double, CHR_NOTES);
    if (!good)
        return;
    if (chr_tuning_make(steps != NULL ? &scl : NULL, &map, hz))
        c->tempo.note_hz = hz;
    else
        REPORT(c, E715, reference != NULL ? reference->span : s->span, map.reference);
}
