/* lang/answers_help.c: `help` and `help NAME`.
 * SPDX-License-Identifier: MIT */
#include "dsp/costs.h"
#include "lang/answers_page.h"
#include "lang/parse.h"
#include "lang/transforms.h"

#include <string.h>

static void print_table(FILE *to, const chr_page *page) {
    int word = 9, range = 5, dflt = 7;
    for (int i = 0; i < page->n_params; i++) {
        const chr_page_param *p = &page->params[i];
        word = (int)strlen(p->word) > word ? (int)strlen(p->word) : word;
        range =
            (int)strlen(p->range) > range && strlen(p->range) < 24 ? (int)strlen(p->range) : range;
        dflt = (int)strlen(p->dflt) > dflt && strlen(p->dflt) < 24 ? (int)strlen(p->dflt) : dflt;
    }
    fprintf(to, "\n  %-*s  %-*s  %-*s  %s\n", word, "parameter", range, "range", dflt, "default",
            "what it does");
    int column = 2 + word + 2 + range + 2 + dflt + 2;
    for (int i = 0; i < page->n_params; i++) {
        const chr_page_param *p = &page->params[i];
        fprintf(to, "  %-*s  ", word, p->word);
        bool wide = (int)strlen(p->range) > range || (int)strlen(p->dflt) > dflt;
        if (wide)
            fprintf(to, "%s; at first %s\n%*s", p->range, p->dflt, column, "");
        else
            fprintf(to, "%-*s  %-*s  ", range, p->range, dflt, p->dflt);
        fprintf(to, "%s\n", p->doc);
        if (p->hint[0]) {
            fprintf(to, "%*s", column, "");
            fprintf(to, "%s\n", p->hint);
        }
    }
}

/* Beside the plainest sound there is, which everybody can imagine many of. */
static void print_cost(FILE *to, const char *name) {
    const chr_cost *cost = chr_cost_of(name), *sine = chr_cost_of("sine");
    if (!cost || !sine)
        return;
    int sines = (int)(cost->alone / sine->alone + 0.5f);
    fprintf(to, "  %s for the computer", chr_cost_word(cost));
    if (sines > 1)
        fprintf(to, ": as much work as %d sines", sines);
    fputc('\n', to);
}

static void print_module(FILE *to, const chr_page *page) {
    fprintf(to, "%s: ", page->name);
    fprintf(to, "%s\n", page->doc[0] ? page->doc : "no description yet");
    fprintf(to, "  %s%s%s\n", page->group, page->group[0] ? ", " : "",
            strcmp(page->origin, "library") == 0 ? "from the library"
            : strcmp(page->origin, "yours") == 0 ? "defined in this session"
                                                 : "built in");
    if (strcmp(page->origin, "built-in") == 0)
        print_cost(to, page->name);
    for (int i = 0; i < page->n_inputs; i++)
        fprintf(to, "  input %s: %s\n", page->inputs[i].name,
                page->inputs[i].doc ? page->inputs[i].doc : "");
    if (page->n_params > 0)
        print_table(to, page);
    if (page->example[0]) {
        fputs("\n  for example\n", to);
        chr_print_indented(to, page->example, "    ");
    }
    if (page->source[0]) {
        fputs("\n  after ", to);
        fprintf(to, "%s\n", page->source);
    }
}

static void print_statement(FILE *to, const chr_statement_info *statement) {
    fprintf(to, "%s: ", statement->word);
    fprintf(to, "%s\n", statement->doc);
    fprintf(to, "  %s\n", statement->usage);
    if (!statement->available)
        fputs("  (not available yet)\n", to);
    fputs("\n  for example\n", to);
    chr_print_indented(to, statement->example, "    ");
}

/* Which modules have a parameter of that name. */
static bool print_param(const chr_session *s, const chr_state *state, const char *word, bool again,
                        FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    int n = 0;
    const char **names = arena ? chr_page_names(s, state, arena, &n) : NULL;
    bool found = false;
    for (int i = 0; i < n && names; i++) {
        chr_page page;
        if (!chr_page_find(s, state, names[i], arena, &page))
            continue;
        for (int k = 0; k < page.n_params; k++) {
            const chr_page_param *p = &page.params[k];
            if (strcmp(p->word, word) != 0)
                continue;
            if (!found)
                fprintf(to, "%s%s is %sa parameter of\n", again ? "\n" : "", word,
                        again ? "also " : "");
            found = true;
            fprintf(to, "  %-12s ", page.name);
            fprintf(to, "%s\n", p->doc);
            if (p->range[0])
                fprintf(to, "%15s%s%s%s\n", "", p->range, p->dflt[0] ? "; at first " : "", p->dflt);
        }
    }
    chr_answer_end(arena, to);
    return found;
}

static const chr_glossary_word *find_word(const char *word) {
    for (int i = 0; i < chr_glossary_count; i++)
        if (strcmp(chr_glossary[i].word, word) == 0)
            return &chr_glossary[i];
    return NULL;
}

static void print_word(FILE *to, const chr_glossary_word *word, bool again) {
    fprintf(to, "%s%s: ", again ? "\n" : "", word->word);
    fprintf(to, "%s\n", word->doc);
    if (!word->example[0])
        return;
    fputs("\n  for example\n", to);
    chr_print_indented(to, word->example, "    ");
}

/* A patch of the player's. */
static bool print_owner(const chr_state *state, const char *name, bool again, FILE *to) {
    if (!chr_state_has_owner(state, name))
        return false;
    const char *what = chr_is_bus(state, name) ? "bus" : "patch";
    fprintf(to, "%s%s is %sa %s of this session: show %s, graph %s, why %s tell more\n",
            again ? "\n" : "", name, again ? "also " : "", what, name, name, name);
    return true;
}

static void print_nearest(const chr_session *s, const chr_state *state, const char *topic,
                          FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    int n = 0;
    const char **names = arena ? chr_page_names(s, state, arena, &n) : NULL;
    int room =
        n + chr_statements_count + chr_topics_count + chr_glossary_count + chr_transforms_count;
    for (int i = 0; i < s->options.modules.n; i++)
        room += s->options.modules.modules[i]->n_params;
    const char **words = names ? CHR_NEW_N(arena, const char *, room + 1) : NULL;
    if (words) {
        int k = 0;
        for (int i = 0; i < n; i++)
            words[k++] = names[i];
        for (int i = 0; i < chr_statements_count; i++)
            words[k++] = chr_statements[i].word;
        for (int i = 0; i < chr_topics_count; i++)
            words[k++] = chr_topics[i].name;
        for (int i = 0; i < chr_glossary_count; i++)
            words[k++] = chr_glossary[i].word;
        for (int i = 0; i < chr_transforms_count; i++)
            words[k++] = chr_transforms[i].name;
        for (int i = 0; i < s->options.modules.n; i++)
            for (int p = 0; p < s->options.modules.modules[i]->n_params &&
                            !s->options.modules.modules[i]->hidden;
                 p++)
                words[k++] = s->options.modules.modules[i]->params[p].word;
        const char *near = chr_nearest(topic, words, k);
        fprintf(to, "There is nothing called %s.", topic);
        if (near)
            fprintf(to, " Did you mean %s? Type: help %s", near, near);
        fputs("\n`list modules` shows the modules, `help` the statements.\n", to);
    }
    chr_answer_end(arena, to);
}

static void print_overview(FILE *to) {
    fputs("Chronus plays what you write: text is turned into sound, and can be changed while it "
          "plays.\n\n"
          "    create kick\n"
          "    sequence kick: x...x...x...x...\n"
          "    play\n"
          "    patch saw 110 > lpf 800 > reverb > out\n\n",
          to);
    const char *group = "";
    for (int i = 0; i < chr_statements_count; i++) {
        if (!chr_statements[i].available)
            continue;
        if (strcmp(group, chr_statements[i].group) != 0) {
            if (*group)
                fputc('\n', to);
            group = chr_statements[i].group;
            fprintf(to, "  %-12s", group);
        }
        fprintf(to, " %s", chr_statements[i].word);
    }
    fputs("\n\n  help NAME      explains a statement, a module or a parameter: help lpf\n"
          "  list modules   shows what sounds can be made of\n"
          "  subjects      ",
          to);
    for (int i = 0; i < chr_topics_count; i++)
        fprintf(to, " %s", chr_topics[i].name);
    fputs(": help patterns\n", to);
}

/* All that bears this very name. */
static bool print_all(const chr_session *s, const chr_state *state, const char *topic, FILE *to) {
    bool found = false;
    const chr_glossary_word *word = find_word(topic);
    for (int i = 0; i < chr_statements_count; i++)
        if (strcmp(chr_statements[i].word, topic) == 0) {
            print_statement(to, &chr_statements[i]);
            found = true;
        }
    if (word && word->doc && word->doc[0]) {
        print_word(to, word, found);
        found = true;
    }
    for (int i = 0; i < chr_topics_count; i++)
        if (strcmp(chr_topics[i].name, topic) == 0) {
            fprintf(to, "%s%s\n\n", found ? "\n" : "", chr_topics[i].title);
            chr_print_paragraphs(to, chr_topics[i].text);
            chr_print_subject_list(topic, to);
            if (strcmp(topic, "transforms") == 0)
                chr_print_transforms(to);
            found = true;
        }
    found |= chr_print_transform(topic, found, to);
    if (!found && chr_print_harmony(topic, to))
        found = true;
    chr_arena *arena = chr_arena_new(0);
    chr_page page;
    if (arena && chr_page_find(s, state, topic, arena, &page)) {
        if (found)
            fputc('\n', to);
        print_module(to, &page);
        found = true;
    }
    chr_answer_end(arena, to);
    found |= print_param(s, state, topic, found, to);
    found |= print_owner(state, topic, found, to);
    found |= chr_print_vocable(topic, found, to);
    if (found && word && word->doc && word->more[0])
        fprintf(to, "\n  more: help %s\n", word->more);
    return found;
}

/* What is called otherwise here, or is one of several: `echo`, `patches`. */
static bool print_other(const chr_session *s, const chr_state *state, const char *topic, FILE *to) {
    const chr_glossary_word *word = find_word(topic);
    const char *dot = strrchr(topic, '.'); /* lead.cutoff */
    const char *other = dot ? dot + 1 : word ? word->more : chr_word_from_elsewhere(topic);
    if (other)
        return print_all(s, state, other, to);
    char one[64];
    size_t len = strlen(topic);
    if (len < 3 || len >= sizeof one || topic[len - 1] != 's')
        return false;
    bool found = false;
    for (int cut = 1; cut <= 2 && !found; cut++) { /* reverbs, patches */
        snprintf(one, sizeof one, "%.*s", (int)len - cut, topic);
        found = print_all(s, state, one, to) || (find_word(one) && print_other(s, state, one, to));
    }
    return found;
}

bool chr_print_help(const chr_session *s, const chr_state *state, const char *topic, FILE *to) {
    if (!topic || !*topic) {
        print_overview(to);
        return true;
    }
    if (strcmp(topic, "words") == 0)
        return chr_print_list(s, state, "words", to);
    bool found = print_all(s, state, topic, to) || print_other(s, state, topic, to);
    if (!found)
        print_nearest(s, state, topic, to);
    return found;
}
