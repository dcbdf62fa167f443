// tests/bench/events.ck: sixteen small instruments for ChucK, with so many notes a second each as the first argument says.
// Arguments: notes a second, seconds. SPDX-License-Identifier: MIT
Std.atoi(me.arg(0)) => int rate;
Std.atoi(me.arg(1)) => int length;

fun void play(int number) {
    SinOsc sound => ADSR shape => dac;
    110 * (number + 1) => sound.freq;
    0.05 => sound.gain;
    shape.set(1::ms, 20::ms, 0, 1::ms);
    if (rate == 0) length::second => now;
    else while (true) {
        shape.keyOn();
        1::second / rate => now;
    }
}

for (0 => int i; i < 16; i++) spork ~ play(i);
length::second => now;
