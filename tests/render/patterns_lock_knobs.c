/* tests/render/patterns_lock_knobs.c: a lock of a step is heard in that step and nowhere else, and
 * what moves the knob meanwhile goes on underneath: `set`, `set … over`, an automation.
 * SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include <math.h>

#define PLAYED "patch a: 1 > gain 0.25 > out\n"

static double line(double from, double to, uint64_t at, uint64_t begin, uint64_t end) {
    return from + (to - from) * (double)(at - begin) / (double)(end - begin);
}

static void a_lock_is_heard_in_its_step_and_nowhere_else(void **state) {
    (void)state;
    static const uint64_t blocks[] = {32, 480, 4096};
    for (size_t k = 0; k < 3; k++) {
        room r;
        open_room(&r, blocks[k]);
        type(&r, PLAYED "melody a step=1/4: C3{level=0.75} C3 C3{gain.level=0.5} .\nplay");
        advance(&r, 2 * BAR);
        for (uint64_t bar = 0; bar < 2 * BAR; bar += BAR) {
            near(&r, bar, 0.75);
            near(&r, bar + BEAT - 1, 0.75);
            near(&r, bar + BEAT, 0.25);
            near(&r, bar + 2 * BEAT - 1, 0.25);
            near(&r, bar + 2 * BEAT, 0.5);
            near(&r, bar + 4 * BEAT - 1, 0.5); /* a rest begins no other note */
        }
        close_room(&r);
    }
}

static void what_is_set_over_time_goes_on_under_the_locks(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, PLAYED "melody a step=1/4: C3{level=0.75} C3\nplay");
    advance(&r, BAR);
    type(&r, "at bar 2: set a.gain.level=1 over 2 bars");
    advance(&r, 4 * BAR);
    for (uint64_t beat = 4; beat < 12; beat++) {
        uint64_t middle = beat * BEAT + BEAT / 2;
        near(&r, middle, beat % 2 == 0 ? 0.75 : line(0.25, 1, middle, BAR, 3 * BAR));
    }
    near(&r, 3 * BAR + BEAT / 2, 0.75);
    near(&r, 3 * BAR + BEAT + BEAT / 2, 1);
    type(&r, "set a.gain.level=0.5");
    advance(&r, 5 * BAR);
    near(&r, 4 * BAR + BEAT / 2, 0.75);
    near(&r, 4 * BAR + BEAT + BEAT / 2, 0.5);
    close_room(&r);
}

static void an_automation_goes_on_under_the_locks(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, PLAYED "automate a.gain.level: 0.25 at bar 1, 1 at bar 3\n"
                    "melody a step=1/4: C3{level=0.75} C3\nplay");
    advance(&r, 2 * BAR);
    for (uint64_t beat = 0; beat < 8; beat++) {
        uint64_t middle = beat * BEAT + BEAT / 2;
        near(&r, middle, beat % 2 == 0 ? 0.75 : line(0.25, 1, middle, 0, 2 * BAR));
    }
    close_room(&r);
}

/* How much of a stretch lies in its edges: the share of the energy of its differences. */
static double brightness(const room *r, uint64_t from, uint64_t to) {
    double all = 0, edges = 0;
    for (uint64_t i = from + 1; i < to; i++) {
        double x = (double)r->left[i], d = x - (double)r->left[i - 1];
        all += x * x;
        edges += d * d;
    }
    return all > 0 ? edges / all : 0;
}

static void the_filter_of_an_instrument_opens_for_one_step(void **state) {
    (void)state;
    room r;
    open_room(&r, 480);
    type(&r, "create bass\nmelody bass: C2 C2{cutoff=8kHz} C2 C2{cutoff=80}\nplay");
    advance(&r, 2 * BAR);
    for (uint64_t bar = 0; bar < 2 * BAR; bar += BAR) {
        double plain = brightness(&r, bar, bar + BEAT),
               open = brightness(&r, bar + BEAT, bar + 2 * BEAT),
               again = brightness(&r, bar + 2 * BEAT, bar + 3 * BEAT),
               closed = brightness(&r, bar + 3 * BEAT, bar + 4 * BEAT);
        if (!(open > 3 * plain && open > 3 * again && closed < plain && closed < again / 2))
            fail_msg("brightness %g, locked up %g, plain %g, locked down %g", plain, open, again,
                     closed);
    }
    close_room(&r);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lock_is_heard_in_its_step_and_nowhere_else),
        cmocka_unit_test(what_is_set_over_time_goes_on_under_the_locks),
        cmocka_unit_test(an_automation_goes_on_under_the_locks),
        cmocka_unit_test(the_filter_of_an_instrument_opens_for_one_step),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
