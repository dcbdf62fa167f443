/* dsp/modules/compressor.c: `compressor` turns loud passages down, both sides alike, by its own or
 * another's level.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/compression.h"
#include "dsp/kernel/free.h"
#include "dsp/kernel/math.h"
#include "dsp/kernel/over_time.h"
#include "dsp/kernel/sides.h"

enum { KEY = CHR_RIGHT + 1 };
enum { THRESHOLD, RATIO, ATTACK, RELEASE, MAKEUP, KNEE };

typedef struct {
    chr_vec
        held; /* reduction asked for, let go at the release's pace; in octaves of level (6.02 dB) */
    chr_vec fall; /* the same, rounded off by the attack: what is applied */
} compressor_state;

static const float octaves_a_db = 0.166096405f; /* 1 / (20 log10(2)) */

/* Share of the way that is left after one sample of a way that takes `time_s` for 63 %. */
static inline chr_vec left_to_go(chr_vec time_s, float rate_hz) {
    return chr_vexp2(-1.44269504f / (time_s * rate_hz));
}

/* What depends on parameters alone. */
typedef struct settings {
    chr_vec threshold, ratio, knee, makeup; /* octaves */
    chr_vec rise, release;                  /* left to go after a sample */
    chr_vec risen, released;                /* and gone: 1 less that */
} settings;

static inline settings settings_at(const chr_block *b, int i) {
    settings s = {
        .threshold = chr_param(b, THRESHOLD, i) * octaves_a_db,
        .ratio = chr_max(chr_param(b, RATIO, i), chr_set(1.0f)),
        .knee = chr_param(b, KNEE, i) * octaves_a_db,
        .makeup = chr_param(b, MAKEUP, i) * octaves_a_db,
        .rise = left_to_go(chr_max(chr_param(b, ATTACK, i), chr_set(1e-5f)), b->rate_hz),
        .release = left_to_go(chr_max(chr_param(b, RELEASE, i), chr_set(1e-5f)), b->rate_hz),
    };
    s.risen = 1.0f - s.rise;
    s.released = 1.0f - s.release;
    return s;
}

#if CHR_LANES == 1
/* All at once, but for the two ways that the reduction goes. The parameters stand still. */
CHR_OVER_TIME compressor_over_time(compressor_state *s, const chr_block *b, const int n) {
    int from = b->from;
    const settings set = settings_at(b, from);
    chr_line room[3], put[2], fall;
    const float *left = chr_over_of(b->inputs[CHR_LEFT], from, n, &room[0]);
    const float *right = chr_over_of(b->inputs[CHR_RIGHT], from, n, &room[1]);
    const float *key = chr_over_of(b->inputs[KEY], from, n, &room[2]);
    const chr_wide threshold = chr_wset(set.threshold[0]), ratio = chr_wset(set.ratio[0]);
    const chr_wide knee = chr_wset(set.knee[0]), makeup = chr_wset(set.makeup[0]);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide own = chr_wmax(chr_wabs(chr_wide_at(left + i)), chr_wabs(chr_wide_at(right + i)));
        chr_wide other = chr_wide_at(key + i);
        chr_wide size = chr_wselect(other == CHR_FREE, own, chr_wabs(other));
        chr_line_put(&fall, i, chr_wcompression(chr_wlog2(size) - threshold, ratio, knee));
    }
    chr_vec held = s->held, last = s->fall;
    for (int i = 0; i < n; i++) {
        chr_vec asked = chr_set(fall.x[i]);
        held = chr_max(asked, set.release * held + set.released * asked);
        last = set.rise * last + set.risen * held;
        fall.x[i] = last[0];
    }
    s->held = held;
    s->fall = last;
    float *out_left = chr_over_out(b, CHR_LEFT, n, &put[CHR_LEFT]);
    float *out_right = chr_over_out(b, CHR_RIGHT, n, &put[CHR_RIGHT]);
    for (int i = 0; i < n; i += CHR_WIDE) {
        chr_wide gain = chr_wexp2(makeup - chr_line_at(&fall, i));
        chr_wide l = chr_wide_at(left + i) * gain, r = chr_wide_at(right + i) * gain;
        chr_wide_put(out_left + i, l);
        chr_wide_put(out_right + i, r);
    }
    chr_over_done(b, CHR_LEFT, n, &put[CHR_LEFT]);
    chr_over_done(b, CHR_RIGHT, n, &put[CHR_RIGHT]);
    return true;
}
#endif

static chr_process_fn compressor_process;
static void compressor_process(void *state, const chr_block *b) {
    compressor_state *s = state;
    bool constant = true;
    for (int p = THRESHOLD; p <= KNEE; p++)
        constant = constant && chr_param_is_constant(b, p);
    if (constant && CHR_RUN_OVER_TIME(compressor_over_time, s, b))
        return;
    settings set = settings_at(b, b->from);
    for (int i = b->from; i < b->to; i++) {
        if (!constant)
            set = settings_at(b, i);
        chr_vec left = chr_input(b, CHR_LEFT, i), right = chr_input(b, CHR_RIGHT, i),
                key = chr_input(b, KEY, i);
        chr_vec own = chr_max(chr_abs(left), chr_abs(right));
        chr_vec size = chr_select(key == CHR_FREE, own, chr_abs(key));
        chr_vec asked = chr_compression(chr_vlog2(size) - set.threshold, set.ratio, set.knee);
        s->held = chr_max(asked, set.release * s->held + set.released * asked);
        s->fall = set.rise * s->fall + set.risen * s->held;
        chr_vec gain = chr_vexp2(set.makeup - s->fall);
        chr_output(b, 0, i, left * gain);
        chr_output(b, 1, i, right * gain);
    }
}

static const chr_port inputs[] = {
    CHR_BOTH_SIDES,
    {.name = "key",
      .kind = CHR_AUDIO,
      .doc = "sound whose level counts; if free, the sound's own",
      .dflt = CHR_FREE},
};
static const chr_port outputs[] = {
    {"left",  CHR_AUDIO, "left side, evened out",  CHR_NORMAL_NONE, 0},
    {"right", CHR_AUDIO, "right side, evened out", CHR_NORMAL_NONE, 0},
};
static const chr_param_info params[] = {
    {.word = "threshold",
     .display = "Threshold",
     .unit = CHR_UNIT_DB,
     .min = -60,
     .max = 0,
     .dflt = -18,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "The peak level above which the sound is turned down",
     .hint = "-24 to -10 dB"},
    {.word = "ratio",
     .display = "Ratio",
     .unit = CHR_UNIT_NONE,
     .min = 1,
     .max = 50,
     .dflt = 4,
     .curve = CHR_LOG,
     .context = CHR_DYNAMICS,
     .doc = "How many dB more must go in for one dB more to come out",
     .hint = "2 for a mix, 4 for a voice or a bass, 10 to limit"},
    {.word = "attack",
     .display = "Attack",
     .unit = CHR_UNIT_S,
     .min = 0.0001f,
     .max = 0.5f,
     .dflt = 0.01f,
     .curve = CHR_LOG,
     .context = CHR_TIME,
     .doc = "Time in which it takes hold: two thirds of the way",
     .hint = "10 to 30 ms leave a drum its snap"},
    {.word = "release",
     .display = "Release",
     .unit = CHR_UNIT_S,
     .min = 0.005f,
     .max = 4,
     .dflt = 0.12f,
     .curve = CHR_LOG,
     .context = CHR_TIME,
     .doc = "Time in which it lets go: two thirds of the way",
     .hint = "100 to 300 ms; shorter pumps"},
    {.word = "makeup",
     .display = "Make-up",
     .unit = CHR_UNIT_DB,
     .min = -12,
     .max = 36,
     .dflt = 0,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "Level added after it",
     .hint = "half of what it takes away"},
    {.word = "knee",
     .display = "Knee",
     .unit = CHR_UNIT_DB,
     .min = 0,
     .max = 24,
     .dflt = 6,
     .curve = CHR_LIN,
     .context = CHR_DYNAMICS,
     .doc = "Width of the bend around the threshold: 0 is an edge"                                                    },
};

const chr_module CHR_MODULE(compressor) = {
    .name = "compressor",
    .doc = "Turns loud passages down, both sides alike; with `key`, at the word of another sound.",
    .group = "Effects",
    .source = "Giannoulis, Massberg, Reiss: Digital Dynamic Range Compressor Design, JAES 60 "
              "(2012), smooth decoupled",
    .example = "patch saw 110 > lpf 900 > compressor threshold=-24dB ratio=4 makeup=6dB > out",
    CHR_LIST(inputs),
    CHR_LIST(outputs),
    CHR_LIST(params),
    .shape = CHR_STEREO,
    .state_bytes = sizeof(compressor_state),
    .process = compressor_process,
    .over_time = true,
};
