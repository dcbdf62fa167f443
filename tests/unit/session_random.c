/* tests/unit/session_random.c: many sessions made of chance, and what holds for all of them: a
 * session as text means the same session, a file read again and again means what it means read
 * once, undo and redo lose nothing. SPDX-License-Identifier: MIT */
#include "tests/support/session_kit.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static uint32_t chance_state;

static int chance(int n) {
    chance_state = chance_state * 1664525u + 1013904223u;
    return (int)((chance_state >> 8) % (uint32_t)n);
}

static const char *const names[] = {"a", "b", "kick", "bass", "c"};
static const char *const effects[] = {"reverb", "delay", "drive", "chorusy"};

static const char *name(void) {
    return names[chance(5)];
}
static const char *effect(void) {
    return effects[chance(4)];
}

/* A line that is mostly right: the session refuses the others. */
static void line(char *text, size_t room) {
    switch (chance(17)) {
    case 0:
        snprintf(text, room, "patch %s: saw %d > lpf %d > out\n", name(), 100 + chance(3),
                 300 + chance(3));
        break;
    case 1:
        snprintf(text, room, "patch %s: vco > drive 2 > reverb > out\n", name());
        break;
    case 2:
        snprintf(text, room, "create %s %s cutoff=%d\n", name(), chance(2) ? "bass" : "synth",
                 300 + chance(3));
        break;
    case 3:
        snprintf(text, room, "set %s cutoff=%d\n", name(), 400 + chance(3));
        break;
    case 4:
        snprintf(text, room, "set %s gain=0.%d pan=0.%d\n", name(), 1 + chance(8), 1 + chance(8));
        break;
    case 5:
        snprintf(text, room, "add %s to %s\n", effect(), name());
        break;
    case 6:
        snprintf(text, room, "add delay 0.%d to %s as %s\n", 1 + chance(3), name(),
                 chance(2) ? "near" : "far");
        break;
    case 7:
        snprintf(text, room, "remove %s from %s\n", effect(), name());
        break;
    case 8:
        snprintf(text, room, "%s%s\n", chance(2) ? "mute " : "unmute # ", name());
        break;
    case 9:
        snprintf(text, room, "sequence %s: x..%c\n", name(), "x.o"[chance(3)]);
        break;
    case 10:
        snprintf(text, room, "melody %s: C%d G2\n", name(), 1 + chance(3));
        break;
    case 11:
        snprintf(text, room, "tempo %d\n", 100 + chance(5));
        break;
    case 12:
        snprintf(text, room, "let wob = lfo 0.%d\n", 1 + chance(5));
        break;
    case 13:
        snprintf(text, room, "patch %s: saw 110 > lpf 400+wob*100 > out\n", name());
        break;
    case 14:
        snprintf(text, room, "%s%s\n", chance(2) ? "solo " : "unsolo # ", name());
        break;
    case 15:
        snprintf(text, room, "sequence %s/fill: x%s\n", name(), chance(2) ? "..." : "x..");
        break;
    default:
        snprintf(text, room, "patch saw %d > out\n", 100 + chance(9));
        break;
    }
}

static void gesture(char *text, size_t room) {
    switch (chance(7)) {
    case 0:
        snprintf(text, room, "play\n");
        break;
    case 1:
        snprintf(text, room, "play %s\n", name());
        break;
    case 2:
        snprintf(text, room, "stop %s\n", name());
        break;
    case 3:
        snprintf(text, room, "play all\n");
        break;
    case 4:
        snprintf(text, room, "remove %s\n", name());
        break;
    case 5:
        snprintf(text, room, "sequence %s:\n", name());
        break;
    default:
        line(text, room);
        break;
    }
}

static void means_the_same_as_its_text(kit *k, uint32_t seed) {
    char *text = kit_text(k), *meaning = kit_meaning(k);
    kit other;
    if (seed == 0)
        kit_open_real(&other, true);
    else
        kit_open(&other, true);
    if (!kit_type(&other, text))
        fail_msg("seed %u\n%s\n%s", seed, text, other.said);
    char *again = kit_text(&other), *same = kit_meaning(&other);
    if (strcmp(text, again) != 0 || strcmp(meaning, same) != 0)
        fail_msg("seed %u\n%s---\n%s---\n%s---\n%s", seed, text, again, meaning, same);
    free(text);
    free(meaning);
    free(again);
    free(same);
    kit_close(&other);
}

static void a_session_as_text_means_the_same_session(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        chance_state = seed;
        kit k;
        kit_open(&k, true);
        for (int i = 0; i < 25; i++) {
            char text[200];
            gesture(text, sizeof text);
            kit_type(&k, text);
        }
        means_the_same_as_its_text(&k, seed);
        kit_close(&k);
    }
}

static void file_of(char lines[][200], int n, char *text) {
    text[0] = '\0';
    for (int i = 0; i < n; i++)
        strcat(text, lines[i]);
}

static void a_file_read_again_and_again_means_what_it_means_read_once(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        chance_state = seed * 7919u;
        kit k;
        kit_open(&k, true);
        char lines[12][200] = {""}, text[12 * 200];
        for (int round = 0; round < 12; round++) {
            for (int change = 0; change <= chance(3); change++)
                line(lines[chance(12)], sizeof lines[0]);
            if (chance(4) == 0)
                lines[chance(12)][0] = '\0';
            file_of(lines, 12, text);
            kit once;
            kit_open(&once, true);
            bool right = kit_run(&once, "f.chr", text);
            bool again = kit_run(&k, "f.chr", text);
            if (right != again)
                fail_msg("seed %u, round %d\n%s---\n%s---\n%s", seed, round, text, once.said,
                         k.said);
            if (right) {
                char *a = kit_text(&once), *b = kit_text(&k);
                if (strcmp(a, b) != 0 || strcmp(once.ir, k.ir) != 0)
                    fail_msg("seed %u, round %d\n%s---\n%s---\n%s", seed, round, text, a, b);
                free(a);
                free(b);
            }
            kit_close(&once);
        }
        kit_close(&k);
    }
}

static void files_and_typing_together_still_mean_their_text(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 60; seed++) {
        chance_state = seed * 104729u;
        kit k;
        kit_open(&k, true);
        char lines[8][200] = {""}, text[8 * 200];
        for (int round = 0; round < 15; round++) {
            line(lines[chance(8)], sizeof lines[0]);
            file_of(lines, 8, text);
            kit_run(&k, "f.chr", text);
            gesture(text, sizeof text);
            kit_type(&k, text);
        }
        means_the_same_as_its_text(&k, seed);
        kit_close(&k);
    }
}

static void undo_and_redo_lose_nothing(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 20; seed++) {
        chance_state = seed * 31u;
        kit k;
        kit_open(&k, true);
        char *texts[40];
        int n = 0;
        texts[n++] = kit_text(&k);
        for (int i = 0; i < 30; i++) {
            char text[200];
            line(text, sizeof text);
            if (kit_type(&k, text) && k.changes)
                texts[n++] = kit_text(&k);
        }
        for (int i = n - 2; i >= 0; i--) {
            kit_type(&k, "undo");
            char *now = kit_text(&k);
            assert_string_equal(now, texts[i]);
            free(now);
        }
        for (int i = 1; i < n; i++) {
            kit_type(&k, "redo");
            char *now = kit_text(&k);
            assert_string_equal(now, texts[i]);
            free(now);
        }
        for (int i = 0; i < n; i++)
            free(texts[i]);
        kit_close(&k);
    }
}

static char *read_whole(const char *folder, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *from = fopen(path, "rb");
    if (!from)
        return NULL;
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    for (int c; (c = fgetc(from)) != EOF;)
        fputc(c, to);
    fclose(from);
    fclose(to);
    return text;
}

static void every_example_can_be_saved_and_loaded(void **state) {
    (void)state;
    static const char folder[] = CHRONUS_SOURCE_DIR "/examples";
    DIR *d = opendir(folder);
    assert_non_null(d);
    int n = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        size_t len = strlen(e->d_name);
        if (len < 4 || strcmp(e->d_name + len - 4, ".chr") != 0)
            continue;
        char *text = read_whole(folder, e->d_name);
        assert_non_null(text);
        kit k;
        kit_open_real(&k, false);
        if (!kit_run(&k, e->d_name, text))
            fail_msg("%s\n%s", e->d_name, k.said);
        means_the_same_as_its_text(&k, 0);
        kit_close(&k);
        free(text);
        n++;
    }
    closedir(d);
    assert_true(n >= 8);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_session_as_text_means_the_same_session),
        cmocka_unit_test(a_file_read_again_and_again_means_what_it_means_read_once),
        cmocka_unit_test(files_and_typing_together_still_mean_their_text),
        cmocka_unit_test(undo_and_redo_lose_nothing),
        cmocka_unit_test(every_example_can_be_saved_and_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
