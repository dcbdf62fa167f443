/* runtime/cli/cmd_render.c: `chronus render`: its options.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/midi_out.h"
#include "runtime/cli/render.h"
#include "runtime/journal.h"

#include <stdlib.h>
#include <string.h>

enum {
    OUT,
    SECONDS,
    BARS,
    TAIL,
    RATE,
    BITS,
    SEED,
    STEMS,
    EVAL_AT,
    TYPE_AT,
    NO_CEILING,
    BLOCK,
    CHANNELS,
    ISA,
    LANES,
    THREADS,
    ALLOW_SAVE,
    NO_METER,
    QUIET
};

static const chr_option options[] = {
    {"--out",        "-o", "NAME",
     "the sound file, .wav or .flac, or .mid for the notes; without it, the script's name in this "
     "folder as .wav"                                                                                       },
    {"--seconds",    NULL, "N",         "length of the music"                                               },
    {"--bars",       NULL, "N",         "the same in bars; with neither, 8 bars, or the arrangement"        },
    {"--tail",       NULL, "S",
     "seconds after that; without it, until the sound has died away, at most 10 s"                          },
    {"--rate",       NULL, "HZ",        "samples a second, 8000 to 192000; 48000"                           },
    {"--bits",       NULL, "16|24|f32", "kind of samples; 24"                                               },
    {"--seed",       NULL, "N",         "another seed for every chance"                                     },
    {"--stems",      NULL, "DIR",       "also each patch by itself, before the master, in a file of its own"},
    {"--eval-at",    NULL, "TIME FILE", "at TIME the script becomes what FILE says"                         },
    {"--type-at",    NULL, "TIME TEXT",
     "at TIME this line is typed; TIME: 4.5s, \"bar 5\", 216000smp"                                         },
    {"--no-ceiling", NULL, NULL,        "leaves out the ceiling on the master"                              },
    {"--block",      NULL, "N",         "frames made at a time; changes no sample"                          },
    {"--channels",   NULL, "N",         "output channels, 2 to 16; 2"                                       },
    {"--isa",        NULL, "NAME",      "instruction set of the kernels; changes no sample"                 },
    {"--lanes",      NULL, "N",         "1, 4, 8 or 16 lanes only; changes no sample"                       },
    {"--threads",    "-j", "N",         "threads that share the work, 1 to 8; 1; changes no sample"         },
    {"--allow-save", NULL, NULL,        "save and generate_module in the script write their files"          },
    {"--no-meter",   NULL, NULL,        "does not measure true peak and loudness"                           },
    {"--quiet",      "-q", NULL,        "says nothing but errors and warnings"                              },
};

/* The script's name in the current folder, with .wav in place of .chr. */
static char *default_out(const char *script) {
    const char *slash = strrchr(script, '/'), *name = slash ? slash + 1 : script;
    if (strcmp(script, "-") == 0)
        name = "chronus";
    size_t n = strlen(name);
    if (n > 4 && strcmp(name + n - 4, ".chr") == 0)
        n -= 4;
    else if (n > 7 && strcmp(name + n - 7, ".chrlog") == 0)
        n -= 7;
    char *out = malloc(n + 5);
    if (out) {
        memcpy(out, name, n);
        strcpy(out + n, ".wav");
    }
    return out;
}

static bool read_bits(const chr_command_line *line, const char *text, chr_sample_kind *bits) {
    static const char *const names[] = {"16", "24", "f32"};
    for (int i = 0; i < 3; i++)
        if (strcmp(text, names[i]) == 0) {
            *bits = (chr_sample_kind)i;
            return true;
        }
    chr_usage(line, "--bits is 16, 24 or f32, and \"%s\" is none of them", text);
    return false;
}

/* Adds an edit; the text of a file is read now, so that a missing one is known before anything is
 * rendered. */
static int add_edit(chr_command_line *line, chr_render_plan *plan, bool typed) {
    chr_edit *more = realloc(plan->edits, (size_t)(plan->n_edits + 1) * sizeof *more);
    if (!more) {
        chr_show_error("memory is out");
        return CHR_EXIT_INTERNAL;
    }
    plan->edits = more;
    chr_edit *edit = &more[plan->n_edits];
    *edit = (chr_edit){.typed = typed, .name = "typed"};
    if (!chr_moment_parse(line->values[0], &edit->at))
        return chr_usage(line, "a time is 4.5s, \"bar 5\" or 216000smp, and \"%s\" is none of them",
                         line->values[0]);
    if (typed) {
        size_t n = strlen(line->values[1]);
        char *text = malloc(n + 2); /* a line ends with a line end */
        if (!text) {
            chr_show_error("memory is out");
            return CHR_EXIT_INTERNAL;
        }
        memcpy(text, line->values[1], n);
        memcpy(text + n, "\n", 2);
        edit->text = text;
        edit->len = n + 1;
    } else {
        char *text = NULL;
        int code = chr_read_script(line->values[1], &text, &edit->len);
        if (code)
            return code;
        edit->text = text;
        edit->name = line->values[1];
    }
    plan->n_edits++;
    return CHR_EXIT_OK;
}

static void free_edits(chr_render_plan *plan) {
    for (int i = 0; i < plan->n_edits; i++)
        free((void *)(uintptr_t)plan->edits[i].text);
    free(plan->edits);
}

/* One option into the plan; CHR_EXIT_OK or the code to leave with. */
static int take_option(chr_command_line *line, chr_render_plan *plan, int option) {
    const char *value = line->values[0];
    const char *name = options[option].name;
    long n = 0;
    bool good = true;
    switch (option) {
    case OUT:
        plan->out = value;
        break;
    case SECONDS:
        good = chr_arg_double(line, name, value, 0.001, 86400, &plan->seconds);
        break;
    case BARS:
        good = chr_arg_double(line, name, value, 0.001, 100000, &plan->bars);
        break;
    case TAIL:
        good = chr_arg_double(line, name, value, 0, 3600, &plan->tail_s);
        break;
    case RATE:
        good = chr_arg_int(line, name, value, 8000, 192000, &n);
        plan->rate_hz = (double)n;
        break;
    case BITS:
        good = read_bits(line, value, &plan->bits);
        break;
    case SEED:
        good = chr_arg_int(line, name, value, 0, 0x7fffffffffffffffL, &n);
        plan->seed = (uint64_t)n;
        break;
    case STEMS:
        plan->stems = value;
        break;
    case EVAL_AT:
    case TYPE_AT:
        return add_edit(line, plan, option == TYPE_AT);
    case NO_CEILING:
        plan->no_ceiling = true;
        break;
    case BLOCK:
        good = chr_arg_int(line, name, value, 1, 65536, &n);
        plan->block = (int)n;
        break;
    case CHANNELS:
        good = chr_arg_int(line, name, value, 2, 16, &n);
        plan->n_channels = (int)n;
        break;
    case ISA:
        plan->isa = value;
        break;
    case LANES:
        good = chr_arg_int(line, name, value, 1, 16, &n);
        plan->lanes = (int)n;
        break;
    case THREADS:
        good = chr_arg_int(line, name, value, 1, 8, &n);
        plan->threads = (int)n;
        break;
    case ALLOW_SAVE:
        plan->allow_save = true;
        break;
    case NO_METER:
        plan->no_meter = true;
        break;
    case QUIET:
        plan->quiet = true;
        break;
    }
    return good ? CHR_EXIT_OK : CHR_EXIT_USAGE;
}

static int parse(chr_command_line *line, chr_render_plan *plan) {
    int option, code;
    while ((option = chr_args_next_but_script(line, &plan->script, &code)) != CHR_ARG_END) {
        code = take_option(line, plan, option);
        if (code)
            return code;
    }
    if (code)
        return code;
    if (!plan->script)
        return chr_usage(line, "which script is to be rendered?");
    if (plan->seconds > 0 && plan->bars > 0)
        return chr_usage(line, "--seconds or --bars, not both");
    return CHR_EXIT_OK;
}

/* By its name, or by how it begins. */
static bool is_take(const char *path) {
    size_t n = strlen(path);
    return (n > 7 && strcmp(path + n - 7, ".chrlog") == 0) ||
           (strcmp(path, "-") != 0 && chr_journal_is_one(path));
}

/* A take has a length, a rate and a seed of its own. */
static int render_take(const chr_command_line *line, const chr_render_plan *plan) {
    if (plan->seconds > 0 || plan->bars > 0 || plan->tail_s >= 0 || plan->n_edits > 0 ||
        plan->seed || plan->stems || plan->rate_hz != 48000 || plan->n_channels != 2)
        return chr_usage(
            line,
            "a take is rendered as it was played: of the options only --out, --bits, "
            "--no-ceiling, --block, --isa, --lanes, --threads, --no-meter and --quiet are for it");
    return chr_render_take(plan);
}

static int render(chr_command_line *line, chr_render_plan *plan) {
    char why[CHR_SOUNDFILE_TEXT];
    if (strcmp(plan->out, "/dev/null") == 0)
        plan->out = NULL; /* measured, not written: what benchmarks do */
    else if (!chr_is_midi_out(plan->out) && !chr_soundfile_can(plan->out, plan->bits, why))
        return chr_usage(line, "%s", why);
    if (is_take(plan->script))
        return render_take(line, plan);
    char *text;
    size_t len;
    int code = chr_read_script(plan->script, &text, &len);
    if (code)
        return code;
    plan->text = text;
    plan->len = len;
    code = chr_render(plan);
    free(text);
    return code;
}

int chr_cmd_render(int argc, char **argv) {
    chr_command_line line = {
        .command = "render",
        .use = "chronus render FILE -o out.wav [options]",
        .about =
            "Renders a script into a sound file, as fast as this machine can. FILE is - for "
            "standard input.\n"
            "The same script, seed and rate give the same samples, on any machine. Ctrl-C "
            "ends it early and\n"
            "leaves a shorter file.\n"
            "FILE may also be a journal (.chrlog) that a session left: it is played again as it "
            "was heard,\nto the sample.\n",
        .options = options,
        .n_options = (int)(sizeof options / sizeof *options),
        .argc = argc,
        .argv = argv,
    };
    chr_render_plan plan = {
        .rate_hz = 48000, .tail_s = -1, .n_channels = 2, .block = 512, .bits = CHR_BITS_24};
    int code = parse(&line, &plan);
    char *out = NULL;
    if (code == CHR_EXIT_OK) {
        if (!plan.out)
            plan.out = out = default_out(plan.script);
        code = plan.out ? render(&line, &plan) : CHR_EXIT_INTERNAL;
    }
    free(out);
    free_edits(&plan);
    return code < 0 ? CHR_EXIT_OK : code;
}
