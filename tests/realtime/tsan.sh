# The hand-over of graphs between the threads and the work that they share under ThreadSanitizer, and the program as it plays and changes a script.
# Arguments: see anew.sh; the preset tsan builds everything with it.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/anew.sh"
export TSAN_OPTIONS=halt_on_error=1
begin tsan "${CC:-clang}" -fsanitize=thread
cd "$root" || exit 1
host=(runtime/host/*.c)
program=("${host[@]}" runtime/cli/*.c)
compile "${program[@]}" tests/realtime/swap_threads.c tests/realtime/steady.c tests/render/several_threads.c \
    tests/realtime/tsan/race.c
cd "$here" || exit 1
link swap_threads tests/realtime/swap_threads.c
timeout 300 ./swap_threads >said 2>&1 || fail "swap_threads"
link several_threads tests/render/several_threads.c
timeout 300 ./several_threads >said 2>&1 || fail "several_threads"
link steady tests/realtime/steady.c "${host[@]}"
timeout 300 ./steady >said 2>&1 || fail "steady"
link chronus "${program[@]}"
timeout 300 bash "$root/tests/cli/run.sh" "$here/chronus" "$soundtool" >said 2>&1 || fail "tests/cli/run.sh"
link race tests/realtime/tsan/race.c
if ./race >said 2>&1 || ! grep -q "data race" said; then fail "a race was not seen"; fi
finish "swap_threads, several_threads, steady and tests/cli/run.sh played"
