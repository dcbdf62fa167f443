// Benchmark W7 for ChucK: 64 voices in turn, 10,000 notes a second. Arguments: seconds, a file or nothing.
// SPDX-License-Identifier: MIT
Std.atoi(me.arg(0)) => int length;
Gain sum;
if (me.args() > 1) { sum => WvOut2 file => blackhole; me.arg(1) => file.wavFilename; } else sum => blackhole;
[60, 64, 67, 72, 62, 65, 69, 74] @=> int notes[];
SinOsc sine[64];
ADSR shape[64];
for (0 => int v; v < 64; v++) {
    sine[v] => shape[v] => sum;
    0.0054 => sine[v].gain;
    shape[v].set(0.5::ms, 5::ms, 0, 1::ms);
}
for (0 => int n; n < 10000 * length; n++) {
    Std.mtof(notes[n % 8]) => sine[n % 64].freq;
    shape[n % 64].keyOn();
    0.1::ms => now;
}
