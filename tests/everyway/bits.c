/* tests/everyway/bits.c: plays scripts in a way that must not matter, and prints a hash of each
 * one's samples:
 *     bits [--isa NAME] [--lanes N] [--block N] [--threads N] [--cut N] [--rate HZ] [--seconds S]
 * FILE... It needs no sound library, so that it can be built for a machine that has none.
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct way {
    chr_engine_options engine;
    int block;
    double seconds;
} way;

static char *read_all(const char *path, size_t *n) {
    FILE *from = fopen(path, "rb");
    char *text = NULL;
    size_t room = 0;
    *n = 0;
    while (from) {
        if (*n + 1 >= room) {
            char *more = realloc(text, room = 2 * room + 65536);
            if (!more)
                abort();
            text = more;
        }
        size_t got = fread(text + *n, 1, room - *n - 1, from);
        *n += got;
        if (!got)
            break;
    }
    if (from)
        fclose(from);
    return text;
}

static uint64_t hash_of(uint64_t h, const float *x, int n) {
    for (int i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        h = (h ^ bits) * 1099511628211u;
    }
    return h;
}

static void show(void *context, const chr_diags *diags) {
    const char *path = context;
    if (diags->n_errors > 0)
        fprintf(stderr, "%s has an error\n", path);
}

/* False, and told: it could not be played. */
static bool play(const way *w, const char *path) {
    size_t n;
    char *text = read_all(path, &n), *named = strdup(path), *folder = strdup(path);
    if (!text || !named || !folder) {
        fprintf(stderr, "%s cannot be read\n", path);
        return false;
    }
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    chr_player_options about = {
        .engine = w->engine,
        .folder = slash ? folder : NULL,
        .listener = {.context = named, .diagnostics = show}
    };
    chr_player *p = chr_player_new(&about);
    float *out = calloc((size_t)w->block * 2, sizeof *out);
    uint64_t h = 1469598103934665603u;
    bool good = p && out;
    if (good) {
        chr_evaluation e = chr_player_evaluate(p, text, n, path, path);
        good = e.applied;
        if (e.plays_by_itself)
            chr_player_play(p);
    }
    int64_t left = (int64_t)(w->seconds * (double)w->engine.rate_hz);
    while (good && left > 0) {
        uint64_t until = chr_player_until(p), now = chr_engine_read(chr_player_engine(p)).clock;
        int now_n = left < w->block ? (int)left : w->block;
        if (until > now && until - now < (uint64_t)now_n)
            now_n = (int)(until - now);
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, now_n);
        h = hash_of(h, out, 2 * now_n);
        left -= now_n;
    }
    const char *name = strrchr(path, '/');
    if (good)
        printf("%016llx %s\n", (unsigned long long)h, name ? name + 1 : path);
    chr_player_free(p);
    free(out);
    free(text);
    free(named);
    free(folder);
    return good;
}

int main(int argc, char **argv) {
    way w = {
        .engine = {.rate_hz = 48000, .n_channels = 2, .ceiling = true, .share_always = true},
        .block = 512,
        .seconds = 1
    };
    int i = 1;
    for (; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        const char *value = argv[i + 1];
        if (!strcmp(argv[i], "--isa"))
            w.engine.isa = value;
        else if (!strcmp(argv[i], "--lanes"))
            w.engine.lanes = atoi(value);
        else if (!strcmp(argv[i], "--block"))
            w.block = atoi(value);
        else if (!strcmp(argv[i], "--threads"))
            w.engine.threads = atoi(value);
        else if (!strcmp(argv[i], "--cut"))
            w.engine.cut = atoi(value);
        else if (!strcmp(argv[i], "--restless"))
            w.engine.restless = atoi(value) != 0;
        else if (!strcmp(argv[i], "--rate"))
            w.engine.rate_hz = (float)atof(value);
        else if (!strcmp(argv[i], "--seconds"))
            w.seconds = atof(value);
        else
            return 2;
    }
    if (i == argc || w.block < 1 || !(w.seconds > 0))
        return 2;
    bool good = true;
    for (; i < argc; i++)
        good &= play(&w, argv[i]);
    return good ? 0 : 1;
}
