/* lang/session_phrase.c: reads `make bass a bit darker` and `more reverb on the bass`. Nothing is
 * guessed: a word that is neither in the vocabulary nor a name is an error.
 * SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <stdlib.h>
#include <string.h>

typedef struct reader {
    chr_candidate *c;
    chr_phrase *phrase;
    chr_who **last_who;
    chr_wish **last_wish;
    /* what was said and waits for its word */
    double sign;   /* more, less, no; 0: none */
    double amount; /* a bit, much */
    double whole;  /* twice, half; 0: none */
    double percent;
    bool of_level, by;
    const chr_ast *waits; /* the last of these, or NULL */
    const chr_ast *far;
    bool make;         /* the word `make` is in front */
    bool behind_small; /* the word before is `the`, `on`, … */
} reader;

static void forget(reader *r) {
    r->sign = r->whole = r->percent = 0;
    r->amount = 1;
    r->of_level = r->by = false;
    r->waits = r->far = NULL;
}

static const char *text_of(const chr_candidate *c, const chr_ast *a) {
    const char *text =
        chr_arena_copy(c->arena, a->span.source->text + a->span.from, a->span.to - a->span.from);
    return text ? text : "";
}

/* ---- advice ---- */

static const char *nearest_of(const chr_candidate *c, const char *word) {
    const chr_state *state = c->state;
    int room = state->n + CHR_VOCABULARY_MAX, n = 0;
    const char **words = CHR_NEW_N(c->arena, const char *, room);
    char text[CHR_VOCABLE_BYTES];
    chr_vocable_kind kind;
    for (int i = 0; words && n < room && chr_vocable_at(i, &kind, text); i++) {
        words[n] = chr_arena_copy(c->arena, text, strlen(text));
        if (!words[n++])
            return NULL;
    }
    for (int i = 0; words && i < state->n && n < room; i++)
        if (state->entries[i].statement && state->entries[i].owner)
            words[n++] = state->entries[i].owner;
    return words ? chr_nearest(word, words, n) : NULL;
}

void chr_report_vocable(chr_candidate *c, const chr_ast *at) {
    static const char *const pronouns[] = {"it", "its", "that", "this", "them", "they"};
    chr_report(&c->diags, CHR_E391, at->span, at->text);
    if (!chr_wants_advice(&c->diags))
        return;
    for (size_t i = 0; i < sizeof pronouns / sizeof pronouns[0]; i++)
        if (strcmp(at->text, pronouns[i]) == 0) {
            chr_suggest(&c->diags, "name the sound: make bass darker");
            return;
        }
    const char *near = nearest_of(c, at->text);
    if (near)
        chr_suggest(&c->diags, "did you mean `%s`?", near);
}

/* ---- words ---- */

static void add_who(reader *r, const chr_ast *at, bool group) {
    chr_who *who = CHR_NEW(r->c->arena, chr_who);
    if (!who) {
        r->c->failed = true;
        return;
    }
    for (const chr_who *w = r->phrase->who; w; w = w->next)
        if (strcmp(w->name, at->text) == 0)
            return;
    *who = (chr_who){.name = at->text, .at = at, .group = group};
    *r->last_who = who;
    r->last_who = &who->next;
}

static void add_wish(reader *r, const chr_ast *at, chr_wish wish) {
    chr_wish *own = CHR_NEW(r->c->arena, chr_wish);
    if (!own) {
        r->c->failed = true;
        return;
    }
    *own = wish;
    own->at = at;
    bool music = wish.word != NULL;
    double sign = r->sign == CHR_ALL_THE_WAY_DOWN && music ? -1 : r->sign != 0 ? r->sign : 1;
    own->whole = r->whole != 0;
    own->factor = own->whole ? r->whole * sign : r->amount * sign;
    own->percent = r->percent;
    own->of_level = r->of_level;
    own->far = r->far;
    *r->last_wish = own;
    r->last_wish = &own->next;
    forget(r);
}

static bool is_level(const chr_wish *w) {
    chr_move moves[CHR_MOVES_MAX + 1];
    chr_moves_of(w, moves);
    return moves[0].axis == CHR_AXIS_LEVEL && moves[0].factor != 0;
}

static bool has_distance(const chr_wish *w) {
    return w->far || w->whole || w->factor == CHR_ALL_THE_WAY_DOWN;
}

/* `by 30%` is about all that was said before it and has no distance of its own; `by 3dB` about what
 * is to be louder, if anything is. */
static void go_by(reader *r, const chr_ast *number) {
    bool level = false, any = false;
    for (const chr_wish *w = r->phrase->wishes; w; w = w->next)
        level = level || (!has_distance(w) && is_level(w));
    for (chr_wish *w = r->phrase->wishes; w && r->by; w = w->next) {
        if (has_distance(w) || (r->of_level && level && !is_level(w)))
            continue;
        w->percent = r->percent;
        w->of_level = r->of_level;
        w->far = number;
        any = true;
    }
    r->by = false;
    if (!any)
        return;
    r->percent = 0;
    r->of_level = false;
    r->waits = r->far = NULL;
}

static bool read_number(reader *r, const chr_ast *number) {
    double ratio = 0;
    bool good = number->number > 0 && number->number <= 1000;
    if (good && number->unit == CHR_UNIT_PERCENT) {
        r->percent = number->number;
    } else if (good && number->unit == CHR_UNIT_DB && number->number <= 60 &&
               chr_unit_convert(number->number, CHR_UNIT_DB, CHR_UNIT_RATIO, NULL, &ratio)) {
        r->percent = (ratio - 1) * 100;
        r->of_level = true;
    } else {
        chr_report(&r->c->diags, CHR_E395, number->span, text_of(r->c, number));
        return false;
    }
    r->waits = r->far = number;
    go_by(r, number);
    return true;
}

static void read_amount(reader *r, const chr_ast *at, const chr_vocable *v) {
    if (v->whole)
        r->whole = v->factor;
    else
        r->amount = v->factor;
    r->waits = r->far = at;
}

/* A noun: more of it, or less? */
static bool read_noun(reader *r, const chr_ast *at, const chr_vocable *v) {
    if (r->sign == 0 && r->whole == 0) {
        chr_report(&r->c->diags, CHR_E394, at->span, "whether that should be more or less");
        chr_suggest(&r->c->diags, "more %.40s, or less %.40s", at->text, at->text);
        return false;
    }
    add_wish(r, at, (chr_wish){.is_axis = v->kind == CHR_VOCABLE_NOUN, .axis = v->axis});
    return true;
}

static bool read_word(reader *r, const chr_ast *at, bool first) {
    const char *word = at->text;
    bool is_owner = chr_state_has_owner(r->c->state, word);
    bool told = r->sign != 0 || r->whole != 0; /* a noun is due */
    chr_vocable v = chr_vocable_of(word, strlen(word));
    bool function = v.kind == CHR_VOCABLE_SMALL || v.kind == CHR_VOCABLE_MORE ||
                    v.kind == CHR_VOCABLE_AMOUNT || v.kind == CHR_VOCABLE_BY;
    bool named = is_owner && !told && !(function && !(first && r->make)) &&
                 (first || r->behind_small || v.kind != CHR_VOCABLE_MUSIC);
    r->behind_small = !named && v.kind == CHR_VOCABLE_SMALL;
    if (named) {
        add_who(r, at, false);
        return true;
    }
    switch (v.kind) {
    case CHR_VOCABLE_MORE:
        r->sign = v.factor;
        r->waits = at;
        return true;
    case CHR_VOCABLE_AMOUNT:
        read_amount(r, at, &v);
        return true;
    case CHR_VOCABLE_BY:
        r->by = true;
        r->waits = at;
        return true;
    case CHR_VOCABLE_MUSIC:
        add_wish(r, at, (chr_wish){.word = v.word});
        return true;
    case CHR_VOCABLE_SMALL:
        return true;
    case CHR_VOCABLE_GROUP:
        add_who(r, at, true);
        return true;
    case CHR_VOCABLE_NOUN:
        return read_noun(r, at, &v);
    default:
        if (told)
            return read_noun(r, at, &v);
        chr_report_vocable(r->c, at);
        return false;
    }
}

/* ---- what is missing, and what pulls apart ---- */

bool chr_axes_meet(chr_axis a, chr_axis b) {
    return a == b || chr_axes[a].part_of == b || chr_axes[b].part_of == a;
}

void chr_moves_of(const chr_wish *wish, chr_move *moves) {
    memset(moves, 0, (CHR_MOVES_MAX + 1) * sizeof *moves);
    if (wish->word)
        memcpy(moves, wish->word->moves, (CHR_MOVES_MAX + 1) * sizeof *moves);
    else if (wish->is_axis)
        moves[0] = (chr_move){.axis = wish->axis, .factor = 1};
}

/* The axis on which the two pull against each other, or NULL. */
static const char *quarrel(const chr_wish *a, const chr_wish *b) {
    chr_move of_a[CHR_MOVES_MAX + 1], of_b[CHR_MOVES_MAX + 1];
    if (!a->word && !a->is_axis && !b->word && !b->is_axis)
        return strcmp(a->at->text, b->at->text) == 0 && (a->factor > 0) != (b->factor > 0)
                   ? a->at->text
                   : NULL;
    chr_moves_of(a, of_a);
    chr_moves_of(b, of_b);
    for (const chr_move *x = of_a; x->factor != 0; x++)
        for (const chr_move *y = of_b; y->factor != 0; y++) {
            bool opposite = (x->factor * a->factor > 0) != (y->factor * b->factor > 0);
            bool still = x->factor == CHR_BACK_TO_REST || y->factor == CHR_BACK_TO_REST;
            if (!x->optional && !y->optional && chr_axes_meet(x->axis, y->axis) &&
                (opposite || still))
                return chr_axes[chr_axes[x->axis].part_of == y->axis ? y->axis : x->axis].name;
        }
    return NULL;
}

static bool agree(chr_candidate *c, const chr_phrase *phrase) {
    bool good = true;
    for (const chr_wish *a = phrase->wishes; a; a = a->next)
        for (const chr_wish *b = a->next; b; b = b->next) {
            const char *axis = quarrel(a, b);
            if (axis) {
                chr_report(&c->diags, CHR_E392, b->at->span, a->at->text, b->at->text, axis);
                good = false;
            }
        }
    return good;
}

static bool report_missing(chr_candidate *c, chr_span span, const char *what, const char *advice) {
    chr_report(&c->diags, CHR_E394, span, what);
    if (advice)
        chr_suggest(&c->diags, "%s", advice);
    return false;
}

static bool is_whole(reader *r, const chr_ast *make) {
    chr_candidate *c = r->c;
    const chr_who *who = r->phrase->who;
    const chr_wish *wish = r->phrase->wishes;
    if (r->waits && r->waits->kind == CHR_AST_NUMBER)
        return report_missing(c, r->waits->span, "what should change so far", NULL);
    if (r->waits)
        return report_missing(c, r->waits->span,
                              r->by          ? "by how much"
                              : r->sign != 0 ? "of what there should be more or less"
                                             : "what should change so far",
                              r->by ? "in percent: by 30%" : NULL);
    if (!wish)
        return report_missing(c, make->span,
                              who ? chr_arena_printf(c->arena, "how `%s` should be", who->name)
                                  : "what to do",
                              "such as make bass darker; `help words` lists the words");
    if (!who)
        return report_missing(c, make->span, "which sound is meant",
                              "name it: make bass darker, more reverb on the bass");
    return true;
}

/* Decibels are for how loud something is, and a time is for `over`. */
static bool lengths_fit(chr_candidate *c, const chr_phrase *phrase) {
    bool good = true;
    for (const chr_wish *w = phrase->wishes; w; w = w->next) {
        if (!w->of_level || is_level(w))
            continue;
        chr_report(&c->diags, CHR_E395, w->far->span, text_of(c, w->far));
        chr_suggest(&c->diags, "how %.40s, in percent: by 30%%", w->at->text);
        good = false;
    }
    const chr_ast *over = phrase->over ? phrase->over->child : NULL;
    if (over && over->unit != CHR_UNIT_S && over->unit != CHR_UNIT_BEATS &&
        over->unit != CHR_UNIT_BARS && over->unit != CHR_UNIT_WHOLES) {
        chr_report(&c->diags, CHR_E384, over->span, text_of(c, over));
        good = false;
    }
    return good;
}

/* What may be a slip is none where nothing in the line has a name. */
static bool is_no_sentence(chr_candidate *c, const chr_ast *make) {
    for (const chr_ast *a = make->child; a; a = a->next)
        if (a->kind == CHR_AST_NAME && chr_state_has_owner(c->state, a->text))
            return false;
    if (make->number == 0)
        return false;
    chr_report(&c->diags, CHR_E201, make->child->span, make->child->text);
    chr_suggest(&c->diags,
                "a statement begins with a word such as patch, create, sequence, melody, set "
                "or play; a sentence goes: more reverb on the bass");
    return true;
}

bool chr_read_phrase(chr_candidate *c, const chr_ast *make, chr_phrase *phrase) {
    *phrase = (chr_phrase){.over = chr_ast_part(make, CHR_AST_OVER)};
    if (is_no_sentence(c, make))
        return false;
    reader r = {.c = c, .phrase = phrase, .last_who = &phrase->who, .last_wish = &phrase->wishes};
    r.make = make->child->span.from > make->span.from;
    forget(&r);
    bool good = true, first = true;
    for (const chr_ast *a = make->child; a && a != phrase->over && !c->failed; a = a->next) {
        bool read = a->kind == CHR_AST_NUMBER ? read_number(&r, a) : read_word(&r, a, first);
        first = false;
        if (!read)
            forget(&r);
        good = good && read;
    }
    return good && !c->failed && is_whole(&r, make) && agree(c, phrase) && lengths_fit(c, phrase);
}
