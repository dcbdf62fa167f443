# Every C file is as clang-format 14 with the tree's .clang-format would write it.
# SPDX-License-Identifier: MIT
cd "$1" || exit 1
tool=$(command -v clang-format-14) || tool=$(command -v clang-format) || {
    echo "skipped: no clang-format 14 (it is in the test section of packages)"
    exit 77
}
case $("$tool" --version) in
*" 14."*) ;;
*)
    echo "skipped: $("$tool" --version) writes differently from version 14"
    exit 77
    ;;
esac
find dsp lang runtime tests -name '*.[ch]' -print0 | xargs -0 "$tool" --dry-run -Werror 2>&1 | grep -A 2 'error:' | head -n 60
find dsp lang runtime tests -name '*.[ch]' -print0 | xargs -0 "$tool" --dry-run -Werror 2>/dev/null || {
    echo "clang-format -i mends these"
    exit 1
}
