/* lang/ir.h: what a checked session means, as flat arrays: nodes joined by strands, owners,
 * patterns. The graph is built from this and from nothing else.
 *
 * A strand is one mono signal of one instance: what one lane of one port reads. A sound with 8
 * voices and two sides is 16 strands. A node has n_instances; its arguments are given for every
 * instance. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_IR_H
#define CHR_LANG_IR_H

#include "dsp/module.h"
#include "dsp/time_map.h"
#include "lang/arena.h"
#include "lang/score.h"
#include "lang/source.h"

#include <stdio.h>

typedef enum chr_strand_kind {
    CHR_STRAND_CONST, /* value */
    CHR_STRAND_NODE,  /* instance `index` of output port `port` of node `node` */
    CHR_STRAND_VOICE  /* value number `port` (chr_voice_value) of voice `index` of owner `node` */
} chr_strand_kind;

/* Parameters of one patch that the steps of its patterns can lock. */
enum { CHR_LOCK_SLOTS = 8 };

typedef enum chr_voice_value {
    CHR_VOICE_FREQ,
    CHR_VOICE_GATE,
    CHR_VOICE_VEL,
    CHR_VOICE_NOTE,
    CHR_VOICE_BEND,     /* semitones: what the player bends this note by; FREQ follows it */
    CHR_VOICE_PRESSURE, /* 0..1: how hard the key is pressed after its start */
    CHR_VOICE_TIMBRE,   /* 0..1: the third thing that a key can tell */
    CHR_VOICE_SLIDE,    /* 1: this note's pitch glides from that of the note before; 0: it jumps */
    CHR_VOICE_PAN,      /* -1..1: where its pattern places the note */
    CHR_VOICE_LOCK,     /* slot k: its value is number CHR_VOICE_LOCK + 2 k; the one behind it is 1
                           while the note that the voice plays locks it, else 0 */
    CHR_VOICE_VALUES = CHR_VOICE_LOCK + 2 * CHR_LOCK_SLOTS
} chr_voice_value;

/* What a player types for each; NULL: it has no name. */
extern const char *const chr_voice_words[CHR_VOICE_VALUES];
/* What a listing calls it, with or without such a name. */
const char *chr_voice_name(uint8_t value);

typedef struct chr_strand {
    uint8_t kind; /* chr_strand_kind */
    uint8_t port;
    uint16_t pad; /* 0 */
    uint32_t node;
    union {
        float value; /* in the parameter's unit */
        uint32_t index;
    };
} chr_strand;

/* Nodes stand in an order in which each comes after all that it reads, except over a late edge: one
 * into the first input of a module with `emit` (of a CHR_STEREO one: into its first two, left and
 * right). Nodes of one feedback cycle are contiguous and share a cycle
 * number other than 0. */
typedef struct chr_ir_node {
    const chr_module
        *module;    /* of the table given to the check; the graph looks its build up by name */
    uint32_t owner; /* index into owners */
    const char
        *label;    /* path within the owner, unique there: "lpf2", "kick.drop.perc", "out.level" */
    bool labelled; /* the last part was given with `as`: it is matched by name alone */
    bool hidden;   /* made by the check: an operator, a level, a sum of voices, a glide. The player
                      did not write it as a module, so it is not counted as one */
    uint32_t n_instances;     /* 1 or more; CHR_SUM: 1 */
    uint32_t n_sources;       /* CHR_SUM: strands that are summed (each has a weight); else equal to
                                 n_instances */
    const chr_strand *inputs; /* [n_inputs][n_sources] */
    const chr_strand
        *params;    /* [n_params][n_instances]; already in the parameter's unit, clamped */
    uint32_t cycle; /* 0, or the number of the feedback cycle it is part of */
    chr_span span;
} chr_ir_node;

/* A strand that is heard on an output channel (from 0). From CHR_TAP_CHANNEL on nobody hears it:
 * tap k of the owner, looked at by `scope` and `meters`, has CHR_TAP_CHANNEL + 2 k and the one
 * after. */
enum { CHR_TAP_CHANNEL = 1 << 16 };
typedef struct chr_ir_out {
    uint32_t channel;
    chr_strand strand;
} chr_ir_out;

/* How an instrument with one voice plays notes that overlap. */
typedef enum chr_priority {
    CHR_PRIORITY_LAST, /* the one that began last sounds */
    CHR_PRIORITY_HIGH, /* the highest */
    CHR_PRIORITY_LOW   /* the lowest */
} chr_priority;
typedef struct chr_keying {
    uint8_t priority;  /* chr_priority */
    bool legato;       /* a note that begins while another is held does so without a new attack */
    bool glide_legato; /* only such notes glide */
} chr_keying;

/* A knob that steps of the patterns lock: as the player wrote it first. */
typedef struct chr_ir_lock {
    const char *path;
    chr_unit unit;
} chr_ir_lock;

/* A patch, a bus, or (owner 0, named "") what the session's `let`s share. */
typedef struct chr_ir_owner {
    const char *name;
    uint32_t n_voices; /* 1 or more */
    chr_keying keying;
    bool is_knob;     /* made by the check: the note of its one voice is what a pattern of values
                         says of a knob. A player sees the knob, not this */
    bool plays_notes; /* it uses freq, gate, vel or note: an instrument; otherwise it drones */
    double fade_s;    /* how long a structural change cross-fades; 0: the default */
    const chr_ir_lock *locks; /* by slot */
    uint32_t n_locks;
    const chr_ir_out *outs;
    uint32_t n_outs;
    const char *const *taps; /* the names of its taps, "lead.scope" */
    uint32_t n_taps;
    uint32_t n_going; /* of them, the last ones: what only fades away. The engine's own; 0 */
} chr_ir_owner;

/* A stretch of the song, in beats. */
typedef struct chr_ir_window {
    double from, to;
} chr_ir_window;

typedef struct chr_ir_pattern {
    const char *name;             /* "kick" or "kick/fill"; of values "bass.cutoff" */
    uint32_t owner;               /* who plays it */
    chr_score score;              /* what it plays */
    bool values;                  /* its notes are values of a knob, in the parameter's unit, */
    float base;                   /* which is this before the first of them; */
    chr_unit unit;                /* of that parameter */
    bool playing;                 /* in the set that `play` chose */
    bool arranged;                /* it plays in its windows alone: an arrangement rules it */
    const chr_ir_window *windows; /* by time, apart from one another */
    uint32_t n_windows;
} chr_ir_pattern;

/* `set … over`: where this constant parameter of this node differs from what is heard, it takes so
 * long to get there instead of a ramp's few milliseconds. Frequencies and whatever else has a
 * CHR_LOG curve move evenly in the logarithm. */
typedef struct chr_ir_glide {
    uint32_t node, param;  /* index into nodes, into its module's params */
    double seconds, beats; /* one of them is more than 0; beats at the tempo of the take-over */
} chr_ir_glide;

typedef struct chr_ir {
    chr_arena *arena; /* owns what is below, save the map; chr_ir_free frees both */
    const chr_ir_node *nodes;
    uint32_t n_nodes;
    const chr_ir_owner *owners;
    uint32_t n_owners;
    const chr_ir_pattern *patterns;
    uint32_t n_patterns;
    const chr_ir_glide *glides; /* each node and parameter at most once */
    uint32_t n_glides;
    const double *note_hz; /* the pitch of each of the 128 MIDI notes (dsp/units.h, chr_tuned_hz);
                              NULL: twelve equal steps */
    double volume;         /* factor of everything together, before the ceiling */
    const chr_time_map *time; /* one use of it is the IR's own */
    bool follows_tempo;  /* it is made for the tempo where the clock was: elsewhere some length of
                            music is another time */
    chr_quantum quantum; /* patterns change at its next multiple from bar 1; 0: at once */
    uint64_t seed;
    uint64_t version; /* number of the session's version that this is: greater for every new one,
                         the same again after `undo`. 0: versions are not counted */
} chr_ir;

void chr_ir_free(chr_ir *ir);

enum { CHR_PART_TEXT = 256 };
/* What a player knows of a node: the stage or module that stands in the text of its patch
 * ("lead.lpf" also for what is inside of it), or the patch alone ("lead") where the check made the
 * node (`hidden`) or it is all that the patch is. */
const char *chr_part_name(const char *owner, const char *label, bool hidden,
                          char text[CHR_PART_TEXT]);
/* The same by the path of a node, "lead.corner.mul4". `ir` may be NULL, or another version that
 * does not have the node. */
const char *chr_ir_part(const chr_ir *ir, const char *path, char text[CHR_PART_TEXT]);

/* Does a player mean this pattern by `name`? By `kick` all that `kick` plays, `kick/fill` and the
 * values of `kick.decay` too; by `kick/fill` that one alone. */
bool chr_means_pattern(const char *name, const char *pattern);

/* The format of `--dump ir`. */
void chr_ir_print(const chr_ir *ir, FILE *to);

#endif
