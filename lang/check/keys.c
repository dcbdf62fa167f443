/* lang/check/keys.c: `key "C minor"`: a root and a scale.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"

int pitch_class(const char *text, int *pitch) {
    static const int of_letter[] = {9, 11, 0, 2, 4, 5, 7};
    if (text[0] < 'A' || text[0] > 'G')
        return 0;
    int p = of_letter[text[0] - 'A'], n = 1;
    if (text[1] == '#')
        p++, n++;
    else if (text[1] == 'b')
        p--, n++;
    *pitch = (p + 12) % 12;
    return n;
}

/* The scale's name behind a root of `n` bytes: "C", "Cm" or "C minor". */
static const char *scale_of(const char *text, int n) {
    const char *rest = text + n;
    return rest[0] == 0              ? "major"
           : strcmp(rest, "m") == 0  ? "minor"
           : n > 0 && rest[0] == ' ' ? rest + strspn(rest, " ")
                                     : NULL;
}

/* The part of the quoted text from byte `from` on, to be underlined. */
static chr_span part_of(chr_span span, const char *text, int from) {
    uint32_t n = (uint32_t)strlen(text);
    if (from > 0 && (uint32_t)from < n && span.to - span.from == n + 2) {
        span.from += 1 + (uint32_t)from;
        span.to--;
    }
    return span;
}

static void report_key(checker *c, const char *text, int n, const char *name, chr_span span) {
    bool scale_wrong = n > 0 && name != NULL;
    if (!REPORT(c, E432, part_of(span, text, scale_wrong ? (int)(name - text) : 0), text))
        return;
    int pitch, n_words;
    char root[3] = {text[0], text[0] == 0 ? '\0' : text[1], 0};
    if (root[0] >= 'a' && root[0] <= 'g') {
        root[0] = (char)(root[0] - 'a' + 'A');
        n = pitch_class(root, &pitch);
        name = scale_of(text, n);
        if (name != NULL && chr_scale_find(name) != NULL)
            chr_suggest(c->diags, "the root is a capital letter: \"%.*s %s\"", n, root, name);
        return;
    }
    const char **words = scale_wrong ? chr_scale_words(c->scratch, &n_words) : NULL;
    const char *near = words != NULL ? chr_nearest(name, words, n_words) : NULL;
    if (near != NULL)
        chr_suggest(c->diags, "did you mean \"%.*s %s\"?", n, text, near);
    else if (scale_wrong)
        chr_suggest(c->diags, "`help scales` lists the scales, such as \"%.*s dorian\"", n, text);
}

bool read_key(checker *c, const char *text, chr_span span, scale *out) {
    int tonic = 0, n = pitch_class(text, &tonic);
    const char *name = scale_of(text, n);
    const chr_scale *found = n > 0 && name != NULL ? chr_scale_find(name) : NULL;
    if (found == NULL) {
        report_key(c, text, n, name, span);
        return false;
    }
    out->tonic = tonic;
    out->n = found->n;
    out->name = text;
    memcpy(out->steps, found->steps, sizeof out->steps);
    return true;
}
