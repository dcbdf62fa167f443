/* tests/fuzz/fuzz_journal.c: any file whatever as a journal, read and played again. Where it does
 * not begin with `!`, each line gets the checksum that it should have, or nothing would come
 * further than the first. SPDX-License-Identifier: MIT */
#include "runtime/perform.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A line up to its checksum, or to its closing brace. */
static size_t body_of(const char *line, size_t n) {
    static const char sum[] = ",\"sum\":\"";
    for (size_t at = n; at-- > 0;)
        if (n - at > sizeof sum - 1 && memcmp(line + at, sum, sizeof sum - 1) == 0)
            return at;
    return n > 0 && line[n - 1] == '}' ? n - 1 : n;
}

static void write_mended(int fd, const char *text, size_t size) {
    uint32_t sum = 0;
    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t n = end ? (size_t)(end - text) - at : size - at, body = body_of(text + at, n);
        chr_line line = {.text = malloc(body + 64), .len = body, .room = body + 64};
        assert(line.text);
        memcpy(line.text, text + at, body);
        line.text[body] = '\0';
        chr_line_end(&line, &sum);
        (void)!write(fd, line.text, line.len);
        chr_line_free(&line);
        at += n + 1;
    }
}

static void perform(const chr_journal_text *text) {
    const chr_perform_options options = {.program = "fuzz", .isa = "x86-64", .lanes = 4};
    chr_performance *p = chr_perform_open(text, &options);
    if (!p)
        return;
    float *out = calloc((size_t)chr_perform_channels(p), CHR_CHUNK * sizeof *out);
    char why[CHR_JOURNAL_TEXT] = "";
    bool good = out != NULL;
    uint64_t length = chr_perform_length(p);
    for (uint64_t at = 0; good && at < length && at < 40 * CHR_CHUNK; at += CHR_CHUNK) {
        good = chr_perform_render(p, out, CHR_CHUNK, why);
        assert(good || why[0]);
        for (int i = 0; good && i < CHR_CHUNK * chr_perform_channels(p); i++)
            assert(isfinite(out[i]));
    }
    for (const char *remark; (remark = chr_perform_remark(p));)
        assert(remark[0]);
    free(out);
    chr_perform_close(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    char path[64], why[CHR_JOURNAL_TEXT] = "";
    int fd = memfd_create("journal", MFD_CLOEXEC);
    if (fd < 0)
        return 0;
    if (size > 0 && text[0] == '!')
        (void)!write(fd, text + 1, size - 1);
    else
        write_mended(fd, text, size);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    chr_journal_text read = {.lock = -1};
    if (chr_journal_read(&read, path, why)) {
        perform(&read);
        chr_journal_text_clear(&read);
    } else {
        assert(why[0]);
    }
    close(fd);
    return 0;
}
