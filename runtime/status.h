/* runtime/status.h: what the world can refuse us.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STATUS_H
#define CHR_RUNTIME_STATUS_H

typedef enum chr_status {
    CHR_OK,
    CHR_NO_MEMORY,
    CHR_IO,         /* reading or writing failed; errno tells */
    CHR_NO_DEVICE,  /* no usable sound card */
    CHR_UNSUPPORTED /* the machine or the build lacks it */
} chr_status;

#define CHR_MUST_USE __attribute__((warn_unused_result))

#endif
