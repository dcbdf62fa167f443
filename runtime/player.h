/* runtime/player.h: a session and its engine as one: text goes in, the sound changes, answers come
 * back. `render`, `run` and the prompt all evaluate through this, so that all three do the same.
 *
 * An evaluation is checked whole; without an error its meaning is offered to the engine, then it is
 * committed, then what it asked for (play, stop, save, an answer) is done in the order of its
 * statements. [control] throughout; the audio thread uses the engine alone.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PLAYER_H
#define CHR_RUNTIME_PLAYER_H

#include "lang/session.h"
#include "runtime/engine.h"
#include "runtime/tally.h"
#include "runtime/thin.h"

typedef struct chr_player chr_player;

/* Who is told; each may be NULL. Texts are valid during the call. */
typedef struct chr_listener {
    void *context;
    void (*diagnostics)(void *context,
                        const chr_diags *diags);     /* called when there is at least one */
    void (*answer)(void *context, const char *text); /* list, show, help: whole lines */
    /* An answer of which there is more to tell to a program, as members of a JSON object
     * (docs/live.md); NULL: it goes to `answer`. */
    void (*answer_facts)(void *context, const char *text, const char *facts);
    void (*note)(void *context,
                 const char *text); /* "saved as patches/a.chr": one sentence, no line end */
    void (*trouble)(void *context,
                    const char *text); /* a file could not be written: one sentence */
} chr_listener;

/* An evaluation that has ended. */
typedef struct chr_evaluated {
    bool applied;        /* false: refused, and nothing changed */
    bool asked;          /* it was a question and nothing else */
    uint64_t offer;      /* the engine's number for what it was offered; 0: nothing was */
    chr_offer_when when; /* as it was offered */
    chr_position clock;  /* as the evaluation saw it */
} chr_evaluated;

/* Whoever writes down all that is needed to do it again: the journal. All NULL: nobody. */
typedef struct chr_witness {
    void *context;
    /* An evaluation begins; each is ended before the next begins. */
    void (*begins)(void *context, const char *text, size_t len, const char *place,
                   const char *file);
    void (*ended)(void *context, const chr_evaluated *evaluated);
    /* It read a file. */
    void (*was_read)(void *context, const char *kind, const char *name, const char *text,
                     size_t len);
    /* Something took effect. */
    void (*event)(void *context, const chr_event *event);
    /* `patch` plays so many voices at most from this offer on, 0: as many as it asks for, since the
     * computer was late; chr_player_thin does it again. */
    void (*thinned)(void *context, const char *patch, uint32_t voices, const chr_evaluated *told);
    /* What waited for `beat` has come, all up to `done` having been done before. Nobody typed it.
     * Not applied: there was a mistake in it. */
    void (*fired)(void *context, double done, double beat, const chr_evaluated *evaluated);
    /* What is offered next listens to what the device hears. */
    void (*hears)(void *context, chr_engine *e);
} chr_witness;

typedef struct chr_player_options {
    chr_engine_options engine;
    uint64_t seed;
    bool allow_save; /* save and generate_module write */
    bool live;       /* somebody hears it as it is made: the metronome may be heard */
    /* Columns that scope, spectrum, meters and roll may draw in, as they are just now. NULL or 0:
     * figures alone. */
    int (*columns)(void);
    const char *folder; /* of the script; NULL: the current one */
    chr_listener listener;
    chr_witness witness;
    chr_now_fn
        *now_ns;  /* live: what changes is tried out first (runtime/guard.h); NULL: it is not */
    bool untimed; /* this build is far slower than what players have: nothing is refused for its
                     cost, and no voice is thinned */
    const chr_load *load;     /* of the engine, for that; may be NULL */
    chr_worked_fn *worked_ns; /* of the audio thread; may be NULL */
    void *worked_context;
    chr_tally *tally; /* where evaluations are counted; NULL: nowhere */
    /* What `stats` is answered with; malloc'd, NULL when memory is out. NULL where nothing is
     * played live. */
    char *(*stats)(void *context);
    void *stats_context;
} chr_player_options;

typedef struct chr_evaluation {
    chr_status status;       /* CHR_NO_MEMORY: nothing changed */
    int n_errors;            /* more than 0: nothing changed */
    bool applied;            /* good, and committed */
    bool offered;            /* to the engine: `report` is filled in */
    bool quit;               /* `quit` was said */
    bool trouble;            /* a file that was to be written was not */
    bool told_later;         /* what came of it is told once it is done */
    bool plays_by_itself;    /* it never said `play` or `stop` */
    chr_offer_report report; /* if applied */
    double patterns_beat;    /* where patterns change, if report.patterns_wait */
} chr_evaluation;

/* Gives a patch so many voices at most; 0: as many as it asks for. Offers the session anew. */
chr_status chr_player_thin(chr_player *p, const char *patch, uint32_t voices);

/* What the patches that play cost; NULL where nothing is tried out. */
const chr_guard *chr_player_guard(const chr_player *p);

/* NULL when memory is out or the engine cannot be had as asked. */
chr_player *chr_player_new(const chr_player_options *options);
/* No [audio] call may be under way. */
void chr_player_free(chr_player *p);
chr_engine *chr_player_engine(chr_player *p);
chr_session *chr_player_session(chr_player *p);

/* Evaluates. `place` names the text in messages. `file` NULL: typed; otherwise the whole new text
 * of that file. */
chr_evaluation chr_player_evaluate(chr_player *p, const char *text, size_t len, const char *place,
                                   const char *file);

/* `play`, for a script that plays by itself: with what waits for the place where the clock stands.
 */
void chr_player_play(chr_player *p);
/* `stop`, at this sample of the engine's clock. */
chr_evaluation chr_player_stop_at(chr_player *p, uint64_t sample);
/* The engine's clock at which chr_player_tend has to be called next, so that what waits for a
 * moment is in time; UINT64_MAX: nothing waits. */
uint64_t chr_player_until(chr_player *p);
/* `quit` was said by a statement that waited. */
bool chr_player_has_quit(const chr_player *p);

/* Lets the engine free and publish; call it some hundred times a second, offline before each chunk.
 */
void chr_player_tend(chr_player *p);
/* True while the last evaluation's graph is on its way to the audio thread. Evaluate no further
 * text meanwhile if the sample of each swap matters. */
bool chr_player_waits(chr_player *p);
/* Clock of the engine at the last swap, once chr_player_waits is false. */
uint64_t chr_player_swapped_at(const chr_player *p);
/* True while a question (meters, scope, spectrum) listens: its answer comes from a later
 * chr_player_tend. */
bool chr_player_looks(const chr_player *p);
/* The engine's counters; their peaks mean nothing. */
chr_engine_counters chr_player_look(chr_player *p);
/* The same; the peaks are the greatest since the last call of this function. */
chr_engine_counters chr_player_read(chr_player *p);

#endif
