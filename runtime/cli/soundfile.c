/* runtime/cli/soundfile.c: writes sound files through libsndfile, under a temporary name until they
 * are whole. SPDX-License-Identifier: MIT */
#include "runtime/cli/soundfile.h"

#include "runtime/write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1024 }; /* samples converted at a time */

struct chr_soundfile {
    char *path;
    char fresh[CHR_WRITE_PATH]; /* its name while it is written */
    int fd;
    SNDFILE *file;
    chr_soundfile_format format;
    bool is_wav;
    uint64_t n_frames;
    int error; /* errno of the first write that failed; -1: unknown */
};

static bool ends_in(const char *path, const char *end) {
    size_t n = strlen(path), m = strlen(end);
    return n > m && strcasecmp(path + n - m, end) == 0;
}

bool chr_soundfile_can(const char *path, chr_sample_kind bits, char why[CHR_SOUNDFILE_TEXT]) {
    if (ends_in(path, ".wav"))
        return true;
    if (!ends_in(path, ".flac")) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s: the name of a sound file ends in .wav or .flac",
                 path);
        return false;
    }
    if (bits != CHR_BITS_FLOAT)
        return true;
    snprintf(why, CHR_SOUNDFILE_TEXT, "a .flac file holds 16 or 24 bits; f32 needs a .wav file");
    return false;
}

static void forget(chr_soundfile *f) {
    if (f->fd >= 0)
        close(f->fd);
    free(f->path);
    free(f);
}

/* Only a regular file is ever replaced: renaming over a device or a folder would harm or fail. */
static bool may_stand_at(const char *path, char why[CHR_SOUNDFILE_TEXT]) {
    struct stat about;
    if (stat(path, &about) != 0 || S_ISREG(about.st_mode))
        return true;
    snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s is %s, not a file that could be written", path,
             S_ISDIR(about.st_mode) ? "a folder" : "a device");
    return false;
}

static int sndfile_format(const chr_soundfile *f) {
    static const int subtypes[] = {SF_FORMAT_PCM_16, SF_FORMAT_PCM_24, SF_FORMAT_FLOAT};
    static const uint64_t bytes[] = {2, 3, 4};
    const chr_soundfile_format *want = &f->format;
    if (!f->is_wav)
        return SF_FORMAT_FLAC | subtypes[want->bits];
    uint64_t size = want->n_frames_about * (uint64_t)want->n_channels * bytes[want->bits];
    return (size > 4000000000u ? SF_FORMAT_RF64 : SF_FORMAT_WAV) | subtypes[want->bits];
}

chr_soundfile *chr_soundfile_create(const char *path, const chr_soundfile_format *format,
                                    char why[CHR_SOUNDFILE_TEXT]) {
    if (!may_stand_at(path, why))
        return NULL;
    chr_soundfile *f = calloc(1, sizeof *f);
    if (!f) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "memory is out");
        return NULL;
    }
    f->fd = -1;
    f->format = *format;
    f->is_wav = ends_in(path, ".wav");
    f->path = strdup(path);
    if (f->path)
        f->fd = chr_write_begin(AT_FDCWD, path, f->fresh);
    if (f->fd < 0) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s cannot be written: %s", path,
                 errno == EBUSY ? "another process is writing it" : strerror(errno));
        forget(f);
        return NULL;
    }
    SF_INFO info = {
        .samplerate = format->rate_hz, .channels = format->n_channels, .format = sndfile_format(f)};
    f->file = sf_open_fd(f->fd, SFM_WRITE, &info, SF_FALSE);
    if (!f->file) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s cannot be written: %.100s", path,
                 sf_strerror(NULL));
        chr_write_discard(AT_FDCWD, f->fd, f->fresh);
        f->fd = -1;
        forget(f);
        return NULL;
    }
    /* The PEAK chunk holds the time of day: the same music would not be the same file. */
    sf_command(f->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    sf_set_string(f->file, SF_STR_SOFTWARE, "Chronus");
    return f;
}

/* Two even chances of each sample's own number, added: triangular dither of one step to each side.
 * The number is the sample's place in the file, so the same music is the same file. */
static double dither(uint64_t place) {
    uint64_t z =
        (place + 1) * UINT64_C(0x9e3779b97f4a7c15); /* SplitMix64 (Steele, Lea, Flood 2014) */
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    z ^= z >> 31;
    return ((double)(z >> 32) - (double)(z & UINT32_MAX)) * 0x1p-32;
}

static int to_steps(double x, double full, double noise) {
    x = floor(x * full + noise + 0.5);
    if (!(x < full)) /* also what is not a number */
        return (int)full - 1;
    return x < -full ? (int)-full : (int)x;
}

static sf_count_t write_piece(chr_soundfile *f, const float *samples, int n) {
    uint64_t place = f->n_frames * (uint64_t)f->format.n_channels;
    if (f->format.bits == CHR_BITS_16) {
        short piece[PIECE];
        for (int i = 0; i < n; i++)
            piece[i] = (short)to_steps((double)samples[i], 32768, dither(place + (uint64_t)i));
        return sf_write_short(f->file, piece, n);
    }
    if (f->format.bits == CHR_BITS_24) {
        int piece[PIECE];
        for (int i = 0; i < n; i++)
            piece[i] = to_steps((double)samples[i], 8388608, 0) * 256;
        return sf_write_int(f->file, piece, n);
    }
    return sf_write_float(f->file, samples, n);
}

bool chr_soundfile_write(chr_soundfile *f, const float *frames, int n) {
    const int n_channels = f->format.n_channels, most = PIECE / n_channels;
    while (n > 0 && !f->error) {
        int piece = n < most ? n : most;
        errno = 0;
        if (write_piece(f, frames, piece * n_channels) != (sf_count_t)piece * n_channels)
            f->error = errno ? errno : -1;
        f->n_frames += (uint64_t)piece;
        frames += piece * n_channels;
        n -= piece;
    }
    return !f->error;
}

/* The library does not tell of every write that failed while it closed; the file does. Its header
 * is written last. */
static bool is_whole(const chr_soundfile *f) {
    static const uint64_t bytes[] = {2, 3, 4};
    struct stat about;
    if (fstat(f->fd, &about) != 0)
        return false;
    uint64_t least =
        f->is_wav ? f->n_frames * (uint64_t)f->format.n_channels * bytes[f->format.bits] : 1;
    if ((uint64_t)about.st_size < least || lseek(f->fd, 0, SEEK_SET) != 0)
        return false;
    SF_INFO info = {0};
    SNDFILE *written = sf_open_fd(f->fd, SFM_READ, &info, SF_FALSE);
    bool whole = written && (uint64_t)info.frames == f->n_frames;
    if (written)
        sf_close(written);
    return whole;
}

bool chr_soundfile_finish(chr_soundfile *f, char why[CHR_SOUNDFILE_TEXT]) {
    errno = 0;
    if (sf_error(f->file) != SF_ERR_NO_ERROR && !f->error)
        f->error = errno ? errno : -1;
    errno = 0; /* of a header that could not be written it alone tells */
    bool closed = sf_close(f->file) == 0, took = errno != ENOSPC && errno != EIO && errno != EFBIG;
    if (!(closed && took) && !f->error)
        f->error = errno ? errno : -1;
    if (!f->error && !is_whole(f))
        f->error = errno ? errno : ENOSPC;
    if (f->error)
        chr_write_discard(AT_FDCWD, f->fd, f->fresh);
    else if (!chr_write_end(AT_FDCWD, f->fd, f->fresh, f->path, CHR_WRITE_REPLACES))
        f->error = errno;
    bool good = !f->error;
    if (!good) {
        snprintf(why, CHR_SOUNDFILE_TEXT, "%.300s could not be written: %s", f->path,
                 f->error > 0 ? strerror(f->error) : "writing failed");
    }
    f->fd = -1;
    forget(f);
    return good;
}

bool chr_soundfile_failed(const chr_soundfile *f) {
    return f->error != 0;
}

void chr_soundfile_discard(chr_soundfile *f) {
    if (!f)
        return;
    sf_close(f->file);
    chr_write_discard(AT_FDCWD, f->fd, f->fresh);
    f->fd = -1;
    forget(f);
}

bool chr_soundfile_is_ours(const char *path) {
    if (access(path, F_OK) != 0)
        return true;
    SF_INFO info = {0};
    SNDFILE *file = sf_open(path, SFM_READ, &info);
    if (!file)
        return false;
    const char *by = sf_get_string(file, SF_STR_SOFTWARE);
    bool ours = by && strncmp(by, "Chronus", 7) == 0;
    sf_close(file);
    return ours;
}
