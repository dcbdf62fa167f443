/* lang/check/locks.c: parameter locks: `x{cutoff=2kHz}` gives a parameter another value while that
 * note is the one that its voice plays.
 *
 * What the patterns lock must be known when a patch is made. So the paths are collected first, with
 * each patch, and found among its parameters like those of `set`; such a parameter is then made of
 * what it is anyway and of the voice's lock. SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

/* What a note has of its own, and no knob of the patch. */
static const chr_param_info of_notes[] = {
    {.word = "vel",
     .unit = CHR_UNIT_RATIO,
     .min = 0,
     .max = 1,
     .dflt = 0.8f,
     .hint = "how hard the note is played"},
    {.word = "pan",             .unit = CHR_UNIT_NONE,        .min = -1, .max = 1, .hint = "-1 is left, 1 right"},
};

static const chr_param_info *note_lock(const chr_ast *key) {
    for (size_t i = 0; i < sizeof of_notes / sizeof of_notes[0]; i++)
        if (strcmp(key->text, of_notes[i].word) == 0)
            return &of_notes[i];
    return NULL;
}

static lock *find_lock(const owner *o, const char *path) {
    for (uint32_t i = 0; i < o->n_locks; i++)
        if (strcmp(o->locks[i]->path, path) == 0)
            return o->locks[i];
    return NULL;
}

static void collect_lock(checker *c, owner *o, const chr_ast *key, bool borrowed) {
    if (note_lock(key) != NULL || find_lock(o, key->text) != NULL)
        return;
    if (o->n_locks == CHR_LOCK_SLOTS) {
        REPORT(c, E512, name_span(key), o->name, CHR_LOCK_SLOTS, "locked parameters");
        return;
    }
    lock *l = TAKE(c, lock);
    *l =
        (lock){.path = key->text, .span = name_span(key), .slot = o->n_locks, .borrowed = borrowed};
    o->locks = grown(c, o->locks, o->n_locks, &o->locks_room, sizeof(lock *));
    o->locks[o->n_locks++] = l;
}

static void collect_of(checker *c, owner *o, const chr_ast *s, bool borrowed) {
    const chr_ast **all;
    uint32_t n = flatten(c, s, &all);
    for (uint32_t k = 0; k < n; k++)
        if (all[k]->kind == CHR_AST_MOD && all[k]->text[0] == '{')
            for (const chr_ast *key = all[k]->child; key != NULL; key = key->next)
                if (key->kind == CHR_AST_KEY)
                    collect_lock(c, o, key, borrowed);
}

void collect_locks(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        if ((s->kind != CHR_AST_SEQUENCE && s->kind != CHR_AST_MELODY) || s->child == NULL)
            continue;
        owner *o = find_owner(c, head_of(c, s->child->text, '/'));
        const chr_ast *from = s;
        for (int k = 0; o != NULL && from != NULL && k < MAX_NESTING; k++) {
            collect_of(c, o, from, k > 0);
            from = pattern_source(c, from);
        }
    }
}

/* ---- the parameter ---- */

static value voice_lock(checker *c, const place *p, const lock *l, bool held) {
    return voice_input(c, p, (chr_voice_value)(CHR_VOICE_LOCK + 2 * (int)l->slot + held));
}

value locked_value(checker *c, const place *p, const char *label, const char *param,
                   const chr_param_info *info, value own, chr_span span) {
    const lock *l = c->dry || p->owner->locked.n == 0
                        ? NULL
                        : table_find(&p->owner->locked, join(c, label, ".", param));
    const chr_module *choose = l != NULL ? built_in(c, "if") : NULL;
    if (choose == NULL || own.kind == VALUE_POISON)
        return own;
    if (p->after_mix && p->owner->n_voices > 1) {
        REPORT(c, E486, l->span, l->path);
        return own;
    }
    if (own.kind == VALUE_CHOICE || own.kind == VALUE_TEXT ||
        (info != NULL && info->choices != NULL)) {
        REPORT(c, E487, l->span, l->path);
        return own;
    }
    value args[3] = {voice_lock(c, p, l, true), voice_lock(c, p, l, false), as_signal(c, own)};
    shape s = args[0].shape;
    if (!shape_widen(&s, args[2].shape))
        return own; /* voices of another patch: reported where they meet */
    place here = *p;
    node *n = add_node(c, &here, choose, new_label(c, p, NULL, "lock"), s, 0, span);
    n->hidden = true;
    for (uint32_t k = 0; k < 3; k++)
        for (uint32_t i = 0; i < n->n_instances; i++)
            n->params[k * n->n_instances + i] = args[k].strands[spread_index(args[k].shape, s, i)];
    value v = node_output(c, (uint32_t)(n - c->nodes));
    v.is_control = true;
    v.sound = false;
    v.unit = info != NULL && info->unit == CHR_UNIT_HZ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    return v;
}

/* ---- the values in the text ---- */

static bool read_note_lock(layout *l, const place *p, const chr_ast *key,
                           const chr_param_info *info, double *out) {
    checker *c = l->c;
    value v = eval_param(c, p, "note", info, key->child, NULL);
    return one_number(c, &v, key->child->span, info->word, out);
}

static void put_value(score_build *b, uint32_t first, chr_score_value x) {
    uint32_t i = first;
    while (i < b->n_values && b->values[i].slot < x.slot)
        i++;
    if (i < b->n_values && b->values[i].slot == x.slot) {
        b->values[i] = x;
        return;
    }
    b->values = grown(b->c, b->values, b->n_values, &b->values_room, sizeof *b->values);
    memmove(b->values + i + 1, b->values + i, (b->n_values - i) * sizeof *b->values);
    b->values[i] = x;
    b->n_values++;
}

bool read_lock(layout *l, const chr_ast *mod, uint32_t outer, uint32_t *out, double *level,
               double *pan) {
    checker *c = l->c;
    score_build *b = l->b;
    place p = {.owner = c->owners[0], .prefix = ""};
    uint32_t first = b->n_values;
    bool ok = true;
    if (l->quoted) {
        REPORT(c, E488, mod->span, text_of(c, mod->span));
        return false;
    }
    if (outer != CHR_SCORE_NO_LOCK) {
        chr_score_lock before = b->locks[outer];
        for (uint32_t i = 0; i < before.n; i++)
            put_value(b, first, b->values[before.first + i]);
    }
    for (const chr_ast *key = mod->child; key != NULL; key = key->next) {
        if (key->kind != CHR_AST_KEY || key->child == NULL)
            continue;
        const chr_param_info *own = note_lock(key);
        if (own != NULL) {
            ok = read_note_lock(l, &p, key, own, own == of_notes ? level : pan) && ok;
            continue;
        }
        const lock *k = l->player != NULL ? find_lock(l->player, key->text) : NULL;
        double x;
        if (k == NULL || !k->resolved || (k->info != NULL && k->info->choices != NULL))
            continue; /* reported where it was looked for */
        value v = k->info != NULL ? eval_param(c, &p, k->module, k->info, key->child, NULL)
                                  : eval(c, &p, key->child);
        ok = one_number(c, &v, key->child->span, key->text, &x) && ok;
        if (v.kind == VALUE_NUMBER)
            put_value(
                b, first,
                (chr_score_value){k->slot, (float)(k->info != NULL ? x : neutral(c, x, v.unit))});
    }
    if (b->n_values == first)
        return ok;
    b->locks = grown(c, b->locks, b->n_locks, &b->locks_room, sizeof *b->locks);
    b->locks[b->n_locks] = (chr_score_lock){first, b->n_values - first};
    *out = b->n_locks++;
    return ok;
}
