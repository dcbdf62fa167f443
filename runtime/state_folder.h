/* runtime/state_folder.h: where the program keeps what outlives it: the lines of former days, the
 * journals. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_STATE_FOLDER_H
#define CHR_RUNTIME_STATE_FOLDER_H

#include <stdbool.h>

enum { CHR_STATE_PATH = 1024 };

/* [control] XDG_STATE_HOME/chronus, else HOME/.local/state/chronus, with `name` after it; makes the
 * folder where it is missing, for this user's eyes alone. `name` NULL: the folder itself. False:
 * there is no such place. */
bool chr_state_folder(const char *name, char path[CHR_STATE_PATH]);

#endif
