"""Decisions: whether a programme is better, worse, equal or unknown; made once and told everywhere.

A sentence on the page, on the screen or in a table is made from a :class:`Decision` and says no more than
it does: two sentences about the same thing rest on the same interval, count and round alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.experiments.statistics import by_set, interval_of, mean_of
from sim.experiments.uncertainty import ROBUST_FROM, conclusion_of
from sim.experiments.variance_components import FEWEST_SETS, told_apart
from sim.outcomes.goals import (
    GOALS,
    OUTPUT,
    PAY,
    PAY_WITH_OUTPUT,
    SIZES,
    Goal,
    Size,
    band_of,
    size_of,
)
from sim.report.firms import series
from sim.scenario.rules import has_programme

if TYPE_CHECKING:
    from sim.experiments.comparison import Comparison

__all__ = ["Decision", "Decisions", "Verdict", "Why", "judged"]

Real = NDArray[np.float64]

Verdict = Literal["better", "worse", "equal", "unknown"]
"""`equal`: whatever the difference is, it is too small to notice; `unknown`: none of the three is shown."""

Why = Literal["interval", "chance", "assumptions", "few sets", "one firm", "undefined"]
"""What a verdict rests on (`interval`), or why there is none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What may be said about one goal of one variant against another.

    Attributes
    ----------
    goal, name, rival
        What is compared, and with whom.
    verdict, why
        See :data:`Verdict` and :data:`Why`.
    value, low, high
        Mean change for the better over firms and its 95 % interval, in the goal's unit; NaN if unknown.
        With several parameter sets, of the mean over these.
    firm_low, firm_high
        Between these lie 95 of 100 single firms.
    without
        Mean of what there is under the rival.
    better, same, firms
        In how many firms it is better, the same, and of how many.
    agree
        Share of parameter sets that have the direction of the mean; NaN without an ensemble.
    """

    goal: Goal
    name: str
    rival: str
    verdict: Verdict
    why: Why
    value: float
    low: float
    high: float
    firm_low: float
    firm_high: float
    without: float
    better: int
    same: int
    firms: int
    agree: float = math.nan

    @property
    def size(self) -> Size:
        """The word for the change."""
        return size_of(self.value, self.without)

    @property
    def noticeable(self) -> bool:
        """Whether it is more than too small to notice."""
        return self.size != SIZES[0][1]


def judged(low: float, high: float, *, band: float = 0.0) -> Verdict:
    """The verdict on a change for the better: nothing that its 95 % interval does not support.

    Parameters
    ----------
    low, high
        The interval; NaN if unknown.
    band
        Changes of less than this are too small to notice.
    """
    if low > 0.0:
        return "better"
    if high < 0.0:
        return "worse"
    return "equal" if -band < low and high < band else "unknown"


class Decisions:
    """All decisions of a comparison, each made when it is first asked for.

    Parameters
    ----------
    comparison
        Just made, or read from a folder.
    """

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.baseline = comparison.baseline
        self.without_programme = comparison.without_programme
        self.posts = float(comparison.manifest["scenario"]["organisation"]["employees"])
        costs = comparison.manifest["scenario"]["costs"]
        self.currency = str(costs.get("currency") or "")
        self._made: dict[tuple[str, str, str], Decision] = {}

    @cached_property
    def paying(self) -> list[str]:
        """Variants whose money can be told about: the baseline too, if it has a programme."""
        found = self.comparison
        if found.why_no_value is not None:
            return []
        settings = {name: found.scenario.variant(name).settings for name in found.variants}
        return [name for name in found.variants if has_programme(settings[name])]

    @cached_property
    def firms(self) -> dict[str, dict[str, Real]]:
        """Outcomes of every firm in the order of replicates, by variant and outcome."""
        found: dict[str, dict[str, Real]] = {}
        for (variant, name), (values,) in series(self.comparison.outcomes, "replicate", "value"):
            found.setdefault(variant, {})[name] = values
        return found

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        """The goals that can be told about: results of earlier versions may lack some."""
        found = []
        for goal in GOALS:
            try:
                self.level(goal, self.baseline)
            except KeyError:
                continue
            found.append(goal)
        return tuple(found)

    def level(self, goal: Goal, name: str) -> Real:
        """What there is of a goal in every firm under a variant; NaN where undefined."""
        base = self.firms[self.without_programme or self.baseline]
        return np.asarray(goal.level(self.firms[name], base, self.posts))

    def of(self, goal: Goal, name: str) -> Decision:
        """A variant against the baseline."""
        return self.between(goal, name, self.baseline)

    def pays(self, name: str) -> Decision:
        """Whether a programme pays for itself by the quits it prevents, against the variant without one."""
        assert self.without_programme is not None
        return self.between(PAY, name, self.without_programme)

    @property
    def counts_output(self) -> bool:
        """Whether what people produce can be told in money: not of results that an earlier version wrote."""
        base = self.firms[self.without_programme or self.baseline]
        return "output_for_pay" in base and "payroll" in base

    def output(self, name: str) -> Decision:
        """What people produce more than in the variant without a programme, valued at their pay."""
        assert self.without_programme is not None
        return self.between(OUTPUT, name, self.without_programme)

    def pays_with_output(self, name: str) -> Decision:
        """Whether a programme pays if what people produce more is set against its cost, too."""
        assert self.without_programme is not None
        return self.between(PAY_WITH_OUTPUT, name, self.without_programme)

    def between(self, goal: Goal, name: str, rival: str) -> Decision:
        """A variant against another, firm by firm."""
        key = (goal.key, name, rival)
        if key not in self._made:
            self._made[key] = self._decide(goal, name, rival)
        return self._made[key]

    def _decide(self, goal: Goal, name: str, rival: str) -> Decision:
        own, other = self.level(goal, name), self.level(goal, rival)
        change = goal.sign * (own - other)
        known = np.isfinite(change)
        change, sets = change[known], self.comparison.sets
        numbers = None if sets is None else sets[known]
        means = by_set(change, numbers)
        low, high = interval_of(means, 0.95)
        ends = (math.nan, math.nan)
        if len(change) > 1:
            ends = (float(np.quantile(change, 0.025)), float(np.quantile(change, 0.975)))
        usual = mean_of(self.level(goal, self.without_programme or self.baseline))
        band = 0.0 if goal.is_money else band_of(usual)
        verdict, why, agree = judged(low, high, band=band), self._reason(change, low), math.nan
        if why != "interval":
            verdict = "unknown"
        elif numbers is not None and rival in (self.baseline, self.without_programme):
            verdict, why, agree = self._over_sets(goal, name, rival, change, numbers, verdict, band)
        if verdict == "unknown" and why == "interval":
            why = "chance"
        return Decision(
            goal, name, rival, verdict, why, mean_of(means), low, high, *ends, usual,
            int((change > 0.0).sum()), int((change == 0.0).sum()), len(change), agree,
        )  # fmt: skip

    def _reason(self, change: Real, low: float) -> Why:
        if not len(change):
            return "undefined"
        return "interval" if math.isfinite(low) else "one firm"

    def _over_sets(
        self,
        goal: Goal,
        name: str,
        rival: str,
        change: Real,
        numbers: NDArray[np.int64],
        verdict: Verdict,
        band: float,
    ) -> tuple[Verdict, Why, float]:
        """Against no programme the verdict is the ensemble's: nearly all sets must agree.

        Which of two programmes does more is asked of their mean over the sets, as one who must choose
        has to.
        """
        if len(np.unique(numbers)) < FEWEST_SETS:
            return "unknown", "few sets", math.nan
        apart = told_apart(change, numbers)
        agree = apart.same_direction
        if math.isnan(agree):
            return "unknown", "few sets", agree
        if verdict == "equal" and abs(apart.mean) + apart.sets < band:
            return verdict, "interval", agree
        if verdict in ("better", "worse") and agree >= ROBUST_FROM:
            return verdict, "interval", agree
        hinged = rival == self.baseline and bool(self.hinges(goal, name))
        depends = conclusion_of(apart, hinged=hinged) == "depends"
        return "unknown", "assumptions" if depends else "chance", agree

    @cached_property
    def _hinges(self) -> dict[tuple[str, str], tuple[str, ...]]:
        try:
            table = self.comparison.uncertainty if self.comparison.sets is not None else None
        except InputError:
            table = None
        if table is None or "hinges_on" not in table.columns:
            return {}
        return {
            (str(row["variant"]), str(row["outcome"])): tuple(
                word for word in str(row["hinges_on"]).split(", ") if word
            )
            for row in table.to_dict("records")
        }

    def hinges(self, goal: Goal, name: str) -> tuple[str, ...]:
        """The parameters that a change goes with, strongest first; none without an ensemble."""
        return self._hinges.get((name, goal.outcome), ())
