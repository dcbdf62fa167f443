/* runtime/engine.c: the façade between sessions and sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/engine_inner.h"

#include "dsp/kernel/scalar.h"
#include "dsp/registry.h"
#include "runtime/crew.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static_assert((int)CHR_ENGINE_OFFERS == CHR_OFFERS && CHR_KEEPS == CHR_OFFERS + 1,
              "as many may wait as there is room for");

static bool is_width(int lanes) {
    return lanes == 0 || lanes == 1 || lanes == 4 || lanes == 8 || lanes == 16;
}

static bool make_ceiling(chr_engine *e) {
    chr_audio *a = &e->audio;
    const chr_build *build = chr_registry_build(e->build.isa, 1);
    const chr_module *m = build->modules[chr_registry_find("ceiling")];
    for (int k = 0; k < m->n_params; k++)
        a->ceiling_params[k] = m->params[k].dflt;
    size_t rows = m->ring_rows ? m->ring_rows(a->rate_hz, a->ceiling_params) : 0;
    for (uint32_t c = 0; c < a->n_channels; c += 2) {
        chr_node_state *s = chr_node_state_new(1, m->state_bytes, rows, (uint32_t)m->ring_columns);
        if (!s)
            return false;
        if (m->init)
            m->init(s->data, 0, 0, a->rate_hz);
        a->ceiling_state[c / 2] = s;
    }
    a->ceiling = m;
    return true;
}

#define CLICK_S 0.030

/* Two short tones that die away, the first one of a bar higher. */
static bool make_metronome(chr_engine *e) {
    chr_metronome *m = &e->audio.metronome;
    double rate_hz = (double)e->options.rate_hz;
    m->length = (uint64_t)(CLICK_S * rate_hz);
    m->begin = UINT64_MAX;
    e->clicks = malloc(2 * m->length * sizeof *e->clicks);
    if (!e->clicks)
        return false;
    for (int bar = 0; bar < 2; bar++) {
        float *sound = e->clicks + (size_t)bar * m->length;
        for (uint64_t n = 0; n < m->length; n++) {
            double t = (double)n / rate_hz, rest = 1.0 - t / CLICK_S;
            sound[n] =
                (float)(0.25 * rest * rest * rest * chr_sin_turns((bar ? 1760.0 : 1174.66) * t));
        }
        m->sounds[bar] = sound;
    }
    return true;
}

static bool make_ears(chr_audio *a, uint32_t n_inputs) {
    size_t bytes = sizeof(float) * CHR_CHUNK * n_inputs;
    if (!n_inputs)
        return true;
    a->heard = aligned_alloc(64, bytes);
    a->unheard = aligned_alloc(64, bytes);
    if (!a->heard || !a->unheard)
        return false;
    memset(a->heard, 0, bytes);
    memset(a->unheard, 0, bytes);
    a->n_inputs = n_inputs;
    return true;
}

chr_engine *chr_engine_new(const chr_engine_options *options) {
    if (!(options->rate_hz >= 8000.0f && options->rate_hz <= 192000.0f) ||
        !is_width(options->lanes) || options->n_channels < 1 ||
        options->n_channels > CHR_MAX_CHANNELS || options->threads > CHR_CREW_MOST ||
        options->threads < 0 || options->n_inputs < 0 || options->n_inputs > CHR_MAX_CHANNELS)
        return NULL;
    const char *isa = options->isa ? options->isa : chr_registry_best_isa();
    if (!isa || !chr_registry_build(isa, options->lanes ? options->lanes : 1))
        return NULL;
    chr_engine *e = aligned_alloc(64, (sizeof *e + 63) & ~(size_t)63);
    if (!e)
        return NULL;
    memset(e, 0, sizeof *e);
    e->options = *options;
    e->build = (chr_build_options){.rate_hz = options->rate_hz,
                                   .isa = chr_registry_build(isa, 1)->isa,
                                   .lanes = options->lanes,
                                   .stems = options->stems,
                                   .apart = options->restless,
                                   .n_channels = (uint32_t)options->n_channels,
                                   .parked = &e->parked};
    chr_audio *a = &e->audio;
    a->rate_hz = options->rate_hz;
    a->period_s = 1.0f / options->rate_hz;
    a->sleep_changes = 1;
    a->restless = options->restless;
    a->cut = options->cut > 0 && options->cut < CHR_CHUNK ? (uint32_t)options->cut : 0;
    a->ops = chr_registry_build(isa, 16)->ops;
    a->n_channels = (uint32_t)options->n_channels;
    a->now_ns = options->now_ns;
    a->latency = (uint64_t)chr_engine_latency(e);
    a->volume = (chr_volume){.from = 1.0f, .to = 1.0f};
    a->transport = (chr_clock){.time = &chr_time_usual,
                               .rate_hz = (double)options->rate_hz,
                               .stop_beat = -1.0,
                               .loop_at = UINT64_MAX,
                               .end_at = UINT64_MAX};
    atomic_init(&a->seen_clock.time, &chr_time_usual);
    atomic_init(&a->seen_clock.loop_at, UINT64_MAX);
    atomic_init(&a->seen_clock.end_at, UINT64_MAX);
    size_t bytes = sizeof(float) * CHR_CHUNK * a->n_channels;
    a->mixed = aligned_alloc(64, bytes);
    a->dry = aligned_alloc(64, bytes);
    if (!a->mixed || !a->dry || (options->ceiling && !make_ceiling(e)) || !make_metronome(e)) {
        chr_engine_free(e);
        return NULL;
    }
    memset(a->mixed, 0, bytes);
    memset(a->dry, 0, bytes);
    if (options->notes && !(a->noted = calloc(1, sizeof *a->noted))) {
        chr_engine_free(e);
        return NULL;
    }
    if (!make_ears(a, (uint32_t)options->n_inputs) ||
        (options->threads > 1 &&
         !(e->crew = chr_crew_new(options->threads, options->share_always)))) {
        chr_engine_free(e);
        return NULL;
    }
    a->helpers = e->crew ? chr_crew_helpers(e->crew) : NULL;
    e->build.threads = chr_crew_size(e->crew);
    return e;
}

static void free_graph(chr_engine *e, chr_graph *g) {
    if (g)
        e->graphs_alive--;
    chr_graph_free(g);
}

/* ---- those who listen ---- */

bool chr_engine_attach(chr_engine *e, chr_tap *tap) {
    for (int i = 0; i < CHR_TAPS; i++) {
        if (atomic_load_explicit(&e->audio.taps[i], memory_order_relaxed))
            continue;
        atomic_store_explicit(&e->audio.taps[i], tap, memory_order_release);
        return true;
    }
    return false;
}

void chr_engine_detach(chr_engine *e, chr_tap *tap) {
    for (int i = 0; i < CHR_TAPS; i++)
        if (atomic_load_explicit(&e->audio.taps[i], memory_order_relaxed) == tap)
            atomic_store(&e->audio.taps[i], NULL);
    /* It may be writing the chunk after the one that it has told last. */
    tap->free_at = atomic_load(&e->audio.seen_clock.now) + 2 * CHR_CHUNK;
    tap->next = e->leaving;
    e->leaving = tap;
}

/* Frees the taps that the audio thread has let go; `all`: it does not run. */
static void free_taps(chr_engine *e, bool all) {
    uint64_t clock = atomic_load(&e->audio.seen_clock.now);
    for (chr_tap **at = &e->leaving; *at;) {
        chr_tap *tap = *at;
        if (!all && clock < tap->free_at) {
            at = &tap->next;
            continue;
        }
        *at = tap->next;
        chr_tap_free(tap);
    }
}

/* The audio thread has taken what was offered, and may still be about it: what it knows of the
 * take-over is written when it is done. */
static void let_it_take_over(const chr_engine *e) {
    const struct timespec nap = {0, 20000};
    for (int i = 0; i < 50000 &&
                    atomic_load_explicit(&e->audio.seen_swaps, memory_order_acquire) <= e->n_taken;
         i++)
        nanosleep(&nap, NULL);
}

/* What has left by now, and what leaves with what is offered, comes back with nothing of its state.
 */
static void forget_what_left(chr_engine *e) {
    chr_parked_clear(&e->parked);
    for (uint32_t i = 0; i < e->n_offered; i++)
        chr_graph_leave_nothing(e->offered[i]);
}

/* The first of what was offered plays, or has played. */
static void settle_first(chr_engine *e) {
    let_it_take_over(e);
    chr_graph *g = e->offered[0];
    if (g->number)
        e->took[e->n_took++ % CHR_OFFERS] =
            (chr_took){g->number, atomic_load_explicit(&g->live->began, memory_order_relaxed)};
    chr_graph_park(e->current = g, &e->parked);
    e->n_taken++;
    memmove(e->offered, e->offered + 1, --e->n_offered * sizeof *e->offered);
    if (chr_clock_hushes(g->when.clock))
        forget_what_left(e);
}

/* What plays. */
static void settle_offers(chr_engine *e) {
    for (uint32_t n = e->n_offered - chr_swap_waiting(&e->audio.swap); n > 0; n--)
        settle_first(e);
}

/* Frees what has played. Whatever comes home is known to have been taken before it is freed. */
static void reclaim(chr_engine *e) {
    for (chr_graph *g; (g = chr_swap_reclaim(&e->audio.swap));) {
        settle_offers(e);
        free_graph(e, g);
    }
}

void chr_engine_free(chr_engine *e) {
    if (!e)
        return;
    chr_crew_free(e->crew);
    for (int i = 0; i < CHR_TAPS; i++)
        chr_tap_free(atomic_load(&e->audio.taps[i]));
    free_taps(e, true);
    reclaim(e);
    for (chr_graph *g; (g = chr_swap_take_back(&e->audio.swap));)
        free_graph(e, g);
    free_graph(e, e->audio.graph);
    chr_parked_clear(&e->parked);
    for (int i = 0; i < CHR_MAX_CHANNELS / 2; i++)
        chr_node_state_drop(e->audio.ceiling_state[i]);
    free(e->audio.heard);
    free(e->audio.unheard);
    free(e->audio.noted);
    free(e->audio.mixed);
    free(e->audio.dry);
    free(e->clicks);
    free(e);
}

/* Takes back what was offered last and is not heard; NULL: nothing is left that can be. */
static chr_graph *take_back(chr_engine *e) {
    chr_graph *g = e->n_offered ? chr_swap_take_back(&e->audio.swap) : NULL;
    if (g)
        e->n_offered--;
    return g;
}

static bool settled(const chr_engine *e) {
    return !e->current || chr_graph_settled(e->current, atomic_load(&e->audio.seen_clock.now));
}

/* The take-over of a graph that is offered can come no more, or would be wrong: fades that it was
 * built against have ended, or the graph before came at another moment. */
static bool is_late(const chr_engine *e, const chr_graph *g, const chr_graph *before) {
    bool heard = before == e->current;
    return atomic_load(&e->audio.seen_clock.now) >= g->good_until ||
           atomic_load(&e->audio.empties) != g->empties ||
           (g->after != UINT64_MAX && heard && g->after != atomic_load(&before->live->began));
}

/* Builds a session against what is heard at the moment of its take-over, behind those of `unheard`:
 * what is heard of it then does not depend on when it is built. Where a fade ends meanwhile it is
 * built again, for a moment that is far enough ahead. */
static chr_graph *build(chr_engine *e, chr_ir *ir, const chr_offer_when *when,
                        const chr_graph *const *unheard, uint32_t n_unheard) {
    enum { TRIES = 5 };
    const chr_graph *before = n_unheard ? unheard[n_unheard - 1] : e->current;
    e->build.unheard = unheard;
    e->build.n_unheard = n_unheard;
    for (uint64_t tries = 0, ahead = 0;; tries++, ahead = 4 * ahead + CHR_CHUNK) {
        e->build.empties = atomic_load(&e->audio.empties);
        e->build.now = atomic_load(&e->audio.seen_clock.now);
        e->build.at = e->build.now + ahead;
        if (when->timed && when->sample > e->build.at)
            e->build.at = when->sample;
        if (n_unheard && before->good_from > e->build.at)
            e->build.at = before->good_from;
        /* While histories are being emptied nothing is taken over, and there is nothing to copy. */
        uint64_t emptied = atomic_load(&e->audio.emptied);
        if (emptied > e->build.at)
            e->build.at = emptied;
        chr_graph *g = chr_graph_build(ir, before, &e->build);
        if (!g)
            return NULL;
        if (emptied <= e->build.now)
            chr_graph_copy_ahead(g, &e->build, &e->audio.seen_clock.now);
        g->when = *when;
        if (tries == TRIES || !is_late(e, g, before))
            return g;
        chr_graph_unbuild(g);
    }
}

static const chr_graph *const *unheard(const chr_engine *e) {
    return (const chr_graph *const *)e->offered;
}

static void hand_over(chr_engine *e, chr_graph *g) {
    e->graphs_alive++;
    e->offered[e->n_offered++] = g;
    chr_swap_offer(&e->audio.swap, g);
}

static chr_status publish(chr_engine *e, chr_ir *ir, const chr_offer_when *when) {
    chr_graph *g = build(e, ir, when, unheard(e), e->n_offered);
    if (!g)
        return CHR_NO_MEMORY;
    g->number = ir == (e->current ? chr_graph_ir(e->current) : NULL) ? 0 : e->n_offers;
    hand_over(e, g);
    e->session = g;
    return CHR_OK;
}

/* What is offered is built once more: it came too late, or is to take over at once. Where memory is
 * out it stays as it is, and this is tried again. */
static void offer_again(chr_engine *e, bool at_once) {
    chr_graph *old[CHR_OFFERS], *fresh[CHR_OFFERS];
    uint32_t n = 0, built = 0;
    while ((old[CHR_OFFERS - 1 - n] = take_back(e)) != NULL && ++n < CHR_OFFERS)
        ;
    chr_graph *const *first = old + CHR_OFFERS - n;
    settle_offers(e); /* what could not be taken back */
    for (; built < n; built++) {
        if (at_once)
            first[built]->when.timed = false;
        chr_graph *g = build(e, chr_graph_ir(first[built]), &first[built]->when,
                             (const chr_graph *const *)fresh, built);
        if (!g)
            break;
        g->number = first[built]->number;
        fresh[built] = g;
    }
    const bool done = built == n;
    for (uint32_t i = 0; i < built; i++) {
        if (done && e->session == first[i])
            e->session = fresh[i];
        chr_graph_unbuild(done ? first[i] : fresh[i]);
    }
    for (uint32_t i = 0; i < n; i++) {
        e->graphs_alive--;
        hand_over(e, done ? fresh[i] : first[i]);
    }
}

/* Takes back all that is offered from this number on, and is not heard. True if that is among it.
 */
static bool take_back_from(chr_engine *e, uint64_t number) {
    bool found = false;
    for (chr_graph *g; e->n_offered > 0 && e->offered[e->n_offered - 1]->number >= number;) {
        if (!(g = take_back(e)))
            break;
        found |= g->number == number;
        if (g == e->session)
            e->session = e->n_offered && e->offered[e->n_offered - 1]->number
                             ? e->offered[e->n_offered - 1]
                             : NULL;
        free_graph(e, g);
    }
    settle_offers(e);
    return found;
}

bool chr_engine_withdraw(chr_engine *e, uint64_t number) {
    settle_offers(e);
    return take_back_from(e, number);
}

chr_status chr_engine_offer(chr_engine *e, chr_ir *ir, chr_offer_report *report) {
    const chr_offer_when at_once = {.timed = false};
    return chr_engine_offer_when(e, ir, &at_once, report);
}

chr_status chr_engine_offer_when(chr_engine *e, chr_ir *ir, const chr_offer_when *when,
                                 chr_offer_report *report) {
    reclaim(e);
    settle_offers(e);
    bool tidies = e->n_offered == 1 && !e->offered[0]->number;
    if (!when->behind || tidies)
        take_back_from(e, 0);
    if (!when->behind)
        e->session = NULL;
    e->n_offers++;
    chr_diff diff;
    if (e->n_offered == CHR_OFFERS || !chr_graph_compare(ir, chr_engine_newest(e), &diff)) {
        chr_ir_free(ir);
        return CHR_NO_MEMORY;
    }
    if (report)
        *report = (chr_offer_report){.kept = diff.kept,
                                     .changed = diff.changed,
                                     .added = diff.added,
                                     .gone = diff.gone,
                                     .patterns_wait = diff.patterns_wait && !when->patterns &&
                                                      ir->quantum.n > 0.0 &&
                                                      chr_engine_clock_now(e, NULL).running};
    if (diff.same && when->clock == CHR_CLOCK_GOES_ON) {
        if (report)
            report->same = true;
        chr_ir_free(ir);
        return CHR_OK;
    }
    chr_status status = publish(e, ir, when);
    if (status != CHR_OK)
        chr_ir_free(ir);
    return status;
}

void chr_engine_tend(chr_engine *e) {
    reclaim(e);
    free_taps(e, false);
    settle_offers(e);
    for (uint32_t i = 0; i < e->n_offered; i++)
        if (is_late(e, e->offered[i], i ? e->offered[i - 1] : e->current)) {
            offer_again(e, false);
            break;
        }
    if (!e->n_offered && e->current && settled(e) && chr_graph_has_leftovers(e->current)) {
        /* Where memory is out what is left over costs a little time and nothing else. */
        const chr_offer_when at_once = {.timed = false};
        chr_status status = publish(e, chr_graph_ir(e->current), &at_once);
        (void)status;
        e->session = NULL; /* it was taken over long ago */
    }
}

static void command(chr_engine *e, chr_command c) {
    chr_audio *a = &e->audio;
    unsigned in = atomic_load_explicit(&a->commands_in, memory_order_relaxed);
    if (in - atomic_load_explicit(&a->commands_out, memory_order_acquire) >= CHR_COMMANDS)
        return; /* nobody renders: the commands that wait say enough */
    atomic_store_explicit(&a->commands[in % CHR_COMMANDS], (uint8_t)c, memory_order_relaxed);
    atomic_store_explicit(&a->commands_in, in + 1, memory_order_release);
}

void chr_engine_play(chr_engine *e) {
    command(e, CHR_COMMAND_PLAY);
}
void chr_engine_stop(chr_engine *e) {
    command(e, CHR_COMMAND_STOP);
}
/* With the clock stopped nothing waits: an offer for a later moment takes over at once. */
static void hurry(chr_engine *e) {
    settle_offers(e);
    bool waits = false;
    for (uint32_t i = 0; i < e->n_offered; i++)
        waits |= e->offered[i]->when.timed;
    if (waits)
        offer_again(e, true);
}

void chr_engine_stop_now(chr_engine *e) {
    hurry(e);
    command(e, CHR_COMMAND_STOP_NOW);
}
void chr_engine_hush(chr_engine *e) {
    hurry(e);
    forget_what_left(e); /* tails that left are no exception */
    command(e, CHR_COMMAND_HUSH);
}
void chr_engine_panic(chr_engine *e) {
    hurry(e);
    forget_what_left(e);
    command(e, CHR_COMMAND_PANIC);
}

uint64_t chr_engine_offers(const chr_engine *e) {
    return e->n_offers;
}

void chr_engine_render(chr_engine *e, float *out, int n_frames) {
    chr_audio_render(&e->audio, NULL, out, n_frames);
}

void chr_engine_render_heard(chr_engine *e, const float *in, float *out, int n_frames) {
    chr_audio_render(&e->audio, in, out, n_frames);
}

bool chr_engine_stem(const chr_engine *e, int i, const char **name, const float **left,
                     const float **right) {
    const chr_graph *g = e->audio.graph;
    if (!g || i < 0 || (uint32_t)i >= g->n_stems)
        return false;
    *name = g->text + g->stems[i].name;
    *left = g->live->outs[g->stems[i].out];
    *right = g->live->outs[g->stems[i].out + 1];
    return true;
}

void chr_engine_time(chr_engine *e, struct chr_laps *laps) {
    e->audio.laps = laps;
}

void chr_engine_share(chr_engine *e, uint32_t n, chr_share_fn *one, void *context) {
    chr_crew_share(e->crew, n, one, context);
}
