/* tests/realtime/tsan/race.c: two threads write one number: the sanitizer must say so, or its
 * silence elsewhere means nothing. SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <stddef.h>

static int number;

static void *writer(void *unused) {
    for (int i = 0; i < 100000; i++)
        number += i;
    return unused;
}

int main(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, writer, NULL) != 0)
        return 2;
    writer(NULL);
    return pthread_join(thread, NULL);
}
