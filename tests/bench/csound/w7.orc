; Benchmark W7 for csound: a sine that is struck. Its score is written by peers. SPDX-License-Identifier: MIT
sr = 48000
ksmps = 64
nchnls = 1
0dbfs = 1
gisine ftgen 0, 0, 16384, 10, 1
instr 1
  aenv expseg 0.001, 0.0005, 1, 0.005, 0.001
  out poscil(0.0141, cpsmidinn(p4), gisine, rnd(1)) * aenv
endin
