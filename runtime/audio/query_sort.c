/* runtime/audio/query_sort.c: notes in order, in place.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/query_inner.h"

/* A total order of all that differs, so that the order of equal ones does not depend on the way by
 * which they were found. */
static bool before(const chr_score_note *a, const chr_score_note *b) {
    if (a->at != b->at)
        return a->at < b->at;
    if (a->later_s < b->later_s || b->later_s < a->later_s)
        return a->later_s < b->later_s;
    if (a->note < b->note || b->note < a->note)
        return a->note < b->note;
    if (a->level < b->level || b->level < a->level)
        return a->level > b->level;
    if (a->end != b->end)
        return a->end < b->end;
    if (a->id != b->id)
        return a->id < b->id;
    if (a->leaf != b->leaf)
        return a->leaf < b->leaf;
    if (a->gate < b->gate || b->gate < a->gate)
        return a->gate < b->gate;
    if (a->pan < b->pan || b->pan < a->pan)
        return a->pan < b->pan;
    for (int i = 0; i < CHR_SCORE_LOCKS; i++)
        if (a->locks[i] != b->locks[i])
            return a->locks[i] < b->locks[i];
    return a->slide < b->slide;
}

static void insertion(chr_score_note *notes, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        chr_score_note moved = notes[i];
        uint32_t k = i;
        for (; k > 0 && before(&moved, &notes[k - 1]); k--)
            notes[k] = notes[k - 1];
        notes[k] = moved;
    }
}

/* Heapsort (Williams 1964): no more than n log n steps, and no memory. */
static void sift(chr_score_note *notes, uint32_t root, uint32_t n) {
    chr_score_note moved = notes[root];
    for (;;) {
        uint32_t child = 2 * root + 1;
        if (child >= n)
            break;
        if (child + 1 < n && before(&notes[child], &notes[child + 1]))
            child++;
        if (!before(&moved, &notes[child]))
            break;
        notes[root] = notes[child];
        root = child;
    }
    notes[root] = moved;
}

static void heap(chr_score_note *notes, uint32_t n) {
    for (uint32_t i = n / 2; i-- > 0;)
        sift(notes, i, n);
    for (uint32_t i = n; i-- > 1;) {
        chr_score_note last = notes[i];
        notes[i] = notes[0];
        notes[0] = last;
        sift(notes, 0, i);
    }
}

void chr_query_sort(chr_score_note *notes, uint32_t n) {
    uint32_t sorted = 1;
    while (sorted < n && !before(&notes[sorted], &notes[sorted - 1]))
        sorted++;
    if (sorted >= n) /* as a rule */
        return;
    if (n <= 24)
        insertion(notes, n);
    else
        heap(notes, n);
}
