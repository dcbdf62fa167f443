/* lang/check/tempo.c: the tempi, meters and loop of the session become one map of its time.
 * SPDX-License-Identifier: MIT */
#include "dsp/kernel/scalar.h"
#include "lang/check/inner.h"
#include "lang/place.h"

#include <math.h>
#include <stdlib.h>

enum { MOST_BEATS = 1000000, /* of a ramp */ MOST_BARS = 1000000 /* of a piece that loops */ };
#define HAIR 1e-9 /* beats */

static const chr_param_info tempo_info = {.word = "the tempo",
                                          .unit = CHR_UNIT_BPM,
                                          .min = 10,
                                          .max = 999,
                                          .dflt = 120,
                                          .hint = "90 to 140 for most music"};

/* One statement. */
typedef struct said_tempo {
    const chr_ast *statement;
    const chr_ast *over; /* NUMBER; NULL: at once */
    uint32_t order;
    double beat, bpm, to_bpm; /* bpm 0: what holds there */
} said_tempo;

typedef struct said_meter {
    uint32_t order;
    double bar, beats, unit;
} said_meter;

static const chr_ast *part(const chr_ast *s, chr_ast_kind kind) {
    for (const chr_ast *child = s->child; child; child = child->next)
        if (child->kind == kind)
            return child;
    return NULL;
}

/* ---- meters ---- */

/* "7/8" is 3.5 quarter notes. */
static bool read_meter(checker *c, const chr_ast *s, said_meter *m) {
    long over = 0, under = 0;
    char rest = 0;
    int n = sscanf(s->text, "%6ld/%6ld%c", &over, &under, &rest);
    bool power = under == 1 || under == 2 || under == 4 || under == 8 || under == 16 ||
                 under == 32 || under == 64;
    if (n != 2 || over < 1 || over > 64 || !power) {
        REPORT(c, E425, s->span, s->text);
        return false;
    }
    const chr_ast *at = part(s, CHR_AST_POSITION);
    if (at && (at->number != floor(at->number) || (at->child && at->child->number != 1))) {
        REPORT(c, E454, at->span, text_of(c, at->span));
        return false;
    }
    *m = (said_meter){.order = m->order,
                      .bar = at ? at->number - 1 : 0,
                      .beats = 4.0 * (double)over / (double)under,
                      .unit = 4.0 / (double)under};
    return true;
}

static int compare_meters(const void *a, const void *b) {
    const said_meter *x = a, *y = b;
    if (x->bar != y->bar)
        return x->bar < y->bar ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* The statements of a kind, in order. *n: how many; told where there are too many. */
static const chr_ast **all_of(checker *c, chr_ast_kind kind, uint32_t *n) {
    const chr_ast *const *all = c->program->statements;
    uint32_t found = 0;
    *n = 0;
    for (int i = 0; i < c->program->n; i++)
        found += all[i]->kind == kind;
    const chr_ast **list = TAKE_N(c, const chr_ast *, found + 1);
    for (int i = 0; i < c->program->n && *n < CHR_TIME_POINTS; i++)
        if (all[i]->kind == kind)
            list[(*n)++] = all[i];
    if (found > *n)
        REPORT(c, E452, list[*n - 1]->span, (int)CHR_TIME_POINTS, chr_ast_name(kind));
    return list;
}

/* Of two at one place, the one that was said last counts. */
static chr_meter_point *read_meters(checker *c, uint32_t *n_all) {
    uint32_t n_statements, n = 0, n_points = 0;
    const chr_ast **statements = all_of(c, CHR_AST_METER, &n_statements);
    said_meter *said = TAKE_N(c, said_meter, n_statements + 1);
    chr_meter_point *points = TAKE_N(c, chr_meter_point, n_statements + 1);
    for (uint32_t i = 0; i < n_statements; i++) {
        said[n].order = i;
        n += read_meter(c, statements[i], &said[n]);
    }
    qsort(said, n, sizeof *said, compare_meters);
    points[n_points++] = (chr_meter_point){.bar = 0, .beats = 4, .unit = 1};
    for (uint32_t i = 0; i < n; i++) {
        n_points -= points[n_points - 1].bar == said[i].bar;
        points[n_points++] = (chr_meter_point){said[i].bar, said[i].beats, said[i].unit};
    }
    *n_all = n_points;
    return points;
}

/* ---- tempi ---- */

static bool read_bpm(checker *c, const place *p, const chr_ast *e, double *bpm) {
    value v = eval_param(c, p, "", &tempo_info, e, NULL);
    return one_number(c, &v, e->span, "the tempo", bpm);
}

static bool read_tempo(checker *c, const place *p, const chr_ast *s, said_tempo *t) {
    const chr_ast *to = part(s, CHR_AST_TO), *over = part(s, CHR_AST_OVER),
                  *at = part(s, CHR_AST_POSITION);
    *t = (said_tempo){.statement = s, .order = t->order, .over = over ? over->child : NULL};
    double first;
    if (!s->child || !read_bpm(c, p, s->child, &first))
        return false;
    if (to && !over) {
        if (REPORT(c, E451, to->span, text_of(c, to->span)))
            chr_suggest(c->diags, "tempo %s over 8 bars",
                        text_of(c, (chr_span){s->span.source, s->child->span.from, to->span.to}));
        return false;
    }
    if (to && (!to->child || !read_bpm(c, p, to->child, &t->to_bpm)))
        return false;
    if (at)
        t->beat = chr_time_map_bar_beat(c->time, at->number - 1) +
                  (at->child ? at->child->number - 1 : 0);
    if (over && !to)
        t->to_bpm = first; /* from what holds there */
    else
        t->bpm = first;
    return true;
}

static int compare_tempi(const void *a, const void *b) {
    const said_tempo *x = a, *y = b;
    if (x->beat != y->beat)
        return x->beat < y->beat ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

/* How many beats a ramp takes. So many seconds of one that is even over the beats are as many beats
 * as at its mean, which is (b - a) / ln(b / a). */
static double length_of(checker *c, const said_tempo *t, double bpm) {
    const chr_ast *over = t->over;
    double beats = 0;
    if (over->unit == CHR_UNIT_BARS)
        beats = chr_time_map_bars_long(c->time, t->beat, over->number);
    else if (over->unit == CHR_UNIT_BEATS || over->unit == CHR_UNIT_WHOLES)
        beats = over->number * (over->unit == CHR_UNIT_WHOLES ? 4 : 1);
    else if (over->unit == CHR_UNIT_S && fabs(t->to_bpm - bpm) < 1e-6 * bpm)
        beats = over->number * bpm / 60;
    else if (over->unit == CHR_UNIT_S)
        beats = over->number / 60 * (t->to_bpm - bpm) / chr_log(t->to_bpm / bpm);
    if (beats >= 1.0 / 64 && beats <= MOST_BEATS)
        return beats;
    REPORT(c, E384, over->span, text_of(c, over->span));
    return 0;
}

static void add_tempo(checker *c, const said_tempo *t, chr_tempo_point *points, uint32_t *n) {
    chr_tempo_point *last = &points[*n - 1];
    const double end = last->beat + last->length;
    const double before = last->length > 0 ? last->to_bpm : last->bpm;
    if (t->beat < end - HAIR) {
        if (REPORT(c, E455, t->statement->span, chr_place_text(c->scratch, t->beat, c->time)))
            chr_suggest(
                c->diags,
                "that one begins at %s and ends at %s; a typed `tempo 120` ends all of them",
                chr_place_text(c->scratch, last->beat, c->time),
                chr_place_text(c->scratch, end, c->time));
        return;
    }
    chr_tempo_point point = {.beat = t->beat, .bpm = t->bpm > 0 ? t->bpm : before};
    if (t->over) {
        point.to_bpm = t->to_bpm;
        point.length = length_of(c, t, point.bpm);
    }
    if (last->length > 0) /* a hair less than that was arithmetic */
        last->length = fmin(last->length, t->beat - last->beat);
    *n -= last->beat == t->beat;
    points[(*n)++] = point;
}

static chr_tempo_point *read_tempi(checker *c, const place *p, uint32_t *n_points) {
    uint32_t n_statements, n = 0;
    const chr_ast **statements = all_of(c, CHR_AST_TEMPO, &n_statements);
    said_tempo *said = TAKE_N(c, said_tempo, n_statements + 1);
    chr_tempo_point *points = TAKE_N(c, chr_tempo_point, n_statements + 1);
    points[0] = (chr_tempo_point){.bpm = (double)tempo_info.dflt};
    *n_points = 1;
    for (uint32_t i = 0; i < n_statements; i++) {
        said[n].order = i;
        if (!read_tempo(c, p, statements[i], &said[n]))
            continue;
        if (*statements[i]->text) { /* typed: what it begins with held before */
            points[0].bpm = said[n].bpm;
            if (said[n].beat < 0) /* in a session that came back, it was on its way before */
                points[0].beat = said[n].beat;
            c->goes_on = true;
        }
        n++;
    }
    qsort(said, n, sizeof *said, compare_tempi);
    for (uint32_t i = 0; i < n; i++)
        add_tempo(c, &said[i], points, n_points);
    return points;
}

/* ---- the loop ---- */

static bool is_bar(const chr_ast *number) {
    return number && number->unit == CHR_UNIT_NONE && number->number >= 1 &&
           number->number <= MOST_BARS && number->number == floor(number->number);
}

static void read_loop(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i], *from = s->child;
        if (s->kind != CHR_AST_LOOP || !from)
            continue;
        const chr_ast *to = from->next;
        if (is_bar(from) && is_bar(to) && to->number >= from->number) {
            c->time->loop_from = chr_time_map_bar_beat(c->time, from->number - 1);
            c->time->loop_to = chr_time_map_bar_beat(c->time, to->number);
        } else if (REPORT(c, E456, s->span, text_of(c, s->span)) && is_bar(from) && is_bar(to)) {
            chr_suggest(c->diags, "loop bars %.0f..%.0f", to->number, from->number);
        }
    }
}

/* ---- all of it ---- */

static void make_map(checker *c, const chr_tempo_point *tempi, uint32_t n_tempi,
                     const chr_meter_point *meters, uint32_t n_meters) {
    chr_time_map *map = chr_time_map_new(tempi, n_tempi, meters, n_meters);
    if (!map)
        give_up(c);
    chr_time_map_drop(c->time);
    c->time = map;
}

void read_time(checker *c, const place *p) {
    const chr_tempo_point usual = {.bpm = (double)tempo_info.dflt};
    uint32_t n_meters, n_tempi;
    const chr_meter_point *meters = read_meters(c, &n_meters);
    c->tempo.bpm = c->bpm_here = usual.bpm;
    c->tempo.beats_per_bar = meters[0].beats;
    make_map(c, &usual, 1, meters, n_meters); /* where the bars are */
    const chr_tempo_point *tempi = read_tempi(c, p, &n_tempi);
    make_map(c, tempi, n_tempi, meters, n_meters);
    c->time->goes_on = c->goes_on;
    read_loop(c);
    c->tempo.bpm = tempi[0].bpm;
    const double played = c->goes_on ? c->program->played : 0;
    c->bpm_here = chr_time_map_bpm(c->time, c->program->beat + played);
}
