/* dsp/build.c: the table of one build. Compiled once for each instruction set and lane count,
 * beside the modules. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"

#define CHR_LISTED(name, file) extern const chr_module CHR_MODULE(name);
#include "dsp/modules.def"
#undef CHR_LISTED

static const chr_module *const modules[] = {
#define CHR_LISTED(name, file) &CHR_MODULE(name),
#include "dsp/modules.def"
#undef CHR_LISTED
};

#if defined __AVX512F__
enum { REGISTER_LANES = 16 };
#elif defined __AVX2__
enum { REGISTER_LANES = 8 };
#else
enum { REGISTER_LANES = 4 };
#endif

/* gcc 12 takes vectors wider than a register through memory; clang splits them well. */
#ifdef __clang__
enum { WIDEST_GOOD = 16 };
#else
enum { WIDEST_GOOD = REGISTER_LANES };
#endif

extern const chr_ops CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME, CHR_LANES);
extern const chr_build CHR_PASTE4(chr_build, _of, CHR_ISA_NAME, CHR_LANES);
const chr_build CHR_PASTE4(chr_build, _of, CHR_ISA_NAME, CHR_LANES) = {
    .isa = CHR_ISA_TEXT,
    .lanes = CHR_LANES,
    .native = CHR_LANES <= (int)WIDEST_GOOD,
    .modules = modules,
    .ops = &CHR_PASTE4(chr_ops, _of, CHR_ISA_NAME, CHR_LANES),
};
