/* lang/session_template.c: the script that `generate_module` writes: what it shadows, or a small
 * module to start from. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"
#include "lang/visible.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A value as the language reads it. */
static void print_value(FILE *to, float value, chr_unit unit) {
    static const char *const suffixes[CHR_UNIT_COUNT] = {
        [CHR_UNIT_HZ] = "Hz", [CHR_UNIT_S] = "s",     [CHR_UNIT_DB] = "dB",
        [CHR_UNIT_ST] = "st", [CHR_UNIT_BPM] = "bpm", [CHR_UNIT_DEG] = "deg"};
    fprintf(to, "%.6g%s", (double)value, suffixes[unit] ? suffixes[unit] : "");
}

static void print_choice(FILE *to, const char *choices, int k) {
    for (; k > 0 && strchr(choices, '|'); k--)
        choices = strchr(choices, '|') + 1;
    fprintf(to, "%.*s", (int)strcspn(choices, "|"), choices);
}

const char *chr_context_word(chr_context context) {
    static const char *const words[] = {
        [CHR_PITCH] = "pitch", [CHR_DYNAMICS] = "dynamics", [CHR_BRIGHTNESS] = "brightness",
        [CHR_SPACE] = "space", [CHR_TIME] = "time",         [CHR_MOVEMENT] = "movement",
        [CHR_GRIT] = "grit",   [CHR_RHYTHM] = "rhythm"};
    return words[context];
}

static void print_param(FILE *to, const chr_param_info *p) {
    fprintf(to, "  param %s = ", p->word);
    if (p->choices) {
        print_choice(to, p->choices, (int)p->dflt);
        fprintf(to, " in %s", p->choices);
    } else {
        print_value(to, p->dflt, p->unit);
        fputs(" in ", to);
        print_value(to, p->min, p->unit);
        fputs("..", to);
        print_value(to, p->max, p->unit);
        fputs(p->curve == CHR_LOG ? " log" : " lin", to);
    }
    fprintf(to, " %s  ", chr_context_word(p->context));
    chr_print_quoted(to, p->doc);
    fputc('\n', to);
}

/* A built-in module cannot be copied: the template is one of the same name round it, with its
 * parameters. Inside its own text the name still means the built-in one. */
static void print_wrapper(FILE *to, const chr_module *m) {
    fprintf(to, "# Your own `%s`. It begins as the built-in one; change it, then type: reload %s\n",
            m->name, m->name);
    fprintf(to,
            "# Inside this module, `%s` still means the built-in one, and `in` is the sound that "
            "comes in.\n",
            m->name);
    fprintf(to, "# A parameter is: name = default in least..greatest, how its knob travels, its "
                "kind, what it does.\n");
    fprintf(to, "module %s ", m->name);
    chr_print_quoted(to, m->doc);
    fputs(" {\n", to);
    int given = 0;
    for (int i = 0; i < m->n_params; i++)
        if (m->params[i].normal == CHR_NORMAL_NONE) {
            print_param(to, &m->params[i]);
            given++;
        }
    fprintf(to, "  # The last line is what is heard. Try: %s%s > drive 2\n", m->name,
            given ? " …" : "()");
    fprintf(to, "  %s%s", m->name, given ? "" : "()");
    for (int i = 0; i < m->n_params; i++)
        if (m->params[i].normal == CHR_NORMAL_NONE)
            fprintf(to, " %s=%s", m->params[i].word, m->params[i].word);
    fputs("\n}\n", to);
}

static void print_fresh(FILE *to, const char *name) {
    fprintf(to,
            "# Your own module `%s`. Change it, then type: reload %s\n"
            "# Use it like any other: patch saw 110 > %s cutoff=600 > out\n"
            "# A parameter is: name = default in least..greatest, how its knob travels, its kind, "
            "what it does.\n"
            "module %s \"Say in one sentence what it does\" {\n"
            "  param cutoff = 1kHz in 40Hz..12kHz log brightness  \"Where the sound gets darker\"\n"
            "  param grit = 1.5 in 1..10 log grit  \"How much it growls\"\n"
            "  # `let` names a part: this one moves slowly between -1 and 1.\n"
            "  let drift = lfo(0.2)\n"
            "  # The last line is what is heard; `in` is the sound that comes in.\n"
            "  in > lpf cutoff=cutoff*(1 + 0.2*drift) > drive grit\n"
            "}\n",
            name, name, name, name);
}

static void print_written(FILE *to, const chr_ast *module) {
    chr_span span = module->span;
    fprintf(to,
            "# Your own `%s`. It begins as the one that it stands for; change it, then type: "
            "reload %s\n",
            module->text, module->text);
    fwrite(span.source->text + span.from, 1, span.to - span.from, to);
    fputc('\n', to);
}

char *chr_module_template(const chr_session *session, const chr_state *state, const char *name) {
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    if (!to)
        return NULL;
    const chr_ast *written = chr_session_module(session, state, name);
    const chr_module *built_in = chr_session_built_in(session, name);
    if (written)
        print_written(to, written);
    else if (built_in && !built_in->hidden && built_in->shape != CHR_SUM)
        print_wrapper(to, built_in);
    else
        print_fresh(to, name);
    bool bad = ferror(to) != 0;
    if (fclose(to) != 0 || bad) {
        free(text);
        return NULL;
    }
    return text;
}
