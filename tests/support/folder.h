/* tests/support/folder.h: folders that a test makes and takes away again.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_TESTS_FOLDER_H
#define CHR_TESTS_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

/* Removes the files of a folder; one that is not there is empty. */
static inline void empty_folder(const char *path) {
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));)
        unlinkat(dirfd(d), e->d_name, 0);
    if (d)
        closedir(d);
}

#endif
