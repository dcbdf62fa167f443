/* runtime/cli/reading.c: a session without sound.
 * SPDX-License-Identifier: MIT */
#include "dsp/registry.h"
#include "lang/stdlib.h"
#include "runtime/cli/cli.h"
#include "runtime/files.h"

bool chr_reading_open(chr_reading *r, const char *folder) {
    r->session = NULL;
    r->files = chr_files_new(folder);
    if (r->files) {
        chr_session_options options = {
            .modules = {chr_registry_modules(), chr_registry_count()},
            .library = chr_stdlib,
            .n_library = chr_stdlib_count,
            .read = chr_files_read,
            .context = r->files,
        };
        r->session = chr_session_new(&options);
    }
    if (r->session)
        return true;
    chr_files_free(r->files);
    chr_show_error("memory is out");
    return false;
}

void chr_reading_close(chr_reading *r) {
    chr_session_free(r->session);
    chr_files_free(r->files);
}
