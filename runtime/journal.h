/* runtime/journal.h: what is played is written down while it is played: every evaluation, the
 * sample at which each took effect, the files that were read. From that `render` makes the same
 * sound again, bit for bit, and `--resume` brings the session back after a crash.
 *
 * One file a session, in the state folder, for this user's eyes alone; only ever added to, one line
 * (runtime/record.h) at a time, by the control thread. It is locked while the session lasts. Beside
 * it a small file holds the evaluation that is under way, so that one that the program dies in is
 * not done again. docs/live.md describes the lines.
 *
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_JOURNAL_H
#define CHR_RUNTIME_JOURNAL_H

#include "runtime/player.h"
#include "runtime/record.h"

enum {
    CHR_JOURNAL_FORMAT = 1,
    CHR_JOURNAL_BYTES = 64 << 20,             /* a journal stops there */
    CHR_JOURNALS = 100,                       /* how many are kept; the oldest goes first */
    CHR_JOURNALS_BYTES = 256 << 20,           /* and how many bytes of them */
#define CHR_JOURNALS_HEARD ((int64_t)4 << 30) /* and of what was recorded beside them */
    CHR_JOURNAL_PATH = 1200,
    CHR_JOURNAL_TEXT = 400
};

typedef struct chr_journal chr_journal;

typedef struct chr_journal_options {
    const char *folder;  /* where journals are kept; NULL: the state folder */
    const char *program; /* its version */
    double rate_hz;
    int n_channels;
    bool ceiling;
    int n_inputs; /* channels that the device hears */
    uint64_t seed;
    const char *script_folder; /* NULL: the current one */
    size_t max_bytes;          /* 0: CHR_JOURNAL_BYTES */
} chr_journal_options;

/* Nothing is written before the first evaluation begins. NULL when memory is out. */
chr_journal *chr_journal_new(const chr_journal_options *options);
/* For the player's options. */
chr_witness chr_journal_witness(chr_journal *j);
/* Some times a second, with the engine's clock: a sign of life now and then. */
void chr_journal_tend(chr_journal *j, uint64_t clock);
/* Where the song stands. Signs of life and the end tell it, so that a tempo that was on its way can
 * go on from there. */
void chr_journal_position(chr_journal *j, const chr_position *now);
/* Something that happened at `clock` and that changes no sample: "fault", the module's name. */
void chr_journal_note(chr_journal *j, const char *what, const char *text, uint64_t clock);
/* From here on the sound is not what a journal can tell. */
void chr_journal_gap(chr_journal *j, const char *why, uint64_t clock);
/* Why nothing is written any more, or that what `input` hears is recorded beside the journal, or no
 * more: one sentence, told once; else NULL. */
const char *chr_journal_news(chr_journal *j);
/* The file; NULL: none was begun. */
const char *chr_journal_path(const chr_journal *j);
/* The session has ended by itself; the engine is still there. A journal without an evaluation is
 * taken away. NULL is nothing. */
void chr_journal_close(chr_journal *j, uint64_t clock);
/* Before it: the last fade (runtime/fade.h) began with this frame. */
void chr_journal_fades(chr_journal *j, uint64_t frame);

/* ---- journals of former sessions ---- */

/* A session that is over, or a take. */
typedef struct chr_journal_text {
    char *bytes;         /* of the file */
    chr_record *records; /* they point into it */
    size_t n;
    uint64_t *taken; /* numbers of the offers that were heard, in order */
    size_t n_taken;
    bool whole; /* the session ended by itself, or was cut at the size that is allowed */
    char damage[CHR_JOURNAL_TEXT]; /* what is wrong with the rest of the file; "": nothing */
    char *doing; /* what was being evaluated when the program died; NULL: nothing */
    int lock;    /* held while this lives; -1: none */
    char path[CHR_JOURNAL_PATH];
} chr_journal_text;

/* Reads a journal up to its end, or to what is damaged in it. False and `why`, one sentence: it is
 * no journal, or one of another format. */
bool chr_journal_read(chr_journal_text *t, const char *path, char why[CHR_JOURNAL_TEXT]);
/* The newest session that is over, locked; `folder` as above. False and `why`: there is none. */
bool chr_journal_last(chr_journal_text *t, const char *folder, char why[CHR_JOURNAL_TEXT]);
/* True if the newest session of all died. */
bool chr_journal_died(const char *folder);
void chr_journal_text_clear(chr_journal_text *t);
/* True if the offer of that number was heard. */
bool chr_journal_took(const chr_journal_text *t, uint64_t offer);
/* Reads files as they were when the record at `at` was made; `context` is a chr_journal_reader. */
typedef struct chr_journal_reader {
    const chr_journal_text *journal;
    size_t at;
} chr_journal_reader;
chr_read_status chr_journal_read_then(void *context, const char *kind, const char *name,
                                      char **text, size_t *len);
/* True if a file begins as a journal does. */
bool chr_journal_is_one(const char *path);

#endif
