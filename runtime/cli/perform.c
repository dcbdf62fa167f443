/* runtime/cli/perform.c: `chronus render take.chrlog`: a journal into a sound file.
 * SPDX-License-Identifier: MIT */
#include "runtime/perform.h"

#include "runtime/cli/meter.h"
#include "runtime/cli/render.h"

#include <stdlib.h>
#include <string.h>

typedef struct retake {
    const chr_render_plan *plan;
    chr_journal_text journal;
    chr_performance *performance;
    chr_soundfile *file;
    chr_meter *meter;
    chr_progress progress;
    uint64_t skip, length, written; /* frames: of latency; to be written; written */
    bool short_of;                  /* it could not be played to its end */
    int exit_code;
} retake;

static int open_all(retake *r) {
    const chr_render_plan *p = r->plan;
    char why[CHR_JOURNAL_TEXT];
    if (!chr_journal_read(&r->journal, p->script, why)) {
        chr_show_error("%s", why);
        return CHR_EXIT_SCRIPT;
    }
    chr_perform_options options = {.program = CHRONUS_VERSION,
                                   .isa = p->isa,
                                   .lanes = p->lanes,
                                   .threads = p->threads,
                                   .no_ceiling = p->no_ceiling};
    r->performance = chr_perform_open(&r->journal, &options);
    if (!r->performance) {
        chr_engine_options about = {.isa = p->isa, .lanes = p->lanes};
        return chr_explain_engine(&about);
    }
    double rate_hz = chr_perform_rate(r->performance);
    int n_channels = chr_perform_channels(r->performance);
    r->skip = (uint64_t)chr_engine_latency(chr_perform_engine(r->performance));
    uint64_t length = chr_perform_length(r->performance);
    r->length = length > r->skip ? length - r->skip : 0;
    if (p->out) {
        chr_soundfile_format format = {(int)rate_hz, n_channels, p->bits, r->length};
        char said[CHR_SOUNDFILE_TEXT];
        r->file = chr_soundfile_create(p->out, &format, said);
        if (!r->file) {
            chr_show_error("%s", said);
            return CHR_EXIT_IO;
        }
    }
    r->meter = chr_meter_new((int)rate_hz, n_channels, !p->no_meter && !p->quiet);
    if (r->meter)
        return CHR_EXIT_OK;
    chr_show_error("memory is out");
    return CHR_EXIT_INTERNAL;
}

static void tell_remarks(retake *r) {
    for (const char *text; (text = chr_perform_remark(r->performance));) {
        chr_progress_clear(&r->progress);
        chr_show_error("%s", text);
    }
}

/* The whole take, or as far as it goes. */
static int play(retake *r) {
    const chr_render_plan *p = r->plan;
    size_t channels = (size_t)chr_perform_channels(r->performance);
    float *block = calloc((size_t)p->block, channels * sizeof *block);
    if (!block) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    uint64_t made = 0, all = r->length + r->skip;
    while (made < all && !chr_interrupted()) {
        char why[CHR_JOURNAL_TEXT];
        int n = all - made < (uint64_t)p->block ? (int)(all - made) : p->block;
        if (!chr_perform_render(r->performance, block, n, why)) {
            chr_progress_clear(&r->progress);
            chr_show_error("%s; what comes before it is rendered", why);
            r->short_of = true;
            break;
        }
        uint64_t skipped = made < r->skip ? r->skip - made : 0;
        skipped = skipped < (uint64_t)n ? skipped : (uint64_t)n;
        const float *from = block + skipped * channels;
        int left = n - (int)skipped;
        chr_meter_add(r->meter, from, left);
        if (r->file && !chr_soundfile_write(r->file, from, left))
            break; /* told when the file is finished */
        r->written += (uint64_t)left;
        made += (uint64_t)n;
        tell_remarks(r);
        chr_progress_step(&r->progress, r->written, r->length);
    }
    free(block);
    return CHR_EXIT_OK;
}

static void summarize(const retake *r, double spent_s) {
    char levels[160];
    double whole_s = (double)r->written / chr_perform_rate(r->performance);
    chr_meter_text(r->meter, levels, sizeof levels);
    printf("%s: %.2f s of a take, %g Hz, %d channels\n%s\n",
           r->plan->out ? r->plan->out : "nothing written", whole_s,
           chr_perform_rate(r->performance), chr_perform_channels(r->performance), levels);
    printf("rendered in %.2f s, %.1f times real time\n", spent_s,
           spent_s > 0 ? whole_s / spent_s : 0.0);
}

static int finish(retake *r) {
    char said[CHR_SOUNDFILE_TEXT];
    if (!r->file)
        return CHR_EXIT_OK;
    bool good = chr_soundfile_finish(r->file, said);
    r->file = NULL;
    if (!good)
        chr_show_error("%s", said);
    return good ? CHR_EXIT_OK : CHR_EXIT_IO;
}

int chr_render_take(const chr_render_plan *plan) {
    retake r = {.plan = plan, .journal.lock = -1};
    chr_interrupt_catch();
    int code = open_all(&r);
    if (!code) {
        double began_s = chr_now_s();
        r.progress = chr_progress_begin(plan->quiet, chr_perform_rate(r.performance));
        tell_remarks(&r);
        code = play(&r);
        tell_remarks(&r);
        chr_progress_clear(&r.progress);
        if (!code)
            code = finish(&r);
        if (!code && chr_interrupted())
            chr_show_error("interrupted; what was rendered by then is kept");
        if (!code && !plan->quiet)
            summarize(&r, chr_now_s() - began_s);
        if (!code)
            code = chr_interrupted() ? CHR_EXIT_INTERRUPTED : r.short_of ? CHR_EXIT_SCRIPT : 0;
    }
    chr_soundfile_discard(r.file);
    chr_meter_free(r.meter);
    chr_perform_close(r.performance);
    chr_journal_text_clear(&r.journal);
    return code;
}
