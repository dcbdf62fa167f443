/* tests/breaking/grammar.c: the parser that Lemon made, with the trace that it makes for debugging;
 * what that prints comes here and is counted. SPDX-License-Identifier: MIT */
#include "tests/breaking/grammar.h"

#undef NDEBUG
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void traced(FILE *to, const char *format, ...);

#define fprintf traced
#include "lang/grammar.c"
#undef fprintf

static long seen[YYNRULE];

static void traced(FILE *to, const char *format, ...) {
    (void)to;
    if (strncmp(format, "%sReduce %d ", 11) != 0)
        return;
    va_list arguments;
    va_start(arguments, format);
    (void)va_arg(arguments, const char *);
    seen[va_arg(arguments, int)]++;
    va_end(arguments);
}

void grammar_count(void) {
    static char prompt[] = "";
    chr_lemonTrace(stderr, prompt);
}

int grammar_rules(void) {
    return YYNRULE;
}

const char *grammar_rule(int n) {
    return yyRuleName[n];
}

bool grammar_reduces(int n) {
    return n < YYNRULE_WITH_ACTION || yyRuleInfoNRhs[n] != -1;
}

long grammar_seen(int n) {
    return seen[n];
}
