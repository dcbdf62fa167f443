/* lang/session_send.c: `more reverb on the bass` where the reverb is that of a bus: how much of the
 * bass is sent there. SPDX-License-Identifier: MIT */
#include "lang/session_make.h"

#include <string.h>

/* An effect of this axis on a bus, by the names of stages alone. */
static bool has_effect(const chr_making *m, const char *bus, const chr_axis_info *axis) {
    const char *list = axis->knobs;
    for (chr_sought s; chr_next_sought(&list, &s);)
        for (int i = 0; memchr(s.text, '.', s.n) && i < m->all->n; i++)
            if (strcmp(m->all->list[i].owner, bus) == 0 &&
                chr_is_sought(&m->all->list[i], &s, axis->context))
                return true;
    return false;
}

static const chr_sent *sent_to(const chr_making *m, const char *bus) {
    for (int i = 0; i < m->all->n_sent; i++)
        if (strcmp(m->all->sent[i].owner, m->owner) == 0 && strcmp(m->all->sent[i].bus, bus) == 0)
            return &m->all->sent[i];
    return NULL;
}

/* A share is a factor, as a level is: it is multiplied. */
static void turn(chr_making *m, const chr_sent *sent, const chr_axis_info *axis, chr_distance d) {
    const chr_knob share = {
        .label = "", .word = "share", .unit = CHR_UNIT_RATIO, .greatest = 4, .value = sent->share};
    double x = chr_moved(&share, &d, axis->up.begin);
    if (chr_same_value(x, sent->share))
        m->remark =
            chr_arena_printf(m->c->arena, "%s is sent to %s %s", m->owner, sent->bus,
                             d.way > 0 && !d.to_end ? "as loud as can be already" : "no more");
    else
        chr_add_statement(m, chr_arena_printf(m->c->arena, "send %s to %s %s", m->owner, sent->bus,
                                              chr_value_text(m->c->arena, x, share.unit, false)));
}

bool chr_turn_sends(chr_making *m, const chr_axis_info *axis, chr_distance d, bool *moves) {
    bool found = false;
    for (int i = 0; i < m->all->n_sent; i++) {
        const chr_sent *sent = &m->all->sent[i];
        if (sent->ends_there || strcmp(sent->owner, m->owner) != 0 ||
            !has_effect(m, sent->bus, axis))
            continue;
        if (sent->known)
            turn(m, sent, axis, d);
        *moves |= !sent->known;
        found |= sent->known;
    }
    return found;
}

const char *chr_bus_sent_to(const chr_making *m, const chr_axis_info *axis) {
    for (int i = 0; i < m->all->n_sent; i++)
        if (strcmp(m->all->sent[i].owner, m->owner) == 0 &&
            has_effect(m, m->all->sent[i].bus, axis))
            return m->all->sent[i].bus;
    return NULL;
}

const char *chr_bus_to_send_to(const chr_making *m, const chr_axis_info *axis) {
    const char *before = "";
    if (chr_is_bus(m->c->state, m->owner)) /* that could lead round in a circle */
        return NULL;
    for (int i = 0; i < m->all->n; i++) {
        const char *bus = m->all->list[i].owner;
        if (strcmp(bus, before) == 0)
            continue;
        before = bus;
        if (chr_is_bus(m->c->state, bus) && !sent_to(m, bus) && has_effect(m, bus, axis))
            return bus;
    }
    return NULL;
}
