# A session driven by a program: --json gives one object on one line for each thing that happens, --plain whole lines.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# A line of a pipe with an object: begins and ends as one, and no other byte but those that JSON allows.
objects_alone() {
    [ -s out ] || fail "there is no object"
    grep -qvE '^\{"kind": "(event|evaluation|diagnostics|answer|note|trouble)".*\}$' out && fail "something else than objects"
    [ ! -s err ] || fail "something on standard error"
    LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" out && fail "a control character"
}
object() { grep -qE -- "$1" out || fail "no object with: $1"; }

# Several lines at once: objects in the order of the lines, an evaluation's last one ends it.
printf 'create kick\nmelody "x\ntempo 3000\nlist patches\nsave patch "one"\nquit\nlist\n' | expect 1 --null --json
objects_alone
[ "$(sed -n 's/^{"kind": "evaluation", "evaluation": \([0-9]*\).*/\1/p' out | tr '\n' ' ')" = "1 2 3 4 5 6 " ] ||
    fail "not one end for each evaluation, in order"
head -n 1 out | grep -q '"event": "ready", "text": "Chronus .* 48000 Hz"' || fail "it does not begin with ready"
tail -n 1 out | grep -q '"event": "end"' || fail "it does not end with end"
object '"evaluation": 1, "ok": true, "errors": 0, "warnings": 0, "kept": 0, "changed": 0, "new": [1-9][0-9]*, "gone": 0'
object '"kind": "diagnostics", "evaluation": 2, "diagnostics": \[\{"code": "E106", "severity": "error", "message": '
object '"file": "typed", "line": 1, "column": 8, "length": [0-9]+, "byte": 7, "byte_end": [0-9]+, "utf16": 7, "utf16_end": '
object '"evaluation": 2, "ok": false, "errors": [1-9]'
object '"evaluation": 3, "ok": true, "errors": 0, "warnings": 1'
object '"kind": "answer", "evaluation": 4, "text": "  kick         create kick\\n"'
object '"evaluation": 4, .*"statements": \[\{"name": "kick", "kind": "create", "text": "create kick", "file": "typed", "line": 1, "column": 1\}\]\}$'
object '"kind": "note", "evaluation": 5, "text": "saved as patches/one.chr"'
# The fields of a diagnostic are those of `chronus check --json`.
printf 'melody "x\n' >one.chr
"$chronus" check --json one.chr | tr -d '\n ' | grep -o '"[a-z_0-9]*":' | sort -u >checked
grep -m 1 '"diagnostics"' out | tr -d ' ' | sed 's/.*"diagnostics":\[//' | grep -o '"[a-z_0-9]*":' | sort -u >told
cmp -s checked told || { fail "other fields than check has"; diff checked told; }
# Text that a script hides things in stays one line, and plain.
printf 'patch a: saw 220 > out # \033[2J\302\200 "quoted" \\\nshow a\nsave patch "../x"\n' | expect 1 --null --json
objects_alone
object '"kind": "(trouble|diagnostics)", "evaluation": 3'

# What `show` and `list` tell of comes as objects too, whatever the text beside it looks like.
printf 'create bass cutoff=500\n:{\ncreate lead\nset bass cutoff=700\n:}\nshow bass\nshow bass.cutoff\nlist patterns\nhelp bass\nmelody bass: C2 .\nshow bass bars 1\nvalues bass.cutoff: 200 800\nlist patterns\n' |
    expect 0 --null --json
objects_alone
object '"evaluation": 3, "text": "create bass .*"statements": \[\{"name": "bass", "kind": "create", .*\}, \{"name": "bass", "kind": "set", "text": "set bass cutoff=700", "file": "typed", "line": 2, "column": 1\}\]\}$'
object '"evaluation": 4, .*"statements": \[\{"name": "bass", "kind": "create"'
object '"evaluation": 5, "text": "There are no patterns yet.*"statements": \[\]\}$'
object '"evaluation": 8, "text": "bass\\n.*", "events":\[\{"pattern":"bass","events":\[\{"bar":1,"beat":"1","length":"1","note":36,.*"line":1,"column":14\}.*\]\}\]\}$'
object '"evaluation": 10, .*"name": "bass", "kind": "melody", .*"name": "bass.cutoff", "kind": "values", "text": "values bass.cutoff: 200 800", '
grep -q '"evaluation": 6, .*"statements"' out && fail "help is about no statement"

# A program that waits for each answer is told where it took place.
converse --null --json
ask() { # NUMBER TEXT
    tell '%s\n' "$2"
    wait_for 40 grep -q "\"kind\": \"evaluation\", \"evaluation\": $1," out
}
ask 1 'create kick'
ask 2 'sequence kick: x...x...x...x...'
ask 3 'play'
ask 4 ':{
patch drone: saw 110 >
lpf 600 > gain -20dB > out

patch other: saw 220 > gain -30dB > out
:}'
object '"evaluation": 1, .*"at": \{"seconds": [0-9.]+, "sample": [0-9]+\}\}$'
object '"evaluation": 4, "ok": true, .*"new": [1-9].*"at": \{"bar": [0-9]+, "beat": [0-9.]+, "seconds": [0-9.]+, "sample": [0-9]+\}\}$'
ask 5 'sequence kick: x.x.x.x.'
object '"evaluation": 5, .*"patterns_wait": true'
kill -TERM $pid
wait $pid || fail "exit code $?"
hang_up
objects_alone
tail -n 1 out | grep -q '"event": "end"' || fail "a program that is ended says so"

# Plain: nothing but lines, in a pipe by itself; colour where it is asked for.
unset NO_COLOR
printf 'nonsense\ncreate kick\n' | expect 1 --null
out_says "new "
grep -q "$(printf '\033')" out err && fail "an escape sequence in a pipe"
printf 'nonsense\n' | expect 1 --null --plain --colour
grep -q "$(printf '\033')" err || fail "no colour where it was asked for"
has_terminal || finish
printf 'nonsense\ncreate kick\nmeters\nquit\n' |
    TERM=xterm timeout 100 script -qec "'$chronus' --null --plain" /dev/null >out 2>err || fail "exit code $?"
out_says "new "
out_says "does not begin a statement"
grep -q "$(printf '\033')" out && fail "an escape sequence in plain mode"
grep -q 'chronus>' out && fail "a prompt in plain mode"
finish
