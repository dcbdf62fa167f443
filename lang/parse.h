/* lang/parse.h: what the grammar's actions build with. Inside the front end only; the parser's face
 * is ast.h. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_PARSE_H
#define CHR_LANG_PARSE_H

#include "lang/token.h"

/* Nodes in a row that are to become children. */
typedef struct chr_list {
    chr_ast *first, *last;
    int depth; /* of the deepest, 1 for a leaf; 0 for an empty list */
    bool bad;  /* one of them is a statement with an error */
} chr_list;

typedef struct chr_parser {
    const chr_source *source;
    chr_arena *arena;
    chr_diags *diags;
    void *lemon;
    chr_ast *script;
    /* The tokens of the statement at hand, up to its END; `now` is the one that the grammar is
     * being given. */
    chr_token *tokens;
    int n_tokens, capacity, now;
    uint32_t before;  /* end of the last token that the grammar took: where what it builds ends */
    int bodies;       /* { } that the statement at hand stands in */
    int bodies_after; /* and that its END stands in */
    int n_nodes;
    bool no_memory, too_much;
    bool error;                       /* the grammar could not go on in the statement at hand */
    bool failed[CHR_NESTING_MAX + 2]; /* by body: the statement at hand has been reported */
    chr_ast *bad;                     /* stands for the statement that the grammar could not read */
    bool bad_line;                    /* its END was the mistake */
    bool orphans;  /* indented lines are passed over: their module has no brace */
    bool slip;     /* the sentence at hand is one only if a slip of a musical word was meant */
    bool passing;  /* what is left of it is passed over */
    int level;     /* { } whose opening brace the grammar has taken */
    chr_ast spare; /* stands in where memory is out, so that no action need ask */
} chr_parser;

/* ---- build.c ---- */

chr_ast *chr_make(chr_parser *p, chr_ast_kind kind, uint32_t from);
chr_ast *chr_make_text(chr_parser *p, chr_ast_kind kind, chr_token text);
chr_list chr_list_of(chr_parser *p, chr_ast *one);
chr_list chr_append(chr_parser *p, chr_list list, chr_ast *one);
chr_list chr_join(chr_list a, chr_list b);
/* Makes the list the children, after those that are there. */
chr_ast *chr_adopt(chr_parser *p, chr_ast *parent, chr_list children);
chr_ast *chr_branch(chr_parser *p, chr_ast_kind kind, uint32_t from, chr_list children);
/* Sets the text; the token's characters. */
chr_ast *chr_name(chr_parser *p, chr_ast *ast, chr_token text);
chr_ast *chr_binary(chr_parser *p, chr_ast *a, chr_token op, chr_ast *b);
chr_ast *chr_number(chr_parser *p, chr_token number);
/* A word of `make` or of a sentence, or a number in it. */
chr_ast *chr_phrase_word(chr_parser *p, chr_token word);
/* MAKE for a sentence without that word. */
chr_ast *chr_sentence(chr_parser *p, chr_token first, chr_list others, chr_ast *over);
chr_ast *chr_length(chr_parser *p, chr_token number, chr_token word);
chr_ast *chr_string(chr_parser *p, chr_token string);
chr_ast *chr_target(chr_parser *p, chr_token first, chr_token last);
/* A pattern that is taken from another: PATTERN of its TARGET and, it may be, a CHAIN. */
chr_ast *chr_from(chr_parser *p, chr_ast *source, chr_list chain);
chr_ast *chr_mod(chr_parser *p, chr_token mod);
/* `a.b.c = value`: a SET of `a` with the key `b.c`. */
chr_ast *chr_assign(chr_parser *p, chr_token path, chr_ast *value, chr_ast *over);
chr_ast *chr_patch(chr_parser *p, chr_token word, chr_ast *head, chr_list keys, chr_ast *chain);
chr_ast *chr_node(chr_parser *p, chr_token name, chr_list arguments);
chr_ast *chr_module_statement(chr_parser *p, chr_token word, chr_token name, chr_list formals,
                              chr_ast *doc, chr_list items);
/* Reports a name that means a signal already. `what`: "a patch". */
void chr_check_name(chr_parser *p, chr_token name, const char *what);
/* The statement, or BAD in its place if something in it has been reported. */
chr_ast *chr_statement_done(chr_parser *p, chr_ast *statement);
/* BAD for the statement at hand, which the grammar could not read. */
chr_ast *chr_statement_bad(chr_parser *p);
void chr_fail(chr_parser *p);
chr_span chr_span_of(const chr_parser *p, uint32_t from, uint32_t to);

/* ---- parse.c ---- */

/* The number of the first token of the statement that `now` is in, behind `at bar 9:` and `{`. */
int chr_statement_start(const chr_parser *p);

/* ---- grammar.y: the first three by Lemon ---- */

void *chr_lemonAlloc(void *(*allocate)(size_t), chr_parser *p);
void chr_lemonFree(void *lemon, void (*release)(void *));
void chr_lemon(void *lemon, int type, chr_token token);
void chr_lemon_recovered(void *lemon);
/* Could a token of this type come next? */
bool chr_lemon_accepts(const void *lemon, int type);

/* ---- words.c ---- */

/* The type of a keyword, or 0. */
int chr_keyword(const char *text, size_t n);
/* Every keyword that is not the first word of a statement, by number; 0 after the last. */
int chr_inner_keyword(int number);
/* The statement word nearest to `word`, or NULL. */
const char *chr_nearest_statement(const char *word);

/* ---- explain.c ---- */

/* Reports why the token at hand cannot stand where it does. */
void chr_explain(chr_parser *p);

/* ---- explain_usage.c ---- */

/* Says how the statement at hand goes, if nothing better was suggested and its form is the trouble.
 */
void chr_explain_usage(chr_parser *p);
/* The statement that a word of other programs stands for, or NULL. */
const char *chr_word_from_elsewhere(const char *word);

#endif
