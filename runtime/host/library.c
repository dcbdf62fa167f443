/* runtime/host/library.c: loads PortAudio. SPDX-License-Identifier: MIT */
#ifdef CHRONUS_HAS_PORTAUDIO

#include "runtime/host/library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

chr_pa_functions chr_pa;
static bool loaded;

static bool find(const char *name, void *function) {
    void *found = dlsym(RTLD_DEFAULT, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

/* Global, so that jack.c stands between PortAudio and the JACK library, and finds the latter; and
 * whoever was loaded before the program stands between it and PortAudio, as for any library. The
 * name is that of PortAudio 19, whose interface has not changed since. */
static void load(void) {
    bool all = dlopen("libportaudio.so.2", RTLD_NOW | RTLD_GLOBAL) != NULL;
#define CHR_PA_FIND(name) all = all && find("Pa_" #name, &chr_pa.name);
    CHR_PA_FUNCTIONS(CHR_PA_FIND)
#undef CHR_PA_FIND
    loaded = all;
}

bool chr_pa_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return loaded;
}

#else
typedef int chr_no_library; /* a file is not empty */
#endif
