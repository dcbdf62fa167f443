/* lang/check/order.c: evaluates what the session defines, each after what it uses, however they
 * refer to one another. SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"

/* Everything that the text of one patch or let mentions. */
static void mentioned(checker *c, const binding *b, const chr_ast ***list, uint32_t *n) {
    const chr_ast **roots = NULL;
    uint32_t n_roots = 0, room = 0, list_room = 0;
    const owner *o = b->kind == BIND_OWNER ? b->owner : NULL;
    roots = grown(c, roots, n_roots, &room, sizeof *roots);
    roots[n_roots++] = o != NULL ? o->statement : b->ast;
    for (uint32_t i = 0; o != NULL && i < o->n_settings; i++) {
        roots = grown(c, roots, n_roots, &room, sizeof *roots);
        roots[n_roots++] = o->settings[i]->key;
    }
    for (uint32_t i = 0; o != NULL && i < o->n_inserts; i++)
        for (uint32_t k = 0; k < o->inserts[i]->n_args; k++) {
            roots = grown(c, roots, n_roots, &room, sizeof *roots);
            if (o->inserts[i]->args[k] != NULL)
                roots[n_roots++] = o->inserts[i]->args[k];
        }
    for (uint32_t i = 0; o != NULL && i < o->n_feeds; i++) {
        const feed *f = o->feeds[i];
        chr_ast *from = TAKE(c, chr_ast);
        *from = (chr_ast){.kind = CHR_AST_NAME, .text = f->from->name};
        roots = grown(c, roots, n_roots, &room, sizeof *roots);
        roots[n_roots++] = from;
        roots = grown(c, roots, n_roots, &room, sizeof *roots);
        if (f->send != NULL)
            roots[n_roots++] = f->send;
    }
    *list = NULL;
    *n = 0;
    for (uint32_t i = 0; i < n_roots; i++) {
        if (roots[i] == NULL || roots[i]->kind == CHR_AST_SEQUENCE ||
            roots[i]->kind == CHR_AST_MELODY)
            continue;
        const chr_ast **all;
        uint32_t count = flatten(c, roots[i], &all);
        for (uint32_t k = 0; k < count; k++)
            if ((all[k]->kind == CHR_AST_NAME || all[k]->kind == CHR_AST_PATH) &&
                (o == NULL || all[k] != o->bus_name)) { /* a bus comes after what it takes in */
                *list = grown(c, *list, *n, &list_room, sizeof **list);
                (*list)[(*n)++] = all[k];
            }
    }
}

static binding *thing_mentioned(checker *c, const chr_ast *e) {
    const char *dot = e->kind == CHR_AST_PATH ? strchr(e->text, '.') : NULL;
    const char *name = e->text;
    if (dot != NULL) {
        char *head = take(c, (size_t)(dot - name) + 1);
        memcpy(head, name, (size_t)(dot - name));
        name = head;
    }
    binding *b = table_find(&c->things, name);
    return b != NULL && (b->kind == BIND_OWNER || b->kind == BIND_LET) ? b : NULL;
}

typedef struct visit {
    binding *b;
    const chr_ast **uses;
    uint32_t n_uses, next;
} visit;

static void evaluate(checker *c, binding *b) {
    if (b->kind == BIND_OWNER) {
        evaluate_owner(c, b->owner);
    } else if (b->state == NOT_YET) {
        evaluate_let(c, b);
    }
}

void evaluate_all(checker *c) {
    for (int i = 0; i < c->program->n; i++) {
        const chr_ast *s = c->program->statements[i];
        maker *m = s->kind == CHR_AST_MODULE || s->kind == CHR_AST_FN
                       ? table_find(&c->makers, s->text)
                       : NULL;
        if (m != NULL && is_weave(c, m))
            try_weave(c, m);
        else if (m != NULL)
            try_maker(c, m);
    }
    visit *stack = NULL;
    uint32_t room = 0;
    for (uint32_t i = 0; i < c->n_listed; i++) {
        if (c->listed[i]->visit != 0)
            continue;
        uint32_t depth = 0;
        stack = grown(c, stack, depth, &room, sizeof *stack);
        stack[depth] = (visit){.b = c->listed[i]};
        mentioned(c, stack[depth].b, &stack[depth].uses, &stack[depth].n_uses);
        stack[depth++].b->visit = 1;
        while (depth > 0) {
            visit *top = &stack[depth - 1];
            if (top->next == top->n_uses) {
                evaluate(c, top->b);
                depth--;
                continue;
            }
            binding *used = thing_mentioned(c, top->uses[top->next++]);
            if (used == NULL || used->visit != 0)
                continue;
            used->visit = 1;
            stack = grown(c, stack, depth, &room, sizeof *stack);
            stack[depth] = (visit){.b = used};
            mentioned(c, used, &stack[depth].uses, &stack[depth].n_uses);
            depth++;
        }
    }
}
