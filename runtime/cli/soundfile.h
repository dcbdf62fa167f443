/* runtime/cli/soundfile.h: a sound file that appears under its name only when it is whole.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_SOUNDFILE_H
#define CHR_RUNTIME_SOUNDFILE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum chr_sample_kind { CHR_BITS_16, CHR_BITS_24, CHR_BITS_FLOAT } chr_sample_kind;

typedef struct chr_soundfile_format {
    int rate_hz, n_channels;
    chr_sample_kind bits;
    uint64_t n_frames_about; /* a guess; where it passes 4 GB the file is an RF64 */
} chr_soundfile_format;

typedef struct chr_soundfile chr_soundfile;

enum { CHR_SOUNDFILE_TEXT = 512 };

/* Does the name say which kind of file (.wav, .flac), and can that hold these bits? Explains in
 * `why` if not. */
bool chr_soundfile_can(const char *path, chr_sample_kind bits, char why[CHR_SOUNDFILE_TEXT]);
/* Begins a file: it is written beside `path` under a name of its own. NULL and `why`. */
chr_soundfile *chr_soundfile_create(const char *path, const chr_soundfile_format *format,
                                    char why[CHR_SOUNDFILE_TEXT]);
/* frames: [n][n_channels]. 16 bits are dithered, always the same way; what passes full scale is
 * clipped in 16 and 24 bits. False once writing has failed; finish explains. */
bool chr_soundfile_write(chr_soundfile *f, const float *frames, int n);
/* True once writing has failed. */
bool chr_soundfile_failed(const chr_soundfile *f);
/* Closes the file and gives it its name, or takes it away and says why. Frees `f` either way. */
bool chr_soundfile_finish(chr_soundfile *f, char why[CHR_SOUNDFILE_TEXT]);
/* Takes away what was written, and frees `f`. NULL is nothing. */
void chr_soundfile_discard(chr_soundfile *f);
/* True if the file exists and is one that this program wrote, or if there is none: it may be
 * replaced unasked. */
bool chr_soundfile_is_ours(const char *path);

#endif
