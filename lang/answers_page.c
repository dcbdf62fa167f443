/* lang/answers_page.c: a module's page from a descriptor, or from a MODULE statement.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <string.h>

const chr_statement_info chr_statements[] = {
#define CHR_STATEMENT(word, group, available, usage, doc, example)                                 \
    {word, group, available, usage, doc, example},
#include "lang/answers_words.def"
#undef CHR_STATEMENT
};
const int chr_statements_count = sizeof chr_statements / sizeof chr_statements[0];

const chr_topic chr_topics[] = {
#define CHR_TOPIC(name, title, text) {name, title, text},
#include "lang/answers_topics.def"
#undef CHR_TOPIC
};
const int chr_topics_count = sizeof chr_topics / sizeof chr_topics[0];

const chr_glossary_word chr_glossary[] = {
#define CHR_WORD(word, doc, example, more) {word, doc, example, more},
#define CHR_ALIAS(word, other) {word, NULL, "", other},
#include "lang/answers_glossary.def"
#undef CHR_WORD
#undef CHR_ALIAS
};
const int chr_glossary_count = sizeof chr_glossary / sizeof chr_glossary[0];

/* ---- from a descriptor ---- */

static const char *choice_name(chr_arena *arena, const char *choices, int k) {
    for (; k > 0 && strchr(choices, '|'); k--)
        choices = strchr(choices, '|') + 1;
    return chr_arena_copy(arena, choices, strcspn(choices, "|"));
}

static const char *value_text(chr_arena *arena, float value, chr_unit unit) {
    char text[64];
    chr_unit_format(text, sizeof text, (double)value, unit);
    return chr_arena_copy(arena, text, strlen(text));
}

static const char *normal_text(chr_normal normal) {
    switch (normal) {
    case CHR_NORMAL_IN:
        return "the sound that enters";
    case CHR_NORMAL_FREQ:
        return "the played note";
    case CHR_NORMAL_GATE:
        return "the held key";
    case CHR_NORMAL_VEL:
        return "the note's velocity";
    case CHR_NORMAL_NOTE:
        return "the note's number";
    default:
        return NULL;
    }
}

static chr_page_param param_of(const chr_param_info *p, chr_arena *arena) {
    chr_page_param param = {.word = p->word,
                            .display = p->display,
                            .kind = p->choices ? "" : chr_unit_kind(p->unit),
                            .choices = p->choices,
                            .context = chr_context_word(p->context),
                            .doc = p->doc ? p->doc : "",
                            .hint = p->hint ? p->hint : "",
                            .unit = p->choices ? CHR_UNIT_NONE : p->unit,
                            .info = p};
    const char *normal = normal_text(p->normal);
    if (p->choices) {
        param.range = p->choices;
        param.dflt = choice_name(arena, p->choices, (int)p->dflt);
    } else {
        param.range = chr_arena_printf(arena, "%s to %s", value_text(arena, p->min, p->unit),
                                       value_text(arena, p->max, p->unit));
        param.dflt = normal ? normal : value_text(arena, p->dflt, p->unit);
    }
    return param;
}

static bool page_of_built_in(const chr_module *m, chr_arena *arena, chr_page *page) {
    *page = (chr_page){.name = m->name,
                       .doc = m->doc ? m->doc : "",
                       .group = m->group ? m->group : "",
                       .source = m->source ? m->source : "",
                       .example = m->example ? m->example : "",
                       .origin = "built-in",
                       .inputs = m->inputs,
                       .n_inputs = m->n_inputs,
                       .outputs = m->outputs,
                       .n_outputs = m->n_outputs};
    page->params = CHR_NEW_N(arena, chr_page_param, m->n_params + 1);
    if (!page->params)
        return false;
    for (int i = 0; i < m->n_params; i++)
        page->params[page->n_params++] = param_of(&m->params[i], arena);
    return true;
}

/* ---- from a statement ---- */

static const char *written(const chr_ast *value, chr_arena *arena) {
    if (value->kind == CHR_AST_NUMBER) {
        char text[64];
        chr_unit_format(text, sizeof text, value->number, value->unit);
        return chr_arena_copy(arena, text, strlen(text));
    }
    return chr_arena_copy(arena, value->span.source->text + value->span.from,
                          value->span.to - value->span.from);
}

static const char *choices_of(const chr_ast *choices, chr_arena *arena) {
    const char *text = "";
    for (const chr_ast *name = choices->child; name && text; name = name->next)
        text = chr_arena_printf(arena, "%s%s%s", text, *text ? "|" : "", name->text);
    return text;
}

static bool is_context(const char *word) {
    for (int k = CHR_PITCH; k <= CHR_RHYTHM; k++)
        if (strcmp(word, chr_context_word((chr_context)k)) == 0)
            return true;
    return false;
}

static const char *kind_of(const chr_ast *value) {
    return value->kind == CHR_AST_NUMBER && value->unit != CHR_UNIT_NONE
               ? chr_unit_kind(value->unit)
               : "";
}

/* A bare number is taken in the unit of the default or of the range. */
static chr_unit unit_of(const chr_ast *value) {
    bool plain =
        value->kind == CHR_AST_NUMBER &&
        (value->unit == CHR_UNIT_HZ || value->unit == CHR_UNIT_S || value->unit == CHR_UNIT_ST ||
         value->unit == CHR_UNIT_DEG || value->unit == CHR_UNIT_BPM);
    return plain ? value->unit : CHR_UNIT_NONE;
}

static chr_page_param param_of_statement(const chr_ast *p, chr_arena *arena) {
    chr_page_param param = {.word = p->text,
                            .display = p->text,
                            .kind = "",
                            .range = "",
                            .dflt = "",
                            .context = "",
                            .doc = "",
                            .hint = ""};
    if (p->child && p->kind == CHR_AST_PARAM && p->child->kind != CHR_AST_RANGE) {
        param.dflt = written(p->child, arena);
        param.kind = kind_of(p->child);
        param.unit = unit_of(p->child);
    } else if (p->child && p->kind == CHR_AST_FORMAL) {
        param.dflt = written(p->child, arena);
    }
    for (const chr_ast *part = p->child ? p->child->next : NULL; part; part = part->next) {
        if (part->kind == CHR_AST_RANGE && part->child && part->child->next) {
            param.range = chr_arena_printf(arena, "%s to %s", written(part->child, arena),
                                           written(part->child->next, arena));
            if (!param.kind[0])
                param.kind = kind_of(part->child);
        } else if (part->kind == CHR_AST_CHOICES) {
            param.choices = choices_of(part, arena);
            param.range = param.choices;
        } else if (part->kind == CHR_AST_NAME && is_context(part->text)) {
            param.context = part->text;
        } else if (part->kind == CHR_AST_STRING) {
            param.doc = part->text;
        }
    }
    return param;
}

static bool uses(const chr_ast *module, const char *name) {
    bool found = false;
    chr_ast_visit visit;
    chr_visit_begin(&visit, module);
    for (const chr_ast *node; !found && (node = chr_visit_next(&visit)) != NULL;)
        found = node->kind == CHR_AST_NAME && strcmp(node->text, name) == 0;
    chr_visit_end(&visit);
    return found;
}

static bool has_param(const chr_ast *module, const char *name) {
    for (const chr_ast *part = module->child; part; part = part->next)
        if (part->kind == CHR_AST_PARAM && strcmp(part->text, name) == 0)
            return true;
    return false;
}

/* What plays the pitch of a note takes a melody, chords if it has voices; a drum takes a rhythm. */
static const char *instrument_example(const chr_ast *m, chr_arena *arena) {
    if (!uses(m, "freq") || has_param(m, "freq"))
        return chr_arena_printf(arena, "create %s\nsequence %s: x...x...x...x...\nplay", m->text,
                                m->text);
    if (has_param(m, "voices"))
        return chr_arena_printf(arena, "create %s\nmelody %s step=1/2: Cm7 Abmaj7 Ebmaj7 Bb\nplay",
                                m->text, m->text);
    return chr_arena_printf(arena, "create %s\nmelody %s: C3 C3 G3 Eb3\nplay", m->text, m->text);
}

static bool page_of_statement(const chr_ast *m, const char *origin, chr_arena *arena,
                              chr_page *page) {
    const chr_ast *doc = chr_ast_part(m, CHR_AST_STRING);
    bool effect = uses(m, "in"); /* an effect works on what comes in */
    bool yours = strcmp(origin, "yours") == 0;
    *page = (chr_page){.name = m->text,
                       .doc = doc ? doc->text : "",
                       .group = yours    ? "Yours"
                                : effect ? "Effects of the library"
                                         : "Instruments",
                       .source = "",
                       .origin = origin};
    page->example = effect  ? chr_arena_printf(arena, "patch saw 110 > %s > out", m->text)
                    : yours ? chr_arena_printf(arena, "patch %s > out", m->text)
                            : instrument_example(m, arena);
    int n = 0;
    for (const chr_ast *part = m->child; part; part = part->next)
        n += part->kind == CHR_AST_PARAM || part->kind == CHR_AST_FORMAL;
    page->params = CHR_NEW_N(arena, chr_page_param, n + 1);
    if (!page->params || !page->example)
        return false;
    for (const chr_ast *part = m->child; part; part = part->next)
        if (part->kind == CHR_AST_PARAM || part->kind == CHR_AST_FORMAL)
            page->params[page->n_params++] = param_of_statement(part, arena);
    return true;
}

/* ---- finding ---- */

static const chr_ast *own_module(const chr_state *state, const char *name, chr_arena *arena) {
    const char *key = chr_arena_printf(arena, "module %s", name);
    int i = key ? chr_state_find(state, key) : -1;
    return i >= 0 ? state->entries[i].statement : NULL;
}

bool chr_page_find(const chr_session *s, const chr_state *state, const char *name, chr_arena *arena,
                   chr_page *page) {
    const chr_ast *own = own_module(state, name, arena);
    if (own)
        return page_of_statement(own, "yours", arena, page) && !chr_arena_failed(arena);
    const chr_ast *library = chr_library_module(s->library, name);
    if (library)
        return page_of_statement(library, "library", arena, page) && !chr_arena_failed(arena);
    const chr_module *built_in = chr_session_built_in(s, name);
    return built_in && !built_in->hidden && page_of_built_in(built_in, arena, page) &&
           !chr_arena_failed(arena);
}

static bool includes(const char *const *names, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

const char **chr_page_names(const chr_session *s, const chr_state *state, chr_arena *arena,
                            int *n) {
    const chr_module_table *table = &s->options.modules;
    int most = table->n + chr_library_count(s->library) + state->n;
    const char **names = CHR_NEW_N(arena, const char *, most + 1);
    *n = 0;
    if (!names)
        return NULL;
    for (int i = 0; i < table->n; i++)
        if (!table->modules[i]->hidden)
            names[(*n)++] = table->modules[i]->name;
    for (int i = 0; i < chr_library_count(s->library); i++)
        if (!includes(names, *n, chr_library_name(s->library, i)))
            names[(*n)++] = chr_library_name(s->library, i);
    for (int i = 0; i < state->n; i++) {
        const chr_ast *statement = state->entries[i].statement;
        if (statement && statement->kind == CHR_AST_MODULE && !includes(names, *n, statement->text))
            names[(*n)++] = statement->text;
    }
    return names;
}

/* ---- printing ---- */

void chr_print_indented(FILE *to, const char *text, const char *indent) {
    while (*text) {
        size_t len = strcspn(text, "\n");
        fprintf(to, "%s%.*s\n", len ? indent : "", (int)len, text);
        text += len + (text[len] == '\n');
    }
}

/* Lines that begin at the margin go on in one another; what is set in stands by itself. */
void chr_print_paragraphs(FILE *to, const char *text) {
    while (*text) {
        size_t len = strcspn(text, "\n");
        const char *next = text + len + (text[len] == '\n');
        bool goes_on = len > 0 && *text != ' ' && *next && *next != ' ' && *next != '\n';
        fprintf(to, "%.*s%c", (int)len, text, goes_on ? ' ' : '\n');
        text = next;
    }
}
