/* tests/unit/daytime.c: moments are told in the player's own time, wherever the tests run.
 * SPDX-License-Identifier: MIT */
#include "runtime/daytime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* 20 November 2026, 13:05 UTC, a Friday */
#define NOW ((time_t)1795179900)

static void told(const char *zone, const char *utc, const char *expected) {
    char text[CHR_DAYTIME_TEXT];
    setenv("TZ", zone, 1);
    tzset();
    assert_string_equal(chr_daytime(utc, NOW, text), expected);
}

static void a_moment_is_told_as_a_player_says_it(void **state) {
    (void)state;
    told("UTC0", "2026-11-20T09:00:59Z", "today 09:00");
    told("UTC0", "2026-11-19T23:10:00Z", "yesterday 23:10");
    told("UTC0", "2026-11-17T08:30:00Z", "Tuesday 08:30");
    told("UTC0", "2026-11-14T08:30:00Z", "Saturday 08:30");
    told("UTC0", "2026-11-13T08:30:00Z", "13 November 08:30");
    told("UTC0", "2026-01-02T03:04:05Z", "2 January 03:04");
    told("UTC0", "2025-12-31T23:59:00Z", "31 December 2025 23:59");
}

static void days_are_those_of_the_time_zone(void **state) {
    (void)state;
    told("EAST-11", "2026-11-20T13:00:00Z", "today 00:00");
    told("EAST-11", "2026-11-20T12:30:00Z", "yesterday 23:30");
    told("WEST8", "2026-11-20T07:30:00Z", "yesterday 23:30");
    told("WEST8", "2026-11-20T08:30:00Z", "today 00:30");
}

static void a_day_of_twenty_three_hours_is_a_day(void **state) {
    (void)state;
    /* A zone whose clocks go forward in the night before. */
    told("X0Y,J324/2,J350/2", "2026-11-19T00:30:00Z", "yesterday 00:30");
}

static void what_is_no_moment_is_left_as_it_is(void **state) {
    (void)state;
    told("UTC0", "?", "?");
    told("UTC0", "long ago", "long ago");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_is_told_as_a_player_says_it),
        cmocka_unit_test(days_are_those_of_the_time_zone),
        cmocka_unit_test(a_day_of_twenty_three_hours_is_a_day),
        cmocka_unit_test(what_is_no_moment_is_left_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
