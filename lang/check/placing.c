/* lang/check/placing.c: notes that their patterns place between left and right, each by itself
 * (`pan`, `jux`, `x{pan=-1}`): a stage before the voices are summed, in those patches alone whose
 * patterns ask for it. Like what patterns lock, that must be known when the patch is made, before
 * any pattern is read; so it is the words of the text that count. SPDX-License-Identifier: MIT */
#include "lang/check/weave.h"

static bool text_places(checker *c, const chr_ast *text);

/* A function of transforms, by its body. */
static bool maker_places(checker *c, maker *m) {
    if (m->places == PLACES_UNKNOWN) {
        m->places = PLACES_NOT; /* while it is found out: one that is made of itself is none */
        if (++c->depth <= MAX_DEPTH && is_weave(c, m) && text_places(c, m->ast))
            m->places = PLACES;
        c->depth--;
    }
    return m->places == PLACES;
}

/* `x{pan=-1}` */
static bool locks_place(const chr_ast *mod) {
    for (const chr_ast *key = mod->child; key != NULL; key = key->next)
        if (key->kind == CHR_AST_KEY && strcmp(key->text, "pan") == 0)
            return true;
    return false;
}

static bool text_places(checker *c, const chr_ast *text) {
    const chr_ast **all;
    uint32_t n = flatten(c, text, &all);
    for (uint32_t i = 0; i < n; i++) {
        if (all[i]->kind == CHR_AST_MOD && locks_place(all[i]))
            return true;
        if (all[i]->kind != CHR_AST_NAME && all[i]->kind != CHR_AST_NODE)
            continue;
        maker *own = table_find(&c->makers, all[i]->text);
        int which = chr_transform_find(all[i]->text);
        if (own != NULL && is_weave(c, own)
                ? maker_places(c, own)
                : which == CHR_TRANSFORM_pan || which == CHR_TRANSFORM_jux)
            return true;
    }
    return false;
}

void collect_placing(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i], *from = s;
        if ((s->kind != CHR_AST_SEQUENCE && s->kind != CHR_AST_MELODY) || s->child == NULL)
            continue;
        owner *o = find_owner(c, head_of(c, s->child->text, '/'));
        for (int k = 0; o != NULL && !o->places && from != NULL && k < MAX_NESTING; k++) {
            o->places = text_places(c, from);
            from = pattern_source(c, from);
        }
    }
}

/* With a single voice the shape of a sound does not tell whether it is played. */
static bool reads_voices(const checker *c, const owner *o) {
    for (uint32_t i = o->first_node; i < c->n_nodes; i++) {
        const node *n = &c->nodes[i];
        uint64_t n_inputs = n->module != NULL ? (uint64_t)n->module->n_inputs * n->n_sources : 0;
        uint64_t n_params = n->module != NULL ? (uint64_t)n->module->n_params * n->n_instances : 0;
        for (uint64_t k = 0; k < n_inputs + n_params; k++) {
            const chr_strand *s = k < n_inputs ? &n->inputs[k] : &n->params[k - n_inputs];
            if (s->kind == CHR_STRAND_VOICE && s->node == o->index)
                return true;
        }
    }
    return false;
}

value place_notes(checker *c, const place *p, value v, chr_span span) {
    owner *o = p->owner;
    const chr_module *m = built_in(c, "place");
    if (!o->places || o->placed || p->after_mix || c->dry || m == NULL || v.kind != VALUE_SIGNAL ||
        !v.sound || v.shape.voices != o->n_voices * o->unison || !reads_voices(c, o))
        return v;
    keep_for_undo(c, &o->placed, sizeof o->placed);
    o->placed = true;
    value places = voice_strands(c, o, CHR_VOICE_PAN, v.shape.voices);
    node *n = add_node(c, p, m, new_label(c, p, NULL, m->name), v.shape, 0, span);
    uint32_t each = v.shape.copies * v.shape.sides;
    for (uint32_t i = 0; i < n->n_instances; i++) {
        n->inputs[i] = v.strands[i];
        n->params[i] = places.strands[i / each];
    }
    return node_output(c, (uint32_t)(n - c->nodes));
}
