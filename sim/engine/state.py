"""The state of one world: columns of numbers, allocated once.

People, pairs and posts are rows of columns (:mod:`sim.engine.columns` names them). A **slot** is a row that
holds one person at a time, for the person's whole stay; its **holder** number counts the successive
persons, so that a person is (slot, holder). A **post** is a place in the organisation chart: a tree in
which each post names the post of its boss, so that the manager of a person is whoever heads their team.
Promotion moves a person to another post, never to another slot.

Compiled kernels take a :class:`State` and pick the columns that they use. What a kernel picks is what
its mechanism declares as read or written; the tests hold it to that.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import config, types
from numba.experimental import structref
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.compiled import kernel
from sim.engine.draws import Luck

__all__ = ["NARROW", "Narrow", "Real", "State", "Handle", "HandleType", "columns_of", "handle_of"]

Real = NDArray[np.float64]
NARROW = np.int32
"""Type of the whole numbers of people, ties and posts: half the memory, so that larger firms stay in the cache."""
Narrow = NDArray[np.int32]
Whole = NDArray[np.int64]


class State(NamedTuple):
    """All that a world consists of. Arrays are changed in place and never replaced within a month.

    Shapes: n slots (= posts), K skills, V values, T places for ties, d rows for pairs, D departments,
    months, G groups.
    """

    luck: Luck
    numbers: Real  # (4, n): everybody's numbers for the decision that is being taken
    person: Real  # (PERSON, n)
    whole: Narrow  # (PERSON_WHOLE, n)
    skills: Real  # (n, K), each 0 to 1
    potential: Real  # (n, K): the level that practice leads to
    skills_begin: Real  # (n, K): at the programme's start, or at hire
    gain: Real  # (n, K): this month's learning, before it is applied
    asked: Real  # (n, K): what is left of what one learns by asking this month
    usual: Real  # (D, K): mean skills of a department's people
    values: Real  # (n, V): standard normal
    ties: Narrow  # (n, T): slots of people whose advice is sought, -1 where free
    dyad: Real  # (DYAD, d)
    dyad_whole: Whole  # (DYAD_WHOLE, d)
    post: Narrow  # (POST, n)
    department: Real  # (DEPARTMENT, D)
    department_whole: Whole  # (DEPARTMENT_WHOLE, D)
    heard: Real  # (D,): what leaders heard this month, before it is applied
    team_exits: Real  # (n,): recent quits in the team that the post heads
    skill: Real  # (SKILL_COLUMNS, K)
    rank_and_age: (
        Real  # (L + 1, months of age): odds of ties by level and age gap; 0 where nobody has asked
    )
    emphasis: Real  # (D, K): what a department's people know more of
    surroundings: Real  # (SURROUNDINGS, months)
    mode_shares: Real  # (3,): cumulative shares of work modes
    counts: NDArray[np.int64]  # (COUNTS,)
    monthly: Real  # (months, MEASURES)
    tally: Real  # (G, MEASURES): sums over the window, by generation, level, department
    leavers: Real  # (rows, PERSON + PERSON_WHOLE + 3): what leavers were, month, cause, slot
    leavers_skills: Real  # (rows, 2 K): at the begin and at the end
    ended: Real  # (rows, DYAD + DYAD_WHOLE + 1): ended pairs, month


def columns_of(state: State) -> dict[str, NDArray[Any]]:
    """Every named column of a world, as a view: people first, then pairs, posts and departments."""
    found: dict[str, NDArray[Any]] = {}
    for prefix, names, block in (
        ("", columns.PERSON, state.person),
        ("", columns.PERSON_WHOLE, state.whole),
        ("dyad.", columns.DYAD, state.dyad),
        ("dyad.", columns.DYAD_WHOLE, state.dyad_whole),
        ("post.", columns.POST, state.post),
        ("department.", columns.DEPARTMENT, state.department),
    ):
        for index, name in enumerate(names):
            found[prefix + name] = block[index]
    return found


@structref.register
class HandleType(types.StructRef):  # type: ignore[misc]
    """Numba's type of a handle, with a short name: symbols are made from the names of types."""

    def __init__(self, fields: Any) -> None:
        super().__init__(fields)
        self.name = "Handle"


class Handle(structref.StructRefProxy):  # type: ignore[misc]
    """A handle on a :class:`State`: one pointer that compiled kernels pass to each other.

    Passing the columns themselves would cost every call, and every compilation, dozens of arguments.
    """


structref.define_boxing(HandleType, Handle)
structref.define_constructor(Handle, HandleType, list(State._fields))


@kernel
def _make_handle(state):
    return Handle(
        state.luck,
        state.numbers,
        state.person,
        state.whole,
        state.skills,
        state.potential,
        state.skills_begin,
        state.gain,
        state.asked,
        state.usual,
        state.values,
        state.ties,
        state.dyad,
        state.dyad_whole,
        state.post,
        state.department,
        state.department_whole,
        state.heard,
        state.team_exits,
        state.skill,
        state.rank_and_age,
        state.emphasis,
        state.surroundings,
        state.mode_shares,
        state.counts,
        state.monthly,
        state.tally,
        state.leavers,
        state.leavers_skills,
        state.ended,
    )


def handle_of(state: State) -> Any:
    """The handle that kernels take for a state; the state itself where nothing is compiled.

    Both see the same arrays. A state with other arrays (see ``_replace``) needs a new handle.
    """
    if config.DISABLE_JIT:
        return state
    return _make_handle(state)
