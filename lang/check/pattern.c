/* lang/check/pattern.c: patterns: steps laid out in exact time.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

typedef struct slot {
    rational at, end;
    float note, level;
    bool tie;
} slot;

/* One pattern while it is laid out. Times are beats. */
typedef struct layout {
    checker *c;
    const chr_ast *statement;
    bool grid;
    scale key;
    int octave;
    slot *slots;
    uint32_t n, room;
    uint32_t last, n_last; /* events of the last step that sounded: what `_` holds */
    rational last_end;
    bool slide;            /* the last step slides into the next */
    bool failed;
    rational first_hold;   /* length of the holds that the pattern begins with */
    bool sounded;
    uint32_t n_notes, n_chords;
    const chr_ast **doubtful; /* words such as G7 */
    uint32_t n_doubtful, doubtful_room;
} layout;

static const rational nothing = {0, 1};

static void lay_steps(layout *l, const chr_ast *steps, rational at, rational length, rational unit);

static void count_step(layout *l, chr_span span, uint32_t more) {
    checker *c = l->c;
    if (c->n_events + (uint64_t)more > MAX_EVENTS) {
        REPORT(c, E508, span, MAX_EVENTS);
        give_up(c);
    }
    c->n_events += more;
}

/* ---- modifiers ---- */

typedef struct mods {
    int ratchet, repeat;
    rational weight;
    bool accent, slide;
    int hits, over, turn; /* Euclid; over 0: none */
} mods;

static int whole(layout *l, const chr_ast *mod, double x) {
    checker *c = l->c;
    if (x > MAX_EVENTS) {
        REPORT(c, E508, mod->span, MAX_EVENTS);
        l->failed = true;
        return 1;
    }
    if (!(x >= 1 && x == (double)(int)x)) {
        REPORT(c, E437, mod->span, text_of(c, mod->span));
        l->failed = true;
        return 1;
    }
    return (int)x;
}

static void read_euclid(layout *l, const chr_ast *mod, mods *m) {
    checker *c = l->c;
    double numbers[3] = {0, 0, 0};
    int n = 0;
    for (const chr_ast *e = mod->child; e != NULL && n < 3; e = e->next)
        numbers[n++] = e->number;
    if (numbers[1] > MAX_EVENTS) {
        REPORT(c, E508, mod->span, MAX_EVENTS);
        l->failed = true;
        return;
    }
    if (!(numbers[1] >= 1 && numbers[0] >= 0 && numbers[0] <= numbers[1])) {
        REPORT(c, E438, mod->span, text_of(c, mod->span));
        l->failed = true;
        return;
    }
    m->over = (int)numbers[1];
    m->hits = (int)numbers[0];
    double turn = numbers[2] - m->over * (double)(int64_t)(numbers[2] / m->over);
    m->turn = (int)turn;
}

static mods read_mods(layout *l, const chr_ast *step) {
    checker *c = l->c;
    mods m = {.ratchet = 1, .repeat = 1, .weight = {1, 1}};
    for (const chr_ast *e = step->child; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_MOD)
            continue;
        switch (e->text[0]) {
        case '*': m.ratchet = whole(l, e, e->number); break;
        case '!': m.repeat = whole(l, e, e->number); break;
        case '@':
            m.weight = rational_near(e->number);
            if (!rational_ok(m.weight) || m.weight.over <= 0) {
                REPORT(c, E437, e->span, text_of(c, e->span));
                l->failed = true;
                m.weight = (rational){1, 1};
            }
            break;
        case '^': m.accent = true; break;
        case '~': m.slide = true; break;
        case '(': read_euclid(l, e, &m); break;
        case '?':
            not_yet(c, e->span, "chance in a pattern (`?`)");
            l->failed = true;
            break;
        default:
            not_yet(c, e->span, "a parameter lock (`{ }`)");
            l->failed = true;
            break;
        }
    }
    return m;
}

/* How many steps' time an item takes. */
static rational weight_of(const mods *m) {
    int64_t times = (int64_t)m->repeat * (m->over > 0 ? m->over : 1);
    return rational_mul(m->weight, (rational){times, 1});
}

/* ---- steps ---- */

static void add_event(layout *l, chr_span span, rational at, rational end, float note, float level, bool tie) {
    checker *c = l->c;
    count_step(l, span, 1);
    l->slots = grown(c, l->slots, l->n, &l->room, sizeof *l->slots);
    l->slots[l->n++] = (slot){at, end, note, level, tie};
}

static void hold(layout *l, rational at, rational end) {
    if (l->n_last == 0) {
        if (!l->sounded && rational_compare(l->first_hold, at) == 0)
            l->first_hold = end;
        return;
    }
    if (rational_compare(l->last_end, at) != 0)
        return; /* a rest lies between: nothing sounds that could be held */
    for (uint32_t i = 0; i < l->n_last; i++)
        l->slots[l->last + i].end = end;
    l->last_end = end;
}

static void sound(layout *l, const chr_ast *step, const mods *m, const word *w, rational at, rational end) {
    bool tie = l->slide && l->n_last > 0 && rational_compare(l->last_end, at) == 0;
    uint32_t first = l->n;
    float level = (float)(m->accent ? 1.0 : w->level);
    if (w->kind == WORD_HIT)
        add_event(l, step->span, at, end, -1, level, tie);
    for (int i = 0; i < w->n; i++)
        add_event(l, step->span, at, end, (float)w->tones[i], level, tie);
    l->last = first;
    l->n_last = l->n - first;
    l->last_end = end;
    l->slide = m->slide;
    l->sounded = true;
}

static bool read_step(layout *l, const chr_ast *step, word *w) {
    checker *c = l->c;
    if (l->grid) {
        *w = read_grid(step);
        return true;
    }
    if (!read_melody_word(c, step, &l->key, l->octave, w))
        return false;
    if (w->could_be_note) {
        l->doubtful = grown(c, l->doubtful, l->n_doubtful, &l->doubtful_room, sizeof *l->doubtful);
        l->doubtful[l->n_doubtful++] = step;
    } else if (w->kind == WORD_TONES) {
        l->n_chords += w->chord;
        l->n_notes += !w->chord;
    }
    return true;
}

/* One item once, in its own time. */
static void lay_item(layout *l, const chr_ast *item, const mods *m, const word *w, rational at, rational length) {
    checker *c = l->c;
    rational part = rational_div(length, (rational){m->ratchet, 1});
    if (!rational_ok(part))
        l->failed = true;
    for (int i = 0; i < m->ratchet && !l->failed; i++) {
        rational from = rational_add(at, rational_mul(part, (rational){i, 1})), to = rational_add(from, part);
        if (!rational_ok(from) || !rational_ok(to)) {
            l->failed = true;
            break;
        }
        count_step(l, item->span, 1);
        if (item->kind == CHR_AST_STEP) {
            if (w->kind == WORD_HOLD)
                hold(l, from, to);
            else if (w->kind != WORD_REST)
                sound(l, item, m, w, from, to);
            else
                l->slide = false;
            continue;
        }
        uint32_t first = l->n;
        for (const chr_ast *s = item->child; s != NULL; s = s->next)
            if (s->kind == CHR_AST_STEPS) {
                lay_steps(l, s, from, part, nothing);
                if (s->next != NULL && s->next->kind == CHR_AST_STEPS)
                    l->slide = false;
            }
        if (m->accent)
            for (uint32_t k = first; k < l->n; k++)
                l->slots[k].level = 1;
        if (l->n > first) { /* what follows may hold everything that reaches the end */
            l->last_end = to;
            l->last = l->n;
            while (l->last > first && rational_compare(l->slots[l->last - 1].end, to) == 0)
                l->last--;
            l->n_last = l->n - l->last;
            l->slide = m->slide || l->slide;
        }
    }
    (void)c;
}

static bool is_item(const chr_ast *e) {
    return e->kind == CHR_AST_STEP || e->kind == CHR_AST_DIVIDED || e->kind == CHR_AST_TURNS || e->kind == CHR_AST_CHOICE;
}

static rational total_weight(layout *l, const chr_ast *steps) {
    rational total = nothing;
    for (const chr_ast *e = steps->child; e != NULL; e = e->next) {
        if (!is_item(e))
            continue;
        mods m = e->child != NULL ? read_mods(l, e) : (mods){.ratchet = 1, .repeat = 1, .weight = {1, 1}};
        total = rational_add(total, weight_of(&m));
        if (!rational_ok(total)) {
            l->failed = true;
            return (rational){1, 1};
        }
    }
    return total;
}

static void lay_repeats(layout *l, const chr_ast *item, rational *at, rational unit) {
    checker *c = l->c;
    mods m = item->child != NULL ? read_mods(l, item) : (mods){.ratchet = 1, .repeat = 1, .weight = {1, 1}};
    if (item->kind == CHR_AST_TURNS || item->kind == CHR_AST_CHOICE) {
        not_yet(c, item->span, item->kind == CHR_AST_TURNS ? "taking turns (`< >`)" : "a choice (`( | )`)");
        l->failed = true;
        return;
    }
    word w = {.kind = WORD_REST};
    if (item->kind == CHR_AST_STEP && !read_step(l, item, &w)) {
        l->failed = true;
        return;
    }
    rational length = rational_mul(unit, m.weight);
    int over = m.over > 0 ? m.over : 1;
    bool one = true, *hits = &one;
    if (m.over > 0) {
        count_step(l, item->span, (uint32_t)m.over);
        hits = TAKE_N(c, bool, m.over);
        euclid(c, m.hits, m.over, m.turn, hits);
    }
    for (int i = 0; i < m.repeat && !l->failed; i++)
        for (int k = 0; k < over && !l->failed; k++) {
            if (hits[k])
                lay_item(l, item, &m, &w, *at, length);
            else
                count_step(l, item->span, 1);
            *at = rational_add(*at, length);
            if (!rational_ok(*at))
                l->failed = true;
        }
}

/* Steps one after the other: each a `unit`, or all of them in `length` where unit is 0. */
static void lay_steps(layout *l, const chr_ast *steps, rational at, rational length, rational unit) {
    checker *c = l->c;
    if (++c->depth > MAX_DEPTH) {
        REPORT(c, E510, steps->span, MAX_DEPTH);
        l->failed = true;
    }
    if (unit.over == 0) {
        rational total = total_weight(l, steps);
        unit = total.over > 0 ? rational_div(length, total) : length;
    }
    if (!rational_ok(unit) && !l->failed) {
        REPORT(c, E509, steps->span, RATIONAL_MOST);
        l->failed = true;
    }
    for (const chr_ast *e = steps->child; e != NULL; e = e->next)
        if (is_item(e)) {
            bool before = l->failed; /* mistakes in later steps are found as well */
            l->failed = false;
            lay_repeats(l, e, &at, unit);
            l->failed = l->failed || before;
        }
    c->depth--;
}

/* ---- settings of a pattern ---- */

typedef struct pattern_keys {
    rational step, bars;
    double swing;
    bool own_swing;
} pattern_keys;

static bool length_in_beats(checker *c, const value *v, chr_span span, double *beats) {
    double x;
    if (!one_number(c, v, span, "a length", &x))
        return false;
    if (v->unit == CHR_UNIT_NONE) {
        *beats = x;
        return true;
    }
    if (chr_unit_convert(x, v->unit, CHR_UNIT_BEATS, &c->tempo, beats))
        return true;
    REPORT(c, E401, span, "step", "a length", text_of(c, span), chr_unit_kind(v->unit));
    return false;
}

static bool read_pattern_key(layout *l, const chr_ast *key, pattern_keys *k) {
    checker *c = l->c;
    place p = {.owner = c->owners[0], .prefix = ""};
    const chr_ast *e = key->child;
    double x;
    if (strcmp(key->text, "swing") == 0) {
        k->own_swing = true;
        return read_swing(c, &p, e, &k->swing);
    }
    if (strcmp(key->text, "key") == 0 && !l->grid) {
        if (e->kind == CHR_AST_STRING)
            return read_key(c, e->text, e->span, &l->key);
        REPORT(c, E432, e->span, text_of(c, e->span));
        return false;
    }
    value v;
    if (strcmp(key->text, "step") == 0) {
        v = eval(c, &p, e);
        if (!length_in_beats(c, &v, e->span, &x))
            return false;
        k->step = rational_near(x);
        if (rational_ok(k->step) && k->step.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "bars") == 0) {
        v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "bars", &x))
            return false;
        k->bars = rational_near(x * c->tempo.beats_per_bar);
        if (rational_ok(k->bars) && k->bars.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "octave") == 0 && !l->grid) {
        v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "octave", &x))
            return false;
        if (!(x >= -1 && x <= 9 && x == (double)(int)x)) {
            REPORT(c, E410, e->span, "octave", -1, 9);
            return false;
        }
        l->octave = (int)x;
        return true;
    }
    static const char *const words[] = {"step", "bars", "swing", "key", "octave"};
    if (REPORT(c, E436, name_span(key), l->grid ? "sequence" : "melody", key->text)) {
        const char *near = chr_nearest(key->text, words, l->grid ? 3 : 5);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
    return false;
}

/* ---- swing ---- */

static rational swung(rational t, rational pair, rational share) {
    rational turns = rational_div(t, pair), half = {1, 2}, one = {1, 1};
    if (!rational_ok(turns))
        return turns;
    rational base = {turns.over / turns.under, 1}, r = rational_sub(turns, base), moved;
    if (rational_compare(r, half) < 0)
        moved = rational_mul(r, rational_mul((rational){2, 1}, share));
    else
        moved = rational_add(share, rational_mul(rational_sub(r, half),
                                                 rational_mul((rational){2, 1}, rational_sub(one, share))));
    return rational_mul(rational_add(base, moved), pair);
}

static void swing_all(layout *l, const pattern_keys *k, rational step) {
    if (k->swing <= 0.5)
        return;
    rational pair = k->own_swing ? rational_mul(step, (rational){2, 1}) : (rational){1, 2};
    rational share = rational_near((double)(int64_t)(k->swing * 1000.0 + 0.5) / 1000.0);
    for (uint32_t i = 0; i < l->n; i++) {
        l->slots[i].at = swung(l->slots[i].at, pair, share);
        l->slots[i].end = swung(l->slots[i].end, pair, share);
    }
}

/* ---- whole ticks ---- */

static int by_time(const void *a, const void *b) {
    const chr_ir_event *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->note < y->note || y->note < x->note)
        return x->note < y->note ? -1 : 1;
    return x->level < y->level ? 1 : y->level < x->level ? -1 : 0;
}

static bool common_ticks(int64_t *ticks, rational t) {
    if (!rational_ok(t))
        return false;
    int64_t more = t.under / common_divisor(*ticks, t.under);
    if (more > RATIONAL_MOST / *ticks)
        return false;
    *ticks *= more;
    return true;
}

static int64_t in_ticks(rational t, int64_t ticks) { return t.over * (ticks / t.under); }

/* With one voice a chord sounds its lowest note. */
static uint32_t lowest_only(chr_ir_event *events, uint32_t n) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        if (kept == 0 || events[kept - 1].at != events[i].at)
            events[kept++] = events[i];
    return kept;
}

static bool write_pattern(layout *l, const owner *o, const char *name, rational length) {
    checker *c = l->c;
    int64_t ticks = 1;
    bool fits = common_ticks(&ticks, length);
    for (uint32_t i = 0; i < l->n && fits; i++)
        fits = common_ticks(&ticks, l->slots[i].at) && common_ticks(&ticks, l->slots[i].end);
    if (!fits || length.over > INT64_MAX / ticks / 4) {
        REPORT(c, E509, l->statement->span, RATIONAL_MOST);
        return false;
    }
    chr_ir_event *events = TAKE_N(c, chr_ir_event, l->n);
    int64_t whole_length = in_ticks(length, ticks);
    for (uint32_t i = 0; i < l->n; i++) {
        int64_t at = in_ticks(l->slots[i].at, ticks), end = in_ticks(l->slots[i].end, ticks);
        events[i] = (chr_ir_event){.at = at,
                                   .duration = end > at ? end - at : 1,
                                   .note = l->slots[i].note,
                                   .level = l->slots[i].level,
                                   .tie = l->slots[i].tie};
    }
    qsort(events, l->n, sizeof *events, by_time);
    uint32_t n = o->n_voices == 1 ? lowest_only(events, l->n) : l->n;
    const chr_program *p = c->program;
    c->patterns = grown(c, c->patterns, c->n_patterns, &c->patterns_room, sizeof *c->patterns);
    c->patterns[c->n_patterns++] =
        (chr_ir_pattern){.name = name,
                         .owner = o->index,
                         .ticks_per_beat = ticks,
                         .length = whole_length > 0 ? whole_length : 1,
                         .events = events,
                         .n_events = n,
                         .playing = p->plays == NULL || p->plays(p->context, name)};
    return true;
}

static void warn_of_doubtful(layout *l) {
    checker *c = l->c;
    if (l->n_chords > 0 || l->n_notes == 0)
        return;
    for (uint32_t i = 0; i < l->n_doubtful; i++) {
        const chr_ast *e = l->doubtful[i];
        size_t n = strlen(e->text);
        char root[8] = {0};
        memcpy(root, e->text, n - 1 < sizeof root ? n - 1 : sizeof root - 1);
        if (WARN(c, W403, e->span, e->text))
            chr_suggest(c->diags, "the note is %s%c'", root, e->text[n - 1] - 1);
    }
}

static void read_pattern(checker *c, const chr_ast *s) {
    const chr_ast *target = s->child, *pattern = NULL;
    layout l = {.c = c, .statement = s, .grid = s->kind == CHR_AST_SEQUENCE, .octave = 3, .first_hold = nothing};
    pattern_keys k = {.swing = c->swing};
    bool ok = true;
    if (c->key == NULL || !read_key(c, c->key->text, c->key->span, &l.key))
        read_key(c, "C major", s->span, &l.key);
    for (const chr_ast *e = target; e != NULL; e = e->next) {
        if (e->kind == CHR_AST_KEY && e->child != NULL)
            ok = read_pattern_key(&l, e, &k) && ok;
        else if (e->kind == CHR_AST_PATTERN)
            pattern = e;
    }
    if (pattern == NULL)
        return;
    const chr_ast *steps = pattern->child;
    if (steps == NULL || steps->kind != CHR_AST_STEPS)
        return;
    if (steps->next != NULL) {
        not_yet(c, steps->next->span, "transforming a pattern (`>`)");
        ok = false;
    }
    rational total = total_weight(&l, steps);
    rational step = k.step.over > 0 ? k.step : l.grid ? (rational){1, 4} : (rational){1, 1};
    if (k.bars.over > 0 && k.step.over > 0) {
        REPORT(c, E435, s->span, "step");
        ok = false;
    } else if (k.bars.over > 0 && total.over > 0) {
        step = rational_div(k.bars, total);
    }
    rational length = rational_mul(step, total);
    if (!rational_ok(step) || !rational_ok(length)) {
        REPORT(c, E509, s->span, RATIONAL_MOST);
        return;
    }
    lay_steps(&l, steps, nothing, length, step);
    const char *name = target->text;
    size_t n = strcspn(name, "/");
    char *head = take(c, n + 1);
    memcpy(head, name, n);
    owner *o = find_owner(c, head);
    warn_of_doubtful(&l);
    if (o == NULL) {
        const binding *b = table_find(&c->things, head);
        if (b != NULL && b->kind == BIND_LET)
            if (REPORT(c, E314, target->span, head))
                chr_suggest(c->diags, "a `let` has no notes of its own; as a patch it can be played: patch %s: ... > out", head);
        return;
    }
    if (!ok || l.failed)
        return;
    if (l.first_hold.over > 0 && l.n_last > 0 && rational_compare(l.last_end, length) == 0)
        hold(&l, length, rational_add(length, l.first_hold)); /* held over the end into the beginning */
    swing_all(&l, &k, step);
    write_pattern(&l, o, name, length);
}

void read_patterns(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if ((s->kind == CHR_AST_SEQUENCE || s->kind == CHR_AST_MELODY) && s->child != NULL)
            read_pattern(c, s);
    }
}
