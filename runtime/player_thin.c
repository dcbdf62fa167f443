/* runtime/player_thin.c: takes voices from a patch while it plays, and gives them back.
 * SPDX-License-Identifier: MIT */
#include "runtime/player_inner.h"

#include <stdio.h>

#define SAY_NS 10000000000u /* that nothing can be done is said so often at most */

chr_status chr_player_thin(chr_player *p, const char *patch, uint32_t voices) {
    if (!chr_session_thin(p->session, patch, voices))
        return CHR_NO_MEMORY;
    chr_evaluated told;
    chr_status status = chr_player_offer_again(p, &told);
    if (status == CHR_OK && p->witness.thinned)
        p->witness.thinned(p->witness.context, patch, voices, &told);
    return status;
}

/* Nothing more can go: who plays has to decide. */
static void say_too_slow(chr_player *p, const chr_costs *measured) {
    uint64_t now_ns = p->thin.now_ns();
    chr_guard_cost dearest = {0};
    if (p->thin.said_ns && now_ns - p->thin.said_ns < SAY_NS)
        return;
    p->thin.said_ns = now_ns;
    (void)chr_thin_choose(p->guard, measured, 0, &dearest);
    char text[256];
    snprintf(text, sizeof text,
             "the computer is too slow for this, and no patch has voices to give up%s%.80s%s",
             dearest.share > 0 ? ": " : "", dearest.share > 0 ? dearest.owner : "",
             dearest.share > 0 ? " takes most of the time" : "");
    chr_player_note(p, text);
}

static void take(chr_player *p) {
    chr_guard_cost patch;
    chr_costs measured;
    bool known = chr_costs_take(&measured, p->engine),
         found = chr_thin_choose(p->guard, known ? &measured : NULL, 2, &patch);
    if (!found)
        say_too_slow(p, known ? &measured : NULL);
    chr_costs_clear(&measured);
    if (!found)
        return;
    char text[256], name[256]; /* what it costs is measured anew meanwhile */
    uint32_t before = patch.n_voices, after = (before + 1) / 2;
    snprintf(name, sizeof name, "%s", patch.owner);
    snprintf(text, sizeof text,
             "late: %.80s plays %u of its %u voices, until there is time for more", name, after,
             before);
    if (chr_player_thin(p, name, after) == CHR_OK)
        chr_player_note(p, text);
}

static void give_back(chr_player *p) {
    const chr_thinned *last = NULL, *t;
    for (int i = 0; (t = chr_session_thinned(p->session, i)); i++)
        last = t;
    if (!last || !chr_thin_room(&p->thin, p->guard, last))
        return;
    char text[256], name[256];
    snprintf(name, sizeof name, "%s", last->patch);
    snprintf(text, sizeof text, "%.80s has all its %u voices again", name, last->asked);
    if (chr_player_thin(p, name, 0) == CHR_OK)
        chr_player_note(p, text);
}

void chr_player_thin_tend(chr_player *p) {
    if (!p->guard || !p->thin.now_ns)
        return;
    if (chr_thin_look(&p->thin))
        take(p);
    else
        give_back(p);
}
