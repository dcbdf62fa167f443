# tests/cli/lib.sh: what the command-line tests share. Each test is called with the program and the sound tool.
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
set -u
shopt -s lastpipe # `printf … | expect 0`: expect counts its failures in this very shell
chronus=$1
soundtool=$2
work=$(mktemp -d)
# A test that does not come to `finish` would pass whatever has failed.
ended() {
    local code=$?
    rm -rf "$work"
    [ "$code" != 0 ] || [ -n "$finished" ] || { echo "FAILED: it ends without finish"; exit 1; }
}
finished=
trap ended EXIT
trap 'exit 1' INT TERM
cd "$work" || exit 1
# No test may hear or disturb the machine it runs on.
export HOME=$work XDG_STATE_HOME=$work/state JACK_NO_START_SERVER=1 NO_COLOR=
export TERM=xterm
export SHELL=/bin/sh # what `script` runs its commands with: on every machine the same one
unset CHRONUS_ISA
failures=0

fail() {
    failures=$((failures + 1))
    printf 'FAILED: %s\n' "$*"
    printf -- '--- out\n'; head -n 40 out 2>/dev/null
    printf -- '--- err\n'; head -n 40 err 2>/dev/null
}

# expect CODE ARGS...: runs chronus, keeps what it says in ./out and ./err, and compares its exit code. Standard input is
# empty unless the caller gave one.
expect() {
    local wanted=$1 code=0
    shift
    "$chronus" "$@" >out 2>err || code=$?
    [ "$code" = "$wanted" ] || fail "chronus $*: exit code $code, not $wanted"
}

# Before a program is started in the background: what was said before must not be taken for its word.
forget() { rm -f out err; }

# converse ARGS...: starts the program in the background, with a pipe to tell it things: `tell` writes lines as printf does,
# `hang_up` ends the pipe. Its number is in $pid, what it says in ./out and ./err.
converse() {
    [ -p pipe ] || mkfifo pipe
    forget
    "$chronus" "$@" <pipe >out 2>err &
    pid=$!
    exec 9>pipe
}
# shellcheck disable=SC2059
tell() { printf "$@" >&9; }
hang_up() { exec 9>&-; }

# says TEXT: it was said on one of the two streams.
says() { grep -qF -- "$1" out err || fail "nobody said: $1"; }
out_says() { grep -qF -- "$1" out || fail "standard output does not say: $1"; }
err_says() { grep -qF -- "$1" err || fail "standard error does not say: $1"; }
silent() { [ ! -s out ] && [ ! -s err ] || fail "something was said"; }

# is "what" COMMAND...: the command succeeds.
is() {
    local what=$1
    shift
    "$@" >told 2>&1 || { fail "$what"; cat told; }
}
is_not() {
    local what=$1
    shift
    if "$@" >told 2>&1; then fail "$what"; fi
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    local tries=$(($1 * 20))
    shift
    while [ "$tries" -gt 0 ]; do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
        tries=$((tries - 1))
    done
    fail "waited in vain for: $*"
    return 1
}

# frames FILE: how many it has.
frames() { "$soundtool" info "$1" | sed 's/frames=\([0-9]*\).*/\1/'; }

# True where a terminal can be made for a test; some bare machines have no /dev/pts.
has_terminal() {
    script -qec true /dev/null >/dev/null 2>&1 </dev/null && return 0
    echo "no terminal can be made here: what is shown on one was not tried"
    return 1
}

finish() {
    finished=1
    [ "$failures" = 0 ] || { printf '%d failures\n' "$failures"; exit 1; }
    exit 0
}

# A drone, a beat, and a script with two errors.
printf 'patch saw 220 > lpf 900 > gain -12dB > out\n' >drone.chr
printf 'tempo 120\ncreate kick\nsequence kick: x...x...x...x...\n' >beat.chr
printf 'patch vco > nosuchmodule > out\npatch two: saw 220 > lpf cutoff=10ms > out\n' >bad.chr
