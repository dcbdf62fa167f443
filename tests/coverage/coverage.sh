#!/usr/bin/env bash
# tests/coverage/coverage.sh BUILD [CTEST-EXPRESSION]: which lines and branches of our own code the tests run. Configures and
# builds BUILD (clang, --coverage), runs the tests one by one (all but those that build the program anew), and prints lines and
# branches by room, and by file from the least covered on. BUILD/coverage.txt names each line that is not covered;
# BUILD/coverage.json is for programs, BUILD/by_test.json says which test runs which function (tests/mutation/mutate asks it).
# Stopped, it goes on where it was. Needs gcovr. SPDX-License-Identifier: MIT
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:?a folder to build in}
tests=${2:-.}
command -v gcovr >/dev/null || { echo "gcovr is missing: see packages, section bench" >&2; exit 77; }
CC=clang cmake -G Ninja -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCHRONUS_COVERAGE=ON >/dev/null
cmake --build "$build" >/dev/null
[ -s "$build/by_test.json" ] || find "$build" -name '*.gcda' -delete
"$root/tests/coverage/by_test" "$build" "$build/by_test.json" "$tests"
# Branches that the compiler alone sees are none of ours: those of calls that cannot throw in C.
gcovr --gcov-executable "llvm-cov gcov" --root "$root" --object-directory "$build" --filter "$root/(dsp|lang|runtime)/" --exclude-throw-branches \
    --exclude-unreachable-branches --json-summary "$build/coverage.json" --txt "$build/coverage.txt" "$build" >/dev/null
gcovr --gcov-executable "llvm-cov gcov" --root "$root" --object-directory "$build" --filter "$root/(dsp|lang|runtime)/" --exclude-throw-branches \
    --exclude-unreachable-branches --branches --txt "$build/coverage-branches.txt" "$build" >/dev/null
awk '
function room(name) { return name ~ /^runtime\/(audio|host|cli)\// ? substr(name, 1, index(substr(name, 9), "/") + 8) : substr(name, 1, index(name, "/")) }
/"filename"/ { gsub(/[",]/, ""); name = $2 }
/"branch_covered"/ { bc = $2 + 0 } /"branch_total"/ { bt = $2 + 0 }
/"line_covered"/ { lc = $2 + 0 }
/"line_total"/ && name != "" {
    r = room(name); L[r] += $2; C[r] += lc; B[r] += bt; D[r] += bc; L["all"] += $2; C["all"] += lc; B["all"] += bt; D["all"] += bc
    files[name] = sprintf("%6.1f %% of %5d lines, %6.1f %% of %5d branches  %s", $2 ? 100 * lc / $2 : 100, $2, bt ? 100 * bc / bt : 100, bt, name)
    name = ""
}
END {
    for (r in L) if (r != "all") printf "%-16s %5.1f %% of %6d lines, %5.1f %% of %6d branches\n", r, 100 * C[r] / L[r], L[r], B[r] ? 100 * D[r] / B[r] : 100, B[r] | "sort"
    close("sort")
    printf "%-16s %5.1f %% of %6d lines, %5.1f %% of %6d branches\n\nfiles, the least covered first:\n", "all", 100 * C["all"] / L["all"], L["all"], 100 * D["all"] / B["all"], B["all"]
    for (f in files) print files[f] | "sort -n"
}' "$build/coverage.json"
