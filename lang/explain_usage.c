/* lang/explain_usage.c: how a statement goes, said where one could not be read; and words from
 * elsewhere. SPDX-License-Identifier: MIT */
#include "lang/answers_page.h"
#include "lang/parse.h"
#include "lang/transforms.h"

#include <string.h>

static bool is_word(const chr_parser *p, const chr_token *t, const char *word) {
    size_t n = t->to - t->from;
    return strlen(word) == n && memcmp(p->source->text + t->from, word, n) == 0;
}

static const chr_statement_info *statement_of(const chr_parser *p, const chr_token *t) {
    for (int i = 0; i < chr_statements_count; i++)
        if (is_word(p, t, chr_statements[i].word))
            return &chr_statements[i];
    return NULL;
}

/* The line of the example that shows the statement itself. */
static const char *example_line(const chr_statement_info *s, size_t *len) {
    size_t n = strlen(s->word);
    for (const char *line = s->example; *line;) {
        *len = strcspn(line, "\n");
        if (strncmp(line, s->word, n) == 0 && (line[n] == ' ' || line[n] == '\0'))
            return line[*len - 1] == '{' ? NULL : line;
        line += *len + (line[*len] == '\n');
    }
    return NULL;
}

/* Behind these stand chains, steps and bodies, where the form of the statement is not the trouble;
 * the points of an automation belong to its form. */
static bool ends_form(int type, int first) {
    return (type == CHR_T_COLON && first != CHR_T_AUTOMATE) || type == CHR_T_GT ||
           type == CHR_T_LBRACE ||
           (type == CHR_T_EQUAL && (first == CHR_T_LET || first == CHR_T_FN));
}

void chr_explain_usage(chr_parser *p) {
    if (p->diags->newest == NULL || p->diags->newest->suggestion != NULL)
        return;
    int start = chr_statement_start(p);
    const chr_token *first = &p->tokens[start];
    const chr_statement_info *s = statement_of(p, first);
    if (s == NULL || first->type == CHR_T_PATCH)
        return;
    for (int i = start; i < p->now; i++)
        if (ends_form(p->tokens[i].type, first->type))
            return;
    size_t len = 0;
    const char *example = example_line(s, &len);
    if (example == NULL || strcmp(s->usage, s->word) == 0)
        chr_suggest(p->diags, "it goes: %s", s->usage);
    else
        chr_suggest(p->diags, "it goes: %s; such as: %.*s", s->usage, (int)len, example);
}

void chr_suggest_statements(chr_diags *d, const char *name) {
    chr_suggest(d, "sequence %.60s: … and melody %.60s: … are patterns, patch %.60s: … is a sound",
                name, name, name);
}

const char *chr_word_from_elsewhere(const char *word) {
    static const char *const words[][2] = {
        {"exit",    "quit"    },
        {"bye",     "quit"    },
        {"start",   "play"    },
        {"run",     "play"    },
        {"go",      "play"    },
        {"pause",   "stop"    },
        {"silence", "hush"    },
        {"delete",  "remove"  },
        {"del",     "remove"  },
        {"rm",      "remove"  },
        {"bpm",     "tempo"   },
        {"scale",   "key"     },
        {"open",    "load"    },
        {"synth",   "create"  },
        {"new",     "create"  },
        {"ls",      "list"    },
        {"man",     "help"    },
        {"info",    "help"    },
        {"pattern", "sequence"},
        {"drum",    "sequence"},
        {"beat",    "sequence"},
        {"notes",   "melody"  },
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i][0], word) == 0)
            return words[i][1];
    return NULL;
}

bool chr_suggest_transform(chr_diags *d, const char *name) {
    if (chr_transform_find(name) < 0)
        return false;
    chr_suggest(d, "a transform follows the steps of a pattern, after a `>`: > %.60s …", name);
    return true;
}
