# `bootstrap` on a system that is not Debian's: it prints exactly what to install, and installs nothing.
# SPDX-License-Identifier: MIT
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$(dirname "$0")/lib.sh"

# A tree of its own, and a system without apt and without compilers.
mkdir -p tree tools
cp "$root/bootstrap" "$root/packages" tree/
for tool in sh sed grep dirname id tr mkdir find cat head tail env mktemp rm nproc; do
    ln -s "$(command -v $tool)" tools/
done
bare() {
    local wanted=$1 code=0
    shift
    env -i PATH="$work/tools" ./tree/bootstrap "$@" >out 2>err </dev/null || code=$?
    [ "$code" = "$wanted" ] || fail "bootstrap $*: exit code $code, not $wanted"
}
bare 3 run some.chr
err_says "neither Debian nor Ubuntu"
err_says "  - re2c 3.0 or later"
err_says "  - libsndfile 1.1 or later, with headers"
grep -q "cmocka" err && fail "the packages of the tests are none of a player's"
[ ! -s out ] || fail "something on standard output"
bare 3 test
err_says "  - re2c 3.0 or later"
err_says "  - cmocka, with headers"
grep -q "scsynth" err && fail "the packages of the benchmarks are none of the tests'"
bare 0 --help
out_says "./bootstrap test"

# With apt, but nobody to ask and no root: it says what it would do.
cat >tools/dpkg-query <<'END'
#!/bin/sh
case "$*" in *cmake*) echo installed ;; *) exit 1 ;; esac
END
printf '#!/bin/sh\necho apt-get "$@" >>"%s"\n' "$work/apt-calls" >tools/apt-get
rm tools/id
printf '#!/bin/sh\necho 1000\n' >tools/id
chmod +x tools/dpkg-query tools/apt-get tools/id
if grep -qE '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; then
    bare 3 run some.chr
    err_says "will be installed: clang ninja-build"
    err_says "nobody is there to be asked"
    [ ! -e apt-calls ] || fail "something was installed unasked"
    # As root it goes ahead: with the packages of this section, and cmake, which is there, is left out.
    printf '#!/bin/sh\necho 0\n' >tools/id
    bare 70 run some.chr
    grep -q "install -y --no-install-recommends clang ninja-build" apt-calls || fail "not installed: $(cat apt-calls)"
    grep -q "libcmocka" apt-calls && fail "the packages of the tests are none of a player's"
fi
finish
