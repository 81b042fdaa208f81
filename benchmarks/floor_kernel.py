"""The floor: the least that an employee-month could cost on this processor.

The dense part of a month, what happens to everybody whatever happens, as loops over columns that call nothing,
so that the processor works on several people at a time: six Philox draws, a normal number with logarithm and
cosine of our own, learning by asking where one is below the usual, practice of eight skills with output,
embeddedness, engagement, safety and confidence, twelve sums. What
it computes has the engine's volume, not its numbers; :func:`errors` shows that the mathematics is right.

The sparse part (who looks for a tie, who meets, whose idea is heard, who leaves) visits few and cannot be done
side by side. It is estimated, not measured: at its leanest some .37 of what the fused kernel takes on the same
processor, and with a programme the whole floor is some 1.4 times as high.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from sim.engine import draws
from sim.engine.compiled import kernel

__all__ = ["SPARSE_OVER_FUSED", "WITH_PROGRAMME", "Floor", "errors", "floor_of"]

SPARSE_OVER_FUSED = 0.37
WITH_PROGRAMME = 1.4
"""Estimates: the sparse part over the fused kernel, the floor with a programme over that without."""

DECISIONS, SKILLS, SUMS = 6, 8, 12
_LOG2 = math.log(2.0)

Real = NDArray[np.float64]


@kernel
def _normals(u, v, bits, parts, out):  # type: ignore[no-untyped-def]
    """Standard normal numbers by Box and Muller from pairs in (0, 1), without a call of the C library.

    `bits` shares its memory with `parts`: the mantissas of `u`.
    """
    count = u.shape[0]
    whole = u.view(np.int64)
    for i in range(count):
        bits[i] = (whole[i] & 0x000FFFFFFFFFFFFF) | 0x3FF0000000000000
    for i in range(count):
        power = float((whole[i] >> 52) - 1023)
        m = parts[i]
        high = m > 1.4142135623730951
        m = 0.5 * m if high else m
        power = power + 1.0 if high else power
        s = (m - 1.0) / (m + 1.0)
        z = s * s
        series = 1.0 + z * (1 / 3 + z * (1 / 5 + z * (1 / 7 + z * (1 / 9 + z * (1 / 11 + z / 13)))))
        logarithm = power * _LOG2 + 2.0 * s * series
        t = 2.0 * math.pi * (v[i] - 0.5)
        q = t * t
        cosine = 1.0 + q * (-1 / 2 + q * (1 / 24 + q * (-1 / 720 + q * (1 / 40320 + q * (
            -1 / 3628800 + q * (1 / 479001600 + q * (-1 / 87178291200 + q * (
                1 / 20922789888000 - q / 6402373705728000))))))))  # fmt: skip
        out[i] = -math.sqrt(-2.0 * logarithm) * cosine


@kernel
def _feel(person, numbers, noise):  # type: ignore[no-untyped-def]
    """Engagement returns to its baseline, with noise; safety and confidence follow."""
    for i in range(noise.shape[0]):
        level = person[0, i] + 0.1 * (person[1, i] - person[0, i]) + 0.02 * noise[i]
        level = level if numbers[0, i] > 0.01 else 0.99 * level
        person[0, i] = min(1.0, max(0.0, level))
        person[2, i] = min(1.0, max(0.0, person[2, i] + 0.05 * (0.6 - person[2, i])))
        person[3, i] = min(1.0, max(0.0, person[3, i] + 0.05 * (0.5 - person[3, i])))


@kernel
def _hold(person, rates, links):  # type: ignore[no-untyped-def]
    """Share of the distance that asking closes, by an exponential of our own; embeddedness from counts of links."""
    for i in range(rates.shape[0]):
        x = -0.125 * (0.01 + 0.6 * max(0.0, 1.0 - 3.0 * person[4, i])) * (0.5 + person[5, i])
        e = 1.0 + x * (1.0 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * (1 / 120 + x / 720)))))
        e = e * e
        e = e * e
        rates[i] = 1.0 - e * e
        full = 0.2 * min(1.0, links[0, i]) + 0.35 * min(1.0, links[1, i]) + 0.2 * person[5, i]
        full += 0.15 * min(1.0, links[2, i]) + 0.1 * person[4, i] / (person[4, i] + 0.5)
        person[6, i] += 0.25 * (min(1.0, full) - person[6, i])


@kernel
def _practise(skills, potential, output, rates, usual):  # type: ignore[no-untyped-def]
    """Every skill is asked for, grows towards its potential and fades; output is what they add up to."""
    for i in range(output.shape[0]):
        output[i] = 0.0
    for k in range(skills.shape[0]):
        level = skills[k]
        goal = potential[k]
        for i in range(output.shape[0]):
            value = level[i] + rates[i] * max(0.0, usual[i] - level[i])
            gap = goal[i] - value
            value = value + (0.03 * gap if gap > 0.0 else 0.0)
            value = 0.997 * value
            level[i] = value
            output[i] += 0.125 * value


@kernel
def _record(person, output, sums):  # type: ignore[no-untyped-def]
    """Twelve sums over people, side by side."""
    a = b = c = d = e = f = g = h = j = k = m = n = 0.0
    for i in range(output.shape[0]):
        engagement = person[0, i]
        a += engagement
        b += 1.0 if engagement > 0.7 else 0.0
        c += 1.0 if engagement < 0.3 else 0.0
        d += person[1, i]
        e += person[2, i]
        f += person[3, i]
        g += output[i]
        h += output[i] * engagement
        j += 1.0 if output[i] > 0.5 else 0.0
        k += person[2, i] * person[3, i]
        m += 1.0 if person[3, i] > 0.5 else 0.0
        n += 1.0
    for place, value in enumerate((a, b, c, d, e, f, g, h, j, k, m, n)):
        sums[place] += value


@kernel
def _month(luck, month, firm):  # type: ignore[no-untyped-def]
    """The dense part of one month."""
    numbers, person, skills, potential, links, scratch, bits, sums = firm
    for decision in range(DECISIONS):
        draws.draw_for_all(luck, decision + 1, month, numbers)
    _normals(numbers[1], numbers[2], bits, scratch[0], scratch[1])
    _feel(person, numbers, scratch[1])
    _hold(person, scratch[0], links)
    _practise(skills, potential, scratch[2], scratch[0], links[3])
    _record(person, scratch[2], sums)


class Floor:
    """People in columns.

    Parameters
    ----------
    people
        How many.
    """

    def __init__(self, people: int) -> None:
        rng = np.random.default_rng(1)
        scratch = np.empty((3, people))
        self.firm = (
            np.empty((4, people)),
            rng.random((7, people)),
            rng.random((SKILLS, people)),
            rng.random((SKILLS, people)),
            rng.random((4, people)),
            scratch,
            scratch[0].view(np.int64),
            np.zeros(SUMS),
        )
        self.luck = draws.luck_of(1, 0)
        self.month = 0

    def run(self, months: int) -> None:
        """Live through so many months."""
        for _ in range(months):
            _month(self.luck, self.month, self.firm)
            self.month += 1


def errors(count: int = 10_000) -> float:
    """The largest error of the normal numbers against the C library's."""
    rng = np.random.default_rng(2)
    u, v = rng.random((2, count))
    scratch, out = np.empty(count), np.empty(count)
    _normals(u, v, scratch.view(np.int64), scratch, out)
    return float(np.abs(out - np.sqrt(-2.0 * np.log(u)) * np.cos(2.0 * np.pi * v)).max())


def floor_of(dense: float, fused: float) -> float:
    """The estimated floor of a month without a programme, from what both kernels took."""
    return dense + SPARSE_OVER_FUSED * fused
