# `render` when the world fails it: a full disk, an impatient player.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# A disk that is full: an error, nothing under the final name, nothing left over, and a file that was there stays.
for end in wav flac; do
    code=0
    (ulimit -f 64 && exec "$chronus" render beat.chr -o full.$end --seconds 20) >out 2>err || code=$?
    [ "$code" = 3 ] || fail "a full disk with .$end: exit code $code"
    err_says "could not be written"
    [ "$(ls -A | grep full)" = "" ] || fail "a full disk left $(ls -A | grep full)"
done
echo precious >kept.wav
code=0
(ulimit -f 64 && exec "$chronus" render beat.chr -o kept.wav --seconds 20 -q) >out 2>err || code=$?
[ "$code" = 3 ] || fail "exit code $code"
[ "$(cat kept.wav)" = precious ] || fail "a failed rendering harmed the file that was there"
code=0
(ulimit -f 64 && exec "$chronus" render beat.chr -o mix.wav --seconds 20 -q --stems stems) >out 2>err || code=$?
[ "$code" = 3 ] || fail "stems on a full disk: exit code $code"
[ "$(ls -A | grep mix; ls -A stems 2>/dev/null)" = "" ] || fail "a full disk left $(ls -A . stems)"

# Ctrl-C: a valid, shorter file. (A shell's background jobs ignore the interrupt, so it is sent as its own name says.)
forget
"$chronus" render drone.chr -o long.wav --seconds 20000 --tail 0 >out 2>err &
pid=$!
wait_for 20 test -s .long.wav.new
sleep 0.3
kill -TERM $pid
code=0
wait $pid || code=$?
[ "$code" = 130 ] || fail "interrupted: exit code $code"
err_says "interrupted"
n=$(frames long.wav)
[ "${n:-0}" -gt 1000 ] && [ "$n" -lt 960000000 ] || fail "the shorter file has ${n:-no} frames"
[ ! -e .long.wav.new ] || fail "a temporary file is left"
finish
