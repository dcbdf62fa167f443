/* lang/session_tell.c: what the settings of the session are, and what a typed line changes outside
 * of the graph. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct setting {
    const chr_state *state;
    const chr_ir *ir;
    const chr_ast *said; /* its statement; NULL: as it is at the beginning */
    bool fresh;          /* which was just said */
    chr_position now;
    FILE *to;
} setting;

static void print_said(const chr_ast *from, const chr_ast *to, FILE *out) {
    const chr_span span = from->span;
    fprintf(out, "%.*s", (int)(to->span.to - span.from), span.source->text + span.from);
}

/* As it was typed, or what it is at first. */
static void print_value(const setting *s, const char *at_first) {
    if (!s->said || !s->said->child)
        fputs(at_first, s->to);
    else
        print_said(s->said->child, s->said->child, s->to);
}

/* What is said of a place in the piece; NULL: the statement is about where the clock is. */
static const chr_ast *place_of(const setting *s) {
    return s->said && !chr_is_glide(s->said) ? chr_ast_part(s->said, CHR_AST_POSITION) : NULL;
}

/* From the beginning of the piece; NULL: 0. */
static double beat_at(const chr_state *state, const chr_ast *at) {
    return at ? chr_time_map_bar_beat(state->time, at->number - 1) +
                    (at->child ? at->child->number - 1 : 0)
              : 0;
}

static double beat_of(const setting *s) {
    const chr_ast *at = place_of(s);
    return at ? beat_at(s->state, at) : s->now.beat;
}

/* What the map takes a beat for: more than it is, where a tempo that was typed to change slowly
 * goes on through loops and jumps. */
static double on_map(const setting *s, double beat) {
    return s->state->time->goes_on ? beat + s->now.looped + s->now.jumped : beat;
}

static double bpm_at(const setting *s, double beat) {
    return chr_time_map_bpm(s->state->time, on_map(s, beat));
}

static void print_way(const setting *s, double beat, double end) {
    char from[CHR_PLACE_TEXT], until[CHR_PLACE_TEXT];
    chr_place_write(from, beat, s->state->time);
    chr_place_write(until, end, s->state->time);
    fprintf(s->to, "tempo from %.4g to %.4g, from %s to %s", bpm_at(s, beat), bpm_at(s, end), from,
            until);
}

/* The next changes that lie ahead. */
static void print_changes(const setting *s) {
    const chr_time_map *time = s->state->time;
    int told = 0;
    for (uint32_t i = 1; i < time->n_tempi && told < 4; i++) {
        char place[CHR_PLACE_TEXT];
        double ahead = time->tempi[i].beat - on_map(s, s->now.beat);
        if (ahead <= 0)
            continue;
        chr_place_write(place, s->now.beat + ahead, time);
        fprintf(s->to, "; %.4g at %s", time->tempi[i].bpm, place);
        told++;
    }
}

/* `tempo 140: a bar lasts 1.71 s`; with a place in the piece, what holds there. */
static void print_tempo(const setting *s) {
    const chr_time_map *time = s->state->time;
    const chr_ast *over = s->said ? chr_ast_part(s->said, CHR_AST_OVER) : NULL;
    const double beat = beat_of(s), bpm = bpm_at(s, beat);
    char place[CHR_PLACE_TEXT];
    if (over && (place_of(s) || s->fresh)) {
        print_way(s, beat, beat + chr_beats_long(over->child, time, beat));
        return;
    }
    chr_place_write(place, beat, time);
    fprintf(s->to, "tempo %.4g%s%s: a bar lasts %.3g s", bpm, place_of(s) ? " from " : "",
            place_of(s) ? place : "",
            chr_time_map_meter(time, chr_time_map_bar(time, beat))->beats * 60 / bpm);
    if (!place_of(s))
        print_changes(s);
}

static void print_meter(const setting *s) {
    const chr_time_map *time = s->state->time;
    const double beat = beat_of(s);
    const chr_meter_part *m = chr_time_map_meter(time, chr_time_map_bar(time, beat));
    char place[CHR_PLACE_TEXT];
    chr_place_write(place, beat, time);
    fprintf(s->to, "meter %g/%g%s%s: a bar lasts %g beat%s", m->beats / m->unit, 4 / m->unit,
            place_of(s) ? " from " : "", place_of(s) ? place : "", m->beats,
            m->beats == 1 ? "" : "s");
}

/* What a statement of this kind says, without its place; `off` says nothing. */
static void print_what(const chr_ast *said, const char *at_first, FILE *to) {
    const chr_ast *first = said ? said->child : NULL, *last = first;
    if (first && first->kind == CHR_AST_POSITION)
        first = NULL;
    while (first && last->next && last->next->kind != CHR_AST_POSITION)
        last = last->next;
    if (first)
        print_said(first, last, to);
    else
        fputs(said ? "off" : at_first, to);
}

/* The statement of a kind that is the last up to a beat, or, with `ahead`, the first behind it. */
static const chr_ast *in_course(const setting *s, chr_ast_kind kind, double beat, bool ahead) {
    const chr_ast *found = NULL;
    double best = 0;
    for (int i = 0; i < s->state->n; i++) {
        const chr_ast *one = s->state->entries[i].statement;
        if (!one || one->kind != kind)
            continue;
        double at = beat_at(s->state, chr_ast_part(one, CHR_AST_POSITION));
        if ((at > beat) == ahead && (!found || (ahead ? at < best : at >= best))) {
            found = one;
            best = at;
        }
    }
    return found;
}

/* `swing 58%; 62% from bar 9`; of one that was just said with a place, that alone. */
static void print_course(const setting *s, chr_ast_kind kind, const char *at_first) {
    char place[CHR_PLACE_TEXT];
    double beat = beat_of(s);
    fprintf(s->to, "%s ", chr_ast_name(kind));
    if (s->fresh && place_of(s)) {
        chr_place_write(place, beat, s->state->time);
        print_what(s->said, at_first, s->to);
        fprintf(s->to, " from %s", place);
        return;
    }
    print_what(in_course(s, kind, beat, false), at_first, s->to);
    for (int told = 0; told < 4; told++) {
        const chr_ast *next = in_course(s, kind, beat, true);
        if (!next)
            return;
        beat = beat_at(s->state, chr_ast_part(next, CHR_AST_POSITION));
        chr_place_write(place, beat, s->state->time);
        fputs("; ", s->to);
        print_what(next, at_first, s->to);
        fprintf(s->to, " from %s", place);
    }
}

static void print_key(const setting *s) {
    print_course(s, CHR_AST_KEY_STATEMENT, "\"C major\"");
}

static void print_tuning(const setting *s) {
    const double *hz = s->ir->note_hz;
    chr_span span = s->said ? s->said->span : (chr_span){0};
    if (s->said)
        fprintf(s->to, "%.*s", (int)(span.to - span.from), span.source->text + span.from);
    else
        fputs("tuning off", s->to);
    fprintf(s->to, ": C4 is %.5g Hz, A4 %.5g Hz", chr_tuned_hz(hz, 60), chr_tuned_hz(hz, 69));
}

static void print_swing(const setting *s) {
    print_course(s, CHR_AST_SWING, "50%: straight");
}

static void print_humanize(const setting *s) {
    print_course(s, CHR_AST_HUMANIZE, "off: exactly in time");
}

/* As it is held, not as it was asked for. */
static void print_volume(const setting *s) {
    if (s->ir->volume > 0)
        fprintf(s->to, "volume %.3g dB", 20 * log10(s->ir->volume));
    else
        fprintf(s->to, "volume 0: silence");
}

static void print_seed(const setting *s) {
    fprintf(s->to, "seed %llu", (unsigned long long)s->ir->seed);
}

static void print_loop(const setting *s) {
    const chr_time_map *time = s->state->time;
    if (time->loop_to <= time->loop_from) {
        fprintf(s->to, "loop off");
        return;
    }
    double from = chr_time_map_bar(time, time->loop_from) + 1,
           to = chr_time_map_bar(time, time->loop_to);
    fprintf(s->to, "loops from bar %.0f to the end of bar %.0f", from, to);
    if (s->now.beat >= time->loop_to)
        fprintf(s->to, "; it is past that: play from bar %.0f", from);
}

static void print_quantize(const setting *s) {
    if (s->said && !s->said->child) {
        fprintf(s->to, "quantize off: changes wait for nothing");
        return;
    }
    fprintf(s->to, "patterns, play and stop wait for the next ");
    print_value(s, "bar");
}

static const struct {
    const char *word;
    void (*print)(const setting *s);
} settings[] = {
    {"tempo",    print_tempo   },
    {"meter",    print_meter   },
    {"key",      print_key     },
    {"tuning",   print_tuning  },
    {"swing",    print_swing   },
    {"humanize", print_humanize},
    {"volume",   print_volume  },
    {"seed",     print_seed    },
    {"quantize", print_quantize},
    {"loop",     print_loop    },
};

bool chr_print_setting(const chr_state *state, const chr_ir *ir, const char *word, chr_position now,
                       FILE *to) {
    int i = chr_state_find(state, word);
    size_t len = strcspn(word, " ");
    setting s = {.state = state, .ir = ir, .now = now, .to = to};
    if (i >= 0) {
        s.said = state->entries[i].statement;
        s.fresh = state->entries[i].fresh;
    }
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
        if (strlen(settings[k].word) == len && strncmp(settings[k].word, word, len) == 0) {
            settings[k].print(&s);
            return true;
        }
    return false;
}

/* Says what a typed line has made of a setting. */
static void tell_setting(chr_candidate *c, const char *word) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    bool is_one = to && chr_print_setting(c->state, c->ir, word, chr_candidate_position(c), to);
    if (!to || fclose(to) != 0)
        c->failed = true;
    else if (is_one)
        chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text);
    free(text);
}

/* An arrangement that the clock is past: what it rules falls silent. */
static void tell_arrangement(chr_candidate *c) {
    const chr_time_map *time = c->state->time;
    chr_position now = chr_candidate_position(c);
    if (time->end <= 0 || !now.running || now.beat < time->end)
        return;
    double bars = chr_time_map_bar(time, time->end);
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL,
                      chr_arena_printf(c->arena,
                                       "the song ends with bar %.0f; it is past that: "
                                       "play from bar 1",
                                       bars));
}

/* What becomes of the clock: `play` while it stands, `hush`, `panic`. */
static void tell_clock(chr_candidate *c, chr_position before) {
    const char *what = NULL;
    double beat = floor(before.beat * 10) / 10;
    for (const chr_request *r = c->first_request; r; r = r->next) {
        if ((r->kind == CHR_REQUEST_PLAY && !before.running) || r->kind == CHR_REQUEST_PLAY_FROM)
            what = "plays from";
        if (r->kind == CHR_REQUEST_HUSH || r->kind == CHR_REQUEST_PANIC)
            what = "silence; play goes on from";
        if (r->kind == CHR_REQUEST_PLAY_FROM)
            beat = r->beat;
    }
    if (!what)
        return;
    const char *place = chr_place_text(c->arena, beat, c->state->time);
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, chr_arena_printf(c->arena, "%s %s", what, place));
}

void chr_tell_settings(chr_candidate *c) {
    const chr_session_options *o = &c->session->options;
    for (int i = 0; i < c->state->n; i++) {
        const chr_entry *e = &c->state->entries[i];
        if (!e->fresh || e->once)
            continue;
        tell_setting(c, e->key);
        if (strcmp(e->key, "arrange") == 0)
            tell_arrangement(c);
    }
    const chr_time_map *before = chr_session_state(c->session)->time;
    if (before->loop_to > before->loop_from && c->state->time->loop_to <= 0)
        tell_setting(c, "loop");
    tell_clock(c, o->position ? o->position(o->clock) : (chr_position){.running = false});
}
