/* lang/session_about.c: which entries of a session's list are about which patch: a chain for each
 * patch, newest first. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>

typedef struct owner {
    int newest, count;
} owner;

typedef struct link {
    int owner;         /* -1: it has none, or was taken out */
    int before, after; /* older and newer entry of the same owner, or -1 */
} link;

struct chr_about {
    chr_index *numbers; /* name -> owner */
    owner *owners;
    int n_owners, owners_room;
    link *links; /* by number of the entry */
    int links_room;
};

struct chr_about *chr_about_new(void) {
    struct chr_about *about = calloc(1, sizeof *about);
    if (!about)
        return NULL;
    about->numbers = chr_index_new();
    if (!about->numbers) {
        free(about);
        return NULL;
    }
    return about;
}

void chr_about_free(struct chr_about *about) {
    if (!about)
        return;
    chr_index_free(about->numbers);
    free(about->owners);
    free(about->links);
    free(about);
}

static bool room_for_one(void **array, int n, int *room, size_t size) {
    if (n < *room)
        return true;
    int more = *room ? *room * 2 : 32;
    void *bigger = realloc(*array, (size_t)more * size);
    if (!bigger)
        return false;
    *array = bigger;
    *room = more;
    return true;
}

static int number_of(struct chr_about *about, const char *name) {
    int number = chr_index_get(about->numbers, name);
    if (number >= 0)
        return number;
    void *owners = about->owners;
    bool ok = room_for_one(&owners, about->n_owners, &about->owners_room, sizeof *about->owners);
    about->owners = owners;
    if (!ok || !chr_index_set(about->numbers, name, about->n_owners))
        return -1;
    about->owners[about->n_owners] = (owner){-1, 0};
    return about->n_owners++;
}

/* Entries come in the order of their numbers. */
bool chr_about_add(struct chr_about *about, const char *name, int entry) {
    void *links = about->links;
    bool ok = room_for_one(&links, entry, &about->links_room, sizeof *about->links);
    about->links = links;
    if (!ok)
        return false;
    about->links[entry] = (link){-1, -1, -1};
    if (!name)
        return true;
    int number = number_of(about, name);
    if (number < 0)
        return false;
    owner *o = &about->owners[number];
    about->links[entry] = (link){number, o->newest, -1};
    if (o->newest >= 0)
        about->links[o->newest].after = entry;
    o->newest = entry;
    o->count++;
    return true;
}

/* The link of what is taken out still leads on, for whoever stands at it. */
void chr_about_remove(struct chr_about *about, int entry) {
    link *l = &about->links[entry];
    if (l->owner < 0)
        return;
    owner *o = &about->owners[l->owner];
    if (l->before >= 0)
        about->links[l->before].after = l->after;
    if (l->after >= 0)
        about->links[l->after].before = l->before;
    else
        o->newest = l->before;
    o->count--;
    l->owner = -1;
}

int chr_state_newest_of(const chr_state *state, const char *name) {
    int number = chr_index_get(state->about->numbers, name);
    return number >= 0 ? state->about->owners[number].newest : -1;
}

int chr_state_next_of(const chr_state *state, int i) {
    return state->about->links[i].before;
}

int chr_state_count_of(const chr_state *state, const char *name) {
    int number = chr_index_get(state->about->numbers, name);
    return number >= 0 ? state->about->owners[number].count : 0;
}
