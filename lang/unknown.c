/* lang/unknown.c: what somebody may have meant who names what is not there.
 * SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"

#include <stdio.h>
#include <string.h>

/* What is no name of a patch, and what was meant by it. */
static const char *const no_names[][2] = {
    {"and",        "names stand side by side: kick bass"                                   },
    {"now",        "it goes in front: now: stop"                                           },
    {"all",        "unmute, unsolo, stop and play alone are for all; how loud all is: volume "
            "-6dB; several meet in a bus: bus space: reverb > out"              },
    {"out",        "out is everything that is heard: volume -6dB, why out, scope out"      },
    {"volume",     "`volume` alone tells how loud everything is; why out tells more"       },
    {"master",     "everything together is called out: why out, scope out; and volume -6dB"},
    {"main",       "everything together is called out: why out, scope out; and volume -6dB"},
    {"everything", "everything together is called out: why out, scope out; and volume -6dB"},
};

bool chr_is_explained(const char *word) {
    bool found = false;
    for (int i = 0; i < chr_glossary_count; i++)
        found |= strcmp(chr_glossary[i].word, word) == 0;
    for (int i = 0; i < chr_topics_count; i++)
        found |= strcmp(chr_topics[i].name, word) == 0;
    return found;
}

const char *chr_word_meant(const char *word) {
    for (int i = 0; i < chr_glossary_count; i++)
        if (!chr_glossary[i].doc && strcmp(chr_glossary[i].word, word) == 0)
            return chr_glossary[i].more;
    return NULL;
}

/* "there are kick, bass", as many as are read at a glance. */
static void list_names(chr_diags *d, const char *const *names, int n) {
    enum { MOST = 8 };
    char all[MOST * 64] = "";
    int shown = n < MOST ? n : MOST;
    for (int i = 0; i < shown; i++) {
        size_t used = strlen(all);
        snprintf(all + used, sizeof all - used, "%s%.60s", i > 0 ? ", " : "", names[i]);
    }
    chr_suggest(d, n == 1 ? "there is only %s%s" : "there are %s%s", all, n > MOST ? ", …" : "");
}

void chr_suggest_name(chr_diags *d, const char *name, const char *const *names, int n) {
    if (!chr_wants_advice(d))
        return;
    for (size_t i = 0; i < sizeof no_names / sizeof no_names[0]; i++)
        if (strcmp(no_names[i][0], name) == 0) {
            chr_suggest(d, "%s", no_names[i][1]);
            return;
        }
    const char *near = chr_nearest(name, names, n);
    if (near)
        chr_suggest(d, "did you mean `%s`?", near);
    else if (n > 0)
        list_names(d, names, n);
    else
        chr_suggest(d, "there is nothing yet; create %.60s makes an instrument", name);
}
