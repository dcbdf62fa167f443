/* lang/answers_make.c: what is said of the words of `make` and of sentences.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/make_words.h"

#include <string.h>

enum { WIDTH = 88, INDENT = 14 };

/* A word as it stands in `make bass …`: darker; or as it is, where there is no such form. */
static void said_form(const chr_music_word *w, char *text) {
    const char *form = *w->forms ? w->forms : w->word;
    size_t n = strcspn(form, " ");
    memcpy(text, form, n);
    text[n] = '\0';
}

static const chr_music_word *word_of(const char *text) {
    chr_vocable v = chr_vocable_of(text, strlen(text));
    return v.kind == CHR_VOCABLE_MUSIC ? v.word : NULL;
}

typedef struct line {
    FILE *to;
    int column;
} line;

static void print_word(line *l, const char *word) {
    int n = (int)strlen(word) + 1;
    if (l->column + n > WIDTH) {
        fprintf(l->to, "\n%*s", INDENT - 1, "");
        l->column = INDENT - 1;
    }
    fprintf(l->to, " %s", word);
    l->column += n;
}

/* The words of one kind, in the order of the vocabulary. */
static void print_kind(FILE *to, const char *head, chr_vocable_kind kind) {
    char text[CHR_VOCABLE_BYTES];
    chr_vocable_kind found;
    line l = {to, INDENT - 1};
    fprintf(to, "  %-*s", INDENT - 3, head);
    for (int i = 0; chr_vocable_at(i, &found, text); i++)
        if (found == kind)
            print_word(&l, text);
    fputc('\n', to);
}

void chr_print_vocabulary(FILE *to) {
    fputs(
        "make NAME WORD changes a sound by a musical word, and shows the statements that it stands "
        "for.\n"
        "The words, by what they are about (`help darker` explains one):\n",
        to);
    for (int k = CHR_PITCH; k <= CHR_RHYTHM; k++) {
        line l = {to, INDENT - 1};
        fprintf(to, "  %-*s", INDENT - 3, chr_context_word((chr_context)k));
        for (int i = 0; i < chr_music_words_count; i++) {
            char text[CHR_VOCABLE_BYTES];
            if (chr_axes[chr_music_words[i].moves[0].axis].context != (chr_context)k)
                continue;
            said_form(&chr_music_words[i], text);
            print_word(&l, text);
        }
        fputc('\n', to);
    }
    fputs("\nBehind more, less, no, twice the and half the:\n", to);
    print_kind(to, "there is", CHR_VOCABLE_NOUN);
    fputs("               and any knob of the patch: less click on the kick\n"
          "How far:       a bit, slightly, somewhat, much, a lot, far, by 30%, by 3dB (how loud), "
          "over "
          "2 bars\n"
          "Several:       drums (all that is struck and has a pitch of its own), everything, or "
          "names "
          "side by side\n"
          "Sentences:     make the drums a bit louder and darker\n"
          "               more reverb on the bass\n"
          "Nothing is guessed: what is not understood is said.\n",
          to);
}

/* "the level up by 41 %" */
static void print_move(FILE *to, const chr_move *move) {
    const chr_axis_info *axis = &chr_axes[move->axis];
    bool down = move->factor < 0;
    double size = down ? -move->factor : move->factor;
    const char *list = axis->knobs;
    fprintf(to, "  %s: %s", axis->name,
            move->factor == CHR_BACK_TO_REST       ? "back to where it rests"
            : move->factor == CHR_ALL_THE_WAY_DOWN ? "all the way down"
            : down                                 ? "less"
                                                   : "more");
    if (size < CHR_BACK_TO_REST)
        fprintf(to, ", by %.0f %% (of the range for knobs from 0 to 1: %.0f %%)",
                axis->ratio * size, axis->share * size);
    fprintf(to, "%s\n    %s ", move->optional ? "; where there is a knob for it" : "",
            axis->all ? "turns all that there is of" : "turns the first that there is of");
    for (bool first = true; *(list += strspn(list, " ")); first = false) {
        size_t n = strcspn(list, " ");
        if (n == 3 && strncmp(list, "BUS", n) == 0)
            break;
        bool any = n == 3 && strncmp(list, "ANY", 3) == 0, back = *list == '-';
        fputs(first ? "" : ", ", to);
        if (any)
            fprintf(to, "your own modules' knobs of %s", chr_context_word(axis->context));
        else if (n == 4 && strncmp(list, "SEND", n) == 0)
            fputs("what is sent to a bus with such an effect", to);
        else
            fprintf(to, "%.*s%s", (int)n - back, list + back, back ? " (the other way)" : "");
        list += n;
    }
    fputc('\n', to);
    const chr_axis_end *end = down ? &axis->down : &axis->up;
    if (!move->optional && end->effect)
        fprintf(to, "    where none is there: adds %.*s%s\n", (int)strcspn(end->effect, " "),
                end->effect, strstr(axis->knobs, "SEND") ? ", or sends to a bus that has one" : "");
}

bool chr_print_vocable(const char *word, bool again, FILE *to) {
    const chr_music_word *w = word_of(word);
    if (!w)
        return false;
    char form[CHR_VOCABLE_BYTES], opposite[CHR_VOCABLE_BYTES];
    said_form(w, form);
    said_form(word_of(w->opposite), opposite);
    fprintf(to, "%s%s: %s\n  make bass %s; the opposite is %s\n", again ? "\n" : "", form, w->doc,
            form, opposite);
    for (const chr_move *move = w->moves; move->factor != 0; move++)
        print_move(to, move);
    return true;
}
