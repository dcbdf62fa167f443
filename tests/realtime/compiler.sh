# tests/realtime/compiler.sh: finds a clang that knows the attribute `nonblocking` (20 or later); the tests that need it are
# skipped, and say so, where there is none. Sets `clang`. SPDX-License-Identifier: MIT
# shellcheck shell=bash
clang=
for name in clang-22 clang-21 clang-20 clang; do
    command -v $name >/dev/null || continue
    echo '#if !__has_attribute(nonblocking)
#error
#endif' | $name -x c -fsyntax-only - 2>/dev/null && { clang=$name; break; }
done
[ -n "$clang" ] || {
    echo "skipped: this was not tried, for there is no clang 20 or later here (clang-22 is in the section proof of packages)"
    exit 77
}
