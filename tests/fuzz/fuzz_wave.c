/* tests/fuzz/fuzz_wave.c: any file whatever as the sound that was recorded beside a journal, heard
 * again while the journal is played. SPDX-License-Identifier: MIT */
#include "runtime/perform.h"

#include <assert.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RATE = 8000, INPUTS = 2, BLOCKS = 40 };

static char folder[] = "/tmp/chronus-wave-XXXXXX";
static char journal[CHR_JOURNAL_PATH], recording[CHR_JOURNAL_PATH + 300];

static void forget(void) {
    unlink(journal);
    unlink(recording);
    rmdir(folder);
}

/* A session that listens, so that there is a journal with a recording. */
static void record(void) {
    static const char text[] = "patch mic: input 1 + input(2) > delay 0.01 > out";
    assert(mkdtemp(folder));
    chr_journal_options about = {
        .folder = folder, .program = "fuzz", .rate_hz = RATE, .n_channels = 2, .n_inputs = INPUTS};
    chr_journal *j = chr_journal_new(&about);
    assert(j);
    chr_player_options options = {
        .engine = {.rate_hz = RATE, .n_channels = 2, .n_inputs = INPUTS},
        .folder = folder,
        .witness = chr_journal_witness(j)
    };
    chr_player *p = chr_player_new(&options);
    assert(p);
    bool good = chr_player_evaluate(p, text, sizeof text - 1, "typed", NULL).applied;
    assert(good);
    for (int k = 0; k < BLOCKS; k++) {
        float in[INPUTS * CHR_CHUNK], out[2 * CHR_CHUNK];
        for (int i = 0; i < INPUTS * CHR_CHUNK; i++)
            in[i] = (float)(i % 7) / 9.0f;
        chr_player_tend(p);
        chr_engine_render_heard(chr_player_engine(p), in, out, CHR_CHUNK);
        chr_journal_tend(j, chr_player_look(p).clock);
    }
    snprintf(journal, sizeof journal, "%s", chr_journal_path(j));
    chr_journal_close(j, chr_player_look(p).clock);
    chr_player_free(p);
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d));)
        if (strstr(e->d_name, ".wav"))
            snprintf(recording, sizeof recording, "%s/%s", folder, e->d_name);
    closedir(d);
    assert(recording[0]);
    atexit(forget);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!journal[0])
        record();
    FILE *to = fopen(recording, "w");
    if (!to)
        return 0;
    fwrite(data, 1, size, to);
    fclose(to);
    char why[CHR_JOURNAL_TEXT] = "";
    chr_journal_text text;
    bool good = chr_journal_read(&text, journal, why);
    assert(good);
    const chr_perform_options options = {.program = "fuzz", .isa = "x86-64", .lanes = 4};
    chr_performance *p = chr_perform_open(&text, &options);
    for (int k = 0; p && k < BLOCKS; k++) {
        float out[2 * CHR_CHUNK];
        good = chr_perform_render(p, out, CHR_CHUNK, why);
        assert(good);
        for (int i = 0; i < 2 * CHR_CHUNK; i++)
            assert(isfinite(out[i]));
    }
    for (const char *remark; p && (remark = chr_perform_remark(p));)
        assert(remark[0]);
    chr_perform_close(p);
    chr_journal_text_clear(&text);
    return 0;
}
