/* dsp/module.h: the contract between a sound module and everything else.
 *
 * A module is one file in dsp/modules/ and one line in dsp/modules.def. The file holds a state
 * struct, `process` written once over chr_vec, and one const descriptor; it is compiled for each
 * instruction set and for 1, 4, 8 and 16 lanes. Help, checks, documents, completion and contract
 * tests are made from the descriptor.
 *
 * Rules that the contract tests hold every module to:
 *  - The state struct consists of chr_vec, chr_ivec and chr_uvec rows only (4 bytes a lane), so
 * that one instance can be moved from one group of lanes to another by copying its column.
 *  - No result depends on how a chunk is cut into [from, to), on the lane, or on the neighbours.
 *  - A parameter that is constant gives the same bits as a signal that holds that constant.
 *  - No libm function, no allocation, no I/O.
 *  - What is `bounded` gives finite samples, even where it reads what is no number.
 *  - No output is greater than `most` says.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_MODULE_H
#define CHR_DSP_MODULE_H

#include "dsp/nonblocking.h"
#include "dsp/units.h"
#include "dsp/vec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHR_CHUNK = 64,      /* samples; chunks lie on the absolute sample clock */
    CHR_MAX_INPUTS = 4,  /* audio and gate ports of one module */
    CHR_MAX_PARAMS = 16, /* parameters of one module */
    CHR_MAX_OUTPUTS = 2  /* left and right */
};

/* What an argument of a kernel reads: lane rows, `step` 1 for a signal and 0 for a value that is
 * constant in this segment (then v[0] alone is valid). */
typedef struct chr_arg {
    const float *v; /* rows of CHR_LANES floats, aligned to a row */
    uint32_t step;  /* rows to go on for each sample: 0 or 1 */
} chr_arg;

/* One call's work: samples from..to-1 of the chunk that begins at `clock`. */
typedef struct chr_block {
    int from, to;   /* 0 <= from < to <= CHR_CHUNK; an event or a feedback loop may cut the chunk */
    float rate_hz;  /* sample rate */
    float period_s; /* 1 / rate_hz */
    uint64_t clock; /* absolute number of the chunk's first sample, a multiple of CHR_CHUNK */
    const chr_arg *inputs; /* in the order of the descriptor's ports; never NULL: a free port reads
                              its default */
    const chr_arg *params; /* in the order of the descriptor's parameters */
    float *const *outputs; /* [n_outputs] rows of CHR_LANES floats; sample i goes to row i */
    float *ring;        /* history: [ring_columns][ring_mask + 1] rows, or NULL (see ring_rows) */
    uint32_t ring_mask; /* rows - 1; sample n of the absolute clock belongs in row n & ring_mask */
    const float *heard; /* what the sound device hears in this chunk: [n_heard][CHR_CHUNK] */
    uint32_t n_heard;   /* its channels; 0: it hears nothing */
    /* Where the song is at each sample, in beats from its beginning: [0] whole beats, [1] the part
     * of a beat beyond them. Of a module with `follows_song` alone. */
    const float *song; /* [2][CHR_CHUNK] */
} chr_block;

static inline chr_vec chr_input(const chr_block *b, int k, int i) {
    return ((const chr_vec *)(const void *)b->inputs[k].v)[(uint32_t)i * b->inputs[k].step];
}
static inline chr_vec chr_param(const chr_block *b, int k, int i) {
    return ((const chr_vec *)(const void *)b->params[k].v)[(uint32_t)i * b->params[k].step];
}
/* The number of the choice of a parameter with choices: one for the whole group, fixed for a node's
 * life. */
static inline int chr_choice(const chr_block *b, int k) {
    return (int)b->params[k].v[0];
}
static inline bool chr_param_is_constant(const chr_block *b, int k) {
    return b->params[k].step == 0;
}
static inline bool chr_input_is_constant(const chr_block *b, int k) {
    return b->inputs[k].step == 0;
}
static inline void chr_output(const chr_block *b, int k, int i, chr_vec x) {
    ((chr_vec *)(void *)b->outputs[k])[i] = x;
}

typedef enum chr_port_kind { CHR_AUDIO, CHR_CONTROL, CHR_GATE } chr_port_kind;

/* The connection that an input or parameter has when nothing is given (language: "normals"). */
typedef enum chr_normal {
    CHR_NORMAL_NONE, /* its default value */
    CHR_NORMAL_IN,   /* the signal that enters the stage, where there is one; else its default value
                      */
    CHR_NORMAL_FREQ, /* the played note in Hz */
    CHR_NORMAL_GATE, /* 1 while a note is held, else 0 */
    CHR_NORMAL_VEL,  /* velocity 0..1 of the played note */
    CHR_NORMAL_NOTE  /* MIDI number of the played note */
} chr_normal;

typedef struct chr_port {
    const char *name; /* `in`, `gate`, `key`, `sync`; outputs `out`, or `left` and `right` */
    chr_port_kind kind;
    const char *doc;   /* one phrase */
    chr_normal normal; /* inputs: what it is connected to by itself */
    float dflt;        /* inputs: the value it reads when free */
} chr_port;

typedef enum chr_curve { CHR_LIN, CHR_LOG } chr_curve;

/* Musical contexts: what `make` and the glossary know a parameter as. */
typedef enum chr_context {
    CHR_PITCH,
    CHR_DYNAMICS,
    CHR_BRIGHTNESS,
    CHR_SPACE,
    CHR_TIME,
    CHR_MOVEMENT,
    CHR_GRIT,
    CHR_RHYTHM
} chr_context;

typedef struct chr_param_info {
    const char *word;     /* what a player types */
    const char *display;  /* `Cutoff` */
    chr_unit unit;        /* of min, max, dflt and of what the kernel reads */
    float min, max, dflt; /* with choices: 0, n - 1, default choice */
    chr_curve curve;      /* how a knob travels */
    chr_context context;
    const char *doc;     /* one sentence without its full stop */
    const char *hint;    /* where in the range the music is; may be NULL */
    const char *choices; /* "saw|square": names by number; NULL for a quantity */
    chr_normal normal;   /* what it is connected to when it is not given */
} chr_param_info;

typedef enum chr_shape {
    CHR_MONO,       /* every port carries one signal; a stereo sound runs one instance a side */
    CHR_STEREO_OUT, /* one signal in, left and right out */
    CHR_STEREO,     /* first two inputs and the outputs are left and right; mono in goes to both */
    CHR_SUM /* has no kernel: the graph sums all copies and voices of its input to its outputs (mix,
               spread) */
} chr_shape;

/* [control] Sets up one lane of fresh, zeroed state. `seed` differs for every instance of every
 * node and is the same in every run. Also called on the audio thread after a fault, so it does
 * nothing but write `state`. */
typedef void chr_init_fn(void *state, int lane, uint64_t seed, float rate_hz) CHR_NONBLOCKING;

/* [audio] Makes samples from..to-1. `state` is the group's state struct. */
typedef void chr_process_fn(void *state, const chr_block *block) CHR_NONBLOCKING;

/* [audio] How loud an envelope lets its voice be at present in one lane, 0 to about 1: more than 0
 * and a note that begins is joined smoothly to what still sounds, 0 and it begins sharply. */
typedef float chr_level_fn(const void *state, int lane) CHR_NONBLOCKING;

/* [audio] True where an envelope has ended in one lane: until its gate moves, what it gives is
 * exactly zero, whatever enters it. */
typedef bool chr_rests_fn(const void *state, int lane) CHR_NONBLOCKING;

/* [control] Weights of strand i of n in the left and the right sum, from the node's constant
 * parameters. */
typedef void chr_weights_fn(int i, int n, const float *params, float *left, float *right);

/* [control] How great its outputs can be: the greatest size of any of their samples, as long as no
 * sample of argument k (inputs, then parameters) has ever been greater than most[k]; infinity where
 * that may be more than a number can be. */
typedef float chr_most_fn(const float *most);

typedef struct chr_module {
    const char *name;    /* as typed */
    const char *doc;     /* one sentence */
    const char *group;   /* heading in the manual: "Oscillators", "Filters", … */
    const char *source;  /* paper, book or circuit of the algorithm */
    const char *example; /* a script that sounds, with no further definitions */
    const chr_port *inputs, *outputs;
    int n_inputs, n_outputs;
    const chr_param_info *params;
    int n_params;
    chr_shape shape;
    size_t state_bytes; /* sizeof(state struct) for CHR_LANES lanes; 0 for none */
    chr_init_fn *init;  /* NULL: all bytes zero */
    uint32_t chance;    /* CHR_CHANCE of the choice with which alone the seed counts; 0: with any */
    chr_process_fn *process;
    /* A module whose output at a sample depends only on earlier input (delay, prev) breaks a
     * feedback cycle. In a cycle the graph calls `emit` for one sample (makes the output from state
     * and ring alone), then the rest of the cycle, then `accept` (takes the input in). `process`
     * equals emit and accept of one sample after the other. NULL otherwise. */
    chr_process_fn *emit, *accept;
    /* History in a ring of rows, indexed by the absolute clock. Rows needed (rounded up to a power
     * of two by the graph), given the rate and the greatest value each parameter can take; NULL: no
     * ring. A ring starts as zeros. */
    size_t (*ring_rows)(float rate_hz, const float *greatest);
    int ring_columns;        /* signals whose history the ring holds, each by itself */
    float latency_s;         /* pure delay that the module adds, for compensation; 0 for none */
    chr_weights_fn *weights; /* CHR_SUM only */
    chr_level_fn *level;     /* of an envelope that follows a gate; else NULL */
    chr_rests_fn *rests;     /* beside `level` */
    uint32_t zero_with;      /* a bit for each argument (inputs, then parameters) that makes all of
                                its output exactly zero while it is zero itself: of products */
    bool bounded;            /* its output is finite whatever it reads: nobody has to look at it */
    chr_most_fn *most;       /* how great its output is; NULL: nobody knows. A group whose arguments
                                cannot       make it too great is not looked at either */
    char operation; /* '*', '+' or '-', where that is all that it does with its two arguments: the
                       graph may do it together with others; else 0 */
    bool over_time; /* a single instance is worked out several samples at a time: a few of them cost
                       less alone than in the lanes of a group */
    bool follows_song; /* it reads `song` */
    bool hidden;       /* an operator or part of the engine: not in the manual's list */
} chr_module;

/* Choice number `choice` of parameter k. */
#define CHR_CHANCE(k, choice) ((uint32_t)(k)*256u + (uint32_t)(choice) + 1u)

/* `const chr_module CHR_MODULE(name) = {...};` defines the descriptor. Each build of a file
 * (instruction set, lanes) gets a symbol of its own. */
#define CHR_PASTE4_(a, b, c, d) a##b##_##c##_##d
#define CHR_PASTE4(a, b, c, d) CHR_PASTE4_(a, b, c, d)
#ifndef CHR_ISA_NAME
#define CHR_ISA_NAME base
#endif
#define CHR_MODULE(name) CHR_PASTE4(chr_module_, name, CHR_ISA_NAME, CHR_LANES)

/* In a descriptor: `CHR_LIST(inputs)` sets .inputs and .n_inputs from the array of that name. */
#define CHR_LIST(list) .list = list, .n_##list = (int)(sizeof list / sizeof list[0])

#endif
