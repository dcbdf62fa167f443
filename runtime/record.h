/* runtime/record.h: the lines of a journal: one JSON object each, flat, with a checksum at its end
 * that covers the line and all before it. A person can read them, and so can any reader of JSON.
 *
 *   {"took":4,"at":216000,"sum":"8a21c04e"}
 *
 * [control] throughout. SPDX-License-Identifier: MIT */
#ifndef CHR_RUNTIME_RECORD_H
#define CHR_RUNTIME_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHR_RECORD_FIELDS = 24 }; /* that a line has at most */

/* ---- writing ---- */

/* A line that is being made. All zeros: an empty one. */
typedef struct chr_line {
    char *text;
    size_t len, room;
    bool failed; /* memory is out */
} chr_line;

void chr_line_begin(chr_line *line);
void chr_line_text(chr_line *line, const char *key, const char *text, size_t len);
void chr_line_number(chr_line *line, const char *key, uint64_t number);
/* As many digits as bring the very same number back. */
void chr_line_real(chr_line *line, const char *key, double number);
void chr_line_true(chr_line *line, const char *key);
/* Ends it with the checksum, which goes on from *sum (0 at first) and is left there. */
void chr_line_end(chr_line *line, uint32_t *sum);
void chr_line_free(chr_line *line);

/* ---- reading ---- */

typedef enum chr_field_kind { CHR_FIELD_TEXT, CHR_FIELD_NUMBER, CHR_FIELD_TRUTH } chr_field_kind;

typedef struct chr_field {
    chr_field_kind kind;
    const char *key;
    const char *text; /* TEXT: with a NUL after it */
    size_t len;
    uint64_t number; /* NUMBER: whole and not negative; TRUTH: 0 or 1 */
    double real;     /* NUMBER */
} chr_field;

/* A line as it was read. The fields point into the memory that it was read from. */
typedef struct chr_record {
    chr_field *fields; /* malloc'd */
    int n;
} chr_record;

/* Reads one line of `len` bytes without its line end, and overwrites it: texts are decoded in their
 * place. False: it is no line of a journal, or its checksum (see chr_line_end) does not fit, or
 * memory is out. chr_record_clear after a success. */
bool chr_record_read(chr_record *record, char *line, size_t len, uint32_t *sum);
void chr_record_clear(chr_record *record);
/* The field of that name and kind, or NULL. */
const chr_field *chr_record_field(const chr_record *record, const char *key, chr_field_kind kind);
/* Its value, or what is to be where there is none. */
const char *chr_record_text(const chr_record *record, const char *key, const char *otherwise);
uint64_t chr_record_number(const chr_record *record, const char *key, uint64_t otherwise);
double chr_record_real(const chr_record *record, const char *key, double otherwise);
bool chr_record_true(const chr_record *record, const char *key);

#endif
