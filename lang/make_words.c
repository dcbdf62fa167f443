/* lang/make_words.c: the tables of make_words.def, and looking a word up in them.
 * SPDX-License-Identifier: MIT */
#include "lang/make_words.h"

#include "lang/diag.h"

#include <string.h>

#define FIRST false
#define ALL true
#define CHR_ADDS(effect_, unit_, least_, greatest_, curve_, begin_, way_)                          \
    {                                                                                              \
        .effect = effect_, .unit = unit_, .least = least_, .greatest = greatest_, .curve = curve_, \
        .begin = begin_, .way = way_                                                               \
    }
#define CHR_HAS_NONE(sentence)                                                                     \
    { .has_none = sentence }
#define CHR_CANNOT                                                                                 \
    { .effect = NULL }

#define CHR_WORD(...)
#define CHR_NOUN(...)
#define CHR_AMOUNT(...)
#define CHR_SMALL_WORD(...)
#define CHR_GROUP(...)
#define CHR_MORE(...)
#define CHR_BY(...)
#define CHR_AXIS(id_, part_of_, name_, context_, all_, ratio_, share_, least_, knobs_, up_, down_, \
                 never_, instead_)                                                                 \
    [CHR_AXIS_##id_] = {.part_of = CHR_AXIS_##part_of_,                                            \
                        .name = name_,                                                             \
                        .context = context_,                                                       \
                        .all = all_,                                                               \
                        .ratio = ratio_,                                                           \
                        .share = share_,                                                           \
                        .least = least_,                                                           \
                        .knobs = knobs_,                                                           \
                        .up = up_,                                                                 \
                        .down = down_,                                                             \
                        .never = never_,                                                           \
                        .instead = instead_},
const chr_axis_info chr_axes[CHR_AXES] = {
#include "lang/make_words.def"
};
#undef CHR_AXIS
#define CHR_AXIS(...)

#undef CHR_WORD
#define TURN(axis_, factor_) {.axis = CHR_AXIS_##axis_, .factor = factor_},
#define MAYBE(axis_, factor_) {.axis = CHR_AXIS_##axis_, .factor = factor_, .optional = true},
#define CHR_WORD(word_, forms_, opposite_, moves_, doc_)                                           \
    {.word = word_, .forms = forms_, .opposite = opposite_, .doc = doc_, .moves = {moves_}},
const chr_music_word chr_music_words[] = {
#include "lang/make_words.def"
};
#undef CHR_WORD
#define CHR_WORD(...)
const int chr_music_words_count = sizeof chr_music_words / sizeof chr_music_words[0];

/* Everything but the musical words. */
static const chr_vocable others[] = {
#undef CHR_NOUN
#undef CHR_AMOUNT
#undef CHR_SMALL_WORD
#undef CHR_GROUP
#undef CHR_MORE
#undef CHR_BY
#define CHR_NOUN(word, axis_) {.kind = CHR_VOCABLE_NOUN, .text = word, .axis = CHR_AXIS_##axis_},
#define CHR_AMOUNT(word, factor_, whole_)                                                          \
    {.kind = CHR_VOCABLE_AMOUNT, .text = word, .factor = factor_, .whole = whole_},
#define CHR_SMALL_WORD(word) {.kind = CHR_VOCABLE_SMALL, .text = word},
#define CHR_GROUP(word) {.kind = CHR_VOCABLE_GROUP, .text = word},
#define CHR_MORE(word, factor_) {.kind = CHR_VOCABLE_MORE, .text = word, .factor = factor_},
#define CHR_BY(word) {.kind = CHR_VOCABLE_BY, .text = word},
#include "lang/make_words.def"
};
enum { N_OTHERS = sizeof others / sizeof others[0] };

static bool same(const char *word, const char *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + 'a' - 'A') : text[i];
        if (word[i] != c || c == '\0')
            return false;
    }
    return word[n] == '\0' || word[n] == ' ';
}

/* Among words with blanks between them. */
static bool among(const char *words, const char *text, size_t n) {
    while (*words) {
        if (same(words, text, n))
            return true;
        words += strcspn(words, " ");
        words += *words == ' ';
    }
    return false;
}

chr_vocable chr_vocable_of(const char *text, size_t n) {
    for (int i = 0; i < chr_music_words_count; i++) {
        const chr_music_word *w = &chr_music_words[i];
        if (same(w->word, text, n) || among(w->forms, text, n))
            return (chr_vocable){.kind = CHR_VOCABLE_MUSIC, .text = w->word, .word = w};
    }
    for (int i = 0; i < N_OTHERS; i++)
        if (same(others[i].text, text, n))
            return others[i];
    return (chr_vocable){.kind = CHR_VOCABLE_NONE};
}

bool chr_vocable_tells(const chr_vocable *v) {
    return v->kind == CHR_VOCABLE_MUSIC || v->kind == CHR_VOCABLE_MORE ||
           v->kind == CHR_VOCABLE_AMOUNT;
}

bool chr_vocable_is_near(const char *text) {
    const char *words[CHR_VOCABULARY_MAX];
    char texts[CHR_VOCABULARY_MAX][CHR_VOCABLE_BYTES];
    chr_vocable_kind kind;
    int n = 0;
    for (int i = 0; n < CHR_VOCABULARY_MAX && chr_vocable_at(i, &kind, texts[n]); i++)
        if (kind == CHR_VOCABLE_MUSIC) {
            words[n] = texts[n];
            n++;
        }
    return chr_nearest(text, words, n) != NULL;
}

const char *chr_vocable_at(int i, chr_vocable_kind *kind, char *text) {
    for (int k = 0; k < chr_music_words_count; k++) {
        const char *lists[2] = {chr_music_words[k].word, chr_music_words[k].forms};
        for (int l = 0; l < 2; l++)
            for (const char *w = lists[l]; *w;) {
                size_t n = strcspn(w, " ");
                if (i-- == 0) {
                    memcpy(text, w, n);
                    text[n] = '\0';
                    *kind = CHR_VOCABLE_MUSIC;
                    return text;
                }
                w += n + (w[n] == ' ');
            }
    }
    if (i >= N_OTHERS)
        return NULL;
    *kind = others[i].kind;
    return strcpy(text, others[i].text);
}
