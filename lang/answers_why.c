/* lang/answers_why.c: mute, solo and stop, as they concern one patch.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_why.h"

#include "lang/session_state.h"

#include <string.h>

/* Is there a statement `word name`, or `word name/part`? */
static bool is_said(const chr_state *state, const char *word, const char *name) {
    size_t n = strlen(word), len = strlen(name);
    for (int i = 0; i < state->n; i++) {
        const char *key = state->entries[i].key;
        if (state->entries[i].statement && strncmp(key, word, n) == 0 && key[n] == ' ' &&
            strcmp(key + n + 1, name) == 0 && len > 0)
            return true;
    }
    return false;
}

chr_patch_facts chr_session_patch(const chr_session *s, const char *name) {
    const chr_state *state = chr_session_state(s);
    chr_patch_facts facts = {.bus = chr_is_bus(state, name),
                             .muted = is_said(state, "mute", name),
                             .stopped = !chr_play_is_on(&state->play, name)};
    if (is_said(state, "solo", name))
        return facts;
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && strncmp(state->entries[i].key, "solo ", 5) == 0)
            snprintf(facts.soloed, sizeof facts.soloed, "%s", state->entries[i].key + 5);
    return facts;
}
