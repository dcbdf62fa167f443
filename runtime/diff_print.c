/* runtime/diff_print.c: what would change, by name: `diff`.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"
#include "runtime/diff.h"
#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

static void print_node(const chr_version *v, const chr_unode *n, const char *what, FILE *to) {
    const chr_ir_node *node = n->fresh ? n->fresh : n->past;
    const chr_ir *ir = n->fresh ? v->fresh : v->past;
    char part[CHR_PART_TEXT];
    fprintf(to, "  %-8s %s\n", what,
            chr_part_name(ir->owners[node->owner].name, node->label, node->hidden, part));
}

/* Each line once: what is inside a module is that module's own business. */
static bool print_once(char *lines, FILE *to) {
    chr_names seen;
    uint32_t n = 0;
    for (const char *p = lines; *p; p++)
        n += *p == '\n';
    bool ok = chr_names_make(&seen, n);
    for (char *p = lines, *end; ok && *p; p = end + 1) {
        end = strchr(p, '\n');
        *end = '\0';
        if (chr_names_find(&seen, p) != UINT32_MAX)
            continue;
        chr_names_add(&seen, p, 0);
        fprintf(to, "%s\n", p);
    }
    chr_names_clear(&seen);
    return ok;
}

static const chr_ir_pattern *find_pattern(const chr_ir *ir, const char *name) {
    for (uint32_t i = 0; i < ir->n_patterns; i++)
        if (strcmp(ir->patterns[i].name, name) == 0)
            return &ir->patterns[i];
    return NULL;
}

static void print_patterns(const chr_ir *after, const chr_ir *before, FILE *to) {
    for (uint32_t i = 0; i < after->n_patterns; i++) {
        const chr_ir_pattern *p = &after->patterns[i], *old = find_pattern(before, p->name);
        bool same = old && chr_ir_pattern_equal(p, old);
        if (!old || !same)
            fprintf(to, "  %-8s pattern %s\n", old ? "changed" : "new", p->name);
        else if (p->playing != old->playing)
            fprintf(to, "  %-8s pattern %s\n", p->playing ? "plays" : "stops", p->name);
    }
    for (uint32_t i = 0; i < before->n_patterns; i++)
        if (!find_pattern(after, before->patterns[i].name))
            fprintf(to, "  %-8s pattern %s\n", "gone", before->patterns[i].name);
}

static void print_time(const chr_time_map *after, const chr_time_map *before, FILE *to) {
    const chr_tempo_part *t = after->tempi, *old_t = before->tempi;
    const chr_meter_part *m = after->meters, *old_m = before->meters;
    if (after->n_tempi + before->n_tempi == 2 && t->bpm != old_t->bpm)
        fprintf(to, "  %-8s tempo, from %g to %g\n", "changed", old_t->bpm, t->bpm);
    else if (after->n_tempi != before->n_tempi || memcmp(t, old_t, after->n_tempi * sizeof *t) != 0)
        fprintf(to, "  %-8s tempo, in the course of the piece\n", "changed");
    if (after->n_meters + before->n_meters == 2 && m->beats != old_m->beats)
        fprintf(to, "  %-8s meter, from %g beats a bar to %g\n", "changed", old_m->beats, m->beats);
    else if (after->n_meters != before->n_meters ||
             memcmp(m, old_m, after->n_meters * sizeof *m) != 0)
        fprintf(to, "  %-8s meter, in the course of the piece\n", "changed");
    if (after->loop_from != before->loop_from || after->loop_to != before->loop_to)
        fprintf(to, "  %-8s loop\n", "changed");
}

static void print_settings(const chr_ir *after, const chr_ir *before, FILE *to) {
    print_time(after->time, before->time, to);
    if (!chr_ir_tuning_equal(after, before))
        fprintf(to, "  %-8s tuning\n", "changed");
    if (after->seed != before->seed)
        fprintf(to, "  %-8s seed\n", "changed");
    if (after->volume != before->volume)
        fprintf(to, "  %-8s volume\n", "changed");
}

bool chr_ir_compare(const chr_ir *after, const chr_ir *before, chr_offer_report *report,
                    FILE *names) {
    chr_version v;
    char *lines = NULL;
    size_t size = 0;
    FILE *nodes = names ? open_memstream(&lines, &size) : NULL;
    bool ok = chr_version_make(&v, after, before) && (nodes || !names);
    *report = (chr_offer_report){0};
    for (uint32_t u = 0; ok && u < v.n_nodes; u++) {
        const chr_unode *n = &v.nodes[u];
        chr_fate fate = chr_unode_fate(&v, n);
        int *const counters[] = {&report->kept, &report->changed, &report->added, &report->gone};
        static const char *const words[] = {"kept", "changed", "new", "gone"};
        if (chr_unode_hidden(n) && fate != CHR_FATE_CHANGED)
            continue;
        ++*counters[fate];
        if (nodes && fate != CHR_FATE_KEPT)
            print_node(&v, n, words[fate], nodes);
    }
    chr_version_clear(&v);
    ok = (!nodes || fclose(nodes) == 0) && ok;
    ok = ok && (!names || print_once(lines, names));
    free(lines);
    if (ok && names) {
        print_patterns(after, before, names);
        print_settings(after, before, names);
    }
    return ok;
}
