/* lang/answers_list.c: `list`.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <string.h>

/* Under one heading each, in the order in which the groups come first; the player's own are last.
 */
static int find_groups(const chr_page *pages, int n, bool instruments, const char **groups) {
    int n_groups = 0;
    for (int yours = 0; yours < 2; yours++)
        for (int i = 0; i < n; i++) {
            const char *group = pages[i].group;
            int k = 0;
            if ((strcmp(group, "Instruments") == 0) != instruments ||
                (strcmp(pages[i].origin, "yours") == 0) != yours)
                continue;
            while (k < n_groups && strcmp(groups[k], group) != 0)
                k++;
            if (k == n_groups)
                groups[n_groups++] = group;
        }
    return n_groups;
}

static void print_modules(const chr_session *s, const chr_state *state, bool instruments,
                          FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    int n = 0, n_pages = 0;
    const char **names = arena ? chr_page_names(s, state, arena, &n) : NULL;
    chr_page *pages = names ? CHR_NEW_N(arena, chr_page, n + 1) : NULL;
    const char **groups = names ? CHR_NEW_N(arena, const char *, n + 1) : NULL;
    if (pages && groups) {
        for (int i = 0; i < n; i++)
            n_pages += chr_page_find(s, state, names[i], arena, &pages[n_pages]);
        int n_groups = find_groups(pages, n_pages, instruments, groups);
        for (int k = 0; k < n_groups; k++) {
            fprintf(to, "%s%s\n", k > 0 ? "\n" : "", groups[k]);
            for (int i = 0; i < n_pages; i++)
                if (strcmp(pages[i].group, groups[k]) == 0) {
                    fprintf(to, "  %-12s ", pages[i].name);
                    fprintf(to, "%s\n", pages[i].doc);
                }
        }
        if (n_groups == 0)
            fputs(instruments ? "There are no instruments.\n" : "There are no modules.\n", to);
    }
    chr_answer_end(arena, to);
}

static bool has_kind(const chr_state *state, const char *prefix) {
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement &&
            strncmp(state->entries[i].key, prefix, strlen(prefix)) == 0)
            return true;
    return false;
}

static bool has_definition(const chr_state *state, const char *owner) {
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && state->entries[i].owner &&
            strncmp(state->entries[i].key, "owner ", 6) == 0 &&
            strcmp(state->entries[i].owner, owner) == 0)
            return true;
    return false;
}

/* Does `mute` or `solo` name it? */
static bool is_named_by(const chr_state *state, chr_ast_kind kind, const char *owner) {
    for (int i = 0; i < state->n; i++)
        if (state->entries[i].statement && state->entries[i].statement->kind == kind &&
            strcmp(state->entries[i].owner, owner) == 0)
            return true;
    return false;
}

/* A statement on one line, without its comments; of a very long one the beginning, up to a blank,
 * and how to see the rest. (Who shows it breaks lines where a terminal ends.) */
static void print_line(const chr_entry *entry, FILE *to) {
    enum { MOST = 400 };
    const char *text;
    size_t len;
    chr_entry_text(entry, &text, &len);
    char line[MOST];
    size_t n = 0, word = 0; /* where the last word ends */
    bool cut = false, blank = false;
    for (size_t i = 0; i < len && !cut; i++) {
        bool comment = text[i] == '#' && (i == 0 || strchr(" \t\r\n", text[i - 1]));
        while (comment && i < len && text[i] != '\n')
            i++;
        if (i == len || strchr(" \t\r\n", text[i])) {
            word = n;
            blank = n > 0;
            continue;
        }
        cut = n + blank + 1 > MOST;
        if (!cut && blank)
            line[n++] = ' ';
        if (!cut)
            line[n++] = text[i];
        blank = false;
    }
    n = cut && word > MOST / 2 ? word : n;
    while (cut && n > 0 && (line[n - 1] & 0x80)) /* no half character */
        n--;
    fprintf(to, "%.*s", (int)n, line);
    if (cut)
        fprintf(to, " … (show %s: all of it)", strchr(entry->key, ' ') + 1);
}

/* "0.3 to space, -10dB to echo" */
static void print_sends(const chr_state *state, const char *owner, FILE *to) {
    const char *before = "               sends ";
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (!e->statement || e->statement->kind != CHR_AST_SEND || strcmp(e->owner, owner) != 0)
            continue;
        const chr_ast *bus = e->statement->child->next, *share = bus->next;
        fputs(before, to);
        before = ", ";
        if (share)
            fprintf(to, "%.*s to %s", (int)(share->span.to - share->span.from),
                    share->span.source->text + share->span.from, bus->text);
        else
            fprintf(to, "all of it to %s", bus->text);
    }
    if (*before == ',')
        fputc('\n', to);
}

/* Does its chain end in the bus? */
static bool ends_in(const chr_ast *statement, const char *bus) {
    const chr_ast *chain = chr_ast_part(statement, CHR_AST_CHAIN), *last = chain ? chain->child : 0;
    while (last && last->next)
        last = last->next;
    return last && last->kind == CHR_AST_NAME && strcmp(last->text, bus) == 0;
}

/* What a bus hears: all of some patches, a share of others. */
static void print_heard(const chr_state *state, const char *bus, FILE *to) {
    const char *before = "hears ";
    fprintf(to, "%15s", "");
    for (int i = 0; i < state->n; i++) {
        const chr_ast *s = state->entries[i].statement;
        bool whole = s && (s->kind == CHR_AST_PATCH || s->kind == CHR_AST_BUS) && ends_in(s, bus);
        bool part = s && s->kind == CHR_AST_SEND && strcmp(s->child->next->text, bus) == 0;
        const chr_ast *share = part ? s->child->next->next : NULL;
        if (!whole && !part)
            continue;
        fprintf(to, "%s%s", before, part ? s->child->text : state->entries[i].owner);
        if (share)
            fprintf(to, " (%.*s)", (int)(share->span.to - share->span.from),
                    share->span.source->text + share->span.from);
        before = ", ";
    }
    fputs(*before == ',' ? "\n" : "hears nothing yet: send NAME to it\n", to);
}

static void print_patches(const chr_state *state, FILE *to) {
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        bool definition = strncmp(e->key, "owner ", 6) == 0;
        bool stands_for = strncmp(e->key, "pattern ", 8) == 0 && !has_definition(state, e->owner) &&
                          !strchr(e->key, '/');
        if (!definition && !stands_for)
            continue;
        fprintf(to, "  %-12s ", e->owner);
        if (is_named_by(state, CHR_AST_MUTE, e->owner))
            fputs("[muted] ", to);
        if (is_named_by(state, CHR_AST_SOLO, e->owner))
            fputs("[solo] ", to);
        if (!chr_play_is_on(&state->play, e->owner))
            fputs("[stopped] ", to);
        if (definition)
            print_line(e, to);
        else
            fprintf(to, "(the library's %s)", e->owner);
        fputc('\n', to);
        print_sends(state, e->owner, to);
        if (definition && e->statement->kind == CHR_AST_BUS)
            print_heard(state, e->owner, to);
    }
    if (!has_kind(state, "owner ") && !has_kind(state, "pattern "))
        fputs("There are no patches yet. Try: patch saw 110 > lpf 800 > out\n", to);
}

static void print_patterns(const chr_state *state, FILE *to) {
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (strncmp(e->key, "pattern ", 8) != 0 && strncmp(e->key, "values ", 7) != 0)
            continue;
        fprintf(to, "  %-12s ", strchr(e->key, ' ') + 1);
        print_line(e, to);
        fputc('\n', to);
    }
    if (!has_kind(state, "pattern ") && !has_kind(state, "values "))
        fputs("There are no patterns yet. Try: sequence kick: x...x...x...x...\n", to);
}

/* The glossary: what each musical context is made of, from the descriptors. */
static void print_words(const chr_session *s, FILE *to) {
    chr_print_vocabulary(to);
    fputs("\nThe words of the knobs, by what they are about (`help WORD` explains one):\n", to);
    const chr_module_table *table = &s->options.modules;
    for (int k = CHR_PITCH; k <= CHR_RHYTHM; k++) {
        const char *seen[256];
        int n = 0;
        fprintf(to, "  %-11s", chr_context_word((chr_context)k));
        for (int i = 0; i < table->n; i++)
            for (int p = 0; p < table->modules[i]->n_params && !table->modules[i]->hidden; p++) {
                const chr_param_info *param = &table->modules[i]->params[p];
                /* a, b and x of the formulas are no musical words */
                bool known = param->context != (chr_context)k || n == 256 || !param->word[1];
                for (int j = 0; j < n && !known; j++)
                    known = strcmp(seen[j], param->word) == 0;
                if (!known) {
                    fprintf(to, " %s", param->word);
                    seen[n++] = param->word;
                }
            }
        fputc('\n', to);
    }
}

bool chr_print_list(const chr_session *s, const chr_state *state, const char *what, FILE *to) {
    static const char *const kinds[] = {"modules", "instruments", "patches", "patterns", "words"};
    if (!what || !*what) {
        fputs("patches\n", to);
        print_patches(state, to);
        fputs("patterns\n", to);
        print_patterns(state, to);
        chr_print_waiting(s, state, NULL, to);
        fputs("More: list modules, list instruments, list words\n", to);
        return true;
    }
    if (strcmp(what, "modules") == 0) {
        print_modules(s, state, false, to);
    } else if (strcmp(what, "instruments") == 0) {
        print_modules(s, state, true, to);
    } else if (strcmp(what, "patches") == 0) {
        print_patches(state, to);
    } else if (strcmp(what, "patterns") == 0) {
        print_patterns(state, to);
    } else if (strcmp(what, "words") == 0) {
        print_words(s, to);
    } else {
        const char *near = chr_nearest(what, kinds, 5);
        fprintf(to, "%s cannot be listed.", what);
        if (near)
            fprintf(to, " Did you mean %s?", near);
        fputs(" There are: list modules, instruments, patches, patterns, words.\n", to);
        return false;
    }
    return true;
}
