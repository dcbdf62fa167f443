/* lang/check/sets.c: paths of parameters: what `set` means by them, and what an expression reads by
 * them.
 *
 * What `set` says must be known when a node is made, because a module's parameter shapes what is
 * inside it. So an owner is evaluated, its settings are matched with what it is made of, and if one
 * matched it is evaluated again with it. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

void add_setting(checker *c, owner *o, const char *path, const chr_ast *key, chr_span span) {
    setting *s = TAKE(c, setting);
    *s = (setting){.path = path, .key = key, .span = span};
    o->settings = grown(c, o->settings, o->n_settings, &o->settings_room, sizeof(setting *));
    o->settings[o->n_settings++] = s;
}

const chr_ast *override_of(checker *c, const place *p, const char *label, const char *param) {
    if (c->dry || p->owner->overrides.n == 0)
        return NULL;
    return table_find(&p->owner->overrides, join(c, label, ".", param));
}

place override_place(checker *c, const place *p, const char *label, const char *param) {
    return (place){.owner = p->owner,
                   .prefix = join(c, label, ".", join(c, param, ".", "")),
                   .after_mix = p->after_mix};
}

/* ---- the parameters of an owner, by their last word ---- */

typedef struct candidate {
    const char *path;
    int depth;                     /* words in the path */
    uint32_t node, param;          /* of a node; or */
    const instance *written;       /* of a module written in Chronus */
    bool added;                    /* of an effect that `add` brought */
    struct candidate *next, *last; /* `last` of the first one of a list */
} candidate;

static void add_candidate(checker *c, paths *t, const char *label, const char *word, candidate k) {
    candidate *own = TAKE(c, candidate), *first = table_find(&t->by_word, word);
    *own = k;
    own->path = join(c, label, ".", word);
    own->depth = 1;
    for (const char *s = own->path; *s != 0; s++)
        own->depth += *s == '.';
    if (first != NULL)
        first->last = first->last->next = own;
    else
        table_put(c, &t->by_word, word, own->last = own, false);
    if (table_find(&t->by_path, own->path) == NULL)
        table_put(c, &t->by_path, own->path, own, false);
}

/* Adds what has been made of an owner since the last time. */
static void extend_paths(checker *c, paths *t, const owner *o, const char *prefix,
                         uint32_t end_node) {
    size_t skip = strlen(prefix);
    for (uint32_t i = o->n_instances; i-- > t->n_instances;) {
        const instance *w = &o->instances[i];
        if (strncmp(w->label, prefix, skip) == 0)
            for (int k = 0; k < w->maker->n_params; k++)
                add_candidate(c, t, w->label, w->maker->params[k].name,
                              (candidate){.node = NO_NODE,
                                          .param = (uint32_t)k,
                                          .written = w,
                                          .added = i >= o->strip_instance});
    }
    for (uint32_t i = t->end_node; i < end_node; i++) {
        const node *n = &c->nodes[i];
        bool visible = n->module != NULL && (!n->hidden || n->settable);
        if (!visible || n->owner != o->index || strncmp(n->label, prefix, skip) != 0)
            continue;
        for (int k = 0; k < n->module->n_params; k++)
            if (i != o->level_node || strcmp(n->module->params[k].word, "on") != 0)
                add_candidate(
                    c, t, n->label, n->module->params[k].word,
                    (candidate){.node = i, .param = (uint32_t)k, .added = i >= o->strip_node});
    }
    t->n_instances = o->n_instances;
    t->end_node = end_node > t->end_node ? end_node : t->end_node;
    t->last_instance = t->n_instances ? o->instances[t->n_instances - 1].birth : 0;
    t->last_node = t->end_node ? c->nodes[t->end_node - 1].birth : 0;
}

/* True if a roll-back has taken back something that is in it. */
static bool is_stale(const checker *c, const paths *t, const owner *o) {
    return t->end_node > c->n_nodes || t->n_instances > o->n_instances ||
           (t->end_node && c->nodes[t->end_node - 1].birth != t->last_node) ||
           (t->n_instances && o->instances[t->n_instances - 1].birth != t->last_instance);
}

static bool ends_with(const char *path, const char *end) {
    size_t n = strlen(path), m = strlen(end);
    return n > m && path[n - m - 1] == '.' && strcmp(path + n - m, end) == 0;
}

const char *last_word(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot != NULL ? dot + 1 : path;
}

static bool is_placement(const char *path) {
    return strcmp(path, "gain") == 0 || strcmp(path, "pan") == 0 || strcmp(path, "width") == 0;
}

/* The parameter that a path means: the whole path, else the least deep one that ends so; the
 * patch's own goes before those of the effects that were added to it. NULL with *rivals a list of
 * paths where several are meant equally. */
static const candidate *find_candidate(checker *c, const paths *t, const owner *o,
                                       const char *prefix, const char *path, const char **rivals) {
    const candidate *best = NULL;
    int n = 0;
    *rivals = NULL;
    if (o->index != 0 && is_placement(path))
        path = join(c, "level.", path, "");
    size_t skip = strlen(prefix);
    const char *rest = path + skip; /* "wob.rate" of the let wob: its lfo.rate */
    const char *list = "";
    const candidate *exact = table_find(&t->by_path, path);
    if (exact != NULL)
        return exact;
    for (const candidate *k = table_find(&t->by_word, last_word(path)); k != NULL; k = k->next) {
        if (!ends_with(k->path, rest))
            continue;
        bool own = best != NULL && best->added && !k->added;
        if (best == NULL || k->depth < best->depth || (k->depth == best->depth && own)) {
            best = k;
            n = 0;
            list = "";
        }
        if (k->depth == best->depth && k->added == best->added && n++ < 12)
            list = join(c, list, n > 1 ? ", " : "", k->path);
    }
    if (n <= 1)
        return best;
    *rivals = list;
    return NULL;
}

/* What stands in front of a patch's colon, and cannot be turned later. */
static bool is_said_first(const char *path) {
    return strcmp(path, "fade") == 0 || strcmp(path, "voices") == 0 || strcmp(path, "glide") == 0;
}

static void report_no_path(checker *c, const paths *by, const owner *o, chr_span span,
                           const char *path) {
    const char *name = o->index == 0 ? "this" : o->name;
    if (!REPORT(c, E323, span, name, path))
        return;
    const table *t = &by->by_word;
    enum { MOST = 200 };
    const char *words[MOST];
    int n = 0;
    /* What is deeper inside is no knob of the player's, unless it is asked for by its path. */
    for (uint32_t i = 0; i < t->room && n < MOST; i++) {
        const candidate *k = t->slots[i].name != NULL ? t->slots[i].value : NULL;
        while (k != NULL && k->depth > 2)
            k = k->next;
        if (k != NULL)
            words[n++] = t->slots[i].name;
    }
    qsort(words, (size_t)n, sizeof *words, compare_words);
    const candidate *other = table_find(t, last_word(path));
    if (other != NULL) {
        chr_suggest(c->diags, "did you mean `%s`?", other->path);
    } else if (is_said_first(path) && o->index != 0) {
        bool made = o->statement->kind == CHR_AST_CREATE;
        chr_suggest(c->diags, "it is said where %s is made: %s %s %s=…", name,
                    made ? "create" : "patch", name, path);
    } else if (!suggest_knob(c, last_word(path), words, n) && n > 0 && n <= 24) {
        const char *all = words[0];
        for (int i = 1; i < n; i++)
            all = join(c, all, ", ", words[i]);
        chr_suggest(c->diags, "it has %s", all);
    }
}

/* `amount` of an added effect that has a `mix` of its own is that. */
static const candidate *find_share(checker *c, const paths *t, const owner *o, const char *prefix,
                                   const char *path) {
    if (strcmp(last_word(path), "amount") != 0)
        return NULL;
    const char *rivals;
    size_t n = strlen(path) - strlen("amount");
    char *word = take(c, n + sizeof "mix");
    memcpy(word, path, n);
    memcpy(word + n, "mix", sizeof "mix");
    const candidate *k = find_candidate(c, t, o, prefix, word, &rivals);
    for (uint32_t i = 0; k != NULL && i < o->n_inserts; i++) {
        size_t len = strlen(o->inserts[i]->label);
        if (strncmp(k->path, o->inserts[i]->label, len) == 0 && k->path[len] == '.')
            return k;
    }
    return NULL;
}

/* Finds the parameter that the patterns lock. */
static bool resolve_lock(checker *c, owner *o, const paths *t, lock *l, bool last) {
    const char *rivals;
    const candidate *k = find_candidate(c, t, o, "", l->path, &rivals);
    if (k != NULL) {
        const parameter *q = k->written != NULL ? &k->written->maker->params[k->param] : NULL;
        const chr_module *m = q == NULL ? c->nodes[k->node].module : NULL;
        l->resolved = true;
        l->module = m != NULL ? m->name : k->written->maker->name;
        l->info = m != NULL ? &m->params[k->param] : q->info;
        const lock *same = table_find(&o->locked, k->path);
        if (same != NULL) /* `cutoff` and `lpf.cutoff` are one knob */
            l->slot = same->slot;
        else
            table_put(c, &o->locked, k->path, l, false);
        return true;
    }
    if (l->borrowed)
        return false;
    if (last && rivals == NULL)
        report_no_path(c, t, o, l->span, l->path);
    else if (last && REPORT(c, E309, l->span, l->path))
        chr_suggest(c->diags, "write one of %s", rivals);
    return false;
}

bool resolve_settings(checker *c, owner *o, const char *prefix, uint32_t first_node, bool last) {
    bool any = false, wanted = false;
    for (uint32_t i = 0; i < o->n_settings; i++)
        wanted = wanted || !o->settings[i]->resolved;
    for (uint32_t i = 0; i < o->n_locks; i++)
        wanted = wanted || !o->locks[i]->resolved;
    if (!wanted)
        return false;
    paths t = {.end_node = first_node};
    extend_paths(c, &t, o, prefix, c->n_nodes);
    for (uint32_t i = 0; i < o->n_settings; i++) {
        setting *s = o->settings[i];
        if (s->resolved || strncmp(s->path, prefix, strlen(prefix)) != 0)
            continue;
        const char *rivals;
        const candidate *k = find_candidate(c, &t, o, prefix, s->path, &rivals);
        if (k == NULL && rivals == NULL)
            k = find_share(c, &t, o, prefix, s->path);
        if (k != NULL) {
            const chr_ast *before = table_find(&o->overrides, k->path);
            const chr_ast *turning = automation_of(s->key);
            if (turning != NULL && automation_of(before) != NULL)
                REPORT(c, E477, s->span, turning->child->text);
            else if (turning != NULL && before != NULL && turning->kind == CHR_AST_AUTOMATE)
                WARN(c, W471, before->span, k->path);
            else if (turning != NULL && before != NULL)
                WARN(c, W473, before->span, k->path);
            table_put(c, &o->overrides, k->path, (void *)(uintptr_t)s->key, false);
            s->resolved = any = true;
        } else if (last) {
            if (rivals == NULL)
                report_no_path(c, &t, o, s->span, s->path);
            else if (REPORT(c, E309, s->span, s->path))
                chr_suggest(c->diags, "write one of %s", rivals);
        }
    }
    for (uint32_t i = 0; i < o->n_locks; i++)
        if (!o->locks[i]->resolved)
            any = resolve_lock(c, o, &t, o->locks[i], last) || any;
    return any;
}

/* ---- a let with its settings ---- */

value evaluate_let(checker *c, binding *b) {
    owner *o = c->owners[0];
    const char *prefix = join(c, b->name, ".", "");
    value v = poison();
    for (int i = 0; i < MAX_TRIES; i++) {
        mark before = take_mark(c);
        v = eval_let(c, b);
        bool again = resolve_settings(c, o, prefix, before.n_nodes, false);
        if (!again || v.kind == VALUE_POISON) {
            if (v.kind != VALUE_POISON)
                resolve_settings(c, o, prefix, before.n_nodes, true);
            break;
        }
        roll_back(c, &before);
    }
    return v;
}

/* ---- reading a parameter by its path ---- */

static value read_node_param(checker *c, const candidate *k) {
    const node *n = &c->nodes[k->node];
    const chr_param_info *info = &n->module->params[k->param];
    shape s = n->module->shape == CHR_SUM ? shape_one : n->shape;
    value v = signal_of(n->params + k->param * n->n_instances, s);
    if (shape_size(s) == 1 && v.strands[0].kind == CHR_STRAND_CONST)
        return number((double)v.strands[0].value,
                      info->choices != NULL ? CHR_UNIT_NONE : info->unit);
    v.is_control = true;
    v.unit = info->unit == CHR_UNIT_HZ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    return v;
}

static value read_output(checker *c, const owner *o, const char *label) {
    for (uint32_t i = o->first_node; i < (o->state == DONE ? o->end_node : c->n_nodes); i++)
        if (c->nodes[i].module != NULL && c->nodes[i].owner == o->index &&
            strcmp(c->nodes[i].label, label) == 0)
            return node_output(c, i);
    return poison();
}

value eval_path(checker *c, const place *p, const chr_ast *e) {
    if (c->dry)
        return poison();
    const char *dot = strchr(e->text, '.');
    size_t n = (size_t)(dot - e->text);
    char *head = take(c, n + 1);
    memcpy(head, e->text, n);
    const binding *b = find_binding(c, p, head);
    owner *o = p->owner;
    const char *path = join(c, p->prefix, e->text, "");
    if (b == NULL && table_find(&c->things, head) != NULL && find_owner(c, head) == o) {
        path = dot + 1; /* a patch's own name before a path in its own text */
    } else if (b != NULL && b->kind == BIND_OWNER) {
        o = b->owner;
        path = dot + 1;
    } else if (b != NULL && b->kind == BIND_LET && b->home->scope == NULL) {
        o = c->owners[0];
        path = e->text;
    } else if (b != NULL && (b->kind == BIND_BAD || b->kind == BIND_WAITING)) {
        return poison();
    }
    bool own = o == p->owner || o->index == 0; /* still growing */
    if (!own && o->state == DONE && o->output.kind == VALUE_POISON)
        return poison(); /* what is wrong with it is reported there */
    paths *t = &o->paths;
    if (is_stale(c, t, o))
        *t = (paths){.end_node = 0};
    if (t->end_node < o->first_node)
        t->end_node = o->first_node;
    extend_paths(c, t, o, "", own ? c->n_nodes : o->end_node);
    const char *rivals;
    const candidate *k = find_candidate(c, t, o, "", path, &rivals);
    if (k != NULL)
        return k->written != NULL ? k->written->values[k->param] : read_node_param(c, k);
    value v = rivals == NULL ? read_output(c, o, path) : poison();
    if (v.kind != VALUE_POISON)
        return v;
    if (rivals == NULL)
        report_no_path(c, t, o, e->span, path);
    else if (REPORT(c, E309, e->span, e->text))
        chr_suggest(c->diags, "write one of %s", rivals);
    return poison();
}
