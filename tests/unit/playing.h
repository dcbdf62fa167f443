/* tests/unit/playing.h: what the last pattern of a text plays, written as in
 * tests/support/rounds.h. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_UNIT_PLAYING_H
#define CHR_TESTS_UNIT_PLAYING_H

#include "checking.h"
#include "tests/support/rounds.h"

/* Rounds 0..n-1; to be freed. */
static inline char *played(const char *text, int n) {
    checked k = check_with(text, NULL);
    if (k.ir == NULL)
        fail_msg("%s\n%s", text, k.messages);
    const chr_ir_pattern *p = last_pattern(k.ir);
    assert_non_null(p);
    char *line = rounds_of(p, !p->values && writes_grid(text), 0, n);
    checked_free(&k);
    return line;
}

static inline void expect_rounds(const char *text, const char *expected) {
    char *line = played(text, rounds_in(expected));
    if (strcmp(line, expected) != 0)
        fail_msg("%s\nexpected %s\nbut it is %s", text, expected, line);
    free(line);
}

/* Two texts whose last patterns play the same, for so many rounds. */
static inline void expect_alike(const char *a, const char *b, int n) {
    char *x = played(a, n), *y = played(b, n);
    if (strcmp(x, y) != 0)
        fail_msg("%s\n  %s\n%s\n  %s", a, x, b, y);
    free(x);
    free(y);
}

#endif
