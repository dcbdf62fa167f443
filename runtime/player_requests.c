/* runtime/player_requests.c: what an evaluation asked for besides sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/player_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void chr_player_note(const chr_player *p, const char *text) {
    if (p->listener.note)
        p->listener.note(p->listener.context, text);
}

void chr_player_trouble(const chr_player *p, chr_evaluation *e, const char *text) {
    if (e)
        e->trouble = true;
    if (p->listener.trouble)
        p->listener.trouble(p->listener.context, text);
}

/* `> out 5` where four channels are open is heard by nobody: said once. */
void chr_player_tell_channels(chr_player *p, const chr_ir *ir) {
    for (uint32_t i = 0; i < ir->n_owners; i++)
        for (uint32_t k = 0; k < ir->owners[i].n_outs; k++) {
            const chr_ir_owner *o = &ir->owners[i];
            uint32_t channel = o->outs[k].channel + 1;
            char text[256];
            if (channel <= p->n_told || channel > CHR_TAP_CHANNEL)
                continue;
            p->n_told = channel;
            snprintf(text, sizeof text,
                     "%.80s goes to channel %u, and %u %s open: --channels %u opens it", o->name,
                     channel, p->n_channels, p->n_channels == 1 ? "is" : "are", channel);
            chr_player_note(p, text);
        }
}

/* `input 2` where the device hears one channel is silence: said once. */
void chr_player_tell_inputs(chr_player *p, const chr_ir *ir) {
    for (uint32_t i = 0; i < ir->n_nodes; i++) {
        const chr_ir_node *node = &ir->nodes[i];
        if (strcmp(node->module->name, "input") != 0)
            continue;
        for (uint32_t k = 0; k < node->n_instances; k++) {
            const chr_strand channel = node->params[k];
            uint32_t n = channel.kind == CHR_STRAND_CONST ? (uint32_t)channel.value : 1;
            char text[256];
            if (n <= p->n_inputs_told)
                continue;
            p->n_inputs_told = n;
            snprintf(text, sizeof text,
                     "input %u is silent: `--inputs %u` lets `run` and the prompt hear it, and a "
                     "rendering hears nothing",
                     n, n);
            chr_player_note(p, text);
        }
    }
}

void chr_player_tell_hears(const chr_witness *w, chr_engine *e, const chr_ir *ir) {
    for (uint32_t i = 0; w->hears && chr_engine_inputs(e) > 0 && i < ir->n_nodes; i++)
        if (strcmp(ir->nodes[i].module->name, "input") == 0) {
            w->hears(w->context, e);
            return;
        }
}

static void report_write(chr_player *p, chr_evaluation *e, chr_write_status status,
                         const char *path) {
    char text[512];
    switch (status) {
    case CHR_WRITE_OK:
        snprintf(text, sizeof text, "saved as %s", path);
        chr_player_note(p, text);
        return;
    case CHR_WRITE_THERE:
        snprintf(text, sizeof text, "%s is there already and was left as it is", path);
        chr_player_note(p, text);
        return;
    case CHR_WRITE_BAD_NAME:
        snprintf(text, sizeof text, "%s was not written: the name of a saved thing is a plain name",
                 path);
        break;
    case CHR_WRITE_FAILED:
        snprintf(text, sizeof text, "%s could not be written: %s", path, strerror(errno));
        break;
    }
    e->trouble = true;
    if (p->listener.trouble)
        p->listener.trouble(p->listener.context, text);
}

static void answer_stats(const chr_player *p) {
    if (!p->stats) {
        chr_player_note(p, "stats tells of what is played live: at the prompt, and in `run`");
        return;
    }
    char *text = p->stats(p->stats_context);
    if (text && p->listener.answer)
        p->listener.answer(p->listener.context, text);
    free(text);
}

static void record(chr_player *p, chr_evaluation *e, const chr_request *r) {
    char said[CHR_RECORDER_TEXT] = "";
    if (r->kind == CHR_REQUEST_RECORD
            ? chr_recorder_begin(p->recorder, r->name, r->text != NULL, said)
            : chr_recorder_end(p->recorder, said)) {
        if (*said)
            chr_player_note(p, said);
        e->told_later |= !*said;
    } else {
        chr_player_trouble(p, e, said);
    }
}

static void look(chr_player *p, chr_evaluation *e, chr_look_kind kind, const char *name) {
    (void)chr_engine_over_db(p->engine); /* what was before does not count */
    p->over_db = 0.0;
    if (chr_looks_begin(p->looks, kind, name))
        return;
    chr_player_trouble(p, e, "too many are looking already: wait a moment");
}

void chr_player_do(chr_player *p, chr_evaluation *e, const chr_request *r) {
    char path[256];
    switch (r->kind) {
    case CHR_REQUEST_PLAY:
        chr_engine_play(p->engine);
        break;
    case CHR_REQUEST_STOP:
        chr_engine_stop_now(p->engine);
        break;
    case CHR_REQUEST_HUSH:
        chr_engine_hush(p->engine);
        break;
    case CHR_REQUEST_PRINT:
        if (p->listener.answer_facts && r->facts)
            p->listener.answer_facts(p->listener.context, r->text, r->facts);
        else if (p->listener.answer)
            p->listener.answer(p->listener.context, r->text);
        break;
    case CHR_REQUEST_STATS:
        answer_stats(p);
        break;
    case CHR_REQUEST_SAVE:
        report_write(p, e, chr_files_save_patch(p->files, r->name, r->text, path), path);
        break;
    case CHR_REQUEST_GENERATE:
        report_write(p, e, chr_files_new_module(p->files, r->name, r->text, path), path);
        break;
    case CHR_REQUEST_RECORD:
    case CHR_REQUEST_STOP_RECORDING:
        record(p, e, r);
        break;
    case CHR_REQUEST_METERS:
        look(p, e, CHR_LOOK_METERS, NULL);
        break;
    case CHR_REQUEST_SCOPE:
        look(p, e, CHR_LOOK_SCOPE, r->name);
        break;
    case CHR_REQUEST_SPECTRUM:
        look(p, e, CHR_LOOK_SPECTRUM, r->name);
        break;
    case CHR_REQUEST_WHY:
        look(p, e, CHR_LOOK_WHY, r->name);
        break;
    case CHR_REQUEST_METRONOME:
        chr_player_metronome(p, r->name);
        break;
    case CHR_REQUEST_TAP:
        chr_player_tap(p);
        break;
    case CHR_REQUEST_ROLL:
        chr_player_roll(p, r->name);
        break;
    case CHR_REQUEST_EVENTS:
        chr_player_events(p, r->name, r->beat);
        break;
    case CHR_REQUEST_PANIC:
        chr_engine_panic(p->engine);
        break;
    case CHR_REQUEST_TELL:
        chr_player_note(p, r->text);
        break;
    case CHR_REQUEST_PLAY_FROM:
    case CHR_REQUEST_STANDS_FOR:
    case CHR_REQUEST_FORESEE:
        break; /* done while it was offered */
    case CHR_REQUEST_QUIT:
        e->quit = true;
        break;
    }
}

chr_clock_act chr_player_clock_act(const chr_request *r, double *to) {
    chr_clock_act act = CHR_CLOCK_GOES_ON;
    for (; r; r = r->next) {
        if (r->kind == CHR_REQUEST_PLAY && act != CHR_CLOCK_JUMP)
            act = CHR_CLOCK_START;
        if (r->kind == CHR_REQUEST_STOP && !chr_clock_hushes(act))
            act = CHR_CLOCK_STOP;
        if (r->kind == CHR_REQUEST_HUSH && act != CHR_CLOCK_PANIC)
            act = CHR_CLOCK_HUSH;
        if (r->kind == CHR_REQUEST_PANIC)
            act = CHR_CLOCK_PANIC;
        if (r->kind != CHR_REQUEST_PLAY_FROM)
            continue;
        act = CHR_CLOCK_JUMP;
        *to = r->beat;
    }
    return act;
}
