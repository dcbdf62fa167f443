/* lang/complete.h: what may be typed next, and what the thing under the cursor is: a text and a
 * place in it -> words and one line of explanation. For the prompt and for editors.
 *
 * Everything is read from the module table, the library, the session and the forms of the
 * statements (answers_words.def), so it cannot offer what is not there. It is quick enough to be
 * asked after each key. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_COMPLETE_H
#define CHR_LANG_COMPLETE_H

#include "lang/session.h"

typedef enum chr_word_kind {
    CHR_WORD_STATEMENT, /* the first word of a statement */
    CHR_WORD_KEYWORD,   /* a word of its form: `to`, `as`, `modules` */
    CHR_WORD_MODULE,
    CHR_WORD_PARAM, /* ends in `=` where a value follows */
    CHR_WORD_CHOICE,
    CHR_WORD_NAME, /* of the session: a patch, a bus, a definition */
    CHR_WORD_SCALE
} chr_word_kind;

typedef struct chr_word {
    const char *text;
    chr_word_kind kind;
} chr_word;

typedef struct chr_completion {
    size_t from;     /* the words stand for text[from..cursor) */
    chr_word *words; /* that begin with what stands there; in the order of the manual */
    int n, room;
    const char *files; /* a file's name may stand here too: "load", "import", "sample" or "module",
                          as for chr_session_options.read; else NULL */
    const char *hint;  /* one line about what the cursor is on, or ""; no control characters */
} chr_completion;

enum { CHR_COMPLETION_MAX = 4000 }; /* words at most */

/* `text` is all of the evaluation that has been typed so far, earlier lines too; `cursor` (at most
 * `len`) is in bytes. With `hint_only` no words are looked for. Everything is in `arena`. False
 * when memory is out. */
bool chr_complete(const chr_session *s, const char *text, size_t len, size_t cursor, bool hint_only,
                  chr_arena *arena, chr_completion *out);

#endif
