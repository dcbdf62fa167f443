/* lang/check/knobs.c: the knobs of each patch and where they stand, for who wants to turn them by a
 * word. What is inside a module is that module's own business. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

static const char *kept(checker *c, chr_arena *arena, const char *text) {
    const char *copy = chr_arena_copy(arena, text, strlen(text));
    if (copy == NULL)
        give_up(c);
    return copy;
}

static void add(checker *c, chr_knobs *to, int *room, const owner *o, chr_knob knob) {
    if (to->n == *room) {
        *room = *room > 0 ? *room * 2 : 64;
        chr_knob *list = CHR_NEW_N(to->arena, chr_knob, *room);
        if (list == NULL)
            give_up(c);
        if (to->n > 0)
            memcpy(list, to->list, (size_t)to->n * sizeof *list);
        to->list = list;
    }
    knob.owner = kept(c, to->arena, o->name);
    knob.label = kept(c, to->arena, knob.label);
    knob.word = kept(c, to->arena, knob.word);
    knob.module = kept(c, to->arena, knob.module);
    to->list[to->n++] = knob;
}

static chr_knob knob_of(const chr_param_info *info, const char *label, const char *module) {
    return (chr_knob){.label = label,
                      .word = info->word,
                      .module = module,
                      .context = info->context,
                      .unit = info->unit,
                      .curve = info->curve,
                      .least = (double)info->min,
                      .greatest = (double)info->max,
                      .dflt = (double)info->dflt};
}

/* Does the line of a `param` name a musical context? */
static bool names_context(const chr_ast *param) {
    for (const chr_ast *e = param != NULL ? param->child : NULL; e != NULL; e = e->next)
        if (e->kind == CHR_AST_NAME && strcmp(e->text, "lin") != 0 && strcmp(e->text, "log") != 0)
            return true;
    return false;
}

static void add_written(checker *c, chr_knobs *to, int *room, const owner *o, uint32_t index) {
    const instance *w = &o->instances[index];
    for (int i = 0; i < w->maker->n_params; i++) {
        const parameter *q = &w->maker->params[i];
        const value *v = &w->values[i];
        chr_knob knob = {.label = w->label, .word = q->name, .module = w->maker->name};
        if (q->info != NULL)
            knob = knob_of(q->info, w->label, w->maker->name);
        knob.written = true;
        knob.added = index >= o->strip_instance;
        knob.placed = q->info != NULL && names_context(q->ast);
        knob.known = q->info != NULL && v->kind == VALUE_NUMBER && v->numbers == NULL;
        knob.value = knob.known ? v->number : 0;
        add(c, to, room, o, knob);
    }
}

static bool stands_still(const chr_strand *strands, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (strands[i].kind != CHR_STRAND_CONST || strands[i].value != strands[0].value)
            return false;
    return true;
}

static void add_node_knobs(checker *c, chr_knobs *to, int *room, const owner *o, uint32_t index) {
    const node *n = &c->nodes[index];
    const bool level = index == o->level_node;
    for (int i = 0; i < n->module->n_params; i++) {
        const chr_param_info *info = &n->module->params[i];
        const chr_strand *strands = n->params + (uint32_t)i * n->n_instances;
        if (level && strcmp(info->word, "on") == 0)
            continue;
        chr_knob knob = knob_of(info, n->label, n->module->name);
        knob.placed = true;
        knob.added = index >= o->strip_node && !level;
        knob.known = info->choices == NULL && stands_still(strands, n->n_instances);
        knob.value = knob.known ? (double)strands[0].value : 0;
        knob.mute = level && strcmp(info->word, "width") == 0 &&
                    memcmp(&n->inputs[0], &n->inputs[1], sizeof n->inputs[0]) == 0;
        add(c, to, room, o, knob);
    }
}

static void add_sent(checker *c, chr_knobs *to, const owner *bus, const feed *f) {
    if (f->node == NO_NODE)
        return;
    const node *product = &c->nodes[f->node];
    const chr_strand *share = product->params + product->n_instances;
    bool known = stands_still(share, product->n_instances);
    to->sent[to->n_sent++] = (chr_sent){.owner = kept(c, to->arena, f->from->name),
                                        .bus = kept(c, to->arena, bus->name),
                                        .ends_there = f->send == NULL,
                                        .known = known,
                                        .share = known ? (double)share->value : 0};
}

static void collect_sent(checker *c, chr_knobs *to) {
    uint32_t n = 0;
    for (uint32_t k = 1; k < c->n_owners; k++)
        n += c->owners[k]->n_feeds;
    to->n_sent = 0;
    to->sent = CHR_NEW_N(to->arena, chr_sent, n + 1);
    if (to->sent == NULL)
        give_up(c);
    for (uint32_t k = 1; k < c->n_owners; k++)
        for (uint32_t i = 0; i < c->owners[k]->n_feeds; i++)
            add_sent(c, to, c->owners[k], c->owners[k]->feeds[i]);
}

void collect_knobs(checker *c, chr_knobs *to) {
    int room = 0;
    to->n = 0;
    collect_sent(c, to);
    for (uint32_t k = 1; k < c->n_owners; k++) {
        const owner *o = c->owners[k];
        for (uint32_t i = 0; i < o->n_instances; i++)
            if (strchr(o->instances[i].label, '.') == NULL)
                add_written(c, to, &room, o, i);
        for (uint32_t i = o->first_node; i < o->end_node; i++) {
            const node *n = &c->nodes[i];
            if (n->module != NULL && n->owner == o->index && (!n->hidden || n->settable) &&
                strchr(n->label, '.') == NULL)
                add_node_knobs(c, to, &room, o, i);
        }
    }
}
