/* runtime/cli/timeline.c: moments of a rendering, as the command line writes them.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool number(const char **text, double *value) {
    char *end;
    while (**text == ' ')
        ++*text;
    if ((**text < '0' || **text > '9') && **text != '.')
        return false;
    *value = strtod(*text, &end);
    *text = end;
    return isfinite(*value) && *value <= 1e15;
}

bool chr_moment_parse(const char *text, chr_moment *moment) {
    *moment = (chr_moment){CHR_MOMENT_SECONDS, 0, 0};
    if (strncmp(text, "bar", 3) == 0) {
        text += 3;
        moment->kind = CHR_MOMENT_BAR;
        if (!number(&text, &moment->value) || moment->value < 1)
            return false;
        moment->value -= 1;
        while (*text == ' ')
            text++;
        if (strncmp(text, "beat", 4) == 0) {
            text += 4;
            if (!number(&text, &moment->beat) || moment->beat < 1)
                return false;
            moment->beat -= 1;
        }
        return !*text;
    }
    if (!number(&text, &moment->value))
        return false;
    if (strcmp(text, "smp") == 0)
        moment->kind = CHR_MOMENT_SAMPLES;
    else if (strcmp(text, "ms") == 0)
        moment->value /= 1000;
    else if (strcmp(text, "s") != 0)
        return false;
    return true;
}

uint64_t chr_moment_sample(const chr_moment *m, chr_engine *engine, double rate_hz) {
    switch (m->kind) {
    case CHR_MOMENT_SAMPLES:
        return (uint64_t)m->value;
    case CHR_MOMENT_SECONDS:
        return (uint64_t)(m->value * rate_hz + 0.5);
    case CHR_MOMENT_BAR:
        break;
    }
    double bar_beat = chr_time_map_bar_beat(chr_engine_read(engine).time, m->value);
    return chr_engine_frames_to_beat(engine, bar_beat + m->beat);
}
