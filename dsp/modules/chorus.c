/* dsp/modules/chorus.c: `chorus` makes one player sound like several: wandering copies, a few
 * milliseconds late.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/delayline.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/ring_over_time.h"
#include "dsp/kernel/sides.h"

enum { RATE, DEPTH, TIME, MIX };
enum { COPIES = 4 }; /* two a side */

typedef struct {
    chr_uvec phase[2]; /* of two slow waves, 2^32 to the turn */
    chr_head head[COPIES];
} chorus_state;

static const float second_wave =
    1.125f; /* its rate: 0.9 beside 0.8 Hz, so the pattern comes round after ten seconds */
static const float widest_s = 0.006f; /* swing at depth 1 */

/* Phase step of a slow wave; 2^32 to the turn. */
static inline chr_uvec turn(chr_vec rate_hz, float period_s) {
    chr_vec turns = chr_clamp(rate_hz * period_s, chr_set(0.0f), chr_set(0.25f));
    return (chr_uvec)chr_trunc(turns * 0x1p32f + 0.5f);
}

#if CHR_LANES == 1
/* A slow wave's next n phases as a line of sines, `ahead` in front of it. */
static inline void sines(chr_line *l, uint32_t phase, uint32_t step, int n) {
    chr_uwide at = (chr_uwide)chr_wcount() * step + phase;
    for (int i = 0; i < n; i += CHR_WIDE, at += step * CHR_WIDE)
        chr_line_put(l, i, chr_wsin_phase(at));
}

/* All samples of the call at once. False, with nothing done, where they are few, where the rate
 * moves, or where a copy is so late that what it reads is about to be written over. */
static bool chorus_over_time(chorus_state *state, const chr_block *b) {
    int from = b->from, n = b->to - from;
    if (n < CHR_WORTH_LINES || b->params[RATE].step)
        return false;
    chorus_state s = *state;
    const chr_ring ring = chr_ring_of(b);
    uint32_t now = (uint32_t)b->clock + (uint32_t)from;
    float longest = chr_ring_longest(b)[0];
    chr_vec rate = chr_param(b, RATE, from);
    const chr_vec rates[2] = {rate, rate * second_wave};
    chr_line middle, swing, share, distance[COPIES];
    chr_line_read(&middle, b->params[TIME], from, n);
    chr_line_read(&swing, b->params[DEPTH], from, n);
    chr_line_read(&share, b->params[MIX], from, n);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_line_put(&middle, i, chr_line_at(&middle, i) * b->rate_hz);
        chr_line_put(&swing, i, chr_line_at(&swing, i) * (widest_s * b->rate_hz));
    }
    chr_iwide late = chr_wiset(0);
    for (int k = 0; k < COPIES; k++) {
        chr_line *goal = &distance[k];
        int side = k / 2, wave = k % 2;
        uint32_t phase = s.phase[wave][0] + ((uint32_t)side << (30 + wave));
        sines(goal, phase, turn(rates[wave], b->period_s)[0], n);
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_line_put(goal, i,
                         chr_line_at(&middle, i) + chr_line_at(&swing, i) * chr_line_at(goal, i));
        chr_line_end(goal, n);
        chr_head_move_line(&s.head[k], goal, n);
        chr_line_clamp(goal, 2.0f, longest, n);
        for (int i = 0; i < n; i += CHR_WIDE)
            late |= chr_line_at(goal, i) > longest - (float)n;
    }
    if (chr_wmask_bits(late))
        return false;
    chr_line dry[2], wet;
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++)
        chr_line_read(&dry[side], b->inputs[side], from, n);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        const chr_line *copy = &distance[2 * side];
        uint32_t column = (uint32_t)side;
        chr_ring_put_line(&ring, column, now, &dry[side], n);
        for (int i = 0; i < n; i += CHR_WIDE) {
            uint32_t at = now + (uint32_t)i;
            chr_wide sum = chr_wset(0.0f);
            sum += chr_ring_wcurve(&ring, column, at, chr_line_at(&copy[0], i));
            sum += chr_ring_wcurve(&ring, column, at, chr_line_at(&copy[1], i));
            chr_line_put(&wet, i,
                         chr_wdry_wet(chr_line_at(&share, i), chr_line_at(&dry[side], i),
                                      sum * 0.70710678f));
        }
        chr_line_write(&wet, (float *)(void *)chr_rows(b, side) + from, n);
    }
    for (int wave = 0; wave < 2; wave++)
        s.phase[wave] += turn(rates[wave], b->period_s) * (uint32_t)n;
    *state = s;
    return true;
}
#else
static inline bool chorus_over_time(chorus_state *s, const chr_block *b) {
    (void)s, (void)b;
    return false;
}
#endif

static chr_process_fn chorus_process;
static void chorus_process(void *state, const chr_block *b) {
    if (chorus_over_time(state, b))
        return;
    chorus_state s = *(chorus_state *)state;
    const chr_arg left = b->inputs[CHR_LEFT], right = b->inputs[CHR_RIGHT];
    const chr_arg rate = b->params[RATE], depth = b->params[DEPTH];
    const chr_arg time = b->params[TIME], share = b->params[MIX];
    const chr_ring ring = chr_ring_of(b);
    const float rate_hz = b->rate_hz, period_s = b->period_s;
    chr_vec longest = chr_ring_longest(b), nearest = chr_set(2.0f);
    chr_uvec step[2] = {turn(chr_read(rate, b->from), period_s),
                        turn(chr_read(rate, b->from) * second_wave, period_s)};
    for (int i = b->from, to = b->to; i < to; i++) {
        uint32_t now = (uint32_t)b->clock + (uint32_t)i;
        chr_vec in[2] = {chr_read(left, i), chr_read(right, i)}, wet[2];
        chr_vec middle = chr_read(time, i) * rate_hz;
        chr_vec swing = chr_read(depth, i) * (widest_s * rate_hz);
        *chr_ring_at(&ring, CHR_LEFT, now) = in[CHR_LEFT];
        *chr_ring_at(&ring, CHR_RIGHT, now) = in[CHR_RIGHT];
        for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
            chr_vec sum = chr_set(0.0f);
            for (int wave = 0; wave < 2; wave++) {
                /* A quarter turn between the sides for the one, half a turn for the other: wide,
                 * and never both alike. */
                chr_uvec at = s.phase[wave] + ((uint32_t)side << (30 + wave));
                chr_vec goal = middle + swing * chr_vsin_phase(at);
                chr_vec distance = chr_head_move(&s.head[2 * side + wave], goal);
                distance = chr_clamp(distance, nearest, longest);
                sum += chr_ring_curve(&ring, (uint32_t)side, now, distance);
            }
            wet[side] = sum * 0.70710678f; /* two copies that drift are as loud as one */
        }
        if (rate.step) {
            step[0] = turn(chr_read(rate, i), period_s);
            step[1] = turn(chr_read(rate, i) * second_wave, period_s);
        }
        s.phase[0] += step[0];
        s.phase[1] += step[1];
        chr_put_sides(b, i, chr_read(share, i), wet[CHR_LEFT], wet[CHR_RIGHT]);
    }
    *(chorus_state *)state = s;
}

static size_t chorus_rows(float rate_hz, const float *greatest) {
    return (size_t)((greatest[TIME] + greatest[DEPTH] * widest_s) * rate_hz) + 8 + CHR_CHUNK;
}

static const chr_port inputs[] = {
    CHR_BOTH_SIDES,
};
static const chr_port outputs[] = {
    {"left",  CHR_AUDIO, "left side with its copies",  CHR_NORMAL_NONE, 0},
    {"right", CHR_AUDIO, "right side with its copies", CHR_NORMAL_NONE, 0},
};
static const chr_param_info params[] = {
    {.word = "rate",
     .display = "Rate",
     .unit = CHR_UNIT_HZ,
     .min = 0.01f,
     .max = 12,
     .dflt = 0.8f,
     .curve = CHR_LOG,
     .context = CHR_MOVEMENT,
     .doc = "How fast the copies wander",
     .hint = "0.3 to 1 Hz; 5 Hz is a vibrato"     },
    {.word = "depth",
     .display = "Depth",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.5f,
     .curve = CHR_LIN,
     .context = CHR_MOVEMENT,
     .doc = "How far they wander: 1 is 6 ms to either side",
     .hint = "0.2 to 0.6; less with a faster rate"},
    {.word = "time",
     .display = "Time",
     .unit = CHR_UNIT_S,
     .min = 0.001f,
     .max = 0.06f,
     .dflt = 0.015f,
     .curve = CHR_LOG,
     .context = CHR_TIME,
     .doc = "How late the copies are on average",
     .hint = "7 ms is close, 25 ms is a crowd"    },
    {.word = "mix",
     .display = "Mix",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.5f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Share of the copies in what comes out",
     .hint = "0.5 is the fullest"                 },
};

const chr_module CHR_MODULE(chorus) = {
    .name = "chorus",
    .doc = "Adds wandering copies on both sides, so that one voice sounds like several.",
    .group = "Effects",
    .source = "delay lines swept by two slow sines; Dattorro, Effect Design 2, JAES 45 (1997)",
    .example = "patch saw 110 + saw 165 > lpf 1200 > chorus > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO,
    .state_bytes = sizeof(chorus_state),
    .process = chorus_process,
    .ring_rows = chorus_rows,
    .ring_columns = 2,
    .over_time = true,
};
