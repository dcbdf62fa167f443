/* lang/score_print.c: a score as text: a line a node.
 * SPDX-License-Identifier: MIT */
#include "lang/score.h"

static void print_notes(const chr_score *s, const chr_score_node *n, FILE *to) {
    if (!(n->flags & CHR_SCORE_PITCHLESS))
        for (int64_t i = n->a; i < n->a + n->b; i++)
            fprintf(to, " %g", (double)s->tones[i]);
    fprintf(to, " +%lld level %.3g%s", (long long)n->length, n->x,
            n->flags & CHR_SCORE_SLIDE ? " slides" : "");
    if (n->y != 0)
        fprintf(to, " pan %g", n->y);
}

static void print_locks(const chr_score *s, const chr_score_node *n, FILE *to) {
    const chr_score_lock *l = &s->locks[n->lock];
    for (uint32_t i = l->first; i < l->first + l->n; i++)
        fprintf(to, " {%u=%g}", (unsigned)s->values[i].slot, (double)s->values[i].value);
}

static void print_node(const chr_score *s, uint32_t i, FILE *to) {
    static const char *const names[] = {
#define NAME(kind, name) name,
        CHR_SCORE_KINDS(NAME)
#undef NAME
    };
    const chr_score_node *n = &s->nodes[i];
    fprintf(to, "  %%%u %s", (unsigned)i, names[n->kind]);
    if (n->kind == CHR_SCORE_NOTES)
        print_notes(s, n, to);
    else if (n->kind < CHR_SCORE_STEPS)
        fprintf(to, " +%lld", (long long)n->length);
    if (n->kind != CHR_SCORE_NOTES) {
        if (n->a != 0 || n->b != 0)
            fprintf(to, " %lld", (long long)n->a);
        if (n->b != 0)
            fprintf(to, " %lld", (long long)n->b);
        if (n->kind == CHR_SCORE_CHANCE || n->kind > CHR_SCORE_STEPS) {
            if (n->x != 0 || n->y != 0)
                fprintf(to, " %g", n->x);
            if (n->y != 0)
                fprintf(to, " %g", n->y);
        }
    }
    if ((n->kind == CHR_SCORE_NOTES || n->kind == CHR_SCORE_LOCK) && n->lock != CHR_SCORE_NO_LOCK)
        print_locks(s, n, to);
    for (uint32_t k = n->first; k < n->first + n->n; k++) {
        if (n->kind == CHR_SCORE_ROW)
            fprintf(to, " %lld:%%%u", (long long)s->links[k].at, (unsigned)s->links[k].node);
        else
            fprintf(to, " %%%u", (unsigned)s->links[k].node);
    }
    fputc('\n', to);
}

void chr_score_print(const chr_score *s, FILE *to) {
    for (uint32_t i = 0; i < s->n_nodes; i++)
        print_node(s, i, to);
}
