/* runtime/cli/cmd_doctor.c: `chronus doctor`: is this machine ready to play, and if not, what
 * helps. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "runtime/cli/live.h"
#include "runtime/cli/meter.h"

#include <ebur128.h>
#include <sndfile.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#ifdef CHRONUS_HAS_READLINE
#include <readline/readline.h>
#endif

static const chr_option options[] = {
    {"--no-tone", NULL, NULL, "opens the device, but plays nothing on it"},
};

#define TONE "patch sine 440 > gain -24dB > out"
#define TONE_S 1.0
#define LATENCY_GOOD_S 0.025            /* below it, playing and hearing feel as one */
#define LOCKED_GOOD ((rlim_t)256 << 20) /* bytes: more than any session of ours needs */

typedef struct doctor {
    chr_live_options want;
    bool tone;
    int n_ills;
} doctor;

/* "  good  what", or "  !!    what" and below it what helps. */
static void find(doctor *d, bool good, const char *what, const char *advice) {
    printf("  %-5s %s\n", good ? "good" : "!!", what);
    if (good)
        return;
    printf("        %s\n", advice);
    d->n_ills++;
}

static void look_at_program(doctor *d) {
    char text[256];
    puts("The program");
    snprintf(text, sizeof text, "chronus %s, kernels for %s", CHRONUS_VERSION,
             chr_registry_best_isa());
    find(d, true, text, NULL);
    find(d, true, chr_host_library() ? chr_host_library() : "built without PortAudio", NULL);
    int major, minor, patch;
    ebur128_get_version(&major, &minor, &patch);
    snprintf(text, sizeof text, "%s, libebur128 %d.%d.%d", sf_version_string(), major, minor,
             patch);
    find(d, true, text, NULL);
#ifdef CHRONUS_HAS_READLINE
    snprintf(text, sizeof text, "readline %s", rl_library_version);
    find(d, true, text, NULL);
#else
    find(d, true, "built without readline: the prompt has no history and no completion", NULL);
#endif
}

/* A number of the system's from a file of one line; "" where there is none. */
static void read_word(const char *path, char word[64]) {
    FILE *from = fopen(path, "re");
    word[0] = '\0';
    if (!from)
        return;
    if (!fgets(word, 64, from))
        word[0] = '\0';
    word[strcspn(word, "\n")] = '\0';
    fclose(from);
}

static void look_at_machine(doctor *d) {
    char text[256], governor[64];
    struct rlimit limit;
    puts("The machine");
    bool may = geteuid() == 0;
    if (getrlimit(RLIMIT_RTPRIO, &limit) == 0) {
        may |= limit.rlim_cur > 0;
        snprintf(text, sizeof text,
                 may ? "the sound may go before other work (real-time priority)"
                     : "the sound may not go before other work (no real-time "
                       "priority): a busy machine can make it stutter");
        find(d, may, text,
             "write `@audio - rtprio 95` into /etc/security/limits.d/audio.conf, add yourself to "
             "the\n        group audio (usermod -aG audio NAME), and log in again");
    }
    if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0) {
        bool enough =
            geteuid() == 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur >= LOCKED_GOOD;
        if (limit.rlim_cur == RLIM_INFINITY || enough)
            snprintf(text, sizeof text, "memory may be locked");
        else
            snprintf(text, sizeof text,
                     "only %lu MB of memory may be locked: a full machine can "
                     "make the sound stutter",
                     (unsigned long)(limit.rlim_cur >> 20));
        find(d, enough, text,
             "write `@audio - memlock unlimited` into /etc/security/limits.d/audio.conf");
    }
    read_word("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor);
    if (governor[0]) {
        bool quick = strcmp(governor, "powersave") != 0;
        snprintf(text, sizeof text, "the processor's speed is governed by `%s`", governor);
        find(d, quick, text, "for a concert: cpupower frequency-set -g performance");
    }
}

/* True if there is one. */
static bool look_at_devices(doctor *d) {
    chr_host_device devices[CHR_HOST_DEVICES];
    char text[CHR_HOST_TEXT * 2 + 80], why[CHR_HOST_TEXT];
    puts("The sound devices");
    int n = chr_host_probe(devices, why);
    if (n <= 0)
        find(d, false, why,
             "is a sound card plugged in, and does a sound server run (PipeWire, PulseAudio, "
             "JACK)?\n        aplay -l lists the cards. Until then `chronus run` and `chronus "
             "render` write files");
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%d  %s (%s, %d channel%s, %g Hz)%s", devices[i].number,
                 devices[i].name, devices[i].api, devices[i].n_channels,
                 devices[i].n_channels == 1 ? "" : "s", devices[i].rate_hz,
                 devices[i].is_default ? ", the default" : "");
        find(d, true, text, NULL);
    }
    return n > 0;
}

/* Plays the tone, or silence, for a second. */
static int play(doctor *d) {
    chr_live live;
    chr_status status;
    char text[CHR_HOST_TEXT + 200];
    puts(d->want.null ? "Playing to no device" : "Playing");
    int code = chr_live_open(&live, &d->want, &status);
    if (code)
        return code;
    if (status == CHR_NO_DEVICE) {
        find(d, false, live.why, "chronus devices lists what there is; --device NAME chooses");
        return CHR_EXIT_OK;
    }
    const chr_host_facts *facts = chr_steady_facts(live.host);
    snprintf(text, sizeof text, "%s, %g Hz", facts->device[0] ? facts->device : "no device",
             facts->rate_hz);
    find(d, true, text, NULL);
    if (facts->latency_s > 0) {
        snprintf(text, sizeof text, "%.1f ms from the engine to the ear", facts->latency_s * 1000);
        find(d, facts->latency_s < LATENCY_GOOD_S, text,
             "--block 128 makes it shorter, where the device allows it");
    }
    chr_evaluation e = {.status = CHR_OK};
    if (d->tone)
        e = chr_player_evaluate(live.player, TONE, strlen(TONE), "doctor", NULL);
    live.wants_status = false;
    code = e.status == CHR_OK && e.n_errors == 0 ? chr_live_start(&live) : CHR_EXIT_INTERNAL;
    double until_s = chr_now_s() + TONE_S;
    while (!code && chr_steady_is_heard(live.host) && chr_now_s() < until_s)
        chr_live_step(&live);
    uint64_t made = chr_player_look(live.player).clock;
    if (!code) {
        snprintf(text, sizeof text, "%.2f s of %s in %.2f s", (double)made / live.rate_hz,
                 d->tone ? "a tone at 440 Hz" : "silence", TONE_S);
        find(d, chr_steady_is_heard(live.host) && (double)made > 0.5 * TONE_S * live.rate_hz, text,
             "the device asks for no sound: is another program using it alone?");
    }
    chr_live_close(&live);
    if (!code && d->tone && !d->want.null)
        puts("        nothing heard? then look at the volume, and whether it is the right device");
    return code;
}

static int parse(chr_command_line *line, doctor *d) {
    for (;;) {
        int option = chr_args_next(line), code;
        if (option == CHR_ARG_END)
            return CHR_EXIT_OK;
        if (option == CHR_ARG_BAD)
            return CHR_EXIT_USAGE;
        if (option == CHR_ARG_HELP)
            return -1;
        if (option == CHR_ARG_FILE)
            return chr_usage(line, "\"%s\" is one word too many", line->values[0]);
        if (!chr_live_take_option(line, option, &d->want, &code))
            d->tone = false;
        else if (code)
            return code;
    }
}

int chr_cmd_doctor(int argc, char **argv) {
    chr_command_line line = {
        .command = "doctor",
        .use = "chronus doctor [options]",
        .about = "Looks whether this machine is ready to play, plays a soft tone for a second, and "
                 "says what would\nhelp where something is not as it should be.\n",
        .options = options,
        .n_options = 1,
        .shared = chr_live_option_table,
        .n_shared = CHR_LIVE_DEVICE_OPTIONS,
        .argc = argc,
        .argv = argv,
    };
    doctor d = {.want.want.n_channels = 2, .tone = true};
    int code = parse(&line, &d);
    if (code)
        return code < 0 ? CHR_EXIT_OK : code;
    look_at_program(&d);
    look_at_machine(&d);
    bool can_play = d.want.null || look_at_devices(&d);
    fflush(stdout);
    code = can_play ? play(&d) : CHR_EXIT_OK;
    if (code)
        return code;
    if (d.n_ills == 0)
        puts("\nAll is well.");
    else
        printf("\n%d thing%s could be better; the lines below each !! say how.\n", d.n_ills,
               d.n_ills == 1 ? "" : "s");
    return CHR_EXIT_OK;
}
