/* tests/breaking/program_sound.c: statements that mean something, by chance. What modules there
 * are, what their parameters are called and may be is read from the descriptors and from the
 * library's own scripts. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "tests/breaking/program.h"
#include "tests/support/random_pattern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ONE_OF(p, ...)                                                                             \
    ((const char *const[]){__VA_ARGS__}[program_roll(                                              \
        p, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static bool chance(program *p, uint32_t percent) {
    return program_roll(p, 100) < percent;
}

/* ---- values ---- */

/* In its range; at an end of it now and then. */
static double number_in(program *p, const chr_param_info *i) {
    double min = (double)i->min, max = (double)i->max, x = program_roll(p, 1001) / 1000.0;
    if (chance(p, 6))
        return chance(p, 50) ? min : max;
    if (i->unit == CHR_UNIT_S)
        max = fmin(max, 1.5);
    if (i->curve == CHR_LOG && min > 0)
        return min * pow(max / min, x);
    return min + (max - min) * x;
}

static void add_number(program *p, const chr_param_info *i) {
    double v = number_in(p, i);
    if (i->unit == CHR_UNIT_S && chance(p, 50))
        program_add(p, "%.4gms", v * 1000);
    else if (i->unit == CHR_UNIT_DB)
        program_add(p, "%.3gdB", v);
    else if (i->unit == CHR_UNIT_HZ && chance(p, 40))
        program_add(p, "%.5gHz", v);
    else
        program_add(p, "%.5g", v);
}

static void add_choice(program *p, const char *choices) {
    uint32_t n = 1;
    for (const char *c = choices; *c; c++)
        n += *c == '|';
    for (uint32_t k = program_roll(p, n); k > 0; k--)
        choices = strchr(choices, '|') + 1;
    program_add(p, "%.*s", (int)strcspn(choices, "|"), choices);
}

/* A number that moves between two of its range. */
static void add_moving(program *p, const chr_param_info *i) {
    double a = number_in(p, i), b = number_in(p, i);
    switch (program_roll(p, 4)) {
    case 0:
        program_add(p, "%.4g+lfo(%.2g)*%.3g", (a + b) / 2, 0.1 + program_roll(p, 80) / 10.0,
                    (b - a) / 2);
        break;
    case 1:
        program_add(p, "(lfo %.2g shape=%s > range %.4g %.4g)", 0.1 + program_roll(p, 80) / 10.0,
                    ONE_OF(p, "sine", "triangle", "square"), a, b);
        break;
    case 2:
        program_add(p, "%.4g + %.4g*vel", a, b - a);
        break;
    default:
        program_add(p, "min(%.4g, %.4g+abs(lfo(3))*%.3g)", fmax(a, b), fmin(a, b), fabs(b - a));
    }
}

static void add_keys(program *p, const chr_module *m, const char *open, const char *between,
                     uint32_t most) {
    uint32_t n = m->n_params ? program_roll(p, most + 1) : 0;
    uint32_t from = m->n_params ? program_roll(p, (uint32_t)m->n_params) : 0;
    for (uint32_t k = 0; k < n && k < (uint32_t)m->n_params; k++) {
        const chr_param_info *i = &m->params[(from + k) % (uint32_t)m->n_params];
        program_add(p, "%s%s=", k ? between : open, i->word);
        if (i->choices)
            add_choice(p, i->choices);
        else if (i->normal == CHR_NORMAL_FREQ && chance(p, 40))
            program_add(p, "freq*%s", ONE_OF(p, "1", "0.5", "1.5", "2"));
        else if (chance(p, 20) && i->unit != CHR_UNIT_S && i->normal != CHR_NORMAL_IN)
            add_moving(p, i);
        else
            add_number(p, i);
    }
}

/* ---- modules ---- */

static bool is_source(const chr_module *m) {
    return strcmp(m->group, "Oscillators") == 0;
}

/* One sound in, one sound out, and every word of it can be left out. */
static bool is_effect(const chr_module *m) {
    return !is_source(m) && m->n_inputs > 0 && m->inputs[0].kind == CHR_AUDIO &&
           m->shape != CHR_SUM && strcmp(m->name, "prev") != 0 && strcmp(m->name, "restrike") != 0;
}

static const chr_module *some_module(program *p, bool (*fits)(const chr_module *)) {
    const chr_module *const *modules = chr_registry_modules();
    for (;;) {
        const chr_module *m = modules[program_roll(p, (uint32_t)chr_registry_count())];
        if (!m->hidden && fits(m))
            return m;
    }
}

static void add_source(program *p);

static void add_plain_source(program *p) {
    const chr_module *m = some_module(p, is_source);
    program_add(p, "%s", m->name);
    if (strcmp(m->name, "noise") && strcmp(m->name, "input") && chance(p, 60))
        program_add(p, " %s",
                    ONE_OF(p, "110", "220", "55.5", "C3", "330Hz", "freq", "freq*1.01", "440"));
    else
        add_keys(p, m, " ", " ", 2);
}

static void add_source(program *p) {
    switch (p->depth++ > 2 ? 0 : program_roll(p, 9)) {
    case 0:
    case 1:
    case 2:
        add_plain_source(p);
        break;
    case 3:
        program_add(p, "(");
        add_plain_source(p);
        program_add(p, ") %s (", ONE_OF(p, "+", "-", "*"));
        add_plain_source(p);
        program_add(p, ")");
        break;
    case 4:
        program_add(p, "%s [%u %u %g] > %s", ONE_OF(p, "saw", "sine", "vco", "triangle"),
                    50 + program_roll(p, 300), 50 + program_roll(p, 300),
                    60.5 + program_roll(p, 99), ONE_OF(p, "spread", "mix"));
        break;
    case 5:
        program_add(p, "[for i in 1..%u: sine 55*i > gain 0.2] > mix", 1 + program_roll(p, 12));
        break;
    case 6:
        program_add(p, "0.4*%s(%u)", ONE_OF(p, "saw", "sine", "square"), 60 + program_roll(p, 400));
        break;
    case 7:
        program_add(p, "%s",
                    ONE_OF(p, "two(110, 3)", "two(freq)", "hum 80", "hum", "hum depth=0.2"));
        break;
    default:
        program_add(p, "(");
        add_source(p);
        program_add(p, " > lpf %u)", 200 + program_roll(p, 3000));
    }
    p->depth--;
}

static void add_effect(program *p) {
    const chr_module *m = some_module(p, is_effect);
    switch (program_roll(p, 12)) {
    case 0:
        program_add(p, " > (in + %.2g*%s)", program_roll(p, 90) / 100.0,
                    ONE_OF(p, "reverb(in=in)", "delay(0.1, in=in)", "hpf(300, in=in)"));
        return;
    case 1:
        program_add(p, " > in*%.2g", 0.1 + program_roll(p, 9) / 10.0);
        return;
    case 2:
        program_add(p, " > soft(in)");
        return;
    case 3:
        program_add(p, " > vca perc(decay=%.2g)", 0.05 + program_roll(p, 10) / 10.0);
        return;
    default:
        program_add(p, " > %s", m->name);
        add_keys(p, m, " ", " ", 3);
    }
    if (chance(p, 10))
        program_add(p, " as stage%u", (unsigned)p->n % 97);
}

/* ---- statements ---- */

static const char *patch(program *p) {
    return p->n_patches ? p->patches[program_roll(p, (uint32_t)p->n_patches)] : NULL;
}
static const char *instrument(program *p) {
    return p->n_instruments ? p->instruments[program_roll(p, (uint32_t)p->n_instruments)] : NULL;
}
static const char *owner(program *p) {
    return p->n_patches && (chance(p, 50) || !p->n_instruments) ? patch(p) : instrument(p);
}

static void add_patch(program *p) {
    char *name = p->patches[p->n_patches < 8 ? p->n_patches : (int)program_roll(p, 8)];
    bool fresh = p->n_patches < 8;
    if (fresh)
        snprintf(name, sizeof p->patches[0], "p%d", p->n_patches);
    program_add(p, "patch %s", name);
    if (chance(p, 25))
        program_add(p, " voices=%u", 1 + program_roll(p, 7));
    if (chance(p, 10))
        program_add(p, " fade=%s", ONE_OF(p, "1 beat", "50ms", "1/8"));
    program_add(p, ": ");
    add_source(p);
    for (uint32_t k = program_roll(p, 4); k > 0; k--)
        add_effect(p);
    if (chance(p, 20))
        program_add(p, " > env attack=%ums release=%ums", program_roll(p, 80),
                    5 + program_roll(p, 500));
    program_add(p, "%s > out\n",
                chance(p, 60)   ? " > gain -12dB"
                : chance(p, 50) ? " > pan 0.3"
                                : "");
    p->n_patches += fresh;
}

/* A library instrument, with values from the ends of its parameters' ranges. */
static void add_create(program *p) {
    const chr_library_file *f = &chr_stdlib[program_roll(p, (uint32_t)chr_stdlib_count)];
    if (p->n_instruments >= 8)
        return;
    snprintf(p->instruments[p->n_instruments], sizeof p->instruments[0], "%.10s%d", f->name,
             p->n_instruments);
    program_add(p, "create %s %s", p->instruments[p->n_instruments++], f->name);
    for (const char *line = f->text; (line = strstr(line, "\n  param ")) != NULL; line++) {
        char word[24], from[24], to[24];
        if (sscanf(line, "\n  param %23[a-z0-9_] = %*s in %23[^. \n]..%23s", word, from, to) == 3 &&
            chance(p, 15))
            program_add(p, " %s=%s", word, chance(p, 50) ? from : to);
    }
    program_add(p, "\n");
}

static void add_pattern(program *p) {
    const char *name = chance(p, 85) ? instrument(p) : owner(p);
    char steps[400], transforms[300] = "";
    random_pattern r = {.seed = ((uint64_t)program_roll(p, UINT32_MAX) << 8) + 1,
                        .grid = chance(p, 50),
                        .chances = true,
                        .holds = true};
    random_steps(&r, steps, sizeof steps);
    if (chance(p, 50))
        random_transforms(&r, 3, transforms, sizeof transforms);
    if (!name || strlen(steps) > sizeof steps - 8)
        return;
    program_add(p, "%s %s%s%s: %s%s\n", r.grid ? "sequence" : "melody", name,
                chance(p, 15) ? "/more" : "",
                chance(p, 30) ? ONE_OF(p, " step=1/8", " bars=2", " swing=58%", " step=1/16") : "",
                steps, transforms);
}

static void add_time(program *p) {
    switch (program_roll(p, 8)) {
    case 0:
        program_add(p, "tempo %u\n", 40 + program_roll(p, 400));
        break;
    case 1:
        program_add(p, "meter %s\n", ONE_OF(p, "3/4", "7/8", "4/4", "5/4"));
        break;
    case 2:
        program_add(p, "swing %u%%\n", 50 + program_roll(p, 25));
        break;
    case 3:
        program_add(p, "key \"%s\"\n", ONE_OF(p, "C minor", "A major", "D dorian"));
        break;
    case 4:
        program_add(p, "seed %u\n", program_roll(p, 1000));
        break;
    case 5:
        program_add(p, "tempo %u to %u over %u bars\n", 60 + program_roll(p, 100),
                    60 + program_roll(p, 200), 1 + program_roll(p, 4));
        break;
    case 6:
        program_add(p, "tuning \"%s\"\n", ONE_OF(p, "just", "19-equal", "werckmeister3"));
        break;
    default:
        program_add(p, "quantize %s\n", ONE_OF(p, "1 beat", "1/4", "off", "2 bars"));
    }
}

/* On something that is there. */
static void add_deed(program *p) {
    const char *who = owner(p), *played = instrument(p);
    if (!who)
        return;
    switch (program_roll(p, 14)) {
    case 0:
        program_add(p, "set %s gain=-%udB%s\n", who, program_roll(p, 20),
                    chance(p, 30) ? " over 1 beat" : "");
        break;
    case 1:
        program_add(p, "%s.pan = %.2g\n", who, program_roll(p, 200) / 100.0 - 1);
        break;
    case 2:
        program_add(p, "add %s to %s amount=0.%u\n",
                    ONE_OF(p, "reverb", "delay", "chorus", "drive"), who, 1 + program_roll(p, 8));
        break;
    case 3:
        program_add(p, "%s %s\n", ONE_OF(p, "mute", "solo", "unmute", "unsolo"), who);
        break;
    case 4:
        program_add(p, "automate %s.gain: 0.2 at bar 1, 0.%u at bar 2%s\n", who, program_roll(p, 9),
                    ONE_OF(p, "", " exp", " smooth", " step"));
        break;
    case 5:
        program_add(p, "at bar %u: mute %s\n", 1 + program_roll(p, 3), who);
        break;
    case 6:
        program_add(p, "every %s: {\n  set %s gain=0.%u\n  play\n}\n",
                    ONE_OF(p, "1 bar", "2 beats", "1/4"), who, 1 + program_roll(p, 8));
        break;
    case 7:
        program_add(p, "after %s: unmute %s\n", ONE_OF(p, "1 bar", "1 beat"), who);
        break;
    case 8:
        program_add(p, "make %s %s\n", who,
                    ONE_OF(p, "darker", "louder", "brighter", "softer by 20%"));
        break;
    case 9:
        program_add(p, "bus room: reverb size=0.%u > out\nsend %s to room 0.%u\n",
                    1 + program_roll(p, 8), who, program_roll(p, 9));
        break;
    case 10:
        if (played)
            program_add(p, "section a 1 bar: %s\nsection b 2 bars: %s\narrange a*2 b\n", played,
                        who);
        break;
    case 11:
        program_add(p, "%s %s\n", ONE_OF(p, "show", "graph", "why", "roll", "help"), who);
        break;
    case 12:
        program_add(
            p, "%s\n",
            ONE_OF(p, "list", "list words", "history", "tempo", "stats", "help lpf", "volume"));
        break;
    default:
        program_add(p, "play\n");
    }
}

void program_music(program *p, int statements) {
    program_add(p, "fn two(x, n=2) = saw(x) + 0.5*saw(x*n)\nfn soft(x) = tanh(x)\n");
    program_add(
        p, "module hum \"A hum\" {\n  param pitch = 60Hz in 20Hz..2kHz log pitch \"Its pitch\"\n"
           "  param depth = 0.5 in 0..1 \"Its depth\"\n  sine(pitch)*(1 - depth*abs(lfo(3)))\n}\n");
    add_patch(p);
    add_create(p);
    program_edit(p, statements);
    program_add(p, "play\n");
}

void program_edit(program *p, int statements) {
    while (statements-- > 0)
        switch (program_roll(p, 10)) {
        case 0:
        case 1:
        case 2:
            add_patch(p);
            break;
        case 3:
            add_create(p);
            break;
        case 4:
        case 5:
            add_pattern(p);
            break;
        case 6:
            add_time(p);
            break;
        default:
            add_deed(p);
        }
}
