/* dsp/kernel/room.h: what a room is made of: the reverb's lines, its parameters and its state.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_ROOM_H
#define CHR_KERNEL_ROOM_H

#include "dsp/kernel/delayline.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/over_time.h"
#include "dsp/kernel/sides.h"

enum { SIZE, DECAY, DAMP, PREDELAY, MIX };
enum { LINES = 8, DIFFUSERS = 4, WANDERING = 4 };

/* Columns of the ring. */
enum { LINE, PAUSE = LINE + LINES, BURST = PAUSE + 2, COLUMNS = BURST + 2 * DIFFUSERS };

typedef struct {
    chr_head line[LINES]; /* at the far end of each line */
    chr_vec low[LINES];   /* what of each line lies under the damping's corner */
    chr_vec under[2];     /* what the low cut takes away */
    chr_head pause[2];    /* before the first reflection */
    chr_uvec phase;       /* of the slow wander, 2^32 to the turn */
} reverb_state;

/* Lengths in a hall of size 1, seconds: spread evenly by ratio, and no two in a small whole-number
 * ratio. */
static const float line_s[LINES] = {0.03163f, 0.03701f, 0.04297f, 0.05009f,
                                    0.05827f, 0.06779f, 0.07907f, 0.09187f};
static const float smallest = 0.16f;  /* of these, at size 0 */
static const float wander_hz = 0.71f; /* slow enough that no pitch is heard to bend: 1.5 cents */
static const float wander_s = 0.0002f;
static const float corner_hz = 6000.0f; /* of the damping */
static const float low_cut_hz = 25.0f;
/* Of the bass's decay, so that with the treble's, which is shorter, all takes the time asked for.
 */
static const float fullness = 1.04f;

static const float burst_s[2][DIFFUSERS] = {
    {0.00217f, 0.00331f, 0.00537f, 0.00811f},
    {0.00223f, 0.00311f, 0.00571f, 0.00769f}
};
static const float burst_gain[DIFFUSERS] = {0.7f, 0.7f, 0.6f, 0.6f};

static const float down_60_db = -9.96578428f; /* in octaves of level: -log2(1000) */

/* Each side's share of each line: rows of a Hadamard matrix, so what they hear is unrelated. */
static const float into[2][LINES] = {
    {1, 1,  1, 1,  -1, -1, -1, -1},
    {1, -1, 1, -1, 1,  -1, 1,  -1}
};
static const float heard[2][LINES] = {
    {1, 1,  -1, -1, 1, 1,  -1, -1},
    {1, -1, -1, 1,  1, -1, -1, 1 }
};

/* What depends on parameters alone. */
typedef struct room {
    chr_vec scale; /* of the lines' lengths */
    chr_vec enter; /* level at the door: a longer tail is entered more softly, so all are as loud */
    chr_vec bass[LINES];   /* gain of a passage below the corner */
    chr_vec treble[LINES]; /* and above it */
} room;

/* 0.4 s in a closet to 8 s in a cathedral, by equal ratios. */
static inline chr_vec decay_of_size(chr_vec size) {
    return 0.4f * chr_vexp2(size * 4.32192809f);
}

/* Gains of a passage of each line, where 60 dB are lost in `decay` seconds. */
static inline void passages(chr_vec gain[LINES], const chr_vec length[LINES], chr_vec decay) {
#if CHR_LANES == 1
    enum { PLACES = CHR_WIDE > LINES ? CHR_WIDE : LINES }; /* the lines side by side */
    float x[PLACES] = {0}, y[PLACES];
    memcpy(x, length, LINES * sizeof *x);
    for (int k = 0; k < PLACES; k += CHR_WIDE)
        chr_wide_put(y + k, chr_wexp2(down_60_db * chr_wide_at(x + k) / decay[0]));
    memcpy(gain, y, LINES * sizeof *y);
#else
    for (int k = 0; k < LINES; k++)
        gain[k] = chr_vexp2(down_60_db * length[k] / decay);
#endif
}

static inline room room_at(const chr_block *b, int i) {
    room r;
    chr_vec size = chr_param(b, SIZE, i), decay = chr_param(b, DECAY, i);
    chr_vec damp = chr_param(b, DAMP, i), lost = chr_set(0.0f);
    r.scale = smallest + (1.0f - smallest) * size;
    decay = chr_max(chr_select(decay > 0.0f, decay, decay_of_size(size)), chr_set(0.1f));
    decay *= fullness;
    chr_vec treble_decay = decay * (1.0f - 0.9f * damp);
    chr_vec length[LINES];
    for (int k = 0; k < LINES; k++)
        length[k] = line_s[k] * r.scale;
    passages(r.bass, length, decay);
    passages(r.treble, length, treble_decay);
    for (int k = 0; k < LINES; k++)
        lost += 1.0f - r.bass[k] * r.bass[k];
    r.enter = chr_sqrt(lost * 0.0225f);
    return r;
}

#endif
