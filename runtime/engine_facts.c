/* runtime/engine_facts.c: what there is to know of an engine: counters, names, faults, latency.
 * SPDX-License-Identifier: MIT */
#include "runtime/engine_inner.h"

#include "dsp/kernel/ceiling.h"

#include <math.h>
#include <string.h>

/* The transport as it was at one moment between two chunks; *beat, if not NULL: where it stood. */
static chr_clock look(const chr_engine *e, double *beat, uint64_t *now, uint64_t *swaps) {
    const chr_seen_clock *s = &e->audio.seen_clock;
    chr_clock c = {.rate_hz = (double)e->options.rate_hz, .stop_beat = -1.0};
    unsigned before, after;
    do { /* a dozen stores of the audio thread at most */
        before = atomic_load_explicit(&s->version, memory_order_acquire);
        c.running = atomic_load_explicit(&s->running, memory_order_acquire);
        c.time = atomic_load_explicit(&s->time, memory_order_acquire);
        c.anchor_beat = atomic_load_explicit(&s->anchor_beat, memory_order_acquire);
        c.anchor_sample = atomic_load_explicit(&s->anchor_sample, memory_order_acquire);
        c.loop_at = atomic_load_explicit(&s->loop_at, memory_order_acquire);
        c.end_at = atomic_load_explicit(&s->end_at, memory_order_acquire);
        c.looped = atomic_load_explicit(&s->looped, memory_order_acquire);
        c.jumped = atomic_load_explicit(&s->jumped, memory_order_acquire);
        *beat = atomic_load_explicit(&s->beat, memory_order_acquire);
        *now = atomic_load_explicit(&s->now, memory_order_acquire);
        *swaps = atomic_load_explicit(&s->swaps, memory_order_acquire);
        after = atomic_load_explicit(&s->version, memory_order_relaxed);
    } while (before != after || before & 1);
    return c;
}

chr_clock chr_engine_clock_now(const chr_engine *e, double *beat) {
    uint64_t now, swaps;
    double at;
    chr_clock c = look(e, &at, &now, &swaps);
    if (beat)
        *beat = at;
    return c;
}

static void go_on_to(chr_clock *c, uint64_t sample) {
    while (c->running && c->loop_at < sample)
        chr_clock_loop(c, c->loop_at);
}

/* What the audio thread does to its clock when it takes a graph over. */
static void take_over(chr_clock *c, const chr_graph *g) {
    const uint64_t at = g->good_from;
    go_on_to(c, at);
    chr_clock_follow(c, g->time, at);
    switch (g->when.clock) {
    case CHR_CLOCK_GOES_ON:
        break;
    case CHR_CLOCK_START:
        chr_clock_resume(c, at);
        break;
    case CHR_CLOCK_STOP:
    case CHR_CLOCK_HUSH:
    case CHR_CLOCK_PANIC:
        chr_clock_stop(c, at);
        break;
    case CHR_CLOCK_JUMP:
        chr_clock_jump(c, g->when.beat, g->when.moment, at);
        break;
    }
}

/* The clock behind all that is offered; *beat: its position there. */
static chr_clock clock_then(const chr_engine *e, double looped, double *beat) {
    uint64_t now, swaps;
    chr_clock c = look(e, beat, &now, &swaps);
    for (uint32_t i = 0; i < e->n_offered; i++)
        if (e->n_taken + i >= swaps) { /* it knows nothing of that yet */
            take_over(&c, e->offered[i]);
            *beat = chr_clock_beat(&c, e->offered[i]->good_from);
        }
    while (c.running && c.loop_at != UINT64_MAX && c.looped < looped - 1e-9) {
        chr_clock_loop(&c, c.loop_at);
        *beat = c.anchor_beat;
    }
    return c;
}

chr_transport chr_engine_then(const chr_engine *e, double looped) {
    double beat;
    chr_clock c = clock_then(e, looped, &beat);
    bool loops = c.loop_at != UINT64_MAX;
    return (chr_transport){.running = c.running,
                           .beat = beat,
                           .looped = c.looped,
                           .jumped = c.jumped,
                           .from = loops ? c.time->loop_from : 0,
                           .to = loops ? c.time->loop_to : 0};
}

static uint64_t sample_by(const chr_clock *c, double beat) {
    uint64_t sample = c->running ? chr_clock_sample(c, beat) : UINT64_MAX;
    return sample > c->end_at ? UINT64_MAX : sample;
}

uint64_t chr_engine_sample_then(const chr_engine *e, double looped, double beat) {
    double at;
    chr_clock c = clock_then(e, looped, &at);
    return sample_by(&c, beat);
}

uint64_t chr_engine_sample_in_next_round(const chr_engine *e, double looped, double beat) {
    double at;
    chr_clock c = clock_then(e, looped, &at);
    uint64_t begins = c.loop_at;
    if (begins == UINT64_MAX)
        return UINT64_MAX;
    chr_clock_loop(&c, begins);
    uint64_t sample = sample_by(&c, beat);
    return sample > begins ? sample : begins;
}

uint64_t chr_engine_sample_of_beat(const chr_engine *e, double beat) {
    chr_clock c = chr_engine_clock_now(e, NULL);
    return c.running ? chr_clock_sample(&c, beat) : UINT64_MAX;
}

double chr_engine_next_beat(const chr_engine *e, chr_quantum quantum) {
    chr_clock c = chr_engine_clock_now(e, NULL);
    double beat = chr_clock_next(&c, quantum, atomic_load(&e->audio.seen_clock.now));
    bool round = c.loop_at != UINT64_MAX && beat >= c.time->loop_to;
    return round ? c.time->loop_from : beat;
}

bool chr_engine_loops(const chr_engine *e, double *from, double *to) {
    chr_clock c = chr_engine_clock_now(e, NULL);
    *from = c.time->loop_from;
    *to = c.time->loop_to;
    return c.loop_at != UINT64_MAX;
}

double chr_engine_beat_at(const chr_engine *e, uint64_t sample) {
    chr_clock c = chr_engine_clock_now(e, NULL);
    return chr_clock_beat(&c, sample);
}

const chr_ir *chr_engine_ir(const chr_engine *e) {
    const chr_graph *g = chr_engine_newest(e);
    return g ? chr_graph_ir(g) : NULL;
}

void chr_engine_metronome(chr_engine *e, bool on) {
    atomic_store_explicit(&e->audio.metronome.on, on, memory_order_relaxed);
}

bool chr_engine_has_metronome(const chr_engine *e) {
    return atomic_load_explicit(&e->audio.metronome.on, memory_order_relaxed);
}

const char *chr_engine_stem_name(const chr_engine *e, uint64_t id) {
    for (uint32_t k = e->n_offered + 1; k-- > 0;) {
        const chr_graph *g = k ? e->offered[k - 1] : e->current;
        for (uint32_t i = 0; g && i < g->n_stems; i++)
            if (g->stems[i].id == id)
                return g->text + g->stems[i].name;
    }
    return NULL;
}

int chr_engine_stems(const chr_engine *e) {
    uint32_t most = e->current ? e->current->n_stems : 0;
    for (uint32_t k = 0; k < e->n_offered; k++)
        most = e->offered[k]->n_stems > most ? e->offered[k]->n_stems : most;
    return (int)most;
}

uint64_t chr_engine_clock(const chr_engine *e) {
    return atomic_load(&e->audio.seen_clock.now);
}

float chr_engine_rate(const chr_engine *e) {
    return e->options.rate_hz;
}

int chr_engine_channels(const chr_engine *e) {
    return e->options.n_channels;
}

int chr_engine_inputs(const chr_engine *e) {
    return e->options.n_inputs;
}

chr_engine_counters chr_engine_read(chr_engine *e) {
    chr_audio *a = &e->audio;
    const chr_graph *g = chr_engine_newest(e);
    const chr_ir *ir = g ? chr_graph_ir(g) : NULL;
    const chr_time_map *time = ir ? ir->time : &chr_time_usual;
    double beat;
    chr_clock clock = chr_engine_clock_now(e, &beat), next = clock;
    next.time = time;
    chr_engine_counters c = {.clock = atomic_load(&a->seen_clock.now),
                             .running = clock.running,
                             .beat = beat,
                             .time = time,
                             .bpm = chr_clock_bpm(&next, beat),
                             .looped = clock.looped,
                             .jumped = clock.jumped,
                             .swaps = atomic_load(&a->seen_swaps),
                             .last_swap = atomic_load(&a->seen_last_swap),
                             .copied = atomic_load(&a->seen_rows),
                             .faults = atomic_load(&a->seen_faults),
                             .graphs_alive = e->graphs_alive,
                             .voices = atomic_load(&a->seen_voices)};
    for (int i = 0; i < 2; i++)
        c.peak[i] = atomic_exchange(&a->seen_peak[i], 0.0f);
    return c;
}

chr_engine_swaps chr_engine_swaps_seen(const chr_engine *e) {
    return (chr_engine_swaps){atomic_load_explicit(&e->audio.seen_swaps, memory_order_relaxed),
                              atomic_load_explicit(&e->audio.seen_last_swap, memory_order_relaxed)};
}

void chr_engine_memory(const chr_engine *e, size_t *graph, size_t *state) {
    *graph = *state = 0;
    if (!e->current)
        return;
    *graph = e->current->bytes + e->current->live->bytes;
    for (uint32_t i = 0; i < e->current->n_slots; i++)
        *state += chr_node_state_bytes(e->current->slots[i].state);
}

double chr_engine_over_db(chr_engine *e) {
    float dry = atomic_exchange(&e->audio.seen_dry, 0.0f);
    double over = e->options.ceiling ? 20.0 * log10((double)dry + 1e-9) + 0.3 : 0.0;
    return over > 0.0 ? over : 0.0;
}

bool chr_engine_next_note(chr_engine *e, chr_noted *note) {
    chr_noted_ring *r = e->audio.noted;
    unsigned out = r ? atomic_load_explicit(&r->out, memory_order_relaxed) : 0;
    if (!r || out == atomic_load_explicit(&r->in, memory_order_acquire))
        return false;
    *note = r->notes[out % CHR_NOTED];
    atomic_store_explicit(&r->out, out + 1, memory_order_release);
    return true;
}

unsigned chr_engine_notes_lost(const chr_engine *e) {
    return e->audio.noted ? atomic_load_explicit(&e->audio.noted->lost, memory_order_relaxed) : 0;
}

static const chr_voices *voices_of(const chr_engine *e, const char *owner) {
    for (uint32_t i = 0; e->current && i < e->current->n_voices_all; i++)
        if (strcmp(e->current->voices[i]->name, owner) == 0)
            return e->current->voices[i];
    return NULL;
}

uint64_t chr_engine_stolen(const chr_engine *e, const char *owner) {
    const chr_voices *v = voices_of(e, owner);
    return v ? atomic_load_explicit(&v->stolen, memory_order_relaxed) : 0;
}

bool chr_engine_pattern_waits(const chr_engine *e, const char *owner) {
    const chr_voices *v = voices_of(e, owner);
    for (uint32_t i = 0; v && i < e->current->n_tracks; i++) {
        const chr_graph_track *t = &e->current->tracks[i];
        if (e->current->voices[t->voices] == v && t->pattern &&
            atomic_load_explicit(&t->track->now, memory_order_acquire) != t->pattern)
            return true;
    }
    return false;
}

const char *chr_engine_faulty(const chr_engine *e, const char *owner) {
    size_t len = strlen(owner);
    return strncmp(e->fault, owner, len) == 0 && e->fault[len] == '.' ? e->fault : NULL;
}

const char *chr_engine_next_fault(chr_engine *e) {
    chr_audio *a = &e->audio;
    unsigned out = atomic_load_explicit(&a->faults_out, memory_order_relaxed);
    if (out == atomic_load_explicit(&a->faults_in, memory_order_acquire))
        return NULL;
    memcpy(e->fault, a->faults[out % CHR_FAULTS], sizeof e->fault);
    atomic_store_explicit(&a->faults_out, out + 1, memory_order_release);
    return e->fault;
}

int chr_engine_latency(const chr_engine *e) {
    return e->options.ceiling ? chr_ceiling_latency(e->options.rate_hz) : 0;
}

uint32_t chr_engine_lanes(const chr_engine *e) {
    return chr_engine_newest(e) ? chr_engine_newest(e)->n_names : 0;
}

const char *chr_engine_lane_name(const chr_engine *e, uint32_t lane) {
    uint32_t name = chr_engine_newest(e)->names[lane];
    return name == UINT32_MAX ? NULL : chr_engine_newest(e)->text + name;
}

uint64_t chr_engine_frames_to_beat(const chr_engine *e, double beat) {
    const chr_graph *g = chr_engine_newest(e);
    chr_clock clock = e->audio.transport;
    if (g && !clock.running)
        clock.time = chr_graph_ir(g)->time;
    return chr_clock_sample(&clock, beat);
}

void chr_engine_print_graph(const chr_engine *e, FILE *to) {
    const chr_graph *g = chr_engine_newest(e);
    if (g)
        chr_graph_print(g, to);
}

bool chr_engine_waits(const chr_engine *e) {
    return e->session &&
           atomic_load_explicit(&e->audio.seen_graph, memory_order_acquire) != e->session;
}

bool chr_engine_took(const chr_engine *e, uint64_t number, uint64_t *at) {
    const uint64_t swaps = atomic_load_explicit(&e->audio.seen_swaps, memory_order_acquire);
    chr_took took = {.number = 0};
    for (unsigned i = 0; i < e->n_took && i < CHR_OFFERS; i++)
        if (e->took[i].number == number)
            took = e->took[i];
    for (uint32_t i = 0; i < e->n_offered && e->n_taken + i < swaps; i++)
        if (e->offered[i]->number == number)
            took = (chr_took){number, atomic_load(&e->offered[i]->live->began)};
    if (took.number && at)
        *at = took.at;
    return took.number != 0;
}

bool chr_engine_hurries(const chr_engine *e) {
    const uint64_t swaps = atomic_load_explicit(&e->audio.seen_swaps, memory_order_acquire);
    for (uint32_t i = 0; i < e->n_offered; i++)
        if (!e->offered[i]->when.timed && e->offered[i]->number && e->n_taken + i >= swaps)
            return true;
    return false;
}

bool chr_engine_next_event(chr_engine *e, chr_event *event) {
    static const chr_event_kind kinds[] = {
        [CHR_COMMAND_NONE] = CHR_EVENT_OFFER, [CHR_COMMAND_PLAY] = CHR_EVENT_PLAY,
        [CHR_COMMAND_STOP] = CHR_EVENT_STOP,  [CHR_COMMAND_STOP_NOW] = CHR_EVENT_STOP_NOW,
        [CHR_COMMAND_HUSH] = CHR_EVENT_HUSH,  [CHR_COMMAND_PANIC] = CHR_EVENT_PANIC};
    chr_event_ring *r = &e->audio.told;
    if (atomic_exchange_explicit(&r->lost, 0, memory_order_relaxed)) {
        *event = (chr_event){.kind = CHR_EVENT_LOST};
        return true;
    }
    unsigned out = atomic_load_explicit(&r->out, memory_order_relaxed), k = out % CHR_EVENTS;
    if (out == atomic_load_explicit(&r->in, memory_order_acquire))
        return false;
    *event = (chr_event){
        .kind = kinds[atomic_load_explicit(&r->command[k], memory_order_relaxed)],
        .offer = atomic_load_explicit(&r->number[k], memory_order_relaxed),
        .at = atomic_load_explicit(&r->at[k], memory_order_relaxed),
    };
    atomic_store_explicit(&r->out, out + 1, memory_order_release);
    return true;
}
