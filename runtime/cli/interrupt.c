/* runtime/cli/interrupt.c: Ctrl-C is a request to end well: with a fade, or with a valid shorter
 * file. SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t count, final;
static const char *volatile farewell;
static struct termios terminal; /* as it was when farewell was set */

/* The third one means it: whatever hangs is left behind. */
static void on_signal(int number) {
    if (number != SIGINT)
        final = 1;
    count = count + 1;
    if (count < 3)
        return;
    if (farewell) {
        ssize_t written = write(STDOUT_FILENO, farewell, strlen(farewell));
        (void)written; /* there is nobody left to tell */
        tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
    }
    _exit(CHR_EXIT_INTERRUPTED);
}

void chr_interrupt_catch(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

void chr_interrupt_farewell(const char *bytes) {
    farewell = NULL;
    if (bytes && tcgetattr(STDIN_FILENO, &terminal) == 0)
        farewell = bytes;
}

int chr_interrupted(void) {
    return (int)count;
}

bool chr_interrupt_is_final(void) {
    return final != 0;
}

void chr_interrupt_forget(void) {
    count = 0;
}
