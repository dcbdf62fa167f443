/* tests/realtime/steady.c: a sound card that fails at its n-th call, for every n: the music's clock
 * goes on, asked by one thread at a time, and the card takes over again.
 * SPDX-License-Identifier: MIT */
#include "runtime/host/steady.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

enum { RATE = 48000, BLOCK = 64, SOME = 2000 };

/* ---- a card that fails: the clock without a card, with faults ---- */

typedef struct flimsy {
    chr_host host;
    chr_host *real;
    chr_host_fill *fill;
    void *context;
    bool gone;
} flimsy;

static int calls, fails[2];         /* calls of the driver so far, and which of them fail */
static atomic_bool sleeps;          /* the card asks for nothing any more */
static atomic_long frames, gone_at; /* of the music; when the card was lost */
static int opened;
static atomic_int closing;

static bool fails_now(void) {
    calls++;
    return calls == fails[0] || calls == fails[1];
}

extern const chr_host_driver flimsy_driver;

static chr_status flimsy_open(chr_host **host, const chr_host_want *want, char why[CHR_HOST_TEXT]) {
    if (fails_now()) {
        snprintf(why, CHR_HOST_TEXT, "it is broken");
        return CHR_NO_DEVICE;
    }
    flimsy *h = calloc(1, sizeof *h);
    assert_non_null(h);
    assert_int_equal(chr_host_dummy.open(&h->real, want, why), CHR_OK);
    h->host.facts = h->real->facts;
    snprintf(h->host.facts.name, CHR_HOST_TEXT, "flimsy");
    h->host.driver = &flimsy_driver;
    *host = &h->host;
    opened++;
    return CHR_OK;
}

static chr_host_fill flimsy_fill;
static void flimsy_fill(void *context, const float *in, float *out, int n_frames) {
    flimsy *h = context;
    if (!atomic_load(&sleeps))
        h->fill(h->context, in, out, n_frames);
}

static chr_status flimsy_start(chr_host *host, chr_host_fill *fill, void *context,
                               char why[CHR_HOST_TEXT]) {
    flimsy *h = (flimsy *)host;
    h->fill = fill;
    h->context = context;
    if (!fails_now())
        return chr_host_dummy.start(h->real, flimsy_fill, h, why);
    snprintf(why, CHR_HOST_TEXT, "it does not start");
    return CHR_NO_DEVICE;
}

static void flimsy_wait(chr_host *host) {
    chr_host_dummy.wait(((flimsy *)host)->real);
}

static bool flimsy_alive(chr_host *host) {
    flimsy *h = (flimsy *)host;
    if (!h->gone && fails_now()) {
        h->gone = true;
        chr_host_dummy.stop(h->real);
    }
    return !h->gone;
}

static void flimsy_stop(chr_host *host) {
    chr_host_dummy.stop(((flimsy *)host)->real);
}

static void flimsy_close(chr_host *host) {
    flimsy *h = (flimsy *)host;
    chr_host_dummy.close(h->real);
    free(h);
    atomic_fetch_add(&closing, 1);
}

/* It comes back once the music has gone on without it for a while. */
static bool flimsy_search(chr_host_search *search, const chr_host_want *want) {
    (void)search;
    if (want->device) /* before the first one has come any will do */
        assert_string_equal(want->device, "flimsy");
    assert_true(want->exact);
    atomic_store(&sleeps, false);
    return atomic_load(&frames) > atomic_load(&gone_at) + SOME && !fails_now();
}

const chr_host_driver flimsy_driver = {
    "flimsy",     flimsy_open, flimsy_start, flimsy_wait,
    flimsy_alive, flimsy_stop, flimsy_close, flimsy_search,
};

/* ---- the music ---- */

static atomic_int inside, together;

static chr_host_fill music;
static void music(void *context, const float *in, float *out, int n_frames) {
    (void)context, (void)in;
    if (atomic_fetch_add(&inside, 1) > 0)
        atomic_store(&together, 1);
    for (int i = 0; i < n_frames; i++)
        out[i] = 0.0f;
    atomic_fetch_add(&frames, n_frames);
    atomic_fetch_sub(&inside, 1);
}

/* Tends until the condition holds, 30 s at most; the news go to `news`, a line each. */
static void tend_until(chr_steady *s, bool (*holds)(void), char news[1000]) {
    for (int ms = 0; ms < 30000; ms++) {
        const char *line = chr_steady_tend(s);
        if (line) {
            if (strstr(line, "gone"))
                atomic_store(&gone_at, atomic_load(&frames));
            size_t n = strlen(news);
            snprintf(news + n, 1000 - n, "%s\n", line);
        }
        if (holds())
            return;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    fail_msg("waited in vain; so far: %s", news);
}

static long goal;
static bool at_goal(void) {
    return atomic_load(&frames) >= goal;
}
static bool called_often_enough(void) {
    return calls > fails[1] + 5 && at_goal();
}

static chr_steady *begin(int first, int second) {
    static const chr_host_want want = {.rate_hz = RATE, .block = BLOCK, .n_channels = 1};
    calls = 0;
    fails[0] = first;
    fails[1] = second;
    atomic_store(&frames, 0);
    atomic_store(&gone_at, 0);
    char why[CHR_HOST_TEXT];
    chr_steady *s;
    if (chr_steady_open(&s, &flimsy_driver, &want, why) != CHR_OK)
        return NULL;
    if (chr_steady_start(s, music, NULL, why) == CHR_OK)
        return s;
    chr_steady_close(s);
    return NULL;
}

/* There is no card at first. */
static chr_steady *begin_silent(int fails_at) {
    static const chr_host_want want = {.block = BLOCK, .n_channels = 1};
    calls = opened = 0;
    fails[0] = fails[1] = fails_at;
    atomic_store(&closing, 0);
    atomic_store(&frames, 0);
    atomic_store(&gone_at, 0);
    char why[CHR_HOST_TEXT];
    chr_steady *s;
    assert_int_equal(chr_steady_open_silent(&s, &flimsy_driver, &want, why), CHR_OK);
    assert_int_equal(chr_steady_start(s, music, NULL, why), CHR_OK);
    return s;
}

static void end(chr_steady *s) {
    chr_steady_close(s);
    assert_int_equal(atomic_load(&together), 0);
    for (int ms = 0; ms < 10000 && atomic_load(&closing) < opened; ms++)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_int_equal(atomic_load(&closing), opened); /* none is left open, none closed twice */
}

#define GONE "the sound device has gone; the music goes on silently\n"
#define BACK "the sound device is back\n"

static void a_card_that_does_not_open_or_start_is_no_host(void **state) {
    (void)state;
    assert_null(begin(1, 0));
    assert_null(begin(2, 0));
}

static void the_music_goes_on_when_the_card_goes_at_any_call(void **state) {
    (void)state;
    for (int n = 3; n < 40; n++) {
        char news[1000] = "";
        chr_steady *s = begin(n, n);
        assert_non_null(s);
        goal = 0;
        tend_until(s, called_often_enough, news);
        assert_string_equal(news, GONE BACK);
        assert_true(chr_steady_is_heard(s));
        end(s);
    }
}

static void the_music_goes_on_when_the_return_fails_at_any_call(void **state) {
    (void)state;
    static const char *const expected[] = {
        GONE BACK, /* it is not found yet */
        GONE "the sound device is back, but it is broken; the music goes on silently\n" BACK,
        GONE "the sound device is back, but it does not start; the music goes on silently\n" BACK,
        GONE BACK GONE BACK, /* it goes again at once */
    };
    for (int n = 0; n < 4; n++) {
        char news[1000] = "";
        chr_steady *s = begin(5, 6 + n);
        assert_non_null(s);
        goal = 0;
        tend_until(s, called_often_enough, news);
        assert_string_equal(news, expected[n]);
        end(s);
    }
}

static void a_card_that_falls_asleep_has_gone(void **state) {
    (void)state;
    char news[1000] = "";
    chr_steady *s = begin(0, 0);
    assert_non_null(s);
    goal = SOME;
    tend_until(s, at_goal, news);
    assert_string_equal(news, "");
    atomic_store(&sleeps, true);
    goal = 8 * SOME + RATE;
    tend_until(s, at_goal, news);
    assert_string_equal(news, GONE BACK);
    end(s);
}

static void a_card_that_stays_away_is_waited_for(void **state) {
    (void)state;
    char news[1000] = "";
    chr_steady *s = begin(5, 0);
    assert_non_null(s);
    goal = SOME / 2; /* less than the search waits for */
    tend_until(s, at_goal, news);
    assert_string_equal(news, GONE);
    assert_false(chr_steady_is_heard(s));
    end(s);
}

#define THERE "there is a sound device now, no device, in real time: the music is heard\n"

static void a_card_that_comes_later_takes_over(void **state) {
    (void)state;
    static const char *const expected[] = {
        THERE,
        THERE, /* it is not found yet */
        "the sound device is there, but it is broken; the music goes on silently\n" THERE,
        "the sound device is there, but it does not start; the music goes on silently\n" THERE,
        THERE GONE BACK,
    };
    for (int n = 0; n < 5; n++) {
        char news[1000] = "";
        chr_steady *s = begin_silent(n);
        assert_false(chr_steady_is_heard(s));
        assert_true(chr_steady_facts(s)->rate_hz == RATE);
        goal = SOME / 2;
        tend_until(s, at_goal, news);
        assert_string_equal(news, "");
        goal = 0;
        tend_until(s, called_often_enough, news);
        assert_string_equal(news, expected[n]);
        assert_true(chr_steady_is_heard(s));
        end(s);
    }
}

static void one_that_never_comes_leaves_nothing_behind(void **state) {
    (void)state;
    char news[1000] = "";
    chr_steady *s = begin_silent(0);
    goal = SOME / 2;
    tend_until(s, at_goal, news);
    assert_string_equal(news, "");
    end(s);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_card_that_does_not_open_or_start_is_no_host),
        cmocka_unit_test(the_music_goes_on_when_the_card_goes_at_any_call),
        cmocka_unit_test(the_music_goes_on_when_the_return_fails_at_any_call),
        cmocka_unit_test(a_card_that_falls_asleep_has_gone),
        cmocka_unit_test(a_card_that_stays_away_is_waited_for),
        cmocka_unit_test(a_card_that_comes_later_takes_over),
        cmocka_unit_test(one_that_never_comes_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
