#!/usr/bin/env python3
"""dsp/kernel/blep_design.py: designs the band-limiting kernel of the oscillators and writes dsp/kernel/blep_table.h.

Needs numpy; the build does not need this program. Run it from the top of the project:

    python3 dsp/kernel/blep_design.py            design, report, write the table
    python3 dsp/kernel/blep_design.py --report   the same without writing

The kernel h(x), 0 <= x <= K samples, replaces the ideal impulse in an oscillator's edges. It is made of polynomials of
degree 7, one a sample, in Legendre form, because their spectrum has a closed form, and it is found by weighted least
squares whose weights are raised where the error is greatest (Lawson), so that the greatest error becomes least:

  - |H| = 1 up to 16.5 kHz at 48 kHz; the phase is free, so the target takes the phase of the last solution;
  - H = 0 where it would fold below 16.5 kHz, with a limit that grows with frequency as the harmonics of a saw fall;
  - |H| <= 1 between; loose where it folds above 16.5 kHz;
  - H(0) = 1 and the first moment D exactly, so that the delay at DC is D whole samples.

A restarted sine fades over the same samples along a step of its own (see chr_sine_restart): the integral of a sinc
under Kaiser's window, whose spectrum ends so far below half the rate that a sine of 10 kHz times the step stays clean.

SPDX-License-Identifier: MIT"""
import argparse
import sys

import numpy as np

RATE = 48000.0
EDGE = 16500.0   # Hz: what lies below is kept and is kept clean
TAPS = 12        # samples that an event touches
DELAY = 2        # samples, exactly, at DC
DEGREE = 7       # of each polynomial
BANDS = 24       # multiples of the rate about which the kernel is silent
PASS_LIMIT = 0.003
STOP_LIMIT = 1.0e-5  # relative to a fundamental of 8 kHz
LOOSE_LIMIT = 0.5
PIECES = 32      # sub-intervals of one sample in the table
FADE_EDGE = 11000.0  # Hz: half way down; 75 dB down from 20 kHz on
FADE_BETA = 7.0      # of Kaiser's window


def spectrum_rows(freqs):
    """Complex matrix A with H(f) = A @ coefficients, coefficients ordered [sample][order]."""
    nodes, weights = np.polynomial.legendre.leggauss(128)
    u = (nodes + 1) / 2
    w = 2 * np.pi * freqs / RATE
    legendre = np.stack([np.polynomial.legendre.Legendre.basis(n)(nodes) for n in range(DEGREE + 1)], 1)
    piece = (np.exp(-1j * np.outer(w, u)) * (weights / 2)) @ legendre
    shift = np.exp(-1j * np.outer(w, np.arange(TAPS)))
    return (shift[:, :, None] * piece[:, None, :]).reshape(len(freqs), -1)


def constraints():
    """Area 1 and first moment DELAY, as rows of a linear system."""
    area = np.zeros((TAPS, DEGREE + 1))
    area[:, 0] = 1
    moment = np.zeros((TAPS, DEGREE + 1))
    moment[:, 0] = np.arange(TAPS) + 0.5
    moment[:, 1] = 1 / 6
    return np.stack([area.ravel(), moment.ravel()]), np.array([1.0, DELAY])


def minimum_phase_start(samples, cutoff, beta):
    """Coefficients of a windowed sinc of so many samples, made minimum phase by its cepstrum and cut to TAPS."""
    over, size = 64, 1 << 16
    t = (np.arange(samples * over + 1) - samples * over / 2) / over
    h = np.sinc(2 * cutoff / RATE * t) * np.kaiser(len(t), beta)
    log_magnitude = np.log(np.maximum(np.abs(np.fft.fft(h, size)), 1e-9 * np.abs(h.sum())))
    cepstrum = np.fft.ifft(log_magnitude).real
    cepstrum[1:size // 2] *= 2
    cepstrum[size // 2 + 1:] = 0
    h = np.fft.ifft(np.exp(np.fft.fft(cepstrum))).real[:TAPS * over]
    h /= h.sum() / over
    x = (np.arange(TAPS * over) + 0.5) / over
    c = np.zeros((TAPS, DEGREE + 1))
    for j in range(TAPS):
        part = slice(j * over, (j + 1) * over)
        c[j] = np.polynomial.legendre.legfit(2 * (x[part] - j) - 1, h[part], DEGREE)
    return c.ravel()


def design(start, rounds=250):
    stop = np.concatenate([m * RATE + np.linspace(-EDGE, EDGE, 61 if m < 4 else 31) for m in range(1, BANDS + 1)])
    keep = EDGE * np.sin(np.linspace(0, np.pi / 2, 220)[1:])
    middle = np.linspace(EDGE, RATE - EDGE, 80)[1:-1]
    loose = np.concatenate([m * RATE + np.linspace(EDGE, RATE - EDGE, 12)[1:-1] for m in range(1, BANDS)])
    freqs = np.concatenate([keep, stop, middle, loose])
    limits = np.concatenate([np.full(len(keep), PASS_LIMIT), STOP_LIMIT * stop / 8000,
                             np.full(len(middle), 0.02), np.full(len(loose), LOOSE_LIMIT)])
    is_keep = np.arange(len(freqs)) < len(keep)
    is_middle = (freqs > EDGE) & (freqs < RATE - EDGE)
    rows = spectrum_rows(freqs)
    c_rows, c_right = constraints()
    particular = np.linalg.lstsq(c_rows, c_right, rcond=None)[0]
    null = np.linalg.svd(c_rows)[2][2:].T
    reduced = rows @ null
    fixed = rows @ particular
    c, weight = start, np.ones(len(freqs))
    best, best_worst = None, np.inf
    for _ in range(rounds):
        h = rows @ c
        size = np.maximum(np.abs(h), 1e-12)
        target = np.where(is_keep, h / size, np.where(is_middle, h / np.maximum(size, 1), 0))
        s = np.sqrt(weight) / limits
        right = (target - fixed) * s
        left = reduced * s[:, None]
        z = np.linalg.lstsq(np.concatenate([left.real, left.imag]), np.concatenate([right.real, right.imag]), rcond=None)[0]
        c = particular + null @ z
        size = np.abs(rows @ c)
        error = np.where(is_keep, np.abs(size - 1), np.where(is_middle, np.maximum(size - 1, 0), size)) / limits
        if error.max() < best_worst:
            best, best_worst = c.copy(), error.max()
        weight *= np.maximum(error / error.max(), 0.02) ** 0.6
        weight = np.maximum(weight / weight.max(), 1e-9)
    return best, best_worst


def report(c, out):
    """Worst harmonic error below 16 kHz and worst alias, from the spectrum, over the notes of a piano and above."""
    f = np.linspace(1, 16000, 1600)
    ripple = 20 * np.log10(np.abs(spectrum_rows(f) @ c))
    print(f"# |H| to 16 kHz: {ripple.min():+.4f} .. {ripple.max():+.4f} dB", file=out)
    for f in (17000, 18000, 20000, 22000):
        print(f"# |H| at {f}: {20 * np.log10(abs((spectrum_rows(np.array([float(f)])) @ c)[0])):+.2f} dB", file=out)
    worst = (-300, 0)
    for note in range(33, 120):
        f0 = 440 * 2 ** ((note - 69) / 12)
        k = np.arange(1, int(40 * RATE / f0))
        f = k * f0
        folded = np.abs(f - RATE * np.round(f / RATE))
        k, f = k[(f > RATE / 2) & (folded < 16000)], f[(f > RATE / 2) & (folded < 16000)]
        first = abs((spectrum_rows(np.array([f0])) @ c)[0])
        alias = 20 * np.log10((np.abs(spectrum_rows(f) @ c) / k / first).max())
        worst = max(worst, (alias, note))
    print(f"# worst alias of a saw, A1 to B8: {worst[0]:.1f} dB at note {worst[1]}", file=out)
    return worst[0]


def integrals(c):
    """Functions S and R: the integral of h and the integral of that."""
    c = c.reshape(TAPS, DEGREE + 1)
    first = [np.polynomial.legendre.Legendre(c[j], domain=[j, j + 1]).integ(1, lbnd=j) for j in range(TAPS)]
    s_at = np.concatenate([[0], np.cumsum([first[j](j + 1) for j in range(TAPS)])])
    s_piece = [first[j] + s_at[j] for j in range(TAPS)]
    second = [s_piece[j].integ(1, lbnd=j) for j in range(TAPS)]
    r_at = np.concatenate([[0], np.cumsum([second[j](j + 1) for j in range(TAPS)])])
    r_piece = [second[j] + r_at[j] for j in range(TAPS)]
    return s_piece, r_piece


def fade_step():
    """The step of a restarted sine at x samples, as a function."""
    over = 1024
    x = np.arange(TAPS * over + 1) / over
    h = np.sinc(2 * FADE_EDGE / RATE * (x - TAPS / 2)) * np.kaiser(len(x), FADE_BETA)
    s = np.concatenate([[0], np.cumsum((h[1:] + h[:-1]) / 2)])
    return lambda at: np.interp(at, x, s / s[-1])


def table(c):
    """Quadratics in v = PIECES * d - m - 0.5: [step, ramp, fade][m][power][tap]."""
    s_piece, r_piece = integrals(c)
    fade = fade_step()
    out = np.zeros((3, PIECES, 3, TAPS))
    v = 0.5 * np.cos(np.pi * (np.arange(16) + 0.5) / 16)  # Chebyshev nodes: nearly the least greatest error
    worst = 0
    for m in range(PIECES):
        d = (v + m + 0.5) / PIECES
        for j in range(TAPS):
            step = s_piece[j](j + d) - (1 if j >= DELAY else 0)
            ramp = r_piece[j](j + d) - (j + d - DELAY if j >= DELAY else 0)
            for kind, y in enumerate((step, ramp, fade(j + d) - (1 if j >= DELAY else 0))):
                p = np.polynomial.polynomial.polyfit(v, y, 2)
                out[kind, m, :, j] = p
                worst = max(worst, np.abs(np.polynomial.polynomial.polyval(v, p) - y).max())
    return out, worst


def write(path, values):
    with open(path, "w") as out:
        out.write("/* dsp/kernel/blep_table.h: made by dsp/kernel/blep_design.py; see there for what it is.\n"
                  " * Quadratics in v = 32 d - m - 0.5: [m][power of v][tap].\n"
                  " * SPDX-License-Identifier: MIT */\n"
                  "#ifndef CHR_KERNEL_BLEP_TABLE_H\n#define CHR_KERNEL_BLEP_TABLE_H\n\n"
                  "/* clang-format off */\n")
        for kind, name in enumerate(("chr_blep_step", "chr_blep_ramp", "chr_blep_fade")):
            out.write(f"static const float {name}[{PIECES}][3][{TAPS}] __attribute__((aligned(64), unused)) = {{\n")
            for m in range(PIECES):
                lines = []
                for power in range(3):
                    row = ["%.9g" % np.float32(x) for x in values[kind, m, power]]
                    lines.append("{" + ", ".join(x + ("f" if "." in x or "e" in x else ".0f") for x in row) + "}")
                out.write(" {" + ",\n  ".join(lines) + "},\n")
            out.write("};\n\n")
        out.write("/* clang-format on */\n\n#endif\n")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--report", action="store_true")
    arguments.add_argument("--verbose", action="store_true")
    options = arguments.parse_args()
    best = None
    for samples in (14, 15, 16, 17, 18, 20):
        for cutoff in (19000.0, 20500.0, 22000.0):
            c, worst = design(minimum_phase_start(samples, cutoff, 8.0))
            if options.verbose:
                print(f"start {samples} {cutoff:.0f}: {worst:.3f} of the limits", file=sys.stderr)
                report(c, sys.stderr)
            if best is None or worst < best[1]:
                best = (c, worst)
    report(best[0], sys.stdout)
    values, error = table(best[0])
    print(f"# quadratics against the kernel: {error:.2e}")
    if not options.report:
        write("dsp/kernel/blep_table.h", values)


if __name__ == "__main__":
    main()
