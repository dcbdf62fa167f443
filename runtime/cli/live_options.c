/* runtime/cli/live_options.c: the options of whatever plays live: one table, read in one place.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/live.h"

enum {
    DEVICE,
    RATE,
    BLOCK,
    NULL_DEVICE,
    CHANNELS,
    INPUTS,
    SEED,
    NO_CEILING,
    STATS_JSON,
    NO_JOURNAL,
};

/* Those that choose a device come first: some commands have these alone. */
const chr_option chr_live_option_table[CHR_LIVE_OPTIONS] = {
    [DEVICE] = {"--device",     "-d", "NAME",
                "a sound device: its number, or a part of its name (chronus devices)"                },
    [RATE] = {"--rate",       NULL, "HZ",
                "samples a second, 8000 to 192000; 48000, or what the device has"                    },
    [BLOCK] = {"--block",      NULL, "N",
                "frames that the device asks for at a time; changes no sample"                       },
    [NULL_DEVICE] = {"--null",       NULL, NULL,   "plays in real time, but to no device"                 },
    [CHANNELS] = {"--channels",   NULL, "N",    "output channels, 2 to 16; 2"                          },
    [INPUTS] = {"--inputs",     NULL, "N",    "channels of the device that `input` hears, 0 to 16; 0"},
    [SEED] = {"--seed",       NULL, "N",    "another seed for every chance"                        },
    [NO_CEILING] = {"--no-ceiling", NULL, NULL,
                "leaves out the ceiling, and the 1.5 ms that it looks ahead"                         },
    [STATS_JSON] = {"--stats-json", NULL, "FILE",
                "writes what `stats` tells as JSON, a line each second; -: to standard error"        },
    [NO_JOURNAL] = {"--no-journal", NULL, NULL,   "what is played is not written down"                   },
};

bool chr_live_take_option(const chr_command_line *line, int option, chr_live_options *live,
                          int *code) {
    if (option < CHR_ARG_SHARED)
        return false;
    const char *name = line->shared[option - CHR_ARG_SHARED].name, *value = line->values[0];
    long n = 0;
    bool good = true;
    switch (option - CHR_ARG_SHARED) {
    case DEVICE:
        live->want.device = value;
        break;
    case RATE:
        good = chr_arg_int(line, name, value, 8000, 192000, &n);
        live->want.rate_hz = (double)n;
        break;
    case BLOCK:
        good = chr_arg_int(line, name, value, 1, 65536, &n);
        live->want.block = (int)n;
        break;
    case NULL_DEVICE:
        live->null = true;
        break;
    case CHANNELS:
        good = chr_arg_int(line, name, value, 2, 16, &n);
        live->want.n_channels = (int)n;
        break;
    case INPUTS:
        good = chr_arg_int(line, name, value, 0, 16, &n);
        live->want.n_inputs = (int)n;
        break;
    case SEED:
        good = chr_arg_int(line, name, value, 0, 0x7fffffffffffffffL, &n);
        live->seed = (uint64_t)n;
        break;
    case NO_CEILING:
        live->no_ceiling = true;
        break;
    case STATS_JSON:
        live->stats_json = value;
        break;
    case NO_JOURNAL:
        live->no_journal = true;
        break;
    default:
        break;
    }
    *code = good ? CHR_EXIT_OK : CHR_EXIT_USAGE;
    return true;
}
