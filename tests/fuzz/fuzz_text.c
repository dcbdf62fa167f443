/* tests/fuzz/fuzz_text.c: any text whatever, through lexer, parser, check and one rendered chunk;
 * and what the prompt would offer while it is typed.
 * For libFuzzer; replay.c runs it over the kept corpus in every test run.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/ast.h"
#include "lang/complete.h"
#include "lang/stdlib.h"
#include "runtime/engine.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* No node is deeper than the language allows, and every place lies in the text. */
static void walk(const chr_ast *a, const chr_source *source, int level) {
    assert(level <= CHR_AST_DEPTH_MAX + 2);
    for (; a != NULL; a = a->next) {
        assert(a->text != NULL);
        assert(a->span.source == source && a->span.from <= a->span.to && a->span.to <= source->len);
        assert((unsigned)a->unit < CHR_UNIT_COUNT && isfinite(a->number));
        walk(a->child, source, level + 1);
    }
}

/* What a terminal is given holds no control character, whatever the text held. */
static void print(const chr_diags *diags) {
    char *text = NULL;
    size_t n = 0;
    FILE *to = open_memstream(&text, &n);
    if (to == NULL)
        return;
    chr_diags_print(diags, to, false, 0);
    chr_diags_print_json(diags, to, true);
    fclose(to);
    for (size_t i = 0; i < n; i++)
        assert(((unsigned char)text[i] >= 0x20 || text[i] == '\n') && text[i] != 0x7f);
    free(text);
}

static void parse(const char *text, size_t size) {
    chr_arena *arena = chr_arena_new(0);
    if (arena == NULL)
        return;
    chr_diags diags;
    chr_diags_init(&diags, arena);
    const chr_source source = {"fuzz.chr", text, size, 1};
    const chr_ast *tree = chr_parse(&source, arena, &diags);
    assert(tree != NULL);
    walk(tree, &source, 0);
    print(&diags);
    chr_source_is_complete(text, size);
    chr_arena_free(arena);
}

/* Frees `ir`. Small and slow enough a machine that thousands of texts a second get through. */
static void render_one_chunk(chr_ir *ir) {
    const chr_engine_options options = {
        .rate_hz = 8000, .isa = "x86-64", .lanes = 4, .n_channels = 2};
    chr_engine *engine = chr_engine_new(&options);
    if (engine == NULL) {
        chr_ir_free(ir);
        return;
    }
    chr_offer_report report;
    if (chr_engine_offer(engine, ir, &report) == CHR_OK) {
        float out[2 * CHR_CHUNK];
        chr_engine_play(engine);
        chr_engine_tend(engine);
        chr_engine_render(engine, out, CHR_CHUNK);
        for (int i = 0; i < 2 * CHR_CHUNK; i++)
            assert(isfinite(out[i]));
    }
    chr_engine_free(engine);
}

static void complete_at(const chr_session *session, const char *text, size_t size, size_t cursor) {
    chr_arena *arena = chr_arena_new(0);
    chr_completion out, hint;
    bool known = arena && chr_complete(session, text, size, cursor, false, arena, &out);
    if (known) {
        assert(out.from <= cursor && out.n <= CHR_COMPLETION_MAX);
        for (int i = 0; i < out.n; i++)
            assert(strncmp(out.words[i].text, text + out.from, cursor - out.from) == 0);
        for (const char *p = out.hint; *p; p++)
            assert((unsigned char)*p >= 0x20 && *p != 0x7f);
    }
    /* The hint alone is the same. */
    if (known && chr_complete(session, text, size, cursor, true, arena, &hint))
        assert(hint.n == 0 && strcmp(hint.hint, out.hint) == 0);
    chr_arena_free(arena);
}

/* The cursor at the end, in the middle, and at places that depend on the text. */
static void complete(const chr_session *session, const char *text, size_t size) {
    if (size > 4096)
        return; /* nobody types so much in one line */
    complete_at(session, text, size, size);
    complete_at(session, text, size, size / 2);
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < size; i++)
        h = (h ^ (unsigned char)text[i]) * 16777619u;
    for (int i = 0; i < 2; i++, h = h * 1664525u + 1013904223u)
        complete_at(session, text, size, h % (size + 1));
}

static void evaluate(const char *text, size_t size) {
    const chr_session_options options = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = chr_stdlib,
        .n_library = chr_stdlib_count,
        .seed = 1,
    };
    chr_session *session = chr_session_new(&options);
    if (session == NULL)
        return;
    complete(session, text, size);
    /* Twice, as a file that is saved again: the second time against what the first one left. */
    for (int i = 0; i < 2; i++) {
        chr_candidate *c = chr_session_evaluate(session, text, size, "fuzz.chr", "fuzz.chr");
        if (c == NULL)
            break;
        print(chr_candidate_diags(c));
        chr_ir *ir = chr_candidate_take_ir(c);
        assert((ir == NULL) == (chr_candidate_diags(c)->n_errors > 0));
        if (ir == NULL) {
            chr_candidate_free(c);
            break;
        }
        chr_session_commit(session, c);
        render_one_chunk(ir);
    }
    complete(session, text, size); /* with names of its own */
    chr_session_free(session);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    /* The language never reads behind the text: a copy of its own shows it to the sanitizer. */
    char *text = malloc(size + (size == 0));
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    parse(text, size);
    evaluate(text, size);
    free(text);
    return 0;
}
