"""The lot itself, for the people of a roster: blocked by department and level, the same for the same seed."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.errors import InputError
from sim.files import restored
from sim.organisation.roster.roster import Roster
from sim.pilots.analyses import FEWEST
from sim.pilots.designs import STEPS, Design
from sim.programme.lots import FEWEST_DEPARTMENTS, Listed
from sim.programme.volunteering import is_invited
from sim.scenario.messages import visible
from sim.simulation.plan import Plan

__all__ = ["LotteryList", "draw_list", "entrants_of", "listed_people"]

Rows = NDArray[np.intp]

_MENTEE_ROLES = (0, 2)


@dataclass(frozen=True, slots=True)
class LotteryList:
    """Who is offered a place.

    Attributes
    ----------
    table
        One row per person about whom the lot decides: person, department, level, block, lot, arm.
    balance
        What is known of both arms, side by side.
    notes
        Plain sentences about how it was drawn.
    """

    table: pd.DataFrame
    balance: pd.DataFrame
    notes: tuple[str, ...]

    def rows_of(self, roster: Roster, arm: str) -> Rows:
        """Rows of the roster that are in an arm."""
        place = {name: row for row, name in enumerate(roster.employee_id)}
        chosen = self.table.loc[self.table["arm"] == arm, "person"]
        return np.array([place[name] for name in chosen], dtype=np.intp)


def entrants_of(plan: Plan, roster: Roster) -> tuple[Rows, bool]:
    """Rows of the roster about whom the lot can decide, and whether the roster's roles said who has signed up.

    Where the roster states roles, those who would be mentees; else all whom the settings invite.
    """
    asked = plan.record[0].programme
    tenure = np.where(np.isfinite(roster.tenure_months), roster.tenure_months, 0.0)
    invited = np.array(
        [
            bool(is_invited(level, months, True, asked))
            for level, months in zip(roster.level.tolist(), tenure.tolist(), strict=True)
        ]
    )
    by_role = bool((roster.role >= 0).any())
    if by_role:
        invited &= np.isin(roster.role, _MENTEE_ROLES)
    return np.flatnonzero(invited), by_role


def draw_list(plan: Plan, roster: Roster, design: Design, offered: int, seed: int) -> LotteryList:
    """Draw the lot for the people of a roster.

    Each has a number of their own, which follows from seed and id alone; within a block of one department and
    level every so many-th of those in its order is drawn, so that arms are alike in both as nearly as whole people
    allow.

    Raises
    ------
    InputError
        If there are too few people or departments for the design.
    """
    rows, by_role = entrants_of(plan, roster)
    notes = [
        "Those whose role on the roster is mentee or either entered the lot."
        if by_role
        else "The roster does not say who has signed up: all who are invited entered the lot."
    ]
    if len(rows) < 10:
        problem = f"the lot could decide about {len(rows)} people of the roster"
        raise InputError(problem, remedy="invite more, or correct their roles", key="roster")
    turns: dict[int, int] = {}
    numbers = {row: _number(seed, roster.employee_id[row]) for row in rows.tolist()}
    if design.kind == "departments":
        arms, more = _by_department(roster, rows, offered, seed)
        notes += more
    else:
        order = sorted(
            rows.tolist(),
            key=lambda row: (roster.department[row], roster.level[row], numbers[row]),
        )
        count = min(offered, len(order) // 2) if design.kind != "stepped" else len(order) // 3
        if count < offered and design.kind != "stepped":
            notes.append(
                f"{len(order)} people entered, so that {count} and not {offered} are offered a place: half must wait."
            )
        if design.name == "mentors_outside" and len(order) > 2 * count:
            chosen = _every(order, 2 * count, _number(seed, "who enters"))
            order = [row for row, one in zip(order, chosen, strict=True) if one]
        start = _number(seed, "who is drawn")
        if design.kind == "stepped":
            # Within a block turns follow one another, so that all steps are alike.
            first = math.floor(STEPS * start)
            turns = {row: (place + first) % STEPS + 1 for place, row in enumerate(order)}
        else:
            drawn = _every(order, count, start)
            turns = {row: 1 if one else 2 for row, one in zip(order, drawn, strict=True)}
        arms = {row: "offered" if turn == 1 else "waits" for row, turn in turns.items()}
    there = [row for row in rows.tolist() if row in arms]
    table = pd.DataFrame(
        {
            "person": [roster.employee_id[row] for row in there],
            "department": [roster.department_names[roster.department[row]] for row in there],
            "level": [roster.level_names[roster.level[row] - 1] for row in there],
            "lot": [round(numbers[row], 6) for row in there],
            "arm": [arms[row] for row in there],
        }
    )
    if design.kind == "stepped":
        table["turn"] = [turns[row] for row in there]
    return LotteryList(table, _balance(roster, there, arms), tuple(notes))


def listed_people(path: str | Path, roster: Roster | None) -> Listed:
    """A list that was drawn before, as slots of the simulated firm.

    Raises
    ------
    InputError
        If there is no roster, the file is no list, or names people who are not on the roster.
    """
    if roster is None:
        remedy = "give the roster that the list was drawn for (--roster)"
        raise InputError("a list of people takes a roster", remedy=remedy, file=path)
    try:
        table = restored(pd.read_csv(path, dtype=str, keep_default_na=False), ["person", "arm"])
    except (OSError, ValueError) as error:
        remedy = "name the lottery_list.csv that a pilot wrote"
        raise InputError(f"the list cannot be read ({error})", remedy=remedy, file=path) from None
    if not {"person", "arm"} <= set(table.columns):
        raise InputError(
            "this is no lottery list", remedy="it has columns person and arm", file=path
        )
    place = {name: row for row, name in enumerate(roster.employee_id)}
    strange = [one for one in table["person"] if one not in place]
    wrong = sorted(set(table["arm"]) - {"offered", "waits"})
    if strange or wrong:
        told = (
            [f"{len(strange)} people are not on the roster ({visible(strange[0])})"]
            if strange
            else []
        )
        told += [f"arm is {visible(wrong[0])}, and should be offered or waits"] if wrong else []
        raise InputError("; ".join(told), remedy="use the list as it was drawn", file=path)
    arms = [
        np.array([place[one] for one in table.loc[table["arm"] == arm, "person"]], dtype=np.int64)
        for arm in ("offered", "waits")
    ]
    if min(map(len, arms)) < FEWEST:
        problem = f"{len(arms[0])} people are offered a place and {len(arms[1])} wait"
        raise InputError(problem, remedy=f"both sides take {FEWEST} people", file=path)
    return Listed(*arms)


def _number(seed: int, name: str) -> float:
    """A number in [0, 1) that follows from seed and name alone."""
    digest = hashlib.blake2b(f"lot {seed} {name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2.0**64


def _every(order: list[int], count: int, start: float) -> list[bool]:
    """Systematic sampling: `count` of those in order, evenly spread over it."""
    share = count / len(order)
    return [
        math.floor((place + 1) * share + start + 1e-12) > math.floor(place * share + start + 1e-12)
        for place in range(len(order))
    ]


def _by_department(
    roster: Roster, rows: Rows, offered: int, seed: int
) -> tuple[dict[int, str], list[str]]:
    codes, sizes = np.unique(roster.department[rows], return_counts=True)
    if len(codes) < FEWEST_DEPARTMENTS:
        problem = (
            f"whole departments cannot be drawn: there are {len(codes)} with people who are invited"
        )
        raise InputError(problem, remedy="choose another design", key="design")
    wanted = 2 * round(2 * offered / float(sizes.mean()) / 2.0)
    number = min(len(codes) - len(codes) % 2, max(FEWEST_DEPARTMENTS, wanted))
    order = sorted(
        codes.tolist(), key=lambda one: _number(seed, f"department {roster.department_names[one]}")
    )
    drawn, others = order[: number // 2], order[number // 2 : number]
    arms = {
        row: "offered" if roster.department[row] in drawn else "waits"
        for row in rows.tolist()
        if roster.department[row] in (*drawn, *others)
    }
    names = ", ".join(roster.department_names[one] for one in sorted(drawn))
    return arms, [f"The lot drew these departments: {names}."]


def _balance(roster: Roster, rows: list[int], arms: dict[int, str]) -> pd.DataFrame:
    """Both arms side by side: counts by department and level, means of what the roster knows."""
    groups = {
        name: np.array([row for row in rows if arms[row] == name], dtype=np.intp)
        for name in ("offered", "waits")
    }
    lines: list[tuple[str, float, float]] = [
        ("people", *(float(len(group)) for group in groups.values()))  # type: ignore[list-item]
    ]
    for title, code, names in (
        ("department", roster.department, roster.department_names),
        ("level", roster.level - 1, roster.level_names),
    ):
        for place, name in enumerate(names):
            counts = [float((code[group] == place).sum()) for group in groups.values()]
            if sum(counts):
                lines.append((f"{title} {name}", counts[0], counts[1]))
    for title, values in (
        ("mean years of service", roster.tenure_months / 12.0),
        ("mean age", roster.age),
        ("mean engagement (0 to 100)", 100.0 * roster.engagement),
    ):
        means = [_mean(values[group]) for group in groups.values()]
        if all(math.isfinite(one) for one in means):
            lines.append((title, round(means[0], 2), round(means[1], 2)))
    return pd.DataFrame(lines, columns=["what", "offered", "waits"])


def _mean(values: NDArray[np.float64]) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else math.nan
