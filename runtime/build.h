/* runtime/build.h: the workbench of the graph builder; private to runtime/build_*.c and
 * runtime/graph.c. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_BUILD_H
#define CHR_RUNTIME_BUILD_H

#include "dsp/registry.h"
#include "runtime/graph.h"
#include "runtime/heard.h"
#include "runtime/parked.h"
#include "runtime/version.h"

/* A list that grows. `items` is reallocated; hold indices, not pointers. */
#define CHR_LIST_OF(type)                                                                          \
    struct {                                                                                       \
        type *items;                                                                               \
        uint32_t n, room;                                                                          \
    }

/* Room for `more` items at the end of a list of elements of `size` bytes; NULL when memory is out.
 */
void *chr_list_grow(void **items, uint32_t *n, uint32_t *room, uint32_t more, size_t size);
#define CHR_GROW(list, more)                                                                       \
    chr_list_grow((void **)&(list)->items, &(list)->n, &(list)->room, (more), sizeof *(list)->items)

/* Where an argument's values are, before addresses are known. */
typedef enum chr_place_kind {
    CHR_AT_CONSTANT,
    CHR_AT_BUFFER,
    CHR_AT_ROW,
    CHR_AT_RAMP
} chr_place_kind;
typedef struct chr_arg_place {
    uint8_t kind;
    uint32_t index; /* constant: offset; buffer, voice row, ramp: number */
    uint32_t lane;  /* buffer: first lane that is read */
    uint32_t step;  /* buffer: floats or rows to go on for a sample */
} chr_arg_place;

/* A scratch buffer of [CHR_CHUNK][lanes]; from `first` to `last` instruction it holds something. */
typedef struct chr_buffer {
    uint32_t lanes, first, last, offset;
    float most;   /* what it holds is no greater, */
    bool bounded; /* where this is known */
} chr_buffer;

/* An instance of a node of the union. */
typedef struct chr_member {
    uint32_t node, index;
} chr_member;

/* Where an instance is. */
typedef struct chr_seat {
    uint32_t group, lane;
} chr_seat;

/* Instances of nodes that do the same work, in lanes. */
typedef struct chr_group {
    chr_member members[16]; /* a lane with nobody in it works as one of the others does */
    uint32_t lanes;
    uint32_t used;  /* a bit for each lane that somebody is in */
    uint32_t cycle; /* 0, or the number of the loop that it is part of */
    int32_t old;    /* the group of the version before that it is, or CHR_NONE */
    int32_t slot;
    const chr_module *module;
    uint32_t names;                /* first of its lanes in the names */
    uint32_t out[CHR_MAX_OUTPUTS]; /* buffers */
    uint32_t args;                 /* first argument place */
    uint32_t sleeper;              /* as in chr_instr */
} chr_group;

/* The argument of a group that a ramp moves, or some lanes of. Group UINT32_MAX: of none. */
typedef struct chr_ramp_home {
    uint32_t group, k;
} chr_ramp_home;

/* An argument of an instance, or an output of an owner, that fades in this graph. */
typedef struct chr_faded {
    uint32_t node, k, index; /* of the union; node UINT32_MAX: an output, `index` in outputs */
    uint32_t length;         /* samples */
} chr_faded;

/* What an owner sends to one channel, before and after the change. */
typedef struct chr_sent {
    uint32_t owner, channel;
    chr_change change;
    bool goes; /* it only fades away */
} chr_sent;

typedef CHR_LIST_OF(chr_sent) chr_sent_list;

enum { CHR_LAST_ROWS = 1024 };

typedef struct chr_builder {
    const chr_build_options *options;
    const chr_graph *before;
    chr_version version;
    const chr_build *builds[5]; /* for 1, 4, 8, 16 lanes (index: log2) */
    CHR_LIST_OF(chr_instr) instrs;
    CHR_LIST_OF(chr_slot) slots;
    CHR_LIST_OF(chr_arg_place) args;
    CHR_LIST_OF(uint32_t) outs; /* buffers */
    CHR_LIST_OF(chr_voice_arg) voice_args;
    CHR_LIST_OF(chr_voice_row) voice_rows;
    CHR_LIST_OF(chr_term) terms;
    CHR_LIST_OF(uint32_t) term_sleepers;
    CHR_LIST_OF(chr_ramp) ramps;
    CHR_LIST_OF(chr_ramp_source) ramp_sources;
    CHR_LIST_OF(chr_ramp_home) ramp_homes; /* of each ramp */
    CHR_LIST_OF(chr_fade) fades;
    CHR_LIST_OF(chr_move) moves;
    CHR_LIST_OF(chr_graph_track) tracks;
    CHR_LIST_OF(chr_voices *) voices;
    CHR_LIST_OF(uint32_t) n_voices;
    CHR_LIST_OF(chr_keying) keyings;
    CHR_LIST_OF(chr_stem) stems;
    CHR_LIST_OF(uint32_t) maps;
    CHR_LIST_OF(uint64_t) seeds;
    CHR_LIST_OF(uint32_t) names;
    CHR_LIST_OF(float) constants;
    CHR_LIST_OF(char) text;
    CHR_LIST_OF(chr_buffer) buffers;
    CHR_LIST_OF(chr_group) groups;
    uint32_t *first_seat; /* [n_nodes + 1] of the union: its instances, in seats */
    chr_seat *seats;
    chr_member *shares;    /* by seat: who works for it: itself, or one that does the same */
    uint32_t *running;     /* [groups.n] groups in an order in which they can run */
    uint32_t *gathers;     /* hash of gathers made: argument place + 1 of the result, by strands */
    uint32_t *reads_first; /* by owner */
    CHR_LIST_OF(chr_voice_read) reads;
    CHR_LIST_OF(uint32_t) spots_first;
    CHR_LIST_OF(chr_voice_spot) spots;
    CHR_LIST_OF(chr_voice_level) levels;
    CHR_LIST_OF(chr_envelopes) envelopes;
    uint32_t *envelopes_first; /* by owner */
    CHR_LIST_OF(chr_sleeper) sleepers;
    const chr_ir *session;             /* what is built, without the fades that are carried along */
    struct chr_bed *beds;              /* by seat of the union: whose sleep it shares */
    uint32_t *levels_first;            /* by owner */
    uint32_t last_rows[CHR_LAST_ROWS]; /* voice row + 1 made last, by hash of its strands */
    uint32_t master, master_name;
    bool follows_song; /* a node reads where the song is */
    uint32_t rows_floats, ramp_floats, scratch_floats;
    CHR_LIST_OF(chr_voices_return) returns;
    chr_parked_node *leaving; /* nodes that go with this version, and their state */
    CHR_LIST_OF(chr_faded) faded;
    chr_sent_list outputs;
    chr_carry carry; /* with an arena: fades of the graph before are under way */
    bool resumes;    /* some state comes back */
    bool parts;      /* instances that a node gives up sit apart, and their state is kept */
    bool failed;     /* memory is out */
} chr_builder;

/* What a group was, for the next version. */
typedef struct chr_plan_group {
    uint32_t lanes;
    chr_node_state *state;
    uint32_t args; /* in chr_live.args */
} chr_plan_group;

struct chr_plan {
    chr_ir *ir;
    int *ir_uses;         /* graphs that share it */
    uint32_t *first_seat; /* [n_nodes + 1] by node of the IR: its instances, in seats */
    chr_seat *seats;
    chr_plan_group *groups;
    uint32_t n_groups;
    uint32_t *arg_ramp;       /* by argument: ramp + 1, or 0 */
    uint64_t *born;           /* [n_nodes] of the IR: the session's version that brought each */
    chr_parked_node *leaving; /* to be kept once this graph is heard */
    chr_heard *heard; /* with nodes that leave, or fades: to be built again once settled; or NULL.
                         Then seats and `born` are by its nodes */
};

/* build_groups.c: lanes for every node's instances, and the order in which they run. */
void chr_build_groups(chr_builder *b);
/* build_groups.c: the fewest lanes that hold `n` instances, as far as this build makes good code;
 * the widest there are where they do not fit. */
uint32_t chr_build_lanes(const chr_builder *b, uint32_t n);
/* build_groups.c: true if an instance leaves: its node does, or has fewer of them now. */
bool chr_build_goes(const chr_builder *b, chr_member m);
/* build_groups.c: true if all who are in a group leave. */
bool chr_build_leaves(const chr_builder *b, const chr_group *g);
/* build_groups.c: where an instance was in the graph before; NULL: it was not. */
const chr_seat *chr_build_old_seat(const chr_builder *b, uint32_t node, uint32_t index);
/* build_classes.c: gives each node of the union the number of its class: nodes of one class do the
 * same work on inputs of the same shape for readers of the same shape. Numbers begin at 0, in the
 * order of the first node of each. Returns how many there are. */
uint32_t chr_build_classes(chr_builder *b, const bool *alone, uint32_t *class_of);
/* build_shares.c: finds equal work: fills `shares`. Nodes that are `alone` share with nobody. */
void chr_build_shares(chr_builder *b, const bool *alone);
/* build_shares.c: true if another instance works for this one: then it has no seat of its own, and
 * gets that of the other when all are seated. */
bool chr_build_is_shared(const chr_builder *b, chr_member m);
void chr_build_seat_shared(chr_builder *b);
/* build_pack.c: who sits in which group. Nodes that are `alone` share none with another node. */
void chr_build_pack(chr_builder *b, const bool *alone);
/* build_states.c: state for every group: new, or the old one where the same instances sit there. */
void chr_build_states(chr_builder *b);
/* build_states.c: rows of history that an instance of a node needs; 0: it has none. */
size_t chr_build_ring_rows(const chr_builder *b, uint32_t node);
/* build_args.c: makes the places that the arguments of group `g` read, with gathers, ramps and
 * fades as needed. In a feedback cycle a module that breaks it has two turns: `emit` needs no input
 * yet, `accept` takes it. */
void chr_build_args(chr_builder *b, uint32_t g, chr_instr *instr);
void chr_build_args_emit(chr_builder *b, uint32_t g, chr_instr *instr);
void chr_build_args_accept(chr_builder *b, uint32_t g, chr_instr *instr);
/* A place for one row of `lanes` strands. Those without a bit in `used` are padding. */
chr_arg_place chr_build_row(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                            uint32_t used);
/* Places of one lane each that stand for strands: those with a bit in `lanes`. */
typedef struct chr_made {
    chr_arg_place places[16];
    uint32_t lanes;
} chr_made;
/* Collects strands, and what is `made` (NULL: nothing) in their stead, from anywhere into one
 * buffer.
 */
chr_arg_place chr_build_gather(chr_builder *b, const chr_strand *strands, uint32_t lanes,
                               const chr_made *made);
/* A place that an instruction may read which is cut by the events of `*patch` (UINT32_MAX: of no
 * one yet). */
chr_arg_place chr_build_own_row(chr_builder *b, chr_arg_place place, uint32_t *patch);
/* Tells an instruction that its argument `arg` follows voices. */
void chr_build_follow(chr_builder *b, chr_instr *user, uint32_t arg, uint32_t row);
/* build_changes.c: the place of argument k of a group, with ramps and fades where the versions
 * differ. */
chr_arg_place chr_build_arg(chr_builder *b, uint32_t group, uint32_t k);
/* build_changes.c: a cross-fade between two rows; gives the place of the result. */
chr_arg_place chr_build_fade(chr_builder *b, chr_arg_place from, chr_arg_place to, uint32_t lanes,
                             uint32_t owner);
/* build_changes.c: true if what is read now is a fade that begins later with what was read before:
 * so far nothing changes. */
bool chr_build_begins_later(const chr_builder *b, chr_strand fresh, chr_strand past);
/* build_changes.c: notes what the fade built last is for. */
void chr_build_note_fade(chr_builder *b, uint32_t node, uint32_t k, uint32_t index);
/* build_sums.c */
void chr_build_sum(chr_builder *b, uint32_t g);
void chr_build_outputs(chr_builder *b);
/* build_args.c: the group that a node's strand is in, and its lane there. */
const chr_group *chr_build_group_of(const chr_builder *b, chr_strand s, uint32_t *lane);
/* build_args.c: one strand copied into a buffer of one lane. */
chr_arg_place chr_build_copy(chr_builder *b, const chr_strand *strand);
/* build_lists.c: small pieces. */
uint32_t chr_build_text(chr_builder *b, const char *text);
uint32_t chr_build_place(chr_builder *b, chr_arg_place place);
uint32_t chr_build_buffer(chr_builder *b, uint32_t lanes);
uint32_t chr_build_constant(chr_builder *b, const float *values, uint32_t n);
uint32_t chr_build_out(chr_builder *b, uint32_t buffer);
uint32_t chr_build_emit(chr_builder *b, chr_instr instr);
/* build_nodes.c: the instructions of all nodes, feedback cycles in loops. */
void chr_build_nodes(chr_builder *b);
/* build_players.c: voices of the owners; positions of the patterns. */
void chr_build_voices(chr_builder *b);
void chr_build_tracks(chr_builder *b);
/* build_sleep.c: what may sleep, for every instance of the session; and the sleeper of a group: 1 +
 * its index, or 0. */
void chr_build_sleep(chr_builder *b);
uint32_t chr_build_sleeper(chr_builder *b, uint32_t group);
/* True if a node of the union is one of the session: neither on its way out nor a fade. */
static inline bool chr_build_stays(const chr_builder *b, const chr_unode *n) {
    return n->fresh && n->fresh_index < b->session->n_nodes;
}
/* True if it is on its way out: it leaves now, or has left and a fade that is under way reads it.
 */
static inline bool chr_build_node_goes(const chr_builder *b, const chr_unode *n) {
    return !n->fresh || (!chr_build_stays(b, n) && !b->carry.length[n->fresh_index]);
}
/* build_voice_lists.c: what of the graph belongs to the voices of each owner: the rows that they
 * are read by, and the envelopes that follow their gates. */
void chr_build_reads(chr_builder *b);
void chr_build_levels(chr_builder *b);
/* build_parked.c: the state with which an instance left that arrives; NULL where it is new. Its
 * voices' last notes. */
const chr_parked_seat *chr_build_returning(const chr_builder *b, chr_member m);
void chr_build_return_voices(chr_builder *b, chr_voices *to);
/* build_parked.c: false while what has left may still be run: its state is fetched when the graph
 * is taken over. */
bool chr_build_left_rests(const chr_builder *b);
/* build_parked.c: notes what leaves. */
void chr_build_leaving(chr_builder *b);
/* build_parked.c: the version that brought a node. */
uint64_t chr_build_born(const chr_builder *b, const chr_unode *n);
/* build_heard.c: what sounds while this graph's fades are under way, if it has any; `failed` where
 * memory is out. *node_of, for the caller to free: by node of it, that of the union or UINT32_MAX.
 */
chr_heard *chr_build_heard(chr_builder *b, uint32_t **node_of);
/* build_bounds.c: false if an instruction's outputs may come to be greater than a number can be:
 * they have to be looked at. `module`: of a PROCESS. Notes how great they are for what reads them.
 */
bool chr_build_bounds(chr_builder *b, const chr_instr *i, const chr_module *module);
/* build_chains.c: arithmetic of one node after the other becomes one instruction. */
void chr_build_chains(chr_builder *b);
/* build_layout.c: colours the buffers. */
void chr_build_colour(chr_builder *b);
/* build_memory.c: the graph itself, with its live part and its plan; NULL when memory is out. */
chr_graph *chr_build_finish(chr_builder *b, chr_ir *ir);

static inline bool chr_unode_hidden(const chr_unode *n) {
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    return node->hidden || node->module->hidden;
}
static inline const chr_module *chr_unode_module(const chr_unode *n) {
    return (n->fresh ? n->fresh : n->past)->module;
}
static inline uint32_t chr_unode_owner(const chr_builder *b, const chr_unode *n) {
    return n->fresh ? b->version.fresh_owner_to[n->fresh->owner]
                    : b->version.past_owner_to[n->past->owner];
}

/* diff.c: what becomes of a node of the union, in the order of the counts that a player is told. */
typedef enum chr_fate { CHR_FATE_KEPT, CHR_FATE_CHANGED, CHR_FATE_NEW, CHR_FATE_GONE } chr_fate;
chr_fate chr_unode_fate(const chr_version *v, const chr_unode *n);
bool chr_ir_pattern_equal(const chr_ir_pattern *a, const chr_ir_pattern *b);
/* True if notes have the same pitch. */
bool chr_ir_tuning_equal(const chr_ir *a, const chr_ir *b);

#endif
