/* lang/lexer.re: what words, numbers, signs and steps look like. Made into C by re2c in the build.
 * SPDX-License-Identifier: MIT */
#include "lang/token.h"

/*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = cursor;
    re2c:define:YYMARKER = marker;
    re2c:define:YYLIMIT = end;
    re2c:yyfill:enable = 0;
    re2c:eof = 0;
    re2c:flags:tags = 0;

    blank    = [ \t]+;
    line_end = "\r"? "\n";
    digits   = [0-9]+;
    name     = [A-Za-z_][A-Za-z0-9_]*;
    number   = (digits ("." digits)? | "." digits) ([eE] [-+]? digits)?;
    fraction = digits "/" digits;
    note     = [A-G] [#b]? ("-1" | [0-9]);
*/

#define FOUND(what) return *at = (const char *)cursor, CHR_SCAN_##what

chr_scan chr_scan_plain(const char **at, const char *limit) {
    const unsigned char *cursor = (const unsigned char *)*at, *end = (const unsigned char *)limit, *marker = cursor;
    /*!re2c
        $                        { FOUND(TEXT_END); }
        blank                    { FOUND(BLANK); }
        line_end                 { FOUND(LINE_END); }
        "#"                      { FOUND(HASH); }
        note                     { FOUND(NOTE); }
        name                     { FOUND(NAME); }
        name ("." name)+         { FOUND(PATH); }
        number                   { FOUND(NUMBER); }
        fraction                 { FOUND(FRACTION); }
        ["]                      { FOUND(QUOTE); }
        ".."                     { FOUND(DOTS); }
        "="                      { FOUND(EQUAL); }
        "=="                     { FOUND(SAME); }
        [()[\]{}>,:|+*/%^;-]    { FOUND(SIGN); }
        *                        { FOUND(OTHER); }
    */
}

/* A number runs as far as its digits do, and a chance needs its percent sign: `x?3` is `x?`, then `3`. */
chr_scan chr_scan_grid(const char **at, const char *limit) {
    const unsigned char *cursor = (const unsigned char *)*at, *end = (const unsigned char *)limit, *marker = cursor;
    /*!re2c
        $                        { FOUND(TEXT_END); }
        blank                    { FOUND(BLANK); }
        line_end                 { FOUND(LINE_END); }
        "#"                      { FOUND(HASH); }
        [xXo1-9._-]              { FOUND(STEP); }
        [*!@] digits?            { FOUND(MOD); }
        "?" (digits "%")?        { FOUND(MOD); }
        [~^]                     { FOUND(MOD); }
        "(" digits "," digits ("," digits)? ")" { FOUND(EUCLID); }
        "(" "-"? number blank? "," { FOUND(EUCLID_BAD); }
        [()[\]{}<>,|;]          { FOUND(SIGN); }
        *                        { FOUND(OTHER); }
    */
}

/* Numbers with their units; the rest is as in a melody. */
chr_scan chr_scan_values(const char **at, const char *limit) {
    const unsigned char *cursor = (const unsigned char *)*at, *end = (const unsigned char *)limit, *marker = cursor;
    /*!re2c
        share  = digits ("." digits)?;
        figure = [A-Za-z0-9#._/+%-];

        $                        { FOUND(TEXT_END); }
        blank                    { FOUND(BLANK); }
        line_end                 { FOUND(LINE_END); }
        figure+                  { FOUND(STEP); }
        [*!] digits?             { FOUND(MOD); }
        "@" share?               { FOUND(MOD); }
        "?" (share "%")?         { FOUND(MOD); }
        [~^]                     { FOUND(MOD); }
        "(" digits "," digits ("," digits)? ")" { FOUND(EUCLID); }
        "(" "-"? number blank? "," { FOUND(EUCLID_BAD); }
        [()[\]{}<>,|;]          { FOUND(SIGN); }
        *                        { FOUND(OTHER); }
    */
}

/* Chords may bear the signs of a lead sheet. `C^7` is C major seven as typed, and `C^` an accent. */
chr_scan chr_scan_melody(const char **at, const char *limit) {
    const unsigned char *cursor = (const unsigned char *)*at, *end = (const unsigned char *)limit, *marker = cursor;
    /*!re2c
        parts = digits ("." digits)?;
        delta = "\xce\x94" | "\xe2\x88\x86" | "\xe2\x96\xb3";
        sign = delta | "\xc3\xb8" | "\xc3\x98" | "\xc2\xb0" | "\xe2\x99\xad" | "\xe2\x99\xaf";
        letter = [A-Za-z0-9'#._/+-] | sign;
        root = [A-G] | [b#]* [IViv]+;

        $                        { FOUND(TEXT_END); }
        blank                    { FOUND(BLANK); }
        line_end                 { FOUND(LINE_END); }
        letter+                  { FOUND(STEP); }
        "'"* root letter* "^" ("7" | "9" | "11" | "13") letter* { FOUND(STEP); }
        [*!] digits?             { FOUND(MOD); }
        "@" parts?               { FOUND(MOD); }
        "?" (parts "%")?         { FOUND(MOD); }
        [~^]                     { FOUND(MOD); }
        "(" digits "," digits ("," digits)? ")" { FOUND(EUCLID); }
        "(" "-"? number blank? "," { FOUND(EUCLID_BAD); }
        [()[\]{}<>,|;]          { FOUND(SIGN); }
        *                        { FOUND(OTHER); }
    */
}
