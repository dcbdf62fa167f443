/* lang/check/names.c: what the session defines: patches, lets, modules, functions; and in which
 * order it is evaluated. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

maker *find_maker(checker *c, const place *p, const char *name) {
    for (const scope *s = p->scope; s != NULL; s = s->parent) {
        binding *b = table_find(&s->names, name);
        if (b != NULL && b->kind == BIND_MAKER)
            return b->maker;
    }
    maker *m = table_find(&c->makers, name);
    if (m != NULL && m->shadowed != NULL && c->expanding != NULL && c->expanding->ast == m->ast)
        return m->shadowed;
    return m;
}

owner *find_owner(const checker *c, const char *name) {
    const binding *b = table_find(&c->things, name);
    return b != NULL && b->kind == BIND_OWNER ? b->owner : NULL;
}

static binding *add_thing(checker *c, const char *name, binding_kind kind) {
    binding *b = TAKE(c, binding);
    *b = (binding){.kind = kind, .name = name, .stand_in = NO_NODE, .assumed = shape_one};
    table_put(c, &c->things, name, b, false);
    if (kind == BIND_OWNER || kind == BIND_LET) {
        c->listed = grown(c, c->listed, c->n_listed, &c->listed_room, sizeof *c->listed);
        c->listed[c->n_listed++] = b;
    }
    return b;
}

owner *add_owner(checker *c, const char *name, const chr_ast *statement) {
    owner *o = TAKE(c, owner);
    *o = (owner){.name = name,
                 .statement = statement,
                 .index = c->n_owners,
                 .n_voices = 1,
                 .unison = 1,
                 .pitch = poison(),
                 .output = poison(),
                 .level_node = NO_NODE,
                 .stand_in = NO_NODE};
    c->owners = grown(c, c->owners, c->n_owners, &c->owners_room, sizeof(owner *));
    c->owners[c->n_owners++] = o;
    if (name[0] != 0)
        add_thing(c, name, BIND_OWNER)->owner = o;
    return o;
}

static maker *add_maker(checker *c, const char *name, const chr_ast *ast, const chr_module *module,
                        bool library) {
    maker *m = TAKE(c, maker);
    *m = (maker){.name = name,
                 .ast = ast,
                 .module = module,
                 .library = library,
                 .uses_notes = -1,
                 .shadowed = table_find(&c->makers, name)};
    table_put(c, &c->makers, name, m, false);
    return m;
}

/* ---- statements that define something ---- */

static void collect_makers(checker *c) {
    const chr_program *p = c->program;
    for (int i = 0; i < p->modules.n; i++)
        if (!p->modules.modules[i]->hidden)
            add_maker(c, p->modules.modules[i]->name, NULL, p->modules.modules[i], false);
    for (int i = 0; i < p->n_library; i++)
        if (p->library[i]->kind == CHR_AST_MODULE || p->library[i]->kind == CHR_AST_FN)
            add_maker(c, p->library[i]->text, p->library[i], NULL, true);
    for (int i = 0; i < p->n; i++) {
        const chr_ast *s = p->statements[i];
        if (s->kind != CHR_AST_MODULE && s->kind != CHR_AST_FN)
            continue;
        add_maker(c, s->text, s, NULL, false);
    }
}

/* The name is taken by something of another kind. */
static bool is_taken(checker *c, const char *name, binding_kind kind, chr_span span) {
    const binding *b = table_find(&c->things, name);
    if (b == NULL || b->kind == kind || b->kind == BIND_BAD)
        return false;
    REPORT(c, E319, span, name);
    return true;
}

static void collect_owner(checker *c, const chr_ast *s) {
    const char *name = s->kind == CHR_AST_PATCH && s->text[0] == 0 ? "patch" : s->text;
    if (is_taken(c, name, BIND_OWNER, defined_span(s)))
        return;
    owner *o = find_owner(c, name);
    if (o == NULL)
        o = add_owner(c, name, s);
    o->statement = s; /* said twice: the later counts */
}

static void collect_let(checker *c, const chr_ast *s) {
    if (is_taken(c, s->text, BIND_LET, defined_span(s)))
        return;
    binding *b = table_find(&c->things, s->text);
    if (b == NULL || b->kind != BIND_LET)
        b = add_thing(c, s->text, BIND_LET);
    b->ast = s->child;
    place *home = TAKE(c, place);
    *home = (place){.owner = c->owners[0], .prefix = ""};
    b->home = home;
}

/* Statements that hold, and that a later version of the program will understand. */
static const char *waiting_for(chr_ast_kind kind) {
    switch (kind) {
    case CHR_AST_SAMPLE:
        return "sample";
    default:
        return NULL;
    }
}

static void collect_definition(checker *c, const chr_ast *s) {
    switch (s->kind) {
    case CHR_AST_PATCH:
    case CHR_AST_BUS:
    case CHR_AST_CREATE:
        collect_owner(c, s);
        break;
    case CHR_AST_LET:
        collect_let(c, s);
        break;
    case CHR_AST_BAD:
        if (s->text[0] != 0 && table_find(&c->things, s->text) == NULL)
            add_thing(c, s->text, BIND_BAD);
        break;
    case CHR_AST_SAMPLE:
        if (table_find(&c->things, s->text) == NULL)
            add_thing(c, s->text, BIND_WAITING);
        REPORT(c, E601, s->span, waiting_for(s->kind));
        break;
    default:
        if (waiting_for(s->kind) != NULL)
            REPORT(c, E601, s->span, waiting_for(s->kind));
        break;
    }
}

/* ---- instruments that a pattern calls for ---- */

const char *head_of(checker *c, const char *path, char end) {
    const char *stop = strchr(path, end);
    if (stop == NULL)
        return path;
    size_t n = (size_t)(stop - path);
    char *head = take(c, n + 1);
    memcpy(head, path, n);
    return head;
}

static const char **instrument_names(checker *c, int *n) {
    const char **names = TAKE_N(c, const char *, c->makers.n + c->things.n + 1);
    *n = 0;
    for (uint32_t i = 0; i < c->makers.room; i++) {
        const maker *m = c->makers.slots[i].value;
        if (c->makers.slots[i].name != NULL && m->ast != NULL && m->ast->kind == CHR_AST_MODULE)
            names[(*n)++] = m->name;
    }
    return names;
}

static void collect_players(checker *c) {
    const chr_program *p = c->program;
    for (int i = 0; i < p->n; i++) {
        const chr_ast *s = p->statements[i], *last = s->child;
        if ((s->kind != CHR_AST_SEQUENCE && s->kind != CHR_AST_MELODY) || last == NULL)
            continue;
        const char *name = head_of(c, s->child->text, '/');
        const owner *known = find_owner(c, name);
        if (known != NULL && is_bus(known) && REPORT(c, E314, s->child->span, name))
            chr_suggest(c->diags, "`%s` is a bus, and plays no notes", name);
        if (table_find(&c->things, name) != NULL)
            continue;
        const maker *m = table_find(&c->makers, name);
        if (m != NULL && m->ast != NULL && m->ast->kind == CHR_AST_MODULE) {
            REPORT(c, N301, s->child->span, name);
            add_owner(c, name, s)->instrument = m->name;
            continue;
        }
        add_thing(c, name, BIND_BAD);
        if (REPORT(c, E314, s->child->span, name)) {
            int n;
            const char **names = instrument_names(c, &n);
            for (uint32_t k = 0; k < c->n_listed; k++)
                if (c->listed[k]->kind == BIND_OWNER)
                    names[n++] = c->listed[k]->name;
            const char *near = chr_nearest(name, names, n);
            if (near != NULL)
                chr_suggest(c->diags, "did you mean `%s`?", near);
            else
                chr_suggest(c->diags, "say what it is first: create %s synth", name);
        }
    }
}

/* create NAME [KIND] */
static void settle_instruments(checker *c) {
    for (uint32_t i = 0; i < c->n_owners; i++) {
        owner *o = c->owners[i];
        const chr_ast *s = o->statement;
        if (s == NULL || s->kind != CHR_AST_CREATE)
            continue;
        const chr_ast *kind = s->child != NULL && s->child->kind == CHR_AST_NAME ? s->child : NULL;
        const char *name = kind != NULL ? kind->text : o->name;
        const maker *m = table_find(&c->makers, name);
        if (kind == NULL && (m == NULL || m->ast == NULL)) {
            name = "synth";
            m = table_find(&c->makers, name);
        }
        if (m == NULL || m->ast == NULL || m->ast->kind != CHR_AST_MODULE) {
            const binding *b = table_find(&c->things, name);
            if (b != NULL && b->kind == BIND_BAD)
                continue;
            if (REPORT(c, E313, kind != NULL ? kind->span : defined_span(s), name)) {
                int n;
                const char **names = instrument_names(c, &n);
                const char *near = chr_nearest(name, names, n);
                if (near != NULL)
                    chr_suggest(c->diags, "did you mean `%s`?", near);
            }
            continue;
        }
        o->instrument = m->name;
    }
}

/* ---- what acts on a patch ---- */

static owner *target_owner(checker *c, const chr_ast *target, const char **rest) {
    const char *name = head_of(c, target->text, '.'), *dot = strchr(target->text, '.');
    *rest = dot != NULL ? dot + 1 : "";
    const binding *b = table_find(&c->things, name);
    if (b != NULL && b->kind == BIND_OWNER)
        return b->owner;
    if (b != NULL && b->kind == BIND_LET) {
        *rest = target->text;
        return c->owners[0];
    }
    if (b != NULL)
        return NULL; /* reported where it stands */
    if (REPORT(c, E308, target->span, name)) {
        const char **names = TAKE_N(c, const char *, c->n_listed + 1);
        int n = 0;
        for (uint32_t i = 0; i < c->n_listed && n < 4000; i++)
            if (c->listed[i]->kind == BIND_OWNER || c->listed[i]->kind == BIND_LET)
                names[n++] = c->listed[i]->name;
        chr_suggest_name(c->diags, name, names, n);
    }
    return NULL;
}

static void collect_set(checker *c, const chr_ast *s) {
    const chr_ast *target = s->child;
    const char *rest;
    owner *o = target != NULL ? target_owner(c, target, &rest) : NULL;
    if (o == NULL)
        return;
    for (const chr_ast *e = target->next; e != NULL; e = e->next) {
        if (e->kind != CHR_AST_KEY)
            continue;
        const char *path = rest[0] != 0 ? join(c, rest, ".", e->text) : e->text;
        chr_span span = e->span;
        if (e->child != NULL && e->child->span.source == span.source &&
            e->child->span.from > span.from)
            span.to = span.from + (uint32_t)strlen(e->text);
        add_setting(c, o, path, e, span.to <= e->span.to ? span : e->span);
    }
}

static void collect_add(checker *c, const chr_ast *s) {
    const chr_ast *use = s->child, *to = use != NULL ? use->next : NULL;
    const char *rest;
    owner *o = to != NULL ? target_owner(c, to, &rest) : NULL;
    if (o == NULL)
        return;
    const char *label = NULL;
    for (const chr_ast *e = to->next; e != NULL; e = e->next)
        if (e->kind == CHR_AST_LABEL)
            label = e->text;
    insert *in = NULL;
    for (uint32_t i = 0; i < o->n_inserts; i++) {
        insert *other = o->inserts[i];
        bool same = label != NULL ? other->labelled && strcmp(other->label, label) == 0
                                  : !other->labelled && strcmp(other->effect, use->text) == 0;
        in = same && strcmp(other->effect, use->text) == 0 ? other : in;
    }
    if (in == NULL && o->n_inserts == MAX_ON_STRIP) {
        REPORT(c, E512, o->statement->span, o->name, MAX_ON_STRIP, "added effects");
        return;
    }
    if (in == NULL) {
        in = TAKE(c, insert);
        *in = (insert){.label = label != NULL ? label : use->text,
                       .labelled = label != NULL,
                       .effect = use->text,
                       .span = use->span};
        o->inserts = grown(c, o->inserts, o->n_inserts, &o->inserts_room, sizeof(insert *));
        o->inserts[o->n_inserts++] = in;
    }
    in->args = grown(c, in->args, in->n_args, &in->room, sizeof *in->args);
    in->args[in->n_args++] = NULL;
    const chr_ast *from[2] = {use->child, to->next};
    for (int k = 0; k < 2; k++)
        for (const chr_ast *e = from[k]; e != NULL; e = e->next) {
            if (e->kind == CHR_AST_LABEL)
                continue;
            in->args = grown(c, in->args, in->n_args, &in->room, sizeof *in->args);
            in->args[in->n_args++] = e;
        }
}

static void collect_remove(checker *c, const chr_ast *s) {
    const chr_ast *effect = s->child, *from = effect != NULL ? effect->next : NULL;
    const char *rest;
    owner *o = from != NULL ? target_owner(c, from, &rest) : NULL;
    if (o == NULL)
        return;
    for (uint32_t i = o->n_inserts; i-- > 0;) {
        const insert *in = o->inserts[i];
        if (strcmp(in->label, effect->text) != 0 && strcmp(in->effect, effect->text) != 0)
            continue;
        memmove(&o->inserts[i], &o->inserts[i + 1], (o->n_inserts - i - 1) * sizeof(insert *));
        o->n_inserts--;
        return;
    }
    if (o->n_removed == MAX_ON_STRIP) {
        REPORT(c, E512, o->statement->span, o->name, MAX_ON_STRIP, "removed stages");
        return;
    }
    uint32_t room = o->removed_room;
    o->removed = grown(c, o->removed, o->n_removed, &room, sizeof *o->removed);
    o->removed_found =
        grown(c, o->removed_found, o->n_removed, &o->removed_room, sizeof *o->removed_found);
    o->removed_found[o->n_removed] = false;
    o->removed[o->n_removed++] = effect;
}

/* An automation or a pattern of values is the last word on its parameter: what `set` says of it as
 * well is not heard. */
static void collect_automation(checker *c, const chr_ast *s) {
    const char *rest;
    owner *o = s->child != NULL ? target_owner(c, s->child, &rest) : NULL;
    if (o == NULL)
        return;
    if (rest[0] == 0) {
        if (REPORT(c, E475, s->child->span, s->child->text))
            chr_suggest(c->diags, "name its parameter: %s %s.gain: ...", chr_ast_name(s->kind),
                        s->child->text);
        return;
    }
    chr_ast *key = TAKE(c, chr_ast);
    *key = (chr_ast){.kind = CHR_AST_KEY, .span = s->child->span, .text = rest};
    key->child = TAKE(c, chr_ast);
    *key->child = *s;
    key->child->next = NULL;
    add_setting(c, o, rest, key, s->child->span);
}

static void hear(chr_ast_kind kind, owner *o) {
    if (o != NULL && kind == CHR_AST_MUTE)
        o->muted = true;
    else if (o != NULL)
        o->soloed = true;
}

static void collect_action(checker *c, const chr_ast *s) {
    const char *rest;
    switch (s->kind) {
    case CHR_AST_SET:
        collect_set(c, s);
        break;
    case CHR_AST_ADD:
        collect_add(c, s);
        break;
    case CHR_AST_REMOVE_FROM:
        collect_remove(c, s);
        break;
    case CHR_AST_SEND:
        collect_send(c, s, s->child != NULL ? target_owner(c, s->child, &rest) : NULL);
        break;
    case CHR_AST_MUTE:
    case CHR_AST_SOLO:
        for (const chr_ast *t = s->child; t != NULL; t = t->next)
            hear(s->kind, target_owner(c, t, &rest));
        break;
    default:
        break;
    }
}

void collect_names(checker *c) {
    add_owner(c, "", NULL);
    collect_makers(c);
    for (int i = 0; i < c->program->n; i++)
        collect_definition(c, c->program->statements[i]);
    collect_players(c);
    settle_instruments(c);
    collect_ends(c);
    for (int i = 0; i < c->program->n; i++)
        collect_action(c, c->program->statements[i]);
    for (int i = 0; i < c->program->n; i++)
        if (c->program->statements[i]->kind == CHR_AST_AUTOMATE ||
            c->program->statements[i]->kind == CHR_AST_VALUES)
            collect_automation(c, c->program->statements[i]);
    collect_locks(c);
    collect_placing(c);
}
