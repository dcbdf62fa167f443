/* tests/unit/tutorial.c: docs/tutorial.md does what it says. Its steps are typed one after the
 * other into one session that plays; what it says is answered is compared, and what it says is
 * heard is listened for. `unit_tutorial --print` shows all that is said.
 *
 *     ```chr          lines to type; ```chr wrong: the last of them is a mistake
 *     ```answer       what is said to them: these lines, one after the other; … is any lines
 *     <!-- listen 2 bars: sound -->   from the next bar on: silence, sound, and beside what was
 *                     listened to before: louder, softer, brighter, darker, wider
 *     ```chr song.chr a file; tests/cli/tutorial.sh renders it
 * SPDX-License-Identifier: MIT */
#include "runtime/player.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { RATE_HZ = 48000, BLOCK = 480, LINE = 1000 };

static bool printing;

/* While it prints it goes on after a fault, so that all of them are seen. */
static void __attribute__((format(printf, 1, 2))) fault(const char *format, ...) {
    char text[4000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (!printing)
        fail_msg("docs/tutorial.md:%s", text);
    printf("NOT SO: docs/tutorial.md:%s\n", text);
}

/* ---- what is said ---- */

typedef struct pupil {
    chr_player *player;
    char *said; /* since the last block began */
    size_t said_size;
    FILE *to;
    int n_blocks, n_answers, n_listens;
    double rms, bright, wide; /* of what was listened to last */
    int line;                 /* of the page */
} pupil;

static void on_diagnostics(void *context, const chr_diags *diags) {
    chr_diags_print(diags, ((pupil *)context)->to, false, 0);
}

static void on_text(void *context, const char *text) {
    fprintf(((pupil *)context)->to, "%s\n", text);
}

static void forget(pupil *p) {
    if (p->to)
        fclose(p->to);
    free(p->said);
    p->to = open_memstream(&p->said, &p->said_size);
    assert_non_null(p->to);
}

static size_t line_length(const char *text) {
    size_t n = strcspn(text, "\n");
    while (n > 0 && text[n - 1] == ' ')
        n--;
    return n;
}

static bool same_line(const char *a, const char *b) {
    size_t n = line_length(a);
    return n == line_length(b) && strncmp(a, b, n) == 0;
}

static const char *next_line(const char *text) {
    text += strcspn(text, "\n");
    return *text ? text + 1 : text;
}

/* Do the lines of `answer` come in `said`, one after the other? `loose`: anywhere from here on. */
static bool comes(const char *said, const char *answer, bool loose) {
    if (!*answer)
        return true;
    if (same_line(answer, "…"))
        return comes(said, next_line(answer), true);
    for (; *said; said = next_line(said)) {
        if (same_line(said, answer) && comes(next_line(said), next_line(answer), false))
            return true;
        if (!loose)
            return false;
    }
    return false;
}

/* ---- what is heard ---- */

/* From the next bar on where `bars` is not 0; else for half a second, whatever it is. */
static void listen(pupil *p, double bars, float *left, float *right, size_t *n) {
    chr_engine_counters now = chr_player_look(p->player);
    double bar_s = 4.0 * 60.0 / now.bpm;
    size_t skipped = bars > 0 ? (size_t)(1.5 * bar_s * RATE_HZ) : 0;
    size_t wanted = bars > 0 ? (size_t)(bars * bar_s * RATE_HZ) : RATE_HZ / 2;
    float out[BLOCK * 2];
    *n = 0;
    for (size_t at = 0; at < skipped + wanted; at += BLOCK) {
        chr_player_tend(p->player);
        chr_engine_render(chr_player_engine(p->player), out, BLOCK);
        for (size_t i = 0; left && at >= skipped && i < BLOCK; i++) {
            left[*n] = out[2 * i];
            right[(*n)++] = out[2 * i + 1];
        }
    }
}

static void measure(pupil *p, double bars, const char *what) {
    size_t room = (size_t)(bars * 4.0 * RATE_HZ) + 2 * BLOCK, n;
    float *left = malloc(room * sizeof *left), *right = malloc(room * sizeof *right);
    assert_true(left && right);
    listen(p, bars, left, right, &n);
    double sum = 0, steps = 0, apart = 0;
    for (size_t i = 1; i < n; i++) {
        double x = (double)left[i] + (double)right[i],
               y = (double)left[i - 1] + (double)right[i - 1];
        double side = (double)left[i] - (double)right[i];
        sum += x * x;
        steps += (x - y) * (x - y);
        apart += side * side;
    }
    free(left);
    free(right);
    double rms = sqrt(sum / (double)n), bright = sqrt(steps / (sum + 1e-12)),
           wide = sqrt(apart / (sum + 1e-12));
    bool good = strcmp(what, "silence") == 0    ? rms < 1e-4
                : strcmp(what, "softer") == 0   ? rms < p->rms / 1.05
                : rms < 1e-3                    ? false
                : strcmp(what, "sound") == 0    ? true
                : strcmp(what, "louder") == 0   ? rms > 1.05 * p->rms
                : strcmp(what, "brighter") == 0 ? bright > 1.05 * p->bright
                : strcmp(what, "darker") == 0   ? bright < p->bright / 1.05
                : strcmp(what, "wider") == 0    ? wide > 1.05 * p->wide
                                                : false;
    if (printing)
        printf("    [%s: level %.4f, brightness %.4f, width %.4f]\n", what, rms, bright, wide);
    if (!good)
        fault("%d: not %s: level %g after %g, brightness %g after %g, width %g "
              "after %g",
              p->line, what, rms, p->rms, bright, p->bright, wide, p->wide);
    p->rms = rms;
    p->bright = bright;
    p->wide = wide;
    p->n_listens++;
}

/* ---- the page ---- */

static void type_line(pupil *p, const char *text, bool wrong) {
    chr_evaluation e = chr_player_evaluate(p->player, text, strlen(text), "typed", NULL);
    size_t n;
    listen(p, 0, NULL, NULL, &n);
    fflush(p->to);
    if (printing)
        printf("chronus> %s\n%s", text, p->said);
    if (e.status != CHR_OK || (e.n_errors > 0) != wrong)
        fault("%d: %s\n%s", p->line, text, p->said);
    if (!wrong && strstr(p->said, "warning["))
        fault("%d: %s\n%s", p->line, text, p->said);
}

/* The lines up to the end of a block; what stands between is for the caller. */
static bool read_line(pupil *p, FILE *page, char line[LINE]) {
    if (!fgets(line, LINE, page))
        return false;
    p->line++;
    line[strcspn(line, "\n")] = '\0';
    return true;
}

static bool in_block(pupil *p, FILE *page, char line[LINE]) {
    if (!read_line(p, page, line))
        fail_msg("docs/tutorial.md ends within a block");
    return strcmp(line, "```") != 0;
}

static void type_block(pupil *p, FILE *page, bool wrong) {
    char line[LINE], next[LINE];
    forget(p);
    bool more = in_block(p, page, line);
    while (more) {
        more = in_block(p, page, next);
        type_line(p, line, wrong && !more);
        strcpy(line, next);
    }
    p->n_blocks++;
}

static void compare_block(pupil *p, FILE *page) {
    char line[LINE], *answer = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&answer, &size);
    assert_non_null(to);
    while (in_block(p, page, line))
        fprintf(to, "%s\n", line);
    fclose(to);
    fflush(p->to);
    if (!comes(p->said, answer, true))
        fault("%d: the answer is not\n%s\nbut\n%s", p->line, answer, p->said);
    free(answer);
    p->n_answers++;
}

static void every_step_does_what_it_says(void **state) {
    (void)state;
    pupil p = {.line = 0};
    char folder[] = "/tmp/chronus-tutorial-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chdir(folder), 0); /* what is saved is saved there */
    forget(&p);
    chr_player_options options = {
        .engine = {.rate_hz = RATE_HZ, .ceiling = true, .n_channels = 2},
        .allow_save = true,
        .live = true,
        .listener = { .context = &p,
                   .diagnostics = on_diagnostics,
                   .answer = on_text,
                   .note = on_text,
                   .trouble = on_text},
    };
    p.player = chr_player_new(&options);
    assert_non_null(p.player);
    FILE *page = fopen(CHRONUS_SOURCE_DIR "/docs/tutorial.md", "r");
    assert_non_null(page);
    char line[LINE], what[LINE];
    for (double bars; read_line(&p, page, line);) {
        if (strcmp(line, "```chr") == 0 || strcmp(line, "```chr wrong") == 0)
            type_block(&p, page, line[6] != '\0');
        else if (strcmp(line, "```answer") == 0)
            compare_block(&p, page);
        else if (strncmp(line, "```", 3) == 0) /* a file, or commands: for the other test */
            while (in_block(&p, page, line))
                ;
        else if (sscanf(line, "<!-- listen %lf bar%*[s:] %[a-z] -->", &bars, what) == 2)
            measure(&p, bars, what);
        else if (strstr(line, "<!--"))
            fault("%d: what is this? %s", p.line, line);
    }
    fclose(page);
    chr_player_free(p.player);
    fclose(p.to);
    free(p.said);
    assert_int_equal(unlink("patches/night_bus.chr"), 0);
    assert_int_equal(rmdir("patches"), 0);
    assert_int_equal(rmdir(folder), 0);
    if (printing)
        printf("%d blocks, %d answers, listened %d times\n", p.n_blocks, p.n_answers, p.n_listens);
    assert_true(p.n_blocks >= 25 && p.n_answers >= 5 && p.n_listens >= 14);
}

int main(int argc, char **argv) {
    printing = argc > 1 && strcmp(argv[1], "--print") == 0;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_step_does_what_it_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
