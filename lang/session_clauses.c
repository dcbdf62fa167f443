/* lang/session_clauses.c: what the words of a sentence turn, and whether they go together.
 * SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <string.h>

const char *chr_text_of(const chr_candidate *c, const chr_ast *a) {
    const char *text =
        chr_arena_copy(c->arena, a->span.source->text + a->span.from, a->span.to - a->span.from);
    return text ? text : "";
}

bool chr_wish_is_level(const chr_wish *w) {
    chr_move moves[CHR_MOVES_MAX + 1];
    chr_moves_of(w, moves);
    return moves[0].axis == CHR_AXIS_LEVEL && moves[0].factor != 0;
}

bool chr_axes_meet(chr_axis a, chr_axis b) {
    return a == b || chr_axes[a].part_of == b || chr_axes[b].part_of == a;
}

void chr_moves_of(const chr_wish *wish, chr_move *moves) {
    memset(moves, 0, (CHR_MOVES_MAX + 1) * sizeof *moves);
    if (wish->word)
        memcpy(moves, wish->word->moves, (CHR_MOVES_MAX + 1) * sizeof *moves);
    else if (wish->is_axis)
        moves[0] = (chr_move){.axis = wish->axis, .factor = 1};
}

/* The axis on which the two pull against each other, or NULL. */
static const char *quarrel(const chr_wish *a, const chr_wish *b) {
    chr_move of_a[CHR_MOVES_MAX + 1], of_b[CHR_MOVES_MAX + 1];
    if (!a->word && !a->is_axis && !b->word && !b->is_axis)
        return strcmp(a->at->text, b->at->text) == 0 && (a->factor > 0) != (b->factor > 0)
                   ? a->at->text
                   : NULL;
    chr_moves_of(a, of_a);
    chr_moves_of(b, of_b);
    for (const chr_move *x = of_a; x->factor != 0; x++)
        for (const chr_move *y = of_b; y->factor != 0; y++) {
            bool opposite = (x->factor * a->factor > 0) != (y->factor * b->factor > 0);
            bool still = x->factor == CHR_BACK_TO_REST || y->factor == CHR_BACK_TO_REST;
            if (!x->optional && !y->optional && chr_axes_meet(x->axis, y->axis) &&
                (opposite || still))
                return chr_axes[chr_axes[x->axis].part_of == y->axis ? y->axis : x->axis].name;
        }
    return NULL;
}

/* Do the two clauses speak of the same sound? */
static bool share_a_name(const chr_phrase *phrase, int a, int b) {
    for (const chr_who *x = phrase->who; x; x = x->next)
        for (const chr_who *y = phrase->who; y; y = y->next)
            if (x->clause == a && y->clause == b && strcmp(x->name, y->name) == 0)
                return true;
    return false;
}

static bool agree(chr_candidate *c, const chr_phrase *phrase) {
    bool good = true;
    for (const chr_wish *a = phrase->wishes; a; a = a->next)
        for (const chr_wish *b = a->next; b; b = b->next) {
            const char *axis = share_a_name(phrase, a->clause, b->clause) ? quarrel(a, b) : NULL;
            if (axis) {
                chr_report(&c->diags, CHR_E392, b->at->span, a->at->text, b->at->text, axis);
                good = false;
            }
        }
    return good;
}

/* Decibels are for how loud something is, and a time is for `over`. */
static bool lengths_fit(chr_candidate *c, const chr_phrase *phrase) {
    bool good = true;
    for (const chr_wish *w = phrase->wishes; w; w = w->next) {
        if (!w->of_level || chr_wish_is_level(w))
            continue;
        chr_report(&c->diags, CHR_E395, w->far->span, chr_text_of(c, w->far));
        chr_suggest(&c->diags, "how %.40s, in percent: by 30%%", w->at->text);
        good = false;
    }
    const chr_ast *over = phrase->over ? phrase->over->child : NULL;
    if (over && over->unit != CHR_UNIT_S && over->unit != CHR_UNIT_BEATS &&
        over->unit != CHR_UNIT_BARS && over->unit != CHR_UNIT_WHOLES) {
        chr_report(&c->diags, CHR_E384, over->span, chr_text_of(c, over));
        good = false;
    }
    return good;
}

bool chr_phrase_is_good(chr_candidate *c, const chr_phrase *phrase) {
    return agree(c, phrase) && lengths_fit(c, phrase);
}
