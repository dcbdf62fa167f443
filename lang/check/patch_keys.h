/* lang/check/patch_keys.h: what stands before the colon of a patch or bus, or among the keys of
 * `create`. SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_PATCH_KEYS_H
#define CHR_CHECK_PATCH_KEYS_H

#include "lang/check/inner.h"

typedef enum patch_key {
    KEY_VOICES,
    KEY_UNISON,
    KEY_DETUNE,
    KEY_SPREAD,
    KEY_PRIORITY,
    KEY_LEGATO,
    KEY_GLIDE,
    KEY_GLIDE_WHEN,
    LAST_KEY_OF_NOTES = KEY_GLIDE_WHEN, /* a bus plays none */
    KEY_FADE,
    KEY_GAIN,
    KEY_PAN,
    KEY_WIDTH,
    N_PATCH_KEYS
} patch_key;

extern const char *const patch_key_words[N_PATCH_KEYS];

typedef struct patch_keys {
    const chr_ast *given[N_PATCH_KEYS]; /* values, NULL where a key is not given */
} patch_keys;

/* False if a patch has no such key. */
bool take_patch_key(checker *c, patch_keys *k, const chr_ast *key);
/* All of a PATCH or BUS; reports what is none. */
void read_patch_keys(checker *c, const chr_ast *statement, patch_keys *k);

/* voices.c: how many voices and copies of each an owner has, before its pitch is asked for. */
void set_voices(checker *c, owner *o, const place *p, const patch_keys *k);
/* An instrument whose module has a parameter `voices` plays that many notes at once, unless told
 * otherwise. */
void instrument_voices(checker *c, owner *o, const place *p, const maker *m, const chr_ast *given);
/* voices.c: how notes follow one another, and the pitch that glides and is detuned. */
void set_playing(checker *c, owner *o, const place *p, const patch_keys *k);
/* voices.c: how long a structural change takes. */
void set_fade(checker *c, owner *o, const place *p, const patch_keys *k);

#endif
