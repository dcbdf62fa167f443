/* runtime/cli/stats.c: how hard the computer works and what was late, in words and as JSON.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/stats.h"

#include "lang/visible.h"
#include "runtime/cli/live.h"
#include "runtime/cli/meter.h"
#include "runtime/costs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The memory of the program that is in use: the second number of this file, in pages. */
static double resident_bytes(void) {
    FILE *from = fopen("/proc/self/statm", "r");
    double pages = 0;
    if (!from)
        return 0;
    if (fscanf(from, "%*f %lf", &pages) != 1)
        pages = 0;
    fclose(from);
    return pages * (double)sysconf(_SC_PAGESIZE);
}

static double part(const chr_histogram *h, double share, double unit) {
    return (double)chr_histogram_at(h, share) / unit;
}

/* ---- for people ---- */

#define PERCENT (CHR_LOAD_WHOLE / 100.0)
#define MS 1e6

static void print_bytes(FILE *to, double bytes, const char *after) {
    if (bytes < 1e6)
        fprintf(to, "%.0f kB%s", bytes / 1e3, after);
    else
        fprintf(to, "%.1f MB%s", bytes / 1e6, after);
}

static void print_sound(const chr_load *l, FILE *to) {
    const chr_histogram *h = &l->share;
    if (!chr_histogram_count(h)) {
        fputs("  sound        no block was asked for yet\n", to);
        return;
    }
    fprintf(to,
            "  sound        takes %.1f %% of the time; 99 of 100 blocks at most %.1f %%, 999 of "
            "1000 %.1f %%, the longest %.1f %%\n",
            part(h, 0.5, PERCENT), part(h, 0.99, PERCENT), part(h, 0.999, PERCENT),
            part(h, 1, PERCENT));
}

static void print_lateness(const chr_live *l, FILE *to) {
    unsigned long long too_long = atomic_load(&l->load.too_long);
    unsigned xruns = chr_steady_xruns(l->host);
    fprintf(to, "  late         ");
    if (!too_long && !xruns)
        fputs("never", to);
    else
        fprintf(to, "%llu block%s took too long; the device ran dry %u time%s", too_long,
                too_long == 1 ? "" : "s", xruns, xruns == 1 ? "" : "s");
    fprintf(to, "; it asks %.1f ms after its rhythm, 99 of 100 times, and %.1f ms at worst\n",
            part(&l->load.lateness, 0.99, MS), part(&l->load.lateness, 1, MS));
}

static void print_evaluations(const chr_tally *t, FILE *to) {
    fprintf(to, "  evaluations  %llu applied, %llu refused", (unsigned long long)t->applied,
            (unsigned long long)t->refused);
    if (t->has_last)
        fprintf(to, "; the last: compile %.1f ms, wait %.1f ms, swap %.1f ms",
                (double)t->last_compile_ns / MS, (double)t->last_wait_ns / MS,
                (double)t->last_swap_ns / MS);
    fputc('\n', to);
}

/* The device, and what the system grants the thread of the sound. */
static void print_device(const chr_live *l, FILE *to) {
    const chr_host_facts *f = chr_steady_facts(l->host);
    fprintf(to, "  device       %s, %g Hz", f->device, l->rate_hz);
    if (f->block)
        fprintf(to, ", blocks of %d frames", f->block);
    if (f->is_real && f->priority)
        fprintf(to, "; priority %d", f->priority);
    else if (f->is_real)
        fputs("; no real-time priority", to);
    if (f->is_real)
        fprintf(to, ", memory %slocked", f->memory_locked ? "" : "not ");
    fputs(chr_steady_is_heard(l->host) ? "\n" : "; it is away\n", to);
}

enum { DEAREST = 5 };

/* The dearest patches, in order; one place more for who is pushed out. */
typedef struct dearest {
    chr_patch_cost patches[DEAREST + 1];
    int n;
} dearest;

static void rank(dearest *d, const chr_patch_cost *one) {
    if (one->share <= 0)
        return;
    int at = d->n;
    for (; at > 0 && d->patches[at - 1].share < one->share; at--)
        d->patches[at] = d->patches[at - 1];
    d->patches[at] = *one;
    d->n += d->n < DEAREST;
}

static void print_dearest(const dearest *d, const char *word, FILE *to) {
    static const char shared[] = "what is shared";
    if (d->n)
        fprintf(to, "  %-13s", word);
    for (int i = 0; i < d->n; i++) {
        const char *name = d->patches[i].owner;
        fprintf(to, "%s%s %.1f %%", i ? ", " : "", *name ? name : shared,
                d->patches[i].share * 100);
    }
    const chr_patch_cost *first = &d->patches[0];
    if (d->n && strcmp(first->owner, first->dearest) == 0)
        fputc('\n', to); /* an instrument of the library, whose inside is its own business */
    else if (d->n)
        fprintf(to, "; dearest is %s on %s, %.1f %%\n", first->dearest,
                *first->owner ? first->owner : shared, first->dearest_share * 100);
}

static chr_patch_cost foretold(const chr_guard_cost *one) {
    chr_patch_cost c = {
        .owner = one->owner, .share = one->share, .dearest_share = one->dearest_share};
    snprintf(c.dearest, sizeof c.dearest, "%s", one->dearest);
    return c;
}

/* The dearest patches, as they play and as they were tried out before they were heard. */
static void print_patches(const chr_live *l, FILE *to) {
    dearest plays = {.n = 0}, tried = {.n = 0};
    chr_costs costs;
    chr_guard_cost one;
    if (chr_costs_take(&costs, l->engine))
        for (uint32_t i = 0; i < costs.n; i++)
            rank(&plays, &costs.items[i]);
    for (uint32_t i = 0; chr_guard_cost_of(chr_player_guard(l->player), i, &one); i++) {
        const chr_patch_cost c = foretold(&one);
        rank(&tried, &c);
    }
    print_dearest(&plays, "patches", to);
    print_dearest(&tried, "foretold", to);
    chr_costs_clear(&costs);
}

static void print_thinned(const chr_live *l, FILE *to) {
    const chr_session *s = chr_player_session(l->player);
    const chr_thinned *t;
    for (int i = 0; (t = chr_session_thinned(s, i)); i++)
        fprintf(to, "%s%s plays %u of %u voices", i ? ", " : "  thinned      ", t->patch, t->voices,
                t->asked);
    if (chr_session_thinned(s, 0))
        fputs(": the computer was late\n", to);
}

static void print_muted(const chr_tally *t, FILE *to) {
    if (!t->n_faults)
        return;
    fputs("  muted        ", to);
    for (size_t i = 0; i < t->n_faults; i++)
        fprintf(to, "%s%s (%llu time%s)", i ? ", " : "", t->faults[i].name,
                (unsigned long long)t->faults[i].n, t->faults[i].n == 1 ? "" : "s");
    if (t->faults_unnamed)
        fprintf(to, ", and others %llu times", (unsigned long long)t->faults_unnamed);
    fputs(": a value that is not a number\n", to);
}

static void print_memory(const chr_live *l, FILE *to) {
    size_t graph, state;
    chr_engine_memory(l->engine, &graph, &state);
    fputs("  memory       ", to);
    print_bytes(to, (double)graph, " the graph, ");
    print_bytes(to, (double)state, " delays and other state, ");
    print_bytes(to, resident_bytes(), " the program\n");
}

char *chr_stats_text(void *live) {
    chr_live *l = live;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    chr_tally_settle(&l->tally);
    print_device(l, to);
    print_sound(&l->load, to);
    print_lateness(l, to);
    print_evaluations(&l->tally, to);
    int voices = chr_player_look(l->player).voices;
    fprintf(to, "  voices       %d sounding\n", voices);
    print_patches(l, to);
    print_thinned(l, to);
    print_muted(&l->tally, to);
    print_memory(l, to);
    bool bad = ferror(to) != 0;
    bad |= fclose(to) != 0;
    if (!bad)
        return text;
    free(text);
    return NULL;
}

/* ---- for programs ---- */

static void print_parts(FILE *to, const char *name, const chr_histogram *h, double unit) {
    fprintf(to,
            "\"%s\": {\"n\": %llu, \"p50\": %.4g, \"p99\": %.4g, \"p999\": %.4g, \"max\": %.4g}, ",
            name, (unsigned long long)chr_histogram_count(h), part(h, 0.5, unit),
            part(h, 0.99, unit), part(h, 0.999, unit), part(h, 1, unit));
}

static void print_json_muted(const chr_tally *t, FILE *to) {
    fputs("\"muted\": [", to);
    for (size_t i = 0; i < t->n_faults; i++) {
        fputs(i ? ", {\"name\": " : "{\"name\": ", to);
        chr_print_quoted(to, t->faults[i].name);
        fprintf(to, ", \"times\": %llu}", (unsigned long long)t->faults[i].n);
    }
    fputs("], ", to);
}

/* `percent` is what was measured; what was foretold where it is not known yet. */
static void print_json_patches(const chr_live *l, FILE *to) {
    chr_guard_cost one;
    chr_costs costs;
    bool first = true, measured = chr_costs_take(&costs, l->engine);
    fputs("\"patches\": [", to);
    for (uint32_t i = 0; chr_guard_cost_of(chr_player_guard(l->player), i, &one); i++) {
        const chr_patch_cost tried = foretold(&one);
        const chr_patch_cost *plays = measured ? chr_costs_of(&costs, one.owner) : NULL;
        plays = plays && plays->share > 0 ? plays : &tried;
        if (plays->share <= 0)
            continue;
        fputs(first ? "{\"name\": " : ", {\"name\": ", to);
        chr_print_quoted(to, one.owner);
        fprintf(to, ", \"percent\": %.4g, \"dearest\": ", plays->share * 100);
        chr_print_quoted(to, plays->dearest);
        fprintf(to, ", \"dearest_percent\": %.4g, \"foretold_percent\": %.4g, \"voices\": %u}",
                plays->dearest_share * 100, tried.share * 100, one.n_voices);
        first = false;
    }
    fputs("], ", to);
    chr_costs_clear(&costs);
}

static void print_json_device(const chr_live *l, FILE *to) {
    const chr_host_facts *f = chr_steady_facts(l->host);
    fputs("\"device\": ", to);
    chr_print_quoted(to, f->device);
    fprintf(to, ", \"heard\": %s, \"block\": %d, \"priority\": %d, \"memory_locked\": %s, ",
            chr_steady_is_heard(l->host) && f->is_real ? "true" : "false", f->block, f->priority,
            f->memory_locked ? "true" : "false");
}

static void print_json_thinned(const chr_live *l, FILE *to) {
    const chr_thinned *t;
    fputs("\"thinned\": [", to);
    for (int i = 0; (t = chr_session_thinned(chr_player_session(l->player), i)); i++) {
        fputs(i ? ", {\"name\": " : "{\"name\": ", to);
        chr_print_quoted(to, t->patch);
        fprintf(to, ", \"voices\": %u, \"of\": %u}", t->voices, t->asked);
    }
    fputs("], ", to);
}

void chr_stats_print_json(chr_live *l, FILE *to) {
    const chr_tally *t = &l->tally;
    chr_tally_settle(&l->tally);
    chr_engine_counters now = chr_player_look(l->player);
    size_t graph, state;
    chr_engine_memory(l->engine, &graph, &state);
    fprintf(to, "{\"seconds\": %.3f, \"rate_hz\": %g, ", (double)now.clock / l->rate_hz,
            l->rate_hz);
    print_json_device(l, to);
    print_parts(to, "cpu_percent", &l->load.share, PERCENT);
    print_parts(to, "late_ms", &l->load.lateness, MS);
    fprintf(to, "\"blocks_too_long\": %llu, \"xruns\": %u, ",
            (unsigned long long)atomic_load(&l->load.too_long), chr_steady_xruns(l->host));
    fprintf(to, "\"applied\": %llu, \"refused\": %llu, ", (unsigned long long)t->applied,
            (unsigned long long)t->refused);
    print_parts(to, "compile_ms", &t->compile, MS);
    print_parts(to, "wait_ms", &t->wait, MS);
    print_parts(to, "swap_ms", &t->swap, MS);
    print_parts(to, "enter_to_sound_ms", &t->enter, MS);
    print_json_muted(t, to);
    print_json_patches(l, to);
    print_json_thinned(l, to);
    fprintf(to, "\"voices\": %d, \"graphs\": %d, \"graph_bytes\": %zu, \"state_bytes\": %zu, ",
            now.voices, now.graphs_alive, graph, state);
    fprintf(to, "\"resident_bytes\": %.0f}\n", resident_bytes());
}

bool chr_stats_open(chr_live *l, const char *path) {
    l->log.to = strcmp(path, "-") == 0 ? stderr : fopen(path, "we");
    if (!l->log.to) {
        chr_show_error("%s cannot be written: %s", path, strerror(errno));
        return false;
    }
    l->log.next_s = chr_now_s() + 1.0;
    return true;
}

static void write_line(chr_live *l) {
    chr_live_clear(l);
    chr_stats_print_json(l, l->log.to);
    if (fflush(l->log.to) == 0)
        return;
    chr_show_error("the figures of --stats-json cannot be written: %s", strerror(errno));
    if (l->log.to != stderr)
        fclose(l->log.to);
    l->log.to = NULL; /* said once; the music goes on */
}

void chr_stats_tend(chr_live *l) {
    double now_s = chr_now_s();
    if (!l->log.to || now_s < l->log.next_s)
        return;
    l->log.next_s = now_s - l->log.next_s > 1.0 ? now_s + 1.0 : l->log.next_s + 1.0;
    write_line(l);
}

void chr_stats_close(chr_live *l) {
    if (l->log.to && l->player)
        write_line(l);
    if (l->log.to && l->log.to != stderr)
        fclose(l->log.to);
    l->log.to = NULL;
}
