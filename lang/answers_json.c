/* lang/answers_json.c: all descriptions as one JSON object, for editors.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/harmony.h"
#include "lang/make_words.h"
#include "lang/stdlib.h"
#include "lang/transforms.h"
#include "lang/visible.h"

#include <string.h>

static void print_string(FILE *to, const char *text) {
    chr_print_json(to, text ? text : "", text ? strlen(text) : 0);
}

static void print_field(FILE *to, const char *name, const char *text, bool first) {
    fprintf(to, "%s\"%s\": ", first ? "" : ", ", name);
    print_string(to, text);
}

static void print_choices(FILE *to, const char *choices) {
    fputs(", \"choices\": [", to);
    for (bool first = true; *choices; first = false) {
        char word[64];
        size_t len = strcspn(choices, "|");
        snprintf(word, sizeof word, "%.*s", (int)len, choices);
        fputs(first ? "" : ", ", to);
        print_string(to, word);
        choices += len + (choices[len] == '|');
    }
    fputc(']', to);
}

static void print_param(FILE *to, const chr_page_param *p) {
    fputs("        {", to);
    print_field(to, "word", p->word, true);
    print_field(to, "display", p->display, false);
    print_field(to, "kind", p->kind, false);
    print_field(to, "range", p->range, false);
    print_field(to, "default", p->dflt, false);
    print_field(to, "context", p->context, false);
    print_field(to, "doc", p->doc, false);
    print_field(to, "hint", p->hint, false);
    if (p->choices)
        print_choices(to, p->choices);
    if (p->info && !p->choices)
        fprintf(to, ", \"min\": %.9g, \"max\": %.9g, \"value\": %.9g, \"curve\": \"%s\"",
                (double)p->info->min, (double)p->info->max, (double)p->info->dflt,
                p->info->curve == CHR_LOG ? "log" : "lin");
    fputc('}', to);
}

static void print_ports(FILE *to, const char *name, const chr_port *ports, int n) {
    static const char *const kinds[] = {
        [CHR_AUDIO] = "audio", [CHR_CONTROL] = "control", [CHR_GATE] = "gate"};
    fprintf(to, ",\n      \"%s\": [", name);
    for (int i = 0; i < n; i++) {
        fputs(i ? ", {" : "{", to);
        print_field(to, "name", ports[i].name, true);
        print_field(to, "kind", kinds[ports[i].kind], false);
        print_field(to, "doc", ports[i].doc, false);
        fputc('}', to);
    }
    fputc(']', to);
}

static void print_module(FILE *to, const chr_page *page) {
    fputs("    {", to);
    print_field(to, "name", page->name, true);
    print_field(to, "group", page->group, false);
    print_field(to, "origin", page->origin, false);
    print_field(to, "doc", page->doc, false);
    print_field(to, "source", page->source, false);
    print_field(to, "example", page->example, false);
    print_ports(to, "inputs", page->inputs, page->n_inputs);
    print_ports(to, "outputs", page->outputs, page->n_outputs);
    fputs(",\n      \"params\": [", to);
    for (int i = 0; i < page->n_params; i++) {
        fputs(i ? ",\n" : "\n", to);
        print_param(to, &page->params[i]);
    }
    fputs("]}", to);
}

static void print_statements(FILE *to) {
    fputs("  \"statements\": [", to);
    for (int i = 0; i < chr_statements_count; i++) {
        const chr_statement_info *info = &chr_statements[i];
        fputs(i ? ",\n    {" : "\n    {", to);
        print_field(to, "word", info->word, true);
        print_field(to, "group", info->group, false);
        fprintf(to, ", \"available\": %s", info->available ? "true" : "false");
        print_field(to, "usage", info->usage, false);
        print_field(to, "doc", info->doc, false);
        print_field(to, "example", info->example, false);
        fputc('}', to);
    }
    fputs("\n  ],\n", to);
}

static void print_words(FILE *to) {
    fputs("  \"words\": [", to);
    for (int i = 0; i < chr_music_words_count; i++) {
        const chr_music_word *w = &chr_music_words[i];
        fputs(i ? ",\n    {" : "\n    {", to);
        print_field(to, "word", w->word, true);
        print_field(to, "forms", w->forms, false);
        print_field(to, "context", chr_context_word(chr_axes[w->moves[0].axis].context), false);
        print_field(to, "opposite", w->opposite, false);
        print_field(to, "doc", w->doc, false);
        fputc('}', to);
    }
    fputs("\n  ],\n", to);
}

static void print_transforms(FILE *to) {
    fputs("  \"transforms\": [", to);
    for (int i = 0; i < chr_transforms_count; i++) {
        const chr_transform_info *info = &chr_transforms[i];
        char usage[160];
        chr_transform_usage(info, usage, sizeof usage);
        fputs(i ? ",\n    {" : "\n    {", to);
        print_field(to, "name", info->name, true);
        print_field(to, "group", info->group, false);
        print_field(to, "usage", usage, false);
        print_field(to, "doc", info->doc, false);
        print_field(to, "example", info->example, false);
        fputc('}', to);
    }
    fputs("\n  ],\n  \"grooves\": [", to);
    for (int i = 0; i < chr_grooves_count; i++) {
        fputs(i ? ",\n    {" : "\n    {", to);
        print_field(to, "name", chr_grooves[i].name, true);
        print_field(to, "doc", chr_grooves[i].doc, false);
        fputc('}', to);
    }
    fputs("\n  ],\n", to);
}

static void print_names(FILE *to, const char *what, const char *const *names, int n) {
    fprintf(to, "  \"%s\": [", what);
    for (int i = 0; i < n; i++) {
        fputs(i % 8 ? ", " : i ? ",\n    " : "\n    ", to);
        print_string(to, names[i]);
    }
    fputs("\n  ],\n", to);
}

/* What may stand in `key`, behind a chord's root, and in `tuning`. */
static void print_harmony(chr_arena *arena, FILE *to) {
    int n = 0;
    const char **scales = chr_scale_words(arena, &n);
    print_names(to, "scales", scales, n);
    const char **chords = chr_chord_words(arena, &n);
    print_names(to, "chords", chords, n);
    print_names(to, "voicings", chr_voicing_words, CHR_VOICINGS);
    const char **tunings = CHR_NEW_N(arena, const char *, chr_tunings_count);
    for (int i = 0; tunings && i < chr_tunings_count; i++)
        tunings[i] = chr_tunings[i].name;
    print_names(to, "tunings", tunings, tunings ? chr_tunings_count : 0);
}

static void print_codes(FILE *to) {
    static const struct {
        chr_code code;
        const char *format;
    } all[] = {
#define CHR_DIAG(code, severity, format, advice) {CHR_##code, format},
#include "lang/diag.def"
#undef CHR_DIAG
    };
    static const char *const severities[] = {
        [CHR_ERROR] = "error", [CHR_WARNING] = "warning", [CHR_NOTE] = "note"};
    fputs("  \"diagnostics\": [", to);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        fputs(i ? ",\n    {" : "\n    {", to);
        print_field(to, "code", chr_code_name(all[i].code), true);
        print_field(to, "severity", severities[chr_code_severity(all[i].code)], false);
        print_field(to, "format", all[i].format, false);
        fputc('}', to);
    }
    fputs("\n  ]\n", to);
}

void chr_doc_json(const chr_session *s, FILE *to) {
    chr_arena *arena = chr_arena_new(0);
    const chr_state *state = chr_session_state(s);
    int n = 0;
    const char **names = arena ? chr_page_names(s, state, arena, &n) : NULL;
    fputs("{\n  \"modules\": [", to);
    bool first = true;
    for (int i = 0; i < n && names; i++) {
        chr_page page;
        if (!chr_page_find(s, state, names[i], arena, &page))
            continue;
        fputs(first ? "\n" : ",\n", to);
        print_module(to, &page);
        first = false;
    }
    fputs("\n  ],\n", to);
    print_statements(to);
    if (arena)
        print_harmony(arena, to);
    print_words(to);
    print_transforms(to);
    print_codes(to);
    fputs("}\n", to);
    chr_arena_free(arena);
}
