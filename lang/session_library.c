/* lang/session_library.c: the library's scripts, parsed when first needed, and which of them a
 * session leads to. SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct chr_library {
    const chr_library_file *files;
    int n;
    chr_script **scripts; /* NULL: not parsed yet */
    chr_index *by_name;
    const chr_ast **modules; /* all of them; NULL: not asked for yet */
    int n_modules;
};

chr_library *chr_library_new(const chr_library_file *files, int n) {
    chr_library *library = calloc(1, sizeof *library);
    if (!library)
        return NULL;
    library->files = files;
    library->n = n;
    library->scripts = calloc((size_t)n + 1, sizeof *library->scripts);
    library->by_name = chr_index_new();
    bool ok = library->scripts && library->by_name;
    for (int i = 0; ok && i < n; i++)
        ok = chr_index_set(library->by_name, files[i].name, i);
    if (!ok) {
        chr_library_free(library);
        return NULL;
    }
    return library;
}

void chr_library_free(chr_library *library) {
    if (!library)
        return;
    for (int i = 0; library->scripts && i < library->n; i++)
        chr_script_drop(library->scripts[i]);
    free(library->scripts);
    chr_index_free(library->by_name);
    free(library->modules);
    free(library);
}

int chr_library_count(const chr_library *library) {
    return library->n;
}
const char *chr_library_name(const chr_library *library, int i) {
    return library->files[i].name;
}

/* Tests parse every file of the library without an error, so what is wrong is not shown to a player
 * here. */
static const chr_script *script_of(chr_library *library, int i) {
    if (library->scripts[i])
        return library->scripts[i];
    const chr_library_file *file = &library->files[i];
    chr_arena *arena = chr_arena_new(0);
    if (!arena)
        return NULL;
    char place[128];
    snprintf(place, sizeof place, "library:%s", file->name);
    chr_diags diags;
    chr_diags_init(&diags, arena);
    library->scripts[i] = chr_script_new(file->text, file->len, place, NULL, &diags);
    chr_arena_free(arena);
    return library->scripts[i];
}

const chr_script *chr_library_script(chr_library *library, const char *name) {
    int i = chr_index_get(library->by_name, name);
    return i < 0 ? NULL : script_of(library, i);
}

const chr_ast *chr_library_module(chr_library *library, const char *name) {
    const chr_script *script = chr_library_script(library, name);
    for (const chr_ast *s = script ? script->tree->child : NULL; s; s = s->next)
        if (s->kind == CHR_AST_MODULE && strcmp(s->text, name) == 0)
            return s;
    return NULL;
}

static int count_modules(const chr_script *script) {
    int n = 0;
    for (const chr_ast *s = script->tree->child; s; s = s->next)
        n += s->kind == CHR_AST_MODULE;
    return n;
}

const chr_ast *const *chr_library_modules(chr_library *library, int *n) {
    *n = library->n_modules;
    if (library->modules)
        return library->modules;
    int most = 0;
    for (int i = 0; i < library->n; i++) {
        if (!script_of(library, i))
            return NULL;
        most += count_modules(library->scripts[i]);
    }
    const chr_ast **modules = calloc((size_t)most + 1, sizeof *modules);
    if (!modules)
        return NULL;
    for (int i = 0; i < library->n; i++)
        for (const chr_ast *s = library->scripts[i]->tree->child; s; s = s->next)
            if (s->kind == CHR_AST_MODULE)
                modules[(*n)++] = s;
    library->modules = modules;
    library->n_modules = *n;
    return modules;
}

/* ---- what a module has ---- */

static bool statement_has_param(const chr_ast *module, const char *param) {
    for (const chr_ast *part = module->child; part; part = part->next)
        if ((part->kind == CHR_AST_PARAM || part->kind == CHR_AST_FORMAL) &&
            strcmp(part->text, param) == 0)
            return true;
    return false;
}

const chr_ast *chr_session_module(const chr_session *session, const chr_state *state,
                                  const char *name) {
    char key[256];
    snprintf(key, sizeof key, "module %s", name);
    int i = chr_state_find(state, key);
    return i >= 0 ? state->entries[i].statement : chr_library_module(session->library, name);
}

const chr_module *chr_session_built_in(const chr_session *session, const char *name) {
    for (int i = 0; i < session->options.modules.n; i++)
        if (strcmp(session->options.modules.modules[i]->name, name) == 0)
            return session->options.modules.modules[i];
    return NULL;
}

bool chr_module_has_param(const chr_session *session, const chr_state *state, const char *module,
                          const char *param) {
    const chr_ast *written = chr_session_module(session, state, module);
    if (written)
        return statement_has_param(written, param);
    const chr_module *built_in = chr_session_built_in(session, module);
    for (int i = 0; built_in && i < built_in->n_params; i++)
        if (strcmp(built_in->params[i].word, param) == 0)
            return true;
    return false;
}
