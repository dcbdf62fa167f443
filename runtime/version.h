/* runtime/version.h: two versions of a session laid over each other: which nodes are kept, which
 * arrive, which leave, and the order in which all of them can run while the change cross-fades.
 * [control] throughout.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_VERSION_H
#define CHR_RUNTIME_VERSION_H

#include "lang/ir.h"

/* A node of the union. `fresh` without `past`: it arrives; `past` without `fresh`: it leaves; both:
 * it is kept. */
typedef struct chr_unode {
    const chr_ir_node *fresh, *past;
    uint32_t fresh_index, past_index;
    uint32_t n_instances; /* the greater of both */
    uint32_t n_sources;
    uint32_t cycle; /* 0, or the number of its feedback cycle in the union */
} chr_unode;

/* What one instance of one argument reads. Both set and different: it changes from `past` to
 * `fresh`. Strands are in the union's numbering of nodes and owners. */
typedef struct chr_change {
    chr_strand fresh, past;
    bool has_fresh, has_past;
} chr_change;

typedef struct chr_version {
    const chr_ir *fresh, *past;
    chr_unode *nodes; /* in an order in which they can run */
    uint32_t n_nodes;
    uint32_t *fresh_to, *past_to;             /* node of the IR -> node of the union */
    uint32_t *fresh_owner_to, *past_owner_to; /* owner of the IR -> owner of the union */
    const char **owners; /* names; the fresh IR's first, then those that leave */
    uint32_t n_owners;
    const bool *dead; /* nodes of the past IR that are left out; NULL: none */
} chr_version;

/* Lays `fresh` over `past` (NULL: there is none). False when memory is out; chr_version_clear
 * either way. */
bool chr_version_make(chr_version *v, const chr_ir *fresh, const chr_ir *past);
void chr_version_clear(chr_version *v);
/* The same where it is known who is who. *parted: some of the kept nodes have changed places, so it
 * cannot be done like this; `apart` gets true at each of them, by node of `fresh`. */
bool chr_version_lay(chr_version *v, const chr_ir *fresh, const chr_ir *past, const uint32_t *match,
                     const bool *dead, bool *apart, bool *parted);
/* Sums hold no state: one whose sources differ is another one. */
void chr_version_part_sums(const chr_ir *fresh, const chr_ir *past, uint32_t *match);

/* Argument k (inputs, then parameters) of instance or source i of a node. */
chr_change chr_version_arg(const chr_version *v, const chr_unode *node, uint32_t k, uint32_t i);
/* The same strand in the union's numbering. */
chr_strand chr_version_fresh(const chr_version *v, chr_strand s);
chr_strand chr_version_past(const chr_version *v, chr_strand s);
/* Is an owner of the union the hidden player of a knob? */
bool chr_version_is_knob(const chr_version *v, uint32_t owner);
bool chr_strand_equal(chr_strand a, chr_strand b);
/* Number of instances or sources that argument k has. */
uint32_t chr_unode_width(const chr_unode *node, uint32_t k);

#endif
