"""How sure: which conclusions hold over the ensemble, and what those that do not hinge on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from sim.experiments.sensitivity import ENOUGH_SETS
from sim.experiments.variance_components import FEWEST_SETS
from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.outcome import Outcome
from sim.report.page.charts import interval_panel
from sim.report.page.hinging import Hinging, Hinted, hinging, hints_of, third
from sim.report.page.view import Row, View
from sim.report.words import Amount, capitalised, counted, named, number_word

__all__ = ["Goes", "Panel", "Sure", "SureRow", "conclusion_on", "items_of", "sets_in_words", "sure"]

_ROOM = 18.0
"""Height of a row: a third of a sheet has room for twelve variants."""

_MOST_HINGES = 2


@dataclass(frozen=True, slots=True)
class Panel:
    """One headline: chart and takeaway; no chart where nothing can be told."""

    title: str
    unit: str
    chart: Markup | None
    takeaway: str


@dataclass(frozen=True, slots=True)
class SureRow:
    """One effect in the details; texts as shown."""

    name: str
    mean: str
    chance: str
    whole: str
    sets: str
    agree: str
    share: str
    conclusion: str


@dataclass(frozen=True, slots=True)
class Goes:
    """An effect that goes with parameters: its mean where the first of them is lowest, and highest."""

    effect: str
    conclusion: str
    parameters: tuple[Hinted, ...]
    lowest: str
    highest: str


@dataclass(frozen=True, slots=True)
class Sure:
    """The section.

    Attributes
    ----------
    message
        Why nothing is told; empty if something is.
    sets
        The parameter sets in words.
    panels, rows
        Charts, and every headline's title and unit with its table.
    going
        Every headline effect that goes with a parameter.
    hinges
        The parameters that most of the conclusions that depend hinge on.
    remark
        What this leaves out, as a sentence; empty if nothing.
    """

    message: str
    sets: str
    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, str, tuple[SureRow, ...]], ...]
    going: tuple[Goes, ...]
    hinges: tuple[Hinging, ...]
    remark: str


def sure(view: View) -> Sure | None:
    """The section; None without an ensemble, or without a variant to compare."""
    if not view.parameter_sets or not view.others:
        return None
    if view.uncertainty is None:
        message = (
            "These results come from an earlier version, which did not keep what is told here. Compare "
            "again to see it."
        )
        return Sure(message, "", (), (), (), (), "")
    if view.parameter_sets < FEWEST_SETS:
        message = (
            f"{capitalised(counted(view.parameter_sets, 'parameter set'))} cannot tell what depends on the "
            f"parameters. Use {2 * ENOUGH_SETS} simulated firms or more: every two take another set."
        )
        return Sure(message, "", (), (), (), (), "")
    found = hinging(view)
    return Sure(
        message="",
        sets=sets_in_words(view, parameters=False),
        panels=tuple(_panel(view, item) for item in items_of(view)),
        rows=tuple(
            (item.title, item.unit_of_differences, tuple(_rows(view, item)))
            for item in items_of(view)
        ),
        going=tuple(_going(view)),
        hinges=found[:_MOST_HINGES],
        remark=_remark(view, found),
    )


def sets_in_words(view: View, *, parameters: bool = True) -> str:
    """How many sets, of how many `parameters` if that is wanted, and where they are from."""
    made = view.manifest.get("ensemble") or {}
    text = counted(view.parameter_sets, "parameter set")
    if parameters and "parameters" in made:
        text += f" of {counted(int(made['parameters']), 'parameter')}"
    if not made.get("shipped", True):
        return f"{text} from a file"
    agree = "agrees" if view.parameter_sets == 1 else "agree"
    return f"{text} that {agree} with published figures"


def _panel(view: View, item: Outcome) -> Panel:
    rows, labels, words = [], [], []
    counts: Counter[str] = Counter()
    for name in view.others:
        row = view.sureness(name, item)
        conclusion = conclusion_on(view, name, item)
        counts[conclusion] += 1
        amount = _amount(row, item)
        if amount.known:
            rows.append((name, amount))
            labels.append(conclusion)
            words.append(f"{name}: {view.effect(name, item).text}, {conclusion}")
    chart = None
    if rows:
        chart = interval_panel(
            rows,
            key=f"sure-{item.name}",
            title=f"{item.title}: what chance and the parameters leave open",
            description=f"{'; '.join(words[:12])}. All numbers are in the details.",
            labels=labels,
            room=_ROOM,
        )
    parts = [f"{name}: {number_word(counts[name])}" for name in _ORDER if counts[name]]
    return Panel(item.title, item.unit_of_differences, chart, f"{capitalised('; '.join(parts))}.")


_ORDER = ("holds", "no difference", "depends", "not clear", "cannot be told", "undefined")


def items_of(view: View) -> list[Outcome]:
    """The outcomes that goals are made from."""
    return [outcome_named(goal.outcome) for goal in view.decisions.goals if goal.key != "start"]


def conclusion_on(view: View, name: str, item: Outcome) -> str:
    """The decision about the goal that an outcome belongs to, in a word for analysts."""
    goal = next(goal for goal in view.decisions.goals if goal.outcome == item.name)
    one = view.decisions.of(goal, name)
    if one.verdict == "equal":
        return "no difference"
    if one.verdict != "unknown":
        return "holds"
    words = {"assumptions": "depends", "chance": "not clear", "undefined": "undefined"}
    return words.get(one.why, "cannot be told")


def _amount(row: Row, item: Outcome) -> Amount:
    """Chance as the interval, and the sets where charts show single firms."""
    names = ("difference", "chance_low", "chance_high", "sets_low", "sets_high")
    mean, low, high, least, most = (float(row[name]) for name in names)
    return Amount(mean, low, high, item.unit_of_differences, firm_low=least, firm_high=most)


def _rows(view: View, item: Outcome) -> Iterator[SureRow]:
    for name in view.others:
        row = view.sureness(name, item)
        amount, whole = _amount(row, item), view.effect(name, item)
        yield SureRow(
            name=name,
            mean=whole.text,
            chance=amount.interval,
            whole=whole.interval,
            sets=amount.firms,
            agree=_percent(float(row["same_direction"])),
            share=_percent(float(row["share_of_ignorance"])),
            conclusion=conclusion_on(view, name, item),
        )


def _going(view: View) -> Iterator[Goes]:
    for item in items_of(view):
        for name in view.others:
            row = view.sureness(name, item)
            if hints := hints_of(row):
                yield Goes(
                    f"{item.title} under {named(name)}, {item.unit_of_differences}",
                    conclusion_on(view, name, item),
                    hints,
                    third(row, "lowest", item),
                    third(row, "highest", item),
                )


def _percent(share: float) -> str:
    """Whole, and never 100 where it is less."""
    if share != share:
        return "–"
    return f"{min(99, round(100.0 * share)) if share < 1.0 else 100}\N{NO-BREAK SPACE}%"


def _remark(view: View, found: Sequence[Hinging]) -> str:
    """What the list of parameters leaves out, as a sentence; empty if nothing."""
    rows = [view.sureness(name, item) for item in items_of(view) for name in view.others]
    mute = [row for row in rows if row["conclusion"] == "depends" and not row["hinges_on"]]
    if mute and view.parameter_sets < ENOUGH_SETS:
        return (
            f"What they hinge on is only looked for with {ENOUGH_SETS} parameter sets or more, which "
            f"{2 * ENOUGH_SETS} firms give."
        )
    parts = []
    if (more := len(found) - _MOST_HINGES) > 0:
        parts.append(f"{number_word(more)} more parameter{'s' if more > 1 else ''} in the details")
    if mute:
        who = "one conclusion hinges" if len(mute) == 1 else f"{number_word(len(mute))} hinge"
        parts.append(f"{who} on none that stands out among {view.parameter_sets:,} sets")
    return f"{capitalised('; '.join(parts))}." if parts else ""
