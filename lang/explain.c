/* lang/explain.c: says in a musician's words why a token cannot stand where it does.
 * SPDX-License-Identifier: MIT */
#include "lang/parse.h"
#include "lang/transforms.h"

#include <stdio.h>
#include <string.h>

static bool accepts(const chr_parser *p, int type) {
    return chr_lemon_accepts(p->lemon, type);
}

static const char *text_of(chr_parser *p, uint32_t from, uint32_t to) {
    const char *text = chr_arena_copy(p->arena, p->source->text + from, to - from);
    return text != NULL ? text : "";
}

/* The token as a player sees it: in backquotes as typed, or what it is. */
static const char *shown(chr_parser *p, const chr_token *t) {
    if (t->from == t->to)
        return chr_token_words(t->type);
    uint32_t to = t->to - t->from > 200 ? t->from + 200 : t->to;
    const char *text = chr_arena_printf(p->arena, "`%s`", text_of(p, t->from, to));
    return text != NULL ? text : "";
}

static chr_span span(const chr_parser *p, const chr_token *t) {
    return chr_span_of(p, t->from, t->to);
}

static bool is_operator(int type) {
    return chr_token_is_operator(type) || type == CHR_T_SIGN;
}

static bool begins_value(int type) {
    return type == CHR_T_NAME || type == CHR_T_PATH || type == CHR_T_NUMBER ||
           type == CHR_T_FRACTION || type == CHR_T_NOTE || type == CHR_T_STRING ||
           type == CHR_T_LPAREN || type == CHR_T_LSQUARE;
}

static bool is_opener(int type) {
    return type == CHR_T_LPAREN || type == CHR_T_CALL || type == CHR_T_LSQUARE ||
           type == CHR_T_PLSQUARE || type == CHR_T_PLANGLE || type == CHR_T_PLROUND ||
           type == CHR_T_LLOCK;
}

static bool is_closer(int type) {
    return type == CHR_T_RPAREN || type == CHR_T_RSQUARE || type == CHR_T_PRSQUARE ||
           type == CHR_T_PRANGLE || type == CHR_T_PRROUND || type == CHR_T_RLOCK;
}

/* ---- what could have come ---- */

typedef struct choices {
    const char *words[8];
    int n;
} choices;

static void offer(choices *c, const char *words) {
    if (c->n < 8)
        c->words[c->n++] = words;
}

static bool begins_chain(const chr_parser *p) {
    if (p->now == 0)
        return false;
    int before = p->tokens[p->now - 1].type;
    return before == CHR_T_GT || before == CHR_T_COLON || before == CHR_T_PATCH;
}

static choices expected(const chr_parser *p) {
    static const int signs[] = {CHR_T_EQUAL, CHR_T_COLON,  CHR_T_GT,      CHR_T_COMMA,
                                CHR_T_DOTS,  CHR_T_RPAREN, CHR_T_RSQUARE, CHR_T_LBRACE};
    choices c = {0};
    if (accepts(p, CHR_T_HUSH)) {
        offer(&c, "a statement");
        return c;
    }
    bool name = accepts(p, CHR_T_NAME), number = accepts(p, CHR_T_NUMBER),
         fraction = accepts(p, CHR_T_FRACTION);
    if (name && number && accepts(p, CHR_T_LSQUARE))
        offer(&c, begins_chain(p) ? "a module" : "a value");
    else if (name)
        offer(&c, "a name");
    else if (number && fraction)
        offer(&c, "a length such as 2 bars or 1/4");
    else if (number)
        offer(&c, "a number");
    else if (fraction)
        offer(&c, "a fraction such as 7/8");
    if (accepts(p, CHR_T_STRING) && !number)
        offer(&c, "a text in quotes");
    if (accepts(p, CHR_T_STEP))
        offer(&c, "steps");
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (accepts(p, signs[i]))
            offer(&c, chr_token_words(signs[i]));
    for (int i = 0; chr_inner_keyword(i) != 0; i++) {
        int keyword = chr_inner_keyword(i);
        bool length = keyword == CHR_T_BEAT || keyword == CHR_T_BEATS || keyword == CHR_T_BAR ||
                      keyword == CHR_T_BARS;
        if (accepts(p, keyword) && !(length && c.n > 0))
            offer(&c, chr_token_name(keyword));
    }
    if (accepts(p, CHR_T_PATCH))
        offer(&c, "patch");
    /* The word alone would be a question, which is not what was begun. */
    bool begun = p->now > chr_statement_start(p) + 1;
    if (c.n == 0 || (begun && accepts(p, CHR_T_END) && c.n < 3))
        offer(&c, "the end of the line");
    return c;
}

static const char *expected_words(chr_parser *p) {
    choices c = expected(p);
    char text[400] = "";
    size_t used = 0;
    for (int i = 0; i < c.n; i++) {
        bool keyword = c.words[i][0] != '`' && strchr(c.words[i], ' ') == NULL &&
                       strcmp(c.words[i], "steps") != 0;
        const char *before = i == 0 ? "" : i + 1 == c.n ? " or " : ", ";
        int n = snprintf(text + used, sizeof text - used, keyword ? "%s`%s`" : "%s%s", before,
                         c.words[i]);
        if (n < 0 || used + (size_t)n >= sizeof text)
            break;
        used += (size_t)n;
    }
    const char *plural = strcmp(c.words[0], "steps") == 0 ? "are" : "is";
    const char *result = chr_arena_printf(p->arena, "%s %s", text, plural);
    return result != NULL ? result : "";
}

/* ---- the beginning of a statement ---- */

static bool has_token(const chr_parser *p, int type) {
    for (int i = p->now; i < p->n_tokens; i++)
        if (p->tokens[i].type == type)
            return true;
    return false;
}

static void explain_beginning(chr_parser *p, const chr_token *t) {
    const chr_token *next = t + 1 < p->tokens + p->n_tokens ? t + 1 : t;
    if (t->type == CHR_T_END) {
        chr_report(p->diags, CHR_E204, span(p, t), "a statement is");
        chr_suggest(p->diags, "several statements stand in { } after the `:`, one a line");
        return;
    }
    const char *word = text_of(p, t->from, t->to - t->from > 200 ? t->from + 200 : t->to);
    const char *near = t->type == CHR_T_NAME ? chr_word_from_elsewhere(word) : NULL;
    if (near == NULL && t->type == CHR_T_NAME)
        near = chr_nearest_statement(word);
    if (t->type == CHR_T_NAME && next->type == CHR_T_EQUAL && near != NULL &&
        strcmp(near, word) == 0) {
        const chr_token *value = next + 1 < p->tokens + p->n_tokens ? next + 1 : next;
        chr_report(p->diags, CHR_E203, span(p, next), "`=`", "the value alone is");
        chr_suggest(p->diags, "%s %.60s", word, text_of(p, value->from, value->to));
    } else if (t->type == CHR_T_NAME && next->type == CHR_T_EQUAL) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "let %.60s = … names something; set NAME %.60s=… changes a parameter",
                    word, word);
    } else if (near != NULL && strcmp(near, word) != 0) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "did you mean `%s`?", near);
    } else if (has_token(p, CHR_T_GT) && t->type != CHR_T_GT) {
        chr_report(p->diags, CHR_E202, span(p, t));
        const char *line = p->source->text + t->from;
        int n = 0;
        while (n < 60 && t->from + (uint32_t)n < p->source->len && line[n] != '\n' &&
               line[n] != '\r')
            n++;
        chr_suggest(p->diags, "to hear it: patch %.*s", n, line);
    } else if (t->type == CHR_T_GT) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "it goes on with the chain right above; an empty line ends a chain");
    } else if (t->type == CHR_T_NAME && next->type == CHR_T_COLON) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest_statements(p->diags, word);
    } else if (t->type == CHR_T_NAME && next->type == CHR_T_NAME && next[1].type == CHR_T_EQUAL) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "set %.60s %.60s=… turns a knob", word,
                    text_of(p, next->from, next->to));
    } else if (strcmp(word, "pan") == 0 || strcmp(word, "gain") == 0 ||
               strcmp(word, "width") == 0) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "every patch has that knob: set NAME %s=%s", word,
                    *word == 'p'   ? "-0.5"
                    : *word == 'g' ? "-6dB"
                                   : "0.5");
    } else if (t->type == CHR_T_NAME && chr_transform_find(word) >= 0) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest_transform(p->diags, word);
    } else if (t->type == CHR_T_NAME && (next->type == CHR_T_NUMBER || next->type == CHR_T_NOTE)) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "to hear a sound: patch %.60s %.60s > out", word,
                    text_of(p, next->from, next->to));
    } else if (t->type == CHR_T_NAME && chr_is_explained(word)) {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(p->diags, "help %.60s explains it", word);
    } else {
        chr_report(p->diags, CHR_E201, span(p, t), word);
        chr_suggest(
            p->diags,
            "a statement begins with a word such as patch, create, sequence, melody, set or play");
    }
}

/* ---- within a statement ---- */

/* `a -6` where no value can begin. */
static void explain_sign(chr_parser *p, const chr_token *t, const chr_token *before) {
    const chr_token *next = t + 1 < p->tokens + p->n_tokens ? t + 1 : t;
    chr_report(p->diags, CHR_E206, chr_span_of(p, t->from, next->to),
               text_of(p, t->from, next->to));
    chr_suggest(p->diags, "with a blank on both sides it is one: %.60s %s %.60s",
                is_closer(before->type) ? "…" : text_of(p, before->from, before->to),
                text_of(p, t->from, t->to), text_of(p, next->from, next->to));
}

/* Two things side by side that only a `>` could join. */
static void explain_gap(chr_parser *p, const chr_token *t, const chr_token *before) {
    chr_report(p->diags, CHR_E207, span(p, t), shown(p, t));
    chr_suggest(p->diags, "join them: %.60s > %.60s",
                is_closer(before->type) ? "…" : text_of(p, before->from, before->to),
                text_of(p, t->from, t->to));
}

/* Where the colon of `sequence kick x...` or `bus space reverb` should stand: before the token at
 * hand, or before a name that can only be read as that of a key. */
static const chr_token *lost_colon(const chr_parser *p, const chr_token *t,
                                   const chr_token *before) {
    int start = chr_statement_start(p);
    int first = p->tokens[start].type;
    if (first != CHR_T_SEQUENCE && first != CHR_T_MELODY && first != CHR_T_VALUES &&
        first != CHR_T_BUS)
        return NULL;
    for (int i = start; i < p->n_tokens; i++)
        if (p->tokens[i].type == CHR_T_COLON)
            return NULL;
    if (accepts(p, CHR_T_COLON) && t->type != CHR_T_END)
        return t;
    return before->type == CHR_T_NAME && accepts(p, CHR_T_EQUAL) ? before : NULL;
}

/* `patch fade=2 beats arp voices=4: …`: a name behind a key could only be that of another key. */
static bool give_name_first(chr_parser *p, const chr_token *t, const chr_token *before) {
    const chr_token *first = &p->tokens[chr_statement_start(p)];
    bool named_late = first->type == CHR_T_PATCH && before->type == CHR_T_NAME &&
                      before >= first + 4 && first[2].type == CHR_T_EQUAL &&
                      accepts(p, CHR_T_EQUAL) && !accepts(p, CHR_T_GT) &&
                      (t->type == CHR_T_COLON || t->type == CHR_T_NAME);
    if (named_late)
        chr_suggest(p->diags, "the name comes first: patch %.60s %.100s%s",
                    text_of(p, before->from, before->to), text_of(p, first[1].from, before[-1].to),
                    t->type == CHR_T_COLON ? ": …" : " …");
    return named_late;
}

/* Habits from other languages, and slips that are made often. */
static void give_hint(chr_parser *p, const chr_token *t, const chr_token *before) {
    bool touching = before->to == t->from && before->to > before->from;
    int first = chr_statement_start(p);
    if (give_name_first(p, t, before))
        return;
    if (t->type == CHR_T_NUMBER && touching && p->now > first + 1 && before->type == CHR_T_TSLASH &&
        before[-1].type == CHR_T_NAME) {
        chr_suggest(p->diags, "a further pattern bears a name, not a number: %.60s/fill",
                    text_of(p, before[-1].from, before[-1].to));
        return;
    }
    if (t->type == CHR_T_GT && touching &&
        (before->type == CHR_T_SIGN || before->type == CHR_T_EQUAL || before->type == CHR_T_PIPE))
        chr_suggest(p->diags, "sounds are joined by a plain `>`");
    else if (t->type == CHR_T_PIPE)
        chr_suggest(p->diags, "sounds are joined by `>`: saw > lpf 900 > out");
    else if ((t->type == CHR_T_LSLASH || t->type == CHR_T_TSLASH) && touching &&
             (before->type == CHR_T_LSLASH || before->type == CHR_T_TSLASH))
        chr_suggest(p->diags, "a comment begins with #");
    else if (t->type == CHR_T_COMMA && accepts(p, CHR_T_GT))
        chr_suggest(p->diags, "values stand side by side, without commas: lpf 900 0.4");
    else if (begins_value(t->type) && accepts(p, CHR_T_EQUAL) &&
             (before->type == CHR_T_NAME || before->type == CHR_T_PATH))
        chr_suggest(p->diags, "with a `=` between them: %.60s=%.60s",
                    text_of(p, before->from, before->to), text_of(p, t->from, t->to));
    else if ((t->type == CHR_T_NAME || t->type == CHR_T_PATH || t->type == CHR_T_NOTE) &&
             accepts(p, CHR_T_STRING) && !accepts(p, CHR_T_NUMBER))
        chr_suggest(p->diags, "in quotes: \"%.60s\"",
                    text_of(p, t->from, p->tokens[p->n_tokens - 2].to));
    else if (t->type == CHR_T_EQUAL && before->type == CHR_T_PATH &&
             p->tokens[first].type == CHR_T_SET)
        chr_suggest(p->diags, "without `set`: %.60s = …", text_of(p, before->from, before->to));
    else if (p->tokens[first].type == CHR_T_PATCH && p->now >= first + 3 &&
             p->tokens[first + 2].type == CHR_T_EQUAL && !accepts(p, CHR_T_GT))
        chr_suggest(p->diags, "a patch is named with a colon: patch %.60s: …",
                    text_of(p, p->tokens[first + 1].from, p->tokens[first + 1].to));
}

/* Never for the first token. */
static void explain_colon(chr_parser *p, const chr_token *t) {
    chr_report(p->diags, CHR_E212, span(p, t), shown(p, t));
    int first = p->tokens[chr_statement_start(p)].type;
    if (first == CHR_T_SEQUENCE)
        chr_suggest(p->diags, "the steps follow a colon: sequence kick: x...x...");
    else if (first == CHR_T_MELODY)
        chr_suggest(p->diags, "the notes follow a colon: melody bass: C2 C2 G2 Eb2");
    else if (first == CHR_T_VALUES)
        chr_suggest(p->diags, "the values follow a colon: values bass.cutoff: 200 <800 2k>");
    else if (first == CHR_T_BUS && t->type == CHR_T_EQUAL)
        chr_suggest(p->diags, "the name comes first: bus space gain=-6dB: reverb size=0.9 > out");
    else if (first == CHR_T_BUS)
        chr_suggest(p->diags, "the chain follows a colon: bus space: reverb size=0.9 > out");
    else
        give_hint(p, t, t - 1);
}

void chr_explain(chr_parser *p) {
    const chr_token *t = &p->tokens[p->now];
    static const chr_token none = {0};
    const chr_token *before = p->now > 0 ? t - 1 : &none;
    if (accepts(p, CHR_T_HUSH)) {
        explain_beginning(p, t);
    } else if (lost_colon(p, t, before) != NULL) {
        explain_colon(p, lost_colon(p, t, before));
    } else if (is_closer(t->type) && (is_opener(before->type) || before->type == CHR_T_PCOMMA ||
                                      before->type == CHR_T_PBAR)) {
        chr_report(p->diags, CHR_E215, chr_span_of(p, before->from, t->to),
                   text_of(p, before->from, before->to), text_of(p, t->from, t->to));
    } else if ((t->type == CHR_T_PCOMMA || t->type == CHR_T_PBAR) &&
               (is_opener(before->type) || before->type == t->type)) {
        chr_report(p->diags, CHR_E215, chr_span_of(p, before->from, t->to),
                   text_of(p, before->from, before->to), text_of(p, t->from, t->to));
    } else if (before->type == CHR_T_GT && (t->type == CHR_T_END || t->type == CHR_T_GT ||
                                            is_closer(t->type) || t->type == CHR_T_COMMA)) {
        chr_report(p->diags, CHR_E213, span(p, before));
        if (t->type == CHR_T_GT)
            chr_suggest(p->diags, "between two `>` stands a module: > lpf 900 >");
    } else if ((is_operator(before->type) || before->type == CHR_T_EQUAL ||
                before->type == CHR_T_COMMA || before->type == CHR_T_DOTS) &&
               !begins_value(t->type)) {
        chr_report(p->diags, CHR_E214, span(p, before), text_of(p, before->from, before->to));
        give_hint(p, t, before);
    } else if (t->type == CHR_T_NOTE && accepts(p, CHR_T_NAME)) {
        chr_report(p->diags, CHR_E211, span(p, t), text_of(p, t->from, t->to));
    } else if (t->type == CHR_T_SIGN && (accepts(p, CHR_T_LMINUS) || accepts(p, CHR_T_GT))) {
        explain_sign(p, t, before);
    } else if (begins_value(t->type) && accepts(p, CHR_T_GT)) {
        explain_gap(p, t, before);
    } else if (accepts(p, CHR_T_COLON) && !accepts(p, CHR_T_GT) && t->type != CHR_T_END) {
        explain_colon(p, t);
    } else if (t->type == CHR_T_END) {
        chr_report(p->diags, CHR_E204, span(p, t), expected_words(p));
        chr_explain_usage(p);
    } else {
        chr_report(p->diags, CHR_E203, span(p, t), shown(p, t), expected_words(p));
        give_hint(p, t, before);
        chr_explain_usage(p);
    }
}
