/* runtime/parts.c: tasks, what they wait for, and a plan for several threads: list scheduling by
 * the longest way to the end (Topcuoglu, Hariri, Wu: "Performance-effective and low-complexity task
 * scheduling", 2002), where it costs something to hear of another thread's result.
 * SPDX-License-Identifier: MIT */
#include "runtime/parts.h"

#include "runtime/build.h"

#include <stdlib.h>
#include <string.h>

/* What it takes until a thread sees what another has written; and until it sees that a chunk has
 * begun. Between two cores of one processor it is 50 to 200 ns. */
#define HEAR_NS 250.0f

/* What is thought of a task that has never run. */
#define FIRST_NS 1000.0f

static uint32_t count_tasks(const chr_builder *b) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->instrs.n; n++)
        i += b->instrs.items[i].op == CHR_OP_LOOP ? b->instrs.items[i].count + 1 : 1;
    return n;
}

/* Which task writes each buffer; UINT32_MAX: none. */
static void find_writers(const chr_builder *b, const chr_parts *p, uint32_t *writer) {
    memset(writer, 0xff, (b->buffers.n + 1) * sizeof *writer);
    for (uint32_t k = 0; k < p->n; k++)
        for (uint32_t i = p->instr[k]; i < p->instr[k + 1]; i++)
            for (uint32_t o = 0; o < b->instrs.items[i].n_outputs; o++)
                writer[b->outs.items[b->instrs.items[i].outs + o]] = k;
}

/* The tasks that task k reads, each once. With to NULL they are counted. */
static uint32_t find_reads(const chr_builder *b, const chr_parts *p, const uint32_t *writer,
                           uint32_t *seen, uint32_t k, uint32_t *to) {
    uint32_t n = 0;
    for (uint32_t i = p->instr[k]; i < p->instr[k + 1]; i++)
        for (uint32_t a = 0; a < chr_instr_args(&b->instrs.items[i]); a++) {
            const chr_arg_place *at = &b->args.items[b->instrs.items[i].args + a];
            uint32_t from = at->kind == CHR_AT_BUFFER ? writer[at->index] : UINT32_MAX;
            if (from >= k || seen[from] == k) /* its own, in a cycle; or nobody's */
                continue;
            seen[from] = k;
            if (to)
                to[n] = from;
            n++;
        }
    return n;
}

static bool find_all_reads(const chr_builder *b, chr_parts *p) {
    uint32_t *writer = malloc((b->buffers.n + 1) * sizeof *writer);
    uint32_t *seen = malloc((p->n + 1) * sizeof *seen);
    bool good = writer && seen;
    for (int pass = 0; pass < 2 && good; pass++) {
        if (pass == 0)
            find_writers(b, p, writer);
        memset(seen, 0xff, (p->n + 1) * sizeof *seen);
        uint32_t n = 0;
        for (uint32_t k = 0; k < p->n; k++) {
            p->reads_from[k] = n;
            n += find_reads(b, p, writer, seen, k, pass ? p->reads + n : NULL);
        }
        p->reads_from[p->n] = n;
        good = pass || (p->reads = malloc((n + 1) * sizeof *p->reads));
    }
    free(writer);
    free(seen);
    return good;
}

chr_parts *chr_parts_new(const chr_builder *b) {
    chr_parts *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->n = count_tasks(b);
    size_t room = (size_t)p->n + 1;
    p->instr = malloc(room * sizeof *p->instr);
    p->reads_from = malloc(room * sizeof *p->reads_from);
    p->cost_ns = calloc(room, sizeof *p->cost_ns);
    p->part = calloc(room, sizeof *p->part);
    p->waits = calloc(room * (CHR_CREW_MOST - 1), sizeof *p->waits);
    p->rank = calloc(room, sizeof *p->rank);
    p->ends = calloc(room, sizeof *p->ends);
    p->chain_ns = calloc(room, sizeof *p->chain_ns);
    p->chain = calloc(room, sizeof *p->chain);
    p->head = calloc(room, sizeof *p->head);
    p->before = calloc(room, sizeof *p->before);
    p->order = calloc(room, sizeof *p->order);
    p->thread = calloc(room, sizeof *p->thread);
    p->place = calloc(room, sizeof *p->place);
    if (!p->instr || !p->reads_from || !p->cost_ns || !p->part || !p->waits || !p->rank ||
        !p->ends || !p->chain_ns || !p->chain || !p->head || !p->before || !p->order ||
        !p->thread || !p->place) {
        chr_parts_free(p);
        return NULL;
    }
    uint32_t i = 0;
    for (uint32_t k = 0; k < p->n; k++) {
        p->instr[k] = i;
        i += b->instrs.items[i].op == CHR_OP_LOOP ? b->instrs.items[i].count + 1 : 1;
    }
    p->instr[p->n] = i;
    if (!find_all_reads(b, p)) {
        chr_parts_free(p);
        return NULL;
    }
    for (uint32_t k = 0; k < p->n; k++)
        p->cost_ns[k] = FIRST_NS;
    chr_parts_plan(p, 1);
    return p;
}

void chr_parts_free(chr_parts *p) {
    if (!p)
        return;
    free(p->instr);
    free(p->reads);
    free(p->reads_from);
    free(p->cost_ns);
    free(p->part);
    free(p->waits);
    free(p->rank);
    free(p->ends);
    free(p->chain_ns);
    free(p->chain);
    free(p->head);
    free(p->before);
    free(p->order);
    free(p->thread);
    free(p->place);
    free(p);
}

/* ---- a plan ---- */

/* A task that reads more than this collects what is made apart. */
enum { WIDE = 4 };

/* Tasks that work for one other task alone do so on its thread, right before it: a patch's chain
 * stays together, and in the cache. Each chain has the number of its last task, which alone is read
 * by others. */
static void find_chains(chr_parts *p, uint32_t n_threads) {
    uint32_t *joins = p->place; /* the chain of all that read a task so far; n: there are several */
    float most_ns = 0.0f;
    for (uint32_t k = 0; k < p->n; k++) {
        joins[k] = UINT32_MAX;
        most_ns += p->cost_ns[k] / (float)(4 * n_threads);
    }
    for (uint32_t k = p->n; k-- > 0;) {
        uint32_t c = joins[k] < p->n && p->chain_ns[joins[k]] < most_ns ? joins[k] : k;
        p->chain[k] = c;
        p->before[k] = c == k ? UINT32_MAX : p->head[c];
        p->head[c] = k;
        p->chain_ns[c] = p->cost_ns[k] + (c == k ? 0.0f : p->chain_ns[c]);
        bool wide = p->reads_from[k + 1] - p->reads_from[k] > WIDE;
        for (uint32_t r = p->reads_from[k]; r < p->reads_from[k + 1]; r++) {
            uint32_t *join = &joins[p->reads[r]];
            *join = !wide && (*join == UINT32_MAX || *join == c) ? c : p->n;
        }
    }
}

/* How long the longest way from the beginning of each chain to the end of the chunk is. */
static void find_ranks(chr_parts *p) {
    for (uint32_t k = 0; k < p->n; k++)
        p->rank[k] = 0.0f;
    for (uint32_t k = p->n; k-- > 0;) {
        uint32_t c = p->chain[k];
        if (c == k)
            p->rank[k] += p->chain_ns[k] + 1.0f; /* so none is as urgent as one that reads it */
        for (uint32_t r = p->reads_from[k]; r < p->reads_from[k + 1]; r++) {
            uint32_t of = p->chain[p->reads[r]];
            if (of != c && p->rank[of] < p->rank[c])
                p->rank[of] = p->rank[c];
        }
    }
}

/* Of two halves in order, one list in order: the most urgent first, and of equals the first. */
static void merge(const chr_parts *p, const uint32_t *from, uint32_t *to, uint32_t begin,
                  uint32_t middle, uint32_t end) {
    uint32_t x = begin, y = middle;
    for (uint32_t i = begin; i < end; i++)
        to[i] = y >= end || (x < middle && p->rank[from[x]] >= p->rank[from[y]]) ? from[x++]
                                                                                 : from[y++];
}

/* The chains, the most urgent first. How many there are. */
static uint32_t sort_chains(chr_parts *p) {
    uint32_t *from = p->place, *to = p->order, n = 0;
    for (uint32_t k = 0; k < p->n; k++)
        if (p->chain[k] == k)
            from[n++] = k;
    for (uint32_t width = 1; width < n; width *= 2) {
        for (uint32_t i = 0; i < n; i += 2 * width)
            merge(p, from, to, i, i + width < n ? i + width : n,
                  i + 2 * width < n ? i + 2 * width : n);
        uint32_t *was = from;
        from = to;
        to = was;
    }
    if (from != p->order)
        memcpy(p->order, from, n * sizeof *from);
    return n;
}

/* When thread t could begin a chain, if it is free at free_ns. */
static float could_begin(const chr_parts *p, uint32_t c, uint32_t t, float free_ns) {
    for (uint32_t k = p->head[c]; k != UINT32_MAX; k = p->before[k])
        for (uint32_t r = p->reads_from[k]; r < p->reads_from[k + 1]; r++) {
            uint32_t of = p->chain[p->reads[r]];
            if (of == c)
                continue;
            float there = p->ends[of] + (p->thread[of] == t ? 0.0f : HEAR_NS);
            free_ns = there > free_ns ? there : free_ns;
        }
    return free_ns;
}

static void give_out(chr_parts *p, uint32_t n_chains, uint32_t n_threads, uint32_t *count) {
    float free_ns[CHR_CREW_MOST];
    for (uint32_t t = 0; t < n_threads; t++)
        free_ns[t] = t ? HEAR_NS : 0.0f;
    for (uint32_t i = 0; i < n_chains; i++) {
        uint32_t c = p->order[i], best = 0;
        float begin = could_begin(p, c, 0, free_ns[0]);
        for (uint32_t t = 1; t < n_threads; t++) {
            float then = could_begin(p, c, t, free_ns[t]);
            if (then < begin) {
                begin = then;
                best = t;
            }
        }
        p->ends[c] = free_ns[best] = begin + p->chain_ns[c];
        for (uint32_t k = p->head[c]; k != UINT32_MAX; k = p->before[k]) {
            p->thread[k] = best;
            p->place[k] = count[best]++;
        }
    }
}

/* What task k, the next of its thread, has to wait for beyond what its thread has waited for. */
static void find_waits(chr_parts *p, chr_part *part, uint32_t t, uint32_t *known, uint32_t *n) {
    uint32_t needs[CHR_CREW_MOST] = {0}, k = part->task;
    for (uint32_t r = p->reads_from[k]; r < p->reads_from[k + 1]; r++) {
        uint32_t of = p->reads[r], other = p->thread[of];
        if (other != t && p->place[of] + 1 > needs[other])
            needs[other] = p->place[of] + 1;
    }
    part->waits = *n;
    for (uint32_t other = 0; other < CHR_CREW_MOST; other++) {
        if (needs[other] <= known[other])
            continue;
        known[other] = needs[other];
        p->waits[(*n)++] = (chr_part_wait){other, needs[other]};
        p->part[p->first[other] + needs[other] - 1].awaited = true;
    }
    part->n_waits = *n - part->waits;
}

void chr_parts_plan(chr_parts *p, uint32_t n_threads) {
    uint32_t count[CHR_CREW_MOST] = {0}, n_waits = 0;
    p->n_threads = n_threads;
    find_chains(p, n_threads);
    find_ranks(p);
    give_out(p, sort_chains(p), n_threads, count);
    p->first[0] = 0;
    for (uint32_t t = 0; t < CHR_CREW_MOST; t++)
        p->first[t + 1] = p->first[t] + count[t];
    for (uint32_t k = 0; k < p->n; k++)
        p->part[p->first[p->thread[k]] + p->place[k]] = (chr_part){.instr = p->instr[k], .task = k};
    for (uint32_t t = 0; t < n_threads; t++) {
        uint32_t known[CHR_CREW_MOST] = {0};
        for (uint32_t i = p->first[t]; i < p->first[t + 1]; i++)
            find_waits(p, &p->part[i], t, known, &n_waits);
    }
}
