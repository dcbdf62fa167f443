/* lang/answers_transforms.c: what help says of transforms and grooves, from their tables.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/transforms.h"

#include <string.h>

static void print_number(FILE *to, chr_given_kind kind, double x) {
    if (kind == CHR_GIVEN_SHARE)
        fprintf(to, "%g%%", x * 100);
    else if (kind == CHR_GIVEN_TIME)
        fprintf(to, "%gms", x * 1000);
    else
        fprintf(to, "%g", x);
}

static bool has_range(const chr_given_info *g) {
    return g->kind == CHR_GIVEN_COUNT || g->kind == CHR_GIVEN_SHARE || g->kind == CHR_GIVEN_TIME ||
           g->kind == CHR_GIVEN_AMOUNT;
}

static void print_given(FILE *to, const chr_given_info *g) {
    fprintf(to, "  %-10s %s", g->word, g->what);
    if (g->kind == CHR_GIVEN_CHOICE) {
        fprintf(to, ": %s", g->choices);
    } else if (has_range(g)) {
        fputs(", ", to);
        print_number(to, g->kind, g->least);
        fputs(" to ", to);
        print_number(to, g->kind, g->greatest);
    }
    if (g->further) {
        fputs("; as many as you like", to);
    } else if (g->optional && g->kind == CHR_GIVEN_CHOICE) {
        fprintf(to, "; at first %.*s", (int)strcspn(g->choices, "|"), g->choices);
    } else if (g->optional && has_range(g)) {
        fputs("; at first ", to);
        print_number(to, g->kind, g->dflt);
    } else if (g->optional) {
        fputs("; may be left out", to);
    }
    fputc('\n', to);
}

static void print_grooves(FILE *to) {
    fputs("\n  grooves\n", to);
    for (int i = 0; i < chr_grooves_count; i++) {
        fprintf(to, "  %-10s ", chr_grooves[i].name);
        fprintf(to, "%s\n", chr_grooves[i].doc);
    }
}

bool chr_print_transform(const char *name, bool again, FILE *to) {
    int which = chr_transform_find(name);
    if (which < 0)
        return false;
    const chr_transform_info *info = &chr_transforms[which];
    char usage[160];
    chr_transform_usage(info, usage, sizeof usage);
    fprintf(to, "%s%s, a transform of patterns: ", again ? "\n" : "", info->name);
    fprintf(to, "%s\n", info->doc);
    fprintf(to, "  > %s\n", usage);
    for (const chr_given_info *g = info->given; g->kind != CHR_GIVEN_NONE; g++)
        print_given(to, g);
    if (which == CHR_TRANSFORM_groove)
        print_grooves(to);
    if (info->example[0] != '\0') {
        fputs("\n  for example\n", to);
        chr_print_indented(to, info->example, "    ");
    }
    return true;
}

void chr_print_transforms(FILE *to) {
    const char *group = "";
    for (int i = 0; i < chr_transforms_count; i++) {
        char usage[160];
        if (strcmp(group, chr_transforms[i].group) != 0) {
            group = chr_transforms[i].group;
            fprintf(to, "\n%s\n", group);
        }
        chr_transform_usage(&chr_transforms[i], usage, sizeof usage);
        fprintf(to, "  %s\n      %s\n", usage, chr_transforms[i].doc);
    }
}

void chr_doc_transforms(FILE *to) {
    fputs("# Transforms of patterns\n\n"
          "Printed by `chronus doc transforms` from the table of transforms; a test compares. They "
          "follow the steps of a\n"
          "pattern, each after a `>`; [language.md](language.md#5-patterns) says how.\n",
          to);
    const char *group = "";
    for (int i = 0; i < chr_transforms_count; i++) {
        const chr_transform_info *info = &chr_transforms[i];
        char usage[160];
        if (strcmp(group, info->group) != 0)
            fprintf(to, "\n## %s\n", group = info->group);
        chr_transform_usage(info, usage, sizeof usage);
        fprintf(to, "\n### %s\n\n`%s`: %s\n", info->name, usage, info->doc);
        if (info->given[0].kind != CHR_GIVEN_NONE)
            fputs("\n```text\n", to);
        for (const chr_given_info *g = info->given; g->kind != CHR_GIVEN_NONE; g++)
            print_given(to, g);
        if (info->given[0].kind != CHR_GIVEN_NONE)
            fputs("```\n", to);
        if (info->example[0] != '\0')
            fprintf(to, "\n```\n%s\n```\n", info->example);
    }
    fputs("\n## Grooves\n\n", to);
    for (int i = 0; i < chr_grooves_count; i++)
        fprintf(to, "- `%s`: %s\n", chr_grooves[i].name, chr_grooves[i].doc);
}
