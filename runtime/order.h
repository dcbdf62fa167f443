/* runtime/order.h: in which order things can run that read one another, and which of them form
 * cycles. Used for the nodes of a version and again for the groups that they are packed into.
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_ORDER_H
#define CHR_RUNTIME_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* Who reads whom: vertex v reads to[first[v] .. first[v + 1]). */
typedef struct chr_edges {
    uint32_t *first; /* [n + 1] */
    uint32_t *to;
    uint32_t n, room;
} chr_edges;

/* Strongly connected components. */
typedef struct chr_components {
    uint32_t *of; /* component of each vertex; numbered so that what is read has the smaller number
                   */
    uint32_t *order; /* vertices, component by component, what is read first */
    uint32_t n;
} chr_components;

/* Room for n vertices. False when memory is out; clear either way. */
bool chr_edges_make(chr_edges *e, uint32_t n);
void chr_edges_clear(chr_edges *e);
bool chr_components_make(chr_components *c, uint32_t n);
void chr_components_clear(chr_components *c);

/* Adds an edge of the vertex whose edges begin at `from`; vertices are given one after the other.
 * False when memory is out. */
bool chr_edges_add(chr_edges *e, uint32_t from, uint32_t to);

/* Finds the components of n vertices (Tarjan 1972), starting from `roots` in turn (a permutation;
 * NULL: from 0 to n - 1). False when memory is out. */
bool chr_components_find(chr_components *c, const chr_edges *e, uint32_t n, const uint32_t *roots);
/* Place in `order` behind the component that begins at place `from`. */
uint32_t chr_component_end(const chr_components *c, uint32_t from, uint32_t n);
bool chr_edges_to_itself(const chr_edges *e, uint32_t vertex);
/* True if the vertices from place `from` to `end` of the order are a cycle. */
bool chr_component_is_cycle(const chr_components *c, const chr_edges *e, uint32_t from,
                            uint32_t end);

/* Sorts n vertices into `list`: the components of the whole in order, inside a component by the
 * order without the edges that a delay breaks. cycle[k]: 0, or the number of the cycle that list[k]
 * is part of. False when memory is out. */
bool chr_order_sort(const chr_edges *all, const chr_components *whole, const chr_components *broken,
                    uint32_t n, uint32_t *list, uint32_t *cycle);

#endif
