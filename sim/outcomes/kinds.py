"""Kinds of outcomes: rates, shares, differences of groups, each made from its measures and its words."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.columns import M
from sim.outcomes.outcome import SHARE, Context, Outcome, Real, Sums, divided

__all__ = ["each_cohort", "gap", "gaps", "kept", "per_100", "ratio", "skill", "yearly"]


def ratio(
    name: str,
    title: str,
    unit: str,
    better: bool | None,
    top: str,
    bottom: str,
    meaning: str,
    *,
    factor: float = 1.0,
    kind: str = "",
    **marks: Any,
) -> Outcome:
    """``factor · Σ top / Σ bottom``; undefined in a firm without skills of the `kind` that it is about."""

    def of(sums: Sums, context: Context) -> Real:
        value = divided(factor * sums[top], sums[bottom])
        return np.full_like(value, np.nan) if kind and not context.skills[kind] else value

    for measure in (top, bottom):
        assert measure in M, measure
    scale = f"{factor:g} · " if factor != 1.0 else ""
    text = f"{scale}Σ {top} / Σ {bottom}"
    return Outcome(name, title, unit, meaning, text, better, of, **marks)


def per_100(
    name: str, title: str, better: bool | None, top: str, what: str, **marks: Any
) -> Outcome:
    """``1200 · Σ top / Σ headcount``: what happens per 100 employees and year."""
    unit = "per 100 employee-years"
    meaning = f"{what} per 100 employees and year."
    return ratio(name, title, unit, better, top, "headcount", meaning, factor=1200.0, **marks)


def yearly(name: str, title: str, what: str) -> Outcome:
    """``12 · Σ measure / months``: people of the whole firm in a year."""

    def of(sums: Sums, context: Context) -> Real:
        return np.asarray(12.0 * sums[name] / context.months)

    assert name in M, name
    meaning = f"{what}, in the whole firm."
    text = f"12 · Σ {name} / months"
    return Outcome(name, title, "people per year", meaning, text, False, of)


def kept(name: str, title: str, left: str, base: str, meaning: str, **marks: Any) -> Outcome:
    """``100 · (1 - Σ left / Σ base)``."""

    def of(sums: Sums, context: Context) -> Real:
        return 100.0 - divided(100.0 * sums[left], sums[base])

    text = f"100 · (1 - Σ {left} / Σ {base})"
    return Outcome(name, title, SHARE, meaning, text, True, of, **marks)


def skill(kind: str, what: str) -> Outcome:
    """Mean level of the skills of a kind, over people and months."""
    title = f"{kind.capitalize()} skills"
    meaning = f"Mean level of {what}, over people and months."
    return ratio(f"skill_{kind}", title, "0 to 1", True, kind, "headcount", meaning, kind=kind,
                  curve="monthly", by_group=True)  # fmt: skip


def gap(
    name: str, title: str, unit: str, of_each: str, one: str, other: str, words: str, factor: float
) -> Outcome:
    """``factor · (Σ one_of / Σ one - Σ other_of / Σ other)``: a difference within one firm.

    `other` is "others" for all who are not counted in `one`. Quits are over the person-months in which a
    quit of that group could have happened, states over those in which they were seen.
    """
    people = ("headcount", one, other)
    if of_each == "quits":
        people = ("at_risk", f"{one}_at_risk", f"{other}_at_risk")
    whole, mine, theirs = people

    def of(sums: Sums, context: Context) -> Real:
        if other == "others":
            rest = divided(sums[of_each] - sums[f"{one}_{of_each}"], sums[whole] - sums[mine])
        else:
            rest = divided(sums[f"{other}_{of_each}"], sums[theirs])
        return np.asarray(factor * (divided(sums[f"{one}_{of_each}"], sums[mine]) - rest))

    rest = f"Σ {other}_{of_each} / Σ {theirs}"
    if other == "others":
        rest = f"(Σ {of_each} - Σ {one}_{of_each}) / (Σ {whole} - Σ {mine})"
    scale = f"{factor:g} · " if factor != 1.0 else ""
    text = f"{scale}(Σ {one}_{of_each} / Σ {mine} - {rest})"
    return Outcome(name, title, unit, words, text, None, of)


_SEEN = (
    "{what} of those who take part or ever did, less that of all others in the same firm: what a "
    "dashboard shows, not what the programme did."
)
_BY_LOT = (
    "{what} of those whom the first lot about them drew, less that of those whom it did not draw, "
    "whether they then got a mentor or not; undefined without a lottery."
)


def gaps() -> list[Outcome]:
    """Participants against others, and the drawn against those not drawn, in three things."""
    found = []
    for kind, words, one, other in (
        ("naive", _SEEN, "joiners", "others"),
        ("lottery", _BY_LOT, "drawn", "undrawn"),
    ):
        for of_each, what, unit, factor in (
            ("quits", "Rate of quitting", "per 100 employee-years", 1200.0),
            ("engagement", "Mean engagement", "0 to 1", 1.0),
            ("output", "Mean output", "index", 1.0),
        ):
            who = "participants" if kind == "naive" else "drawn by lot"
            found.append(
                gap(f"{kind}_{of_each}_gap", f"{of_each.capitalize()} gap, {who}", unit, of_each,
                     one, other, words.format(what=what), factor)
            )  # fmt: skip
    return found


def each_cohort(name: str, title: str, what: str) -> Outcome:
    """``Σ measure / openings``: people of the whole firm, where a cohort, or a month's part of one, opens."""

    def of(sums: Sums, context: Context) -> Real:
        return divided(sums[name], context.openings)

    assert name in M, name
    return Outcome(name, title, "people per cohort", f"{what}, in the whole firm.",
                   f"Σ {name} / openings", None, of)  # fmt: skip
