# Starts and stops: however the program ends it leaves no process and no file behind. tests/cli/ends.sh CHRONUS SOUNDTOOL 1000
# starts and stops a thousand times. (In a build with sanitizers each end is also a look for leaks.)
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
times=${3:-25}
mkdir tmp
export TMPDIR=$work/tmp
# A name of its own, by which its processes are found.
ln -s "$chronus" "$work/chronus-that-ends"
chronus=$work/chronus-that-ends
printf 'patch saw 220 > gain -12dB > out\ncreate kick\nsequence kick: x...x...\n' >set.chr

files() { find . -path ./state -prune -o -type f ! -name out ! -name err ! -name told -print | sort; }
processes() { pgrep -f "^$chronus" | tr '\n' ' '; }
none_left() { [ -z "$(processes)" ]; }
nothing_left() { # WHAT
    wait_for 20 none_left || fail "$1: processes are left: $(processes)"
    [ "$(files)" = "$before" ] || fail "$1: files are left: $(files | grep -vxF "$before")"
}
: >no-devices.conf
before=$(files)

# ---- again and again ----
for n in $(seq "$times"); do
    expect 0 run set.chr --null --seconds 0.01 -q
    printf 'patch saw 220 > out\nquit\n' | expect 0 --null
    [ $failures = 0 ] || break
done
nothing_left "$times starts and stops"
echo "$((2 * times)) starts and stops"

# ---- by a signal: a fade, and an end ----
plays() { grep -q "new " out; }
ended_by() { # SIGNAL WANTED COMMAND...
    local signal=$1 wanted=$2 code=0
    shift 2
    converse "$@"
    tell 'patch lead: saw 330 > gain -20dB > out\n'
    wait_for 30 plays
    [ -n "$(processes)" ] || fail "no process of the name $chronus: the test would see none left"
    kill "-$signal" $pid
    wait $pid || code=$?
    hang_up
    [ $code = "$wanted" ] || fail "chronus $* ended by $signal: exit code $code, not $wanted"
    nothing_left "chronus $* ended by $signal"
}
before=$(files)
for signal in INT TERM HUP; do
    ended_by $signal 0 --null
    ended_by $signal 0 run set.chr --null
done
ended_by KILL 137 --null
ended_by KILL 137 run set.chr --null --watch

# ---- killed while it asks the sound system what there is, in a process of its own ----
for n in 1 2 3 4 5 6 7 8; do
    JACK_DEFAULT_SERVER=none_$$ "$chronus" devices >out 2>err &
    pid=$!
    sleep 0.0$n
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
done
nothing_left "killed while it looked for devices"

# ---- the terminal is closed ----
if has_terminal; then
    forget
    mkfifo keys
    before=$(files)
    script -qec "'$chronus' --null" /dev/null <keys >out 2>err &
    terminal=$!
    exec 9>keys
    wait_for 30 grep -q 'chronus> ' out
    printf 'patch lead: saw 330 > gain -20dB > out\n' >&9
    wait_for 30 plays
    kill -KILL $terminal
    wait $terminal 2>/dev/null
    exec 9>&-
    nothing_left "a closed terminal"
fi
finish
