/* runtime/why.c: causes of silence, one function each, in the order in which a player would look.
 * SPDX-License-Identifier: MIT */
#include "runtime/why.h"

#include <stdarg.h>
#include <string.h>

#define SILENT_DB (-80.0)
#define QUIET_DB (-40.0)
#define LEVEL_ZERO 0.001f   /* -60 dB */
#define LOW_CLOSED_HZ 60.0f /* a low-pass below it lets hardly anything through */
#define HIGH_CLOSED_HZ 12000.0f

typedef struct causes {
    const chr_why *w;
    FILE *to;
    uint32_t owner;
    bool among; /* one of several: its name stands in front */
    int n;
} causes;

static void __attribute__((format(printf, 2, 3))) cause(causes *c, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fprintf(c->to, "  - %s%s", c->among ? c->w->name : "", c->among ? ": " : "");
    vfprintf(c->to, format, args);
    fputc('\n', c->to);
    va_end(args);
    c->n++;
}

static void who_plays(causes *c) {
    const chr_why *w = c->w;
    if (w->said.muted)
        cause(c, "it is muted: unmute %s", w->name);
    if (w->said.soloed[0])
        cause(c, "%s is heard alone: unsolo, or solo %s too", w->said.soloed, w->name);
    if (w->said.stopped)
        cause(c, "it was stopped: play %s, or play all", w->name);
}

/* Does anything of another patch read this one's sound? */
static bool is_read(const causes *c) {
    const chr_ir *ir = c->w->ir;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (n->owner == c->owner)
            continue;
        uint32_t strands = (uint32_t)n->module->n_inputs * n->n_sources;
        for (uint32_t k = 0; k < strands; k++)
            if (n->inputs[k].kind == CHR_STRAND_NODE &&
                ir->nodes[n->inputs[k].node].owner == c->owner)
                return true;
    }
    return false;
}

static void connected(causes *c) {
    const chr_ir_owner *o = &c->w->ir->owners[c->owner];
    if (o->n_outs == 2 * o->n_taps && !is_read(c))
        cause(c, "its chain does not end in out, and nothing else uses it: … > out");
}

static bool has_other(const causes *c, const chr_strand *strands, uint32_t n) {
    const chr_ir *ir = c->w->ir;
    for (uint32_t i = 0; i < n; i++)
        if (strands[i].kind == CHR_STRAND_NODE && ir->nodes[strands[i].node].owner != c->owner)
            return true;
    return false;
}

/* Does it read the sound of another patch? A share of one is a product: that reads parameters. */
static bool is_fed(const causes *c) {
    const chr_ir *ir = c->w->ir;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (n->owner == c->owner &&
            (has_other(c, n->inputs, (uint32_t)n->module->n_inputs * n->n_sources) ||
             has_other(c, n->params, (uint32_t)n->module->n_params * n->n_instances)))
            return true;
    }
    return false;
}

static void fed(causes *c) {
    if (c->w->said.bus && !is_fed(c))
        cause(c, "it is a bus, and nothing is sent to it: send NAME to %s 30%%", c->w->name);
}

static void notes(causes *c) {
    const chr_why *w = c->w;
    if (!w->ir->owners[c->owner].plays_notes)
        return;
    int n_patterns = 0, n_playing = 0;
    bool sounds = false;
    for (uint32_t i = 0; i < w->ir->n_patterns; i++) {
        const chr_ir_pattern *p = &w->ir->patterns[i];
        if (p->owner != c->owner)
            continue;
        n_patterns++;
        n_playing += p->playing;
        for (uint32_t k = 0; k < p->score.n_nodes; k++)
            sounds |= p->score.nodes[k].kind == CHR_SCORE_NOTES && p->score.nodes[k].x > 0;
    }
    if (n_patterns == 0) {
        cause(c,
              "it waits for notes, and has no pattern: sequence %s: x...x... or melody %s: C3 E3",
              w->name, w->name);
        return;
    }
    if (!sounds)
        cause(c, "its pattern has no step that sounds: nothing but rests");
    else if (n_playing == 0 && !w->said.stopped)
        cause(c, "its pattern is not among those that play: play %s", w->name);
    if (!w->running)
        cause(c, "the clock stands: play");
    else if (w->waits)
        cause(c, "its new pattern begins later: it waits for the bar");
}

/* The constant value of a parameter, if it is one and the same for all instances. */
static bool constant(const chr_ir_node *n, int param, float *value) {
    const chr_strand *each = &n->params[(uint32_t)param * n->n_instances];
    for (uint32_t i = 0; i < n->n_instances; i++)
        if (each[i].kind != CHR_STRAND_CONST || each[i].value != each[0].value)
            return false;
    *value = n->n_instances > 0 ? each[0].value : 0;
    return n->n_instances > 0;
}

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* `set bass gain=0`: every patch has that knob. */
static void own_gain(causes *c, const chr_ir_node *n) {
    float x;
    for (int k = 0; strcmp(n->module->name, "level") == 0 && k < n->module->n_params; k++)
        if (strcmp(n->module->params[k].word, "gain") == 0 && constant(n, k, &x) && x < LEVEL_ZERO)
            cause(c, "its gain is %g: set %s gain=0dB", (double)x, c->w->name);
}

static void knobs(causes *c) {
    static const char *const levels[] = {"gain", "vca", "pan", NULL};
    static const char *const low[] = {"lpf", "ladder", "filter", NULL};
    static const char *const high[] = {"hpf", NULL};
    const chr_ir *ir = c->w->ir;
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *n = &ir->nodes[i];
        if (n->owner == c->owner && n->hidden)
            own_gain(c, n);
        if (n->owner != c->owner || n->hidden)
            continue;
        for (int k = 0; k < n->module->n_params; k++) {
            const chr_param_info *p = &n->module->params[k];
            float x;
            if (p->choices || !constant(n, k, &x))
                continue;
            char shown[64];
            chr_unit_format(shown, sizeof shown, (double)x, p->unit);
            if (strcmp(p->word, "level") == 0 && is_one_of(n->module->name, levels) &&
                x < LEVEL_ZERO)
                cause(c, "the level of %s is %s: set %s %s.level=-6dB", n->label, shown, c->w->name,
                      n->label);
            if (strcmp(p->word, "cutoff") != 0)
                continue;
            if ((is_one_of(n->module->name, low) && x <= LOW_CLOSED_HZ) ||
                (is_one_of(n->module->name, high) && x >= HIGH_CLOSED_HZ))
                cause(c, "%s lets hardly anything through: its cutoff is %s", n->label, shown);
        }
    }
}

static void whole(causes *c) {
    const chr_why *w = c->w;
    char part[CHR_PART_TEXT];
    if (w->faulty)
        cause(c, "%s made a value that is not a number, and was silenced: look at its numbers",
              chr_ir_part(w->ir, w->faulty, part));
    if (w->ir->volume < (double)LEVEL_ZERO)
        cause(c, "the volume of everything is down: volume 0dB");
    else if (w->ir->volume < 0.1)
        cause(c, "the volume of everything is low: volume 0dB");
    if (w->over_db > 0.5)
        cause(c,
              "everything together is up to %.1f dB too loud, and the ceiling holds it down: "
              "volume -%.0fdB leaves room",
              w->over_db, w->over_db + 1.0);
    if (w->stolen > 0)
        cause(c,
              "%llu of its notes were left out or cut off for others: it has %u voice%s; voices=%u "
              "plays more of them",
              (unsigned long long)w->stolen, w->ir->owners[c->owner].n_voices,
              w->ir->owners[c->owner].n_voices == 1 ? "" : "s",
              2 * w->ir->owners[c->owner].n_voices);
}

static void own_causes(causes *c) {
    who_plays(c);
    connected(c);
    fed(c);
    notes(c);
    knobs(c);
}

/* Its name, and how loud it is. True: silent. */
static bool print_loudness(const chr_why *w, const char *name, FILE *to) {
    bool silent = w->peak_db < SILENT_DB;
    if (silent)
        fprintf(to, "%s is silent just now.\n", name);
    else
        fprintf(to, "%s is %s just now: peak %.1f dB, rms %.1f dB.\n", name,
                w->rms_db < QUIET_DB ? "quiet" : "heard", w->peak_db, w->rms_db);
    return silent;
}

void chr_why_explain(const chr_why *w, FILE *to) {
    causes c = {.w = w, .to = to};
    while (c.owner < w->ir->n_owners && strcmp(w->ir->owners[c.owner].name, w->name) != 0)
        c.owner++;
    if (c.owner == w->ir->n_owners) {
        fprintf(to, "%s is not there.\n", w->name);
        return;
    }
    bool silent = print_loudness(w, w->name, to);
    own_causes(&c);
    whole(&c);
    if (c.n == 0 && silent)
        fprintf(to,
                "  Nothing keeps it from sounding: between two notes it may just be resting. "
                "`scope %s` and `show %s` tell more.\n",
                w->name, w->name);
}

void chr_why_explain_all(const chr_why *w, chr_why_known *known, void *context, FILE *to) {
    causes all = {.w = w, .to = to};
    bool silent = print_loudness(w, "Everything together", to), notes_wait = false;
    if (w->ir->n_owners < 2) /* the first is what `let`s share */
        cause(&all, "there are no patches: patch saw 110 > lpf 800 > out makes one");
    for (uint32_t i = 1; i < w->ir->n_owners; i++)
        notes_wait |= w->ir->owners[i].plays_notes && !w->running;
    if (notes_wait)
        cause(&all, "the clock stands, and what plays notes waits for it: play");
    whole(&all);
    for (uint32_t i = 1; silent && i < w->ir->n_owners; i++) {
        if (w->ir->owners[i].is_knob)
            continue;
        chr_why one = known(context, w->ir->owners[i].name);
        one.running = true; /* that it stands has been said */
        causes c = {.w = &one, .to = to, .owner = i, .among = true};
        own_causes(&c);
        all.n += c.n;
    }
    if (all.n == 0)
        fputs("  Nothing holds it down. `meters` tells how loud each patch is, `why NAME` about "
              "one of them.\n",
              to);
}
