/* dsp/registry.c: finds the build of the modules that fits the machine.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"

#include <stdlib.h>
#include <string.h>

/* CHR_PASTE4(chr_build, of, x86_64_v3, 8) in dsp/build.c makes these names. */
#if defined __x86_64__
#define ALL_BUILDS(X) X(x86_64) X(x86_64_v3) X(x86_64_v4)
#elif defined __aarch64__
#define ALL_BUILDS(X) X(aarch64)
#else
#error "Chronus is built for x86-64 and aarch64"
#endif

#define DECLARE(isa)                                                                               \
    extern const chr_build chr_build_of_##isa##_1, chr_build_of_##isa##_4, chr_build_of_##isa##_8, \
        chr_build_of_##isa##_16;
ALL_BUILDS(DECLARE)

static const chr_build *const builds[] = {
#define LIST(isa)                                                                                  \
    &chr_build_of_##isa##_1, &chr_build_of_##isa##_4, &chr_build_of_##isa##_8,                     \
        &chr_build_of_##isa##_16,
    ALL_BUILDS(LIST)};

enum { N_BUILDS = sizeof builds / sizeof builds[0], WIDTHS = 4, N_ISAS = N_BUILDS / WIDTHS };

static bool cpu_runs(const char *isa) {
#if defined __x86_64__
    if (!strcmp(isa, "x86-64-v3"))
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
               __builtin_cpu_supports("bmi2");
    if (!strcmp(isa, "x86-64-v4"))
        return cpu_runs("x86-64-v3") && __builtin_cpu_supports("avx512f") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
               __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd");
#endif
    return true;
}

const char *const *chr_registry_isas(void) {
    static const char *names[N_ISAS + 1];
    if (!names[0]) {
        int n = 0;
        for (int i = 0; i < N_BUILDS; i += WIDTHS)
            if (cpu_runs(builds[i]->isa))
                names[n++] = builds[i]->isa;
    }
    return names;
}

const char *chr_registry_best_isa(void) {
    const char *wanted = getenv("CHRONUS_ISA"), *best = NULL;
    for (const char *const *isa = chr_registry_isas(); *isa; isa++) {
        best = *isa;
        if (wanted && !strcmp(wanted, *isa))
            break;
    }
    return best;
}

const chr_build *chr_registry_build(const char *isa, int lanes) {
    for (int i = 0; i < N_BUILDS; i++)
        if (builds[i]->lanes == lanes && !strcmp(builds[i]->isa, isa))
            return cpu_runs(isa) ? builds[i] : NULL;
    return NULL;
}

const chr_module *const *chr_registry_modules(void) {
    return builds[0]->modules;
}

int chr_registry_count(void) {
    static const char *const names[] = {
#define CHR_LISTED(name, file) #name,
#include "dsp/modules.def"
#undef CHR_LISTED
    };
    return (int)(sizeof names / sizeof names[0]);
}

int chr_registry_find(const char *name) {
    const chr_module *const *modules = chr_registry_modules();
    for (int i = 0; i < chr_registry_count(); i++)
        if (!strcmp(modules[i]->name, name))
            return i;
    return -1;
}
