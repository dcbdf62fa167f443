#!/usr/bin/env bash
# The arrows between rooms point one way: cli -> runtime -> lang -> dsp/{module,units,registry}.h, and runtime/audio knows
# no language but the IR. Reads every #include and names each one that points back. With --selftest it proves on a wrong
# include that it can fail.
set -u
cd "$(dirname "$0")/../.." || exit 2

# Room of a file, and the rooms that it may include from (itself always).
room() {
    case $1 in
    dsp/*) echo dsp ;;
    lang/ir.h | lang/arena.h | lang/source.h) echo ir ;;
    lang/*) echo lang ;;
    runtime/audio/*) echo audio ;;
    runtime/host/*) echo host ;;
    runtime/cli/*) echo cli ;;
    runtime/*) echo runtime ;;
    *) echo other ;;
    esac
}
allowed() { # from to
    case "$1>$2" in
    "$1>$1" | "lang>ir" | "ir>dsp" | "lang>dsp" | "audio>dsp" | "audio>ir" | "audio>runtime" | \
        "runtime>dsp" | "runtime>ir" | "runtime>lang" | "runtime>audio" | "runtime>host" | \
        "host>runtime" | "host>dsp" | "ir>ir" | cli\>*) return 0 ;;
    esac
    return 1
}
# What a room may know of a lower one in detail.
narrow() { # file target
    case $1 in
    lang/*) [[ $2 != dsp/modules/* ]] ;;
    runtime/audio/*) case $2 in runtime/audio/* | runtime/graph.h | runtime/state.h | dsp/* | lang/ir.h) true ;; *) false ;; esac ;;
    *) true ;;
    esac
}

bad=0
check() { # file included
    if ! allowed "$(room "$1")" "$(room "$2")" || ! narrow "$1" "$2"; then
        echo "$1 includes $2: that arrow points back"
        bad=$((bad + 1))
    fi
}

if [ "${1:-}" = --selftest ]; then
    check dsp/modules/vco.c lang/ast.h >/dev/null
    check runtime/audio/run.c lang/ast.h >/dev/null
    check lang/parse.c runtime/engine.h >/dev/null
    [ $bad = 3 ] || { echo "a wrong include went unseen"; exit 1; }
    exit 0
fi

n=0
while IFS=: read -r file target; do
    check "$file" "$target"
    n=$((n + 1))
done < <(grep -rnoE '^#include "[a-z]+/[^"]+"' dsp lang runtime --include='*.[ch]' --include='*.re' --include='*.y' |
    sed -E 's/^([^:]+):[0-9]+:#include "([^"]+)"/\1:\2/')
[ $n -gt 50 ] || { echo "only $n includes were read"; exit 1; }
echo "$n includes, $bad wrong"
[ $bad = 0 ]
