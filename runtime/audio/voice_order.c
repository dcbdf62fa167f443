/* runtime/audio/voice_order.c: which voice is free, which has sounded longest, and which changes
 * next: found without looking at every voice, for a patch may have hundreds and play thousands of
 * notes a second. SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include <string.h>

/* ---- those that are free and those that hold a note, each oldest first ---- */

/* Where a list begins and ends: beyond the voices. */
enum { FREE = CHR_MAX_VOICES, HELD };

static void append(chr_voices *v, uint16_t list, uint16_t i) {
    uint16_t last = v->before[list];
    v->after[last] = i;
    v->before[i] = last;
    v->after[i] = list;
    v->before[list] = i;
}

static void move_to(chr_voices *v, uint32_t i, uint16_t list) {
    v->after[v->before[i]] = v->after[i];
    v->before[v->after[i]] = v->before[i];
    append(v, list, (uint16_t)i);
    v->voice[i].order = ++v->order;
}

static void turn(chr_voices *v, uint32_t i, bool on) {
    uint64_t bit = (uint64_t)1 << i % 64;
    v->n_on += (uint32_t)on - v->voice[i].held;
    v->on[i / 64] = on ? v->on[i / 64] | bit : v->on[i / 64] & ~bit;
    v->voice[i].held = on;
}

void chr_voice_hold(chr_voices *v, uint32_t i) {
    turn(v, i, true);
    move_to(v, i, HELD);
}

void chr_voice_free(chr_voices *v, uint32_t i) {
    turn(v, i, false);
    v->voice[i].opening = false;
    chr_voice_due(v, i, UINT64_MAX);
    move_to(v, i, FREE);
}

int chr_voice_choose(const chr_voices *v, uint64_t at) {
    if (v->after[FREE] != FREE)
        return v->after[FREE];
    uint32_t longest = v->after[HELD];
    return longest != HELD && v->voice[longest].now.started != at ? (int)longest : -1;
}

int chr_voice_latest(const chr_voices *v) {
    return v->before[HELD] != HELD ? v->before[HELD] : -1;
}

static bool is_older(const chr_voices *v, uint8_t x, uint8_t y) {
    return v->voice[x].order != v->voice[y].order ? v->voice[x].order < v->voice[y].order : x < y;
}

/* Voices 0..n-1 by their order. */
static void sort(const chr_voices *v, uint8_t *list, uint32_t n) {
    uint8_t merged[CHR_MAX_VOICES];
    for (uint32_t i = 0; i < n; i++)
        list[i] = (uint8_t)i;
    for (uint32_t run = 1; run < n; run *= 2) {
        for (uint32_t from = 0; from < n; from += 2 * run) {
            uint32_t x = from, y = from + run < n ? from + run : n, half = y;
            uint32_t end = y + run < n ? y + run : n;
            for (uint32_t to = from; to < end; to++)
                merged[to] =
                    y == end || (x < half && is_older(v, list[x], list[y])) ? list[x++] : list[y++];
        }
        memcpy(list, merged, n);
    }
}

void chr_voices_number(chr_voices *v, uint32_t n) {
    uint8_t list[CHR_MAX_VOICES];
    for (uint32_t i = n; i < v->n; i++) /* those beyond hold no note */
        if (v->voice[i].held) {
            turn(v, i, false);
            v->voice[i].opening = false;
            v->voice[i].value[CHR_VOICE_GATE] = 0.0f;
            chr_voice_due(v, i, UINT64_MAX);
        }
    v->n = n;
    for (uint16_t l = FREE; l <= HELD; l++)
        v->before[l] = v->after[l] = l;
    sort(v, list, n);
    for (uint32_t i = 0; i < n; i++)
        append(v, v->voice[list[i]].held ? HELD : FREE, list[i]);
}

/* ---- what is due: a heap (Williams 1964) in which each voice knows its place ---- */

static void put(chr_voices *v, uint32_t place, uint8_t i) {
    v->heap[place] = i;
    v->heap_place[i] = (uint8_t)place;
}

/* A voice whose moment has come nearer than that of the place's owner. */
static void rise(chr_voices *v, uint32_t place, uint8_t i) {
    for (; place > 0 && v->due_at[i] < v->due_at[v->heap[(place - 1) / 2]]; place = (place - 1) / 2)
        put(v, place, v->heap[(place - 1) / 2]);
    put(v, place, i);
}

static void sink(chr_voices *v, uint32_t place, uint8_t i) {
    for (uint32_t child; (child = 2 * place + 1) < v->n_due; place = child) {
        if (child + 1 < v->n_due && v->due_at[v->heap[child + 1]] < v->due_at[v->heap[child]])
            child++;
        if (v->due_at[v->heap[child]] >= v->due_at[i])
            break;
        put(v, place, v->heap[child]);
    }
    put(v, place, i);
}

/* Another voice comes to a place in the middle. */
static void settle(chr_voices *v, uint32_t place, uint8_t i) {
    if (place > 0 && v->due_at[i] < v->due_at[v->heap[(place - 1) / 2]])
        rise(v, place, i);
    else
        sink(v, place, i);
}

void chr_voice_due(chr_voices *v, uint32_t i, uint64_t at) {
    uint64_t before = v->due_at[i];
    v->due_at[i] = at;
    if (before == UINT64_MAX && at != UINT64_MAX) {
        rise(v, v->n_due++, (uint8_t)i);
    } else if (before != UINT64_MAX && at != UINT64_MAX) {
        settle(v, v->heap_place[i], (uint8_t)i);
    } else if (before != UINT64_MAX) {
        uint8_t last = v->heap[--v->n_due];
        if (last != i)
            settle(v, v->heap_place[i], last);
    }
    v->next_due = v->n_due ? v->due_at[v->heap[0]] : UINT64_MAX;
}

uint32_t chr_voices_due(chr_voices *v, uint64_t at, uint8_t due[CHR_MAX_VOICES]) {
    uint64_t found[CHR_MAX_VOICES / 64] = {0};
    uint32_t n = 0;
    while (v->next_due <= at) {
        uint32_t i = v->heap[0];
        found[i / 64] |= (uint64_t)1 << i % 64;
        chr_voice_due(v, i, UINT64_MAX);
    }
    for (uint32_t word = 0; word * 64 < v->n; word++)
        for (uint64_t left = found[word]; left; left &= left - 1)
            due[n++] = (uint8_t)(word * 64 + (uint32_t)__builtin_ctzll(left));
    return n;
}
