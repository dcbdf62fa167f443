/* runtime/looks.c: listens to some chunks, and hands them to who draws or measures them.
 * SPDX-License-Identifier: MIT */
#include "runtime/looks.h"

#include "runtime/listen.h"
#include "runtime/look.h"
#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

enum { LOOKS_MAX = 6 };

/* Seconds that each kind listens; a scope shows a part of them that begins where the wave rises. */
static const double listens_s[] = {0.4, 0.1, 0.2, 0.4};

typedef struct look {
    bool used;
    chr_look_kind kind;
    char *name; /* NULL: all that is heard */
    uint64_t id;
    chr_tap *tap;
    chr_look_sound *sounds; /* the whole first, then the patches, as they are met */
    int n_sounds;
    size_t n, room; /* frames heard, and to be heard */
    bool failed;
} look;

struct chr_looks {
    chr_engine *engine;
    int (*columns)(void);
    chr_looks_why *why;
    void *context;
    look looks[LOOKS_MAX];
};

chr_looks *chr_looks_new(chr_engine *e, int (*columns)(void)) {
    chr_looks *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->engine = e;
    l->columns = columns;
    return l;
}

static void end(chr_looks *l, look *k) {
    chr_listen_end(l->engine, k->tap);
    for (int i = 0; i < k->n_sounds; i++) {
        free(k->sounds[i].name);
        free(k->sounds[i].left);
        free(k->sounds[i].right);
    }
    free(k->sounds);
    free(k->name);
    *k = (look){.used = false};
}

void chr_looks_free(chr_looks *l) {
    if (!l)
        return;
    for (int i = 0; i < LOOKS_MAX; i++)
        end(l, &l->looks[i]);
    free(l);
}

void chr_looks_ask(chr_looks *l, chr_looks_why *why, void *context) {
    l->why = why;
    l->context = context;
}

/* Room for one more sound, silent until now. */
static chr_look_sound *meet(look *k, uint64_t id, const char *name) {
    chr_look_sound *more = realloc(k->sounds, ((size_t)k->n_sounds + 1) * sizeof *more);
    if (!more)
        return NULL;
    k->sounds = more;
    chr_look_sound *s = &more[k->n_sounds];
    *s = (chr_look_sound){.id = id,
                          .name = strdup(name),
                          .left = calloc(k->room, sizeof *s->left),
                          .right = calloc(k->room, sizeof *s->right)};
    k->n_sounds++;
    return s->name && s->left && s->right ? s : NULL;
}

bool chr_looks_begin(chr_looks *l, chr_look_kind kind, const char *name) {
    look *k = l->looks;
    while (k < l->looks + LOOKS_MAX && k->used)
        k++;
    if (k == l->looks + LOOKS_MAX)
        return false;
    /* A patch is looked at where it says `> scope`, or else at its end. */
    char place[256];
    snprintf(place, sizeof place, "%s.scope", name ? name : "");
    if (name && kind != CHR_LOOK_WHY && chr_engine_stem_name(l->engine, chr_names_id(place)))
        name = place;
    double seconds = listens_s[kind];
    bool patches = name || kind == CHR_LOOK_METERS || kind == CHR_LOOK_WHY;
    *k = (look){.used = true,
                .kind = kind,
                .name = name ? strdup(name) : NULL,
                .id = name ? chr_names_id(name) : 0,
                .room =
                    (size_t)(seconds * (double)chr_engine_rate(l->engine)) / CHR_CHUNK * CHR_CHUNK};
    k->tap = chr_listen(l->engine, seconds, patches ? chr_engine_stems(l->engine) : 0);
    if (k->tap && (!name || k->name) && meet(k, 0, "all"))
        return true;
    end(l, k);
    return false;
}

static chr_look_sound *find(const look *k, uint64_t id) {
    for (int i = 1; i < k->n_sounds; i++)
        if (k->sounds[i].id == id)
            return &k->sounds[i];
    return NULL;
}

static void hear(chr_looks *l, look *k, const chr_heard *h) {
    const size_t bytes = CHR_CHUNK * sizeof(float);
    const float *right = h->master + (h->n_channels > 1 ? CHR_CHUNK : 0);
    memcpy(k->sounds[0].left + k->n, h->master, bytes);
    memcpy(k->sounds[0].right + k->n, right, bytes);
    for (uint32_t i = 0; i < h->n_stems; i++) {
        const float *left;
        uint64_t id = chr_heard_stem(h, i, &left, &right);
        chr_look_sound *s = find(k, id);
        const char *name = s ? s->name : chr_engine_stem_name(l->engine, id);
        if (!name || !*name || (k->name && id != k->id))
            continue; /* owner 0 is what `let`s share: nobody hears it by itself */
        if (!s)
            s = meet(k, id, name);
        if (!s) {
            k->failed = true;
            return;
        }
        memcpy(s->left + k->n, left, bytes);
        memcpy(s->right + k->n, right, bytes);
    }
    k->n += CHR_CHUNK;
}

/* Each patch that was met, or the one that was asked about, also where it is not heard. */
static void explain(const chr_looks *l, const look *k, FILE *to) {
    for (int i = 1; i < k->n_sounds; i++) {
        const chr_look_sound *s = &k->sounds[i];
        if (strchr(s->name, '.'))
            continue; /* a place in a patch */
        l->why(l->context, s->name, chr_look_peak_db(s, k->n), chr_look_rms_db(s, k->n), to);
    }
    if (k->name && strcmp(k->name, "out") == 0)
        l->why(l->context, k->name, chr_look_peak_db(&k->sounds[0], k->n),
               chr_look_rms_db(&k->sounds[0], k->n), to);
    else if (k->n_sounds < 2 && k->name)
        l->why(l->context, k->name, CHR_LOOK_SILENCE_DB, CHR_LOOK_SILENCE_DB, to);
    else if (k->n_sounds < 2)
        fputs("There are no patches yet.\n", to);
}

static char *answer(chr_looks *l, look *k) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = k->failed ? NULL : open_memstream(&text, &size);
    if (!to)
        return strdup("memory is out\n");
    double rate_hz = (double)chr_engine_rate(l->engine);
    int columns = l->columns ? l->columns() : 0;
    const chr_look_sound *s = &k->sounds[k->name && k->n_sounds > 1 ? 1 : 0];
    if (k->kind == CHR_LOOK_WHY)
        explain(l, k, to);
    else if (k->name && k->n_sounds < 2)
        fprintf(to, "%s is not heard by itself: put `> scope` where it is to be looked at.\n",
                k->name);
    else if (k->kind == CHR_LOOK_METERS)
        chr_look_meters(k->sounds, k->n_sounds, k->n, rate_hz, columns, to);
    else if (k->kind == CHR_LOOK_SCOPE)
        chr_look_scope(s, k->n, rate_hz, columns, to);
    else
        chr_look_spectrum(s, k->n, rate_hz, columns, to);
    if (fclose(to) == 0)
        return text;
    free(text);
    return strdup("memory is out\n");
}

char *chr_looks_answer(chr_looks *l) {
    for (look *k = l->looks; k < l->looks + LOOKS_MAX; k++) {
        if (!k->used)
            continue;
        chr_heard h;
        while (k->n < k->room && !k->failed && chr_listen_next(k->tap, &h))
            hear(l, k, &h);
        if (k->n < k->room && !k->failed)
            continue;
        char *text = answer(l, k);
        end(l, k);
        return text;
    }
    return NULL;
}

bool chr_looks_wait(const chr_looks *l) {
    for (const look *k = l->looks; k < l->looks + LOOKS_MAX; k++)
        if (k->used)
            return true;
    return false;
}
