/* runtime/parked.c: keeps and finds what has left the sound.
 * SPDX-License-Identifier: MIT */
#include "runtime/parked.h"

#include "runtime/names.h"

#include <stdlib.h>
#include <string.h>

static uint64_t id_of(const char *owner, const char *label, const char *module) {
    return chr_names_id(owner) * 31 + chr_names_id(label) * 17 + chr_names_id(module);
}

chr_parked_node *chr_parked_node_new(const char *owner, const char *label, const char *module,
                                     uint32_t n) {
    chr_parked_node *p = calloc(1, sizeof *p + n * sizeof p->seats[0]);
    if (!p)
        return NULL;
    p->owner = strdup(owner);
    p->label = strdup(label);
    p->module = module;
    p->id = id_of(owner, label, module);
    p->n = n;
    if (p->owner && p->label)
        return p;
    chr_parked_drop(p);
    return NULL;
}

void chr_parked_drop(chr_parked_node *list) {
    while (list) {
        chr_parked_node *p = list;
        list = p->next;
        for (uint32_t i = 0; i < p->n; i++)
            chr_node_state_drop(p->seats[i].state);
        chr_voices_drop(p->voices);
        free(p->owner);
        free(p->label);
        free(p);
    }
}

/* One instance's part of the state that its lane lies in. */
static size_t seat_bytes(const chr_parked_seat *seat) {
    const chr_node_state *s = seat->state;
    if (!s)
        return 0;
    return s->bytes / s->lanes + (size_t)s->ring_rows * s->columns * sizeof(float);
}

static size_t node_bytes(const chr_parked_node *p) {
    size_t bytes = sizeof *p + strlen(p->owner) + strlen(p->label);
    for (uint32_t i = 0; i < p->n; i++)
        bytes += sizeof p->seats[i] + seat_bytes(&p->seats[i]);
    return bytes;
}

/* Newest first, so that all from the first one on that is too much or too old can go. */
static void forget_oldest(chr_parked *p) {
    size_t bytes = 0;
    chr_parked_node **at = &p->first;
    while (*at) {
        bytes += node_bytes(*at);
        if (bytes > CHR_PARKED_BYTES || p->changes - (*at)->change >= CHR_PARKED_EVALUATIONS)
            break;
        at = &(*at)->next;
    }
    chr_parked_drop(*at);
    *at = NULL;
}

void chr_parked_keep(chr_parked *p, chr_parked_node *list, uint64_t version) {
    p->changes += version != p->version;
    p->version = version;
    chr_parked_node **end = &list;
    for (; *end; end = &(*end)->next) {
        (*end)->change = p->changes;
        p->latest = (*end)->last > p->latest ? (*end)->last : p->latest;
    }
    *end = p->first;
    p->first = list;
    forget_oldest(p);
}

static bool was_part(const chr_parked_node *p, uint64_t version) {
    return p->born <= version && version <= p->last;
}

static const chr_parked_node *same_from(const chr_parked_node *n, uint64_t id, const char *owner,
                                        const char *label, const char *module, uint64_t version) {
    for (; n; n = n->next)
        if (n->id == id && was_part(n, version) && !strcmp(n->owner, owner) &&
            !strcmp(n->label, label) && !strcmp(n->module, module))
            return n;
    return NULL;
}

const chr_parked_node *chr_parked_find(const chr_parked *p, const char *owner, const char *label,
                                       const char *module, uint64_t version) {
    if (version > p->latest)
        return NULL; /* something new: the usual case */
    return same_from(p->first, id_of(owner, label, module), owner, label, module, version);
}

const chr_parked_node *chr_parked_next(const chr_parked_node *n, uint64_t version) {
    return same_from(n->next, n->id, n->owner, n->label, n->module, version);
}

chr_voices *chr_parked_voices(const chr_parked *p, const char *owner, uint64_t version) {
    for (const chr_parked_node *n = version > p->latest ? NULL : p->first; n; n = n->next)
        if (n->voices && was_part(n, version) && !strcmp(n->owner, owner))
            return n->voices;
    return NULL;
}

void chr_parked_clear(chr_parked *p) {
    chr_parked_drop(p->first);
    p->first = NULL;
}
