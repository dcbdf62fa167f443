/* lang/ir.c: what a checked session means, printed and freed.
 * SPDX-License-Identifier: MIT */
#include "lang/ir.h"

#include <string.h>

const char *const chr_voice_words[CHR_VOICE_VALUES] = {
    [CHR_VOICE_FREQ] = "freq",     [CHR_VOICE_GATE] = "gate", [CHR_VOICE_VEL] = "vel",
    [CHR_VOICE_NOTE] = "note",     [CHR_VOICE_BEND] = "bend", [CHR_VOICE_PRESSURE] = "pressure",
    [CHR_VOICE_TIMBRE] = "timbre",
};

const char *chr_voice_name(uint8_t value) {
    if (value < CHR_VOICE_VALUES && chr_voice_words[value] != NULL)
        return chr_voice_words[value];
    return value == CHR_VOICE_SLIDE ? "slide" : value == CHR_VOICE_PAN ? "pan" : "lock";
}

void chr_ir_free(chr_ir *ir) {
    if (ir == NULL)
        return;
    chr_time_map_drop(ir->time);
    chr_arena_free(ir->arena);
}

/* Nine digits give a float back exactly; fewer where they do. */
static void print_number(double x, FILE *to) {
    char text[40];
    for (int digits = 6; digits <= 9; digits++) {
        double back = 0;
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (sscanf(text, "%lf", &back) == 1 && (float)back == (float)x)
            break;
    }
    fputs(text, to);
}

static void print_strand(const chr_ir *ir, const chr_strand *s, FILE *to) {
    switch (s->kind) {
    case CHR_STRAND_CONST:
        print_number((double)s->value, to);
        return;
    case CHR_STRAND_VOICE:
        if (s->port >= CHR_VOICE_LOCK)
            fprintf(to, "lock%d%s", (s->port - CHR_VOICE_LOCK) / 2,
                    (s->port - CHR_VOICE_LOCK) % 2 != 0 ? " held" : "");
        else
            fputs(chr_voice_name(s->port), to);
        if (ir->owners[s->node].n_voices > 1)
            fprintf(to, "[%u]", (unsigned)s->index);
        return;
    default:
        break;
    }
    const chr_ir_node *n = &ir->nodes[s->node];
    fprintf(to, "#%u", (unsigned)s->node);
    if (n->module->n_outputs > 1)
        fprintf(to, ".%s", n->module->outputs[s->port].name);
    if (n->n_instances > 1)
        fprintf(to, "[%u]", (unsigned)s->index);
}

static bool same(const chr_strand *a, const chr_strand *b) {
    return a->kind == b->kind && a->port == b->port && a->node == b->node &&
           memcmp(&a->value, &b->value, 4) == 0;
}

/* True if each strand of a row continues the one before it: the next instance of the same output.
 */
static bool is_run(const chr_strand *row, uint32_t n) {
    if (row[0].kind == CHR_STRAND_CONST)
        return false;
    for (uint32_t i = 1; i < n; i++)
        if (row[i].kind != row[0].kind || row[i].port != row[0].port ||
            row[i].node != row[0].node || row[i].index != row[0].index + i)
            return false;
    return true;
}

static void print_row(const chr_ir *ir, const chr_strand *row, uint32_t n, FILE *to) {
    bool equal = true;
    for (uint32_t i = 1; i < n && equal; i++)
        equal = same(&row[0], &row[i]);
    print_strand(ir, &row[0], to);
    if (n == 1 || equal)
        return;
    if (n > 2 && is_run(row, n)) {
        fputs("..", to);
        print_strand(ir, &row[n - 1], to);
        return;
    }
    for (uint32_t i = 1; i < n; i++) {
        fputc(' ', to);
        print_strand(ir, &row[i], to);
    }
}

static bool is_default(const chr_strand *row, uint32_t n, float value) {
    chr_strand dflt = {.kind = CHR_STRAND_CONST, .value = value};
    for (uint32_t i = 0; i < n; i++)
        if (!same(&row[i], &dflt))
            return false;
    return true;
}

/* The name of a choice, for a parameter that has them. */
static bool print_choice(const chr_param_info *info, const chr_strand *s, FILE *to) {
    if (info->choices == NULL || s->kind != CHR_STRAND_CONST)
        return false;
    const char *from = info->choices;
    for (int i = (int)s->value; i > 0 && from != NULL; i--) {
        from = strchr(from, '|');
        from = from != NULL ? from + 1 : NULL;
    }
    if (from == NULL)
        return false;
    fprintf(to, "%.*s", (int)strcspn(from, "|"), from);
    return true;
}

static void print_node(const chr_ir *ir, uint32_t i, FILE *to) {
    const chr_ir_node *n = &ir->nodes[i];
    const char *owner = ir->owners[n->owner].name;
    fprintf(to, "#%u %s%s%s: %s", (unsigned)i, owner, owner[0] != 0 ? "." : "", n->label,
            n->module->name);
    if (n->n_instances > 1)
        fprintf(to, " x%u", (unsigned)n->n_instances);
    if (n->n_sources != n->n_instances)
        fprintf(to, " of %u", (unsigned)n->n_sources);
    if (n->labelled)
        fputs(" labelled", to);
    if (n->cycle != 0)
        fprintf(to, " cycle %u", (unsigned)n->cycle);
    fputc('\n', to);
    for (int k = 0; k < n->module->n_inputs; k++) {
        const chr_port *port = &n->module->inputs[k];
        const chr_strand *row = n->inputs + (size_t)k * n->n_sources;
        if (is_default(row, n->n_sources, port->dflt))
            continue;
        fprintf(to, "  < %s ", port->name);
        print_row(ir, row, n->n_sources, to);
        fputc('\n', to);
    }
    for (int k = 0; k < n->module->n_params; k++) {
        const chr_param_info *info = &n->module->params[k];
        const chr_strand *row = n->params + (size_t)k * n->n_instances;
        if (is_default(row, n->n_instances, info->dflt))
            continue;
        fprintf(to, "  %s = ", info->word);
        if (!print_choice(info, &row[0], to))
            print_row(ir, row, n->n_instances, to);
        fputc('\n', to);
    }
}

static void print_owner(const chr_ir *ir, const chr_ir_owner *o, FILE *to) {
    fprintf(to, "owner %s: ", o->name[0] != 0 ? o->name : "\"\"");
    if (o->n_voices > 1)
        fprintf(to, "%u voices, ", (unsigned)o->n_voices);
    static const char *const priorities[] = {"", "highest note, ", "lowest note, "};
    fprintf(to, "%s%s%s", priorities[o->keying.priority % 3], o->keying.legato ? "legato, " : "",
            o->keying.glide_legato ? "glides legato, " : "");
    fputs(o->is_knob ? "a knob" : o->plays_notes ? "plays notes" : "drones", to);
    if (o->fade_s > 0)
        fprintf(to, ", fades in %g s", o->fade_s);
    for (uint32_t i = 0; i < o->n_outs; i++) {
        uint32_t tap = o->outs[i].channel - CHR_TAP_CHANNEL;
        if (o->outs[i].channel >= CHR_TAP_CHANNEL && tap / 2 < o->n_taps)
            fprintf(to, ", tap %s ", o->taps[tap / 2]);
        else
            fprintf(to, "%s%u ", i == 0 ? ", out " : ", ", (unsigned)o->outs[i].channel);
        print_strand(ir, &o->outs[i].strand, to);
    }
    fputc('\n', to);
}

static void print_pattern(const chr_ir *ir, const chr_ir_pattern *p, FILE *to) {
    if (p->values)
        fprintf(to, "values of %s from %g on: ", p->name, (double)p->base);
    else
        fprintf(to, "pattern %s for %s: ", p->name, ir->owners[p->owner].name);
    fprintf(to, "%lld ticks, %lld a beat%s\n", (long long)p->score.round, (long long)p->score.beat,
            p->playing ? "" : ", silent");
    chr_score_print(&p->score, to);
}

static void print_glide(const chr_ir *ir, const chr_ir_glide *g, FILE *to) {
    const chr_ir_node *n = &ir->nodes[g->node];
    bool time = g->seconds > 0;
    fprintf(to, "glide of %s.%s.%s over %g %s\n", ir->owners[n->owner].name, n->label,
            n->module->params[g->param].word, time ? g->seconds : g->beats, time ? "s" : "beats");
}

/* An octave a line. */
static void print_tuning(const double *note_hz, FILE *to) {
    for (int note = 0; note < 128; note++) {
        if (note % 12 == 0)
            fprintf(to, "%stuning from note %d:", note ? "\n" : "", note);
        fprintf(to, " %.9g", note_hz[note]);
    }
    fputc('\n', to);
}

static void print_time(const chr_ir *ir, FILE *to) {
    const chr_time_map *t = ir->time;
    fprintf(to, "tempo %g, %g beats a bar, seed %llu", t->tempi[0].bpm, t->meters[0].beats,
            (unsigned long long)ir->seed);
    if (ir->quantum.n != 1 || !ir->quantum.bars)
        fprintf(to, ", changes every %g %s", ir->quantum.n, ir->quantum.bars ? "bars" : "beats");
    fputc('\n', to);
    for (uint32_t i = 0; i < t->n_tempi; i++)
        if (i > 0 || t->tempi[i].slope != 0)
            fprintf(to, "  at beat %.12g tempo %.9g%s\n", t->tempi[i].beat, t->tempi[i].bpm,
                    t->tempi[i].slope != 0 ? ", on its way" : "");
    for (uint32_t i = 1; i < t->n_meters; i++)
        fprintf(to, "  at beat %.12g %g beats a bar\n", t->meters[i].beat, t->meters[i].beats);
    if (t->loop_to > t->loop_from)
        fprintf(to, "  from beat %.12g back to %.12g\n", t->loop_to, t->loop_from);
}

void chr_ir_print(const chr_ir *ir, FILE *to) {
    print_time(ir, to);
    if (ir->volume != 1.0)
        fprintf(to, "volume %g\n", ir->volume);
    if (ir->note_hz)
        print_tuning(ir->note_hz, to);
    for (uint32_t i = 0; i < ir->n_owners; i++)
        print_owner(ir, &ir->owners[i], to);
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        print_node(ir, i, to);
    for (uint32_t i = 0; i < ir->n_patterns; i++)
        print_pattern(ir, &ir->patterns[i], to);
    for (uint32_t i = 0; i < ir->n_glides; i++)
        print_glide(ir, &ir->glides[i], to);
}
