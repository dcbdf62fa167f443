/* tests/breaking/grammar.h: the parser of the language with a count of how often each production of
 * lang/grammar.y was reduced, and the productions as text.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_BREAKING_GRAMMAR_H
#define CHR_TESTS_BREAKING_GRAMMAR_H

#include <stdbool.h>

/* Linked with grammar.c of this folder, the program parses with the parser that counts. */
void grammar_count(void);
int grammar_rules(void);
/* "statement ::= PATCH chain": capitals are tokens. */
const char *grammar_rule(int n);
/* False: Lemon has taken it out of the automaton, since it passes one symbol on as it is. */
bool grammar_reduces(int n);
long grammar_seen(int n);

#endif
