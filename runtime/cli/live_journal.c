/* runtime/cli/live_journal.c: the journal of what is played live, and how a former session comes
 * back. SPDX-License-Identifier: MIT */
#include "runtime/cli/live_journal.h"

#include "runtime/daytime.h"
#include "runtime/resume.h"

#include <string.h>

void chr_live_journal_open(chr_live *l, const chr_live_options *options, chr_witness *witness) {
    chr_journal_options about = {.program = CHRONUS_VERSION,
                                 .rate_hz = l->rate_hz,
                                 .n_channels = l->n_channels,
                                 .ceiling = !options->no_ceiling,
                                 .n_inputs = chr_steady_facts(l->host)->n_inputs,
                                 .seed = options->seed,
                                 .script_folder = options->folder};
    atomic_store(&l->faded_from, UINT64_MAX);
    l->journal = options->no_journal ? NULL : chr_journal_new(&about);
    if (l->journal)
        *witness = chr_journal_witness(l->journal);
}

/* The engine's clock; where the song stands is told with it. */
static uint64_t look(chr_live *l) {
    const chr_engine_counters now = chr_player_look(l->player);
    const chr_position song = {
        .running = now.running, .beat = now.beat, .looped = now.looped, .jumped = now.jumped};
    chr_journal_position(l->journal, &song);
    return now.clock;
}

void chr_live_journal_tend(chr_live *l) {
    if (!l->journal)
        return;
    chr_journal_tend(l->journal, look(l));
    const char *news = chr_journal_news(l->journal);
    if (news)
        chr_show_event(&l->show, "journal", true, "%s", news);
}

void chr_live_journal_fault(chr_live *l, const char *label) {
    if (l->journal)
        chr_journal_note(l->journal, "fault", label, chr_player_look(l->player).clock);
}

void chr_live_journal_close(chr_live *l) {
    if (!l->journal)
        return;
    if (l->player)
        chr_player_tend(l->player); /* what was heard at the very end */
    chr_journal_fades(l->journal, atomic_load(&l->faded_from));
    chr_journal_close(l->journal, l->player ? look(l) : 0);
    l->journal = NULL;
}

void chr_live_tell_died(chr_live *l) {
    if (chr_journal_died(NULL))
        chr_show_event(&l->show, "journal", true,
                       "the last session did not end by itself: chronus --resume brings it back");
}

void chr_live_resume_options(const chr_journal_text *t, chr_live_options *options) {
    const chr_record *header = &t->records[0];
    if (!options->seed)
        options->seed = chr_record_number(header, "seed", 0);
    options->folder = chr_record_text(header, "folder", NULL);
}

void chr_live_resume(chr_live *l, const chr_journal_text *t) {
    chr_witness witness = {0};
    if (l->journal)
        witness = chr_journal_witness(l->journal);
    chr_resumed r = chr_resume(l->player, &witness, t);
    char began[CHR_DAYTIME_TEXT];
    chr_daytime(chr_record_text(&t->records[0], "began", "?"), time(NULL), began);
    chr_show_event(&l->show, "resumed", false, "the session of %s is back: %d evaluation%s%s",
                   began, r.n_evaluations, r.n_evaluations == 1 ? "" : "s",
                   r.plays ? ", and it plays" : "");
    if (*t->damage)
        chr_show_event(&l->show, "journal", true, "of its journal %s", t->damage);
    if (r.n_failed > 0)
        chr_show_event(&l->show, "journal", true, "%d of its evaluations have an error now",
                       r.n_failed);
    if (t->doing)
        chr_show_event(&l->show, "journal", true, "left out is what it died in:\n%s", t->doing);
}
