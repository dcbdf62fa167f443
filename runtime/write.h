/* runtime/write.h: the one way in which this program writes a file that must not be lost: under
 * another name, to the disk, and only then under its own. Whenever the program or the machine dies,
 * the file is the old one or the new one, whole.
 *
 * The other name is always the same (`.NAME.new` beside the file) and locked while it is used, so
 * what a killed process left is used again by the next, and nothing piles up.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_WRITE_H
#define CHR_RUNTIME_WRITE_H

#include <stdbool.h>
#include <stddef.h>

enum { CHR_WRITE_PATH = 4096 };

typedef enum chr_write_over {
    CHR_WRITE_REPLACES, /* a file of that name gives way */
    CHR_WRITE_KEEPS     /* a file of that name stays, and errno is EEXIST */
} chr_write_over;

/* [control] All of these: `folder` is an open folder, or AT_FDCWD; `path` is relative to it or
 * absolute. On a failure errno tells. */

/* Opens the other name of `path`, empty, for reading and writing; it goes to `fresh`. -1 where that
 * fails; EBUSY: another process is writing this file. */
int chr_write_begin(int folder, const char *path, char fresh[CHR_WRITE_PATH]);
/* Gives what was written to `fd` its name, and closes it. False: it is taken away again, and what
 * stood there before is untouched. */
bool chr_write_end(int folder, int fd, const char *fresh, const char *path, chr_write_over over);
/* Closes `fd` and takes away what was written. */
void chr_write_discard(int folder, int fd, const char *fresh);

/* All of a text to an open file. */
bool chr_write_all(int fd, const char *text, size_t len);
/* A whole file at once. */
bool chr_write_text(int folder, const char *path, const char *text, size_t len,
                    chr_write_over over);

#endif
