/* lang/session_apply.c: statements that say what is, and those that end it.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <string.h>

/* ---- settings by hand ---- */

/* The effect that an ADD brings: its module and the label by which it goes. */
const char *chr_effect_module(const chr_ast *add) {
    return add->child ? add->child->text : "";
}

const char *chr_effect_label(const chr_ast *add) {
    const chr_ast *label = chr_ast_part(add, CHR_AST_LABEL);
    return label ? label->text : chr_effect_module(add);
}

/* The parameter's path inside its patch: "reverb.amount" of `set bass.reverb amount=0.3`. */
static bool is_set_of(const chr_ast *set, const char *label, const char **word) {
    const chr_ast *target = chr_ast_part(set, CHR_AST_TARGET);
    const chr_ast *key = chr_ast_part(set, CHR_AST_KEY);
    if (!target || !key)
        return false;
    const char *dot = strchr(target->text, '.');
    const char *path = dot ? dot + 1 : key->text;
    size_t len = strcspn(path, ".");
    *word = !dot && !path[len] ? path : NULL;
    return (dot || path[len]) && strlen(label) == len && strncmp(path, label, len) == 0;
}

static const char *instrument_of(const chr_state *state, const char *owner) {
    for (int i = chr_state_newest_of(state, owner); i >= 0; i = chr_state_next_of(state, i)) {
        const chr_ast *statement = state->entries[i].statement;
        if (statement->kind == CHR_AST_CREATE) {
            const chr_ast *kind = chr_ast_part(statement, CHR_AST_NAME);
            return kind ? kind->text : owner;
        }
    }
    return NULL;
}

/* A bare word can mean one node only, or it would have been refused; so if the effect has it, the
 * effect is meant, save where an instrument has a parameter of that name. */
static bool sets_effect(const chr_session *session, const chr_state *state, const chr_entry *entry,
                        const char *label, const char *module) {
    const char *word = NULL;
    if (entry->statement->kind != CHR_AST_SET)
        return false;
    if (is_set_of(entry->statement, label, &word))
        return true;
    if (!word)
        return false;
    const char *instrument = instrument_of(state, entry->owner);
    if (instrument && chr_module_has_param(session, state, instrument, word))
        return false;
    return strcmp(word, "amount") == 0 || chr_module_has_param(session, state, module, word);
}

static bool is_from(const chr_entry *entry, const char *file) {
    return file && entry->script->file && strcmp(entry->script->file, file) == 0;
}

void chr_drop_effect_settings(const chr_session *session, chr_state *state, const char *owner,
                              const char *label, const char *module, const char *file) {
    for (int i = chr_state_newest_of(state, owner); i >= 0; i = chr_state_next_of(state, i))
        if (!is_from(&state->entries[i], file) &&
            sets_effect(session, state, &state->entries[i], label, module))
            chr_state_take_out(state, i);
}

static bool is_for_added_effect(const chr_session *session, const chr_state *state,
                                const chr_entry *entry) {
    for (int i = chr_state_newest_of(state, entry->owner); i >= 0;
         i = chr_state_next_of(state, i)) {
        const chr_ast *add = state->entries[i].statement;
        if (add->kind == CHR_AST_ADD &&
            sets_effect(session, state, entry, chr_effect_label(add), chr_effect_module(add)))
            return true;
    }
    return false;
}

void chr_drop_settings(const chr_session *session, chr_state *state, const char *owner,
                       const char *file) {
    for (int i = chr_state_newest_of(state, owner); i >= 0; i = chr_state_next_of(state, i)) {
        const chr_entry *entry = &state->entries[i];
        if (entry->fresh || is_from(entry, file))
            continue;
        if (entry->statement->kind == CHR_AST_REMOVE_FROM ||
            (entry->statement->kind == CHR_AST_SET && !is_for_added_effect(session, state, entry)))
            chr_state_take_out(state, i);
    }
}

/* ---- what holds ---- */

static bool is_definition(const chr_ast *statement) {
    return statement->kind == CHR_AST_PATCH || statement->kind == CHR_AST_BUS ||
           statement->kind == CHR_AST_CREATE;
}

/* In a file each name should be said once. What is set twice, muted twice or added twice is no
 * mistake. */
static void warn_if_said_twice(chr_candidate *c, const chr_state *state, const chr_entry *entry) {
    int i = chr_state_find(state, entry->key);
    const chr_ast *statement = entry->statement;
    if (i < 0 || state->entries[i].script != entry->script || statement->kind == CHR_AST_ADD ||
        statement->kind == CHR_AST_REMOVE_FROM || statement->kind == CHR_AST_SET ||
        statement->kind == CHR_AST_MUTE || statement->kind == CHR_AST_SOLO ||
        statement->kind == CHR_AST_SEND || statement->kind == CHR_AST_WHEN ||
        (statement->kind == CHR_AST_PATCH && !statement->text[0]))
        return;
    const char *blank = strchr(entry->key, ' ');
    chr_report(&c->diags, CHR_W381, statement->span, blank ? blank + 1 : entry->key);
}

/* The statement up to its name: "module kick". */
static chr_span head_of(const chr_ast *module) {
    chr_span span = module->span;
    const char *text = span.source->text;
    uint32_t to = span.from;
    while (to < span.to && text[to] != ' ' && text[to] != '\t')
        to++;
    while (to < span.to && (text[to] == ' ' || text[to] == '\t'))
        to++;
    uint32_t len = (uint32_t)strlen(module->text);
    if (len <= span.to - to && memcmp(text + to, module->text, len) == 0)
        span.to = to + len;
    return span;
}

void chr_note_shadow(chr_candidate *c, const chr_state *state, const chr_entry *entry) {
    const chr_session *session = c->session;
    const char *name = entry->statement->text;
    if (entry->statement->kind != CHR_AST_MODULE || chr_state_find(state, entry->key) >= 0)
        return;
    if (chr_library_module(session->library, name))
        chr_report(&c->diags, CHR_N382, head_of(entry->statement), name, "library one");
    for (int i = 0; i < session->options.modules.n; i++)
        if (strcmp(session->options.modules.modules[i]->name, name) == 0)
            chr_report(&c->diags, CHR_N382, head_of(entry->statement), name, "built-in one");
}

static void put(chr_candidate *c, chr_state *state, const chr_ast *statement,
                const chr_setting *setting, const char *text, bool net) {
    chr_entry entry = {
        .statement = statement, .script = setting->script, .text = text, .fresh = true};
    chr_statement_key(statement, setting->script->arena, &entry.key, &entry.owner);
    if (!entry.key || chr_arena_failed(setting->script->arena)) {
        c->failed = true;
        return;
    }
    if (state->n >= CHR_MAX_HELD) {
        if (state->n == CHR_MAX_HELD)
            chr_report(&c->diags, CHR_E581, statement->span, (int)CHR_MAX_HELD);
        if (state->n > CHR_MAX_HELD)
            return;
    }
    int defined = !net && statement->kind == CHR_AST_PATCH ? chr_state_find(state, entry.key) : -1;
    if (defined >= 0 && state->entries[defined].statement->kind == CHR_AST_PATCH)
        chr_follow_stages(c, state, entry.owner, state->entries[defined].statement, statement);
    bool drops = !net && (is_definition(statement) || statement->kind == CHR_AST_ADD);
    if (drops && !chr_candidate_spend_on(c, state, entry.owner, statement->span))
        return;
    if (!net)
        chr_end_changes(c, state, statement, setting->script->file);
    if (net)
        warn_if_said_twice(c, state, &entry);
    else if (is_definition(statement))
        chr_drop_settings(c->session, state, entry.owner, NULL);
    else if (statement->kind == CHR_AST_ADD && chr_state_find(state, entry.key) >= 0)
        chr_drop_effect_settings(c->session, state, entry.owner, chr_effect_label(statement),
                                 chr_effect_module(statement), NULL);
    if (!setting->script->file)
        chr_note_shadow(c, state, &entry);
    if (statement->kind ==
        CHR_AST_SET) { /* the last word comes last: short and long paths may mean the same */
        int old = chr_state_find(state, entry.key);
        if (old >= 0)
            chr_state_take_out(state, old);
    }
    chr_state_put(state, &entry);
}

/* `set bass cutoff=800 res=0.2` and `mute kick bass` become one statement for each thing that they
 * are about. */
static void put_parts(chr_candidate *c, chr_state *state, const chr_ast *statement,
                      const chr_setting *setting, bool net) {
    chr_arena *arena = setting->script->arena;
    bool is_set = statement->kind == CHR_AST_SET;
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    const chr_ast *over = chr_ast_part(statement, CHR_AST_OVER);
    const chr_ast *part = target && is_set ? target->next : target;
    if (part && !part->next) {
        put(c, state, statement, setting, NULL, net);
        return;
    }
    for (; part && part != over; part = part->next) {
        chr_ast *one = CHR_NEW(arena, chr_ast);
        chr_ast *first = CHR_NEW(arena, chr_ast);
        chr_ast *key = is_set ? CHR_NEW(arena, chr_ast) : NULL;
        if (!one || !first || (is_set && !key)) {
            c->failed = true;
            return;
        }
        *one = *statement;
        one->span = part->span;
        one->child = first;
        *first = is_set ? *target : *part;
        first->next = key;
        if (key) {
            *key = *part;
            key->next = NULL;
        }
        const char *source = part->span.source->text + part->span.from;
        int len = (int)(part->span.to - part->span.from);
        if (over)
            chr_note_over(c, over, one);
        put(c, state, one, setting,
            is_set ? chr_arena_printf(arena, "set %s %.*s", target->text, len, source)
                   : chr_arena_printf(arena, "%s %s", chr_ast_name(statement->kind), part->text),
            net);
    }
}

/* Takes back an ADD if there is one; a stage that is written in the patch is left to the check. */
static void remove_from(chr_candidate *c, chr_state *state, const chr_ast *statement,
                        const chr_setting *setting, bool net) {
    const chr_ast *effect = statement->child;
    const chr_ast *owner = effect ? effect->next : NULL;
    if (!owner || !chr_candidate_spend_on(c, state, owner->text, statement->span))
        return;
    int found = -1, others = 0;
    for (int i = chr_state_newest_of(state, owner->text); i >= 0; i = chr_state_next_of(state, i)) {
        const chr_ast *add = state->entries[i].statement;
        if (add->kind != CHR_AST_ADD)
            continue;
        if (strcmp(chr_effect_label(add), effect->text) == 0) {
            found = i;
            others = 0;
            break;
        }
        if (strcmp(chr_effect_module(add), effect->text) == 0) {
            others += found >= 0;
            found = i;
        }
    }
    if (others > 0) {
        chr_report(&c->diags, CHR_E382, effect->span, owner->text, effect->text);
        return;
    }
    chr_drop_effect_settings(
        c->session, state, owner->text, effect->text,
        found >= 0 ? chr_effect_module(state->entries[found].statement) : effect->text, NULL);
    if (found >= 0)
        chr_state_take_out(state, found);
    else
        put(c, state, statement, setting, NULL, net);
}

/* In a file a tempo without a place is that of the beginning; what is typed begins now. */
static void put_tempo(chr_candidate *c, chr_state *state, const chr_ast *statement,
                      const chr_setting *setting, bool net) {
    bool typed = !net && !setting->script->file && !setting->imported && !setting->loaded;
    const char *text = NULL;
    if (typed && chr_ast_part(statement, CHR_AST_OVER) &&
        !chr_ast_part(statement, CHR_AST_POSITION))
        statement = chr_tempo_from_here(c, statement, setting->script->arena, &text);
    if (statement)
        put(c, state, statement, setting, text, net);
    else
        c->failed = true;
}

/* ---- what ends ---- */

bool chr_is_bus(const chr_state *state, const char *name) {
    const char prefix[] = "owner ";
    for (int i = state->about ? chr_state_newest_of(state, name) : state->n - 1; i >= 0;
         i = state->about ? chr_state_next_of(state, i) : i - 1) {
        const chr_entry *e = &state->entries[i];
        if (e->statement && e->statement->kind == CHR_AST_BUS &&
            strcmp(e->key + sizeof prefix - 1, name) == 0)
            return true;
    }
    return false;
}

void chr_take_out_sends(chr_state *state, const char *bus, const char *spared,
                        const chr_state *said) {
    for (int i = 0; i < state->n; i++) {
        const chr_entry *e = &state->entries[i];
        const chr_ast *to = e->statement && e->statement->kind == CHR_AST_SEND
                                ? chr_ast_part(e->statement, CHR_AST_NAME)
                                : NULL;
        bool stays = is_from(e, spared) && (!said || chr_state_find(said, e->key) >= 0);
        if (to && strcmp(to->text, bus) == 0 && !stays)
            chr_state_take_out(state, i);
    }
}

bool chr_take_out_owner(chr_state *state, const char *owner, const char *spared) {
    bool found = false;
    if (chr_is_bus(state, owner))
        chr_take_out_sends(state, owner, spared, NULL);
    for (int i = chr_state_newest_of(state, owner); i >= 0; i = chr_state_next_of(state, i))
        if (!is_from(&state->entries[i], spared)) {
            chr_state_take_out(state, i);
            found = true;
        }
    chr_play_forget(&state->play, owner);
    return found;
}

/* `ending`: what is not to be touched, and where keys are made. */
static bool take_out_key(chr_state *state, const char *kind, const char *name,
                         const chr_ending *ending) {
    const char *key = chr_arena_printf(ending->arena, "%s %s", kind, name);
    int i = key ? chr_state_find(state, key) : -1;
    bool found = i >= 0 && !is_from(&state->entries[i], ending->spared);
    if (found)
        chr_state_take_out(state, i);
    return found;
}

static bool take_out_pattern(chr_state *state, const char *name, const chr_ending *ending) {
    if (!take_out_key(state, "pattern", name, ending))
        return false;
    chr_play_forget(&state->play, name);
    const char *owner = chr_owner_of_target(name, ending->arena);
    if (owner && !chr_state_has_owner(state, owner)) /* it stood for the instrument, too */
        chr_take_out_owner(state, owner, ending->spared);
    return true;
}

static bool remove_named(chr_state *state, const char *name, const chr_ending *ending) {
    if (strchr(name, '/'))
        return take_out_pattern(state, name, ending);
    if (chr_state_has_owner(state, name))
        return chr_take_out_owner(state, name, ending->spared);
    bool found = take_out_key(state, "let", name, ending);
    found |= take_out_key(state, "fn", name, ending);
    found |= take_out_key(state, "module", name, ending);
    found |= take_out_key(state, "section", name, ending);
    return found;
}

static bool end_all(chr_state *state, chr_ast_kind kind, const chr_ending *ending) {
    bool found = false;
    for (int i = 0; i < state->n; i++) {
        const chr_entry *entry = &state->entries[i];
        if (entry->statement && entry->statement->kind == kind && !is_from(entry, ending->spared)) {
            chr_state_take_out(state, i);
            found = true;
        }
    }
    return found;
}

static const char *ended_word(const chr_ast *statement) {
    return statement->kind == CHR_AST_UNMUTE ? "mute" : "solo";
}

static bool end_arrangement(chr_state *state, const chr_ending *ending) {
    int i = chr_state_find(state, "arrange");
    bool found = i >= 0 && !is_from(&state->entries[i], ending->spared);
    if (found)
        chr_state_take_out(state, i);
    return found;
}

bool chr_end_target(chr_state *state, const chr_ast *statement, const chr_ast *target,
                    const chr_ending *ending) {
    switch (statement->kind) {
    case CHR_AST_LOOP:
        return end_all(state, CHR_AST_LOOP, ending);
    case CHR_AST_REMOVE:
        return target && remove_named(state, target->text, ending);
    case CHR_AST_SEQUENCE:
    case CHR_AST_MELODY:
        return target && take_out_pattern(state, target->text, ending);
    case CHR_AST_AUTOMATE:
    case CHR_AST_VALUES:
        return target && take_out_key(state, chr_ast_name(statement->kind), target->text, ending);
    case CHR_AST_ARRANGE:
        return end_arrangement(state, ending);
    case CHR_AST_UNMUTE:
        if (!target)
            return end_all(state, CHR_AST_MUTE, ending);
        break;
    default:
        if (!target)
            return end_all(state, CHR_AST_SOLO, ending);
    }
    return take_out_key(state, ended_word(statement), target->text, ending);
}

void chr_report_end(chr_candidate *c, const chr_state *state, const chr_ast *statement,
                    const chr_ast *target) {
    if (!target || statement->kind == CHR_AST_SEQUENCE || statement->kind == CHR_AST_MELODY ||
        statement->kind == CHR_AST_AUTOMATE || statement->kind == CHR_AST_VALUES)
        return; /* there is nothing left to end, and that was asked for */
    const char *owner = chr_owner_of_target(target->text, c->arena);
    if (statement->kind == CHR_AST_REMOVE || (owner && !chr_state_has_owner(state, owner)))
        chr_report_unknown(c, state, target->text, target->span);
}

static void end(chr_candidate *c, chr_state *state, const chr_ast *statement) {
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    chr_ending ending = {.arena = c->arena};
    do {
        bool all = !target || chr_is_bus(state, target->text);
        if (!chr_candidate_spend(c, statement->span, all ? state->n : state->play.n_names))
            return;
        if (!chr_end_target(state, statement, target, &ending))
            chr_report_end(c, state, statement, target);
        target = target ? target->next : NULL;
    } while (target && target->kind == CHR_AST_TARGET);
}

/* ---- statements ---- */

/* Where a tempo, a meter or a key stands in the piece is a place. */
static bool is_somewhere(chr_candidate *c, const chr_ast *statement) {
    const chr_ast *at =
        chr_is_of_course(statement) ? chr_ast_part(statement, CHR_AST_POSITION) : NULL;
    double beat;
    return !at || chr_beat_of(c, at, &beat);
}

void chr_apply(chr_candidate *c, chr_state *state, const chr_ast *statement,
               const chr_setting *setting, bool net) {
    switch (chr_statement_manner(statement)) {
    case CHR_HOLDS:
        if (statement->kind == CHR_AST_WHEN && !chr_moment_is_good(c, statement))
            break;
        if (!is_somewhere(c, statement))
            break;
        if (statement->kind == CHR_AST_SET || statement->kind == CHR_AST_MUTE ||
            statement->kind == CHR_AST_SOLO)
            put_parts(c, state, statement, setting, net);
        else if (statement->kind == CHR_AST_REMOVE_FROM)
            remove_from(c, state, statement, setting, net);
        else if (statement->kind == CHR_AST_TEMPO)
            put_tempo(c, state, statement, setting, net);
        else if (statement->kind != CHR_AST_TUNING)
            put(c, state, statement, setting, NULL, net);
        else if ((statement = chr_read_tuning(c, statement, setting)) != NULL)
            put(c, state, statement, setting, NULL, net);
        break;
    case CHR_ENDS:
        end(c, state, statement);
        break;
    case CHR_LATER:
        chr_report_later(&c->diags, statement);
        break;
    case CHR_BROKEN: /* the check should not complain about its name, too */
        if (statement->text[0])
            put(c, state, statement, setting, NULL, false);
        break;
    case CHR_ACTS:
    case CHR_BRINGS:
        break; /* the callers' own */
    }
}

static void apply_each(void *context, const chr_ast *statement, const chr_setting *setting) {
    chr_apply_typed(context, statement, setting);
}

void chr_apply_typed(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    chr_manner manner = chr_statement_manner(statement);
    if (manner == CHR_BRINGS)
        chr_read_import(c, statement, setting, apply_each, c);
    else if (manner == CHR_ACTS)
        chr_act(c, statement, setting);
    else
        chr_apply(c, c->state, statement, setting, false);
}

void chr_apply_script(chr_candidate *c, const chr_setting *setting) {
    for (const chr_ast *s = setting->script->tree->child; s && !c->failed; s = s->next)
        chr_apply_typed(c, s, setting);
}
