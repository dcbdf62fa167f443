/* runtime/journal_folder.h: the folder of the journals: names, locks, how many there are. Private
 * to runtime/journal*.c. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_JOURNAL_FOLDER_H
#define CHR_RUNTIME_JOURNAL_FOLDER_H

#include "runtime/journal.h"

/* FOLDER, or the state folder's own, made where it is missing. False: there is no such place. */
bool chr_journal_folder(const char *folder, char path[CHR_JOURNAL_PATH]);
/* Makes a new file for this moment and locks it; its name goes to `path`. -1 and errno. */
int chr_journal_create(const char *folder, char path[CHR_JOURNAL_PATH]);
/* A file of the journal's own beside it: ".doing" holds what is being evaluated, ".input.wav" what
 * the device heard. */
void chr_journal_beside(const char *journal, const char *suffix, char path[CHR_JOURNAL_PATH]);
/* Opens and locks one that no session has. -1: one has it, or it cannot be opened. */
int chr_journal_lock(const char *path);
/* Names of all journals, newest first; malloc'd, each and the list. Returns how many. */
int chr_journal_list(const char *folder, char ***names);
void chr_journal_list_free(char **names, int n);
/* Takes the oldest away until there are few enough. */
void chr_journal_prune(const char *folder);

#endif
