/* lang/check/buses.c: buses: who feeds them, by the end of a chain or by `send`, and the sum of
 * what enters. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* ---- who feeds whom ---- */

static void add_feed(checker *c, owner *bus, owner *from, const chr_ast *send) {
    feed *f = TAKE(c, feed);
    *f = (feed){.from = from, .send = send, .node = NO_NODE};
    bus->feeds = grown(c, bus->feeds, bus->n_feeds, &bus->feeds_room, sizeof *bus->feeds);
    bus->feeds[bus->n_feeds++] = f;
}

/* The last stage of a chain, if it is a name alone. */
static const chr_ast *name_at_the_end(const chr_ast *statement) {
    const chr_ast *chain = statement->child;
    while (chain != NULL && chain->kind == CHR_AST_KEY)
        chain = chain->next;
    if (chain == NULL || chain->kind != CHR_AST_CHAIN || chain->child == NULL)
        return NULL;
    const chr_ast *last = chain->child;
    while (last->next != NULL)
        last = last->next;
    bool first = last == chain->child;
    while (last->kind == CHR_AST_AS)
        last = last->child;
    return !first && last->kind == CHR_AST_NAME ? last : NULL;
}

void collect_ends(checker *c) {
    for (uint32_t i = 1; i < c->n_owners; i++) {
        owner *o = c->owners[i];
        const chr_ast *s = o->statement;
        const chr_ast *name =
            s->kind == CHR_AST_PATCH || s->kind == CHR_AST_BUS ? name_at_the_end(s) : NULL;
        owner *bus = name != NULL ? find_owner(c, name->text) : NULL;
        if (bus == NULL || !is_bus(bus) || bus == o)
            continue;
        o->bus_name = name;
        add_feed(c, bus, o, NULL);
    }
}

static void report_no_bus(checker *c, const chr_ast *name) {
    if (!REPORT(c, E325, name->span, name->text))
        return;
    const char **names = TAKE_N(c, const char *, c->n_owners);
    int n = 0;
    for (uint32_t i = 1; i < c->n_owners; i++)
        if (is_bus(c->owners[i]))
            names[n++] = c->owners[i]->name;
    const char *near = chr_nearest(name->text, names, n);
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
    else if (find_owner(c, name->text) != NULL)
        chr_suggest(c->diags, "`%s` is a patch; a bus is made with: bus space: reverb > out",
                    name->text);
    else
        chr_suggest(c->diags, "make it first: bus %s: reverb > out", name->text);
}

void collect_send(checker *c, const chr_ast *s, owner *from) {
    const chr_ast *target = s->child, *to = target != NULL ? target->next : NULL;
    if (from == NULL || to == NULL)
        return;
    if (strchr(target->text, '.') != NULL || from->index == 0) {
        if (REPORT(c, E329, target->span, target->text) && from->index != 0)
            chr_suggest(c->diags, "send %s to %s 0.3", from->name, to->text);
        return;
    }
    const binding *b = table_find(&c->things, to->text);
    if (b != NULL && b->kind == BIND_BAD)
        return;
    owner *bus = find_owner(c, to->text);
    if (bus == NULL || !is_bus(bus))
        report_no_bus(c, to);
    else
        add_feed(c, bus, from, s);
}

/* ---- what enters ---- */

static const chr_param_info share_info = {.word = "the share",
                                          .unit = CHR_UNIT_RATIO,
                                          .min = 0,
                                          .max = 4,
                                          .dflt = 1,
                                          .context = CHR_DYNAMICS,
                                          .hint = "0.1 to 0.5, or -20dB to -6dB"};

static value share_of(checker *c, const place *p, const feed *f) {
    const chr_ast *e = f->send != NULL ? f->send->child->next->next : NULL;
    if (e == NULL)
        return number(1, CHR_UNIT_NONE);
    place own = override_place(c, p, join(c, "in.", f->from->name, ""), "share");
    value v = eval_param(c, &own, "", &share_info, e, NULL);
    if (v.kind == VALUE_POISON)
        return v;
    v.unit = v.kind == VALUE_NUMBER ? CHR_UNIT_NONE : v.unit;
    v = as_signal(c, v);
    if (v.shape.voices > 1 || v.shape.copies > 1) {
        REPORT(c, E412, e->span, text_of(c, e->span), "is a list, and one share is sent");
        return poison();
    }
    return to_mono(c, &own, v, e->span);
}

/* A sound with its share, at the bus. */
static value part_of(checker *c, const place *p, feed *f) {
    chr_span span = f->send != NULL ? f->send->span : defined_span(f->from->statement);
    value share = share_of(c, p, f), v = owner_value(c, p, f->from, span);
    if (share.kind == VALUE_POISON || v.kind == VALUE_POISON)
        return poison();
    place here = *p;
    here.prefix = "in.";
    here.label = f->from->name;
    v = operate(c, &here, "mul", v, share, span);
    f->node = v.kind == VALUE_SIGNAL ? v.strands[0].node : NO_NODE;
    return v;
}

/* The sum is made of nodes that nobody wrote. */
static value sum_of(checker *c, const place *p, const chr_strand *strands, uint32_t n) {
    const chr_module *mix = built_in(c, "mix");
    value all = signal_of(strands, (shape){1, n, 2});
    all.sound = true;
    if (n == 1)
        return all;
    chr_strand params[CHR_MAX_PARAMS];
    for (int i = 0; i < mix->n_params; i++)
        params[i] = strand_const(mix->params[i].dflt);
    uint32_t first = c->n_nodes;
    place here = *p;
    here.prefix = "in.";
    here.label = NULL;
    value v = sum_node(c, &here, mix, params, all, true, new_label(c, &here, NULL, "all"),
                       p->owner->statement->span);
    for (uint32_t i = first; i < c->n_nodes; i++)
        c->nodes[i].hidden = true;
    return v;
}

value bus_input(checker *c, const place *p) {
    owner *o = p->owner;
    chr_strand *strands = TAKE_N(c, chr_strand, 2 * o->n_feeds + 2);
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->n_feeds; i++) {
        feed *f = o->feeds[i];
        f->node = NO_NODE;
        /* The name at the end of its chain was a label of its own after all. */
        if (f->send == NULL && f->from->state == DONE && f->from->bus != o)
            continue;
        value v = part_of(c, p, f);
        if (v.kind != VALUE_SIGNAL)
            continue; /* reported where it stands */
        for (uint32_t side = 0; side < 2; side++)
            strands[2 * n + side] = v.strands[v.shape.sides == 2 ? side : 0];
        n++;
    }
    if (n > 0)
        return sum_of(c, p, strands, n);
    strands[0] = strands[1] = strand_const(0);
    value silence = signal_of(strands, (shape){1, 1, 2});
    silence.sound = true;
    return silence;
}
