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

typedef struct needs {
    chr_library *library;
    bool *needed;
    int *queue; /* needed ones in the order in which they were found */
    int n;
} needs;

static bool need(needs *found, const char *name) {
    int i = chr_index_get(found->library->by_name, name);
    if (i >= 0 && !found->needed[i]) {
        found->needed[i] = true;
        found->queue[found->n++] = i;
    }
    return i >= 0;
}

static void need_of_node(needs *found, const chr_ast *node) {
    switch (node->kind) {
    case CHR_AST_NODE:
    case CHR_AST_CALL:
    case CHR_AST_NAME:
        need(found, node->text);
        break;
    case CHR_AST_CREATE:
        if (!chr_ast_part(node, CHR_AST_NAME) && !need(found, node->text))
            need(found, "synth");
        break;
    case CHR_AST_TARGET: {
        char owner[64]; /* a longer name is none of the library's */
        size_t len = strcspn(node->text, "/.");
        if (len < sizeof owner) {
            memcpy(owner, node->text, len);
            owner[len] = '\0';
            need(found, owner);
        }
        break;
    }
    default:
        break;
    }
}

static bool need_of_tree(needs *found, const chr_ast *tree) {
    chr_ast_visit visit;
    chr_visit_begin(&visit, tree);
    for (const chr_ast *node; (node = chr_visit_next(&visit)) != NULL;)
        need_of_node(found, node);
    bool ok = !visit.failed;
    chr_visit_end(&visit);
    return ok;
}

static bool append_modules(const chr_script *script, const chr_ast ***modules, int *n) {
    for (const chr_ast *s = script->tree->child; s; s = s->next) {
        if (s->kind != CHR_AST_MODULE)
            continue;
        const chr_ast **longer = realloc(*modules, ((size_t)*n + 1) * sizeof *longer);
        if (!longer)
            return false;
        *modules = longer;
        longer[(*n)++] = s;
    }
    return true;
}

bool chr_library_needed(chr_library *library, const chr_state *state, const chr_ast ***modules,
                        int *n) {
    needs found = {.library = library,
                   .needed = calloc((size_t)library->n + 1, sizeof *found.needed),
                   .queue = calloc((size_t)library->n + 1, sizeof *found.queue)};
    *modules = NULL;
    *n = 0;
    bool ok = found.needed && found.queue;
    for (int i = 0; ok && i < state->n; i++)
        if (state->entries[i].statement)
            ok = need_of_tree(&found, state->entries[i].statement);
    for (int done = 0; ok && done < found.n; done++) {
        const chr_script *script = script_of(library, found.queue[done]);
        ok = script && need_of_tree(&found, script->tree);
    }
    for (int i = 0; ok && i < library->n; i++)
        if (found.needed[i])
            ok = append_modules(library->scripts[i], modules, n);
    free(found.needed);
    free(found.queue);
    if (!ok) {
        free(*modules);
        *modules = NULL;
        *n = 0;
    }
    return ok;
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
