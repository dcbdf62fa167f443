/* lang/session_time.c: tempo and meter of a session: which statement ends which, and a tempo that
 * is typed to change slowly from now on. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <string.h>

void chr_end_changes(chr_candidate *c, chr_state *state, const chr_ast *statement,
                     const char *file) {
    if (!chr_is_of_whole_piece(statement) || !chr_candidate_spend(c, statement->span, state->n))
        return;
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        bool own = file && e->statement && e->script->file && strcmp(e->script->file, file) == 0;
        if (e->statement && e->statement->kind == statement->kind && !e->fresh && !own &&
            !chr_is_of_whole_piece(e->statement))
            chr_state_take_out(state, i);
    }
}

static chr_ast *number(chr_arena *arena, chr_span span, double x) {
    chr_ast *a = CHR_NEW(arena, chr_ast);
    if (a)
        *a = (chr_ast){.kind = CHR_AST_NUMBER, .span = span, .text = "", .number = x};
    return a;
}

static chr_ast *copy_of(chr_arena *arena, const chr_ast *node) {
    chr_ast *a = CHR_NEW(arena, chr_ast);
    if (a)
        *a = *node;
    return a;
}

/* `tempo 140 over 8 bars` becomes `tempo FROM to 140 over 8 bars at bar 1 beat N`, with a mark: its
 * beats are those that were played, so that a loop or a jump takes nothing of it back. */
const chr_ast *chr_tempo_from_here(chr_candidate *c, const chr_ast *statement, chr_arena *arena,
                                   const char **text) {
    const chr_ast *said_to = chr_ast_part(statement, CHR_AST_TO), *goal = statement->child;
    const chr_position now = chr_candidate_position(c);
    const double played = now.looped + now.jumped, beat = chr_candidate_beat(c) + played;
    const double on_map = c->state->time->goes_on ? beat : beat - played + now.said_at;
    chr_ast *glide = copy_of(arena, statement), *to = NULL;
    chr_ast *from = said_to ? copy_of(arena, goal)
                            : number(arena, goal->span, chr_time_map_bpm(c->state->time, on_map));
    if (said_to) {
        goal = said_to->child;
        to = copy_of(arena, said_to);
    } else if ((to = CHR_NEW(arena, chr_ast))) {
        *to = (chr_ast){.kind = CHR_AST_TO, .span = goal->span, .text = ""};
        to->child = copy_of(arena, goal);
        if (to->child)
            to->child->next = NULL;
    }
    chr_ast *over = copy_of(arena, chr_ast_part(statement, CHR_AST_OVER));
    chr_ast *at = CHR_NEW(arena, chr_ast);
    if (!glide || !from || !to || !to->child || !over || !at)
        return NULL;
    *at = (chr_ast){.kind = CHR_AST_POSITION,
                    .span = statement->span,
                    .text = "",
                    .number = 1,
                    .child = number(arena, statement->span, beat + 1)};
    glide->text = "glide";
    glide->child = from;
    from->next = to;
    to->next = over;
    over->next = at;
    *text = chr_arena_printf(arena, "tempo %.*s", (int)(goal->span.to - goal->span.from),
                             goal->span.source->text + goal->span.from);
    return at->child && *text ? glide : NULL;
}
