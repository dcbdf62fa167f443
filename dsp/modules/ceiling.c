/* dsp/modules/ceiling.c: `ceiling`, a true-peak limiter that sees peaks coming. It stands last on
 * the master.
 *
 * What leaves is the input, chr_ceiling_latency() samples late, times a gain. Between the samples,
 * peaks are found by eight-fold interpolation. Where one is above the level, the gain that it asks
 * for is held over a window around it (a running maximum), let go exponentially, and rounded off by
 * three running means. The reduction, 1 - gain, is what is computed: it is exactly 0 where nothing
 * is too loud, and then the output is the input, bit for bit.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/ceiling.h"
#include "dsp/kernel/delayline.h"
#include "dsp/kernel/ring_over_time.h"
#include "dsp/kernel/sides.h"

enum { LEVEL, RELEASE };

enum {
    TAPS = 12, /* of the interpolator; a peak is known 6 samples after it passed */
    BEHIND = 6,
    POINTS = 8, /* looked at for each sample */
    SPREAD = 2, /* samples on either side of a peak that get its whole reduction */
    HOLDS = 9   /* running maxima over 1, 2, 4 ... 256 samples */
};

/* Columns of the ring. Everything that reaches over a sample lies there, under the absolute clock.
 */
enum { IN_LEFT, IN_RIGHT, HOLD, LET_GO = HOLD + HOLDS, SUM, COLUMNS = SUM + 3 };

typedef struct {
    chr_ivec busy; /* samples until every window is known to be empty */
} ceiling_state;

/* weights[f - 1]: sin(pi x)/(pi x) at x = k - f/8, k = -5..6, times the Kaiser window I0(2.5 sqrt(1
 * - (x/6)^2))/I0(2.5), sum 1. Those for 5/8 to 7/8 are those for 3/8 to 1/8 backwards.
 * tests/unit/effects_ceiling.c computes them again. */
static const float weights[POINTS / 2][TAPS] = {
    {-0.01068004f, 0.01815313f, -0.02988402f, 0.05102589f, -0.10531775f, 0.98004852f, 0.13723572f,
     -0.05944593f, 0.03392668f, -0.02057707f, 0.01227098f, -0.00675611f},
    {-0.01846432f, 0.03164339f, -0.05213099f, 0.08814939f, -0.17463240f, 0.90892131f, 0.29896536f,
     -0.11976312f, 0.06721237f, -0.04066713f, 0.02438199f, -0.01361585f},
    {-0.02249662f, 0.03891226f, -0.06421560f, 0.10772392f, -0.20628802f, 0.79272017f, 0.47247660f,
     -0.17103717f, 0.09409024f, -0.05672434f, 0.03416093f, -0.01932238f},
    {-0.02261614f, 0.03952601f, -0.06540060f, 0.10901683f, -0.20293372f, 0.64240762f, 0.64240762f,
     -0.20293372f, 0.10901683f, -0.06540060f, 0.03952601f, -0.02261614f},
};

/* Shares of the level. Samples that are all below the first have no curve between them that reaches
 * it; at the second work begins, for peaks between the points looked at; down to the third such
 * peaks are brought. */
static const float harmless = 0.45f;
static const float alert = 0.995f;
static const float aim = 0.952f;

/* +60 dB: what is above is no sound and is cut off. */
static const float loudest = 1000.0f;

/* The means are taken over whole numbers: exact, so that they come back to 0. */
static const float unit = 0x1p22f;

/* How long each window is at a rate. */
typedef struct windows {
    int latency, hold, mean[3];
} windows;

static windows windows_at(float rate_hz) {
    windows w = {.latency = chr_ceiling_latency(rate_hz)};
    int rounding = w.latency - (BEHIND - 1) - SPREAD; /* length of the three means together */
    w.hold = w.latency - (BEHIND - 2) + SPREAD;
    w.mean[0] = (rounding + 2) / 3;
    w.mean[1] = (rounding + 2 - w.mean[0]) / 2;
    w.mean[2] = rounding + 2 - w.mean[0] - w.mean[1];
    return w;
}

/* Input as a sound can be: finite, and within +60 dB. */
static inline chr_vec sound(chr_vec x) {
    chr_ivec endless = (chr_bits(x) & 0x7f800000) == 0x7f800000;
    x = chr_select(endless, chr_set(0.0f), x);
    return chr_clamp(x, chr_set(-loudest), chr_set(loudest));
}

static inline float greater(float a, float b) {
    return a > b ? a : b;
}
static inline float size(float x) {
    return x < 0 ? -x : x;
}

/* peak[j] = the greatest |x| from sample j + 5 until just before j + 6. Plain floats: the weights
 * are the same in every lane, so lanes and time are one long row. */
static inline void find_peaks(const float *x, float *peak, int n) {
    for (int j = 0; j < n; j++)
        peak[j] = greater(peak[j], size(x[j + (BEHIND - 1) * CHR_LANES]));
    for (int f = 1; f <= POINTS / 2; f++) {
        const float *weight = weights[f - 1];
        for (int j = 0; j < n; j++) {
            float early = 0, late = 0;
            for (int k = 0; k < TAPS; k++) {
                early += weight[k] * x[j + k * CHR_LANES];
                late += weight[TAPS - 1 - k] * x[j + k * CHR_LANES];
            }
            peak[j] = greater(peak[j], greater(size(early), size(late)));
        }
    }
}

/* Mean of the last `n` of the whole numbers whose sum up to now is in column `column`, after adding
 * `x`. The sum may wrap: only differences count. */
static inline chr_ivec running_mean(const chr_ring *ring, uint32_t now, uint32_t column, chr_ivec x,
                                    int n) {
    chr_uvec total = (chr_uvec)*chr_ring_at(ring, column, now - 1) + (chr_uvec)x;
    *chr_ring_at(ring, column, now) = (chr_vec)total;
    chr_uvec sum = total - (chr_uvec)*chr_ring_at(ring, column, now - (uint32_t)n);
    return chr_trunc(chr_float((chr_ivec)sum) * (1.0f / (float)n) + 0.5f);
}

/* The reduction that comes out of all windows after `wanted` went in. */
static inline chr_vec reduction(ceiling_state *s, const chr_ring *ring, const windows *w,
                                uint32_t now, chr_vec wanted, chr_vec keep) {
    uint32_t k = 0;
    chr_vec greatest = wanted; /* of the last 2^k samples */
    for (; 2 << k <= w->hold; k++) {
        *chr_ring_at(ring, HOLD + k, now) = greatest;
        greatest = chr_max(greatest, *chr_ring_at(ring, HOLD + k, now - (1u << k)));
    }
    *chr_ring_at(ring, HOLD + k, now) = greatest;
    uint32_t rest = (uint32_t)w->hold - (1u << k);
    chr_vec held = chr_max(greatest, *chr_ring_at(ring, HOLD + k, now - rest));
    chr_vec going = chr_max(held, *chr_ring_at(ring, LET_GO, now - 1) * keep);
    going = chr_select(going < 0x1p-21f, chr_set(0.0f), going);
    *chr_ring_at(ring, LET_GO, now) = going;
    s->busy = chr_iselect((going > 0.0f) | (wanted > 0.0f), chr_iset(2 * w->hold),
                          s->busy + (s->busy > 0));
    chr_ivec x = chr_trunc(going * unit) - (going > 0.0f); /* rounded up: a true mask is -1 */
    for (uint32_t m = 0; m < 3; m++)
        x = running_mean(ring, now, SUM + m, x, w->mean[m]);
    return chr_float(x) * (1 / unit);
}

/* What `reduction` would leave behind of n samples where nothing is too loud. */
static inline void rest(const chr_ring *ring, uint32_t now, int n) {
    bool straight = (now & ring->mask) + (uint32_t)n <= ring->mask + 1;
    for (uint32_t c = HOLD; c < COLUMNS; c++) {
        chr_vec last = *chr_ring_at(ring, c, now - 1), *row = chr_ring_at(ring, c, now);
        last = c < SUM ? chr_set(0.0f) : last;
        for (int i = 0; i < n && straight; i++)
            row[i] = last;
        for (int i = 0; i < n && !straight; i++)
            *chr_ring_at(ring, c, now + (uint32_t)i) = last;
    }
}

#if CHR_LANES == 1
/* The usual case: all that is looked at is so soft that it passes as it is, late. */
CHR_OVER_TIME ceiling_at_rest(ceiling_state *s, const chr_block *b, const int n) {
    enum { LOOKED_BACK = 16 }; /* BEFORE and some more */
    const chr_ring ring = chr_ring_of(b);
    uint32_t now = (uint32_t)b->clock + (uint32_t)b->from;
    uint32_t latency = (uint32_t)chr_ceiling_latency(b->rate_hz);
    float soft = b->params[LEVEL].v[0] * harmless;
    if (s->busy[0] > 0 || b->params[LEVEL].step || soft > loudest || latency < (uint32_t)n ||
        latency + CHR_CHUNK > ring.mask || !chr_ring_straight(&ring, now - LOOKED_BACK))
        return false;
    const float *in[2];
    chr_line spare[2], written, put;
    chr_iwide loud = chr_wiset(0);
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        const float *before =
            (const float *)(const void *)chr_ring_at(&ring, (uint32_t)side, now - LOOKED_BACK);
        in[side] = chr_over_of(b->inputs[side], b->from, n, &spare[side]);
        for (int i = 0; i < LOOKED_BACK; i += CHR_WIDE)
            loud |= ~(chr_wabs(chr_wide_at(before + i)) <= soft);
        for (int i = 0; i < n; i += CHR_WIDE)
            loud |= ~(chr_wabs(chr_wide_at(in[side] + i)) <= soft); /* what is no number, too */
    }
    if (chr_wmask_bits(loud))
        return false;
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        float *row = chr_ring_out(&ring, (uint32_t)side, now, n, &written);
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_wide_put(row + i, chr_wide_at(in[side] + i));
        chr_ring_done(&ring, (uint32_t)side, now, n, row, &written);
    }
    for (int side = CHR_LEFT; side <= CHR_RIGHT; side++) {
        const float *then = chr_ring_line(&ring, (uint32_t)side, now - latency, n, &spare[side]);
        float *out = chr_over_out(b, side, n, &put);
        for (int i = 0; i < n; i += CHR_WIDE)
            chr_wide_put(out + i, chr_wide_at(then + i));
        chr_over_done(b, side, n, &put);
    }
    rest(&ring, now, n);
    return true;
}
#endif

static inline void ceiling_chunk(ceiling_state *s, const chr_block *b, const chr_ring *ring,
                                 int n) {
    enum { BEFORE = TAPS - 1 };
    chr_vec left[CHR_CHUNK + BEFORE], right[CHR_CHUNK + BEFORE], peak[CHR_CHUNK];
    uint32_t now = (uint32_t)b->clock + (uint32_t)b->from;
    windows w = windows_at(b->rate_hz);
    for (int i = 0; i < BEFORE; i++) {
        left[i] = *chr_ring_at(ring, IN_LEFT, now - BEFORE + (uint32_t)i);
        right[i] = *chr_ring_at(ring, IN_RIGHT, now - BEFORE + (uint32_t)i);
    }
    for (int i = 0; i < n; i++) {
        left[BEFORE + i] = sound(chr_input(b, CHR_LEFT, b->from + i));
        right[BEFORE + i] = sound(chr_input(b, CHR_RIGHT, b->from + i));
        peak[i] = chr_set(0.0f);
    }
    chr_vec size_of_all = chr_set(0.0f), lowest = chr_param(b, LEVEL, b->from);
    for (int i = 0; i < n; i++)
        lowest = chr_min(lowest, chr_param(b, LEVEL, b->from + i));
    for (int i = 0; i < BEFORE + n; i++)
        size_of_all = chr_max(size_of_all, chr_max(chr_abs(left[i]), chr_abs(right[i])));
    chr_ivec loud = s->busy > 0;
    if (chr_any(loud | (size_of_all > lowest * harmless))) {
        find_peaks((const float *)(const void *)left, (float *)(void *)peak, n * CHR_LANES);
        find_peaks((const float *)(const void *)right, (float *)(void *)peak, n * CHR_LANES);
        for (int i = 0; i < n; i++)
            loud |= peak[i] > chr_param(b, LEVEL, b->from + i) * alert;
    }
    int work = chr_any(loud);
    if (!work)
        rest(ring, now, n);

    for (int i = 0; i < n; i++, now++) {
        uint32_t then = now - (uint32_t)w.latency;
        *chr_ring_at(ring, IN_LEFT, now) = left[BEFORE + i];
        *chr_ring_at(ring, IN_RIGHT, now) = right[BEFORE + i];
        chr_vec out_left = *chr_ring_at(ring, IN_LEFT, then);
        chr_vec out_right = *chr_ring_at(ring, IN_RIGHT, then);
        if (work) {
            chr_vec level = chr_param(b, LEVEL, b->from + i);
            chr_vec wanted =
                chr_select(peak[i] > level * alert, 1.0f - level * aim / peak[i], chr_set(0.0f));
            chr_vec fall = chr_param(b, RELEASE, b->from + i) * b->rate_hz;
            chr_vec gain = 1.0f - reduction(s, ring, &w, now, wanted, fall / (fall + 1.0f));
            gain = chr_max(gain, chr_set(0.0f));
            out_left *= gain;
            out_right *= gain;
        }
        chr_output(b, 0, b->from + i, out_left);
        chr_output(b, 1, b->from + i, out_right);
    }
}

static chr_process_fn ceiling_process;
static void ceiling_process(void *state, const chr_block *b) {
    if (CHR_RUN_OVER_TIME(ceiling_at_rest, state, b))
        return;
    chr_ring ring = chr_ring_of(b);
    ceiling_chunk(state, b, &ring, b->to - b->from);
}

static size_t ceiling_rows(float rate_hz, const float *greatest) {
    (void)greatest;
    return (size_t)chr_ceiling_latency(rate_hz) + CHR_CHUNK;
}

static const chr_port inputs[] = {
    CHR_BOTH_SIDES,
};
static const chr_port outputs[] = {
    {"left",  CHR_AUDIO, "left side, never above the level",  CHR_NORMAL_NONE, 0},
    {"right", CHR_AUDIO, "right side, never above the level", CHR_NORMAL_NONE, 0},
};
static const chr_param_info params[] = {
    {.word = "level",
     .display = "Level",
     .unit = CHR_UNIT_RATIO,
     .min = 0.1f,
     .max = 1,
     .dflt = 0.96605088f,
     .curve = CHR_LOG,
     .context = CHR_DYNAMICS,
     .doc =
         "The height that no peak passes, nor the curve between the samples; -0.3 dB if not given", .hint = "-1dB for files that will be compressed"},
    {.word = "release",
     .display = "Release",
     .unit = CHR_UNIT_S,
     .min = 0.01f,
     .max = 1,
     .dflt = 0.1f,
     .curve = CHR_LOG,
     .context = CHR_DYNAMICS,
     .doc = "Time in which the gain has come back by two thirds after a peak",
     .hint = "50 to 200 ms"                                                                                                                         },
};

const chr_module CHR_MODULE(ceiling) = {
    .name = "ceiling",
    .doc = "Keeps every peak below a level, 1.5 ms late; what is below already passes untouched.",
    .group = "Effects",
    .source =
        "peaks as in ITU-R BS.1770-4 annex 2; running maximum and means as in look-ahead limiters",
    .example = "patch square 110 > gain 6dB > ceiling -3dB > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO,
    .state_bytes = sizeof(ceiling_state),
    .process = ceiling_process,
    .ring_rows = ceiling_rows,
    .ring_columns = COLUMNS,
    .latency_s = 0.0015f,
};
