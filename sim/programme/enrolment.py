"""Enrolment: of those invited, who has a place as a mentee, who would mentor, who comes first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.programme.calendar import is_by_lot
from sim.programme.lots import Lots
from sim.programme.moment import Moment
from sim.programme.roster_wishes import RosterWishes
from sim.programme.volunteering import Invitation, Volunteers, impress, volunteer

__all__ = ["Enrolment", "enrol"]

Flags = NDArray[np.bool_]
Slots = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who takes part in a cohort that opens; all of shape (people,).

    Attributes
    ----------
    asked
        Those who want a mentor, or were put forward for one.
    mentees
        Those who may get a mentor.
    mentors, several
        Those who may get mentees, and those of them who would take more than one.
    invited
        To what people are invited, whether they come or not: the sum of 1 (as a mentee) and 2 (as a mentor).
    order
        Who comes first: lowest number first, within (0, 1).
    """

    asked: Flags
    mentees: Flags
    mentors: Flags
    several: Flags
    invited: Slots
    order: NDArray[np.float64]


def enrol(
    now: Moment,
    programme: Mapping[str, Any],
    *,
    upward: bool,
    parts: int,
    wishes: RosterWishes | None,
    chance: Lots,
) -> Enrolment:
    """Invite people and see who comes.

    Volunteers decide for themselves. Where the coordinator asks people by name, more say yes, and nobody has
    asked who gets no place (whoever counts them sees to it). Where managers nominate, the best in their eyes are put forward as
    mentees, and mentors are found among all who are invited; nobody is put forward again while they have
    a mentor. A lottery draws mentees among volunteers, or says to whom of all who are eligible a place is offered,
    which those take who would have come; what the first lot said is written down.

    Parameters
    ----------
    upward
        Whether juniors teach seniors in this programme.
    parts
        In how many parts a cohort's people join.
    chance
        What the programme's lots have said.
    """
    state, handle, records, month = now
    people = state.whole.shape[1]
    how = programme["participation"]
    came = _nobody(people)
    everyone = int(how in ("universal", "nominated"))
    volunteer(handle, records, Invitation(month, everyone, int(upward), parts), came)
    asks, willing, lots, invited = came
    eligible_for_one = (
        _eligible(now, came, upward, parts, wishes) if how == "offered_by_lot" else None
    )
    if wishes is not None:
        wishes.apply_roles(state, asks, willing)
        wishes.apply_roles(state, invited, np.zeros_like(invited))
    # Whoever offers only to mentor, and is not needed, has not been turned away.
    as_mentee = (asks & 1) == 1
    asked = as_mentee.copy()
    if how == "nominated":
        impression = np.zeros(people)
        impress(handle, records, month, impression)
        count = round(float(programme["nominated_share"]) * int(as_mentee.sum()) / parts)
        eligible = np.flatnonzero(as_mentee & (state.whole[columns.FORMAL_MENTORS] == 0))
        best = eligible[np.lexsort((eligible, -impression[eligible]))][:count]
        as_mentee = np.zeros(people, dtype=np.bool_)
        as_mentee[best] = True
        asked = as_mentee.copy()
    elif is_by_lot(programme):
        as_mentee &= state.whole[columns.FORMAL_MENTORS] == 0
        entered = as_mentee
        if eligible_for_one is not None:
            entered = eligible_for_one & (state.whole[columns.FORMAL_MENTORS] == 0)
        if chance.steps > 1 and chance.turns and eligible_for_one is None:
            as_mentee = entered = (
                state.whole[columns.ACTIVE] == 1
            )  # they signed up when the lot was drawn
        as_mentee = as_mentee & chance.draw(state, month, entered, lots[1])
        if eligible_for_one is not None or programme["waiting_list"] or chance.steps > 1:
            asked = as_mentee.copy()  # nobody else was asked, or they wait for their turn
        if programme["mentors_outside"]:
            willing[state.whole[columns.ARM] != columns.NO_LOT] = 0
    as_mentee &= state.whole[columns.FORMAL_MENTORS] == 0
    return Enrolment(asked, as_mentee, willing > 0, willing > 1, invited, lots[0])


def _nobody(people: int) -> Volunteers:
    """Nobody has come yet."""
    asks, willing, invited = np.zeros((3, people), dtype=np.int64)
    return Volunteers(asks, willing, np.zeros((2, people)), invited)


def _eligible(
    now: Any, came: Volunteers, upward: bool, parts: int, wishes: RosterWishes | None
) -> Flags:
    """All who are invited to have a mentor, whether they would come or not; the lots become theirs, too."""
    state, handle, records, month = now
    everybody = _nobody(len(came.asks))._replace(lots=came.lots)
    volunteer(handle, records, Invitation(month, 1, int(upward), parts), everybody)
    if wishes is not None:
        wishes.apply_roles(state, everybody.asks, everybody.willing)
    return np.asarray((everybody.asks & 1) == 1)
