/* dsp/kernel/oscillator.h: the waves of the vco over one phase, with their jumps and kinks
 * band-limited.
 *
 * All waves begin a turn at the sine's upward zero: the saw rises through 0, the square and
 * pulse jump up, the triangle rises through 0; so their fundamentals add when mixed. An edge of a
 * wave is a signed overflow of the phase, moved so that it lies there.
 *
 * Two ways to one result, bit for bit: where the phase moves steadily, its wraps are solved for and
 * cost nothing between them; else every sample is looked at.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_KERNEL_OSCILLATOR_H
#define CHR_KERNEL_OSCILLATOR_H

#include "dsp/kernel/arg.h"
#include "dsp/kernel/blep.h"
#include "dsp/kernel/crossing.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/phase.h"
#include "dsp/kernel/sines.h"
#include "dsp/kernel/wave.h"
#include "dsp/module.h"

_Static_assert((CHR_CHUNK + 1ll) << CHR_PHASE_FRACTION <= INT32_MAX, "what a chunk gathers fits");

typedef struct chr_oscillator_now {
    chr_phase phase;   /* of the oscillator itself, without the offset */
    chr_uvec turn[2];  /* phase and offset of the last sample and of the one before */
    chr_uvec width[2]; /* of the pulse then */
    chr_ivec open;     /* all ones while the reset input is above zero */
    chr_crossing sync; /* the sync input */
    chr_ivec synced;   /* all ones from the first restart on: the wave may have a mean, and it is
                          taken off */
    chr_vec mean;      /* of a synced wave */
} chr_oscillator_now;

typedef struct chr_oscillator {
    chr_oscillator_now now;
    chr_vec tail[CHR_BLEP_TAPS]; /* what past events still add to coming samples */
} chr_oscillator;

/* What it is played with: frequency in Hz, phase in degrees, width as a part of the cycle, and the
 * sync and reset inputs. */
typedef struct chr_oscillator_in {
    chr_arg freq, phase, width, sync, reset;
} chr_oscillator_in;

/* Each wave as a number of edges: edge e is a wrap of the turn plus this. */
CHR_EACH_WAVE int chr_wave_edges(chr_wave wave) {
    return wave == CHR_SINE ? 0 : wave == CHR_SAW ? 1 : 2;
}
CHR_EACH_WAVE chr_uvec chr_wave_edge(chr_wave wave, int e, chr_uvec turn, chr_uvec width) {
    if (wave == CHR_SAW)
        return turn;
    if (wave == CHR_TRIANGLE) /* the trough, the peak */
        return e == 0 ? turn - CHR_QUARTER_TURN : turn + CHR_QUARTER_TURN;
    return e == 0 ? turn ^ CHR_HALF_TURN : (turn - width) ^ CHR_HALF_TURN; /* up, down */
}
/* What an edge passed forwards does: a jump, or for the triangle a change of slope for each unit of
 * step. */
CHR_EACH_WAVE float chr_wave_height(chr_wave wave, int e) {
    if (wave == CHR_SAW)
        return -2.0f;
    if (wave == CHR_TRIANGLE)
        return e == 0 ? 0x1p-29f : -0x1p-29f;
    return e == 0 ? 2.0f : -2.0f;
}

/* A width as a part of a turn; the other waves have their edges half a turn apart. */
CHR_EACH_WAVE chr_uvec chr_phase_of_width(chr_wave wave, chr_vec width) {
    if (wave != CHR_PULSE)
        return chr_uset(0) + CHR_HALF_TURN;
    chr_vec part = chr_clamp(width, chr_set(0.01f),
                             chr_set(0.99f)); /* 0.5..0.99 as a negative number: the same turn */
    return (chr_uvec)chr_trunc((part - chr_float(-(part >= 0.5f))) * 0x1p32f);
}

/* Value of one lane, where an event is dealt with alone. */
static inline float chr_lane(chr_vec x, int lane) {
    float a[CHR_LANES];
    memcpy(a, &x, sizeof a);
    return a[lane];
}

/* Slope of a triangle, for each unit of phase. */
static inline chr_vec chr_triangle_slope(chr_uvec turn) {
    chr_ivec falls = (chr_ivec)(turn - CHR_QUARTER_TURN) >= 0;
    return chr_from_bits(chr_bits(chr_set(0x1p-30f)) ^ (falls & INT32_MIN));
}

/* Events of the edges that lie between two turns, in the lanes of a mask. `end` is the turn at the
 * sample's end, from which times are counted, and step the phase that one whole sample moves. */
CHR_EACH_WAVE void chr_wave_cross(chr_blep_sum *sum, chr_wave wave, int row, chr_ivec lanes,
                                  chr_uvec from, chr_uvec from_width, chr_uvec to, chr_uvec end,
                                  chr_uvec width, chr_ivec step) {
    for (int e = 0; e < chr_wave_edges(wave); e++) {
        chr_uvec before = chr_wave_edge(wave, e, from, from_width),
                 after = chr_wave_edge(wave, e, to, width);
        chr_ivec moved = (chr_ivec)(after - before);
        chr_ivec wraps = (((chr_ivec)after < (chr_ivec)before) ^ (moved < 0)) & lanes;
        uint32_t hits = chr_mask_bits(wraps);
        if (!hits)
            continue;
        /* A moving width moves the edge itself. A step of 0 can still be crossed by the carry of
         * the fraction. */
        chr_uvec edge_step = (chr_uvec)step;
        if (e == 1 && wave == CHR_PULSE)
            edge_step -= width - from_width;
        chr_vec speed = chr_float((chr_ivec)edge_step);
        chr_vec rate = 1.0f / chr_select(speed == 0.0f, chr_set(1.0f), speed);
        chr_uvec since = chr_wave_edge(wave, e, end, width) ^ CHR_HALF_TURN;
        chr_vec d = chr_clamp(chr_float((chr_ivec)since) * rate, chr_set(0.0f), chr_set(1.0f));
        chr_vec height = chr_set(chr_wave_height(wave, e));
        if (wave == CHR_TRIANGLE)
            height *= chr_abs(speed);
        else
            height = chr_select(moved < 0, -height, height);
        for (; hits; hits &= hits - 1) {
            int lane = __builtin_ctz(hits);
            chr_blep_add(sum, wave == CHR_TRIANGLE ? chr_blep_ramp : chr_blep_step, row, lane,
                         chr_lane(d, lane), chr_lane(height, lane));
        }
    }
}

/* A sine that restarts breaks in its slope, its curvature and so on without end, and all of it
 * counts at high pitch. So it fades from the wave that was to the wave that begins over the taps of
 * an event, along a step narrow enough to have room for the pitch above and below it. */
static inline void chr_sine_restart(chr_blep_sum *sum, int row, chr_ivec lanes, chr_vec ago,
                                    chr_uvec turn, chr_uvec fresh, chr_ivec step) {
    chr_vec change[CHR_BLEP_TAPS]; /* what the new wave differs by, as each tap hears it */
    for (int j = 0; j < CHR_BLEP_TAPS; j++) {
        chr_uvec on = (chr_uvec)step * (uint32_t)(j - CHR_BLEP_DELAY);
        change[j] = chr_vsin_phase(fresh + on) - chr_vsin_phase(turn + on);
    }
    for (uint32_t hits = chr_mask_bits(lanes); hits; hits &= hits - 1) {
        int lane = __builtin_ctz(hits);
        float own[CHR_BLEP_TAPS];
        for (int j = 0; j < CHR_BLEP_TAPS; j++)
            own[j] = chr_lane(change[j], lane);
        chr_four height[CHR_BLEP_TAPS / 4];
        memcpy(height, own, sizeof height);
        chr_blep_add_uneven(sum, chr_blep_fade, row, lane, chr_lane(ago, lane), height);
    }
}

/* Restarts the lanes of a mask, `ago` samples (0..1) before this one: the turn becomes what it
 * would be now. */
CHR_EACH_WAVE chr_uvec chr_wave_restart(chr_oscillator_now *o, chr_blep_sum *sum, chr_wave wave,
                                        int row, chr_ivec lanes, chr_vec ago, chr_uvec turn,
                                        chr_uvec offset, chr_uvec width, chr_ivec step) {
    chr_vec passed =
        chr_clamp(ago * chr_float(step), chr_set(-2147483520.0f), chr_set(2147483520.0f));
    chr_uvec since = (chr_uvec)chr_trunc(passed), before = turn - since, fresh = offset + since;
    if (wave == CHR_SINE) {
        chr_sine_restart(sum, row, lanes, ago, turn, fresh, step);
    } else {
        chr_wave_cross(sum, wave, row, lanes, o->turn[0], o->width[0], before, turn, width, step);
        chr_wave_cross(sum, wave, row, lanes, offset, width, fresh, fresh, width, step);
        chr_vec jump = chr_wave_naive(wave, offset, width) - chr_wave_naive(wave, before, width);
        chr_vec bend = (chr_triangle_slope(offset) - chr_triangle_slope(before)) * chr_float(step);
        for (uint32_t hits = chr_mask_bits(lanes); hits; hits &= hits - 1) {
            int lane = __builtin_ctz(hits);
            float d = chr_lane(ago, lane);
            chr_blep_add(sum, chr_blep_step, row, lane, d, chr_lane(jump, lane));
            if (wave == CHR_TRIANGLE)
                chr_blep_add(sum, chr_blep_ramp, row, lane, d, chr_lane(bend, lane));
        }
    }
    o->phase.turn = (o->phase.turn & (chr_uvec)~lanes) | (since & (chr_uvec)lanes);
    o->phase.fraction &= ~lanes;
    o->synced |= lanes;
    return (turn & (chr_uvec)~lanes) | (fresh & (chr_uvec)lanes);
}

/* Samples from..to-1, whatever the inputs do: every sample is looked at. */
CHR_EACH_WAVE void chr_oscillator_watchful(chr_oscillator_now *state, chr_blep_sum *sum,
                                           chr_wave wave, const chr_oscillator_in *in,
                                           const chr_block *b) {
    chr_oscillator_now o = *state;
    chr_vec *out = chr_rows(b, 0);
    float period_s = b->period_s;
    chr_uvec offset = chr_phase_of_degrees(chr_read(in->phase, b->from));
    chr_uvec width = chr_phase_of_width(wave, chr_read(in->width, b->from));
    bool listens =
        in->sync.step ||
        chr_mask_bits((chr_ivec)(chr_crossing_unrest(&o.sync, chr_read(in->sync, 0)) != 0));
    for (int i = b->from; i < b->to; i++) {
        int row = i - b->from;
        if (in->phase.step)
            offset = chr_phase_of_degrees(chr_read(in->phase, i));
        if (wave == CHR_PULSE && in->width.step)
            width = chr_phase_of_width(wave, chr_read(in->width, i));
        chr_ivec carry = chr_phase_carry(&o.phase, i);
        chr_phase_advance(&o.phase, chr_phase_step_of(chr_read(in->freq, i), period_s), i, 1);
        chr_uvec turn = o.phase.turn + offset;
        /* With what the offset moved: phase modulation. It wraps. */
        chr_ivec step = (chr_ivec)(turn - o.turn[0] - (chr_uvec)carry);

        chr_ivec restart = chr_iset(0);
        if (listens)
            restart = chr_crossing_next(&o.sync, chr_read(in->sync, i));
        chr_wave_cross(sum, wave, row, ~restart, o.turn[0], o.width[0], turn, turn, width, step);
        if (listens && chr_mask_bits(restart))
            turn = chr_wave_restart(&o, sum, wave, row, restart, chr_crossing_ago(&o.sync), turn,
                                    offset, width, step);

        chr_vec y = chr_wave_naive(wave, o.turn[1], o.width[1]) + sum->row[row];
        o.turn[1] = o.turn[0];
        o.turn[0] = turn;
        o.width[1] = o.width[0];
        o.width[0] = width;
        /* 5 Hz: below any note, and slow enough to leave a bass as it is. */
        o.mean += chr_select(o.synced, (y - o.mean) * (31.4159265f * period_s), chr_set(0.0f));
        out[i] = y - o.mean;
    }
    *state = o;
}

/* Samples 0..n-1 of a steady wave whose phase is `base` before the first, heard CHR_BLEP_DELAY
 * samples late: `history` is what comes first. Its edges are still to be added, but for those of
 * before, which are in the tail. */
CHR_EACH_WAVE void chr_wave_steady(chr_vec *out, chr_wave wave, const chr_vec tail[CHR_BLEP_TAPS],
                                   chr_uvec base, chr_uvec step, chr_uvec width,
                                   const chr_uvec history[2], const chr_uvec history_width[2],
                                   int n) {
    int late = n < CHR_BLEP_DELAY ? n : CHR_BLEP_DELAY;
    if (wave == CHR_SINE) {
        for (int i = 0; i < late; i++)
            out[i] = chr_vsin_fold(history[i] + CHR_QUARTER_TURN);
        chr_sines_fold(out + late, base + CHR_QUARTER_TURN, step, n - late);
        chr_sines_take(out, n);
        return;
    }
    int tailed = n < CHR_BLEP_TAPS ? n : CHR_BLEP_TAPS;
    for (int i = 0; i < late; i++)
        out[i] = chr_wave_naive(wave, history[i], history_width[i]) + tail[i];
    chr_uvec turn = base;
    for (int i = late; i < tailed; i++) {
        turn += step;
        out[i] = chr_wave_naive(wave, turn, width) + tail[i];
    }
    int i = tailed;
#if CHR_LANES == 1
    chr_uwide wide = turn[0] + step[0] * ((chr_uwide)chr_wcount() + 1);
    chr_uwide wide_width = width[0] - (chr_uwide){0};
    for (; i + CHR_WIDE <= n; i += CHR_WIDE, wide += step[0] * CHR_WIDE)
        chr_wide_put((float *)(void *)(out + i), chr_wwave_naive(wave, wide, wide_width));
    turn += step * (uint32_t)(i - tailed);
#endif
    for (; i < n; i++) {
        turn += step;
        out[i] = chr_wave_naive(wave, turn, width);
    }
}

/* Samples from..to-1 of a wave that moves on steadily. False, with nothing done, where some lane
 * does not. */
CHR_EACH_WAVE bool chr_oscillator_steady(chr_oscillator_now *o, chr_vec tail[CHR_BLEP_TAPS],
                                         chr_wave wave, const chr_oscillator_in *in,
                                         const chr_block *b) {
    int n = b->to - b->from, i0 = b->from;
    if (!chr_stands_still(in->freq, i0, b->to) || !chr_stands_still(in->phase, i0, b->to) ||
        !chr_stands_still(in->sync, i0, b->to) ||
        (wave == CHR_PULSE && !chr_stands_still(in->width, i0, b->to)))
        return false;
    chr_vec *out = chr_rows(b, 0) + i0;
    chr_phase_step exact_step = chr_phase_step_of(chr_read(in->freq, i0), b->period_s);
    chr_uvec offset = chr_phase_of_degrees(chr_read(in->phase, i0));
    chr_uvec width = chr_phase_of_width(wave, chr_read(in->width, i0));
    chr_ivec step = exact_step.whole, carry = chr_phase_carry(&o->phase, i0);
    chr_uvec base = o->phase.turn + offset + (chr_uvec)carry;
    /* Any bit that is set here speaks against it. */
    chr_uvec odd = ((chr_uvec)(step - 1) & 0xc0000000u) | ((chr_uvec)carry & CHR_HALF_TURN) |
                   (o->turn[0] ^ (o->phase.turn + offset)) | (o->width[0] ^ width) |
                   (chr_uvec)o->synced | chr_crossing_unrest(&o->sync, chr_read(in->sync, i0));
    for (int e = 0; e < chr_wave_edges(wave);
         e++) /* an edge passed by the carry alone: from positive to negative */
        odd |= ~chr_wave_edge(wave, e, o->turn[0], width) & chr_wave_edge(wave, e, base, width) &
               CHR_HALF_TURN;
    if (chr_mask_bits((chr_ivec)(odd != 0)))
        return false;

    const chr_uvec history[2] = {o->turn[1], o->turn[0]},
                   history_width[2] = {o->width[1], o->width[0]};
    chr_wave_steady(out, wave, tail, base, (chr_uvec)step, width, history, history_width, n);
    if (wave != CHR_SINE)
        chr_blep_pass(tail, n);
    chr_vec speed = chr_float(step), rate = 1.0f / speed;
    for (int e = 0; e < chr_wave_edges(wave); e++) {
        chr_vec height = chr_set(chr_wave_height(wave, e));
        if (wave == CHR_TRIANGLE)
            height *= speed;
        chr_blep_add_wraps(out, tail, wave == CHR_TRIANGLE ? chr_blep_ramp : chr_blep_step,
                           chr_wave_edge(wave, e, base, width), (chr_uvec)step, rate, n, height);
    }
    o->turn[1] = o->turn[0];
    o->width[1] = o->width[0];
    if (n > 1) {
        o->turn[1] = base + (chr_uvec)step * (uint32_t)(n - 1);
        o->width[1] = width;
    }
    o->turn[0] = base + (chr_uvec)step * (uint32_t)n;
    o->width[0] = width;
    chr_phase_advance(&o->phase, exact_step, i0, n);
    return true;
}

/* Samples from..to-1 of a sine whose pitch or phase a signal moves, and which nothing restarts: it
 * has no edge to look for. False, with nothing done, where a restart has been or can be. */
static inline bool chr_oscillator_bent_sine(chr_oscillator_now *state, const chr_oscillator_in *in,
                                            const chr_block *b) {
    if (!chr_stands_still(in->sync, b->from, b->to) ||
        chr_mask_bits(
            (chr_ivec)(((chr_uvec)state->synced |
                        chr_crossing_unrest(&state->sync, chr_read(in->sync, b->from))) != 0)))
        return false;
    chr_phase phase = state->phase;
    const chr_arg freq = in->freq, degrees = in->phase;
    const int n = b->to - b->from, late = n < CHR_BLEP_DELAY ? n : CHR_BLEP_DELAY;
    const int heard = b->to - late; /* samples before this are heard in this call */
    chr_vec *out = chr_rows(b, 0);
    for (int i = 0; i < late; i++)
        out[b->from + i] = chr_vsin_fold(state->turn[1 - i] + CHR_QUARTER_TURN);
    chr_phase_step step = chr_phase_step_of(chr_read(freq, b->from), b->period_s);
    if (degrees.step && chr_stands_still(freq, b->from, b->to)) { /* the phase alone is bent */
        const chr_vec *bend = (const chr_vec *)(const void *)degrees.v;
        chr_uvec turn = phase.turn + (chr_uvec)chr_phase_carry(&phase, b->from);
        chr_sines_fold_bent(out + b->from + late, bend + b->from, turn + CHR_QUARTER_TURN,
                            (chr_uvec)step.whole, n - late);
        for (int i = heard; i < b->to; i++) {
            chr_uvec moved = (chr_uvec)step.whole * (uint32_t)(i - b->from + 1);
            state->turn[1] = state->turn[0];
            state->turn[0] = turn + moved + chr_phase_of_degrees(bend[i]);
        }
        chr_phase_advance(&phase, step, b->from, n);
    } else {
        chr_uvec offset = chr_phase_of_degrees(chr_read(degrees, b->from));
        for (int i = b->from; i < b->to; i++) {
            if (freq.step)
                step = chr_phase_step_of(chr_read(freq, i), b->period_s);
            if (degrees.step)
                offset = chr_phase_of_degrees(chr_read(degrees, i));
            chr_phase_advance(&phase, step, i, 1);
            chr_uvec turn = phase.turn + offset;
            if (i < heard) {
                out[i + CHR_BLEP_DELAY] = chr_vsin_fold(turn + CHR_QUARTER_TURN);
            } else {
                state->turn[1] = state->turn[0];
                state->turn[0] = turn;
            }
        }
    }
    chr_sines_take(out + b->from, n);
    state->phase = phase;
    return true;
}

/* Samples from..to-1 of one wave that nothing resets after the first of them. */
CHR_EACH_WAVE void chr_oscillator_run(chr_oscillator *o, chr_wave wave, const chr_oscillator_in *in,
                                      const chr_block *b) {
    if (chr_oscillator_steady(&o->now, o->tail, wave, in, b) ||
        (wave == CHR_SINE && chr_oscillator_bent_sine(&o->now, in, b)))
        return; /* a sine that was never restarted has nothing in its tail */
    chr_blep_sum sum;
    chr_blep_begin(&sum, o->tail, b->to - b->from);
    chr_oscillator_watchful(&o->now, &sum, wave, in, b);
    chr_blep_end(&sum, o->tail, b->to - b->from);
}

/* Puts lanes that have made no sample yet at the start of their wave, and those whose reset opens
 * as well, as if they had never sounded: what their waves were breaks off. What came in at `sync`
 * remains known. */
CHR_EACH_WAVE void chr_oscillator_begin(chr_oscillator *o, chr_wave wave,
                                        const chr_oscillator_in *in, int i) {
    chr_ivec open = chr_read(in->reset, i) > 0.0f, reset = open & ~o->now.open;
    o->now.open = open;
    if (!chr_mask_bits(reset | (o->now.width[0] == 0))) /* a width is never 0 later */
        return;
    chr_ivec *row = (chr_ivec *)(void *)o;
    const size_t kept_from = offsetof(chr_oscillator, now.open) / sizeof *row;
    const size_t kept_to = offsetof(chr_oscillator, now.synced) / sizeof *row;
    for (size_t k = 0; k < sizeof *o / sizeof *row; k++)
        if (k < kept_from || k >= kept_to)
            row[k] &= ~reset;
    chr_uvec offset = chr_phase_of_degrees(chr_read(in->phase, i));
    chr_uvec width = chr_phase_of_width(wave, chr_read(in->width, i));
    chr_uvec fresh = (chr_uvec)(o->now.width[0] == 0);
    for (int k = 0; k < CHR_BLEP_DELAY; k++) {
        o->now.turn[k] |= offset & fresh; /* zero until now */
        o->now.width[k] |= width & fresh;
    }
}

/* Samples from..to-1, with resets; `run` is a function of chr_oscillator_run for that wave. */
typedef void chr_oscillator_fn(void *state, const chr_oscillator_in *in,
                               const chr_block *b) CHR_NONBLOCKING;
CHR_EACH_WAVE void chr_oscillator_play(void *state, chr_wave wave, chr_oscillator_fn *run,
                                       const chr_oscillator_in *in, const chr_block *b) {
    chr_oscillator *o = state;
    if (!in->reset.step) {
        chr_oscillator_begin(o, wave, in, b->from);
        run(o, in, b);
        return;
    }
    chr_block part = *b;
    for (; part.from < b->to; part.from = part.to) {
        chr_oscillator_begin(o, wave, in, part.from);
        for (part.to = part.from + 1; part.to < b->to; part.to++) { /* to the next that opens */
            chr_ivec open = chr_read(in->reset, part.to) > 0.0f;
            if (chr_mask_bits(open & ~o->now.open))
                break;
            o->now.open = open;
        }
        run(o, in, &part);
    }
}

#endif
