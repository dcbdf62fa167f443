/* runtime/cli/midi_out.c: notes to a Standard MIDI File of format 1 ("Standard MIDI Files 1.0",
 * MIDI Manufacturers Association, 1988). A beat has 6720 ticks: every division by up to 8, and of
 * these by 3, 5 and 7 again down to sixty-fourths, is a whole number of them.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/midi_out.h"

#include "runtime/audio/noted.h"
#include "runtime/write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TICKS = 6720, MOST_PATTERNS = 4096, DRUM_CHANNEL = 9 };

typedef struct note {
    uint32_t pattern;
    uint64_t from, to; /* ticks */
    uint8_t key, velocity;
} note;

/* From a tick on. */
typedef struct change {
    uint64_t at;
    double bpm;
    double beats, unit; /* of the meter */
} change;

/* One event of a track, as bytes; at one tick, what ends comes before what begins. */
typedef struct event {
    uint64_t at;
    uint8_t bytes[3];
} event;

struct chr_midi_out {
    char (*patterns)[CHR_NOTED_NAME];
    uint32_t n_patterns;
    note *notes;
    size_t n_notes, room;
    change *changes;
    size_t n_changes, changes_room;
    uint64_t last; /* tick at which the last note ends */
    bool failed;   /* memory is out, or the disk is full */
};

bool chr_is_midi_out(const char *path) {
    size_t n = path ? strlen(path) : 0;
    return (n > 4 && strcmp(path + n - 4, ".mid") == 0) ||
           (n > 5 && strcmp(path + n - 5, ".midi") == 0);
}

chr_midi_out *chr_midi_out_new(void) {
    return calloc(1, sizeof(chr_midi_out));
}

void chr_midi_out_free(chr_midi_out *m) {
    if (!m)
        return;
    free(m->patterns);
    free(m->notes);
    free(m->changes);
    free(m);
}

/* ---- what is played ---- */

/* Room for one more element. */
static void *more(chr_midi_out *m, void *items, size_t n, size_t *room, size_t size) {
    if (n < *room)
        return items;
    size_t wanted = *room ? 2 * *room : 64;
    void *grown = realloc(items, wanted * size);
    if (!grown) {
        m->failed = true;
        return items;
    }
    *room = wanted;
    return grown;
}

/* `beat` counts what was played: a jump or a loop goes on where the song was. */
static uint64_t tick(double beat) {
    double x = beat * TICKS + 0.5;
    return x > 0 ? (uint64_t)x : 0;
}

static uint32_t number_of(chr_midi_out *m, const char *pattern) {
    for (uint32_t i = 0; i < m->n_patterns; i++)
        if (strcmp(m->patterns[i], pattern) == 0)
            return i;
    if (m->n_patterns == MOST_PATTERNS)
        return MOST_PATTERNS - 1;
    if ((m->n_patterns & (m->n_patterns + 1)) == 0) { /* full at 0, 1, 3, 7, … */
        void *grown = realloc(m->patterns, (2 * (size_t)m->n_patterns + 1) * sizeof *m->patterns);
        if (!grown) {
            m->failed = true;
            return 0;
        }
        m->patterns = grown;
    }
    memcpy(m->patterns[m->n_patterns], pattern, CHR_NOTED_NAME);
    return m->n_patterns++;
}

/* The key that General MIDI has for a drum; 60 for what it does not know. */
static uint8_t drum_key(const char *pattern) {
    static const struct {
        const char *name;
        uint8_t key;
    } drums[] = {
        {"kick",    36},
        {"snare",   38},
        {"clap",    39},
        {"hihat",   42},
        {"openhat", 46},
    };
    for (size_t i = 0; i < sizeof drums / sizeof drums[0]; i++)
        if (chr_means_pattern(drums[i].name, pattern))
            return drums[i].key;
    return 60;
}

static void add_note(chr_midi_out *m, const chr_noted *n) {
    m->notes = more(m, m->notes, m->n_notes, &m->room, sizeof *m->notes);
    uint32_t pattern = number_of(m, n->pattern);
    if (m->failed)
        return;
    int velocity = (int)(n->level * 127.0f + 0.5f);
    int key = n->note < 0.0f ? drum_key(n->pattern) : (int)(n->note + 0.5f);
    note *to = &m->notes[m->n_notes++];
    *to = (note){.pattern = pattern,
                 .from = tick(n->beat + n->taken_back),
                 .to = tick(n->end_beat + n->taken_back),
                 .key = (uint8_t)(key > 127 ? 127 : key),
                 .velocity = (uint8_t)(velocity < 1     ? 1
                                       : velocity > 127 ? 127
                                                        : velocity)};
    if (to->to <= to->from)
        to->to = to->from + 1;
    m->last = to->to > m->last ? to->to : m->last;
}

/* A tempo or a meter that is another than the one before. */
static void follow(chr_midi_out *m, chr_engine *e) {
    chr_engine_counters now = chr_engine_read(e);
    if (!now.running)
        return;
    const chr_meter_part *meter =
        chr_time_map_meter(now.time, chr_time_map_bar(now.time, now.beat));
    const change *last = m->n_changes ? &m->changes[m->n_changes - 1] : NULL;
    if (last && last->bpm == now.bpm && last->beats == meter->beats && last->unit == meter->unit)
        return;
    m->changes = more(m, m->changes, m->n_changes, &m->changes_room, sizeof *m->changes);
    if (!m->failed)
        m->changes[m->n_changes++] = (change){.at = tick(now.beat + now.looped + now.jumped),
                                              .bpm = now.bpm,
                                              .beats = meter->beats,
                                              .unit = meter->unit};
}

void chr_midi_out_gather(chr_midi_out *m, chr_engine *e) {
    chr_noted n;
    while (chr_engine_next_note(e, &n))
        add_note(m, &n);
    follow(m, e);
}

/* ---- the file ---- */

static void put(FILE *to, uint64_t x, int bytes) {
    while (bytes-- > 0)
        fputc((int)(x >> (8 * bytes) & 0xff), to);
}

static void put_length(FILE *to, uint64_t x) {
    int n = 1;
    while (n < 4 && x >> (7 * n))
        n++;
    x = x < (1u << 28) ? x : (1u << 28) - 1;
    while (n-- > 0)
        fputc((int)((x >> (7 * n) & 0x7f) | (n ? 0x80 : 0)), to);
}

/* A track of `size` bytes, which end with its end. */
static void put_track(FILE *to, const char *bytes, size_t size) {
    fputs("MTrk", to);
    put(to, size + 4, 4);
    fwrite(bytes, 1, size, to);
    put(to, 0x00ff2f00, 4);
}

static int power_of(double unit) {
    int under = 0;
    for (double x = 4.0; x > unit && under < 6; x /= 2)
        under++;
    return under;
}

static void put_changes(const chr_midi_out *m, FILE *to) {
    uint64_t at = 0;
    for (size_t i = 0; i < m->n_changes; i++) {
        const change *c = &m->changes[i], *before = i ? c - 1 : NULL;
        uint64_t here = i ? c->at : 0;
        if (!before || before->bpm != c->bpm) {
            put_length(to, here > at ? here - at : 0);
            put(to, 0xff5103, 3);
            put(to, (uint64_t)(60e6 / c->bpm + 0.5), 3);
            at = here > at ? here : at;
        }
        if (!before || before->beats != c->beats || before->unit != c->unit) {
            put_length(to, here > at ? here - at : 0);
            put(to, 0xff5804, 3);
            put(to, (uint64_t)(c->beats / c->unit + 0.5), 1);
            put(to, (uint64_t)power_of(c->unit), 1);
            put(to, 24, 1); /* MIDI clocks a click of the metronome */
            put(to, 8, 1);  /* thirty-seconds a quarter */
            at = here > at ? here : at;
        }
    }
}

static int by_time(const void *a, const void *b) {
    const event *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    bool begins_x = x->bytes[0] >> 4 == 9, begins_y = y->bytes[0] >> 4 == 9;
    if (begins_x != begins_y)
        return begins_x ? 1 : -1;
    return (x->bytes[1] > y->bytes[1]) - (x->bytes[1] < y->bytes[1]);
}

static void put_pattern(chr_midi_out *m, uint32_t pattern, event *events, FILE *to) {
    const char *name = m->patterns[pattern];
    size_t n = 0;
    uint8_t channel = drum_key(name) != 60 ? DRUM_CHANNEL : (uint8_t)(pattern % 15);
    channel = channel >= DRUM_CHANNEL && drum_key(name) == 60 ? channel + 1 : channel;
    for (size_t i = 0; i < m->n_notes; i++) {
        const note *k = &m->notes[i];
        if (k->pattern != pattern)
            continue;
        events[n++] = (event){
            k->from, {(uint8_t)(0x90 | channel), k->key, k->velocity}
        };
        events[n++] = (event){
            k->to, {(uint8_t)(0x80 | channel), k->key, 64}
        };
    }
    qsort(events, n, sizeof *events, by_time);
    put(to, 0x00ff03, 3);
    put_length(to, strlen(name));
    fputs(name, to);
    uint64_t at = 0;
    for (size_t i = 0; i < n; i++) {
        put_length(to, events[i].at - at);
        fwrite(events[i].bytes, 1, 3, to);
        at = events[i].at;
    }
}

/* Writes one track: the tempi and meters, or a pattern's. */
static void add_track(chr_midi_out *m, int64_t pattern, event *events, FILE *to) {
    char *bytes = NULL;
    size_t size = 0;
    FILE *track = open_memstream(&bytes, &size);
    if (!track) {
        m->failed = true;
        return;
    }
    if (pattern < 0)
        put_changes(m, track);
    else
        put_pattern(m, (uint32_t)pattern, events, track);
    m->failed |= fclose(track) != 0;
    if (!m->failed)
        put_track(to, bytes, size);
    free(bytes);
}

bool chr_midi_out_finish(chr_midi_out *m, chr_engine *e, const char *path, char *why, size_t size) {
    chr_midi_out_gather(m, e);
    char *bytes = NULL;
    size_t n = 0;
    event *events = calloc(2 * m->n_notes + 1, sizeof *events);
    FILE *to = events ? open_memstream(&bytes, &n) : NULL;
    if (to) {
        fputs("MThd", to);
        put(to, 6, 4);
        put(to, 1, 2);
        put(to, m->n_patterns + 1, 2);
        put(to, TICKS, 2);
        for (int64_t i = -1; i < (int64_t)m->n_patterns; i++)
            add_track(m, i, events, to);
        m->failed |= fclose(to) != 0;
    }
    bool whole = to && !m->failed && chr_engine_notes_lost(e) == 0;
    bool good = whole && chr_write_text(AT_FDCWD, path, bytes, n, CHR_WRITE_REPLACES);
    if (!whole)
        snprintf(why, size, "%s: memory is out", path);
    else if (!good)
        snprintf(why, size, "%s: %s", path, strerror(errno));
    free(bytes);
    free(events);
    return good;
}

void chr_midi_out_describe(const chr_midi_out *m) {
    printf("%u pattern%s, %zu note%s, %.4g beats\n", m->n_patterns, m->n_patterns == 1 ? "" : "s",
           m->n_notes, m->n_notes == 1 ? "" : "s", (double)m->last / TICKS);
}
