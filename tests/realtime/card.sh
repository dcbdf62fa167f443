# tests/realtime/card.sh: how the tests on the virtual sound card begin. Sourced, with the arguments of the test; $needs names the
# programs without which it is skipped. SPDX-License-Identifier: MIT
# shellcheck shell=bash
for program in $needs; do
    command -v "$program" >/dev/null || {
        echo "skipped: this was not tried, for there is no $program here (the test section of packages has it)"
        exit 77
    }
done
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../cli/lib.sh"
unset JACK_NO_START_SERVER
