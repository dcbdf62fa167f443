/* lang/transforms.c: the tables of transforms and grooves, from their lists.
 * SPDX-License-Identifier: MIT */
#include "lang/transforms.h"

#include <stdint.h>
#include <string.h>

/* Exact in any precision. */
#define LEAST_SPEED (1.0 / 1024)
#define MOST_SPEED 1024.0

#define NONE
#define GIVEN(word_, kind_, what_, least_, greatest_, dflt_)                                       \
    {.word = #word_,                                                                               \
     .kind = CHR_GIVEN_##kind_,                                                                    \
     .what = what_,                                                                                \
     .least = least_,                                                                              \
     .greatest = greatest_,                                                                        \
     .dflt = dflt_},
#define MAY(word_, kind_, what_, least_, greatest_, dflt_)                                         \
    {.word = #word_,                                                                               \
     .kind = CHR_GIVEN_##kind_,                                                                    \
     .optional = true,                                                                             \
     .what = what_,                                                                                \
     .least = least_,                                                                              \
     .greatest = greatest_,                                                                        \
     .dflt = dflt_},
#define KEYED(word_, kind_, what_, least_, greatest_, dflt_)                                       \
    {.word = #word_,                                                                               \
     .kind = CHR_GIVEN_##kind_,                                                                    \
     .optional = true,                                                                             \
     .keyed = true,                                                                                \
     .what = what_,                                                                                \
     .least = least_,                                                                              \
     .greatest = greatest_,                                                                        \
     .dflt = dflt_},
#define FURTHER(word_, kind_, what_, least_, greatest_, dflt_)                                     \
    {.word = #word_,                                                                               \
     .kind = CHR_GIVEN_##kind_,                                                                    \
     .optional = true,                                                                             \
     .further = true,                                                                              \
     .what = what_,                                                                                \
     .least = least_,                                                                              \
     .greatest = greatest_,                                                                        \
     .dflt = dflt_},
#define CHOICE(word_, what_, choices_, dflt_)                                                      \
    {.word = #word_,                                                                               \
     .kind = CHR_GIVEN_CHOICE,                                                                     \
     .optional = (dflt_) >= 0,                                                                     \
     .what = what_,                                                                                \
     .choices = choices_,                                                                          \
     .dflt = dflt_},

/* "shuffle|mpc": a bar before each, the first one skipped. */
#define CHR_GROOVE(name, ...) "|" #name
static const char groove_names[] =
#include "lang/grooves.def"
    ;
#undef CHR_GROOVE
#define CHR_GROOVE_NAMES (groove_names + 1)

#define CHR_TRANSFORM(name, group, doc, example, given)                                            \
    static const chr_given_info given_##name[] = {given{.kind = CHR_GIVEN_NONE}};
#include "lang/transforms.def"
#undef CHR_TRANSFORM

const chr_transform_info chr_transforms[] = {
#define CHR_TRANSFORM(name, group, doc, example, given) {#name, group, doc, example, given_##name},
#include "lang/transforms.def"
#undef CHR_TRANSFORM
};
const int chr_transforms_count = CHR_TRANSFORM_COUNT;

#define STEP(later, level) {later, level},
#define COUNT_STEP +1
const chr_groove_info chr_grooves[] = {
#define CHR_GROOVE(name, doc, steps)                                                               \
    {#name, doc, (int)(sizeof((chr_groove_step[]){steps}) / sizeof(chr_groove_step)), {steps}},
#include "lang/grooves.def"
#undef CHR_GROOVE
};
const int chr_grooves_count = (int)(sizeof chr_grooves / sizeof chr_grooves[0]);

int chr_transform_find(const char *name) {
    for (int i = 0; i < chr_transforms_count; i++)
        if (strcmp(chr_transforms[i].name, name) == 0)
            return i;
    return -1;
}

static void add(char *text, size_t n, const char *more, bool loud) {
    size_t used = strlen(text);
    for (; *more != 0 && used + 1 < n; more++)
        text[used++] = loud && *more >= 'a' && *more <= 'z' ? (char)(*more - 'a' + 'A') : *more;
    text[used] = 0;
}

void chr_transform_usage(const chr_transform_info *info, char *text, size_t n) {
    text[0] = 0;
    add(text, n, info->name, false);
    for (const chr_given_info *g = info->given; g->kind != CHR_GIVEN_NONE; g++) {
        add(text, n, " ", false);
        if (g->further) {
            add(text, n, "…", false);
            continue;
        }
        add(text, n, g->optional ? "[" : "", false);
        if (g->keyed) {
            add(text, n, g->word, false);
            add(text, n, g->kind == CHR_GIVEN_COUNT ? "=N" : "=SHARE", false);
        } else if (g->kind == CHR_GIVEN_CHOICE && strlen(g->choices) < 40)
            add(text, n, g->choices, false);
        else if (g->kind == CHR_GIVEN_PATTERN)
            add(text, n, "\"STEPS\"", false);
        else
            add(text, n, g->word, true);
        add(text, n, g->optional ? "]" : "", false);
    }
}
