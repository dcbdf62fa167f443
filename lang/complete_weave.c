/* lang/complete_weave.c: behind the `>` of a pattern: transforms, and what is given to them.
 * SPDX-License-Identifier: MIT */
#include "lang/complete_inner.h"

#include <string.h>

/* One level of parentheses. */
typedef struct level {
    int which;  /* the transform whose arguments these are, or -1 */
    bool named; /* something stands at the head of the stage */
    int n;      /* arguments by their place so far */
    int keyed;  /* the argument whose value comes next, or -1 */
} level;

static const level fresh = {.which = -1, .keyed = -1};

static int given_of(const chr_transform_info *info, const char *word) {
    for (int i = 0; info->given[i].kind != CHR_GIVEN_NONE; i++)
        if (strcmp(info->given[i].word, word) == 0)
            return i;
    return -1;
}

/* The argument that may stand next by its place, or NULL. */
static const chr_given_info *next_given(const chr_transform_info *info, int n) {
    const chr_given_info *g = info->given;
    for (; g->kind != CHR_GIVEN_NONE && !g->keyed; g++)
        if (n-- == 0 || g->further)
            return g;
    return g > info->given && g[-1].further ? g - 1 : NULL;
}

static void offer_transforms(completing *c) {
    for (int i = 0; i < chr_transforms_count; i++)
        chr_offer(c, CHR_WORD_MODULE, chr_transforms[i].name);
    chr_offer_definitions(c, false);
}

static void offer_given(completing *c, const chr_given_info *g) {
    if (g->kind == CHR_GIVEN_CHOICE)
        chr_offer_choices(c, g->choices);
    else if (g->kind == CHR_GIVEN_TRANSFORM)
        offer_transforms(c);
}

/* What is passed stands at the head of its stage, or is given to what stands there. */
static void pass_word(completing *c, level *l, int i) {
    bool key = i + 1 < c->n && c->tokens[i + 1].type == CHR_T_EQUAL;
    const char *word = c->tokens[i].type == CHR_T_NAME ? chr_token_copy(c, i) : NULL;
    if (!l->named) {
        l->named = true;
        l->which = word ? chr_transform_find(word) : -1;
    } else if (key && word && l->which >= 0) {
        l->keyed = given_of(&chr_transforms[l->which], word);
    } else if (l->keyed >= 0) {
        l->keyed = -1;
    } else {
        l->n++;
    }
}

void chr_complete_weave(completing *c, int from) {
    level levels[CHR_NESTING_MAX + 2];
    int depth = 0;
    levels[0] = fresh;
    for (int i = from; i < c->n; i++) {
        level *l = &levels[depth];
        switch (c->tokens[i].type) {
        case CHR_T_GT:
            *l = fresh;
            break;
        case CHR_T_LPAREN:
        case CHR_T_CALL:
            pass_word(c, l, i);
            if (depth + 1 < CHR_NESTING_MAX)
                levels[++depth] = fresh;
            break;
        case CHR_T_RPAREN:
            depth -= depth > 0;
            break;
        case CHR_T_EQUAL:
        case CHR_T_SIGN:
            break;
        default:
            pass_word(c, l, i);
        }
    }
    const level *l = &levels[depth];
    int here = *c->word != '\0' ? chr_transform_find(c->word) : -1;
    if (here >= 0)
        chr_hint_transform(c, &chr_transforms[here]);
    if (!l->named) {
        offer_transforms(c);
        return;
    }
    if (l->which < 0)
        return;
    const chr_transform_info *info = &chr_transforms[l->which];
    chr_hint_transform(c, info);
    if (l->keyed >= 0) {
        offer_given(c, &info->given[l->keyed]);
        return;
    }
    const chr_given_info *next = next_given(info, l->n);
    if (next) /* one that may be left out leaves its place to those behind it */
        for (const chr_given_info *g = next; g->kind != CHR_GIVEN_NONE && !g->keyed; g++) {
            offer_given(c, g);
            if (!g->optional)
                break;
        }
    for (const chr_given_info *g = info->given; g->kind != CHR_GIVEN_NONE; g++)
        if (g->keyed)
            chr_offer(c, CHR_WORD_PARAM, chr_arena_printf(c->arena, "%s=", g->word));
}
