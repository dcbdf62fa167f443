/* tests/support/random_pattern.c: pattern text by chance.
 * SPDX-License-Identifier: MIT */
#include "tests/support/random_pattern.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct text {
    char *to;
    size_t n, used;
} text;

uint32_t random_below(random_pattern *r, uint32_t n) {
    r->seed ^= r->seed << 13;
    r->seed ^= r->seed >> 7;
    r->seed ^= r->seed << 17;
    return (uint32_t)(r->seed >> 20) % n;
}

static void __attribute__((format(printf, 2, 3))) add(text *t, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(t->to + t->used, t->n - t->used, format, arguments);
    va_end(arguments);
    t->used = t->used + (size_t)n < t->n ? t->used + (size_t)n : t->n - 1;
}

static const char *one_of(random_pattern *r, const char *const *words, uint32_t n) {
    return words[random_below(r, n)];
}
#define ONE_OF(r, ...)                                                                             \
    one_of(r, (const char *const[]){__VA_ARGS__},                                                  \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void add_word(random_pattern *r, text *t) {
    if (r->holds && random_below(r, 3) == 0)
        add(t, "%s", ONE_OF(r, ".", "_", "-"));
    else if (r->spelled)
        add(t, "%s", random_below(r, 2) == 0 ? r->grid ? "x" : "m36" : r->grid ? "X" : "m36^");
    else if (r->grid)
        add(t, "%s", ONE_OF(r, "x", "X", "o", "5"));
    else
        add(t, "%s", ONE_OF(r, "C2", "Eb3", "1", "b3", "5'", "Cm7", "m60", "V7"));
}

static void add_mods(random_pattern *r, text *t, bool in_turns) {
    if (random_below(r, 3) != 0)
        return;
    switch (random_below(r, 8)) {
    case 0:
        add(t, "*%u", 1 + random_below(r, 4));
        break;
    case 1:
        add(t, "!%u", 1 + random_below(r, 3));
        break;
    case 2:
        add(t, "@%u%s", 1 + random_below(r, 3),
            r->grid || r->spelled || in_turns ? "" : ONE_OF(r, "", ".5"));
        break;
    case 3:
        if (r->chances)
            add(t, "?%s", ONE_OF(r, "", "30%", "90%"));
        break;
    case 4:
        add(t, "%s", ONE_OF(r, "(3,8)", "(2,5)", "(3,8,2)", "(1,1)"));
        break;
    case 5:
        add(t, "~");
        break;
    case 6:
        add(t, "^");
        break;
    default:
        add(t, "*2%s", r->chances ? "?" : "^");
    }
}

static void add_steps(random_pattern *r, text *t, int depth, bool in_turns);

static void add_step(random_pattern *r, text *t, int depth, bool in_turns) {
    uint32_t kind = depth > 0 ? random_below(r, 9) : 8;
    if (kind == 0 || kind == 1) {
        add(t, "[");
        add_steps(r, t, depth - 1, false);
        for (uint32_t i = random_below(r, 3); kind == 1 && i > 0; i--) {
            add(t, ",");
            add_steps(r, t, depth - 1, false);
        }
        add(t, "]");
    } else if (kind == 2) {
        add(t, "<");
        add_steps(r, t, depth - 1, true);
        add(t, ">");
    } else if (kind == 3 && r->chances) {
        add(t, "(");
        add_steps(r, t, depth - 1, false);
        add(t, "|");
        add_steps(r, t, depth - 1, false);
        add(t, ")");
    } else {
        add_word(r, t);
    }
    add_mods(r, t, in_turns);
    add(t, " ");
}

static void add_steps(random_pattern *r, text *t, int depth, bool in_turns) {
    for (uint32_t i = 1 + random_below(r, 4); i > 0; i--)
        add_step(r, t, depth, in_turns);
}

void random_steps(random_pattern *r, char *to, size_t n) {
    text t = {to, n, 0};
    to[0] = 0;
    add_steps(r, &t, 2 + (int)random_below(r, 2), false);
}

static void add_chain(random_pattern *r, text *t, int depth);

static void add_transform(random_pattern *r, text *t, int depth) {
    static const char *const plain[] = {"rev",           "palindrome",
                                        "fast 2",        "slow 2",
                                        "fast 3/2",      "slow 1.5",
                                        "rotate 1",      "rotate -3",
                                        "early 1/16",    "late 1/8",
                                        "iter 4",        "iter -3",
                                        "linger 1/4",    "linger 2/3",
                                        "mask \"x.xx\"", "struct \"x(3,8)\"",
                                        "euclid 3 8",    "squeeze \"x.<xx x>\"",
                                        "silence",       "echo 3 1/8 60%",
                                        "ply 2",         "invert",
                                        "transpose 5",   "transpose 2 degrees",
                                        "degrees -3",    "octave 1",
                                        "arp up",        "arp updown 2",
                                        "strum 20ms",    "level 50%",
                                        "gate 50%",      "pan 0.5",
                                        "swing 60%",     "groove mpc",
                                        "shift -5ms",    "stretch 1 bar",
                                        "arp converge"};
    static const char *const drawn[] = {"shuffle 4",   "scramble 3",        "degrade",
                                        "degrade 10%", "humanize 10ms 20%", "arp random"};
    static const char *const given[] = {"every 3",  "every 4",   "within 1/4 3/4", "chunk 3",
                                        "chunk -4", "inside 2",  "off 1/8",        "superimpose",
                                        "jux",      "layer rev", "inside 1/2"};
    static const char *const chosen[] = {"sometimes", "sometimes 20%", "somerounds 50%"};
    uint32_t kind = random_below(r, depth > 0 ? 4 : 2);
    if (kind == 1 && r->chances && random_below(r, 2) == 0)
        add(t, "%s", one_of(r, drawn, sizeof drawn / sizeof drawn[0]));
    else if (kind < 2)
        add(t, "%s", one_of(r, plain, sizeof plain / sizeof plain[0]));
    else {
        add(t, "%s (",
            kind == 3 && r->chances ? one_of(r, chosen, sizeof chosen / sizeof chosen[0])
                                    : one_of(r, given, sizeof given / sizeof given[0]));
        add_chain(r, t, depth - 1);
        add(t, ")");
    }
}

static void add_chain(random_pattern *r, text *t, int depth) {
    add_transform(r, t, depth);
    for (uint32_t i = random_below(r, 2); i > 0; i--) {
        add(t, " > ");
        add_transform(r, t, depth);
    }
}

void random_transforms(random_pattern *r, int most, char *to, size_t n) {
    text t = {to, n, 0};
    to[0] = 0;
    for (uint32_t i = random_below(r, (uint32_t)most + 1); i > 0; i--) {
        add(&t, " > ");
        add_transform(r, &t, 2);
    }
}
