/* runtime/recorder.h: writes what is heard into a sound file while it plays. The file is valid at
 * any moment, also after the program was killed; nothing is ever written over. [control]
 * throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_RECORDER_H
#define CHR_RUNTIME_RECORDER_H

#include "runtime/engine.h"
#include "runtime/files.h"

typedef struct chr_recorder chr_recorder;
enum { CHR_RECORDER_TEXT = 700 };

/* NULL when memory is out. Both must outlive it. */
chr_recorder *chr_recorder_new(chr_engine *e, chr_files *files);
/* Ends a recording that is under way. NULL is allowed. */
void chr_recorder_free(chr_recorder *r);

/* Begins FOLDER/recordings/NAME.wav, 32 bits float; `stems`: and a file for each patch in
 * FOLDER/recordings/NAME/, before master and ceiling, all beginning at the same moment. `said` gets
 * a sentence: what is recorded, or why not. */
bool chr_recorder_begin(chr_recorder *r, const char *name, bool stems,
                        char said[CHR_RECORDER_TEXT]);
/* Ends it at this moment; the rest is written by the calls of chr_recorder_tend that follow. False:
 * nothing is being recorded, and `said` tells so. */
bool chr_recorder_end(chr_recorder *r, char said[CHR_RECORDER_TEXT]);

typedef enum chr_recorder_news {
    CHR_RECORDER_NONE,
    CHR_RECORDER_DONE,   /* it has ended as asked: `said` tells how long it is */
    CHR_RECORDER_TROUBLE /* it has ended by itself: `said` tells why, and what is kept */
} chr_recorder_news;
/* Some hundred times a second, offline before each chunk: writes what has been heard. */
chr_recorder_news chr_recorder_tend(chr_recorder *r, char said[CHR_RECORDER_TEXT]);
/* Ends it with what has been heard so far: the program ends. */
chr_recorder_news chr_recorder_finish(chr_recorder *r, char said[CHR_RECORDER_TEXT]);
/* True while something is recorded. */
bool chr_recorder_runs(const chr_recorder *r);

#endif
