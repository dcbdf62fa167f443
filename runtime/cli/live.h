/* runtime/cli/live.h: a player on a live host: what `run` and the prompt share.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_LIVE_H
#define CHR_RUNTIME_LIVE_H

#include "runtime/cli/answer.h"
#include "runtime/cli/cli.h"
#include "runtime/cli/stats.h"
#include "runtime/host/steady.h"

#include <stdatomic.h>

typedef struct chr_live_options {
    chr_host_want want;
    bool null;   /* no device: in real time, heard by nobody */
    bool silent; /* there is no device yet: it is looked for */
    bool no_ceiling;
    const char *folder; /* of the script */
    uint64_t seed;
    bool quiet;
    bool no_journal;
    bool plain;             /* figures instead of drawings, also on a terminal */
    const char *stats_json; /* file of --stats-json; "-": standard error; NULL: none */
} chr_live_options;

/* How the command line says them. The first few choose a device. */
enum { CHR_LIVE_DEVICE_OPTIONS = 4, CHR_LIVE_OPTIONS = 10 };
extern const chr_option chr_live_option_table[CHR_LIVE_OPTIONS];
/* Takes an option of that table, which is the line's shared one; false: it is none. *code: an exit
 * code. */
bool chr_live_take_option(const chr_command_line *line, int option, chr_live_options *live,
                          int *code);

typedef struct chr_live {
    chr_player *player;
    chr_engine *engine;
    chr_steady *host;
    chr_show show;
    chr_answer answer;
    double rate_hz;
    bool started;      /* the host calls for sound */
    bool status_shown; /* a status line stands on the terminal */
    bool wants_status; /* standard error is a terminal, and nobody types on it */
    void (*on_status)(void *context, const char *text); /* else who shows it, or NULL */
    void *status_context;
    double next_status_s;
    int n_channels;
    chr_load load;       /* [audio] writes: what of the time making the sound takes */
    chr_tally tally;     /* evaluations, and how long they took */
    chr_stats_log log;   /* --stats-json */
    chr_host_fill *also; /* [audio] called with each block, within its time; NULL: nothing */
    void *also_context;
    atomic_bool ending;          /* the sound is to fade, and stay silent */
    uint64_t faded;              /* [audio] alone: frames of that fade so far */
    uint64_t made;               /* [audio] alone: frames made */
    _Atomic uint64_t faded_from; /* frame at which the fade began; UINT64_MAX: it has not */
    struct chr_journal *journal; /* NULL: none is kept */
    char why[CHR_HOST_TEXT];
} chr_live;

/* Opens the host and makes a player at its rate. CHR_EXIT_OK; or CHR_NO_DEVICE in *status with the
 * reason in `why` and nothing printed; or an exit code with what was wrong already told. */
int chr_live_open(chr_live *l, const chr_live_options *options, chr_status *status);
/* The host begins to ask for sound. */
int chr_live_start(chr_live *l);
/* Some milliseconds: looks after engine and device, tells answers and faults, draws the status
 * line. */
void chr_live_step(chr_live *l);
/* The same without waiting: for those who wait for something else. */
void chr_live_tend(chr_live *l);
/* Steps until the last evaluation's swap has happened, or a second has passed. */
void chr_live_settle(chr_live *l);
/* Steps until questions about what is heard (meters, scope, spectrum) are answered. */
void chr_live_look(chr_live *l);
/* Fades out and stops the host. */
void chr_live_end(chr_live *l);
void chr_live_close(chr_live *l);
/* Takes the status line away, so that something can be printed. */
void chr_live_clear(chr_live *l);

/* ---- status.c ---- */

/* Shows position, tempo, level, load and what waits, ten times a second. */
void chr_live_draw_status(chr_live *l);

#endif
