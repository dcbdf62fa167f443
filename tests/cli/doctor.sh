# `chronus doctor`: what it finds is said with what helps.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

expect 0 doctor --null
out_says "chronus 0."
out_says "kernels for "
out_says "libsndfile"
out_says "a tone at 440 Hz in 1.00 s"
expect 0 doctor --null --no-tone --rate 44100
out_says "44100 Hz"
out_says "silence"
# No such device, or none at all: an answer, not a failure.
expect 0 doctor --device "no such device"
out_says "!!"
out_says "could be better"
expect 2 doctor --rate 3
expect 2 doctor now
err_says "one word too many"
finish
