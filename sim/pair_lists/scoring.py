"""What a policy thinks of pairs of real people, with what the roster does not say averaged out.

Where skills are on file the score is the policy's own. Where they are not, it is the mean over many imputed
worlds, smoothed over what the roster tells (levels, ages, time of service, departments): the optimum of a single
imputation names arbitrary people and is worth hardly more than lots.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.engine.state import handle_of
from sim.organisation.roster.roster import Roster
from sim.pair_lists.known import KnownRules
from sim.pair_lists.people import keys_of
from sim.programme.candidates import Candidates, SeenSkills
from sim.programme.matching import score_of
from sim.programme.moment import Moment
from sim.programme.policies import Policy
from sim.programme.programme import Programme
from sim.programme.rules import aims_of
from sim.programme.scores import FORBIDDEN
from sim.simulation.plan import Plan
from sim.simulation.start import new_state

__all__ = ["Scoring", "worlds_needed"]

Slots = NDArray[np.int64]
Real = NDArray[np.float64]

MANY_PEOPLE, VERY_MANY_PEOPLE = 1_000, 20_000
SAMPLE = 400
"""People of a side from whom the expected scores are learnt."""
TIE = 0.005
"""Weight of what decides among equals that nothing tells apart, in mean scores."""
PREFERENCE = 0.02
"""Weight of a preference, in mean scores."""


def worlds_needed(people: int) -> int:
    """Imputed worlds over which scores are averaged."""
    return 200 if people <= MANY_PEOPLE else 30 if people <= VERY_MANY_PEOPLE else 8


@dataclass(eq=False)
class Scoring:
    """Scores of one policy for the people of a roster.

    Attributes
    ----------
    plan, roster, policy, rules
        Who is paired, and how.
    seed, worlds
        Master seed, and how many imputed worlds are averaged; 1 where all skills are on file.
    stated
        Whose skills are all on file, as far as the policy aims at them; shape (people,).
    skills
        Mean skills over the worlds, 0 to 1; shape (people, K).
    typical
        Mean expected score of the allowed pairs of the sample.
    """

    plan: Plan
    roster: Roster
    policy: Policy
    rules: KnownRules
    seed: int
    prefer: tuple[str, ...]
    worlds: int = 0
    stated: NDArray[np.bool_] = field(init=False)
    skills: Real = field(init=False)
    typical: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        self.stated = self._whose_skills_are_stated()
        silent = self.policy.score in ("random",)
        if not self.worlds:
            all_known = bool(self.stated.all()) and self.policy.score in ("gap", "goals")
            self.worlds = 1 if all_known or silent else worlds_needed(self.roster.headcount)
        programme = Programme(
            self.plan.policies, self.plan.settings, self.plan.calendar, self.plan.wishes
        )
        self._programme = programme
        self._moments: list[tuple[Moment, SeenSkills]] = []
        total = np.zeros(0)
        for world in range(self.worlds):
            state = new_state(self.plan, self.seed, world)
            now = Moment(state, handle_of(state), self.plan.record, 0)
            self._moments.append((now, SeenSkills(now)))
            total = state.skills.copy() if world == 0 else total + state.skills
        self.skills = total / self.worlds
        self._coefficients: Real | None = None
        self._mentee_terms = self._mentor_terms = np.zeros((0, 0))
        self._keys = keys_of(self.roster.employee_id, "tie")

    @property
    def now(self) -> Moment:
        """The first world, at its start."""
        return self._moments[0][0]

    @property
    def estimates(self) -> bool:
        """Whether anything is averaged at all."""
        return self.worlds > 1

    def candidates(self, mentees: Slots, mentors: Slots, world: int = 0) -> Candidates:
        """The two sides of a cohort as the policy sees them in a world."""
        now, skills = self._moments[world]
        return self._programme.candidates(now, self.policy, skills, mentees, mentors)

    def learn(self, mentees: Slots, mentors: Slots) -> None:
        """Learn what the roster tells of the expected scores, from a sample of both sides."""
        if not len(mentees) or not len(mentors):
            return
        rows, others = _spread(mentees), _spread(mentors)
        mean = self._mean(rows, others)
        usable = (mean >= 0.0) & (rows[:, None] != others[None, :])
        if self.estimates:
            self._mentee_terms, self._mentor_terms = self._terms()
            terms = self._design(rows, others)[usable]
            found, *_ = np.linalg.lstsq(terms, mean[usable], rcond=1e-8)
            # Rounded, so that the last bits of a solver never decide who is paired with whom.
            self._coefficients = np.asarray(np.round(found, 9), dtype=np.float64)
        allowed = usable & self.candidates(rows, others).allowed
        if allowed.any():
            self.typical = max(float(mean[allowed].mean()), 1e-12)

    def plain(self, candidates: Candidates) -> Real:
        """Expected scores, without preferences; negative where rules of the roster's own rule pairs out."""
        mentees, mentors = candidates.mentees, candidates.mentors
        if not self.estimates:
            table = np.array(score_of(self.policy)(candidates), dtype=np.float64)
        else:
            known = self.stated[mentees][:, None] | self.stated[mentors][None, :]
            table = np.maximum(0.0, self._predicted(mentees, mentors))
            if known.any():
                some = np.flatnonzero(known.any(axis=1))
                columns_ = np.flatnonzero(known[some].any(axis=0))
                mean = self._mean(mentees[some], mentors[columns_])
                place = np.ix_(some, columns_)
                table[place] = np.where(known[place], mean, table[place])
        barred = self.rules.bars(mentees, mentors)
        return table if barred is None else np.where(barred, FORBIDDEN, table)

    def deciding(self, candidates: Candidates) -> Real:
        """The same, with preferences and what decides among equals: by this pairs are made."""
        table = self.plain(candidates)
        mentees, mentors = candidates.mentees, candidates.mentors
        extra = np.zeros(table.shape)
        for one in self.prefer:
            extra += PREFERENCE * self._preferred(one, mentees, mentors)
        mixed = (self._keys[mentees][:, None] ^ self._keys[mentors][None, :]) * np.uint64(
            0x9E3779B97F4A7C15
        )
        extra += TIE * ((mixed >> np.uint64(11)).astype(np.float64) / 2.0**53)
        return np.where(table >= 0.0, table + self.typical * extra, table)

    # --- imputed worlds ----------------------------------------------------------------------------
    def _mean(self, mentees: Slots, mentors: Slots) -> Real:
        """Mean score over the worlds, where it is not ruled out; -1 where it is in all; shape (m, n)."""
        total = np.zeros((len(mentees), len(mentors)))
        count = np.zeros(total.shape)
        for world in range(self.worlds):
            table = score_of(self.policy)(self.candidates(mentees, mentors, world))
            counted = table >= 0.0
            total += np.where(counted, table, 0.0)
            count += counted
        return np.where(count > 0, total / np.maximum(count, 1.0), FORBIDDEN)

    def _whose_skills_are_stated(self) -> NDArray[np.bool_]:
        direction = self.policy.direction_code
        names = self.plan.skill_names
        aims = int(aims_of(self.plan.skill, direction, True)) | int(
            aims_of(self.plan.skill, direction, False)
        )
        wanted = {name for k, name in enumerate(names) if aims >> k & 1}
        return np.array([wanted <= set(have) for have in self.roster.skills_have], dtype=np.bool_)

    # --- smoothing ---------------------------------------------------------------------------------
    def _terms(self) -> tuple[Real, Real]:
        """What the roster knows of each person, as a mentee and as a mentor; a score is a sum of products.

        Levels, age and time of service (and their squares) of each side, and every product of one of the
        mentee's with one of the mentor's.
        """
        roster = self.roster
        levels = np.eye(len(roster.level_names))[roster.level - 1]
        age, tenure = (_standard(values) for values in (roster.age, np.sqrt(roster.tenure_months)))
        own = np.column_stack([levels, age, age**2, tenure])
        wide = own.shape[1]
        left = np.repeat(own, wide, axis=1)
        right = np.tile(own, (1, wide))
        return left, right

    def _design(self, mentees: Slots, mentors: Slots) -> Real:
        """The terms of every pair; shape (m, n, terms)."""
        products = self._mentee_terms[mentees][:, None, :] * self._mentor_terms[mentors][None, :, :]
        background = np.stack(self._background(mentees, mentors), axis=2)
        return np.concatenate([products, background], axis=2)

    def _background(self, mentees: Slots, mentors: Slots) -> tuple[Real, Real]:
        """What two people share: the department, and closeness in age where both ages are on file."""
        department, age = self.roster.department, self.roster.age
        same = (department[mentees][:, None] == department[mentors][None, :]).astype(np.float64)
        apart = np.abs(age[mentees][:, None] - age[mentors][None, :])
        return same, np.nan_to_num(np.maximum(0.0, 1.0 - apart / 30.0), nan=0.5)

    def _predicted(self, mentees: Slots, mentors: Slots) -> Real:
        """Expected scores by what the roster tells; shape (m, n)."""
        if self._coefficients is None:
            return self._mean(mentees, mentors)
        products = self._coefficients[:-2]
        table = (self._mentee_terms[mentees] * products) @ self._mentor_terms[mentors].T
        for weight, part in zip(
            self._coefficients[-2:], self._background(mentees, mentors), strict=True
        ):
            table += weight * part
        return np.asarray(np.round(table, 9))

    def _preferred(self, one: str, mentees: Slots, mentors: Slots) -> NDArray[np.bool_]:
        """Where a preference is met; never where it is not known."""
        what, _, column = one.partition("_")
        codes = {
            "site": self.roster.site,
            "department": self.roster.department,
            "work_mode": self.roster.work_mode,
        }[column]
        mine, theirs = codes[mentees][:, None], codes[mentors][None, :]
        known = (mine >= 0) & (theirs >= 0)
        return np.asarray(known & ((mine == theirs) if what == "same" else (mine != theirs)))


def _spread(slots: Slots) -> Slots:
    """At most :data:`SAMPLE` of the slots, evenly spread."""
    if len(slots) <= SAMPLE:
        return slots
    return slots[np.linspace(0, len(slots) - 1, SAMPLE).astype(np.int64)]


def _standard(values: Real) -> Real:
    """In standard deviations from the mean of those known, 0 where unknown."""
    known = ~np.isnan(values)
    if not known.any() or values[known].std() == 0.0:
        return np.zeros(len(values))
    scaled = (values - values[known].mean()) / values[known].std()
    return np.where(known, scaled, 0.0)
