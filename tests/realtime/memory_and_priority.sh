# On a card the program's memory is locked in place, the thread of the sound has a real-time priority and has no page fault
# while it plays and changes; where the system grants neither, one sentence says so and what to do, and the music plays.
# SPDX-License-Identifier: MIT
needs="jackd setpriv"
. "$(dirname "$0")/card.sh"
[ "$(id -u)" = 0 ] || {
    echo "skipped: this was not tried, for it needs root to grant and to refuse"
    exit 77
}
printf 'patch pad: saw [110 110.7] > spread > lpf 900 > delay 0.3 > gain -14dB > out\n' >set.chr

# Policy 1 and 2 (first in, first out; round robin) are the real-time ones: field 41 of a thread's stat, and faults are field 10 and 12.
sound_thread() { awk '{ sub(/.*\) /, ""); if ($39 == 1 || $39 == 2) print FILENAME }' /proc/"$1"/task/*/stat | head -n 1; }
faults() { awk '{ sub(/.*\) /, ""); print $8 + $10 }' "$1"; }
granted() {
    forget
    "$chronus" run live.chr --watch >out 2>err &
    local pid=$! thread before
    wait_for 30 grep -q "new " out
    sleep 0.5
    locked=$(sed -n 's/VmLck:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$pid/status)
    [ "${locked:-0}" -gt 1000 ] || fail "only ${locked:-0} kB are locked"
    thread=$(sound_thread $pid)
    [ -n "$thread" ] || fail "no thread has a real-time priority"
    before=$(faults "$thread")
    for cutoff in 1000 1100 1200; do
        sed "s/900/$cutoff/" set.chr >live.chr
        sleep 0.6
    done
    [ "$(grep -c 'changed 1' out)" -ge 2 ] || fail "it was not changed"
    echo "$locked kB locked; $(($(faults "$thread") - before)) page faults of the thread of the sound in 2 s with three changes"
    # None is what one sees; a kernel that moves pages about may add one or two of its own.
    [ $(($(faults "$thread") - before)) -le 3 ] || fail "the thread of the sound had page faults"
    kill -TERM $pid
    wait $pid || fail "exit code $?"
    [ ! -s err ] || fail "something was said"
    [ $failures = 0 ]
}
export -f granted sound_thread faults wait_for forget fail
export chronus failures
cp set.chr live.chr
# A machine that grants nothing even to root cannot show what it would be like.
if chrt -f 60 true 2>/dev/null; then
    "$here/virtual-sound-card.sh" run -t 60000 -- bash -c granted >card 2>&1 || fail "granted: $(cat card)"
    grep "kB locked" card
else
    echo "this machine grants nothing: that was not tried"
fi

cp set.chr live.chr
code=0
"$here/virtual-sound-card.sh" run -t 60000 -- prlimit --memlock=65536:65536 --rtprio=0:0 \
    setpriv --bounding-set=-sys_nice,-ipc_lock,-sys_resource "$chronus" run live.chr --seconds 2 >out 2>err || code=$?
[ $code = 0 ] || fail "refused: exit code $code"
[ "$(grep -c 'the system grants the sound' err)" = 1 ] || fail "the refusal was not said once"
err_says "usermod -aG audio"
err_says "neither priority nor memory that stays in place"
out_says "new "
finish
