/* runtime/parked.h: the state of what has left the sound, kept for `undo` and `redo`. A node that
 * comes back so goes on as it was when it left: phases, filters, echoes.
 *
 * What leaves is noted while the graph is built in which it fades out, and kept once that graph is
 * heard. It is found again by who it was (owner, label, module) and by the versions of the session
 * that it was part of: a node that was typed anew is another one. Nobody runs a parked state, so
 * [control] may copy it; whoever returns gets a copy, and the parked one stays for the next time.
 *
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PARKED_H
#define CHR_RUNTIME_PARKED_H

#include "runtime/state.h"

enum {
    CHR_PARKED_EVALUATIONS = 32,        /* how many changes back */
    CHR_PARKED_BYTES = 64 * 1024 * 1024 /* of state; the oldest goes first */
};

/* Where one instance's state lies; a share in it. */
typedef struct chr_parked_seat {
    chr_node_state *state;
    uint32_t lane;
} chr_parked_seat;

/* A node that has left, or some instances of one: the seats of those who stayed hold nothing. */
typedef struct chr_parked_node {
    struct chr_parked_node *next;
    char *owner, *label;
    const char *module;  /* its name */
    uint64_t id;         /* of all three */
    uint64_t born, last; /* versions of the session that it was part of */
    uint64_t change;     /* number of the change that took it away */
    chr_voices *voices;  /* of its owner; a share */
    uint32_t n;          /* instances */
    chr_parked_seat seats[];
} chr_parked_node;

typedef struct chr_parked {
    chr_parked_node *first; /* newest first */
    uint64_t changes;       /* versions heard */
    uint64_t version;       /* heard last */
    uint64_t latest;        /* greatest `last` of all */
} chr_parked;

/* A node with room for n instances; seats are the caller's to fill. NULL when memory is out. */
chr_parked_node *chr_parked_node_new(const char *owner, const char *label, const char *module,
                                     uint32_t n);
/* Gives back a list of nodes that were noted and not kept. */
void chr_parked_drop(chr_parked_node *list);

/* `version` is heard, and the nodes of the list have left with it: takes over the list. */
void chr_parked_keep(chr_parked *p, chr_parked_node *list, uint64_t version);
/* The node as it left last, if it was part of `version`; or NULL. */
const chr_parked_node *chr_parked_find(const chr_parked *p, const char *owner, const char *label,
                                       const char *module, uint64_t version);
/* Another that left before it, for the same question; or NULL. */
const chr_parked_node *chr_parked_next(const chr_parked_node *n, uint64_t version);
/* The voices of an owner that was part of `version`, or NULL. */
chr_voices *chr_parked_voices(const chr_parked *p, const char *owner, uint64_t version);
/* Forgets everything. */
void chr_parked_clear(chr_parked *p);

#endif
