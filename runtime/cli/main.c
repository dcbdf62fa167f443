/* runtime/cli/main.c: the program: finds the command and runs it.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

typedef struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *doc;
} command;

static const command commands[] = {
    {"run",     chr_cmd_run,     "plays a script; with --watch again whenever it is saved"             },
    {"render",  chr_cmd_render,  "renders a script into a .wav or .flac file"                          },
    {"check",   chr_cmd_check,   "finds every mistake of a script, and plays nothing"                  },
    {"bench",   chr_cmd_bench,   "shows where the time of a script goes, by patch and module"          },
    {"graph",   chr_cmd_graph,   "draws the patches of a script"                                       },
    {"help",    chr_cmd_help,    "explains a module, an instrument or a statement: chronus help reverb"},
    {"list",    chr_cmd_list,    "lists modules, instruments, words: chronus list modules"             },
    {"devices", chr_cmd_devices, "lists the sound devices"                                             },
    {"doctor",  chr_cmd_doctor,
     "looks whether this machine is ready to play, and says what would help"                           },
    {"stress",  chr_cmd_stress,  "finds out what this machine can bear, and whether it bears less"     },
    {"doc",     chr_cmd_doc,
     "prints the reference: chronus doc modules, chronus doc transforms, chronus doc errors, "
     "chronus doc --json"                                                                              },
};
enum { N_COMMANDS = sizeof commands / sizeof *commands };

static void print_help(void) {
    printf("Chronus " CHRONUS_VERSION ": music in lines of text, rewritten while they play.\n\n"
           "  chronus                      reads statements from the keyboard, or from a pipe, and "
           "plays them\n");
    for (int i = 0; i < N_COMMANDS; i++)
        printf("  chronus %-20s %s\n", commands[i].name, commands[i].doc);
    printf("  chronus --version\n\n"
           "Each command says more with --help. FILE is - for standard input.\n\n"
           "Examples:\n"
           "  chronus run examples/deep_groove.chr --watch\n"
           "  chronus render examples/deep_groove.chr -o groove.flac --bars 16\n"
           "  chronus render a.chr -o out.wav --eval-at \"bar 5\" b.chr --type-at 12s 'mute kick'\n"
           "  echo 'patch vco > filter > out' | chronus check -\n\n"
           "Exit codes: 0 good, 1 an error in a script, 2 an error on the command line, 3 a file "
           "or a device\n"
           "could not be used, 4 something is worse than it was (stress), 70 memory is out or a "
           "fault of ours, 130 interrupted.\n"
           "NO_COLOR=1 leaves out colours; CHRONUS_ISA=x86-64|x86-64-v3|x86-64-v4 chooses the "
           "kernels.\n");
}

static int print_version(void) {
    printf("chronus " CHRONUS_VERSION "\n");
#ifdef CHRONUS_HAS_READLINE
    printf("with GNU readline: this binary is under the GPL, version 3 or later; the sources are "
           "under the MIT licence\n");
#else
    printf("MIT licence\n");
#endif
    return CHR_EXIT_OK;
}

static const chr_command_line top = {
    .command = "", .use = "chronus COMMAND [options], or chronus alone", .about = ""};

static int no_such(const char *word) {
    if (word[0] == '-') {
        const char *known[32] = {"--help", "--version"};
        int n = 2;
        for (int i = 0; n < 32 && chr_prompt_option(i); i++)
            known[n++] = chr_prompt_option(i);
        const char *near = chr_nearest(word, known, n);
        if (near)
            return chr_usage(&top, "there is no option %s; did you mean %s?", word, near);
        return chr_usage(&top, "there is no option %s", word);
    }
    size_t n = strlen(word);
    if (n > 4 && strcmp(word + n - 4, ".chr") == 0)
        return chr_usage(&top, "what is to be done with %s? chronus run %s plays it", word, word);
    const char *names[N_COMMANDS];
    for (int i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i].name;
    const char *near = chr_nearest(word, names, N_COMMANDS);
    if (near)
        return chr_usage(&top, "there is no command %s; did you mean %s?", word, near);
    return chr_usage(&top, "there is no command %s", word);
}

static int dispatch(int argc, char **argv) {
    if (argc < 2)
        return chr_cmd_prompt(0, argv);
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        print_help();
        return CHR_EXIT_OK;
    }
    if (strcmp(word, "--version") == 0)
        return print_version();
    for (int i = 0; i < N_COMMANDS; i++)
        if (strcmp(word, commands[i].name) == 0)
            return commands[i].run(argc - 2, argv + 2);
    if (chr_prompt_knows(word))
        return chr_cmd_prompt(argc - 1, argv + 1);
    return no_such(word);
}

/* True if standard output is a pipe whose reader has gone: chronus list | head. Nobody wants the
 * rest. */
static bool reader_has_gone(void) {
    struct pollfd p = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&p, 1, 0) == 1 && (p.revents & POLLERR);
}

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN); /* a reader that has gone is a failed write, told below */
    signal(SIGXFSZ, SIG_IGN); /* and so is a file that may not grow */
    int code = dispatch(argc, argv);
    bool lost = ferror(stdout) != 0;
    lost = fflush(stdout) != 0 || lost;
    if (!lost || reader_has_gone())
        return code;
    chr_show_error("the output could not be written%s%s", errno ? ": " : "",
                   errno ? strerror(errno) : "");
    return code ? code : CHR_EXIT_IO;
}
