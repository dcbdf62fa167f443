# The command line itself: help, wrong words, exit codes.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"

expect 0 --help
out_says "Exit codes"
out_says "Examples:"
expect 0 --version
out_says "chronus 0."
for command in run render check bench graph help list devices doctor doc; do
    expect 0 "$command" --help
    out_says "use: chronus $command"
done

expect 2 rendr drone.chr
err_says "did you mean render?"
expect 2 drone.chr
err_says "chronus run drone.chr plays it"
expect 2 --sedonds 3
err_says "there is no option --sedonds"
expect 2 ''

expect 2 render
err_says "which script"
expect 2 render drone.chr beat.chr
err_says "one script at a time"
expect 2 render drone.chr --secnds 3
err_says "did you mean --seconds?"
expect 2 render drone.chr -seconds 3
err_says "did you mean --seconds?"
expect 2 render drone.chr --seconds
err_says "--seconds needs N"
expect 2 render drone.chr --seconds=abc
err_says "\"abc\" is not"
expect 2 render drone.chr --seconds nan
expect 2 render drone.chr --seconds -1
expect 2 render drone.chr --seconds 1 --bars 1
err_says "not both"
expect 2 render drone.chr --quiet=1
err_says "takes no value"
expect 2 render drone.chr --bits 12
err_says "16, 24 or f32"
expect 2 render drone.chr --rate 100
expect 2 render drone.chr --rate 44100.5
expect 2 render drone.chr --lanes 3 -o a.wav --seconds 1
expect 2 render drone.chr --isa z80 -o a.wav --seconds 1
err_says "no build for z80"
expect 2 render drone.chr -o a.mp3
err_says ".wav or .flac"
expect 2 render drone.chr -o a.flac --bits f32
err_says "f32 needs a .wav"
expect 2 render drone.chr --eval-at 4.5 beat.chr
err_says "216000smp"
expect 2 render drone.chr --eval-at "bar 0" beat.chr
expect 2 render drone.chr --eval-at 4s
err_says "--eval-at needs TIME FILE"
expect 3 render drone.chr --eval-at 4s missing.chr
err_says "missing.chr cannot be read: No such file"
expect 3 render missing.chr
expect 3 render "$work"
err_says "is a folder"
expect 2 run drone.chr --watch extra.chr
expect 2 run - --watch
err_says "--watch needs a file"
expect 2 check drone.chr --dump irr
err_says "did you mean ir?"
expect 2 check drone.chr --json --dump ir
expect 1 help 'a b'
expect 2 devices now

# Standard output that cannot be written is told; a reader that goes is not.
code=0
"$chronus" --help >/dev/full 2>err || code=$?
[ "$code" = 3 ] || fail "a full standard output: exit code $code"
err_says "No space left"
"$chronus" --help 2>err | head -n 1 >out
[ -s err ] && fail "a reader that went was complained about"
finish
