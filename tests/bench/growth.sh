#!/bin/bash
# tests/bench/growth.sh BUILD/bench_growth PICTURE.svg: measures how costs grow, prints the figures and draws them. Both axes
# are logarithmic; a dashed line through the last point of each row grows as the number does. Some minutes.
# SPDX-License-Identifier: MIT
set -euo pipefail
export LC_ALL=C
growth=${1:?use: tests/bench/growth.sh BUILD/bench_growth PICTURE.svg} picture=${2:?which picture?}
"$growth" | tee /dev/stderr | awk '
{ # WHAT… NUMBER MS ms EACH us each
    for (i = NF; i > 0 && $i != "ms"; i--) { }
    what = $1
    for (k = 2; k < i - 2; k++)
        what = what " " $k
    if (!(what in points))
        row[n_rows++] = what
    k = points[what]++
    number[what, k] = $(i - 2) + 0
    ms[what, k] = $(i - 1) + 0
}
function log10(x) { return log(x) / log(10) }
function x_of(n) { return left + (log10(n) - x_low) * 330 / (x_high - x_low) }
function y_of(t) { return top + 230 - (log10(t) - y_low) * 230 / (y_high - y_low) }
function plain(x) { return x >= 1e6 ? x / 1e6 " M" : x >= 1e3 ? x / 1e3 " k" : x "" }
# One picture of rows: their places in `row`, which stand after another.
function draw(title, from, to,    r, k, i, what, last, at) {
    x_low = 9; x_high = -9; y_low = 9; y_high = -9
    for (r = from; r <= to; r++)
        for (k = 0; k < points[row[r]]; k++) {
            i = log10(number[row[r], k]); if (i < x_low) x_low = i; if (i > x_high) x_high = i
            i = ms[row[r], k] > 0.001 ? log10(ms[row[r], k]) : -3; if (i < y_low) y_low = i; if (i > y_high) y_high = i
        }
    y_low = int(y_low + 20) - 20; y_high = int(y_high + 21) - 20
    printf "<text class=\"h\" x=\"%d\" y=\"%d\">%s</text>\n", left, top - 12, title
    printf "<rect x=\"%d\" y=\"%d\" width=\"330\" height=\"230\" fill=\"none\" stroke=\"#999\"/>\n", left, top
    for (i = y_low; i <= y_high; i++) {
        at = y_of(10 ^ i)
        printf "<path class=\"g\" d=\"M%d %.1fh330\"/><text class=\"s\" text-anchor=\"end\" x=\"%d\" y=\"%.1f\">%g ms</text>\n", left, at, left - 5, at + 4, 10 ^ i
    }
    for (i = 0; i <= 6; i++)
        if (i >= x_low - 0.01 && i <= x_high + 0.01) {
            at = x_of(10 ^ i)
            printf "<path class=\"g\" d=\"M%.1f %dv230\"/><text class=\"s\" text-anchor=\"middle\" x=\"%.1f\" y=\"%d\">%s</text>\n", at, top, at, top + 246, plain(10 ^ i)
        }
    for (r = from; r <= to; r++) {
        what = row[r]; last = points[what] - 1
        at = ms[what, last] * number[what, 0] / number[what, last]
        k = number[what, 0]
        if (log10(at) < y_low) { k = k * 10 ^ y_low / at; at = 10 ^ y_low }
        if (ms[what, last] > ms[what, 0] * number[what, last] / number[what, 0] / 50)
            printf "<path class=\"d\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n", x_of(k), y_of(at), x_of(number[what, last]), y_of(ms[what, last])
        printf "<path class=\"l\" stroke=\"%s\" d=\"", colour[r - from]
        for (k = 0; k <= last; k++)
            printf "%s%.1f %.1f", k ? "L" : "M", x_of(number[what, k]), y_of(ms[what, k] > 0.001 ? ms[what, k] : 0.001)
        print "\"/>"
        for (k = 0; k <= last; k++)
            printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", x_of(number[what, k]), y_of(ms[what, k] > 0.001 ? ms[what, k] : 0.001), colour[r - from]
        printf "<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>\n", left + 8, top + 18 + 16 * (r - from), colour[r - from], what
    }
}
END {
    colour[0] = "#1f5fa8"; colour[1] = "#b3521b"; colour[2] = "#3c7d2e"
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 860 630\" font-family=\"sans-serif\" font-size=\"13\">"
    print "<title>How costs grow: CPU milliseconds over how many there are</title>"
    print "<style>.h{font-weight:bold;font-size:15px} .s{font-size:11px;fill:#555} .g{stroke:#e2e2e2} .l{fill:none;stroke-width:2} .d{stroke:#aaa;stroke-dasharray:4 4}</style>"
    print "<rect width=\"860\" height=\"630\" fill=\"#fff\"/>"
    left = 70; top = 50; draw("nodes", 0, 2)
    left = 500; draw("bytes of text", 3, 3)
    left = 70; top = 360; draw("notes", 4, 5)
    left = 500; draw("voices", 6, 7)
    print "</svg>"
}' >"$picture"
