"""How many replicates are enough: rules that look at the results so far and say how many they want.

A rule is a pure function of the results in their order, so that a sweep that is killed and resumed asks for
the same runs. To add one, write a class with :meth:`Rule.wanted` and name it in :data:`RULES`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.experiments.statistics import growing_intervals
from sim.experiments.sweeps.choosing import Elimination, allocate, eliminate
from sim.experiments.sweeps.problems import Problems
from sim.scenario.messages import described, hint
from sim.scenario.positions import Position

__all__ = [
    "RULES",
    "Contrast",
    "Rule",
    "Seen",
    "Stopping",
    "contrast",
    "groups_of",
    "race",
    "read_stopping",
]

Real = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(slots=True)
class Seen:
    """Results so far of the outcomes that a rule watches.

    Attributes
    ----------
    values
        By outcome: shape (points, variants, replicates), NaN where missing, failed or undefined.
    done
        Which runs have ended, with a result or without; the same shape.
    sets
        Number of each replicate's parameter set; None where all have the same parameters.
    against
        Position of the variant that others are compared with.
    """

    values: Mapping[str, Real]
    done: NDArray[np.bool_]
    sets: NDArray[np.int64] | None
    against: int


@dataclass(frozen=True, slots=True)
class Contrast:
    """How exactly a difference from the baseline is known at one point.

    Attributes
    ----------
    point, variant
        Which difference.
    replicates
        That it rests on: those in which it has a value.
    difference, half_width
        Mean of the paired differences and half of its interval.
    reached
        After how many replicates, those without a value among them, it was as exact as was asked for and
        stayed so; 0 if it was not.
    """

    point: int
    variant: int
    replicates: int
    difference: float
    half_width: float
    reached: int


@dataclass(frozen=True, slots=True)
class Stopping:
    """A stopping rule with its options, as given in a study.

    Attributes
    ----------
    rule
        "fixed", "precision", "selection" or "allocation".
    outcome
        What is watched.
    variant
        Precision: which difference; None for all variants.
    half_width
        Precision: largest half-width wanted, in the unit of the outcome.
    level
        Of the interval, or the probability of correct selection.
    look_ahead
        Precision: replicates after the first that reaches it, which must reach it as well.
    batch
        Replicates added at a time.
    most
        Replicates of a cell at most.
    indifference
        Selection: smallest difference worth detecting.
    among
        Selection and allocation: "variants" (at each point) or "cells" (all points together).
    budget
        Allocation: runs in all.
    goal
        "max" or "min".
    """

    rule: str = "fixed"
    outcome: str = ""
    variant: str | None = None
    half_width: float = math.nan
    level: float = 0.95
    look_ahead: int = 5
    batch: int = 5
    most: int = 200
    indifference: float = math.nan
    among: str = "variants"
    budget: int = 0
    goal: str = "max"

    @property
    def watched(self) -> tuple[str, ...]:
        """Outcomes whose values the rule needs."""
        return (self.outcome,) if self.outcome else ()


class Rule(Protocol):
    """Says how many replicates each cell should have."""

    def __call__(
        self, options: Stopping, first: int, variants: tuple[str, ...], seen: Seen
    ) -> Whole:
        """Replicates wanted of each (point, variant), shape (points, variants); asked again when they are done."""


def _counts(seen: Seen) -> Whole:
    """Replicates that every cell has without a gap: what a killed sweep had finished further on does not
    count until the gap is closed, so that it decides on what it would have decided on."""
    return np.asarray(np.logical_and.accumulate(seen.done, axis=2).sum(axis=2), dtype=np.int64)


def _fixed(options: Stopping, first: int, variants: tuple[str, ...], seen: Seen) -> Whole:
    shape = next(iter(seen.values.values())).shape[:2]
    return np.full(shape, first, dtype=np.int64)


def contrast(options: Stopping, seen: Seen, point: int, variant: int, first: int) -> Contrast:
    """How exactly one difference is known, and after how many replicates it was as exact as asked.

    The half-width must stay small enough for `look_ahead` replicates more (Hoad, Robinson and Davies 2010,
    Journal of the Operational Research Society 61: 1632-1644).
    """
    values = seen.values[options.outcome]
    difference = values[point, variant] - values[point, seen.against]
    known = np.flatnonzero(np.isfinite(difference))
    if not len(known):
        return Contrast(point, variant, 0, math.nan, math.nan, 0)
    sets = None if seen.sets is None else seen.sets[known]
    means, halves = growing_intervals(difference[known], sets, options.level)
    enough = halves <= options.half_width
    enough[: first - 1] = False
    run = options.look_ahead + 1
    stays = np.convolve(enough, np.ones(run, dtype=np.int64))[: len(enough)] == run
    at = int(np.argmax(stays)) if stays.any() else len(known) - 1
    reached = int(known[at]) + 1 if stays.any() else 0
    return Contrast(point, variant, at + 1, float(means[at]), float(halves[at]), reached)


def _stages(options: Stopping, first: int) -> range:
    """Numbers of replicates at which a rule decides; the last is the most that it may ask for."""
    most = max(options.most, first)
    return range(first, most + options.batch, options.batch)


def _precision(options: Stopping, first: int, variants: tuple[str, ...], seen: Seen) -> Whole:
    wanted = np.full(seen.done.shape[:2], first, dtype=np.int64)
    have = _counts(seen)
    for point in range(len(wanted)):
        for variant, name in enumerate(variants):
            if variant == seen.against or options.variant not in (None, name):
                continue
            here = int(min(have[point, variant], have[point, seen.against]))
            reached = contrast(options, seen, point, variant, first).reached or math.inf
            target = first
            for stage in _stages(options, first):
                target = min(stage, max(options.most, first))
                if here < target or reached <= target:
                    break
            wanted[point, variant] = target
            wanted[point, seen.against] = max(wanted[point, seen.against], target)
    return wanted


def groups_of(options: Stopping, shape: tuple[int, ...]) -> list[NDArray[np.intp]]:
    """Flat positions of the cells that compete with each other."""
    cells = np.arange(shape[0] * shape[1]).reshape(shape[:2])
    return list(cells) if options.among == "variants" else [cells.ravel()]


def _signed(options: Stopping, values: Real) -> Real:
    return values if options.goal == "max" else -values


def _selection(options: Stopping, first: int, variants: tuple[str, ...], seen: Seen) -> Whole:
    values = _signed(options, seen.values[options.outcome])
    flat, have = values.reshape(-1, values.shape[2]), _counts(seen).ravel()
    wanted = np.full(len(flat), first, dtype=np.int64)
    for group in groups_of(options, values.shape):
        raced = race(options, flat[group], have[group], first)
        before = 0
        for stage in _stages(options, first):
            target = min(stage, max(options.most, first))
            # Who was in the race when the stage began has all of it, even if a part of it already decides: what
            # was asked for must not depend on how much of it has been done.
            alive = (raced.left_at == 0) | (raced.left_at > before)
            if before and alive.sum() == 1:
                break
            wanted[group[alive]] = target
            if (have[group[alive]] < target).any():
                break
            before = target
    return wanted.reshape(values.shape[:2])


def race(options: Stopping, values: Real, have: Whole, first: int) -> Elimination:
    """The race between some cells, as far as it can be run with what they have.

    Parameters
    ----------
    values
        Shape (cells, replicates), larger is better.
    have
        Replicates of each without a gap.
    """
    number = np.arange(values.shape[1])
    return eliminate(
        np.where(number[None, :] < have[:, None], values, np.nan),
        have,
        first=first,
        indifference=options.indifference,
        level=options.level,
    )


def _allocation(options: Stopping, first: int, variants: tuple[str, ...], seen: Seen) -> Whole:
    values = _signed(options, seen.values[options.outcome])
    flat, have = values.reshape(-1, values.shape[2]), _counts(seen).ravel()
    wanted = np.full(len(flat), first, dtype=np.int64)
    groups = groups_of(options, values.shape)
    for group in groups:
        counts = wanted[group]
        while len(group) > 1 and (have[group] >= counts).all():
            left = options.budget // len(groups) - int(counts.sum())
            rows = [
                row[:count][np.isfinite(row[:count])]
                for row, count in zip(flat[group], counts, strict=True)
            ]
            if left <= 0 or min(len(row) for row in rows) < 2:
                break
            added = allocate(
                [row.mean() for row in rows],
                [row.var(ddof=1) for row in rows],
                [len(row) for row in rows],
                min(left, options.batch * len(group)),
            )
            grown = np.minimum(counts + added, np.maximum(options.most, counts))
            if (grown == counts).all():
                break
            counts = grown
        wanted[group] = counts
    return wanted.reshape(values.shape[:2])


RULES: Mapping[str, Rule] = {
    "fixed": _fixed,
    "precision": _precision,
    "selection": _selection,
    "allocation": _allocation,
}

_NEEDS = {
    "fixed": (),
    "precision": ("outcome", "half_width"),
    "selection": ("outcome", "indifference"),
    "allocation": ("outcome", "budget"),
}
_TAKES = {
    "fixed": (),
    "precision": ("outcome", "variant", "half_width", "level", "look_ahead", "batch", "most"),
    "selection": ("outcome", "indifference", "level", "batch", "most", "among", "goal"),
    "allocation": ("outcome", "budget", "batch", "most", "among", "goal"),
}


@dataclass
class _Reading:
    """Reads the options of a rule, one after the other."""

    place: Position
    problems: Problems
    found: dict[str, Any] = field(default_factory=dict)

    def wrong(self, name: str, value: Any, remedy: str) -> None:
        self.problems.add((*self.place, name), f"{described(value)} is out of range", remedy)

    def number(self, name: str, value: Any, low: float, high: float) -> None:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and low < value < high:
            self.found[name] = float(value)
        else:
            above = f"above {low:g}" if high == math.inf else f"between {low:g} and {high:g}"
            self.wrong(name, value, f"write a number {above}")

    def whole(self, name: str, value: Any, low: int) -> None:
        if isinstance(value, int) and not isinstance(value, bool) and low <= value < 2**31:
            self.found[name] = value
        else:
            self.wrong(name, value, f"write a whole number of at least {low}")

    def word(self, name: str, value: Any, words: tuple[str, ...]) -> None:
        if value in words:
            self.found[name] = value
        else:
            self.problems.add(
                (*self.place, name), f"{described(value)} is not known", hint(value, words)
            )


def read_stopping(
    given: Any,
    outcomes: tuple[str, ...],
    variants: tuple[str, ...],
    place: Position,
    problems: Problems,
) -> Stopping:
    """Read the section on stopping; what is wrong with it goes to `problems`."""
    if not isinstance(given, Mapping):
        problems.add(
            place, f"{described(given)} stands where a section belongs", "write [stopping]"
        )
        return Stopping()
    rule = given.get("rule", "fixed")
    if rule not in RULES:
        problems.add((*place, "rule"), f"{described(rule)} is no rule", hint(rule, RULES))
        return Stopping()
    reading = _Reading(place, problems)
    for name, value in given.items():
        match name:
            case "rule":
                continue
            case _ if name not in _TAKES[rule]:
                problems.add(
                    (*place, name), f"unknown option of {rule}", hint(name, ("rule", *_TAKES[rule]))
                )
            case "outcome":
                reading.word(name, value, outcomes)
            case "variant":
                reading.word(name, value, variants)
            case "goal":
                reading.word(name, value, ("max", "min"))
            case "among":
                reading.word(name, value, ("variants", "cells"))
            case "level":
                reading.number(name, value, 0.0, 1.0)
            case "half_width" | "indifference":
                reading.number(name, value, 0.0, math.inf)
            case _:
                reading.whole(name, value, 0 if name == "look_ahead" else 1)
    for name in _NEEDS[rule]:
        if name not in given:
            problems.add(place, f"{name} is missing", f"{rule} needs it")
    return Stopping(rule=rule, **reading.found)
