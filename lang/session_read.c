/* lang/session_read.c: scripts that a statement brings in: import, load patch, reload; and what may
 * name a saved patch. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

/* A name that needs no file system to be refused: the reader behind the callback checks links and
 * folders. */
static bool is_hostile_path(const char *name) {
    if (name[0] == '\0' || name[0] == '/' || strchr(name, '\\') || strstr(name, ".."))
        return true;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f || *p == ':')
            return true;
    return false;
}

const char *chr_saved_name_fault(const char *name) {
    size_t len = strlen(name);
    if (len == 0)
        return "it is empty";
    if (len > CHR_MAX_SAVED_NAME)
        return "it is too long";
    if (strchr(name, '/') || strchr(name, '\\'))
        return "it must be a name, not a path";
    if (strstr(name, ".."))
        return "`..` leads out of the folder";
    if (name[0] == '.' || name[0] == '-' || name[0] == ' ')
        return "it begins with a dot, a dash or a blank";
    if (name[len - 1] == '.' || name[len - 1] == ' ')
        return "it ends with a dot or a blank";
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7f || strchr(":*?\"<>|", *p))
            return "it holds a sign that file names cannot have everywhere";
    return NULL;
}

/* Reports why a file cannot be read. */
static void report_status(chr_candidate *c, chr_read_status status, chr_code missing,
                          const char *name, chr_span span) {
    switch (status) {
    case CHR_READ_OK:
        break;
    case CHR_READ_MISSING:
        chr_report(&c->diags, missing, span, name);
        break;
    case CHR_READ_FORBIDDEN:
        chr_report(&c->diags, CHR_E702, span, name);
        break;
    case CHR_READ_TOO_BIG:
        chr_report(&c->diags, CHR_E703, span, name);
        break;
    case CHR_READ_FAILED:
        chr_report(&c->diags, CHR_E704, span, name);
        break;
    }
}

static chr_read_status read_text(const chr_candidate *c, const char *kind, const char *name,
                                 char **text, size_t *len) {
    const chr_session_options *options = &c->session->options;
    *text = NULL;
    *len = 0;
    if (!options->read)
        return CHR_READ_FAILED;
    chr_read_status status = options->read(options->context, kind, name, text, len);
    if (status == CHR_READ_OK && !*text)
        return CHR_READ_FAILED;
    if (status != CHR_READ_OK) {
        free(*text);
        *text = NULL;
    }
    return status;
}

/* "a.chr, b.chr, a.chr": the scripts inside one another that lead back to `name`. NULL: they do
 * not. */
static const char *cycle_of(chr_candidate *c, const chr_setting *setting, const char *name) {
    const char *way = name;
    for (const chr_setting *s = setting; s; s = s->outer) {
        const char *place = s->script->source.name;
        way = chr_arena_printf(c->arena, "%s, %s", place, way ? way : "");
        if (strcmp(place, name) == 0)
            return way ? way : name;
    }
    return NULL;
}

/* Says no to a script inside itself, and to too many inside one another. */
static bool may_enter(chr_candidate *c, const chr_setting *setting, const char *name,
                      chr_span span) {
    const char *cycle = cycle_of(c, setting, name);
    if (cycle)
        chr_report(&c->diags, CHR_E705, span, name, cycle);
    else if (setting->depth >= CHR_MAX_IMPORTS)
        chr_report(&c->diags, CHR_E706, span, name, setting->depth + 1);
    else
        return true;
    return false;
}

bool chr_read_foreign(chr_candidate *c, const char *kind, const char *name, chr_span span,
                      char **text, size_t *len) {
    if (is_hostile_path(name)) {
        chr_report(&c->diags, CHR_E702, span, name);
        return false;
    }
    chr_read_status status = read_text(c, kind, name, text, len);
    report_status(c, status, CHR_E701, name, span);
    return status == CHR_READ_OK;
}

static bool is_imported_already(const chr_candidate *c, const char *name, const char *file) {
    for (int i = 1; i < c->n_scripts; i++) { /* 0 is the evaluation's own */
        const chr_script *script = c->scripts[i];
        bool same_file =
            script->file == file || (file && script->file && strcmp(file, script->file) == 0);
        if (same_file && strcmp(script->source.name, name) == 0)
            return true;
    }
    return false;
}

void chr_read_import(chr_candidate *c, const chr_ast *statement, const chr_setting *setting,
                     chr_each_statement *each, void *context) {
    const chr_ast *string = chr_ast_part(statement, CHR_AST_STRING);
    if (!string)
        return;
    const char *name = string->text;
    if (is_hostile_path(name)) {
        chr_report(&c->diags, CHR_E702, string->span, name);
        return;
    }
    const char *file = setting->script->file;
    if (!may_enter(c, setting, name, string->span) || is_imported_already(c, name, file))
        return;
    char *text;
    size_t len;
    if (!chr_read_foreign(c, "import", name, string->span, &text, &len))
        return;
    chr_script *script = chr_is_midi_name(name) ? chr_read_midi(c, statement, name, file, text, len)
                                                : chr_candidate_parse(c, text, len, name, file);
    free(text);
    if (!script)
        return;
    chr_setting inner = {.script = script,
                         .depth = setting->depth + 1,
                         .imported = true,
                         .loaded = setting->loaded,
                         .outer = setting};
    for (const chr_ast *s = script->tree->child; s && !c->failed; s = s->next)
        each(context, s, &inner);
}

void chr_read_load(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const chr_ast *string = chr_ast_part(statement, CHR_AST_STRING);
    const char *name = string ? string->text : "";
    chr_span span = string ? string->span : statement->span;
    const char *fault = chr_saved_name_fault(name);
    if (fault) {
        chr_report(&c->diags, CHR_E707, span, name, fault);
        return;
    }
    const char *place = chr_arena_printf(c->arena, "%s.chr", name);
    if (!place) {
        c->failed = true;
        return;
    }
    if (!may_enter(c, setting, place, span))
        return;
    char *text;
    size_t len;
    chr_read_status status = read_text(c, "load", name, &text, &len);
    report_status(c, status, CHR_E709, name, span);
    if (status != CHR_READ_OK)
        return;
    chr_script *script = chr_candidate_parse(c, text, len, place, NULL);
    free(text);
    if (!script)
        return;
    chr_setting inner = {
        .script = script, .depth = setting->depth + 1, .loaded = true, .outer = setting};
    chr_apply_script(c, &inner);
}

/* What a `generate_module` of this same evaluation is about to write. */
static const char *text_to_be_written(const chr_candidate *c, const char *name) {
    for (const chr_request *r = c->first_request; r; r = r->next)
        if (r->kind == CHR_REQUEST_GENERATE && strcmp(r->name, name) == 0)
            return r->text;
    return NULL;
}

static const char *known_as(const chr_candidate *c, const char *name) {
    const chr_session *session = c->session;
    const char *key = chr_arena_printf(c->arena, "module %s", name);
    if (key && chr_state_find(c->state, key) >= 0)
        return "session's";
    if (chr_library_module(session->library, name))
        return "library's";
    for (int i = 0; i < session->options.modules.n; i++)
        if (strcmp(session->options.modules.modules[i]->name, name) == 0)
            return "built-in";
    return NULL;
}

static void take_module(chr_candidate *c, const char *name, const char *text, size_t len,
                        chr_span span, const chr_setting *setting) {
    const char *place = chr_arena_printf(c->arena, "modules/%s.chr", name);
    chr_script *script = place ? chr_candidate_parse(c, text, len, place, NULL) : NULL;
    if (!script) {
        c->failed = true;
        return;
    }
    chr_setting inner = {.script = script,
                         .depth = setting->depth + 1,
                         .imported = true,
                         .loaded = setting->loaded,
                         .outer = setting};
    bool found = false;
    for (const chr_ast *s = script->tree->child; s; s = s->next) {
        found |=
            (s->kind == CHR_AST_MODULE || s->kind == CHR_AST_BAD) && strcmp(s->text, name) == 0;
        if (s->kind == CHR_AST_MODULE || s->kind == CHR_AST_FN || s->kind == CHR_AST_LET ||
            s->kind == CHR_AST_BAD)
            chr_apply(c, c->state, s, &inner, false);
        else
            chr_report(&c->diags, CHR_N383, s->span, chr_statement_word(s));
    }
    if (!found) {
        chr_report(&c->diags, CHR_E708, span, place, name);
        chr_suggest(&c->diags, "it needs: module %s { … }", name);
    }
}

void chr_read_reload(chr_candidate *c, const chr_ast *statement, const chr_setting *setting) {
    const char *name = statement->text;
    char *text = NULL;
    size_t len = 0;
    chr_read_status status =
        c->session->options.read ? read_text(c, "module", name, &text, &len) : CHR_READ_MISSING;
    if (status == CHR_READ_OK) {
        take_module(c, name, text, len, statement->span, setting);
        free(text);
        return;
    }
    const char *written = text_to_be_written(c, name);
    const char *known = known_as(c, name);
    if (status == CHR_READ_MISSING && written) {
        take_module(c, name, written, strlen(written), statement->span, setting);
    } else if (status == CHR_READ_MISSING && known) {
        chr_report(&c->diags, CHR_N385, statement->span, name, known, name);
    } else {
        const char *path = chr_arena_printf(c->arena, "modules/%s.chr", name);
        report_status(c, status, CHR_E701, path ? path : name, statement->span);
        if (status == CHR_READ_MISSING)
            chr_suggest(&c->diags, "generate_module %s writes one to start from", name);
    }
}
