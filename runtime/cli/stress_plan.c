/* runtime/cli/stress_plan.c: reads plans and writes the scripts that they ask for.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/stress_plan.h"

#include "lang/diag.h"
#include "runtime/cli/cli.h"

#include <jansson.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* A number of a plan: its key, where it goes, its bounds, and what it is when it is not given. */
typedef struct number_key {
    const char *key;
    size_t offset;
    double least, most, usual;
} number_key;

static const number_key plan_keys[] = {
    {"rate_hz",           offsetof(chr_stress_plan, rate_hz),   8000, 192000, 48000},
    {"block",             offsetof(chr_stress_plan, block),     16,   8192,   256  },
    {"tolerance_percent", offsetof(chr_stress_plan, tolerance), 0,    10000,  25   },
};
static const number_key stage_keys[] = {
    {"seconds",           offsetof(chr_stress_stage, seconds),     0.1, 86400, 5},
    {"voices",            offsetof(chr_stress_stage, voices),      0,   1024,  0},
    {"events_per_second", offsetof(chr_stress_stage, events),      0,   20000, 0},
    {"swaps_per_second",  offsetof(chr_stress_stage, swaps),       0,   100,   0},
    {"delay_ms",          offsetof(chr_stress_stage, delay_ms),    0,   1000,  0},
    {"delay_every",       offsetof(chr_stress_stage, delay_every), 1,   1e6,   1},
};
enum {
    N_PLAN_KEYS = sizeof plan_keys / sizeof *plan_keys,
    N_STAGE_KEYS = sizeof stage_keys / sizeof *stage_keys,
    MOST_KEYS = 10
};

typedef struct reading {
    const char *path;
    char where[CHR_STRESS_NAME + 16]; /* "stage busy", "the plan" */
    bool failed;
} reading;

static void fault(reading *r, const char *key, const char *what) {
    chr_show_error("%s: %s, \"%s\": %s", r->path, r->where, key, what);
    r->failed = true;
}

static void read_numbers(reading *r, const json_t *object, const number_key *keys, int n,
                         void *to) {
    for (int i = 0; i < n; i++) {
        const json_t *given = json_object_get(object, keys[i].key);
        double x = given ? json_number_value(given) : keys[i].usual;
        if (given && (!json_is_number(given) || !(x >= keys[i].least && x <= keys[i].most))) {
            char said[100];
            snprintf(said, sizeof said, "a number from %g to %g is needed", keys[i].least,
                     keys[i].most);
            fault(r, keys[i].key, said);
        }
        memcpy((char *)to + keys[i].offset, &x, sizeof x);
    }
}

/* Reports what an object has beside the keys that it may have. */
static void refuse_others(reading *r, json_t *object, const number_key *keys, int n,
                          const char *const *more, int n_more) {
    const char *known[MOST_KEYS], *key;
    json_t *unused;
    int n_known = 0;
    for (int i = 0; i < n; i++)
        known[n_known++] = keys[i].key;
    for (int i = 0; i < n_more; i++)
        known[n_known++] = more[i];
    json_object_foreach(object, key, unused) {
        bool found = false;
        for (int i = 0; i < n_known; i++)
            found = found || strcmp(known[i], key) == 0;
        const char *near = found ? NULL : chr_nearest(key, known, n_known);
        char said[200];
        snprintf(said, sizeof said,
                 near ? "there is nothing of that name; did you mean \"%s\"?"
                      : "there is nothing of that name",
                 near);
        if (!found)
            fault(r, key, said);
    }
}

/* The path of a script, as seen from the folder of the plan. */
static char *beside(const char *plan, const char *script) {
    const char *slash = strrchr(plan, '/');
    size_t folder = slash && script[0] != '/' ? (size_t)(slash + 1 - plan) : 0;
    char *path = malloc(folder + strlen(script) + 1);
    if (path) {
        memcpy(path, plan, folder);
        strcpy(path + folder, script);
    }
    return path;
}

static void read_stage(reading *r, json_t *object, chr_stress_plan *plan) {
    static const char *const more[] = {"name", "script"};
    chr_stress_stage *s = &plan->stages[plan->n_stages++];
    const char *name = json_string_value(json_object_get(object, "name"));
    const json_t *script = json_object_get(object, "script");
    snprintf(r->where, sizeof r->where, "stage %d", plan->n_stages);
    if (!json_is_object(object) || !name || !*name || strlen(name) >= sizeof s->name) {
        fault(r, "name", "each stage is an object with a name of 1 to 63 bytes");
        return;
    }
    snprintf(r->where, sizeof r->where, "stage %s", name);
    strcpy(s->name, name);
    for (int i = 0; i < plan->n_stages - 1; i++)
        if (strcmp(plan->stages[i].name, name) == 0)
            fault(r, "name", "two stages are called so");
    refuse_others(r, object, stage_keys, N_STAGE_KEYS, more, 2);
    read_numbers(r, object, stage_keys, N_STAGE_KEYS, s);
    if (!script)
        return;
    if (!json_is_string(script))
        fault(r, "script", "the path of a script is needed, in quotes");
    else if (!(s->script = beside(r->path, json_string_value(script))))
        fault(r, "script", "memory is out");
}

static void read_plan(reading *r, json_t *root, chr_stress_plan *plan) {
    static const char *const more[] = {"stages"};
    json_t *stages = json_object_get(root, "stages"), *stage;
    size_t i;
    snprintf(r->where, sizeof r->where, "the plan");
    refuse_others(r, root, plan_keys, N_PLAN_KEYS, more, 1);
    read_numbers(r, root, plan_keys, N_PLAN_KEYS, plan);
    if (!json_is_array(stages) || json_array_size(stages) == 0 ||
        json_array_size(stages) > CHR_STRESS_STAGES) {
        fault(r, "stages", "a list of 1 to 64 stages is needed");
        return;
    }
    json_array_foreach(stages, i, stage) read_stage(r, stage, plan);
}

int chr_stress_read(const char *path, chr_stress_plan *plan) {
    char *text;
    size_t len;
    json_error_t error;
    memset(plan, 0, sizeof *plan);
    int code = chr_read_script(path, &text, &len);
    if (code)
        return code;
    json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    free(text);
    if (!root || !json_is_object(root)) {
        if (root)
            chr_show_error("%s: a plan is an object: {\"stages\": [ ... ]}", path);
        else
            chr_show_error("%s:%d:%d: %s", path, error.line, error.column, error.text);
        json_decref(root);
        return CHR_EXIT_SCRIPT;
    }
    reading r = {.path = path};
    read_plan(&r, root, plan);
    json_decref(root);
    if (r.failed)
        chr_stress_free(plan);
    return r.failed ? CHR_EXIT_SCRIPT : CHR_EXIT_OK;
}

void chr_stress_free(chr_stress_plan *plan) {
    for (int i = 0; i < plan->n_stages; i++)
        free(plan->stages[i].script);
    plan->n_stages = 0;
}

/* ---- the scripts ---- */

enum { VOICES_EACH = 64, LOWEST_NOTE = 36, PINGS = 16 };

static void print_held(FILE *to, int number, int voices) {
    fprintf(to,
            "patch held%d voices=%d: saw > lpf 1200 > env release=20ms > gain -40dB > out\n"
            "melody held%d step=1 bar: [",
            number, voices, number);
    for (int i = 0; i < voices; i++)
        fprintf(to, "%sm%d", i ? "," : "", LOWEST_NOTE + i);
    fprintf(to, "]\n");
}

/* At tempo 120 a step of 1/64 begins 32 times a second. */
static void print_short(FILE *to, int number, double per_second) {
    static const struct {
        const char *step;
        double per_second;
    } steps[] = {
        {"1/64", 32 },
        {"1/16", 8  },
        {"1/4",  2  },
        {"1",    0.5},
    };
    size_t i = 0;
    while (i < sizeof steps / sizeof *steps - 1 && per_second < steps[i].per_second)
        i++;
    fprintf(to,
            "patch ping%d: sine > env attack=1ms decay=20ms sustain=0 > gain -40dB > out\n"
            "sequence ping%d step=%s: x*%.0f\n",
            number, number, steps[i].step, fmax(1, round(per_second / steps[i].per_second)));
}

char *chr_stress_script(const chr_stress_stage *s) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    fprintf(to, "force: tempo 120\npatch moved: saw 110 > lpf 800 > gain -40dB > out\n");
    for (int left = (int)s->voices, i = 1; left > 0; left -= VOICES_EACH, i++)
        print_held(to, i, left < VOICES_EACH ? left : VOICES_EACH);
    int pings = s->events <= 0 ? 0 : s->events < PINGS * 8 ? 1 : PINGS;
    for (int i = 1; i <= pings; i++)
        print_short(to, i, s->events / pings);
    fprintf(to, "play\n");
    bool bad = ferror(to) != 0;
    if (fclose(to) != 0 || bad) {
        free(text);
        return NULL;
    }
    return text;
}

const char *chr_stress_change(uint64_t n) {
    static const char *const changes[] = {
        "set moved lpf.cutoff=1200",
        "patch guest: sine 330 > gain -50dB > out",
        "patch moved: saw 110 > lpf 800 > hpf 60 > gain -40dB > out",
        "set moved lpf.cutoff=600",
        "remove guest",
        "patch moved: saw 110 > lpf 800 > gain -40dB > out",
    };
    return changes[n % (sizeof changes / sizeof *changes)];
}
