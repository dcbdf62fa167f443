/* runtime/cli/interrupt.c: Ctrl-C is a request to end well: with a fade, or with a valid shorter
 * file. SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t count;

/* The third one means it: whatever hangs is left behind. */
static void on_signal(int number) {
    (void)number;
    count = count + 1;
    if (count >= 3)
        _exit(CHR_EXIT_INTERRUPTED);
}

void chr_interrupt_catch(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

int chr_interrupted(void) {
    return (int)count;
}

void chr_interrupt_forget(void) {
    count = 0;
}
