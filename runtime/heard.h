/* runtime/heard.h: what sounds while a change fades, written as a session of its own: the nodes of
 * the new version, those that leave, and each fade as a node between them. A change that arrives
 * meanwhile is laid over that, and so waits for nobody: fades that it does not touch go on in the
 * next graph where they are.
 *
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_HEARD_H
#define CHR_RUNTIME_HEARD_H

#include "lang/ir.h"

typedef struct chr_heard {
    chr_ir *ir;         /* the session's nodes first, then what goes with its fades */
    uint32_t n_session; /* nodes of the session */
    uint64_t *begin;  /* by node, of a fade: clock of its first sample, which may come; UINT64_MAX:
                         that of the graph's take-over */
    uint32_t *length; /* by node: samples of a fade; 0: it is none */
    uint64_t until;   /* the end of the last fade that this graph did not begin at its take-over */
} chr_heard;

void chr_heard_free(chr_heard *h);

/* A session laid over what is heard at a clock. */
typedef struct chr_carry {
    chr_arena *arena;     /* of all that follows */
    chr_ir *fresh, *past; /* the session with the fades that go on; what is heard, without those
                             that have ended */
    uint32_t *match;      /* by node of `fresh`: node of `past`, or UINT32_MAX */
    bool *dead;           /* by node of `past`: nobody hears it any more */
    uint32_t n_session;   /* nodes of the session: the first of `fresh` */
    uint64_t *begin, *past_begin; /* by node of `fresh` and of `past`, of a fade */
    uint32_t *length, *past_length;
    uint64_t until; /* the first end of a fade that is under way: up to there all this holds */
} chr_carry;

/* When it is laid over what is heard. */
typedef struct chr_carry_times {
    uint64_t began, ends; /* take-over of the graph that plays, and the end of its own fades */
    uint64_t now;         /* clock of the take-over of the next */
    float rate_hz;
} chr_carry_times;

/* `session`: what the graph that plays was built from. `apart` (NULL: none): by node of `ir`, those
 * that may not go on but arrive. False when memory is out; chr_carry_clear either way. */
bool chr_carry_make(chr_carry *c, const chr_ir *ir, const chr_heard *heard, const chr_ir *session,
                    const chr_carry_times *times, const bool *apart);
void chr_carry_clear(chr_carry *c);

#endif
