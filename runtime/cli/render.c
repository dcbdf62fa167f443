/* runtime/cli/render.c: the loop of a rendering. It cuts its blocks so that each evaluation takes
 * effect at the start of the chunk that holds its moment, whatever --block says.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/render.h"

#include "runtime/cli/answer.h"
#include "runtime/cli/meter.h"
#include "runtime/cli/midi_out.h"
#include "runtime/cli/take.h"
#include "runtime/files.h"
#include "runtime/host/host.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_BARS = 8 };
#define TAIL_MOST_S 10.0 /* a tail longer than this is a drone */
#define TAIL_QUIET_S                                                                               \
    1.0                 /* this long below the floor is the end: an echo may still come within it */
#define TAIL_REST_S 0.1 /* what is kept of that */
#define TAIL_FLOOR 0.001f /* -60 dB, of the rendering's own peak */
#define HUSH_S 0.06       /* what chr_engine_hush needs, and a little */

typedef struct rendering {
    const chr_render_plan *plan;
    chr_player *player;
    chr_engine *engine;
    chr_host *host;
    chr_show show;
    chr_answer answer;
    chr_take take;
    chr_stems *stems;
    chr_midi_out *midi; /* NULL: sound is written */
    chr_meter *meter;
    chr_progress progress;
    uint64_t clock;  /* frames asked of the engine */
    uint64_t skip;   /* the ceiling's latency, still to be left out */
    uint64_t length; /* frames of music, before the tail */
    uint64_t loud;   /* end of the last frames above the floor */
    float floor;     /* magnitude; set when the tail begins */
    bool stopped;    /* the tail began, or there is to be none */
    bool hushed, script_error, trouble;
    int exit_code;
    char why[CHR_SOUNDFILE_TEXT];
    bool seen_running, jumped; /* when the clock was looked at last; since it runs */
    double seen_back;          /* beats by which loops and jumps had taken it back then */
} rendering;

/* Called by the offline host with each block of the engine's sound. */
static void on_block(void *context, const float *in, float *out, int n_frames) {
    (void)in;
    rendering *r = context;
    chr_engine_render(r->engine, out, n_frames);
    r->clock += (uint64_t)n_frames;
    const float *from = out;
    uint64_t n = (uint64_t)n_frames, skipped = r->skip < n ? r->skip : n;
    r->skip -= skipped;
    from += skipped * (uint64_t)r->plan->n_channels;
    n -= skipped;
    if (n > 0 && !chr_take_push(&r->take, from, n)) {
        chr_show_error("memory is out");
        r->exit_code = CHR_EXIT_INTERNAL;
    }
}

static uint64_t frames_of(const rendering *r, double seconds) {
    return (uint64_t)(seconds * r->plan->rate_hz + 0.5);
}

/* Frames of the music at the tempo that holds now. */
static void measure_length(rendering *r) {
    const chr_render_plan *p = r->plan;
    if (p->seconds > 0) {
        r->length = frames_of(r, p->seconds);
        return;
    }
    const chr_time_map *time = chr_engine_read(r->engine).time;
    if (p->bars <= 0 && time->end > 0) {
        r->length = chr_engine_frames_to_beat(r->engine, time->end);
        return;
    }
    double bars = p->bars > 0 ? p->bars : DEFAULT_BARS;
    r->length = chr_engine_frames_to_beat(r->engine, chr_time_map_bar_beat(time, bars));
}

static chr_evaluation check(rendering *r, chr_evaluation e) {
    if (e.status != CHR_OK) {
        chr_progress_clear(&r->progress);
        chr_show_error("%s",
                       e.status == CHR_NO_MEMORY ? "memory is out" : "the engine cannot play this");
        r->exit_code = CHR_EXIT_INTERNAL;
    }
    r->script_error = r->script_error || e.n_errors > 0;
    r->trouble = r->trouble || e.trouble;
    return e;
}

static chr_evaluation evaluate(rendering *r, const char *text, size_t len, const char *place,
                               const char *file) {
    return check(r, chr_player_evaluate(r->player, text, len, place, file));
}

/* Evaluates what is due. Returns the sample at which the next one is, or UINT64_MAX. */
static uint64_t do_edits(rendering *r) {
    uint64_t next = UINT64_MAX;
    for (int i = 0; i < r->plan->n_edits; i++) {
        chr_edit *edit = &r->plan->edits[i];
        if (edit->done)
            continue;
        uint64_t at = chr_moment_sample(&edit->at, r->engine, r->plan->rate_hz);
        at -= at % CHR_CHUNK;
        if (at > r->clock) {
            next = at < next ? at : next;
            continue;
        }
        edit->done = true;
        chr_evaluation e =
            evaluate(r, edit->text, edit->len, edit->name, edit->typed ? NULL : r->plan->script);
        if (e.offered)
            chr_answer_expect(&r->answer, &e, r->player);
        measure_length(r);
    }
    return next;
}

/* Ends the music as a typed `stop` would: patterns end and drones fade. It is said a chunk ahead,
 * for its exact sample. */
static void end_music(rendering *r) {
    r->stopped = true;
    if (r->plan->tail_s == 0)
        return;
    r->show.silent = true;
    check(r, chr_player_stop_at(r->player, r->length));
    r->show.silent = false;
}

/* What waited may have changed the tempo: bars are counted as they come. A jump does not make the
 * piece shorter, or endless: from then on the length that was known holds. */
static void follow_tempo(rendering *r) {
    chr_engine_counters now = chr_engine_read(r->engine);
    double back = now.looped + now.jumped;
    r->jumped = r->jumped || (now.running && r->seen_running && back != r->seen_back);
    r->seen_back = back;
    r->seen_running = now.running;
    if (now.running && !r->jumped && !r->stopped)
        measure_length(r);
}

static uint64_t stop_at(const rendering *r) {
    uint64_t at = r->length - r->length % CHR_CHUNK;
    return at >= CHR_CHUNK ? at - CHR_CHUNK : 0;
}

static bool gather_stems(rendering *r) {
    const char *name;
    const float *left, *right;
    for (int i = 0; chr_engine_stem(r->engine, i, &name, &left, &right); i++)
        if (*name && !strchr(name, '.') && !chr_stems_push(r->stems, name, left, right, r->why))
            return false;
    return chr_stems_next(r->stems, r->why);
}

/* Frames up to `end` belong to the take: they are measured and written. */
static bool commit(rendering *r, uint64_t end) {
    uint64_t n = end - r->take.written;
    if (end <= r->take.written)
        return true;
    chr_meter_add(r->meter, r->take.held, (int)n);
    return chr_take_commit(&r->take, end) && (!r->stems || chr_stems_commit(r->stems, end));
}

/* The end of the last frame from `frame` on that is louder than the floor; 0: none is. */
static uint64_t last_loud(const rendering *r, uint64_t frame) {
    const size_t n_channels = (size_t)r->plan->n_channels;
    size_t from = (size_t)(frame - r->take.written) * n_channels;
    for (size_t i = r->take.n_held; i-- > from;)
        if (r->take.held[i] > r->floor || r->take.held[i] < -r->floor)
            return r->take.written + i / n_channels + 1;
    return 0;
}

/* Takes in what the last block brought. Returns false when the take is whole, or can be made no
 * longer. */
static bool gather(rendering *r, uint64_t seen) {
    uint64_t have = chr_take_length(&r->take);
    bool good = commit(r, have < r->length ? have : r->length);
    if (!good || have <= r->length)
        return good && (have < r->length || r->plan->tail_s != 0);
    if (r->plan->tail_s >= 0) {
        uint64_t end = r->length + frames_of(r, r->plan->tail_s);
        return commit(r, have < end ? have : end) && have < end;
    }
    if (r->loud < r->length) { /* the tail begins */
        r->loud = r->length;
        r->floor = chr_meter_peak(r->meter) * TAIL_FLOOR;
    }
    uint64_t loud = last_loud(r, seen > r->take.written ? seen : r->take.written);
    if (loud)
        r->loud = loud;
    uint64_t most = r->length + frames_of(r, TAIL_MOST_S);
    if (have >= most)
        return commit(r, most) && false;
    if (have - r->loud >= frames_of(r, TAIL_QUIET_S))
        return r->loud > r->length && commit(r, r->loud + frames_of(r, TAIL_REST_S)) && false;
    return commit(r, r->loud);
}

/* Where the sound of a tail that is too long is faded: the clock's chunk from which it is silent at
 * the end. */
static uint64_t hush_at(const rendering *r) {
    uint64_t at = r->length + frames_of(r, TAIL_MOST_S) - frames_of(r, HUSH_S);
    return at - at % CHR_CHUNK;
}

/* How many frames to ask for now: --block, less where an evaluation, the end, or a swap on its way
 * need a cut. */
static int next_block(const rendering *r, uint64_t edit_at) {
    uint64_t n = (uint64_t)r->plan->block, cut = edit_at - r->clock;
    if (cut < n)
        n = cut;
    if (!r->stopped && stop_at(r) - r->clock < n)
        n = stop_at(r) - r->clock;
    if (r->stopped && !r->hushed && hush_at(r) - r->clock < n)
        n = hush_at(r) - r->clock;
    uint64_t until = chr_player_until(r->player);
    if (until > r->clock && until - r->clock < n)
        n = until - r->clock;
    uint64_t chunk = CHR_CHUNK - r->clock % CHR_CHUNK;
    if ((r->stems || chr_player_waits(r->player)) && chunk < n)
        n = chunk;
    return (int)n;
}

static void tell_faults(rendering *r) {
    const char *label;
    while ((label = chr_engine_next_fault(r->engine))) {
        chr_progress_clear(&r->progress);
        chr_show_error("%s made a value that is not a number, and was silenced", label);
    }
}

/* The whole loop. False: something went wrong and was told. */
static bool play(rendering *r) {
    for (;;) {
        uint64_t edit_at = do_edits(r);
        if (r->exit_code)
            return false;
        if (!r->stopped && r->clock >= stop_at(r))
            end_music(r);
        if (r->stopped && !r->hushed && r->clock >= hush_at(r)) {
            r->hushed = true;
            if (r->plan->tail_s < 0)
                chr_engine_hush(r->engine);
        }
        int n = next_block(r, edit_at);
        uint64_t seen = chr_take_length(&r->take);
        r->host->facts.block = n;
        chr_player_tend(r->player);
        follow_tempo(r);
        r->host->driver->wait(r->host);
        chr_answer_tell(&r->answer, r->player);
        tell_faults(r);
        if (r->midi)
            chr_midi_out_gather(r->midi, r->engine);
        if (r->exit_code)
            return false;
        if (r->stems && r->clock % CHR_CHUNK == 0 && !gather_stems(r)) {
            chr_progress_clear(&r->progress);
            chr_show_error("%s", r->why);
            r->exit_code = CHR_EXIT_IO;
            return false;
        }
        if (!gather(r, seen) || chr_interrupted())
            return true; /* a failed write is told when the file is finished */
        chr_progress_step(&r->progress, r->take.written,
                          r->length + frames_of(r, r->plan->tail_s > 0 ? r->plan->tail_s : 0));
    }
}

static bool begin(rendering *r) {
    const chr_render_plan *p = r->plan;
    chr_player_options about = {
        .engine = {.rate_hz = (float)p->rate_hz,
                   .isa = p->isa,
                   .lanes = p->lanes,
                   .threads = p->threads,
                   .ceiling = !p->no_ceiling,
                   .stems = p->stems != NULL,
                   .notes = chr_is_midi_out(p->out),
                   .n_channels = p->n_channels},
        .seed = p->seed,
        .allow_save = p->allow_save,
        .listener = chr_show_listener(&r->show),
    };
    char *folder = chr_script_folder(p->script);
    about.folder = folder;
    r->player = chr_player_new(&about);
    free(folder);
    if (!r->player) {
        r->exit_code = chr_explain_engine(&about.engine);
        return false;
    }
    r->engine = chr_player_engine(r->player);
    chr_evaluation e = evaluate(r, p->text, p->len, chr_script_name(p->script), p->script);
    if (!e.applied) {
        r->exit_code = r->exit_code ? r->exit_code : CHR_EXIT_SCRIPT;
        return false;
    }
    if (e.plays_by_itself)
        chr_player_play(r->player);
    chr_host_want want = {.rate_hz = p->rate_hz, .block = p->block, .n_channels = p->n_channels};
    /* Nobody is told of loudness by who is quiet. */
    r->meter = chr_meter_new((int)p->rate_hz, p->n_channels, !p->no_meter && !p->quiet);
    if (!r->meter || chr_host_offline.open(&r->host, &want, r->why) != CHR_OK ||
        chr_host_offline.start(r->host, on_block, r, r->why) != CHR_OK) {
        chr_show_error("memory is out");
        r->exit_code = CHR_EXIT_INTERNAL;
        return false;
    }
    r->skip = p->no_ceiling ? 0 : (uint64_t)chr_engine_latency(r->engine);
    measure_length(r);
    return true;
}

static bool open_files(rendering *r) {
    const chr_render_plan *p = r->plan;
    double tail_s = p->tail_s < 0 ? TAIL_MOST_S : p->tail_s;
    chr_soundfile_format format = {(int)p->rate_hz, p->n_channels, p->bits,
                                   r->length + frames_of(r, tail_s)};
    if (chr_is_midi_out(p->out)) {
        r->midi = chr_midi_out_new();
        if (!r->midi) {
            snprintf(r->why, sizeof r->why, "memory is out");
            goto failed;
        }
    } else if (p->out) {
        r->take.file = chr_soundfile_create(p->out, &format, r->why);
        if (!r->take.file)
            goto failed;
    }
    if (p->stems) {
        const char *end = p->out ? strrchr(p->out, '.') : ".wav";
        r->stems = chr_stems_new(r->engine, p->stems, end, &format, r->why);
        if (!r->stems)
            goto failed;
    }
    return true;
failed:
    chr_show_error("%s", r->why);
    r->exit_code = CHR_EXIT_IO;
    return false;
}

/* Gives the files their names. */
static bool finish_files(rendering *r, int *n_stems) {
    bool good = true;
    if (r->take.file && !(r->stems && chr_stems_failed(r->stems))) { /* all of them, or none */
        good = chr_soundfile_finish(r->take.file, r->why);
        r->take.file = NULL;
    }
    if (r->stems && good) {
        *n_stems = chr_stems_finish(r->stems, r->why);
        r->stems = NULL;
        good = *n_stems >= 0;
    }
    if (r->midi && good)
        good = chr_midi_out_finish(r->midi, r->engine, r->plan->out, r->why, sizeof r->why);
    if (!good) {
        chr_show_error("%s", r->why);
        r->exit_code = CHR_EXIT_IO;
    }
    return good;
}

static void summarize_notes(const rendering *r) {
    printf("%s: ", r->plan->out);
    chr_midi_out_describe(r->midi);
}

static void summarize(rendering *r, double spent_s, int n_stems) {
    const chr_render_plan *p = r->plan;
    if (r->midi) {
        summarize_notes(r);
        return;
    }
    static const char *const bits[] = {"16 bits", "24 bits", "32-bit float"};
    double whole_s = (double)r->take.written / p->rate_hz, music_s = (double)r->length / p->rate_hz;
    char levels[160];
    chr_meter_text(r->meter, levels, sizeof levels);
    printf("%s: %.2f s", p->out ? p->out : "nothing written", whole_s);
    if (whole_s > music_s)
        printf(" (%.2f s and a tail of %.2f s)", music_s, whole_s - music_s);
    printf(", %g Hz, %s, %d channel%s\n", p->rate_hz, bits[p->bits], p->n_channels,
           p->n_channels == 1 ? "" : "s");
    if (n_stems > 0)
        printf("%s: %d stem%s\n", p->stems, n_stems, n_stems == 1 ? "" : "s");
    printf("%s\n", levels);
    printf("rendered in %.2f s, %.1f times real time\n", spent_s,
           spent_s > 0 ? whole_s / spent_s : 0.0);
}

static void release(rendering *r) {
    if (r->host)
        r->host->driver->close(r->host);
    chr_soundfile_discard(r->take.file);
    chr_stems_discard(r->stems);
    chr_take_drop(&r->take);
    chr_midi_out_free(r->midi);
    chr_meter_free(r->meter);
    chr_player_free(r->player);
}

static int run_plan(rendering *r) {
    const chr_render_plan *p = r->plan;
    if (!begin(r) || !open_files(r))
        return r->exit_code;
    if (!p->quiet && p->seconds == 0 && p->bars == 0 && chr_engine_read(r->engine).time->end <= 0)
        printf("no length was asked for: %d bars, %.2f s (--bars or --seconds choose another)\n",
               DEFAULT_BARS, (double)r->length / p->rate_hz);
    fflush(stdout);
    double began_s = chr_now_s();
    r->progress = chr_progress_begin(p->quiet, p->rate_hz);
    bool good = play(r);
    chr_progress_clear(&r->progress);
    if (!good)
        return r->exit_code;
    chr_answer_flush(&r->answer);
    for (int i = 0; i < p->n_edits; i++)
        if (!p->edits[i].done)
            chr_show_error("an edit (%s) lies after the end and was never made", p->edits[i].name);
    bool interrupted = chr_interrupted() > 0;
    double spent_s = chr_now_s() - began_s;
    int n_stems = 0;
    if (r->stems)
        chr_stems_flush(r->stems); /* what fails is told when they are finished */
    if (!finish_files(r, &n_stems))
        return r->exit_code;
    if (interrupted)
        chr_show_error("interrupted; what was rendered by then is kept");
    if (!p->quiet)
        summarize(r, spent_s, n_stems);
    return interrupted       ? CHR_EXIT_INTERRUPTED
           : r->script_error ? CHR_EXIT_SCRIPT
           : r->trouble      ? CHR_EXIT_IO
                             : CHR_EXIT_OK;
}

static void before_print(void *context) {
    chr_progress_clear(context);
}

int chr_render(const chr_render_plan *plan) {
    rendering r = {.plan = plan};
    r.show = (chr_show){.quiet = plan->quiet, .before = before_print, .context = &r.progress};
    r.answer = (chr_answer){.show = &r.show, .rate_hz = plan->rate_hz};
    r.take.n_channels = plan->n_channels;
    chr_interrupt_catch();
    int code = run_plan(&r);
    release(&r);
    return code;
}
