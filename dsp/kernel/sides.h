/* dsp/kernel/sides.h: what the stereo effects share: their inputs, and how much of the effect comes
 * out.
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_SIDES_H
#define CHR_DSP_KERNEL_SIDES_H

#include "dsp/kernel/arg.h"
#include "dsp/kernel/between.h"

enum { CHR_LEFT, CHR_RIGHT }; /* of the ports of a module that is CHR_STEREO */

/* Puts out sample i of both sides. */
static inline void chr_put_sides(const chr_block *b, int i, chr_vec mix, chr_vec left,
                                 chr_vec right) {
    chr_rows(b, CHR_LEFT)[i] = chr_dry_wet(mix, chr_read(b->inputs[CHR_LEFT], i), left);
    chr_rows(b, CHR_RIGHT)[i] = chr_dry_wet(mix, chr_read(b->inputs[CHR_RIGHT], i), right);
}

/* In a descriptor: the first two inputs. */
#define CHR_BOTH_SIDES                                                                             \
    {.name = "left", .kind = CHR_AUDIO, .doc = "left side", .normal = CHR_NORMAL_IN}, {            \
        .name = "right", .kind = CHR_AUDIO, .doc = "right side", .normal = CHR_NORMAL_IN           \
    }

#endif
