/* runtime/state.h: what outlives a swap: state of nodes, voices of patches, patterns and their
 * positions. Shared by the graphs that use them; counted and freed on the control thread alone.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STATE_H
#define CHR_RUNTIME_STATE_H

#include "dsp/module.h"
#include "lang/ir.h"
#include "runtime/audio/query.h"

#include <stdatomic.h>

enum { CHR_MAX_VOICES = 256 };

/* The state of one group of lanes: the module's struct, and its ring of history. */
typedef struct chr_node_state {
    int uses; /* [control] graphs that refer to it */
    uint32_t lanes;
    uint32_t bytes;     /* of `data` */
    uint32_t ring_rows; /* a power of two, or 0 */
    uint32_t columns;   /* signals whose history the ring holds */
    void *data;         /* 64-byte aligned */
    float *ring;        /* [columns][ring_rows][lanes], 64-byte aligned */
    /* [audio] Rows of the ring belong to samples of its own time: the clock less `shift`. Time
     * stands still for what has left. */
    uint64_t shift;
    uint64_t until; /* clock after the last sample that it was run for */
    bool resumes;   /* what it holds came back: its time is 0 when its graph is taken over */
    /* [audio] After a fault: */
    uint32_t sick;        /* a bit for each lane that is silent until it has been emptied */
    uint32_t emptied[16]; /* by lane: rows of its history that are empty again */
    /* Of voices that sleep: what `data` was in a lane when its voice fell asleep, while the lane
     * works for nobody beside others that are awake. NULL where no lane ever sleeps: then there is
     * no history either. */
    void *kept;
    uint32_t kept_lanes; /* [audio] a bit for each lane whose truth is there, and not in `data` */
} chr_node_state;

/* [control] Zeroed and touched; one use. NULL when memory is out. */
chr_node_state *chr_node_state_new(uint32_t lanes, size_t bytes, size_t ring_rows,
                                   uint32_t columns);
void chr_node_state_use(chr_node_state *s);
void chr_node_state_drop(chr_node_state *s);
static inline size_t chr_node_state_bytes(const chr_node_state *s) {
    return s->bytes + (size_t)s->ring_rows * s->columns * s->lanes * sizeof *s->ring;
}

/* What of a lane's history was copied ahead: all that was written from sample `from` of the clock
 * on and before `to`. What was copied from `first` on and before `from` counts no more. All zeros:
 * nothing. */
typedef struct chr_ahead {
    uint64_t first, from, to;
} chr_ahead;

/* [control] A long history is copied ahead, to a state that nobody runs yet from one that [audio]
 * runs meanwhile, while `clock` goes on; but for its oldest `room` samples, which are written over
 * next. It may take as long as it likes, and be done again for what was written since. Nothing is
 * copied of what is written from sample `until` on: then another state takes its place. */
enum { CHR_AHEAD_ROOM = 4096, CHR_LONG_HISTORY = 4 * CHR_AHEAD_ROOM };
void chr_node_state_ahead(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                          uint32_t from_lane, uint32_t room, const _Atomic uint64_t *clock,
                          uint64_t until, chr_ahead *ahead);
/* [audio] Copies lane `from_lane` of `from` to lane `to_lane` of `to`: state and as much history as
 * both hold, up to the sample before `clock`; less what was copied ahead, and less what was written
 * before `empty`, for that is silence. Both belong to the same module. How many samples of history
 * were written. */
uint32_t chr_node_state_move(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                             uint32_t from_lane, uint64_t clock, chr_ahead ahead,
                             uint64_t empty) CHR_NONBLOCKING;
/* [control] The same from a state that nobody runs any more to one that nobody runs yet, as it was
 * when it was run last. */
void chr_node_state_return(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                           uint32_t from_lane);
/* [control] Lets lanes sleep. False when memory is out. */
bool chr_node_state_lets_sleep(chr_node_state *s);
/* [audio] Before it is run: these lanes sleep and no others. Those that have just fallen asleep are
 * kept as they are, those that have woken go on as they were. */
void chr_node_state_sleep(chr_node_state *s, uint32_t lanes) CHR_NONBLOCKING;
/* [audio] The same while `from` was run until just now, by the graph that is left. How many samples
 * of history were copied. */
uint32_t chr_node_state_resume(chr_node_state *to, uint32_t to_lane, const chr_node_state *from,
                               uint32_t from_lane) CHR_NONBLOCKING;
/* [audio] Its graph is taken over at `clock`. */
void chr_node_state_begin(chr_node_state *s, uint64_t clock) CHR_NONBLOCKING;
/* [audio] Makes one lane, of a state without history, as it was when it was new: all zeros. */
void chr_node_state_reset(chr_node_state *s, uint32_t lane) CHR_NONBLOCKING;
/* [audio] Empties the struct of one lane, which is sick from now on. */
void chr_node_state_clear(chr_node_state *s, uint32_t lane) CHR_NONBLOCKING;
/* [audio] Once a chunk: empties some more of a sick lane's history, for all of it at once may take
 * longer than a chunk lasts. True when the lane is well again: all zeros. */
bool chr_node_state_heal(chr_node_state *s, uint32_t lane) CHR_NONBLOCKING;

/* A note that a voice plays, or that one with a single voice remembers. */
typedef struct chr_note {
    uint64_t id;                   /* counted in its patch, from 1 */
    float value[CHR_VOICE_VALUES]; /* by chr_voice_value: what is its own; without bend */
    uint32_t locks;                /* a bit for each slot of CHR_VOICE_LOCK that it locks */
    double off_beat;               /* when it ends */
    uint64_t started, off_at;      /* samples; off_at: of a note that is remembered */
} chr_note;

/* One voice of a patch. */
typedef struct chr_voice {
    float value[CHR_VOICE_VALUES];    /* by chr_voice_value: what it has, or is on its way to */
    float from[CHR_VOICE_VALUES];     /* where the way began, */
    float slope[CHR_VOICE_VALUES];    /* the change a way that it had there, */
    uint32_t since[CHR_VOICE_VALUES]; /* and its first sample, in the last 32 bits of the clock */
    uint32_t ways;                    /* a bit for each value that is on its way */
    chr_note now;                     /* the note that it plays, or has played last */
    float level;                      /* of its envelopes as the chunk began; -1: it has none */
    uint64_t awake_from; /* sample from which it works; UINT64_MAX: it sleeps, silent until its next
                            note */
    bool held;           /* a note is on */
    bool opening;        /* it was taken from another note: its gate opens when it is due */
    uint64_t order;      /* number of its last start or release */
    uint64_t closed;     /* sample at which it was released last */
} chr_voice;

/* Notes that an instrument with one voice remembers while they are held. */
enum { CHR_MAX_HELD = 32 };

/* [audio] The voices of one patch. */
typedef struct chr_voices {
    int uses;                /* [control] */
    char *name;              /* the owner's */
    uint32_t n;              /* voices in use */
    _Atomic uint64_t stolen; /* notes left out or cut off for want of voices; [control] reads it */
    uint64_t order;          /* counts starts and releases */
    uint64_t notes;          /* counts notes */
    /* voice_order.c writes these: */
    uint64_t on[CHR_MAX_VOICES / 64]; /* a bit for each voice in which a note is on, */
    uint32_t n_on;                    /* and how many they are */
    uint16_t before[CHR_MAX_VOICES + 2], after[CHR_MAX_VOICES + 2]; /* links of two rings, by order:
                                   those that are free, and those in which a note is on */
    uint64_t due_at[CHR_MAX_VOICES]; /* sample at which a voice changes next; UINT64_MAX: none */
    uint64_t next_due;               /* the earliest of them */
    uint32_t n_due;                  /* a heap of those that are due, and each one's place in it */
    uint8_t heap[CHR_MAX_VOICES], heap_place[CHR_MAX_VOICES];
    uint32_t ways_most; /* the voices on whose values something is on its way are below it */
    uint64_t ways_end;  /* clock at which no value is on its way any more */
    uint64_t awake[CHR_MAX_VOICES / 64]; /* a bit for each voice that works */
    chr_voice voice[CHR_MAX_VOICES];
    chr_note held[CHR_MAX_HELD]; /* with one voice: the notes that are held, oldest first */
    uint32_t n_held;
} chr_voices;

chr_voices *chr_voices_new(const char *name);
void chr_voices_use(chr_voices *v);
void chr_voices_drop(chr_voices *v);
/* [audio] So many voices are in use: those beyond hold no note. */
void chr_voices_number(chr_voices *v, uint32_t n) CHR_NONBLOCKING;

/* A note of a pattern as a voice takes it. */
typedef struct chr_pattern_event {
    float freq_hz; /* 0: the pitch stays */
    float note;
    float level;
    float pan; /* -1..1 */
    bool tie;
    const chr_score_value *values; /* parameter locks, by slot; they last as long as the call */
    uint32_t n_values;
} chr_pattern_event;

/* A note that has been asked for and not been played yet. */
typedef struct chr_pending {
    uint64_t due;    /* sample */
    uint64_t number; /* in the order of the score: for those that are due together */
    chr_score_note note;
} chr_pending;

/* A pattern: its score, immutable, and room for the notes that are next. */
typedef struct chr_pattern {
    int uses;              /* [control] */
    chr_score score;       /* its tables lie behind */
    int64_t window;        /* ticks that the score is asked for at once: chr_score_window */
    chr_score_note *asked; /* [room_asked] for one answer */
    chr_pending *pending;  /* [room_pending] a heap: the first is the next */
    const double *note_hz; /* the tuning, or NULL */
    bool values;           /* its notes are values of a knob, */
    float base;            /* which is this before the first of them */
    uint32_t room_asked, room_pending;
    uint32_t n_pending; /* [audio] */
} chr_pattern;

/* `note_hz`: the tuning, as in chr_ir; it is copied. */
chr_pattern *chr_pattern_new(const chr_ir_pattern *source, const double *note_hz);
/* [audio] What a MIDI number of its notes sounds at; 0: the pitch stays, or the tuning has no key
 * for it. */
float chr_pattern_hz(const chr_pattern *p, float note) CHR_NONBLOCKING;
void chr_pattern_use(chr_pattern *p);
void chr_pattern_drop(chr_pattern *p);
/* True if both are heard as the same. NULL equals NULL. */
bool chr_pattern_equal(const chr_pattern *a, const chr_pattern *b);

/* [audio] Where a named pattern stands. */
typedef struct chr_track {
    int uses; /* [control] */
    char *name;
    _Atomic(chr_pattern *) now; /* what plays; [control] reads it to keep it alive */
    chr_pattern *next;          /* what takes over at switch_beat, if `waits` */
    bool waits;
    bool playing;
    bool unsettled; /* of values: the knob is still to be turned to where the clock is */
    double switch_beat;
    uint64_t switch_at; /* the same in samples */
    int64_t asked_to;   /* the score of what plays has been asked for what comes before this tick */
    uint64_t ask_at;    /* sample at which it is asked again */
    uint64_t n_asked;   /* notes that it has answered, counted */
    chr_slides slides;  /* where those that slide end */
    uint64_t next_at;   /* sample of the next note or question; UINT64_MAX: none */
} chr_track;

chr_track *chr_track_new(const char *name);
void chr_track_use(chr_track *t);
void chr_track_drop(chr_track *t);

#endif
