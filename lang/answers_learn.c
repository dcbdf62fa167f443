/* lang/answers_learn.c: `learn`: a tutorial, step by step, in the session that is open.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_learn.h"
#include "lang/answers_page.h"

#include <string.h>

const chr_lesson chr_lessons[] = {
#define CHR_LESSON(name, title, text, lines, mistake) {name, title, text, lines, mistake},
#include "lang/lessons.def"
#undef CHR_LESSON
};
const int chr_lessons_count = sizeof chr_lessons / sizeof chr_lessons[0];

int chr_lesson_meant(const chr_ast *learn, int last) {
    const chr_ast *number = chr_ast_part(learn, CHR_AST_NUMBER);
    if (number)
        return number->number >= 1 && number->number <= chr_lessons_count ? (int)number->number
                                                                          : CHR_NO_LESSON;
    const char *word = learn->text;
    if (!*word || strcmp(word, "next") == 0)
        return last + 1;
    if (strcmp(word, "again") == 0)
        return last > 0 ? last : 1;
    if (strcmp(word, "back") == 0)
        return last > 1 ? last - 1 : 1;
    if (strcmp(word, "list") == 0)
        return CHR_ALL_LESSONS;
    for (int i = 0; i < chr_lessons_count; i++)
        if (strcmp(chr_lessons[i].name, word) == 0)
            return i + 1;
    return CHR_NO_LESSON;
}

static void print_contents(FILE *to) {
    for (int i = 0; i < chr_lessons_count; i++)
        fprintf(to, "  %2d  %-12s %s\n", i + 1, chr_lessons[i].name, chr_lessons[i].title);
    fputs("\n  learn 4 or learn rhythm shows that lesson, learn the next one.\n", to);
}

void chr_print_lesson(int number, FILE *to) {
    if (number > chr_lessons_count) {
        fputs("That was the last lesson. `learn list` shows all of them; `help` explains the "
              "rest.\n",
              to);
        return;
    }
    if (number < 1) {
        if (number == CHR_NO_LESSON)
            fputs("There is no such lesson.\n", to);
        fputs("The lessons:\n\n", to);
        print_contents(to);
        return;
    }
    const chr_lesson *l = &chr_lessons[number - 1];
    fprintf(to, "Lesson %d of %d: %s\n\n", number, chr_lessons_count, l->title);
    chr_print_paragraphs(to, l->text);
    fputc('\n', to);
    chr_print_indented(to, l->lines, "    ");
    fprintf(to, "\n%s\n",
            number < chr_lessons_count
                ? "learn goes on, learn back goes back, learn list shows all lessons."
                : "This was the last lesson: learn list shows all of them, help the rest, and\n"
                  "docs/tutorial.md goes on to a whole song.");
}
