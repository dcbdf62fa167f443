; Benchmark W1 for csound: 256 saws over five octaves, summed. Length: --omacro:T=SECONDS. SPDX-License-Identifier: MIT
<CsoundSynthesizer>
<CsInstruments>
sr = 48000
ksmps = 64
nchnls = 1
0dbfs = 1
instr 1
  out vco2(0.01, p4)
endin
instr 2
  iN = 0
  while iN < 256 do
    schedule 1, 0, p3, 55 * 2 ^ (5 * iN / 256)
    iN += 1
  od
endin
</CsInstruments>
<CsScore>
i 2 0 $T
</CsScore>
</CsoundSynthesizer>
