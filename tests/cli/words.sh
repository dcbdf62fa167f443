# `help`, `list`, `graph`, `doc`, `devices`: what can be asked.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
expect 0 help
[ -s out ] || fail "no help"
expect 0 help lpf
out_says "cutoff"
expect 0 help kick
expect 0 list modules
out_says "reverb"
expect 0 list instruments
out_says "kick"
expect 0 list
expect 1 help nosuchthing
expect 0 graph drone.chr
out_says "lpf"
expect 0 graph beat.chr --format dot
out_says "digraph"
expect 2 graph beat.chr --format svg
err_says "text or dot"
expect 1 graph bad.chr
expect 0 graph - <drone.chr
expect 0 doc modules
out_says "lpf"
expect 0 doc transforms
out_says "palindrome"
expect 0 doc errors
out_says "E1"
expect 0 doc --json
out_says '"modules"'
expect 2 doc nothing
expect 0 devices
finish
