/* runtime/cli/stress_report.c: see stress_report.h. SPDX-License-Identifier: MIT */
#include "runtime/cli/stress_report.h"

#include "runtime/cli/cli.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct chr_stress_report {
    json_t *root;
    json_t *stages; /* in it */
};

/* What is compared: the figures of which less is better, and what they vary by on a computer that
 * has other work. */
typedef struct figure {
    const char *object, *key; /* "cpu_percent", "p99"; key NULL: the number itself */
    double varies;
    const char *words, *unit;
} figure;

static const figure figures[] = {
    {"cpu_percent",       "p50",  0.3, "half of the blocks take at most",            "% of the time"},
    {"cpu_percent",       "p99",  2,   "99 of 100 blocks take at most",              "% of the time"},
    {"cpu_percent",       "p999", 5,   "999 of 1000 blocks take at most",            "% of the time"},
    {"blocks_too_long",   NULL,   2,   "that took longer than they last:",           "blocks"       },
    {"refused",           NULL,   0,   "evaluations that were refused:",             "of them"      },
    {"compile_ms",        "p99",  2,   "99 of 100 changes are compiled in",          "ms"           },
    {"swap_ms",           "p99",  0.5, "99 of 100 blocks with a change are made in", "ms"           },
    {"enter_to_sound_ms", "p99",  5,   "99 of 100 changes are heard in",             "ms"           },
    {"graph_bytes",       NULL,   1e4, "the graph takes",                            "bytes"        },
    {"state_bytes",       NULL,   1e4, "delays and other state take",                "bytes"        },
    {"resident_bytes",    NULL,   4e6, "the program takes",                          "bytes"        },
};
enum { N_FIGURES = sizeof figures / sizeof *figures };

/* NULL where the figures have no such number. */
static const json_t *number_of(const json_t *stage, const figure *f) {
    const json_t *found = json_object_get(json_object_get(stage, "figures"), f->object);
    if (f->key)
        found = json_object_get(found, f->key);
    return json_is_number(found) ? found : NULL;
}

static double value_of(const json_t *stage, const char *object, const char *key) {
    const figure f = {.object = object, .key = key};
    return json_number_value(number_of(stage, &f));
}

chr_stress_report *chr_stress_report_new(const chr_stress_plan *plan) {
    chr_stress_report *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->root =
        json_pack("{s:f, s:f, s:[]}", "rate_hz", plan->rate_hz, "block", plan->block, "stages");
    r->stages = json_object_get(r->root, "stages");
    if (r->root)
        return r;
    free(r);
    return NULL;
}

void chr_stress_report_free(chr_stress_report *r) {
    if (!r)
        return;
    json_decref(r->root);
    free(r);
}

bool chr_stress_report_add(chr_stress_report *r, const chr_stress_stage *s, const char *stats,
                           int most_voices) {
    json_t *figures_object = json_loads(stats, JSON_REJECT_DUPLICATES, NULL);
    if (!figures_object ||
        json_object_set_new(figures_object, "most_voices", json_integer(most_voices)) != 0) {
        json_decref(figures_object);
        return false;
    }
    json_t *stage =
        json_pack("{s:s, s:{s:f, s:f, s:f, s:f, s:f, s:f}, s:o}", "name", s->name, "asked",
                  "seconds", s->seconds, "voices", s->voices, "events_per_second", s->events,
                  "swaps_per_second", s->swaps, "delay_ms", s->delay_ms, "delay_every",
                  s->delay_every, "figures", figures_object);
    return stage && json_array_append_new(r->stages, stage) == 0;
}

void chr_stress_report_tell(const chr_stress_report *r, FILE *to) {
    const json_t *s = json_array_get(r->stages, json_array_size(r->stages) - 1);
    fprintf(to,
            "%-14s %.0f blocks take %.1f %% of the time, 99 of 100 at most %.1f %%, the longest "
            "%.1f %%; %.0f took too long\n",
            json_string_value(json_object_get(s, "name")), value_of(s, "cpu_percent", "n"),
            value_of(s, "cpu_percent", "p50"), value_of(s, "cpu_percent", "p99"),
            value_of(s, "cpu_percent", "max"), value_of(s, "blocks_too_long", NULL));
    fprintf(to,
            "%-14s %.0f voices; %.0f changes, 99 of 100 heard within %.1f ms, %.0f refused; "
            "%.1f MB\n",
            "", value_of(s, "most_voices", NULL), value_of(s, "applied", NULL),
            value_of(s, "enter_to_sound_ms", "p99"), value_of(s, "refused", NULL),
            value_of(s, "resident_bytes", NULL) / 1e6);
}

bool chr_stress_report_json(const chr_stress_report *r, FILE *to) {
    return json_dumpf(r->root, to, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0 &&
           fputc('\n', to) != EOF;
}

/* A name in CSV, in quotes where it needs them (RFC 4180). */
static void print_csv_name(FILE *to, const char *name) {
    if (!strpbrk(name, ",\"\r\n")) {
        fputs(name, to);
        return;
    }
    fputc('"', to);
    for (; *name; name++)
        fprintf(to, *name == '"' ? "\"\"" : "%c", *name);
    fputc('"', to);
}

static void print_csv_number(FILE *to, const char *stage, const char *object, const char *key,
                             const json_t *number) {
    print_csv_name(to, stage);
    fprintf(to, ",%s%s%s,%.9g\n", object, *key ? "." : "", key, json_number_value(number));
}

bool chr_stress_report_csv(const chr_stress_report *r, FILE *to) {
    size_t i;
    json_t *stage, *part, *number;
    fputs("stage,figure,value\n", to);
    json_array_foreach(r->stages, i, stage) {
        const char *name = json_string_value(json_object_get(stage, "name")), *object, *key;
        json_object_foreach(json_object_get(stage, "figures"), object, part) {
            if (json_is_number(part))
                print_csv_number(to, name, object, "", part);
            if (!json_is_object(part))
                continue;
            json_object_foreach(part, key, number) {
                if (json_is_number(number))
                    print_csv_number(to, name, object, key, number);
            }
        }
    }
    return !ferror(to);
}

/* ---- beside an earlier one ---- */

static const json_t *stage_called(const json_t *root, const char *name) {
    size_t i;
    json_t *stage;
    json_array_foreach(json_object_get(root, "stages"), i, stage) {
        const char *other = json_string_value(json_object_get(stage, "name"));
        if (other && strcmp(other, name) == 0)
            return stage;
    }
    return NULL;
}

static int compare_stage(const json_t *now, const json_t *then, double tolerance, FILE *to) {
    const char *name = json_string_value(json_object_get(now, "name"));
    int n_worse = 0;
    for (int i = 0; i < N_FIGURES; i++) {
        const figure *f = &figures[i];
        const json_t *a = number_of(now, f), *b = number_of(then, f);
        double was = json_number_value(b), is = json_number_value(a);
        if (!a || !b || is <= was * (1 + tolerance / 100) + f->varies)
            continue;
        fprintf(to, "%s: %s %.6g %s; it was %.6g\n", name, f->words, is, f->unit, was);
        n_worse++;
    }
    double voices = value_of(now, "most_voices", NULL),
           before = value_of(then, "most_voices", NULL);
    if (voices < before / (1 + tolerance / 100)) {
        fprintf(to, "%s: %.0f voices sound at once; there were %.0f\n", name, voices, before);
        n_worse++;
    }
    return n_worse;
}

int chr_stress_report_compare(const chr_stress_report *r, const char *path, double tolerance,
                              FILE *to) {
    json_error_t error;
    char *text;
    size_t len, i;
    int code = chr_read_script(path, &text, &len), n_worse = 0, n_compared = 0;
    if (code)
        return code;
    json_t *root = json_loadb(text, len, 0, &error), *stage;
    free(text);
    if (!root) {
        chr_show_error("%s:%d:%d: %s", path, error.line, error.column, error.text);
        return CHR_EXIT_SCRIPT;
    }
    json_array_foreach(r->stages, i, stage) {
        const char *name = json_string_value(json_object_get(stage, "name"));
        const json_t *then = stage_called(root, name);
        if (then) {
            n_worse += compare_stage(stage, then, tolerance, to);
            n_compared++;
        } else {
            fprintf(to, "%s: %s has no such stage\n", name, path);
        }
    }
    json_decref(root);
    if (!n_compared) {
        chr_show_error("%s has none of these stages: it is no report of this plan", path);
        return CHR_EXIT_SCRIPT;
    }
    if (n_worse)
        return CHR_EXIT_WORSE;
    fprintf(to, "nothing is worse than in %s, within %.3g %%\n", path, tolerance);
    return CHR_EXIT_OK;
}
