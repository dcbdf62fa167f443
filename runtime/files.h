/* runtime/files.h: the files of a session: scripts that it may read, patches and modules that it
 * may write, all under the folder of its script. A script may be a stranger's: nothing outside that
 * folder can be reached from its text.
 *
 *   import "kit.chr"            FOLDER/kit.chr, else the library's script of that name
 *   sample amen "amen.wav"      FOLDER/amen.wav
 *   load patch "deep_groove"    FOLDER/patches/deep_groove.chr; save writes it
 *   reload reverb               FOLDER/modules/reverb.chr; generate_module writes it
 *
 * SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_FILES_H
#define CHR_RUNTIME_FILES_H

#include "lang/session.h"
#include "runtime/status.h"

typedef struct chr_files chr_files;

/* [control] `folder` is where the script lies. It need not exist yet; NULL when memory is out. The
 * folder is opened anew for each file, so that one renamed meanwhile is still found by its name. */
chr_files *chr_files_new(const char *folder);
void chr_files_free(chr_files *f);

/* [control] Reads a regular file under the folder: a name with `..`, an absolute one, one that a
 * link leads out of the folder, a device or a pipe is CHR_READ_FORBIDDEN. `context` is a chr_files;
 * the signature is the session's `read`. *text is malloc'd, owned by the caller, and has a NUL
 * after its *len bytes. */
chr_read_status chr_files_read(void *context, const char *kind, const char *name, char **text,
                               size_t *len);

/* [control] Calls `each` with every name that chr_files_read would find by this kind in the folder
 * itself, in no order: saved patches for "load", modules for "module", scripts for "import",
 * recordings for "sample". */
void chr_files_list(const chr_files *f, const char *kind,
                    void (*each)(void *context, const char *name), void *context);

typedef enum chr_write_status {
    CHR_WRITE_OK,
    CHR_WRITE_THERE,    /* a file of that name exists and was left as it is */
    CHR_WRITE_BAD_NAME, /* not a plain name */
    CHR_WRITE_FAILED    /* errno tells */
} chr_write_status;

/* [control] Writes FOLDER/patches/NAME.chr as runtime/write.h says, so that neither a full disk nor
 * a sudden end harms it. A patch saved earlier under that name is kept beside it as NAME.chr~.
 * `path` gets the name that was written, for the answer. */
CHR_MUST_USE chr_write_status chr_files_save_patch(chr_files *f, const char *name, const char *text,
                                                   char path[256]);
/* [control] Writes FOLDER/modules/NAME.chr; never over a file that is there. */
CHR_MUST_USE chr_write_status chr_files_new_module(chr_files *f, const char *name, const char *text,
                                                   char path[256]);

/* [control] Makes FOLDER/recordings/NAME.wav or, for a patch, FOLDER/recordings/NAME/STEM.wav,
 * empty; never over a file that is there. The file, open for reading and writing; or -1 and errno:
 * EEXIST, EINVAL for a name that is none. `path` gets the name. */
int chr_files_new_recording(chr_files *f, const char *name, const char *stem, char path[256]);

/* [control] Reads a file that the player named on the command line: any readable file, a pipe too,
 * "-" is standard input; at most 64 MiB. CHR_IO: errno tells (EISDIR, EFBIG, ENOENT...). *text as
 * above. */
CHR_MUST_USE chr_status chr_files_slurp(const char *path, char **text, size_t *len);

/* [control] Folder of a path ("." where it has none), malloc'd. */
char *chr_files_folder_of(const char *path);

#endif
