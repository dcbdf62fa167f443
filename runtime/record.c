/* runtime/record.c: lines of a journal, to text and back.
 * SPDX-License-Identifier: MIT */
#include "runtime/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* CRC-32 as in Ethernet and zlib (reflected, 0xedb88320), four bits at a time. */
static uint32_t checksum(uint32_t sum, const char *bytes, size_t n) {
    static const uint32_t table[16] = {0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac,
                                       0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
                                       0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
                                       0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    sum = ~sum;
    for (size_t i = 0; i < n; i++) {
        sum ^= (uint8_t)bytes[i];
        sum = (sum >> 4) ^ table[sum & 15];
        sum = (sum >> 4) ^ table[sum & 15];
    }
    return ~sum;
}

/* ---- writing ---- */

static void add(chr_line *l, const char *bytes, size_t n) {
    if (l->failed)
        return;
    if (l->len + n + 1 > l->room) {
        size_t room = (l->len + n + 1) * 2;
        char *more = realloc(l->text, room);
        if (!more) {
            l->failed = true;
            return;
        }
        l->text = more;
        l->room = room;
    }
    memcpy(l->text + l->len, bytes, n);
    l->len += n;
    l->text[l->len] = '\0';
}

static void print(chr_line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void print(chr_line *l, const char *format, ...) {
    char piece[128];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(piece, sizeof piece, format, args);
    va_end(args);
    add(l, piece, (size_t)n);
}

/* Length of the UTF-8 character at `s`, or 0 where there is none. Overlong and cut ones are none.
 */
static size_t character(const char *s, size_t left) {
    uint8_t c = (uint8_t)s[0];
    size_t n = c < 0x80                ? 1
               : c >= 0xc2 && c < 0xe0 ? 2
               : c >= 0xe0 && c < 0xf0 ? 3
               : c < 0xf5 && c >= 0xf0 ? 4
                                       : 0;
    if (n == 0 || n > left)
        return 0;
    for (size_t i = 1; i < n; i++)
        if (((uint8_t)s[i] & 0xc0) != 0x80)
            return 0;
    return n;
}

static void add_string(chr_line *l, const char *text, size_t len) {
    add(l, "\"", 1);
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)text[i];
        size_t n = character(text + i, len - i);
        if (c == '"' || c == '\\')
            print(l, "\\%c", c);
        else if (c == '\n')
            add(l, "\\n", 2);
        else if (c == '\t')
            add(l, "\\t", 2);
        else if (c < 0x20 || c == 0x7f)
            print(l, "\\u%04x", c);
        else if (n > 0)
            add(l, text + i, n);
        else
            add(l, "\xef\xbf\xbd", 3); /* no text: it was never applied */
        i += n > 0 ? n : 1;
    }
    add(l, "\"", 1);
}

void chr_line_begin(chr_line *l) {
    l->len = 0;
    l->failed = false;
    add(l, "{", 1);
}

static void key_of(chr_line *l, const char *key) {
    print(l, "%s\"%s\":", l->len > 1 ? "," : "", key);
}

void chr_line_text(chr_line *l, const char *key, const char *text, size_t len) {
    key_of(l, key);
    add_string(l, text, len);
}

void chr_line_number(chr_line *l, const char *key, uint64_t number) {
    key_of(l, key);
    print(l, "%llu", (unsigned long long)number);
}

void chr_line_real(chr_line *l, const char *key, double number) {
    key_of(l, key);
    print(l, "%.17g", number);
}

void chr_line_true(chr_line *l, const char *key) {
    key_of(l, key);
    add(l, "true", 4);
}

void chr_line_end(chr_line *l, uint32_t *sum) {
    if (l->failed)
        return;
    *sum = checksum(*sum, l->text, l->len);
    print(l, ",\"sum\":\"%08x\"}\n", (unsigned)*sum);
}

void chr_line_free(chr_line *l) {
    free(l->text);
    *l = (chr_line){0};
}

/* ---- reading ---- */

typedef struct reader {
    char *at, *end;
} reader;

static bool take(reader *r, char c) {
    while (r->at < r->end && *r->at == ' ')
        r->at++;
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static int hex(char c) {
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* A control character, the only kind that is written by its number. */
static bool by_number(reader *r, char *c) {
    int n = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        int digit = r->at < r->end ? hex(*r->at) : -1;
        if (digit < 0)
            return false;
        n = n * 16 + digit;
    }
    *c = (char)n;
    return n < 0x80;
}

/* Decodes a string where it stands, which makes it no longer. */
static bool string(reader *r, const char **text, size_t *len) {
    if (!take(r, '"'))
        return false;
    char *to = r->at, *first = to;
    while (r->at < r->end && *r->at != '"') {
        char c = *r->at++;
        if (c == '\\') {
            if (r->at == r->end)
                return false;
            c = *r->at++;
            if (c == 'n')
                c = '\n';
            else if (c == 't')
                c = '\t';
            else if (c == 'r')
                c = '\r';
            else if (c == 'u') {
                if (!by_number(r, &c))
                    return false;
            } else if (c != '"' && c != '\\' && c != '/')
                return false;
        }
        *to++ = c;
    }
    if (r->at == r->end)
        return false;
    r->at++;
    *to = '\0'; /* the closing quote, or what stood before it */
    *text = first;
    *len = (size_t)(to - first);
    return true;
}

static bool word(reader *r, const char *text) {
    size_t n = strlen(text);
    if ((size_t)(r->end - r->at) < n || memcmp(r->at, text, n) != 0)
        return false;
    r->at += n;
    return true;
}

static bool number(reader *r, chr_field *f) {
    char digits[40];
    size_t n = 0;
    while (r->at + n < r->end && n < sizeof digits - 1 && strchr("0123456789+-.eEinfa", r->at[n]))
        n++;
    memcpy(digits, r->at, n);
    digits[n] = '\0';
    char *end;
    f->real = strtod(digits, &end);
    if (n == 0 || *end)
        return false;
    f->number = strspn(digits, "0123456789") == n ? strtoull(digits, NULL, 10) : 0;
    f->kind = CHR_FIELD_NUMBER;
    r->at += n;
    return true;
}

static bool field(reader *r, chr_field *f) {
    size_t ignored;
    *f = (chr_field){.kind = CHR_FIELD_TEXT};
    if (!string(r, &f->key, &ignored) || !take(r, ':') || r->at == r->end)
        return false;
    while (r->at < r->end && *r->at == ' ')
        r->at++;
    if (r->at < r->end && *r->at == '"')
        return string(r, &f->text, &f->len);
    if (word(r, "true") || word(r, "false")) {
        f->kind = CHR_FIELD_TRUTH;
        f->number = r->at[-2] == 'u';
        return true;
    }
    return number(r, f);
}

bool chr_record_read(chr_record *record, char *line, size_t len, uint32_t *sum) {
    static const char tail[] = ",\"sum\":\"";
    enum { TAIL = sizeof tail - 1 + 8 + 2 };
    chr_field fields[CHR_RECORD_FIELDS];
    *record = (chr_record){.n = 0};
    if (len < TAIL + 2)
        return false;
    size_t body = len - TAIL;
    char wanted[16];
    uint32_t found = checksum(*sum, line, body);
    snprintf(wanted, sizeof wanted, "%08x\"}", (unsigned)found);
    if (memcmp(line + body, tail, sizeof tail - 1) != 0 ||
        memcmp(line + body + sizeof tail - 1, wanted, 10) != 0)
        return false;
    reader r = {line, line + body};
    if (!take(&r, '{'))
        return false;
    do {
        if (record->n == CHR_RECORD_FIELDS || !field(&r, &fields[record->n]))
            return false;
        record->n++;
    } while (take(&r, ','));
    if (r.at != r.end)
        return false;
    record->fields = malloc((size_t)record->n * sizeof *fields);
    if (!record->fields)
        return false;
    memcpy(record->fields, fields, (size_t)record->n * sizeof *fields);
    *sum = found;
    return true;
}

void chr_record_clear(chr_record *record) {
    free(record->fields);
    *record = (chr_record){.n = 0};
}

const chr_field *chr_record_field(const chr_record *record, const char *key, chr_field_kind kind) {
    for (int i = 0; i < record->n; i++)
        if (record->fields[i].kind == kind && strcmp(record->fields[i].key, key) == 0)
            return &record->fields[i];
    return NULL;
}

const char *chr_record_text(const chr_record *record, const char *key, const char *otherwise) {
    const chr_field *f = chr_record_field(record, key, CHR_FIELD_TEXT);
    return f ? f->text : otherwise;
}

uint64_t chr_record_number(const chr_record *record, const char *key, uint64_t otherwise) {
    const chr_field *f = chr_record_field(record, key, CHR_FIELD_NUMBER);
    return f ? f->number : otherwise;
}

double chr_record_real(const chr_record *record, const char *key, double otherwise) {
    const chr_field *f = chr_record_field(record, key, CHR_FIELD_NUMBER);
    return f ? f->real : otherwise;
}

bool chr_record_true(const chr_record *record, const char *key) {
    const chr_field *f = chr_record_field(record, key, CHR_FIELD_TRUTH);
    return f && f->number;
}
