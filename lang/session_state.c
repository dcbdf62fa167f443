/* lang/session_state.c: a session's list of statements: copying, finding, replacing, taking out,
 * and its text. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

chr_state *chr_state_new(void) {
    chr_state *state = calloc(1, sizeof *state);
    if (!state)
        return NULL;
    state->refs = 1;
    state->time = &chr_time_usual;
    state->quantum = (chr_quantum){1, true};
    state->by_key = chr_index_new();
    state->about = chr_about_new();
    if (!state->by_key || !state->about) {
        chr_state_drop(state);
        return NULL;
    }
    return state;
}

static void drop_indexes(chr_state *state) {
    chr_index_free(state->by_key);
    chr_about_free(state->about);
    state->by_key = NULL;
    state->about = NULL;
}

void chr_file_record_clear(chr_file_record *record) {
    for (int i = 0; i < record->n_said; i++)
        chr_script_drop(record->said[i].script);
    free(record->said);
    free(record->acts);
    free(record->file);
    *record = (chr_file_record){0};
}

void chr_state_drop(chr_state *state) {
    if (!state || --state->refs > 0)
        return;
    drop_indexes(state);
    chr_time_map_drop(state->time);
    for (int i = 0; i < state->n; i++)
        chr_script_drop(state->entries[i].script);
    free(state->entries);
    for (int i = 0; i < state->n_files; i++)
        chr_file_record_clear(&state->files[i]);
    free(state->files);
    chr_play_clear(&state->play);
    free(state->label);
    free(state);
}

chr_state *chr_state_share(chr_state *state) {
    state->refs++;
    return state;
}

static bool copy_records(chr_state *to, const chr_state *from) {
    if (from->n_files == 0)
        return true;
    to->files = calloc((size_t)from->n_files, sizeof *to->files);
    if (!to->files)
        return false;
    for (int i = 0; i < from->n_files; i++) {
        const chr_file_record *old = &from->files[i];
        chr_file_record *record = &to->files[to->n_files++];
        record->file = strdup(old->file);
        record->said = calloc((size_t)old->n_said + 1, sizeof *record->said);
        record->acts = calloc((size_t)old->n_acts + 1, sizeof *record->acts);
        if (!record->file || !record->said || !record->acts)
            return false;
        for (; record->n_said < old->n_said; record->n_said++) {
            record->said[record->n_said] = old->said[record->n_said];
            chr_script_share(record->said[record->n_said].script);
        }
        memcpy(record->acts, old->acts, (size_t)old->n_acts * sizeof *record->acts);
        record->n_acts = old->n_acts;
    }
    return true;
}

chr_state *chr_state_copy(const chr_state *from) {
    chr_state *state = chr_state_new();
    if (!state)
        return NULL;
    for (int i = 0; i < from->n && !state->failed; i++) {
        chr_entry entry = from->entries[i];
        entry.fresh = false;
        chr_state_append(state, &entry);
    }
    state->time = chr_time_map_share(from->time);
    state->quantum = from->quantum;
    state->follows_tempo = from->follows_tempo;
    state->n_once = from->n_once;
    if (state->failed || !copy_records(state, from) || !chr_play_copy(&state->play, &from->play)) {
        chr_state_drop(state);
        return NULL;
    }
    return state;
}

static bool make_room(chr_state *state) {
    if (state->n < state->room)
        return true;
    int room = state->room ? state->room * 2 : 32;
    chr_entry *entries = realloc(state->entries, (size_t)room * sizeof *entries);
    if (!entries)
        return false;
    state->entries = entries;
    state->room = room;
    return true;
}

void chr_state_append(chr_state *state, const chr_entry *entry) {
    if (!entry->key || !make_room(state)) {
        state->failed = true;
        return;
    }
    int i = state->n;
    if (!chr_index_set(state->by_key, entry->key, i) ||
        !chr_about_add(state->about, entry->owner, i)) {
        state->failed = true;
        return;
    }
    state->entries[i] = *entry;
    chr_script_share(entry->script);
    state->n++;
}

int chr_state_find(const chr_state *state, const char *key) {
    if (state->by_key) {
        int i = chr_index_get(state->by_key, key);
        return i >= 0 && state->entries[i].statement ? i : -1;
    }
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && strcmp(state->entries[i].key, key) == 0)
            return i;
    return -1;
}

void chr_state_put(chr_state *state, const chr_entry *entry) {
    int i = entry->key ? chr_state_find(state, entry->key) : -1;
    if (i < 0) {
        chr_state_append(state, entry);
        return;
    }
    chr_script *old = state->entries[i].script;
    chr_script_share(entry->script);
    state->entries[i] = *entry;
    chr_script_drop(old);
}

void chr_state_take_out(chr_state *state, int i) {
    state->entries[i].statement = NULL;
    chr_about_remove(state->about, i);
}

void chr_state_seal(chr_state *state) {
    drop_indexes(state);
    int kept = 0;
    for (int i = 0; i < state->n; i++) {
        if (state->entries[i].statement)
            state->entries[kept++] = state->entries[i];
        else
            chr_script_drop(state->entries[i].script);
    }
    state->n = kept;
}

bool chr_state_reorder(chr_state *state, const int *order, int n) {
    chr_state *sorted = chr_state_new();
    if (!sorted)
        return false;
    for (int i = 0; i < n; i++)
        chr_state_append(sorted, &state->entries[order[i]]);
    if (sorted->failed) {
        chr_state_drop(sorted);
        return false;
    }
    chr_state old = *state; /* the entries and indexes change places; the rest stays */
    state->entries = sorted->entries;
    state->n = sorted->n;
    state->room = sorted->room;
    state->by_key = sorted->by_key;
    state->about = sorted->about;
    sorted->entries = old.entries;
    sorted->n = old.n;
    sorted->by_key = old.by_key;
    sorted->about = old.about;
    chr_state_drop(sorted);
    return true;
}

static bool names_owner(const chr_entry *entry, const char *name) {
    return entry->statement && entry->owner && strcmp(entry->owner, name) == 0 &&
           (strncmp(entry->key, "owner ", 6) == 0 || strncmp(entry->key, "pattern ", 8) == 0);
}

bool chr_state_has_owner(const chr_state *state, const char *name) {
    if (state->about) {
        for (int i = chr_state_newest_of(state, name); i >= 0; i = chr_state_next_of(state, i))
            if (names_owner(&state->entries[i], name))
                return true;
        return false;
    }
    for (int i = 0; i < state->n; i++)
        if (names_owner(&state->entries[i], name))
            return true;
    return false;
}

chr_file_record *chr_state_file(const chr_state *state, const char *file) {
    for (int i = 0; i < state->n_files; i++)
        if (strcmp(state->files[i].file, file) == 0)
            return &state->files[i];
    return NULL;
}

void chr_entry_text(const chr_entry *entry, const char **text, size_t *len) {
    if (entry->text) {
        *text = entry->text;
        *len = strlen(entry->text);
        return;
    }
    chr_span span = entry->statement->span;
    *text = span.source->text + span.from;
    *len = span.to - span.from;
    while (*len > 0 && strchr(" \t\r\n", (*text)[*len - 1]))
        --*len;
}

static const char *any_owner(const chr_state *state) {
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (e->statement && e->owner && names_owner(e, e->owner))
            return e->owner;
    }
    return NULL;
}

/* Who plays is a gesture, not a definition; what it led to is written so that the script does it
 * again. That all was stopped is not written: a saved piece that is loaded and played should sound.
 */
static void print_play(const chr_state *state, FILE *to) {
    const chr_play_facts *play = &state->play;
    if (play->silenced)
        return;
    if (play->chosen && play->n_names == 0) { /* a set of which every member was stopped */
        const char *owner = any_owner(state);
        if (owner)
            fprintf(to, "play %s\nstop %s\n", owner, owner);
        return;
    }
    if (!play->chosen && play->running)
        fputs("play\n", to);
    if (play->n_names == 0)
        return;
    fputs(play->chosen ? "play" : "stop", to);
    for (int i = 0; i < play->n_names; i++)
        fprintf(to, " %s", play->names[i]);
    fputc('\n', to);
}

char *chr_state_text(const chr_state *state) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    for (int i = 0; i < state->n; i++) {
        const char *words;
        size_t len;
        if (!state->entries[i].statement || state->entries[i].once)
            continue;
        chr_entry_text(&state->entries[i], &words, &len);
        fwrite(words, 1, len, to);
        fputc('\n', to);
    }
    print_play(state, to);
    bool bad = ferror(to) != 0;
    if (fclose(to) != 0 || bad) {
        free(text);
        return NULL;
    }
    return text;
}

bool chr_state_same(const chr_state *a, const chr_state *b) {
    const chr_play_facts *p = &a->play, *q = &b->play;
    if (a->n != b->n || p->chosen != q->chosen || p->n_names != q->n_names)
        return false;
    for (int i = 0; i < p->n_names; i++)
        if (strcmp(p->names[i], q->names[i]) != 0)
            return false;
    for (int i = 0; i < a->n; i++) {
        const chr_entry *x = &a->entries[i], *y = &b->entries[i];
        if (x->statement == y->statement)
            continue;
        if (strcmp(x->key, y->key) != 0 || !chr_ast_same(x->statement, y->statement))
            return false;
    }
    return true;
}
