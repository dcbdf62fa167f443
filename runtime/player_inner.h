/* runtime/player_inner.h: what the files of the player share: player.c takes texts, schedule.c lets
 * come what waits, player_requests.c does what they ask for. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_PLAYER_INNER_H
#define CHR_RUNTIME_PLAYER_INNER_H

#include "runtime/files.h"
#include "runtime/looks.h"
#include "runtime/player.h"
#include "runtime/recorder.h"
#include "runtime/tapping.h"
#include "runtime/thin.h"

/* What the clock is on its way to, until the engine says so. */
typedef enum chr_expects {
    CHR_EXPECTS_NOTHING,
    CHR_EXPECTS_RUNNING,
    CHR_EXPECTS_STANDING
} chr_expects;

/* What waits for a moment and was offered for it, as long as it is not known to be heard. Each was
 * evaluated on top of those before it. */
typedef struct chr_due {
    chr_candidate *candidate;
    bool in_vain;               /* nothing was offered: it changes nothing, or has a mistake */
    double done, beat;          /* for which it waited, all up to `done` being done */
    double after, after_looped; /* as done and done_looped below, once it has come */
    uint64_t offer;             /* the engine's number; 0: nothing that is heard changed */
    chr_position position;      /* as it took the clock's */
    chr_offer_when when;
} chr_due;

struct chr_player {
    chr_engine *engine;
    chr_session *session;
    chr_files *files;
    chr_looks *looks;
    chr_recorder *recorder;
    chr_tapping tapping;
    char tapped[32]; /* a statement that tapping has led to, or "" */
    bool live;
    int (*columns)(void);
    double over_db; /* how far the sound went over the ceiling while `why` listened */
    chr_listener listener;
    chr_witness witness;
    bool offered;        /* and not yet known to have been taken over */
    uint64_t offer;      /* its number; 0: nothing that is heard changed */
    uint64_t swapped_at; /* clock of the last take-over */
    uint64_t holds_from; /* clock at which an offer came that changed nothing */
    float peak[2];       /* greatest since chr_player_read was asked last */
    uint32_t n_channels; /* that are heard */
    chr_guard *guard;    /* NULL: nothing is tried out */
    chr_thin thin;
    bool thinning;        /* an evaluation of nothing, so that voices go */
    chr_tally *tally;     /* may be NULL */
    const chr_load *load; /* may be NULL */
    char *(*stats)(void *context);
    void *stats_context;
    uint32_t n_told;        /* channels up to this one were asked for, and the player knows */
    uint32_t n_inputs_told; /* the same of inputs */
    /* Time. */
    chr_offer_when when; /* of the last evaluation's offer */
    chr_expects expects;
    chr_position position; /* what the evaluation that is under way takes for the clock's */
    chr_due
        dues[CHR_ENGINE_OFFERS - 1]; /* in the order of their moments; what is typed needs one */
    int n_dues;
    double done;        /* all that waits for a beat up to this one has been done */
    double done_looped; /* in the round of a loop in which so many beats were looped */
    double next_due;    /* what comes after that and after all that is due, if `known` */
    bool known;
    bool quit;       /* said by something that waited */
    uint64_t tended; /* clock of the engine when it was looked at last */
    uint64_t stride; /* greatest step of that clock between two looks: what the device asks for */
};

/* player_requests.c */
void chr_player_note(const chr_player *p, const char *text);
void chr_player_trouble(const chr_player *p, chr_evaluation *e, const char *text); /* e: or NULL */
void chr_player_do(chr_player *p, chr_evaluation *e, const chr_request *r);
/* What the requests do to the clock: the last of them counts. */
chr_clock_act chr_player_clock_act(const chr_request *r, double *to);
/* Tells of `> out 5` where four channels are open, of `input 2` where one is heard: once. */
void chr_player_tell_channels(chr_player *p, const chr_ir *ir);
void chr_player_tell_inputs(chr_player *p, const chr_ir *ir);
/* Before an offer: tells the witness if it listens to what the device hears. */
void chr_player_tell_hears(const chr_witness *w, chr_engine *e, const chr_ir *ir);

/* player_aids.c */
void chr_player_metronome(chr_player *p, const char *word); /* "on", "off"; NULL: tells which */
void chr_player_tap(chr_player *p);
void chr_player_roll(chr_player *p, const char *name); /* NULL: of all */
/* `show NAME bars 4`. */
void chr_player_events(chr_player *p, const char *name, double bars);
/* A chr_looks_why. */
void chr_player_why(void *player, const char *name, double peak_db, double rms_db, FILE *to);

/* player.c: offers what the session says once more: its check may come out otherwise. */
chr_status chr_player_offer_again(chr_player *p, chr_evaluated *told);

/* player_thin.c */
void chr_player_thin_tend(chr_player *p);

/* schedule.c */
chr_position chr_schedule_position(void *player);
/* The same for what is typed: a moment that is too near to be heard exactly has passed. */
chr_position chr_schedule_typed(chr_player *p);
/* Live: is something due so soon that an evaluation had better wait for it? */
bool chr_schedule_is_near(chr_player *p);
/* Lets that come, so that it is exact: some hundredths of a second. The session may be another one
 * afterwards. */
void chr_schedule_let_come(chr_player *p);
/* Before an evaluation is offered: takes back what is under way, and lets it come again on top.
 * False: it was heard meanwhile, and the session is another one. */
bool chr_schedule_withdraw(chr_player *p);
/* The clock starts, or jumps to `to`: with it comes what waits for that very place. False: nothing
 * does, and the caller moves the clock; or e->status (of an `e` that is not NULL) says that memory
 * is out. */
bool chr_schedule_start(chr_player *p, chr_clock_act act, double to, chr_evaluation *e);
void chr_schedule_tend(chr_player *p);

#endif
