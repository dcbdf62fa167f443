/* lang/check/feedback.c: feedback: stand-ins are replaced by what they stand for, and nodes put in
 * an order in which each comes after what it reads. A cycle has to pass through a module that knows
 * its output before its input. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* ---- stand-ins ---- */

/* What a strand reads in the end; false where names stand for one another and nothing else. */
static bool follow(const checker *c, chr_strand *s) {
    for (uint32_t steps = 0; s->kind == CHR_STRAND_NODE && c->nodes[s->node].module == NULL;
         steps++) {
        const node *n = &c->nodes[s->node];
        if (steps > c->n_nodes || n->target == NULL) {
            *s = strand_const(0);
            return n->target == NULL; /* its patch has an error of its own */
        }
        *s = n->target[s->index];
    }
    return true;
}

static void follow_all(checker *c, chr_strand *strands, uint64_t n, chr_span span,
                       const char *name) {
    for (uint64_t i = 0; i < n; i++)
        if (!follow(c, &strands[i]) && name != NULL)
            REPORT(c, E320, span, name);
}

void resolve_stand_ins(checker *c) {
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        node *n = &c->nodes[i];
        if (n->module == NULL) {
            chr_strand s = {.kind = CHR_STRAND_NODE, .node = i};
            if (n->n_instances > 0)
                follow_all(c, &s, 1, n->span, last_word(n->label));
            continue;
        }
        follow_all(c, n->inputs, (uint64_t)n->module->n_inputs * n->n_sources, n->span, NULL);
        follow_all(c, n->params, (uint64_t)n->module->n_params * n->n_instances, n->span, NULL);
    }
    for (uint32_t i = 0; i < c->n_owners; i++)
        for (uint32_t k = 0; k < c->owners[i]->n_outs; k++)
            follow(c, &c->owners[i]->outs[k].strand);
    for (uint32_t i = 0; i < c->n_owners; i++)
        for (uint32_t k = 0; k < 2 * c->owners[i]->n_taps; k++)
            follow(c, &c->owners[i]->taps[k / 2].strands[k % 2]);
}

/* ---- who reads whom ---- */

typedef struct edge {
    uint32_t to;
    bool late; /* into the first input of a module with `emit`: does not count for the order */
} edge;

typedef struct edges {
    uint32_t *first; /* [n_nodes + 1] */
    edge *list;
} edges;

static bool is_late(const chr_module *m, int input) {
    return m->emit != NULL && (input == 0 || (m->shape == CHR_STEREO && input == 1));
}

static uint32_t edges_of(checker *c, uint32_t i, uint32_t *seen, edge *out) {
    const node *n = &c->nodes[i];
    uint32_t count = 0;
    if (n->module == NULL)
        return 0;
    for (int late = 0; late < 2; late++) { /* an edge that counts hides one that does not */
        for (int k = 0; k < n->module->n_inputs; k++)
            for (uint32_t j = 0; is_late(n->module, k) == late && j < n->n_sources; j++) {
                const chr_strand *s = &n->inputs[(uint32_t)k * n->n_sources + j];
                if (s->kind == CHR_STRAND_NODE && seen[s->node] != i + 1) {
                    seen[s->node] = i + 1;
                    out[count++] = (edge){s->node, late != 0};
                }
            }
        for (uint64_t j = 0; !late && j < (uint64_t)n->module->n_params * n->n_instances; j++) {
            const chr_strand *s = &n->params[j];
            if (s->kind == CHR_STRAND_NODE && seen[s->node] != i + 1) {
                seen[s->node] = i + 1;
                out[count++] = (edge){s->node, false};
            }
        }
    }
    return count;
}

static edges find_edges(checker *c) {
    edges e = {.first = TAKE_N(c, uint32_t, c->n_nodes + 1)};
    uint32_t *seen = TAKE_N(c, uint32_t, c->n_nodes + 1), n = 0, room = 0;
    edge *some = TAKE_N(c, edge, c->n_nodes + 1);
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        e.first[i] = n;
        uint32_t count = edges_of(c, i, seen, some);
        for (uint32_t k = 0; k < count; k++) {
            e.list = grown(c, e.list, n, &room, sizeof *e.list);
            e.list[n++] = some[k];
        }
    }
    e.first[c->n_nodes] = n;
    return e;
}

/* ---- naming a cycle ---- */

/* A cycle: path[0..n-1], each reads the next, the last reads the first. */
typedef struct circle {
    const uint32_t *path;
    uint32_t n;
    bool several; /* it goes through several patches */
    bool written; /* somebody wrote a part of it */
} circle;

/* The member that stands `k` steps before the one at `start`: the direction in which sound flows.
 */
static const node *member(const checker *c, const circle *o, uint32_t start, uint32_t k) {
    return &c->nodes[o->path[(start + o->n - k % o->n) % o->n]];
}

/* What the member is called, or NULL: nobody wrote it. Where a patch has part in a cycle by such
 * alone, the first of them stands for the patch. */
static const char *name_in(checker *c, const circle *o, uint32_t start, uint32_t k) {
    const node *at = member(c, o, start, k);
    if (!at->hidden)
        return o->several && at->owner != 0 ? join(c, c->owners[at->owner]->name, ".", at->label)
                                            : at->label;
    if (!o->several && !o->written)
        return at->label;
    if (!o->several || member(c, o, start, k + o->n - 1)->owner == at->owner)
        return NULL;
    for (uint32_t i = 0; i < o->n && member(c, o, start, k + i)->owner == at->owner; i++)
        if (!member(c, o, start, k + i)->hidden)
            return NULL;
    return c->owners[at->owner]->name;
}

/* Told in the direction in which the sound flows, from a part that somebody wrote. */
static void report_cycle(checker *c, const uint32_t *path, uint32_t n) {
    circle o = {.path = path, .n = n};
    uint32_t start = 0, told = 1;
    for (uint32_t i = 0; i < n; i++) {
        o.several = o.several || c->nodes[path[i]].owner != c->nodes[path[0]].owner;
        if (c->nodes[path[i]].hidden)
            continue;
        o.written = true;
        start = i;
    }
    for (uint32_t k = 0; k < n && name_in(c, &o, start, 0) == NULL; k++)
        start = (start + n - 1) % n; /* all are hidden: from where a patch begins */
    const node *anchor = member(c, &o, start, 0);
    const char *first = name_in(c, &o, start, 0);
    first = first != NULL ? first : anchor->label;
    const char *text = first;
    for (uint32_t k = 1; k < n; k++) {
        const char *name = name_in(c, &o, start, k);
        if (name == NULL)
            continue;
        text = join(c, text, " > ", ++told > 12 ? "..." : name);
        if (told > 12)
            break;
    }
    text = join(c, text, " > ", first);
    if (strlen(text) <= 70)
        REPORT(c, E310, anchor->span, text);
    else if (REPORT(c, E310, anchor->span, "its parts feed one another"))
        chr_suggest(c->diags, "put a `delay` or `prev` into the cycle %s", text);
}

/* ---- the order inside one cycle: without the late edges ---- */

typedef struct step {
    uint32_t node, next;
} step;

enum { UNSEEN, OPEN, CLOSED };

static bool order_cycle(checker *c, const edges *e, const uint32_t *members, uint32_t n,
                        const uint32_t *component, uint8_t *state, uint32_t *order,
                        uint32_t *n_order) {
    step *stack = TAKE_N(c, step, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        if (state[members[i]] != UNSEEN)
            continue;
        uint32_t depth = 0;
        stack[depth++] = (step){members[i], e->first[members[i]]};
        state[members[i]] = OPEN;
        while (depth > 0) {
            step *top = &stack[depth - 1];
            if (top->next == e->first[top->node + 1]) {
                state[top->node] = CLOSED;
                order[(*n_order)++] = top->node;
                depth--;
                continue;
            }
            edge to = e->list[top->next++];
            if (to.late || component[to.to] != component[top->node])
                continue;
            if (state[to.to] == OPEN) {
                uint32_t from = depth;
                while (stack[from - 1].node != to.to)
                    from--;
                uint32_t *path = TAKE_N(c, uint32_t, depth);
                for (uint32_t k = from - 1; k < depth; k++)
                    path[k - from + 1] = stack[k].node;
                report_cycle(c, path, depth - from + 1);
                return false;
            }
            if (state[to.to] == UNSEEN) {
                state[to.to] = OPEN;
                stack[depth++] = (step){to.to, e->first[to.to]};
            }
        }
    }
    return true;
}

/* ---- strongly connected components (Tarjan), without recursion; what is read comes first ---- */

typedef struct walk {
    uint32_t *number, *low, *component, *pile; /* number 0: not seen; component 0: not known */
    uint32_t n_numbered, n_components, n_pile;
} walk;

static bool reads_itself(const edges *e, uint32_t i) {
    for (uint32_t k = e->first[i]; k < e->first[i + 1]; k++)
        if (e->list[k].to == i)
            return true;
    return false;
}

/* Members of a component, taken off the pile, in the order in which they were found. */
static uint32_t *take_component(checker *c, walk *w, uint32_t root, uint32_t *n) {
    uint32_t from = w->n_pile;
    while (w->pile[from - 1] != root)
        from--;
    *n = w->n_pile - --from;
    uint32_t *members = TAKE_N(c, uint32_t, *n);
    memcpy(members, w->pile + from, *n * sizeof *members);
    w->n_pile = from;
    w->n_components++;
    for (uint32_t i = 0; i < *n; i++)
        w->component[members[i]] = w->n_components;
    return members;
}

bool order_nodes(checker *c, uint32_t *order, uint32_t *n_order, uint32_t *cycle) {
    edges e = find_edges(c);
    uint32_t size = c->n_nodes + 1, n_cycles = 0;
    walk w = {TAKE_N(c, uint32_t, size),
              TAKE_N(c, uint32_t, size),
              TAKE_N(c, uint32_t, size),
              TAKE_N(c, uint32_t, size),
              0,
              0,
              0};
    step *stack = TAKE_N(c, step, size);
    uint8_t *state = TAKE_N(c, uint8_t, size);
    bool ok = true;
    *n_order = 0;
    for (uint32_t i = 0; i < c->n_nodes; i++) {
        if (w.number[i] != 0 || c->nodes[i].module == NULL)
            continue;
        uint32_t depth = 0;
        stack[depth++] = (step){i, e.first[i]};
        w.number[i] = w.low[i] = ++w.n_numbered;
        w.pile[w.n_pile++] = i;
        while (depth > 0) {
            step *top = &stack[depth - 1];
            uint32_t at = top->node;
            if (top->next < e.first[at + 1]) {
                uint32_t to = e.list[top->next++].to;
                if (w.number[to] == 0) {
                    stack[depth++] = (step){to, e.first[to]};
                    w.number[to] = w.low[to] = ++w.n_numbered;
                    w.pile[w.n_pile++] = to;
                } else if (w.component[to] == 0 && w.number[to] < w.low[at]) {
                    w.low[at] = w.number[to];
                }
                continue;
            }
            if (--depth > 0 && w.low[at] < w.low[stack[depth - 1].node])
                w.low[stack[depth - 1].node] = w.low[at];
            if (w.low[at] != w.number[at])
                continue;
            uint32_t n;
            uint32_t *members = take_component(c, &w, at, &n);
            if (n > 1 || reads_itself(&e, at)) {
                n_cycles++;
                for (uint32_t k = 0; k < n; k++)
                    cycle[members[k]] = n_cycles;
            }
            ok = order_cycle(c, &e, members, n, w.component, state, order, n_order) && ok;
        }
    }
    return ok;
}
