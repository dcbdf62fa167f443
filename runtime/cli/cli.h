/* runtime/cli/cli.h: what the commands share: exit codes, options, reading and showing. The command
 * line is the only place that prints. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_CLI_H
#define CHR_RUNTIME_CLI_H

#include "runtime/player.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Exit codes, documented in `chronus --help`. */
enum {
    CHR_EXIT_OK = 0,
    CHR_EXIT_SCRIPT = 1,    /* the script has an error */
    CHR_EXIT_USAGE = 2,     /* the command line has one */
    CHR_EXIT_IO = 3,        /* a file or device could not be used */
    CHR_EXIT_WORSE = 4,     /* `stress`: a figure is worse than it was */
    CHR_EXIT_INTERNAL = 70, /* memory is out, or a fault of ours */
    CHR_EXIT_INTERRUPTED = 130
};

/* ---- commands: argc and argv begin after the command's name ---- */
int chr_cmd_render(int argc, char **argv);
int chr_cmd_run(int argc, char **argv);
int chr_cmd_bench(int argc, char **argv);
int chr_cmd_check(int argc, char **argv);
int chr_cmd_prompt(int argc, char **argv);
/* True for the options of the prompt, which has no command's name before them. */
bool chr_prompt_knows(const char *word);
/* All of them, one after the other; NULL behind the last. */
const char *chr_prompt_option(int i);
int chr_cmd_devices(int argc, char **argv);
int chr_cmd_doctor(int argc, char **argv);
int chr_cmd_stress(int argc, char **argv);
int chr_cmd_help(int argc, char **argv);
int chr_cmd_list(int argc, char **argv);
int chr_cmd_graph(int argc, char **argv);
int chr_cmd_doc(int argc, char **argv);

/* ---- options.c ---- */

typedef struct chr_option {
    const char *name;   /* "--seconds"; a row "FILE" without dashes documents a positional */
    const char *letter; /* "-q", or NULL */
    const char *values; /* "N", "TIME FILE", or NULL for a switch */
    const char *doc;
} chr_option;

typedef struct chr_command_line {
    const char *command; /* "render" */
    const char *use;     /* "chronus render FILE [options]" */
    const char *about;   /* a paragraph, with line ends */
    const chr_option *options;
    int n_options;
    const chr_option *shared; /* further ones, that other commands have too */
    int n_shared;
    int argc;
    char **argv;
    int at;          /* next of argv */
    bool only_files; /* after -- */
    const char
        *values[2];  /* of the option returned last, until the next; of a positional, values[0] */
    char joined[64]; /* where `bar 5` in two arguments becomes one value */
} chr_command_line;

enum { CHR_ARG_END = -1, CHR_ARG_FILE = -2, CHR_ARG_BAD = -3, CHR_ARG_HELP = -4 };
enum { CHR_ARG_SHARED = 1000 }; /* the first of the shared ones */

/* The next option's index in the table, or one of the above. CHR_ARG_BAD has been explained
 * already, CHR_ARG_HELP
 * (--help, -h) answered. A first value "bar" takes its number from the next argument: --eval-at bar
 * 5 FILE. */
int chr_args_next(chr_command_line *line);
/* The one that was given so ("--rate", "--rate=8000", "-d"); its index as above, or -1. */
int chr_args_find(const chr_command_line *line, const char *arg);

/* The same for a command that takes one script, which goes to *script (NULL at first). Gives an
 * option's index, or CHR_ARG_END and why: *code is CHR_EXIT_OK where all has been read,
 * CHR_EXIT_USAGE after a mistake that has been explained, -1 after --help. */
int chr_args_next_but_script(chr_command_line *line, const char **script, int *code);

/* Whole numbers and numbers within bounds; false after saying what was expected. */
bool chr_arg_int(const chr_command_line *line, const char *option, const char *text, long least,
                 long most, long *value);
bool chr_arg_double(const chr_command_line *line, const char *option, const char *text,
                    double least, double most, double *value);
/* "chronus render: " and the sentence and how to get help, on standard error; returns
 * CHR_EXIT_USAGE. */
int chr_usage(const chr_command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* ---- show.c ---- */

/* Colour on this stream? A terminal that can, and NO_COLOR is not set. */
bool chr_show_colour(FILE *to);
/* Columns of the terminal that the stream leads to, as it is just now; 0: it leads to none. */
int chr_terminal_columns(FILE *to);
/* One line on standard error: "chronus: ...". */
void chr_show_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* All of them, as wide and as coloured as the stream is. */
void chr_show_diagnostics(const chr_diags *diags, FILE *to);
/* Shows diagnostics, answers and notes; quiet leaves out all but diagnostics and troubles. */
typedef struct chr_show {
    bool quiet;
    bool silent;       /* shows nothing at all */
    bool json;         /* to a program: objects of json.h on standard output, and no sentences */
    bool plain;        /* no colour, */
    bool coloured;     /* or colour whatever the terminal is */
    FILE *diagnostics; /* stderr, or for `check` stdout */
    int evaluation;    /* number of the one that is under way, from 1 */
    int n_warnings;    /* in it so far */
    int n_said;        /* diagnostics, answers, notes in it so far */
    void (*before)(
        void *); /* clears a status line or a prompt before something is printed; may be NULL */
    void *context;
} chr_show;
chr_listener chr_show_listener(chr_show *show);
/* Something that nobody typed, as one sentence: `event` is a word for programs ("fault", "device",
 * "file"). An error goes to standard error. */
void chr_show_event(const chr_show *show, const char *event, bool error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void chr_show_note(const chr_show *show, const char *text);
/* Whole lines on standard output, as wide as the terminal is; in plain mode as they are. */
void chr_show_lines(const chr_show *show, const char *text);
/* "kept 11, changed 2, new 1, gone 1" */
void chr_show_report(FILE *to, const chr_offer_report *report);
/* Reads a script that the player named; explains what fails, and returns an exit code. */
int chr_read_script(const char *path, char **text, size_t *len);
/* The folder that a script may read from; NULL for standard input, which has none, and when memory
 * is out. To be freed. */
char *chr_script_folder(const char *path);
/* A script that the player named: its text and its folder. */
typedef struct chr_given {
    char *text;
    size_t len;
    char *folder; /* as of chr_script_folder */
} chr_given;
/* Explains what fails, and returns an exit code; only a good one is to be cleared. */
int chr_given_read(chr_given *given, const char *path);
void chr_given_clear(chr_given *given);
/* The name under which a script is shown: "standard input" for "-". */
const char *chr_script_name(const char *path);
/* Explains why there is no player for these options, and returns an exit code. */
int chr_explain_engine(const chr_engine_options *options);

/* ---- reading.c ---- */

/* A session without an engine: for commands that only want to know. */
typedef struct chr_reading {
    struct chr_files *files;
    chr_session *session;
} chr_reading;

/* `folder`: of the script; NULL: the current one. False, and told: memory is out. */
bool chr_reading_open(chr_reading *r, const char *folder);
void chr_reading_close(chr_reading *r);

/* ---- interrupt.c ---- */

/* From here on SIGINT, SIGTERM and SIGHUP are counted and do not end the program. */
void chr_interrupt_catch(void);
int chr_interrupted(void); /* how often */
/* One of them was SIGTERM or SIGHUP: not a key that somebody pressed, but the end. */
bool chr_interrupt_is_final(void);
void chr_interrupt_forget(void);
/* What the third one writes to standard output before it ends everything at once, and gives the
 * terminal back as it is now; NULL: nothing. */
void chr_interrupt_farewell(const char *bytes);

/* ---- timeline.c ---- */

typedef enum chr_moment_kind {
    CHR_MOMENT_SECONDS,
    CHR_MOMENT_BAR,
    CHR_MOMENT_SAMPLES
} chr_moment_kind;

/* A TIME of --eval-at: "4.5s", "bar 5", "bar 5 beat 2.5", "216000smp". */
typedef struct chr_moment {
    chr_moment_kind kind;
    double value; /* seconds; beats from the start in bars: value + beat; samples */
    double beat;  /* within the bar, from 0 */
} chr_moment;

bool chr_moment_parse(const char *text, chr_moment *moment);
/* The sample, at the tempo that holds now. */
uint64_t chr_moment_sample(const chr_moment *moment, chr_engine *engine, double rate_hz);

#endif
