/* tests/support/session_kit.c: a session to talk to.
 * SPDX-License-Identifier: MIT */
#include "tests/support/session_kit.h"

#include "dsp/registry.h"
#include "lang/stdlib.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_OF(name, text)                                                                        \
    { name, text, sizeof(text) - 1 }

static const chr_library_file small_library[] = {
    FILE_OF("bass", "module bass \"A bass\" {\n"
                    "  param cutoff = 500Hz in 40Hz..12kHz log brightness \"How bright\"\n"
                    "  param res = 0.2 in 0..1 lin grit \"How sharp\"\n"
                    "  saw freq > lpf cutoff=cutoff res=res > vca perc(decay=300ms)\n"
                    "}\n"),
    FILE_OF("chorusy", "module chorusy \"Two of it\" {\n"
                       "  param rate = 0.5Hz in 0.1Hz..8Hz log movement \"How fast\"\n"
                       "  in > delay 10ms+lfo(rate)*2ms\n"
                       "}\n"),
    FILE_OF("kick", "module kick \"A drum\" {\n"
                    "  param freq = 55Hz in 20Hz..200Hz log pitch \"Where it settles\"\n"
                    "  param decay = 400ms in 10ms..4s log time \"How long\"\n"
                    "  sine freq=freq > vca perc(decay=decay)\n"
                    "}\n"),
    FILE_OF("synth", "module synth \"Anything\" {\n"
                     "  param cutoff = 1kHz in 40Hz..12kHz log brightness \"How bright\"\n"
                     "  saw freq > lpf cutoff=cutoff > env\n"
                     "}\n"),
};

static chr_read_status read_file(void *context, const char *kind, const char *name, char **text,
                                 size_t *len) {
    kit *k = context;
    k->n_reads++;
    for (int i = k->n_files - 1; i >= 0; i--) {
        const kit_file *f = &k->files[i];
        if (strcmp(f->kind, kind) != 0 || strcmp(f->name, name) != 0)
            continue;
        if (f->status != CHR_READ_OK)
            return f->status;
        *text = strdup(f->text);
        *len = strlen(f->text);
        return *text ? CHR_READ_OK : CHR_READ_FAILED;
    }
    for (int i = 0; i < chr_tunings_count && strcmp(kind, "tuning") == 0; i++)
        if (strcmp(chr_tunings[i].name, name) == 0) {
            *text = strdup(chr_tunings[i].text);
            *len = chr_tunings[i].len;
            return *text ? CHR_READ_OK : CHR_READ_FAILED;
        }
    return CHR_READ_MISSING;
}

static chr_position clock_of(void *context) {
    return ((kit *)context)->clock;
}

static void open_with(kit *k, bool allow_save, const chr_library_file *library, int n) {
    *k = (kit){0};
    chr_session_options options = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = library,
        .n_library = n,
        .seed = 1,
        .allow_save = allow_save,
        .read = read_file,
        .context = k,
        .position = clock_of,
        .clock = k
    };
    k->session = chr_session_new(&options);
}

void kit_open(kit *k, bool allow_save) {
    open_with(k, allow_save, small_library, (int)(sizeof small_library / sizeof small_library[0]));
}

void kit_open_real(kit *k, bool allow_save) {
    open_with(k, allow_save, chr_stdlib, chr_stdlib_count);
}

static void forget(kit *k) {
    free(k->said);
    free(k->asked);
    free(k->answer);
    free(k->told);
    free(k->ir);
    k->said = k->asked = k->answer = k->told = k->ir = NULL;
}

void kit_close(kit *k) {
    forget(k);
    chr_session_free(k->session);
}

void kit_put(kit *k, const char *kind, const char *name, const char *text) {
    k->files[k->n_files++] = (kit_file){kind, name, text, CHR_READ_OK};
}

void kit_put_status(kit *k, const char *kind, const char *name, chr_read_status status) {
    k->files[k->n_files++] = (kit_file){kind, name, "", status};
}

static char *print_diags(const chr_diags *diags) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    for (const chr_diag *d = diags->first; d; d = d->next) {
        chr_place place = chr_span_place(d->span);
        fprintf(to, "%s %s:%d:%d %s\n", chr_code_name(d->code),
                d->span.source ? d->span.source->name : "?", place.line, place.column, d->message);
    }
    fclose(to);
    return text;
}

static char *print_requests(const chr_request *r, bool texts) {
    static const char *const words[] = {
        [CHR_REQUEST_PLAY] = "play",         [CHR_REQUEST_STOP] = "stop",
        [CHR_REQUEST_HUSH] = "hush",         [CHR_REQUEST_PRINT] = "print",
        [CHR_REQUEST_SAVE] = "save",         [CHR_REQUEST_GENERATE] = "generate",
        [CHR_REQUEST_METERS] = "meters",     [CHR_REQUEST_SCOPE] = "scope",
        [CHR_REQUEST_SPECTRUM] = "spectrum", [CHR_REQUEST_STATS] = "stats",
        [CHR_REQUEST_RECORD] = "record",     [CHR_REQUEST_STOP_RECORDING] = "stop recording",
        [CHR_REQUEST_QUIT] = "quit",         [CHR_REQUEST_PLAY_FROM] = "play from",
        [CHR_REQUEST_PANIC] = "panic",       [CHR_REQUEST_METRONOME] = "metronome",
        [CHR_REQUEST_TAP] = "tap",           [CHR_REQUEST_ROLL] = "roll",
        [CHR_REQUEST_EVENTS] = "events",     [CHR_REQUEST_WHY] = "why",
    };
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    for (; r; r = r->next) {
        if (r->kind == CHR_REQUEST_TELL || r->kind == CHR_REQUEST_FORESEE ||
            r->kind == CHR_REQUEST_STANDS_FOR)
            continue;
        if (texts)
            fprintf(to, "%s\n", r->text ? r->text : "");
        else
            fprintf(to, "%s%s%s\n", words[r->kind], r->name ? " " : "", r->name ? r->name : "");
    }
    fclose(to);
    return text;
}

/* What a typist is told besides: "stops at bar 9", "foresees bar 9". */
static char *print_told(const chr_request *r) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    for (; r; r = r->next) {
        if (r->kind == CHR_REQUEST_TELL)
            fprintf(to, "%s\n", r->text);
        else if (r->kind == CHR_REQUEST_STANDS_FOR)
            fprintf(to, "= %s\n", r->text);
        else if (r->kind == CHR_REQUEST_FORESEE)
            fprintf(to, "foresees %s\n", r->text ? r->text : "a difference");
    }
    fclose(to);
    return text;
}

static char *print_ir(chr_ir *ir) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (ir)
        chr_ir_print(ir, to);
    fclose(to);
    chr_ir_free(ir);
    return text;
}

static bool take(kit *k, chr_candidate *c) {
    forget(k);
    if (!c)
        abort();
    const chr_diags *diags = chr_candidate_diags(c);
    k->ok = diags->n_errors == 0;
    k->changes = chr_candidate_changes(c);
    k->plays_by_itself = chr_candidate_plays_by_itself(c);
    k->said = print_diags(diags);
    k->asked = print_requests(chr_candidate_requests(c), false);
    k->answer = print_requests(chr_candidate_requests(c), true);
    k->told = print_told(chr_candidate_requests(c));
    k->ir = print_ir(chr_candidate_take_ir(c));
    chr_session_commit(k->session, c);
    return k->ok;
}

static bool evaluate(kit *k, const char *text, const char *place, const char *file) {
    return take(k, chr_session_evaluate(k->session, text, strlen(text), place, file));
}

double kit_pass(kit *k, double beat) {
    double last = -1;
    for (;;) {
        double due = chr_session_due(k->session, NULL, k->done, k->clock.looped);
        if (due > beat)
            return last;
        take(k, chr_session_fire(k->session, NULL, k->done, due, k->clock.looped));
        last = due;
        k->done = due > k->done ? due : k->done;
    }
}

bool kit_type(kit *k, const char *text) {
    return evaluate(k, text, "typed", NULL);
}
bool kit_run(kit *k, const char *file, const char *text) {
    return evaluate(k, text, file, file);
}
char *kit_text(const kit *k) {
    return chr_session_text(k->session);
}

char *kit_meaning(kit *k) {
    chr_candidate *c = chr_session_evaluate(k->session, "", 0, "typed", NULL);
    if (!c)
        abort();
    char *text = print_ir(chr_candidate_take_ir(c));
    chr_candidate_free(c);
    return text;
}
