; Benchmark W5 for csound: drums and a bass, 24 hits a bar; each hit is an instance that ends. SPDX-License-Identifier: MIT
<CsoundSynthesizer>
<CsInstruments>
sr = 48000
ksmps = 64
nchnls = 1
0dbfs = 1
gisine ftgen 0, 0, 16384, 10, 1
instr 1 ; kick
  kpitch expseg 1, 0.06, 0.001, 10, 0.0001
  klevel expseg 0.001, 0.001, 1, 0.25, 0.001
  out poscil(0.45 * klevel, 50 + 120 * kpitch, gisine)
endin
instr 2 ; snare
  klevel expseg 0.001, 0.001, 1, 0.16, 0.001
  out (butterbp(rand:a(1, 2, 1), 1800, 1280) + poscil(0.4, 190, gisine)) * 0.45 * klevel
endin
instr 3 ; hats: length, cutoff, level
  klevel expseg 0.001, 0.001, 1, p4, 0.001
  out butterhp(rand:a(1, 2, 1), p5) * p6 * 0.9 * klevel
endin
instr 4 ; bass
  ksweep expseg 1, 0.15, 0.001, 10, 0.0001
  klevel linseg 0, 0.003, 1, 0.12, 0.6, 0.002, 0.6, 0.06, 0
  asaw vco2 1, p4
  alow, ahigh, aband svfilter asaw, 200 + 1500 * ksweep, 4
  out alow * 0.27 * klevel
endin
instr 9 ; one bar
  iN = 0
  while iN < 4 do
    schedule 1, iN * 0.5, 0.26
    iN += 1
  od
  schedule 2, 0.5, 0.17
  schedule 2, 1.5, 0.17
  iN = 0
  while iN < 8 do
    schedule 3, iN * 0.25, 0.06, 0.05, 7000, 0.25
    iN += 1
  od
  schedule 3, 0.75, 0.21, 0.2, 6000, 0.2
  schedule 3, 1.75, 0.21, 0.2, 6000, 0.2
  schedule 4, 0, 0.19, cpsmidinn(36)
  schedule 4, 0.375, 0.19, cpsmidinn(36)
  schedule 4, 0.75, 0.19, cpsmidinn(39)
  schedule 4, 1.125, 0.19, cpsmidinn(41)
  schedule 4, 1.375, 0.19, cpsmidinn(36)
  schedule 4, 1.75, 0.19, cpsmidinn(31)
  schedule 4, 1.875, 0.19, cpsmidinn(34)
endin
instr 10
  ktick metro 0.5
  schedkwhen ktick, 0, 0, 9, 0, 0.01
endin
</CsInstruments>
<CsScore>
i 10 0 $T
f 0 $T
</CsScore>
</CsoundSynthesizer>
