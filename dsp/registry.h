/* dsp/registry.h: every build of every module: by instruction set and lanes.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_REGISTRY_H
#define CHR_DSP_REGISTRY_H

#include "dsp/module.h"
#include "dsp/ops.h"

/* One build of the whole list: the kernels for one instruction set and one number of lanes. */
typedef struct chr_build {
    const char *isa; /* "x86-64", "x86-64-v3", "x86-64-v4", "aarch64" */
    int lanes;       /* 1, 4, 8 or 16 */
    bool native;     /* this compiler makes good code of it: used without being forced */
    const chr_module *const *modules; /* [chr_registry_count()], in manual order */
    const chr_ops *ops;               /* what the engine itself does with rows */
} chr_build;

/* Number of modules, hidden ones included. */
int chr_registry_count(void);
/* The build for an instruction set and lane count; NULL if this program has none or this CPU cannot
 * run it. */
const chr_build *chr_registry_build(const char *isa, int lanes);
/* Best instruction set that this CPU runs and this program has; CHRONUS_ISA overrides where it
 * names one of these. */
const char *chr_registry_best_isa(void);
/* All instruction sets that this CPU runs and this program has, worst first, NULL-terminated. */
const char *const *chr_registry_isas(void);
/* The descriptors that language and help read: those of the plainest build. */
const chr_module *const *chr_registry_modules(void);
/* Index of a module by name, or -1. */
int chr_registry_find(const char *name);

#endif
