# `stats` and --stats-json: figures of a live session. Their truth is tests/unit/load.c's; here, that they are told.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# A line is one object, with all its fields.
is_figures() { # FILE
    local line n=0
    while IFS= read -r line; do
        n=$((n + 1))
        case $line in
        '{'*'}') ;;
        *) fail "no object: $line" ;;
        esac
        for field in seconds rate_hz device heard block priority memory_locked cpu_percent late_ms blocks_too_long xruns applied refused compile_ms wait_ms swap_ms \
            enter_to_sound_ms muted patches thinned voices graphs graph_bytes state_bytes resident_bytes; do
            case $line in
            *"\"$field\": "*) ;;
            *) fail "no $field in $line" ;;
            esac
        done
    done <"$1"
    [ "$n" -gt 0 ] || fail "$1 is empty"
}

# At the prompt: in words; refused and applied evaluations are told apart.
mkfifo lines
forget
"$chronus" --null <lines >out 2>err &
pid=$!
exec 9>lines
printf 'patch saw 220 > out\npatch nonsuch > out\n' >&9
wait_for 20 grep -q "sample" out # it is heard
printf 'stats\nquit\n' >&9
exec 9>&-
code=0
wait $pid || code=$?
[ $code = 1 ] || fail "exit code $code"
out_says "1 applied, 1 refused; the last: compile"
out_says "of the time"
out_says "memory"
printf 'patch saw 220 > out\n' | expect 0 --null --seconds 1.2 --stats-json figures
is_figures figures
[ "$(wc -l <figures)" -ge 2 ] || fail "no line each second and at the end"
tail -n 1 figures | grep -q '"enter_to_sound_ms": {"n": 1,' || fail "the evaluation was not timed"
printf 'patch saw 220 > out\n' | expect 0 --null --seconds 0.1 --stats-json -
is_figures err
# A module whose sound is no number is named.
printf 'patch bang: saw 100 * 0.1 * 1 * 1 > out\npatch bang: saw 100 * 1e15 * 1e15 * 1e15 > out\n' |
    expect 0 --null --seconds 0.5 --stats-json figures
is_figures figures
tail -n 1 figures | grep -q '"muted": \[{"name": "bang' || fail "the silenced module is not named"
# What is far too loud is refused before it is heard, unless it is forced; a rendering refuses nothing.
printf 'patch b: saw 110 * 100 > out\n' >loud.chr
expect 1 --null <loud.chr
err_says "E803"
expect 1 run loud.chr --null --seconds 0.1
err_says "24"
sed 's/^/force: /' loud.chr | expect 0 --null
out_says "new 1"
expect 0 render loud.chr -o loud.wav --seconds 0.1
# Offline there is nothing to tell, and nothing fails.
printf 'patch saw 220 > out\nstats\n' >asks.chr
expect 0 render asks.chr -o asks.wav --seconds 0.1
says "live"
# Where it cannot be written, that is said, before anything plays.
expect 3 run asks.chr --null --seconds 0.1 --stats-json /nonsuch/figures
err_says "cannot be written"
if [ -w /dev/full ]; then
    expect 0 run asks.chr --null --seconds 0.2 --stats-json /dev/full # the music goes on
    err_says "cannot be written"
fi
expect 2 run asks.chr --stats-json
finish
