"""The wizard's dials: which declared settings it asks for, in the order in which planners set up programmes.

Meaning, unit, range, default and words of a dial are its parameter's; here stand only what it is called in a
few words, its step, and when it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sim.parameters import Parameter, ParameterGroup
from sim.scenario.schema import sections
from sim.scenario.top import SCENARIO

__all__ = ["DIALS", "STEPS", "Dial", "dials_of", "group_of", "read_dial"]

STEPS: Mapping[str, str] = {
    "goal": "What is it for?",
    "who": "Who takes part?",
    "paired": "How are they paired?",
    "looked_after": "How are pairs looked after?",
    "price": "What does it cost?",
}
"""The wizard's steps, in order: key and question."""


@dataclass(frozen=True, slots=True)
class Dial:
    """One dial.

    Attributes
    ----------
    key
        ``section.name`` of the declared parameter; settings of the scenario itself have no section.
    label
        In a few words.
    step
        Key of the wizard's step.
    by
        Size of a turn; 0 for words and yes or no.
    reach
        Between these a slider runs; None for a field to type into.
    advanced
        Whether it is shown on request only.
    only_if
        Another dial and the value, or the least number, that it must have; ("", "") = always.
    """

    key: str
    label: str
    step: str
    by: float = 0.0
    reach: tuple[float, float] | None = None
    advanced: bool = False
    only_if: tuple[str, str] = ("", "")

    @property
    def parameter(self) -> Parameter:
        """The declaration."""
        section, _, name = self.key.rpartition(".")
        return group_of(section)[name]


def group_of(section: str) -> ParameterGroup:
    """The declared section of a name; that of the scenario itself for an empty one."""
    return sections()[section] if section else SCENARIO


DIALS = (
    Dial("months", "How long to look ahead", "goal", 6, (12, 120)),
    Dial("organisation.employees", "People in the firm", "who", 10, None, only_if=("roster", "no")),
    Dial("organisation.management_support", "Management’s backing", "who", 0.05, (0, 1)),
    Dial("environment.labour_market", "Pull of the labour market", "who", 0.05, (0.5, 2)),
    Dial("programme.participation", "Who may join", "who"),
    Dial("programme.places", "Pairs per person of staff", "who", 0.01, (0, 0.5)),
    Dial("programme.nominated_share", "Share whom managers nominate", "who", 0.05, (0, 1),
         only_if=("programme.participation", "nominated")),
    Dial("programme.lottery_share", "Share whom the lot draws", "who", 0.05, (0, 1),
         only_if=("programme.participation", "lottery")),
    Dial("programme.mentee_tenure_below", "Mentees newer than", "who", 6, (0, 120), advanced=True),
    Dial("programme.minimum_tenure", "Tenure before one may join", "who", 3, (0, 60), advanced=True),
    Dial("programme.start_month", "Month of the first cohort", "who", 1, (0, 24), advanced=True),
    Dial("programme.mentor_capacity", "Most mentees per mentor", "paired", 1, (1, 10)),
    Dial("programme.form", "One to one, or in groups", "paired"),
    Dial("programme.group_size", "Mentees in a group", "paired", 1, (2, 12),
         only_if=("programme.form", "group")),
    Dial("programme.same_site_only", "Pairs share a site", "paired"),
    Dial("programme.minimum_level_gap", "Levels between the two", "paired", 1, (0, 5), advanced=True),
    Dial("programme.bar_own_manager", "Never one’s own manager", "paired", advanced=True),
    Dial("programme.bar_same_team", "Never in one’s own team", "paired", advanced=True),
    Dial("programme.everyone_matched", "As many pairs as possible", "paired", advanced=True),
    Dial("programme.cohort_months", "Length of a cohort", "looked_after", 1, (1, 24)),
    Dial("programme.meetings_per_month", "Meetings", "looked_after", 0.25, (0.25, 4)),
    Dial("programme.meeting_hours", "Length of a meeting", "looked_after", 0.25, (0.25, 4)),
    Dial("programme.training_hours", "Training", "looked_after", 0.5, (0, 16)),
    Dial("programme.training_for", "Who is trained", "looked_after",
         only_if=("programme.training_hours", "0.5")),
    Dial("programme.check_in_months", "Check-ins every", "looked_after", 1, (0, 12)),
    Dial("programme.sponsor_hours", "A sponsor’s time", "looked_after", 0.5, (0, 16)),
    Dial("programme.objectives_hours", "Agreeing on objectives", "looked_after", 0.5, (0, 8)),
    Dial("programme.recognition", "Recognition", "looked_after", 10, (0, 500), advanced=True),
    Dial("programme.platform", "Mentoring software", "looked_after", advanced=True),
    Dial("programme.preparation_hours", "Preparation", "looked_after", 0.25, (0, 4), advanced=True),
    Dial("programme.re_pair", "Failing pairs are paired anew", "looked_after", advanced=True,
         only_if=("programme.check_in_months", "1")),
    Dial("costs.currency", "Currency", "price"),
    Dial("costs.salary", "Yearly salary", "price", 1000),
    Dial("costs.coordinator_share", "The coordinator’s time", "price", 0.05, (0, 2)),
    Dial("costs.platform", "Platform", "price", 5, (0, 500)),
    Dial("costs.training_fee", "Trainer and material", "price", 10, (0, 2000),
         only_if=("programme.training_hours", "0.5")),
    Dial("costs.replacement_staff", "Replacing staff", "price", 0.05, (0, 2), advanced=True),
    Dial("costs.replacement_middle", "Replacing the middle", "price", 0.05, (0, 3), advanced=True),
    Dial("costs.replacement_leader", "Replacing leaders", "price", 0.05, (0, 4), advanced=True),
    Dial("costs.load", "Employer’s cost over salary", "price", 0.05, (1, 2), advanced=True),
    Dial("costs.productive_hours", "Working hours a year", "price", 50, (1000, 2400), advanced=True),
)  # fmt: skip
"""Every dial, in the order in which it is asked."""


def dials_of(step: str) -> Iterator[Dial]:
    """The dials of one step of the wizard."""
    return (dial for dial in DIALS if dial.step == step)


def read_dial(dial: Dial, text: str) -> Any:
    """The value that a form sends, as a scenario file would have it; text that is no number stays text.

    What is out of range is for the scenario to say.
    """
    kind = dial.parameter.kind
    if kind == "boolean":
        return text == "yes"
    if kind in ("number", "integer"):
        try:
            number = float(text)
        except ValueError:
            return text
        whole = number == int(number) if abs(number) < 1e15 else False
        return int(number) if kind == "integer" and whole else number
    return text
