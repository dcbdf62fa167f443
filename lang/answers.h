/* lang/answers.h: what list, show, help and graph say, and the documents that are made from the
 * same descriptions.
 *
 * Everything here is made from the module table, the library's scripts and one table of statements,
 * so it cannot say something that the program does not do. A session that holds nothing will do for
 * help and documents. [control] throughout. Texts are malloc'd; NULL when memory is out.
 * SPDX-License-Identifier: MIT */
#ifndef CHR_LANG_ANSWERS_H
#define CHR_LANG_ANSWERS_H

#include "lang/session.h"

/* `help`, `help NAME`; `topic` NULL or "": the overview. *found (may be NULL): false if nothing
 * bears that name; the text then says so and names the nearest. */
char *chr_answer_help(const chr_session *s, const char *topic, bool *found);
/* `list`, `list modules|instruments|patches|patterns|words`. */
char *chr_answer_list(const chr_session *s, const char *what, bool *found);

/* The session as a drawing: how the sound of a patch comes about, from what is heard back to its
 * sources. `owner` NULL or "": all of them. */
void chr_graph_text(const chr_ir *ir, const char *owner, FILE *to);
/* The same for Graphviz. */
void chr_graph_dot(const chr_ir *ir, const char *owner, FILE *to);

/* docs/modules.md, docs/transforms.md, docs/errors.md, and everything for editors as one JSON
 * object. */
void chr_doc_modules(const chr_session *s, FILE *to);
void chr_doc_transforms(FILE *to);
void chr_doc_errors(FILE *to);
void chr_doc_json(const chr_session *s, FILE *to);

#endif
