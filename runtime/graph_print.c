/* runtime/graph_print.c: a graph as text, for `--dump graph`. Addresses and state are left out, so
 * that the same session prints the same text everywhere. SPDX-License-Identifier: MIT */
#include "dsp/kernel/free.h"
#include "runtime/build.h"

static void print_arg(const chr_graph *g, const chr_arg *a, uint32_t lanes, FILE *to) {
    const chr_live *v = g->live;
    if (a->v >= g->constants && a->v < g->constants + g->n_constants) {
        if (a->v[0] == CHR_FREE)
            fputs(" free", to);
        else
            fprintf(to, " %.9g", (double)a->v[0]);
        for (uint32_t l = 1; l < lanes; l++)
            if (a->v[l] != a->v[0]) {
                fputs("..", to);
                break;
            }
    } else if (a->v >= v->rows && a->v < v->ramp_rows) {
        fprintf(to, " voice@%td", a->v - v->rows);
    } else if (a->v >= v->ramp_rows) {
        fprintf(to, " ramp@%td", a->v - v->ramp_rows);
    } else {
        fprintf(to, " @%td", a->v - v->scratch);
    }
}

/* The name of the first node in a group, and how many others there are. */
static void print_name(const chr_graph *g, const chr_instr *in, FILE *to) {
    const char *first = NULL;
    uint32_t last = UINT32_MAX, others = 0;
    char name[128];
    for (uint32_t l = 0; l < in->lanes; l++) {
        uint32_t at = g->names[in->names + l];
        if (at == UINT32_MAX || at == last)
            continue;
        last = at;
        if (first)
            others++;
        else
            first = g->text + at;
    }
    if (others)
        snprintf(name, sizeof name, "%s +%u", first, others);
    fprintf(to, "%-24s", others ? name : first ? first : "");
}

void chr_graph_print(const chr_graph *g, FILE *to) {
    static const char *const names[] = {"", "gather", "sum", "fade", "chain", "loop"};
    static const char *const signs[] = {" *", " +", " -", " from"};
    for (uint32_t i = 0; i < g->n_instrs; i++) {
        const chr_instr *in = &g->instrs[i];
        fprintf(to, "%4u ", i);
        if (in->op == CHR_OP_PROCESS || in->op == CHR_OP_CHAIN)
            print_name(g, in, to);
        else
            fprintf(to, "%-24s", names[in->op]);
        if (in->op == CHR_OP_LOOP) {
            fprintf(to, " %u\n", in->count);
            continue;
        }
        fprintf(to, " x%-2u", in->lanes);
        for (uint32_t k = 0; k < chr_instr_args(in); k++)
            if (in->op == CHR_OP_CHAIN) {
                fputs(k ? signs[in->weights >> 2 * (k - 1) & 3u] : "", to);
                print_arg(g, &g->live->args[in->args + k], in->lanes, to);
            } else {
                print_arg(g, &g->live->args[in->args + k], in->op == CHR_OP_PROCESS ? in->lanes : 1,
                          to);
            }
        fputs(" ->", to);
        for (uint32_t k = 0; k < in->n_outputs; k++)
            fprintf(to, " @%td", g->live->outs[in->outs + k] - g->live->scratch);
        fputs(in->fade == CHR_NONE || in->op == CHR_OP_FADE ? "\n" : " leaving\n", to);
    }
    for (uint32_t c = 0; c < g->n_channels; c++)
        fprintf(to, "out %u @%td\n", c, g->live->outs[g->master + c] - g->live->scratch);
    for (uint32_t i = 0; i < g->n_tracks; i++) {
        const chr_graph_track *t = &g->tracks[i];
        fprintf(to, "pattern %s plays %s%s\n", t->track->name, g->voices[t->voices]->name,
                t->playing ? "" : " (off)");
    }
}
