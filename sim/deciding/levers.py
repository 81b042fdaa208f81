"""What a planner decides about a programme, and the designs that follow: at random, in the neighbourhood, refused.

A design is one value of every lever. Which combinations a scenario refuses is asked of its own rules, without
making a scenario of every one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.programme.invitations import invitation
from sim.programme.policies import PRESETS
from sim.scenario.frozen import Frozen
from sim.scenario.rules import has_programme, refusals
from sim.scenario.scenario import Scenario
from sim.scenario.source import Source
from sim.scenario.variants import Variant

__all__ = [
    "LEVERS",
    "Candidate",
    "Lever",
    "Space",
    "Values",
    "designs_at_random",
    "neighbours",
]

Values = tuple[int, ...]
"""A design: the number of the value that each lever has."""


@dataclass(frozen=True, slots=True)
class Lever:
    """One thing that a planner decides.

    Attributes
    ----------
    name
        Column of the tables.
    title
        Heading.
    settings
        For each value, what it sets, by name in ``[programme]``.
    words
        Each value in words.
    """

    name: str
    title: str
    settings: tuple[Mapping[str, Any], ...]
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.settings)


def _lever(name: str, title: str, key: str, words: Mapping[Any, str]) -> Lever:
    """A lever that sets one thing: its values, each in words."""
    return Lever(name, title, tuple({key: value} for value in words), tuple(words.values()))


_TITLES = {
    "random": "Random pairs",
    "traditional": "Traditional",
    "reverse": "Reverse",
    "reciprocal": "Reciprocal",
    "cross_functional": "Cross-functional",
    "complementary": "Complementary skills",
    "similarity": "Similarity",
    "self_selected": "Self-selected",
    "nominated": "Pairs by a coordinator",
    "ai_assisted": "AI-assisted",
}

_AS_MANY = "as many as there are places"
"""Stands where a share is worked out from the places: of those who may have a mentor, as many as there are places."""

LEVERS: tuple[Lever, ...] = (
    _lever("policy", "Pairing", "policy", {one: _TITLES[one] for one in PRESETS}),
    Lever(
        "invited",
        "Who is invited",
        (
            {"participation": "voluntary", "mentee_tenure_below": 0},
            {"participation": "nominated", "nominated_share": _AS_MANY, "mentee_tenure_below": 0},
            {
                "participation": "offered_by_lot",
                "lottery_share": _AS_MANY,
                "mentee_tenure_below": 0,
            },
            {"participation": "asked_by_name", "mentee_tenure_below": 0},
            {"participation": "voluntary", "mentee_tenure_below": 24},
        ),
        (
            "whoever wants to",
            "as many as there are places, put forward by managers",
            "as many as there are places, drawn by lot",
            "as many as there are places, asked by name",
            "whoever wants to, of those in their first two years",
        ),
    ),
    Lever(
        "places",
        "Places",
        tuple({"places": share} for share in (0.03, 0.05, 0.08, 0.12, 0.18, 0.25, 0.35)),
        tuple(f"{share} per 100 people" for share in (3, 5, 8, 12, 18, 25, 35)),
    ),
    _lever(
        "capacity", "Mentees per mentor", "mentor_capacity", {1: "1", 2: "up to 2", 3: "up to 3"}
    ),
    Lever(
        "form",
        "Pairs or groups",
        ({"form": "one_to_one"}, {"form": "group", "group_size": 4}),
        ("pairs", "groups of 4"),
    ),
    _lever("cadence", "Meetings", "meetings_per_month",
           {0.5: "every other month", 1.0: "monthly", 2.0: "twice a month"}),
    _lever("length", "Length", "cohort_months", {n: f"{n} months" for n in (6, 9, 12, 18)}),
    _lever("training", "Training", "training_hours",
           {0.0: "none", 2.0: "2 h", 4.0: "4 h", 8.0: "8 h"}),
    _lever("check_ins", "Check-ins", "check_in_months",
           {0: "none"} | {n: f"every {n} months" for n in (2, 3, 6)}),
)  # fmt: skip
"""The levers, in the order in which tables show them. Everything else stays as the scenario has it."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A programme that may be the best.

    Attributes
    ----------
    name
        Unique; short.
    values
        Of the levers; None for one that the scenario's author wrote, and for no programme.
    overrides
        What it sets, by dotted key, as a variant of the scenario would.
    settings
        All its settings, by section and name.
    """

    name: str
    values: Values | None
    overrides: Mapping[str, Any]
    settings: Mapping[str, Any] = field(repr=False)

    @property
    def has_programme(self) -> bool:
        """Whether it pairs anybody."""
        return has_programme(self.settings)


class Space:
    """The designs that a scenario allows.

    Parameters
    ----------
    scenario
        Whose base settings every design changes.
    level
        Level of every post, shape (posts,): who may have a mentor decides how many invitations make as many as
        there are places.
    levers
        By default all.
    """

    def __init__(
        self, scenario: Scenario, level: NDArray[np.int64], levers: Sequence[Lever] = LEVERS
    ) -> None:
        self.scenario, self.level, self.levers = scenario, level, tuple(levers)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each lever has."""
        return tuple(len(lever) for lever in self.levers)

    def overrides(self, values: Values) -> dict[str, Any]:
        """What a design sets, by name in ``[programme]``."""
        given: dict[str, Any] = {}
        for lever, value in zip(self.levers, values, strict=True):
            given |= lever.settings[value]
        for name, value in given.items():
            if value == _AS_MANY:
                given[name] = self._as_many({**self.scenario.settings["programme"], **given})
        return given

    def _as_many(self, programme: Mapping[str, Any]) -> float:
        """The share of those who may have a mentor that is as many as there are places."""
        invited = invitation(programme, self.level)
        may = (self.level >= invited["mentee_from_level"]) & (
            self.level <= invited["mentee_to_level"]
        )
        wanted = float(programme["places"]) * len(self.level)
        return round(min(1.0, wanted / max(1, int(may.sum()))), 4)

    def candidate(self, values: Values, name: str) -> Candidate:
        """A design as a candidate."""
        given = self.overrides(values)
        base = self.scenario.settings
        settings = Frozen({**base, "programme": Frozen({**base["programme"], **given})})
        return Candidate(
            name, values, {f"programme.{key}": one for key, one in given.items()}, settings
        )

    def allowed(self, values: Values) -> bool:
        """Whether the scenario's rules allow a design."""
        one = self.candidate(values, "design")
        variant = Variant(one.name, one.overrides, one.settings)
        return next(refusals([variant], Source(), self.scenario.roster), None) is None

    def anchors(self) -> Iterator[Candidate]:
        """No programme, and whatever the scenario's author wrote."""
        base = self.scenario.settings
        nothing = {**base["programme"], "policy": "none", "placebo": False, "shuffled": False}
        yield Candidate(
            _free("No programme", self.scenario),
            None,
            {"programme.policy": "none"},
            Frozen({**base, "programme": Frozen(nothing)}),
        )
        for variant in self.scenario.variants:
            real = not (
                variant.settings["programme"]["placebo"]
                or variant.settings["programme"]["shuffled"]
            )
            if has_programme(variant.settings) and real:
                yield Candidate(variant.name, None, variant.overrides, variant.settings)

    def words(self, values: Values) -> dict[str, str]:
        """A design in words, by lever."""
        return {
            lever.name: lever.words[value] for lever, value in zip(self.levers, values, strict=True)
        }


def _free(name: str, scenario: Scenario) -> str:
    """A name that no variant with a programme has."""
    taken = {one.name for one in scenario.variants if has_programme(one.settings)}
    while name in taken:
        name += " at all"
    return name


def designs_at_random(space: Space, count: int, random: np.random.Generator) -> list[Values]:
    """Different designs that the scenario allows, spread over the levers; fewer where there are fewer.

    Every lever's values come equally often (a Latin hypercube), as far as refused designs let them.
    """
    from scipy.stats import qmc

    found: dict[Values, None] = {}
    sizes = np.array(space.sizes)
    for _ in range(20):
        sampler = qmc.LatinHypercube(d=len(sizes), rng=random)
        for row in (sampler.random(count) * sizes).astype(np.int64).tolist():
            values = tuple(row)
            if len(found) < count and values not in found and space.allowed(values):
                found[values] = None
        if len(found) == count:
            break
    return list(found)


def neighbours(
    space: Space,
    parents: Sequence[Values],
    known: set[Values],
    count: int,
    random: np.random.Generator,
) -> list[Values]:
    """New designs that differ from good ones in one lever or two, or mix two of them; all allowed.

    Parameters
    ----------
    parents
        The good ones, the best first.
    known
        Designs that were tried already.
    """
    found: dict[Values, None] = {}
    for _ in range(40 * count):
        if len(found) == count or not parents:
            break
        one = list(parents[int(random.integers(len(parents)))])
        if len(parents) > 1 and random.random() < 0.3:
            other = parents[int(random.integers(len(parents)))]
            one = [a if random.random() < 0.5 else b for a, b in zip(one, other, strict=True)]
        for _ in range(1 + int(random.random() < 0.3)):
            lever = int(random.integers(len(one)))
            one[lever] = int(random.integers(space.sizes[lever]))
        values = tuple(one)
        if values not in known and values not in found and space.allowed(values):
            found[values] = None
    return list(found)
