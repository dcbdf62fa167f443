/* lang/session_tell.c: the answer to what a typed line changes outside of the graph.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <math.h>
#include <string.h>

static const char *length_text(chr_candidate *c, const chr_ast *length) {
    int n = (int)(length->span.to - length->span.from);
    return chr_arena_printf(c->arena, "%.*s", n, length->span.source->text + length->span.from);
}

static const char *setting_text(chr_candidate *c, const chr_ast *s) {
    const chr_tempo *t = &c->state->tempo;
    switch (s->kind) {
    case CHR_AST_TEMPO:
        return chr_arena_printf(c->arena, "tempo %g: a bar lasts %.3g s", t->bpm,
                                t->beats_per_bar * 60 / t->bpm);
    case CHR_AST_METER:
        return chr_arena_printf(c->arena, "meter %s: a bar lasts %g beats", s->text,
                                t->beats_per_bar);
    case CHR_AST_KEY_STATEMENT:
        return chr_arena_printf(c->arena, "key %s", s->child ? s->child->text : "");
    case CHR_AST_SWING:
        return chr_arena_printf(c->arena, "swing %s", length_text(c, s->child));
    case CHR_AST_VOLUME:
        return c->ir->volume > 0 ? chr_arena_printf(c->arena, "volume %.1f dB", /* as it is held */
                                                    20 * log10(c->ir->volume))
                                 : "volume 0: silence";
    case CHR_AST_SEED:
        return chr_arena_printf(c->arena, "seed %s", length_text(c, s->child));
    case CHR_AST_QUANTIZE:
        if (!s->child)
            return "changes wait for nothing";
        return chr_arena_printf(c->arena, "patterns, play and stop wait for the next %s",
                                length_text(c, s->child));
    default:
        return NULL;
    }
}

/* `play` while the clock stands. */
static void tell_play(chr_candidate *c, chr_position before) {
    for (const chr_request *r = c->first_request; r; r = r->next) {
        bool starts = r->kind == CHR_REQUEST_PLAY && !before.running;
        if (!starts && r->kind != CHR_REQUEST_PLAY_FROM)
            continue;
        double beat = r->kind == CHR_REQUEST_PLAY_FROM ? r->beat : round(before.beat * 10) / 10;
        const char *text =
            chr_arena_printf(c->arena, "plays from %s",
                             chr_place_text(c->arena, beat, c->state->tempo.beats_per_bar));
        chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text);
        return;
    }
}

void chr_tell_settings(chr_candidate *c) {
    const chr_session_options *o = &c->session->options;
    for (int i = 0; i < c->state->n; i++) {
        const chr_entry *e = &c->state->entries[i];
        const char *text = e->fresh && !e->once ? setting_text(c, e->statement) : NULL;
        if (text)
            chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text);
    }
    tell_play(c, o->position ? o->position(o->clock) : (chr_position){.running = false});
}
