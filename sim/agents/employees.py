"""Employees: whom a person is related to, what can be asked of them, and what stays when they leave.

A question calls the rules that the engine calls, on the same numbers (:mod:`sim.agents.questions`).
:mod:`sim.agents.model` makes Mesa agents of colleagues.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.agents import questions
from sim.agents.person import Firm, Person, Shown, Skills, SkillsOnRecord
from sim.engine import columns

if TYPE_CHECKING:
    from sim.engine.state import State
    from sim.simulation.simulation import Simulation

__all__ = ["Colleague", "Directory", "FormerEmployee", "Workplace", "numbers_of_leavers"]

_REALS = len(columns.PERSON)
_MONTH = _REALS + len(columns.PERSON_WHOLE)
_CAUSE = _MONTH + 1
"""Places in a row of the table of leavers: real columns, whole ones, month, cause."""


def numbers_of_leavers(state: State, first: int) -> list[int]:
    """Person numbers in the table of leavers, from the row `first` on."""
    end = state.counts.item(columns.LEAVERS)
    return [int(number) for number in state.leavers[first:end, _REALS + columns.NUMBER]]


class Directory(Protocol):
    """Where colleagues are found."""

    def at(self, slot: int) -> Colleague | None:
        """Whoever sits at a slot; None for a vacant slot and for -1."""
        ...


class Workplace(Firm, Protocol):
    """What an employee needs of the firm besides: its life, and the others."""

    simulation: Simulation

    @property
    def faces(self) -> Directory:
        """Everybody's face, by number."""
        ...


class Colleague(Person):
    """Somebody who is with the firm: all that an employee is, but for Mesa's part.

    References lead to employees who are present; nobody ever refers to somebody who left. Lists are in
    the order of person numbers.

    Attributes
    ----------
    slot
        The person's row in the columns, for the whole stay.
    """

    model: Workplace
    slot: int

    def _state(self) -> State:
        return self.model.simulation.state

    def _real(self, column: int) -> float:
        return self.model.simulation.state.person.item(column, self.slot)

    def _whole(self, column: int) -> int:
        return self._state().whole.item(column, self.slot)

    def _month(self) -> int:
        return self.model.simulation.month

    def _skill_row(self, at_begin: bool) -> NDArray[np.float64]:
        state = self._state()
        row: NDArray[np.float64] = (state.skills_begin if at_begin else state.skills)[self.slot]
        return row

    def _write(self, column: int, value: float) -> None:
        self._state().person[column, self.slot] = value

    @Shown
    def skills(self) -> Skills:
        """Present skills by name, each 0 to 1; ``employee.skills["digital_tools"] = 0.9`` writes."""
        return Skills(self)

    @Shown
    def values(self) -> tuple[float, ...]:
        """The latent values that make people alike; standard normal numbers."""
        return tuple(self._state().values[self.slot].tolist())

    @Shown
    def manager(self) -> Colleague | None:
        """The manager: whoever sits on the nearest filled post above; None at the top."""
        return self.model.faces.at(self._whole(columns.MANAGER))

    @Shown
    def sponsor(self) -> Colleague | None:
        """The best relationship's partner among those higher up, last month; None without one."""
        return self.model.faces.at(self._whole(columns.SPONSOR))

    @Shown
    def partner(self) -> Colleague | None:
        """The best relationship's partner, last month; None without one."""
        return self.model.faces.at(self._whole(columns.PARTNER))

    @Shown
    def reports(self) -> list[Colleague]:
        """Those whose manager this is."""
        whole = self._state().whole
        return self._others(np.flatnonzero(whole[columns.MANAGER] == self.slot))

    @Shown
    def ties(self) -> list[Colleague]:
        """Those whose advice this person seeks."""
        return self._others(self._state().ties[self.slot])

    @Shown
    def mentors(self) -> list[Colleague]:
        """Mentors in running pairs, formal and informal."""
        return self._partners(columns.MENTEE, columns.MENTOR)

    @Shown
    def mentees(self) -> list[Colleague]:
        """Mentees in running pairs, formal and informal."""
        return self._partners(columns.MENTOR, columns.MENTEE)

    @Shown
    def formal_mentors(self) -> list[Colleague]:
        """Mentors in running pairs of a programme."""
        return self._partners(columns.MENTEE, columns.MENTOR, formal=1)

    @Shown
    def formal_mentees(self) -> list[Colleague]:
        """Mentees in running pairs of a programme."""
        return self._partners(columns.MENTOR, columns.MENTEE, formal=1)

    @Shown
    def informal_mentors(self) -> list[Colleague]:
        """Mentors in running pairs outside any programme."""
        return self._partners(columns.MENTEE, columns.MENTOR, formal=0)

    @Shown
    def informal_mentees(self) -> list[Colleague]:
        """Mentees in running pairs outside any programme."""
        return self._partners(columns.MENTOR, columns.MENTEE, formal=0)

    def _partners(self, own: int, theirs: int, formal: int | None = None) -> list[Colleague]:
        state = self._state()
        pairs = state.dyad_whole[:, : state.counts.item(columns.DYADS)]
        mine = pairs[own] == self.slot
        if formal is not None:
            mine &= pairs[columns.FORMAL] == formal
        return self._others(pairs[theirs, mine])

    def _others(self, slots: Iterable[Any]) -> list[Colleague]:
        found = {self.model.faces.at(int(slot)) for slot in slots}
        return sorted(
            (other for other in found if other is not None), key=lambda one: one.unique_id
        )

    def quit_hazard(self) -> float:
        """Probability of quitting next month, unless retirement or dismissal comes first."""
        return questions.quit_probability(self.model.simulation, self.slot)

    def explain(self) -> dict[str, float]:
        """Why :meth:`quit_hazard` is what it is: the factors whose product is the monthly hazard.

        ``base`` is the hazard of a newcomer aged 40 at the lowest level with average engagement; every
        other factor, named after its circumstance, raises (> 1) or lowers (< 1) it. With h their
        product, the probability of quitting is ``1 - exp(-h)``.
        """
        return questions.quit_factors(self.model.simulation, self.slot)

    def chance_to_meet(self, other: Colleague) -> float:
        """Probability that the two hold a planned meeting of their pair, as things stand.

        Without a running pair: of a formal pair that begins now, with `other` as the mentor.

        Raises
        ------
        TypeError, ValueError
            If `other` is no employee of the same model, or this one.
        """
        return questions.meeting_probability(self.model.simulation, self.slot, self._slot_of(other))

    def gain_from(self, other: Colleague) -> dict[str, float]:
        """What one meeting with `other` would add to this person's skills, by name of skill.

        The meeting is one of their running pair (the formal one, if they have both kinds); without
        one, of a formal pair that begins now, with `other` as the mentor. Skills that would gain
        nothing are left out.

        Raises
        ------
        TypeError, ValueError
            If `other` is no employee of the same model, or this one.
        """
        return questions.expected_gain(self.model.simulation, self.slot, self._slot_of(other))

    def volunteering_probability(self) -> float:
        """Probability of volunteering for a cohort that opens now; 1 where everybody takes part."""
        return questions.volunteering_probability(self.model.simulation, self.slot)

    def idea_rate(self) -> float:
        """Ideas per month, on average, as things stand."""
        return questions.expected_ideas(self.model.simulation, self.slot)

    def _slot_of(self, other: object) -> int:
        if not isinstance(other, Colleague) or other.model is not self.model:
            raise TypeError(f"{other!r} is not an employee of this model")
        if other is self:
            raise ValueError("that is the same person")
        return other.slot


class FormerEmployee(Person):
    """Somebody who left: what was written down then, never what the successor is.

    An :class:`~sim.agents.model.Employee` that somebody holds becomes one in the month in which the person
    leaves; what was set on the object stays on it. Everything shown is as it was when the month of
    leaving began. Relations are not written down. In a model that keeps no people
    (``keep_people=False``) only `left_month` and `cause` are known.

    Attributes
    ----------
    left_month
        Month in which the person left.
    cause
        ``retired``, ``involuntary`` or ``quit``.
    """

    model: Workplace
    left_month: int
    cause: str
    _row: int | None

    @classmethod
    def turned_from(
        cls, face: Colleague, row: int | None, month: int, cause: int
    ) -> FormerEmployee:
        """Let the object of an employee who left become one of a former employee.

        `row` is the person's in the table of leavers; where there is none, the month and the cause
        (a code of :data:`sim.engine.columns.CAUSES`) are those given.
        """
        former: Any = face
        former.__class__ = cls
        del former.slot
        former._leave(row, month, cause)
        return former  # type: ignore[no-any-return]

    @classmethod
    def on_record(cls, model: Workplace, row: int) -> FormerEmployee:
        """The person of a row in the table of leavers."""
        person = cls()
        person.model = model
        person._leave(row, 0, 0)
        person.unique_id = person._whole(columns.NUMBER)
        return person

    def _leave(self, row: int | None, month: int, cause: int) -> None:
        self._row = row
        if row is not None:
            month, cause = int(self._recorded(_MONTH)), int(self._recorded(_CAUSE))
        self.left_month, self.cause = month, columns.CAUSES[cause]

    def _recorded(self, place: int) -> float:
        return self.model.simulation.state.leavers.item(self._known_row(), place)

    def _known_row(self) -> int:
        if self._row is None:
            problem = f"what person {self.unique_id} was like was not written down"
            raise AttributeError(f"{problem}; make the model with keep_people=True")
        return self._row

    def _real(self, column: int) -> float:
        return self._recorded(column)

    def _whole(self, column: int) -> int:
        return int(self._recorded(_REALS + column))

    def _month(self) -> int:
        return self.left_month

    def _skill_row(self, at_begin: bool) -> NDArray[np.float64]:
        begin, end = np.split(self.model.simulation.state.leavers_skills[self._known_row()], 2)
        return begin if at_begin else end

    def _write(self, column: int, value: float) -> NoReturn:
        name = columns.PERSON[column]
        raise AttributeError(f"person {self.unique_id} has left; {name} stays as it was then")

    @Shown
    def skills(self) -> SkillsOnRecord:
        """Skills when the person left, by name; each 0 to 1."""
        return SkillsOnRecord(self)
