/* tests/contract/descriptors.c: what every module says of itself holds together.
 *
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EXPECT(condition, ...)                                                                     \
    do {                                                                                           \
        if (!(condition))                                                                          \
            fail_msg(__VA_ARGS__);                                                                 \
    } while (0)

static int count(void) {
    return chr_registry_count();
}
static const chr_module *module(int i) {
    return chr_registry_modules()[i];
}

static bool is_line(const char *text) {
    return text && text[0] && strlen(text) < 120 && !strchr(text, '\n');
}
static bool is_sentence(const char *text) {
    return is_line(text) && text[strlen(text) - 1] == '.';
}

static int choices_in(const char *list) {
    int n = 1;
    for (const char *c = list; *c; c++)
        n += *c == '|';
    return n;
}

static void a_module_bears_the_name_of_its_line(void **state) {
    (void)state;
    for (int i = 0; i < count(); i++)
        EXPECT(chr_registry_find(module(i)->name) == i, "%s is not found under its name",
               module(i)->name);
    assert_int_equal(chr_registry_find("no such module"), -1);
}

static void a_module_says_what_it_is(void **state) {
    (void)state;
    for (int i = 0; i < count(); i++) {
        const chr_module *m = module(i);
        EXPECT(is_sentence(m->doc), "%s: doc is one sentence with a full stop", m->name);
        EXPECT(m->group && m->source, "%s: group and source", m->name);
        EXPECT(m->hidden || (m->example && strstr(m->example, m->name)),
               "%s: an example that has it", m->name);
        EXPECT(m->n_outputs >= 1 && m->n_outputs <= CHR_MAX_OUTPUTS, "%s: outputs", m->name);
        EXPECT(m->n_inputs <= CHR_MAX_INPUTS && m->n_params <= CHR_MAX_PARAMS, "%s: too many ports",
               m->name);
        EXPECT(m->shape == CHR_SUM ? m->weights && !m->process : m->process != NULL, "%s: kernel",
               m->name);
        EXPECT(m->shape == CHR_SUM || (m->shape == CHR_MONO) == (m->n_outputs == 1),
               "%s: stereo has two outputs", m->name);
        EXPECT(m->latency_s >= 0.0f, "%s: latency", m->name);
        EXPECT(!m->emit == !m->accept, "%s: emit and accept come together", m->name);
        EXPECT(!m->ring_rows == !m->ring_columns, "%s: a ring has rows and columns", m->name);
        for (int k = 0; k < m->n_inputs; k++)
            EXPECT(m->inputs[k].name && m->inputs[k].doc && isfinite(m->inputs[k].dflt),
                   "%s: input %d", m->name, k);
        for (int k = 0; k < m->n_outputs; k++)
            EXPECT(m->outputs[k].name && m->outputs[k].doc, "%s: output %d", m->name, k);
    }
}

static void every_default_is_inside_its_range(void **state) {
    (void)state;
    for (int i = 0; i < count(); i++)
        for (int k = 0; k < module(i)->n_params; k++) {
            const chr_param_info *p = &module(i)->params[k];
            EXPECT(isfinite(p->min) && isfinite(p->max) && p->min < p->max, "%s.%s: range",
                   module(i)->name, p->word);
            EXPECT(p->min <= p->dflt && p->dflt <= p->max, "%s.%s: default outside its range",
                   module(i)->name, p->word);
            EXPECT(p->curve != CHR_LOG || p->min > 0.0f, "%s.%s: log range from above zero",
                   module(i)->name, p->word);
            EXPECT(is_line(p->doc) && !strchr(".!", p->doc[strlen(p->doc) - 1]) &&
                       !strstr(p->doc, ". "),
                   "%s.%s: doc is one sentence without a full stop", module(i)->name, p->word);
            EXPECT(p->display && p->display[0], "%s.%s: display name", module(i)->name, p->word);
            if (p->choices)
                EXPECT(p->min == 0.0f && (int)p->max == choices_in(p->choices) - 1 &&
                           p->dflt == floorf(p->dflt),
                       "%s.%s: choices are numbered from 0", module(i)->name, p->word);
        }
}

static void words_are_words_and_appear_once(void **state) {
    (void)state;
    for (int i = 0; i < count(); i++) {
        const chr_module *m = module(i);
        const char *words[CHR_MAX_PARAMS + CHR_MAX_INPUTS];
        int n = 0;
        for (int k = 0; k < m->n_params; k++)
            words[n++] = m->params[k].word;
        for (int k = 0; k < m->n_inputs; k++)
            words[n++] = m->inputs[k].name;
        for (int a = 0; a < n; a++) {
            EXPECT(strspn(words[a], "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(words[a]),
                   "%s.%s: letters", m->name, words[a]);
            for (int b = 0; b < a; b++)
                EXPECT(strcmp(words[a], words[b]), "%s.%s: twice", m->name, words[a]);
        }
    }
}

static void the_same_word_has_the_same_unit_everywhere(void **state) {
    (void)state;
    for (int i = 0; i < count(); i++)
        for (int j = 0; j < i; j++) {
            if (module(i)->hidden || module(j)->hidden)
                continue; /* operators take numbers of any kind */
            for (int a = 0; a < module(i)->n_params; a++)
                for (int b = 0; b < module(j)->n_params; b++) {
                    const chr_param_info *p = &module(i)->params[a], *q = &module(j)->params[b];
                    EXPECT(strcmp(p->word, q->word) || p->unit == q->unit,
                           "%s.%s and %s.%s differ in unit", module(i)->name, p->word,
                           module(j)->name, q->word);
                }
        }
}

/* A build may differ from another in its kernels and its state's size, and in nothing that a player
 * sees. */
static void all_builds_say_the_same(void **state) {
    (void)state;
    static const int widths[] = {1, 4, 8, 16};
    for (const char *const *isa = chr_registry_isas(); *isa; isa++)
        for (size_t w = 0; w < sizeof widths / sizeof widths[0]; w++) {
            const chr_build *build = chr_registry_build(*isa, widths[w]);
            assert_non_null(build);
            assert_int_equal(build->lanes, widths[w]);
            assert_string_equal(build->isa, *isa);
            for (int i = 0; i < count(); i++) {
                const chr_module *m = build->modules[i], *plain = module(i);
                assert_string_equal(m->name, plain->name);
                assert_int_equal(m->n_params, plain->n_params);
                assert_int_equal(m->n_inputs, plain->n_inputs);
                assert_int_equal(m->ring_columns, plain->ring_columns);
                EXPECT(m->state_bytes == plain->state_bytes * (size_t)widths[w],
                       "%s: state of %d lanes is not %d times that of one", m->name, widths[w],
                       widths[w]);
                for (int k = 0; k < m->n_params; k++)
                    EXPECT(!strcmp(m->params[k].word, plain->params[k].word) &&
                               m->params[k].dflt == plain->params[k].dflt &&
                               m->params[k].min == plain->params[k].min &&
                               m->params[k].max == plain->params[k].max,
                           "%s.%s differs between builds", m->name, m->params[k].word);
            }
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_bears_the_name_of_its_line),
        cmocka_unit_test(a_module_says_what_it_is),
        cmocka_unit_test(every_default_is_inside_its_range),
        cmocka_unit_test(words_are_words_and_appear_once),
        cmocka_unit_test(the_same_word_has_the_same_unit_everywhere),
        cmocka_unit_test(all_builds_say_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
