/* lang/score.h: a pattern as a small immutable program: what it plays in any of its rounds, and
 * nothing of how it came to be asked. The check writes it, runtime/audio/query.c reads it.
 *
 * Time is whole ticks. A round has `round` ticks, a beat `beat` ticks; tick 0 is where the clock's
 * beat 0 is, so round r is the ticks from r * round to (r + 1) * round - 1. The check chooses the
 * ticks so fine that every onset and end that the score can ever make is a whole one; nothing is
 * rounded.
 *
 * There are two kinds of nodes. **Steps** are laid out within one round: such a node has a length
 * in ticks and is asked where it begins, how often its surroundings have come round (`count`) and
 * on which path it was reached. **Rounds** are functions of time: such a node is asked for all
 * notes that begin in a stretch of ticks, and asks the nodes below it in turn, as in Tidal's
 * patterns (McLean and Wiggins, "Tidal - Pattern Language for the Live Coding of Music", SMC 2010).
 * Either may be shared by several nodes above it. A link leads to a node of a lower number, so
 * there is no cycle, and one walk through the nodes in order sees what is below before what is
 * above.
 *
 * Chance is addressed: a choice is a hash of the session's seed, the pattern's name, the number of
 * the node that asks, and where it was asked: the path and count of steps, the round or the note's
 * `id` of rounds. It never depends on what was asked before. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_SCORE_H
#define CHR_LANG_SCORE_H

#include "lang/arena.h"
#include "lang/source.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* clang-format off */
/* X(kind, name in dumps). In the comments: a, b, x, y are the node's fields; "below" is its links in order. "Its round":
 * the stretch of `round` ticks in which a note begins. */
#define CHR_SCORE_KINDS(X)                                                                                             \
    /* ---- steps ---- */                                                                                              \
    X(REST, "rest")             /* nothing sounds */                                                                   \
    X(NOTES, "notes")           /* tones a .. a+b-1 together, at level x, placed at y, over the whole length; flags SLIDE, PITCHLESS; lock */ \
    X(HOLD, "hold")             /* `_`: what ends where this begins goes on to its end; several in a row too, into and \
                                   out of brackets, and from the end of a round into the next one's beginning */       \
    X(ROW, "row")               /* below, each at its link's `at` (ticks after this one's beginning, rising). Every    \
                                   link has a number on the path: its own */                                           \
    X(TOGETHER, "together")     /* all below at once */                                                                \
    X(TURNS, "turns")           /* link count mod n, which is given count div n; a link may stand there several times */ \
    X(CHOICE, "choice")         /* one below by chance, all equally likely (a link may stand there several times) */   \
    X(CHANCE, "chance")         /* below, with probability x; else a rest */                                           \
    X(RATCHET, "ratchet")       /* below a times in the length; its k-th (from 0) is given count * a + k */            \
    /* ---- rounds: time ---- */                                                                                       \
    X(STEPS, "steps")           /* below (steps, as long as a round) in every round; count is the round's number */    \
    X(SILENCE, "silence")                                                                                              \
    X(FAST, "fast")             /* time runs a/b times as fast: what begins at tick t below begins at t * b / a */     \
    X(LATER, "later")           /* everything by a ticks (negative: earlier) */                                        \
    X(REV, "rev")               /* each round backwards: notes keep their length; one that reaches beyond its round's  \
                                   end is first cut there */                                                           \
    X(ITER, "iter")             /* in round r, r mod a parts of the a of a round are rotated to its end (b -1: to its beginning) */ \
    X(PARTS, "parts")           /* a round's a equal parts in another order: by chance a permutation (b 0: shuffle), or \
                                   each drawn anew (b 1: scramble); a note ends with its part at the latest */         \
    X(LINGER, "linger")         /* the first a/b of each round, over and over in it; a note ends with its part */      \
    X(SWING, "swing")           /* a pair of steps takes a ticks; its first half takes b/1000 of it, time within each half evenly */ \
    /* ---- rounds: which of several ---- */                                                                           \
    X(STACK, "stack")           /* all below */                                                                        \
    X(EVERY, "every")           /* two below: the second in rounds r with r mod a = b, else the first */               \
    X(SOMEROUNDS, "somerounds") /* two below: in each round the second with probability x, else the first */           \
    X(SIFT, "sift")             /* notes with probability x each, by their id and the number a; b 1: those that are left */ \
    X(WITHIN, "within")         /* two below: the second from tick a to b-1 of each round, else the first */           \
    X(UNTIL, "until")           /* two below: before tick a of the piece the first, from there on the second */        \
    X(CHUNK, "chunk")           /* two below: the second in part r mod a of the a of round r (b -1: from the last part on), else the first */ \
    X(MASK, "mask")             /* notes of the first that begin while a note of the second sounds */                  \
    X(STRUCT, "struct")         /* the first's tones and locks, with onsets, ends and (b 0) levels of the second: each note of \
                                   the second takes what of the first sounds at its onset, or what began last (within the \
                                   round before), and is left out where there is nothing; ids are made of both */      \
    X(SQUEEZE, "squeeze")       /* each note of the second holds a whole round of the first: that of its number in its \
                                   round plus the round's number times a, the greatest number of notes that a round of the \
                                   second can have (chr_score_finish fills it in); what is longer is cut at its end */ \
    X(FILL_GAPS, "invert-steps")/* where nothing sounds of the first in a step of a ticks (counted from the round's \
                                   beginning), a note of the NOTES node b at the step's beginning, one step long: the hits \
                                   and the rests of a grid changed about */                                            \
    /* ---- rounds: notes ---- */                                                                                      \
    X(PLY, "ply")               /* each note a times within its length, each with an id of its own */                  \
    X(DEGRADE, "degrade")       /* each note is left out with probability x */                                         \
    X(TRANSPOSE, "transpose")   /* x semitones up */                                                                   \
    X(DEGREES, "degrees")       /* a degrees up in scale b; a note that is not in it keeps its distance from the degree below it */ \
    X(MIRROR, "mirror")         /* pitch p becomes 2x - p */                                                           \
    X(ARP, "arp")               /* notes that begin together, one after the other in their time, in order a (chr_arp); b times through in it */ \
    X(STRUM, "strum")           /* of notes that begin together the k-th from below is x * k seconds late (x negative: from above) */ \
    X(LEVEL, "level")           /* levels by a factor of x, not above 1 */                                             \
    X(GATE, "gate")             /* sounds for a share of x of its length (more than 1: into the next), whatever was said below */ \
    X(NUDGE, "nudge")           /* x seconds later (negative: earlier) */                                              \
    X(HUMANIZE, "humanize")     /* by chance up to x seconds earlier or later, and up to a share of y softer or louder */ \
    X(GROOVE, "groove")         /* by position in a groove of a steps of b ticks each: grooves[lock .. lock+a-1]: seconds later, and a factor of the level */ \
    X(PAN, "pan")               /* placed at x, -1 left to 1 right, added to where it is */                            \
    X(LOCK, "lock")             /* with the values of lock `lock` where the note has none of its own for a slot */
/* clang-format on */

typedef enum chr_score_kind {
#define CHR_SCORE_ENUM(kind, name) CHR_SCORE_##kind,
    CHR_SCORE_KINDS(CHR_SCORE_ENUM)
#undef CHR_SCORE_ENUM
        CHR_SCORE_KIND_COUNT
} chr_score_kind;

typedef enum chr_arp {
    CHR_ARP_UP,
    CHR_ARP_DOWN,
    CHR_ARP_UPDOWN,   /* neither end twice */
    CHR_ARP_CONVERGE, /* lowest, highest, second lowest … */
    CHR_ARP_RANDOM    /* a permutation by chance */
} chr_arp;

enum {
    CHR_SCORE_SLIDE =
        1, /* flag of NOTES: what begins where it ends is reached without a new attack */
    CHR_SCORE_PITCHLESS = 2, /* flag of NOTES: the pitch stays as it is (a grid) */
    CHR_SCORE_LOCKS = 4,     /* locks that one note can bring along: those outside are left out */
    /* Notes that one answer can have. What is denser than that within a window cannot be heard. */
    CHR_SCORE_ROOM = 1 << 15,
    CHR_SCORE_CHORD = 32,      /* notes that STRUCT takes at one moment, at most */
    CHR_SCORE_DEPTH = 256,     /* nodes above one another: a deeper score is silent */
    CHR_SCORE_HOLD_ROUNDS = 64 /* so many whole rounds of holds are looked at, at most */
};
#define CHR_SCORE_NO_LOCK UINT32_MAX

typedef struct chr_score_link {
    int64_t at; /* ROW: ticks after the row's beginning; else 0 */
    uint32_t node;
} chr_score_link;

/* Steps: may it begin with a hold, or be nothing but holds? */
typedef enum chr_score_leads { CHR_LEADS_NOT, CHR_LEADS_PARTLY, CHR_LEADS_WHOLLY } chr_score_leads;

typedef struct chr_score_node {
    uint8_t kind; /* chr_score_kind */
    uint8_t flags;
    uint32_t first, n; /* links[first .. first+n-1] are what stands below, all of lower numbers */
    uint32_t lock;  /* NOTES, LOCK: index into locks, or CHR_SCORE_NO_LOCK; GROOVE: into grooves */
    uint32_t place; /* NOTES: index into places */
    int64_t length; /* steps: ticks, 1 or more */
    int64_t a, b;
    double x, y;
    /* Filled in by chr_score_finish. */
    uint8_t leads;         /* chr_score_leads */
    uint16_t depth;        /* nodes above one another, itself the last */
    uint32_t most;         /* notes that begin in it (steps), in one round (rounds), at most */
    uint32_t room;         /* notes that answering for one round needs room for, at most */
    int64_t longest;       /* ticks that a note of it can last, at most */
    float early_s, late_s; /* how much a note of it may come before and after its tick, at most */
    float speed;           /* how much faster than above time runs below it, at most */
} chr_score_node;

/* A value that a note brings along: a parameter lock. Slots are numbered by the owner. */
typedef struct chr_score_value {
    uint32_t slot;
    float value;
} chr_score_value;
typedef struct chr_score_lock {
    uint32_t first, n; /* values[first .. first+n-1], by slot */
} chr_score_lock;
typedef struct chr_score_groove {
    float later_s, level;
} chr_score_groove;
/* Scales that DEGREES counts in. */
typedef struct chr_score_scale {
    int32_t tonic;     /* pitch class */
    int32_t n;         /* 1..12 */
    int32_t steps[12]; /* semitones above the tonic, rising from 0 */
} chr_score_scale;

typedef struct chr_score {
    const chr_score_node *nodes;
    const chr_score_link *links;
    const float
        *tones; /* MIDI numbers, rising within a NOTES node; for `values` what is to be set */
    const chr_score_lock *locks;
    const chr_score_value *values;
    const chr_score_groove *grooves;
    const chr_score_scale *scales;
    const chr_span *places; /* in the source; of use on the control thread alone */
    uint32_t n_nodes, n_links, n_tones, n_locks, n_values, n_grooves, n_scales, n_places;
    uint32_t root;       /* a node of rounds */
    uint64_t seed;       /* of the session, mixed with the pattern's name */
    int64_t round, beat; /* ticks, 1 or more */
    /* Filled in by chr_score_finish: rounds are counted modulo this, so that no product of ticks
     * and speeds overflows. */
    int64_t most_rounds;
} chr_score;

/* One note as it is played. */
typedef struct chr_score_note {
    int64_t at, end; /* ticks from the clock's beginning; end > at */
    uint64_t id;     /* where in the text and in which round: what chance is addressed by */
    float note;      /* MIDI number; negative: the pitch stays as it is */
    float level;     /* 0..1 */
    float gate;      /* share of its length that the gate is open; 1 at first */
    float pan;       /* -1..1, 0 at first */
    float later_s;   /* comes so much later than `at` */
    uint32_t locks[CHR_SCORE_LOCKS]; /* the strongest first; CHR_SCORE_NO_LOCK after the last */
    uint32_t leaf;                   /* the NOTES node that it comes from */
    bool slide;                      /* what begins where it ends does so without a new attack */
    bool tie;                        /* it is reached by a slide */
} chr_score_note;

/* Fills in what follows from the rest of a score: `nodes` is what s->nodes points to. */
void chr_score_finish(chr_score *s, chr_score_node *nodes);

/* Notes that begin in so many whole rounds, at most; *room: what answering for them needs room for
 * (both at most CHR_SCORE_ROOM). */
uint32_t chr_score_most(const chr_score *s, int64_t rounds, uint32_t *room);

/* Does it ask chance? */
bool chr_score_asks_chance(const chr_score *s);

/* Bytes that a copy's tables take, and the copy: its tables lie in `memory`, aligned to 16 bytes.
 * Places are left out if not wanted. */
size_t chr_score_bytes(const chr_score *s, bool places);
chr_score chr_score_copy(const chr_score *s, bool places, void *memory);

/* True if both are heard as the same: every number is the same, wherever it stands in the text. The
 * seed counts where chance is asked. */
bool chr_score_equal(const chr_score *a, const chr_score *b);

/* The format of `--dump ir`: a line a node. */
void chr_score_print(const chr_score *s, FILE *to);

/* A score of notes as they are, the same in every round: of n events, in the order in which they
 * begin. False when the arena is out of memory. */
typedef struct chr_score_event {
    int64_t at, length; /* ticks: 0 <= at < round, length 1 or more */
    float note;         /* negative: the pitch stays as it is */
    float level;
    bool slide;
} chr_score_event;
bool chr_score_flat(chr_arena *arena, const chr_score_event *events, uint32_t n, int64_t round,
                    int64_t beat, chr_score *out);

#endif
