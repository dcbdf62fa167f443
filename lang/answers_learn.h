/* lang/answers_learn.h: the lessons of `learn`, and which one is meant. [control] throughout.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_ANSWERS_LEARN_H
#define CHR_LANG_ANSWERS_LEARN_H

#include "lang/ast.h"

#include <stdio.h>

typedef struct chr_lesson {
    const char *name, *title, *text;
    const char *lines;   /* to be typed, each with its line end */
    const char *mistake; /* code of the error that the last line is answered with, or "" */
} chr_lesson;
extern const chr_lesson chr_lessons[];
extern const int chr_lessons_count;

enum { CHR_ALL_LESSONS = 0, CHR_NO_LESSON = -1 };

/* Number of the lesson that a LEARN statement asks for, from 1 (one more than there are: the last
 * one is over), or one of the above; `last` is the one that was shown last, 0 for none. */
int chr_lesson_meant(const chr_ast *learn, int last);
/* That lesson; the contents where there is none of the number. */
void chr_print_lesson(int number, FILE *to);

#endif
