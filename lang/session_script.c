/* lang/session_script.c: parsed texts, counted by those who hold statements of them.
 * SPDX-License-Identifier: MIT */
#include "lang/session_state.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *text, size_t len) {
    char *to = malloc(len + 1);
    if (!to)
        return NULL;
    if (len > 0)
        memcpy(to, text, len);
    to[len] = '\0';
    return to;
}

/* `diags` NULL: the text is no script. */
static chr_script *make(const char *text, size_t len, const char *place, const char *file,
                        chr_diags *diags) {
    chr_script *script = calloc(1, sizeof *script);
    if (!script)
        return NULL;
    script->refs = 1;
    script->source = (chr_source){
        .name = copy(place, strlen(place)), .text = copy(text, len), .len = len, .first_line = 1};
    script->file = file ? copy(file, strlen(file)) : NULL;
    script->arena = chr_arena_new(0);
    if (script->source.name && script->source.text && (script->file || !file) && script->arena)
        script->tree = diags ? chr_parse(&script->source, script->arena, diags)
                             : CHR_NEW(script->arena, chr_ast);
    if (!script->tree) {
        chr_script_drop(script);
        return NULL;
    }
    return script;
}

chr_script *chr_script_new(const char *text, size_t len, const char *place, const char *file,
                           chr_diags *diags) {
    return make(text, len, place, file, diags);
}

chr_script *chr_script_of_data(const char *text, size_t len, const char *place) {
    return make(text, len, place, NULL, NULL);
}

chr_script *chr_script_share(chr_script *script) {
    script->refs++;
    return script;
}

/* The struct owns these texts; it is only read-only to everybody else. */
static void free_text(const char *text) {
    union {
        const char *as_const;
        char *as_own;
    } pointer = {.as_const = text};
    free(pointer.as_own);
}

void chr_script_drop(chr_script *script) {
    if (!script || --script->refs > 0)
        return;
    chr_arena_free(script->arena);
    free_text(script->source.name);
    free_text(script->source.text);
    free_text(script->file);
    free(script);
}
