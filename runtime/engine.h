/* runtime/engine.h: the engine's façade. Takes checked sessions (IR), builds immutable graphs from
 * them, hands these to the audio thread and brings the old ones home; renders.
 *
 * Two threads: [control] calls come from one thread, [audio] calls from one other (or the same,
 * offline). Neither waits for the other. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_ENGINE_H
#define CHR_RUNTIME_ENGINE_H

#include "dsp/nonblocking.h"
#include "lang/ir.h"
#include "runtime/audio/load.h"
#include "runtime/status.h"
#include "runtime/when.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct chr_engine chr_engine;
struct chr_laps; /* runtime/audio/load.h */
struct chr_tap;

typedef struct chr_engine_options {
    float rate_hz; /* 8000 to 192000 */
    const char
        *isa;  /* "x86-64", "x86-64-v3", "x86-64-v4", "aarch64"; NULL: CHRONUS_ISA, else the best */
    int lanes; /* 1, 4, 8, 16: only groups of this many; 0: chosen by size */
    bool ceiling;       /* the true-peak ceiling on the master */
    bool stems;         /* keep each owner's sound apart for chr_engine_stem */
    bool restless;      /* what belongs to voices that sleep is worked out all the same, and equal
                           work each by itself: the same samples, and the most that they can cost */
    int n_channels;     /* outputs: 2 or more */
    bool notes;         /* what is played is written down for chr_engine_next_note */
    int n_inputs;       /* channels that the device hears; 0: none */
    chr_now_fn *now_ns; /* what plays is timed by it (runtime/costs.h); NULL: it is not */
    int threads; /* 2 to 8: so many share the work of each chunk, for renderings alone, where nobody
                    waits for a device: the same samples. 0 or 1: one makes the sound */
    int cut; /* 1 to 63: each chunk is run in two parts, cut at this sample: the same samples, for
                tests; 0: as a whole */
    bool share_always; /* also where one thread alone would be sooner done, for tests */
} chr_engine_options;

/* What an evaluation did to the graph; shown as "kept 11, changed 2, new 1, gone 1 — at bar 9".
 * Counts of nodes that a player wrote (hidden ones are left out). */
typedef struct chr_offer_report {
    int kept, changed, added, gone;
    bool patterns_wait; /* a pattern changed while the clock ran: it takes over at the next multiple
                           of the session's quantum */
    bool same;          /* nothing that is heard differs, so nothing was offered */
} chr_offer_report;

typedef struct chr_engine_counters {
    uint64_t clock;           /* samples made */
    bool running;             /* the transport's clock runs */
    double beat;              /* position of the transport, from 0 */
    double bpm;               /* there */
    double looped, jumped;    /* beats that loops, and jumps, have taken it back so far */
    const chr_time_map *time; /* of what was offered last; valid until the next offer */
    uint64_t swaps;           /* graphs taken over */
    uint64_t last_swap;       /* clock at the last take-over */
    uint64_t copied;  /* samples of history that one take-over had to copy, at most, by lane */
    uint64_t faults;  /* blocks silenced because a value was not finite */
    float peak[2];    /* greatest since the last call, after the ceiling */
    int graphs_alive; /* built and not yet freed */
    int voices;       /* sounding */
} chr_engine_counters;

/* [control] NULL when memory is out or the options cannot be met. */
chr_engine *chr_engine_new(const chr_engine_options *options);
/* [control] No [audio] call may be under way. */
void chr_engine_free(chr_engine *e);

struct chr_noted; /* runtime/audio/noted.h */
/* [control] The next note that was played, in the order of their beginnings; false: all have been
 * told. With chr_engine_options.notes. */
bool chr_engine_next_note(chr_engine *e, struct chr_noted *note);
/* [control] Notes that were left out since nobody asked in time. */
unsigned chr_engine_notes_lost(const chr_engine *e);

/* [control] Offers a session; takes ownership of `ir`, whatever happens. Built against what is
 * heard then. Cross-fades that are under way go on where they are; an input that changes while it
 * fades begins its next fade from what is heard then, or, where two fades of it are under way, when
 * they have ended (the newest change of it wins). What is heard depends on the sessions and the
 * samples of their take-overs alone. */
CHR_MUST_USE chr_status chr_engine_offer(chr_engine *e, chr_ir *ir, chr_offer_report *report);
/* [control] The same for a moment of one's own: everything of it (fades, ramps, clock) begins at
 * the very sample, live and offline alike. What is offered and not yet heard is replaced whole by
 * the next one, with what it was to do to the clock, unless that is to come `behind` it: then it is
 * built against what is heard once all of them have come, however close to one another they are, in
 * the same chunk or at the same sample. So many may wait: CHR_ENGINE_OFFERS; one more is refused as
 * if memory were out. Live, a moment must be further ahead than the device's block, or it has
 * passed when the offer arrives. */
enum { CHR_ENGINE_OFFERS = 16 };
CHR_MUST_USE chr_status chr_engine_offer_when(chr_engine *e, chr_ir *ir, const chr_offer_when *when,
                                              chr_offer_report *report);

/* [control] Takes back the offer of that number (chr_engine_offers) and all that are behind it, as
 * far as they are not heard yet, with what they were to do to the clock. True if that one is among
 * them; false: it is heard, or there is none. */
bool chr_engine_withdraw(chr_engine *e, uint64_t number);
/* [control] True if the offer of that number is heard, one of the last CHR_ENGINE_OFFERS; *at
 * (NULL: not asked): the clock of its take-over. */
bool chr_engine_took(const chr_engine *e, uint64_t number, uint64_t *at);
/* [control] True while something waits that was offered for no moment of its own: who plays live
 * does not know when it will come. */
bool chr_engine_hurries(const chr_engine *e);

/* [control] The transport as it will be. */
typedef struct chr_transport {
    bool running;
    double beat;           /* position, from 0 */
    double looped, jumped; /* beats that loops, and jumps, have taken it back */
    double from, to;       /* the loop towards whose end it runs on; to 0: none */
} chr_transport;
/* [control] Once all that is offered has come, and so many beats are `looped`; now, if nothing is
 * and they are. */
chr_transport chr_engine_then(const chr_engine *e, double looped);
/* [control] Clock of the engine at which the running transport will be at `beat` (from 0) then;
 * UINT64_MAX: it stands, or the piece ends before. */
uint64_t chr_engine_sample_then(const chr_engine *e, double looped, double beat);
/* [control] The same once the loop has begun anew. */
uint64_t chr_engine_sample_in_next_round(const chr_engine *e, double looped, double beat);
/* [control] The same at the tempo that is heard now. */
uint64_t chr_engine_sample_of_beat(const chr_engine *e, double beat);
/* [control] True while the transport runs on towards the end of a loop; from where to where. */
bool chr_engine_loops(const chr_engine *e, double *from, double *to);
/* [control] The next multiple of a quantum (more than 0) counted from bar 1, now or later; while
 * the transport stands: from where it stands. Where a loop begins anew before: that place. */
double chr_engine_next_beat(const chr_engine *e, chr_quantum quantum);
/* [control] Where the transport is at a sample of the engine's clock, if it goes on as it is. */
double chr_engine_beat_at(const chr_engine *e, uint64_t sample);

/* [control] Starts the clock at the next chunk (`play`); at bar 1 the first time, and from where it
 * stood after `stop`. */
void chr_engine_play(chr_engine *e);
/* [control] Stops the clock at the next bar; tails ring on. */
void chr_engine_stop(chr_engine *e);
/* [control] Stops the clock at the next chunk; tails ring on. What was offered for a later moment
 * takes over then too, for with the clock stopped nothing waits. The same holds for
 * chr_engine_hush. */
void chr_engine_stop_now(chr_engine *e);
/* [control] Fades everything within 50 ms, empties tails and voices, stops the clock. What comes
 * after it waits until the tails are empty, 50 ms later. */
void chr_engine_hush(chr_engine *e);
/* [control] The same within 5 ms. */
void chr_engine_panic(chr_engine *e);

/* [control] Frees what the audio thread let go, and builds an offer again that came too late. Call
 * it some hundred times a second live, and before each chunk offline. */
void chr_engine_tend(chr_engine *e);

/* [control] True while the session offered last is on its way to the audio thread; once it is
 * false, the counters' last_swap is the clock of its take-over, until the next chr_engine_tend.
 * False too where the offer changed nothing. */
bool chr_engine_waits(const chr_engine *e);

/* [control] The number of the offer made last, from 1. */
uint64_t chr_engine_offers(const chr_engine *e);

/* What took effect, in the order in which it did. */
typedef enum chr_event_kind {
    CHR_EVENT_OFFER, /* the session of that number took over, to the sample */
    CHR_EVENT_PLAY,  /* chr_engine_play … chr_engine_panic: at the beginning of a chunk */
    CHR_EVENT_STOP,
    CHR_EVENT_STOP_NOW,
    CHR_EVENT_HUSH,
    CHR_EVENT_PANIC,
    CHR_EVENT_LOST /* nobody asked for too long: something is missing here */
} chr_event_kind;
typedef struct chr_event {
    chr_event_kind kind;
    uint64_t offer; /* CHR_EVENT_OFFER: its number */
    uint64_t at;    /* clock of the engine */
} chr_event;
/* [control] The next one; false: nothing more so far. */
bool chr_engine_next_event(chr_engine *e, chr_event *event);

/* [control] Counters; and the label of a node that was silenced ("bass.lpf2") or NULL, each fault
 * once. */
chr_engine_counters chr_engine_read(chr_engine *e);
const char *chr_engine_next_fault(chr_engine *e);

/* [any thread] Graphs taken over so far, and the clock at the last take-over. */
typedef struct chr_engine_swaps {
    uint64_t n, clock;
} chr_engine_swaps;
chr_engine_swaps chr_engine_swaps_seen(const chr_engine *e) CHR_NONBLOCKING;

/* [control] Bytes that the graph which plays holds, and those of the state beside it: phases,
 * filters, delay lines. */
void chr_engine_memory(const chr_engine *e, size_t *graph, size_t *state);

/* [control] Latency of the ceiling in frames: the pure delay between sources and output. */
int chr_engine_latency(const chr_engine *e);

/* [audio] Makes n_frames frames, interleaved [n_frames][n_channels]. Any n_frames: chunks are kept
 * over. */
void chr_engine_render(chr_engine *e, float *out, int n_frames) CHR_NONBLOCKING;
/* [audio] The same, hearing in[n_frames][n_inputs] at the same time; NULL: silence. */
void chr_engine_render_heard(chr_engine *e, const float *in, float *out,
                             int n_frames) CHR_NONBLOCKING;

/* [control, offline only, between renders of exactly one chunk] Owner `i`'s sound in the last
 * chunk, before master and ceiling: [CHR_CHUNK] left and right. False when there is no such owner;
 * *name is the owner's. */
bool chr_engine_stem(const chr_engine *e, int i, const char **name, const float **left,
                     const float **right);

/* [control, offline only] For trials. Lanes of the graph that was offered last, and the label of
 * the node in one ("bass.lpf2"; NULL: none); from the next chunk on, `laps` counts what each takes
 * (NULL: no longer). */
uint32_t chr_engine_lanes(const chr_engine *e);
const char *chr_engine_lane_name(const chr_engine *e, uint32_t lane);
void chr_engine_time(chr_engine *e, struct chr_laps *laps);

/* One piece of work of many that do not need one another. */
typedef void chr_share_fn(void *context, uint32_t i);
/* [control] Between two blocks of a rendering: one(context, i) for each i below n, each once, by
 * the threads that share the work of the chunks; by this one where it is alone. */
void chr_engine_share(chr_engine *e, uint32_t n, chr_share_fn *one, void *context);

/* [control] Frames from the start of the transport to `beat` at the tempo that holds (offline, for
 * --bars). */
uint64_t chr_engine_frames_to_beat(const chr_engine *e, double beat);

/* [control] For runtime/listen.c. Lets the audio thread copy what it makes into a tap: false where
 * too many listen already. Takes it away again and frees it as soon as the audio thread has let go.
 */
bool chr_engine_attach(chr_engine *e, struct chr_tap *tap);
void chr_engine_detach(chr_engine *e, struct chr_tap *tap);
/* [control] The name of the patch whose chr_stem.id this is, as long as it is there; else NULL. */
const char *chr_engine_stem_name(const chr_engine *e, uint64_t id);
/* [control] Patches that are heard by themselves now, or soon; 0 without chr_engine_options.stems.
 */
int chr_engine_stems(const chr_engine *e);
/* [control] Samples made so far. */
uint64_t chr_engine_clock(const chr_engine *e);
float chr_engine_rate(const chr_engine *e);
int chr_engine_channels(const chr_engine *e);
int chr_engine_inputs(const chr_engine *e);

/* [control] What `why` asks about a patch. How far everything went over the ceiling since it was
 * asked last, while somebody listened, in dB (0: not at all); notes of a patch that were cut off
 * for others, counted from its start; whether one of its patterns waits to take over; the node of
 * it that was silenced last for a bad value, or NULL. */
double chr_engine_over_db(chr_engine *e);
uint64_t chr_engine_stolen(const chr_engine *e, const char *owner);
bool chr_engine_pattern_waits(const chr_engine *e, const char *owner);
const char *chr_engine_faulty(const chr_engine *e, const char *owner);

/* [control] The session that was offered last, as far as it was built; NULL at first. Valid until
 * the next call. */
const chr_ir *chr_engine_ir(const chr_engine *e);

/* [control] A click on every beat, in the output alone: those who listen (a recording) do not get
 * it. Off at first. */
void chr_engine_metronome(chr_engine *e, bool on);
bool chr_engine_has_metronome(const chr_engine *e);

/* [control] Text of the graph that plays: the format of `--dump graph`. */
void chr_engine_print_graph(const chr_engine *e, FILE *to);

#endif
