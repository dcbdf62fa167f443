# tests/bench/pd/patch.awk: writes a benchmark as a patch for Pd, which has no other way to say a thousand objects.
#   awk -v work=6 -v seconds=60 [-v file=heard.wav] -f patch.awk
# SPDX-License-Identifier: MIT
function object(what) {
    print "#X obj 10 10 " what ";"
    return objects++
}
function message(what) {
    print "#X msg 10 10 " what ";"
    return objects++
}
function connect(from, outlet, to, inlet) { wires = wires "#X connect " from " " outlet " " to " " inlet ";\n" }
function sines(i, sine, level) {
    for (i = 0; i < 1000; i++) {
        sine = object("osc~ " 40 * 2 ^ (i / 125))
        level = object("*~ " 0.0004 + 0.0002 * (i % 7))
        connect(sine, 0, level, 0)
        connect(level, 0, sum, 0)
    }
}
# Sixty-four voices in turn, 0.1 ms after one another; each has a clock of its own, and each note its pitch.
function notes(v, wait, clock, note, hz, strike, envelope, sine, bent, level, pitch) {
    split("60 64 67 72 62 65 69 74", pitch, " ")
    for (v = 0; v < 64; v++) {
        wait = object("delay " v * 0.1)
        clock = object("metro 6.4")
        note = object("t b b")
        hz = message(440 * 2 ^ ((pitch[v % 8 + 1] - 69) / 12))
        strike = message("1 0.5 \\, 0 5 0.5")
        envelope = object("vline~")
        bent = object("*~")
        sine = object("osc~")
        level = object("*~ 0.0088")
        connect(start, 0, wait, 0)
        connect(wait, 0, clock, 0)
        connect(clock, 0, note, 0)
        connect(note, 1, hz, 0)
        connect(note, 0, strike, 0)
        connect(hz, 0, sine, 0)
        connect(strike, 0, envelope, 0)
        connect(envelope, 0, bent, 0)
        connect(sine, 0, bent, 1)
        connect(bent, 0, level, 0)
        connect(level, 0, sum, 0)
    }
}
BEGIN {
    OFMT = CONVFMT = "%.9g"
    print "#N canvas 0 0 400 400 12;"
    sum = object("*~ 1")
    start = object("loadbang")
    on = message("\\; pd dsp 1")
    end = object("delay " seconds * 1000)
    quit = message("\\; pd quit")
    connect(start, 0, on, 0)
    connect(start, 0, end, 0)
    later = object("delay " (file == "" ? 1 : 100000)) # a thread of its own opens and closes the file
    connect(end, 0, later, 0)
    connect(later, 0, quit, 0)
    if (file != "") {
        to = object("writesf~ 1")
        open = message("open -wave -bytes 4 " file)
        go = message("start")
        connect(sum, 0, to, 0)
        connect(start, 0, open, 0)
        connect(open, 0, to, 0)
        connect(start, 0, go, 0)
        connect(go, 0, to, 0)
        halt = message("stop")
        connect(end, 0, halt, 0)
        connect(halt, 0, to, 0)
    }
    dac = object("dac~ 1")
    connect(sum, 0, dac, 0)
    if (work == 6) sines()
    if (work == 7) notes()
    printf "%s", wires
}
