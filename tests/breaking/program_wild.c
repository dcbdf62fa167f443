/* tests/breaking/program_wild.c: statements derived from the productions of lang/grammar.y, as the
 * parser names them: a production that is added there is derived here from then on, and each one is
 * wanted as often as any other.
 * SPDX-License-Identifier: MIT */
#include "tests/breaking/grammar.h"
#include "tests/breaking/program.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- text that grows ---- */

void program_begin(program *p, uint64_t seed) {
    *p = (program){.seed = seed * UINT64_C(0x9e3779b97f4a7c15) + 1, .room = 1 << 12};
    p->text = calloc(1, p->room);
    if (!p->text)
        abort();
    program_roll(p, 2);
}

void program_free(program *p) {
    free(p->text);
}

/* splitmix64 (Steele, Lea and Flood 2014). */
uint32_t program_roll(program *p, uint32_t n) {
    uint64_t z = (p->seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((z ^ (z >> 31)) >> 32) % n;
}

void program_add(program *p, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    char piece[8192];
    int n = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    size_t len = n < (int)sizeof piece ? (size_t)n : sizeof piece - 1;
    if (p->n + len + 1 > p->room) {
        p->room = 2 * (p->room + len);
        char *more = realloc(p->text, p->room);
        if (!more)
            abort();
        p->text = more;
    }
    memcpy(p->text + p->n, piece, len + 1);
    p->n += len;
}

/* ---- the productions ---- */

enum { MOST_RULES = 512, MOST_SYMBOLS = 256, MOST_RIGHT = 16 };

typedef struct production {
    int left, right[MOST_RIGHT], n;
    int height; /* of the lowest tree below it */
} production;

static production rules[MOST_RULES];
static char symbols[MOST_SYMBOLS][24];
static int n_rules, n_symbols, heights[MOST_SYMBOLS];

static int symbol(const char *name) {
    for (int k = 0; k < n_symbols; k++)
        if (strcmp(symbols[k], name) == 0)
            return k;
    snprintf(symbols[n_symbols], sizeof symbols[0], "%s", name);
    heights[n_symbols] = isupper((unsigned char)name[0]) || !strcmp(name, "error") ? 0 : 1000;
    return n_symbols++;
}

static void read_rules(void) {
    for (int k = 0; k < grammar_rules(); k++) {
        char text[256], *rest = NULL;
        snprintf(text, sizeof text, "%s", grammar_rule(k));
        production *r = &rules[n_rules++];
        r->left = symbol(strtok_r(text, " ", &rest));
        strtok_r(NULL, " ", &rest); /* ::= */
        for (char *word; (word = strtok_r(NULL, " ", &rest)) && r->n < MOST_RIGHT;)
            r->right[r->n++] = symbol(word);
    }
    for (bool lower = true; lower;) {
        lower = false;
        for (int k = 0; k < n_rules; k++) {
            int height = 0;
            for (int i = 0; i < rules[k].n; i++)
                height = heights[rules[k].right[i]] > height ? heights[rules[k].right[i]] : height;
            rules[k].height = height + 1;
            if (height + 1 < heights[rules[k].left]) {
                heights[rules[k].left] = height + 1;
                lower = true;
            }
        }
    }
}

/* ---- tokens ---- */

#define ONE_OF(p, ...)                                                                             \
    ((const char *const[]){__VA_ARGS__}[program_roll(                                              \
        p, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))])

static bool in_melody; /* steps are words */

static const char *name_word(program *p) {
    uint32_t k = program_roll(p, 6);
    if (k == 0 && p->n_patches)
        return p->patches[program_roll(p, (uint32_t)p->n_patches)];
    if (k == 1 && p->n_instruments)
        return p->instruments[program_roll(p, (uint32_t)p->n_instruments)];
    return ONE_OF(p, "saw", "lpf", "out", "in", "freq", "kick", "bass", "lfo", "env", "reverb", "x",
                  "cutoff", "delay", "mix", "rev", "fast", "all", "gain", "zz", "darker", "by",
                  "perc", "sine", "on", "lin", "voices", "step", "play", "mute", "by", "gate");
}

/* NULL: the token is its own name in small letters. What begins with a blank stands apart. */
static const char *token_text(program *p, const char *t) {
    static const char *const plain[][2] = {
        {"END",      "\n"   },
        {"COLON",    ": "   },
        {"LBRACE",   " {\n" },
        {"RBRACE",   "}"    },
        {"EQUAL",    "="    },
        {"COMMA",    ", "   },
        {"GT",       " > "  },
        {"LPAREN",   " ("   },
        {"CALL",     "("    },
        {"RPAREN",   ")"    },
        {"LSQUARE",  " ["   },
        {"RSQUARE",  "]"    },
        {"DOTS",     ".."   },
        {"PIPE",     "|"    },
        {"TSAME",    "=="   },
        {"LSAME",    " == " },
        {"TPLUS",    "+"    },
        {"LPLUS",    " + "  },
        {"TMINUS",   "-"    },
        {"LMINUS",   " - "  },
        {"TSTAR",    "*"    },
        {"LSTAR",    " * "  },
        {"TSLASH",   "/"    },
        {"LSLASH",   " / "  },
        {"TPERCENT", "%"    },
        {"LPERCENT", " % "  },
        {"TPOWER",   "^"    },
        {"LPOWER",   " ^ "  },
        {"SIGN",     " -"   },
        {"PLSQUARE", " ["   },
        {"PRSQUARE", "]"    },
        {"PLANGLE",  " <"   },
        {"PRANGLE",  ">"    },
        {"PLROUND",  " ("   },
        {"PRROUND",  ")"    },
        {"PCOMMA",   ","    },
        {"PBAR",     "|"    },
        {"LLOCK",    "{"    },
        {"RLOCK",    "}"    },
        {"error",    " ) = "},
    };
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++)
        if (strcmp(plain[k][0], t) == 0)
            return plain[k][1];
    if (!strcmp(t, "NAME"))
        return name_word(p);
    if (!strcmp(t, "PATH"))
        return ONE_OF(p, "bass.cutoff", "kick.decay", "zz.lpf.cutoff", "bass.gain", "a.b.c",
                      "p1.lpf.cutoff");
    if (!strcmp(t, "NUMBER"))
        return ONE_OF(p, "1", "2", "3", "0", "0.5", "220", "440Hz", "10ms", "6dB", "50%", "7st",
                      "120bpm", "1e9", ".25", "16", "4", "2k", "90deg", "1000000", "12ct");
    if (!strcmp(t, "FRACTION"))
        return ONE_OF(p, "1/8", "3/16", "4/4", "7/8", "1/1", "1/1000", "5/4");
    if (!strcmp(t, "NOTE"))
        return ONE_OF(p, "C3", "Eb2", "F#4", "A-1", "G9");
    if (!strcmp(t, "STRING"))
        return ONE_OF(p, "\"C minor\"", "\"just\"", "\"a\"", "\"\"", "\"x.x.\"", "\"/fader/1\"",
                      "\"nosuch.chr\"", "\"A \\\"q\\\"\"");
    if (!strcmp(t, "STEP"))
        return in_melody ? ONE_OF(p, " C2", " Eb3", " 1", " b3", " Cm7", " .", " _", " m60", " V7")
                         : ONE_OF(p, "x", "X", "o", ".", "_", "-", "5");
    if (!strcmp(t, "MOD"))
        return ONE_OF(p, "*2", "!3", "@2", "?", "?30%", "(3,8)", "(3,8,2)", "~", "^");
    if (!strcmp(t, "SENTENCE"))
        return ONE_OF(p, "more", "less", "darker", "brighter", "louder");
    return NULL;
}

static void put(program *p, const char *token) {
    const char *text = token_text(p, token);
    if (!strcmp(token, "MELODY") || !strcmp(token, "SEQUENCE"))
        in_melody = token[0] == 'M';
    char word[24] = "";
    for (size_t k = 0; !text && k + 1 < sizeof word && token[k]; k++)
        word[k] = (char)tolower((unsigned char)token[k]);
    text = text ? text : word;
    /* Words and numbers that follow one another have a blank between. */
    char last = p->n ? p->text[p->n - 1] : '\n';
    bool percent = last == '%' && p->n > 1 && isdigit((unsigned char)p->text[p->n - 2]);
    bool apart = (isalnum((unsigned char)text[0]) || strchr("\".", text[0])) &&
                 strcmp(token, "STEP") && strcmp(token, "DOTS") &&
                 (isalnum((unsigned char)last) || strchr("\")]}", last) || percent);
    program_add(p, "%s%s", apart ? " " : "", text);
}

/* ---- trees ---- */

enum { FAR = 1000 };

/* How many productions lie between each symbol and the left side of `wanted`. */
static void measure(int wanted, int distance[MOST_SYMBOLS]) {
    for (int k = 0; k < n_symbols; k++)
        distance[k] = k == rules[wanted].left ? 0 : FAR;
    for (bool nearer = true; nearer;) {
        nearer = false;
        for (int k = 0; k < n_rules; k++)
            for (int i = 0; i < rules[k].n; i++)
                if (distance[rules[k].right[i]] + 1 < distance[rules[k].left]) {
                    distance[rules[k].left] = distance[rules[k].right[i]] + 1;
                    nearer = true;
                }
    }
}

typedef struct tree {
    program *p;
    int wanted; /* the production that comes in it */
    int distance[MOST_SYMBOLS];
} tree;

/* The nearest to what is wanted of a production's symbols; -1: it is not in it. */
static int way_of(const tree *t, int rule) {
    int way = -1;
    for (int i = 0; i < rules[rule].n; i++)
        if (t->distance[rules[rule].right[i]] < FAR &&
            (way < 0 || t->distance[rules[rule].right[i]] < t->distance[rules[rule].right[way]]))
            way = i;
    return way;
}

static bool is_nearer(const tree *t, int rule) {
    int way = way_of(t, rule);
    return way >= 0 && t->distance[rules[rule].right[way]] < t->distance[rules[rule].left];
}

/* `towards`: what is wanted comes below. Where `level` is used up, the lowest tree that there is.
 */
static void derive(tree *t, int of, int level, bool towards) {
    if (heights[of] == 0) {
        put(t->p, symbols[of]);
        return;
    }
    bool here = towards && rules[t->wanted].left == of;
    int fit[MOST_RULES] = {0}, n = 0;
    for (int k = 0; k < n_rules && !here; k++)
        if (rules[k].left == of &&
            (towards ? is_nearer(t, k) : level > 0 || rules[k].height == heights[of]))
            fit[n++] = k;
    int rule = here ? t->wanted : fit[program_roll(t->p, (uint32_t)n)];
    int way = towards && !here ? way_of(t, rule) : -1;
    for (int i = 0; i < rules[rule].n && t->p->n < 4000; i++)
        derive(t, rules[rule].right[i], level - 1, i == way);
}

void program_wild(program *p) {
    program_wild_for(p, (int)program_roll(p, (uint32_t)grammar_rules()));
}

void program_wild_for(program *p, int wanted) {
    if (!n_rules)
        read_rules();
    tree t = {.p = p, .wanted = wanted};
    measure(t.wanted, t.distance);
    int root = symbol("statement");
    if (t.distance[root] == FAR) /* it is made of statements */
        root = symbol("lines");
    derive(&t, root, 2 + (int)program_roll(p, 5), t.distance[root] < FAR);
    program_add(p, "\n");
}

void program_break(program *p) {
    static const char signs[] = "()[]{}<>|,:=+-*/%^.\"#\n ~!?@;\t\x80\xff\0xX19aZ_'";
    for (uint32_t times = 1 + program_roll(p, 4); times-- > 0 && p->n > 2;) {
        size_t at = program_roll(p, (uint32_t)p->n);
        size_t len = 1 + program_roll(p, 8), from = program_roll(p, (uint32_t)p->n);
        len = at + len < p->n ? len : p->n - at;
        char piece[16] = "";
        switch (program_roll(p, 4)) {
        case 0: /* taken out */
            memmove(p->text + at, p->text + at + len, p->n - at - len + 1);
            p->n -= len;
            break;
        case 1: /* another sign */
            p->text[at] = signs[program_roll(p, sizeof signs - 1)];
            break;
        default: /* a piece of it again, elsewhere */
            len = from + len < p->n ? len : p->n - from;
            memcpy(piece, p->text + from, len);
            program_add(p, "%*s", (int)len, "");
            memmove(p->text + at + len, p->text + at, p->n - len - at);
            memcpy(p->text + at, piece, len);
            break;
        }
    }
}
