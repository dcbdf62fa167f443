#!/bin/bash
# tests/script/hostile.sh: a stranger's text is answered at once: with an error or with nothing wrong, never by a
# crash, a wait, all the memory or a control character on the terminal.
# SPDX-License-Identifier: MIT
#
#   hostile.sh CHRONUS SECONDS KILOBYTES [NAME…]   processor time and address space of one check; KILOBYTES may be
#                                                  `unlimited` (a sanitizer reserves more than any machine has)
set -u
shopt -s lastpipe # `… | answers` counts in this shell
chronus=$(realpath "${1:?the program}")
seconds=${2:?seconds of processor time}
kilobytes=${3:?kilobytes of memory}
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export NO_COLOR="" LC_ALL=C
failures=0
count=0

fail() {
    printf 'FAILED: %s: %s\n' "$name" "$1"
    head -c 1000 said
    failures=$((failures + 1))
}

# answers NAME CODE: the text on standard input is answered with that code; `-`: with no error.
answers() {
    name=$1
    local wanted=$2 code=0 before=$SECONDS
    cat >"$name.chr"
    if [ ${#only[@]} -gt 0 ] && ! printf '%s\n' "${only[@]}" | grep -qx "$name"; then return; fi
    count=$((count + 1))
    (
        ulimit -t "$seconds" -v "$kilobytes"
        exec timeout 120 "$chronus" check "$name.chr"
    ) >said 2>&1 </dev/null || code=$?
    case $code in
    0) [ "$wanted" = - ] || fail "no error, and $wanted was expected" ;;
    1) grep -q "error\[$wanted\]" said || fail "not the error $wanted" ;;
    124) fail "no answer within 120 s" ;;
    137 | 152) fail "more than $seconds s of processor time (after $((SECONDS - before)) s)" ;;
    *) fail "exit code $code" ;;
    esac
    # A tab and a line end are the only control characters; C1 ones are two bytes in UTF-8.
    if grep -q '[^[:print:][:space:]]' <(tr -d '\200-\377' <said) || grep -qP '\xc2[\x80-\x9f]|[\r\x0b\f]' said; then
        fail "a control character reaches the terminal"
    fi
    rm -f "$name.chr"
}
only=("$@")

# lines N 'FORMAT': N lines, in which `#` is their number.
lines() {
    seq 0 $(($1 - 1)) | sed "s|.*|$(printf %s "$2" | tr '#' '&')|"
}
# times N 'TEXT': the text N times in one line.
times() {
    yes -- "$2" | head -n "$1" | tr -d '\n'
}

# ---- bytes ----
printf 'patch saw \377\376 220 > out\n' | answers not_utf8 E101
printf 'patch saw 220 > out # \303\050 \355\240\200 \364\220\200\200 \300\200\n' | answers not_utf8_in_a_comment E101
printf 'patch saw\0 220 > out\n' | answers nul E102
printf 'patch saw \033[2J\033]0;title\007 > out\n' | answers escapes E102
printf 'let a = "\302\233 31m \033c \r"\n' | answers escapes_in_a_string E102
printf 'patch \342\200\256evil\342\200\254 > out\n' | answers direction_overrides E105
head -c 1000000 "$(command -v bash)" | answers noise 'E1[0-9][0-9]'
head -c 10485760 /dev/zero | tr '\0' x | answers line_of_10_megabytes E112
head -c 8000000 /dev/zero | tr '\0' x | answers name_of_8_megabytes E201
{
    printf 'patch saw 220 > out # '
    head -c 8000000 /dev/zero | tr '\0' x
} | answers comment_of_8_megabytes -
head -c 4000000 /dev/zero | answers nothing_but_nul E102

# ---- depth ----
{ printf 'let a = ' && times 10000 '('; } | answers round_brackets_10000_deep E114
{ printf 'patch saw ' && times 10000 '[' && printf 1 && times 10000 ']'; } | answers square_brackets_10000_deep E114
{ printf 'sequence k: ' && times 10000 '[' && printf x && times 10000 ']'; } | answers steps_10000_deep E114
{ printf 'melody k: ' && times 10000 '<' && printf C2 && times 10000 '>'; } | answers turns_10000_deep E114
times 10000 'at bar 1: {' | answers blocks_10000_deep E114
{ printf 'let a = ' && times 10000 'abs('; } | answers calls_10000_deep E114
{ printf 'let a = 1' && times 10000 '^1'; } | answers powers_10000_deep E220
{ printf 'let a = ' && times 10000 '- ' && printf 1; } | answers signs_10000_deep 'E2[0-9][0-9]'
{ printf 'let a = 1' && times 100000 ' + 1'; } | answers sum_of_100000 E220

# ---- length: 100,000 statements of every kind that could make the others slow ----
lines 100000 'patch saw 220 > out' | answers unnamed_patches -
lines 100000 'let a# = #' | answers lets -
lines 100000 'let a# = a#' | answers lets_of_themselves E503
lines 100000 'tempo 120' | answers tempos -
lines 100000 'mute zz#' | answers mutes_of_nothing E308
lines 100000 'stop k/p#' | answers stops_of_nothing E381
lines 100000 'pach zz#' | answers misspelt_words E201
lines 100000 'let a# = b#' | answers unknown_names E301
{ echo 'patch k: saw > lpf > out' && lines 100000 'set k cutoff=#'; } | answers one_knob -
{ echo 'patch k: saw > out' && lines 100000 'set k x#.cutoff=3'; } | answers unknown_knobs E323
{ echo 'patch k: saw > out' && lines 100000 'add reverb to k as r#'; } | answers added_effects E512
{ echo 'patch k: saw > out' && lines 100000 'remove r# from k'; } | answers removed_effects 'E5[18]2'
{ lines 50000 'let a# = #' && lines 50000 'hush'; } | answers hushes E582
{ lines 50000 'let a# = #' && lines 50000 'play'; } | answers plays E582
{ lines 50000 'let a# = #' && lines 50000 'at bar 9: { }'; } | answers moments_without_statements E582
{ lines 1000 'at bar #: mute k' && lines 50000 'at bar 9: { }'; } | answers moments 'E[0-9]*'
lines 100000 'next bar: mute zz' | answers moments_of_nothing 'E[0-9]*'
lines 100000 'diff: tempo #' | answers differences E582
{ printf 'patch a: saw 110' && times 20000 ' > scope' && echo ' > out'; } | answers places E512
{ echo 'patch k: saw > out' && yes $'mute k\nunmute' | head -n 100000; } | answers unmutes E582
{ lines 50000 'let a# = #' && lines 50000 'save patch "x"'; } | answers saves -
{ lines 20000 'patch a#: saw 220' && lines 20000 'list'; } | answers lists 'E5[08][23]'
lines 50000 'list modules' | answers questions 'E58[23]'
{ lines 2000 'let a# = #' && lines 50000 'list'; } | answers questions_of_many E582
lines 100000 'import "nothing.chr"' | answers imports_of_nothing E701
lines 100000 'sequence k/p#: x...' | answers patterns 'E[0-9]*'
lines 25000 'patch p#: saw 220 > out' | answers patches E503
{ printf 'patch saw 220 ' && times 400000 'freq=1 ' && echo '> out'; } | answers keys E305
{ echo 'module m {' && lines 100000 '  param a# = 1' && printf '  saw\n}\npatch m > out\n'; } | answers parameters E512
{ printf 'module m(' && times 100000 'a, ' && printf 'b) {\n  saw\n}\npatch m > out\n'; } | answers formals E322
{ printf 'patch saw [' && times 100000 '220 ' && echo '] > out'; } | answers list_of_100000 E502
{ printf 'sequence kick: ' && times 300000 'x'; } | answers steps E508

# ---- numbers ----
echo 'let a = 1e999' | answers exponent E109
{ printf 'let a = ' && times 100000 9; } | answers digits E109
{ printf 'let a = 0.' && times 100000 9; } | answers digits_after_the_point E109
echo 'let a = 1e14*1e14*1e14' | answers product_beyond E411
echo 'patch saw floor(1e14*1e14) > out' | answers beyond_whole_numbers -
echo 'seed 1e15' | answers seed -
echo 'patch voices=-1: saw > out' | answers no_voices E410

# ---- expansion ----
{ echo 'fn f0(x) = x + x' && awk 'BEGIN { for (i = 1; i <= 40; i++) printf "fn f%d(x) = f%d(f%d(x))\n", i, i-1, i-1 }' &&
    echo 'patch saw f40(1) > out'; } | answers functions_that_double E506
echo 'patch saw [for i in 1..1e9: i] > out' | answers for_to_a_billion E502
echo 'patch saw [for i in 1..4000: [for k in 1..4000: i*k]] > out' | answers for_in_for 'E50[0-9]'
echo 'patch p voices=1e6: saw > out' | answers million_voices E501
echo 'patch p voices=256: saw freq*[for i in 1..4096: i] > out' | answers voices_times_copies E504
echo 'patch saw > delay 1e6s > out' | answers delay_of_days E505
{ printf 'patch saw ' && times 300 '> delay 10s ' && echo '> out'; } | answers many_delays E505
echo 'sequence kick: x*1000000000' | answers ratchet 'E[0-9]*'
echo 'sequence kick: x!1000000000' | answers repeat 'E[0-9]*'
echo 'sequence kick: x(1000000000,1000000000)' | answers euclid E508
echo 'sequence kick: x(1e9,1e9)' | answers euclid_with_exponents E126
echo 'melody bass: C2*1000000000' | answers melody_ratchet E508
echo 'melody bass: C2@1000000000 C2' | answers long_step 'E[0-9]*'
{ awk 'BEGIN { for (i = 0; i < 100000; i++) printf "module m%d {\n  m%d\n}\n", i, i + 1 }' &&
    printf 'module m100000 {\n  saw 220\n}\npatch p voices=2: saw > mix > m0 > out\n'; } | answers chain_of_modules E507
printf 'module a {\n  b\n}\nmodule b {\n  a\n}\npatch a > out\n' | answers modules_in_a_ring E311
printf 'patch a: b > lpf > out\npatch b: a > hpf > out\n' | answers patches_in_a_ring E310
echo 'import "ring.chr"' >other.chr
echo 'import "other.chr"' | answers ring E705
rm -f other.chr
echo 'import "../../../etc/passwd"' | answers path_upwards E702
echo 'load patch "../../etc/passwd"' | answers load_upwards E707
echo 'patch p: [for i in "abc": saw 220] > mix > out' | answers for_in_a_text E406

printf '%d texts, %d failures\n' "$count" "$failures"
[ "$failures" -eq 0 ]
