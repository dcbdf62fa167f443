/* lang/session_follow.c: what moves a stage of a patch keeps meaning that stage when the patch is
 * typed anew with more or fewer of its kind before it: `lead.lpf2` becomes `lead.lpf3`.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_STAGES = 512 }; /* of one patch; with more of them names stay as they are */

/* A stage without a label of its own, by the name that it goes by: "lpf", then "lpf2". */
typedef struct stage {
    const char *word;
    int ordinal;
} stage;

typedef struct stages {
    stage at[MOST_STAGES];
    int n;
    bool too_many;
} stages;

static bool is_stage(const chr_ast *e) {
    return e->kind == CHR_AST_NODE || e->kind == CHR_AST_NAME || e->kind == CHR_AST_CALL;
}

static void list_stages(const chr_ast *patch, stages *out, bool *failed) {
    const chr_ast *labelled = NULL;
    chr_ast_visit visit;
    out->n = 0;
    out->too_many = false;
    chr_visit_begin(&visit, patch);
    for (const chr_ast *e; (e = chr_visit_next(&visit)) != NULL;) {
        if (e->kind == CHR_AST_AS)
            labelled = e->child;
        if (!is_stage(e) || e == labelled)
            continue;
        if (out->n == MOST_STAGES) {
            out->too_many = true;
            break;
        }
        int ordinal = 1;
        for (int i = 0; i < out->n; i++)
            ordinal += strcmp(out->at[i].word, e->text) == 0;
        out->at[out->n++] = (stage){e->text, ordinal};
    }
    *failed |= visit.failed;
    chr_visit_end(&visit);
}

/* Which stage of the new text is which of the old: to[i], or -1. Longest common sequence of words,
 * as nodes are matched. */
static bool match_stages(const stages *old, const stages *fresh, int *to) {
    int width = fresh->n + 1;
    uint16_t *length = calloc((size_t)(old->n + 1) * (size_t)width, sizeof *length);
    if (!length)
        return false;
    for (int i = old->n; i-- > 0;)
        for (int k = fresh->n; k-- > 0;) {
            uint16_t skip = length[(i + 1) * width + k], pass = length[i * width + k + 1];
            bool same = strcmp(old->at[i].word, fresh->at[k].word) == 0;
            length[i * width + k] = same          ? (uint16_t)(length[(i + 1) * width + k + 1] + 1)
                                    : skip > pass ? skip
                                                  : pass;
        }
    for (int i = 0, k = 0; i < old->n; i++) {
        to[i] = -1;
        while (k < fresh->n && strcmp(old->at[i].word, fresh->at[k].word) != 0 &&
               length[i * width + k + 1] >= length[(i + 1) * width + k])
            k++;
        if (k < fresh->n && strcmp(old->at[i].word, fresh->at[k].word) == 0)
            to[i] = k++;
    }
    free(length);
    return true;
}

/* The stage that a path begins with: of "lpf2.cutoff" the second lpf. -1: none of these. */
static int stage_of(const stages *s, const char *path, size_t length) {
    for (int i = 0; i < s->n; i++) {
        size_t n = strlen(s->at[i].word);
        if (n > length || memcmp(path, s->at[i].word, n) != 0)
            continue;
        int ordinal = 1;
        if (n < length) {
            char *end;
            ordinal = (int)strtol(path + n, &end, 10);
            if (end != path + length || ordinal < 2)
                continue;
        }
        if (ordinal == s->at[i].ordinal)
            return i;
    }
    return -1;
}

/* The same statement about another path; its text is what stands in the source, but for that. */
static void bind_to(chr_candidate *c, chr_state *state, int i, const char *target) {
    chr_entry entry = state->entries[i];
    chr_arena *arena = entry.script->arena;
    const chr_ast *old = entry.statement->child;
    chr_ast *statement = CHR_NEW(arena, chr_ast), *first = CHR_NEW(arena, chr_ast);
    if (!statement || !first) {
        c->failed = true;
        return;
    }
    *statement = *entry.statement;
    *first = *old;
    first->text = chr_arena_copy(arena, target, strlen(target));
    statement->child = first;
    const char *rest = old->span.source->text + old->span.to;
    entry.statement = statement;
    entry.text = chr_arena_printf(arena, "%s %s%.*s", chr_statement_word(statement), target,
                                  (int)(entry.statement->span.to - old->span.to), rest);
    chr_statement_key(statement, arena, &entry.key, &entry.owner);
    if (!first->text || !entry.text || !entry.key) {
        c->failed = true;
        return;
    }
    chr_candidate_ask(
        c, CHR_REQUEST_TELL, NULL,
        chr_arena_printf(c->arena, "%s of %s %s on as that of %s",
                         statement->kind == CHR_AST_VALUES ? "the values" : "the automation",
                         old->text, statement->kind == CHR_AST_VALUES ? "go" : "goes", target));
    chr_state_take_out(state, i);
    chr_state_append(state, &entry);
}

void chr_follow_stages(chr_candidate *c, chr_state *state, const char *owner, const chr_ast *old,
                       const chr_ast *fresh) {
    stages *before = NULL, *after = NULL;
    int to[MOST_STAGES];
    for (int i = chr_state_newest_of(state, owner); i >= 0 && !c->failed;
         i = chr_state_next_of(state, i)) {
        const chr_ast *s = state->entries[i].statement;
        bool turns = s->kind == CHR_AST_AUTOMATE || s->kind == CHR_AST_VALUES;
        const char *path = turns ? strchr(s->child->text, '.') : NULL;
        const char *end = path ? strchr(path + 1, '.') : NULL;
        if (!end)
            continue;
        if (!before) { /* few sessions need it */
            before = calloc(1, sizeof *before);
            after = calloc(1, sizeof *after);
            c->failed |= !before || !after;
            if (!c->failed) {
                list_stages(old, before, &c->failed);
                list_stages(fresh, after, &c->failed);
                c->failed |= !match_stages(before, after, to);
            }
            if (c->failed || before->too_many || after->too_many ||
                !chr_candidate_spend(c, fresh->span, (int64_t)before->n * after->n / 16))
                break;
        }
        int k = stage_of(before, path + 1, (size_t)(end - path - 1));
        if (k >= 0 && to[k] < 0) {
            const char *what =
                s->kind == CHR_AST_VALUES ? "the pattern of its values" : "its automation";
            chr_candidate_ask(
                c, CHR_REQUEST_TELL, NULL,
                chr_arena_printf(c->arena, "%s is gone, and %s with it", s->child->text, what));
            chr_state_take_out(state, i);
        }
        if (k < 0 || to[k] < 0 || after->at[to[k]].ordinal == before->at[k].ordinal)
            continue;
        stage now = after->at[to[k]];
        const char *ordinal = now.ordinal == 1 ? "" : chr_arena_printf(c->arena, "%d", now.ordinal);
        const char *target =
            ordinal ? chr_arena_printf(c->arena, "%s.%s%s%s", owner, now.word, ordinal, end) : NULL;
        if (target)
            bind_to(c, state, i, target);
        else
            c->failed = true;
    }
    free(before);
    free(after);
}
