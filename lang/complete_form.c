/* lang/complete_form.c: a statement is compared with its own usage ("add EFFECT to NAME key=value …
 * [as LABEL]"): where it has been followed to, there is what may come next.
 * SPDX-License-Identifier: MIT */
#include "lang/complete_inner.h"

#include <ctype.h>
#include <string.h>

typedef enum part_kind {
    LITERAL, /* "to", or "modules|instruments" */
    SLOT,    /* NAME, EFFECT, N */
    KEYS,    /* key=value, step=LENGTH */
    QUOTED,  /* "FILE.wav" */
    DOTTED,  /* NAME.parameter */
    COLON
} part_kind;

typedef struct part {
    part_kind kind;
    const char *text;
    bool optional, repeated;
    int skip_to; /* of the first of an optional group: the part behind it */
} part;

enum { PARTS_MAX = 24 };

typedef struct form {
    part parts[PARTS_MAX];
    int n;
} form;

/* ---- reading a usage ---- */

static part_kind kind_of(const char *word) {
    if (*word == '"')
        return QUOTED;
    if (strchr(word, '='))
        return KEYS;
    if (!isupper((unsigned char)*word))
        return LITERAL;
    return strstr(word, ".p") ? DOTTED : SLOT;
}

static void add_part(form *f, part_kind kind, const char *text) {
    if (f->n < PARTS_MAX)
        f->parts[f->n++] = (part){.kind = kind, .text = text};
}

/* One alternative, n bytes. */
static bool read_form(completing *c, const char *usage, size_t n, form *f) {
    char *text = chr_arena_copy(c->arena, usage, n);
    int group = -1;
    f->n = 0;
    while (text && *(text += strspn(text, " "))) {
        size_t len = strcspn(text, " ");
        char *word = chr_arena_copy(c->arena, text, len);
        if (!word)
            return false;
        text += len;
        if (strcmp(word, "\xe2\x80\xa6") == 0) { /* … */
            if (f->n > 0)
                f->parts[f->n - 1].repeated = true;
            continue;
        }
        if (*word == '[') {
            group = f->n;
            word++;
        }
        bool colon = false, closed = false;
        for (len = strlen(word); len > 0 && strchr("]:,", word[len - 1]); word[--len] = '\0') {
            colon = colon || word[len - 1] == ':';
            closed = closed || word[len - 1] == ']';
        }
        if (len >= 3 && strcmp(word + len - 3, "\xe2\x80\xa6") == 0)
            f->parts[f->n > 0 ? f->n - 1 : 0].repeated = true;
        else if (len > 0)
            add_part(f, kind_of(word), word);
        if (closed && group >= 0 && group < f->n) {
            f->parts[group].optional = true;
            f->parts[group].skip_to = f->n;
            group = -1;
        }
        if (colon)
            add_part(f, COLON, ":");
    }
    return text != NULL;
}

/* ---- following it ---- */

static bool is_alternative(const char *alternatives, const char *word) {
    size_t n = strlen(word);
    for (const char *a = alternatives; *a; a += strcspn(a, "|"), a += *a == '|')
        if (strcspn(a, "|") == n && strncmp(a, word, n) == 0)
            return true;
    return false;
}

static bool matches(completing *c, const part *p, int i) {
    int type = c->tokens[i].type;
    bool key = i + 1 < c->n && c->tokens[i + 1].type == CHR_T_EQUAL;
    char *word = chr_token_copy(c, i);
    switch (p->kind) {
    case LITERAL:
        return type == CHR_T_NAME && word && is_alternative(p->text, word);
    case SLOT:
        return type == CHR_T_NAME ? !key : type != CHR_T_COLON && type != CHR_T_PATH;
    case KEYS:
        return (type == CHR_T_NAME || type == CHR_T_PATH) && key;
    case QUOTED:
        return type == CHR_T_STRING;
    case DOTTED:
        return type == CHR_T_PATH;
    default:
        return type == CHR_T_COLON;
    }
}

/* From `at`, what is reached with token i; -1: nothing. */
static int reach(completing *c, const form *f, int at, int i) {
    while (at < f->n && !matches(c, &f->parts[at], i)) {
        /* what may be repeated has been said once, or the way would not have led here */
        bool passable = f->parts[at].optional || f->parts[at].repeated;
        if (!passable)
            return -1;
        at = f->parts[at].optional && f->parts[at].skip_to > at ? f->parts[at].skip_to : at + 1;
    }
    return at < f->n ? at : -1;
}

/* A value behind `=`: up to the next key, or the next word of the form. */
static int pass_value(completing *c, const form *f, int at, int i) {
    for (; i < c->n; i++) {
        bool key = i + 1 < c->n && c->tokens[i + 1].type == CHR_T_EQUAL;
        int to = c->tokens[i].type == CHR_T_NAME ? reach(c, f, at, i) : -1;
        if (key || c->tokens[i].type == CHR_T_COLON ||
            (to >= 0 && f->parts[to].kind == LITERAL && c->tokens[i].blank_before))
            break;
    }
    return i;
}

typedef struct standing {
    int at;          /* the part that may come next */
    const char *key; /* the value of this one is being typed */
} standing;

/* Follows the tokens behind the first word. False: the statement goes another way. */
static bool follow(completing *c, const form *f, int from, standing *s) {
    *s = (standing){.at = 1};
    for (int i = from + 1; i < c->n;) {
        int to = reach(c, f, s->at, i);
        bool word = c->tokens[i].type == CHR_T_NAME || c->tokens[i].type == CHR_T_COLON ||
                    c->tokens[i].type == CHR_T_PATH || c->tokens[i].type == CHR_T_STRING;
        if (to < 0 && word)
            return false;
        if (to < 0) { /* an argument: add delay 0.3 to bass */
            i++;
            continue;
        }
        const part *p = &f->parts[to];
        s->at = p->repeated ? to : to + 1;
        if (p->kind != KEYS) {
            i++;
            continue;
        }
        int end = pass_value(c, f, to + 1, i + 2);
        if (end == i + 2 && end == c->n)
            s->key = chr_token_copy(c, i);
        s->at = to; /* keys come in any order */
        i = end;
    }
    return true;
}

/* ---- what may stand in a part ---- */

/* Whose parameters are the keys of this statement? False: nobody's. */
static bool page_of_keys(completing *c, int from, const char *statement, chr_page *page) {
    char *first = from + 1 < c->n ? chr_token_copy(c, from + 1) : NULL;
    if (!first)
        return false;
    bool create = strcmp(statement, "create") == 0;
    if (!create && strcmp(statement, "add") != 0)
        return false;
    bool second = create && from + 2 < c->n && c->tokens[from + 2].type == CHR_T_NAME &&
                  !(from + 3 < c->n && c->tokens[from + 3].type == CHR_T_EQUAL);
    if (second) {
        char *instrument = chr_token_copy(c, from + 2);
        return instrument && chr_page_find(c->session, c->state, instrument, c->arena, page);
    }
    return chr_page_find(c->session, c->state, first, c->arena, page) ||
           (create && chr_page_find(c->session, c->state, "synth", c->arena, page));
}

static bool find_key(completing *c, int from, const char *statement, const char *word,
                     const char **module, chr_page_param *param) {
    chr_page page;
    if (strcmp(statement, "set") == 0 && from + 1 < c->n) {
        *module = chr_token_copy(c, from + 1);
        return *module && chr_find_knob(c, *module, word, param);
    }
    if (!page_of_keys(c, from, statement, &page))
        return false;
    const chr_page_param *p = chr_page_param_of(&page, word);
    *module = page.name;
    if (p)
        *param = *p;
    return p != NULL;
}

static void offer_keys(completing *c, int from, const char *statement, const part *p) {
    chr_page page;
    size_t n = strcspn(p->text, "=");
    bool any = strncmp(p->text, "key", n) == 0 || strncmp(p->text, "parameter", n) == 0;
    if (!any)
        chr_offer(c, CHR_WORD_PARAM, chr_arena_copy(c->arena, p->text, n + 1));
    else if (strcmp(statement, "set") == 0 && from + 1 < c->n)
        chr_offer_knobs(c, chr_token_copy(c, from + 1), true);
    else if (page_of_keys(c, from, statement, &page))
        chr_offer_params(c, &page);
    for (int i = 0; any && strcmp(statement, "create") == 0 && chr_patch_key(i); i++)
        chr_offer(c, CHR_WORD_PARAM, chr_arena_printf(c->arena, "%s=", chr_patch_key(i)));
}

static void offer_slot(completing *c, const char *statement, const char *slot) {
    /* these make an instrument of the library sound by its own name */
    bool makes = strcmp(statement, "create") == 0 || strcmp(statement, "sequence") == 0 ||
                 strcmp(statement, "melody") == 0;
    if (strcmp(slot, "EFFECT") == 0) {
        chr_offer_modules(c, CHR_EFFECTS);
    } else if (strcmp(slot, "INSTRUMENT") == 0) {
        chr_offer_modules(c, CHR_INSTRUMENTS);
    } else if (strcmp(slot, "MODULE") == 0) {
        chr_offer_modules(c, CHR_ALL_MODULES);
        c->out->files = "module";
    } else if (strcmp(slot, "SUBJECT") == 0) {
        chr_offer_modules(c, CHR_ALL_MODULES);
        chr_offer_statements(c);
        for (int i = 0; i < chr_topics_count; i++)
            chr_offer(c, CHR_WORD_NAME, chr_topics[i].name);
        for (int i = 0; i < chr_glossary_count; i++)
            if (chr_glossary[i].doc)
                chr_offer(c, CHR_WORD_NAME, chr_glossary[i].word);
        for (int i = 0; i < c->session->options.modules.n; i++) {
            const chr_module *m = c->session->options.modules.modules[i];
            for (int k = 0; k < m->n_params && !m->hidden; k++)
                chr_offer(c, CHR_WORD_PARAM, m->params[k].word);
        }
    } else if (strcmp(slot, "BUS") == 0) {
        chr_offer_owners(c, true);
    } else if (strcmp(slot, "STATEMENT") == 0) {
        chr_offer_statements(c);
    } else if (strcmp(slot, "WORD") == 0) {
        chr_offer_vocabulary(c, false);
    } else if (strcmp(slot, "NAME") == 0) {
        chr_offer_owners(c, false);
        if (strcmp(statement, "make") == 0)
            chr_offer_vocabulary(c, true);
        if (makes)
            chr_offer_modules(c, CHR_INSTRUMENTS);
    }
}

static void offer_quoted(completing *c, const char *statement, const part *p) {
    if (!c->in_quotes)
        return;
    if (strcmp(p->text, "\"ROOT") == 0)
        chr_offer_scales(c);
    else if (strcmp(statement, "tuning") == 0)
        chr_offer_tunings(c, ".scl");
    else if (strcmp(statement, "save") == 0)
        c->out->files = "load";
    else if (strcmp(statement, "record") != 0)
        c->out->files = statement;
}

static void offer_part(completing *c, int from, const char *statement, const part *p) {
    if (p->kind == QUOTED)
        offer_quoted(c, statement, p);
    if (c->in_quotes)
        return;
    switch (p->kind) {
    case LITERAL:
        for (const char *a = p->text; *a; a += strcspn(a, "|"), a += *a == '|')
            chr_offer(c, CHR_WORD_KEYWORD, chr_arena_copy(c->arena, a, strcspn(a, "|")));
        break;
    case SLOT:
        offer_slot(c, statement, p->text);
        break;
    case KEYS:
        offer_keys(c, from, statement, p);
        break;
    case DOTTED: /* its knobs are offered behind the dot */
        offer_slot(c, statement, "NAME");
        break;
    default:
        break;
    }
}

static void offer_next(completing *c, int from, const char *statement, const form *f, int at) {
    while (at < f->n && !(c->out->files && c->in_quotes)) {
        const part *p = &f->parts[at];
        offer_part(c, from, statement, p);
        /* a repeated part was met already if the way stands on it and something was said */
        if (!p->optional && !p->repeated && p->kind != KEYS)
            return;
        at = p->optional && p->skip_to > at && p->kind != KEYS ? p->skip_to : at + 1;
    }
}

void chr_complete_form(completing *c, int from, const chr_statement_info *info) {
    const char *usage = info->usage;
    while (*usage) {
        const char *end = strstr(usage, "  or  ");
        size_t n = end ? (size_t)(end - usage) : strlen(usage);
        form *f = CHR_NEW(c->arena, form);
        standing s;
        if (!f || !read_form(c, usage, n, f))
            return;
        usage += n + (end ? strlen("  or  ") : 0);
        if (f->n == 0 || strcmp(f->parts[0].text, info->word) != 0 || !follow(c, f, from, &s))
            continue;
        chr_page_param param;
        const char *module;
        const char *key = s.key ? s.key : c->word;
        if (*key && find_key(c, from, info->word, key, &module, &param)) {
            chr_hint_param(c, module, &param);
            if (s.key)
                chr_offer_choices(c, param.choices);
        }
        if (!s.key)
            offer_next(c, from, info->word, f, s.at);
    }
    chr_hint_statement(c, info);
}
