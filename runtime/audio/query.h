/* runtime/audio/query.h: what a score plays. The audio thread asks for windows of time; the control
 * thread asks in the same way, to show notes and to write them to files. SPDX-License-Identifier:
 * MIT */
#ifndef CHR_RUNTIME_QUERY_H
#define CHR_RUNTIME_QUERY_H

#include "dsp/nonblocking.h"
#include "lang/score.h"

/* All notes that begin in ticks from..to-1, by their tick, then by how much later they come, then
 * by pitch. Each answer depends on the score alone, so a stretch asked for in pieces gives the same
 * notes. Takes room for `room` notes in `out` (chr_score_most tells how much is enough), and leaves
 * notes out where it does not suffice; returns how many there are. No note is a tie yet. Any
 * thread; two at once for one score, as long as each has an `out` of its own. */
uint32_t chr_score_query(const chr_score *s, int64_t from, int64_t to, chr_score_note *out,
                         uint32_t room) CHR_NONBLOCKING;

/* In what pieces a score is asked best, in ticks: whole rounds, as many as make a beat but with no
 * more than some 64 notes, and one at least; or, of a round with more notes, parts with about so
 * many that are no shorter than a beat. *most: notes in one piece, *room: what asking for it needs.
 */
int64_t chr_score_window(const chr_score *s, uint32_t *most, uint32_t *room);
/* The first tick after the piece that a tick lies in. */
int64_t chr_score_window_end(const chr_score *s, int64_t window, int64_t tick) CHR_NONBLOCKING;

/* Where notes that slide end: what begins there is reached without a new attack. All zeros at
 * first. */
typedef struct chr_slides {
    int64_t end[32];
    uint32_t n;
} chr_slides;
/* Marks the ties among notes that follow each other by their ticks; goes on where the notes before
 * ended. */
void chr_score_ties(chr_slides *slides, chr_score_note *notes, uint32_t n) CHR_NONBLOCKING;

/* The locks of a note, the strongest value for each slot, by slot; the number of them, at most
 * `room`. */
uint32_t chr_score_values(const chr_score *s, const chr_score_note *n, chr_score_value *out,
                          uint32_t room) CHR_NONBLOCKING;

#endif
