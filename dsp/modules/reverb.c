/* dsp/modules/reverb.c: `reverb` puts a sound into a room.
 *
 * Both sides pass a low cut, a pause, and four all-passes that turn a click into a short burst;
 * then a network of eight delay lines that are mixed into one another without loss (a Hadamard
 * matrix). Each line loses, at each passage, just what brings the whole down by 60 dB in the time
 * asked for. All memory lies in one ring.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/room.h"
#include "dsp/kernel/room_over_time.h"

/* A stretch of samples short enough that nothing in the network comes round within it: at every
 * rate from 8 kHz up, the shortest all-pass holds more. So each part of the room goes through the
 * whole stretch before the next part begins. */
enum { STRETCH = 16 };
typedef struct stretch {
    const chr_block *b;
    chr_ring ring;
    uint32_t now; /* absolute clock of its first sample */
    int from, n;  /* its first sample in the chunk, and how many */
} stretch;

/* Stretches are passed by value: stores to the ring could otherwise be stores to the stretch, and
 * it would be read anew for every sample. */
static inline chr_vec *ring_of(stretch t, int column, int i) {
    return chr_ring_at(&t.ring, (uint32_t)column, t.now + (uint32_t)i);
}

/* What enters the network from one side: low cut, pause, all-passes. */
static inline void enter_room(reverb_state *s, stretch t, int side, chr_vec *x) {
    float rate_hz = t.b->rate_hz, low_cut = low_cut_hz * t.b->period_s * 6.2831853f;
    chr_vec longest = chr_ring_longest(t.b), under = s->under[side];
    chr_arg from = t.b->inputs[side];
    for (int i = 0; i < t.n; i++) {
        chr_vec in = chr_read(from, t.from + i);
        under += low_cut * (in - under);
        *ring_of(t, PAUSE + side, i) = in - under;
    }
    s->under[side] = under;
    chr_arg predelay = t.b->params[PREDELAY];
    bool still = predelay.step == 0;
    chr_vec distance = chr_set(1.0f);
    for (int i = 0; i < t.n; i++) {
        if (i == 0 || !still) { /* still: the head will not move in this stretch */
            chr_vec goal = chr_max(chr_read(predelay, t.from + i) * rate_hz, chr_set(1.0f));
            still = still && chr_head_rests(&s->pause[side], goal);
            distance = chr_clamp(chr_head_move(&s->pause[side], goal), chr_set(1.0f), longest);
        }
        x[i] = chr_ring_between(&t.ring, (uint32_t)(PAUSE + side), t.now + (uint32_t)i, distance);
    }
    for (int k = 0; k < DIFFUSERS; k++) {
        int column = BURST + side * DIFFUSERS + k, back = (int)(burst_s[side][k] * rate_hz) + 1;
        float gain = burst_gain[k];
        for (int i = 0; i < t.n; i++) {
            chr_vec old = *ring_of(t, column, i - back), fresh = x[i] + gain * old;
            *ring_of(t, column, i) = fresh;
            x[i] = old - gain * fresh;
        }
    }
}

/* What comes out of line k. Half of the lines wander, two by two against each other. */
static inline void read_line(reverb_state *s, stretch t, int k, const chr_vec *scale, bool still,
                             const chr_vec *wave, chr_vec *x) {
    float rate_hz = t.b->rate_hz, swing = (k % 2 ? -wander_s : wander_s) * rate_hz;
    chr_vec longest = chr_ring_longest(t.b), nearest = chr_set(2.0f), distance = nearest;
    chr_head *head = &s->line[k];
    uint32_t column = (uint32_t)(LINE + k);
    for (int i = 0; i < t.n; i++) {
        uint32_t now = t.now + (uint32_t)i;
        if (i == 0 || !still) { /* still: neither goal nor head will move in this stretch */
            chr_vec length = chr_floor(line_s[k] * scale[i] * rate_hz + 0.5f);
            still = still && chr_head_rests(head, length);
            distance = chr_clamp(chr_head_move(head, length), nearest, longest);
        }
        if (k < WANDERING) {
            chr_vec at = chr_clamp(distance + swing * wave[i], nearest, longest);
            x[i] = chr_ring_curve(&t.ring, column, now, at);
        } else {
            x[i] = still ? chr_ring_read(&t.ring, column, now, chr_trunc(distance))
                         : chr_ring_between(&t.ring, column, now, distance);
        }
    }
}

/* Mixes the lines without loss: three rounds of sums and differences. */
static inline void mix_lines(chr_vec x[LINES][STRETCH], int n) {
    for (int span = 1; span < LINES; span *= 2)
        for (int k = 0; k < LINES; k++)
            if (!(k & span)) {
                float *one = (float *)(void *)x[k]; /* lanes and time: one row */
                float *two = (float *)(void *)x[k + span];
                for (int j = 0; j < n * CHR_LANES; j++) {
                    float a = one[j], c = two[j];
                    one[j] = a + c;
                    two[j] = a - c;
                }
            }
}

/* One stretch of the network: what enters goes in, what is heard on either side comes out. */
static inline void network(reverb_state *s, stretch t, const room *rooms, int room_step,
                           chr_vec enter[2][STRETCH], chr_vec wet[2][STRETCH]) {
    chr_vec x[LINES][STRETCH], wave[2][STRETCH], scale[STRETCH];
    float corner = corner_hz * t.b->period_s * 6.2831853f;
    corner = corner / (1.0f + corner);
    for (int i = 0; i < t.n; i++) {
        wave[0][i] = chr_vsin_phase(s->phase);
        wave[1][i] = chr_vsin_phase(s->phase + 0x40000000u);
        s->phase += (uint32_t)(wander_hz * t.b->period_s * 0x1p32f);
        scale[i] = rooms[i * room_step].scale;
        wet[CHR_LEFT][i] = wet[CHR_RIGHT][i] = chr_set(0.0f);
    }
    for (int k = 0; k < LINES; k++) {
        chr_vec low = s->low[k];
        read_line(s, t, k, scale, room_step == 0, wave[k / 2 % 2], x[k]);
        for (int i = 0; i < t.n; i++) {
            const room *r = &rooms[i * room_step];
            low += corner * (x[k][i] - low);
            chr_vec y = r->treble[k] * x[k][i] + (r->bass[k] - r->treble[k]) * low;
            x[k][i] = y;
            wet[CHR_LEFT][i] += heard[CHR_LEFT][k] * y;
            wet[CHR_RIGHT][i] += heard[CHR_RIGHT][k] * y;
        }
        s->low[k] = low;
    }
    mix_lines(x, t.n);
    const float lossless = 0.35355339f; /* 1 / sqrt(LINES) */
    for (int i = 0; i < t.n; i++) {
        chr_vec level = rooms[i * room_step].enter;
        for (int k = 0; k < LINES; k++)
            *ring_of(t, LINE + k, i) =
                lossless * x[k][i] + level * (into[CHR_LEFT][k] * enter[CHR_LEFT][i] +
                                              into[CHR_RIGHT][k] * enter[CHR_RIGHT][i]);
    }
}

static chr_process_fn reverb_process;
static void reverb_process(void *state, const chr_block *b) {
    reverb_state *s = state;
    if (CHR_RUN_OVER_TIME(room_over_time, s, b))
        return;
    room rooms[STRETCH];
    bool constant = chr_param_is_constant(b, SIZE) && chr_param_is_constant(b, DECAY) &&
                    chr_param_is_constant(b, DAMP);
    rooms[0] = room_at(b, b->from);
    for (int from = b->from; from < b->to; from += STRETCH) {
        chr_vec enter[2][STRETCH], wet[2][STRETCH];
        stretch t = {b, chr_ring_of(b), (uint32_t)b->clock + (uint32_t)from, from, b->to - from};
        t.n = t.n < STRETCH ? t.n : STRETCH;
        for (int i = 0; i < t.n && !constant; i++)
            rooms[i] = room_at(b, from + i);
        enter_room(s, t, CHR_LEFT, enter[CHR_LEFT]);
        enter_room(s, t, CHR_RIGHT, enter[CHR_RIGHT]);
        network(s, t, rooms, constant ? 0 : 1, enter, wet);
        for (int i = 0; i < t.n; i++)
            chr_put_sides(b, from + i, chr_param(b, MIX, from + i), wet[CHR_LEFT][i],
                          wet[CHR_RIGHT][i]);
    }
}

static size_t reverb_rows(float rate_hz, const float *greatest) {
    float scale = smallest + (1.0f - smallest) * greatest[SIZE];
    float lines_s = line_s[LINES - 1] * scale + wander_s, pause_s = greatest[PREDELAY];
    float longest_s = lines_s > pause_s ? lines_s : pause_s; /* the all-passes are shorter */
    return (size_t)(longest_s * rate_hz) + 16 + CHR_CHUNK;
}

static const chr_port inputs[] = {
    CHR_BOTH_SIDES,
};
static const chr_port outputs[] = {
    {"left",  CHR_AUDIO, "left side in the room",  CHR_NORMAL_NONE, 0},
    {"right", CHR_AUDIO, "right side in the room", CHR_NORMAL_NONE, 0},
};
static const chr_param_info params[] = {
    {.word = "size",
     .display = "Size",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.5f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "How large the room is; it also sets the decay where none is given: 0.4 s at 0, 1.8 s "
            "at 0.5, 8 s at 1",                                                                  .hint = "0.2 is a small room, 0.5 a hall, 0.9 a cathedral"},
    {.word = "decay",
     .display = "Decay",
     .unit = CHR_UNIT_S,
     .min = 0,
     .max = 60,
     .dflt = 0,
     .curve = CHR_LIN,
     .context = CHR_TIME,
     .doc = "Time in which the room fades by 60 dB; 0 leaves it to the size",
     .hint = "0.6 s for drums, 2 to 4 s for pads"                                                                                                          },
    {.word = "damp",
     .display = "Damp",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.2f,
     .curve = CHR_LIN,
     .context = CHR_BRIGHTNESS,
     .doc = "How much sooner the treble fades: at 0 with the rest, at 1 in a tenth of the time",
     .hint = "0.3 is tiles, 0.7 is velvet"                                                                                                                 },
    {.word = "predelay",
     .display = "Predelay",
     .unit = CHR_UNIT_S,
     .min = 0,
     .max = 0.5f,
     .dflt = 0.01f,
     .curve = CHR_LIN,
     .context = CHR_TIME,
     .doc = "Pause before the room answers; it keeps the sound in front",
     .hint = "10 to 40 ms"                                                                                                                                 },
    {.word = "mix",
     .display = "Mix",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.3f,
     .curve = CHR_LIN,
     .context = CHR_SPACE,
     .doc = "Share of the room in what comes out: 1 is the room alone",
     .hint = "0.1 to 0.4"                                                                                                                                  },
};

const chr_module CHR_MODULE(reverb) = {
    .name = "reverb",
    .doc = "Puts a sound into a room, from a closet to a cathedral.",
    .group = "Effects",
    .source = "feedback delay network (Jot, Chaigne 1991), Hadamard matrix, Schroeder all-passes "
              "before it",
    .example = "patch saw 110 > lpf 800 > vca lfo(1, shape=square) > reverb size=0.7 mix=0.5 > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO,
    .state_bytes = sizeof(reverb_state),
    .process = reverb_process,
    .ring_rows = reverb_rows,
    .ring_columns = COLUMNS,
    .over_time = true,
};
