/* lang/session_act.c: statements that do something once: play and stop, save, undo, questions.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_learn.h"
#include "lang/session_state.h"
#include "lang/visible.h"

#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* Of what is no wrong name: what is made behind it in the file, and a knob, which is there with its
 * patch, while what turns it can be ended. True if said. */
static bool suggest_for_known(chr_candidate *c, const chr_state *state, const char *name) {
    if (chr_state_has_owner(state, name)) {
        chr_suggest(&c->diags, "it is made only further down");
        return true;
    }
    static const char *const turning[] = {"values", "automate"};
    for (size_t i = 0; i < sizeof turning / sizeof turning[0]; i++) {
        const char *key = chr_arena_printf(c->arena, "%s %s", turning[i], name);
        if (key && chr_state_find(state, key) >= 0) {
            chr_suggest(&c->diags,
                        "what turns it ends with nothing behind its colon: %s %.60s:", turning[i],
                        name);
            return true;
        }
    }
    const char *dot = strchr(name, '.');
    const char *owner = dot ? chr_arena_copy(c->arena, name, (size_t)(dot - name)) : NULL;
    if (!owner || !chr_state_has_owner(state, owner))
        return false;
    chr_suggest(&c->diags,
                "a knob of %.60s is there as long as %.60s is; an effect goes by: remove reverb "
                "from %.60s",
                owner, owner, owner);
    return true;
}

void chr_report_unknown(chr_candidate *c, const chr_state *state, const char *name, chr_span span) {
    const char *bad = chr_arena_printf(c->arena, "bad %s", name);
    if (!bad || chr_state_find(state, bad) >= 0)
        return; /* its definition has an error, and that is reported */
    chr_report(&c->diags, CHR_E381, span, name);
    if (suggest_for_known(c, state, name))
        return;
    const char **words = malloc(((size_t)state->n + 1) * sizeof *words);
    if (!words)
        return;
    int n = 0;
    for (int i = 0; i < state->n && n < 4096; i++) {
        const chr_entry *e = &state->entries[i];
        if (!e->statement)
            continue;
        bool pattern = strncmp(e->key, "pattern ", 8) == 0;
        const char *owner = pattern ? chr_arena_printf(c->arena, "owner %s", e->key + 8) : NULL;
        if (pattern && !(owner && chr_state_find(state, owner) >= 0))
            words[n++] = e->key + 8;
        else if (pattern)
            continue;
        else if (strncmp(e->key, "owner ", 6) == 0 || e->statement->kind == CHR_AST_LET ||
                 e->statement->kind == CHR_AST_FN || e->statement->kind == CHR_AST_MODULE)
            words[n++] = strchr(e->key, ' ') + 1;
    }
    chr_suggest_name(&c->diags, name, words, n);
    free(words);
}

static bool is_known(const chr_state *state, const char *name, chr_arena *arena) {
    if (!strchr(name, '/'))
        return chr_state_has_owner(state, name);
    const char *key = chr_arena_printf(arena, "pattern %s", name);
    return key && chr_state_find(state, key) >= 0;
}

/* ---- who plays ---- */

static bool is_for_all(const chr_ast *statement) {
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    bool all = !target;
    for (; target; target = target->next)
        all |= strcmp(target->text, "all") == 0;
    return all;
}

void chr_act_on_play(chr_candidate *c, chr_state *state, const chr_ast *statement) {
    bool ok = true;
    int64_t n_targets = 1; /* for none, and for `all` */
    for (const chr_ast *t = statement->child; t; t = t->next)
        n_targets++;
    if (!chr_candidate_spend(c, statement->span,
                             state->n + n_targets * (state->play.n_names + n_targets)))
        return;
    if (statement->kind == CHR_AST_PLAY && is_for_all(statement)) {
        chr_play_all(&state->play);
    } else if (statement->kind == CHR_AST_HUSH || statement->kind == CHR_AST_PANIC ||
               is_for_all(statement)) {
        ok = chr_play_silence(&state->play, state);
    } else {
        int n = 0;
        for (const chr_ast *t = statement->child; t; t = t->next)
            n++;
        const char **names = malloc((size_t)n * sizeof *names);
        ok = names != NULL;
        n = 0;
        for (const chr_ast *t = statement->child; ok && t; t = t->next)
            names[n++] = t->text;
        if (ok)
            ok = statement->kind == CHR_AST_PLAY ? chr_play_choose(&state->play, names, n)
                                                 : chr_play_stop_names(&state->play, names, n);
        free(names);
    }
    if (!ok)
        c->failed = true;
}

/* `play` would change nothing: all plays, and no `stop` is on its way. */
static bool plays_already(const chr_candidate *c) {
    const chr_play_facts *play = &c->state->play;
    const chr_session_options *o = &c->session->options;
    bool as_it_is = play->said && !play->chosen && !play->silenced && play->n_names == 0 &&
                    o->position && o->position(o->clock).running;
    for (int i = 0; as_it_is && i < c->state->n; i++)
        as_it_is = !c->state->entries[i].statement || !c->state->entries[i].once;
    return as_it_is;
}

static bool is_for_good(const chr_ast *statement) {
    return statement->kind == CHR_AST_HUSH || statement->kind == CHR_AST_PANIC;
}

static void play_or_stop(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    bool all = is_for_good(statement) || is_for_all(statement);
    bool known = true;
    for (const chr_ast *t = statement->child; !all && t; t = t->next)
        if (!is_known(c->state, t->text, c->arena)) {
            chr_report_unknown(c, c->state, t->text, t->span);
            known = false;
        }
    if (!known)
        return;
    if (statement->kind == CHR_AST_PLAY && all && plays_already(c)) {
        chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, "all plays already");
        return;
    }
    if (chr_wait_for_quantum(c, statement, setting))
        return;
    chr_act_on_play(c, c->state, statement);
    if (statement->kind == CHR_AST_PLAY) {
        chr_candidate_ask(c, CHR_REQUEST_PLAY, NULL, NULL);
    } else if (all) {
        if (chr_candidate_spend(c, statement->span, c->state->n))
            chr_forget_turns(c);
        chr_candidate_ask(c,
                          statement->kind == CHR_AST_HUSH    ? CHR_REQUEST_HUSH
                          : statement->kind == CHR_AST_PANIC ? CHR_REQUEST_PANIC
                                                             : CHR_REQUEST_STOP,
                          NULL, NULL);
    }
}

/* play from bar 17 */
static void play_from(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_ast *position = statement->child;
    double beat;
    if (!chr_beat_of(c, position, &beat) || chr_wait_for_quantum(c, statement, setting))
        return;
    c->state->play.said = c->state->play.running = true;
    c->state->play.silenced = false;
    if (!c->state->play.chosen)
        chr_play_all(&c->state->play);
    chr_asked *asked = chr_candidate_ask(c, CHR_REQUEST_PLAY_FROM, NULL, NULL);
    if (asked)
        asked->request.beat = beat;
}

/* ---- saving ---- */

static bool may_write(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    if (c->session->options.allow_save && !setting->loaded)
        return true;
    chr_report(&c->diags, CHR_N381, statement->span, chr_statement_word(statement));
    if (setting->loaded)
        chr_suggest(&c->diags, "a saved patch that is loaded writes nothing; type it yourself");
    return false;
}

static void save(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_ast *name = chr_ast_part(statement, CHR_AST_STRING);
    const char *fault = chr_saved_name_fault(name ? name->text : "");
    if (fault) {
        chr_report(&c->diags, CHR_E707, name ? name->span : statement->span, name ? name->text : "",
                   fault);
        return;
    }
    if (!may_write(c, statement, setting))
        return;
    char *text = setting->text_so_far ? strdup(setting->text_so_far) : chr_state_text(c->state);
    if (text)
        chr_candidate_ask(c, CHR_REQUEST_SAVE, name->text, text);
    else
        c->failed = true;
    free(text);
}

static void record(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_ast *string = chr_ast_part(statement, CHR_AST_STRING);
    const char *name = string ? string->text : "";
    size_t len = strlen(name);
    if (len > 4 && strcmp(name + len - 4, ".wav") == 0)
        name = chr_arena_copy(c->arena, name, len - 4);
    const char *fault = name ? chr_saved_name_fault(name) : NULL;
    if (fault)
        chr_report(&c->diags, CHR_E707, string ? string->span : statement->span, name, fault);
    else if (name && may_write(c, statement, setting))
        chr_candidate_ask(c, CHR_REQUEST_RECORD, name,
                          chr_ast_part(statement, CHR_AST_NAME) ? "stems" : NULL);
}

static void generate(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    if (!may_write(c, statement, setting))
        return;
    char *text = chr_module_template(c->session, c->state, statement->text);
    if (text)
        chr_candidate_ask(c, CHR_REQUEST_GENERATE, statement->text, text);
    else
        c->failed = true;
    free(text);
}

/* ---- back and forth ---- */

/* By the text that is taken back or brought again, which may be a stranger's. */
static void tell_travel(chr_candidate *c, bool back, const char *label) {
    char text[600];
    chr_visible v;
    const char *what = back ? "taken back: " : "brought again: ";
    chr_visible_init(&v, text, sizeof text);
    chr_visible_plain(&v, what, strlen(what));
    chr_visible_text(&v, label, strlen(label), 80);
    chr_candidate_ask(c, CHR_REQUEST_TELL, NULL, text);
}

static void travel(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_session *s = c->session;
    bool back = statement->kind == CHR_AST_UNDO;
    if (setting->script->file || setting->loaded || c->at_moment) {
        chr_report(&c->diags, CHR_N386, statement->span, chr_statement_word(statement));
        return;
    }
    int to = s->now - c->undone + (back ? -1 : 1);
    if (to < 0 || to >= s->n_past) {
        chr_report(&c->diags, CHR_N384, statement->span, chr_statement_word(statement));
        return;
    }
    chr_state *state = chr_state_copy(s->past[to]);
    if (!state) {
        c->failed = true;
        return;
    }
    state->play.said |= c->state->play.said; /* the clock goes on as it is */
    state->play.running = c->state->play.running;
    chr_state_drop(c->state);
    c->state = state;
    c->undone += back ? 1 : -1;
    const char *label = s->past[back ? to + 1 : to]->label;
    if (label)
        tell_travel(c, back, label);
}

/* ---- all of them ---- */

/* Something that `show` can tell about. */
static bool can_be_shown(const chr_candidate *c, const char *target) {
    const char *owner = chr_owner_of_target(target, c->arena);
    static const char *const kinds[] = {"let", "fn", "module"};
    if (!owner || is_known(c->state, target, c->arena) || chr_state_has_owner(c->state, owner))
        return true;
    for (int i = 0; i < 3; i++) {
        const char *key = chr_arena_printf(c->arena, "%s %s", kinds[i], target);
        if (key && chr_state_find(c->state, key) >= 0)
            return true;
    }
    return chr_library_module(c->session->library, target) ||
           chr_session_built_in(c->session, target);
}

/* `show NAME bars 4` */
static void show_events(chr_candidate *c, const chr_ast *target, const chr_ast *bars) {
    enum { MOST_BARS = 10000 };
    if (!(bars->number >= 1 && bars->number <= MOST_BARS)) {
        chr_report(&c->diags, CHR_E410, bars->span, "bars", 1, MOST_BARS);
        return;
    }
    const char *owner = chr_owner_of_target(target->text, c->arena);
    if (!owner || !chr_state_has_owner(c->state, owner)) {
        chr_report_unknown(c, c->state, target->text, target->span);
        return;
    }
    chr_asked *asked = chr_candidate_ask(c, CHR_REQUEST_EVENTS, target->text, NULL);
    if (asked)
        asked->request.beat = bars->number;
}

static void question(chr_candidate *c, const chr_ast *statement) {
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    bool ok = true;
    if (target)
        ok = statement->kind == CHR_AST_GRAPH ? chr_state_has_owner(c->state, target->text)
                                              : can_be_shown(c, target->text);
    if (!ok) {
        chr_report_unknown(c, c->state, target->text, target->span);
        return;
    }
    const chr_ast *bars =
        statement->kind == CHR_AST_SHOW ? chr_ast_part(statement, CHR_AST_NUMBER) : NULL;
    if (bars) {
        show_events(c, target, bars);
        return;
    }
    if (!chr_candidate_spend(c, statement->span, 200 + (int64_t)c->state->n * 10))
        return; /* an answer looks at everything, and writes it out */
    chr_asked *asked = chr_candidate_ask(c, CHR_REQUEST_PRINT, NULL, NULL);
    if (asked)
        asked->question = statement;
}

static void metronome(chr_candidate *c, const chr_ast *statement) {
    const char *word = statement->text;
    if (*word && strcmp(word, "on") != 0 && strcmp(word, "off") != 0) {
        chr_report(&c->diags, CHR_E388, statement->span, word);
        return;
    }
    chr_candidate_ask(c, CHR_REQUEST_METRONOME, *word ? word : NULL, NULL);
}

/* Something that listens to what is heard while it plays. */
static void look(chr_candidate *c, const chr_ast *statement) {
    const chr_ast *target = chr_ast_part(statement, CHR_AST_TARGET);
    bool of_place = statement->kind == CHR_AST_SCOPE || statement->kind == CHR_AST_SPECTRUM;
    bool why = statement->kind == CHR_AST_WHY;
    bool all = target && strcmp(target->text, "out") == 0; /* everything that is heard */
    const char *owner = !target    ? NULL
                        : of_place ? chr_owner_of_target(target->text, c->arena)
                                   : target->text;
    if (target && !all &&
        (!owner || strchr(target->text, '/') || !chr_state_has_owner(c->state, owner)))
        chr_report_unknown(c, c->state, target->text, target->span);
    else
        chr_candidate_ask(c,
                          statement->kind == CHR_AST_METERS  ? CHR_REQUEST_METERS
                          : statement->kind == CHR_AST_SCOPE ? CHR_REQUEST_SCOPE
                          : why                              ? CHR_REQUEST_WHY
                          : statement->kind == CHR_AST_ROLL  ? CHR_REQUEST_ROLL
                                                             : CHR_REQUEST_SPECTRUM,
                          target && (why || !all) ? target->text : NULL, NULL);
}

void chr_act(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    if (setting->imported || (setting->loaded && statement->kind == CHR_AST_QUIT)) {
        chr_report(&c->diags, CHR_N383, statement->span, chr_statement_word(statement));
        return;
    }
    switch (statement->kind) {
    case CHR_AST_PLAY:
    case CHR_AST_STOP:
    case CHR_AST_HUSH:
    case CHR_AST_PANIC:
        play_or_stop(c, statement, setting);
        break;
    case CHR_AST_PLAY_FROM:
        play_from(c, statement, setting);
        break;
    case CHR_AST_MAKE:
        chr_act_on_make(c, statement, setting);
        break;
    case CHR_AST_WHEN:
        chr_act_on_moment(c, statement, setting);
        break;
    case CHR_AST_SAVE:
        save(c, statement, setting);
        break;
    case CHR_AST_LOAD:
        chr_read_load(c, statement, setting);
        break;
    case CHR_AST_GENERATE:
        generate(c, statement, setting);
        break;
    case CHR_AST_RELOAD:
        chr_read_reload(c, statement, setting);
        break;
    case CHR_AST_UNDO:
    case CHR_AST_REDO:
        travel(c, statement, setting);
        break;
    case CHR_AST_STATS:
        chr_candidate_ask(c, CHR_REQUEST_STATS, NULL, NULL);
        break;
    case CHR_AST_QUIT:
        chr_candidate_ask(c, CHR_REQUEST_QUIT, NULL, NULL);
        break;
    case CHR_AST_RECORD:
        record(c, statement, setting);
        break;
    case CHR_AST_STOP_RECORDING:
        if (may_write(c, statement, setting))
            chr_candidate_ask(c, CHR_REQUEST_STOP_RECORDING, NULL, NULL);
        break;
    case CHR_AST_METRONOME:
        metronome(c, statement);
        break;
    case CHR_AST_TAP:
        chr_candidate_ask(c, CHR_REQUEST_TAP, NULL, NULL);
        break;
    case CHR_AST_ROLL:
    case CHR_AST_WHY:
    case CHR_AST_METERS:
    case CHR_AST_SCOPE:
    case CHR_AST_SPECTRUM:
        look(c, statement);
        break;
    case CHR_AST_LEARN: {
        int lesson = chr_lesson_meant(statement, c->session->lesson);
        if (lesson > 0 && lesson <= chr_lessons_count)
            c->lesson = lesson;
        question(c, statement);
        break;
    }
    default:
        question(c, statement);
        break;
    }
}
