/* runtime/cli/cmd_devices.c: `chronus devices`: what there is to play on.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"
#include "runtime/host/host.h"

int chr_cmd_devices(int argc, char **argv) {
    chr_command_line line = {
        .command = "devices",
        .use = "chronus devices",
        .about = "Lists the sound devices: number, name, system, channels, rate. A star marks the "
                 "one that is used unless\n"
                 "--device names another, by its number or a part of its name.\n",
        .argc = argc,
        .argv = argv,
    };
    int option = chr_args_next(&line);
    if (option == CHR_ARG_HELP)
        return CHR_EXIT_OK;
    if (option == CHR_ARG_BAD)
        return CHR_EXIT_USAGE;
    if (option == CHR_ARG_FILE)
        return chr_usage(&line, "\"%s\" is one word too many", line.values[0]);
    chr_host_device devices[CHR_HOST_DEVICES];
    char why[CHR_HOST_TEXT];
    int n = chr_host_probe(devices, why);
    if (n <= 0) {
        printf("%s; run renders to a file instead\n", why);
        return CHR_EXIT_OK;
    }
    for (int i = 0; i < n; i++)
        printf("%c %3d  %s  (%s, %d channel%s, %g Hz)\n", devices[i].is_default ? '*' : ' ',
               devices[i].number, devices[i].name, devices[i].api, devices[i].n_channels,
               devices[i].n_channels == 1 ? "" : "s", devices[i].rate_hz);
    return CHR_EXIT_OK;
}
