/* tests/unit/voice_order.c: the voice that is free, that has sounded longest, that is due, found by
 * rings and a heap: the same that looking at every voice finds, after any number of notes and
 * changes of the number of voices. SPDX-License-Identifier: MIT */
#include "runtime/audio/voices.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- by looking at every voice ---- */

static int seen_choice(const chr_voices *v, uint64_t at) {
    int best = -1;
    for (uint32_t i = 0; i < v->n; i++)
        if (!v->voice[i].held && (best < 0 || v->voice[i].order < v->voice[best].order))
            best = (int)i;
    for (uint32_t i = 0, none = best < 0; i < v->n && none; i++)
        if (v->voice[i].now.started != at && (best < 0 || v->voice[i].order < v->voice[best].order))
            best = (int)i;
    return best;
}

static int seen_latest(const chr_voices *v) {
    int best = -1;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->voice[i].held && (best < 0 || v->voice[i].order > v->voice[best].order))
            best = (int)i;
    return best;
}

static uint32_t seen_due(const chr_voices *v, uint64_t at, uint8_t *due) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->n; i++)
        if (v->due_at[i] <= at)
            due[n++] = (uint8_t)i;
    return n;
}

static void compare(const chr_voices *v, uint64_t at) {
    uint64_t next = UINT64_MAX;
    uint32_t on = 0;
    for (uint32_t i = 0; i < v->n; i++) {
        next = v->due_at[i] < next ? v->due_at[i] : next;
        on += v->voice[i].held;
    }
    assert_int_equal(chr_voice_choose(v, at), seen_choice(v, at));
    assert_int_equal(chr_voice_latest(v), seen_latest(v));
    assert_int_equal(v->next_due, next);
    assert_int_equal(v->n_on, on);
}

/* ---- notes by chance ---- */

static uint32_t dice = 1;
static uint32_t roll(uint32_t sides) {
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) % sides;
}

static void begin(chr_voices *v, uint64_t at) {
    int i = chr_voice_choose(v, at);
    if (i < 0)
        return;
    v->voice[i].now.started = at;
    chr_voice_due(v, (uint32_t)i, at + 1 + roll(300));
    chr_voice_hold(v, (uint32_t)i);
}

static void end_those_due(chr_voices *v, uint64_t at) {
    uint8_t due[CHR_MAX_VOICES], seen[CHR_MAX_VOICES];
    uint32_t n_seen = seen_due(v, at, seen), n = chr_voices_due(v, at, due);
    assert_int_equal(n, n_seen);
    assert_memory_equal(due, seen, n);
    for (uint32_t k = 0; k < n; k++)
        if (roll(8) == 0)
            chr_voice_due(v, due[k], at + 1 + roll(50)); /* its gate opened */
        else
            chr_voice_free(v, due[k]);
}

static void what_is_found_is_what_looking_finds(void **state) {
    (void)state;
    static const uint32_t numbers[] = {1, 2, 3, 8, 63, 64, 65, 200, CHR_MAX_VOICES};
    chr_voices *v = chr_voices_new("played");
    assert_non_null(v);
    uint64_t at = 1000;
    uint32_t stolen = 0;
    for (int step = 0; step < 60000; step++, at += roll(12)) {
        if (roll(500) == 0)
            chr_voices_number(v, numbers[roll(sizeof numbers / sizeof *numbers)]);
        end_those_due(v, at);
        for (uint32_t notes = roll(6); notes-- > 0;) {
            compare(v, at);
            stolen += v->n_on == v->n;
            begin(v, at);
        }
        if (roll(20) == 0 && v->n_on) /* the note is tied to a longer one */
            chr_voice_due(v, (uint32_t)chr_voice_latest(v), at + 1 + roll(1000));
        compare(v, at);
    }
    assert_true(stolen > 1000);
    chr_voices_drop(v);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(what_is_found_is_what_looking_finds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
