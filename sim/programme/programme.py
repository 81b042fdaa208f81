"""Phase 4 of a month: the programme of one world, with what its coordinator remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine import columns
from sim.engine.state import State
from sim.mechanisms.meetings import planned_meetings
from sim.programme.beginning import (
    NewPairs,
    Participants,
    Terms,
    begin_pairs,
    count_participants,
)
from sim.programme.calendar import Calendar
from sim.programme.candidates import Candidates, SeenSkills
from sim.programme.check_ins import end_failing, find_failing
from sim.programme.enrolment import Enrolment, enrol
from sim.programme.lots import Listed, Lots
from sim.programme.matching import Cohort, Matches, make_pairs
from sim.programme.moment import Moment
from sim.programme.policies import Policy
from sim.programme.roster_wishes import RosterWishes
from sim.programme.rules import Sides
from sim.programme.shuffling import deal_anew

__all__ = ["Programme"]

Slots = NDArray[np.int64]


@dataclass(eq=False)
class Programme:
    """One world's programme.

    Attributes
    ----------
    policies
        How pairs are made: one policy, or several that share the places.
    everything
        The resolved settings, by section and name.
    calendar
        When it acts.
    wishes
        What the roster says about individual people's part.
    listed
        The list that takes the place of the lot, where there is one.
    past
        Pairs made so far: slots and person numbers of mentee and mentor, one row each.
    """

    policies: tuple[Policy, ...]
    everything: Mapping[str, Mapping[str, Any]]
    calendar: Calendar
    wishes: RosterWishes | None
    listed: Listed | None = None
    past: list[NDArray[np.int64]] = field(default_factory=list)
    lots: Lots = field(init=False)

    def __post_init__(self) -> None:
        self.lots = Lots(self.settings, self.listed)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The resolved ``[programme]`` section."""
        return self.everything["programme"]

    @property
    def teaches_upward(self) -> bool:
        """Whether juniors teach their seniors in it."""
        return any(policy.direction in ("reverse", "reciprocal") for policy in self.policies)

    def act(self, now: Moment) -> None:
        """Check in with the running pairs, shuffle partners, open a cohort, as the calendar has it."""
        if now.month in self.calendar.check_ins:
            self._check_in(now)
        if now.month in self.calendar.deals:
            deal_anew(now, self.policies, self._apart(now.state, past=False))
        if now.month in self.calendar.openings:
            self._open(now)

    def candidates(
        self, now: Moment, policy: Policy, skills: SeenSkills, mentees: Slots, mentors: Slots
    ) -> Candidates:
        """The two sides of a cohort (slots, in increasing order) as a policy sees them.

        Parameters
        ----------
        skills
            What the skill data say this month.
        """
        crossing = int(policy.other_department)
        sides = Sides(mentees, mentors, policy.direction_code, crossing)
        return Candidates(now, self.everything, sides, self._goals(now.state), skills)

    # --- opening ---------------------------------------------------------------------------------------

    def _open(self, now: Moment) -> None:
        """Enrol, pair and begin a cohort, or one month's part of it."""
        state, month = now.state, now.month
        enrolled = enrol(
            now,
            self.settings,
            upward=self.teaches_upward,
            parts=self.calendar.parts,
            wishes=self.wishes,
            chance=self.lots,
        )
        self._note_willing(state, enrolled)
        room = self._room(state)
        state.monthly[month, columns.M_CAPACITY] += float(room[enrolled.mentors].sum())
        places = self._places(state, month)
        state.monthly[month, columns.M_PLACES] += float(places)
        for role, measure in ((1, columns.M_INVITED_MENTEES), (2, columns.M_INVITED_MENTORS)):
            state.monthly[month, measure] += float((enrolled.invited & role > 0).sum())
        before = state.whole[columns.FORMAL_MENTORS] + state.whole[columns.FORMAL_MENTEES]
        taken = enrolled.mentees.copy()
        made: list[Matches] = []
        fixed = self.fixed_pairs(state, room)
        skills = SeenSkills(now)
        begun = 0
        for number, policy in enumerate(self.policies):
            last = number == len(self.policies) - 1
            own = places - begun if last else round(policy.share * places)
            matches = fixed if number == 0 else Matches.joined([])
            taken[matches.mentees] = False
            applicants = np.flatnonzero(taken)
            cohort = Cohort(
                applicants[np.argsort(enrolled.order[applicants], kind="stable")],
                np.flatnonzero(enrolled.mentors),
                room,
                enrolled.order,
                max(0, own - len(matches.mentees)),
                self._apart(state),
            )
            candidates_of = partial(self.candidates, now, policy, skills)
            more = make_pairs(candidates_of, policy, self.settings, cohort)
            matches = Matches.joined([matches, more])
            taken[matches.mentees] = False
            begun += len(matches.mentees)
            ends = np.full(len(matches.mentees), month + int(self.settings["cohort_months"]))
            self._begin(now, ends, policy, matches, opens=True)
            made.append(matches)
        self._count(now, enrolled, before, Matches.joined(made))

    def _places(self, state: State, month: int) -> int:
        """Places of the cohort, or of this month's part of it, of those not given within a cohort's length."""
        places = float(self.settings["places"]) * int(state.whole[columns.ACTIVE].sum())
        if self.calendar.parts == 1:
            return round(places)
        age = month - self.calendar.openings[0]
        span = slice(max(0, month - self.calendar.parts + 1), month)
        given = int(state.monthly[span, columns.M_OPENED].sum())
        due = int(planned_meetings(age, places / self.calendar.parts))
        return max(0, min(due, round(places) - given))

    def _note_willing(self, state: State, enrolled: Enrolment) -> None:
        """Remember who would mentor: those of this cohort, or with rolling enrolment all so far."""
        willing = state.whole[columns.WILLING]
        if self.calendar.parts == 1:
            willing[:] = 0
        willing[enrolled.mentors] = 1
        willing[enrolled.several] = 2
        if self.calendar.parts > 1:
            enrolled.mentors[:] = (willing > 0) & (state.whole[columns.ACTIVE] == 1)

    def _room(self, state: State) -> Slots:
        """Mentees that everybody could still take, by slot."""
        group = self.settings["form"] == "group"
        ordinary = int(self.settings["group_size" if group else "mentor_capacity"])
        most = np.full(state.whole.shape[1], ordinary, dtype=np.int64)
        if not group:
            most[state.whole[columns.WILLING] == 1] = 1
        if self.wishes is not None:
            most = self.wishes.capacities(state, most)
        return np.maximum(0, most - state.whole[columns.FORMAL_MENTEES])

    def fixed_pairs(self, state: State, room: Slots) -> Matches:
        """Pairs that the roster asks for, the one who is to teach as the mentor; they use up room."""
        if self.wishes is None:
            return Matches.joined([])
        level, hired = state.whole[columns.LEVEL], state.whole[columns.HIRE_MONTH]
        reverse = self.policies[0].direction == "reverse"
        mentees, mentors = [], []
        for one, other in self.wishes.pairs_together(state):
            senior, junior = (one, other)
            if (level[other], -hired[other]) > (level[one], -hired[one]):
                senior, junior = other, one
            mentor, mentee = (junior, senior) if reverse else (senior, junior)
            if state.whole[columns.FORMAL_MENTORS, mentee] == 0 and mentee not in mentees:
                mentees.append(mentee)
                mentors.append(mentor)
                room[mentor] = max(0, room[mentor] - 1)
        rows = Matches(
            np.array(mentees, dtype=np.int64), np.array(mentors, dtype=np.int64), np.zeros(len(mentees))
        )  # fmt: skip
        return Matches.joined([rows])

    def _apart(self, state: State, *, past: bool = True) -> Slots:
        """Pairs (mentee, mentor) of slots that must not be made; shape (m, 2).

        `past` says whether partners of earlier cohorts are among them, where they are barred.
        """
        found = [np.empty((0, 2), dtype=np.int64)]
        if self.wishes is not None:
            found.append(self.wishes.pairs_apart(state))
        if past and self.settings["bar_past_pairs"] and self.past:
            rows = np.concatenate(self.past)
            number = state.whole[columns.NUMBER]
            present = (number[rows[:, 0]] == rows[:, 2]) & (number[rows[:, 1]] == rows[:, 3])
            pairs = rows[present, :2]
            found += [pairs, pairs[:, ::-1]]
        return np.concatenate(found)

    def _goals(self, state: State) -> Slots:
        """Bit masks of the skills that everybody wants to learn, 0 where unknown."""
        if self.wishes is None:
            return np.zeros(state.whole.shape[1], dtype=np.int64)
        return self.wishes.goals_now(state)

    def _begin(
        self, now: Moment, ends: Slots, policy: Policy, matches: Matches, *, opens: bool
    ) -> None:
        """Put pairs into the table of pairs and remember them."""
        state, handle, records, month = now
        mentees, mentors, scores = matches
        goals = np.zeros(len(mentees), dtype=np.int64)
        if policy.score == "goals":
            goals = self._goals(state)[mentees]
        pairs = NewPairs(mentees, mentors, np.full(len(mentees), month), ends, goals, scores)
        terms = Terms(policy.direction_code, float(policy.say), int(opens))
        begin_pairs(handle, records, month, terms, pairs)
        number = state.whole[columns.NUMBER]
        self.past.append(np.stack((mentees, mentors, number[mentees], number[mentors]), axis=1))

    def _count(self, now: Moment, enrolled: Enrolment, before: Slots, made: Matches) -> None:
        """Count those who asked, got a place, were trained and were turned away."""
        people = len(before)
        newly, trained = np.zeros(people, dtype=np.int64), np.zeros(people, dtype=np.int64)
        for side, slots in (("mentees", made.mentees), ("mentors", made.mentors)):
            newly[slots] = 1
            if self.settings["training_hours"] > 0 and self.settings["training_for"] in (
                side,
                "both",
            ):
                trained[slots] = 1
        newly[before > 0] = 0
        trained[before > 0] = 0
        asked = enrolled.asked
        if self.settings["participation"] == "asked_by_name":
            # The coordinator goes on asking until the places are filled: nobody is left standing.
            asked = np.zeros(people, dtype=np.bool_)
            asked[made.mentees] = True
        asked_themselves = self.settings["participation"] in ("voluntary", "lottery")
        feels = int(asked_themselves and not self.settings["placebo"])
        part = Participants(asked.astype(np.int64), newly, trained)
        count_participants(now.handle, now.records, now.month, feels, part)

    # --- check-ins -------------------------------------------------------------------------------------

    def _check_in(self, now: Moment) -> None:
        """Find failing pairs; end them and pair their mentees anew, if that is wanted."""
        state, handle, records, month = now
        running = int(state.counts[columns.DYADS])
        failing = np.zeros(running, dtype=np.int64)
        find_failing(handle, records, month, failing)
        if not self.settings["re_pair"]:
            return
        dyad = state.dyad_whole[:, :running]
        rows = np.flatnonzero((failing == 1) & (dyad[columns.PLANNED_END, :] - month >= 2))
        if not len(rows):
            return
        mentees = dyad[columns.MENTEE, rows].copy()
        ends = dyad[columns.PLANNED_END, rows].copy()
        directions = dyad[columns.DIRECTION, rows].copy()
        ended = np.stack([mentees, dyad[columns.MENTOR, rows]], axis=1)
        ending = np.zeros(running, dtype=np.int64)
        ending[rows] = 1
        end_failing(handle, records, month, ending)
        end_of = dict(zip(mentees.tolist(), ends.tolist(), strict=True))
        willing = np.flatnonzero(
            (state.whole[columns.WILLING] > 0) & (state.whole[columns.ACTIVE] == 1)
        )
        room = self._room(state)
        order = np.arange(state.whole.shape[1], dtype=np.float64)
        skills = SeenSkills(now)
        for policy in self.policies:
            freed = np.unique(mentees[directions == policy.direction_code])
            waiting = freed[state.whole[columns.FORMAL_MENTORS, freed] == 0]
            apart = np.concatenate([self._apart(state), ended])
            matches = make_pairs(
                partial(self.candidates, now, policy, skills),
                policy,
                self.settings,
                Cohort(waiting, willing, room, order, len(freed), apart),
            )
            new_ends = np.array([end_of[slot] for slot in matches.mentees.tolist()], dtype=np.int64)
            self._begin(now, new_ends, policy, matches, opens=False)
