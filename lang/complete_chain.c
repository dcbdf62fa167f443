/* lang/complete_chain.c: where in a chain the cursor is: at the beginning of a stage, among a
 * module's arguments, or at the value of one. SPDX-License-Identifier: MIT */
#include "lang/complete_inner.h"

#include <string.h>

typedef enum standing {
    OPERAND,  /* a module or a source may stand */
    ARGUMENT, /* behind a module: its next argument, or the name of one */
    VALUE,    /* behind `name=` */
    BEHIND,   /* behind something whole that takes no arguments */
    LABEL     /* behind `as` */
} standing;

typedef struct level {
    standing at;
    const char *node;  /* the module whose arguments these are, or NULL */
    int positional;    /* arguments without a name so far */
    bool keyed;        /* one with a name came: no more without */
    bool tight;        /* an operator without blanks: what follows belongs to the same argument */
    const char *param; /* at VALUE */
    const char *call;  /* in the brackets of a call: what is called, and the arguments so far */
    int n_args;
} level;

typedef struct road {
    level levels[CHR_NESTING_MAX + 2];
    int n; /* the innermost is [n - 1] */
} road;

static level *innermost(road *r) {
    return &r->levels[r->n - 1];
}

static void open_level(road *r, level l) {
    if (r->n < (int)(sizeof r->levels / sizeof r->levels[0]))
        r->levels[r->n++] = l;
}

/* Something whole was passed: a number, a name, what stood in brackets. */
static void pass_atom(level *l, const char *node) {
    if (l->tight) {
        l->tight = false;
    } else if (l->at == OPERAND) {
        l->node = node;
        l->positional = 0;
        l->keyed = false;
        l->at = node ? ARGUMENT : BEHIND;
    } else if (l->at == ARGUMENT) {
        l->positional += !l->keyed;
    } else if (l->at == VALUE) {
        l->at = ARGUMENT;
        l->keyed = true;
    }
}

static void pass_name(completing *c, road *r, int i) {
    level *l = innermost(r);
    int next = i + 1 < c->n ? c->tokens[i + 1].type : 0;
    char *name = chr_token_copy(c, i);
    if (!name)
        return;
    if (next == CHR_T_EQUAL && l->node && !l->tight && l->at != VALUE) {
        l->param = name;
        l->at = VALUE;
    } else if (l->at != OPERAND && strcmp(name, "as") == 0) {
        l->at = LABEL;
    } else if (l->at == LABEL) {
        l->at = BEHIND;
    } else if (next == CHR_T_CALL) {
        pass_atom(l, NULL);
        open_level(r, (level){.node = name, .call = name, .at = OPERAND});
    } else {
        pass_atom(l, name);
    }
}

static void pass(completing *c, road *r, int i) {
    level *l = innermost(r);
    int type = c->tokens[i].type;
    switch (type) {
    case CHR_T_NAME:
        pass_name(c, r, i);
        return;
    case CHR_T_LPAREN:
    case CHR_T_LSQUARE:
        pass_atom(l, NULL);
        open_level(r, (level){.at = OPERAND});
        return;
    case CHR_T_RPAREN:
    case CHR_T_RSQUARE:
        if (r->n > 1)
            r->n--;
        return;
    case CHR_T_COMMA:
        *l = (level){
            .node = l->call, .call = l->call, .positional = l->n_args + 1, .n_args = l->n_args + 1};
        return;
    case CHR_T_GT:
    case CHR_T_COLON:
    case CHR_T_LSTAR:
    case CHR_T_LSLASH:
    case CHR_T_LPERCENT:
    case CHR_T_LPLUS:
    case CHR_T_LMINUS:
    case CHR_T_LPOWER:
    case CHR_T_LSAME:
        *l = (level){.at = OPERAND, .call = l->call, .n_args = l->n_args};
        return;
    case CHR_T_EQUAL:
    case CHR_T_SIGN:
    case CHR_T_CALL:
        return;
    default:
        if (chr_token_is_operator(type))
            l->tight = true;
        else
            pass_atom(l, NULL);
    }
}

static void offer_argument(completing *c, const level *l, const chr_page *page) {
    const chr_page_param *param = NULL;
    if (l->at == VALUE)
        param = chr_page_param_of(page, l->param);
    else if (!l->keyed && l->positional < page->n_params)
        param = &page->params[l->positional];
    const chr_page_param *named =
        l->at != VALUE && *c->word ? chr_page_param_of(page, c->word) : NULL;
    if (named)
        chr_hint_param(c, page->name, named);
    else if (param)
        chr_hint_param(c, page->name, param);
    else
        chr_hint_module(c, page);
    if (l->at != VALUE && !l->tight)
        chr_offer_params(c, page);
    if (param)
        chr_offer_choices(c, param->choices);
}

static void offer_operand(completing *c) {
    chr_page page;
    if (*c->word && chr_page_find(c->session, c->state, c->word, c->arena, &page))
        chr_hint_module(c, &page);
    chr_offer_modules(c, CHR_ALL_MODULES);
    chr_offer_definitions(c, true);
}

void chr_complete_chain(completing *c, int from) {
    road *r = CHR_NEW(c->arena, road);
    if (!r)
        return;
    open_level(r, (level){.at = OPERAND});
    for (int i = from; i < c->n; i++)
        pass(c, r, i);
    level *l = innermost(r);
    chr_page page;
    bool known = l->node && chr_page_find(c->session, c->state, l->node, c->arena, &page);
    /* in a call the name of an argument stands where a chain may begin */
    if (l->at == OPERAND && known && *c->word && chr_page_param_of(&page, c->word))
        chr_hint_param(c, page.name, chr_page_param_of(&page, c->word));
    if (l->at == OPERAND) {
        offer_operand(c);
        if (known)
            offer_argument(c, l, &page);
        return;
    }
    if (known && (l->at == ARGUMENT || l->at == VALUE))
        offer_argument(c, l, &page);
    if (l->at == ARGUMENT || l->at == VALUE)
        chr_offer_definitions(c, false);
    if (l->at == ARGUMENT || l->at == BEHIND)
        chr_offer(c, CHR_WORD_KEYWORD, "as");
}
