/* runtime/look_events.c: what a pattern plays, note by note, each with its exact place in time and
 * its place in the text. SPDX-License-Identifier: MIT */
#include "runtime/look.h"
#include "runtime/notes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide; /* ticks times parts of a beat */

enum { NOTES_MAX = 100000, VALUES_MAX = 64, METER_PARTS = 1024 };

typedef struct list {
    const chr_ir *ir;
    const chr_score *s;
    uint32_t owner;
    bool values; /* of a knob, */
    chr_unit unit;
    chr_event_style style;
    FILE *to;
    bool any; /* in JSON: something stands before */
} list;

/* ticks / beat, and a whole number more: "3", "1/2", "2+1/3". */
static void print_beats(FILE *to, wide over, wide under, int64_t more) {
    wide a = over, b = under;
    while (b != 0) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    a = a < 0 ? -a : a > 0 ? a : 1;
    over /= a;
    under /= a;
    long long whole = (long long)(over / under), part = (long long)(over % under);
    if (part == 0)
        fprintf(to, "%lld", whole + more);
    else if (whole + more != 0)
        fprintf(to, "%lld+%lld/%lld", whole + more, part, (long long)under);
    else
        fprintf(to, "%lld/%lld", part, (long long)under);
}

/* The bar that a note begins in, and where in it, both from 1. Bars begin at multiples of a small
 * part of a beat, so this is exact. */
static void print_position(const list *l, const chr_score_note *n) {
    double beat = (double)n->at / (double)l->s->beat;
    double bar = chr_time_map_bar(l->ir->time, beat);
    int64_t begins = (int64_t)llround(chr_time_map_bar_beat(l->ir->time, bar) * METER_PARTS);
    wide at = n->at;
    fprintf(l->to, l->style == CHR_EVENTS_JSON ? "{\"bar\":%lld,\"beat\":\"" : "  bar %lld beat ",
            (long long)bar + 1);
    print_beats(l->to, at * METER_PARTS - (wide)begins * l->s->beat, (wide)l->s->beat * METER_PARTS,
                1);
}

static void name_of(const chr_score_note *n, char name[32]) {
    strcpy(name, "hit");
    if (n->note >= 0.0f)
        chr_look_note(440.0 * pow(2.0, (round((double)n->note) - 69.0) / 12.0), name);
}

/* `cutoff=2kHz`: the knobs that the note locks, as a player writes them. */
static void print_locks(const list *l, const chr_score_note *n) {
    chr_score_value values[VALUES_MAX];
    uint32_t n_values = chr_score_values(l->s, n, values, VALUES_MAX);
    for (uint32_t i = 0; i < n_values; i++) {
        const chr_ir_owner *o = &l->ir->owners[l->owner];
        if (values[i].slot >= o->n_locks)
            continue;
        char text[64];
        chr_unit_format(text, sizeof text, (double)values[i].value, o->locks[values[i].slot].unit);
        fprintf(l->to, ", %s=", o->locks[values[i].slot].path);
        for (const char *s = text; *s; s++)
            if (*s != ' ')
                fputc(*s, l->to);
    }
}

static void print_value(const list *l, const chr_score_note *n) {
    char text[64];
    chr_unit_format(text, sizeof text, (double)n->note, l->unit);
    print_position(l, n);
    fprintf(l->to, ": %s", text);
    if (n->later_s != 0.0f)
        fprintf(l->to, ", %.3g ms %s", fabs((double)n->later_s) * 1e3,
                n->later_s > 0.0f ? "late" : "early");
}

static void print_text(const list *l, const chr_score_note *n) {
    char name[32];
    name_of(n, name);
    print_position(l, n);
    fprintf(l->to, ": %s", name);
    if (n->note >= 0.0f)
        fprintf(l->to, " (m%g)", (double)n->note);
    fputs(" for ", l->to);
    print_beats(l->to, n->end - n->at, l->s->beat, 0);
    fprintf(l->to, ", level %.3g", (double)n->level);
    if (n->gate != 1.0f)
        fprintf(l->to, ", gate %.3g%%", (double)n->gate * 100.0);
    if (n->later_s != 0.0f)
        fprintf(l->to, ", %.3g ms %s", fabs((double)n->later_s) * 1e3,
                n->later_s > 0.0f ? "late" : "early");
    if (n->pan != 0.0f)
        fprintf(l->to, ", pan %.3g", (double)n->pan);
    print_locks(l, n);
    if (n->tie)
        fputs(", tied", l->to);
}

static void print_json(const list *l, const chr_score_note *n) {
    print_position(l, n);
    if (l->values) {
        fprintf(l->to, "\",\"value\":%.9g,\"later_s\":%.9g", (double)n->note, (double)n->later_s);
        return;
    }
    fputs("\",\"length\":\"", l->to);
    print_beats(l->to, n->end - n->at, l->s->beat, 0);
    fputc('"', l->to);
    if (n->note >= 0.0f)
        fprintf(l->to, ",\"note\":%g", (double)n->note);
    fprintf(l->to, ",\"level\":%.9g,\"gate\":%.9g,\"later_s\":%.9g,\"pan\":%.9g,\"tied\":%s",
            (double)n->level, (double)n->gate, (double)n->later_s, (double)n->pan,
            n->tie ? "true" : "false");
}

static void print_note(list *l, const chr_score_note *n) {
    const chr_score_node *leaf = &l->s->nodes[n->leaf];
    bool placed = leaf->place < l->s->n_places && l->s->places[leaf->place].source;
    chr_place place = {.line = 0};
    if (placed)
        place = chr_span_place(l->s->places[leaf->place]);
    if (l->style == CHR_EVENTS_JSON) {
        fputs(l->any ? "," : "", l->to);
        print_json(l, n);
        if (placed)
            fprintf(l->to, ",\"line\":%d,\"column\":%d", place.line, place.column);
        fputc('}', l->to);
    } else {
        if (l->values)
            print_value(l, n);
        else
            print_text(l, n);
        if (placed)
            fprintf(l->to, "   [%d:%d]", place.line, place.column);
        fputc('\n', l->to);
    }
    l->any = true;
}

static void print_pattern(list *l, const chr_ir_pattern *p, double bars) {
    l->s = &p->score;
    l->owner = p->owner;
    l->values = p->values;
    l->unit = p->unit;
    l->any = false;
    double beats = chr_time_map_bar_beat(l->ir->time, bars),
           ticks = ceil(beats * (double)l->s->beat - 1e-6);
    if (l->style == CHR_EVENTS_JSON)
        fprintf(l->to, "{\"pattern\":\"%s\",\"events\":[", p->name);
    else
        fprintf(l->to, "%s%s\n", p->name, p->playing ? "" : " (it does not play now)");
    uint32_t n = 0;
    chr_score_note *notes = ticks < (double)(INT64_MAX / 8)
                                ? chr_score_notes(l->s, 0, (int64_t)ticks, NOTES_MAX, &n)
                                : NULL;
    for (uint32_t i = 0; notes && i < n; i++)
        print_note(l, &notes[i]);
    free(notes);
    if (l->style == CHR_EVENTS_JSON)
        fputs("]}", l->to);
    else if (n == 0)
        fputs("  nothing sounds\n", l->to);
    else if (n == NOTES_MAX)
        fputs("  and so on: fewer bars show all\n", l->to);
}

bool chr_look_events(const chr_ir *ir, const char *name, double bars, chr_event_style style,
                     FILE *to) {
    list l = {.ir = ir, .style = style, .to = to};
    bool found = false;
    if (style == CHR_EVENTS_JSON)
        fputs("{\"events\":[", to);
    for (uint32_t i = 0; i < ir->n_patterns; i++) {
        const chr_ir_pattern *p = &ir->patterns[i];
        size_t len = strcspn(p->name, "/");
        if (name && strcmp(name, p->name) != 0 &&
            !(strlen(name) == len && strncmp(name, p->name, len) == 0))
            continue;
        if (found)
            fputs(style == CHR_EVENTS_JSON ? "," : "", to);
        found = true;
        print_pattern(&l, p, bars);
    }
    if (style == CHR_EVENTS_JSON)
        fputs("]}\n", to);
    return found;
}
