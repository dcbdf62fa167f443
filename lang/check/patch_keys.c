/* lang/check/patch_keys.c: the keys that a patch, a bus and an instrument can be given.
 * SPDX-License-Identifier: MIT */
#include "lang/check/patch_keys.h"

const char *const patch_key_words[N_PATCH_KEYS] = {
    [KEY_VOICES] = "voices",     [KEY_UNISON] = "unison", [KEY_DETUNE] = "detune",
    [KEY_SPREAD] = "spread",     [KEY_GLIDE] = "glide",   [KEY_GLIDE_WHEN] = "glide_when",
    [KEY_PRIORITY] = "priority", [KEY_LEGATO] = "legato", [KEY_FADE] = "fade",
    [KEY_GAIN] = "gain",         [KEY_PAN] = "pan",       [KEY_WIDTH] = "width",
};

const char *chr_patch_key(int i) {
    return i >= 0 && i < (int)N_PATCH_KEYS ? patch_key_words[i] : NULL;
}

/* N_PATCH_KEYS: there is no such key. */
static patch_key key_named(const char *word) {
    patch_key k = 0;
    while (k < N_PATCH_KEYS && strcmp(word, patch_key_words[k]) != 0)
        k++;
    return k;
}

bool take_patch_key(checker *c, patch_keys *k, const chr_ast *key) {
    patch_key which = key_named(key->text);
    if (which == N_PATCH_KEYS)
        return false;
    if (k->given[which] != NULL)
        REPORT(c, E305, name_span(key), key->text);
    k->given[which] = key->child;
    return true;
}

void read_patch_keys(checker *c, const chr_ast *statement, patch_keys *k) {
    bool bus = statement->kind == CHR_AST_BUS;
    for (const chr_ast *e = statement->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_KEY)
            continue;
        bool of_notes = key_named(e->text) <= LAST_KEY_OF_NOTES;
        if (!(bus && of_notes) && take_patch_key(c, k, e))
            continue;
        bool told =
            bus ? REPORT(c, E327, name_span(e), e->text) : REPORT(c, E321, name_span(e), e->text);
        if (told && !of_notes)
            suggest_knob(c, e->text, patch_key_words, N_PATCH_KEYS);
    }
}
