# tests/realtime/anew.sh: the runtime and the tests that play built anew with a sanitizer, on top of a build that has none. The
# archives of that build are taken as they are: what they hold is called by what is built here.
#
# Called with SOURCE BUILD VERSION SOUNDTOOL ARCHIVES... of that build; the caller then says
#     begin NAME COMPILER FLAG     works in BUILD/NAME
#     compile FILE...              of the tree
#     link PROGRAM FILE...         with the runtime and the archives
# SPDX-License-Identifier: MIT
# shellcheck shell=bash
set -u
root=$1 build=$2 version=$3 soundtool=$4
shift 4
archives=("$@")
failures=0
fail() {
    echo "FAILED: $1"
    failures=$((failures + 1))
    head -n 40 said
}

begin() {
    here=$build/$1 compiler=$2 sanitizer=$3
    mkdir -p "$here"
    cd "$here" || exit 1
    printf 'int main(void) { return 0; }\n' >empty.c
    "$compiler" "$sanitizer" empty.c -o empty 2>/dev/null || {
        echo "skipped: this was not tried, for $compiler knows no $sanitizer here (packages lists what is needed)"
        exit 77
    }
    read -rd '' -a flags <<<"-std=gnu17 -O1 -g $sanitizer -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread
        -Wno-psabi -D_GNU_SOURCE -DCHRONUS_VERSION=\"$version\" -DCHRONUS_SOURCE_DIR=\"$root\"
        -DCHRONUS_BINARY=\"$here/chronus\" -I$root -I$build/generated"
    # What CMake asks pkg-config for, this does too.
    local packages='' name
    for name in $(sed -n 's/^ *pkg_check_modules(.* \([a-z0-9.-]*\))/\1/p' "$root"/cmake/*.cmake); do
        pkg-config --exists "$name" || continue
        packages="$packages $name"
        case $name in portaudio*) flags+=(-DCHRONUS_HAS_PORTAUDIO) ;; readline) flags+=(-DCHRONUS_HAS_READLINE) ;; esac
    done
    local more
    read -ra more <<<"$(pkg-config --cflags $packages)"
    flags+=("${more[@]}")
    read -ra libs <<<"$(pkg-config --libs $packages) -lm -ldl"
    echo "$compiler ${flags[*]}" >flags
    cmp -s flags flags.before || rm -f -- *.o
    mv flags flags.before
    runtime=("$root"/runtime/*.c "$root"/runtime/audio/*.c)
    runtime=("${runtime[@]#"$root"/}")
    compile "${runtime[@]}"
}

objects() { for file in "$@"; do echo "$(echo "$file" | tr / -).o"; done; }

# What has not changed since the last time is kept.
compile() {
    printf '%s\n' "$@" | (cd "$root" && xargs -P "$(nproc 2>/dev/null || echo 2)" -I{} sh -c '
        object="$0/$(echo {} | tr / -).o"
        [ "$object" -nt {} ] && [ -z "$(find dsp lang runtime tests -name "*.h" -newer "$object" | head -n 1)" ] ||
            exec "$@" -c {} -o "$object"' "$here" "$compiler" "${flags[@]}") || { echo "it does not build"; exit 1; }
}

link() {
    local program=$1
    shift
    local list
    mapfile -t list < <(objects "$@" "${runtime[@]}")
    "$compiler" "$sanitizer" -pthread "${list[@]}" "${archives[@]}" "${libs[@]}" -o "$program" || { echo "it does not link"; exit 1; }
}

finish() {
    [ $failures = 0 ] || { echo "$failures failures"; exit 1; }
    echo "$1 ($("$compiler" --version | head -n 1))"
    exit 0
}
