/* lang/session_turn.c: one wish for one patch: which knob is turned, and what is added where there
 * is none. SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <string.h>

/* ---- which knobs ---- */

bool chr_next_sought(const char **list, chr_sought *s) {
    *list += strspn(*list, " ");
    if (!**list)
        return false;
    s->backwards = **list == '-';
    *list += s->backwards;
    s->text = *list;
    s->n = strcspn(*list, " ");
    *list += s->n;
    return true;
}

bool chr_sought_is(const chr_sought *s, const char *word) {
    return strlen(word) == s->n && memcmp(word, s->text, s->n) == 0;
}

static bool is_text(const char *word, const char *text, size_t n) {
    return strlen(word) == n && memcmp(word, text, n) == 0;
}

/* Does an axis name this word of an instrument? */
static bool is_claimed(const char *word) {
    for (int a = 0; a < CHR_AXES; a++) {
        const char *list = chr_axes[a].knobs;
        chr_sought s;
        while (chr_next_sought(&list, &s))
            if (is_text(word, s.text, s.n))
                return true;
    }
    return false;
}

bool chr_is_sought(const chr_knob *k, const chr_sought *s, chr_context context) {
    const char *dot = memchr(s->text, '.', s->n);
    if (chr_sought_is(s, "ANY"))
        return k->written && k->placed && k->context == context && !is_claimed(k->word);
    if (!dot)
        return k->written && is_text(k->word, s->text, s->n);
    size_t stage = (size_t)(dot - s->text);
    /* An added effect with a name of its own has a purpose of its own: `lpf … as body`. */
    bool by_module = !k->added || strncmp(k->label, k->module, strlen(k->module)) == 0;
    return is_text(k->word, dot + 1, s->n - stage - 1) &&
           (is_text(k->label, s->text, stage) || (by_module && is_text(k->module, s->text, stage)));
}

/* ---- what is said ---- */

/* A knob by its word alone, where `set` knows what is meant by it and a reader does too: not that
 * of an effect behind an instrument, nor a share. */
static const char *name_of(const chr_making *m, const chr_knob *k) {
    static const char *const bare[] = {"gain", "pan", "width", "mix", "amount"};
    bool alone = !k->added, instrument = false;
    for (size_t i = 0; i < sizeof bare / sizeof bare[0]; i++)
        alone = alone && strcmp(k->word, bare[i]) != 0;
    for (int i = 0; i < m->n_knobs; i++) {
        const chr_knob *other = &m->knobs[i];
        bool goes_before = other != k && !other->added;
        alone = alone && !(goes_before && strcmp(other->word, k->word) == 0);
        instrument = instrument || (other->written && other->placed && !other->added);
    }
    if (chr_is_level(k) || (alone && (k->written || !instrument)))
        return k->word;
    return chr_arena_printf(m->c->arena, "%s.%s", k->label, k->word);
}

void chr_add_statement(chr_making *m, const char *statement) {
    m->text = chr_arena_printf(m->c->arena, "%s%s\n", m->text, statement ? statement : "");
    m->acts = true;
    m->c->failed |= !m->text || !statement;
}

static bool was_turned(const chr_making *m, const chr_knob *k) {
    for (int i = 0; i < m->n_turned; i++)
        if (m->turned[i] == k)
            return true;
    return false;
}

/* Turns it, or says that it stands at its end. */
static void turn(chr_making *m, const chr_knob *k, chr_distance d, double least) {
    chr_arena *arena = m->c->arena;
    double x = chr_moved(k, &d, least);
    const char *name = name_of(m, k);
    if (was_turned(m, k))
        return;
    if (m->n_turned < (int)(sizeof m->turned / sizeof m->turned[0]))
        m->turned[m->n_turned++] = k;
    if (chr_same_value(x, k->value)) {
        m->remark = chr_arena_printf(arena, "%s of %s is at its %s already", name, m->owner,
                                     d.to_rest                ? "resting place"
                                     : d.way > 0 && !d.to_end ? "highest"
                                                              : "lowest");
        return;
    }
    bool level = chr_is_level(k) && strcmp(k->word, "gain") == 0;
    chr_add_statement(m, chr_arena_printf(arena, "set %s %s=%s%s", m->owner, name,
                                          chr_value_text(arena, x, k->unit, level), m->over));
}

/* True if knobs of this name were there. */
static bool turn_all(chr_making *m, const chr_sought *s, const chr_axis_info *axis, chr_distance d,
                     bool *moves_by_itself) {
    bool found = false;
    d.way = s->backwards ? -d.way : d.way;
    for (int i = 0; i < m->n_knobs; i++) {
        const chr_knob *k = &m->knobs[i];
        if (!chr_is_sought(k, s, axis->context) || k->mute)
            continue;
        if (!k->known) {
            *moves_by_itself = true;
            continue;
        }
        turn(m, k, d, s->backwards ? 0 : axis->least);
        found = true;
    }
    return found;
}

/* ---- where there is no knob ---- */

/* The name by which an added effect goes: behind `as`, else the first word. */
static const char *label_of(chr_arena *arena, const char *effect, size_t n) {
    const char *text = chr_arena_copy(arena, effect, n), *as = text ? strstr(text, " as ") : NULL;
    return as ? as + strlen(" as ") : text ? chr_arena_copy(arena, text, strcspn(text, " ")) : NULL;
}

static bool is_added(const chr_making *m, const char *label) {
    const char *key = chr_arena_printf(m->c->arena, "add %s to %s", label ? label : "", m->owner);
    return !key || chr_state_find(m->c->state, key) >= 0;
}

/* One of the effects, n characters; `value` stands for its `?`. */
static void add_one(chr_making *m, const char *effect, size_t n, const char *value) {
    size_t name = strcspn(effect, " "), mark = strcspn(effect, "?");
    bool marked = mark < n;
    chr_add_statement(
        m, chr_arena_printf(m->c->arena, "add %.*s to %s%.*s%s%.*s", (int)name, effect, m->owner,
                            (int)((marked ? mark : n) - name), effect + name, marked ? value : "",
                            marked ? (int)(n - mark - 1) : 0, marked ? effect + mark + 1 : ""));
}

/* What stands for the `?`. */
static const char *first_value(const chr_making *m, const chr_axis_end *end, chr_distance d) {
    const chr_knob knob = {.label = "",
                           .unit = end->unit,
                           .least = end->least,
                           .greatest = end->greatest,
                           .curve = end->curve,
                           .value = end->begin};
    d.way = end->way;
    d.whole = false;
    return chr_value_text(m->c->arena, chr_moved(&knob, &d, 0), end->unit, false);
}

/* To a bus with the effect, in place of one of its own. */
static void send_to(chr_making *m, const char *bus, const chr_axis_end *end, chr_distance d) {
    chr_add_statement(m, chr_arena_printf(m->c->arena, "send %s to %s %s", m->owner, bus,
                                          first_value(m, end, d)));
}

static void add_effects(chr_making *m, const chr_axis_end *end, chr_distance d) {
    chr_arena *arena = m->c->arena;
    const char *first = end->effect, *second = strstr(first, "; ");
    size_t n = second ? (size_t)(second - first) : strlen(first);
    const char *label = label_of(arena, first, n);
    if (is_added(m, label)) {
        m->never = chr_arena_printf(arena, "its `%s` follows something else", label ? label : "");
        m->instead = "write that anew, or turn it by hand with `set`";
        return;
    }
    const char *value = first_value(m, end, d);
    add_one(m, first, n, value);
    if (second)
        second += strlen("; ");
    if (second && !is_added(m, label_of(arena, second, strlen(second))))
        add_one(m, second, strlen(second), value);
}

/* ---- a wish ---- */

static bool has_word(const chr_axis_info *axis, const char *word) {
    const char *list = axis->knobs;
    for (chr_sought s; chr_next_sought(&list, &s);)
        if (chr_sought_is(&s, word))
            return true;
    return false;
}

static void make_move(chr_making *m, const chr_move *move) {
    const chr_axis_info *axis = &chr_axes[move->axis];
    chr_distance d = chr_distance_of(axis, move, m->wish);
    if (move->axis == CHR_AXIS_SWING) {
        chr_make_swing(m, &d);
        return;
    }
    const char *list = axis->knobs;
    bool found = false, moves_by_itself = false;
    for (chr_sought s; chr_next_sought(&list, &s) && (axis->all || !found);)
        found |= chr_sought_is(&s, "SEND") ? chr_turn_sends(m, axis, d, &moves_by_itself)
                                           : turn_all(m, &s, axis, d, &moves_by_itself);
    if (found || move->optional)
        return;
    const chr_axis_end *end = d.way > 0 && !d.to_end ? &axis->up : &axis->down;
    bool of_notes = end->effect && strncmp(end->effect, "perc ", 5) == 0;
    if (of_notes && !m->plays_notes) {
        m->never = "it has no beginning: it sounds all the time";
        m->instead = "an envelope gives it one: > env";
    } else if (has_word(axis, "BUS") && chr_bus_sent_to(m, axis)) {
        const char *bus = chr_bus_sent_to(m, axis);
        m->never = chr_arena_printf(m->c->arena, "it has that of the bus `%.60s`", bus);
        m->instead = chr_arena_printf(m->c->arena, "ask it of %.60s: for all that goes there", bus);
    } else if (end->effect && !d.to_rest && !d.to_end) {
        const char *bus = has_word(axis, "SEND") ? chr_bus_to_send_to(m, axis) : NULL;
        if (bus)
            send_to(m, bus, end, d);
        else
            add_effects(m, end, d);
    } else if (end->has_none && !moves_by_itself) {
        m->remark = chr_arena_printf(m->c->arena, "%s %s", m->owner, end->has_none);
    } else {
        m->never = moves_by_itself || !axis->never ? "something else moves that" : axis->never;
        m->instead = moves_by_itself ? "`show` tells what: turn it there" : axis->instead;
    }
}

/* `less click on the kick`: a knob by its own word. */
static void make_knob_move(chr_making *m) {
    static const chr_axis_info by_hand = {.ratio = 50, .share = 20};
    const chr_move move = {.factor = 1};
    chr_distance d = chr_distance_of(&by_hand, &move, m->wish);
    m->unknown = true;
    for (int i = 0; i < m->n_knobs; i++) {
        const chr_knob *k = &m->knobs[i];
        if (strcmp(k->word, m->wish->at->text) != 0)
            continue;
        m->unknown = false;
        if (k->known)
            turn(m, k, d, 0);
    }
    m->never = m->unknown ? "it has no knob of that name" : "something else moves that";
    m->instead =
        chr_arena_printf(m->c->arena, "`show %.60s` shows its knobs and what moves them", m->owner);
}

void chr_make_wish(chr_making *m) {
    chr_move moves[CHR_MOVES_MAX + 1];
    chr_moves_of(m->wish, moves);
    if (!m->wish->word && !m->wish->is_axis)
        make_knob_move(m);
    for (const chr_move *move = moves; move->factor != 0; move++)
        make_move(m, move);
}
