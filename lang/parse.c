/* lang/parse.c: gives the tokens to the grammar, statement by statement; decides which words are
 * keywords. SPDX-License-Identifier: MIT */
#include "lang/parse.h"
#include "lang/make_words.h"

#include <stdlib.h>
#include <string.h>

static bool keep(chr_parser *p, chr_token token) {
    if (p->n_tokens == p->capacity) {
        int capacity = p->capacity > 0 ? p->capacity * 2 : 64;
        chr_token *tokens = realloc(p->tokens, (size_t)capacity * sizeof *tokens);
        if (tokens == NULL) {
            p->no_memory = true;
            return false;
        }
        p->tokens = tokens;
        p->capacity = capacity;
    }
    p->tokens[p->n_tokens++] = token;
    return true;
}

/* The tokens of one statement, up to its END. False behind the last statement. */
static bool read_statement(chr_parser *p, chr_lexer *lexer) {
    int bodies = p->bodies_after, n_errors = lexer->n_errors;
    p->n_tokens = 0;
    chr_token t;
    do {
        t = chr_lexer_next(lexer);
        if (!keep(p, t))
            return false;
        if (p->n_tokens > 2 * CHR_AST_NODES_MAX) { /* no tree could hold it */
            chr_report(p->diags, CHR_E113, chr_span_of(p, t.from, t.to), CHR_AST_NODES_MAX);
            p->too_much = true;
            return false;
        }
    } while (t.type != CHR_T_END && t.type != 0);
    p->bodies_after = t.type == 0 ? 0 : (int)t.number;
    p->bodies = bodies < p->bodies_after ? bodies : p->bodies_after;
    if (lexer->n_errors != n_errors)
        p->failed[p->bodies] = true;
    return t.type != 0;
}

static bool is_plain_word(const chr_token *t) {
    return t->type == CHR_T_NAME || t->type == CHR_T_NUMBER || t->type == CHR_T_FRACTION ||
           t->type == CHR_T_COMMA;
}

/* Is a word of the line behind its first a slip of a musical one, as in `bass darkr`? */
static bool has_slip(const chr_parser *p, int from, int to) {
    enum { MOST = 8, LONGEST = 20, MOST_TOLD = 200 };
    char word[LONGEST + 1];
    const chr_token *first = &p->tokens[from];
    bool slip = false;
    for (int i = from; i < to && to - from <= MOST && p->diags->n_kept < MOST_TOLD; i++) {
        const chr_token *t = &p->tokens[i];
        size_t n = t->to - t->from;
        if (t->type != CHR_T_NAME || n > LONGEST)
            continue;
        memcpy(word, p->source->text + t->from, n);
        word[n] = '\0';
        if (t == first && chr_nearest_statement(word) != NULL)
            return false;
        slip = slip || (t != first && chr_vocable_is_near(word));
    }
    return slip;
}

/* `pan left` is a slip of another kind, and has its own answer. */
static bool is_knob_of_all(const chr_parser *p, const chr_token *t) {
    static const char *const knobs[] = {"gain", "pan", "width"};
    for (size_t i = 0; i < sizeof knobs / sizeof knobs[0]; i++)
        if (t->to - t->from == strlen(knobs[i]) &&
            memcmp(p->source->text + t->from, knobs[i], t->to - t->from) == 0)
            return true;
    return false;
}

/* A line of nothing but words (and numbers), one of which only a sentence has: `bass a bit darker`.
 * What else is in it the session looks at; and whether what is only a slip of one was meant. */
static bool is_sentence(const chr_parser *p, int from, bool *slip) {
    bool tells = false;
    int i = from;
    if (is_knob_of_all(p, &p->tokens[from]))
        return false;
    for (; i < p->n_tokens && p->tokens[i].type != CHR_T_END && p->tokens[i].type != 0; i++) {
        const chr_token *t = &p->tokens[i];
        if (!is_plain_word(t))
            return false;
        chr_vocable v = t->type == CHR_T_NAME
                            ? chr_vocable_of(p->source->text + t->from, t->to - t->from)
                            : (chr_vocable){.kind = CHR_VOCABLE_NONE};
        tells = tells || chr_vocable_tells(&v);
    }
    *slip = !tells && has_slip(p, from, i);
    return tells || *slip;
}

/* A keyword wins wherever it can stand; before `=`, and as the name of a call, it is a name. */
static int type_of(chr_parser *p, int i) {
    const chr_token *t = &p->tokens[i];
    if (t->type != CHR_T_NAME && t->type != CHR_T_NUMBER)
        return t->type;
    int next = i + 1 < p->n_tokens ? p->tokens[i + 1].type : 0;
    if (next == CHR_T_EQUAL || next == CHR_T_CALL)
        return CHR_T_NAME;
    int keyword = chr_keyword(p->source->text + t->from, t->to - t->from);
    if (keyword != 0 && chr_lemon_accepts(p->lemon, keyword))
        return keyword;
    return chr_lemon_accepts(p->lemon, CHR_T_SENTENCE) && is_sentence(p, i, &p->slip)
               ? CHR_T_SENTENCE
               : t->type;
}

int chr_statement_start(const chr_parser *p) {
    int first = 0;
    for (int i = 0; i < p->now; i++) {
        const chr_token *t = &p->tokens[first];
        bool when = p->tokens[i].type == CHR_T_COLON &&
                    chr_first_word_of(p->source->text + t->from, t->to - t->from) == CHR_FIRST_WHEN;
        if ((when || p->tokens[i].type == CHR_T_LBRACE) && i + 1 < p->n_tokens)
            first = i + 1;
    }
    return first;
}

/* What the statement that cannot be read was about: the name behind its first word. */
static void name_bad(chr_parser *p) {
    int first = chr_statement_start(p);
    p->bad = chr_make(p, CHR_AST_BAD, p->tokens[first].from);
    p->bad->span.to = p->tokens[p->n_tokens - 1].to;
    if (first + 1 >= p->n_tokens)
        return;
    chr_token name = p->tokens[first + 1];
    bool named = false;
    switch (p->tokens[first].type) {
    case CHR_T_PATCH: /* named only if there is a colon */
        for (int i = first + 2; i < p->n_tokens && p->tokens[i].type != CHR_T_GT && !named; i++)
            named = p->tokens[i].type == CHR_T_COLON;
        break;
    case CHR_T_BUS:
    case CHR_T_CREATE:
    case CHR_T_LET:
    case CHR_T_FN:
    case CHR_T_MODULE:
    case CHR_T_SECTION:
    case CHR_T_SAMPLE:
    case CHR_T_SEQUENCE:
    case CHR_T_MELODY:
    case CHR_T_PARAM:
        named = true;
        break;
    default:
        break;
    }
    if (!named || name.type != CHR_T_NAME)
        return;
    if (first + 3 < p->n_tokens && p->tokens[first + 2].type == CHR_T_TSLASH &&
        p->tokens[first + 3].type == CHR_T_NAME)
        name.to = p->tokens[first + 3].to;
    chr_name(p, p->bad, name);
}

static void feed(chr_parser *p, int i) {
    p->now = i;
    p->tokens[i].type = (uint8_t)type_of(p, i);
    chr_token t = p->tokens[i];
    /* Asked beforehand, while the parser still holds everything that could come instead. */
    if (t.type != 0 && !chr_lemon_accepts(p->lemon, t.type) && !p->failed[p->bodies]) {
        chr_explain(p);
        p->failed[p->bodies] = true;
    }
    chr_lemon(p->lemon, t.type, t);
    if (p->error)
        return;
    if (t.type == CHR_T_LBRACE)
        p->level++;
    else if (t.type == CHR_T_RBRACE)
        p->level--;
    p->before = t.to;
}

/* Behind an error everything is passed over to the END of the same statement. */
static void feed_statement(chr_parser *p) {
    /* A line of a body that is nothing but a mistake makes what it stands in a bad statement. */
    if (p->n_tokens == 1 && p->bodies > 0 && p->failed[p->bodies])
        p->failed[p->bodies - 1] = true;
    for (int i = 0; i < p->n_tokens && !p->no_memory && !p->too_much; i++) {
        bool end = p->tokens[i].type == CHR_T_END;
        int bodies = end ? (int)p->tokens[i].number : 0;
        if (!p->passing || (end && bodies == p->level)) {
            p->passing = false;
            feed(p, i);
        }
        if (p->error) {
            name_bad(p);
            p->error = false;
            p->bad_line = end;
            p->passing = !end;
        }
        if (!end)
            continue;
        if (!p->passing)
            chr_lemon_recovered(p->lemon);
        p->failed[bodies] = false; /* what stood here has been told; the next one begins anew */
    }
}

/* A module without its brace: the indented lines below are its own, and were meant to be inside. */
static void pass_over_body(chr_parser *p, chr_lexer *lexer) {
    if (p->tokens[0].type == CHR_T_MODULE && p->bodies_after == 0 && p->bad_line) {
        p->orphans = true;
        lexer->stray_brace = true;
    }
    p->bad_line = false;
}

static bool is_orphan(chr_parser *p) {
    uint32_t from = p->tokens[0].from;
    if (p->tokens[0].type == 0 || p->tokens[0].type == CHR_T_END)
        return false;
    p->orphans = p->orphans && from > 0 &&
                 (p->source->text[from - 1] == ' ' || p->source->text[from - 1] == '\t');
    if (p->orphans)
        p->failed[p->bodies] = false;
    return p->orphans;
}

static void parse(chr_parser *p, chr_lexer *lexer) {
    for (;;) {
        bool more = read_statement(p, lexer);
        if (p->no_memory || p->too_much)
            return;
        if (!is_orphan(p)) {
            feed_statement(p);
            pass_over_body(p, lexer);
        }
        if (!more || p->no_memory || p->too_much)
            return;
    }
}

chr_ast *chr_parse(const chr_source *source, chr_arena *arena, chr_diags *diags) {
    chr_parser *p = calloc(1, sizeof *p);
    chr_lexer *lexer = calloc(1, sizeof *lexer);
    chr_ast *script = NULL;
    if (p != NULL && lexer != NULL) {
        *p = (chr_parser){.source = source, .arena = arena, .diags = diags};
        int n_errors = diags->n_errors;
        bool readable = chr_lexer_init(lexer, source, diags);
        p->lemon = readable ? chr_lemonAlloc(malloc, p) : NULL;
        if (p->lemon != NULL)
            parse(p, lexer);
        bool told = (!readable && diags->n_errors > n_errors) || p->too_much;
        if (told) /* too long: nothing of it is used */
            script = CHR_NEW(arena, chr_ast);
        else if (p->lemon != NULL && !p->no_memory)
            script = p->script;
        if (told && script != NULL)
            *script = (chr_ast){
                .kind = CHR_AST_SCRIPT, .span = {source, 0, 0},
                     .text = ""
            };
        if (script != NULL)
            script->span = (chr_span){source, 0, (uint32_t)source->len};
        if (p->lemon != NULL)
            chr_lemonFree(p->lemon, free);
        chr_lexer_free(lexer);
        free(p->tokens);
    }
    free(lexer);
    free(p);
    return script;
}

bool chr_source_is_complete(const char *text, size_t len) {
    chr_arena *arena = chr_arena_new(0);
    chr_lexer *lexer = calloc(1, sizeof *lexer);
    bool complete = true; /* without memory: let the evaluation say so */
    if (arena != NULL && lexer != NULL) {
        chr_diags diags;
        chr_diags_init(&diags, arena);
        chr_source source = {"typed", text, len, 1};
        if (chr_lexer_init(lexer, &source, &diags)) {
            while (chr_lexer_next(lexer).type != 0) {
            }
            complete = !lexer->incomplete;
        }
        chr_lexer_free(lexer);
    }
    free(lexer);
    chr_arena_free(arena);
    return complete;
}
