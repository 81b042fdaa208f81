"""Who takes part in a pair list: who may get a mentor, who may mentor, how many, and in which order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.organisation.roster.roster import Roster
from sim.programme.volunteering import is_invited
from sim.simulation.plan import Plan

__all__ = ["Participants", "keys_of", "participants_of"]

Slots = NDArray[np.int64]
Real = NDArray[np.float64]

_MENTOR, _MENTEE = (0, 1), (0, 2)
"""Roles of the roster that may mentor, and that may have a mentor."""


@dataclass(frozen=True, slots=True)
class Participants:
    """Who takes part.

    Attributes
    ----------
    mentees, mentors
        Rows of the roster that may get a mentor, and that may get mentees; in increasing order.
    room
        Mentees that each person can take, by row.
    stated
        Whose capacity the roster states, by row.
    ordinary
        Mentees that somebody takes whose capacity is not stated.
    order
        Who comes first, by row: lowest number first, within (0, 1); the same person has the same number
        whoever else is on the list.
    places
        Most pairs.
    by_role
        Whether the roster's roles decided; else the levels and the time of service that the settings invite.
    without_role
        How many people have no role on a roster that states some.
    """

    mentees: Slots
    mentors: Slots
    room: Slots
    stated: NDArray[np.bool_]
    ordinary: int
    order: Real
    places: int
    by_role: bool
    without_role: int


def participants_of(plan: Plan, roster: Roster, seed: int, places: int | None) -> Participants:
    """Tell who takes part under a plan's settings.

    Parameters
    ----------
    places
        Most pairs, None for the default.
    """
    programme = plan.settings["programme"]
    by_role = bool((roster.role >= 0).any())
    p = plan.record[0].programme
    tenure = np.where(np.isnan(roster.tenure_months), 1e6, roster.tenure_months)
    invited = [
        np.array(
            [
                bool(is_invited(int(level), float(months), as_mentee, p))
                for level, months in zip(roster.level, tenure, strict=True)
            ],
            dtype=np.bool_,
        )
        for as_mentee in (True, False)
    ]
    if by_role:
        invited[0] &= np.isin(roster.role, _MENTEE)
        invited[1] &= np.isin(roster.role, _MENTOR)
    grouped = programme["form"] == "group"
    ordinary = int(programme["group_size" if grouped else "mentor_capacity"])
    stated = roster.capacity >= 0
    room = np.where(stated, roster.capacity, ordinary).astype(np.int64)
    mentees, mentors = (np.flatnonzero(flags).astype(np.int64) for flags in invited)
    if places is None:
        share = round(float(programme["places"]) * roster.headcount)
        places = len(mentees) if by_role else max(1, share)
    keys = keys_of(roster.employee_id, f"order {seed}")
    order = (keys >> np.uint64(11)).astype(np.float64) / 2.0**53
    return Participants(
        mentees=mentees,
        mentors=mentors,
        room=room,
        stated=stated,
        ordinary=ordinary,
        order=order,
        places=places,
        by_role=by_role,
        without_role=int((roster.role < 0).sum()) if by_role else 0,
    )


def keys_of(ids: tuple[str, ...], salt: str) -> NDArray[np.uint64]:
    """A number for each id that looks random and depends on nothing but the id and the salt."""
    digests = (hashlib.blake2b(f"{salt}\0{one}".encode(), digest_size=8).digest() for one in ids)
    return np.array([int.from_bytes(digest, "little") for digest in digests], dtype=np.uint64)
