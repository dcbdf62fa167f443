/* runtime/graph.h: what the control thread builds and the audio thread runs.
 *
 * A chr_graph is one immutable allocation: a linear stream of instructions and the tables that they
 * point into by index. Beside it stands a chr_live, the memory that the audio thread writes while
 * the graph plays: resolved arguments, scratch buffers, ramps and fades. State (phases, delay
 * lines, voices, clocks of patterns) belongs to neither: it lives in shared objects
 * (runtime/state.h) that pass from graph to graph. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_GRAPH_H
#define CHR_RUNTIME_GRAPH_H

#include "dsp/module.h"
#include "dsp/ops.h"
#include "lang/ir.h"
#include "runtime/state.h"
#include "runtime/when.h"

#include <stdatomic.h>

enum { CHR_NONE = -1 };

typedef enum chr_op {
    CHR_OP_PROCESS, /* fn over the chunk, or over the parts that events cut it into */
    CHR_OP_GATHER,  /* any strands into the lanes of one buffer */
    CHR_OP_SUM,     /* weighted strands into one or two mono buffers, in canonical order */
    CHR_OP_FADE,    /* cross-fade of two arguments */
    CHR_OP_CHAIN,   /* arithmetic of one node after the other */
    CHR_OP_LOOP     /* the next `count` instructions run sample by sample */
} chr_op;

typedef enum chr_look {
    CHR_LOOK_NEVER,
    CHR_LOOK_HEALS, /* there can be none; but what was found before, by another graph, heals */
    CHR_LOOK_ALL
} chr_look;

/* One step of the stream. Indices are into the graph's and the live part's tables. */
typedef struct chr_instr {
    chr_process_fn *fn; /* PROCESS */
    uint32_t args; /* first of its arguments in chr_live.args: inputs, then parameters; GATHER: a
                      lane each; FADE: from, to; SUM: a term each */
    uint32_t outs; /* first of its outputs in chr_live.outs */
    uint32_t voice_args; /* first of its entries in chr_graph.voice_args */
    uint32_t names;      /* whose it is, lane by lane: first in chr_graph.names, for faults */
    int32_t slot;        /* state and ring: index into chr_graph.slots, or CHR_NONE */
    int32_t voices;      /* whose events cut it: index into chr_graph.voices, or CHR_NONE */
    int32_t fade; /* FADE: which; otherwise the fade after which it may be left out, or CHR_NONE */
    uint32_t count;   /* LOOP: instructions; SUM: terms; CHAIN: arguments */
    uint32_t weights; /* SUM: first of its terms in chr_graph.terms; CHAIN: steps, as chr_chain_fn
                         takes them */
    uint32_t sleeper; /* PROCESS: 0, or whose voices may sleep: 1 + index into chr_graph.sleepers.
                         SUM: 0 where no term has one */
    uint16_t n_voice_args;
    uint8_t op, lanes, n_inputs, n_params, n_outputs;
    char operation; /* of the module */
    bool plain;     /* PROCESS: no voices cut it, nothing of it sleeps, and it is never left out */
    uint8_t look;   /* chr_look: for values that are not finite, in its outputs */
} chr_instr;

/* Number of its arguments. */
static inline uint32_t chr_instr_args(const chr_instr *i) {
    switch ((chr_op)i->op) {
    case CHR_OP_PROCESS:
        return (uint32_t)i->n_inputs + i->n_params;
    case CHR_OP_GATHER:
        return i->lanes;
    case CHR_OP_SUM:
    case CHR_OP_CHAIN:
        return i->count;
    case CHR_OP_FADE:
        return 2;
    case CHR_OP_LOOP:
        return 0;
    }
    return 0;
}

/* State that an instruction works on. */
typedef struct chr_slot {
    chr_node_state *state;
    const chr_module *module; /* the build that it runs */
    uint32_t seeds;           /* of its lanes: first in chr_graph.seeds */
} chr_slot;

/* An argument that follows the voices of a patch: it reads `row`. */
typedef struct chr_voice_arg {
    uint32_t arg, row;
} chr_voice_arg;

/* An envelope that follows a voice's gate: a lane of a state. */
typedef struct chr_voice_level {
    uint32_t voices, voice; /* whose */
    uint32_t slot, lane;
} chr_voice_level;

/* The envelopes of one owner in a group of lanes. */
typedef struct chr_envelopes {
    uint32_t slot;
    uint32_t lanes;                       /* a bit for each lane that one is in */
    uint32_t map;                         /* first of 16 voice numbers in chr_graph.maps, by lane */
    uint64_t voices[CHR_MAX_VOICES / 64]; /* a bit for each of these voices */
} chr_envelopes;

/* A group of lanes some of which do nothing while their voice sleeps. */
typedef struct chr_sleeper {
    uint32_t used;   /* a bit for each lane that somebody is in, */
    uint32_t sleeps; /* that may sleep, */
    uint32_t waits;  /* and once the fades are over alone: what fades away still reads it */
    uint32_t map;    /* first of its lanes in chr_graph.maps: owner and voice of each in turn */
    bool silent;     /* what does not sleep may read it: it is zero while it does */
} chr_sleeper;

/* Rows of one value of the voices, laid out for a group of lanes: one row for each segment of the
 * chunk. */
typedef struct chr_voice_row {
    uint32_t voices; /* index into chr_graph.voices */
    uint32_t value;  /* chr_voice_value */
    uint32_t lanes;
    uint32_t map;  /* first of `lanes` voice numbers in chr_graph.maps */
    uint32_t rows; /* offset in chr_live.rows, floats; CHR_CHUNK rows */
} chr_voice_row;

/* A lane of a voice row. */
typedef struct chr_voice_spot {
    uint32_t row, lane;
} chr_voice_spot;

/* A value of an owner's voices that kernels read: in which spots, voice by voice. */
typedef struct chr_voice_read {
    uint32_t value; /* chr_voice_value */
    uint32_t voices;
    uint32_t first; /* of voices + 1 in chr_graph.spots_first, which point into spots */
} chr_voice_read;

typedef enum chr_ramp_shape {
    CHR_RAMP_SMOOTH, /* no corner at either end: a few milliseconds */
    CHR_RAMP_EVEN,   /* `set … over`: the same step in the same time */
    CHR_RAMP_OCTAVES /* the same, in the logarithm */
} chr_ramp_shape;

/* The lane of the graph before whose way a lane of a ramp goes on with (ramp CHR_NONE: it stood),
 * and how it goes if it has a new goal. */
typedef struct chr_ramp_source {
    int32_t ramp;
    uint32_t lane;
    chr_ramp_shape shape;
    double seconds, beats; /* one of the two */
} chr_ramp_source;

/* A constant that moves to a new value. */
typedef struct chr_ramp {
    uint32_t arg;            /* in chr_live.args */
    uint32_t again;          /* a second argument that reads it, or UINT32_MAX */
    uint32_t gathered;       /* the first argument of a gather that reads lanes of it one by one */
    uint32_t gathered_lanes; /* a bit for each of them */
    uint32_t lanes;
    uint32_t to;      /* offset in chr_graph.constants: also what the argument reads afterwards */
    uint32_t start;   /* offset in chr_graph.constants: where it starts if no source moves */
    uint32_t buffer;  /* offset in chr_live.ramp_rows */
    uint32_t sources; /* first of `lanes` in chr_graph.ramp_sources */
    uint32_t fresh;   /* a bit for each lane that has a new goal; the others go on with their source
                         if it still moves */
} chr_ramp;

typedef struct chr_fade {
    uint32_t length; /* samples */
} chr_fade;

/* One column of state that goes from an old group to a new one; or, where `from` is NULL, is new in
 * a group that goes on (one without history). */
typedef struct chr_move {
    chr_node_state *from, *to;
    chr_init_fn *init; /* of what is new; NULL: all zeros */
    uint64_t seed;
    uint32_t from_lane, to_lane;
    bool resumes;    /* it left, and comes back as it was when it was run last */
    chr_ahead ahead; /* what of its history was copied ahead */
} chr_move;

/* Voices of a patch that comes back: what is left of its last notes rings out. */
typedef struct chr_voices_return {
    chr_voices *from, *to;
} chr_voices_return;

/* As many graphs may be on their way as there are less one. */
enum { CHR_KEEPS = 17 };

/* A pattern's place: what plays now, and what takes over. */
typedef struct chr_graph_track {
    chr_track *track;     /* where the audio thread keeps its position */
    chr_pattern *pattern; /* what this version wants; NULL: it is gone at the next quantum */
    chr_pattern *keep[CHR_KEEPS]; /* what the versions before may still be playing; NULL: less */
    uint32_t voices;              /* who plays it */
    bool playing;
    bool arranged; /* it plays in these alone, which are the IR's: by time, in beats */
    const chr_ir_window *windows;
    uint32_t n_windows;
} chr_graph_track;

/* An owner's strands on an output, after fades: [2] buffers in scratch. */
typedef struct chr_stem {
    uint64_t id;    /* of its name, the same in every version: chr_names_id */
    uint32_t name;  /* offset in chr_graph.text */
    uint32_t out;   /* in chr_live.outs: left, right */
    int32_t before; /* the same owner's in the graph before, or CHR_NONE */
} chr_stem;

typedef struct chr_live chr_live;
typedef struct chr_plan chr_plan;
typedef struct chr_parts chr_parts;

typedef struct chr_graph {
    size_t bytes;
    const chr_instr *instrs;
    const chr_slot *slots;
    const chr_voice_arg *voice_args;
    const chr_voice_row *voice_rows;
    const chr_term *terms;
    const uint32_t *term_sleepers; /* by term: 0, or the sleeper that its samples come from, as in
                                      chr_instr */
    const chr_ramp *ramps;
    const chr_ramp_source *ramp_sources;
    const chr_fade *fades;
    const chr_move *moves;
    const chr_voices_return *returns;
    const chr_graph_track *tracks;
    chr_voices *const *voices;   /* one an owner */
    const uint32_t *n_voices;    /* of each owner, in this version */
    const chr_keying *keyings;   /* of each owner */
    const uint32_t *reads_first; /* [n_voices_all + 1] by owner: what is read of it, in reads */
    const chr_voice_read *reads;
    const uint32_t *spots_first;
    const chr_voice_spot *spots;
    const chr_sleeper *sleepers;
    const chr_voice_level *levels;
    const uint32_t *levels_first;    /* [n_voices_all + 1] by owner: its envelopes, in levels */
    const chr_envelopes *envelopes;  /* the same by groups, */
    const uint32_t *envelopes_first; /* [n_voices_all + 1] and by owner */
    const chr_stem *stems;
    const uint32_t *maps;
    const uint64_t *seeds;
    const uint32_t *names; /* by lane: offset in text, or UINT32_MAX where nobody is */
    const float *constants;
    const char *text;
    uint32_t n_instrs, n_slots, n_voice_args, n_voice_rows, n_terms, n_ramps, n_ramp_sources,
        n_fades, n_moves, n_returns, n_tracks, n_voices_all, n_stems, n_maps, n_seeds, n_names,
        n_constants, n_text, n_levels, n_sleepers, n_reads, n_spots_first, n_spots, n_envelopes;
    uint32_t master; /* in chr_live.outs: the master's channels */
    uint32_t n_channels;
    uint64_t carried_until; /* clock at which the fades end that did not begin with it */
    uint32_t n_stay;        /* owners that the session has: the first; the others fade away */
    /* It is right for a take-over from one sample on and before another: then a fade ends that it
     * carries along; and if since it was built no hush has ended them all. */
    uint64_t good_from, good_until;
    uint64_t after;           /* the graph before has to have taken over at this very sample, for
                                 it was not heard yet; UINT64_MAX: it was */
    uint32_t empties;         /* chr_audio.empties */
    bool follows_song;        /* some node reads where the song is */
    bool resumes;             /* some state came back: its time begins with the take-over */
    float volume;             /* factor of everything together */
    const chr_time_map *time; /* the IR's */
    chr_quantum quantum;
    uint64_t number;     /* of the offer; 0: an earlier one built again. Set before it is offered */
    chr_offer_when when; /* it takes over; set before it is offered */
    chr_live *live;      /* [audio] while it plays */
    chr_plan *plan;      /* [control] what the next version is compared with */
    chr_parts *parts;    /* who does what, for several threads (runtime/parts.h); NULL: one does */
} chr_graph;

typedef struct chr_ramp_lane {
    uint64_t begin, length; /* clock of its first sample; samples */
    double octaves;         /* CHR_RAMP_OCTAVES: from start to goal */
    float from;
    chr_ramp_shape shape;
} chr_ramp_lane;

typedef struct chr_ramp_live {
    bool running;
    atomic_bool ended; /* [audio -> control] no graph after this one needs to go on with it */
    chr_ramp_lane lane[16];
} chr_ramp_live;

/* The lanes of a sleeper that sleep, */
typedef struct chr_sleep_live {
    uint64_t changes; /* as they were when so many voices had woken or fallen asleep */
    uint32_t lanes;
} chr_sleep_live;

/* What the audio thread writes. One allocation, touched before it is handed over. */
struct chr_live {
    size_t bytes; /* of all of it */
    chr_arg *args;
    float **outs;
    float *scratch, *rows, *ramp_rows;
    uint64_t *cuts; /* [n_voice_rows] a bit for each sample at which a row changes, and for the
                       first: where it stands in the row of that sample until the next. 0: it stands
                       in a row for each sample, for it changes often or is on its way */
    uint32_t *touched, n_touched; /* rows that change in this chunk */
    chr_ramp_live *ramps;
    chr_sleep_live *sleep;
    _Atomic uint64_t began; /* clock at which it took over, */
    _Atomic uint64_t ends;  /* and at which the fades end that began then */
    uint64_t fade_begin;    /* all fades of a graph begin with its take-over */
    uint32_t fade_longest;
    _Atomic uint32_t *spent_ns; /* [n_instrs] what each takes of a chunk, and 1; 0: not known */
    uint32_t *faulty;    /* [n_instrs] lanes whose fault has not been told yet; several threads */
    uint32_t probe;      /* [audio] the one that is timed next */
    bool fading;         /* [audio] a fade or what leaves with it still runs */
    atomic_bool settled; /* [audio -> control] no fade runs any more */
};

/* Seconds that a number takes to its new value, and that a structural change cross-fades. */
#define CHR_RAMP_S 0.010
#define CHR_FADE_S 0.010

typedef struct chr_build_options {
    float rate_hz;
    const char *isa;
    int lanes; /* 0: by size */
    bool stems;
    int threads; /* that share the work; 0 or 1: one. With more, buffers share no memory */
    bool apart;  /* equal work is done as often as it is there; for tests and trials */
    uint32_t n_channels;
    const struct chr_parked *parked; /* where what returns is looked for; NULL: nothing returns */
    const chr_graph *const
        *unheard; /* those that were offered and are not heard yet, oldest first */
    uint32_t n_unheard;
    uint64_t now;     /* clock of the engine, */
    uint64_t at;      /* and of the take-over: what the graph before still fades is judged by it */
    uint32_t empties; /* as in chr_graph */
} chr_build_options;

typedef struct chr_diff {
    int kept, changed, added, gone;
    bool patterns_wait; /* a pattern differs in a way that waits for its bar */
    bool same;          /* nothing that is heard differs */
} chr_diff;

/* [control] Builds the graph of `ir` against the version before (NULL: none). Takes over `ir` on
 * success alone; the IR of `before` itself is shared with it. NULL when memory is out. */
chr_graph *chr_graph_build(chr_ir *ir, const chr_graph *before, const chr_build_options *options);

/* [control] What going from `before` to `ir` would do, without building it. False when memory is
 * out. */
bool chr_graph_compare(const chr_ir *ir, const chr_graph *before, chr_diff *diff);

/* [control] Gives back the graph, its live part, its IR, and its share of the state. NULL is
 * allowed. */
void chr_graph_free(chr_graph *g);

/* [control] Frees a graph that has not been heard, but for its IR. */
chr_ir *chr_graph_unbuild(chr_graph *g);

/* [control] Copies long histories ahead of its take-over, while the graph before runs and `clock`
 * goes on: what is left then is what will have been written until then, and some thousand samples
 * in all. Before it is offered. With the graphs that it was built behind, in chr_build_options. */
void chr_graph_copy_ahead(chr_graph *g, const chr_build_options *options,
                          const _Atomic uint64_t *clock);

/* [control] The graph is heard: what leaves with it is parked. Once for each graph. */
void chr_graph_park(chr_graph *g, struct chr_parked *parked);

/* [control] What leaves with it will not be parked. */
void chr_graph_leave_nothing(chr_graph *g);

/* [control] True if the graph still carries what leaves or fades: once settled it is built again
 * without. */
bool chr_graph_has_leftovers(const chr_graph *g);
/* [control] True once nothing of it fades any more. */
bool chr_graph_settled(const chr_graph *g, uint64_t now);

/* [control] The IR that the graph was built from. */
chr_ir *chr_graph_ir(const chr_graph *g);

/* [control] The format of `--dump graph`. */
void chr_graph_print(const chr_graph *g, FILE *to);

#endif
