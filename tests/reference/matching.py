"""Phase 4, who is paired: places are given in the order in which people came, until they are filled."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reference.assignments import assign
from reference.entities import Person
from reference.policies import Policy, is_allowed
from reference.scores import Table, lot, score

if TYPE_CHECKING:
    from reference.model import ReferenceModel


@dataclass(frozen=True)
class Match:
    """A pair to be."""

    mentee: Person
    mentor: Person
    score: float


@dataclass
class Matching:
    """What is needed to fill places with pairs by one policy.

    `room` says how many mentees everybody can still take, and goes down; `turns` who comes first;
    `apart` which pairs (mentee, mentor) must not be.
    """

    model: ReferenceModel
    policy: Policy
    mentors: list[Person]
    room: dict[Person, int]
    turns: dict[Person, float]
    apart: set[tuple[Person, Person]]

    def fill(self, applicants: list[Person], places: int) -> list[Match]:
        """At most as many pairs as there are places; in the order of mentees.

        Applicants for whom there may be a mentor are tried in their order, as many at a time as there are
        places left.
        """
        made: list[Match] = []
        tried = 0
        if max(len(applicants), len(self.mentors)) <= self.model.paired_together:
            free = [mentor for mentor in self.mentors if self.room[mentor] > 0]
            applicants = [person for person in applicants if self._has_prospects(person, free)]
        while tried < len(applicants) and len(made) < places:
            round_of = applicants[tried : tried + places - len(made)]
            free = [mentor for mentor in self.mentors if self.room[mentor] > 0]
            if not free:
                break
            for mentees, mentors in self._dealt(round_of, free):
                if self.model.levers.group and tried == 0:
                    mentors = self._leaders(mentees, mentors)
                made += self._matched(mentees, mentors)
            tried += len(round_of)
        return sorted(made, key=lambda match: match.mentee.slot)

    def _has_prospects(self, mentee: Person, mentors: list[Person]) -> bool:
        """Whether direction and rules admit any of the mentors."""
        return any(is_allowed(self.model, self.policy, mentor, mentee) for mentor in mentors)

    def _dealt(
        self, mentees: list[Person], mentors: list[Person]
    ) -> list[tuple[list[Person], list[Person]]]:
        """All together, or where that would be too many, blocks of them; each in the order of slots."""
        largest = max(len(mentees), len(mentors))
        blocks = 1
        if largest > self.model.paired_together:
            blocks = math.ceil(largest / self.model.block)
        sides = [sorted(side, key=lambda person: self.turns[person]) for side in (mentees, mentors)]
        dealt = [
            [sorted(side[block::blocks], key=lambda person: person.slot) for side in sides]
            for block in range(blocks)
        ]
        return [(some, others) for some, others in dealt if some and others]

    def _table(self, mentees: list[Person], mentors: list[Person]) -> Table:
        table = score(self.model, self.policy, mentees, mentors)
        for row, mentee in enumerate(mentees):
            for column, mentor in enumerate(mentors):
                if (mentee, mentor) in self.apart:
                    table[row][column] = None
        return table

    def _matched(self, mentees: list[Person], mentors: list[Person]) -> list[Match]:
        """The pairs of one table of scores; poor ones are not made where only good ones are wanted."""
        rules = self.model.settings.programme
        table = self._table(mentees, mentors)
        if not rules.everyone_matched:
            least = rules.minimum_score
            table = [[s if s is not None and s >= least else None for s in row] for row in table]
        lots: Table = [
            [
                None if table[row][column] is None else lot(self.model, mentor, mentee)
                for column, mentor in enumerate(mentors)
            ]
            for row, mentee in enumerate(mentees)
        ]
        found = assign(
            self.policy.assignment,
            table,
            [self.room[mentor] for mentor in mentors],
            [self.turns[mentee] for mentee in mentees],
            lots,
            everyone=rules.everyone_matched,
        )
        made = []
        for row, column in enumerate(found):
            if column is None:
                continue
            value = table[row][column]
            assert value is not None
            made.append(Match(mentees[row], mentors[column], value))
            self.room[mentors[column]] -= 1
        return made

    def _leaders(self, mentees: list[Person], mentors: list[Person]) -> list[Person]:
        """Mentors of groups: as few as the mentees need, those with the best groups to be had.

        A group is as large as its mentor still has room.
        """
        table = self._table(mentees, mentors)
        worth: dict[Person, float] = {}
        for column, mentor in enumerate(mentors):
            best = sorted((row[column] or 0.0 for row in table), reverse=True)
            worth[mentor] = 0.0
            for value in best[: self.room[mentor]]:
                worth[mentor] += value
        leaders: list[Person] = []
        for mentor in sorted(mentors, key=lambda mentor: -worth[mentor]):
            if sum(self.room[leader] for leader in leaders) < len(mentees):
                leaders.append(mentor)
        return sorted(leaders, key=lambda mentor: mentor.slot)
