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
/* Where the rate stands still, and no copy is so late that what it reads is about to be written
 * over. */
CHR_OVER_TIME chorus_over_time(chorus_state *state, const chr_block *b, const int n) {
    int from = b->from;
    if (b->params[RATE].step)
        return false;
    chorus_state s = *state;
    const chr_ring ring = chr_ring_of(b);
    uint32_t now = (uint32_t)b->clock + (uint32_t)from;
    float longest = chr_ring_longest(b)[0];
    chr_vec rate = chr_param(b, RATE, from);
    const uint32_t step[2] = {turn(rate, b->period_s)[0], turn(rate * second_wave, b->period_s)[0]};
    chr_line room[5], distance[COPIES];
    const float *middle = chr_over_of(b->params[TIME], from, n, &room[0]);
    const float *depth = chr_over_of(b->params[DEPTH], from, n, &room[1]);
    chr_iwide late = chr_wiset(0);
    for (int k = 0; k < COPIES; k++) {
        uint32_t phase = s.phase[k % 2][0] + ((uint32_t)(k / 2) << (30 + k % 2));
        chr_uwide at = (chr_uwide)chr_wcount() * step[k % 2] + phase;
        for (int i = 0; i < n; i += CHR_WIDE, at += step[k % 2] * CHR_WIDE) {
            chr_wide swing = chr_wide_at(depth + i) * (widest_s * b->rate_hz);
            chr_line_put(&distance[k], i,
                         chr_wide_at(middle + i) * b->rate_hz + swing * chr_wsin_phase(at));
        }
        chr_line_end(&distance[k], n);
        chr_head_move_line(&s.head[k], &distance[k], n);
        chr_line_clamp(&distance[k], 2.0f, longest, n);
        for (int i = 0; i < n; i += CHR_WIDE)
            late |= chr_line_at(&distance[k], i) > longest - (float)n;
    }
    if (chr_wmask_bits(late))
        return false;
    const float *dry[2], *share = chr_over_of(b->params[MIX], from, n, &room[2]);
    for (uint32_t side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        dry[side] = chr_over_of(b->inputs[side], from, n, &room[3 + side]);
        chr_line written;
        float *row = chr_ring_out(&ring, side, now, n, &written);
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_wide_put(row + i, chr_wide_at(dry[side] + i));
        chr_ring_done(&ring, side, now, n, row, &written);
    }
    chr_line put[2];
    float *left = chr_over_out(b, CHR_LEFT, n, &put[CHR_LEFT]);
    float *right = chr_over_out(b, CHR_RIGHT, n, &put[CHR_RIGHT]);
    chr_line copy[COPIES];
    for (uint32_t k = 0; k < COPIES; k++)
        chr_ring_curves(&ring, k / 2, now, &distance[k], n, copy[k].x);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide wet[2];
        for (uint32_t side = CHR_LEFT; side <= CHR_RIGHT; side++) {
            chr_wide sum = chr_wset(0.0f);
            for (uint32_t k = 0; k < 2; k++)
                sum += chr_line_at(&copy[2 * side + k], i);
            wet[side] =
                chr_wdry_wet(chr_wide_at(share + i), chr_wide_at(dry[side] + i), sum * 0.70710678f);
        }
        chr_wide_put(left + i, wet[CHR_LEFT]);
        chr_wide_put(right + i, wet[CHR_RIGHT]);
    }
    chr_over_done(b, CHR_LEFT, n, &put[CHR_LEFT]);
    chr_over_done(b, CHR_RIGHT, n, &put[CHR_RIGHT]);
    for (int wave = 0; wave < 2; wave++)
        s.phase[wave] += step[wave] * (uint32_t)n;
    *state = s;
    return true;
}
#endif

static chr_process_fn chorus_process;
static void chorus_process(void *state, const chr_block *b) {
    if (CHR_RUN_OVER_TIME(chorus_over_time, state, b))
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
