"""What changes, in people: charts with the interval and single firms, who is ahead of whom, and when it happens."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from sim.outcomes.declared import CURVES
from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.goals import Goal
from sim.outcomes.outcome import Outcome
from sim.report.decisions import Decision, Verdict
from sim.report.dose import PerMeeting, per_meetings, programmes_of, sizes_differ
from sim.report.page.charts import MOST_ROWS, Line, interval_panel, months_panel
from sim.report.page.view import View
from sim.report.said import MARKS, cell, count, range_of
from sim.report.wording import decimals_for, signed
from sim.report.words import Amount, capitalised, level, listed, named, number_word, out_of

__all__ = [
    "Course",
    "NumberRow",
    "Numbers",
    "Panel",
    "Standing",
    "chart_of",
    "courses",
    "each_meeting",
    "numbers",
    "panels",
    "pay_panel",
    "standings",
    "takeaway",
]

Real = NDArray[np.float64]

_MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class Panel:
    """One goal: takeaway and chart; no chart where nothing is known."""

    key: str
    title: str
    unit: str
    takeaway: str
    chart: Markup | None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One variant in the numbers of an outcome; texts as shown."""

    name: str
    without: str
    own: str
    amount: Amount
    often: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """An outcome in its own unit, for analysts."""

    key: str
    title: str
    unit: str
    meaning: str
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a variant compares with the others in one goal, pair by pair."""

    name: str
    ahead: tuple[str, ...]
    behind: tuple[str, ...]
    equal: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One outcome month by month, in people: chart, and a table of single months."""

    key: str
    title: str
    unit: str
    chart: Markup
    months: tuple[int, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int


def panels(view: View) -> tuple[Panel, ...]:
    """Every goal that is counted in people or ideas."""
    if not view.others:
        return ()
    return tuple(
        _panel(view, goal, [view.decisions.of(goal, name) for name in view.others])
        for goal in view.decisions.goals
        if goal.key != "start"
    )


def each_meeting(view: View) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Where programmes differ in size: every programme's change per hundred meetings, with its interval."""
    decisions = view.decisions
    if not view.others or decisions.without_programme is None or not sizes_differ(decisions):
        return ()
    goals = [goal for goal in decisions.goals if goal.key != "start"]
    return tuple(
        (name, tuple(_per_meeting(per_meetings(decisions, goal, name)) for goal in goals))
        for name in programmes_of(decisions)
    )


def _per_meeting(one: PerMeeting) -> tuple[str, str]:
    decimals = decimals_for(one.low, one.high)
    if not math.isfinite(one.value):
        return "–", ""
    ends = (signed(one.low, decimals), signed(one.high, decimals))
    return signed(one.value, decimals), f"{ends[0]} to {ends[1]}" if math.isfinite(one.low) else ""


def pay_panel(view: View) -> Panel | None:
    """Whether programmes pay; None where that is not told."""
    return _pay_panel(view) if view.paying else None


def _panel(view: View, goal: Goal, told: Sequence[Decision]) -> Panel:
    unit = "people, more is better" if goal.key != "ideas" else "ideas a year, more is better"
    if goal.key == "stay":
        unit = "people a year, more is better"
    against = f"change against “{view.baseline}”"
    return Panel(
        goal.key, goal.title, unit, takeaway(told), chart_of(told, f"{goal.title}: {against}", "")
    )


def _pay_panel(view: View) -> Panel:
    told = [view.decisions.pays(name) for name in view.paying]
    currency = view.decisions.currency or "currency"
    return Panel(
        "pay", "Left over after the quits it prevents", f"{currency} a year, right of zero pays",
        takeaway(told), chart_of(told, "What is left over a year", view.decisions.currency),
    )  # fmt: skip


def chart_of(told: Sequence[Decision], title: str, currency: str) -> Markup | None:
    """Mean, 95 % interval and single firms of decisions about one goal."""
    known = [one for one in told if one.value == one.value]
    if not known:
        return None
    rows = [
        (
            one.name,
            Amount(
                one.value, one.low, one.high, "", firm_low=one.firm_low, firm_high=one.firm_high
            ),
            one.verdict,
        )
        for one in known
    ]
    words = "; ".join(
        f"{one.name}: {cell(one, currency)}, {range_of(one, currency)}" for one in known[:12]
    )
    return interval_panel(
        [(name, amount) for name, amount, _ in rows],
        key=f"chart-{known[0].goal.key}",
        title=title,
        description=f"{words}. The same numbers are in the first table.",
        labels=[cell(one, currency) for one in known],
        told=[verdict != "unknown" for *_, verdict in rows],
    )


_SAID: tuple[tuple[Verdict, str], ...] = (
    ("better", "better"), ("worse", "worse"), ("equal", "no difference"),
    ("unknown", "cannot tell"),
)  # fmt: skip


def takeaway(told: Sequence[Decision]) -> str:
    """What the chart shows, in one sentence."""
    if all(one.why == "undefined" for one in told):
        return "Undefined in these firms."
    if all(one.why == "one firm" for one in told):
        return "One firm: a difference, but no telling it from chance."
    parts = []
    for verdict, words in _SAID:
        names = [one.name for one in told if one.verdict == verdict]
        if not names:
            continue
        which = (
            number_word(len(names)) if len(names) > 2 else listed([named(name) for name in names])
        )
        which = "all" if len(names) == len(told) > 2 else which
        parts.append(f"{MARKS[verdict]} {words}: {which}")
    return capitalised(f"{'; '.join(parts)}.")


def standings(view: View, goal: Goal) -> tuple[Standing, ...]:
    """Every variant against every other, in the same firms; in the scenario's order, never ranked."""
    found = []
    for name in view.others:
        sets: dict[Verdict, list[str]] = {"better": [], "worse": [], "equal": [], "unknown": []}
        for rival in view.others:
            if rival != name:
                sets[view.decisions.between(goal, name, rival).verdict].append(rival)
        found.append(Standing(name, *(tuple(names) for names in sets.values())))
    return tuple(found)


def numbers(view: View) -> tuple[Numbers, ...]:
    """Outcomes in their own units: those of the goals, and the other headlines."""
    if not view.others:
        return ()
    items = [outcome_named(goal.outcome) for goal in view.decisions.goals]
    items += [item for item in view.headlines if item not in items]
    return tuple(_numbers(view, item) for item in items)


def _numbers(view: View, item: Outcome) -> Numbers:
    rows = []
    for name in view.others:
        amount, (without, own) = view.effect(name, item), view.means(name, item)
        better, same, firms = view.counts(name, item)
        often = out_of(better, firms) + (f"; same in {same:,}" if same else "") if firms else "–"
        rows.append(NumberRow(name, level(without), level(own), amount, often))
    return Numbers(item.name, item.title, item.unit_of_differences, item.meaning, tuple(rows))


_CURVES = (
    ("engaged", "People engaged", "more people engaged in the month"),
    ("innovation", "Ideas carried out", "more ideas, at the month’s pace a year"),
    ("retention", "Still there", "more of the first day’s people still there"),
)


def courses(view: View) -> tuple[Course, ...]:
    """Month by month, in people of the firm."""
    if not view.others:
        return ()
    known = {item.name for item in CURVES} & set(view.comparison.monthly["outcome"].unique())
    return tuple(_course(view, *one) for one in _CURVES if one[0] in known)


def _course(view: View, key: str, title: str, unit: str) -> Course:
    factor = view.decisions.posts / 100.0
    lines = []
    for name in view.others:
        mean, low, high = view.months(name, key)
        lines.append(
            Line(name, factor * mean, factor * low, factor * high, _label(factor * mean, key))
        )
    start = int(view.manifest["window_start"])
    months = _months(start, view.comparison.scenario.months)
    return Course(
        key=key,
        title=title,
        unit=unit,
        chart=months_panel(
            lines,
            start=start,
            key=f"course-{key}",
            title=f"{title}: change against “{view.baseline}”, month by month",
            description=f"Mean change over the firms: {unit}. Single months are in the appendix, every "
            "month in monthly.csv.",
        ),
        months=months,
        rows=tuple((line.name, _cells(line, months)) for line in lines),
        left_out=max(0, len(lines) - MOST_ROWS),
    )


def _label(mean: Real, key: str) -> str:
    """The mean of the last year, of which single months say little; of what grows, where it has got to."""
    known = mean[np.isfinite(mean)]
    if not known.size:
        return "–"
    number = float(known[-1] if key == "retention" else known[-12:].mean())
    return f"{'−' if number < 0.0 else '+'}{count(number)}"


def _months(start: int, months: int) -> tuple[int, ...]:
    """The ends of years since the start, at most six of them, and the last month."""
    every = list(range(start + 11, months, 12))
    step = -(-len(every) // _MOST_YEARS) if every else 1
    return tuple(sorted({*every[step - 1 :: step], months - 1}))


def _cells(line: Line, months: Sequence[int]) -> tuple[str, ...]:
    cells = []
    for month in months:
        mean, low, high = (float(part[month]) for part in (line.mean, line.low, line.high))
        amount = Amount(mean, low, high, "", most_decimals=1)
        known = amount.has_interval and not np.isnan(mean)
        cells.append(f"{amount.text} ({amount.interval})" if known else amount.text)
    return tuple(cells)
