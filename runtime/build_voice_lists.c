/* runtime/build_voice_lists.c: what of a graph belongs to the voices of each owner.
 * SPDX-License-Identifier: MIT */
#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

/* Where each value of each voice is read: a list of spots for each. */
static bool list_spots(chr_builder *b, const uint32_t *read_of) {
    uint32_t n = 0, n_spots = 0;
    for (uint32_t i = 0; i < b->reads.n; i++) {
        b->reads.items[i].first = n;
        n += b->reads.items[i].voices + 1;
    }
    uint32_t *first = CHR_GROW(&b->spots_first, n + 1);
    for (uint32_t r = 0; r < b->voice_rows.n; r++)
        n_spots += b->voice_rows.items[r].lanes;
    chr_voice_spot *spots = CHR_GROW(&b->spots, n_spots);
    if (!first || (n_spots && !spots))
        return false;
    /* Counted, summed up, and laid down from the last to the first. */
    memset(first, 0, (n + 1) * sizeof *first);
    for (uint32_t r = 0; r < b->voice_rows.n; r++) {
        const chr_voice_row *row = &b->voice_rows.items[r];
        for (uint32_t l = 0; l < row->lanes; l++)
            first[b->reads.items[read_of[r]].first + b->maps.items[row->map + l]]++;
    }
    for (uint32_t i = 0, sum = 0; i <= n; i++)
        first[i] = sum += first[i];
    for (uint32_t r = b->voice_rows.n; r-- > 0;) {
        const chr_voice_row *row = &b->voice_rows.items[r];
        for (uint32_t l = row->lanes; l-- > 0;) {
            uint32_t voice = b->maps.items[row->map + l];
            spots[--first[b->reads.items[read_of[r]].first + voice]] = (chr_voice_spot){r, l};
        }
    }
    b->spots_first.n = n + 1;
    b->spots.n = n_spots;
    return true;
}

/* What is read of each owner, and by which rows. */
static bool list_reads(chr_builder *b, uint32_t *read_of) {
    uint32_t *index = calloc((size_t)b->voices.n * CHR_VOICE_VALUES + 1, sizeof *index);
    for (uint32_t r = 0; index && r < b->voice_rows.n; r++)
        index[b->voice_rows.items[r].voices * CHR_VOICE_VALUES + b->voice_rows.items[r].value] = 1;
    for (uint32_t i = 0; index && i < b->voices.n * CHR_VOICE_VALUES; i++) {
        if (i % CHR_VOICE_VALUES == 0)
            b->reads_first[i / CHR_VOICE_VALUES] = b->reads.n;
        chr_voice_read *read = index[i] ? CHR_GROW(&b->reads, 1) : NULL;
        if (index[i] && !read) {
            free(index);
            return false;
        }
        if (read)
            *read = (chr_voice_read){.value = i % CHR_VOICE_VALUES};
        index[i] = b->reads.n;
        b->reads.n += read != NULL;
    }
    b->reads_first[b->voices.n] = b->reads.n;
    for (uint32_t r = 0; index && r < b->voice_rows.n; r++) {
        const chr_voice_row *row = &b->voice_rows.items[r];
        read_of[r] = index[row->voices * CHR_VOICE_VALUES + row->value];
        chr_voice_read *read = &b->reads.items[read_of[r]];
        for (uint32_t l = 0; l < row->lanes; l++) {
            uint32_t voice = b->maps.items[row->map + l];
            read->voices = read->voices > voice ? read->voices : voice + 1;
        }
    }
    bool made = index != NULL;
    free(index);
    return made;
}

void chr_build_reads(chr_builder *b) {
    uint32_t *read_of = calloc(b->voice_rows.n + 1, sizeof *read_of);
    b->reads_first = calloc(b->voices.n + 1, sizeof *b->reads_first);
    if (!read_of || !b->reads_first || !list_reads(b, read_of) || !list_spots(b, read_of))
        b->failed = true;
    free(read_of);
}

/* The voice whose gate an instance of the session follows, whatever fades meanwhile. False: that of
 * none. */
static bool follows(const chr_builder *b, chr_member m, chr_strand *gate) {
    const chr_unode *n = &b->version.nodes[m.node];
    if (!chr_build_stays(b, n) || m.index >= n->fresh->n_instances)
        return false;
    const chr_ir_node *node = &b->session->nodes[n->fresh_index];
    for (uint32_t k = 0; k < (uint32_t)node->module->n_inputs; k++) {
        if (node->module->inputs[k].normal != CHR_NORMAL_GATE)
            continue;
        *gate = chr_version_fresh(&b->version, node->inputs[k * node->n_sources + m.index]);
        return gate->kind == CHR_STRAND_VOICE && gate->port == CHR_VOICE_GATE;
    }
    return false;
}

static int by_owner(const void *a, const void *b) {
    const chr_voice_level *x = a, *y = b;
    return x->voices != y->voices ? (x->voices < y->voices ? -1 : 1)
           : x->voice != y->voice ? (x->voice < y->voice ? -1 : 1)
                                  : 0;
}

static int by_slot(const void *a, const void *b) {
    const chr_voice_level *x = a, *y = b;
    return x->voices != y->voices ? (x->voices < y->voices ? -1 : 1)
           : x->slot != y->slot   ? (x->slot < y->slot ? -1 : 1)
                                  : 0;
}

/* The levels, which are sorted so, by groups. */
static bool list_envelopes(chr_builder *b) {
    chr_envelopes *e = NULL;
    b->envelopes_first = calloc(b->voices.n + 1, sizeof *b->envelopes_first);
    if (!b->envelopes_first)
        return false;
    for (uint32_t i = 0, owner = 0; i <= b->levels.n; i++) {
        const chr_voice_level *l = i < b->levels.n ? &b->levels.items[i] : NULL;
        for (; owner <= (l ? l->voices : b->voices.n); owner++)
            b->envelopes_first[owner] = b->envelopes.n;
        if (!l)
            break;
        if (!i || by_slot(l - 1, l)) {
            e = CHR_GROW(&b->envelopes, 1);
            uint32_t *map = CHR_GROW(&b->maps, 16);
            if (!e || !map)
                return false;
            *e = (chr_envelopes){.slot = l->slot, .map = b->maps.n};
            memset(map, 0, 16 * sizeof *map);
            b->envelopes.n++;
            b->maps.n += 16;
        }
        e->lanes |= 1u << l->lane;
        e->voices[l->voice / 64] |= (uint64_t)1 << l->voice % 64;
        b->maps.items[e->map + l->lane] = l->voice;
    }
    return true;
}

void chr_build_levels(chr_builder *b) {
    for (uint32_t g = 0; g < b->groups.n; g++) {
        const chr_group *group = &b->groups.items[g];
        for (uint32_t l = 0; l < group->lanes && group->module->level; l++) {
            chr_strand gate;
            if (!(group->used & 1u << l) || !follows(b, group->members[l], &gate))
                continue;
            chr_voice_level *level = CHR_GROW(&b->levels, 1);
            if (!level) {
                b->failed = true;
                return;
            }
            *level = (chr_voice_level){gate.node, gate.index, (uint32_t)group->slot, l};
            b->levels.n++;
        }
    }
    if (b->levels.n)
        qsort(b->levels.items, b->levels.n, sizeof *b->levels.items, by_slot);
    if (!list_envelopes(b)) {
        b->failed = true;
        return;
    }
    if (b->levels.n)
        qsort(b->levels.items, b->levels.n, sizeof *b->levels.items, by_owner);
    b->levels_first = calloc(b->voices.n + 1, sizeof *b->levels_first);
    if (!b->levels_first) {
        b->failed = true;
        return;
    }
    for (uint32_t o = 0, i = 0; o <= b->voices.n; o++) {
        while (i < b->levels.n && b->levels.items[i].voices < o)
            i++;
        b->levels_first[o] = i;
    }
}
