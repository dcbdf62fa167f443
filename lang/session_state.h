/* lang/session_state.h: what a session consists of; shared by the session's own files and by the
 * answers.
 *
 * A script is one parsed text: a typed line, a file, a module. It is counted, because statements of
 * it are held by several states at once (the session, its past, a candidate). A state is an ordered
 * list of entries (statements that hold), what each file last said, and who plays. States that the
 * session keeps are never changed: an evaluation works on a copy. SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_SESSION_STATE_H
#define CHR_LANG_SESSION_STATE_H

#include "lang/check.h"
#include "lang/place.h"

enum {
    CHR_MAX_HELD = 200000,  /* statements that a session holds */
    CHR_MAX_WORK = 20,      /* million entries that the statements of one evaluation look at */
    CHR_MAX_ANSWERS = 2,    /* MB that the questions of one evaluation are answered with */
    CHR_MAX_IMPORTS = 16,   /* imports and loads inside one another */
    CHR_MAX_HISTORY = 32,   /* evaluations that can be undone */
    CHR_MAX_WAITING = 1000, /* statements that wait for a moment */
    CHR_MAX_SAVED_NAME = 80 /* bytes in the name of a saved patch */
};

/* ---- scripts ---- */

typedef struct chr_script {
    int refs;
    chr_source source; /* owns its name and text */
    const char *file; /* the file that it is part of in the sense of the language's §9; NULL: typed.
                         Owned */
    chr_arena *arena; /* of the tree */
    const chr_ast *tree;
} chr_script;

/* Copies and parses a text. What is wrong with it goes to `diags`. NULL when memory is out. */
chr_script *chr_script_new(const char *text, size_t len, const char *place, const char *file,
                           chr_diags *diags);
/* The same of a text that is no script: an empty tree. */
chr_script *chr_script_of_data(const char *text, size_t len, const char *place);
chr_script *chr_script_share(chr_script *script);
void chr_script_drop(chr_script *script); /* NULL is fine */

/* ---- entries ---- */

typedef struct chr_entry {
    const chr_ast *statement; /* NULL: the entry has been taken out */
    chr_script *script;       /* counted; holds the statement and the strings below */
    const char *key;          /* what it is about: "owner bass", "set bass.cutoff" */
    const char *owner; /* the patch or bus that it defines, plays or acts on; NULL for none */
    const char *text;  /* as written, or made by splitting; NULL: the statement's span */
    bool fresh;        /* said in the evaluation that is under way */
    bool once;         /* waits for `beat`, acts and is gone; `at` and `every` hold */
    double beat;       /* counted through loops: where it is in the piece, and what was looped */
} chr_entry;

/* What a file last said: its net statements, and those that acted once (as sorted hashes). */
typedef struct chr_file_record {
    char *file;
    chr_entry *said;
    int n_said;
    uint64_t *acts;
    int n_acts;
} chr_file_record;

/* Who plays, as far as `play` and `stop` decide it. */
typedef struct chr_play_facts {
    bool said;     /* play, stop or hush was ever said */
    bool running;  /* the clock was last started, not stopped */
    bool silenced; /* `stop` or `hush` was the last word on all */
    bool chosen;   /* `play NAME` chose a set: what is not in `names` is silent */
    char **names;  /* exceptions from the rule: on, if a set was chosen, else off */
    int n_names;
} chr_play_facts;

typedef struct chr_index chr_index; /* session_index.c */

typedef struct chr_state {
    int refs;
    chr_entry *entries;
    int n, room;
    chr_file_record *files;
    int n_files;
    chr_play_facts play;
    uint64_t version;         /* its number in the session, from 1 */
    const chr_time_map *time; /* as checked; counted */
    chr_quantum quantum;      /* 0: off */
    bool follows_tempo;       /* as of chr_ir */
    int n_once;               /* statements that ever waited once: their keys */
    char *label;              /* the evaluation that led here, for `history` */
    chr_index *by_key;        /* of a state that is being made; NULL otherwise */
    struct chr_about *about;
    bool failed; /* memory was out while it was made */
} chr_state;

chr_state *chr_state_new(void);
/* A copy to work on, with its indexes. */
chr_state *chr_state_copy(const chr_state *state);
chr_state *chr_state_share(chr_state *state);
void chr_state_drop(chr_state *state); /* NULL is fine */
/* Ends the work: takes the gaps out, drops the indexes. */
void chr_state_seal(chr_state *state);

/* Number of the entry with this key, or -1. */
int chr_state_find(const chr_state *state, const char *key);
/* Adds at the end, or replaces the entry that bears the key in its place. `entry` is copied and its
 * script shared. */
void chr_state_put(chr_state *state, const chr_entry *entry);
void chr_state_append(chr_state *state, const chr_entry *entry);
void chr_state_take_out(chr_state *state, int i);
/* Puts the entries into this order; those not named are gone. False when memory is out. */
bool chr_state_reorder(chr_state *state, const int *order, int n);
/* session_about.c. The newest entry with this owner, then the one before it, … ; -1 at the end. The
 * entry at hand may be taken out on the way. */
int chr_state_newest_of(const chr_state *state, const char *owner);
int chr_state_next_of(const chr_state *state, int i);
int chr_state_count_of(const chr_state *state, const char *owner);
/* For the state's own functions. False when memory is out. */
struct chr_about *chr_about_new(void);
void chr_about_free(struct chr_about *about);
bool chr_about_add(struct chr_about *about, const char *owner, int entry);
void chr_about_remove(struct chr_about *about, int entry);
/* True if a patch, create, bus, or a pattern for an instrument of the library, bears the name. */
bool chr_state_has_owner(const chr_state *state, const char *name);
/* The session as a script; malloc'd, NULL when memory is out. */
char *chr_state_text(const chr_state *state);
/* True if both hold the same statements and play the same. */
bool chr_state_same(const chr_state *a, const chr_state *b);
void chr_file_record_clear(chr_file_record *record);
/* As written. Not NUL-terminated. */
void chr_entry_text(const chr_entry *entry, const char **text, size_t *len);
chr_file_record *chr_state_file(const chr_state *state, const char *file);

/* ---- who plays ---- */

bool chr_play_is_on(const chr_play_facts *play, const char *name);
void chr_play_all(chr_play_facts *play);
bool chr_play_choose(chr_play_facts *play, const char *const *names, int n);
bool chr_play_stop_names(chr_play_facts *play, const char *const *names, int n);
/* `stop` and `hush`: all that is there now falls silent. */
bool chr_play_silence(chr_play_facts *play, const chr_state *state);
void chr_play_forget(chr_play_facts *play, const char *name);
bool chr_play_copy(chr_play_facts *to, const chr_play_facts *from);
void chr_play_clear(chr_play_facts *play);

/* ---- statements ---- */

/* How a statement is treated by an evaluation. */
typedef enum chr_manner {
    CHR_HOLDS,  /* says what is: it becomes an entry */
    CHR_ENDS,   /* takes something out: remove, unmute, a pattern without steps */
    CHR_ACTS,   /* does something once */
    CHR_BRINGS, /* import: stands for the statements of a file */
    CHR_LATER,  /* not available yet */
    CHR_BROKEN  /* reported by the parser */
} chr_manner;

chr_manner chr_statement_manner(const chr_ast *statement);
/* Part of a statement, by kind: the first child of that kind, or NULL. */
const chr_ast *chr_ast_part(const chr_ast *node, chr_ast_kind kind);
/* The words that a player begins it with: "play", "set". */
const char *chr_statement_word(const chr_ast *statement);
/* Key of a statement that holds and its owner; strings live in `arena`. For a SET with several keys
 * or a MUTE with several targets: split first. */
void chr_statement_key(const chr_ast *statement, chr_arena *arena, const char **key,
                       const char **owner);
/* The part of a name before a `/` or `.`. */
const char *chr_owner_of_target(const char *target, chr_arena *arena);
/* What may change in the course of the piece: tempo, meter, swing, humanize, key. */
bool chr_is_of_course(const chr_ast *statement);
/* One of these without a place in the piece. */
bool chr_is_of_whole_piece(const chr_ast *statement);
/* A typed `tempo … over …`, which goes on its way at once (session_time.c). */
bool chr_is_glide(const chr_ast *statement);
/* Same tree, wherever it stands; layout and comments do not count. False too when memory is out. */
bool chr_ast_same(const chr_ast *a, const chr_ast *b);
uint64_t chr_ast_hash(const chr_ast *tree, bool *failed);

/* Visits a tree's nodes, parents first; no recursion, so depth is no danger. */
typedef struct chr_ast_visit {
    const chr_ast *root; /* its own siblings are not visited */
    const chr_ast **stack;
    int n, room;
    bool failed; /* memory was out */
} chr_ast_visit;
void chr_visit_begin(chr_ast_visit *visit, const chr_ast *tree);
const chr_ast *chr_visit_next(chr_ast_visit *visit); /* NULL: the end */
void chr_visit_end(chr_ast_visit *visit);

/* ---- hash index: text -> number ---- */

chr_index *chr_index_new(void);
void chr_index_free(chr_index *index);
int chr_index_get(const chr_index *index, const char *text); /* -1: none */
/* The text must live as long as the index. False when memory is out. */
bool chr_index_set(chr_index *index, const char *text, int number);

/* ---- the library ---- */

typedef struct chr_library chr_library;
chr_library *chr_library_new(const chr_library_file *files, int n);
void chr_library_free(chr_library *library);
/* The script of a library file, parsed at the first call; NULL: no such file, or memory is out. */
const chr_script *chr_library_script(chr_library *library, const char *name);
int chr_library_count(const chr_library *library);
const char *chr_library_name(const chr_library *library, int i);
/* The MODULE statement of that name that its file defines; NULL: none. */
const chr_ast *chr_library_module(chr_library *library, const char *name);
/* The MODULE statement that a name means, of the session or else of the library; NULL: none. */
const chr_ast *chr_session_module(const chr_session *session, const chr_state *state,
                                  const char *name);
const chr_module *chr_session_built_in(const chr_session *session, const char *name);
/* "brightness". */
const char *chr_context_word(chr_context context);
/* All MODULE statements of the library, in its order; the library keeps the array. NULL: memory is
 * out. */
const chr_ast *const *chr_library_modules(chr_library *library, int *n);

/* ---- an evaluation ---- */

/* A request, and for a question the statement that asks: it is answered when all is checked. */
typedef struct chr_asked {
    chr_request request; /* first: a chr_request in the list is a chr_asked */
    const chr_ast *question;
} chr_asked;

/* A `set … over`, by the key of its entry. */
typedef struct chr_over {
    const char *key;
    const chr_ast *length; /* NUMBER */
    struct chr_over *next;
} chr_over;

/* What an evaluation tried for later, and keeps for its answers. */
typedef struct chr_kept_ir {
    chr_ir *ir;
    struct chr_kept_ir *next;
} chr_kept_ir;

typedef struct chr_diff_wanted {
    const chr_ast *when;
    chr_script *script;
    struct chr_diff_wanted *next;
} chr_diff_wanted;

struct chr_candidate {
    const chr_session *session;
    const chr_state *base; /* what holds as it is evaluated: valid so long */
    uint64_t versions;     /* numbers given once it is committed */
    chr_state *state;      /* what the session would be */
    chr_arena *arena;      /* of diagnostics and requests */
    chr_diags diags;
    chr_request *first_request, **last_request;
    chr_script **scripts; /* all that it parsed, so that diagnostics can be shown */
    int n_scripts, scripts_room;
    chr_ir *ir;
    chr_knobs *knobs; /* where its check is to write the knobs; NULL: nowhere */
    chr_over *overs;
    chr_diff_wanted *diffs;
    chr_kept_ir *kept;
    chr_candidate *tried, *next_tried; /* on which statements that wait were tried */
    bool at_moment;                    /* its moment has come: nothing in it waits for a quantum */
    bool fired; /* by chr_session_fire, for `beat`, all up to `done` being done */
    double done, beat, looped;
    bool patterns_now;
    bool forced;  /* `force:` stood in front of something */
    bool edited;  /* the state is another than the one it began with, undo and redo aside */
    int undone;   /* evaluations taken back (negative: brought again) */
    int lesson;   /* of the tutorial, to be shown; 0: none */
    int64_t work; /* see chr_candidate_spend */
    bool failed;  /* memory is out */
};

struct chr_session {
    chr_session_options options;
    chr_library *library;
    chr_state
        *past[CHR_MAX_HISTORY + 1]; /* oldest first; [now] holds, after it comes what was undone */
    int n_past, now;
    uint64_t versions;    /* numbers given so far */
    int lesson;           /* of the tutorial, shown last; 0: none */
    chr_thinned *thinned; /* in the order in which they were */
    int n_thinned;
    struct chr_held *held; /* what it was when it was held; NULL: it is not */
};

/* Where a statement stands, and what it may do there. */
typedef struct chr_setting {
    chr_script *script;
    int depth;                       /* imports and loads that lead here */
    bool imported;                   /* definitions only */
    bool loaded;                     /* a saved script: writes nothing, ends nothing */
    const struct chr_setting *outer; /* the script that imports or loads this one, or NULL */
    const char *text_so_far;         /* what `save` writes; NULL: the whole session */
} chr_setting;

/* A state of the past that gives way to another. */
void chr_past_drop(chr_session *s, chr_state *state);

typedef void chr_each_statement(void *context, const chr_ast *statement,
                                const chr_setting *setting);

const chr_state *chr_session_state(const chr_session *session); /* what holds */
/* An evaluation on top of a state, which is copied. NULL when memory is out. */
chr_candidate *chr_candidate_new(const chr_session *s, const chr_state *state);
/* Checks c->state: c->ir, unless there is an error. */
void chr_candidate_check(chr_candidate *c);
/* True of "song.mid". */
bool chr_is_midi_name(const char *name);
/* What a MIDI file plays as a script of `melody` statements; `owner_file`: the file that imports
 * it. NULL, reported, where there is no such thing. */
chr_script *chr_read_midi(chr_candidate *c, const chr_ast *statement, const char *file,
                          const char *owner_file, const char *data, size_t len);
/* Parses a text that this evaluation brings in. NULL: memory is out (and c->failed is set). */
chr_script *chr_candidate_parse(chr_candidate *c, const char *text, size_t len, const char *place,
                                const char *file);
/* Adds a request; its strings are copied, NULL stays NULL. */
chr_asked *chr_candidate_ask(chr_candidate *c, chr_request_kind kind, const char *name,
                             const char *text);

/* For a statement that looks at `n` entries. False, and reported once, when all statements of this
 * evaluation together have looked at too many: then it is to be passed over. */
bool chr_candidate_spend(chr_candidate *c, chr_span span, int64_t n);
/* The same for one that weighs what is said about a patch, each against each. */
bool chr_candidate_spend_on(chr_candidate *c, const chr_state *state, const char *owner,
                            chr_span span);

/* session_apply.c. A statement that holds or ends something, applied to `state`: the session's
 * list, or what one file says (`net`, where nothing that others said is touched). */
void chr_apply(chr_candidate *c, chr_state *state, const chr_ast *statement,
               const chr_setting *setting, bool net);
/* Every statement of a script, one after the other, on top of c->state. */
void chr_apply_script(chr_candidate *c, const chr_setting *setting);
/* Takes out what was set by hand on a patch whose definition changes; not what `file` says (NULL:
 * all). */
void chr_drop_settings(const chr_session *session, chr_state *state, const char *owner,
                       const char *file);
/* The same for one effect of the patch. */
void chr_drop_effect_settings(const chr_session *session, chr_state *state, const char *owner,
                              const char *label, const char *module, const char *file);
/* Of an ADD: the effect's module, and the label by which it goes. */
const char *chr_effect_module(const chr_ast *add);
const char *chr_effect_label(const chr_ast *add);
/* What automates a stage of a patch goes on with that stage in the patch's new text. */
void chr_follow_stages(chr_candidate *c, chr_state *state, const char *owner, const chr_ast *old,
                       const chr_ast *fresh);
/* Says that a new module stands before one of the library or a built-in one. */
void chr_note_shadow(chr_candidate *c, const chr_state *state, const chr_entry *entry);
/* What ends leaves alone what `spared` says: a file's own words are ended by itself alone. */
typedef struct chr_ending {
    chr_arena *arena;   /* for keys */
    const char *spared; /* a file; NULL: nothing is spared */
} chr_ending;
/* One target (or, NULL, all) of remove, unmute, unsolo or an empty pattern. False: there was
 * nothing to end. */
bool chr_end_target(chr_state *state, const chr_ast *statement, const chr_ast *target,
                    const chr_ending *ending);
/* Reports what chr_end_target did not find, if that is a mistake. */
void chr_report_end(chr_candidate *c, const chr_state *state, const chr_ast *statement,
                    const chr_ast *target);
/* Takes out the patch and all that acts on it, save what the file `spared` says. False: nothing. */
bool chr_take_out_owner(chr_state *state, const char *owner, const char *spared);
/* Takes out what is sent to this bus, save what the file `spared` still says: in `said`, or (NULL)
 * at all. */
void chr_take_out_sends(chr_state *state, const char *bus, const char *spared,
                        const chr_state *said);
/* True if the name is a bus's: then what is sent to it goes with it. */
bool chr_is_bus(const chr_state *state, const char *name);
/* Reports that nothing is called `name`, with the nearest name. */
void chr_report_unknown(chr_candidate *c, const chr_state *state, const char *name, chr_span span);
/* True if the module of that name, as the session has it, has the parameter. */
bool chr_module_has_param(const chr_session *session, const chr_state *state, const char *module,
                          const char *param);

/* session_act.c: a statement that acts once. */
void chr_act(chr_candidate *c, const chr_ast *statement, const chr_setting *setting);
/* The part of play, stop and hush that changes who plays. */
void chr_act_on_play(chr_candidate *c, chr_state *state, const chr_ast *statement);

/* session_apply.c: a statement of a typed text, whatever it is. */
void chr_apply_typed(chr_candidate *c, const chr_ast *statement, const chr_setting *setting);

/* session_wait.c: statements with a moment in front, and those that wait for the quantum. */
bool chr_is_moment(const chr_ast *statement, const char *word); /* WHEN of that word */
/* The first statement that it is in front of, or NULL. */
const chr_ast *chr_moment_first(const chr_ast *when);
/* Says what is wrong with its moment, and with moments inside it. */
bool chr_moment_is_good(chr_candidate *c, const chr_ast *when);
/* The clock, also if this evaluation is about to start it. */
chr_position chr_candidate_position(const chr_candidate *c);
/* The beat at which this evaluation takes effect, as far as it is known: where the clock is. */
double chr_candidate_beat(const chr_candidate *c);
/* `now`, `next`, `in`, `after`, `diff`, and `at` or `every` in front of nothing. */
void chr_act_on_moment(chr_candidate *c, const chr_ast *when, const chr_setting *setting);
/* `at` and `every` in front of nothing: ends what waits so. */
void chr_end_moment(chr_state *state, const chr_ast *when);
/* True if a `play` or `stop` has to wait for the next bar; then it is put into the list. */
bool chr_wait_for_quantum(chr_candidate *c, const chr_ast *statement, const chr_setting *setting);
/* Drops a `play` or `stop` that waits: the clock was stopped meanwhile. What was said after the
 * `stop` of a moment, for that same moment, is still to come. */
void chr_forget_turns(chr_candidate *c);
/* The beat for which an entry waits, if all up to `done` is done; INFINITY: it does not. */
double chr_entry_due(const chr_state *state, const chr_entry *entry, double done, double looped);
/* The beat of a POSITION, from 0; false, with a report, where it is none. */
bool chr_beat_of(chr_candidate *c, const chr_ast *position, double *beat);
/* Where the clock will be when it is to be at a beat: a loop may take it back before. */
double chr_beat_in_loop(const chr_time_map *time, chr_position now, double beat);
/* The beats that a length (NUMBER, of a time or a length of music) lasts from a beat on. */
double chr_beats_long(const chr_ast *length, const chr_time_map *time, double from);

/* session_foresee.c: once the evaluation is checked and sealed, what waits is tried: in the order
 * in which it will come, on top of the session as it will be. */
void chr_foresee(chr_candidate *c, bool typed);
/* session_foresee.c: `diff: …`. */
void chr_foresee_diff(chr_candidate *c, const chr_ast *when, const chr_setting *setting);

/* session_tell.c: what a typed line did that is not seen in the graph: `tempo`, `key`, `play`. */
void chr_tell_settings(chr_candidate *c);

/* What a setting is: one sentence without a line end. `ir`: of that state;
 * `now`: of the clock. `word`: the key of its entry. False: `word` is none.
 */
bool chr_print_setting(const chr_state *state, const chr_ir *ir, const char *word, chr_position now,
                       FILE *to);

/* session_time.c: a typed `tempo … over …` without a place becomes one that begins where the clock
 * is. NULL: memory is out; otherwise *text is what is saved of it. */
const chr_ast *chr_tempo_from_here(chr_candidate *c, const chr_ast *statement, chr_arena *arena,
                                   const char **text);
/* What a tempo or meter of the whole piece ends: the changes in its course, save those that were
 * said together with it and those of the file that says it. */
void chr_end_changes(chr_candidate *c, chr_state *state, const chr_ast *statement,
                     const char *file);

/* session_over.c: the glides of `set … over`, into c->ir. */
void chr_note_over(chr_candidate *c, const chr_ast *over, const chr_ast *one);
void chr_make_glides(chr_candidate *c);

/* session_make.c: `make` and plain sentences: the statements that they stand for are told, parsed
 * and applied as if they were typed. */
void chr_act_on_make(chr_candidate *c, const chr_ast *make, const chr_setting *setting);

/* session_fire.c: applies all that waits for c->beat; ends what waited for it once; and what that
 * leads to for the other states of the past in which it waited. */
void chr_fire(chr_candidate *c);
void chr_drop_fired(chr_state *state, double beat);
void chr_fire_in_past(chr_session *s, double done, double beat, double looped);

/* session_file.c: the whole new text of a file. */
void chr_apply_file(chr_candidate *c, const chr_setting *setting);

/* session_read.c */
void chr_read_import(chr_candidate *c, const chr_ast *statement, const chr_setting *setting,
                     chr_each_statement *each, void *context);
void chr_read_load(chr_candidate *c, const chr_ast *statement, const chr_setting *setting);
void chr_read_reload(chr_candidate *c, const chr_ast *statement, const chr_setting *setting);
/* The text of a file of that kind that a script names; malloc'd. False: reported at `span`, or
 * memory is out. */
bool chr_read_foreign(chr_candidate *c, const char *kind, const char *name, chr_span span,
                      char **text, size_t *len);
/* A text that is no script, kept like one so that its places can be shown. NULL: memory is out (and
 * c->failed is set). */
chr_script *chr_candidate_keep(chr_candidate *c, const char *text, size_t len, const char *place);
/* session_tuning.c: a TUNING with what its files say; NULL: reported. */
const chr_ast *chr_read_tuning(chr_candidate *c, const chr_ast *statement,
                               const chr_setting *setting);
/* NULL if the name will do; else what is wrong with it, in a few words. */
const char *chr_saved_name_fault(const char *name);

/* session_thin.c: of those that a patch asks for. */
uint32_t chr_session_voices(const chr_session *s, const char *patch, uint32_t asked);

/* session_template.c: what `generate_module` writes; malloc'd, NULL when memory is out. */
char *chr_module_template(const chr_session *session, const chr_state *state, const char *name);

/* session_later.c: reports what is parsed and not there yet. */
void chr_report_later(chr_diags *diags, const chr_ast *statement);

/* answers.c: what list, show, help, history and graph print; malloc'd, NULL when memory is out. */
char *chr_answer(const chr_session *session, const chr_state *state, const chr_ir *ir,
                 const chr_ast *question);
/* The statements that an answer is about, `"statements": [...]`; NULL where it is about none. */
char *chr_answer_facts(const chr_state *state, const chr_ast *question);

#endif
