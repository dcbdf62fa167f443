# The prompt in a real terminal, tmux: keys, pasted pieces, completion, hints, the status line, and a window that changes its
# size. Nothing here waits for a time; each step waits for what the screen must show.
# SPDX-License-Identifier: MIT
. "$(dirname "$0")/lib.sh"
"$chronus" --version | grep -q "GNU readline" || {
    echo "this program was built without readline: there is no editing to be tried"
    finish
}
export TMUX_TMPDIR=$work TERM=xterm
unset TMUX
mux() { tmux -L chronus -f /dev/null "$@"; }
if ! command -v tmux >/dev/null || ! mux new-session -d -s first 'sleep 1000' 2>/dev/null; then
    echo "there is no tmux here, or it can make no terminal: the prompt was not tried in one"
    finish
fi
trap 'mux kill-server 2>/dev/null; rm -rf "$work"' EXIT
mux set-option -g history-limit 5000
mux set-option -g remain-on-exit on

# begin COLUMNS ROWS OPTIONS...: a new terminal with a prompt in it.
begin() {
    local columns=$1 rows=$2
    shift 2
    mux kill-session -t run 2>/dev/null
    mux new-session -d -s run -x "$columns" -y "$rows" "exec '$chronus' --null $*"
    mux set-option -t run status off
    wait_for 40 ready
}
screen() { mux capture-pane -p -t run; }
all() { mux capture-pane -p -J -S - -t run; }
last_row() { screen | tail -n 1; }
# What stands behind the last prompt, joined where it was wrapped.
line() { all | grep -a '^chronus>\|^     \.\.\.' | tail -n 1 | sed 's/^chronus> *//; s/ *$//'; }
ready() { all | grep -q '^chronus>' && [ -z "$(line)" ]; }
hint_is() { # what the row above the status begins with; '': it is empty
    case $(screen | tail -n 2 | head -n 1) in
        '') [ -z "$1" ] ;;
        "$1"*) [ -n "$1" ] ;;
        *) false ;;
    esac
}
shows() { screen | grep -qF -- "$1"; }
says_all() { all | grep -qF -- "$1"; }
counts() { [ "$(all | grep -cE -- "$1")" = "$2" ]; }
line_is() { [ "$(line)" = "$1" ]; }
keys() { mux send-keys -t run "$@"; }
write() { mux send-keys -t run -l -- "$1"; }
check() { # WHAT CONDITION...: waits until it holds, else fails with what the screen shows
    local what=$1
    shift
    if ! wait_for 40 "$@" >/dev/null; then
        fail "$what"
        all | tail -n 30
    fi
}
enter() { # TEXT, and waits for the next prompt
    local before
    before=$(all | grep -c '^chronus>')
    write "$1"
    keys Enter
    wait_for 40 more_prompts "$before"
}
more_prompts() { [ "$(all | grep -c '^chronus>')" -gt "$1" ] && [ -z "$(line)" ]; }

# ---- keys ----
begin 80 24
enter 'create kick'
check "an answer stands on a line of its own" counts '^kept 0, changed 0, new [0-9]+, gone 0' 1
enter 'nonsense'
check "an error is shown" says_all 'E201'
# A line that fills the terminal to its edge, and one that goes over it, come out as they were typed.
for n in 71 72 150; do
    text="# $(head -c $((n - 2)) /dev/zero | tr '\0' 'y')"
    for ((i = 0; i < n; i += 9)); do write "${text:i:9}"; done
    check "a line of $n characters" line_is "$text"
    keys Home
    write '#'
    check "a line of $n characters with one put before it" line_is "#$text"
    keys C-c
    check "Ctrl-C throws it away" ready
done

# ---- completion ----
write 'seq'
keys Tab
check "a statement's word" line_is 'sequence'
keys C-c
check "a new line" ready
completes() { # TYPED COMPLETED
    write "$1"
    keys Tab
    check "$1 becomes $2" line_is "$2"
    keys C-c
    check "a new line" ready
}
completes 'sequence ki' 'sequence kick'
completes 'patch saw 220 > lpf cut' 'patch saw 220 > lpf cutoff='
completes 'create bd ki' 'create bd kick'
completes 'kick.dec' 'kick.decay'
completes 'patch noise color=pin' 'patch noise color=pink'
completes 'key "C chrom' 'key "C chromatic"'
mkdir -p patches
echo 'patch saw 220 > out' >'patches/deep groove.chr'
completes 'load patch "deep' 'load patch "deep groove"'
mkdir -p modules
echo 'module wobbly { saw freq }' >modules/wobbly.chr
completes 'reload wob' 'reload wobbly'
# Several: what they share is put in, and all are shown.
write 'un'
keys Tab
check "all words that begin so are shown" says_all 'unsolo'
check "the line is still there" line_is 'un'
keys C-c
check "a new line" ready

# ---- hints ----
write 'create kick decay=0.'
check "a parameter is explained" shows 'kick decay: '
check "the line is as it was typed" line_is 'create kick decay=0.'
check "above the status" hint_is 'kick decay: '
keys C-c
check "the explanation goes with the line" hint_is ''

# ---- pasted pieces ----
# paste OPTIONS TEXT: as an editor sends it.
paste() {
    local options=$1
    printf '%s' "$2" | mux load-buffer -
    # shellcheck disable=SC2086
    mux paste-buffer -d $options -t run
}
# As vim-slime does: a thousand characters at a time, then Enter where the terminal brackets what is pasted.
slime() {
    local options=$1 text=$2
    for ((i = 0; i < ${#text}; i += 1000)); do paste "$options" "${text:i:1000}"; done
    [ -z "$options" ] || keys Enter
}
answers() { all | grep -c '^kept '; }
answered() { [ "$(answers)" -ge "$1" ]; }
piece='tempo 100
patch one: saw 220 >
  lpf 900 >
  out

patch two: saw 330 > out'
begin 80 24
paste -p "$piece"
check "the last pasted line stands there" says_all 'patch two: saw 330 > out'
[ "$(answers)" = 0 ] || fail "a pasted piece was evaluated before Enter"
keys Enter
check "it is answered" answered 1
enter 'list patches'
check "all of it was evaluated" counts '^  (one|two) ' 2
counts '^kept ' 1 || { fail "a pasted piece was answered more than once"; all; }
# It comes back as one, on another day too.
keys C-d
gone() { [ "$(mux display-message -p -t run '#{pane_dead}')" = 1 ]; } # its words are not always shown
check "Ctrl-D ends" gone
begin 80 24
keys Up Up
check "the piece comes back whole" says_all 'patch two: saw 330 > out'
says_all 'patch one: saw 220 >' || fail "only a part of the piece came back"
keys Enter
check "and is evaluated as one" counts '^kept ' 1

long=''
for i in $(seq 60); do long+="patch part$i: saw $((100 + i)) > lpf cutoff=$((500 + i)) res=0.2 > gain -40dB > out
"; done
for options in '-p' ''; do
    begin 120 40
    slime "$options" "$long"
    check "pieces sent with '$options' are evaluated" answered 1
    check "to the last" ready
    enter 'list patches'
    check "60 patches are there" counts '^  part[0-9]+ +patch part' 60
    says_all 'error' && { fail "pieces sent with '$options' were garbled"; all | grep -m 3 -A 3 error; }
    mux send-keys -t run C-l
done
# Indented with tabs, line by line: a tab before a word is no completion. The block ends where nothing is indented.
begin 80 24
slime '' "$(printf 'patch lead:\n\tsaw 220 >\n\tlpf 900\n\t> out\npatch low: saw 55 > out\nlist patches')
"
check "an indented block and what follows it" counts '^  (lead|low) ' 2
says_all 'error' && { fail "an indented block was garbled"; all; }
# Between :{ and :} everything is one evaluation, empty lines too.
begin 80 24
slime '' ':{
patch one: saw 220 > out

patch two: saw 330 >
  out
:}
'
check "what stands between :{ and :} is answered" answered 1
check "and whole" ready
enter ':{ patch three: saw 440 > out :}'
enter 'list patches'
check "all of it" counts '^  (one|two|three) ' 3
counts '^kept ' 2 || { fail "what stands between :{ and :} was answered more than once"; all; }

# ---- the status line ----
begin 80 24
enter 'patch saw 220 > gain -20dB > out'
enter 'tempo 77'
status_is_last() { last_row | grep -q '77 bpm.*dB'; }
one_status() { status_is_last && [ "$(screen | grep -c ' bpm ')" = 1 ]; }
check "the last row is the status" status_is_last
enter 'play'
moves() { last_row | grep -qE '^bar [0-9]+\.[0-9]'; }
check "it shows where the music is" moves
enter 'at bar 900: mute patch'
enter 'mute patch'
muted_twice() { says_all 'nothing that is heard changes'; }
enter 'mute patch'
check "what changes nothing is answered too" muted_twice
enter 'unmute patch'
waits_for() { last_row | grep -q 'next at bar 900'; }
check "it shows what waits" waits_for
# What is longer than the screen scrolls past it, and is whole in the terminal's memory, without a status line in between.
enter 'list modules'
check "the status stays" one_status
"$chronus" list modules >expected
all | sed -n '/list modules$/,/^chronus>$/p' | sed '1d;$d' | sed 's/ *$//' | grep -v ' bpm ' >shown
all | sed '$d' | grep -q ' bpm ' && fail "status lines were left in the terminal's memory"
words() { tr -s ' \n' '\n\n' <"$1" | grep .; } # lines are broken at other places where they are shown
diff <(words expected) <(words shown | grep -v '^chronus>') >difference || { fail "an answer was garbled"; head difference; }
# The window changes its size, with a line half typed: the line is whole, and there is one status, at the bottom.
write 'patch a: saw 220 > lpf 900 > gain -20dB'
for size in '60 30' '100 10' '40 12' '120 40' '80 24'; do
    mux resize-window -t run -x "${size% *}" -y "${size#* }"
    check "the status is the last row of $size" one_status
    write '.'
    keys BSpace
    check "the line at $size" line_is 'patch a: saw 220 > lpf 900 > gain -20dB'
done
keys C-l
check "a cleared screen has its status" one_status
check "and its line" line_is 'patch a: saw 220 > lpf 900 > gain -20dB'
keys C-c
check "a new line" ready
# Answers are as wide as the terminal is just now: no word is broken at its edge, and drawings fit.
begin 30 40
enter 'help chains'
check "text is broken between words" shows 'A sound is a chain: what'
enter 'melody bass step=1: C2 G2 C3 G3 C2 C2 C2 C2'
enter 'roll'
check "a roll is as wide as there is room" shows 'the first 4 of 8 beats'
fits() { ! mux capture-pane -p -S - -t run | grep -v '^chronus>' | grep -qE "^.{$1}"; }
check "nothing is wider than the terminal" fits 31
mux resize-window -t run -x 100 -y 40
enter 'melody bass: C2 Eb2 F2 C2 C2 C2 C2 C2'
enter 'roll'
whole_roll() { screen | tail -n 12 | grep -q "|   '   '   '   |" && [ "$(all | grep -c 'the first 4 of 8 beats')" = 1 ]; }
check "and a wider one where the window has grown" whole_roll
# Without it, and on a terminal that knows no cursor.
begin 80 24 --no-status --no-hints
enter 'tempo 77'
says_all ' bpm ' && fail "--no-status shows one"
begin 80 24 --no-status
[ "$(screen | grep -c ' bpm ')" = 0 ] || fail "--no-status shows one beside hints"

# ---- the end ----
mux kill-session -t run
mux new-session -d -s run -x 80 -y 24 'PS1="shell: " exec sh'
mux set-option -t run status off
write "'$chronus' --null; echo code \$?"
keys Enter
check "the prompt" ready
enter 'tempo 77'
check "a status" status_is_last
enter_ends() { all | grep -q '^code 0'; }
keys C-d
check "Ctrl-D ends" enter_ends
no_status() { ! shows ' bpm '; }
check "the status is gone" no_status
write 'seq 100'
keys Enter
all_scrolls() { screen | tail -n 1 | grep -q '^shell:'; }
check "the whole screen scrolls again" all_scrolls
write "TERM=dumb '$chronus' --null"
keys Enter
check "a dumb terminal is answered in whole lines" says_all 'help explains'
mux pipe-pane -t run "cat >'$work/raw'"
write 'patch saw 220 > out'
keys Enter
check "an answer" grep -q 'kept ' raw
grep -q "$(printf '\033')" raw && fail "a dumb terminal got an escape sequence"
mux pipe-pane -t run
keys C-d
shell() { last_line=$(all | grep -v '^$' | tail -n 1) && [ "$last_line" = 'shell: ' ]; }
check "the shell again" shell
# Three signals end it at once, whatever hangs, and the terminal is given back all the same.
write "'$chronus' --null; echo second \$?"
keys Enter
check "a status again" shows ' bpm '
pid=$(pgrep -P "$(mux display-message -p -t run '#{pane_pid}')")
kill -INT "$pid"
kill -TERM "$pid"
kill -HUP "$pid"
ended_at_once() { all | grep -qE '^second (130|0)$'; }
check "it ends at once" ended_at_once
check "the status is gone" no_status
write 'seq 100'
keys Enter
check "the whole screen scrolls once more" all_scrolls
finish
