/* runtime/state_folder.c: where the program keeps what outlives it.
 * SPDX-License-Identifier: MIT */
#include "runtime/state_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Makes a folder and those above it. True if it is there. */
static bool make(const char *path) {
    char part[CHR_STATE_PATH];
    for (size_t n = 1; path[n - 1]; n++)
        if (path[n] == '/' || !path[n]) {
            snprintf(part, sizeof part, "%.*s", (int)n, path);
            mkdir(part, 0700);
        }
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool chr_state_folder(const char *name, char path[CHR_STATE_PATH]) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n = -1;
    if (state && *state == '/')
        n = snprintf(path, CHR_STATE_PATH, "%s/chronus", state);
    else if (home && *home == '/')
        n = snprintf(path, CHR_STATE_PATH, "%s/.local/state/chronus", home);
    if (n < 0 || n >= CHR_STATE_PATH || !make(path))
        return false;
    if (!name)
        return true;
    size_t room = CHR_STATE_PATH - (size_t)n;
    return (size_t)snprintf(path + n, room, "/%s", name) < room;
}
