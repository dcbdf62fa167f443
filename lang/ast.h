/* lang/ast.h: the tree that the parser makes. One kind of node for all; what its fields and
 * children are is said beside each kind. The tree lives in the arena of its compile.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_AST_H
#define CHR_LANG_AST_H

#include "dsp/units.h"
#include "lang/diag.h"

/* clang-format off */
/* X(kind, name in dumps). In the comments: text = .text; ? optional, * any number, in this order among the children. */
#define CHR_AST_KINDS(X)                                                                                               \
    /* ---- statements ---- */                                                                                         \
    X(SCRIPT, "script")             /* statement* */                                                                   \
    X(WHEN, "when")                 /* text: at every after in now next-beat next-bar diff; POSITION or LENGTH?, then   \
                                       statement* */                                                                   \
    X(PATCH, "patch")               /* text: name or ""; KEY*, CHAIN */                                                \
    X(BUS, "bus")                   /* text: name; KEY*, CHAIN */                                                      \
    X(CREATE, "create")             /* text: name; NAME? (the instrument), KEY* */                                     \
    X(ADD, "add")                   /* NODE (the effect with its arguments), NAME (to), KEY*, LABEL? */                \
    X(REMOVE_FROM, "remove-from")   /* NAME (effect), NAME (from) */                                                   \
    X(REMOVE, "remove")             /* TARGET* */                                                                      \
    X(SEND, "send")                 /* TARGET, NAME (bus), value? */                                                   \
    X(SET, "set")                   /* TARGET, KEY*, LENGTH or NUMBER? in an OVER; `a.b = v` is a SET of TARGET a with \
                                       one KEY b */                                                                    \
    X(MAKE, "make")                 /* of words: NAME and NUMBER, at least one; OVER?. Also a sentence without `make`;     \
                                       number 1: its only musical word is a slip, if it is one at all */               \
    X(MUTE, "mute")                 /* TARGET* */                                                                      \
    X(UNMUTE, "unmute")             /* TARGET* (none: all) */                                                          \
    X(SOLO, "solo")                 /* TARGET* */                                                                      \
    X(UNSOLO, "unsolo")             /* TARGET* */                                                                      \
    X(PLAY, "play")                 /* TARGET* (none: everything; `all` is a target) */                                \
    X(PLAY_FROM, "play-from")       /* POSITION */                                                                     \
    X(PLAY_MIDI, "play-midi")       /* TARGET, KEY* */                                                                 \
    X(STOP, "stop")                 /* TARGET* */                                                                      \
    X(STOP_RECORDING, "stop-recording")                                                                                \
    X(HUSH, "hush")                                                                                                    \
    X(PANIC, "panic")                                                                                                  \
    X(RECORD, "record")             /* STRING, NAME? (stems) */                                                        \
    X(SEQUENCE, "sequence")         /* TARGET, KEY*, PATTERN? (none: removes it) */                                    \
    X(MELODY, "melody")             /* TARGET, KEY*, PATTERN? */                                                       \
    X(VALUES, "values")             /* TARGET (a path), KEY*, PATTERN? */                                              \
    X(SEED, "seed")                 /* NUMBER */                                                                       \
    X(TEMPO, "tempo")               /* value, TO(value)?, OVER(length)?, POSITION? */                                  \
    X(METER, "meter")               /* number/unit: unused; text: "7/8"; POSITION? */                                  \
    X(SWING, "swing")               /* value, POSITION? */                                                             \
    X(HUMANIZE, "humanize")         /* value, value? (none: off); POSITION? */                                         \
    X(KEY_STATEMENT, "key")         /* STRING, POSITION? */                                                            \
    X(TUNING, "tuning")             /* STRING?, KEY* (none of them: off); when its files are read, a LIST of NUMBERs for    \
                                       each of the two: see session_tuning.c */                                         \
    X(AUTOMATE, "automate")         /* TARGET, POINT* */                                                               \
    X(SECTION, "section")           /* text: name; LENGTH, TARGET* */                                                  \
    X(ARRANGE, "arrange")           /* NAME* each with number: times */                                                \
    X(QUANTIZE, "quantize")         /* LENGTH? (none: off) */                                                          \
    X(LOOP, "loop")                 /* NUMBER, NUMBER: bars from 1, both played; none: off */                          \
    X(LET, "let")                   /* text: name; CHAIN */                                                            \
    X(FN, "fn")                     /* text: name; FORMAL*, CHAIN */                                                   \
    X(MODULE, "module")             /* text: name; FORMAL*, STRING?, then PARAM* LET* FN* in order, CHAIN last */      \
    X(IMPORT, "import")             /* STRING; of a MIDI file: NAME (who plays it), KEY* */                                                                       \
    X(SAMPLE, "sample")             /* text: name; STRING */                                                           \
    X(RELOAD, "reload")             /* text: name */                                                                   \
    X(SYNC, "sync")                 /* text: name */                                                                   \
    X(GENERATE, "generate_module")  /* text: name; NAME? (language) */                                                 \
    X(SAVE, "save")                 /* STRING */                                                                       \
    X(LOAD, "load")                 /* STRING */                                                                       \
    X(MAP, "map")                   /* text: cc or osc; NUMBER or STRING, KEY*, TARGET, value?, value? */              \
    X(LIST_STATEMENT, "list")       /* text: what, or "" */                                                            \
    X(SHOW, "show")                 /* TARGET, NUMBER of bars? */                                                      \
    X(SCOPE, "scope")               /* TARGET? (none: what is heard) */                                                \
    X(SPECTRUM, "spectrum")         /* TARGET? */                                                                      \
    X(ROLL, "roll")                 /* TARGET? */                                                                      \
    X(WHY, "why")                   /* TARGET? */                                                                      \
    X(STATS, "stats")                                                                                                  \
    X(VOLUME, "volume")             /* value */                                                                        \
    X(SETTING, "setting")           /* text: a word of these alone, which asks what it is: "tempo", "volume" */        \
    X(METRONOME, "metronome")       /* text: on, off, or "" */                                                         \
    X(TAP, "tap")                                                                                                      \
    X(LEARN, "learn")               /* text: a step's name or ""; NUMBER? (a step) */                                  \
    X(HELP, "help")                 /* text: topic, or "" */                                                           \
    X(GRAPH, "graph")               /* TARGET? */                                                                      \
    X(METERS, "meters")                                                                                                \
    X(UNDO, "undo")                                                                                                    \
    X(REDO, "redo")                                                                                                    \
    X(HISTORY, "history")                                                                                              \
    X(QUIT, "quit")                                                                                                    \
    X(BAD, "bad")                   /* a statement with an error; already reported; text: the name it was about, or "" */\
    /* ---- parts of statements ---- */                                                                                \
    X(TARGET, "target")             /* text: "kick", "kick/fill" or the path "bass.lpf.cutoff" */                      \
    X(KEY, "key")                   /* text: name or path; one child: an expression */                                 \
    X(LABEL, "label")               /* text */                                                                         \
    X(POSITION, "position")         /* number: bar from 1; one NUMBER child: beat from 1 */                            \
    X(OVER, "over")                 /* NUMBER or LENGTH */                                                             \
    X(TO, "to")                     /* value */                                                                        \
    X(POINT, "point")               /* value, POSITION, NAME? (curve), STRING? (label) */                              \
    X(FORMAL, "formal")             /* text: name; value? (default) */                                                 \
    X(PARAM, "param")               /* text: name; value (default), RANGE(value, value) or CHOICES(NAME*)?, NAME*      \
                                       (curve and context words), STRING? */                                           \
    X(RANGE, "range")               /* value, value */                                                                 \
    X(CHOICES, "choices")           /* NAME* */                                                                        \
    /* ---- chains and expressions ---- */                                                                             \
    X(CHAIN, "chain")               /* stages: expressions, at least one; each may be an AS */                         \
    X(AS, "as")                     /* text: label; one expression */                                                  \
    X(NODE, "node")                 /* text: module; positional expressions, then KEY*; at least one of them */        \
    X(CALL, "call")                 /* text: name; per argument a CHAIN or a KEY; none: name() */                      \
    X(BINARY, "binary")             /* text: ^ * / % + - ==; two expressions. number 1: written with blanks round it */\
    X(SIGN, "sign")                 /* text: - or +; one expression */                                                 \
    X(NUMBER, "number")             /* number, unit (CHR_UNIT_BEATS, BARS and WHOLES are lengths) */                   \
    X(NOTE, "note")                 /* text as written; number: MIDI number */                                         \
    X(STRING, "string")             /* text: the escapes resolved */                                                   \
    X(NAME, "name")                 /* text */                                                                         \
    X(PATH, "path")                 /* text: a.b or a.b.c */                                                           \
    X(LIST, "list")                 /* expressions */                                                                  \
    X(FOR, "for")                   /* text: name; first value, last value? (none: a list), CHAIN */                   \
    /* ---- pattern text ---- */                                                                                       \
    X(PATTERN, "pattern")           /* STEPS, or the TARGET that they are taken from; then CHAIN? of transforms */                                             \
    X(STEPS, "steps")               /* steps one after the other: STEP, DIVIDED, TURNS, CHOICE */                      \
    X(STEP, "step")                 /* text: the character or word; MOD* */                                            \
    X(DIVIDED, "divided")           /* [ ]: STEPS*, more than one: together; then MOD* */                              \
    X(TURNS, "turns")               /* < >: STEPS, then MOD* */                                                        \
    X(CHOICE, "choice")             /* ( | ): STEPS*, then MOD* */                                                     \
    X(MOD, "mod")                   /* text: * ! @ ? ( ~ ^ {; number; ( has NUMBER NUMBER NUMBER?; { has KEY*; a ?      \
                                       without a share has number -1 */
/* clang-format on */

typedef enum chr_ast_kind {
#define CHR_AST_ENUM(kind, name) CHR_AST_##kind,
    CHR_AST_KINDS(CHR_AST_ENUM)
#undef CHR_AST_ENUM
        CHR_AST_COUNT
} chr_ast_kind;

/* Bounds that the parser holds to, so that whoever walks a tree may recurse. */
enum {
    CHR_TEXT_MAX = 8 << 20,      /* bytes of one text */
    CHR_AST_NODES_MAX = 1000000, /* nodes of one text */
    CHR_AST_DEPTH_MAX = 1000,    /* levels of one statement */
    CHR_NESTING_MAX = 200        /* brackets within brackets */
};

typedef struct chr_ast {
    chr_ast_kind kind;
    chr_span span;    /* the whole of it */
    const char *text; /* see above; "" where there is none, never NULL */
    double number;
    chr_unit unit;
    struct chr_ast *child; /* first child */
    struct chr_ast *next;  /* next sibling */
    int depth;             /* levels below this one; at most CHR_AST_DEPTH_MAX */
} chr_ast;

/* Parses one source: a script or a typed line or block. Always returns a CHR_AST_SCRIPT (NULL only
 * when memory is out); what is wrong is reported to `diags`, and parsing goes on at the next
 * statement. */
chr_ast *chr_parse(const chr_source *source, chr_arena *arena, chr_diags *diags);

const char *chr_ast_name(chr_ast_kind kind);
/* Prints the tree, one node a line, two blanks a level: the format of `--dump ast`. */
void chr_ast_print(const chr_ast *tree, FILE *to);
/* Prints the tokens of a source, one a line: the format of `--dump tokens`. */
void chr_tokens_print(const chr_source *source, FILE *to);
/* True if the text is a whole evaluation; false if a prompt should ask for another line (an open
 * bracket or string of brackets, a trailing `>` or operator, an indented block expected). */
bool chr_source_is_complete(const char *text, size_t len);

#endif
