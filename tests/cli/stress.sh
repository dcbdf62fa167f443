# `chronus stress`: plans that are played, exported and compared. What the figures are is the machine's business: here,
# that they are counted, that each load arrives, and that what is worse is named.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

if "$chronus" stress --help 2>&1 | grep -q "built without"; then
    expect 3 stress plan.json
    exit $failures
fi

cat >mine.chr <<'X'
patch mine: sine 300 > out
X
cat >plan.json <<'X'
{"block": 128, "tolerance_percent": 50, "stages": [
  {"name": "rest", "seconds": 0.5},
  {"name": "load", "seconds": 2, "voices": 70, "events_per_second": 200, "swaps_per_second": 10, "script": "mine.chr"},
  {"name": "held, \"up\"", "seconds": 1, "voices": 2, "delay_ms": 6, "delay_every": 10}
]}
X
# figure FILE STAGE FIGURE: from the table
figure() { awk -F, -v key="$2,$3," 'index($0, key) == 1 { print $NF }' "$1"; }
at_least() { # WHAT NUMBER LEAST
    awk -v n="${2:-none}" -v least="$3" 'BEGIN { exit !(n + 0 >= least) }' || fail "$1: ${2:-none}, not $3 or more"
}

expect 0 stress plan.json --json new.json --csv new.csv
out_says "load"
[ "$(head -n 1 new.csv)" = "stage,figure,value" ] || fail "the table has no head"
# What is asked for sounds together, with the short notes beside it.
at_least "voices of load" "$(figure new.csv load most_voices)" 70
at_least "changes of load" "$(figure new.csv load applied)" 10
at_least "held up: blocks that took too long" "$(figure new.csv '"held, ""up"""' blocks_too_long)" 5
at_least "blocks of rest" "$(figure new.csv rest cpu_percent.n)" 50

# The same in JSON, and alone on standard output.
expect 0 stress plan.json -q --json -
grep -q '"most_voices"' out && ! grep -q "blocks take" out || fail "standard output is not the report alone"

# An earlier report: one that a slower machine wrote is no worse, one of a faster one names what is.
awk -F': ' '$1 ~ /"(p50|p99|p999|blocks_too_long|refused|[a-z]+_bytes)"/ {
    comma = $2 ~ /,$/ ? "," : ""
    $0 = $1 ": " $2 * 1000 + 1e6 comma
}
{ print }' new.json >slower.json
expect 0 stress plan.json -q --baseline slower.json
out_says "nothing is worse than in slower.json, within 50 %"
sed -E 's/("state_bytes": )[0-9]+/\11/; s/("most_voices": )[0-9]+/\1999/' new.json >faster.json
expect 4 stress plan.json -q --baseline faster.json
out_says "load: delays and other state take"
out_says "it was 1"
out_says "there were 999"

# Plans and reports that cannot be read.
expect 3 stress nothing.json
err_says "nothing.json"
expect 2 stress
err_says "which plan is to be played?"
refused() { # PLAN SAID
    printf '%s' "$1" >bad.json
    expect 1 stress bad.json
    err_says "$2"
}
refused '{"stages": [' "bad.json:1:"
refused '[]' "a plan is an object"
refused '{}' 'a list of 1 to 64 stages is needed'
refused '{"stages": [7]}' 'stage 1, "name"'
refused '{"stages": [{"name": "a", "voicess": 3}]}' 'did you mean "voices"?'
refused '{"stages": [{"name": "a", "voices": -1}]}' 'stage a, "voices": a number from 0 to 1024 is needed'
refused '{"stages": [{"name": "a", "voices": "many"}]}' 'a number from 0 to 1024 is needed'
refused '{"stages": [{"name": "a"}, {"name": "a"}]}' 'two stages are called so'
refused '{"block": 1e99, "stages": [{"name": "a"}]}' 'the plan, "block"'
refused '{"stages": [{"name": "a", "script": 5}]}' 'the path of a script is needed'
printf '{"stages": [{"name": "a", "seconds": 0.2, "script": "none.chr"}]}' >bad.json
expect 3 stress bad.json
err_says "none.chr"
printf 'patch p: nonsuch > out\n' >wrong.chr
printf '{"stages": [{"name": "a", "seconds": 0.2, "script": "wrong.chr"}]}' >bad.json
expect 1 stress bad.json
err_says "E301"
printf '{"stages": [{"name": "a", "seconds": 0.2}]}' >short.json
expect 1 stress short.json -q --baseline new.json
err_says "it is no report of this plan"
expect 1 stress short.json -q --baseline wrong.chr
err_says "wrong.chr:1:"
expect 3 stress short.json -q --json nowhere/new.json
err_says "nowhere/new.json cannot be written"
finish
