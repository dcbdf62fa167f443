/* lang/check/nodes.c: nodes of the coming graph: their labels, operators, sums and stand-ins.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

const chr_module *built_in(const checker *c, const char *name) {
    const chr_module_table *t = &c->program->modules;
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->modules[i]->name, name) == 0)
            return t->modules[i];
    return NULL;
}

/* ---- labels ---- */

static bool names_a_label(const place *p, const char *name) {
    for (const scope *s = p->scope; s != NULL; s = s->parent) {
        const binding *b = table_find(&s->names, name);
        if (b != NULL && b->kind == BIND_LABEL)
            return true;
    }
    return false;
}

static void take_label(checker *c, owner *o, const char *label) {
    int *count = TAKE(c, int);
    *count = 1;
    table_put(c, &o->labels, label, count, true);
}

const char *new_label(checker *c, const place *p, const char *given, const char *module) {
    table *taken = &p->owner->labels;
    const char *first = join(c, p->prefix, given != NULL ? given : module, "");
    if (table_find(taken, first) == NULL && (given != NULL || !names_a_label(p, module))) {
        take_label(c, p->owner, first);
        return first;
    }
    const char *counter = join(c, first, "#", ""); /* no label is spelled so */
    if (table_find(taken, counter) == NULL)
        take_label(c, p->owner, counter);
    int *count = table_find(taken, counter);
    keep_for_undo(c, count, sizeof *count);
    for (;;) {
        char ordinal[16];
        snprintf(ordinal, sizeof ordinal, "%d", ++*count);
        const char *label = join(c, first, ordinal, "");
        if (table_find(taken, label) == NULL && !names_a_label(p, label + strlen(p->prefix))) {
            take_label(c, p->owner, label);
            return label;
        }
    }
}

/* ---- nodes ---- */

static node *next_node(checker *c, chr_span span) {
    if (c->n_nodes >= MAX_NODES) {
        REPORT(c, E503, span, MAX_NODES);
        give_up(c);
    }
    c->nodes = grown(c, c->nodes, c->n_nodes, &c->nodes_room, sizeof *c->nodes);
    node *n = &c->nodes[c->n_nodes++];
    *n = (node){.span = span, .birth = ++c->births};
    return n;
}

node *add_node(checker *c, const place *p, const chr_module *m, const char *label, shape s,
               uint32_t n_sources, chr_span span) {
    node *n = next_node(c, span);
    uint64_t instances = m->shape == CHR_SUM ? 1 : (uint64_t)s.voices * s.copies * s.sides;
    uint64_t sources = m->shape == CHR_SUM ? n_sources : instances;
    uint64_t strands = (uint64_t)m->n_inputs * sources + (uint64_t)m->n_params * instances;
    c->n_strands += strands;
    if (c->n_strands > MAX_STRANDS || instances > MAX_STRANDS) {
        REPORT(c, E504, span, MAX_STRANDS);
        give_up(c);
    }
    *n = (node){.module = m,
                .owner = p->owner->index,
                .label = label,
                .labelled = p->label != NULL,
                .hidden = m->hidden,
                .shape = s,
                .n_instances = (uint32_t)instances,
                .n_sources = (uint32_t)sources,
                .inputs = TAKE_N(c, chr_strand, (uint64_t)m->n_inputs * sources),
                .params = TAKE_N(c, chr_strand, (uint64_t)m->n_params * instances),
                .span = span};
    for (int i = 0; i < m->n_inputs; i++)
        for (uint64_t k = 0; k < sources; k++)
            n->inputs[(uint64_t)i * sources + k] = strand_const(m->inputs[i].dflt);
    for (int i = 0; i < m->n_params; i++)
        for (uint64_t k = 0; k < instances; k++)
            n->params[(uint64_t)i * instances + k] = strand_const(m->params[i].dflt);
    return n;
}

uint32_t add_stand_in(checker *c, const place *p, const char *label, shape s, chr_span span) {
    node *n = next_node(c, span);
    n->owner = p->owner->index;
    n->label = join(c, p->prefix, label, "");
    n->shape = s;
    n->n_instances = n->n_sources = shape_size(s);
    return (uint32_t)(n - c->nodes);
}

value node_output(checker *c, uint32_t index) {
    const node *n = &c->nodes[index];
    uint32_t ports =
        n->module == NULL || n->module->shape == CHR_MONO ? 1 : (uint32_t)n->module->n_outputs;
    shape s = n->shape;
    if (n->module != NULL && n->module->shape == CHR_SUM)
        s = shape_one;
    /* A stereo sound through `pan` runs an instance a side, and each side keeps its own output: a
     * balance. */
    bool own_sides = ports == 2 && s.sides == 2 && n->module->shape == CHR_STEREO_OUT;
    if (ports == 2)
        s.sides = 2;
    uint32_t size = shape_size(s);
    chr_strand *strands = TAKE_N(c, chr_strand, size);
    for (uint32_t i = 0; i < size; i++)
        strands[i] = (chr_strand){.kind = CHR_STRAND_NODE,
                                  .port = (uint8_t)(ports == 2 ? i % 2 : 0),
                                  .node = index,
                                  .index = ports == 2 && !own_sides ? i / 2 : i};
    value v = signal_of(strands, s);
    chr_port_kind kind =
        n->module != NULL && n->module->n_outputs > 0 ? n->module->outputs[0].kind : CHR_AUDIO;
    v.sound = kind == CHR_AUDIO;
    v.is_control = kind != CHR_AUDIO;
    return v;
}

/* ---- operators ---- */

value operate(checker *c, const place *p, const char *module, value a, value b, chr_span span) {
    const chr_module *m = built_in(c, module);
    if (a.kind == VALUE_POISON || b.kind == VALUE_POISON || m == NULL || c->dry)
        return poison();
    value args[2] = {as_signal(c, a), as_signal(c, b)};
    shape s = args[0].shape;
    if (m->n_params > 1 && !shape_widen(&s, args[1].shape)) {
        REPORT(c, E405, span, (int)args[0].shape.copies, (int)args[1].shape.copies);
        return poison();
    }
    place here = *p;
    node *n = add_node(c, &here, m, new_label(c, p, p->label, m->name), s, 0, span);
    for (int k = 0; k < m->n_params && k < 2; k++)
        for (uint32_t i = 0; i < n->n_instances; i++)
            n->params[(uint32_t)k * n->n_instances + i] =
                args[k].strands[spread_index(args[k].shape, s, i)];
    value v = node_output(c, (uint32_t)(n - c->nodes));
    v.sound = a.sound || (m->n_params > 1 && b.sound);
    v.is_control = !v.sound;
    return v;
}

value to_mono(checker *c, const place *p, value v, chr_span span) {
    if (v.kind != VALUE_SIGNAL || v.shape.sides == 1)
        return v;
    shape s = {v.shape.voices, v.shape.copies, 1};
    uint32_t n = shape_size(s);
    chr_strand *side[2] = {TAKE_N(c, chr_strand, n), TAKE_N(c, chr_strand, n)};
    bool equal = true;
    for (uint32_t i = 0; i < n; i++) {
        side[0][i] = v.strands[2 * i];
        side[1][i] = v.strands[2 * i + 1];
        equal = equal && memcmp(&side[0][i], &side[1][i], sizeof side[0][i]) == 0;
    }
    value left = signal_of(side[0], s), right = signal_of(side[1], s);
    left.sound = right.sound = v.sound;
    if (equal)
        return left;
    place here = *p;
    here.label = NULL;
    value sum = operate(c, &here, "add", left, right, span);
    return operate(c, &here, "mul", sum, number(0.5, CHR_UNIT_NONE), span);
}

/* ---- sums ---- */

/* One sum for each voice: as products and sums, which are packed into lanes as any other node. */
static value sum_copies(checker *c, const place *p, const chr_module *m, const char *label,
                        const float *params, value v, chr_span span) {
    bool wide = m->n_outputs == 2;
    uint32_t parts = v.shape.copies * (wide ? v.shape.sides : 1);
    shape s = {v.shape.voices, 1, wide ? 1 : v.shape.sides};
    place here = *p;
    here.label = NULL;
    here.prefix = join(c, label, ".", "");
    value total = poison();
    for (uint32_t k = 0; k < parts; k++) {
        chr_strand *strands = TAKE_N(c, chr_strand, shape_size(s));
        for (uint32_t i = 0; i < shape_size(s); i++) {
            uint32_t voice = i / s.sides, side = i % s.sides;
            uint32_t from =
                wide ? voice * parts + k : (voice * v.shape.copies + k) * v.shape.sides + side;
            strands[i] = v.strands[from];
        }
        float left = 1, right = 1;
        m->weights((int)k, (int)parts, params, &left, &right);
        double pair[2] = {(double)left, (double)right};
        value weight = number(pair[0], CHR_UNIT_NONE);
        if (wide) {
            double *numbers = TAKE_N(c, double, 2);
            memcpy(numbers, pair, sizeof pair);
            weight.numbers = numbers;
            weight.shape.sides = 2;
        }
        value part = signal_of(strands, s);
        part.sound = v.sound;
        if (wide || left != 1.0f)
            part = operate(c, &here, "mul", part, weight, span);
        total = k == 0 ? part : operate(c, &here, "add", total, part, span);
    }
    return total;
}

/* Voices that are there in copies: each copy in its place. */
static value sum_unison(checker *c, const place *p, const chr_module *m, float level, value v,
                        const char *label, chr_span span) {
    const owner *o = p->owner;
    uint32_t n = shape_size(v.shape);
    node *sum = add_node(c, p, m, label, shape_one, n, span);
    for (uint32_t i = 0; i < n; i++)
        sum->inputs[i] = v.strands[i];
    const float params[] = {level, (float)o->spread, (float)o->unison,
                            (float)(v.shape.copies * v.shape.sides), (float)v.shape.sides};
    for (int i = 0; i < m->n_params; i++)
        sum->params[i] = strand_const(params[i]);
    value both = node_output(c, (uint32_t)(sum - c->nodes));
    if (o->spread == 0 && v.shape.sides == 1) /* all in the middle: one side will do */
        both = signal_of(both.strands, shape_one);
    both.sound = v.sound;
    both.is_control = !v.sound;
    return both;
}

value sum_node(checker *c, const place *p, const chr_module *m, const chr_strand *params, value v,
               bool voices_too, const char *label, chr_span span) {
    v = as_signal(c, v);
    if (v.kind == VALUE_POISON || c->dry)
        return poison();
    const chr_module *copies = built_in(c, "copies");
    if (p->owner->unison > 1 && v.shape.voices == p->owner->n_voices * p->owner->unison &&
        voices_too && m->n_outputs == 1 && copies != NULL)
        return sum_unison(c, p, copies, params[0].kind == CHR_STRAND_CONST ? params[0].value : 1.0f,
                          v, label, span);
    if (v.shape.voices > 1 && !voices_too) {
        float constants[CHR_MAX_PARAMS] = {0};
        for (int i = 0; i < m->n_params; i++)
            constants[i] = params[i].kind == CHR_STRAND_CONST ? params[i].value : m->params[i].dflt;
        return m->weights != NULL ? sum_copies(c, p, m, label, constants, v, span) : poison();
    }
    bool gives_both = m->n_outputs == 2 && !p->sides_apart; /* one node gives left and right */
    uint32_t sides = gives_both ? 1 : v.shape.sides, each = shape_size(v.shape) / sides;
    value out[2];
    for (uint32_t side = 0; side < sides; side++) {
        node *n = add_node(c, p, m, side == 0 ? label : join(c, label, ".right", ""), shape_one,
                           each, span);
        for (uint32_t i = 0; i < each; i++)
            n->inputs[i] = v.strands[i * sides + side];
        for (int i = 0; i < m->n_params; i++)
            n->params[i] = params[i];
        out[side] = node_output(c, (uint32_t)(n - c->nodes));
    }
    if (sides == 1) {
        out[0].sound = v.sound;
        return out[0];
    }
    chr_strand *strands = TAKE_N(c, chr_strand, 2);
    strands[0] = out[0].strands[0];
    strands[1] = out[1].strands[m->n_outputs - 1];
    value both = signal_of(strands, (shape){1, 1, 2});
    both.sound = v.sound;
    return both;
}
