/* lang/check/weave_quoted.c: a pattern in quotes: pattern text within a string, with its places.
 *
 * It is parsed from a copy of its source in which everything before it is blank, so that each
 * character has the place that it has in the script. SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

/* What stands in front of the steps, to make a statement of them. */
static const char head[] = "sequence s:";

static const chr_source *blanked(checker *c, chr_span quoted) {
    const chr_source *source = quoted.source;
    uint32_t from = quoted.from + 1, to = quoted.to > from ? quoted.to - 1 : from;
    if (from < sizeof head || to > source->len)
        return NULL;
    char *text = take(c, to + 1);
    memset(text, ' ', to);
    memcpy(text + from - (sizeof head - 1), head, sizeof head - 1);
    memcpy(text + from, source->text + from, to - from);
    text[to] = 0;
    chr_source *copy = TAKE(c, chr_source);
    *copy = (chr_source){source->name, text, to, source->first_line};
    return copy;
}

static const chr_ast *child_of(const chr_ast *e, chr_ast_kind kind) {
    for (const chr_ast *k = e != NULL ? e->child : NULL; k != NULL; k = k->next)
        if (k->kind == kind)
            return k;
    return NULL;
}

/* Puts the places of a tree into the source itself. */
static void replace_places(chr_ast *e, const chr_source *source) {
    for (; e != NULL; e = e->next) {
        e->span.source = source;
        replace_places(e->child, source);
    }
}

bool weave_quoted(woven *w, const given *pattern, uint32_t *out) {
    checker *c = w->l->c;
    const chr_ast *string = pattern->e;
    const chr_source *copy = blanked(c, string->span);
    chr_diags told;
    chr_diags_init(&told, c->scratch);
    chr_ast *script = copy != NULL ? chr_parse(copy, c->scratch, &told) : NULL;
    if (script == NULL)
        give_up(c);
    replace_places(script, string->span.source);
    if (told.first != NULL && first_time(c, CHR_E498, string->span))
        chr_diags_add(c->diags, &told, string->span.source);
    if (told.n_errors > 0)
        return false;
    const chr_ast *text = child_of(child_of(script, CHR_AST_SEQUENCE), CHR_AST_PATTERN);
    const chr_ast *steps = text != NULL ? text->child : NULL;
    if (steps == NULL) {
        REPORT(c, E498, string->span, text_of(c, string->span));
        return false;
    }
    layout l = {.c = c, .b = w->l->b, .grid = true, .quoted = true, .key = w->l->key};
    rational total = total_weight(&l, steps);
    rational step = rational_div(l.b->round, total);
    woven inner = {.l = &l, .part = lay_round(&l, steps, step), .step = step, .own = pattern->own};
    bool ok = !l.failed && (steps->next == NULL || weave_chain(&inner, steps->next));
    *out = inner.part;
    return ok;
}
