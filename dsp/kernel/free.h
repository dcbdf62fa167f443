/* dsp/kernel/free.h: what an input reads where nothing is plugged in and where that is not the same
 * as silence. SPDX-License-Identifier: MIT */
#ifndef CHR_DSP_KERNEL_FREE_H
#define CHR_DSP_KERNEL_FREE_H

#define CHR_FREE 1e30f /* no sound is as high */

#endif
