/* runtime/order.c: strongly connected components, and orders made from them.
 * SPDX-License-Identifier: MIT */
#include "runtime/order.h"

#include <stdlib.h>
#include <string.h>

bool chr_edges_make(chr_edges *e, uint32_t n) {
    *e = (chr_edges){.first = malloc((n + 1) * sizeof *e->first)};
    return e->first != NULL;
}

void chr_edges_clear(chr_edges *e) {
    free(e->first);
    free(e->to);
}

bool chr_components_make(chr_components *c, uint32_t n) {
    *c = (chr_components){.of = malloc((n + 1) * sizeof *c->of),
                          .order = malloc((n + 1) * sizeof *c->order)};
    return c->of && c->order;
}

void chr_components_clear(chr_components *c) {
    free(c->of);
    free(c->order);
}

bool chr_edges_add(chr_edges *e, uint32_t from, uint32_t to) {
    if (e->n > from && e->to[e->n - 1] == to) /* neighbouring lanes mostly read the same */
        return true;
    if (e->n == e->room) {
        uint32_t room = e->room ? e->room * 2 : 256;
        uint32_t *more = realloc(e->to, room * sizeof *more);
        if (!more)
            return false;
        e->to = more;
        e->room = room;
    }
    e->to[e->n++] = to;
    return true;
}

typedef struct frame {
    uint32_t vertex, edge;
} frame;

/* What the walk keeps: without recursion, for a chain may be as long as the session. */
typedef struct walk {
    const chr_edges *e;
    chr_components *c;
    uint32_t *index, *low, *stack;
    frame *path;
    uint32_t n_stack, next, placed, depth;
} walk;

static void enter(walk *w, uint32_t vertex) {
    w->path[w->depth++] = (frame){vertex, w->e->first[vertex]};
    w->index[vertex] = w->low[vertex] = w->next++;
    w->stack[w->n_stack++] = vertex;
}

static void leave(walk *w, uint32_t vertex) {
    w->depth--;
    if (w->depth && w->low[vertex] < w->low[w->path[w->depth - 1].vertex])
        w->low[w->path[w->depth - 1].vertex] = w->low[vertex];
    if (w->low[vertex] != w->index[vertex])
        return;
    uint32_t member;
    do {
        member = w->stack[--w->n_stack];
        w->c->of[member] = w->c->n;
        w->c->order[w->placed++] = member;
    } while (member != vertex);
    w->c->n++;
}

static void visit(walk *w, uint32_t root) {
    enter(w, root);
    while (w->depth) {
        frame *f = &w->path[w->depth - 1];
        if (f->edge == w->e->first[f->vertex + 1]) {
            leave(w, f->vertex);
            continue;
        }
        uint32_t from = f->vertex, to = w->e->to[f->edge++];
        if (!w->index[to])
            enter(w, to);
        else if (w->c->of[to] == UINT32_MAX && w->index[to] < w->low[from])
            w->low[from] = w->index[to];
    }
}

bool chr_components_find(chr_components *c, const chr_edges *e, uint32_t n, const uint32_t *roots) {
    walk w = {.e = e,
              .c = c,
              .index = calloc(n + 1, sizeof *w.index),
              .low = calloc(n + 1, sizeof *w.low),
              .stack = malloc((n + 1) * sizeof *w.stack),
              .path = malloc((n + 1) * sizeof *w.path),
              .next = 1};
    bool ok = w.index && w.low && w.stack && w.path;
    c->n = 0;
    for (uint32_t i = 0; i < n; i++)
        c->of[i] = UINT32_MAX;
    for (uint32_t i = 0; ok && i < n; i++) {
        uint32_t root = roots ? roots[i] : i;
        if (!w.index[root])
            visit(&w, root);
    }
    free(w.index);
    free(w.low);
    free(w.stack);
    free(w.path);
    return ok;
}

uint32_t chr_component_end(const chr_components *c, uint32_t from, uint32_t n) {
    uint32_t to = from + 1;
    while (to < n && c->of[c->order[to]] == c->of[c->order[from]])
        to++;
    return to;
}

bool chr_edges_to_itself(const chr_edges *e, uint32_t vertex) {
    for (uint32_t i = e->first[vertex]; i < e->first[vertex + 1]; i++)
        if (e->to[i] == vertex)
            return true;
    return false;
}

bool chr_component_is_cycle(const chr_components *c, const chr_edges *e, uint32_t from,
                            uint32_t end) {
    return end - from > 1 || chr_edges_to_itself(e, c->order[from]);
}

static int by_rank(const void *a, const void *b, void *ranks) {
    uint32_t x = ((const uint32_t *)ranks)[*(const uint32_t *)a],
             y = ((const uint32_t *)ranks)[*(const uint32_t *)b];
    return x < y ? -1 : x > y;
}

bool chr_order_sort(const chr_edges *all, const chr_components *whole, const chr_components *broken,
                    uint32_t n, uint32_t *list, uint32_t *cycle) {
    uint32_t *rank = malloc((n + 1) * sizeof *rank), cycles = 0;
    if (!rank)
        return false;
    for (uint32_t i = 0; i < n; i++)
        rank[broken->order[i]] = i;
    memcpy(list, whole->order, n * sizeof *list);
    for (uint32_t i = 0; i < n;) {
        uint32_t end = chr_component_end(whole, i, n);
        bool is_cycle = chr_component_is_cycle(whole, all, i, end);
        cycles += is_cycle;
        qsort_r(list + i, end - i, sizeof *list, by_rank, rank);
        for (; i < end; i++)
            cycle[i] = is_cycle ? cycles : 0;
    }
    free(rank);
    return true;
}
