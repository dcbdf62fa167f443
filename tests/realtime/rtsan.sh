# Every test that plays, once more with the audio thread under RealtimeSanitizer: it ends a program whose audio thread
# allocates, locks, waits or calls the system. A fill that does so on purpose must be caught. Arguments: see anew.sh; the
# preset rtsan builds everything with it.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/compiler.sh"
. "$(dirname "$0")/anew.sh"
unset RTSAN_OPTIONS
begin rtsan "$clang" -fsanitize=realtime
cd "$root" || exit 1
mapfile -t players < <(grep -lE 'chr_(engine|player|audio|steady)_[a-z]+\(|/hear\.h"' tests/{unit,render,contract}/*.c \
    tests/examples/e*.c tests/realtime/{swap_threads,steady}.c |
    grep -vE 'poisoned_modules|several_threads') # one is linked round the registry; threads wait for each other, never live
host=(runtime/host/*.c)
program=("${host[@]}" runtime/cli/*.c)
compile "${program[@]}" "${players[@]}" tests/examples/hear.c tests/realtime/rtsan/deliberate.c
cd "$here" || exit 1
link chronus "${program[@]}"
for player in "${players[@]}"; do
    more=()
    case $player in
    tests/examples/*) more=(tests/examples/hear.c) ;;
    */steady.c) more=("${host[@]}") ;;
    esac
    link test "$player" "${more[@]}"
    timeout 300 ./test >said 2>&1 || fail "$player"
    grep -q "RealtimeSanitizer" said && fail "$player"
done
scripts="run prompt render render_edits"
for script in $scripts; do
    timeout 300 bash "$root/tests/cli/$script.sh" "$here/chronus" "$soundtool" >said 2>&1 || fail "tests/cli/$script.sh"
done

link deliberate tests/realtime/rtsan/deliberate.c runtime/host/offline.c
for deed in allocates locks waits writes; do
    code=0
    ./deliberate $deed >said 2>&1 || code=$?
    [ $code != 0 ] && grep -q "RealtimeSanitizer: unsafe-library-call" said || fail "a fill that $deed was not caught"
done
./deliberate plays >said 2>&1 || fail "a fill that does nothing wrong was caught"
finish "${#players[@]} programs and the scripts $scripts played"
