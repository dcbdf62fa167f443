/* lang/check/inner.h: what the files of the check share. Read basis.h (memory, values) first, then
 * top down: names, nodes, evaluation.
 *
 * The road: settings.c reads what holds, course.c key and swing, tempo.c the map of time, names.c
 * collects what the session defines and in which order it is to be evaluated, patch.c evaluates
 * each owner (chain.c, expr.c, arith.c, bind.c, call.c, user.c), sets.c resolves what `set` names,
 * pattern.c and its neighbours make scores of the patterns, feedback.c orders the nodes, finish.c
 * writes the IR. SPDX-License-Identifier: MIT */
#ifndef CHR_CHECK_INNER_H
#define CHR_CHECK_INNER_H

#include "lang/check/basis.h"

/* ---- names ---- */

typedef struct owner owner;
typedef struct tap tap;
typedef struct feed feed;
typedef struct scope scope;
typedef struct place place;

/* The `as` names of a body. */
typedef struct labels {
    const chr_ast **asts; /* AS */
    uint32_t n, room;
    table known;
} labels;

/* A module written in Chronus, of the session or the library. */
typedef struct parameter {
    const char *name;
    const chr_ast *ast;         /* FORMAL or PARAM */
    const chr_param_info *info; /* NULL for a FORMAL: takes anything */
} parameter;

typedef struct maker {
    const char *name;
    const chr_ast *ast;         /* MODULE or FN; NULL: built in */
    const chr_module *module;   /* built in, else NULL */
    scope *home;                /* where its names are looked up; NULL: the session */
    bool library;               /* warnings about its inside are not the player's */
    bool described, tried, bad; /* parameters read; body checked by itself; it had a mistake */
    parameter *params;
    int n_params;
    const char *const *slots; /* names of arguments: positional ones first */
    int n_slots, n_positional;
    labels labels;                                      /* of the body */
    int uses_notes;                                     /* -1 not known yet */
    enum { WEAVES_UNKNOWN, WEAVES_NOT, WEAVES } weaves; /* it is a function of transforms */
    enum { PLACES_UNKNOWN, PLACES_NOT, PLACES } places; /* it places notes (placing.c) */
    struct maker *shadowed; /* what the name meant before this one: it still does in its own text */
} maker;

typedef enum binding_kind {
    BIND_LABEL,
    BIND_LET,
    BIND_VALUE,
    BIND_MAKER,
    BIND_OWNER,
    BIND_BAD,
    BIND_WAITING /* parsed, not available yet */
} binding_kind;
typedef enum binding_state { NOT_YET, BUSY, DONE } binding_state;

#define NO_NODE UINT32_MAX

typedef struct binding {
    binding_kind kind;
    binding_state state;
    const char *name;
    const chr_ast *ast;
    value value;
    uint32_t stand_in; /* the node that stands for it while it is not known, or NO_NODE */
    shape assumed;     /* shape of the stand-in */
    maker *maker;
    owner *owner;
    const place *home; /* LET: where it is evaluated */
    int visit;         /* of the walk that orders what the session defines */
} binding;

struct scope {
    scope *parent;    /* NULL: the session is next */
    table names;      /* binding */
    bool wrong_shape; /* a stand-in did not have the shape of what it stood for */
};

/* An effect that `add` put on a strip. */
typedef struct insert {
    const char *label;
    bool labelled;
    const char *effect;
    const chr_ast **args; /* NODE arguments and KEYs of each `add`, in order; NULL parts them */
    uint32_t n_args, room;
    chr_span span;
} insert;

/* A patch that a bus takes in: its chain ends there, or `send` says so. */
struct feed {
    owner *from;
    const chr_ast *send; /* SEND; NULL: the chain of `from` ends in the bus */
    uint32_t node;       /* its sound times its share: params [sound, share]; or NO_NODE */
};

/* `set`: one key of one statement. */
typedef struct setting {
    const char *path;   /* within the owner, as written */
    const chr_ast *key; /* KEY */
    chr_span span;      /* of the path */
    bool resolved, failed;
} setting;

/* A parameter that some note of the owner's patterns locks (locks.c). */
typedef struct lock {
    const char *path; /* as written */
    chr_span span;    /* of its first mention */
    uint32_t slot;    /* its place, until it turns out to be the same knob as another */
    bool resolved;
    bool borrowed;      /* of a pattern that was taken from another: it may be unknown here */
    const char *module; /* what it is a parameter of, */
    const chr_param_info *info; /* and which; NULL: of a function, takes anything */
} lock;

/* A module instance of the player's, so that `set` finds its parameters. */
typedef struct instance {
    const char *label; /* path within the owner */
    const maker *maker;
    const value *values; /* of its parameters */
    uint32_t birth;
} instance;

/* Parameters by their whole path, and in a list by their last word. */
typedef struct paths {
    table by_word, by_path;
    uint32_t end_node, n_instances;    /* those before are in it; */
    uint32_t last_node, last_instance; /* the births of the last two of them */
} paths;

struct owner {
    const char *name;
    const chr_ast
        *statement; /* PATCH, BUS, CREATE, or the pattern that called for an instrument; NULL: owner
                       0 */
    const char *instrument; /* CREATE: name of the module */
    uint32_t index;
    binding_state state;
    bool listed;
    uint32_t n_voices;
    double fade_s;
    uint32_t unison; /* copies of each voice; the shape of a sound counts each as a voice */
    double spread;   /* of the copies across the stereo field, 0..1 */
    chr_keying keying;
    value pitch; /* freq after `glide` and `detune`; POISON without */
    bool has_out;
    double channel;          /* 0: main */
    const chr_ast *bus_name; /* NAME at the end of the chain that may be a bus's; or NULL */
    owner *bus;              /* where the chain ends, if it does not end in `out` */
    feed **feeds;            /* of a bus */
    uint32_t n_feeds, feeds_room;
    bool muted, soloed;
    bool places;  /* its patterns place their notes, */
    bool placed;  /* and its sound so far has passed the stage that does it */
    table labels; /* label_count */
    insert **inserts;
    uint32_t n_inserts, inserts_room;
    const chr_ast **removed; /* NAMEs */
    bool *removed_found;
    uint32_t n_removed, removed_room;
    setting **settings;
    uint32_t n_settings, settings_room;
    table overrides; /* "lpf.cutoff" -> KEY */
    lock **locks;    /* by slot */
    uint32_t n_locks, locks_room;
    table locked; /* "lpf.cutoff" -> lock */
    instance *instances;
    uint32_t n_instances, instances_room;
    uint32_t strip_node, strip_instance; /* from these on they are effects that `add` brought */
    uint32_t level_node;                 /* NO_NODE before it is made */
    uint32_t stand_in; /* node that stands for its sound in a feedback path, or NO_NODE */
    value output;
    uint32_t first_node, end_node; /* its nodes lie between these */
    paths paths;                   /* its parameters, as far as they were asked for */
    chr_ir_out *outs;
    uint32_t n_outs;
    tap *taps; /* places in it that can be looked at */
    uint32_t n_taps;
};

struct tap {
    const char *name; /* "lead.scope" */
    chr_strand strands[2];
};

/* ---- nodes ---- */

typedef struct node {
    const chr_module *module; /* NULL: a stand-in, gone in the IR */
    uint32_t owner;
    uint32_t birth;
    const char *label;
    bool labelled;
    bool hidden, settable; /* nobody wrote it as a module; but `set` finds it: level, glide */
    shape shape;           /* of its instances */
    uint32_t n_instances, n_sources;
    chr_strand *inputs, *params;
    const chr_strand
        *target; /* stand-in: what it stands for, [n_instances]; NULL while not known */
    chr_span span;
} node;

/* Point to which the nodes, labels and bindings can be rolled back. */
typedef struct mark {
    uint32_t n_nodes, n_log;
    uint64_t n_strands;
    double delay_rows;
} mark;
mark take_mark(const checker *c);
void roll_back(checker *c, const mark *m);
/* Notes the present bytes of something that a roll-back has to restore. */
void keep_for_undo(checker *c, void *where, size_t size);

/* Adds a node; its arrays are zeroed and to be filled. */
node *add_node(checker *c, const place *p, const chr_module *m, const char *label, shape s,
               uint32_t n_sources, chr_span span);
uint32_t add_stand_in(checker *c, const place *p, const char *label, shape s, chr_span span);
/* Output of node `n`: each of its ports, a side each for modules with left and right. */
value node_output(checker *c, uint32_t n);
/* Label of a new node: `given` (from `as`) or the module's name with an ordinal; with the place's
 * prefix. */
const char *new_label(checker *c, const place *p, const char *given, const char *module);
const chr_module *built_in(const checker *c, const char *name);
/* A node of a hidden module with two operands. */
value operate(checker *c, const place *p, const char *module, value a, value b, chr_span span);
/* Sums voices and/or copies by a node a side, or one node with two sides for a module with two
 * outputs. */
value sum_node(checker *c, const place *p, const chr_module *m, const chr_strand *params, value v,
               bool voices_too, const char *label, chr_span span);
value to_mono(checker *c, const place *p, value v, chr_span span);

/* ---- evaluation ---- */

/* Where an expression stands. Passed by pointer, changed in copies. */
struct place {
    owner *owner;
    scope *scope;       /* NULL: the session */
    const char *prefix; /* of labels: "" or "kick.drop." */
    value in;           /* what enters the stage */
    bool has_in;
    bool feeds;       /* modules take `in` by themselves (in a stage; not in an argument) */
    bool may_end;     /* a chain that `> out` may end */
    bool top;         /* the chain of the patch itself */
    bool top_stage;   /* directly a stage of it: `mix` sums the voices here */
    bool later_notes; /* a later stage of it uses the played note */
    bool after_mix;   /* the voices are summed: runs once */
    bool sides_apart; /* what is summed stays on its side: its notes are placed */
    bool *in_used;
    const char *label; /* given with `as`, for the node that the expression is */
};

/* Modules and functions being expanded, innermost first. */
typedef struct expansion {
    const chr_ast *ast;
    const char *name;
    const struct expansion *outer;
    int depth;
} expansion;

/* What an expression is worth instead of what it says, while it is evaluated inside a larger one.
 */
typedef struct substitute {
    const chr_ast *expression; /* NULL: none */
    value value;
} substitute;

struct checker {
    const chr_program *program;
    chr_diags *diags;
    chr_arena *scratch, *out;
    jmp_buf give_up;
    table reported; /* diagnostics by place and code: one mistake is one message */
    chr_time_map *time;
    bool goes_on;    /* a tempo was typed to change slowly, from then on */
    chr_tempo tempo; /* with which the piece begins: patterns count in it */
    double bpm_here; /* where the clock is: with which lengths of music become times */
    bool follows;    /* one did */
    double volume;
    uint64_t seed;
    chr_quantum quantum; /* 0: off */
    struct age *ages;    /* what patterns share, from the beginning on: by time */
    uint32_t n_ages;
    table things; /* binding: patches, lets */
    table makers; /* maker: modules and functions */
    owner **owners;
    uint32_t n_owners, owners_room;
    binding **listed; /* patches and lets of the session, as said */
    uint32_t n_listed, listed_room;
    node *nodes;
    uint32_t n_nodes, nodes_room;
    uint32_t births; /* of nodes and instances: a roll-back takes none back */
    uint64_t n_strands;
    double delay_rows;
    bool delay_told, depth_told; /* said once, however often it is met */
    struct undo *log;
    uint32_t n_log, log_room;
    uint32_t n_steps;
    int depth;
    substitute substitute;
    struct turned *turned; /* knobs that patterns of values turn, by the order of evaluation */
    uint32_t n_turned, turned_room;
    struct part *parts; /* of the arrangement */
    uint32_t n_parts, parts_room;
    int quiet; /* inside library modules: warnings are not the player's */
    int dry;   /* bodies are checked, no nodes are made */
    const expansion *expanding;
    chr_ir_pattern *patterns;
    uint32_t n_patterns, patterns_room;
    uint32_t n_events;
};

/* Reports once for each code and place. True if advice is wanted, for chr_suggest: not where it was
 * reported before, nor once there are so many that nobody reads the advice. */
#define TELL(c, code, span, ...)                                                                   \
    (first_time((c), CHR_##code, (span)) &&                                                        \
     (chr_report((c)->diags, CHR_##code, (span), __VA_ARGS__), true))
#define REPORT(c, code, span, ...) wants_advice((c), TELL(c, code, span, __VA_ARGS__))
bool first_time(checker *c, chr_code code, chr_span span);
static inline bool wants_advice(const checker *c, bool told) {
    return told && chr_wants_advice(c->diags);
}
/* Warnings about the inside of the library are left out. */
#define WARN(c, code, span, ...)                                                                   \
    wants_advice((c), !(c)->quiet && !(c)->dry && TELL(c, code, span, __VA_ARGS__))
/* The name that a tree begins with. */
chr_span name_span(const chr_ast *e);
/* The name in a statement that defines one. */
chr_span defined_span(const chr_ast *s);
/* The text of a span, without line ends, cut at some 60 bytes. */
const char *text_of(checker *c, chr_span span);

/* chr_unit_convert, at the tempo that holds where the clock is. */
bool convert(checker *c, double x, chr_unit from, chr_unit to, double *out);

value eval(checker *c, const place *p, const chr_ast *e);
value eval_chain(checker *c, const place *p, const chr_ast *chain);
value eval_name(checker *c, const place *p, const chr_ast *e);
value eval_path(checker *c, const place *p, const chr_ast *e);
value eval_list(checker *c, const place *p, const chr_ast *e);
value eval_for(checker *c, const place *p, const chr_ast *e);
value eval_binary(checker *c, const place *p, const chr_ast *e);
value eval_sign(checker *c, const place *p, const chr_ast *e);
/* Evaluates an argument: the stage's signal is there by name, but modules do not take it by
 * themselves. */
place argument_place(const place *p);
value concatenate(checker *c, const value *values, uint32_t n, chr_span span);

value voice_input(checker *c, const place *p, chr_voice_value which);
/* A value of the first `n` copies of an owner's voices, `unison` of them to a voice. */
value voice_strands(checker *c, const owner *o, chr_voice_value which, uint32_t n);
bool has_voice(const checker *c, const place *p);
/* The value of a voice that a word names, or -1. */
int voice_word(const char *name);

/* The value of a binding: evaluates a `let` on first use, makes a stand-in for what is not known
 * yet. */
value binding_value(checker *c, const place *p, binding *b, chr_span span);
value eval_let(checker *c, binding *b);
value owner_value(checker *c, const place *p, owner *o, chr_span span);

/* Looks a module or function up: local functions first. */
maker *find_maker(checker *c, const place *p, const char *name);
binding *find_binding(const checker *c, const place *p, const char *name);
int compare_words(const void *a, const void *b); /* for qsort */
void report_unknown(checker *c, const place *p, const char *name, chr_span span, bool maker_wanted);

/* Arguments: given[slot], or NULL. A mistake is reported and the argument left out. */
bool bind_args(checker *c, maker *m, const chr_ast *const *args, uint32_t n, const chr_ast **given);
void report_too_many(checker *c, chr_span span, const char *name, int n);
/* Says that a key is not among `words`, which are all that the module takes there. */
void report_no_knob(checker *c, const maker *m, const char *const *words, int n,
                    const chr_ast *key);
/* "did you mean": the word of that meaning, or the nearest. False: none is near. */
bool suggest_knob(checker *c, const char *word, const char *const *words, int n);

/* taps.c: `scope` and `meter` as stages. */
bool is_tap(const char *name);
value eval_tap(checker *c, const place *p, const chr_ast *e);
/* patch.c: the voices and copies of a sound as one. */
value sum_up(checker *c, const place *p, value v, chr_span span);
/* What a module that holds memory was asked for before it was clamped. The warning waits here: if
 * the memory is too much, that is the one mistake. */
typedef struct asked {
    float greatest;
    bool clamped;
    double held; /* to which it was clamped */
    chr_span span;
} asked;
/* automate.c. A value at a place of the song. */
typedef struct moment {
    double beat, value; /* beats from the song's beginning; in the parameter's unit */
    int curve;          /* of the way to it: lin, exp, step, smooth */
    chr_span span;
} moment;
/* What goes from moment to moment, by time: 1 or more of them. */
value lay_moments(checker *c, const place *p, chr_unit unit, const moment *points, uint32_t n);
/* arrange.c. Reads the sections and their order; then, until the check ends: */
void read_arrangement(checker *c);
/* When a pattern ("kick/fill") or a patch plays; false: the arrangement does not rule it. */
bool arranged_windows(checker *c, const char *name, chr_ir_window **windows, uint32_t *n);
/* 1 while a patch plays in the arrangement, else 0. */
value arranged_presence(checker *c, const place *p, const char *name, chr_span span);
/* automate.c. The AUTOMATE or VALUES statement that a setting stands for, or NULL. */
const chr_ast *automation_of(const chr_ast *key);
/* values.c. What a pattern of values makes of a parameter whose own number is `base`. */
value eval_turned(checker *c, const place *p, const char *module, const chr_param_info *info,
                  const chr_ast *statement, double base, asked *asked_for);
/* A parameter that an AUTOMATE or VALUES moves; `written` is what its module was given (NULL:
 * nothing): where that is a number and what modulates it, the number alone is replaced. */
value eval_automated(checker *c, const place *p, const place *written_at, const char *module,
                     const chr_param_info *info, const chr_ast *statement, const chr_ast *written,
                     asked *asked_for);
/* One argument in the unit of its parameter, clamped; with a warning where `asked` is NULL. */
value eval_param(checker *c, const place *p, const char *module, const chr_param_info *info,
                 const chr_ast *e, asked *asked_for);
value fit_param(checker *c, const char *module, const chr_param_info *info, value v, chr_span span,
                asked *asked_for);
void warn_of_clamping(checker *c, const char *module, const chr_param_info *info, chr_span span,
                      double held);
const char *choice_at(checker *c, const char *choices, int i);
int choice_find(const char *choices, const char *word);
int choice_count(const char *choices);

/* A use of a module or function: NODE, CALL or NAME. args: its arguments. */
value eval_maker(checker *c, const place *p, maker *m, const chr_ast *const *args, uint32_t n_args,
                 chr_span span);
value eval_use(checker *c, const place *p, const chr_ast *e);
value use_built_in(checker *c, const place *p, maker *m, const chr_ast **given, chr_span span);
value use_written(checker *c, const place *p, maker *m, const chr_ast **given, chr_span span);
void describe(checker *c, maker *m);
void try_maker(checker *c, maker *m);
/* weave_fn.c: is this a function of transforms? They are tried on a pattern. */
bool is_weave(checker *c, maker *m);
void try_weave(checker *c, const maker *m);
bool uses_notes(checker *c, const place *p, const chr_ast *e);
/* All nodes of a tree, parents first, without recursion. Returns how many. */
uint32_t flatten(checker *c, const chr_ast *root, const chr_ast ***out);
/* Adds the `as` names in a tree. */
void collect_labels(checker *c, const chr_ast *e, labels *l);
value label_reached(checker *c, const place *p, const chr_ast *as, value v);
/* Evaluates a body in scopes made by `open` until the stand-ins have the right shapes. */
typedef struct body {
    const labels *labels;
    const chr_ast *chain;
    void (*fill)(checker *c, const place *p,
                 void *context); /* adds lets, parameters; may be NULL */
    void *context;
    scope *parent;
} body;
value eval_body(checker *c, const place *p, const body *b);

/* ---- stages of the check ---- */

void read_settings(checker *c);
void read_time(checker *c, const place *p);
/* tuning.c: `tuning "just" A4=432Hz`, with its files read; the last one holds. */
void read_tuning(checker *c, const place *p, const chr_ast *s);
bool read_swing(checker *c, const place *p, const chr_ast *e, double *out);
void read_course(checker *c, const place *p);
void collect_names(checker *c);
void evaluate_all(checker *c);
void evaluate_owner(checker *c, owner *o);
owner *add_owner(checker *c, const char *name, const chr_ast *statement);
owner *find_owner(const checker *c, const char *name);
value apply_inserts(checker *c, const place *p, value v);
/* Who feeds which bus, before anything is evaluated; and the sum of what enters a bus. */
void collect_ends(checker *c);
void collect_send(checker *c, const chr_ast *s, owner *from);
value bus_input(checker *c, const place *p);
static inline bool is_bus(const owner *o) {
    return o->statement != NULL && o->statement->kind == CHR_AST_BUS;
}
/* The word of the `remove` that takes this stage out, or NULL. */
const chr_ast *removed_here(const owner *o, const chr_ast *stage);
/* Resolves the settings of an owner against what it is made of; true if one was resolved, so that
 * it is made again. */
bool resolve_settings(checker *c, owner *o, const char *prefix, uint32_t first_node, bool last);
const chr_ast *override_of(checker *c, const place *p, const char *label, const char *param);
/* Where the value of an override is evaluated. */
place override_place(checker *c, const place *p, const char *label, const char *param);
/* Evaluates a `let` of the session with what `set` says about it. */
value evaluate_let(checker *c, binding *b);
void note_instance(checker *c, owner *o, const char *label, const maker *m, const value *values);
/* locks.c. What the patterns lock, before anything is evaluated. */
void collect_locks(checker *c);
/* The value of a parameter that may be locked: of `own`, and of the voice's lock. */
value locked_value(checker *c, const place *p, const char *label, const char *param,
                   const chr_param_info *info, value own, chr_span span);
/* placing.c. Whose patterns place their notes, before anything is evaluated. */
void collect_placing(checker *c);
/* The sound of the voices with each note in its place, where patterns of the patch ask for that. */
value place_notes(checker *c, const place *p, value v, chr_span span);
/* What stands before `end` in a path. */
const char *head_of(checker *c, const char *path, char end);
/* What follows the last point of a path. */
const char *last_word(const char *path);
void add_setting(checker *c, owner *o, const char *path, const chr_ast *key, chr_span span);
void read_patterns(checker *c);
void resolve_stand_ins(checker *c);
/* Once everything is evaluated. */
void warn_unheard(checker *c);
void collect_knobs(checker *c, chr_knobs *to);
void settle_hearing(checker *c); /* mute, solo, and drones that do not play */
/* Order of the nodes in the IR: order[i] is a node; cycle[node] its cycle. False if there is a loop
 * without delay. */
bool order_nodes(checker *c, uint32_t *order, uint32_t *n, uint32_t *cycle);
chr_ir *write_ir(checker *c, const uint32_t *order, uint32_t n, const uint32_t *cycle);

void not_yet(checker *c, chr_span span, const char *what);

#endif
