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
/* The echoes of the call: of sample i, what is read after it was taken in. NULL, with nothing done,
 * where one of them is among the samples themselves. */
static inline const float *echoes(delay_state *s, const chr_block *b, const chr_ring *ring,
                                  uint32_t now, int n, chr_line *room) {
    const chr_arg time = b->params[TIME];
    float farthest = chr_ring_longest(b)[0];
    chr_vec goal =
        chr_clamp(chr_read(time, b->from) * b->rate_hz, chr_set(1.0f), chr_set(farthest));
    if (!time.step && chr_head_rests(&s->head, goal))
        return goal[0] < (float)(n + 3) ? NULL
                                        : chr_ring_still_line(ring, 0, now + 1, goal[0], n, room);
    chr_line spread, distance;
    const float *times = chr_over_of(time, b->from, n, &spread);
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(&distance, i, chr_wide_at(times + i) * b->rate_hz);
    chr_line_clamp(&distance, 1.0f, farthest, n);
    chr_head head = s->head;
    chr_head_move_line(&head, &distance, n);
    chr_line_clamp(&distance, 1.0f, farthest, n);
    chr_iwide near = chr_wiset(0);
    for (int i = 0; i < n; i += CHR_WIDE)
        near |= chr_line_at(&distance, i) < (float)(n + 3);
    if (chr_wmask_bits(near))
        return NULL;
    s->head = head;
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_line_put(room, i,
                     chr_ring_wbetween(ring, 0, now + 1 + (uint32_t)i, chr_line_at(&distance, i)));
    return room->x;
}

CHR_OVER_TIME delay_over_time(delay_state *s, const chr_block *b, const int n) {
    int from = b->from;
    chr_line room[5];
    chr_ring ring = chr_ring_of(b);
    uint32_t now = (uint32_t)b->clock + (uint32_t)from;
    const float *wet = echoes(s, b, &ring, now, n, &room[0]);
    if (!wet)
        return false;
    const float *in = chr_over_of(b->inputs[IN], from, n, &room[1]);
    const float *feedback = chr_over_of(b->params[FEEDBACK], from, n, &room[2]);
    const float *share = chr_over_of(b->params[MIX], from, n, &room[3]);
    float *fresh = chr_ring_out(&ring, 0, now, n, &room[4]);
    float out[1 + CHR_CHUNK], echo[1 + CHR_CHUNK]; /* `next` and `wet`, those of before first */
    out[0] = s->next[0];
    echo[0] = s->wet[0];
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide late = chr_wide_at(wet + i);
        chr_wide_put(echo + 1 + i, late);
        chr_wide_put(out + 1 + i, chr_wdry_wet(chr_wide_at(share + i), chr_wide_at(in + i), late));
    }
    for (int i = 0; i < n; i += CHR_WIDE)
        chr_wide_put(fresh + i,
                     chr_wide_at(in + i) + chr_wide_at(feedback + i) * chr_wide_at(echo + i));
    chr_ring_done(&ring, 0, now, n, fresh, &room[4]);
    s->next = chr_set(out[n]);
    s->wet = chr_set(echo[n]);
    memcpy(b->outputs[0] + from, out, (size_t)n * sizeof *out);
    return true;
}
#endif

static chr_process_fn delay_process;
static void delay_process(void *state, const chr_block *b) {
    delay_state *s = state;
    if (CHR_RUN_OVER_TIME(delay_over_time, s, b))
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
