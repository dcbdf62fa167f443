/* runtime/cli/live.c: the life of a player on a host, from open to the last fade.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/live.h"

#include "runtime/cli/live_journal.h"
#include "runtime/cli/meter.h"
#include "runtime/cli/stats.h"
#include "runtime/fade.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

/* A build that a sanitizer watches is many times slower than the one that players have. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define UNTIMED true
#elif defined __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define UNTIMED true
#endif
#endif
#ifndef UNTIMED
#define UNTIMED false
#endif

/* [audio] Reads a page of memory that the kernel keeps: no system call. */
CHR_TRUSTED_BEGIN
static chr_now_fn clock_ns;
static uint64_t clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
CHR_TRUSTED_END

/* [audio] The last fade. The engine's `hush` would not do: a drone comes back after it. */
static void fade_out(chr_live *l, float *out, int n_frames) CHR_NONBLOCKING;
static void fade_out(chr_live *l, float *out, int n_frames) {
    if (!l->faded)
        atomic_store_explicit(&l->faded_from, l->made, memory_order_relaxed);
    for (int i = 0; i < n_frames; i++) {
        float gain = chr_end_fade(l->faded++, l->rate_hz);
        for (int c = 0; c < l->n_channels; c++)
            out[i * l->n_channels + c] *= gain;
    }
}

/* What all threads but this one have worked: the audio thread, that is, and what little the sound
 * library has beside it. */
static uint64_t others_worked_ns(void *context) {
    (void)context;
    struct timespec all, own;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &all);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    return (uint64_t)(all.tv_sec - own.tv_sec) * 1000000000u + (uint64_t)all.tv_nsec -
           (uint64_t)own.tv_nsec;
}

/* [audio] The engine's sound, and how much of the time it took. */
static chr_host_fill on_fill;
static void on_fill(void *context, const float *in, float *out, int n_frames) {
    chr_live *l = context;
    chr_load_begin(&l->load, clock_ns());
    chr_engine_render_heard(l->engine, in, out, n_frames);
    if (atomic_load_explicit(&l->ending, memory_order_relaxed))
        fade_out(l, out, n_frames);
    if (l->also)
        l->also(l->also_context, in, out, n_frames);
    l->made += (uint64_t)n_frames;
    chr_engine_swaps swaps = chr_engine_swaps_seen(l->engine);
    chr_load_end(&l->load, clock_ns(), n_frames, swaps.n, swaps.clock);
}

static int drawn_columns(void) {
    return chr_terminal_columns(stdout);
}

static void before_print(void *context) {
    chr_live_clear(context);
}

int chr_live_open(chr_live *l, const chr_live_options *options, chr_status *status) {
    memset(l, 0, sizeof *l);
    const chr_host_driver *driver = options->null ? &chr_host_dummy : &chr_host_portaudio;
    *status = (options->silent ? chr_steady_open_silent : chr_steady_open)(&l->host, driver,
                                                                           &options->want, l->why);
    if (*status == CHR_NO_DEVICE)
        return CHR_EXIT_OK;
    if (*status != CHR_OK) {
        chr_show_error("%s", l->why);
        return CHR_EXIT_INTERNAL;
    }
    l->rate_hz = chr_steady_facts(l->host)->rate_hz;
    l->n_channels = options->want.n_channels;
    l->show = (chr_show){.quiet = options->quiet, .before = before_print, .context = l};
    l->answer =
        (chr_answer){.show = &l->show, .rate_hz = l->rate_hz, .brief = isatty(STDOUT_FILENO) == 1};
    chr_load_start(&l->load, l->rate_hz);
    l->tally = (chr_tally){.now_ns = clock_ns, .load = &l->load};
    l->wants_status = !options->quiet && isatty(STDERR_FILENO);
    chr_player_options about = {
        .engine = {.rate_hz = (float)l->rate_hz,
                   .ceiling = !options->no_ceiling,
                   .n_inputs = chr_steady_facts(l->host)->n_inputs,
                   .stems = true,
                   .now_ns = clock_ns,
                   .n_channels = l->n_channels},
        .seed = options->seed,
        .allow_save = true,
        .live = true,
        .columns = options->plain ? NULL : drawn_columns,
        .folder = options->folder,
        .listener = chr_show_listener(&l->show),
        .now_ns = clock_ns,
        .untimed = UNTIMED,
        .load = &l->load,
        .worked_ns = others_worked_ns,
        .tally = &l->tally,
        .stats = chr_stats_text,
        .stats_context = l,
    };
    if (options->stats_json && !chr_stats_open(l, options->stats_json))
        return CHR_EXIT_IO;
    chr_live_journal_open(l, options, &about.witness);
    l->player = chr_player_new(&about);
    if (!l->player)
        return chr_explain_engine(&about.engine);
    l->engine = chr_player_engine(l->player);
    return CHR_EXIT_OK;
}

int chr_live_start(chr_live *l) {
    if (chr_steady_start(l->host, on_fill, l, l->why) != CHR_OK) {
        chr_show_error("%s", l->why);
        return CHR_EXIT_IO;
    }
    l->started = true;
    return CHR_EXIT_OK;
}

void chr_live_tend(chr_live *l) {
    const char *news = chr_steady_tend(l->host);
    if (news)
        chr_show_event(&l->show, "device", true, "%s", news);
    chr_player_tend(l->player);
    chr_live_journal_tend(l);
    chr_answer_tell(&l->answer, l->player);
    const char *label;
    while ((label = chr_engine_next_fault(l->engine))) {
        chr_tally_fault_add(&l->tally, label);
        chr_live_journal_fault(l, label);
        char part[CHR_PART_TEXT];
        chr_show_event(&l->show, "fault", true,
                       "%s made a value that is not a number, and was silenced",
                       chr_ir_part(chr_engine_ir(l->engine), label, part));
    }
    chr_live_draw_status(l);
    chr_stats_tend(l);
}

void chr_live_step(chr_live *l) {
    const struct timespec nap = {0, 4000000};
    nanosleep(&nap, NULL);
    chr_live_tend(l);
}

void chr_live_settle(chr_live *l) {
    double until_s = chr_now_s() + 1.0;
    while (l->started && chr_player_waits(l->player) && chr_now_s() < until_s)
        chr_live_step(l);
    if (!l->started)
        return;
    chr_answer_tell(&l->answer, l->player);
}

void chr_live_look(chr_live *l) {
    double until_s = chr_now_s() + 3.0;
    while (l->started && chr_player_looks(l->player) && !chr_interrupted() && chr_now_s() < until_s)
        chr_live_step(l);
}

void chr_live_end(chr_live *l) {
    if (!l->started)
        return;
    /* What the device holds in its buffers is heard while it stops. */
    atomic_store(&l->ending, true);
    uint64_t until =
        chr_player_look(l->player).clock + (uint64_t)(1.2 * CHR_END_FADE_S * l->rate_hz);
    double until_s = chr_now_s() + 1.0;
    while (chr_now_s() < until_s && chr_player_look(l->player).clock < until)
        chr_live_step(l);
    chr_steady_stop(l->host);
    l->started = false;
    chr_live_clear(l);
}

void chr_live_close(chr_live *l) {
    chr_live_end(l);
    chr_live_journal_close(l);
    chr_answer_flush(&l->answer);
    chr_stats_close(l);
    chr_steady_close(l->host);
    chr_player_free(l->player);
}
