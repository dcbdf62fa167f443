#!/usr/bin/env bash
# tests/breaking/million.sh PROGRAMS FOLDER [COUNT]: the programs of the seeds 1 to COUNT, a million if none is said, by
# breaking_programs of a build with sanitizers, some thousand to a process. FOLDER keeps how far it is: started again, it goes
# on from there. What fails is in FOLDER/failed; the seed that ends a process is left out, and the rest goes on.
# SPDX-License-Identifier: MIT
set -u
programs=${1:?breaking_programs of a build with sanitizers}
folder=${2:?a folder that keeps how far it is}
count=${3:-1000000}
mkdir -p "$folder"
next=$(cat "$folder/next" 2>/dev/null || echo 1)

# Goes on from seed $1 on.
on_from() {
    next=$1
    echo "$next" >"$folder/next.new" && mv "$folder/next.new" "$folder/next"
}

slice=2000
while [ "$next" -le "$count" ]; do
    n=$((count - next + 1 < slice ? count - next + 1 : slice))
    slice=2000
    "$programs" "$next" "$n" >"$folder/out" 2>&1
    code=$?
    case $code in 129 | 130 | 137 | 143) exit "$code" ;; esac # ended from outside
    died=$(sed -n 's/^seed \([0-9]*\)$/\1/p' "$folder/out" | tail -n 1)
    if grep '^seeds ' "$folder/out" >>"$folder/log"; then
        [ "$code" = 0 ] || { echo "seeds from $next on, exit code $code:" && cat "$folder/out"; } >>"$folder/failed"
        on_from $((next + n))
    elif [ -n "$died" ] && [ "$died" -gt "$next" ]; then
        slice=$((died - next)) # those before it once more, so that they are counted
    else
        { # with its text, for seeds mean other programs to other compilers
            echo "seed ${died:-$next}, exit code $code:"
            cat "$folder/out"
            "$programs" "${died:-$next}"
        } >>"$folder/failed" 2>&1
        on_from $((${died:-$next} + 1))
    fi
done
awk '{ gsub(/[^0-9.]+/, " "); n += $4; pass += $3; sound += $5; edits += $7; good += $6; if ($8 > longest) longest = $8 }
     END { printf "%d programs: %d pass the check, %d sound; %d of %d edits pass; the longest step took %.2f s\n", n, pass, sound, good, edits, longest }' \
    "$folder/log"
[ ! -s "$folder/failed" ] || { echo "what failed: $folder/failed" && exit 1; }
