"""What changes in the headlines, and when: charts, the tables beside them, who is ahead of whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.outcomes.declared import CURVES
from sim.outcomes.outcome import Outcome
from sim.report.page.answer import Standing, standings
from sim.report.page.charts import MOST_ROWS, Line, interval_panel, months_panel
from sim.report.page.view import Verdict, View, shown_unit, verdict_of
from sim.report.words import Amount, capitalised, level, listed, named, number_word, out_of

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
    """One headline: takeaway, chart, and for the details a table and who is ahead of whom."""

    key: str
    title: str
    meaning: str
    unit: str
    better: str
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
        chart = interval_panel(
            known,
            key=f"effect-{item.name}",
            title=f"{item.title}: change against “{view.baseline}”",
            description=f"{numbers}. Intervals are in the table at a glance, all numbers in the details.",
        )
    return Headline(
        key=item.name,
        title=item.title,
        meaning=item.meaning,
        unit=shown_unit(item)[1],
        better="more is better →" if item.higher_is_better else "← less is better",
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
    parts: list[str] = []
    told_words: tuple[tuple[Verdict, str], ...] = (
        ("better", "better than {}"), ("worse", "worse than {}"),
        ("unclear", "cannot be told apart from {}"),
    )  # fmt: skip
    for verdict, words in told_words:
        names = told[verdict]
        if names:
            every = len(names) == known > 2
            who = f"all {number_word(known)}" if every else _who(names)
            parts.append(f"{who} {words.format('it' if parts else against)}")
    return capitalised(f"{'; '.join(parts)}.")


def _who(names: Sequence[str]) -> str:
    if len(names) > 2:
        return number_word(len(names))
    return listed([named(name) for name in names])


def courses(view: View) -> tuple[Course, ...]:
    """The headlines month by month."""
    if not view.others:
        return ()
    return tuple(_course(view, item) for item in CURVES if item.name in _CURVES)


def _course(view: View, item: Outcome) -> Course:
    factor, unit = shown_unit(item)
    lines = []
    for name in view.others:
        mean, low, high = view.months(name, item.name)
        lines.append(Line(name, factor * mean, factor * low, factor * high))
    start = int(view.manifest["window_start"])
    months = _months(start, view.comparison.scenario.months)
    return Course(
        key=item.name,
        title=item.title,
        unit=unit,
        chart=months_panel(
            lines,
            start=start,
            key=f"course-{item.name}",
            title=f"{item.title}: change against “{view.baseline}”, month by month",
            description=f"Mean change over the firms in {unit}. Single months are in the details, every "
            "month in monthly.csv.",
        ),
        months=months,
        rows=tuple((line.name, _cells(line, months, unit)) for line in lines),
        left_out=max(0, len(lines) - MOST_ROWS),
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
