/* tests/fuzz/fuzz_files.c: any file whatever as what a script reads: a saved session, another
 * script, a MIDI file, a scale, a map of keys. The first byte says which; what it leads to is
 * evaluated and played for two chunks. SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "runtime/engine.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const lines[] = {
    "load patch \"x\"\n",
    "import \"x.chr\"\nplay\n",
    "import \"x.mid\" as m\nplay\n",
    "tuning \"x.scl\"\npatch saw C3 > out\nmelody bass: C2 1 Cm7\n",
    "tuning \"x.scl\" root=D\n",
    "tuning \"just\" map=\"x.kbm\"\npatch saw C3 > out\n",
    "reload x\n",
};
enum { LINES = sizeof lines / sizeof *lines };

typedef struct file {
    const uint8_t *data;
    size_t size;
} file;

static chr_read_status read_file(void *context, const char *kind, const char *name, char **text,
                                 size_t *len) {
    (void)kind;
    const file *f = context;
    if (name[0] != 'x') /* what the file itself asks for is not there */
        return CHR_READ_MISSING;
    *text = malloc(f->size + 1);
    if (!*text)
        return CHR_READ_FAILED;
    memcpy(*text, f->data, f->size);
    (*text)[f->size] = '\0';
    *len = f->size;
    return CHR_READ_OK;
}

/* Frees `ir`. */
static void play(chr_ir *ir) {
    const chr_engine_options options = {
        .rate_hz = 8000, .isa = "x86-64", .lanes = 4, .n_channels = 2};
    chr_engine *e = chr_engine_new(&options);
    if (!e || chr_engine_offer(e, ir, NULL) != CHR_OK) {
        if (!e)
            chr_ir_free(ir);
        chr_engine_free(e);
        return;
    }
    chr_engine_play(e);
    for (int k = 0; k < 2; k++) {
        float out[2 * CHR_CHUNK];
        chr_engine_tend(e);
        chr_engine_render(e, out, CHR_CHUNK);
        for (int i = 0; i < 2 * CHR_CHUNK; i++)
            assert(isfinite(out[i]));
    }
    chr_engine_free(e);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0)
        return 0;
    file f = {data + 1, size - 1};
    const chr_session_options options = {
        .modules = {chr_registry_modules(), chr_registry_count()},
        .library = chr_stdlib,
        .n_library = chr_stdlib_count,
        .seed = 1,
        .read = read_file,
        .context = &f,
    };
    chr_session *session = chr_session_new(&options);
    if (!session)
        return 0;
    const char *text = lines[data[0] % LINES];
    for (int k = 0; k < 2; k++) { /* and again on top of it */
        chr_candidate *c = chr_session_evaluate(session, text, strlen(text), "fuzz", NULL);
        if (!c)
            break;
        chr_ir *ir = chr_candidate_take_ir(c);
        assert((ir == NULL) == (chr_candidate_diags(c)->n_errors > 0));
        if (ir)
            play(ir);
        chr_session_commit(session, c);
    }
    char *saved = chr_session_text(session);
    free(saved);
    chr_session_free(session);
    return 0;
}
