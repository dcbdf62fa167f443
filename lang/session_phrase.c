/* lang/session_phrase.c: reads `make bass a bit darker` and `more reverb on the bass`. Nothing is
 * guessed: a word that is neither in the vocabulary nor a name is an error.
 * SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <stdlib.h>
#include <string.h>

/* How much of something: a bit more. */
typedef struct degree {
    double sign;   /* more, less, no; 0: none */
    double amount; /* a bit, much */
    double whole;  /* twice, half; 0: none */
    double percent;
    bool of_level;
    const chr_ast *waits; /* the last of these words, or NULL */
    const chr_ast *far;   /* that says how far, or NULL */
} degree;

typedef struct reader {
    chr_candidate *c;
    chr_phrase *phrase;
    chr_who **last_who;
    chr_wish **last_wish;
    degree now;                     /* what was said and waits for its word */
    degree before;                  /* of the wish that was read last */
    bool by, make;                  /* `by` was said last; `make` is in front */
    bool failed;                    /* a report was made */
    bool carried;                   /* `now` was said of the word before `and` */
    bool behind_wish, behind_small; /* the word before is a wish; is `the`, `on`, … */
    bool behind_on;                 /* `on`, `of`, `in`, `to` or `for` came behind the last wish */
    /* Names and wishes come in runs, in turns; a run's number is kept as its clause until all is
     * read. */
    int run;
    bool run_is_names, begins_with_names;
    /* The second of two names side by side: wherever it is; without `on` before the first. */
    const chr_ast *names_twice, *list_of_names;
} reader;

static const degree nothing = {.amount = 1};

static void forget(reader *r) {
    r->now = nothing;
    r->by = r->carried = false;
}

/* What is said now is said of the next word, whatever was said of the one before. */
static void begin_degree(reader *r) {
    if (r->carried)
        forget(r);
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

static void go_on(reader *r, bool names) {
    if (r->run == 0)
        r->begins_with_names = names;
    if (r->run == 0 || r->run_is_names != names)
        r->run++;
    r->run_is_names = names;
}

static void add_who(reader *r, const chr_ast *at, bool group) {
    chr_who *who = CHR_NEW(r->c->arena, chr_who);
    if (!who) {
        r->c->failed = true;
        return;
    }
    int before = r->run;
    go_on(r, true);
    if (before == r->run) {
        r->list_of_names = r->behind_on ? NULL : at;
        r->names_twice = at;
    }
    *who = (chr_who){.name = at->text, .at = at, .group = group, .clause = r->run};
    *r->last_who = who;
    r->last_who = &who->next;
}

/* `a bit darker and wider` is a bit of both, and `more reverb and echo` more of both. */
static void carry_over(reader *r) {
    r->now = r->before;
    r->now.waits = NULL;
    r->carried = true;
}

static void add_wish(reader *r, const chr_ast *at, chr_wish wish, bool compares) {
    chr_wish *own = CHR_NEW(r->c->arena, chr_wish);
    if (!own) {
        r->c->failed = true;
        return;
    }
    degree *d = &r->now;
    bool music = wish.word != NULL;
    if (r->carried && compares) /* less bright and wider: that is no less */
        d->sign = 0;
    double sign = d->sign == CHR_ALL_THE_WAY_DOWN && music ? -1 : d->sign != 0 ? d->sign : 1;
    if (r->list_of_names && !r->begins_with_names && r->phrase->who) {
        chr_report(&r->c->diags, CHR_E397, r->list_of_names->span, r->list_of_names->text);
        r->list_of_names = NULL;
        r->failed = true;
    }
    go_on(r, false);
    r->behind_on = false;
    *own = wish;
    own->at = at;
    own->clause = r->run;
    own->whole = d->whole != 0;
    own->factor = own->whole ? d->whole * sign : d->amount * sign;
    own->percent = d->percent;
    own->of_level = d->of_level;
    own->far = r->carried ? NULL : d->far;
    if (r->carried && own->of_level && !chr_wish_is_level(own)) { /* 3dB louder and darker */
        own->percent = 0;
        own->of_level = false;
    }
    *r->last_wish = own;
    r->last_wish = &own->next;
    r->before = *d;
    forget(r);
    r->behind_wish = true;
}

static bool has_distance(const chr_wish *w) {
    return w->far || w->factor == CHR_ALL_THE_WAY_DOWN;
}

/* `by 30%` is about all that was said before it and has no distance of its own; `by 3dB` about what
 * is to be louder, if anything is. */
static void go_by(reader *r, const chr_ast *number) {
    bool level = false, any = false;
    for (const chr_wish *w = r->phrase->wishes; w; w = w->next)
        level = level || (!has_distance(w) && chr_wish_is_level(w));
    for (chr_wish *w = r->phrase->wishes; w && r->by; w = w->next) {
        if (has_distance(w) || (r->now.of_level && level && !chr_wish_is_level(w)))
            continue;
        w->percent = r->now.percent;
        w->of_level = r->now.of_level;
        w->far = number;
        any = true;
    }
    r->by = false;
    if (any)
        forget(r);
}

static bool read_number(reader *r, const chr_ast *number) {
    double ratio = 0;
    bool good = number->number > 0 && number->number <= 1000;
    begin_degree(r);
    if (good && number->unit == CHR_UNIT_PERCENT) {
        r->now.percent = number->number;
    } else if (good && number->unit == CHR_UNIT_DB && number->number <= 60 &&
               chr_unit_convert(number->number, CHR_UNIT_DB, CHR_UNIT_RATIO, NULL, &ratio)) {
        r->now.percent = (ratio - 1) * 100;
        r->now.of_level = true;
    } else {
        chr_report(&r->c->diags, CHR_E395, number->span, chr_text_of(r->c, number));
        return false;
    }
    r->now.waits = r->now.far = number;
    go_by(r, number);
    return true;
}

static void read_amount(reader *r, const chr_ast *at, const chr_vocable *v) {
    begin_degree(r);
    if (v->whole)
        r->now.whole = v->factor;
    else
        r->now.amount = v->factor;
    r->now.waits = r->now.far = at;
}

/* A noun: more of it, or less? */
static bool read_noun(reader *r, const chr_ast *at, const chr_vocable *v) {
    if (r->now.sign == 0 && r->now.whole == 0) {
        chr_report(&r->c->diags, CHR_E394, at->span, "whether that should be more or less");
        chr_suggest(&r->c->diags, "more %.40s, or less %.40s", at->text, at->text);
        return false;
    }
    add_wish(r, at, (chr_wish){.is_axis = v->kind == CHR_VOCABLE_NOUN, .axis = v->axis}, false);
    return true;
}

static bool read_vocable(reader *r, const chr_ast *at, const chr_vocable *v) {
    switch (v->kind) {
    case CHR_VOCABLE_MORE:
        begin_degree(r);
        r->now.sign = v->factor;
        r->now.waits = at;
        return true;
    case CHR_VOCABLE_AMOUNT:
        read_amount(r, at, v);
        return true;
    case CHR_VOCABLE_BY:
        begin_degree(r);
        r->by = true;
        r->now.waits = at;
        return true;
    case CHR_VOCABLE_MUSIC:
        add_wish(r, at, (chr_wish){.word = v->word}, strcmp(at->text, v->word->word) != 0);
        return true;
    case CHR_VOCABLE_SMALL:
        return true;
    default:
        return read_noun(r, at, v);
    }
}

static bool is_preposition(const char *word) {
    static const char *const words[] = {"on", "of", "in", "to", "for"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool read_word(reader *r, const chr_ast *at, bool first) {
    chr_vocable v = chr_vocable_of(at->text, strlen(at->text));
    bool told = r->now.sign != 0 || r->now.whole != 0; /* a noun is due */
    bool function = v.kind == CHR_VOCABLE_SMALL || v.kind == CHR_VOCABLE_MORE ||
                    v.kind == CHR_VOCABLE_AMOUNT || v.kind == CHR_VOCABLE_BY;
    bool named = chr_state_has_owner(r->c->state, at->text) && (!told || r->carried) &&
                 !(function && !(first && r->make)) &&
                 (first || r->behind_small || v.kind != CHR_VOCABLE_MUSIC);
    bool behind_wish = r->behind_wish;
    r->behind_small = !named && v.kind == CHR_VOCABLE_SMALL;
    r->behind_wish = false;
    if (behind_wish && !named && strcmp(at->text, "and") == 0)
        carry_over(r);
    if (named || v.kind == CHR_VOCABLE_GROUP) {
        add_who(r, at, !named);
        return true;
    }
    if (v.kind == CHR_VOCABLE_NONE && !told) {
        chr_report_vocable(r->c, at);
        return false;
    }
    if (v.kind == CHR_VOCABLE_SMALL && is_preposition(at->text))
        r->behind_on = true;
    return read_vocable(r, at, &v);
}

/* ---- what is missing ---- */

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
    const chr_ast *waits = r->now.waits;
    if (waits && r->by)
        return report_missing(c, waits->span, "by how much", "in percent: by 30%");
    if (waits)
        return report_missing(c, waits->span,
                              r->now.sign != 0 ? "of what there should be more or less"
                                               : "what should change so far",
                              NULL);
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

/* Runs become clauses: `bass darker, kick louder` and `more reverb on the bass, less drive on the
 * kick` are two each; of what is said last without a name, the names before it are meant. */
static bool find_clauses(reader *r) {
    bool names_first = r->begins_with_names;
    int last = r->run;
    if (names_first && last > 2 && last % 2 == 1) {
        const chr_who *who = r->phrase->who;
        while (who->clause < last)
            who = who->next;
        chr_report(&r->c->diags, CHR_E397, who->at->span, who->name);
        return false;
    }
    bool trails = !names_first && last > 2 && last % 2 == 1;
    if (trails && r->names_twice) { /* `less drive on bass, lead louder` */
        chr_report(&r->c->diags, CHR_E397, r->names_twice->span, r->names_twice->text);
        return false;
    }
    for (chr_who *w = r->phrase->who; w; w = w->next)
        w->clause = (w->clause + 1) / 2;
    for (chr_wish *w = r->phrase->wishes; w; w = w->next)
        w->clause = trails && w->clause == last ? last / 2 : (w->clause + 1) / 2;
    return true;
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
    int n = 0;
    for (const chr_ast *a = make->child; a && a != phrase->over && !c->failed; a = a->next) {
        if (++n > CHR_PHRASE_MAX) {
            chr_report(&c->diags, CHR_E398, a->span, (int)CHR_PHRASE_MAX);
            return false;
        }
        bool read = a->kind == CHR_AST_NUMBER ? read_number(&r, a) : read_word(&r, a, first);
        first = false;
        if (!read)
            forget(&r);
        good = good && read;
    }
    return good && !r.failed && !c->failed && is_whole(&r, make) && find_clauses(&r) &&
           chr_phrase_is_good(c, phrase);
}
