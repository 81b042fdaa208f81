"""One world as tables: its people, its pairs, its months.

Columns are taken from a world's state as plain arrays, which travel well between processes; names are
put in the place of codes only where the table is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.generations import FIRST_YEARS, GENERATIONS
from sim.engine.state import State
from sim.errors import InputError
from sim.outcomes.declared import CURVES, OUTCOMES
from sim.outcomes.outcome import Sums, curve_of
from sim.simulation.copies import copied
from sim.simulation.plan import Plan, context_of
from sim.simulation.simulation import WorldResult

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NEVER",
    "Columns",
    "RunResult",
    "dyad_columns",
    "dyads_frame",
    "people_columns",
    "people_frame",
    "without_identities",
]

Columns = dict[str, NDArray[Any]]
OneTable = tuple[str, int, Columns]
"""Name of the variant, replicate, columns."""

ROLES = ("none", "mentee", "mentor", "both")
KINDS = ("informal", "formal")
NEVER = -(10**6)
"""Stands for a month that has not come: still there, still running."""

_COUNTERS = (
    "volunteered",
    "months_formal",
    "months_informal",
    "meetings_as_mentee",
    "meetings_as_mentor",
    "ideas_voiced",
    "ideas_implemented",
    "promotions",
)


def people_columns(state: State, plan: Plan) -> Columns:
    """Everybody who was ever there, in the order of hire; each column of shape (people,).

    Texts are codes; `employee_id` is the row of the roster or -1; `left` is :data:`NEVER` for those
    who stayed.

    Parameters
    ----------
    state
        The end of a world that kept its people.
    plan
        Its variant.
    """
    there = state.whole[columns.ACTIVE] == 1
    rows = state.leavers[: state.counts[columns.LEAVERS]]
    reals, wholes = len(columns.PERSON), len(columns.PERSON_WHOLE)
    person = np.hstack([rows[:, :reals].T, state.person[:, there]])
    whole = np.hstack([rows[:, reals : reals + wholes].T, state.whole[:, there]]).astype(np.int64)
    order = np.argsort(whole[columns.NUMBER], kind="stable")
    person, whole = person[:, order], whole[:, order]
    stays = int(there.sum())
    left = np.concatenate([rows[:, reals + wholes], np.full(stays, NEVER)])[order]
    cause = np.concatenate([rows[:, reals + wholes + 1], np.full(stays, columns.STAYED)])[order]
    slot = np.concatenate([rows[:, reals + wholes + 2], np.flatnonzero(there)])[order].astype(
        np.int64
    )
    from_roster = (whole[columns.HOLDER] == 0) & (plan.roster is not None)
    birth_year = plan.settings["organisation"]["start_year"] + whole[columns.BIRTH_MONTH] // 12
    mentee, mentor = whole[columns.COHORTS_AS_MENTEE] > 0, whole[columns.COHORTS_AS_MENTOR] > 0
    table: Columns = {
        "person": whole[columns.NUMBER],
        "employee_id": np.where(from_roster, slot, -1),
        "slot": slot,
        "holder": whole[columns.HOLDER],
        "generation": np.searchsorted(FIRST_YEARS[1:], birth_year, side="right"),
        "birth_year": birth_year,
        "level": whole[columns.LEVEL],
        "department": whole[columns.PERSON_DEPARTMENT],
        "site": whole[columns.SITE],
        "hired": whole[columns.HIRE_MONTH],
        "left": left.astype(np.int64),
        "cause": cause.astype(np.int64),
        "role": mentee + 2 * mentor,
        "arm": whole[columns.ARM],
    }
    for name in _COUNTERS:
        table[name] = whole[columns.PERSON_WHOLE.index(name)]
    for name in ("engagement", "output"):
        table[f"{name}_begin"] = person[columns.PERSON.index(f"{name}_begin")]
        table[f"{name}_end"] = person[columns.PERSON.index(name)]
    gone = state.leavers_skills[: state.counts[columns.LEAVERS]]
    skills = np.vstack([gone, np.hstack([state.skills_begin, state.skills])[there]])[order]
    for k, name in enumerate(plan.skill_names):
        table[f"skill_{name}_begin"] = skills[:, k]
        table[f"skill_{name}_end"] = skills[:, len(plan.skill_names) + k]
    return table


def dyad_columns(state: State) -> Columns:
    """Every pair, first those that ended, in the order of ending, then those that run.

    Texts are codes; `mentor` and `mentee` are numbers of people; `ended` is :data:`NEVER` for those
    that run.

    Parameters
    ----------
    state
        The end of a world that kept its pairs.
    """
    rows = state.ended[: state.counts[columns.ENDED]]
    running = int(state.counts[columns.DYADS])
    reals, wholes = len(columns.DYAD), len(columns.DYAD_WHOLE)
    real = np.hstack([rows[:, :reals].T, state.dyad[:, :running]])
    whole = np.hstack([rows[:, reals : reals + wholes].T, state.dyad_whole[:, :running]])
    whole = whole.astype(np.int64)
    ended = np.concatenate([rows[:, reals + wholes], np.full(running, NEVER)])
    never_met = whole[columns.HELD] == 0
    return {
        "kind": whole[columns.FORMAL],
        "direction": whole[columns.DIRECTION],
        "mentor": whole[columns.MENTOR_NUMBER],
        "mentee": whole[columns.MENTEE_NUMBER],
        "begun": whole[columns.BEGUN],
        "ended": ended.astype(np.int64),
        "reason": whole[columns.ENDING],
        "similarity": real[columns.SIMILARITY],
        "level_gap": whole[columns.LEVEL_GAP],
        "age_gap": whole[columns.AGE_GAP] / 12.0,
        "score": np.where(whole[columns.FORMAL] == 1, real[columns.SCORE], np.nan),
        "quality_first": np.where(never_met, np.nan, real[columns.FIRST_QUALITY]),
        "quality_end": real[columns.QUALITY],
        "held": whole[columns.HELD],
        "missed": whole[columns.MISSED],
        "mentee_gain": real[columns.MENTEE_GAIN],
        "mentor_gain": real[columns.MENTOR_GAIN],
    }


def without_identities(
    people: Columns | None, dyads: Columns | None, plan: Plan
) -> tuple[Columns | None, Columns | None]:
    """The tables of people and pairs of a world in which nobody of a roster can be looked up.

    A roster's rows are people with names; their ids are left out, and slots and numbers of people are dealt anew,
    the same under every variant and in every world, so that the tables still fit together and no table says when
    a row of the roster leaves. Without a roster the tables stay as they are.
    """
    if people is not None:
        people = {name: column for name, column in people.items() if name != "employee_id"}
    if plan.roster is None:
        return people, dyads
    posts = plan.chart.posts
    keys = [
        hashlib.blake2b(f"dealt anew {slot}".encode(), digest_size=8).digest()
        for slot in range(posts)
    ]
    dealt = np.empty(posts, dtype=np.int64)
    dealt[sorted(range(posts), key=keys.__getitem__)] = np.arange(posts)

    def renumbered(numbers: NDArray[Any]) -> NDArray[np.int64]:
        first = (numbers >= 1) & (numbers <= posts)
        return np.where(first, dealt[np.clip(numbers - 1, 0, posts - 1)] + 1, numbers)

    if people is not None:
        people["slot"], people["person"] = dealt[people["slot"]], renumbered(people["person"])
        order = np.argsort(people["person"], kind="stable")
        people = {name: column[order] for name, column in people.items()}
    if dyads is not None:
        sides = {side: renumbered(dyads[side]) for side in ("mentor", "mentee")}
        dyads = {**dyads, **sides}
    return people, dyads


def people_frame(worlds: Sequence[OneTable], plan: Plan) -> pd.DataFrame:
    """The table of people of several worlds, one row per person, in the order of `worlds`.

    Months count from 0 and are negative for what came before; `left` is missing for those who stayed.
    `person` numbers people within a world; the same (`slot`, `holder`) is the same person under every
    variant. Nobody of a roster can be looked up: see :func:`without_identities`.
    """
    names = {
        "generation": GENERATIONS,
        "department": plan.chart.department_names,
        "site": plan.chart.site_names,
        "cause": columns.CAUSES,
        "role": ROLES,
        "arm": columns.ARMS,
    }
    return _frame(worlds, names, "left")


def dyads_frame(worlds: Sequence[OneTable]) -> pd.DataFrame:
    """The table of pairs of several worlds, one row per pair, in the order of `worlds`.

    `age_gap` is in years, mentor minus mentee; `mentor` and `mentee` are the people's numbers;
    `quality_first` is missing where the two never met, `score` for informal pairs.
    """
    names = {"kind": KINDS, "direction": columns.DIRECTIONS, "reason": columns.ENDINGS}
    return _frame(worlds, names, "ended")


def _frame(
    worlds: Sequence[OneTable], names: Mapping[str, Sequence[str]], open_month: str
) -> pd.DataFrame:
    import pandas as pd

    lengths = [len(table[open_month]) for _, _, table in worlds]
    variants = np.array([variant for variant, _, _ in worlds], dtype=object)
    replicates = np.array([replicate for _, replicate, _ in worlds], dtype=np.int64)
    frame: dict[str, Any] = {
        "variant": np.repeat(variants, lengths),
        "replicate": np.repeat(replicates, lengths),
    }
    for name in worlds[0][2]:
        column = np.concatenate([table[name] for _, _, table in worlds])
        if name in names:
            column = np.array([*names[name], None], dtype=object)[column]
        frame[name] = column
    never = frame[open_month] == NEVER
    frame[open_month] = pd.Series(frame[open_month], dtype="Int64").mask(never)
    return pd.DataFrame(frame)


@dataclass(eq=False, repr=False)
class RunResult:
    """One simulated firm under one variant.

    Attributes
    ----------
    plan
        The variant, ready to live.
    result
        What the world left behind.
    tables
        Those that are worked out, by name; the properties hand out copies.
    """

    plan: Plan
    result: WorldResult
    tables: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<RunResult {self.plan.name!r}, replicate {self.result.world}>"

    @copied
    def monthly(self) -> pd.DataFrame:
        """One row per month: sums over people of everything recorded (:data:`sim.engine.columns.MEASURES`)."""
        import pandas as pd

        frame = pd.DataFrame(self.result.monthly, columns=list(columns.M))
        frame.insert(0, "month", np.arange(self.plan.months))
        return frame

    @copied
    def curves(self) -> pd.DataFrame:
        """One row per month: the outcomes that can be told month by month."""
        import pandas as pd

        monthly, first, context = self.result.monthly, self.plan.window_start, context_of(self.plan)
        curves = {item.name: curve_of(item, monthly, context, first) for item in CURVES}
        return pd.DataFrame({"month": np.arange(self.plan.months), **curves})

    @copied
    def outcomes(self) -> pd.Series:
        """Every outcome of the firm, by name."""
        import pandas as pd

        window = Sums(self.result.monthly[self.plan.window_start :].sum(axis=0))
        context = context_of(self.plan)
        return pd.Series({item.name: float(item.of(window, context)) for item in OUTCOMES})

    @copied
    def people(self) -> pd.DataFrame:
        """Everybody who was ever there; InputError unless the run kept its people."""
        state = self._kept("people", columns.KEEP_PEOPLE)
        people, _ = without_identities(people_columns(state, self.plan), None, self.plan)
        assert people is not None
        return people_frame([(self.plan.name, self.result.world, people)], self.plan)

    @copied
    def dyads(self) -> pd.DataFrame:
        """Every pair; InputError unless the run kept its pairs."""
        state = self._kept("dyads", columns.KEEP_DYADS)
        _, dyads = without_identities(None, dyad_columns(state), self.plan)
        assert dyads is not None
        return dyads_frame([(self.plan.name, self.result.world, dyads)])

    def _kept(self, what: str, count: int) -> State:
        state = self.result.state
        if state is None or not state.counts[count]:
            raise InputError(f"{what} were not kept", remedy=f"run it with {what}=True")
        return state
