/* tests/breaking/program.h: Chronus programs by chance, from a seed.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_BREAKING_PROGRAM_H
#define CHR_TESTS_BREAKING_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct program {
    uint64_t seed; /* moves on */
    char *text;
    size_t n, room;
    int depth;
    char patches[8][24], instruments[8][24]; /* that exist so far */
    int n_patches, n_instruments;
    bool timed; /* it has a tempo */
} program;

void program_begin(program *p, uint64_t seed);
void program_free(program *p);
/* 0 to n - 1. */
uint32_t program_roll(program *p, uint32_t n);
void program_add(program *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* program_sound.c: so many statements that mean something: modules, parameters, units and ranges
 * are those of the descriptors, names are there. Mostly they are right. */
void program_music(program *p, int statements);
/* More on top of the same names: what a player types while it plays. */
void program_edit(program *p, int statements);

/* program_wild.c: one statement, derived from the grammar's own productions; words and numbers by
 * chance. */
void program_wild(program *p);
/* The same, with a production of one's own choice in it. */
void program_wild_for(program *p, int wanted);
/* Damages the text somewhere. */
void program_break(program *p);

#endif
