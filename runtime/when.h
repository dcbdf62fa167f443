/* runtime/when.h: when a change takes over, and what it does to the clock.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WHEN_H
#define CHR_RUNTIME_WHEN_H

#include <stdbool.h>
#include <stdint.h>

typedef enum chr_clock_act {
    CHR_CLOCK_GOES_ON,
    CHR_CLOCK_START, /* from where it stood: bar 1 at first; nothing where it runs */
    CHR_CLOCK_STOP,  /* every note ends, tails ring on */
    CHR_CLOCK_JUMP,  /* every note ends, and it runs on from `beat`; it starts where it stood */
    CHR_CLOCK_HUSH,  /* it stops, and everything fades, tails too; what comes next waits for that */
    CHR_CLOCK_PANIC  /* the same in no time */
} chr_clock_act;

static inline bool chr_clock_hushes(chr_clock_act act) {
    return act == CHR_CLOCK_HUSH || act == CHR_CLOCK_PANIC;
}

/* The moment of an offer. All zeros: at the next chunk, patterns at their quantum. */
typedef struct chr_offer_when {
    bool timed;      /* at `sample`; false: at the next chunk */
    uint64_t sample; /* of the engine's clock: the change is exact to it, also within a chunk. One
                        that has passed: at the next chunk */
    bool patterns;   /* patterns change at that moment too, and wait for no quantum */
    chr_clock_act clock; /* at that very sample */
    double beat;         /* CHR_CLOCK_JUMP: where to, from 0 */
    double moment;       /* and the beat that `sample` stands for, which lies up to half a sample
                            beside it: as far beside `beat` it goes on */
    bool behind;         /* it is heard after what is offered already; false: in its stead */
} chr_offer_when;

#endif
