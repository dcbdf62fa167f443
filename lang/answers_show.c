/* lang/answers_show.c: `show NAME`: what was said about it, and the values that its parameters
 * have. SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <math.h>
#include <string.h>

static void print_entry(const chr_entry *entry, FILE *to) {
    const char *text;
    size_t len;
    chr_entry_text(entry, &text, &len);
    fprintf(to, "%.*s\n", (int)len, text);
}

/* ---- values of the modules that the patch itself names, from what was checked ---- */

/* It gives a knob the value that a step locks while its note is played, else the knob's own. */
static bool is_lock(const chr_ir_node *node) {
    return node->hidden && strcmp(node->module->name, "if") == 0 && node->module->n_params == 3 &&
           node->params[0].kind == CHR_STRAND_VOICE && node->params[0].port >= CHR_VOICE_LOCK;
}

/* A level is told in dB, as a player thinks of it, with the factor that the knob counts in. */
static void print_number(double x, const chr_param_info *p, FILE *to) {
    char text[64];
    chr_unit_format(text, sizeof text, x, p->unit);
    bool level = p->unit == CHR_UNIT_RATIO && p->context == CHR_DYNAMICS && x > 0;
    if (level && p->max > 1.0f)
        fprintf(to, "%.3g dB (a factor of %s)", 20.0 * log10(x), text);
    else if (level && x != 1)
        fprintf(to, "%s (%.3g dB)", text, 20.0 * log10(x));
    else
        fputs(text, to);
}

static void print_strand(const chr_ir *ir, const chr_strand *strand, const chr_param_info *p,
                         FILE *to) {
    static const char *const played[] = {"the played note", "the held key", "the note's velocity",
                                         "the note's number"};
    if (strand->kind == CHR_STRAND_VOICE && ir->owners[strand->node].is_knob) {
        fputs("a pattern of values", to);
    } else if (strand->kind == CHR_STRAND_VOICE) {
        fputs(strand->port < 4 ? played[strand->port] : "played", to);
    } else if (strand->kind == CHR_STRAND_NODE && is_lock(&ir->nodes[strand->node])) {
        const chr_ir_node *lock = &ir->nodes[strand->node];
        print_strand(ir, &lock->params[2 * lock->n_instances], p, to);
        fputs(", where no step locks it", to);
    } else if (strand->kind == CHR_STRAND_NODE) {
        const chr_ir_node *node = &ir->nodes[strand->node];
        fputs(node->module->hidden ? "a formula" : node->label, to);
    } else if (p->choices) {
        const char *choice = p->choices;
        for (int k = (int)strand->value; k > 0 && strchr(choice, '|'); k--)
            choice = strchr(choice, '|') + 1;
        fprintf(to, "%.*s", (int)strcspn(choice, "|"), choice);
    } else {
        print_number((double)strand->value, p, to);
    }
}

static bool same_strand(const chr_strand *a, const chr_strand *b) {
    return a->kind == b->kind &&
           (a->kind != CHR_STRAND_CONST || memcmp(&a->value, &b->value, sizeof a->value) == 0);
}

static void print_param(const chr_ir *ir, const chr_ir_node *node, int k, FILE *to) {
    const chr_strand *strands = &node->params[(uint32_t)k * node->n_instances];
    fprintf(to, "  %s.%s = ", node->label, node->module->params[k].word);
    print_strand(ir, &strands[0], &node->module->params[k], to);
    bool more = false;
    for (uint32_t i = 1; i < node->n_instances && !more; i++)
        more = !same_strand(&strands[0], &strands[i]);
    if (more)
        fprintf(to, " … (%d copies)", (int)node->n_instances);
    fputc('\n', to);
}

/* `path`: "lpf.cutoff", "lpf", "cutoff"; NULL for all. What is inside a module is that module's own
 * business, unless it is asked for. */
static bool is_asked_for(const chr_ir_node *node, const char *word, const char *path) {
    if (!path)
        return !strchr(node->label, '.');
    char whole[256];
    snprintf(whole, sizeof whole, "%s.%s", node->label, word);
    size_t len = strlen(path), n = strlen(whole);
    if (strncmp(whole, path, len) == 0 && (whole[len] == '\0' || whole[len] == '.'))
        return true;
    return len < n && strcmp(whole + n - len, path) == 0 && whole[n - len - 1] == '.';
}

static int print_values(const chr_ir *ir, const char *owner, const char *path, FILE *to) {
    int printed = 0;
    for (uint32_t i = 0; ir && i < ir->n_nodes; i++) {
        const chr_ir_node *node = &ir->nodes[i];
        bool made = node->hidden; /* nobody wrote it */
        if (made || strcmp(ir->owners[node->owner].name, owner) != 0)
            continue;
        for (int k = 0; k < node->module->n_params; k++) {
            if (!is_asked_for(node, node->module->params[k].word, path))
                continue;
            if (printed++ == 0 && !path)
                fputs("values\n", to);
            print_param(ir, node, k, to);
        }
    }
    return printed;
}

/* ---- knobs of an instrument of the library ---- */

/* What was last said about a parameter: by `set`, else by `create`. */
static const chr_ast *said_value(const chr_state *state, const char *owner, const char *word,
                                 chr_arena *arena) {
    const char *key = chr_arena_printf(arena, "set %s.%s", owner, word);
    int i = key ? chr_state_find(state, key) : -1;
    if (i < 0) {
        key = chr_arena_printf(arena, "owner %s", owner);
        i = key ? chr_state_find(state, key) : -1;
    }
    for (const chr_ast *k = i >= 0 ? state->entries[i].statement->child : NULL; k; k = k->next)
        if (k->kind == CHR_AST_KEY && strcmp(k->text, word) == 0)
            return k->child;
    return NULL;
}

static const char *instrument_of(const chr_session *s, const chr_state *state, const char *owner,
                                 chr_arena *arena) {
    const char *key = chr_arena_printf(arena, "owner %s", owner);
    int i = key ? chr_state_find(state, key) : -1;
    if (i < 0)
        return chr_library_module(s->library, owner) ? owner : NULL; /* a pattern made it */
    const chr_ast *statement = state->entries[i].statement;
    if (statement->kind != CHR_AST_CREATE)
        return NULL;
    const chr_ast *kind = chr_ast_part(statement, CHR_AST_NAME);
    if (kind)
        return kind->text;
    return chr_session_module(s, state, owner) ? owner : "synth";
}

static void print_knob(const chr_state *state, const char *owner, const chr_page_param *p,
                       chr_arena *arena, FILE *to) {
    const chr_ast *said = said_value(state, owner, p->word, arena);
    fprintf(to, "  %-10s = ", p->word);
    if (said && said->kind == CHR_AST_NUMBER) {
        char text[64];
        chr_unit_format(text, sizeof text, said->number,
                        said->unit != CHR_UNIT_NONE ? said->unit : p->unit);
        fputs(text, to);
    } else if (said) {
        chr_span span = said->span;
        fprintf(to, "%.*s", (int)(span.to - span.from), span.source->text + span.from);
    } else {
        fputs(p->dflt, to);
    }
    fprintf(to, "%s%s%s\n", p->range[0] ? "   (" : "", p->range, p->range[0] ? ")" : "");
}

/* All knobs, or, with `only`, the one of that name. Returns how many. */
static int print_knobs(const chr_session *s, const chr_state *state, const char *owner,
                       const char *only, FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    const char *instrument = arena ? instrument_of(s, state, owner, arena) : NULL;
    chr_page page = {0};
    int printed = 0;
    if (instrument && chr_page_find(s, state, instrument, arena, &page) && page.n_params > 0 &&
        !only)
        fprintf(to, "knobs of %s\n", instrument);
    for (int i = 0; i < page.n_params; i++) {
        if (only && strcmp(only, page.params[i].word) != 0)
            continue;
        print_knob(state, owner, &page.params[i], arena, to);
        printed++;
    }
    chr_answer_end(arena, to);
    return printed;
}

/* `gain`, `pan` and `width`, which every patch and bus has. Returns how many of them are meant. */
static int print_strip(const chr_session *s, const chr_state *state, const char *owner,
                       const char *word, FILE *to) {
    const chr_module *strip = chr_session_built_in(s, "level");
    chr_arena *arena = chr_arena_new(0);
    int printed = 0;
    for (int i = 0; arena && strip && chr_state_has_owner(state, owner) && i < strip->n_params;
         i++) {
        const chr_param_info *p = &strip->params[i];
        if (!p->hint || strcmp(p->word, word) != 0)
            continue; /* what has no hint is no knob */
        const chr_ast *said = said_value(state, owner, word, arena);
        fprintf(to, "  %s.%s = ", owner, word);
        if (said)
            fprintf(to, "%.*s", (int)(said->span.to - said->span.from),
                    said->span.source->text + said->span.from);
        else
            print_number((double)p->dflt, p, to);
        fputc('\n', to);
        printed++;
    }
    chr_answer_end(arena, to);
    return printed;
}

/* ---- all of it ---- */

static int print_said(const chr_state *state, const char *name, FILE *to) {
    int printed = 0;
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        if (chr_entry_is_about(e, name)) {
            print_entry(e, to);
            printed++;
        }
    }
    return printed;
}

/* What moves the knob of that path. */
static void print_turning(const chr_state *state, const char *target, FILE *to) {
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        bool turns = e->statement->kind == CHR_AST_AUTOMATE || e->statement->kind == CHR_AST_VALUES;
        if (turns && strcmp(strchr(e->key, ' ') + 1, target) == 0)
            print_entry(e, to);
    }
}

void chr_print_show(const chr_session *s, const chr_state *state, const chr_ir *ir,
                    const char *target, FILE *to) {
    size_t len = strcspn(target, ".");
    if (target[len] == '.') {
        char owner[256];
        snprintf(owner, sizeof owner, "%.*s", (int)len, target);
        const char *path = target + len + 1;
        print_turning(state, target, to);
        int printed = print_knobs(s, state, owner, path, to);
        if (printed == 0)
            printed = print_values(ir, owner, path, to);
        if (printed + print_strip(s, state, owner, path, to) == 0)
            fprintf(to, "%s has no %s\n", owner, path);
        return;
    }
    int said = print_said(state, target, to);
    chr_print_waiting(s, state, target, to);
    if (chr_state_has_owner(state, target)) {
        print_knobs(s, state, target, NULL, to);
        print_values(ir, target, NULL, to);
    } else if (said == 0) {
        const chr_ast *module = chr_library_module(s->library, target);
        if (module)
            fprintf(to, "%.*s\n", (int)(module->span.to - module->span.from),
                    module->span.source->text + module->span.from);
        else
            chr_print_help(s, state, target, to);
    }
}
