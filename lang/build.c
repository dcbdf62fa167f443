/* lang/build.c: makes the tree; called by the grammar's actions.
 * SPDX-License-Identifier: MIT */
#include "lang/parse.h"

#include <assert.h>
#include <string.h>

chr_span chr_span_of(const chr_parser *p, uint32_t from, uint32_t to) {
    return (chr_span){p->source, from, to};
}

void chr_fail(chr_parser *p) {
    p->failed[p->bodies] = true;
}

chr_ast *chr_make(chr_parser *p, chr_ast_kind kind, uint32_t from) {
    chr_ast *ast = NULL;
    if (p->n_nodes >= CHR_AST_NODES_MAX) {
        if (!p->too_much)
            chr_report(p->diags, CHR_E113, chr_span_of(p, from, p->before), CHR_AST_NODES_MAX);
        p->too_much = true;
    } else if ((ast = CHR_NEW(p->arena, chr_ast)) == NULL) {
        p->no_memory = true;
    } else {
        p->n_nodes++;
    }
    if (ast == NULL)
        ast = &p->spare;
    *ast = (chr_ast){
        .kind = kind, .span = chr_span_of(p, from, p->before), .text = "", .unit = CHR_UNIT_NONE};
    return ast;
}

/* Where memory is out: an empty text whose second byte may be looked at as well. */
static const char *copy(chr_parser *p, uint32_t from, uint32_t to) {
    const char *text = chr_arena_copy(p->arena, p->source->text + from, to - from);
    if (text == NULL)
        p->no_memory = true;
    return text != NULL ? text : "\0";
}

chr_ast *chr_name(chr_parser *p, chr_ast *ast, chr_token text) {
    ast->text = copy(p, text.from, text.to);
    return ast;
}

chr_ast *chr_make_text(chr_parser *p, chr_ast_kind kind, chr_token text) {
    chr_ast *ast = chr_name(p, chr_make(p, kind, text.from), text);
    ast->span.to = text.to;
    return ast;
}

chr_list chr_append(chr_parser *p, chr_list list, chr_ast *one) {
    if (one == &p->spare)
        return list;
    if (list.first == NULL)
        list.first = one;
    else
        list.last->next = one;
    list.last = one;
    if (one->depth + 1 > list.depth)
        list.depth = one->depth + 1;
    if (one->kind == CHR_AST_BAD)
        list.bad = true;
    return list;
}

chr_list chr_list_of(chr_parser *p, chr_ast *one) {
    /* Where memory is out a list still has a first node, as the actions expect. */
    if (one == &p->spare)
        return (chr_list){one, one, 1, false};
    return chr_append(p, (chr_list){0}, one);
}

chr_list chr_join(chr_list a, chr_list b) {
    if (a.first == NULL)
        return b;
    if (b.first == NULL || a.last == b.first)
        return a;
    a.last->next = b.first;
    a.last = b.last;
    if (b.depth > a.depth)
        a.depth = b.depth;
    a.bad = a.bad || b.bad;
    return a;
}

chr_ast *chr_adopt(chr_parser *p, chr_ast *parent, chr_list children) {
    if (children.first == NULL || parent == &p->spare || children.first == &p->spare)
        return parent;
    if (parent->child == NULL) {
        parent->child = children.first;
    } else {
        chr_ast *last = parent->child;
        while (last->next != NULL)
            last = last->next;
        last->next = children.first;
    }
    if (children.depth > parent->depth)
        parent->depth = children.depth;
    if (parent->depth > CHR_AST_DEPTH_MAX) {
        if (!p->failed[p->bodies])
            chr_report(p->diags, CHR_E220, parent->span, CHR_AST_DEPTH_MAX);
        chr_fail(p);
        /* The tree below is let go, so that nobody walks down it. */
        parent->child = NULL;
        parent->depth = 0;
    }
    return parent;
}

chr_ast *chr_branch(chr_parser *p, chr_ast_kind kind, uint32_t from, chr_list children) {
    return chr_adopt(p, chr_make(p, kind, from), children);
}

chr_ast *chr_binary(chr_parser *p, chr_ast *a, chr_token op, chr_ast *b) {
    uint32_t from = a->span.from;
    chr_ast *ast =
        chr_name(p, chr_branch(p, CHR_AST_BINARY, from, chr_append(p, chr_list_of(p, a), b)), op);
    bool tight = op.type == CHR_T_TSTAR || op.type == CHR_T_TSLASH || op.type == CHR_T_TPERCENT ||
                 op.type == CHR_T_TPLUS || op.type == CHR_T_TMINUS || op.type == CHR_T_TPOWER ||
                 op.type == CHR_T_TSAME;
    ast->number = tight ? 0 : 1;
    return ast;
}

chr_ast *chr_number(chr_parser *p, chr_token number) {
    chr_ast *ast = chr_make(p, CHR_AST_NUMBER, number.from);
    ast->span.to = number.to;
    ast->number = number.number;
    ast->unit = number.type == CHR_T_FRACTION ? CHR_UNIT_WHOLES : (chr_unit)number.unit;
    return ast;
}

chr_ast *chr_phrase_word(chr_parser *p, chr_token word) {
    char c = p->source->text[word.from];
    bool number = (c >= '0' && c <= '9') || c == '.';
    return number ? chr_number(p, word) : chr_make_text(p, CHR_AST_NAME, word);
}

chr_ast *chr_sentence(chr_parser *p, chr_token first, chr_list others, chr_ast *over) {
    chr_list list = chr_join(chr_list_of(p, chr_phrase_word(p, first)), others);
    if (over != NULL)
        list = chr_append(p, list, over);
    chr_ast *ast = chr_branch(p, CHR_AST_MAKE, first.from, list);
    ast->number = p->slip;
    return ast;
}

chr_ast *chr_length(chr_parser *p, chr_token number, chr_token word) {
    chr_ast *ast = chr_make(p, CHR_AST_NUMBER, number.from);
    ast->span.to = word.to;
    ast->number = number.number;
    const char *text = copy(p, word.from, word.to);
    ast->unit = text[1] == 'e' ? CHR_UNIT_BEATS : CHR_UNIT_BARS;
    if (number.type == CHR_T_NUMBER && number.unit != CHR_UNIT_NONE) {
        chr_report(p->diags, CHR_E216, ast->span, copy(p, number.from, number.to), text);
        chr_fail(p);
    }
    return ast;
}

chr_ast *chr_string(chr_parser *p, chr_token string) {
    chr_ast *ast = chr_make(p, CHR_AST_STRING, string.from);
    ast->span.to = string.to;
    const char *from = p->source->text + string.from, *to = p->source->text + string.to;
    char *out = chr_arena_alloc(p->arena, (size_t)(to - from) + 1);
    if (out == NULL) {
        p->no_memory = true;
        return ast;
    }
    ast->text = out;
    /* Quotes that are not closed, or not plain, have been reported: then what stands here is not
     * used. */
    for (from++; from < to && *from != '"'; from++) {
        if (*from == '\\' && from + 1 < to) {
            from++;
            *out++ = *from == 'n' ? '\n' : *from == 't' ? '\t' : *from;
        } else {
            *out++ = *from;
        }
    }
    *out = 0;
    return ast;
}

chr_ast *chr_target(chr_parser *p, chr_token first, chr_token last) {
    chr_ast *ast = chr_make(p, CHR_AST_TARGET, first.from);
    ast->span.to = last.to;
    ast->text = copy(p, first.from, last.to);
    return ast;
}

chr_ast *chr_from(chr_parser *p, chr_ast *source, chr_list chain) {
    chr_list list = chr_list_of(p, source);
    return chr_branch(p, CHR_AST_PATTERN, source->span.from,
                      chain.first != NULL ? chr_append(p, list, chain.first) : list);
}

chr_ast *chr_mod(chr_parser *p, chr_token mod) {
    static const char *const texts[] = {"*", "!", "@", "?", "(", "~", "^"};
    chr_ast *ast = chr_make(p, CHR_AST_MOD, mod.from);
    ast->span.to = mod.to;
    const char *at = p->source->text + mod.from, *to = p->source->text + mod.to;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (*at == *texts[i])
            ast->text = texts[i];
    ast->number = mod.number;
    if (*at != '(')
        return ast;
    chr_list list = {0};
    while (at < to && *at != ')') {
        const char *digits = ++at;
        double number = 0;
        for (; at < to && *at >= '0' && *at <= '9'; at++)
            number = number * 10 + (*at - '0');
        chr_token part = {.type = CHR_T_NUMBER, .unit = CHR_UNIT_NONE, .number = number};
        part.from = (uint32_t)(digits - p->source->text);
        part.to = (uint32_t)(at - p->source->text);
        list = chr_append(p, list, chr_number(p, part));
    }
    return chr_adopt(p, ast, list);
}

chr_ast *chr_assign(chr_parser *p, chr_token path, chr_ast *value, chr_ast *over) {
    const char *text = p->source->text + path.from;
    uint32_t n = 0;
    while (text[n] != '.')
        n++;
    chr_token owner = path, rest = path;
    owner.to = path.from + n;
    rest.from = owner.to + 1;
    chr_ast *key = chr_name(p, chr_branch(p, CHR_AST_KEY, rest.from, chr_list_of(p, value)), rest);
    key->span.to = value->span.to;
    chr_list list = chr_append(p, chr_list_of(p, chr_target(p, owner, owner)), key);
    return chr_branch(p, CHR_AST_SET, path.from, over != NULL ? chr_append(p, list, over) : list);
}

/* Names that always mean a signal, or everything. */
void chr_check_name(chr_parser *p, chr_token name, const char *what) {
    static const char *const reserved[] = {"in", "out", "freq", "gate", "vel", "note", "all"};
    const char *text = p->source->text + name.from;
    size_t n = name.to - name.from;
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (strlen(reserved[i]) == n && memcmp(reserved[i], text, n) == 0) {
            chr_report(p->diags, CHR_E210, chr_span_of(p, name.from, name.to), reserved[i], what);
            chr_fail(p);
        }
    }
}

/* Keys stand last among the arguments: a value by its place after one is easily read as part of the
 * value. */
static void check_order(chr_parser *p, const chr_ast *node, const chr_ast *first) {
    const chr_ast *key = NULL;
    for (const chr_ast *a = first; a != NULL; a = a->next) {
        if (a->kind == CHR_AST_KEY) {
            key = a;
            continue;
        }
        if (key == NULL)
            continue;
        const char *word = copy(p, a->span.from, a->span.to);
        const char *shown = chr_arena_printf(p->arena, "`%.80s`", word);
        chr_report(p->diags, CHR_E205, a->span, shown != NULL ? shown : word);
        const char *value =
            key->child != NULL ? copy(p, key->child->span.from, key->child->span.to) : "";
        if (a->kind == CHR_AST_NAME)
            chr_suggest(p->diags,
                        "if %.60s is a module of its own: > %.60s; if it belongs to the value: "
                        "%.60s=(%.60s …)",
                        word, word, key->text, value);
        else if (a->kind == CHR_AST_SIGN)
            chr_suggest(p->diags,
                        "to add or subtract, part the sign from the number: %.60s=(%.60s %.1s "
                        "%.60s); else put it first: %.60s %.60s …",
                        key->text, value, word, word + 1, node->text, word);
        else
            chr_suggest(
                p->diags,
                "put it first: %.60s %.60s %.60s=…; if it belongs to the value: %.60s=(%.60s …)",
                node->text, word, key->text, key->text, value);
        chr_fail(p);
        return;
    }
}

chr_ast *chr_node(chr_parser *p, chr_token name, chr_list arguments) {
    chr_ast *ast = chr_name(p, chr_branch(p, CHR_AST_NODE, name.from, arguments), name);
    check_order(p, ast, ast->child);
    return ast;
}

chr_ast *chr_patch(chr_parser *p, chr_token word, chr_ast *head, chr_list keys, chr_ast *chain) {
    chr_ast *patch = chr_make(p, CHR_AST_PATCH, word.from);
    if (head != NULL && (head->kind == CHR_AST_NAME || head->kind == CHR_AST_NODE)) {
        chr_token name = {.from = head->span.from};
        name.to = name.from + (uint32_t)strlen(head->text);
        chr_check_name(p, name, "a patch");
        patch->text = head->text;
        for (chr_ast *a = head->child; a != NULL; a = a->next) {
            if (a->kind != CHR_AST_KEY && !p->failed[p->bodies]) {
                const char *shown =
                    chr_arena_printf(p->arena, "`%.80s`", copy(p, a->span.from, a->span.to));
                chr_report(p->diags, CHR_E208, a->span, shown);
                chr_suggest(p->diags, "patch %.60s voices=8: …", head->text);
                chr_fail(p);
            }
            keys.depth = a->depth + 1 > keys.depth ? a->depth + 1 : keys.depth;
            keys.last = a;
        }
        keys.first = head->child;
    } else if (head != NULL && head->kind == CHR_AST_NOTE) {
        chr_report(p->diags, CHR_E211, head->span, head->text);
        chr_fail(p);
    } else if (head != NULL) {
        const char *shown =
            chr_arena_printf(p->arena, "`%.80s`", copy(p, head->span.from, head->span.to));
        chr_report(p->diags, CHR_E209, head->span, shown);
        chr_fail(p);
    }
    return chr_adopt(p, patch, chr_append(p, keys, chain));
}

chr_ast *chr_module_statement(chr_parser *p, chr_token word, chr_token name, chr_list formals,
                              chr_ast *doc, chr_list items) {
    chr_ast *module = chr_name(p, chr_make(p, CHR_AST_MODULE, word.from), name);
    if (items.bad) { /* its lines have been reported */
        module->kind = CHR_AST_BAD;
        return module;
    }
    for (chr_ast *i = items.first; i != NULL && i->next != NULL; i = i->next) {
        if (i->kind != CHR_AST_CHAIN)
            continue;
        const char *first = i->child != NULL ? i->child->text : "";
        if (i->child != NULL && i->child->next == NULL &&
            chr_first_word_of(first, strlen(first)) != CHR_FIRST_OTHER)
            chr_report(p->diags, CHR_E219, i->span, first);
        else
            chr_report(p->diags, CHR_E218, i->span);
        chr_fail(p);
        break;
    }
    if ((items.last == NULL || items.last->kind != CHR_AST_CHAIN) && !p->failed[p->bodies]) {
        chr_report(p->diags, CHR_E217, chr_span_of(p, name.from, name.to), module->text);
        chr_fail(p);
    }
    if (doc != NULL)
        formals = chr_append(p, formals, doc);
    return chr_adopt(p, module, chr_join(formals, items));
}

/* ---- statements with an error ---- */

chr_ast *chr_statement_done(chr_parser *p, chr_ast *statement) {
    if (!p->failed[p->bodies])
        return statement;
    p->failed[p->bodies] = false;
    statement->kind = CHR_AST_BAD;
    if (*statement->text == 0 && statement->child != NULL &&
        statement->child->kind == CHR_AST_TARGET)
        statement->text = statement->child->text;
    statement->child = NULL;
    statement->depth = 0;
    return statement;
}

chr_ast *chr_statement_bad(chr_parser *p) {
    return p->bad != NULL ? p->bad : &p->spare;
}
