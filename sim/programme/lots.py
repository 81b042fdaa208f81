"""Lots: to whom a programme offers places where chance decides, so that it can be read as a trial.

By person, an exact number or a share; by whole departments; in steps, so that everybody's turn comes; or as a list
says, drawn beforehand by whoever runs the trial.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns, decisions, draws
from sim.engine.state import State

__all__ = ["FEWEST_DEPARTMENTS", "Listed", "Lots", "departments_drawn"]

Flags = NDArray[np.bool_]
Slots = NDArray[np.int64]

FEWEST_DEPARTMENTS = 4
"""Whole departments that a lot needs: with fewer there is nothing to compare the differences with."""


class Listed(NamedTuple):
    """A list drawn beforehand: whom it offers a place, and whom it does not; slots at the start."""

    offered: Slots
    others: Slots


@dataclass(eq=False)
class Lots:
    """What the lots of one world's programme have said.

    Attributes
    ----------
    programme
        The resolved section.
    listed
        The list that takes the lot's place; None where a lot is drawn.
    turns
        In which step each person's turn comes, by the person's number, where there are steps.
    """

    programme: Mapping[str, Any]
    listed: Listed | None = None
    turns: dict[int, int] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        """In how many steps the places are offered."""
        return int(self.programme["lottery_steps"])

    def draw(self, state: State, month: int, entered: Flags, lots: NDArray[np.float64]) -> Flags:
        """Say whom of those who enter the lot draws; shape (people,). What the first lot said is written down.

        Parameters
        ----------
        entered
            Those about whom it decides.
        lots
            Everybody's number in (0, 1).
        """
        whole = state.whole
        if self.steps > 1 and self.turns:
            return self._whose_turn(state, month)
        drawn, within = self._said(state, month, entered, lots)
        first = entered & within & (whole[columns.ARM] == columns.NO_LOT)
        whole[columns.ARM, first] = np.where(drawn[first], columns.DRAWN, columns.NOT_DRAWN)
        return drawn & within

    def _said(
        self, state: State, month: int, entered: Flags, lots: NDArray[np.float64]
    ) -> tuple[Flags, Flags]:
        """Whom the lot draws, and about whom it decides; shapes (people,)."""
        people, programme = len(entered), self.programme
        everybody = np.ones(people, dtype=np.bool_)
        if self.listed is not None:
            there = state.whole[columns.HOLDER] == 0
            drawn, other = np.zeros((2, people), dtype=np.bool_)
            drawn[self.listed.offered] = True
            other[self.listed.others] = True
            return drawn & there, (drawn | other) & there
        if programme["lottery_by"] == "department":
            drawn_ones, within_ones = departments_drawn(state, month, programme)
            home = state.whole[columns.PERSON_DEPARTMENT]
            return drawn_ones[home], within_ones[home]
        offers, most = int(programme["lottery_offers"]), int(programme["lottery_people"])
        if not offers and not most and self.steps == 1:
            return lots < float(programme["lottery_share"]), everybody
        rows = np.flatnonzero(entered)
        order = rows[np.argsort(lots[rows], kind="stable")]
        count = min(len(order), most or len(order))
        rank = np.full(people, people, dtype=np.int64)
        rank[order] = np.arange(len(order))
        if self.steps > 1:
            turn = rank * self.steps // max(1, count)
            numbers = state.whole[columns.NUMBER]
            self.turns.update(
                (int(numbers[slot]), int(turn[slot])) for slot in order[:count].tolist()
            )
            return turn == 0, rank < count
        first = offers or round(float(programme["lottery_share"]) * count)
        return rank < min(first, count), rank < count

    def _whose_turn(self, state: State, month: int) -> Flags:
        """Those whose turn has come this month, of those who are still there."""
        step = (month - int(self.programme["start_month"])) // int(self.programme["step_months"])
        turns = [self.turns.get(number, -1) for number in state.whole[columns.NUMBER].tolist()]
        return (np.array(turns) == step) & (state.whole[columns.ACTIVE] == 1)


def departments_drawn(
    state: State, month: int, programme: Mapping[str, Any]
) -> tuple[Flags, Flags]:
    """Which departments a lot draws, and which enter it; shapes (departments,).

    Departments that hold nobody below the top, such as an executive office of one, do not enter. Half of those
    that enter are drawn: ``lottery_people`` says how many enter, in whole departments of the average size, 0 all.
    """
    number = state.department.shape[1]
    sizes = np.bincount(state.whole[columns.PERSON_DEPARTMENT], minlength=number)
    may = np.flatnonzero(sizes > 1)
    luck = [
        draws.draw(state.luck, decisions.DEPARTMENT_LOT, int(one), -1, month)
        for one in may.tolist()
    ]
    order = may[np.argsort([one[0] for one in luck], kind="stable")]
    most = int(programme["lottery_people"])
    count = len(order)
    if most:
        wanted = 2 * round(most / max(1.0, float(sizes[may].mean())) / 2.0)
        count = min(count, max(FEWEST_DEPARTMENTS, wanted))
    drawn, within = np.zeros((2, number), dtype=np.bool_)
    within[order[:count]] = True
    drawn[order[: round(float(programme["lottery_share"]) * count)]] = True
    return drawn, within
