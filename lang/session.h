/* lang/session.h: the session as text: what was said and still holds, and what one more evaluation
 * makes of it.
 *
 * A session is an ordered list of statements that hold. An evaluation is parsed, applied to a copy
 * of that list, and the whole is checked. All or nothing: without an error the caller commits the
 * candidate, otherwise it drops it, and nothing has changed. Nothing here does I/O: files are read
 * through a callback, and what an evaluation wants done or written comes back as a list of
 * requests. [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_SESSION_H
#define CHR_LANG_SESSION_H

#include "lang/diag.h"
#include "lang/ir.h"

typedef struct chr_session chr_session;
typedef struct chr_candidate chr_candidate;

/* The modules that there are, in manual order. */
typedef struct chr_module_table {
    const chr_module *const *modules;
    int n;
} chr_module_table;

/* A file of the standard library: one instrument or effect written in Chronus. */
typedef struct chr_library_file {
    const char *name; /* "kick": the module that the file defines first, and bears its name */
    const char *text;
    size_t len;
} chr_library_file;

/* Why a file cannot be read. */
typedef enum chr_read_status {
    CHR_READ_OK,
    CHR_READ_MISSING,
    CHR_READ_FORBIDDEN, /* outside the script's folder and the library's, a link out of them, not a
                           regular file */
    CHR_READ_TOO_BIG,
    CHR_READ_FAILED
} chr_read_status;

/* Where the clock stands, for statements that wait for it. */
typedef struct chr_position {
    bool running;
    double beat;           /* from 0 */
    double looped, jumped; /* beats that loops, and jumps, have taken it back so far */
    double said_at; /* for what is said again after a crash: the beat at which it was said; its time
                       lies before the beginning, by what `jumped` is less than 0 */
} chr_position;

typedef struct chr_session_options {
    chr_module_table modules;
    const chr_library_file *library;
    int n_library;
    uint64_t seed;
    bool allow_save; /* off in `check` and `render`: save, record, generate_module are passed over
                        with a note */
    /* Reads the file that `import`, `load` or `sample` names in a script; *text is malloc'd, the
     * session frees it. `kind` is "import", "load", "sample" or "module". NULL: no file can be
     * read. */
    chr_read_status (*read)(void *context, const char *kind, const char *name, char **text,
                            size_t *len);
    void *context;
    /* NULL: the clock stands at bar 1. */
    chr_position (*position)(void *clock);
    void *clock;
} chr_session_options;

/* What an evaluation wants from the rest of the program, in the order of its statements. */
typedef enum chr_request_kind {
    CHR_REQUEST_PLAY, /* start the clock */
    CHR_REQUEST_STOP, /* stop the clock; a `stop` that waits for the next bar asks when it is due */
    CHR_REQUEST_HUSH,
    CHR_REQUEST_PRINT,     /* text: an answer to list, show, help, graph; facts */
    CHR_REQUEST_SAVE,      /* name, text: write this script as the saved patch `name` */
    CHR_REQUEST_GENERATE,  /* name, text: write modules/NAME.chr unless it is there */
    CHR_REQUEST_STATS,     /* tell how hard the computer works */
    CHR_REQUEST_METERS,    /* levels of what is heard just now */
    CHR_REQUEST_SCOPE,     /* name (NULL: all that is heard): its wave */
    CHR_REQUEST_SPECTRUM,  /* name or NULL: its spectrum */
    CHR_REQUEST_WHY,       /* name (NULL: each patch; "out": all together): why is it silent, quiet
                              or late? */
    CHR_REQUEST_METRONOME, /* name: "on", "off", or NULL: tell which */
    CHR_REQUEST_TAP,       /* a beat was tapped just now */
    CHR_REQUEST_ROLL,      /* name (NULL: all): the notes of its patterns as a drawing */
    CHR_REQUEST_EVENTS,    /* name, beat: the notes of so many bars of its patterns, one by one */
    CHR_REQUEST_RECORD, /* name; text "stems" or NULL: write what is heard into recordings/NAME.wav
                         */
    CHR_REQUEST_STOP_RECORDING,
    CHR_REQUEST_QUIT,
    CHR_REQUEST_PLAY_FROM, /* beat: move the clock there, and start it if it stands */
    CHR_REQUEST_PANIC,
    CHR_REQUEST_TELL, /* text: what a typed line did that is not seen in the graph: one sentence */
    CHR_REQUEST_STANDS_FOR, /* text: a statement that a `make` or a sentence stands for: it is part
                               of this evaluation, and told before it acts */
    CHR_REQUEST_FORESEE     /* what a statement that waits, or `diff`, would make of the session:
                               `after`, on top of `before`; text: when, "bar 9", or NULL for `diff` */
} chr_request_kind;

typedef struct chr_request {
    chr_request_kind kind;
    const char *name, *text;
    const char *facts; /* PRINT: what a program wants of it beside the text (`"statements": […]`);
                          NULL: nothing */
    double beat;
    const chr_ir *before, *after; /* FORESEE: they live as long as the candidate */
    struct chr_request *next;
} chr_request;

chr_session *chr_session_new(const chr_session_options *options);
void chr_session_free(chr_session *s);

/* Evaluates `text` on top of the session, without changing it. `file` NULL: typed, it adds to the
 * session or redefines what it names. Otherwise the whole new text of that file: what the file said
 * before and says no more is gone, what it says unchanged does nothing. `place` names the text in
 * diagnostics. Never NULL save when memory is out. */
chr_candidate *chr_session_evaluate(const chr_session *s, const char *text, size_t len,
                                    const char *place, const char *file);

const chr_diags *chr_candidate_diags(const chr_candidate *c);
/* The same for who refuses what the text says for reasons of his own: what he reports is an error
 * like any other, and the candidate is not committed. */
chr_diags *chr_candidate_judge(chr_candidate *c);
const chr_request *chr_candidate_requests(const chr_candidate *c);
/* The whole session's meaning with this evaluation in it; NULL if there is an error. Ownership
 * passes to the caller at the first call (later ones give NULL). */
chr_ir *chr_candidate_take_ir(chr_candidate *c);
/* True if, with this evaluation, a script that is rendered or run should start its clock by itself:
 * it never said `play` or `stop`. */
bool chr_candidate_plays_by_itself(const chr_candidate *c);
/* False: nothing that is heard is another than before (questions, a file whose text is the same):
 * there is no need to offer the IR. */
bool chr_candidate_changes(const chr_candidate *c);

/* True if the patterns that this evaluation changes, or chooses, change with it: they wait for no
 * quantum. */
bool chr_candidate_patterns_now(const chr_candidate *c);

/* A patch that plays fewer voices than it asks for, since the computer was late. */
typedef struct chr_thinned {
    char *patch;
    uint32_t voices; /* at most so many */
    uint32_t asked;  /* as the last check found */
} chr_thinned;

/* From the next check on, `patch` has at most so many voices; 0: as many as it asks for. It is no
 * part of what the session says: `save`, `undo` and `show` know nothing of it. False when memory is
 * out. */
bool chr_session_thin(chr_session *s, const char *patch, uint32_t voices);
/* The i-th that was thinned, or NULL. */
const chr_thinned *chr_session_thinned(const chr_session *s, int i);

/* True if `force:` stood in front of a statement. */
bool chr_candidate_forced(const chr_candidate *c);
/* The meaning that chr_candidate_take_ir gives, for a look; NULL if there is none. */
const chr_ir *chr_candidate_meaning(const chr_candidate *c);

/* The first beat for which something waits (`at`, `every`, `in`, a `stop` that is to come at the
 * bar), if all up to beat `done` has been done, in the round of a loop in which so many beats were
 * `looped`. What waits once may be overdue and lie before it. INFINITY: nothing waits. `after`: an
 * evaluation of what waits that is still to be committed, and the session is asked as it will be
 * then; NULL: as it is. The same holds for the three that follow. */
double chr_session_due(const chr_session *s, const chr_candidate *after, double done,
                       double looped);
/* The first beat behind `done` at which lengths of music (lfo 1/4) become other times than before,
 * so that the session is to be fired there too; INFINITY: there is none. `played`: beats that loops
 * and jumps have taken back. */
double chr_session_turn(const chr_session *s, const chr_candidate *after, double done,
                        double played);
/* True if a length of music is another time at one beat than at the other. */
bool chr_session_hears_place(const chr_session *s, const chr_candidate *after, double a, double b);
/* Evaluates all that waits for `beat` in such a round, on top of the session as it is now. What it
 * leads to is no evaluation of its own: `undo` takes it back together with the statement that
 * waited. With an error in it nothing changes, save that what waits once waits no more; it is
 * committed all the same, and never before the one that it comes `after`. NULL when memory is out.
 */
chr_candidate *chr_session_fire(const chr_session *s, const chr_candidate *after, double done,
                                double beat, double looped);

/* Makes the session what the candidate says, and frees the candidate. */
void chr_session_commit(chr_session *s, chr_candidate *c);
/* From here on commits can be taken back, all of them, until it is let go. False: memory is out. */
bool chr_session_hold(chr_session *s);
void chr_session_let_go(chr_session *s);
void chr_session_take_back(chr_session *s);
void chr_candidate_free(chr_candidate *c);

/* The session as a script, in the order in which it was said; malloc'd. */
char *chr_session_text(const chr_session *s);

#endif
