/* runtime/bench.c: where the time of a script goes. SPDX-License-Identifier: MIT */
#include "runtime/bench.h"

#include "dsp/vec.h"
#include "runtime/trial.h"

#include <stdlib.h>
#include <string.h>

/* Chunks. Every second round is timed module by module and says how the time is shared out; the
 * others say how much it is. */
enum { ROUND = 8, LEAST = 8 /* rounds that tell something */ };

typedef struct bench {
    chr_bench *result;
    chr_player *player;
    chr_engine *engine;
    const chr_bench_options *options;
    uint64_t chunks, n_timed; /* in all; rounds that told something */
    double all_ns, whole_ns;  /* rounds that were timed: in all; and those that were not, */
    uint64_t n_whole;         /* with their chunks */
    double sums_ns;           /* of those that were timed, the master's */
    uint64_t *name_ns;        /* [room] of the graph that plays, by lane */
    uint32_t room, n_names;   /* n_names: of that graph */
    float *out;
} bench;

static chr_bench_item *item_of(chr_bench *b, const char *patch, const char *label) {
    int length = (int)chr_trial_kind(label);
    for (uint32_t i = 0; i < b->n; i++)
        if (!strcmp(b->items[i].patch, patch) &&
            !strncmp(b->items[i].kind, label, (size_t)length) && !b->items[i].kind[length])
            return &b->items[i];
    if (b->n == b->room) {
        uint32_t room = 2 * b->room + 16;
        chr_bench_item *more = realloc(b->items, room * sizeof *more);
        if (!more)
            return NULL;
        b->items = more;
        b->room = room;
    }
    chr_bench_item *one = &b->items[b->n++];
    *one = (chr_bench_item){.share = 0};
    snprintf(one->patch, sizeof one->patch, "%s", patch);
    snprintf(one->kind, sizeof one->kind, "%.*s",
             length < CHR_BENCH_NAME ? length : CHR_BENCH_NAME - 1, label);
    return one;
}

/* A node's name to its patch's and its label: "hat" and "reverb". */
static const char *split(const bench *b, const char *name, const char **label) {
    const chr_ir *ir = chr_engine_ir(b->engine);
    uint32_t owner = ir ? chr_trial_owner(ir, name, label) : 0;
    if (!ir || !owner)
        *label = name;
    return owner ? ir->owners[owner].name : "";
}

/* What was measured of the graph that plays, by name. */
static bool fold(bench *b) {
    for (uint32_t i = 0; i < b->n_names; i++) {
        const char *label, *name = b->name_ns[i] ? chr_engine_lane_name(b->engine, i) : NULL;
        if (!name)
            continue;
        if (!strcmp(name, "master")) {
            b->sums_ns += (double)b->name_ns[i];
            continue;
        }
        const char *patch = split(b, name, &label);
        chr_bench_item *one = item_of(b->result, patch, label);
        if (!one)
            return false;
        one->share += (double)b->name_ns[i];
    }
    return true;
}

static bool begin_round(bench *b, bool timed, chr_laps *laps) {
    b->n_names = timed ? chr_engine_lanes(b->engine) : 0;
    if (b->n_names > b->room) {
        free(b->name_ns);
        b->room = 2 * b->n_names;
        b->name_ns = malloc(b->room * sizeof *b->name_ns);
        if (!b->name_ns) {
            b->room = 0;
            return false;
        }
    }
    if (b->n_names)
        memset(b->name_ns, 0, b->n_names * sizeof *b->name_ns);
    *laps = (chr_laps){.now_ns = b->options->now_ns, .name_ns = b->name_ns, .n_names = b->n_names};
    chr_engine_time(b->engine, timed ? laps : NULL);
    return true;
}

/* True if another program had this thread's core meanwhile: then the laps tell nothing. */
static bool was_disturbed(double took_ns, double cpu_ns) {
    return took_ns > 1.1 * cpu_ns + 20000.0;
}

/* A number of chunks. Where another graph takes over in a round, nobody knows whose its laps were.
 */
static bool play_round(bench *b, bool timed) {
    const chr_bench_options *o = b->options;
    chr_laps laps;
    chr_player_tend(b->player);
    if (!begin_round(b, timed, &laps))
        return false;
    uint64_t swaps = chr_engine_read(b->engine).swaps;
    bool good = true;
    double took_ns = 0, cpu_ns = 0;
    for (int k = 0; k < ROUND && good; k++) {
        uint64_t cpu_from = o->cpu_ns(), from = o->now_ns();
        chr_engine_render(b->engine, b->out, CHR_CHUNK);
        took_ns += (double)(o->now_ns() - from);
        cpu_ns += (double)(o->cpu_ns() - cpu_from);
        chr_player_tend(b->player);
        good =
            !timed || (chr_engine_read(b->engine).swaps == swaps && !chr_engine_waits(b->engine));
        b->chunks++;
    }
    chr_engine_time(b->engine, NULL);
    if (!timed) {
        b->whole_ns += cpu_ns;
        b->n_whole += ROUND;
    } else if (good && !was_disturbed(took_ns, cpu_ns)) {
        b->all_ns += took_ns;
        b->n_timed++;
        return fold(b);
    }
    return true;
}

static int dearest_first(const void *x, const void *y) {
    const chr_bench_item *a = x, *b = y;
    if (a->share != b->share)
        return a->share < b->share ? 1 : -1;
    int patch = strcmp(a->patch, b->patch);
    return patch ? patch : strcmp(a->kind, b->kind);
}

static void conclude(bench *b) {
    chr_bench *r = b->result;
    double chunk_s = CHR_CHUNK / b->options->rate_hz, named = b->sums_ns;
    for (uint32_t i = 0; i < r->n; i++)
        named += r->items[i].share;
    double all = b->all_ns > named ? b->all_ns : named + 1;
    for (uint32_t i = 0; i < r->n; i++)
        r->items[i].share /= all;
    r->sums = b->sums_ns / all;
    r->rest = (all - named) / all;
    r->load = b->whole_ns * 1e-9 / ((double)b->n_whole * chunk_s);
    if (r->n)
        qsort(r->items, r->n, sizeof *r->items, dearest_first);
}

chr_status chr_bench_run(chr_bench *result, chr_player *p, const chr_bench_options *o) {
    *result = (chr_bench){.seconds = 0};
    bench b = {.result = result,
               .player = p,
               .engine = chr_player_engine(p),
               .options = o,
               .out = calloc((size_t)CHR_CHUNK * (size_t)o->n_channels, sizeof *b.out)};
    bool good = b.out != NULL, over = false;
    uint64_t begin_ns = o->now_ns();
    for (bool timed = false; good && !over; timed = !timed) {
        good = play_round(&b, timed);
        result->seconds = (double)b.chunks * CHR_CHUNK / o->rate_hz;
        over = timed && ((double)(o->now_ns() - begin_ns) > o->budget_s * 1e9 ||
                         (result->seconds >= o->seconds && b.n_timed >= LEAST));
    }
    free(b.out);
    free(b.name_ns);
    if (!good) {
        chr_bench_clear(result);
        return CHR_NO_MEMORY;
    }
    conclude(&b);
    return CHR_OK;
}

void chr_bench_clear(chr_bench *b) {
    free(b->items);
    *b = (chr_bench){.seconds = 0};
}

double chr_bench_patch(const chr_bench *b, const char *patch) {
    double share = 0;
    for (uint32_t i = 0; i < b->n; i++)
        if (!strcmp(b->items[i].patch, patch))
            share += b->items[i].share;
    return share;
}
