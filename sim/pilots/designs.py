"""The designs that a pilot may have: who gets an offer, who does not, and who is compared with whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["DESIGNS", "STEPS", "Design", "Kind", "design_named"]

Kind = Literal["lottery", "departments", "stepped", "observed", "changed"]
"""How it is read: arms by lot; departments by lot; a stepped start; participants against others; before and after."""

STEPS = 3
"""Steps of a stepped start."""


@dataclass(frozen=True, slots=True)
class Design:
    """One way of running and reading a pilot.

    Attributes
    ----------
    name, title
        As in tables, and as planners say it.
    kind
        See :data:`Kind`.
    run
        Designs that share what is simulated have the same.
    who
        Who is offered a place, in a sentence.
    against
        With whom they are compared.
    adjusted
        Whether what was known before the start is taken into account.
    fewest
        The fewest people who can be offered a place.
    """

    name: str
    title: str
    kind: Kind
    run: str
    who: str
    against: str
    adjusted: bool = True
    fewest: int = 5

    @property
    def by_lot(self) -> bool:
        """Whether chance alone decides who is compared with whom."""
        return self.kind in ("lottery", "departments", "stepped")

    def programme(self, offered: int, people: int, step_months: int) -> dict[str, Any]:
        """What it changes in the ``[programme]`` section of a firm of `people`: one cohort, so many places."""
        places = min(1.0, offered / max(1, people))
        found: dict[str, Any] = {
            "cohorts": 1,
            "enrolment": "fixed",
            "shuffled": False,
            "placebo": False,
            "lottery_share": 0.5,
            "lottery_offers": offered,
            "lottery_people": 0,
            "lottery_by": "person",
            "lottery_steps": 1,
            "waiting_list": False,
            "mentors_outside": False,
            "places": places,
        }
        return found | dict(_RUNS[self.run](offered, step_months, people))


def _eligible(offered: int, step: int, people: int) -> Mapping[str, Any]:
    return {"participation": "offered_by_lot"}


def _refused(offered: int, step: int, people: int) -> Mapping[str, Any]:
    return {"participation": "lottery"}


def _waiting(offered: int, step: int, people: int) -> Mapping[str, Any]:
    return {"participation": "lottery", "waiting_list": True}


def _outside(offered: int, step: int, people: int) -> Mapping[str, Any]:
    both = {"lottery_people": 2 * offered, "mentors_outside": True}
    return {"participation": "lottery", "waiting_list": True, **both}


def _stepped(offered: int, step: int, people: int) -> Mapping[str, Any]:
    steps = {"lottery_people": offered, "lottery_offers": 0, "lottery_steps": STEPS}
    return {"participation": "lottery", "waiting_list": True, **steps, "step_months": step}


def _departments(offered: int, step: int, people: int) -> Mapping[str, Any]:
    lot = {"lottery_by": "department", "lottery_offers": 0, "lottery_people": 2 * offered}
    return {"participation": "offered_by_lot", **lot, "places": 1.0}


def _volunteers(offered: int, step: int, people: int) -> Mapping[str, Any]:
    return {"participation": "voluntary", "lottery_offers": 0}


_RUNS = {
    "eligible": _eligible,
    "refused": _refused,
    "waiting": _waiting,
    "outside": _outside,
    "stepped": _stepped,
    "departments": _departments,
    "volunteers": _volunteers,
}

DESIGNS: tuple[Design, ...] = (
    Design(
        "volunteers_waiting",
        "Volunteers by lot, the others on a waiting list",
        "lottery",
        "waiting",
        "Everybody who is eligible may volunteer; the lot says who of the volunteers begins now.",
        "the volunteers who wait",
    ),
    Design(
        "volunteers_refused",
        "Volunteers by lot, the others refused",
        "lottery",
        "refused",
        "Everybody who is eligible may volunteer; the lot says who of the volunteers gets a place.",
        "the volunteers who were refused",
    ),
    Design(
        "mentors_outside",
        "Volunteers by lot on a waiting list, mentors from outside the trial",
        "lottery",
        "outside",
        "As many volunteers again as there are places enter the lot; nobody in it mentors anybody.",
        "the volunteers who wait",
    ),
    Design(
        "eligible",
        "All eligible by lot, who may decline",
        "lottery",
        "eligible",
        "The lot offers places among all who are eligible; who declines still counts as offered.",
        "all eligible who got no offer",
    ),
    Design(
        "stepped_start",
        "Stepped start: everybody's turn comes, by lot",
        "stepped",
        "stepped",
        f"The lot says in which of {STEPS} steps each volunteer begins.",
        "those whose turn is still to come",
        fewest=15,
    ),
    Design(
        "departments",
        "Whole departments by lot",
        "departments",
        "departments",
        "The lot draws whole departments, four at least; all who are eligible there get an offer.",
        "all eligible in the departments not drawn",
    ),
    Design(
        "participants",
        "Participants against others, adjusted",
        "observed",
        "volunteers",
        "People join as the programme itself has it, without a lot.",
        "everybody else who is there",
    ),
    Design(
        "participants_plain",
        "Participants against others, as they are",
        "observed",
        "volunteers",
        "People join as the programme itself has it, without a lot.",
        "everybody else who is there",
        adjusted=False,
    ),
    Design(
        "before_after",
        "Before and after",
        "changed",
        "volunteers",
        "People join as the programme itself has it, without a lot.",
        "themselves before it began (quits: the firm before)",
        adjusted=False,
    ),
)
"""In the order in which they are shown."""


def design_named(name: str) -> Design:
    """The design of a name.

    Raises
    ------
    InputError
        If there is none.
    """
    from sim.errors import InputError
    from sim.scenario.messages import hint

    for one in DESIGNS:
        if one.name == name:
            return one
    names = [one.name for one in DESIGNS]
    raise InputError(f"there is no design {name!r}", remedy=hint(name, names), key="design")
