/* lang/complete.c: finds the statement and the word at the cursor, and who knows what may stand
 * there. SPDX-License-Identifier: MIT */
#include "lang/complete_inner.h"
#include "lang/harmony.h"
#include "lang/make_words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

char *chr_token_copy(const completing *c, int i) {
    const chr_token *t = &c->tokens[i];
    return chr_arena_copy(c->arena, c->text + t->from, t->to - t->from);
}

bool chr_token_is(const completing *c, int i, const char *word) {
    const chr_token *t = &c->tokens[i];
    size_t n = strlen(word);
    return i < c->n && t->to - t->from == n && memcmp(c->text + t->from, word, n) == 0;
}

/* ---- the word ---- */

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

typedef enum surroundings { IN_TEXT, IN_STRING, IN_COMMENT } surroundings;

/* What the cursor is in; *quote: the place of the opening quote. Strings and comments end with
 * their line. */
static surroundings look_round(const char *text, size_t cursor, size_t *quote) {
    size_t at = cursor;
    while (at > 0 && text[at - 1] != '\n')
        at--;
    surroundings in = IN_TEXT;
    for (size_t start = at; at < cursor; at++) {
        if (in == IN_STRING && text[at] == '\\' && at + 1 < cursor) {
            at++;
        } else if (text[at] == '"') {
            in = in == IN_STRING ? IN_TEXT : IN_STRING;
            *quote = at;
        } else if (in == IN_TEXT && text[at] == '#' &&
                   (at == start || text[at - 1] == ' ' || text[at - 1] == '\t')) {
            return IN_COMMENT;
        }
    }
    return in;
}

/* ---- the statement ---- */

/* The tokens before the word at `from`, of its statement alone. A letter takes the word's place, so
 * that the lexer says what stands there. */
static bool read_statement(completing *c, size_t from, chr_token **tokens) {
    char *text = chr_arena_alloc(c->arena, from + 2);
    chr_arena *scratch = chr_arena_new(0);
    chr_lexer *lexer = calloc(1, sizeof *lexer);
    bool good = false;
    int room = 0, n = 0, bodies = 0;
    *tokens = NULL;
    if (text && scratch && lexer) {
        memcpy(text, c->text, from);
        text[from] = 'x';
        chr_diags diags;
        chr_diags_init(&diags, scratch);
        chr_source source = {"typed", text, from + 1, 1};
        good = chr_lexer_init(lexer, &source, &diags);
        for (chr_token t; good && (t = chr_lexer_next(lexer)).type != 0;) {
            if (n == room) {
                chr_token *more = realloc(*tokens, sizeof *more * (size_t)(room = room * 2 + 64));
                good = more != NULL;
                if (!good)
                    break;
                *tokens = more;
            }
            if (t.from >= from && t.type != CHR_T_END) {
                c->in_steps = t.type == CHR_T_STEP;
                c->in_body = bodies > 0;
                break;
            }
            bodies += (t.type == CHR_T_LBRACE) - (t.type == CHR_T_RBRACE);
            if (t.type == CHR_T_END || t.type == CHR_T_LBRACE || t.type == CHR_T_RBRACE)
                n = 0;
            else
                (*tokens)[n++] = t;
        }
        chr_lexer_free(lexer);
    }
    free(lexer);
    chr_arena_free(scratch);
    c->tokens = *tokens;
    c->n = n;
    return good;
}

static const chr_statement_info *statement_of(const completing *c, int i) {
    for (int k = 0; k < chr_statements_count; k++)
        if (chr_token_is(c, i, chr_statements[k].word))
            return &chr_statements[k];
    return NULL;
}

/* Behind `at bar 9:` another statement begins. */
static int behind_when(const completing *c) {
    int from = 0;
    for (;;) {
        bool when = from < c->n &&
                    chr_first_word_of(c->text + c->tokens[from].from,
                                      c->tokens[from].to - c->tokens[from].from) == CHR_FIRST_WHEN;
        int i = from;
        while (when && i < c->n && c->tokens[i].type != CHR_T_COLON)
            i++;
        if (!when || i == c->n)
            return from;
        from = i + 1;
    }
}

/* The token behind which the statement's chain begins, or -1. */
static int chain_after(const completing *c, int from, const chr_statement_info *info) {
    if (!strstr(info->usage, "CHAIN"))
        return -1;
    int open = 0;
    for (int i = from + 1; i < c->n; i++) {
        int type = c->tokens[i].type;
        open += type == CHR_T_LPAREN || type == CHR_T_CALL;
        open -= type == CHR_T_RPAREN;
        if (open == 0 &&
            (type == CHR_T_COLON || (type == CHR_T_EQUAL && strcmp(info->word, "let") == 0) ||
             (type == CHR_T_EQUAL && strcmp(info->word, "fn") == 0)))
            return i;
        if (type == CHR_T_GT)
            break;
    }
    return strcmp(info->word, "patch") == 0 ? from : -1;
}

/* The `>` behind which a pattern's transforms begin, or -1. */
static int transforms_after(const completing *c, int from) {
    bool pattern = chr_token_is(c, from, "sequence") || chr_token_is(c, from, "melody") ||
                   chr_token_is(c, from, "values");
    for (int i = from + 1; pattern && i < c->n; i++)
        if (c->tokens[i].type == CHR_T_GT)
            return i;
    return -1;
}

/* ---- what stands at the cursor ---- */

/* The inside of { } behind a step: keys of the instrument that plays. */
static bool in_lock(const completing *c) {
    int open = 0;
    for (int i = 0; i < c->n; i++)
        open += (c->tokens[i].type == CHR_T_LLOCK) - (c->tokens[i].type == CHR_T_RLOCK);
    return open > 0;
}

static void complete_lock(completing *c, int from) {
    char *owner = from + 1 < c->n ? chr_token_copy(c, from + 1) : NULL;
    const chr_token *last = &c->tokens[c->n - 1];
    bool value = last->type == CHR_T_EQUAL && c->n > 1;
    char *key = value ? chr_token_copy(c, c->n - 2) : NULL;
    chr_page_param knob;
    if (!owner)
        return;
    if (chr_find_knob(c, owner, key ? key : c->word, &knob)) {
        chr_hint_param(c, owner, &knob);
        if (key)
            chr_offer_choices(c, knob.choices);
    }
    if (!value)
        chr_offer_knobs(c, owner, true);
}

static void complete_first(completing *c) {
    if (c->in_body) {
        chr_offer(c, CHR_WORD_KEYWORD, "param");
        chr_offer(c, CHR_WORD_KEYWORD, "let");
        chr_offer(c, CHR_WORD_KEYWORD, "fn");
        chr_complete_chain(c, c->n);
        return;
    }
    chr_offer_statements(c);
    chr_offer_owners(c, false);
    for (int i = 0; i < chr_statements_count; i++)
        if (strcmp(chr_statements[i].word, c->word) == 0)
            chr_hint_statement(c, &chr_statements[i]);
}

static void complete_path(completing *c) {
    chr_page_param knob;
    if (*c->word && chr_find_knob(c, c->path, c->word, &knob))
        chr_hint_param(c, c->path, &knob);
    chr_offer_knobs(c, c->path, false);
}

/* `bass.cutoff = …` */
static void complete_assignment(completing *c, int from) {
    char *path = chr_token_copy(c, from);
    char *point = path ? strrchr(path, '.') : NULL;
    chr_page_param knob;
    if (!point)
        return;
    *point = '\0';
    if (chr_find_knob(c, path, point + 1, &knob)) {
        chr_hint_param(c, path, &knob);
        chr_offer_choices(c, knob.choices);
    }
    chr_offer_definitions(c, false);
}

/* The value of a key, such as `key="C mi…` or `voicing=`: true if it was one of these. */
static bool complete_harmony(completing *c) {
    if (c->n < 2 || c->tokens[c->n - 1].type != CHR_T_EQUAL)
        return false;
    bool key = c->in_quotes && chr_token_is(c, c->n - 2, "key");
    bool map = c->in_quotes && chr_token_is(c, c->n - 2, "map");
    bool voicing = !c->in_quotes && chr_token_is(c, c->n - 2, "voicing");
    if (key)
        chr_offer_scales(c);
    if (map)
        chr_offer_tunings(c, ".kbm");
    for (int i = 0; voicing && i < CHR_VOICINGS; i++)
        chr_offer(c, CHR_WORD_CHOICE, chr_voicing_words[i]);
    return key || map || voicing;
}

/* A line that began with a word of the vocabulary, or with a name: `bass …`, `more …`. */
static bool in_sentence(const completing *c, int from) {
    if (from >= c->n || c->in_body)
        return false;
    for (int i = from; i < c->n; i++)
        if (c->tokens[i].type != CHR_T_NAME && c->tokens[i].type != CHR_T_NUMBER &&
            c->tokens[i].type != CHR_T_COMMA)
            return false;
    const chr_token *first = &c->tokens[from];
    const char *name = chr_token_copy(c, from);
    return chr_vocable_of(c->text + first->from, first->to - first->from).kind !=
               CHR_VOCABLE_NONE ||
           (name && chr_state_has_owner(c->state, name));
}

static void complete_sentence(completing *c) {
    chr_offer_vocabulary(c, false);
    chr_offer_owners(c, false);
    for (int i = 0; i < chr_statements_count; i++)
        if (strcmp(chr_statements[i].word, "make") == 0)
            chr_hint_statement(c, &chr_statements[i]);
}

static void complete(completing *c) {
    int from = behind_when(c);
    const chr_statement_info *info = from < c->n ? statement_of(c, from) : NULL;
    if (in_lock(c)) {
        complete_lock(c, from);
    } else if (c->in_steps || complete_harmony(c)) {
        if (info)
            chr_hint_statement(c, info);
    } else if (c->path && !c->in_quotes) {
        complete_path(c);
    } else if (from == c->n) {
        complete_first(c);
    } else if (c->tokens[from].type == CHR_T_PATH) {
        complete_assignment(c, from);
    } else if (info && !c->in_quotes && transforms_after(c, from) >= 0) {
        chr_complete_weave(c, transforms_after(c, from) + 1);
    } else if (info) {
        int chain = c->in_quotes ? -1 : chain_after(c, from, info);
        if (chain >= 0)
            chr_complete_chain(c, chain + 1);
        if (chain <= from)
            chr_complete_form(c, from, info);
    } else if (in_sentence(c, from)) {
        complete_sentence(c);
    } else if (c->in_body || c->n > 0) {
        chr_complete_chain(c, from);
    }
}

/* The word at the cursor: text[*from..*to), and of a path what stands before its last point. */
static void find_word(completing *c, size_t len, size_t cursor, size_t quote, size_t *from) {
    size_t start = cursor, end = cursor;
    if (c->in_quotes) {
        start = quote + 1;
        /* "C mi…": the scale begins behind the root */
        for (size_t i = start; i < cursor; i++)
            if (c->text[i] == ' ' && i < start + 3)
                start = i + 1;
    } else {
        while (start > 0 && is_word(c->text[start - 1]))
            start--;
    }
    while (end < len && is_word(c->text[end]) && !c->in_quotes)
        end++;
    size_t point = cursor;
    while (point > start && c->text[point - 1] != '.')
        point--;
    *from = start;
    bool path = !c->in_quotes && point > start && !isdigit((unsigned char)c->text[start]);
    if (path)
        c->path = chr_arena_copy(c->arena, c->text + start, point - 1 - start);
    c->out->from = path ? point : start;
    size_t typed = cursor - c->out->from;
    /* No word has a byte 0 in it, and nobody types one. */
    c->prefix = memchr(c->text + c->out->from, 0, typed)
                    ? "\x01"
                    : chr_arena_copy(c->arena, c->text + c->out->from, typed);
    c->word = chr_arena_copy(c->arena, c->text + c->out->from, end - c->out->from);
}

bool chr_complete(const chr_session *s, const char *text, size_t len, size_t cursor, bool hint_only,
                  chr_arena *arena, chr_completion *out) {
    *out = (chr_completion){.from = cursor, .hint = ""};
    completing c = {.session = s,
                    .state = chr_session_state(s),
                    .arena = arena,
                    .text = text,
                    .hint_only = hint_only,
                    .out = out};
    size_t quote = 0, from;
    surroundings in = look_round(text, cursor, &quote);
    if (in == IN_COMMENT)
        return true;
    c.in_quotes = in == IN_STRING;
    find_word(&c, len, cursor, quote, &from);
    chr_token *tokens = NULL;
    bool good = c.prefix && c.word && read_statement(&c, c.in_quotes ? quote : from, &tokens);
    bool number = good && !c.in_quotes && isdigit((unsigned char)*c.word);
    if (number)
        c.hint_only = true; /* nothing that could be offered begins with a digit */
    if (good)
        complete(&c);
    free(tokens);
    return good && !chr_arena_failed(arena);
}
