/* lang/check/arrange.c: sections and their order: from which beat to which each pattern and each
 * drone plays. An arrangement rules what its sections name; everything else plays as it does.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

enum { MAX_PARTS = 10000 }; /* sections of one arrangement, one after the other */

static const double on_s = 0.010; /* a drone's way from silence to sound and back */

/* One section where it stands in the song. */
struct part {
    const chr_ast *section;
    double from, to; /* beats */
};

/* ---- sections ---- */

static bool is_listed(const chr_ast *section, const char *name) {
    for (const chr_ast *t = section->child; t != NULL; t = t->next)
        if (t->kind == CHR_AST_TARGET && chr_means_pattern(t->text, name))
            return true;
    return false;
}

static bool names_a_pattern(const checker *c, const char *name) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if ((s->kind == CHR_AST_SEQUENCE || s->kind == CHR_AST_MELODY) && s->child != NULL &&
            strcmp(s->child->text, name) == 0)
            return true;
    }
    return false;
}

static void report_nobody(checker *c, const chr_ast *target) {
    if (!REPORT(c, E308, target->span, target->text))
        return;
    const char **names = TAKE_N(c, const char *, c->n_owners);
    int n = 0;
    for (uint32_t i = 1; i < c->n_owners; i++)
        names[n++] = c->owners[i]->name;
    const char *near = n < 4000 ? chr_nearest(target->text, names, n) : NULL;
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
}

static void check_section(checker *c, const chr_ast *section) {
    for (const chr_ast *t = section->child; t != NULL; t = t->next) {
        if (t->kind != CHR_AST_TARGET)
            continue;
        const binding *b = table_find(&c->things, t->text);
        if (b != NULL && b->kind == BIND_OWNER && is_bus(b->owner))
            REPORT(c, E485, t->span, t->text);
        else if (b == NULL && !names_a_pattern(c, t->text))
            report_nobody(c, t);
    }
}

/* How long a section lasts that begins at a beat: the bars there may be of any meter. */
static bool length_of(checker *c, const chr_ast *section, double from, double *beats) {
    const chr_ast *e = section->child;
    bool bars = e != NULL && e->unit == CHR_UNIT_BARS;
    if (bars)
        *beats = chr_time_map_bars_long(c->time, from, e->number);
    if (e != NULL &&
        (bars || chr_unit_convert(e->number, e->unit, CHR_UNIT_BEATS, &c->tempo, beats)) &&
        *beats >= 0.0625 && *beats <= 1e6)
        return true;
    REPORT(c, E482, e != NULL ? e->span : section->span, e != NULL ? text_of(c, e->span) : "");
    return false;
}

/* ---- the order ---- */

/* `x4`, as in other programs */
static bool is_times(const char *text) {
    return *text == 'x' && text[1] != '\0' && text[1 + strspn(text + 1, "0123456789")] == '\0';
}

static const chr_ast *find_section(checker *c, const chr_ast *part) {
    const char **names = TAKE_N(c, const char *, c->program->n);
    int n = 0;
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if (s->kind != CHR_AST_SECTION && s->kind != CHR_AST_BAD)
            continue;
        if (strcmp(s->text, part->text) == 0) /* a bad one is reported where it stands */
            return s->kind == CHR_AST_SECTION ? s : NULL;
        names[n++] = s->text;
    }
    if (REPORT(c, E481, part->span, part->text)) {
        const char *near = chr_nearest(part->text, names, n);
        if (is_times(part->text))
            chr_suggest(c->diags, "to play a section several times: verse*%s", part->text + 1);
        else if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
        else if (n == 0)
            chr_suggest(c->diags, "say first what it is: section %s 8 bars: kick bass", part->text);
    }
    return NULL;
}

static bool lay_part(checker *c, const chr_ast *part, double *beat) {
    const chr_ast *section = find_section(c, part);
    double times = part->number, length;
    if (!(times >= 1 && times <= MAX_PARTS && times == (double)(int)times)) {
        REPORT(c, E484, part->span, text_of(c, part->span));
        return false;
    }
    if (section == NULL)
        return false;
    for (int i = 0; i < (int)times; i++) {
        if (!length_of(c, section, *beat, &length))
            return false;
        if (c->n_parts == MAX_PARTS) {
            REPORT(c, E483, part->span, MAX_PARTS);
            return false;
        }
        c->parts = grown(c, c->parts, c->n_parts, &c->parts_room, sizeof *c->parts);
        c->parts[c->n_parts++] = (struct part){section, *beat, *beat + length};
        *beat += length;
    }
    return true;
}

void read_arrangement(checker *c) {
    const chr_ast *order = NULL;
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        double beats;
        if (s->kind == CHR_AST_SECTION && length_of(c, s, 0, &beats))
            check_section(c, s);
        if (s->kind == CHR_AST_ARRANGE)
            order = s;
    }
    double beat = 0;
    bool ok = order != NULL;
    for (const chr_ast *part = ok ? order->child : NULL; part != NULL; part = part->next)
        ok = lay_part(c, part, &beat) && ok;
    if (!ok)
        c->n_parts = 0;
    c->time->end = ok ? beat : 0;
}

bool arranged_windows(checker *c, const char *name, chr_ir_window **windows, uint32_t *n) {
    uint32_t room = 0;
    bool ruled = false;
    *windows = NULL;
    *n = 0;
    for (uint32_t i = 0; i < c->n_parts; i++) {
        const struct part *p = &c->parts[i];
        if (!is_listed(p->section, name))
            continue;
        ruled = true;
        if (*n > 0 && (*windows)[*n - 1].to >= p->from) {
            (*windows)[*n - 1].to = p->to; /* it goes on without a seam */
            continue;
        }
        *windows = grown(c, *windows, *n, &room, sizeof **windows);
        (*windows)[(*n)++] = (chr_ir_window){p->from, p->to};
    }
    return ruled;
}

/* ---- drones ---- */

value arranged_presence(checker *c, const place *p, const char *name, chr_span span) {
    chr_ir_window *windows;
    uint32_t n;
    if (!arranged_windows(c, name, &windows, &n))
        return number(1, CHR_UNIT_NONE);
    moment *points = TAKE_N(c, moment, 4 * (uint64_t)n + 1);
    uint32_t k = 0;
    points[k++] = (moment){.beat = 0, .value = n > 0 && windows[0].from <= 0 ? 1 : 0};
    for (uint32_t i = 0; i < n; i++) {
        double from = windows[i].from, to = windows[i].to;
        if (from > 0) {
            double there = from + on_s * chr_time_map_bpm(c->time, from) / 60;
            points[k++] = (moment){.beat = from, .value = 0};
            points[k++] = (moment){.beat = there, .value = 1, .curve = 3};
        }
        points[k++] =
            (moment){.beat = to - on_s * chr_time_map_bpm(c->time, to - 0.01) / 60, .value = 1};
        points[k++] = (moment){.beat = to, .value = 0, .curve = 3};
    }
    for (uint32_t i = 0; i < k; i++)
        points[i].span = span;
    return lay_moments(c, p, CHR_UNIT_NONE, points, k);
}
