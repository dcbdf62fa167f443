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
    FILE *to;
} setting;

/* As it was typed, or what it is at first. */
static void print_value(const setting *s, const char *at_first) {
    if (!s->said || !s->said->child) {
        fputs(at_first, s->to);
        return;
    }
    chr_span span = s->said->child->span;
    fprintf(s->to, "%.*s", (int)(span.to - span.from), span.source->text + span.from);
}

static void print_tempo(const setting *s) {
    const chr_tempo *t = &s->state->tempo;
    fprintf(s->to, "tempo %g: a bar lasts %.3g s", t->bpm, t->beats_per_bar * 60 / t->bpm);
}

static void print_meter(const setting *s) {
    double n = s->state->tempo.beats_per_bar;
    fprintf(s->to, "meter %s: a bar lasts %g beat%s", s->said ? s->said->text : "4/4", n,
            n == 1 ? "" : "s");
}

static void print_key(const setting *s) {
    fprintf(s->to, "key ");
    print_value(s, "\"C major\"");
}

static void print_swing(const setting *s) {
    fprintf(s->to, "swing ");
    print_value(s, "50%: straight");
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
    {"swing",    print_swing   },
    {"volume",   print_volume  },
    {"seed",     print_seed    },
    {"quantize", print_quantize},
};

bool chr_print_setting(const chr_state *state, const chr_ir *ir, const char *word, FILE *to) {
    int i = chr_state_find(state, word);
    setting s = {state, ir, i >= 0 ? state->entries[i].statement : NULL, to};
    for (size_t k = 0; k < sizeof settings / sizeof *settings; k++)
        if (strcmp(settings[k].word, word) == 0) {
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
    bool is_one = to && chr_print_setting(c->state, c->ir, word, to);
    if (!to || fclose(to) != 0)
        c->failed = true;
    else if (is_one)
        chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text);
    free(text);
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
    const char *place = chr_place_text(c->arena, beat, c->state->tempo.beats_per_bar);
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, chr_arena_printf(c->arena, "%s %s", what, place));
}

void chr_tell_settings(chr_candidate *c) {
    const chr_session_options *o = &c->session->options;
    for (int i = 0; i < c->state->n; i++) {
        const chr_entry *e = &c->state->entries[i];
        if (e->fresh && !e->once)
            tell_setting(c, e->key);
    }
    tell_clock(c, o->position ? o->position(o->clock) : (chr_position){.running = false});
}
