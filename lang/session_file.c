/* lang/session_file.c: a file's new text, compared with what the file said before (language, §9).
 *
 * First the file is read on its own: its net statements, in which a later one has replaced an
 * earlier one of the same name. Each is then looked up in what the file said last time: the same
 * does nothing, so that what was typed over it stays; a new or changed one applies; one that is
 * gone takes with it what the session has from it. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

/* A statement that acts once, and for one that ends something the target that the file itself does
 * not have. */
typedef struct act {
    const chr_ast *statement, *target;
    uint64_t hash;
    bool ends;
    bool missing;      /* what it removes is not there; told when it is known what else is */
    char *text_so_far; /* for `save` in a script that is read for the first time */
} act;

typedef struct reading {
    chr_candidate *c;
    const chr_setting *setting;
    const char *file;
    const chr_file_record *record; /* what the file said before, or NULL */
    chr_state *net;
    act *acts;
    int n_acts, acts_room;
    chr_index *old_keys; /* key -> number in record->said */
    chr_index *net_keys; /* key -> place in the file */
    chr_index *changed;  /* owners whose definition is new or another */
} reading;

/* ---- reading the file on its own ---- */

static act *add_act(reading *r, const chr_ast *statement, const chr_ast *target, bool ends) {
    if (r->n_acts == r->acts_room) {
        int room = r->acts_room ? r->acts_room * 2 : 16;
        act *acts = realloc(r->acts, (size_t)room * sizeof *acts);
        if (!acts) {
            r->c->failed = true;
            return NULL;
        }
        r->acts = acts;
        r->acts_room = room;
    }
    act *a = &r->acts[r->n_acts++];
    *a = (act){.statement = statement, .target = target, .ends = ends};
    a->hash = chr_ast_hash(statement, &r->c->failed);
    return a;
}

static void read_end(reading *r, const chr_ast *statement) {
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    chr_ending ending = {.arena = r->c->arena};
    do {
        if (!chr_candidate_spend(r->c, statement->span,
                                 target && !chr_is_bus(r->net, target->text) ? r->net->play.n_names
                                                                             : 2 * r->net->n))
            return; /* twice: it is done once more to the session's list */
        if (!chr_end_target(r->net, statement, target, &ending) || !target)
            add_act(r, statement, target, true);
        target = target ? target->next : NULL;
    } while (target && target->kind == CHR_AST_TARGET);
}

static void read_act(reading *r, const chr_ast *statement) {
    act *a = add_act(r, statement, NULL, false);
    if (statement->kind == CHR_AST_PLAY || statement->kind == CHR_AST_STOP ||
        statement->kind == CHR_AST_HUSH || statement->kind == CHR_AST_PANIC)
        chr_act_on_play(r->c, r->net, statement);
    if (statement->kind == CHR_AST_WHEN && chr_candidate_spend(r->c, statement->span, r->net->n))
        chr_end_moment(r->net, statement);
    if (a && statement->kind == CHR_AST_SAVE && !r->record && r->c->state->n == 0 &&
        r->c->session->options.allow_save && chr_candidate_spend(r->c, statement->span, r->net->n))
        a->text_so_far = chr_state_text(r->net);
}

static void read_statement(void *context, const chr_ast *statement, const chr_setting *setting) {
    reading *r = context;
    switch (chr_statement_manner(statement)) {
    case CHR_BRINGS:
        chr_read_import(r->c, statement, setting, read_statement, r);
        break;
    case CHR_ENDS:
        read_end(r, statement);
        break;
    case CHR_ACTS:
        if (setting->imported)
            chr_act(r->c, statement, setting); /* says that it is passed over */
        else
            read_act(r, statement);
        break;
    default:
        chr_apply(r->c, r->net, statement, setting, true);
        break;
    }
}

/* ---- comparing ---- */

static bool is_from(const chr_entry *entry, const char *file) {
    return entry->script->file && strcmp(entry->script->file, file) == 0;
}

static bool was_said(const reading *r, const chr_entry *entry) {
    int i = r->old_keys ? chr_index_get(r->old_keys, entry->key) : -1;
    return i >= 0 && chr_ast_same(r->record->said[i].statement, entry->statement);
}

static bool is_definition(const chr_entry *entry) {
    return strncmp(entry->key, "owner ", 6) == 0;
}

static int compare_hashes(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Sorted hashes of what acts once. The targets of one statement stand together: it counts once. */
static uint64_t *hashes_of(const reading *r, int *n) {
    uint64_t *hashes = malloc(((size_t)r->n_acts + 1) * sizeof *hashes);
    *n = 0;
    for (int i = 0; hashes && i < r->n_acts; i++)
        if (i == 0 || r->acts[i].statement != r->acts[i - 1].statement)
            hashes[(*n)++] = r->acts[i].hash;
    if (hashes)
        qsort(hashes, (size_t)*n, sizeof *hashes, compare_hashes);
    return hashes;
}

/* Leaves the acts whose statement the file did not have before: as many of equal ones as have come.
 */
static bool keep_new_acts(reading *r) {
    if (!r->record || r->record->n_acts == 0)
        return true;
    const uint64_t *old = r->record->acts;
    int n_old = r->record->n_acts;
    bool *used = calloc((size_t)n_old, sizeof *used);
    if (!used)
        return false;
    const chr_ast *last = NULL;
    bool last_is_new = false;
    int kept = 0;
    for (int i = 0; i < r->n_acts; i++) {
        act a = r->acts[i];
        if (a.statement != last) {
            const uint64_t *found =
                bsearch(&a.hash, old, (size_t)n_old, sizeof *old, compare_hashes);
            int k = found ? (int)(found - old) : n_old;
            while (k > 0 && k < n_old && old[k - 1] == a.hash)
                k--;
            while (k < n_old && old[k] == a.hash && used[k])
                k++;
            last_is_new = k >= n_old || old[k] != a.hash;
            if (!last_is_new)
                used[k] = true;
            last = a.statement;
        }
        if (last_is_new)
            r->acts[kept++] = a;
        else
            free(a.text_so_far);
    }
    r->n_acts = kept;
    free(used);
    return true;
}

/* ---- applying ---- */

/* What was typed about a patch that is gone. What the file itself still says about it stays, and
 * the check will say that it is about nothing. */
static void take_out_others(reading *r, const char *owner) {
    chr_state *state = r->c->state;
    chr_take_out_sends(state, owner, r->file, r->net);
    for (int i = chr_state_newest_of(state, owner); i >= 0; i = chr_state_next_of(state, i)) {
        const chr_entry *entry = &state->entries[i];
        if (!is_from(entry, r->file) || chr_state_find(r->net, entry->key) < 0)
            chr_state_take_out(state, i);
    }
    chr_play_forget(&state->play, owner);
}

/* What the file says no more. What was typed over it stays, save what acts on a patch that is there
 * no longer. */
static void take_out_gone(reading *r) {
    chr_candidate *c = r->c;
    chr_state *state = c->state;
    for (int k = 0; r->record && k < r->record->n_said; k++) {
        const chr_entry *old = &r->record->said[k];
        if (chr_state_find(r->net, old->key) >= 0)
            continue;
        int i = chr_state_find(state, old->key);
        if (i < 0 || !is_from(&state->entries[i], r->file))
            continue;
        if (old->statement->kind == CHR_AST_ADD &&
            chr_candidate_spend_on(c, state, old->owner, old->statement->span))
            chr_drop_effect_settings(c->session, state, old->owner,
                                     chr_effect_label(old->statement),
                                     chr_effect_module(old->statement), r->file);
        chr_state_take_out(state, i);
        if (old->owner && (is_definition(old) || strncmp(old->key, "pattern ", 8) == 0) &&
            !chr_state_has_owner(r->net, old->owner)) {
            bool plays_on =
                chr_state_has_owner(state, old->owner) &&
                (!is_definition(old) || chr_library_module(c->session->library, old->owner));
            if (!plays_on && chr_candidate_spend(c, old->statement->span, state->n))
                take_out_others(r, old->owner);
        }
    }
}

static void put(reading *r, const chr_entry *entry, bool fresh) {
    chr_entry copy = *entry;
    copy.fresh = fresh;
    chr_state_put(r->c->state, &copy);
}

static void put_definition(reading *r, const chr_entry *entry) {
    chr_state *state = r->c->state;
    if (was_said(r, entry)) {
        int i = chr_state_find(state, entry->key);
        if (i >= 0 && is_from(&state->entries[i], r->file))
            put(r, entry, false); /* the same again; its place in the file may be another */
        return;
    }
    chr_drop_settings(r->c->session, state, entry->owner, r->file);
    put(r, entry, true);
    if (!chr_index_set(r->changed, entry->owner, 1))
        r->c->failed = true;
}

static void put_other(reading *r, const chr_entry *entry) {
    chr_candidate *c = r->c;
    chr_state *state = c->state;
    const chr_ast *statement = entry->statement;
    int i = chr_state_find(state, entry->key);
    if (was_said(r, entry)) {
        /* A parameter that was moved by hand comes back to the file's word when its patch is
         * defined anew. */
        bool comes_back =
            i < 0 && statement->kind == CHR_AST_SET && chr_index_get(r->changed, entry->owner) >= 0;
        if (comes_back || (i >= 0 && is_from(&state->entries[i], r->file)))
            put(r, entry, false);
        return;
    }
    if (statement->kind == CHR_AST_ADD && i >= 0 &&
        chr_candidate_spend_on(c, state, entry->owner, statement->span)) {
        chr_drop_effect_settings(c->session, state, entry->owner, chr_effect_label(statement),
                                 chr_effect_module(statement), r->file);
    } else if (statement->kind == CHR_AST_REMOVE_FROM) {
        const char *add =
            chr_arena_printf(c->arena, "add %s to %s", statement->child->text, entry->owner);
        int k = add ? chr_state_find(state, add) : -1;
        if (k >= 0 && chr_state_find(r->net, add) < 0)
            chr_state_take_out(state, k);
    } else if (statement->kind == CHR_AST_MODULE) {
        chr_note_shadow(c, state, entry);
    }
    chr_end_changes(c, state, statement, r->file);
    put(r, entry, true);
}

/* ---- order ---- */

/* Where in the file an entry of the session's list stands; -1: it is not from the file. */
static int place_in_file(const reading *r, const chr_entry *entry) {
    return is_from(entry, r->file) ? chr_index_get(r->net_keys, entry->key) : -1;
}

/* The file's statements come in the file's order, each followed by what stood behind it from
 * elsewhere: effects are in the order in which they are written, wherever a line was put in. */
static bool sort_like_file(reading *r) {
    chr_state *state = r->c->state;
    int n_places = r->net->n + 1;                          /* 0: before all that the file says */
    int *first = malloc((size_t)n_places * sizeof *first); /* entries behind each place, as lists */
    int *last = malloc((size_t)n_places * sizeof *last);
    int *next = malloc(((size_t)state->n + 1) * sizeof *next);
    int *order = malloc(((size_t)state->n + 1) * sizeof *order);
    bool ok = first && last && next && order;
    for (int p = 0; ok && p < n_places; p++)
        first[p] = last[p] = -1;
    int place = 0;
    /* Two rounds, so that at each place the file's own entry comes first. */
    for (int round = 0; ok && round < 2; round++)
        for (int i = 0; i < state->n; i++) {
            const chr_entry *entry = &state->entries[i];
            if (!entry->statement)
                continue;
            int own = place_in_file(r, entry);
            if (own >= 0 && round == 1)
                place = own + 1;
            if ((own >= 0) != (round == 0))
                continue;
            int at = own >= 0 ? own + 1 : place;
            if (entry->statement->kind == CHR_AST_REMOVE_FROM && own < 0) {
                /* It is about a stage of the patch; behind an `add` of that name it would mean the
                 * added one. */
                const char *add = chr_arena_printf(r->c->arena, "add %s to %s",
                                                   entry->statement->child->text, entry->owner);
                int added = add ? chr_index_get(r->net_keys, add) : -1;
                at = added >= 0 && added < at ? added : at;
            }
            next[i] = -1;
            if (last[at] >= 0)
                next[last[at]] = i;
            else
                first[at] = i;
            last[at] = i;
        }
    int n = 0;
    for (int p = 0; ok && p < n_places; p++)
        for (int i = first[p]; i >= 0; i = next[i])
            order[n++] = i;
    ok = ok && chr_state_reorder(state, order, n);
    free(first);
    free(last);
    free(next);
    free(order);
    return ok;
}

/* ---- the record ---- */

static bool remember(reading *r, uint64_t *hashes, int n_hashes) {
    chr_state *state = r->c->state;
    chr_file_record *record = chr_state_file(state, r->file);
    if (!record) {
        chr_file_record *files =
            realloc(state->files, ((size_t)state->n_files + 1) * sizeof *files);
        if (!files)
            return false;
        state->files = files;
        record = &files[state->n_files];
        *record = (chr_file_record){.file = strdup(r->file)};
        if (!record->file)
            return false;
        state->n_files++;
    }
    chr_entry *said = calloc((size_t)r->net->n + 1, sizeof *said);
    if (!said)
        return false;
    int n = 0;
    for (int i = 0; i < r->net->n; i++)
        if (r->net->entries[i].statement) {
            said[n] = r->net->entries[i];
            chr_script_share(said[n++].script);
        }
    for (int i = 0; i < record->n_said; i++)
        chr_script_drop(record->said[i].script);
    free(record->said);
    free(record->acts);
    record->said = said;
    record->n_said = n;
    record->acts = hashes;
    record->n_acts = n_hashes;
    return true;
}

/* ---- the whole ---- */

static bool make_indexes(reading *r) {
    r->net_keys = chr_index_new();
    r->changed = chr_index_new();
    r->old_keys = r->record ? chr_index_new() : NULL;
    if (!r->net_keys || !r->changed || (r->record && !r->old_keys))
        return false;
    for (int i = 0; r->record && i < r->record->n_said; i++)
        if (!chr_index_set(r->old_keys, r->record->said[i].key, i))
            return false;
    for (int i = 0; i < r->net->n; i++)
        if (r->net->entries[i].statement && !chr_index_set(r->net_keys, r->net->entries[i].key, i))
            return false;
    return true;
}

static void apply(reading *r) {
    chr_candidate *c = r->c;
    chr_ending ending = {.arena = c->arena, .spared = r->file};
    take_out_gone(r);
    for (int i = 0; i < r->n_acts; i++) {
        act *a = &r->acts[i];
        bool found = a->ends && chr_end_target(c->state, a->statement, a->target, &ending);
        a->missing = a->ends && !found && a->statement->kind == CHR_AST_REMOVE;
    }
    for (int i = 0; i < r->net->n; i++)
        if (r->net->entries[i].statement && is_definition(&r->net->entries[i]))
            put_definition(r, &r->net->entries[i]);
    for (int i = 0; i < r->net->n; i++)
        if (r->net->entries[i].statement && !is_definition(&r->net->entries[i]))
            put_other(r, &r->net->entries[i]);
    if (!sort_like_file(r)) {
        c->failed = true;
        return;
    }
    for (int i = 0; i < r->n_acts && !c->failed; i++) {
        const act *a = &r->acts[i];
        chr_setting setting = *r->setting;
        setting.text_so_far = a->text_so_far;
        if (!a->ends)
            chr_act(c, a->statement, &setting);
        else if (a->missing || (a->statement->kind != CHR_AST_REMOVE && a->target))
            chr_report_end(c, c->state, a->statement, a->target);
    }
}

void chr_apply_file(chr_candidate *c, const chr_setting *setting) {
    const char *file = setting->script->file;
    reading r = {
        .c = c, .setting = setting, .file = file, .record = chr_state_file(c->state, file)};
    r.net = chr_state_new();
    if (!r.net) {
        c->failed = true;
        return;
    }
    for (const chr_ast *s = setting->script->tree->child; s && !c->failed; s = s->next)
        read_statement(&r, s, setting);
    int n_hashes = 0;
    uint64_t *hashes = hashes_of(&r, &n_hashes);
    c->failed |= r.net->failed || !hashes || !make_indexes(&r) || !keep_new_acts(&r);
    if (!c->failed)
        apply(&r);
    if (c->failed || !remember(&r, hashes, n_hashes)) {
        c->failed = true;
        free(hashes);
    }
    for (int i = 0; i < r.n_acts; i++)
        free(r.acts[i].text_so_far);
    free(r.acts);
    chr_index_free(r.old_keys);
    chr_index_free(r.net_keys);
    chr_index_free(r.changed);
    chr_state_drop(r.net);
}
