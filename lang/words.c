/* lang/words.c: the keywords, what tokens are called in sentences, and the table of both.
 * SPDX-License-Identifier: MIT */
#include "lang/parse.h"

#include <stdlib.h>
#include <string.h>

typedef struct word {
    const char *text;
    int type;
    chr_first_word first;
} word;

/* In the order of the alphabet. */
static const word words[] = {
    {"add",             CHR_T_ADD,             CHR_FIRST_STATEMENT},
    {"after",           CHR_T_AFTER,           CHR_FIRST_WHEN     },
    {"arrange",         CHR_T_ARRANGE,         CHR_FIRST_STATEMENT},
    {"as",              CHR_T_AS,              CHR_FIRST_OTHER    },
    {"at",              CHR_T_AT,              CHR_FIRST_WHEN     },
    {"automate",        CHR_T_AUTOMATE,        CHR_FIRST_CHAIN    },
    {"bar",             CHR_T_BAR,             CHR_FIRST_OTHER    },
    {"bars",            CHR_T_BARS,            CHR_FIRST_OTHER    },
    {"beat",            CHR_T_BEAT,            CHR_FIRST_OTHER    },
    {"beats",           CHR_T_BEATS,           CHR_FIRST_OTHER    },
    {"bus",             CHR_T_BUS,             CHR_FIRST_CHAIN    },
    {"cc",              CHR_T_CC,              CHR_FIRST_OTHER    },
    {"create",          CHR_T_CREATE,          CHR_FIRST_STATEMENT},
    {"diff",            CHR_T_DIFF,            CHR_FIRST_WHEN     },
    {"every",           CHR_T_EVERY,           CHR_FIRST_WHEN     },
    {"fn",              CHR_T_FN,              CHR_FIRST_STATEMENT},
    {"for",             CHR_T_FOR,             CHR_FIRST_OTHER    },
    {"force",           CHR_T_FORCE,           CHR_FIRST_WHEN     },
    {"from",            CHR_T_FROM,            CHR_FIRST_OTHER    },
    {"generate_module", CHR_T_GENERATE_MODULE, CHR_FIRST_STATEMENT},
    {"graph",           CHR_T_GRAPH,           CHR_FIRST_STATEMENT},
    {"help",            CHR_T_HELP,            CHR_FIRST_STATEMENT},
    {"history",         CHR_T_HISTORY,         CHR_FIRST_STATEMENT},
    {"humanize",        CHR_T_HUMANIZE,        CHR_FIRST_STATEMENT},
    {"hush",            CHR_T_HUSH,            CHR_FIRST_STATEMENT},
    {"import",          CHR_T_IMPORT,          CHR_FIRST_STATEMENT},
    {"in",              CHR_T_IN,              CHR_FIRST_WHEN     },
    {"key",             CHR_T_KEY,             CHR_FIRST_STATEMENT},
    {"learn",           CHR_T_LEARN,           CHR_FIRST_STATEMENT},
    {"let",             CHR_T_LET,             CHR_FIRST_STATEMENT},
    {"list",            CHR_T_LIST,            CHR_FIRST_STATEMENT},
    {"load",            CHR_T_LOAD,            CHR_FIRST_STATEMENT},
    {"loop",            CHR_T_LOOP,            CHR_FIRST_STATEMENT},
    {"make",            CHR_T_MAKE,            CHR_FIRST_STATEMENT},
    {"map",             CHR_T_MAP,             CHR_FIRST_STATEMENT},
    {"melody",          CHR_T_MELODY,          CHR_FIRST_MELODY   },
    {"meter",           CHR_T_METER,           CHR_FIRST_STATEMENT},
    {"meters",          CHR_T_METERS,          CHR_FIRST_STATEMENT},
    {"metronome",       CHR_T_METRONOME,       CHR_FIRST_STATEMENT},
    {"midi",            CHR_T_MIDI,            CHR_FIRST_OTHER    },
    {"module",          CHR_T_MODULE,          CHR_FIRST_MODULE   },
    {"mute",            CHR_T_MUTE,            CHR_FIRST_STATEMENT},
    {"next",            CHR_T_NEXT,            CHR_FIRST_WHEN     },
    {"now",             CHR_T_NOW,             CHR_FIRST_WHEN     },
    {"off",             CHR_T_OFF,             CHR_FIRST_OTHER    },
    {"osc",             CHR_T_OSC,             CHR_FIRST_OTHER    },
    {"over",            CHR_T_OVER,            CHR_FIRST_OTHER    },
    {"panic",           CHR_T_PANIC,           CHR_FIRST_STATEMENT},
    {"param",           CHR_T_PARAM,           CHR_FIRST_OTHER    },
    {"patch",           CHR_T_PATCH,           CHR_FIRST_CHAIN    },
    {"play",            CHR_T_PLAY,            CHR_FIRST_STATEMENT},
    {"quantize",        CHR_T_QUANTIZE,        CHR_FIRST_STATEMENT},
    {"quit",            CHR_T_QUIT,            CHR_FIRST_STATEMENT},
    {"record",          CHR_T_RECORD,          CHR_FIRST_STATEMENT},
    {"recording",       CHR_T_RECORDING,       CHR_FIRST_OTHER    },
    {"redo",            CHR_T_REDO,            CHR_FIRST_STATEMENT},
    {"reload",          CHR_T_RELOAD,          CHR_FIRST_STATEMENT},
    {"remove",          CHR_T_REMOVE,          CHR_FIRST_STATEMENT},
    {"roll",            CHR_T_ROLL,            CHR_FIRST_STATEMENT},
    {"sample",          CHR_T_SAMPLE,          CHR_FIRST_STATEMENT},
    {"save",            CHR_T_SAVE,            CHR_FIRST_STATEMENT},
    {"scope",           CHR_T_SCOPE,           CHR_FIRST_STATEMENT},
    {"section",         CHR_T_SECTION,         CHR_FIRST_CHAIN    },
    {"seed",            CHR_T_SEED,            CHR_FIRST_STATEMENT},
    {"send",            CHR_T_SEND,            CHR_FIRST_STATEMENT},
    {"sequence",        CHR_T_SEQUENCE,        CHR_FIRST_SEQUENCE },
    {"set",             CHR_T_SET,             CHR_FIRST_STATEMENT},
    {"show",            CHR_T_SHOW,            CHR_FIRST_STATEMENT},
    {"solo",            CHR_T_SOLO,            CHR_FIRST_STATEMENT},
    {"spectrum",        CHR_T_SPECTRUM,        CHR_FIRST_STATEMENT},
    {"stats",           CHR_T_STATS,           CHR_FIRST_STATEMENT},
    {"stems",           CHR_T_STEMS,           CHR_FIRST_OTHER    },
    {"stop",            CHR_T_STOP,            CHR_FIRST_STATEMENT},
    {"swing",           CHR_T_SWING,           CHR_FIRST_STATEMENT},
    {"sync",            CHR_T_SYNC,            CHR_FIRST_STATEMENT},
    {"tap",             CHR_T_TAP,             CHR_FIRST_STATEMENT},
    {"tempo",           CHR_T_TEMPO,           CHR_FIRST_STATEMENT},
    {"to",              CHR_T_TO,              CHR_FIRST_OTHER    },
    {"tuning",          CHR_T_TUNING,          CHR_FIRST_STATEMENT},
    {"undo",            CHR_T_UNDO,            CHR_FIRST_STATEMENT},
    {"unmute",          CHR_T_UNMUTE,          CHR_FIRST_STATEMENT},
    {"unsolo",          CHR_T_UNSOLO,          CHR_FIRST_STATEMENT},
    {"values",          CHR_T_VALUES,          CHR_FIRST_VALUES   },
    {"volume",          CHR_T_VOLUME,          CHR_FIRST_STATEMENT},
    {"why",             CHR_T_WHY,             CHR_FIRST_STATEMENT},
};
enum { N_WORDS = sizeof words / sizeof words[0], LONGEST = 15 };

static const word *find(const char *text, size_t n) {
    if (n > LONGEST)
        return NULL;
    int low = 0, high = N_WORDS;
    while (low < high) {
        int middle = (low + high) / 2;
        int order = strncmp(text, words[middle].text, n);
        if (order == 0)
            order = words[middle].text[n] == 0 ? 0 : -1;
        if (order == 0)
            return &words[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

int chr_keyword(const char *text, size_t n) {
    const word *w = find(text, n);
    return w != NULL ? w->type : 0;
}

int chr_inner_keyword(int number) {
    for (int i = 0; i < N_WORDS; i++)
        if (words[i].first == CHR_FIRST_OTHER && number-- == 0)
            return words[i].type;
    return 0;
}

chr_first_word chr_first_word_of(const char *text, size_t n) {
    const word *w = find(text, n);
    return w != NULL ? w->first : CHR_FIRST_OTHER;
}

const char *chr_nearest_statement(const char *text) {
    const char *names[N_WORDS];
    int n = 0;
    for (int i = 0; i < N_WORDS; i++)
        if (words[i].first != CHR_FIRST_OTHER)
            names[n++] = words[i].text;
    return chr_nearest(text, names, n);
}

/* Tokens that are no keywords: the name in dumps, and what they are in a sentence. */
static const struct {
    int type;
    const char *name, *words;
} others[] = {
    {0,              "TEXT_END", "the end of the text"       },
    {CHR_T_END,      "END",      "the end of the line"       },
    {CHR_T_NAME,     "NAME",     "a name"                    },
    {CHR_T_PATH,     "PATH",     "a path such as bass.cutoff"},
    {CHR_T_SENTENCE, "SENTENCE", "a sentence"                },
    {CHR_T_NOTE,     "NOTE",     "a note"                    },
    {CHR_T_NUMBER,   "NUMBER",   "a number"                  },
    {CHR_T_FRACTION, "FRACTION", "a fraction such as 1/16"   },
    {CHR_T_STRING,   "STRING",   "a text in quotes"          },
    {CHR_T_EQUAL,    "=",        "`=`"                       },
    {CHR_T_GT,       ">",        "`>`"                       },
    {CHR_T_COMMA,    ",",        "`,`"                       },
    {CHR_T_COLON,    ":",        "`:`"                       },
    {CHR_T_PIPE,     "|",        "`|`"                       },
    {CHR_T_DOTS,     "..",       "`..`"                      },
    {CHR_T_LPAREN,   "(",        "`(`"                       },
    {CHR_T_CALL,     "call(",    "`(`"                       },
    {CHR_T_RPAREN,   ")",        "`)`"                       },
    {CHR_T_LSQUARE,  "[",        "`[`"                       },
    {CHR_T_RSQUARE,  "]",        "`]`"                       },
    {CHR_T_LBRACE,   "{",        "`{`"                       },
    {CHR_T_RBRACE,   "}",        "`}`"                       },
    {CHR_T_SIGN,     "sign",     "a sign"                    },
    {CHR_T_TSTAR,    "tight*",   "`*`"                       },
    {CHR_T_TSLASH,   "tight/",   "`/`"                       },
    {CHR_T_TPERCENT, "tight%",   "`%`"                       },
    {CHR_T_TPLUS,    "tight+",   "`+`"                       },
    {CHR_T_TMINUS,   "tight-",   "`-`"                       },
    {CHR_T_TPOWER,   "tight^",   "`^`"                       },
    {CHR_T_TSAME,    "tight==",  "`==`"                      },
    {CHR_T_LSTAR,    "*",        "`*`"                       },
    {CHR_T_LSLASH,   "/",        "`/`"                       },
    {CHR_T_LPERCENT, "%",        "`%`"                       },
    {CHR_T_LPLUS,    "+",        "`+`"                       },
    {CHR_T_LMINUS,   "-",        "`-`"                       },
    {CHR_T_LPOWER,   "^",        "`^`"                       },
    {CHR_T_LSAME,    "==",       "`==`"                      },
    {CHR_T_STEP,     "STEP",     "a step"                    },
    {CHR_T_MOD,      "MOD",      "a modifier"                },
    {CHR_T_PLSQUARE, "steps[",   "`[`"                       },
    {CHR_T_PRSQUARE, "steps]",   "`]`"                       },
    {CHR_T_PLANGLE,  "steps<",   "`<`"                       },
    {CHR_T_PRANGLE,  "steps>",   "`>`"                       },
    {CHR_T_PLROUND,  "steps(",   "`(`"                       },
    {CHR_T_PRROUND,  "steps)",   "`)`"                       },
    {CHR_T_PCOMMA,   "steps,",   "`,`"                       },
    {CHR_T_PBAR,     "steps|",   "`|`"                       },
    {CHR_T_LLOCK,    "lock{",    "`{`"                       },
    {CHR_T_RLOCK,    "lock}",    "`}`"                       },
};

const char *chr_token_name(int type) {
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].type == type)
            return others[i].name;
    for (int i = 0; i < N_WORDS; i++)
        if (words[i].type == type)
            return words[i].text;
    return "?";
}

const char *chr_token_words(int type) {
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].type == type)
            return others[i].words;
    return chr_token_name(type);
}

bool chr_token_is_operator(int type) {
    switch (type) {
    case CHR_T_TSTAR:
    case CHR_T_TSLASH:
    case CHR_T_TPERCENT:
    case CHR_T_TPLUS:
    case CHR_T_TMINUS:
    case CHR_T_TPOWER:
    case CHR_T_TSAME:
    case CHR_T_LSTAR:
    case CHR_T_LSLASH:
    case CHR_T_LPERCENT:
    case CHR_T_LPLUS:
    case CHR_T_LMINUS:
    case CHR_T_LPOWER:
    case CHR_T_LSAME:
        return true;
    default:
        return false;
    }
}
