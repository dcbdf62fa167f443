/* runtime/cli/complete.c: words and hints for the line that is being typed.
 * SPDX-License-Identifier: MIT */
#include "runtime/cli/complete.h"

#include "lang/complete.h"
#include "runtime/files.h"

#include <stdlib.h>
#include <string.h>

enum { HINTED_MAX = 65536 }; /* bytes: a longer text is looked at when it is asked about alone */

/* What lang/complete.h says of the whole text, in an arena of its own; NULL: nothing. */
static chr_arena *ask(const chr_helper *h, const char *line, size_t cursor, bool hint_only,
                      chr_completion *c) {
    size_t n = strlen(line), all = h->before_len + n;
    chr_arena *arena = all > HINTED_MAX && hint_only ? NULL : chr_arena_new(0);
    char *text = arena ? chr_arena_alloc(arena, all + 1) : NULL;
    if (text) {
        if (h->before_len > 0)
            memcpy(text, h->before, h->before_len);
        memcpy(text + h->before_len, line, n);
        if (chr_complete(h->session, text, all, h->before_len + cursor, hint_only, arena, c))
            return arena;
    }
    if (arena)
        chr_arena_free(arena);
    return NULL;
}

typedef struct word_list {
    char **words; /* [0] is kept for what they share */
    int n, room;
    const char *lead; /* of each: what readline counts to the word, and we do not */
    size_t lead_len;
    const char *typed; /* the word so far */
    size_t typed_len;
} word_list;

static void add_word(void *context, const char *word) {
    word_list *list = context;
    if (strncmp(word, list->typed, list->typed_len) != 0)
        return;
    if (list->n + 2 >= list->room) {
        int room = list->room * 2 + 16;
        char **more = realloc(list->words, sizeof *more * (size_t)room);
        if (!more)
            return;
        list->words = more;
        list->room = room;
    }
    size_t n = strlen(word);
    char *whole = malloc(list->lead_len + n + 1);
    if (!whole)
        return;
    memcpy(whole, list->lead, list->lead_len);
    memcpy(whole + list->lead_len, word, n + 1);
    list->words[++list->n] = whole;
    list->words[list->n + 1] = NULL;
}

static void share(word_list *list) {
    size_t n = strlen(list->words[1]);
    for (int i = 2; i <= list->n; i++) {
        size_t k = 0;
        while (k < n && list->words[1][k] == list->words[i][k])
            k++;
        n = k;
    }
    list->words[0] = strndup(list->words[1], n);
    if (list->words[0] && list->n > 1)
        return;
    /* readline takes one word as what is shared, and nothing after it */
    for (int i = 1; i <= list->n; i++)
        free(list->words[i]);
    list->words[1] = NULL;
    if (!list->words[0]) {
        free(list->words);
        list->words = NULL;
    }
}

char **chr_helper_words(const chr_helper *h, const char *line, size_t start, size_t cursor,
                        char *closing) {
    chr_completion c;
    *closing = ' ';
    chr_arena *arena = ask(h, line, cursor, false, &c);
    if (!arena)
        return NULL;
    word_list list = {.lead = line + start};
    if (c.from >= h->before_len + start) {
        list.lead_len = c.from - h->before_len - start;
        list.typed = line + start + list.lead_len;
        list.typed_len = cursor - start - list.lead_len;
        for (int i = 0; i < c.n; i++)
            add_word(&list, c.words[i].text);
        if (c.files)
            chr_files_list(h->files, c.files, add_word, &list);
    }
    bool quoted = start > 0 && line[start - 1] == '"';
    bool scale = c.n > 0 && c.words[0].kind == CHR_WORD_SCALE;
    if (list.n == 1 && list.words[1][strlen(list.words[1]) - 1] == '=')
        *closing = '\0'; /* the value follows at once */
    else if (quoted && (c.files || scale))
        *closing = '"';
    if (list.n > 0)
        share(&list);
    chr_arena_free(arena);
    return list.words;
}

void chr_helper_hint(const chr_helper *h, const char *line, size_t cursor, char *hint,
                     size_t room) {
    chr_completion c;
    chr_arena *arena = ask(h, line, cursor, true, &c);
    snprintf(hint, room, "%s", arena ? c.hint : "");
    if (arena)
        chr_arena_free(arena);
}
