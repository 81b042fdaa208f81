"""What changes in the headlines, and when: charts, the tables beside them, who is ahead of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.outcomes import CURVES, Outcome
from sim.report.page.answer import Standing, standings
from sim.report.page.charts import MOST_LINES, Line, interval_chart, lines_chart
from sim.report.page.view import Verdict, View, shown_unit, verdict_of
from sim.report.page.words import Amount, level, listed, named, out_of

__all__ = ["Course", "EffectRow", "Headline", "courses", "headlines"]

_CURVES = ("innovation", "engagement", "retention")
_MOST_YEARS = 6


@dataclass(frozen=True, slots=True)
class EffectRow:
    """One variant in the table of a headline."""

    name: str
    without: str
    own: str
    amount: Amount
    often: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline: takeaway, chart, table, and who is ahead of whom."""

    key: str
    title: str
    meaning: str
    unit: str
    takeaway: str
    chart: Markup | None
    rows: tuple[EffectRow, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """One outcome month by month: chart, and a table of single months."""

    key: str
    title: str
    unit: str
    chart: Markup
    months: tuple[int, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    left_out: int


def headlines(view: View) -> tuple[Headline, ...]:
    """Every headline; nothing if there is nothing to compare."""
    return tuple(_headline(view, item) for item in view.headlines) if view.others else ()


def _headline(view: View, item: Outcome) -> Headline:
    rows = []
    for name in view.others:
        amount, (without, own) = view.effect(name, item), view.means(name, item)
        better, same, firms = view.counts(name, item)
        often = out_of(better, firms) + (f"; same in {same:,}" if same else "") if firms else "–"
        verdict = verdict_of(amount, item.higher_is_better)
        rows.append(EffectRow(name, level(without), level(own), amount, often, verdict))
    known = [(row.name, row.amount) for row in rows if row.amount.known]
    told = {verdict: [row.name for row in rows if row.verdict == verdict] for verdict in _TOLD}
    chart = None
    if known:
        numbers = "; ".join(
            f"{name}: {amount.text}, 95 % interval {amount.interval}" for name, amount in known[:12]
        )
        chart = interval_chart(
            known,
            better="more is better →" if item.higher_is_better else "← less is better",
            key=f"effect-{item.name}",
            title=f"{item.title}: change against “{view.baseline}”",
            description=f"{numbers}. All numbers are in the table that follows.",
        )
    return Headline(
        key=item.name,
        title=item.title,
        meaning=item.meaning,
        unit=shown_unit(item)[1],
        takeaway=_takeaway(view, told, len(known)),
        chart=chart,
        rows=tuple(rows),
        standings=standings(view, item) if len(view.others) > 1 and view.firms > 1 else (),
    )


_TOLD: tuple[Verdict, ...] = ("better", "worse", "unclear", "single")


def _takeaway(view: View, told: dict[Verdict, list[str]], known: int) -> str:
    """What the chart shows, in one sentence."""
    against = named(view.baseline)
    if not known:
        return "It is undefined in these firms."
    if told["single"]:
        return "One firm: a difference, but no telling it from chance."
    parts = []
    for verdict, words in (("better", "better than"), ("worse", "worse than")):
        if told[verdict]:  # type: ignore[index]
            names = listed([named(name) for name in told[verdict]])  # type: ignore[index]
            parts.append(f"{names}: {words} {against}")
    if told["unclear"]:
        names = listed([named(name) for name in told["unclear"]])
        parts.append(f"{names}: cannot be told apart from {against}")
    return f"{'; '.join(parts)}."


def courses(view: View) -> tuple[Course, ...]:
    """The headlines month by month."""
    if not view.others:
        return ()
    return tuple(_course(view, item) for item in CURVES if item.name in _CURVES)


def _course(view: View, item: Outcome) -> Course:
    factor, unit = shown_unit(item)
    monthly = view.comparison.monthly
    lines = []
    for name in view.others:
        rows = monthly[(monthly["outcome"] == item.name) & (monthly["variant"] == name)]
        rows = rows.sort_values("month")
        numbers = (
            factor * rows[key].to_numpy(dtype=float)
            for key in ("difference", "difference_low", "difference_high")
        )
        lines.append(Line(name, *numbers))
    start = int(view.manifest["window_start"])
    months = _months(start, view.comparison.scenario.months)
    return Course(
        key=item.name,
        title=item.title,
        unit=unit,
        chart=lines_chart(
            lines,
            unit=unit,
            start=start,
            key=f"course-{item.name}",
            title=f"{item.title}: change against “{view.baseline}”, month by month",
            description=f"Mean change over the firms in {unit}. Single months are in the table that "
            "follows, every month in monthly.csv.",
        ),
        months=months,
        rows=tuple((line.name, _cells(line, months, unit)) for line in lines),
        left_out=max(0, len(lines) - MOST_LINES),
    )


def _months(start: int, months: int) -> tuple[int, ...]:
    """The ends of years since the start, at most six of them, and the last month."""
    every = list(range(start + 11, months, 12))
    step = -(-len(every) // _MOST_YEARS) if every else 1
    return tuple(sorted({*every[step - 1 :: step], months - 1}))


def _cells(line: Line, months: Sequence[int], unit: str) -> tuple[str, ...]:
    cells = []
    for month in months:
        mean, low, high = (float(part[month]) for part in (line.mean, line.low, line.high))
        amount = Amount(mean, low, high, unit)
        cells.append(f"{amount.text} ({amount.interval})" if amount.has_interval else amount.text)
    return tuple(cells)
