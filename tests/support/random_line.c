/* tests/support/random_line.c: statements from a seed.
 * SPDX-License-Identifier: MIT */
#include "tests/support/random_line.h"

#include <stdio.h>
#include <string.h>

static const char *const drones[] = {"ant", "bee", "cat"};
static const char *const players[] = {"dog", "elk"};

uint32_t random_of(random_lines *r, uint32_t n) {
    r->chance = r->chance * 1664525u + 1013904223u;
    return (r->chance >> 8) % n;
}

static int number(random_lines *r, int from, int to) {
    return from + (int)random_of(r, (uint32_t)(to - from + 1));
}

static const char *some_name(random_lines *r) {
    uint32_t n = random_of(r, 5);
    return n < 3 ? drones[n] : players[n - 3];
}

/* " fade=0.3", and mostly nothing. */
static void fade(random_lines *r, char *text, size_t room) {
    *text = '\0';
    if (random_of(r, 3) == 0)
        snprintf(text, room, " fade=0.%d", number(r, 1, 5));
}

static void drone(random_lines *r, const char *name, char *to, size_t room) {
    char length[20];
    int a = number(r, 60, 400), b = number(r, 60, 400), c = number(r, 1, 9);
    fade(r, length, sizeof length);
    switch (random_of(r, 9)) {
    case 0:
        snprintf(to, room, "patch %s%s: saw %d > lpf %d > gain -15dB > out", name, length, a,
                 10 * b);
        break;
    case 1:
        snprintf(to, room, "patch %s%s: saw %d > ladder %d res=0.%d > gain -15dB > out", name,
                 length, a, 10 * b, c);
        break;
    case 2:
        snprintf(to, room, "patch %s%s: saw %d > delay 0.%d > gain -15dB > out", name, length, a,
                 c);
        break;
    case 3:
        snprintf(to, room, "patch %s%s: saw %d > (in + 0.5*delay(0.%d)) > gain -15dB > out", name,
                 length, a, c);
        break;
    case 4:
        snprintf(to, room, "patch %s%s: saw [%d %d 111] > lpf %d > mix > gain -20dB > out", name,
                 length, a, b, 20 * c + 300);
        break;
    case 5:
        snprintf(to, room,
                 "patch %s%s: (saw %d > reverb size=0.%d mix=0.4) > mix > gain -15dB > out", name,
                 length, a, c);
        break;
    case 6:
        snprintf(to, room, "patch %s%s: saw %d*(1+0.01*lfo(0.%d)) > lpf %d > gain -15dB > out",
                 name, length, a, c, 10 * b);
        break;
    case 7:
        snprintf(to, room,
                 "patch %s%s: (saw %d > lpf %d) + (sine %d > gain 0.%d) > gain -20dB > out", name,
                 length, a, 10 * b, b, c);
        break;
    default:
        snprintf(to, room, "patch %s%s: noise > lpf %d > gain -25dB > out", name, length, 10 * b);
    }
}

static void instrument(random_lines *r, const char *name, char *to, size_t room) {
    char length[20], mono[30] = "";
    int a = number(r, 30, 300);
    fade(r, length, sizeof length);
    snprintf(mono, sizeof mono, " voices=%d", number(r, 1, 5));
    switch (random_of(r, 3)) {
    case 0:
        snprintf(to, room, "patch %s%s%s: saw freq > lpf %d > env > gain -15dB > out", name, length,
                 mono, 10 * a);
        break;
    case 1:
        snprintf(to, room, "patch %s%s%s: sine freq > vca perc(decay=0.%d) > out", name, length,
                 mono, number(r, 1, 5));
        break;
    default:
        snprintf(to, room, "patch %s%s%s: saw freq > env > delay 0.%d > gain -15dB > out", name,
                 length, mono, number(r, 1, 9));
    }
}

static void melody(random_lines *r, const char *name, char *to, size_t room) {
    static const char *const steps[] = {"C3", "Eb3", "G3", ".", "Bb2", "[C4 G4]", "F3"};
    int n = snprintf(to, room, "melody %s step=1/%d:", name, 4 << random_of(r, 3));
    for (uint32_t i = 1 + random_of(r, 7); i > 0 && n > 0 && (size_t)n < room; i--)
        n += snprintf(to + n, room - (size_t)n, " %s", steps[random_of(r, 7)]);
}

void random_beginning(random_lines *r, char *text, uint32_t room) {
    char line[RANDOM_LINE];
    *text = '\0';
    for (int i = 0; i < 7; i++) {
        if (i < 3)
            drone(r, drones[i], line, sizeof line);
        else if (i < 5)
            instrument(r, players[i - 3], line, sizeof line);
        else
            melody(r, players[i - 5], line, sizeof line);
        strncat(text, line, room - strlen(text) - 2);
        strcat(text, "\n");
    }
    strncat(text, "play\n", room - strlen(text) - 1);
}

void random_line(random_lines *r, char text[RANDOM_LINE]) {
    const char *name = some_name(r);
    const size_t room = RANDOM_LINE;
    switch (random_of(r, 15)) {
    case 0:
    case 1:
    case 2:
    case 3:
        drone(r, drones[random_of(r, 3)], text, room);
        break;
    case 4:
    case 5:
        instrument(r, players[random_of(r, 2)], text, room);
        break;
    case 6:
        melody(r, players[random_of(r, 2)], text, room);
        break;
    case 7:
        snprintf(text, room, "set %s gain=0.%d", name, number(r, 1, 9));
        break;
    case 8:
        snprintf(text, room, "set %s gain=0.%d over %d beats", name, number(r, 1, 9),
                 number(r, 1, 3));
        break;
    case 9:
        snprintf(text, room, "mute %s", name);
        break;
    case 10:
        snprintf(text, room, "unmute");
        break;
    case 11:
        snprintf(text, room, "remove %s", name);
        break;
    case 12:
        snprintf(text, room, "add %s to %s", random_of(r, 2) ? "reverb mix=0.3" : "delay 0.25",
                 name);
        break;
    case 13:
        snprintf(text, room, "tempo %d", number(r, 90, 180));
        break;
    default:
        snprintf(text, room, "solo %s", name);
    }
}
