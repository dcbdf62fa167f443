/* tests/unit/lessons.c: every lesson of `learn` does what it says, in the session that the lessons
 * before it have left, and is heard. SPDX-License-Identifier: MIT */
#include "lang/answers_learn.h"
#include "runtime/player.h"
#include "tests/support/session_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480 };

typedef struct hearing {
    const char *mistake; /* that is expected, or "" */
    int found;
} hearing;

static void on_diagnostics(void *context, const chr_diags *diags) {
    hearing *h = context;
    for (const chr_diag *d = diags->first; d; d = d->next) {
        if (strcmp(chr_code_name(d->code), h->mistake) == 0)
            h->found++;
        else if (d->code != CHR_N381) /* a test writes no files */
            fail_msg("%s: %s", chr_code_name(d->code), d->message);
    }
}

/* The loudest sample of the next seconds. */
static float listen(chr_player *p, double seconds) {
    float loudest = 0.0f, out[BLOCK * 2];
    for (int n = (int)(seconds * RATE_HZ / BLOCK); n > 0; n--) {
        chr_player_tend(p);
        chr_engine_render(chr_player_engine(p), out, BLOCK);
        for (int i = 0; i < BLOCK * 2; i++) {
            float x = out[i] < 0.0f ? -out[i] : out[i];
            loudest = x > loudest ? x : loudest;
        }
    }
    return loudest;
}

static void every_lesson_does_what_it_says(void **state) {
    (void)state;
    hearing h = {""};
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .ceiling = true, .n_channels = 2},
        .listener = {.context = &h,                  .diagnostics = on_diagnostics                    },
    };
    chr_player *p = chr_player_new(&options);
    assert_non_null(p);
    for (int i = 0; i < chr_lessons_count; i++) {
        const chr_lesson *lesson = &chr_lessons[i];
        const char *line = lesson->lines;
        while (*line) {
            size_t len = strcspn(line, "\n");
            bool last = !line[len + 1];
            h = (hearing){last ? lesson->mistake : "", 0};
            chr_evaluation e = chr_player_evaluate(p, line, len, "typed", NULL);
            if (e.status != CHR_OK || (e.n_errors > 0) != (*h.mistake != '\0') ||
                h.found != e.n_errors)
                fail_msg("lesson %s: %.*s", lesson->name, (int)len, line);
            float loudest = listen(p, 0.5);
            bool silence_wanted = strstr(lesson->name, "quiet") || i + 1 == chr_lessons_count;
            if (last && i > 3 && !silence_wanted && loudest < 0.01f)
                fail_msg("lesson %s leaves silence behind", lesson->name);
            line += len + 1;
        }
        if (i == 0)
            assert_true(listen(p, 0.2) > 0.05f);
        if (strcmp(lesson->name, "rhythm") == 0)
            assert_true(listen(p, 2.0) > 0.05f);
    }
    chr_player_free(p);
}

static void says(const char *question, const char *words) {
    type(question);
    if (!strstr(k.answer, words))
        fail_msg("%s: expected %s in\n%s", question, words, k.answer);
}

static void learn_goes_on_where_it_was(void **state) {
    (void)state;
    says("learn", "Lesson 1 of");
    says("learn", "Lesson 2 of");
    type("undo");
    says("learn again", "Lesson 2 of");
    says("learn back", "Lesson 1 of");
    says("learn back", "Lesson 1 of");
    says("learn list", "rhythm");
    says("learn melody", "A melody");
    says("learn next", "Chords");
    says("learn 4", "A rhythm");
    says("learn 4000", "no such lesson");
    says("learn 0", "no such lesson");
    says("learn juggling", "no such lesson");
    says("learn", "Lesson 5 of");
    for (int i = 5; i < chr_lessons_count; i++)
        type("learn");
    says("learn", "the last lesson");
    says("learn", "the last lesson");
    says("learn back", "Lesson");
}

static void lessons_fit_a_terminal(void **state) {
    (void)state;
    for (int i = 0; i < chr_lessons_count; i++)
        for (const char *at = chr_lessons[i].text; *at; at += strcspn(at, "\n") + 1)
            if (strcspn(at, "\n") > 78)
                fail_msg("lesson %s: %.40s…", chr_lessons[i].name, at);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_lesson_does_what_it_says),
        cmocka_unit_test_setup_teardown(learn_goes_on_where_it_was, open_kit, close_kit),
        cmocka_unit_test(lessons_fit_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
