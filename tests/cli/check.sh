# `chronus check`, and what it prints of each stage.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

expect 0 check drone.chr
out_says "drone.chr: nothing wrong"
expect 0 check drone.chr -q
silent
expect 0 check - <beat.chr
out_says "standard input: nothing wrong"
expect 1 check bad.chr
out_says "nosuchmodule"
out_says "10ms"
out_says "bad.chr:1:"
[ ! -s err ] || fail "diagnostics of check belong on standard output"
expect 3 check missing.chr
expect 3 check "$work"

expect 1 check bad.chr --json
grep -q '"code"' out || fail "no JSON"
expect 0 check drone.chr --json
[ -s out ] || fail "no JSON for a script without errors"

for stage in tokens ast ir graph; do
    expect 0 check drone.chr --dump $stage
    grep -q lpf out || fail "--dump $stage does not know the low-pass"
done
expect 1 check bad.chr --dump ir
err_says "nosuchmodule"
[ ! -s out ] || fail "a bad script has no ir"

# The notes of patterns, each at its exact place and with its place in the text.
printf 'meter 3/4\ncreate bass\nmelody bass: C2 [E2 G2 A2]\n' >notes.chr
expect 0 check notes.chr --dump events=2
cat >said <<'END'
bass
  bar 1 beat 1: C2 (m36) for 1, level 0.8   [3:14]
  bar 1 beat 2: E2 (m40) for 1/3, level 0.8   [3:18]
  bar 1 beat 2+1/3: G2 (m43) for 1/3, level 0.8   [3:21]
  bar 1 beat 2+2/3: A2 (m45) for 1/3, level 0.8   [3:24]
  bar 1 beat 3: C2 (m36) for 1, level 0.8   [3:14]
  bar 2 beat 1: E2 (m40) for 1/3, level 0.8   [3:18]
  bar 2 beat 1+1/3: G2 (m43) for 1/3, level 0.8   [3:21]
  bar 2 beat 1+2/3: A2 (m45) for 1/3, level 0.8   [3:24]
  bar 2 beat 2: C2 (m36) for 1, level 0.8   [3:14]
  bar 2 beat 3: E2 (m40) for 1/3, level 0.8   [3:18]
  bar 2 beat 3+1/3: G2 (m43) for 1/3, level 0.8   [3:21]
  bar 2 beat 3+2/3: A2 (m45) for 1/3, level 0.8   [3:24]
END
cmp -s said out || fail "the notes are others: $(diff said out)"
printf 'create bass\nmelody bass: C2{cutoff=2kHz} C2{filter.res=60%% vel=50%%}\n' >locks.chr
expect 0 check locks.chr --dump events=1
cat >said <<'END'
bass
  bar 1 beat 1: C2 (m36) for 1, level 0.8, cutoff=2kHz   [2:14]
  bar 1 beat 2: C2 (m36) for 1, level 0.5, filter.res=0.6   [2:30]
  bar 1 beat 3: C2 (m36) for 1, level 0.8, cutoff=2kHz   [2:14]
  bar 1 beat 4: C2 (m36) for 1, level 0.5, filter.res=0.6   [2:30]
END
cmp -s said out || fail "locks are shown as they are written"
expect 0 check notes.chr --json --dump events=1
grep -q '{"bar":1,"beat":"2+1/3","length":"1/3","note":43,.*"line":3,"column":21}' out || fail "no notes as JSON"
expect 2 check notes.chr --dump events=0

# Hostile text: an answer, no crash, and no control character reaches the terminal.
printf 'patch \033[31m vco \000 > out\n\377\376\n' >hostile.chr
expect 1 check hostile.chr
grep -q "$(printf '\033')" out && fail "an escape character came through"
head -c 300000 /dev/zero | tr '\0' '(' >deep.chr
expect 1 check deep.chr
: >empty.chr
expect 0 check empty.chr
printf 'patch vco > filter > out' >noend.chr
expect 0 check noend.chr

# Colours on a terminal only, and not where NO_COLOR says so.
unset NO_COLOR
expect 1 check bad.chr
grep -q "$(printf '\033')" out && fail "colours in a file"
if has_terminal; then
    TERM=xterm script -qec "'$chronus' check bad.chr" /dev/null >out 2>err </dev/null
    grep -q "$(printf '\033')" out || fail "no colours on a terminal"
    TERM=xterm NO_COLOR=1 script -qec "'$chronus' check bad.chr" /dev/null >out 2>err </dev/null
    grep -q "$(printf '\033')" out && fail "colours in spite of NO_COLOR"
fi
finish
