; Benchmark W6 for csound: a thousand sines, each times a number of its own, summed. SPDX-License-Identifier: MIT
<CsoundSynthesizer>
<CsInstruments>
sr = 48000
ksmps = 64
nchnls = 1
0dbfs = 1
gisine ftgen 0, 0, 16384, 10, 1
instr 1
  out poscil(p5, p4, gisine)
endin
instr 2
  iN = 0
  while iN < 1000 do
    schedule 1, 0, p3, 40 * 2 ^ (iN / 125), 0.0004 + 0.0002 * (iN % 7)
    iN += 1
  od
endin
</CsInstruments>
<CsScore>
i 2 0 $T
</CsScore>
</CsoundSynthesizer>
