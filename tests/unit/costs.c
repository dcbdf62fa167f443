/* tests/unit/costs.c: what each module costs is known, and said the same everywhere.
 * SPDX-License-Identifier: MIT */
#include "dsp/costs.h"
#include "dsp/registry.h"
#include "tests/support/session_kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void every_module_has_a_cost_and_every_cost_a_module(void **state) {
    (void)state;
    const chr_build *build = chr_registry_build(chr_registry_best_isa(), 1);
    int n = 0;
    for (int i = 0; i < chr_registry_count(); i++)
        if (!chr_cost_of(build->modules[i]->name))
            fail_msg("%s is not in dsp/costs.def: tests/bench/modules.sh measures it",
                     build->modules[i]->name);
    for (const chr_cost *c; (c = chr_cost_at(n)); n++) {
        if (chr_registry_find(c->name) < 0)
            fail_msg("dsp/costs.def knows %s, which is no module", c->name);
        assert_true(c->alone > 0.0f && c->alone < 1e5f);
        assert_true(c->together > 0.0f && c->together < 1e5f);
    }
    assert_int_equal(n, chr_registry_count());
}

static void a_reverb_is_costly_and_a_gain_is_cheap(void **state) {
    (void)state;
    assert_string_equal(chr_cost_word(chr_cost_of("gain")), "cheap");
    assert_string_equal(chr_cost_word(chr_cost_of("reverb")), "costly");
    assert_null(chr_cost_of("nosuch"));
    kit k;
    kit_open(&k, false);
    assert_true(kit_type(&k, "help gain"));
    assert_non_null(strstr(k.answer, "  cheap for the computer\n"));
    assert_true(kit_type(&k, "help reverb"));
    assert_non_null(strstr(k.answer, "  costly for the computer: as much work as "));
    kit_close(&k);
}

static void the_page_of_figures_says_the_same(void **state) {
    (void)state;
    FILE *from = fopen(CHRONUS_SOURCE_DIR "/docs/performance.md", "r");
    assert_non_null(from);
    char line[1024], wanted[256];
    int n = 0;
    bool table = false;
    while (fgets(line, sizeof line, from)) {
        const chr_cost *c = chr_cost_at(n);
        if (strcmp(line, "| module | alone | in 16 lanes | |\n") == 0) {
            table = true;
        } else if (table && c && strncmp(line, "| `", 3) == 0) {
            snprintf(wanted, sizeof wanted, "| `%s` | %g | %g | %s |\n", c->name, (double)c->alone,
                     (double)c->together, chr_cost_word(c));
            char *zero; /* 7.0 is 7 */
            while ((zero = strstr(line, ".0 |")))
                memmove(zero, zero + 2, strlen(zero + 2) + 1);
            if (strcmp(line, wanted) != 0)
                fail_msg("docs/performance.md says %snot %s", line, wanted);
            n++;
        }
    }
    fclose(from);
    assert_int_equal(n, chr_registry_count());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_module_has_a_cost_and_every_cost_a_module),
        cmocka_unit_test(a_reverb_is_costly_and_a_gain_is_cheap),
        cmocka_unit_test(the_page_of_figures_says_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
