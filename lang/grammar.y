/* lang/grammar.y: tokens -> tree. Made into C by Lemon in the build, without conflicts. The actions only build.
 * SPDX-License-Identifier: MIT
 *
 * A statement that cannot be read is passed over to its END, in a module to the END of its line. Keywords are tokens
 * only where they can stand: parse.c asks chr_lemon_accepts first. */
%include {
#include "lang/parse.h"
#include <stdlib.h>
}
%name chr_lemon
%token_prefix CHR_T_
%token_type {chr_token}
%default_type {chr_ast *}
%extra_context {chr_parser *p}
%stack_size 0
%start_symbol text

%syntax_error {
    (void)TOKEN;
    (void)yymajor;
    p->error = true; /* parse.c has explained it */
}
%stack_overflow { p->no_memory = true; }

/* Loosest first. An argument takes every operator that touches it, a keyed value every operator. */
%nonassoc ARGUMENT.
%left TSAME LSAME.
%left TPLUS TMINUS LPLUS LMINUS.
%left TSTAR TSLASH TPERCENT LSTAR LSLASH LPERCENT.
%right SIGNED.
%right TPOWER LPOWER.

/* ---- statements ---- */

text ::= lines(L). { p->script = chr_branch(p, CHR_AST_SCRIPT, 0, L); }

%type lines {chr_list}
lines(A) ::= . { A = (chr_list){0}; }
lines(A) ::= lines(A) END.
lines(A) ::= lines(B) line(S) END. { A = chr_append(p, B, S); }
lines(A) ::= lines(B) error END. { A = chr_append(p, B, chr_statement_bad(p)); }

line(A) ::= statement(S). { A = chr_statement_done(p, S); }

statement(A) ::= when(W) COLON statement(S). { A = chr_adopt(p, W, chr_list_of(p, S)); A->span.to = p->before; }
statement(A) ::= when(W) COLON LBRACE lines(L) RBRACE. { A = chr_adopt(p, W, L); A->span.to = p->before; }

when(A) ::= AT(W) position(P). { A = chr_name(p, chr_branch(p, CHR_AST_WHEN, W.from, chr_list_of(p, P)), W); }
when(A) ::= EVERY(W) duration(D). { A = chr_name(p, chr_branch(p, CHR_AST_WHEN, W.from, chr_list_of(p, D)), W); }
when(A) ::= AFTER(W) duration(D). { A = chr_name(p, chr_branch(p, CHR_AST_WHEN, W.from, chr_list_of(p, D)), W); }
when(A) ::= IN(W) duration(D). { A = chr_name(p, chr_branch(p, CHR_AST_WHEN, W.from, chr_list_of(p, D)), W); }
when(A) ::= NOW(W). { A = chr_make_text(p, CHR_AST_WHEN, W); }
when(A) ::= FORCE(W). { A = chr_make_text(p, CHR_AST_WHEN, W); }
when(A) ::= DIFF(W). { A = chr_make_text(p, CHR_AST_WHEN, W); }
when(A) ::= NEXT(W) BEAT. { A = chr_make_text(p, CHR_AST_WHEN, W); A->text = "next-beat"; A->span.to = p->before; }
when(A) ::= NEXT(W) BAR. { A = chr_make_text(p, CHR_AST_WHEN, W); A->text = "next-bar"; A->span.to = p->before; }

/* ---- statements: sounds ---- */

statement(A) ::= PATCH(W) chain(C). { A = chr_patch(p, W, NULL, (chr_list){0}, C); }
statement(A) ::= PATCH(W) node(N) COLON chain(C). { A = chr_patch(p, W, N, (chr_list){0}, C); }
statement(A) ::= PATCH(W) atom(N) COLON chain(C). { A = chr_patch(p, W, N, (chr_list){0}, C); }
statement(A) ::= PATCH(W) keys(K) COLON chain(C). { A = chr_patch(p, W, NULL, K, C); }
statement(A) ::= BUS(W) NAME(N) keys0(K) COLON chain(C). {
    chr_check_name(p, N, "a bus");
    A = chr_name(p, chr_branch(p, CHR_AST_BUS, W.from, chr_append(p, K, C)), N);
}
statement(A) ::= CREATE(W) NAME(N). {
    chr_check_name(p, N, "a patch");
    A = chr_name(p, chr_make(p, CHR_AST_CREATE, W.from), N);
}
statement(A) ::= CREATE(W) NAME(N) keys(K). {
    chr_check_name(p, N, "a patch");
    A = chr_name(p, chr_branch(p, CHR_AST_CREATE, W.from, K), N);
}
statement(A) ::= CREATE(W) NAME(N) NAME(I). {
    chr_check_name(p, N, "a patch");
    A = chr_name(p, chr_branch(p, CHR_AST_CREATE, W.from, chr_list_of(p, chr_make_text(p, CHR_AST_NAME, I))), N);
}
statement(A) ::= CREATE(W) NAME(N) NAME(I) keys(K). {
    chr_check_name(p, N, "a patch");
    A = chr_name(p, chr_branch(p, CHR_AST_CREATE, W.from, chr_join(chr_list_of(p, chr_make_text(p, CHR_AST_NAME, I)), K)), N);
}
statement(A) ::= ADD(W) NAME(E) added(L) NAME(T) keys0(K) label(B). {
    chr_ast *effect = chr_node(p, E, L);
    chr_list list = chr_append(p, chr_list_of(p, effect), chr_make_text(p, CHR_AST_NAME, T));
    list = chr_join(list, K);
    if (B != NULL)
        list = chr_append(p, list, B);
    A = chr_branch(p, CHR_AST_ADD, W.from, list);
}
%type added {chr_list}
added(A) ::= TO. { A = (chr_list){0}; }
added(A) ::= args(L) TO. { A = L; }
label(A) ::= . { A = NULL; }
label(A) ::= AS NAME(N). { chr_check_name(p, N, "a stage"); A = chr_make_text(p, CHR_AST_LABEL, N); }

statement(A) ::= REMOVE(W) NAME(E) FROM NAME(T). {
    chr_list list = chr_list_of(p, chr_make_text(p, CHR_AST_NAME, E));
    A = chr_branch(p, CHR_AST_REMOVE_FROM, W.from, chr_append(p, list, chr_make_text(p, CHR_AST_NAME, T)));
}
statement(A) ::= REMOVE(W) names(L). { A = chr_branch(p, CHR_AST_REMOVE, W.from, L); }
statement(A) ::= SEND(W) target(T) TO NAME(N). {
    A = chr_branch(p, CHR_AST_SEND, W.from, chr_append(p, chr_list_of(p, T), chr_make_text(p, CHR_AST_NAME, N)));
}
statement(A) ::= SEND(W) target(T) TO NAME(N) value(V). {
    chr_list list = chr_append(p, chr_list_of(p, T), chr_make_text(p, CHR_AST_NAME, N));
    A = chr_branch(p, CHR_AST_SEND, W.from, chr_append(p, list, V));
}
statement(A) ::= SET(W) target(T) keys(K) over(O). {
    chr_list list = chr_join(chr_list_of(p, T), K);
    A = chr_branch(p, CHR_AST_SET, W.from, O != NULL ? chr_append(p, list, O) : list);
}
statement(A) ::= PATH(N) EQUAL value(V) over(O). { A = chr_assign(p, N, V, O); }
statement(A) ::= PATH(N). { A = chr_branch(p, CHR_AST_SHOW, N.from, chr_list_of(p, chr_target(p, N, N))); }
statement(A) ::= SET(W) PATH(N) EQUAL value(V) over(O). { A = chr_assign(p, N, V, O); A->span.from = W.from; }
over(A) ::= . { A = NULL; }
over(A) ::= OVER(W) duration(D). { A = chr_branch(p, CHR_AST_OVER, W.from, chr_list_of(p, D)); }

/* `make bass darker`, and `more reverb on the bass`: what the words mean is the session's business. */
statement(A) ::= MAKE(W) phrase(L) over(O). { A = chr_branch(p, CHR_AST_MAKE, W.from, O != NULL ? chr_append(p, L, O) : L); }
statement(A) ::= SENTENCE(W) over(O). { A = chr_sentence(p, W, (chr_list){0}, O); }
statement(A) ::= SENTENCE(W) phrase(L) over(O). { A = chr_sentence(p, W, L, O); }
%type phrase {chr_list}
phrase(A) ::= word(V). { A = chr_list_of(p, V); }
phrase(A) ::= phrase(B) word(V). { A = chr_append(p, B, V); }
phrase(A) ::= phrase(A) COMMA.
word(A) ::= NAME(N). { A = chr_phrase_word(p, N); }
word(A) ::= NUMBER(N). { A = chr_phrase_word(p, N); }
statement(A) ::= MUTE(W) names(L). { A = chr_branch(p, CHR_AST_MUTE, W.from, L); }
statement(A) ::= UNMUTE(W). { A = chr_make(p, CHR_AST_UNMUTE, W.from); }
statement(A) ::= UNMUTE(W) names(L). { A = chr_branch(p, CHR_AST_UNMUTE, W.from, L); }
statement(A) ::= SOLO(W) names(L). { A = chr_branch(p, CHR_AST_SOLO, W.from, L); }
statement(A) ::= UNSOLO(W). { A = chr_make(p, CHR_AST_UNSOLO, W.from); }
statement(A) ::= UNSOLO(W) names(L). { A = chr_branch(p, CHR_AST_UNSOLO, W.from, L); }

/* ---- statements: the clock and what plays ---- */

statement(A) ::= PLAY(W). { A = chr_make(p, CHR_AST_PLAY, W.from); }
statement(A) ::= PLAY(W) names(L). { A = chr_branch(p, CHR_AST_PLAY, W.from, L); }
statement(A) ::= PLAY(W) FROM position(P). { A = chr_branch(p, CHR_AST_PLAY_FROM, W.from, chr_list_of(p, P)); }
statement(A) ::= PLAY(W) target(T) FROM MIDI keys0(K). {
    A = chr_branch(p, CHR_AST_PLAY_MIDI, W.from, chr_join(chr_list_of(p, T), K));
}
statement(A) ::= STOP(W). { A = chr_make(p, CHR_AST_STOP, W.from); }
statement(A) ::= STOP(W) names(L). { A = chr_branch(p, CHR_AST_STOP, W.from, L); }
statement(A) ::= STOP(W) RECORDING. { A = chr_make(p, CHR_AST_STOP_RECORDING, W.from); }
statement(A) ::= HUSH(W). { A = chr_make(p, CHR_AST_HUSH, W.from); }
statement(A) ::= PANIC(W). { A = chr_make(p, CHR_AST_PANIC, W.from); }
statement(A) ::= RECORD(W) STRING(S). { A = chr_branch(p, CHR_AST_RECORD, W.from, chr_list_of(p, chr_string(p, S))); }
statement(A) ::= RECORD(W) STRING(S) STEMS(N). {
    chr_list list = chr_list_of(p, chr_string(p, S));
    A = chr_branch(p, CHR_AST_RECORD, W.from, chr_append(p, list, chr_make_text(p, CHR_AST_NAME, N)));
}
statement(A) ::= SEQUENCE(W) target(T) keys0(K) COLON pattern(L). {
    A = chr_branch(p, CHR_AST_SEQUENCE, W.from, chr_join(chr_join(chr_list_of(p, T), K), L));
}
statement(A) ::= SEQUENCE(W) target(T) keys0(K) FROM target(S) transforms(L). {
    A = chr_branch(p, CHR_AST_SEQUENCE, W.from, chr_append(p, chr_join(chr_list_of(p, T), K), chr_from(p, S, L)));
}
statement(A) ::= MELODY(W) target(T) keys0(K) FROM target(S) transforms(L). {
    A = chr_branch(p, CHR_AST_MELODY, W.from, chr_append(p, chr_join(chr_list_of(p, T), K), chr_from(p, S, L)));
}
statement(A) ::= MELODY(W) target(T) keys0(K) COLON pattern(L). {
    A = chr_branch(p, CHR_AST_MELODY, W.from, chr_join(chr_join(chr_list_of(p, T), K), L));
}
statement(A) ::= VALUES(W) target(T) keys0(K) COLON pattern(L). {
    A = chr_branch(p, CHR_AST_VALUES, W.from, chr_join(chr_join(chr_list_of(p, T), K), L));
}
statement(A) ::= SEED(W) NUMBER(N). { A = chr_branch(p, CHR_AST_SEED, W.from, chr_list_of(p, chr_number(p, N))); }
statement(A) ::= TEMPO(W) value(V) over(O) at(P). {
    chr_list list = chr_list_of(p, V);
    if (O != NULL)
        list = chr_append(p, list, O);
    A = chr_branch(p, CHR_AST_TEMPO, W.from, P != NULL ? chr_append(p, list, P) : list);
}
statement(A) ::= TEMPO(W) value(V) TO(T) value(U) over(O) at(P). {
    chr_ast *to = chr_branch(p, CHR_AST_TO, T.from, chr_list_of(p, U));
    to->span.to = U->span.to;
    chr_list list = chr_append(p, chr_list_of(p, V), to);
    if (O != NULL)
        list = chr_append(p, list, O);
    A = chr_branch(p, CHR_AST_TEMPO, W.from, P != NULL ? chr_append(p, list, P) : list);
}
statement(A) ::= METER(W) FRACTION(F) at(P). {
    A = chr_branch(p, CHR_AST_METER, W.from, P != NULL ? chr_list_of(p, P) : (chr_list){0});
    chr_name(p, A, F);
}
statement(A) ::= SWING(W) value(V) at(P). {
    chr_list list = chr_list_of(p, V);
    A = chr_branch(p, CHR_AST_SWING, W.from, P != NULL ? chr_append(p, list, P) : list);
}
statement(A) ::= HUMANIZE(W) human(L) at(P). {
    A = chr_branch(p, CHR_AST_HUMANIZE, W.from, P != NULL ? chr_append(p, L, P) : L);
}
%type human {chr_list}
human(A) ::= OFF. { A = (chr_list){0}; }
human(A) ::= NUMBER(N). { A = chr_list_of(p, chr_number(p, N)); }
human(A) ::= NUMBER(N) NUMBER(M). { A = chr_append(p, chr_list_of(p, chr_number(p, N)), chr_number(p, M)); }
statement(A) ::= KEY(W) STRING(S) at(P). {
    chr_list list = chr_list_of(p, chr_string(p, S));
    A = chr_branch(p, CHR_AST_KEY_STATEMENT, W.from, P != NULL ? chr_append(p, list, P) : list);
}
statement(A) ::= TUNING(W) STRING(S). { A = chr_branch(p, CHR_AST_TUNING, W.from, chr_list_of(p, chr_string(p, S))); }
statement(A) ::= TUNING(W) STRING(S) tuning_keys(K). {
    A = chr_branch(p, CHR_AST_TUNING, W.from, chr_join(chr_list_of(p, chr_string(p, S)), K));
}
statement(A) ::= TUNING(W) tuning_keys(K). { A = chr_branch(p, CHR_AST_TUNING, W.from, K); }
statement(A) ::= TUNING(W) OFF. { A = chr_make(p, CHR_AST_TUNING, W.from); }
%type tuning_keys {chr_list}
tuning_keys(A) ::= tuning_key(K). { A = chr_list_of(p, K); }
tuning_keys(A) ::= tuning_keys(B) tuning_key(K). { A = chr_append(p, B, K); }
tuning_key(A) ::= key(A).
tuning_key(A) ::= NOTE(N) EQUAL value(V). { A = chr_name(p, chr_branch(p, CHR_AST_KEY, N.from, chr_list_of(p, V)), N); }
statement(A) ::= AUTOMATE(W) target(T) COLON points(L). {
    A = chr_branch(p, CHR_AST_AUTOMATE, W.from, chr_join(chr_list_of(p, T), L));
}
statement(A) ::= AUTOMATE(W) target(T) COLON. { A = chr_branch(p, CHR_AST_AUTOMATE, W.from, chr_list_of(p, T)); }
%type points {chr_list}
points(A) ::= point(P). { A = chr_list_of(p, P); }
points(A) ::= points(B) COMMA point(P). { A = chr_append(p, B, P); }
point(A) ::= value(V) AT position(P) curve(L). {
    A = chr_branch(p, CHR_AST_POINT, V->span.from, chr_join(chr_append(p, chr_list_of(p, V), P), L));
}
%type curve {chr_list}
curve(A) ::= . { A = (chr_list){0}; }
curve(A) ::= NAME(N). { A = chr_list_of(p, chr_make_text(p, CHR_AST_NAME, N)); }
curve(A) ::= STRING(S). { A = chr_list_of(p, chr_string(p, S)); }
curve(A) ::= NAME(N) STRING(S). { A = chr_append(p, chr_list_of(p, chr_make_text(p, CHR_AST_NAME, N)), chr_string(p, S)); }
at(A) ::= . { A = NULL; }
at(A) ::= AT position(P). { A = P; }
position(A) ::= BAR(W) NUMBER(N). { A = chr_make(p, CHR_AST_POSITION, W.from); A->number = N.number; }
position(A) ::= BAR(W) NUMBER(N) BEAT NUMBER(B). {
    A = chr_branch(p, CHR_AST_POSITION, W.from, chr_list_of(p, chr_number(p, B)));
    A->number = N.number;
}
statement(A) ::= SECTION(W) NAME(N) length(L) COLON names(T). {
    A = chr_name(p, chr_branch(p, CHR_AST_SECTION, W.from, chr_join(chr_list_of(p, L), T)), N);
}
statement(A) ::= ARRANGE(W) parts(L). { A = chr_branch(p, CHR_AST_ARRANGE, W.from, L); }
%type parts {chr_list}
parts(A) ::= part(P). { A = chr_list_of(p, P); }
parts(A) ::= parts(B) part(P). { A = chr_append(p, B, P); }
part(A) ::= NAME(N). { A = chr_make_text(p, CHR_AST_NAME, N); A->number = 1; }
part(A) ::= NAME(N) star NUMBER(T). { A = chr_make_text(p, CHR_AST_NAME, N); A->number = T.number; A->span.to = T.to; }
statement(A) ::= QUANTIZE(W) length(L). { A = chr_branch(p, CHR_AST_QUANTIZE, W.from, chr_list_of(p, L)); }
statement(A) ::= LOOP(W) BARS NUMBER(N) DOTS NUMBER(M). {
    A = chr_branch(p, CHR_AST_LOOP, W.from, chr_append(p, chr_list_of(p, chr_number(p, N)), chr_number(p, M)));
}
statement(A) ::= LOOP(W) OFF. { A = chr_make(p, CHR_AST_LOOP, W.from); }
statement(A) ::= QUANTIZE(W) OFF. { A = chr_make(p, CHR_AST_QUANTIZE, W.from); }

/* ---- statements: definitions ---- */

statement(A) ::= definition(A).
definition(A) ::= LET(W) NAME(N) EQUAL chain(C). {
    chr_check_name(p, N, "a `let`");
    A = chr_name(p, chr_branch(p, CHR_AST_LET, W.from, chr_list_of(p, C)), N);
}
definition(A) ::= FN(W) NAME(N) open formals(L) RPAREN EQUAL chain(C). {
    A = chr_name(p, chr_branch(p, CHR_AST_FN, W.from, chr_append(p, L, C)), N);
}
open ::= LPAREN.
open ::= CALL.
%type formals {chr_list}
%type formals1 {chr_list}
formals(A) ::= . { A = (chr_list){0}; }
formals(A) ::= formals1(A).
formals1(A) ::= formal(F). { A = chr_list_of(p, F); }
formals1(A) ::= formals1(B) COMMA formal(F). { A = chr_append(p, B, F); }
formal(A) ::= NAME(N). { A = chr_make_text(p, CHR_AST_FORMAL, N); }
formal(A) ::= NAME(N) EQUAL value(V). { A = chr_name(p, chr_branch(p, CHR_AST_FORMAL, N.from, chr_list_of(p, V)), N); }

statement(A) ::= MODULE(W) NAME(N) doc(D) LBRACE items(I) RBRACE. {
    A = chr_module_statement(p, W, N, (chr_list){0}, D, I);
}
statement(A) ::= MODULE(W) NAME(N) open formals(F) RPAREN doc(D) LBRACE items(I) RBRACE. {
    A = chr_module_statement(p, W, N, F, D, I);
}
doc(A) ::= . { A = NULL; }
doc(A) ::= STRING(S). { A = chr_string(p, S); }
%type items {chr_list}
items(A) ::= . { A = (chr_list){0}; }
items(A) ::= items(A) END.
items(A) ::= items(B) entry(I) END. { A = chr_append(p, B, I); }
items(A) ::= items(B) error END. { A = chr_append(p, B, chr_statement_bad(p)); }
entry(A) ::= item(I). { A = chr_statement_done(p, I); }
item(A) ::= definition(A).
item(A) ::= chain(A).
item(A) ::= PARAM(W) NAME(N) EQUAL value(V) within(R) words(L) doc(D). {
    chr_list list = chr_list_of(p, V);
    if (R != NULL)
        list = chr_append(p, list, R);
    list = chr_join(list, L);
    A = chr_name(p, chr_branch(p, CHR_AST_PARAM, W.from, D != NULL ? chr_append(p, list, D) : list), N);
}
within(A) ::= . { A = NULL; }
within(A) ::= IN value(V) DOTS value(U). {
    A = chr_branch(p, CHR_AST_RANGE, V->span.from, chr_append(p, chr_list_of(p, V), U));
}
within(A) ::= IN choices(L). { A = chr_branch(p, CHR_AST_CHOICES, L.first->span.from, L); }
%type choices {chr_list}
choices(A) ::= NAME(N). { A = chr_list_of(p, chr_make_text(p, CHR_AST_NAME, N)); }
choices(A) ::= choices(B) PIPE NAME(N). { A = chr_append(p, B, chr_make_text(p, CHR_AST_NAME, N)); }
%type words {chr_list}
words(A) ::= . { A = (chr_list){0}; }
words(A) ::= words(B) NAME(N). { A = chr_append(p, B, chr_make_text(p, CHR_AST_NAME, N)); }

statement(A) ::= IMPORT(W) STRING(S). { A = chr_branch(p, CHR_AST_IMPORT, W.from, chr_list_of(p, chr_string(p, S))); }
statement(A) ::= IMPORT(W) STRING(S) AS NAME(N) keys0(K). {
    chr_list list = chr_append(p, chr_list_of(p, chr_string(p, S)), chr_make_text(p, CHR_AST_NAME, N));
    A = chr_branch(p, CHR_AST_IMPORT, W.from, chr_join(list, K));
}
statement(A) ::= SAMPLE(W) NAME(N) STRING(S). {
    A = chr_name(p, chr_branch(p, CHR_AST_SAMPLE, W.from, chr_list_of(p, chr_string(p, S))), N);
}
statement(A) ::= RELOAD(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_RELOAD, W.from), N); }
statement(A) ::= SYNC(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_SYNC, W.from), N); }
statement(A) ::= GENERATE_MODULE(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_GENERATE, W.from), N); }
statement(A) ::= GENERATE_MODULE(W) NAME(N) IN NAME(L). {
    A = chr_name(p, chr_branch(p, CHR_AST_GENERATE, W.from, chr_list_of(p, chr_make_text(p, CHR_AST_NAME, L))), N);
}

/* ---- statements: the session ---- */

statement(A) ::= SAVE(W) PATCH STRING(S). { A = chr_branch(p, CHR_AST_SAVE, W.from, chr_list_of(p, chr_string(p, S))); }
statement(A) ::= LOAD(W) PATCH STRING(S). { A = chr_branch(p, CHR_AST_LOAD, W.from, chr_list_of(p, chr_string(p, S))); }
statement(A) ::= MAP(W) CC(C) NUMBER(N) keys0(K) TO target(T) bounds(B). {
    chr_list list = chr_append(p, chr_join(chr_list_of(p, chr_number(p, N)), K), T);
    A = chr_name(p, chr_branch(p, CHR_AST_MAP, W.from, chr_join(list, B)), C);
}
statement(A) ::= MAP(W) OSC(C) STRING(S) TO target(T) bounds(B). {
    chr_list list = chr_append(p, chr_list_of(p, chr_string(p, S)), T);
    A = chr_name(p, chr_branch(p, CHR_AST_MAP, W.from, chr_join(list, B)), C);
}
%type bounds {chr_list}
bounds(A) ::= . { A = (chr_list){0}; }
bounds(A) ::= value(V) DOTS value(U). { A = chr_append(p, chr_list_of(p, V), U); }
statement(A) ::= LIST(W). { A = chr_make(p, CHR_AST_LIST_STATEMENT, W.from); }
statement(A) ::= LIST(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_LIST_STATEMENT, W.from), N); }
statement(A) ::= SHOW(W) target(T). { A = chr_branch(p, CHR_AST_SHOW, W.from, chr_list_of(p, T)); }
statement(A) ::= SHOW(W) target(T) BARS NUMBER(N). {
    A = chr_branch(p, CHR_AST_SHOW, W.from, chr_append(p, chr_list_of(p, T), chr_number(p, N)));
}
statement(A) ::= SCOPE(W). { A = chr_make(p, CHR_AST_SCOPE, W.from); }
statement(A) ::= SCOPE(W) target(T). { A = chr_branch(p, CHR_AST_SCOPE, W.from, chr_list_of(p, T)); }
statement(A) ::= SPECTRUM(W). { A = chr_make(p, CHR_AST_SPECTRUM, W.from); }
statement(A) ::= SPECTRUM(W) target(T). { A = chr_branch(p, CHR_AST_SPECTRUM, W.from, chr_list_of(p, T)); }
statement(A) ::= ROLL(W). { A = chr_make(p, CHR_AST_ROLL, W.from); }
statement(A) ::= ROLL(W) target(T). { A = chr_branch(p, CHR_AST_ROLL, W.from, chr_list_of(p, T)); }
statement(A) ::= WHY(W). { A = chr_make(p, CHR_AST_WHY, W.from); }
statement(A) ::= WHY(W) target(T). { A = chr_branch(p, CHR_AST_WHY, W.from, chr_list_of(p, T)); }
statement(A) ::= STATS(W). { A = chr_make(p, CHR_AST_STATS, W.from); }
/* Alone they ask. */
statement(A) ::= setting(W). { A = chr_make_text(p, CHR_AST_SETTING, W); }
%type setting {chr_token}
setting(A) ::= VOLUME(A).
setting(A) ::= TEMPO(A).
setting(A) ::= METER(A).
setting(A) ::= SWING(A).
setting(A) ::= HUMANIZE(A).
setting(A) ::= KEY(A).
setting(A) ::= TUNING(A).
setting(A) ::= SEED(A).
setting(A) ::= QUANTIZE(A).
setting(A) ::= LOOP(A).
statement(A) ::= VOLUME(W) value(V). { A = chr_branch(p, CHR_AST_VOLUME, W.from, chr_list_of(p, V)); }
statement(A) ::= METRONOME(W). { A = chr_make(p, CHR_AST_METRONOME, W.from); }
statement(A) ::= METRONOME(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_METRONOME, W.from), N); }
statement(A) ::= TAP(W). { A = chr_make(p, CHR_AST_TAP, W.from); }
statement(A) ::= LEARN(W). { A = chr_make(p, CHR_AST_LEARN, W.from); }
statement(A) ::= LEARN(W) NAME(N). { A = chr_name(p, chr_make(p, CHR_AST_LEARN, W.from), N); }
statement(A) ::= LEARN(W) NUMBER(N). { A = chr_branch(p, CHR_AST_LEARN, W.from, chr_list_of(p, chr_number(p, N))); }
statement(A) ::= HELP(W). { A = chr_make(p, CHR_AST_HELP, W.from); }
statement(A) ::= HELP(W) target(T). { A = chr_make(p, CHR_AST_HELP, W.from); A->text = T->text; }
statement(A) ::= GRAPH(W). { A = chr_make(p, CHR_AST_GRAPH, W.from); }
statement(A) ::= GRAPH(W) target(T). { A = chr_branch(p, CHR_AST_GRAPH, W.from, chr_list_of(p, T)); }
statement(A) ::= METERS(W). { A = chr_make(p, CHR_AST_METERS, W.from); }
statement(A) ::= UNDO(W). { A = chr_make(p, CHR_AST_UNDO, W.from); }
statement(A) ::= REDO(W). { A = chr_make(p, CHR_AST_REDO, W.from); }
statement(A) ::= HISTORY(W). { A = chr_make(p, CHR_AST_HISTORY, W.from); }
statement(A) ::= QUIT(W). { A = chr_make(p, CHR_AST_QUIT, W.from); }

/* ---- parts of statements ---- */

target(A) ::= NAME(N). { A = chr_target(p, N, N); }
target(A) ::= NAME(N) TSLASH NAME(M). { A = chr_target(p, N, M); }
target(A) ::= PATH(N). { A = chr_target(p, N, N); }
%type names {chr_list}
names(A) ::= target(T). { A = chr_list_of(p, T); }
names(A) ::= names(B) target(T). { A = chr_append(p, B, T); }
%type keys {chr_list}
%type keys0 {chr_list}
keys0(A) ::= . { A = (chr_list){0}; }
keys0(A) ::= keys(A).
keys(A) ::= key(K). { A = chr_list_of(p, K); }
keys(A) ::= keys(B) key(K). { A = chr_append(p, B, K); }
key(A) ::= NAME(N) EQUAL value(V). [ARGUMENT] { A = chr_name(p, chr_branch(p, CHR_AST_KEY, N.from, chr_list_of(p, V)), N); }
key(A) ::= PATH(N) EQUAL value(V). [ARGUMENT] { A = chr_name(p, chr_branch(p, CHR_AST_KEY, N.from, chr_list_of(p, V)), N); }
duration(A) ::= NUMBER(N). { A = chr_number(p, N); }
duration(A) ::= length(A).
length(A) ::= FRACTION(N). { A = chr_number(p, N); }
length(A) ::= NUMBER(N) BEAT(W). { A = chr_length(p, N, W); }
length(A) ::= NUMBER(N) BEATS(W). { A = chr_length(p, N, W); }
length(A) ::= NUMBER(N) BAR(W). { A = chr_length(p, N, W); }
length(A) ::= NUMBER(N) BARS(W). { A = chr_length(p, N, W); }
length(A) ::= FRACTION(N) BEAT(W). { A = chr_length(p, N, W); }
length(A) ::= FRACTION(N) BEATS(W). { A = chr_length(p, N, W); }
length(A) ::= FRACTION(N) BAR(W). { A = chr_length(p, N, W); }
length(A) ::= FRACTION(N) BARS(W). { A = chr_length(p, N, W); }

/* ---- chains ---- */

%type stages {chr_list}
chain(A) ::= stages(L). { A = chr_branch(p, CHR_AST_CHAIN, L.first->span.from, L); }
stages(A) ::= stage(S). { A = chr_list_of(p, S); }
stages(A) ::= stages(B) GT stage(S). { A = chr_append(p, B, S); }
stage(A) ::= sum(A).
stage(A) ::= sum(S) AS NAME(N). {
    chr_check_name(p, N, "a stage");
    A = chr_name(p, chr_branch(p, CHR_AST_AS, S->span.from, chr_list_of(p, S)), N);
}

/* Between nodes blanks make no difference. */
sum(A) ::= node(A).
sum(A) ::= atom(A).
sum(A) ::= SIGN(S) sum(V). [SIGNED] { A = chr_name(p, chr_branch(p, CHR_AST_SIGN, S.from, chr_list_of(p, V)), S); }
sum(A) ::= sum(B) TPOWER(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LPOWER(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TSTAR(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LSTAR(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TSLASH(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LSLASH(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TPERCENT(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LPERCENT(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TPLUS(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LPLUS(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TMINUS(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LMINUS(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) TSAME(O) sum(C). { A = chr_binary(p, B, O, C); }
sum(A) ::= sum(B) LSAME(O) sum(C). { A = chr_binary(p, B, O, C); }
star ::= TSTAR.
star ::= LSTAR.

node(A) ::= NAME(N) args(L). [ARGUMENT] { A = chr_node(p, N, L); }
%type args {chr_list}
args(A) ::= arg(V). { A = chr_list_of(p, V); }
args(A) ::= args(B) arg(V). { A = chr_append(p, B, V); }
arg(A) ::= key(A).
arg(A) ::= term(A). [ARGUMENT]

/* An argument by its place: operators that touch it on both sides are part of it. */
term(A) ::= atom(A).
term(A) ::= SIGN(S) term(V). [SIGNED] { A = chr_name(p, chr_branch(p, CHR_AST_SIGN, S.from, chr_list_of(p, V)), S); }
term(A) ::= term(B) TPOWER(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TSTAR(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TSLASH(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TPERCENT(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TPLUS(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TMINUS(O) term(C). { A = chr_binary(p, B, O, C); }
term(A) ::= term(B) TSAME(O) term(C). { A = chr_binary(p, B, O, C); }

/* A keyed value, an element of a list: with blanks or without. */
value(A) ::= atom(A).
value(A) ::= SIGN(S) value(V). [SIGNED] { A = chr_name(p, chr_branch(p, CHR_AST_SIGN, S.from, chr_list_of(p, V)), S); }
value(A) ::= value(B) TPOWER(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LPOWER(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TSTAR(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LSTAR(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TSLASH(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LSLASH(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TPERCENT(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LPERCENT(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TPLUS(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LPLUS(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TMINUS(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LMINUS(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) TSAME(O) value(C). { A = chr_binary(p, B, O, C); }
value(A) ::= value(B) LSAME(O) value(C). { A = chr_binary(p, B, O, C); }

atom(A) ::= NUMBER(N). [ARGUMENT] { A = chr_number(p, N); }
atom(A) ::= length(A).
atom(A) ::= NOTE(N). { A = chr_make_text(p, CHR_AST_NOTE, N); A->number = N.number; A->unit = CHR_UNIT_NOTE; }
atom(A) ::= STRING(S). { A = chr_string(p, S); }
atom(A) ::= NAME(N). [ARGUMENT] { A = chr_make_text(p, CHR_AST_NAME, N); }
atom(A) ::= PATH(N). { A = chr_make_text(p, CHR_AST_PATH, N); }
atom(A) ::= NAME(N) CALL RPAREN. { A = chr_name(p, chr_make(p, CHR_AST_CALL, N.from), N); }
atom(A) ::= NAME(N) CALL cargs(L) RPAREN. { A = chr_name(p, chr_branch(p, CHR_AST_CALL, N.from, L), N); }
atom(A) ::= LPAREN(O) chain(C) RPAREN. { A = C; A->span.from = O.from; A->span.to = p->before; }
atom(A) ::= LSQUARE(O) RSQUARE. { A = chr_make(p, CHR_AST_LIST, O.from); }
atom(A) ::= LSQUARE(O) elements(L) RSQUARE. { A = chr_branch(p, CHR_AST_LIST, O.from, L); }
atom(A) ::= LSQUARE(O) FOR NAME(N) IN value(V) COLON chain(C) RSQUARE. {
    A = chr_name(p, chr_branch(p, CHR_AST_FOR, O.from, chr_append(p, chr_list_of(p, V), C)), N);
}
atom(A) ::= LSQUARE(O) FOR NAME(N) IN value(V) DOTS value(U) COLON chain(C) RSQUARE. {
    chr_list list = chr_append(p, chr_append(p, chr_list_of(p, V), U), C);
    A = chr_name(p, chr_branch(p, CHR_AST_FOR, O.from, list), N);
}
%type cargs {chr_list}
cargs(A) ::= carg(C). { A = chr_list_of(p, C); }
cargs(A) ::= cargs(B) COMMA carg(C). { A = chr_append(p, B, C); }
carg(A) ::= NAME(N) EQUAL value(V). { A = chr_name(p, chr_branch(p, CHR_AST_KEY, N.from, chr_list_of(p, V)), N); }
carg(A) ::= chain(A).
%type elements {chr_list}
elements(A) ::= value(V). { A = chr_list_of(p, V); }
elements(A) ::= elements(B) value(V). { A = chr_append(p, B, V); }
elements(A) ::= elements(B) COMMA value(V). { A = chr_append(p, B, V); }

/* ---- pattern text ---- */

%type pattern {chr_list}
pattern(A) ::= . { A = (chr_list){0}; }
pattern(A) ::= steps(S). { A = chr_list_of(p, chr_branch(p, CHR_AST_PATTERN, S->span.from, chr_list_of(p, S))); }
pattern(A) ::= steps(S) GT chain(C). {
    A = chr_list_of(p, chr_branch(p, CHR_AST_PATTERN, S->span.from, chr_append(p, chr_list_of(p, S), C)));
}
%type transforms {chr_list}
transforms(A) ::= . { A = (chr_list){0}; }
transforms(A) ::= GT chain(C). { A = chr_list_of(p, C); }
%type row {chr_list}
steps(A) ::= row(L). { A = chr_branch(p, CHR_AST_STEPS, L.first->span.from, L); }
row(A) ::= step(S). { A = chr_list_of(p, S); }
row(A) ::= row(B) step(S). { A = chr_append(p, B, S); }
step(A) ::= base(B) mods(L). { A = chr_adopt(p, B, L); if (L.first != NULL) A->span.to = p->before; }
base(A) ::= STEP(S). { A = chr_make_text(p, CHR_AST_STEP, S); }
base(A) ::= PLSQUARE(O) together(L) PRSQUARE. { A = chr_branch(p, CHR_AST_DIVIDED, O.from, L); }
base(A) ::= PLANGLE(O) steps(S) PRANGLE. { A = chr_branch(p, CHR_AST_TURNS, O.from, chr_list_of(p, S)); }
base(A) ::= PLROUND(O) choice(L) PRROUND. { A = chr_branch(p, CHR_AST_CHOICE, O.from, L); }
%type together {chr_list}
together(A) ::= steps(S). { A = chr_list_of(p, S); }
together(A) ::= together(B) PCOMMA steps(S). { A = chr_append(p, B, S); }
%type choice {chr_list}
choice(A) ::= steps(S). { A = chr_list_of(p, S); }
choice(A) ::= choice(B) PBAR steps(S). { A = chr_append(p, B, S); }
%type mods {chr_list}
mods(A) ::= . { A = (chr_list){0}; }
mods(A) ::= mods(B) MOD(M). { A = chr_append(p, B, chr_mod(p, M)); }
mods(A) ::= mods(B) LLOCK(O) keys(K) RLOCK. {
    chr_ast *lock = chr_branch(p, CHR_AST_MOD, O.from, K);
    lock->text = "{";
    A = chr_append(p, B, lock);
}

%code {
/* Errors of the next statement are reported again at once. */
void chr_lemon_recovered(void *lemon) { ((yyParser *)lemon)->yyerrcnt = -1; }

/* Could a token of this type come next? Runs the automaton ahead over a copy of the few states that reductions push;
 * the parser's own stack is only read. */
bool chr_lemon_accepts(const void *lemon, int type) {
    const yyParser *parser = lemon;
    enum { AHEAD = 64 };
    YYACTIONTYPE pushed[AHEAD];
    int n_pushed = 0;
    const yyStackEntry *top = parser->yytos;
    YYACTIONTYPE act = top->stateno;
    for (;;) {
        act = yy_find_shift_action((YYCODETYPE)type, act);
        if (act < YY_MIN_REDUCE)
            return act != YY_ERROR_ACTION && act != YY_NO_ACTION;
        int rule = act - YY_MIN_REDUCE;
        for (int n = -yyRuleInfoNRhs[rule]; n > 0; n--) {
            if (n_pushed > 0)
                n_pushed--;
            else
                top--;
        }
        YYACTIONTYPE state = n_pushed > 0 ? pushed[n_pushed - 1] : top->stateno;
        if (n_pushed == AHEAD)
            return false;
        act = yy_find_reduce_action(state, (YYCODETYPE)yyRuleInfoLhs[rule]);
        if (act == YY_ACCEPT_ACTION)
            return type == 0;
        pushed[n_pushed++] = act;
    }
}
}
