/* lang/check/check.c: the check as a whole, stage by stage.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

enum { SCRATCH_LIMIT = 192 << 20, OUT_LIMIT = 128 << 20 };

static chr_ir *check(checker *c) {
    c->volume = 1.0;
    c->seed = c->program->seed;
    collect_names(c);
    read_settings(c);
    read_arrangement(c);
    evaluate_all(c);
    read_patterns(c);
    resolve_stand_ins(c);
    if (c->diags->n_errors == 0)
        warn_unheard(c);
    settle_hearing(c);
    uint32_t *order = TAKE_N(c, uint32_t, c->n_nodes + 1),
             *cycle = TAKE_N(c, uint32_t, c->n_nodes + 1), n = 0;
    if (!order_nodes(c, order, &n, cycle) || c->diags->n_errors > 0)
        return NULL;
    if (c->program->knobs != NULL)
        collect_knobs(c, c->program->knobs);
    return write_ir(c, order, n, cycle);
}

chr_ir *chr_check(const chr_program *program, chr_diags *diags) {
    /* volatile: kept over a longjmp */
    chr_arena *volatile scratch = chr_arena_new(SCRATCH_LIMIT);
    chr_arena *volatile out = chr_arena_new(OUT_LIMIT);
    checker *c = scratch != NULL && out != NULL ? chr_arena_alloc(scratch, sizeof *c) : NULL;
    chr_ir *ir = NULL;
    if (c != NULL) {
        c->program = program;
        c->diags = diags;
        c->scratch = scratch;
        c->out = out;
        if (setjmp(c->give_up) == 0)
            ir = check(c);
    }
    if (c == NULL || (ir == NULL && diags->n_errors == 0)) {
        chr_span where = {0};
        if (program->n > 0)
            where = program->statements[0]->span;
        chr_report(diags, CHR_E511, where);
    }
    if (c != NULL)
        chr_time_map_drop(c->time);
    chr_arena_free(scratch);
    if (ir == NULL)
        chr_arena_free(out);
    return ir;
}
