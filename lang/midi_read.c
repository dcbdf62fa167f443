/* lang/midi_read.c: the bytes of a Standard MIDI File to notes. Whatever the bytes are, nothing
 * beyond them is read. SPDX-License-Identifier: MIT */
#include "lang/midi.h"

#include <stdlib.h>
#include <string.h>

enum { CHANNELS = 16, KEYS = 128, MOST_TICKS = 1 << 30 };

/* Bytes that are still to be read; `bad` once more were asked for than there are. */
typedef struct bytes {
    const uint8_t *at, *end;
    bool bad;
} bytes;

typedef struct reading {
    chr_arena *arena;
    chr_midi *midi;
    uint32_t room;
    const char *fault;
    int64_t now;
    uint32_t *open;   /* [CHANNELS][KEYS] notes that sound: index + 1 of the one that began last */
    uint32_t *before; /* [room] the one of the same key that began before it, + 1 */
    bool has_tempo, has_meter;
} reading;

static uint32_t take(bytes *b, int n) {
    uint32_t x = 0;
    if (b->end - b->at < n) {
        b->bad = true;
        b->at = b->end;
        return 0;
    }
    while (n-- > 0)
        x = x << 8 | *b->at++;
    return x;
}

/* Seven bits a byte, the highest bit set on all but the last of at most four. */
static uint32_t take_length(bytes *b) {
    uint32_t x = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t byte = take(b, 1);
        x = x << 7 | (byte & 0x7f);
        if (!(byte & 0x80))
            return x;
    }
    b->bad = true;
    return 0;
}

static bytes take_part(bytes *b, uint32_t n) {
    bytes part = {b->at, b->end, false};
    if ((size_t)(b->end - b->at) < n)
        b->bad = true;
    else
        part.end = b->at + n;
    b->at = part.end;
    return part;
}

/* ---- notes ---- */

static void note_on(reading *r, int channel, int key, int velocity) {
    chr_midi *m = r->midi;
    if (m->n_notes == CHR_MIDI_MOST_NOTES) {
        r->fault = "has more than 100,000 notes";
        return;
    }
    if (m->n_notes == r->room) {
        uint32_t room = r->room ? 2 * r->room : 256;
        chr_midi_note *notes = CHR_NEW_N(r->arena, chr_midi_note, room);
        uint32_t *before = CHR_NEW_N(r->arena, uint32_t, room);
        if (!notes || !before) {
            r->fault = "is too large for the memory";
            return;
        }
        if (m->n_notes) {
            memcpy(notes, m->notes, m->n_notes * sizeof *notes);
            memcpy(before, r->before, m->n_notes * sizeof *before);
        }
        m->notes = notes;
        r->before = before;
        r->room = room;
    }
    uint32_t *open = &r->open[channel * KEYS + key];
    r->before[m->n_notes] = *open;
    m->notes[m->n_notes++] = (chr_midi_note){.at = r->now,
                                             .end = -1,
                                             .key = (uint8_t)key,
                                             .velocity = (uint8_t)velocity,
                                             .track = (uint16_t)(m->n_tracks - 1)};
    *open = m->n_notes;
}

/* Ends the one that began first, where several of a key sound. */
static void note_off(reading *r, int channel, int key) {
    uint32_t *link = &r->open[channel * KEYS + key];
    if (!*link)
        return;
    while (r->before[*link - 1])
        link = &r->before[*link - 1];
    chr_midi_note *note = &r->midi->notes[*link - 1];
    note->end = r->now > note->at ? r->now : note->at + 1;
    *link = 0;
}

static void close_all(reading *r, uint32_t first) {
    for (uint32_t i = first; i < r->midi->n_notes; i++) {
        chr_midi_note *note = &r->midi->notes[i];
        if (note->end < 0)
            note->end = r->now > note->at ? r->now : note->at + 1;
    }
    memset(r->open, 0, CHANNELS * KEYS * sizeof *r->open);
}

/* ---- events ---- */

static void read_name(reading *r, bytes text) {
    chr_midi_track *track = &r->midi->tracks[r->midi->n_tracks - 1];
    size_t n = (size_t)(text.end - text.at);
    char *name = chr_arena_alloc(r->arena, n + 1);
    if (!name || track->name[0])
        return;
    size_t kept = 0;
    for (size_t i = 0; i < n && kept < 60; i++)
        if (text.at[i] >= 0x20 && text.at[i] < 0x7f)
            name[kept++] = (char)text.at[i];
    name[kept] = '\0';
    track->name = name;
}

static void read_meta(reading *r, int kind, bytes text) {
    chr_midi *m = r->midi;
    size_t n = (size_t)(text.end - text.at);
    if (kind == 0x03) {
        read_name(r, text);
    } else if (kind == 0x51 && n == 3 && !r->has_tempo) {
        uint32_t us = take(&text, 3);
        m->bpm = us ? 60e6 / us : m->bpm;
        r->has_tempo = us != 0;
    } else if (kind == 0x58 && n >= 2 && !r->has_meter && text.at[0] > 0 && text.at[1] < 7) {
        m->over = text.at[0];
        m->under = 1 << text.at[1];
        r->has_meter = true;
    }
}

static void read_message(reading *r, bytes *b, int status) {
    int channel = status & 15, first = (int)take(b, 1);
    switch (status >> 4) {
    case 0x8:
        take(b, 1);
        note_off(r, channel, first & 0x7f);
        break;
    case 0x9: {
        int velocity = (int)take(b, 1) & 0x7f;
        if (b->bad)
            break;
        if (velocity > 0)
            note_on(r, channel, first & 0x7f, velocity);
        else
            note_off(r, channel, first & 0x7f);
        break;
    }
    case 0xc:
    case 0xd:
        break; /* one byte of data */
    default:
        take(b, 1);
    }
}

static bool read_track(reading *r, bytes b) {
    uint32_t first = r->midi->n_notes;
    int running = 0;
    bool ended = false;
    r->now = 0;
    while (!ended && !b.bad && !r->fault && b.at < b.end) {
        r->now += take_length(&b);
        if (r->now > MOST_TICKS)
            r->fault = "is longer than can be";
        if (b.bad || b.at == b.end)
            break;
        int status = *b.at;
        if (status & 0x80)
            b.at++;
        else
            status = running;
        if (status == 0xff) {
            int kind = (int)take(&b, 1);
            uint32_t n = take_length(&b);
            bytes text = take_part(&b, n);
            ended = kind == 0x2f;
            if (!b.bad)
                read_meta(r, kind, text);
        } else if (status == 0xf0 || status == 0xf7) {
            uint32_t n = take_length(&b);
            take_part(&b, n);
        } else if (status >= 0x80 && status < 0xf0) {
            running = status;
            read_message(r, &b, status);
        } else {
            r->fault = "has an event that no MIDI file has";
        }
    }
    close_all(r, first);
    r->midi->tracks[r->midi->n_tracks - 1].n_notes = r->midi->n_notes - first;
    return !b.bad;
}

/* ---- the file ---- */

static int by_track_and_time(const void *a, const void *b) {
    const chr_midi_note *x = a, *y = b;
    if (x->track != y->track)
        return x->track < y->track ? -1 : 1;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

static void read_chunks(reading *r, bytes *b) {
    bool whole = true;
    while (b->end - b->at >= 8 && !r->fault) {
        bool is_track = memcmp(b->at, "MTrk", 4) == 0;
        b->at += 4;
        uint32_t n = take(b, 4);
        bytes part = take_part(b, n);
        if (!is_track)
            continue; /* other chunks are to be passed over */
        if (r->midi->n_tracks == CHR_MIDI_MOST_TRACKS) {
            r->fault = "has more than 1024 tracks";
            return;
        }
        r->midi->tracks[r->midi->n_tracks++] = (chr_midi_track){.name = ""};
        whole = read_track(r, part) && whole;
    }
    if (!r->fault && (!whole || b->bad))
        r->fault = "is cut off";
}

const char *chr_midi_read(const uint8_t *data, size_t n, chr_arena *arena, chr_midi *out) {
    bytes b = {data, data + n, false};
    *out = (chr_midi){.bpm = 120, .over = 4, .under = 4};
    if (n < 14 || memcmp(data, "MThd", 4) != 0)
        return "is no MIDI file";
    b.at += 4;
    uint32_t length = take(&b, 4);
    bytes head = take_part(&b, length);
    uint32_t format = take(&head, 2);
    take(&head, 2); /* the number of tracks, which the chunks tell as well */
    uint32_t division = take(&head, 2);
    if (b.bad || head.bad)
        return "is cut off";
    if (format > 1)
        return "holds several songs (format 2)";
    if (division & 0x8000)
        return "counts frames of a film, not beats";
    if (division == 0)
        return "has no length of a beat";
    out->ticks_per_beat = (int)division;
    out->tracks = CHR_NEW_N(arena, chr_midi_track, CHR_MIDI_MOST_TRACKS);
    reading r = {.arena = arena, .midi = out, .open = CHR_NEW_N(arena, uint32_t, CHANNELS * KEYS)};
    if (!out->tracks || !r.open)
        return "is too large for the memory";
    memset(r.open, 0, CHANNELS * KEYS * sizeof *r.open);
    read_chunks(&r, &b);
    if (!r.fault && out->n_notes)
        qsort(out->notes, out->n_notes, sizeof *out->notes, by_track_and_time);
    return r.fault;
}
