# One call of the program as it is shipped fails: each allocation of the whole process, each call that has to do with files
# (EIO, a full disk, interrupted, half done, no descriptors), alone and with all that follow. It ends with an error that is
# said, or does what was asked, whole; a file that was there is the old one or the new one; nothing ends by a signal, nothing
# hangs.
#     failing.sh CHRONUS SOUNDTOOL LIBRARY          one call in so many, within seconds
#     failing.sh CHRONUS SOUNDTOOL LIBRARY all      each
# SPDX-License-Identifier: MIT
library=$3
all=${4:-}
. "$(dirname "$0")/../cli/lib.sh"
export XDG_STATE_HOME=state # each trial has its own
tried=0 refused=0 same=0 share=${all:+1}
share=${share:-53}

FAIL_REPORT=$work/n LD_PRELOAD=$library "$chronus" check drone.chr >out 2>err
[ "$(cat n 2>/dev/null)" != unwatched ] || { echo "this kernel cannot let calls fail"; exit 77; }

# What every trial begins with: scripts, a take, and files that the trial writes anew.
mkdir fresh
cp beat.chr drone.chr fresh
printf 'patch a: saw 110 > lpf 900 > gain -12dB > out\nsave patch "old"\n' | (cd fresh && XDG_STATE_HOME=$PWD/state "$chronus" --null >../out 2>../err)
[ -s fresh/patches/old.chr ] || fail "there is no saved patch"
mv fresh/state/chronus/journals/*.chrlog fresh/take.chrlog || fail "there is no take"
rm -rf fresh/state
echo precious >fresh/out.wav
echo precious >fresh/out.mid
mkdir fresh/stems
echo precious >fresh/stems/kick.wav

# trial ARGS...: runs the program in a fresh folder, with FAIL_… as they are; ./code, ./out, ./err.
trial() {
    rm -rf case
    cp -r fresh case
    code=0
    (cd case && exec timeout 30 env FAIL_REPORT="$work/n" LD_PRELOAD="$library" "$chronus" "$@") >out 2>err <"$typed" || code=$?
}

# They are what they were, or what they become.
unharmed() {
    local file
    # Of a take that cannot be played to its end all before that is kept, and it is said.
    grep -q "what comes before it is rendered" err && return
    for file in $files; do
        cmp -s "case/$file" "wanted/$file" || cmp -s "case/$file" "fresh/$file" ||
            [ ! -e "case/$file" -a ! -e "fresh/$file" ] || fail "$what: $file is neither the old one nor the new one"
    done
}

whole() {
    local file
    for file in $files; do cmp -s "case/$file" "wanted/$file" || return 1; done
}

# one ARGS...: with one call that fails.
one() {
    local what="$FAIL_WITH at $FAIL_AT${FAIL_ON:+ and on}: chronus $*"
    trial "$@"
    tried=$((tried + 1))
    unharmed
    if [ "$code" = 0 ]; then
        same=$((same + 1))
        whole || [ -s err ] || fail "$what: it is not whole, and nobody says so"
    elif [ "$code" = 1 ] || [ "$code" = 3 ] || [ "$code" = 70 ]; then
        refused=$((refused + 1))
        [ -s err ] || fail "$what: exit code $code, and nobody says why"
    else
        fail "$what: exit code $code"
    fi
}

# each "FILES" TYPED ARGS...: every call of that command fails in turn.
each() {
    files=$1 typed=$2
    shift 2
    unset FAIL_AT FAIL_ON
    trial "$@"
    [ "$code" = 0 ] || fail "chronus $*: exit code $code"
    rm -rf wanted
    mv case wanted
    local n
    for FAIL_WITH in EIO ENOSPC EINTR EMFILE short memory; do
        # libsndfile 1.2 reads where its memory for FLAC should be.
        [ "$FAIL_WITH $files" = "memory out.flac" ] && continue
        unset FAIL_AT FAIL_ON
        export FAIL_WITH
        trial "$@"
        n=$(cat n)
        for ((FAIL_AT = tried % share; FAIL_AT < n; FAIL_AT += share)); do
            export FAIL_AT
            unset FAIL_ON
            one "$@"
            [ "$FAIL_WITH" = short ] && ! whole && fail "$FAIL_WITH at $FAIL_AT: chronus $*: it is not whole"
            if [ "$FAIL_WITH" = ENOSPC ] || [ "$FAIL_WITH" = memory ]; then
                export FAIL_ON=1
                one "$@"
            fi
        done
        [ "$FAIL_WITH" = memory ] && [ -z "$all" ] && share=$((share / 5))
        [ "$FAIL_WITH" = short ] && [ -z "$all" ] && share=$((share * 5))
    done
}

printf 'patch a: saw 220 > lpf 900 > gain -12dB > out\nsave patch "new"\nload patch "old"\nrecord "r"\nstop recording\n' >typed
each "out.wav" /dev/null render beat.chr -o out.wav --seconds 0.2 -q
each "out.wav stems/kick.wav" /dev/null render beat.chr -o out.wav --stems stems --seconds 0.2 -q
each "out.flac" /dev/null render beat.chr -o out.flac --seconds 0.2 -q
each "out.mid" /dev/null render beat.chr -o out.mid --bars 2 -q
each "out.wav" /dev/null render take.chrlog -o out.wav -q
each "" /dev/null check beat.chr
each "patches/new.chr" "$work/typed" --null
echo "$tried trials: $refused ended with an error, $same did what was asked"
finish
