/* lang/session_statement.c: what kind of thing a statement says, and what it is about.
 * SPDX-License-Identifier: MIT */
#include "lang/hash.h"
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

const chr_ast *chr_ast_part(const chr_ast *node, chr_ast_kind kind) {
    for (const chr_ast *child = node->child; child; child = child->next)
        if (child->kind == kind)
            return child;
    return NULL;
}

/* `arrange off`: what holds no more. */
static bool is_arrange_off(const chr_ast *statement) {
    const chr_ast *first = statement->child;
    return first && !first->next && strcmp(first->text, "off") == 0;
}

chr_manner chr_statement_manner(const chr_ast *statement) {
    switch (statement->kind) {
    case CHR_AST_PATCH:
    case CHR_AST_BUS:
    case CHR_AST_CREATE:
    case CHR_AST_ADD:
    case CHR_AST_REMOVE_FROM:
    case CHR_AST_SEND:
    case CHR_AST_MUTE:
    case CHR_AST_SOLO:
    case CHR_AST_SEED:
    case CHR_AST_LET:
    case CHR_AST_FN:
    case CHR_AST_MODULE:
    case CHR_AST_SECTION:
        return CHR_HOLDS;
    case CHR_AST_ARRANGE:
        return is_arrange_off(statement) ? CHR_ENDS : CHR_HOLDS;
    case CHR_AST_VOLUME:
    case CHR_AST_QUANTIZE:
    case CHR_AST_TUNING:
    case CHR_AST_SET:
        return CHR_HOLDS;
    case CHR_AST_WHEN:
        return chr_moment_first(statement) &&
                       (chr_is_moment(statement, "at") || chr_is_moment(statement, "every"))
                   ? CHR_HOLDS
                   : CHR_ACTS;
    case CHR_AST_SEQUENCE:
    case CHR_AST_MELODY:
    case CHR_AST_VALUES:
        return chr_ast_part(statement, CHR_AST_PATTERN) ? CHR_HOLDS : CHR_ENDS;
    case CHR_AST_AUTOMATE:
        return chr_ast_part(statement, CHR_AST_POINT) ? CHR_HOLDS : CHR_ENDS;
    case CHR_AST_TEMPO:
    case CHR_AST_METER:
    case CHR_AST_SWING:
    case CHR_AST_HUMANIZE:
    case CHR_AST_KEY_STATEMENT:
        return CHR_HOLDS;
    case CHR_AST_LOOP:
        return statement->child ? CHR_HOLDS : CHR_ENDS;
    case CHR_AST_REMOVE:
    case CHR_AST_UNMUTE:
    case CHR_AST_UNSOLO:
        return CHR_ENDS;
    case CHR_AST_GENERATE:
        return chr_ast_part(statement, CHR_AST_NAME) ? CHR_LATER : CHR_ACTS;
    case CHR_AST_MAKE:
    case CHR_AST_PLAY:
    case CHR_AST_STOP:
    case CHR_AST_PLAY_FROM:
    case CHR_AST_HUSH:
    case CHR_AST_PANIC:
    case CHR_AST_SAVE:
    case CHR_AST_LOAD:
    case CHR_AST_RELOAD:
    case CHR_AST_LIST_STATEMENT:
    case CHR_AST_SHOW:
    case CHR_AST_HELP:
    case CHR_AST_WHY:
    case CHR_AST_SETTING:
    case CHR_AST_METRONOME:
    case CHR_AST_TAP:
    case CHR_AST_ROLL:
    case CHR_AST_RECORD:
    case CHR_AST_STOP_RECORDING:
    case CHR_AST_LEARN:
    case CHR_AST_METERS:
    case CHR_AST_SCOPE:
    case CHR_AST_SPECTRUM:
    case CHR_AST_GRAPH:
    case CHR_AST_UNDO:
    case CHR_AST_REDO:
    case CHR_AST_HISTORY:
    case CHR_AST_STATS:
    case CHR_AST_QUIT:
        return CHR_ACTS;
    case CHR_AST_IMPORT:
        return CHR_BRINGS;
    case CHR_AST_BAD:
        return CHR_BROKEN;
    default:
        return CHR_LATER;
    }
}

const char *chr_statement_word(const chr_ast *statement) {
    switch (statement->kind) {
    case CHR_AST_WHEN:
        return strcmp(statement->text, "next-beat") == 0  ? "next beat"
               : strcmp(statement->text, "next-bar") == 0 ? "next bar"
                                                          : statement->text;
    case CHR_AST_REMOVE_FROM:
        return "remove";
    case CHR_AST_PLAY_FROM:
        return "play from";
    case CHR_AST_PLAY_MIDI:
        return "play from midi";
    case CHR_AST_STOP_RECORDING:
        return "stop recording";
    case CHR_AST_SAVE:
        return "save patch";
    case CHR_AST_LOAD:
        return "load patch";
    case CHR_AST_SETTING:
        return statement->text;
    default:
        return chr_ast_name(statement->kind);
    }
}

const char *chr_owner_of_target(const char *target, chr_arena *arena) {
    return chr_arena_copy(arena, target, strcspn(target, "/."));
}

bool chr_is_of_course(const chr_ast *statement) {
    return statement->kind == CHR_AST_TEMPO || statement->kind == CHR_AST_METER ||
           statement->kind == CHR_AST_SWING || statement->kind == CHR_AST_HUMANIZE ||
           statement->kind == CHR_AST_KEY_STATEMENT;
}

bool chr_is_of_whole_piece(const chr_ast *statement) {
    return chr_is_of_course(statement) &&
           (!chr_ast_part(statement, CHR_AST_POSITION) || chr_is_glide(statement));
}

bool chr_is_glide(const chr_ast *statement) {
    return statement->kind == CHR_AST_TEMPO && *statement->text;
}

void chr_statement_key(const chr_ast *statement, chr_arena *arena, const char **key,
                       const char **owner) {
    const chr_ast *first = statement->child;
    const chr_ast *second = first ? first->next : NULL;
    const char *name = first ? first->text : "";
    *owner = NULL;
    *key = NULL;
    switch (statement->kind) {
    case CHR_AST_PATCH:
    case CHR_AST_BUS:
    case CHR_AST_CREATE:
        *owner = statement->text[0] ? statement->text : "patch";
        *key = chr_arena_printf(arena, "owner %s", *owner);
        break;
    case CHR_AST_ADD: {
        const chr_ast *label = chr_ast_part(statement, CHR_AST_LABEL);
        *owner = second ? second->text : "";
        *key = chr_arena_printf(arena, "add %s to %s", label ? label->text : name, *owner);
        break;
    }
    case CHR_AST_REMOVE_FROM:
        *owner = second ? second->text : "";
        *key = chr_arena_printf(arena, "remove %s from %s", name, *owner);
        break;
    case CHR_AST_SEND:
        *owner = chr_owner_of_target(name, arena);
        *key = chr_arena_printf(arena, "send %s to %s", name, second ? second->text : "");
        break;
    case CHR_AST_SET:
        *owner = chr_owner_of_target(name, arena);
        *key = chr_arena_printf(arena, "set %s.%s", name, second ? second->text : "");
        break;
    case CHR_AST_MUTE:
    case CHR_AST_SOLO:
        *owner = chr_owner_of_target(name, arena);
        *key = chr_arena_printf(arena, "%s %s", chr_ast_name(statement->kind), name);
        break;
    case CHR_AST_AUTOMATE:
    case CHR_AST_VALUES:
        *owner = chr_owner_of_target(name, arena);
        *key = chr_arena_printf(arena, "%s %s", chr_ast_name(statement->kind), name);
        break;
    case CHR_AST_SEQUENCE:
    case CHR_AST_MELODY:
        *owner = chr_owner_of_target(name, arena);
        *key = chr_arena_printf(arena, "pattern %s", name);
        break;
    case CHR_AST_TEMPO:
    case CHR_AST_METER:
    case CHR_AST_SWING:
    case CHR_AST_HUMANIZE:
    case CHR_AST_KEY_STATEMENT: {
        const chr_ast *at = chr_ast_part(statement, CHR_AST_POSITION);
        const char *word = chr_ast_name(statement->kind);
        *key = at && !chr_is_of_whole_piece(statement)
                   ? chr_arena_printf(arena, "%s at bar %.17g beat %.17g", word, at->number,
                                      at->child ? at->child->number : 1)
                   : word;
        break;
    }
    case CHR_AST_WHEN: {
        bool failed = false;
        uint64_t hash = chr_ast_hash(statement, &failed);
        *key = failed ? NULL : chr_arena_printf(arena, "when %016llx", (unsigned long long)hash);
        break;
    }
    case CHR_AST_LET:
    case CHR_AST_FN:
    case CHR_AST_MODULE:
    case CHR_AST_SECTION:
    case CHR_AST_BAD:
        *key = chr_arena_printf(arena, "%s %s", chr_ast_name(statement->kind), statement->text);
        break;
    default:
        *key = chr_ast_name(statement->kind);
        break; /* seed, volume */
    }
}

/* ---- walking ---- */

static bool push(chr_ast_visit *visit, const chr_ast *node) {
    if (visit->n == visit->room) {
        int room = visit->room ? visit->room * 2 : 32;
        const chr_ast **stack = realloc(visit->stack, (size_t)room * sizeof *stack);
        if (!stack) {
            visit->failed = true;
            return false;
        }
        visit->stack = stack;
        visit->room = room;
    }
    visit->stack[visit->n++] = node;
    return true;
}

void chr_visit_begin(chr_ast_visit *visit, const chr_ast *tree) {
    *visit = (chr_ast_visit){.root = tree};
    push(visit, tree);
}

const chr_ast *chr_visit_next(chr_ast_visit *visit) {
    if (visit->n == 0 || visit->failed)
        return NULL;
    const chr_ast *node = visit->stack[--visit->n];
    if (node != visit->root && node->next && !push(visit, node->next))
        return NULL;
    if (node->child && !push(visit, node->child))
        return NULL;
    return node;
}

void chr_visit_end(chr_ast_visit *visit) {
    free(visit->stack);
    *visit = (chr_ast_visit){0};
}

static int count_children(const chr_ast *node) {
    int n = 0;
    for (const chr_ast *child = node->child; child; child = child->next)
        n++;
    return n;
}

/* What a node says by itself; with the number of children, nodes in preorder give the whole tree.
 */
static bool same_node(const chr_ast *a, const chr_ast *b) {
    return a->kind == b->kind && a->unit == b->unit &&
           memcmp(&a->number, &b->number, sizeof a->number) == 0 && strcmp(a->text, b->text) == 0 &&
           count_children(a) == count_children(b);
}

bool chr_ast_same(const chr_ast *a, const chr_ast *b) {
    chr_ast_visit left, right;
    chr_visit_begin(&left, a);
    chr_visit_begin(&right, b);
    bool same = true;
    while (same) {
        const chr_ast *l = chr_visit_next(&left);
        const chr_ast *r = chr_visit_next(&right);
        if (!l || !r) {
            same = !l && !r && !left.failed && !right.failed;
            break;
        }
        same = same_node(l, r);
    }
    chr_visit_end(&left);
    chr_visit_end(&right);
    return same;
}

uint64_t chr_ast_hash(const chr_ast *tree, bool *failed) {
    uint64_t h = chr_hash_start;
    chr_ast_visit visit;
    chr_visit_begin(&visit, tree);
    for (const chr_ast *node; (node = chr_visit_next(&visit)) != NULL;) {
        int head[3] = {(int)node->kind, (int)node->unit, count_children(node)};
        h = chr_hash_bytes(h, head, sizeof head);
        h = chr_hash_bytes(h, &node->number, sizeof node->number);
        h = chr_hash_bytes(h, node->text, strlen(node->text) + 1);
    }
    *failed |= visit.failed;
    chr_visit_end(&visit);
    return h;
}
