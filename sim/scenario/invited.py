"""Whom each programme of a scenario invites, in plain words and with counts."""

from __future__ import annotations

from collections.abc import Iterator

from sim.programme.invitations import Invited, invited_by
from sim.scenario.messages import quoted
from sim.scenario.rules import has_programme
from sim.scenario.scenario import Scenario

__all__ = ["FEW", "invited", "who_is_invited"]

FEW = 0.8
"""Programmes that fill less than this share of their places are said to fall short."""


def invited(scenario: Scenario) -> dict[str, Invited]:
    """Whom every variant with a programme invites, by its name."""
    # Here, because charts are made by compiled code, and reading a scenario is to be quick.
    from sim.organisation.design import chart_from_roster, design_chart

    found = {}
    for variant in scenario.variants:
        if not has_programme(variant.settings):
            continue
        organisation = variant.settings["organisation"]
        chart = (
            design_chart(organisation)
            if scenario.roster is None
            else chart_from_roster(scenario.roster, organisation)
        )
        found[variant.name] = invited_by(variant.settings, chart.level)
    return found


def who_is_invited(scenario: Scenario) -> list[str]:
    """One sentence or two per kind of invitation, with the variants that have it.

    How many pairs are likely to open is worked out from what people do on average; a simulation tells it exactly.
    """
    found: dict[str, list[str]] = {}
    for name, one in invited(scenario).items():
        found.setdefault(" ".join(_sentences(one)), []).append(name)
    return [f"{', '.join(quoted(name) for name in names)}: {text}" for text, names in found.items()]


def _sentences(one: Invited) -> Iterator[str]:
    service = ", if their length of service fits" if one.by_service else ""
    yield (
        f"{_people(one.mentees, one.mentee_levels)} can be invited to have a mentor and "
        f"{_people(one.mentors, one.mentor_levels)} to be one{service}, for {one.places:,} "
        f"{'pair' if one.places == 1 else 'pairs'} a cohort."
    )
    if not one.by_service and one.likely < FEW * one.places:
        side = "to have a mentor" if one.mentees <= one.mentors else "to mentor"
        empty = one.places - one.likely
        yield (
            f"About {one.likely:,} of these pairs will open, so that about {empty:,} "
            f"{'place stays' if empty == 1 else 'places stay'} empty: too few of those who are invited {side} "
            "come. Compare effects per meeting, or ask people by name, or give fewer places."
        )


def _people(number: int, levels: tuple[int, int]) -> str:
    low, high = levels
    if not number:
        return "nobody"
    which = f"level {low}" if low == high else f"levels {low} to {high}"
    return f"{number:,} {'person' if number == 1 else 'people'} ({which})"
