/* lang/session_play.c: who plays, as far as `play`, `stop` and `hush` decide it.
 *
 * `play` and `play all` start everything. `play kick` chooses a set: what is created later keeps
 * silent. While the clock runs and no set is chosen, `play kick` after `stop kick` only takes that
 * stop back. `stop` and `hush` silence what is there; a drone that is made afterwards sounds.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool has(const chr_play_facts *play, const char *name) {
    return play->n_names > 0 &&
           bsearch(&name, play->names, (size_t)play->n_names, sizeof *play->names, compare) != NULL;
}

/* "kick" stands for "kick/fill" too; and one pattern in the set is enough for its instrument to be
 * on. */
static bool concerns(const chr_play_facts *play, const char *name, bool any_part) {
    if (has(play, name))
        return true;
    size_t len = strcspn(name, "/");
    if (name[len]) {
        char *owner = strndup(name, len);
        bool found = owner && has(play, owner);
        free(owner);
        return found;
    }
    for (int i = 0; any_part && i < play->n_names; i++)
        if (strncmp(play->names[i], name, len) == 0 && play->names[i][len] == '/')
            return true;
    return false;
}

bool chr_play_is_on(const chr_play_facts *play, const char *name) {
    return play->chosen ? concerns(play, name, true) : !concerns(play, name, false);
}

static void clear_names(chr_play_facts *play) {
    for (int i = 0; i < play->n_names; i++)
        free(play->names[i]);
    free(play->names);
    play->names = NULL;
    play->n_names = 0;
}

void chr_play_clear(chr_play_facts *play) {
    clear_names(play);
    *play = (chr_play_facts){0};
}

bool chr_play_copy(chr_play_facts *to, const chr_play_facts *from) {
    *to = *from;
    to->names = NULL;
    to->n_names = 0;
    if (from->n_names == 0)
        return true;
    to->names = calloc((size_t)from->n_names, sizeof *to->names);
    if (!to->names)
        return false;
    for (; to->n_names < from->n_names; to->n_names++) {
        to->names[to->n_names] = strdup(from->names[to->n_names]);
        if (!to->names[to->n_names])
            return false;
    }
    return true;
}

static bool include(chr_play_facts *play, const char *name) {
    if (has(play, name))
        return true;
    char **names = realloc(play->names, ((size_t)play->n_names + 1) * sizeof *names);
    if (!names)
        return false;
    play->names = names;
    char *copy = strdup(name);
    if (!copy)
        return false;
    int at = play->n_names++;
    for (; at > 0 && strcmp(names[at - 1], name) > 0; at--)
        names[at] = names[at - 1];
    names[at] = copy;
    return true;
}

void chr_play_forget(chr_play_facts *play, const char *name) {
    int kept = 0;
    for (int i = 0; i < play->n_names; i++) {
        char *other = play->names[i];
        if (chr_means_pattern(name, other))
            free(other);
        else
            play->names[kept++] = other;
    }
    play->n_names = kept;
}

void chr_play_all(chr_play_facts *play) {
    clear_names(play);
    play->chosen = play->silenced = false;
    play->said = play->running = true;
}

bool chr_play_choose(chr_play_facts *play, const char *const *names, int n) {
    bool all_off = play->running && !play->chosen;
    for (int i = 0; i < n; i++)
        all_off &= has(play, names[i]);
    play->said = play->running = true;
    play->silenced = false;
    if (all_off) {
        for (int i = 0; i < n; i++)
            chr_play_forget(play, names[i]);
        return true;
    }
    if (!play->chosen)
        clear_names(play);
    play->chosen = true;
    for (int i = 0; i < n; i++)
        if (!include(play, names[i]))
            return false;
    return true;
}

bool chr_play_stop_names(chr_play_facts *play, const char *const *names, int n) {
    for (int i = 0; i < n; i++) {
        if (play->chosen)
            chr_play_forget(play, names[i]);
        else if (!include(play, names[i]))
            return false;
    }
    return true;
}

bool chr_play_silence(chr_play_facts *play, const chr_state *state) {
    clear_names(play);
    play->said = play->silenced = true;
    play->running = play->chosen = false;
    char **names = calloc((size_t)state->n + 1, sizeof *names);
    if (!names)
        return false;
    play->names = names;
    int n = 0;
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (!e->statement || !e->owner ||
            (strncmp(e->key, "owner ", 6) != 0 && strncmp(e->key, "pattern ", 8) != 0))
            continue;
        names[n] = strdup(e->owner);
        if (!names[n])
            return false;
        play->n_names = ++n;
    }
    qsort(names, (size_t)n, sizeof *names, compare);
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (kept > 0 && strcmp(names[kept - 1], names[i]) == 0)
            free(names[i]);
        else
            names[kept++] = names[i];
    }
    play->n_names = kept;
    return true;
}
