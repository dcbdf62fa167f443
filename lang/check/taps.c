/* lang/check/taps.c: `> scope` and `> meter`: a place in a chain that can be looked at. What enters
 * passes on as it is. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

#include <string.h>

bool is_tap(const char *name) {
    return strcmp(name, "scope") == 0 || strcmp(name, "meter") == 0;
}

static void add_tap(checker *c, const place *p, const chr_ast *e, value v) {
    owner *o = p->owner;
    if (o->n_taps == MAX_TAPS) {
        REPORT(c, E512, e->span, o->name, MAX_TAPS, "places to look at");
        return;
    }
    v = sum_up(c, p, as_signal(c, v), e->span);
    tap *more = TAKE_N(c, tap, o->n_taps + 1);
    if (o->n_taps > 0)
        memcpy(more, o->taps, o->n_taps * sizeof *more);
    keep_for_undo(c, &o->taps, sizeof o->taps);
    keep_for_undo(c, &o->n_taps, sizeof o->n_taps);
    const char *label = new_label(c, p, p->label, e->text);
    more[o->n_taps] = (tap){
        join(c, o->name, ".", label), {v.strands[0], v.strands[v.shape.sides == 2 ? 1 : 0]}
    };
    o->taps = more;
    o->n_taps++;
}

value eval_tap(checker *c, const place *p, const chr_ast *e) {
    const chr_ast *argument = e->kind == CHR_AST_NAME ? NULL : e->child;
    if (argument != NULL) {
        report_too_many(c, argument->span, e->text, 0);
        return poison();
    }
    if (!p->has_in) {
        REPORT(c, E330, e->span, e->text);
        return poison();
    }
    if (p->in_used != NULL)
        *p->in_used = true;
    bool heard = p->in.kind == VALUE_SIGNAL && p->owner != NULL && p->owner->index > 0;
    if (heard && !c->dry)
        add_tap(c, p, e, p->in);
    return p->in;
}
