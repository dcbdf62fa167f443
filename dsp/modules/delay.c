/* dsp/modules/delay.c: `delay`, a line of memory that gives back its input later, with feedback.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/delayline.h"
#include "dsp/kernel/ring_over_time.h"
#include "dsp/kernel/sides.h"

enum { IN };
enum { TIME, FEEDBACK, MIX };

typedef struct {
    chr_vec next; /* what comes out at the next sample: known now, so it can close a cycle */
    chr_vec wet;  /* the delayed part of it, for the feedback */
    chr_head head;
} delay_state;

/* Takes in sample i and makes ready what comes out after it. Parameters count from the next sample
 * on. */
static inline void take_in(delay_state *s, const chr_block *b, const chr_ring *ring, int i) {
    uint32_t now = (uint32_t)b->clock + (uint32_t)i;
    chr_vec in = chr_input(b, IN, i);
    *chr_ring_at(ring, 0, now) = in + chr_param(b, FEEDBACK, i) * s->wet;

    chr_vec nearest = chr_set(1.0f), farthest = chr_ring_longest(b);
    chr_vec goal = chr_clamp(chr_param(b, TIME, i) * b->rate_hz, nearest, farthest);
    chr_vec distance = chr_clamp(chr_head_move(&s->head, goal), nearest, farthest);

    s->wet = chr_ring_between(ring, 0, now + 1, distance);
    s->next = chr_dry_wet(chr_param(b, MIX, i), in, s->wet);
}

static chr_process_fn delay_emit;
static void delay_emit(void *state, const chr_block *b) {
    const delay_state *s = state;
    for (int i = b->from; i < b->to; i++)
        chr_output(b, 0, i, s->next);
}

static chr_process_fn delay_accept;
static void delay_accept(void *state, const chr_block *b) {
    chr_ring ring = chr_ring_of(b);
    for (int i = b->from; i < b->to; i++)
        take_in(state, b, &ring, i);
}

#if CHR_LANES == 1
/* All samples of the call at once. False, with nothing done, where they are few, or where what goes
 * in comes out again among them. */
static bool delay_over_time(delay_state *s, const chr_block *b) {
    int from = b->from, n = b->to - from;
    if (n < CHR_WORTH_LINES)
        return false;
    chr_line in, feedback, share, distance, fresh;
    chr_ring ring = chr_ring_of(b);
    uint32_t now = (uint32_t)b->clock + (uint32_t)from;
    float farthest = chr_ring_longest(b)[0];
    chr_head head = s->head;
    chr_line_read(&distance, b->params[TIME], from, n);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(&distance, i, chr_line_at(&distance, i) * b->rate_hz);
    chr_line_clamp(&distance, 1.0f, farthest, n);
    chr_head_move_line(&head, &distance, n);
    chr_line_clamp(&distance, 1.0f, farthest, n);
    chr_iwide near = chr_wiset(0), moves = chr_wiset(0);
    for (int i = 0; i < n; i += CHR_WIDE) {
        near |= chr_line_at(&distance, i) < (float)(n + 3);
        moves |= chr_line_at(&distance, i) != distance.x[0];
    }
    if (chr_wmask_bits(near))
        return false;
    s->head = head;
    chr_line_read(&in, b->inputs[IN], from, n);
    chr_line_read(&feedback, b->params[FEEDBACK], from, n);
    chr_line_read(&share, b->params[MIX], from, n);

    float out[1 + CHR_CHUNK], echo[1 + CHR_CHUNK]; /* `next` and `wet`, those of before first */
    chr_line wet;
    if (chr_wmask_bits(moves))
        chr_ring_between_line(&ring, 0, now + 1, &distance, &wet, n);
    else
        chr_ring_still_line(&ring, 0, now + 1, distance.x[0], &wet, n);
    out[0] = s->next[0];
    echo[0] = s->wet[0];
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide dry = chr_line_at(&in, i), late = chr_line_at(&wet, i);
        chr_wide_put(echo + 1 + i, late);
        chr_wide_put(out + 1 + i, chr_wdry_wet(chr_line_at(&share, i), dry, late));
        chr_line_put(&fresh, i, dry + chr_line_at(&feedback, i) * chr_wide_at(echo + i));
    }
    chr_ring_put_line(&ring, 0, now, &fresh, n);
    s->next = chr_set(out[n]);
    s->wet = chr_set(echo[n]);
    float *to = (float *)(void *)chr_rows(b, 0) + from;
    for (int i = 0; i < n; i++)
        to[i] = out[i];
    return true;
}
#else
static inline bool delay_over_time(delay_state *s, const chr_block *b) {
    (void)s, (void)b;
    return false;
}
#endif

static chr_process_fn delay_process;
static void delay_process(void *state, const chr_block *b) {
    delay_state *s = state;
    if (delay_over_time(s, b))
        return;
    chr_ring ring = chr_ring_of(b);
    for (int i = b->from; i < b->to; i++) {
        chr_vec out = s->next; /* before the input is read: both may lie in one buffer */
        take_in(s, b, &ring, i);
        chr_output(b, 0, i, out);
    }
}

static size_t delay_rows(float rate_hz, const float *greatest) {
    double samples = (double)greatest[TIME] * (double)rate_hz;
    return (samples > 1.0 ? (size_t)samples : 1) + 8; /* the cubic's points and rounding */
}

static const chr_port inputs[] = {
    {"in", CHR_AUDIO, "sound to repeat", CHR_NORMAL_IN, 0},
};
static const chr_port outputs[] = {
    {"out", CHR_AUDIO, "the sound, later", CHR_NORMAL_NONE, 0},
};
static const chr_param_info params[] = {
    {.word = "time",
     .display = "Time",
     .unit = CHR_UNIT_S,
     .min = 0,
     .max = 10,
     .dflt = 0.3f,
     .curve = CHR_LIN,
     .context = CHR_TIME,
     .doc = "How much later the sound comes back; a change glides as tape does; never under one "
            "sample",                                                                  .hint = "1/8 or 3/16 of a bar for echoes in time, 20 to 40 ms to double a voice"},
    {.word = "feedback",
     .display = "Feedback",
     .unit = CHR_UNIT_RATIO,
     .min = -0.99f,
     .max = 0.99f,
     .dflt = 0,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Share of each echo that is repeated; below zero the repeats change sign",
     .hint = "0.3 for a few echoes, 0.7 for many"                                                                                                                      },
    {.word = "mix",
     .display = "Mix",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 1,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Share of the echo in what comes out: 1 is the delayed sound alone",
     .hint = "0.3 for an echo behind the sound"                                                                                                                        },
};

const chr_module CHR_MODULE(delay) = {
    .name = "delay",
    .doc =
        "Repeats the sound later. The one module, with prev, that a feedback loop may go through.",
    .group = "Effects",
    .source = "third-order Lagrange interpolation (Laakso et al., Splitting the Unit Delay, 1996)",
    .example = "patch saw 110 > lpf 800 > delay 375ms feedback=0.4 mix=0.3 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_MONO,
    .state_bytes = sizeof(delay_state),
    .process = delay_process,
    .emit = delay_emit,
    .accept = delay_accept,
    .over_time = true,
    .ring_rows = delay_rows,
    .ring_columns = 1,
};
