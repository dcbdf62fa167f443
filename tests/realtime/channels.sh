# Six outputs of a card: what reaches each is what a rendering with six channels writes, bit for bit.
# SPDX-License-Identifier: MIT
needs="jackd jack_capture"
. "$(dirname "$0")/card.sh"
for n in 1 2 3 4 5 6; do echo "patch p$n: saw $((100 + 11 * n)) > gain -${n}dB > out $n"; done >six.chr
code=0
"$here/virtual-sound-card.sh" run -o six.wav -c 6 -t 60000 -- \
    timeout 60 "$chronus" run six.chr --channels 6 --seconds 3 >out 2>err || code=$?
[ $code = 0 ] || fail "six channels on the card: exit code $code"
expect 0 render six.chr -o whole.wav --channels 6 --seconds 2 --tail 0 --bits f32 -q
"$soundtool" info six.wav | grep -q "channels=6" || fail "$("$soundtool" info six.wav)"
is "six channels are as rendered" "$soundtool" within whole.wav six.wav 90000
cat told
finish
