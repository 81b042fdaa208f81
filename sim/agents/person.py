"""A person as an object: attributes that read the columns of a world, and write them where that makes sense.

The engine never runs through these objects; they are for people who look.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, Self, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.counting import generation_of
from sim.engine.generations import GENERATIONS
from sim.organisation.settings import ORGANISATION

if TYPE_CHECKING:
    from sim.simulation.plan import Plan

__all__ = ["Firm", "Person", "RealColumn", "Shown", "Skills", "SkillsOnRecord", "WholeColumn"]

Value = TypeVar("Value")

_WORK_MODES = ORGANISATION["work_modes"].choices


def _number_within(name: str, value: object, highest: float) -> float:
    """Return `value` as a number; an error if it is none, or not within 0 to `highest`."""
    if not isinstance(value, Real):
        raise TypeError(f"{name} must be a number, not {value!r}")
    number = float(value)
    if not 0.0 <= number <= highest or math.isinf(number):
        allowed = "0 or more" if math.isinf(highest) else f"within 0 to {highest:g}"
        raise ValueError(f"{name} must be {allowed}, not {number!r}")
    return number


class Shown(Generic[Value]):
    """An attribute of a person that can be read; the engine decides it."""

    def __init__(self, read: Callable[[Any], Value]) -> None:
        self.read = read
        self.name = ""
        self.__doc__ = read.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, person: None, owner: type) -> Self: ...

    @overload
    def __get__(self, person: Any, owner: type) -> Value: ...

    def __get__(self, person: Any, owner: type) -> Self | Value:
        return self if person is None else self.read(person)

    def __set__(self, person: Person, value: Any) -> NoReturn:
        raise AttributeError(f"{self.name} follows from the life of the firm and cannot be set")


class RealColumn(Shown[float]):
    """A real-valued column of a person as an attribute.

    Parameters
    ----------
    column
        Its place in :data:`sim.engine.columns.PERSON`.
    meaning
        Its docstring.
    highest
        Where it may be written (between two months): the allowed range is 0 to this.
    """

    def __init__(self, column: int, meaning: str, highest: float | None = None) -> None:
        super().__init__(lambda person: person._real(column))
        self.column, self.highest, self.__doc__ = column, highest, meaning

    @overload
    def __get__(self, person: None, owner: type) -> Self: ...

    @overload
    def __get__(self, person: Any, owner: type) -> float: ...

    def __get__(self, person: Any, owner: type) -> Self | float:
        return self if person is None else person._real(self.column)

    def __set__(self, person: Person, value: Any) -> None:  # type: ignore[override]
        if self.highest is None:
            super().__set__(person, value)
        person._write(self.column, _number_within(self.name, value, self.highest))


class WholeColumn(Shown[int]):
    """A whole-numbered column of a person as an attribute: its place in ``PERSON_WHOLE``, its docstring."""

    def __init__(self, column: int, meaning: str) -> None:
        super().__init__(lambda person: person._whole(column))
        self.__doc__ = meaning


class SkillsOnRecord(dict[str, float]):
    """The skills of a person by name, each 0 to 1, as they are when they are asked for: a copy.

    What a data collector keeps of them stays as it was. Copied or pickled it becomes an ordinary dictionary.

    Raises
    ------
    KeyError
        For an unknown name; the message lists the names.
    TypeError
        Where it is changed.
    """

    def __init__(self, person: Person, at_begin: bool = False) -> None:
        row = person._skill_row(at_begin).tolist()
        super().__init__(zip(person.model.skill_places, row, strict=True))

    def __missing__(self, name: str) -> NoReturn:
        raise KeyError(f"there is no skill {name!r}; there are: {', '.join(self)}")

    def _refuse(self, *given: Any, **more: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} does not support this: they are what was recorded")

    __setitem__ = __delitem__ = __ior__ = update = setdefault = _refuse
    pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return dict, (dict(self),)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, float]:
        return dict(self)

    __copy__ = copy = dict.copy


class Skills(SkillsOnRecord):
    """The same of an employee, who has the skill from then on when one is set: ``skills["coaching"] = 0.9``.

    Raises
    ------
    KeyError
        For an unknown name; the message lists the names.
    TypeError, ValueError
        For what is not a number, or not within 0 to 1; where a skill is taken away; and for the skills of
        somebody who has left since.
    """

    def __init__(self, person: Person) -> None:
        super().__init__(person)
        self._person = person

    def __setitem__(self, name: str, value: float) -> None:  # type: ignore[override]
        place = self._person.model.skill_places.get(name)
        if place is None:
            self.__missing__(name)
        number = _number_within(f"skills[{name!r}]", value, 1.0)
        if not hasattr(self._person, "slot"):
            raise TypeError(f"person {self._person.unique_id} has left; skills stay as they were")
        self._person._skill_row(False)[place] = number
        dict.__setitem__(self, name, number)

    def update(self, *given: Any, **more: float) -> None:  # type: ignore[override]
        """Set several skills."""
        for name, value in dict(*given, **more).items():
            self[name] = value

    def __ior__(self, other: Any) -> Self:  # type: ignore[override,misc]
        self.update(other)
        return self

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError("a skill cannot be taken away from one person; set it to 0")


class Firm(Protocol):
    """What a person needs of the firm: the skills by name and place, and the plan."""

    skill_places: Mapping[str, int]

    @property
    def plan(self) -> Plan:
        """What the engine works from."""
        ...


class Person:
    """What can be seen of somebody: of an employee as it is now, of a former one as it was at the end.

    ``unique_id`` is the person's number (1, 2, ... in order of hire), the same under whatever is looked
    at when. Months are counted from 0, the first simulated month.
    """

    model: Firm
    unique_id: int

    engagement = RealColumn(columns.ENGAGEMENT, "Engagement, 0 to 1; may be written.", 1.0)
    baseline_engagement = RealColumn(
        columns.BASELINE_ENGAGEMENT,
        "Trait, 0 to 1: where engagement returns to; may be written.",
        1.0,
    )
    confidence = RealColumn(
        columns.CONFIDENCE,
        "Confidence in giving feedback and voicing ideas, 0 to 1; may be written.",
        1.0,
    )
    safety = RealColumn(
        columns.SAFETY, "How safe it feels to speak up the hierarchy, 0 to 1; may be written.", 1.0
    )
    humility = RealColumn(columns.HUMILITY, "Trait, 0 to 1; may be written.", 1.0)
    mentoring_ability = RealColumn(columns.MENTORING_ABILITY, "Trait, 0 to 1; may be written.", 1.0)
    growth_need = RealColumn(columns.GROWTH_NEED, "Trait, 0 to 1; may be written.", 1.0)
    propensity = RealColumn(
        columns.PROPENSITY,
        "Trait: factor on the rate of ideas, mean 1, 0 or more; may be written.",
        math.inf,
    )
    output = RealColumn(
        columns.OUTPUT, "Skills in use times effort at the end of the last month, about 0 to 1."
    )
    embeddedness = RealColumn(
        columns.EMBEDDEDNESS, "Links, fit and what leaving would give up, 0 to 1."
    )
    settledness = RealColumn(
        columns.SETTLEDNESS, "Trait, standard normal at hire: how little inclined to move on."
    )
    initiative = RealColumn(columns.INITIATIVE, "Trait, standard normal: how readily one asks.")
    unit = RealColumn(columns.UNIT, "What department and manager add to the engagement baseline.")
    given = RealColumn(columns.GIVEN, "Skill that others gained from the person last month.")
    learnt = RealColumn(columns.LEARNT, "Skill gained in mentoring last month, summed over skills.")
    relationship_push = RealColumn(
        columns.RELATIONSHIP_PUSH, "Quality above neutral, summed over last month's meetings."
    )
    sponsor_quality = RealColumn(
        columns.SPONSOR_QUALITY, "Quality of the best relationship with somebody higher up, 0 to 1."
    )
    engagement_begin = RealColumn(
        columns.ENGAGEMENT_BEGIN, "Engagement at the programme's start, or at hire, 0 to 1."
    )
    output_begin = RealColumn(columns.OUTPUT_BEGIN, "Output at the programme's start, or at hire.")
    fresh_views = RealColumn(
        columns.FRESH_VIEWS, "Quality times novelty, summed over relationships that met last month."
    )
    attention = RealColumn(
        columns.ATTENTION, "Quality summed over relationships that met last month."
    )
    partner_quality = RealColumn(
        columns.PARTNER_QUALITY, "Quality of the best relationship, 0 to 1."
    )
    safety_push = RealColumn(columns.SAFETY_PUSH, "Safety gained at last month's meetings.")
    confidence_push = RealColumn(
        columns.CONFIDENCE_PUSH, "Confidence gained at last month's meetings."
    )

    holder = WholeColumn(columns.HOLDER, "Which of the slot's successive persons this is, from 0.")
    birth_month = WholeColumn(columns.BIRTH_MONTH, "Month of birth.")
    hire_month = WholeColumn(
        columns.HIRE_MONTH, "Month of hire; negative for those present at the start."
    )
    level = WholeColumn(columns.LEVEL, "Level in the hierarchy, from 1, the lowest.")
    level_month = WholeColumn(columns.LEVEL_MONTH, "Month in which the person came to this level.")
    post = WholeColumn(columns.PERSON_POST, "Place in the organisation chart.")
    ideas_heard = WholeColumn(columns.IDEAS_HEARD, "Last month's ideas that were voiced.")
    ideas_implemented_now = WholeColumn(
        columns.IDEAS_IMPLEMENTED_NOW, "Last month's ideas that were carried out."
    )
    ideas_rejected = WholeColumn(columns.IDEAS_REJECTED, "Last month's ideas that went unheard.")
    volunteered = WholeColumn(columns.VOLUNTEERED, "Cohorts for which the person volunteered.")
    months_formal = WholeColumn(columns.MONTHS_FORMAL, "Months with a formal mentor so far.")
    months_informal = WholeColumn(columns.MONTHS_INFORMAL, "Months with an informal mentor so far.")
    meetings_as_mentee = WholeColumn(
        columns.MEETINGS_AS_MENTEE, "Formal meetings as mentee so far."
    )
    meetings_as_mentor = WholeColumn(
        columns.MEETINGS_AS_MENTOR, "Formal meetings as mentor so far."
    )
    ideas_voiced = WholeColumn(columns.IDEAS_VOICED, "Ideas voiced so far.")
    ideas_implemented = WholeColumn(columns.IDEAS_IMPLEMENTED, "Ideas carried out so far.")
    promotions = WholeColumn(columns.PROMOTIONS, "Promotions so far.")
    cohorts_as_mentee = WholeColumn(columns.COHORTS_AS_MENTEE, "Formal pairs begun as mentee.")
    cohorts_as_mentor = WholeColumn(columns.COHORTS_AS_MENTOR, "Formal pairs begun as mentor.")
    arm = WholeColumn(
        columns.ARM, "What the first lot said: 0 there was none, 1 drawn, 2 not drawn."
    )

    @Shown
    def age(self) -> float:
        """Age in years."""
        return (self._month() - self.birth_month) / 12.0

    @Shown
    def birth_year(self) -> int:
        """Calendar year of birth."""
        return int(self.model.plan.record[0].organisation.start_year) + self.birth_month // 12

    @Shown
    def generation(self) -> str:
        """``boomer``, ``gen_x``, ``millennial`` or ``gen_z``: follows from the year of birth."""
        start_year = self.model.plan.record[0].organisation.start_year
        return GENERATIONS[generation_of(self.birth_month, start_year)]  # type: ignore[no-untyped-call]

    @Shown
    def tenure(self) -> int:
        """Months with the firm."""
        return self._month() - self.hire_month

    @Shown
    def department(self) -> str:
        """Name of the department."""
        return self.model.plan.chart.department_names[self._whole(columns.PERSON_DEPARTMENT)]

    @Shown
    def site(self) -> str:
        """Name of the site."""
        return self.model.plan.chart.site_names[self._whole(columns.SITE)]

    @Shown
    def work_mode(self) -> str:
        """``on_site``, ``hybrid`` or ``remote``."""
        return _WORK_MODES[self._whole(columns.WORK_MODE)]

    @Shown
    def skills_begin(self) -> SkillsOnRecord:
        """Skills at the programme's start, or at hire, by name; each 0 to 1."""
        return SkillsOnRecord(self, at_begin=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.unique_id}>"

    def _real(self, column: int) -> float:
        raise NotImplementedError

    def _whole(self, column: int) -> int:
        raise NotImplementedError

    def _month(self) -> int:
        raise NotImplementedError

    def _skill_row(self, at_begin: bool) -> NDArray[np.float64]:
        raise NotImplementedError

    def _write(self, column: int, value: float) -> None:
        raise NotImplementedError
