/* lang/session_midi.c: `import "song.mid" as lead`: the notes of a MIDI file as a melody of the
 * session. SPDX-License-Identifier: MIT */
#include "lang/midi.h"
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

/* What is asked for beside the file and the name. */
typedef struct wish {
    const chr_ast *name, *track, *step; /* values of keys; NULL: not said */
} wish;

bool chr_is_midi_name(const char *name) {
    size_t n = strlen(name);
    return (n > 4 && strcmp(name + n - 4, ".mid") == 0) ||
           (n > 5 && strcmp(name + n - 5, ".midi") == 0);
}

static bool read_keys(chr_candidate *c, const chr_ast *statement, wish *w) {
    bool good = true;
    for (const chr_ast *k = statement->child; k; k = k->next) {
        if (k->kind == CHR_AST_NAME)
            w->name = k;
        if (k->kind != CHR_AST_KEY)
            continue;
        const chr_ast **at = strcmp(k->text, "track") == 0  ? &w->track
                             : strcmp(k->text, "step") == 0 ? &w->step
                                                            : NULL;
        if (at)
            *at = k->child;
        else
            chr_report(&c->diags, CHR_E726, k->span, k->text);
        good = good && at;
    }
    return good;
}

/* The grid that notes are moved to, in beats; 0: they stay where they are. */
static bool read_grid(chr_candidate *c, const wish *w, double *beats) {
    *beats = 0;
    if (!w->step)
        return true;
    bool musical = w->step->unit == CHR_UNIT_BEATS || w->step->unit == CHR_UNIT_WHOLES;
    if (w->step->kind == CHR_AST_NUMBER && musical)
        *beats = w->step->number * (w->step->unit == CHR_UNIT_WHOLES ? 4 : 1);
    if (*beats >= 1.0 / 64 && *beats <= 64)
        return true;
    chr_report(&c->diags, CHR_E727, w->step->span);
    return false;
}

static const char *tracks_in_words(chr_candidate *c, const chr_midi *midi) {
    const char *text = "";
    int n = 0;
    for (uint32_t i = 0; i < midi->n_tracks && n < 16; i++)
        if (midi->tracks[i].n_notes) {
            n++;
            text = chr_arena_printf(c->arena, "%s%strack=%d %s%s(%u notes)", text,
                                    n > 1 ? ", " : "", n, midi->tracks[i].name,
                                    midi->tracks[i].name[0] ? " " : "", midi->tracks[i].n_notes);
            if (!text)
                return "";
        }
    return text;
}

/* The track that is meant, counted among those that have notes; false, reported, where none is. */
static bool choose_track(chr_candidate *c, const char *file, const chr_midi *midi, const wish *w,
                         chr_span span, uint32_t *track) {
    double wanted = w->track && w->track->kind == CHR_AST_NUMBER ? w->track->number : 0;
    uint32_t n = 0;
    bool found = false;
    for (uint32_t i = 0; i < midi->n_tracks; i++)
        if (midi->tracks[i].n_notes) {
            n++;
            if (!found && (!w->track || wanted == n)) {
                *track = i;
                found = true;
            }
        }
    if (found && (w->track || n == 1))
        return true;
    chr_report(&c->diags, n ? CHR_E724 : CHR_E725, w->track ? w->track->span : span, file);
    if (n && chr_wants_advice(&c->diags))
        chr_suggest(&c->diags, "%s", tracks_in_words(c, midi));
    return false;
}

static void tell_file(chr_candidate *c, const char *file, const chr_midi *midi, uint32_t track) {
    chr_candidate_ask(
        c, CHR_REQUEST_TELL, NULL,
        chr_arena_printf(c->arena, "%s: %u notes; the file itself is at tempo %.4g, meter %d/%d",
                         file, midi->tracks[track].n_notes, midi->bpm, midi->over, midi->under));
}

chr_script *chr_read_midi(chr_candidate *c, const chr_ast *statement, const char *file,
                          const char *owner_file, const char *data, size_t len) {
    wish w = {NULL, NULL, NULL};
    chr_midi midi;
    double grid = 0;
    uint32_t track = 0;
    bool good = read_keys(c, statement, &w) && read_grid(c, &w, &grid);
    if (!w.name) {
        chr_report(&c->diags, CHR_E723, statement->span, file);
        if (chr_wants_advice(&c->diags))
            chr_suggest(&c->diags, "import \"%s\" as lead", file);
        return NULL;
    }
    const char *fault = chr_midi_read((const uint8_t *)data, len, c->arena, &midi);
    if (fault)
        chr_report(&c->diags, CHR_E722, statement->child->span, file, fault);
    if (!good || fault || !choose_track(c, file, &midi, &w, statement->child->span, &track))
        return NULL;
    const char *text = chr_midi_text(&midi, track, w.name->text, grid, c->arena);
    const char *place = chr_arena_printf(c->arena, "%s, as %s", file, w.name->text);
    if (!text || !place) {
        c->failed = true;
        return NULL;
    }
    tell_file(c, file, &midi, track);
    return chr_candidate_parse(c, text, strlen(text), place, owner_file);
}
