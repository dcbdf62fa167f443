/* lang/check/pattern.c: patterns: their settings, their steps, their transforms, their feel.
 * SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"
#include "lang/hash.h"

/* ---- settings of a pattern ---- */

typedef struct pattern_keys {
    rational step, bars;
    double swing, gate, shift_s, human_s, human_level;
    rational shift;
    rational laid; /* the length of a step in the text, without transforms */
    bool own_swing, has_gate, has_shift, own_human;
    int groove; /* its place in the table, or -1 */
} pattern_keys;

bool read_length(checker *c, const place *p, const chr_ast *e, const char *what, rational *out) {
    value v = eval(c, p, e);
    double x, beats;
    if (!one_number(c, &v, e->span, "a length", &x))
        return false;
    beats = x;
    if (v.unit != CHR_UNIT_NONE &&
        !chr_unit_convert(x, v.unit, CHR_UNIT_BEATS, &c->tempo, &beats)) {
        REPORT(c, E401, e->span, what, "a length", text_of(c, e->span), chr_unit_kind(v.unit));
        return false;
    }
    *out = rational_near(beats < 0 ? -beats : beats);
    if (!rational_ok(*out)) {
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    out->over = beats < 0 ? -out->over : out->over;
    return true;
}

/* A number in the unit of a setting, drawn into its range. */
static bool read_setting(checker *c, const place *p, const chr_ast *e, const char *name,
                         chr_unit unit, double least, double greatest, double *out) {
    chr_param_info info = {
        .word = name, .display = name, .unit = unit, .min = (float)least, .max = (float)greatest};
    value v = eval_param(c, p, "pattern", &info, e, NULL);
    return one_number(c, &v, e->span, name, out);
}

/* A nudge: a time, or a musical length. */
static bool read_shift(checker *c, const place *p, const chr_ast *e, pattern_keys *k) {
    value v = eval(c, p, e);
    k->has_shift = true;
    k->shift = nothing;
    if (v.kind == VALUE_NUMBER &&
        (v.unit == CHR_UNIT_WHOLES || v.unit == CHR_UNIT_BEATS || v.unit == CHR_UNIT_BARS))
        return read_length(c, p, e, "shift", &k->shift);
    return read_setting(c, p, e, "shift", CHR_UNIT_S, -1, 1, &k->shift_s);
}

/* `humanize=10ms`, or with how much of the level: `humanize=[10ms 20%]`. */
static bool read_humanize(checker *c, const place *p, const chr_ast *e, pattern_keys *k) {
    chr_ast alone = *e;
    alone.next = NULL;
    const chr_ast *time = e->kind == CHR_AST_LIST ? e->child : &alone;
    if (time == NULL || (time->next != NULL && time->next->next != NULL)) {
        REPORT(c, E412, e->span, text_of(c, e->span), "is no time, and no time with a level");
        return false;
    }
    k->own_human = true;
    return read_human(c, p, time, &k->human_s, &k->human_level);
}

static bool read_groove(checker *c, const chr_ast *e, pattern_keys *k) {
    const char *names[64];
    int n = chr_grooves_count < 64 ? chr_grooves_count : 64;
    for (int i = 0; i < n; i++) {
        names[i] = chr_grooves[i].name;
        if (e->kind == CHR_AST_NAME && strcmp(e->text, names[i]) == 0) {
            k->groove = i;
            return true;
        }
    }
    if (REPORT(c, E490, e->span, text_of(c, e->span))) {
        const char *near = chr_nearest(e->text, names, n);
        if (near != NULL)
            chr_suggest(c->diags, "did you mean `%s`?", near);
    }
    return false;
}

/* First what all take, then the one of those that play notes, or turn a knob; then a melody's. */
static const char *const setting_words[] = {"step",     "bars",    "swing",    "groove",
                                            "humanize", "shift",   "gate",     "key",
                                            "octave",   "voicing", "inversion"},
                         *const knob_words[] = {"step",     "bars",  "swing", "groove",
                                                "humanize", "shift", "glide"};
enum { N_SETTINGS = 11, N_OF_A_GRID = 7 };

static bool is_setting(const layout *l, const char *text) {
    const char *const *words = l->knob != NULL ? knob_words : setting_words;
    int n = l->grid || l->knob != NULL ? N_OF_A_GRID : N_SETTINGS;
    while (n > 0 && strcmp(words[n - 1], text) != 0)
        n--;
    return n > 0;
}

static void report_setting(layout *l, const chr_ast *key) {
    checker *c = l->c;
    if (!REPORT(c, E436, name_span(key),
                l->grid   ? "sequence"
                : l->knob ? "pattern of values"
                          : "melody",
                key->text))
        return;
    const char *near = chr_nearest(key->text, l->knob != NULL ? knob_words : setting_words,
                                   l->grid || l->knob != NULL ? N_OF_A_GRID : N_SETTINGS);
    if (near != NULL)
        chr_suggest(c->diags, "did you mean `%s`?", near);
    else if (l->knob != NULL)
        chr_suggest(c->diags, "values have step, bars, swing, groove, humanize, shift and glide");
}

static bool read_pattern_key(layout *l, const chr_ast *key, pattern_keys *k) {
    checker *c = l->c;
    place p = {.owner = c->owners[0], .prefix = ""};
    const chr_ast *e = key->child;
    double x;
    if (!is_setting(l, key->text)) {
        report_setting(l, key);
        return false;
    }
    if (strcmp(key->text, "glide") == 0)
        return true; /* read where the knob is */
    if (strcmp(key->text, "swing") == 0) {
        k->own_swing = true;
        return read_swing(c, &p, e, &k->swing);
    }
    if (strcmp(key->text, "gate") == 0) {
        k->has_gate = true;
        return read_setting(c, &p, e, "gate", CHR_UNIT_RATIO, 0.01, 8, &k->gate);
    }
    if (strcmp(key->text, "shift") == 0)
        return read_shift(c, &p, e, k);
    if (strcmp(key->text, "humanize") == 0)
        return read_humanize(c, &p, e, k);
    if (strcmp(key->text, "groove") == 0)
        return read_groove(c, e, k);
    if (strcmp(key->text, "key") == 0) {
        l->own_key = true;
        if (e->kind == CHR_AST_STRING)
            return read_key(c, e->text, e->span, &l->key);
        REPORT(c, E432, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "step") == 0) {
        if (!read_length(c, &p, e, "step", &k->step))
            return false;
        if (k->step.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "bars") == 0) {
        value v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "bars", &x))
            return false;
        k->bars = rational_near(x * c->tempo.beats_per_bar);
        if (rational_ok(k->bars) && k->bars.over > 0)
            return true;
        REPORT(c, E434, e->span, text_of(c, e->span));
        return false;
    }
    if (strcmp(key->text, "octave") == 0) {
        value v = eval(c, &p, e);
        if (!one_number(c, &v, e->span, "octave", &x))
            return false;
        if (!(x >= -1 && x <= 9 && x == (double)(int)x)) {
            REPORT(c, E410, e->span, "octave", -1, 9);
            return false;
        }
        l->octave = (int)x;
        return true;
    }
    if (strcmp(key->text, "voicing") == 0)
        return read_voicing(c, e, &l->key);
    return read_inversion(c, &p, e, &l->key);
}

/* ---- from a statement to a score ---- */

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

/* What the settings do to all of it, last: the feel. */
static void finish_feel(woven *w, const pattern_keys *k) {
    if (k->has_gate)
        over(w, (score_part){.kind = CHR_SCORE_GATE, .x = k->gate});
    if (k->groove >= 0)
        add_groove(w, k->groove, 1);
    add_swing(w, k->own_swing ? rational_mul(k->laid, (rational){2, 1}) : (rational){1, 2},
              k->swing);
    if (k->has_shift && k->shift.over != 0)
        over(w, (score_part){.kind = CHR_SCORE_LATER, .t = k->shift});
    else if (k->has_shift)
        over(w, (score_part){.kind = CHR_SCORE_NUDGE, .x = k->shift_s});
    if (k->human_s > 0)
        over(w, (score_part){.kind = CHR_SCORE_HUMANIZE, .x = k->human_s, .y = k->human_level});
}

/* Chance is addressed by the session's seed and the pattern's name. */
static uint64_t seed_of(const checker *c, const char *name) {
    return chr_hash_text(chr_hash_start ^ c->seed * 0x9e3779b97f4a7c15u, name);
}

/* Who plays it; NULL, reported, where that is nobody. */
static owner *player_of(checker *c, const chr_ast *target) {
    size_t n = strcspn(target->text, "/");
    char *head = take(c, n + 1);
    memcpy(head, target->text, n);
    owner *o = find_owner(c, head);
    const binding *b = o == NULL ? table_find(&c->things, head) : NULL;
    if (b != NULL && b->kind == BIND_LET && REPORT(c, E314, target->span, head))
        chr_suggest(c->diags,
                    "a `let` has no notes of its own; as a patch it can be played: patch "
                    "%s: ... > out",
                    head);
    return o;
}

/* The statement that a pattern is taken from. */
static const chr_ast *find_pattern(checker *c, const chr_ast *target) {
    const chr_program *p = c->program;
    const char **names = TAKE_N(c, const char *, p->n + 1);
    const chr_ast *found = NULL;
    int n = 0;
    for (int i = 0; i < p->n; i++) {
        const chr_ast *s = p->statements[i];
        if ((s->kind != CHR_AST_SEQUENCE && s->kind != CHR_AST_MELODY) || s->child == NULL)
            continue;
        names[n++] = s->child->text;
        if (strcmp(s->child->text, target->text) == 0)
            found = s;
    }
    if (found == NULL && REPORT(c, E489, target->span, target->text))
        chr_suggest_name(c->diags, target->text, names, n);
    return found;
}

const chr_ast *pattern_text(const chr_ast *s) {
    const chr_ast *pattern = NULL;
    for (const chr_ast *e = s->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_PATTERN)
            pattern = e;
    return pattern;
}

const chr_ast *pattern_source(checker *c, const chr_ast *s) {
    const chr_ast *pattern = pattern_text(s);
    return pattern != NULL && pattern->child != NULL && pattern->child->kind == CHR_AST_TARGET
               ? find_pattern(c, pattern->child)
               : NULL;
}

static bool read_keys(layout *l, const chr_ast *s, pattern_keys *k) {
    bool ok = true;
    for (const chr_ast *e = s->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_KEY && e->child != NULL)
            ok = read_pattern_key(l, e, k) && ok;
    if (k->bars.over > 0 && k->step.over > 0) {
        REPORT(l->c, E435, s->span, "step");
        return false;
    }
    return ok;
}

static bool lay_text(woven *w, const chr_ast *s, const chr_ast *steps, pattern_keys *k) {
    layout *l = w->l;
    checker *c = l->c;
    l->grid = s->kind == CHR_AST_SEQUENCE;
    bool ok = read_keys(l, s, k);
    rational total = total_weight(l, steps);
    rational step = k->step.over > 0   ? k->step
                    : k->bars.over > 0 ? rational_div(k->bars, total)
                    : l->grid          ? (rational){1, 4}
                                       : (rational){1, 1};
    l->b->round = rational_mul(step, total);
    if (!rational_ok(step) || !rational_ok(l->b->round) || l->b->round.over <= 0) {
        REPORT(c, E509, s->span, RATIONAL_MOST);
        return false;
    }
    if (l->knob != NULL)
        l->knob->first_tone = l->b->n_tones;
    settle_voicings(c, steps, &l->key, l->octave);
    w->part = lay_round(l, steps, step);
    w->step = k->laid = step;
    w->first_note = l->first_note;
    return ok && !l->failed;
}

static bool read_statement(woven *w, const chr_ast *s, pattern_keys *k);

/* Another pattern, with its transforms and its feel; in a step or in bars of its own. */
static bool take_from(woven *w, const chr_ast *s, const chr_ast *target, pattern_keys *k) {
    layout *l = w->l;
    const chr_ast *source = find_pattern(l->c, target);
    if (source == NULL || !read_statement(w, source, k))
        return false;
    k->step = k->bars = nothing;
    bool ok = read_keys(l, s, k);
    rational by = k->step.over > 0   ? rational_div(k->step, k->laid)
                  : k->bars.over > 0 ? rational_div(k->bars, l->b->round)
                                     : (rational){1, 1};
    stretch_all(w, by);
    k->laid = rational_mul(k->laid, by);
    return ok;
}

static bool read_statement(woven *w, const chr_ast *s, pattern_keys *k) {
    checker *c = w->l->c;
    const chr_ast *pattern = pattern_text(s), *text = pattern != NULL ? pattern->child : NULL;
    if (text == NULL || (text->kind != CHR_AST_STEPS && text->kind != CHR_AST_TARGET))
        return false; /* a pattern that is removed, or one that could not be read */
    expansion here = {s, s->child->text, c->expanding, 0};
    for (const expansion *x = c->expanding; x != NULL; x = x->outer)
        if (x->ast == s) {
            REPORT(c, E311, text->span, s->child->text);
            return false;
        }
    c->expanding = &here;
    bool ok = text->kind == CHR_AST_STEPS ? lay_text(w, s, text, k) : take_from(w, s, text, k);
    if (w->part != NO_PART && text->next != NULL)
        ok = weave_chain(w, text->next) && ok;
    c->expanding = here.outer;
    return ok;
}

/* What it plays in one age of the piece, before its feel. False, reported. */
static bool read_in_key(woven *w, const chr_ast *s, const chr_ast *key, pattern_keys *k) {
    layout *l = w->l;
    checker *c = l->c;
    *l = (layout){.c = c, .b = l->b, .octave = 3, .player = l->player, .knob = l->knob};
    l->b->kept_parts = l->b->n_parts;
    l->b->kept_branches = l->b->n_branches;
    *k = (pattern_keys){.groove = -1, .step = nothing, .bars = nothing};
    if (key == NULL || !read_key(c, key->text, key->span, &l->key))
        read_key(c, "C major", s->span, &l->key);
    *w = (woven){.l = l, .part = NO_PART, .top = true};
    return read_statement(w, s, k);
}

static bool is_same_feel(const age *a, const age *b, const pattern_keys *k) {
    bool swing = k->own_swing || (a->swing <= b->swing && a->swing >= b->swing);
    bool human =
        k->own_human || (a->human_s <= b->human_s && a->human_s >= b->human_s &&
                         a->human_level <= b->human_level && a->human_level >= b->human_level);
    return swing && human;
}

/* The whole pattern: its text is laid out once for each key that it is counted in, and passed
 * through the feel of each age that differs. NO_PART, reported, where there is a mistake. */
static uint32_t read_ages(woven *w, const chr_ast *s) {
    layout *l = w->l;
    checker *c = l->c;
    rational *from = TAKE_N(c, rational, c->n_ages);
    uint32_t *parts = TAKE_N(c, uint32_t, c->n_ages), n = 0, laid = NO_PART;
    pattern_keys k = {0};
    bool ok = true;
    for (uint32_t i = 0; i < c->n_ages && ok; i++) {
        const age *now = &c->ages[i];
        bool in_key = i == 0 || (l->uses_key && !l->own_key && now->key != now[-1].key);
        if (!in_key && is_same_feel(now, &now[-1], &k))
            continue;
        if (in_key)
            ok = read_in_key(w, s, now->key, &k);
        if (i == 0)
            warn_of_doubtful(l);
        laid = in_key ? w->part : laid;
        if (!ok || (l->player == NULL && l->knob == NULL))
            continue;
        pattern_keys feel = k;
        feel.swing = k.own_swing ? k.swing : now->swing;
        feel.human_s = k.own_human ? k.human_s : now->human_s;
        feel.human_level = k.own_human ? k.human_level : now->human_level;
        w->part = laid;
        finish_feel(w, &feel);
        from[n] = now->from;
        parts[n++] = w->part;
    }
    return ok && n > 0 ? join_ages(l->b, from, parts, n) : NO_PART;
}

static void add_pattern(checker *c, chr_ir_pattern pattern) {
    c->patterns = grown(c, c->patterns, c->n_patterns, &c->patterns_room, sizeof *c->patterns);
    c->patterns[c->n_patterns++] = pattern;
}

static void read_pattern(checker *c, const chr_ast *s) {
    const chr_ast *target = s->child, *first = s, *pattern = pattern_text(s);
    if (pattern == NULL)
        return;
    owner *o = player_of(c, target);
    score_build b = {.c = c, .span = s->span};
    layout l = {.c = c, .b = &b, .player = o};
    woven w = {.l = &l};
    uint32_t root = read_ages(&w, s);
    if (root == NO_PART || o == NULL)
        return;
    for (const chr_ast *from = s; from != NULL; from = pattern_source(c, from))
        first = from; /* what is taken from another takes its chances, too */
    b.seed = seed_of(c, first->child->text);
    const chr_program *p = c->program;
    chr_ir_pattern out = {.name = target->text,
                          .owner = o->index,
                          .playing = p->plays == NULL || p->plays(p->context, target->text)};
    if (!finish_score(&b, root, &out.score))
        return;
    add_pattern(c, out);
}

bool read_values(checker *c, const chr_ast *s, knob *k, chr_ir_pattern *out) {
    const chr_ast *target = s->child, *pattern = pattern_text(s);
    const owner *o = find_owner(c, head_of(c, target->text, '.'));
    score_build b = {.c = c, .span = s->span};
    layout l = {.c = c, .b = &b, .knob = k};
    woven w = {.l = &l};
    k->shares =
        pattern != NULL && pattern->child != NULL && asks_for_range(c, pattern->child->next);
    uint32_t root = read_ages(&w, s);
    if (root == NO_PART)
        return false;
    b.seed = seed_of(c, target->text);
    const chr_program *p = c->program;
    out->name = target->text;
    out->playing = o == NULL || is_bus(o) || p->plays == NULL || p->plays(p->context, o->name);
    return finish_score(&b, root, &out->score);
}

/* The pattern of a knob. Where the knob was not come to, for its patch has a mistake, the text is
 * looked through all the same. */
static void read_knob_pattern(checker *c, const chr_ast *s) {
    const turned *t = find_turned(c, s);
    if (t != NULL && t->value.kind == VALUE_SIGNAL)
        add_pattern(c, t->pattern);
    if (t != NULL || s->child == NULL || c->diags->n_errors == 0)
        return;
    knob unknown = any_knob;
    chr_ir_pattern unused;
    read_values(c, s, &unknown, &unused);
}

void read_patterns(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if ((s->kind == CHR_AST_SEQUENCE || s->kind == CHR_AST_MELODY) && s->child != NULL)
            read_pattern(c, s);
        else if (s->kind == CHR_AST_VALUES)
            read_knob_pattern(c, s);
    }
}
