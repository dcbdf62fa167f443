// Benchmark W6 for ChucK: a thousand sines, each times a number of its own, summed. Arguments: seconds, a file or nothing.
// SPDX-License-Identifier: MIT
Std.atoi(me.arg(0)) => int length;
Gain sum;
if (me.args() > 1) { sum => WvOut2 file => blackhole; me.arg(1) => file.wavFilename; } else sum => blackhole;
SinOsc sine[1000];
for (0 => int i; i < 1000; i++) {
    sine[i] => sum;
    40 * Math.pow(2, i / 125.0) => sine[i].freq;
    0.0004 + 0.0002 * (i % 7) => sine[i].gain;
}
length::second => now;
