/* tests/support/ir_maker.h: IR written by hand, for tests of the engine that need no language.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_IR_MAKER_H
#define CHR_TESTS_IR_MAKER_H

#include "lang/ir.h"

typedef struct ir_maker {
    chr_arena *arena;
    chr_ir *ir;
    chr_ir_node *nodes;
    chr_ir_owner *owners;
    chr_ir_pattern *patterns;
    uint32_t n_nodes, n_owners, n_patterns;
} ir_maker;

ir_maker ir_begin(void);
/* One tempo and one meter, for good. */
void ir_time(chr_ir *ir, double bpm, double beats_per_bar);
uint32_t ir_owner(ir_maker *m, const char *name, uint32_t voices);
/* A node with its arguments at their defaults. */
uint32_t ir_node(ir_maker *m, uint32_t owner, const char *module, const char *label,
                 uint32_t instances);
/* A sum of all instances of output 0 of `of`. */
uint32_t ir_sum(ir_maker *m, uint32_t owner, const char *module, const char *label, uint32_t of);
/* Argument by name (an input or a parameter): the same constant for all instances; or one's own. */
void ir_set(ir_maker *m, uint32_t node, const char *name, double value);
void ir_set_one(ir_maker *m, uint32_t node, const char *name, uint32_t instance, double value);
/* Instance i reads instance i of the source, or instance 0 where the source has one alone. */
void ir_wire(ir_maker *m, uint32_t node, const char *name, uint32_t from, uint32_t port);
/* Instance i reads voice i of its owner. */
void ir_voice(ir_maker *m, uint32_t node, const char *name, chr_voice_value value);
/* Argument by name: what a knob's hidden player says, for all instances. */
void ir_turn(ir_maker *m, uint32_t node, const char *name, uint32_t knob);
/* Three low-passes behind `from`: steep enough that a saw is silent above 10 kHz by itself. Returns
 * the last of them; the first is labelled "lpf". */
uint32_t ir_steep(ir_maker *m, uint32_t owner, uint32_t from, double cutoff_hz);
/* What stands at the end of each patch: its gain, and 1 or 0 for whether it is on. Heard on both
 * sides. */
uint32_t ir_level(ir_maker *m, uint32_t owner, uint32_t from, double gain, double on);
/* Ports 0 and `right` of a node's first instance are heard. */
void ir_out(ir_maker *m, uint32_t owner, uint32_t node, uint32_t right);
/* Notes at whole beats, each as long as it is spaced. */
void ir_pattern(ir_maker *m, uint32_t owner, const char *name, const float *notes, uint32_t n,
                int64_t ticks_apart, int64_t ticks_per_beat);
/* Notes as they are, in the order in which they begin. */
void ir_events(ir_maker *m, uint32_t owner, const char *name, const chr_score_event *events,
               uint32_t n, int64_t length, int64_t ticks_per_beat);
/* What a score plays; it is copied. */
void ir_score(ir_maker *m, uint32_t owner, const char *name, const chr_score *score);
/* `set node.param … over`: one of the two more than 0. */
void ir_glide(ir_maker *m, uint32_t node, const char *param, double seconds, double beats);
chr_ir *ir_end(ir_maker *m);

#endif
