/* lang/check/memory.c: memory of a check, tables of names, and taking back what a trial did.
 * SPDX-License-Identifier: MIT */
#include "lang/check/inner.h"
#include "lang/hash.h"

void give_up(checker *c) {
    longjmp(c->give_up, 1);
}

void *take(checker *c, size_t bytes) {
    void *p = chr_arena_alloc(c->scratch, bytes);
    if (p == NULL)
        give_up(c);
    return p;
}

const char *join(checker *c, const char *a, const char *b, const char *d) {
    size_t na = strlen(a), nb = strlen(b), nd = strlen(d);
    char *text = take(c, na + nb + nd + 1);
    memcpy(text, a, na);
    memcpy(text + na, b, nb);
    memcpy(text + na + nb, d, nd);
    return text;
}

void *grown(checker *c, void *array, uint32_t n, uint32_t *room, size_t size) {
    if (n < *room)
        return array;
    uint32_t more = *room < 8 ? 8 : *room * 2;
    char *bigger = take(c, more * size);
    if (n != 0)
        memcpy(bigger, array, n * size);
    *room = more;
    return bigger;
}

/* ---- tables: open addressing, half full at most ---- */

static uint32_t hash(const char *name) {
    uint64_t h = chr_hash_text(chr_hash_start, name);
    return (uint32_t)(h ^ h >> 32);
}

static table_entry *slot_of(const table *t, const char *name) {
    uint32_t i = hash(name) & (t->room - 1);
    while (t->slots[i].name != NULL && strcmp(t->slots[i].name, name) != 0)
        i = (i + 1) & (t->room - 1);
    return &t->slots[i];
}

void *table_find(const table *t, const char *name) {
    return t->room == 0 ? NULL : slot_of(t, name)->value;
}

void table_put(checker *c, table *t, const char *name, void *item, bool logged) {
    if (logged)
        keep_for_undo(c, t, sizeof *t);
    if (t->n * 2 >= t->room) {
        table bigger = {.n = t->n, .room = t->room < 8 ? 16 : t->room * 2};
        bigger.slots = TAKE_N(c, table_entry, bigger.room);
        for (uint32_t i = 0; i < t->room; i++)
            if (t->slots[i].name != NULL)
                *slot_of(&bigger, t->slots[i].name) = t->slots[i];
        *t = bigger;
    }
    table_entry *slot = slot_of(t, name);
    if (logged)
        keep_for_undo(c, slot, sizeof *slot);
    if (slot->name == NULL)
        t->n++;
    *slot = (table_entry){name, item};
}

/* ---- trials ---- */

typedef struct undo {
    void *where;
    const void *bytes;
    size_t size;
} undo;

void keep_for_undo(checker *c, void *where, size_t size) {
    void *copy = take(c, size);
    memcpy(copy, where, size);
    c->log = grown(c, c->log, c->n_log, &c->log_room, sizeof *c->log);
    c->log[c->n_log++] = (undo){where, copy, size};
}

mark take_mark(const checker *c) {
    return (mark){c->n_nodes, c->n_log, c->n_strands, c->delay_rows};
}

void roll_back(checker *c, const mark *m) {
    while (c->n_log > m->n_log) {
        const undo *u = &c->log[--c->n_log];
        memcpy(u->where, u->bytes, u->size);
    }
    c->n_nodes = m->n_nodes;
    c->n_strands = m->n_strands;
    c->delay_rows = m->delay_rows;
}

/* ---- reports ---- */

bool first_time(checker *c, chr_code code, chr_span span) {
    char name[64];
    snprintf(name, sizeof name, "%d %p %u %u", (int)code, (const void *)span.source,
             (unsigned)span.from, (unsigned)span.to);
    if (table_find(&c->reported, name) != NULL)
        return false;
    table_put(c, &c->reported, join(c, name, "", ""), c, false);
    return true;
}

chr_span name_span(const chr_ast *e) {
    chr_span span = e->span;
    uint32_t n = (uint32_t)strlen(e->text);
    if (n < span.to - span.from)
        span.to = span.from + n;
    return span;
}

chr_span defined_span(const chr_ast *s) {
    chr_span span = s->span;
    size_t n = strlen(s->text);
    if (span.source == NULL || n == 0 || span.to > span.source->len)
        return span;
    const char *text = span.source->text;
    uint32_t at = span.from;
    while (at < span.to && text[at] != ' ' && text[at] != '\t')
        at++;
    while (at < span.to && (text[at] == ' ' || text[at] == '\t'))
        at++;
    if (at + n <= span.to && memcmp(text + at, s->text, n) == 0) {
        span.from = at;
        span.to = at + (uint32_t)n;
    }
    return span;
}

const char *text_of(checker *c, chr_span span) {
    enum { MOST = 60 };
    if (span.source == NULL || span.to <= span.from || span.to > span.source->len)
        return "";
    size_t n = span.to - span.from;
    const char *from = span.source->text + span.from;
    char *text = take(c, MOST + 4);
    size_t k = 0;
    for (size_t i = 0; i < n && k < MOST; i++)
        text[k++] = from[i] == '\n' || from[i] == '\r' ? ' ' : from[i];
    if (n > MOST) {
        while (k > 0 && ((unsigned char)from[k] & 0xc0) == 0x80)
            k--; /* not in the middle of a character */
        memcpy(text + k, "...", 3);
        k += 3;
    }
    text[k] = 0;
    return text;
}

void not_yet(checker *c, chr_span span, const char *what) {
    REPORT(c, E606, span, what);
}
