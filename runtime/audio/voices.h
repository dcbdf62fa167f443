/* runtime/audio/voices.h: what the files of the voices share. [audio] throughout.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_AUDIO_VOICES_H
#define CHR_RUNTIME_AUDIO_VOICES_H

#include "runtime/audio/audio.h"

/* Seconds that a voice which is taken from a note that sounds needs for its new pitch and force.
 * Its sound goes on meanwhile, so nothing jumps. */
#define CHR_STEAL_S 0.003

/* voice_rows.c: a value of a voice, from sample `offset` of the chunk on: at once; or, where
 * `gently`, within CHR_STEAL_S from what is heard of it. */
void chr_voice_set(chr_audio *a, uint32_t owner, uint32_t voice, chr_voice_value which, float x,
                   uint32_t offset, bool gently) CHR_NONBLOCKING;

/* voice_order.c: a note is on in a voice, the latest of all; or it is free again, and nothing is
 * due in it. */
void chr_voice_hold(chr_voices *v, uint32_t voice) CHR_NONBLOCKING;
void chr_voice_free(chr_voices *v, uint32_t voice) CHR_NONBLOCKING;
/* voice_order.c: a voice for a note that begins at a sample: one that is free, the one released
 * longest ago; else the one that has sounded longest, unless it started at this sample (then the
 * chord is larger than the instrument, and its highest notes are left out). -1: none. */
int chr_voice_choose(const chr_voices *v, uint64_t at) CHR_NONBLOCKING;
/* voice_order.c: the voice that holds the latest note; -1: none. */
int chr_voice_latest(const chr_voices *v) CHR_NONBLOCKING;
/* voice_order.c: the sample at which a voice changes next; UINT64_MAX: nothing is due. */
void chr_voice_due(chr_voices *v, uint32_t voice, uint64_t at) CHR_NONBLOCKING;
/* voice_order.c: takes out those that are due up to a sample, in the order of their numbers. How
 * many there are. */
uint32_t chr_voices_due(chr_voices *v, uint64_t at, uint8_t due[CHR_MAX_VOICES]) CHR_NONBLOCKING;

/* sleep.c: a voice works from a sample of this chunk on. */
void chr_voice_wake(chr_audio *a, uint32_t owner, uint32_t voice, uint64_t at) CHR_NONBLOCKING;

/* sleep.c: the first envelope of an owner whose voice is this one or one after it. */
uint32_t chr_voice_levels(const chr_graph *g, uint32_t owner, uint32_t voice) CHR_NONBLOCKING;

/* voices.c: pitch of a voice, with its bend. */
void chr_voice_pitch(chr_audio *a, uint32_t owner, uint32_t voice, uint32_t offset,
                     bool gently) CHR_NONBLOCKING;
/* voices.c: a note begins in a voice, with a new attack: pitch, force and gate. */
void chr_voice_start(chr_audio *a, uint32_t owner, uint32_t voice, const chr_note *note,
                     uint64_t at) CHR_NONBLOCKING;
/* voices.c: the pitch of a note, and what its player does with it, in a voice that sounds on. */
void chr_voice_go_to(chr_audio *a, uint32_t owner, uint32_t voice, const chr_note *note,
                     uint64_t at, bool gently) CHR_NONBLOCKING;
/* voices.c: a voice's gate closes. */
void chr_voice_release(chr_audio *a, uint32_t owner, uint32_t voice,
                       uint32_t offset) CHR_NONBLOCKING;
/* voices.c: the sample at which a note's gate closes. */
uint64_t chr_voice_off(const chr_audio *a, const chr_note *note) CHR_NONBLOCKING;

/* mono.c: the same for an instrument with one voice, which remembers all notes that are held. */
void chr_mono_note(chr_audio *a, uint32_t owner, chr_note note, bool tie,
                   uint64_t at) CHR_NONBLOCKING;
void chr_mono_due(chr_audio *a, uint32_t owner, uint64_t at) CHR_NONBLOCKING;
/* When its gate or its pitch moves next; after the tempo has changed, or a note. */
void chr_mono_find_due(const chr_audio *a, uint32_t owner) CHR_NONBLOCKING;

#endif
