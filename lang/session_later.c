/* lang/session_later.c: what is part of the language and not there yet is said at its place, never
 * passed over. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

void chr_report_later(chr_diags *diags, const chr_ast *statement) {
    switch (statement->kind) {
    case CHR_AST_GENERATE: {
        const chr_ast *language = chr_ast_part(statement, CHR_AST_NAME);
        chr_report(diags, CHR_E605, language ? language->span : statement->span,
                   language ? language->text : "");
        return;
    }
    default:
        break;
    }
    chr_report(diags, CHR_E601, statement->span, chr_statement_word(statement));
}
