"""What a study is: a published figure, the firms that it is repeated in, and how it was worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.studies.fieldwork import Fieldwork

__all__ = ["KINDS", "Kind", "Study"]

Kind = Literal["cross-section", "cohort", "trial", "dyads", "groups"]

KINDS: Mapping[Kind, str] = {
    "cross-section": "everybody is asked once",
    "cohort": "people are followed until they leave or the study ends",
    "trial": "a lot decides who gets what",
    "dyads": "pairs are asked",
    "groups": "groups that formed by themselves are compared",
}
"""Designs, in words."""


@dataclass(frozen=True, slots=True)
class Study:
    """A published study as code.

    Attributes
    ----------
    name, title, unit
        As in tables.
    kind
        Its design: one of :data:`KINDS`.
    published
        The figure; NaN where only a direction was published.
    low, high
        A simulated median between them agrees.
    source, mark
        Identifier in the evidence table, and how far it can be trusted (V, S, D, DATA;
        "direction" where only that is known).
    sample
        Whom the study asked, and whether that number is published.
    statistic
        ``statistic(fieldwork)``: its figure, in one replicate of the study; NaN where undefined.
    settings
        The firms: settings by section or dotted key, as in a scenario file.
    arms
        Variants of the firm by name; more than one where the study compared programmes.
    months
        Months simulated.
    until
        Month in which the study ends, before the simulated time does (a cohort must fit into that);
        0 for its end.
    panel
        Whether everybody is observed every month.
    direction
        Whether only a direction is known, and the study is there to see it.
    misses
        One sentence on why the model cannot be expected to reach the figure, where that is known.
    """

    name: str
    title: str
    unit: str
    kind: Kind
    published: float
    low: float
    high: float
    source: str
    mark: str
    sample: str
    statistic: Callable[[Fieldwork], float]
    settings: Mapping[str, Any] = field(default_factory=dict)
    arms: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"firm": {}})
    months: int = 36
    until: int = 0
    panel: bool = False
    direction: bool = False
    misses: str = ""

    def agrees(self, simulated: float) -> bool:
        """Whether a simulated figure lies within the range."""
        return bool(self.low <= simulated <= self.high)

    def scenario(self, seed: int) -> Scenario:
        """Its firms, a variant for each arm."""
        variants = [{"name": name, **arm} for name, arm in self.arms.items()]
        return Scenario(months=self.months, seed=seed, variants=variants, **self.settings)
