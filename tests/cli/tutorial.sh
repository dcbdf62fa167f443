# The song at the end of docs/tutorial.md, and the commands that stand below it: the song is a script without a warning, ends by itself after
# its thirty-six bars, and its files hold what the tutorial says. (What is typed before is unit/tutorial's.)
# SPDX-License-Identifier: MIT
page=$(cd "$(dirname "$0")/../.." && pwd)/docs/tutorial.md
. "$(dirname "$0")/lib.sh"

block() { sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/{//!p}" "$page"; }
block 'chr night_bus.chr' >night_bus.chr
[ -s night_bus.chr ] || fail "the tutorial has no song"
expect 0 check night_bus.chr
grep -q warning out err && fail "the song is warned of"
commands=0
while read -r program arguments; do
    [ "$program" = chronus ] || fail "what is $program?"
    # shellcheck disable=SC2086 # words are the arguments
    expect 0 $arguments -q --rate 12000 # which is quickly done, and warned of nowhere
    commands=$((commands + 1))
done < <(block sh)
[ $commands = 3 ] || fail "$commands commands"
# 36 bars at 108, of which the last four slow down to 100: 81.2 s, and what rings in the hall.
frames=$("$soundtool" info night_bus.wav | sed -n 's/.*frames=\([0-9]*\).*/\1/p')
[ "${frames:-0}" -gt $((82 * 12000)) ] && [ "$frames" -lt $((92 * 12000)) ] || fail "it lasts $frames frames"
for part in kick hihat clap snare bass pad lead pluck hall; do
    ls parts/*"$part"* >/dev/null 2>&1 || fail "no file for $part"
done
head -c 4 night_bus.mid | grep -q MThd || fail "this is no MIDI file"
finish
