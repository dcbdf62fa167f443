/* lang/session_swing.c: `make hihat swingier`: swing is no knob of a sound but stands in front of
 * the colon of its patterns, and there it is written. SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <string.h>

/* Percent; as `swing` and a pattern's key take them. */
static bool percent_of(const chr_ast *value, double *percent) {
    if (value->kind != CHR_AST_NUMBER)
        return false;
    bool factor = value->unit == CHR_UNIT_NONE && value->number <= 1;
    *percent = factor ? value->number * 100 : value->number;
    return value->unit == CHR_UNIT_NONE || value->unit == CHR_UNIT_PERCENT;
}

static const chr_ast *own_swing(const chr_ast *pattern) {
    for (const chr_ast *k = pattern->child; k; k = k->next)
        if (k->kind == CHR_AST_KEY && strcmp(k->text, "swing") == 0)
            return k;
    return NULL;
}

/* What holds for patterns without a word of their own. */
static double common_swing(const chr_state *state) {
    int i = chr_state_find(state, "swing");
    double percent = 50;
    if (i >= 0 && state->entries[i].statement->child)
        percent_of(state->entries[i].statement->child, &percent);
    return percent;
}

/* The statement with another swing in it: in the place of its own, or behind the name. */
static const char *written_anew(chr_making *m, const chr_entry *e, const chr_ast *key,
                                const char *swing) {
    const char *text;
    size_t len;
    chr_entry_text(e, &text, &len);
    const chr_ast *target = chr_ast_part(e->statement, CHR_AST_TARGET);
    uint32_t begin = e->statement->span.from;
    size_t from = (key ? key->span.from : target->span.to) - begin,
           to = (key ? key->span.to : target->span.to) - begin;
    if (to > len)
        return NULL;
    return chr_arena_printf(m->c->arena, "%.*s%sswing=%s%.*s", (int)from, text, key ? "" : " ",
                            swing, (int)(len - to), text + to);
}

static void swing_one(chr_making *m, const chr_entry *e, const chr_distance *d) {
    chr_arena *arena = m->c->arena;
    const chr_ast *key = own_swing(e->statement);
    chr_knob knob = {.label = "",
                     .word = "swing",
                     .unit = CHR_UNIT_PERCENT,
                     .least = 50,
                     .greatest = 80,
                     .dflt = 50,
                     .value = common_swing(m->c->state)};
    if (key && !percent_of(key->child, &knob.value)) {
        m->never = "its swing is a formula";
        m->instead = "write a number in its place: swing=58%";
        return;
    }
    double percent = chr_moved(&knob, d, 0);
    percent = (double)(int)(percent + 0.5);
    if (chr_same_value(percent, knob.value))
        m->remark =
            chr_arena_printf(arena, "swing of %s is at its %s already", e->key + strlen("pattern "),
                             d->way > 0 && !d->to_end ? "highest" : "lowest");
    else
        chr_add_statement(
            m, written_anew(m, e, key, chr_value_text(arena, percent, CHR_UNIT_PERCENT, false)));
}

void chr_make_swing(chr_making *m, const chr_distance *d) {
    const chr_state *state = m->c->state;
    bool any = false;
    for (int i = chr_state_newest_of(state, m->owner); i >= 0; i = chr_state_next_of(state, i)) {
        const chr_entry *e = &state->entries[i];
        bool pattern =
            e->statement->kind == CHR_AST_SEQUENCE || e->statement->kind == CHR_AST_MELODY;
        if (pattern)
            swing_one(m, e, d);
        any = any || pattern;
    }
    if (any)
        return;
    m->never = "it has no pattern that could swing";
    m->instead = chr_arena_printf(m->c->arena, "write one: sequence %.60s: x...x...", m->owner);
}
