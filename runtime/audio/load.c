/* runtime/audio/load.c: what the audio thread counts about itself.
 * SPDX-License-Identifier: MIT */
#include "runtime/audio/load.h"

/* ---- histograms ---- */

/* Below 32 each amount has a bin of its own; above, each octave has 32. */
static uint32_t bin_of(uint64_t amount) {
    if (amount < 32)
        return (uint32_t)amount;
    uint32_t octave = 63 - (uint32_t)__builtin_clzll(amount);
    uint32_t bin = (octave - 4) * 32 + (uint32_t)(amount >> (octave - 5) & 31);
    return bin < CHR_BINS ? bin : CHR_BINS - 1;
}

/* The greatest amount that falls into a bin. */
static uint64_t top_of(uint32_t bin) {
    if (bin < 32)
        return bin;
    if (bin == CHR_BINS - 1)
        return UINT64_MAX;
    uint32_t shift = bin / 32 - 1;
    return ((uint64_t)(bin % 32 + 33) << shift) - 1;
}

void chr_histogram_add(chr_histogram *h, uint64_t amount) {
    atomic_fetch_add_explicit(&h->counts[bin_of(amount)], 1, memory_order_relaxed);
    if (amount > atomic_load_explicit(&h->most, memory_order_relaxed))
        atomic_store_explicit(&h->most, amount, memory_order_relaxed);
}

uint64_t chr_histogram_count(const chr_histogram *h) {
    uint64_t n = 0;
    for (uint32_t i = 0; i < CHR_BINS; i++)
        n += atomic_load_explicit(&h->counts[i], memory_order_relaxed);
    return n;
}

uint64_t chr_histogram_at(const chr_histogram *h, double share) {
    uint64_t all = chr_histogram_count(h), most = atomic_load(&h->most), n = 0;
    for (uint32_t i = 0; i < CHR_BINS && all; i++) {
        n += atomic_load_explicit(&h->counts[i], memory_order_relaxed);
        if (n && (double)n >= share * (double)all)
            return top_of(i) < most ? top_of(i) : most;
    }
    return all ? most : 0;
}

/* ---- the load ---- */

void chr_load_start(chr_load *l, double rate_hz) {
    l->rate_hz = rate_hz;
    l->has_rhythm = false;
}

void chr_load_begin(chr_load *l, uint64_t now_ns) {
    double now = (double)now_ns;
    l->began_ns = now_ns;
    if (!l->has_rhythm || now < l->due_ns) {
        l->due_ns = now; /* earlier than ever before: this is the rhythm */
        l->has_rhythm = true;
    }
    double late = now - l->due_ns;
    chr_histogram_add(&l->lateness, (uint64_t)late);
    /* The device's clock is not ours: what a thousand blocks are late by is no lateness. A second
     * is a gap (a machine that slept), and the rhythm begins anew. */
    l->due_ns += late > 1e9 ? late : late * 0.001;
}

static void remember_swap(chr_load *l, uint64_t now_ns, uint64_t clock) {
    unsigned i = atomic_load_explicit(&l->n_swaps, memory_order_relaxed) % CHR_LOAD_SWAPS;
    atomic_store(&l->swaps[i].clock, UINT64_MAX); /* whoever reads it now knows that it changes */
    atomic_store(&l->swaps[i].began_ns, l->began_ns);
    atomic_store(&l->swaps[i].ended_ns, now_ns);
    atomic_store(&l->swaps[i].clock, clock);
    atomic_fetch_add(&l->n_swaps, 1);
}

void chr_load_end(chr_load *l, uint64_t now_ns, int n_frames, uint64_t n_swaps,
                  uint64_t swap_clock) {
    double lasts_ns = (double)n_frames * 1e9 / l->rate_hz;
    double share = (double)(now_ns - l->began_ns) / lasts_ns;
    l->due_ns += lasts_ns;
    l->smooth += (share - l->smooth) * 0.05;
    chr_histogram_add(&l->share, (uint64_t)(share * CHR_LOAD_WHOLE));
    double recent = l->smooth * CHR_LOAD_WHOLE;
    atomic_store_explicit(&l->recent, recent < 4e9 ? (uint32_t)recent : 4000000000u,
                          memory_order_relaxed);
    atomic_store_explicit(&l->frames, (uint32_t)n_frames, memory_order_relaxed);
    if (share > 1.0)
        atomic_fetch_add_explicit(&l->too_long, 1, memory_order_relaxed);
    if (n_swaps != l->swaps_seen)
        remember_swap(l, now_ns, swap_clock);
    l->swaps_seen = n_swaps;
    atomic_fetch_add_explicit(&l->blocks, 1, memory_order_release);
}

bool chr_load_swapped(const chr_load *l, uint64_t clock, chr_load_swap *swap) {
    uint64_t best = UINT64_MAX;
    unsigned n = atomic_load(&l->n_swaps);
    for (unsigned i = 0; i < CHR_LOAD_SWAPS && i < n; i++) {
        uint64_t c = atomic_load(&l->swaps[i].clock);
        if (c < clock || c >= best) /* a later one: both were in one block */
            continue;
        chr_load_swap s = {atomic_load(&l->swaps[i].began_ns), atomic_load(&l->swaps[i].ended_ns)};
        if (atomic_load(&l->swaps[i].clock) != c)
            continue;
        best = c;
        *swap = s;
    }
    return best != UINT64_MAX;
}
