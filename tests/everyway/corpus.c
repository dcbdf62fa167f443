/* tests/everyway/corpus.c: writes scripts to compare by: `corpus FOLDER N` makes one of each
 * module's own example, and N patches from seeds: a source and some effects, all parameters
 * anywhere in their ranges, some of them moving, with and without voices. SPDX-License-Identifier:
 * MIT */
#include "dsp/registry.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct dice {
    uint32_t x;
} dice;

static uint32_t roll(dice *d, uint32_t n) {
    d->x = d->x * 1664525u + 1013904223u;
    return (d->x >> 8) % n;
}

static FILE *create(const char *folder, const char *kind, const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/%s_%s.chr", folder, kind, name);
    FILE *to = fopen(path, "w");
    if (!to) {
        perror(path);
        exit(1);
    }
    return to;
}

/* A number in the range, by the parameter's own curve. */
static double somewhere(dice *d, const chr_param_info *p) {
    double part = (double)roll(d, 1001) / 1000.0, min = (double)p->min, max = (double)p->max;
    if (p->curve == CHR_LOG && min > 0)
        return min * pow(max / min, part);
    return min + (max - min) * part;
}

static void write_choice(FILE *to, dice *d, const char *choices, int n) {
    for (uint32_t skip = roll(d, (uint32_t)n); skip; skip--)
        choices = strchr(choices, '|') + 1;
    fprintf(to, "%.*s", (int)strcspn(choices, "|"), choices);
}

static void write_params(FILE *to, dice *d, const chr_module *m) {
    for (int k = 0; k < m->n_params; k++) {
        const chr_param_info *p = &m->params[k];
        if (roll(d, 3) || (p->normal != CHR_NORMAL_NONE && !p->choices))
            continue;
        fprintf(to, " %s=", p->word);
        if (p->choices)
            write_choice(to, d, p->choices, (int)p->max + 1);
        else if (roll(d, 4) || p->unit == CHR_UNIT_S)
            fprintf(to, "%.6g%s", somewhere(d, p), p->unit == CHR_UNIT_S ? "s" : "");
        else
            fprintf(to, "lfo(%.3g)*%.5g+%.5g", 0.1 + 0.1 * roll(d, 80), somewhere(d, p) * 0.2,
                    somewhere(d, p) * 0.8);
    }
}

static const chr_module *find(const char *name) {
    return chr_registry_build(chr_registry_best_isa(), 1)->modules[chr_registry_find(name)];
}

static const char *const sources[] = {"vco", "sine", "saw", "square", "pulse", "triangle", "noise"};
static const char *const effects[] = {"filter", "lpf",   "hpf",       "bpf",    "notch",
                                      "ladder", "drive", "delay",     "reverb", "chorus",
                                      "slew",   "pan",   "compressor"};
enum { SOURCES = sizeof sources / sizeof *sources, EFFECTS = sizeof effects / sizeof *effects };

static void write_patch(FILE *to, dice *d, int number) {
    uint32_t voices = roll(d, 2) ? 1 + roll(d, 12) : 0;
    fprintf(to, "patch p%d", number);
    if (voices)
        fprintf(to, " voices=%u", voices);
    fputs(": ", to);
    const char *source = sources[roll(d, SOURCES)];
    fputs(source, to);
    if (!voices && strcmp(source, "noise") != 0)
        fprintf(to, " %u", 40 + roll(d, 2000));
    write_params(to, d, find(source));
    if (voices)
        fprintf(to, roll(d, 2) ? " > env 3ms 60ms 0.5 %ums" : " > perc 1ms %ums",
                20 + roll(d, 300));
    for (uint32_t n = 1 + roll(d, 4); n; n--) {
        const char *effect = effects[roll(d, EFFECTS)];
        fprintf(to, " > %s", effect);
        write_params(to, d, find(effect));
    }
    fputs(" > gain -15dB > out\n", to);
    if (!voices)
        return;
    fprintf(to, "melody p%d step=1/%u:", number, 4u << roll(d, 3));
    static const char *const notes[] = {"C3", "Eb3", "G4", "[C4,E4,G4]", ".", "A2*3", "<D4 F5>"};
    for (uint32_t n = 3 + roll(d, 6); n; n--)
        fprintf(to, " %s", notes[roll(d, 7)]);
    fputc('\n', to);
}

int main(int argc, char **argv) {
    if (argc < 3)
        return 2;
    const chr_build *build = chr_registry_build(chr_registry_best_isa(), 1);
    for (int i = 0; i < chr_registry_count(); i++) {
        const chr_module *m = build->modules[i];
        if (m->hidden || !m->example)
            continue;
        FILE *to = create(argv[1], "module", m->name);
        fprintf(to, "%s\n", m->example);
        fclose(to);
    }
    for (int i = 0; i < atoi(argv[2]); i++) {
        char name[16];
        snprintf(name, sizeof name, "%03d", i);
        dice d = {(uint32_t)i * 2654435761u + 1};
        FILE *to = create(argv[1], "patch", name);
        fprintf(to, "tempo %u\n", 60 + roll(&d, 120));
        for (int k = 0, n = 1 + (int)roll(&d, 3); k < n; k++)
            write_patch(to, &d, k);
        fputs("play\n", to);
        fclose(to);
    }
    return 0;
}
