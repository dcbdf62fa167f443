/* runtime/parts.h: the work of a graph in tasks, and which thread does which of them when. A task
 * is an instruction, or a whole feedback cycle. Who does what changes no sample: a task reads
 * nothing but what tasks before it in the graph have written. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PARTS_H
#define CHR_RUNTIME_PARTS_H

#include "runtime/graph.h"

enum { CHR_CREW_MOST = 8 }; /* threads */

/* Another thread has to have done so many of its tasks before this one begins. */
typedef struct chr_part_wait {
    uint32_t thread, done;
} chr_part_wait;

typedef struct chr_part {
    uint32_t instr; /* its first */
    uint32_t task;
    uint32_t waits, n_waits; /* in chr_parts.waits */
    bool awaited;            /* another thread waits for it */
} chr_part;

struct chr_parts {
    uint32_t n;           /* tasks */
    uint32_t *instr;      /* [n] the first instruction of each, in their order */
    uint32_t *reads;      /* the tasks that each one reads, all before it: those of task k are */
    uint32_t *reads_from; /* reads[reads_from[k]..reads_from[k + 1] - 1] */
    float *cost_ns;       /* [n] what it takes of a chunk; written by the thread that has it */
    uint32_t runs;        /* chunks so far */
    /* The plan: the tasks of thread t are part[first[t]..first[t + 1] - 1], in that order. */
    uint32_t n_threads;
    chr_part *part; /* [n] */
    uint32_t first[CHR_CREW_MOST + 1];
    chr_part_wait *waits; /* each task has at most one for each other thread */
    /* While a plan is made: by task, or by chain, which has the number of its last task. */
    uint32_t *chain;  /* [n] of each task */
    uint32_t *head;   /* [n] the first task of a chain, */
    uint32_t *before; /* [n] and the one that each task comes before; UINT32_MAX: it is the last */
    float *chain_ns;  /* [n] what a chain takes, */
    float *rank;      /* [n] what is left from its beginning on, */
    float *ends;      /* [n] and when it ends */
    uint32_t *order;  /* [n] chains, the most urgent first */
    uint32_t *thread; /* [n] whose each task is, */
    uint32_t *place;  /* [n] and as the how manieth */
};

struct chr_builder;

/* [control] The tasks of what is being built; the first plan gives all to one thread. NULL when
 * memory is out. */
chr_parts *chr_parts_new(const struct chr_builder *b);
void chr_parts_free(chr_parts *p);
/* Gives the tasks to n_threads threads by what they cost, as long as nobody works on them. */
void chr_parts_plan(chr_parts *p, uint32_t n_threads);

#endif
