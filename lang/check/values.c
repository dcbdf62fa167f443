/* lang/check/values.c: `values bass.cutoff: 200 <800 2k>`: a pattern whose words are values of a
 * knob. It is played by a hidden player of its own, one voice that has the value for its note; the
 * knob's own number is replaced by that voice, like it is by an automation.
 * SPDX-License-Identifier: MIT */
#include "lang/check/pattern.h"
#include "lang/token.h"

static const chr_param_info any_quantity = {.word = "a knob", .min = -1e6f, .max = 1e6f};
const knob any_knob = {.module = "", .info = &any_quantity};

/* ---- words ---- */

/* The one token that a text is made of; false: it is made of several, or of none. */
static bool read_token(checker *c, const char *text, chr_token *token) {
    const chr_source source = {"value", text, strlen(text), 1};
    chr_diags told;
    chr_lexer lexer;
    chr_diags_init(&told, c->scratch);
    bool ok = chr_lexer_init(&lexer, &source, &told);
    if (ok) {
        *token = chr_lexer_next(&lexer);
        ok = chr_lexer_next(&lexer).type == CHR_T_END && told.n_errors == 0;
    }
    chr_lexer_free(&lexer);
    return ok;
}

/* The word as an expression; NULL: it is none. */
static const chr_ast *expression_of(checker *c, const chr_ast *step) {
    bool has_sign = step->text[0] == '-' || step->text[0] == '+';
    const char *text = step->text + has_sign;
    chr_token token;
    if (!read_token(c, text, &token))
        return NULL;
    chr_ast *e = TAKE(c, chr_ast);
    *e = (chr_ast){.span = step->span, .text = text, .number = token.number, .unit = token.unit};
    switch (token.type) {
    case CHR_T_NUMBER:
    case CHR_T_FRACTION:
        e->kind = CHR_AST_NUMBER;
        break;
    case CHR_T_NOTE:
        e->kind = CHR_AST_NOTE;
        break;
    case CHR_T_NAME:
        e->kind = CHR_AST_NAME;
        break;
    default:
        return NULL;
    }
    if (!has_sign)
        return e;
    chr_ast *sign = TAKE(c, chr_ast);
    *sign = (chr_ast){.kind = CHR_AST_SIGN,
                      .span = step->span,
                      .text = step->text[0] == '-' ? "-" : "+",
                      .child = e};
    return sign;
}

bool read_value_word(layout *l, const chr_ast *step, word *out) {
    static const chr_param_info share = {.word = "a value for `range`",
                                         .display = "a value for `range`",
                                         .unit = CHR_UNIT_RATIO,
                                         .min = 0,
                                         .max = 1,
                                         .hint = "0 is the first end of the range, 1 the other"};
    checker *c = l->c;
    const knob *k = l->knob;
    place p = {.owner = c->owners[0], .prefix = ""};
    *out = (word){.kind = WORD_VALUE, .level = 1};
    if (strcmp(step->text, ".") == 0 || strcmp(step->text, "-") == 0) {
        out->kind = WORD_REST;
        return true;
    }
    if (strcmp(step->text, "_") == 0) {
        out->kind = WORD_HOLD;
        return true;
    }
    const chr_ast *e = expression_of(c, step);
    if (e == NULL) {
        REPORT(c, E449, step->span, step->text);
        return false;
    }
    value v = eval_param(c, &p, k->shares ? "" : k->module, k->shares ? &share : k->info, e, NULL);
    return one_number(c, &v, step->span, "a value", &out->value);
}

bool asks_for_range(checker *c, const chr_ast *chain) {
    const chr_ast **all;
    uint32_t n = chain != NULL && c->depth < MAX_DEPTH ? flatten(c, chain, &all) : 0;
    bool found = false;
    c->depth++;
    for (uint32_t i = 0; i < n && !found; i++) {
        if (all[i]->kind != CHR_AST_NAME && all[i]->kind != CHR_AST_NODE)
            continue;
        maker *m = table_find(&c->makers, all[i]->text);
        bool own = m != NULL && is_weave(c, m);
        found = own ? asks_for_range(c, m->ast) : strcmp(all[i]->text, "range") == 0;
    }
    c->depth--;
    return found;
}

/* ---- the knob ---- */

/* The value on its way: `glide=`. */
static value gliding(checker *c, const place *p, value v, const chr_ast *glide) {
    const chr_module *slew = built_in(c, "slew");
    if (glide == NULL || slew == NULL || slew->n_params == 0)
        return v;
    place here = *p;
    here.label = NULL;
    value time = eval_param(c, &here, "glide", &slew->params[0], glide, NULL);
    double seconds;
    if (!one_number(c, &time, glide->span, "glide", &seconds))
        return v;
    node *n =
        add_node(c, &here, slew, new_label(c, &here, NULL, "glide"), shape_one, 0, glide->span);
    n->hidden = true;
    n->inputs[0] = v.strands[0];
    n->params[0] = strand_const((float)seconds);
    for (int k = 1; k < slew->n_params; k++)
        n->params[k] = strand_const(slew->params[k].dflt);
    return node_output(c, (uint32_t)(n - c->nodes));
}

turned *find_turned(checker *c, const chr_ast *statement) {
    for (uint32_t i = 0; i < c->n_turned; i++)
        if (c->turned[i].statement->child == statement->child) /* it may be a copy */
            return &c->turned[i];
    return NULL;
}

static const chr_ast *glide_of(const chr_ast *statement) {
    for (const chr_ast *e = statement->child; e != NULL; e = e->next)
        if (e->kind == CHR_AST_KEY && strcmp(e->text, "glide") == 0)
            return e->child;
    return NULL;
}

/* A patch may be evaluated several times: the pattern is read once. NULL: there was a mistake. */
static const turned *turn(checker *c, const char *module, const chr_param_info *info,
                          const chr_ast *statement, double base, float *greatest) {
    turned *t = find_turned(c, statement);
    if (t != NULL)
        return t->value.kind == VALUE_SIGNAL ? t : NULL;
    c->turned = grown(c, c->turned, c->n_turned, &c->turned_room, sizeof *c->turned);
    t = &c->turned[c->n_turned];
    *t = (turned){.statement = statement, .name = statement->child->text, .value = poison()};
    uint32_t index = c->n_owners + c->n_turned++;
    if (info->choices != NULL) {
        REPORT(c, E478, statement->child->span, statement->child->text);
        return NULL;
    }
    knob k = {.module = module, .info = info};
    t->pattern =
        (chr_ir_pattern){.owner = index, .values = true, .base = (float)base, .unit = info->unit};
    if (!read_values(c, statement, &k, &t->pattern))
        return NULL;
    const chr_score *score = &t->pattern.score;
    for (uint32_t i = 0; i < score->n_tones; i++)
        *greatest = score->tones[i] > *greatest ? score->tones[i] : *greatest;
    chr_strand *s = TAKE(c, chr_strand);
    *s = (chr_strand){.kind = CHR_STRAND_VOICE, .port = CHR_VOICE_NOTE, .node = index, .index = 0};
    t->value = signal_of(s, shape_one);
    return t;
}

value eval_turned(checker *c, const place *p, const char *module, const chr_param_info *info,
                  const chr_ast *statement, double base, asked *asked_for) {
    float greatest = (float)base;
    const turned *t = turn(c, module, info, statement, base, &greatest);
    if (asked_for != NULL && greatest > asked_for->greatest)
        asked_for->greatest = greatest;
    if (t == NULL)
        return poison();
    value v = gliding(c, p, t->value, glide_of(statement));
    v.is_control = true;
    v.sound = false;
    v.unit = info->unit == CHR_UNIT_HZ ? CHR_UNIT_HZ : CHR_UNIT_NONE;
    return v;
}
