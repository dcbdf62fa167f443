/* runtime/host/jack.c: lets PortAudio take leave of a JACK server that has ended. Its stream waits
 * ten minutes for a period that never comes, and aborts the program where the dead server does not
 * answer; so these functions of the JACK library go through here, on their way from PortAudio. A
 * program with its own JACK client has no use for this file. SPDX-License-Identifier: MIT */
#include "runtime/host/jack.h"

#ifdef CHRONUS_HAS_PORTAUDIO

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef void on_shutdown(void *argument);

/* The server's end, as PortAudio wants to be told of it. */
static _Atomic(on_shutdown *) tell;
static _Atomic(void *) told;
static atomic_bool ended;

/* The library's own; NULL where there is none. */
static void find(const char *name, void *function) {
    void *found = dlsym(RTLD_NEXT, name);
    memcpy(function, &found, sizeof found);
}

static void server_ended(void *unused) {
    (void)unused;
    atomic_store(&ended, true);
    chr_jack_wake();
}

void chr_jack_wake(void) {
    on_shutdown *f = atomic_load(&tell);
    if (atomic_load(&ended) && f)
        f(atomic_load(&told));
}

void jack_on_shutdown(void *client, on_shutdown *f, void *argument);
void jack_on_shutdown(void *client, on_shutdown *f, void *argument) {
    void (*real)(void *, on_shutdown *, void *);
    find("jack_on_shutdown", &real);
    atomic_store(&ended, false);
    atomic_store(&told, argument);
    atomic_store(&tell, f);
    if (real)
        real(client, server_ended, NULL);
}

/* What a server that has ended cannot do any more counts as done. */
int jack_port_unregister(void *client, void *port);
int jack_port_unregister(void *client, void *port) {
    int (*real)(void *, void *);
    find("jack_port_unregister", &real);
    int failed = real ? real(client, port) : 0;
    return atomic_load(&ended) ? 0 : failed;
}

int jack_deactivate(void *client);
int jack_deactivate(void *client) {
    int (*real)(void *);
    find("jack_deactivate", &real);
    int failed = real ? real(client) : 0;
    return atomic_load(&ended) ? 0 : failed;
}

int jack_client_close(void *client);
int jack_client_close(void *client) {
    int (*real)(void *);
    find("jack_client_close", &real);
    atomic_store(&tell, NULL); /* whom it would wake is gone after this */
    int failed = real ? real(client) : 0;
    return atomic_load(&ended) ? 0 : failed;
}

static void say_nothing(const char *text) {
    (void)text;
}

void chr_jack_hush(void) {
    void (*set)(void (*)(const char *));
    find("jack_set_error_function", &set);
    if (set)
        set(say_nothing);
    find("jack_set_info_function", &set);
    if (set)
        set(say_nothing);
}

#else

void chr_jack_hush(void) {}
void chr_jack_wake(void) {}

#endif
