"""What conclusions hinge on, in plain words: parameters by their declared meaning, effects by thirds."""

from __future__ import annotations

from dataclasses import dataclass

from sim.outcomes.declared import outcome as outcome_named
from sim.outcomes.outcome import Outcome
from sim.report.page.view import Row, View
from sim.report.words import Amount, named, number_word

__all__ = ["Hinging", "Hinted", "hinging", "hints_of", "third"]


@dataclass(frozen=True, slots=True)
class Hinted:
    """A parameter in words: what it means, which part of the model it is of, how well it is known."""

    key: str
    meaning: str
    part: str
    grade: str


@dataclass(frozen=True, slots=True)
class Hinging:
    """A parameter, what becomes of the effect that goes with it most, and how many others do."""

    parameter: Hinted
    effect: str


def hints_of(row: Row) -> tuple[Hinted, ...]:
    """The parameters that an effect goes with, strongest first."""
    keys, grades = (
        [word for word in str(row[name]).split(", ") if word] for name in ("hinges_on", "grades")
    )
    return tuple(_hinted(key, grade) for key, grade in zip(keys, grades, strict=True))


def _hinted(key: str, grade: str) -> Hinted:
    """In the words of the declaration; without them where an extension that made it is not loaded."""
    from sim.scenario.schema import sections

    section, _, name = key.partition(".")
    group = sections().get(section)
    known = group is not None and name in group.names()
    return Hinted(
        key,
        meaning=group[name].meaning.rstrip(".") if group is not None and known else key,
        part=group.title if group is not None else "",
        grade=grade,
    )


def hinging(view: View) -> tuple[Hinging, ...]:
    """The parameters on which headline conclusions hinge that depend; those of most conclusions first."""
    found: dict[Hinted, list[tuple[float, str]]] = {}
    for goal in view.decisions.goals:
        item = outcome_named(goal.outcome)
        for name in view.others if goal.key != "start" else ():
            row = view.sureness(name, item)
            hints = hints_of(row)
            if view.decisions.of(goal, name).why == "assumptions" and hints:
                text = (
                    f"{item.title} under {named(name)}: {third(row, 'lowest', item)} in the third of "
                    f"sets where it is lowest, {third(row, 'highest', item)} where it is highest"
                )
                found.setdefault(hints[0], []).append((abs(float(row["correlation"])), text))
    order = sorted(found.items(), key=lambda entry: (-len(entry[1]), -max(entry[1])[0]))
    return tuple(Hinging(parameter, _told(effects)) for parameter, effects in order)


def _told(effects: list[tuple[float, str]]) -> str:
    """The strongest, and the number of the rest."""
    rest = len(effects) - 1
    ending = {0: ".", 1: "; one more hinges on it."}
    more = f"; {number_word(rest)} more hinge on it."
    return f"{max(effects)[1]}{ending.get(rest, more)}"


def third(row: Row, which: str, item: Outcome) -> str:
    """Mean effect in the third of the sets where the first parameter is lowest or highest, as text."""
    mean, low, high = (float(row[f"effect_{which}{end}"]) for end in ("", "_low", "_high"))
    amount = Amount(mean, low, high, item.unit_of_differences)
    return f"{amount.text} ({amount.interval})" if amount.known else "–"
