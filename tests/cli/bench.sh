# `chronus bench`: which patch and module takes how much of the time.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

# One patch does much more than the other.
{
    echo 'patch small: sine 220 > gain -20dB > out'
    echo 'patch big: saw 110 > lpf 900 > reverb size=0.9 > reverb > reverb > reverb > reverb > reverb > reverb > reverb > gain -40dB > out'
    echo 'create kick'
    echo 'sequence kick: x...x...'
} >two.chr
expect 0 bench two.chr --seconds 1
out_says "two.chr: "
out_says "% of one core, "
out_says "dearest: reverb on big "
out_says "adding up what is heard"
[ ! -s err ] || fail "something on standard error"
[ "$(sed -n 3p out | awk '{print $1}')" = big ] || fail "the dearest patch does not come first"
grep -Eq '^  kick +[0-9.]+ %   itself ' out || fail "an instrument is not shown as one thing"

# For programs; all that is shown together is all that there is.
expect 0 bench - --json --seconds 0.5 <two.chr
out_says '"patches": [{"name": "big", "percent": '
# Each patch is told once itself and once by its modules.
sum=$(tr '{},' '\n\n\n' <out | awk -F': ' '/"(mix|else)_percent"/ { s += $2 } /^ *"percent"/ { s += $2 / 2 } END { print int(s + 0.5) }')
is "the patches, their modules, the mix and all else are all" test "${sum:-0}" -ge 97
is_not "nothing is counted twice" test "${sum:-0}" -gt 102
[ "$(wc -l <out)" = 1 ] || fail "more than one line"

# What becomes another thing as it plays is counted as both.
printf 'patch a: saw 100 > out\nat bar 2: patch b: noise > reverb > out\n' >later.chr
expect 0 bench later.chr --seconds 4
out_says "reverb"

# Mistakes.
printf 'patch a: saw > nosuch > out\n' >wrong.chr
expect 1 bench wrong.chr
err_says "nosuch"
expect 2 bench
err_says "which script is to be measured?"
expect 2 bench two.chr --seconds never
expect 3 bench missing.chr
expect 0 bench --help
out_says "dearest"
printf '' >empty.chr
expect 0 bench empty.chr --seconds 0.2

finish
