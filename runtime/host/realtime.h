/* runtime/host/realtime.h: what a system can grant a program that may not be late: its memory stays
 * in place, its sound comes before other work. Both can be refused, and neither is needed.
 * [control] SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_REALTIME_H
#define CHR_RUNTIME_REALTIME_H

#include <pthread.h>
#include <stdbool.h>

/* Faults in and locks all memory that the program has, and what it will have. Once is enough. */
bool chr_realtime_lock(void);
/* Asks for a real-time priority for a thread that runs, unless it has one. 1 to 99, 0: refused. */
int chr_realtime_priority(pthread_t thread);
/* What was refused and what to do about it: one sentence without a full stop. NULL: nothing was. */
const char *chr_realtime_refusal(bool locked, int priority);

#endif
