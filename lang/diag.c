/* lang/diag.c: collects diagnostics and finds the nearest name; diag_print.c shows them.
 * SPDX-License-Identifier: MIT */
#include "lang/diag.h"
#include "lang/visible.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
    const char *name, *format, *advice;
    chr_severity severity;
} entry;

static const entry entries[CHR_CODE_COUNT] = {
#define CHR_DIAG(code, severity, format, advice) {#code, format, advice, severity},
#include "lang/diag.def"
#undef CHR_DIAG
};

enum {
    MESSAGE_MAX = 4000, /* bytes; far beyond any sentence */
    WORD_MAX = 72       /* code points that one %s shows of a name or word */
};

const char *chr_code_name(chr_code code) {
    return entries[code].name;
}

chr_severity chr_code_severity(chr_code code) {
    return entries[code].severity;
}

void chr_diags_init(chr_diags *d, chr_arena *arena) {
    *d = (chr_diags){.arena = arena, .n_shown_limit = 1000};
    d->last = &d->first;
}

/* The sentence of a code with its arguments, of which only the four that diag.def may use are
 * known. */
static const char *fill(chr_arena *arena, const char *format, va_list arguments) {
    chr_visible out;
    char buffer[MESSAGE_MAX];
    chr_visible_init(&out, buffer, sizeof buffer);
    for (const char *f = format; *f != 0; f++) {
        char number[64];
        if (*f != '%') {
            chr_visible_plain(&out, f, 1);
            continue;
        }
        switch (*++f) {
        case 's': {
            const char *word = va_arg(arguments, const char *);
            if (word == NULL)
                word = "";
            chr_visible_text(&out, word, strlen(word), WORD_MAX);
            break;
        }
        case 'd':
            snprintf(number, sizeof number, "%d", va_arg(arguments, int));
            chr_visible_plain(&out, number, strlen(number));
            break;
        case 'g':
            snprintf(number, sizeof number, "%.6g", va_arg(arguments, double));
            chr_visible_plain(&out, number, strlen(number));
            break;
        case 'c':
            number[0] = (char)va_arg(arguments, int);
            chr_visible_text(&out, number, 1, 1);
            break;
        default: /* `%%` */
            chr_visible_plain(&out, "%", 1);
            break;
        }
    }
    return chr_arena_copy(arena, buffer, out.used);
}

/* Counts one; true if there is room for its sentence. */
static bool count(chr_diags *d, chr_severity severity) {
    if (severity == CHR_ERROR)
        d->n_errors++;
    else if (severity == CHR_WARNING)
        d->n_warnings++;
    d->newest = NULL;
    if (d->n_kept < d->n_shown_limit)
        return true;
    d->n_dropped++;
    return false;
}

static void keep(chr_diags *d, chr_diag what) {
    chr_diag *diag = what.message != NULL ? CHR_NEW(d->arena, chr_diag) : NULL;
    if (diag == NULL) { /* memory is out: the count still says that there was an error */
        d->n_dropped++;
        return;
    }
    *diag = what;
    *d->last = diag;
    d->last = &diag->next;
    d->newest = diag;
    d->n_kept++;
}

void chr_report(chr_diags *d, chr_code code, chr_span span, ...) {
    const entry *e = &entries[code];
    if (!count(d, e->severity))
        return;
    va_list arguments;
    va_start(arguments, span);
    const char *message = fill(d->arena, e->format, arguments);
    va_end(arguments);
    keep(d, (chr_diag){code, e->severity, span, message, e->advice, NULL});
}

void chr_diags_add(chr_diags *d, const chr_diags *about_copy, const chr_source *source) {
    for (const chr_diag *x = about_copy->first; x != NULL; x = x->next) {
        chr_diag moved = *x;
        moved.span.source = source;
        moved.next = NULL;
        moved.message = chr_arena_copy(d->arena, x->message, strlen(x->message));
        if (x->suggestion != NULL)
            moved.suggestion = chr_arena_copy(d->arena, x->suggestion, strlen(x->suggestion));
        if (count(d, x->severity))
            keep(d, moved);
    }
}

bool chr_wants_advice(const chr_diags *d) {
    enum { MOST_ADVISED = 200 };
    return d->newest != NULL && d->n_kept <= MOST_ADVISED;
}

void chr_suggest(chr_diags *d, const char *format, ...) {
    if (d->newest == NULL)
        return;
    char text[MESSAGE_MAX], shown[MESSAGE_MAX];
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (n < 0)
        return;
    chr_visible out;
    chr_visible_init(&out, shown, sizeof shown);
    chr_visible_text(&out, text, strlen(text), MESSAGE_MAX);
    const char *copy = chr_arena_copy(d->arena, shown, out.used);
    if (copy != NULL)
        d->newest->suggestion = copy;
}

/* ---- the nearest word ---- */

enum { LONGEST_WORD = 48 };

static int small(int c) {
    return c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Damerau-Levenshtein distance where no piece is edited twice; capitals count as small letters. */
static int distance(const char *a, int n, const char *b, int m) {
    int rows[3][LONGEST_WORD + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    for (int j = 0; j <= m; j++)
        last[j] = j;
    for (int i = 1; i <= n; i++) {
        row[0] = i;
        for (int j = 1; j <= m; j++) {
            int change = small(a[i - 1]) != small(b[j - 1]);
            row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
            if (i > 1 && j > 1 && small(a[i - 1]) == small(b[j - 2]) &&
                small(a[i - 2]) == small(b[j - 1]))
                row[j] = least(row[j], before[j - 2] + 1);
        }
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[m];
}

const char *chr_nearest(const char *word, const char *const *words, int n) {
    size_t length = strlen(word);
    if (length == 0 || length > LONGEST_WORD)
        return NULL;
    /* One slip in a short word, two in one of five letters, three from eight on: more is another
     * word. */
    int allowed = length < 5 ? 1 : length < 8 ? 2 : 3;
    const char *nearest = NULL;
    for (int i = 0; i < n; i++) {
        size_t other = strlen(words[i]);
        if (other == 0 || other > LONGEST_WORD || abs((int)other - (int)length) > allowed)
            continue;
        int d = distance(word, (int)length, words[i], (int)other);
        /* A word of one or two letters has nothing in common with what one slip makes of it, save
         * if a letter is missing. */
        if (length <= 2 && d > 0 && other <= length)
            continue;
        if (d <= allowed) {
            nearest = words[i];
            allowed = d - 1;
            if (allowed < 0)
                break;
        }
    }
    return nearest;
}
