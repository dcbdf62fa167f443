/* runtime/audio/audio.h: everything that the audio thread owns. Nothing in this folder allocates,
 * locks, prints, or calls the system; all of it runs on the audio thread. SPDX-License-Identifier:
 * MIT */
#ifndef CHR_RUNTIME_AUDIO_H
#define CHR_RUNTIME_AUDIO_H

#include "dsp/ops.h"
#include "runtime/audio/load.h"
#include "runtime/audio/noted.h"
#include "runtime/audio/tap.h"
#include "runtime/graph.h"

#include <stdatomic.h>

/* ---- the transport's clock (clock.c) ---- */

typedef struct chr_clock {
    bool running;
    double rate_hz;
    const chr_time_map *time; /* of the graph that plays */
    uint32_t part;            /* of the map, in which the clock was seen last */
    uint32_t anchor_part;     /* and the anchor */
    /* A beat's sample is anchor_sample plus its exact distance from anchor_beat, rounded once. The
     * anchor moves only when the clock starts, jumps, or comes to another tempo than it would have,
     * so nothing adds up. */
    uint64_t anchor_sample;
    double anchor_beat;
    double stop_beat; /* where it will stop; negative: nowhere */
    uint64_t end_at;  /* the sample at which the piece ends, for it has not yet; else UINT64_MAX */
    uint64_t loop_at; /* the sample at which it goes back to the beginning of the loop, for it has
                         not passed its end; UINT64_MAX: it does not */
    double looped;    /* beats that loops have taken it back since the beginning */
    double jumped;    /* and jumps: less than 0 where they led forward */
} chr_clock;

/* Sample at which a beat falls. */
uint64_t chr_clock_sample(const chr_clock *c, double beat) CHR_NONBLOCKING;
/* Position in beats at a sample. */
double chr_clock_beat(const chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
/* The first multiple of a quantum (more than 0), counted from bar 1, at or after a sample. */
double chr_clock_next(const chr_clock *c, chr_quantum quantum, uint64_t sample) CHR_NONBLOCKING;
/* What comes from a sample on follows another map; the position is kept. */
void chr_clock_follow(chr_clock *c, const chr_time_map *time, uint64_t sample) CHR_NONBLOCKING;
/* It has come to a sample: the part of the map that it is in is found at once from now on. */
void chr_clock_pass(chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
/* Samples that some beats last from a sample on. */
double chr_clock_length(const chr_clock *c, double beats, uint64_t sample) CHR_NONBLOCKING;
/* Stands at a beat from now on; to run from there it is started. */
void chr_clock_place(chr_clock *c, double beat) CHR_NONBLOCKING;
/* Its loop begins anew at the sample at which it ends. What a whole sample is past the end by is
 * played too, so that no round makes the next one late. */
void chr_clock_loop(chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
/* The tempo at a beat, as the clock comes there next. */
double chr_clock_bpm(const chr_clock *c, double beat) CHR_NONBLOCKING;
void chr_clock_start(chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
void chr_clock_stop(chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
/* `play`: starts it; where the piece has ended, from its beginning. */
void chr_clock_resume(chr_clock *c, uint64_t sample) CHR_NONBLOCKING;
/* Stops it, and starts it at another beat. `moment` is that which the sample stands for; what the
 * sample is beside it by is played too, as by a loop. */
void chr_clock_jump(chr_clock *c, double beat, double moment, uint64_t sample) CHR_NONBLOCKING;

/* ---- graphs between threads (swap.c) ---- */

enum {
    CHR_OFFERS = 16,             /* graphs that wait, one behind the other */
    CHR_RETIRED = 2 * CHR_OFFERS /* graphs on their way home */
};

/* A graph that waits to be taken. */
typedef struct chr_offered {
    /* Its number, or 0: it has been taken, or taken back. Numbers are never used again, so whoever
     * exchanges one for 0 has the graph that he looked at. */
    _Atomic uint64_t number;
    _Atomic(chr_graph *) graph;
    _Atomic uint64_t at, until; /* clock at which it takes over, or later but before `until` */
    _Atomic uint64_t after;     /* as in chr_graph */
    _Atomic uint32_t empties;   /* as in chr_graph */
} chr_offered;

/* They are taken in their order, and taken back from the last on. */
typedef struct chr_swap {
    chr_offered offers[CHR_OFFERS];
    unsigned in;       /* [control] where the next is put */
    unsigned out;      /* [audio] the one that is taken next */
    uint64_t n_offers; /* [control] */
    _Atomic(chr_graph *) retired[CHR_RETIRED];
    atomic_uint retired_in, retired_out;
} chr_swap;

/* The transport as the control thread sees it. Odd `version`: it is being written. */
typedef struct chr_seen_clock {
    atomic_uint version;
    atomic_bool running;
    _Atomic(const chr_time_map *) time; /* of a graph that is not on its way home before this is
                                           written anew */
    _Atomic double anchor_beat, beat, looped, jumped;
    _Atomic uint64_t anchor_sample, loop_at, end_at, now;
    _Atomic uint64_t swaps; /* graphs taken over up to there */
} chr_seen_clock;

/* ---- commands and counters ---- */

typedef enum chr_command {
    CHR_COMMAND_NONE,
    CHR_COMMAND_PLAY,
    CHR_COMMAND_STOP,
    CHR_COMMAND_STOP_NOW,
    CHR_COMMAND_HUSH,
    CHR_COMMAND_PANIC
} chr_command;
enum { CHR_MAX_CHANNELS = 64, CHR_COMMANDS = 64, CHR_FAULTS = 16, CHR_FAULT_NAME = 96 };

/* What took effect, and when: for the journal. One that nobody reads fills, and then counts. */
enum { CHR_EVENTS = 256 };
typedef struct chr_event_ring {
    _Atomic uint8_t command[CHR_EVENTS]; /* a chr_command, or CHR_COMMAND_NONE: an offer */
    _Atomic uint64_t number[CHR_EVENTS]; /* the offer's */
    _Atomic uint64_t at[CHR_EVENTS];     /* clock */
    atomic_uint in, out, lost;
} chr_event_ring;

/* Everything fades; then all state is emptied, a piece a chunk, and nothing runs meanwhile. */
typedef struct chr_hush {
    bool fading, emptying;
    uint64_t begin, end;
    float from;    /* the gain at `begin` */
    uint32_t slot; /* emptying: this one is next, */
    size_t row;    /* from this float of its history on, */
    size_t piece;  /* and so many a chunk */
} chr_hush;

/* A factor on its way from one value to another. */
typedef struct chr_volume {
    float from, to;
    uint64_t begin, length; /* samples */
} chr_volume;

/* A click on every beat, for the player's ears alone. */
typedef struct chr_metronome {
    atomic_bool on;
    const float *sounds[2]; /* [length] of a beat, and of the first one of a bar */
    uint64_t length, begin; /* begin: sample of the click that was last */
    bool bar;
} chr_metronome;

typedef struct chr_audio chr_audio;

/* Several threads that share the work of each chunk, where nobody waits for a device
 * (runtime/crew.h). This one runs all
 * tasks of the graph that plays over samples from..to-1: chr_audio_task for each. */
typedef void chr_helpers_run(void *context, chr_audio *a, int from, int to) CHR_NONBLOCKING;
typedef struct chr_helpers {
    chr_helpers_run *run;
    void *context;
} chr_helpers;

struct chr_audio {
    float rate_hz, period_s;
    uint64_t clock;                 /* first sample of the next chunk */
    const chr_ops *ops;             /* for this machine */
    chr_graph *graph;               /* what plays; NULL at first */
    chr_graph *leaving[CHR_OFFERS]; /* what has played in this chunk and does so no more */
    uint32_t n_leaving;
    chr_clock transport;
    chr_hush hush;
    _Atomic uint32_t empties; /* how often a hush has ended all fades; [control] reads it, */
    _Atomic uint64_t emptied; /* and the clock at which all histories are empty: it comes while
                                 they are being emptied */
    /* The master: ceiling, and what of the last chunk the device has not yet asked for. */
    const chr_module *ceiling;                           /* NULL: left out */
    chr_node_state *ceiling_state[CHR_MAX_CHANNELS / 2]; /* one a pair of channels */
    float ceiling_params[CHR_MAX_PARAMS];
    uint32_t n_channels;
    chr_volume volume;
    chr_metronome metronome;
    uint64_t latency;          /* samples, of the ceiling */
    float *mixed;              /* [n_channels][CHR_CHUNK] after hush and ceiling */
    float *dry;                /* the same before the ceiling */
    uint32_t left;             /* samples of `mixed` not yet taken */
    float song[2 * CHR_CHUNK]; /* where the song is at each sample: whole beats, then parts */
    double song_beat;          /* the same, at the sample before */
    /* What the device hears. */
    uint32_t n_inputs;
    float *heard;       /* [n_inputs][CHR_CHUNK] in this chunk */
    float *unheard;     /* [n_inputs][CHR_CHUNK] given by the device, for the next chunk */
    uint32_t n_late;    /* samples that it is late by: 0, or a chunk less one */
    uint32_t n_unheard; /* samples of that */
    /* Between threads. */
    chr_swap swap;
    _Atomic uint8_t commands[CHR_COMMANDS];
    atomic_uint commands_in, commands_out;
    char faults[CHR_FAULTS][CHR_FAULT_NAME];
    atomic_uint faults_in, faults_out;
    chr_event_ring told;
    chr_seen_clock seen_clock;
    _Atomic uint64_t seen_swaps; /* graphs taken over; counted when one is, as the last thing */
    _Atomic uint64_t seen_last_swap, seen_faults;
    _Atomic uint64_t seen_rows;            /* samples of history copied by one take-over, at most */
    _Atomic(const chr_graph *) seen_graph; /* what plays; stored after seen_last_swap */
    _Atomic float seen_peak[2];
    _Atomic float seen_dry;            /* the same before the ceiling, while anybody listens */
    _Atomic(chr_tap *) taps[CHR_TAPS]; /* who listens */
    atomic_int seen_voices;
    chr_noted_ring *noted;      /* NULL: nobody asks what is played */
    uint64_t sleep_changes;     /* how often a voice woke or fell asleep, and one */
    uint64_t last_woke;         /* sample at which one did last */
    bool restless;              /* what sleeps is worked out all the same, for tests and trials */
    uint32_t cut;               /* 0, or the sample at which every chunk is cut, for tests */
    uint64_t levels_at;         /* clock of the chunk in which each voice's `level` is known */
    chr_laps *laps;             /* NULL, save in a trial */
    chr_now_fn *now_ns;         /* for what plays live; or NULL */
    const chr_helpers *helpers; /* NULL: the audio thread alone makes the sound, as it always does
                                   live */
    bool shared;                /* the helpers are at work: nothing that they share is written */
};

/* The sample of this chunk, up to `from` of which it has been run, at which the next graph takes
 * over; UINT64_MAX: none does. At the chunk's beginning, and only if it `begins` just now, that is
 * also one that is late, or that is to be heard as soon as it can be. */
uint64_t chr_audio_swap_due(const chr_audio *a, uint64_t from, bool begins) CHR_NONBLOCKING;
/* Takes it over at that sample: moves state, starts ramps and fades, lets the clock do what was
 * asked. What comes before that sample has been run. The old one is among a->leaving. Nothing where
 * it was taken back just now. */
void chr_audio_swap(chr_audio *a, uint64_t at, bool begins) CHR_NONBLOCKING;
/* Sends the graphs home that were left in this chunk. */
void chr_audio_let_go(chr_audio *a) CHR_NONBLOCKING;
/* Writes down that an offer (CHR_COMMAND_NONE and its number) or a command took effect. */
void chr_audio_tell(chr_audio *a, chr_command command, uint64_t number,
                    uint64_t at) CHR_NONBLOCKING;
/* [control] Offers a graph behind those that wait, of which there are fewer than CHR_OFFERS. */
void chr_swap_offer(chr_swap *s, chr_graph *g);
/* [control] The graph that was offered last if it has not been taken, which it will not be any
 * more; then the one before it is the last. Else NULL. */
chr_graph *chr_swap_take_back(chr_swap *s);
/* [control] How many of those that were offered have not been taken: the last ones. */
uint32_t chr_swap_waiting(const chr_swap *s);
/* [control] The next graph that came home, or NULL. */
chr_graph *chr_swap_reclaim(chr_swap *s);

/* events.c: plays the patterns of samples from..to-1, all in this chunk, into the voices: sets
 * values, cuts segments. */
void chr_audio_events(chr_audio *a, uint64_t from, uint64_t to) CHR_NONBLOCKING;
/* voice_rows.c: the last part of a chunk is how the next one begins, and what is on its way goes
 * on. */
void chr_audio_close_chunk(chr_audio *a) CHR_NONBLOCKING;
/* voice_rows.c: before what is left of a chunk is run: all that happens in it is known. */
void chr_audio_rows_ready(chr_audio *a) CHR_NONBLOCKING;
/* voice_rows.c: rows of voices as they are now, after a swap. */
void chr_audio_rows_reset(chr_audio *a) CHR_NONBLOCKING;
/* voices.c: the gates of a patch that are due at a sample of this chunk open or close. */
void chr_audio_gates_due(chr_audio *a, uint32_t owner, uint64_t at) CHR_NONBLOCKING;
/* voices.c: a note of a pattern begins at a sample of this chunk and lasts to a beat: it is given a
 * voice. Returns its number, more than 0 and never used again in this patch. */
uint64_t chr_audio_note(chr_audio *a, uint32_t owner, const chr_pattern_event *e, double end_beat,
                        uint64_t at) CHR_NONBLOCKING;
/* voices.c: what a player does with one note: its bend in semitones, its pressure or timbre, 0..1,
 * from a sample of this chunk on, within 3 ms. Nothing where the note has lost its voice. */
void chr_audio_note_value(chr_audio *a, uint32_t owner, uint64_t id, chr_voice_value which, float x,
                          uint64_t at) CHR_NONBLOCKING;
/* voices.c: notes how loud each voice is, before a swap in the middle of a chunk: what is joined to
 * what sounds goes by the chunk's beginning, whatever else changes in it. */
void chr_audio_note_levels(chr_audio *a) CHR_NONBLOCKING;
/* track.c: what plays goes on at the first note at or after a beat. */
void chr_track_seek(const chr_audio *a, chr_track *t, double beat) CHR_NONBLOCKING;
/* track.c: its notes are due by the clock as it runs now. */
void chr_track_retime(const chr_audio *a, chr_track *t) CHR_NONBLOCKING;
/* track.c: plays what is due at a sample of this chunk. */
void chr_track_play(chr_audio *a, const chr_graph_track *gt, uint64_t at) CHR_NONBLOCKING;
/* voices.c: every gate that is open closes at a sample of this chunk. */
void chr_audio_release_all(chr_audio *a, uint64_t at) CHR_NONBLOCKING;
/* voices.c: as many voices as the graph that has just been taken over says. */
void chr_audio_take_voices(chr_audio *a) CHR_NONBLOCKING;
/* events.c: patterns and voices of a graph that has just been taken over, at a sample of this
 * chunk. */
void chr_audio_take_tracks(chr_audio *a, uint64_t at) CHR_NONBLOCKING;
/* events.c: what the clock is to do at a sample of this chunk. Stopping closes every gate. */
void chr_audio_resume(chr_audio *a, uint64_t at) CHR_NONBLOCKING;
void chr_audio_halt(chr_audio *a, uint64_t at) CHR_NONBLOCKING;
void chr_audio_jump(chr_audio *a, double beat, double moment, uint64_t at) CHR_NONBLOCKING;

/* sleep.c: at the beginning of a chunk: voices that have come to rest fall asleep. */
void chr_audio_fall_asleep(chr_audio *a) CHR_NONBLOCKING;
/* sleep.c: a graph has been taken over at a sample: a voice that sleeps and has been given an
 * envelope that has not ended wakes. */
void chr_audio_wake_changed(chr_audio *a, uint64_t at) CHR_NONBLOCKING;
/* sleep.c: the lanes of a sleeper that sleep from sample `from` of the chunk on. *to comes down to
 * where the first of them wakes. */
uint32_t chr_audio_asleep(chr_audio *a, uint32_t sleeper, int from, int *to) CHR_NONBLOCKING;

/* sleep.c: what chr_audio_asleep finds is kept for this chunk, so that it writes nothing in it. */
void chr_audio_look_who_sleeps(chr_audio *a) CHR_NONBLOCKING;

/* render.c: makes the next chunk into a->mixed. */
void chr_audio_chunk(chr_audio *a) CHR_NONBLOCKING;
/* render.c: n_frames frames, interleaved; `in` [n_frames][n_inputs] or NULL for silence. */
void chr_audio_render(chr_audio *a, const float *in, float *out, int n_frames) CHR_NONBLOCKING;

/* volume.c: everything by a factor from a sample on; and samples from..to-1 of a->dry by it. */
void chr_audio_turn(chr_audio *a, float volume, uint64_t at) CHR_NONBLOCKING;
void chr_audio_amplify(chr_audio *a, uint64_t from, uint64_t to) CHR_NONBLOCKING;

/* metronome.c: adds the clicks of the chunk to a->mixed. */
void chr_audio_click(chr_audio *a) CHR_NONBLOCKING;

/* tap.c: copies the chunk just made to those who listen. True if there are any. */
bool chr_audio_tap(chr_audio *a) CHR_NONBLOCKING;

/* sections.c: true if a note of a track that begins at a beat is heard in the arrangement; its end
 * is then cut to that of its section. */
bool chr_track_sounds(const chr_graph_track *gt, double beat, double *end_beat) CHR_NONBLOCKING;
/* song.c: where the song is at samples from..to-1 of the chunk. */
void chr_audio_song(chr_audio *a, int from, int to) CHR_NONBLOCKING;
/* run.c: sample n of the way of a lane of a ramp, which ends at `to` exactly. */
float chr_audio_on_the_way(const chr_ramp_lane *lane, float to, int64_t n) CHR_NONBLOCKING;
/* run.c: runs the graph's instructions over samples from..to-1 of the chunk. */
void chr_audio_run(chr_audio *a, int from, int to) CHR_NONBLOCKING;
/* run.c: one task of the graph that plays: instruction i, or the feedback cycle that begins there.
 * How many instructions that is. */
uint32_t chr_audio_task(chr_audio *a, uint32_t i, int from, int to) CHR_NONBLOCKING;
#define CHR_HUSH_S 0.050
#define CHR_PANIC_S 0.005 /* at once, and yet no click */
/* hush.c: begins to fade everything at a sample of this chunk, and stops the clock. */
void chr_audio_hush(chr_audio *a, double seconds, uint64_t at) CHR_NONBLOCKING;
/* hush.c: before a chunk: true if it is silent and nothing runs in it, for state is being emptied.
 */
bool chr_audio_is_emptying(chr_audio *a) CHR_NONBLOCKING;
/* hush.c: fades samples from..to-1 of a->dry. */
void chr_audio_fade_out(chr_audio *a, uint64_t from, uint64_t to) CHR_NONBLOCKING;

/* Points all that reads a ramp at a row, `step` 1 while it moves and 0 afterwards. */
static inline void chr_ramp_read(chr_arg *args, const chr_ramp *r, const float *row,
                                 uint32_t step) {
    if (r->arg != UINT32_MAX)
        args[r->arg] = (chr_arg){row, step};
    if (r->again != UINT32_MAX)
        args[r->again] = (chr_arg){row, step};
    for (uint32_t l = 0; l < r->lanes; l++)
        if (r->gathered_lanes & 1u << l)
            args[r->gathered + l] = (chr_arg){row + l, step * r->lanes};
}

/* 0 at x <= 0, 1 at x >= 1, with no corner at either end: the shape of all ramps and fades. */
static inline float chr_smoothstep(float x) {
    x = x < 0.0f ? 0.0f : x > 1.0f ? 1.0f : x;
    return x * x * (3.0f - 2.0f * x);
}

#endif
