/* tests/support/session_fixture.h: one session kit for a test program, opened and closed round each
 * test. SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_SESSION_FIXTURE_H
#define CHR_TESTS_SESSION_FIXTURE_H

#include "tests/support/session_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static kit k;

static inline int open_kit(void **state) {
    (void)state;
    kit_open(&k, true);
    return 0;
}

static inline int close_kit(void **state) {
    (void)state;
    kit_close(&k);
    return 0;
}

/* A typed line, and a script, that have no error. */
static inline void type(const char *text) {
    if (!kit_type(&k, text))
        fail_msg("%s\n%s", text, k.said);
}

static inline void run(const char *text) {
    if (!kit_run(&k, "groove.chr", text))
        fail_msg("%s\n%s", text, k.said);
}

/* What the session says as a script. */
static inline void holds(const char *expected) {
    char *text = kit_text(&k);
    assert_string_equal(text, expected);
    free(text);
}

#endif
