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

/* sleep.c: a voice works from a sample of this chunk on. */
void chr_voice_wake(chr_audio *a, uint32_t owner, uint32_t voice, uint64_t at) CHR_NONBLOCKING;

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
