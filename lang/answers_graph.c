/* lang/answers_graph.c: the session's signal paths as a drawing of text, and for Graphviz.
 * SPDX-License-Identifier: MIT */
#include "lang/answers.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_LEVELS = 40, MOST_PREFIX = MOST_LEVELS * 3 * 4 };

static const char *played(const chr_ir *ir, const chr_strand *s) {
    return ir->owners[s->node].is_knob ? "values" : chr_voice_name(s->port);
}

typedef struct drawing {
    const chr_ir *ir;
    FILE *to;
    bool *drawn; /* nodes that were drawn already */
} drawing;

/* What a player reads for a node: formulas by their sign, the rest by their label. */
static const char *sign_of(const chr_ir_node *node) {
    static const char *const signs[][2] = {
        {"add", "+" },
        {"sub", "-" },
        {"mul", "*" },
        {"div", "/" },
        {"mod", "%" },
        {"pow", "^" },
        {"neg", "-" },
        {"eq",  "=="}
    };
    for (size_t i = 0; node->module->hidden && i < sizeof signs / sizeof signs[0]; i++)
        if (strcmp(node->module->name, signs[i][0]) == 0)
            return signs[i][1];
    return node->label;
}

static bool is_sign(const chr_ir_node *node) {
    return sign_of(node) != node->label;
}

static void print_value(FILE *to, float value, const chr_param_info *p) {
    if (p && p->choices) {
        const char *choice = p->choices;
        for (int k = (int)value; k > 0 && strchr(choice, '|'); k--)
            choice = strchr(choice, '|') + 1;
        fprintf(to, "%.*s", (int)strcspn(choice, "|"), choice);
        return;
    }
    char text[64];
    chr_unit_format(text, sizeof text, (double)value, p ? p->unit : CHR_UNIT_NONE);
    fputs(text, to);
}

static bool is_as_it_comes(const chr_strand *s, const chr_param_info *p) {
    return s->kind == CHR_STRAND_CONST && memcmp(&s->value, &p->dflt, sizeof s->value) == 0;
}

/* The node itself with those of its parameters that are numbers other than the usual ones, or the
 * played note. */
static void print_node(const drawing *d, const chr_ir_node *node) {
    const char *sign = sign_of(node);
    fputs(sign, d->to);
    if (!node->module->hidden && strcmp(sign, node->module->name) != 0)
        fprintf(d->to, " (%s)", node->module->name);
    if (node->n_instances > 1)
        fprintf(d->to, " x%d", (int)node->n_instances);
    for (int k = 0; k < node->module->n_inputs; k++) {
        const chr_strand *s = &node->inputs[(uint32_t)k * node->n_sources];
        if (s->kind == CHR_STRAND_VOICE)
            fprintf(d->to, "  %s=%s", node->module->inputs[k].name, played(d->ir, s));
        else if (s->kind == CHR_STRAND_CONST && node->module->hidden)
            fprintf(d->to, "  %g", (double)s->value);
    }
    for (int k = 0; k < node->module->n_params; k++) {
        const chr_param_info *p = &node->module->params[k];
        const chr_strand *s = &node->params[(uint32_t)k * node->n_instances];
        if (s->kind == CHR_STRAND_NODE || is_as_it_comes(s, p))
            continue;
        if (is_sign(node))
            fputs("  ", d->to);
        else
            fprintf(d->to, "  %s=", p->word);
        if (s->kind == CHR_STRAND_VOICE)
            fputs(played(d->ir, s), d->to);
        else
            print_value(d->to, s->value, p);
    }
}

static void draw(drawing *d, uint32_t n, const char *prefix, bool last, const char *word,
                 int level);

typedef struct source {
    uint32_t node;
    const char *word; /* the port or parameter, "" for the sound itself */
} source;

static int add_source(source *sources, int n, uint32_t node, const char *word) {
    for (int i = 0; i < n; i++)
        if (sources[i].node == node && strcmp(sources[i].word, word) == 0)
            return n;
    sources[n] = (source){node, word};
    return n + 1;
}

static void draw_sources(drawing *d, const chr_ir_node *node, const char *prefix, int level) {
    size_t most = (size_t)node->module->n_inputs * node->n_sources +
                  (size_t)node->module->n_params * node->n_instances;
    source *sources = malloc((most + 1) * sizeof *sources);
    int n = 0;
    if (!sources) {
        fprintf(d->to, "%s└─ memory is out\n", prefix);
        return;
    }
    for (uint32_t k = 0; k < (uint32_t)node->module->n_inputs; k++)
        for (uint32_t i = 0; i < node->n_sources && n < 64; i++) {
            const chr_strand *s = &node->inputs[k * node->n_sources + i];
            const char *word = node->module->inputs[k].name;
            if (s->kind == CHR_STRAND_NODE)
                n = add_source(sources, n, s->node,
                               strcmp(word, "in") == 0 || node->module->hidden ? "" : word);
        }
    for (uint32_t k = 0; k < (uint32_t)node->module->n_params; k++)
        for (uint32_t i = 0; i < node->n_instances && n < 64; i++) {
            const chr_strand *s = &node->params[k * node->n_instances + i];
            if (s->kind == CHR_STRAND_NODE)
                n = add_source(sources, n, s->node,
                               is_sign(node) ? "" : node->module->params[k].word);
        }
    for (int i = 0; i < n; i++)
        draw(d, sources[i].node, prefix, i == n - 1, sources[i].word, level);
    free(sources);
}

static void draw(drawing *d, uint32_t n, const char *prefix, bool last, const char *word,
                 int level) {
    const chr_ir_node *node = &d->ir->nodes[n];
    fprintf(d->to, "%s%s", prefix, last ? "└─ " : "├─ ");
    if (*word)
        fprintf(d->to, "%s: ", word);
    if (d->drawn[n] || level >= MOST_LEVELS) {
        fprintf(d->to, "%s (%s)\n", sign_of(node), d->drawn[n] ? "as above" : "and so on");
        return;
    }
    d->drawn[n] = true;
    print_node(d, node);
    fputc('\n', d->to);
    char longer[MOST_PREFIX + 8];
    snprintf(longer, sizeof longer, "%s%s", prefix, last ? "   " : "│  ");
    draw_sources(d, node, longer, level + 1);
}

/* The level at the end of a patch is worth a line only when something is done with it. */
static bool is_idle_level(const chr_ir_node *node) {
    bool idle = strcmp(node->module->name, "level") == 0 && node->n_instances == 1;
    for (int k = 0; k < node->module->n_params && idle; k++)
        idle = is_as_it_comes(&node->params[k], &node->module->params[k]);
    return idle;
}

static bool is_wanted(const chr_ir *ir, uint32_t owner, const char *name) {
    return !name || !*name || strcmp(ir->owners[owner].name, name) == 0;
}

static void draw_owner(drawing *d, uint32_t o) {
    const chr_ir_owner *owner = &d->ir->owners[o];
    fputs(owner->name[0] ? owner->name : "shared", d->to);
    if (owner->n_voices > 1)
        fprintf(d->to, ", %d voices", (int)owner->n_voices);
    if (owner->n_outs > 2 * owner->n_taps)
        fputs(" > out", d->to);
    fputc('\n', d->to);
    bool any = false;
    for (uint32_t i = 0; i < owner->n_outs; i++) {
        const chr_strand *s = &owner->outs[i].strand;
        if (s->kind != CHR_STRAND_NODE || d->drawn[s->node] ||
            owner->outs[i].channel >= CHR_TAP_CHANNEL)
            continue;
        if (is_idle_level(&d->ir->nodes[s->node])) {
            d->drawn[s->node] = true;
            draw_sources(d, &d->ir->nodes[s->node], "", 0);
        } else {
            draw(d, s->node, "", true, "", 0);
        }
        any = true;
    }
    /* What is heard nowhere by itself: read by others, or not at all. */
    for (uint32_t i = d->ir->n_nodes; !any && i-- > 0;)
        if (d->ir->nodes[i].owner == o && !d->drawn[i])
            draw(d, i, "", true, "", 0);
}

void chr_graph_text(const chr_ir *ir, const char *owner, FILE *to) {
    drawing d = {.ir = ir, .to = to, .drawn = calloc((size_t)ir->n_nodes + 1, sizeof *d.drawn)};
    if (!d.drawn) {
        fputs("memory is out\n", to);
        return;
    }
    int drawn = 0;
    for (uint32_t o = 0; o < ir->n_owners; o++) {
        bool empty = true;
        for (uint32_t i = 0; i < ir->n_nodes && empty; i++)
            empty = ir->nodes[i].owner != o;
        if (!is_wanted(ir, o, owner) || (empty && ir->owners[o].n_outs == 0))
            continue;
        if (drawn++ > 0)
            fputc('\n', to);
        draw_owner(&d, o);
    }
    if (drawn == 0)
        fputs("There is nothing to draw yet. Try: patch saw 110 > lpf 800 > out\n", to);
    free(d.drawn);
}

/* ---- Graphviz ---- */

static void print_edge(FILE *to, const chr_strand *s, uint32_t node, const char *word) {
    if (s->kind != CHR_STRAND_NODE)
        return;
    fprintf(to, "  n%u -> n%u", (unsigned)s->node, (unsigned)node);
    if (strcmp(word, "in") != 0) {
        fputs(" [label=", to);
        chr_print_quoted(to, word);
        fputs("]", to);
    }
    fputs(";\n", to);
}

static bool is_new_source(const chr_strand *strands, uint32_t i) {
    for (uint32_t k = 0; k < i; k++)
        if (strands[k].kind == strands[i].kind && strands[k].node == strands[i].node)
            return false;
    return true;
}

static void print_edges(const chr_ir *ir, uint32_t n, FILE *to) {
    const chr_ir_node *node = &ir->nodes[n];
    for (uint32_t k = 0; k < (uint32_t)node->module->n_inputs; k++)
        for (uint32_t i = 0; i < node->n_sources && i < 256; i++)
            if (is_new_source(&node->inputs[k * node->n_sources], i))
                print_edge(to, &node->inputs[k * node->n_sources + i], n,
                           node->module->hidden ? "in" : node->module->inputs[k].name);
    for (uint32_t k = 0; k < (uint32_t)node->module->n_params; k++)
        for (uint32_t i = 0; i < node->n_instances && i < 256; i++)
            if (is_new_source(&node->params[k * node->n_instances], i))
                print_edge(to, &node->params[k * node->n_instances + i], n,
                           node->module->params[k].word);
}

void chr_graph_dot(const chr_ir *ir, const char *owner, FILE *to) {
    fputs("digraph chronus {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n", to);
    for (uint32_t o = 0; o < ir->n_owners; o++) {
        if (!is_wanted(ir, o, owner))
            continue;
        fprintf(to, "  subgraph cluster_%u {\n    label=", (unsigned)o);
        chr_print_quoted(to, ir->owners[o].name[0] ? ir->owners[o].name : "shared");
        fputs(";\n", to);
        for (uint32_t i = 0; i < ir->n_nodes; i++) {
            if (ir->nodes[i].owner != o)
                continue;
            fprintf(to, "    n%u [label=", (unsigned)i);
            chr_print_quoted(to, sign_of(&ir->nodes[i]));
            fputs("];\n", to);
        }
        fputs("  }\n", to);
    }
    bool out = false;
    for (uint32_t i = 0; i < ir->n_nodes; i++)
        if (is_wanted(ir, ir->nodes[i].owner, owner))
            print_edges(ir, i, to);
    for (uint32_t o = 0; o < ir->n_owners; o++)
        for (uint32_t i = 0; is_wanted(ir, o, owner) && i < ir->owners[o].n_outs; i++) {
            const chr_strand *s = &ir->owners[o].outs[i].strand;
            if (s->kind != CHR_STRAND_NODE || ir->owners[o].outs[i].channel >= CHR_TAP_CHANNEL)
                continue;
            fprintf(to, "  n%u -> out;\n", (unsigned)s->node);
            out = true;
        }
    if (out)
        fputs("  out [shape=doublecircle];\n", to);
    fputs("}\n", to);
}
