/* runtime/trial.c: renders a part of a session for nobody, and looks at it.
 * SPDX-License-Identifier: MIT */
#include "runtime/trial.h"

#include "dsp/vec.h"
#include "runtime/excerpt.h"
#include "runtime/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROUND = 8 };   /* chunks; every second round is timed node by node, the others as a whole */
#define ONSET_S 0.02  /* what an offset is not judged by */
#define NOTE_PART 0.6 /* of the trial, a note is held */

/* What is gathered on the way. */
typedef struct rendering {
    chr_engine *engine;
    const chr_ir *ir;
    const bool *chosen;
    chr_trial *trial;
    const chr_trial_options *options;
    chr_laps laps;
    chr_names owners;  /* of the IR */
    double *sums[2];   /* [n_owners] a side */
    uint64_t n_summed; /* samples */
    double *took_ns;   /* of each chunk that was not timed node by node */
    size_t n_took;
    double chunk_ns;    /* the middle of them: other programs disturb a few */
    uint64_t *name_ns;  /* laps of the quickest round */
    double quickest_ns; /* what that took; 0: there was none */
    float *out;
} rendering;

static void listen(rendering *r, bool past_onset) {
    const char *name;
    const float *side[2];
    for (int i = 0; chr_engine_stem(r->engine, i, &name, &side[0], &side[1]); i++) {
        uint32_t o = chr_names_find(&r->owners, name);
        if (o == UINT32_MAX)
            continue; /* a place in a patch, not a patch */
        chr_trial_sound *s = &r->trial->sounds[o];
        for (int c = 0; c < 2; c++)
            for (int k = 0; k < CHR_CHUNK; k++) {
                float x = fabsf(side[c][k]);
                s->peak = x > s->peak ? x : s->peak;
                if (past_onset)
                    r->sums[c][o] += (double)side[c][k];
            }
    }
    r->n_summed += past_onset ? CHR_CHUNK : 0;
}

static int by_amount(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* A number of chunks; their time counts if nobody looked at a clock meanwhile. Of the rounds that
 * were timed node by node the quickest counts: nothing came in between. */
static void render_round(rendering *r, uint64_t first, bool timed) {
    chr_engine_time(r->engine, timed ? &r->laps : NULL);
    if (timed)
        memset(r->laps.name_ns, 0, r->laps.n_names * sizeof *r->laps.name_ns);
    double spent_ns = 0;
    for (uint64_t k = first; k < first + ROUND; k++) {
        uint64_t from_ns = r->options->now_ns();
        chr_engine_render(r->engine, r->out, CHR_CHUNK);
        double took_ns = (double)(r->options->now_ns() - from_ns);
        spent_ns += took_ns;
        if (!timed)
            r->took_ns[r->n_took++] = took_ns;
        listen(r, (double)(k * CHR_CHUNK) > ONSET_S * (double)r->options->engine.rate_hz);
    }
    if (timed && (r->quickest_ns == 0 || spent_ns < r->quickest_ns)) {
        r->quickest_ns = spent_ns;
        memcpy(r->name_ns, r->laps.name_ns, r->laps.n_names * sizeof *r->name_ns);
    }
}

uint32_t chr_trial_owner(const chr_ir *ir, const char *node, const char **label) {
    size_t length = strcspn(node, ".");
    for (uint32_t o = 1; node[length] && o < ir->n_owners; o++)
        if (!strncmp(ir->owners[o].name, node, length) && !ir->owners[o].name[length]) {
            *label = node + length + 1;
            return o;
        }
    *label = node;
    return 0;
}

static void render(rendering *r) {
    const chr_trial_options *o = r->options;
    uint64_t begin_ns = o->now_ns(), done = 0;
    double rate_hz = (double)o->engine.rate_hz;
    uint64_t n = (uint64_t)(o->length_s * rate_hz / CHR_CHUNK) + 1;
    bool timed = false;
    do {
        render_round(r, done, timed);
        done += ROUND;
        timed = !timed;
    } while (done < 2 * ROUND ||
             (done < n && (double)(o->now_ns() - begin_ns) < o->budget_s * 1e9));
    qsort(r->took_ns, r->n_took, sizeof *r->took_ns, by_amount);
    r->chunk_ns = r->took_ns[r->n_took / 2];
    r->trial->rendered_s = (double)(done * CHR_CHUNK) / rate_hz;
    const char *fault, *label;
    char *name = r->trial->fault;
    while ((fault = chr_engine_next_fault(r->engine)))
        if (!*name && r->chosen[chr_trial_owner(r->ir, fault, &label)])
            snprintf(name, CHR_TRIAL_NAME, "%s", fault);
}

static void conclude_sounds(rendering *r) {
    for (uint32_t o = 0; o < r->ir->n_owners && r->n_summed; o++) {
        double left = r->sums[0][o] / (double)r->n_summed;
        double right = r->sums[1][o] / (double)r->n_summed;
        r->trial->sounds[o].offset = (float)(fabs(left) > fabs(right) ? left : right);
    }
}

size_t chr_trial_kind(const char *label) {
    size_t length = strcspn(label, ".");
    while (length > 1 && label[length - 1] >= '0' && label[length - 1] <= '9')
        length--;
    return length;
}

/* "hat.reverb" is a node of the patch "hat"; what is shared has no patch in front. */
static void name_owner(chr_trial_node *n, const chr_names *owners) {
    char owner[256];
    size_t length = strcspn(n->name, ".");
    n->label = n->name;
    if (!n->name[length] || length >= sizeof owner)
        return;
    memcpy(owner, n->name, length);
    owner[length] = '\0';
    uint32_t o = chr_names_find(owners, owner);
    if (o == UINT32_MAX)
        return;
    n->owner = o;
    n->label = n->name + length + 1;
}

/* The node in a lane; NULL where there is none, or it is the master's, whose work is all nodes'. */
static const char *name_of(const chr_engine *e, uint32_t lane) {
    const char *name = chr_engine_lane_name(e, lane);
    return name && strcmp(name, "master") != 0 ? name : NULL;
}

/* Where the costs of the nodes of a kind are gathered; *end is behind the names so far. */
static chr_trial_node *node_of(rendering *r, chr_names *known, const char *name, char **end) {
    chr_trial *t = r->trial;
    chr_trial_node one = {.name = name};
    name_owner(&one, &r->owners);
    size_t length = (size_t)(one.label - one.name) + chr_trial_kind(one.label);
    memcpy(*end, one.name, length);
    (*end)[length] = '\0';
    uint32_t at = chr_names_find(known, *end);
    if (at != UINT32_MAX)
        return &t->nodes[at];
    chr_names_add(known, *end, t->n_nodes);
    one.label = *end + (one.label - one.name);
    one.name = *end;
    *end += length + 1;
    t->nodes[t->n_nodes] = one;
    return &t->nodes[t->n_nodes++];
}

/* A chunk's time, shared out among the nodes as the laps say. */
static bool conclude_costs(rendering *r) {
    chr_trial *t = r->trial;
    uint32_t n = chr_engine_lanes(r->engine);
    double all_ns = 0;
    size_t bytes = 1;
    for (uint32_t i = 0; i < n; i++) {
        const char *name = name_of(r->engine, i);
        all_ns += name ? (double)r->name_ns[i] : 0;
        bytes += name ? strlen(name) + 1 : 0;
    }
    t->nodes = calloc(n + 1, sizeof *t->nodes);
    t->names = malloc(bytes);
    chr_names known = {.names = NULL};
    bool good = t->nodes && t->names && chr_names_make(&known, n + 1);
    char *end = t->names;
    for (uint32_t i = 0; good && i < n; i++) {
        const char *name = name_of(r->engine, i);
        if (name && all_ns > 0)
            node_of(r, &known, name, &end)->cost_ns += (double)r->name_ns[i] / all_ns * r->chunk_ns;
    }
    chr_names_clear(&known);
    return good;
}

static bool run(rendering *r) {
    const chr_trial_options *o = r->options;
    chr_ir *excerpt = chr_excerpt(r->ir, r->chosen, o->length_s * NOTE_PART);
    chr_engine_options quiet = o->engine;
    quiet.restless = true; /* what it costs when all its voices sound */
    quiet.ceiling = false;
    quiet.stems = true;
    r->engine = excerpt ? chr_engine_new(&quiet) : NULL;
    if (!r->engine) {
        chr_ir_free(excerpt);
        return false;
    }
    if (chr_engine_offer(r->engine, excerpt, NULL) != CHR_OK) /* which takes it in any case */
        return false;
    if (!chr_names_make(&r->owners, r->ir->n_owners + 1))
        return false;
    for (uint32_t i = 0; i < r->ir->n_owners; i++)
        chr_names_add(&r->owners, r->ir->owners[i].name, i);
    chr_engine_play(r->engine);
    uint32_t n = chr_engine_lanes(r->engine);
    r->out = calloc((size_t)CHR_CHUNK * (size_t)quiet.n_channels, sizeof *r->out);
    r->laps = (chr_laps){
        .now_ns = o->now_ns, .name_ns = calloc(n + 1, sizeof *r->laps.name_ns), .n_names = n};
    size_t most = (size_t)(o->length_s * (double)o->engine.rate_hz / CHR_CHUNK) + 4 * ROUND;
    r->took_ns = calloc(most, sizeof *r->took_ns);
    r->name_ns = calloc(n + 1, sizeof *r->name_ns);
    for (int c = 0; c < 2; c++)
        r->sums[c] = calloc(r->ir->n_owners + 1, sizeof *r->sums[c]);
    r->trial->sounds = calloc(r->ir->n_owners + 1, sizeof *r->trial->sounds);
    if (!r->out || !r->laps.name_ns || !r->took_ns || !r->name_ns || !r->sums[0] || !r->sums[1] ||
        !r->trial->sounds)
        return false;
    render(r);
    conclude_sounds(r);
    return conclude_costs(r);
}

chr_status chr_trial_run(chr_trial *t, const chr_ir *ir, const bool *chosen,
                         const chr_trial_options *options) {
    *t = (chr_trial){0};
    rendering r = {.ir = ir, .chosen = chosen, .trial = t, .options = options};
    bool good = run(&r);
    chr_engine_free(r.engine);
    chr_names_clear(&r.owners);
    free(r.out);
    free(r.laps.name_ns);
    free(r.name_ns);
    free(r.took_ns);
    free(r.sums[0]);
    free(r.sums[1]);
    if (good)
        return CHR_OK;
    chr_trial_clear(t);
    return CHR_NO_MEMORY;
}

void chr_trial_clear(chr_trial *t) {
    free(t->sounds);
    free(t->nodes);
    free(t->names);
    *t = (chr_trial){0};
}
