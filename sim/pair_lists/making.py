"""Making a pair list: who is paired with whom, who stays out and why, and what the list is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import InputError
from sim.organisation.roster.roster import Roster
from sim.pair_lists.known import KnownRules, plan_for_list
from sim.pair_lists.needs import Needs, needs_of
from sim.pair_lists.people import Participants, participants_of
from sim.pair_lists.request import PairRequest, refuse_judgements
from sim.pair_lists.scoring import Scoring
from sim.programme.candidates import Candidates
from sim.programme.matching import EXACT_UP_TO, Cohort, Matches, make_pairs
from sim.programme.programme import Programme
from sim.programme.rules import RULES
from sim.simulation.plan import Plan

__all__ = ["Part", "PairList", "make_list"]

Slots = NDArray[np.int64]
Real = NDArray[np.float64]

LOOKED_AT = 200
"""Mentees whose rows of scores are looked at together."""


@dataclass(frozen=True, slots=True)
class Part:
    """The pairs of one policy.

    Attributes
    ----------
    scoring
        What the policy thinks of pairs.
    matches
        The pairs; scores without what decides among equals.
    fixed
        Which of them were settled beforehand; shape (pairs,).
    as_good
        How many other allowed mentors each mentee has who are within 5 % of the one chosen.
    alternatives
        Rows of the two next best allowed mentors of each mentee, -1 where there is none; shape (pairs, 2).
    """

    scoring: Scoring
    matches: Matches
    fixed: NDArray[np.bool_]
    as_good: Slots
    alternatives: Slots


@dataclass(frozen=True, slots=True)
class PairList:
    """A draft pair list.

    Attributes
    ----------
    roster, plan, rules, request
        What it was made from.
    participants
        Who takes part.
    parts
        The pairs, one part for each policy.
    room_left
        Mentees that each person could still take, by row.
    unmatched
        Rows of mentees without a mentor, and why; in the order of the roster.
    idle
        Rows of mentors without a mentee, and why; where the roster states roles.
    best_score
        The highest score of any pair of the list, to which scores are scaled.
    kept_by_lots
        Share of the mean score that mentors drawn by lot would keep, under the same rules.
    needs
        Coverage, and what would close the gap.
    """

    roster: Roster
    plan: Plan
    rules: KnownRules
    request: PairRequest
    participants: Participants
    parts: tuple[Part, ...]
    room_left: Slots
    unmatched: tuple[tuple[int, str], ...]
    idle: tuple[tuple[int, str], ...]
    best_score: float
    kept_by_lots: float
    needs: Needs

    @property
    def pairs(self) -> int:
        """Number of pairs."""
        return sum(len(part.matches.mentees) for part in self.parts)

    @property
    def estimated(self) -> int:
        """Number of pairs whose score rests on what was imputed for at least one of the two."""
        return sum(int((~_stated(part)).sum()) for part in self.parts if part.scoring.estimates)


def _stated(part: Part) -> NDArray[np.bool_]:
    """Pairs in which the skills of both are on file."""
    known = part.scoring.stated
    return np.asarray(known[part.matches.mentees] & known[part.matches.mentors])


def make_list(
    roster: Roster, settings: Any, request: PairRequest, *, seed: int = 1, worlds: int = 0
) -> PairList:
    """Make a pair list for the people of a roster.

    Parameters
    ----------
    settings
        Resolved settings, by section and name; ``programme.policy`` says how pairs are made.
    seed
        Decides lots, and the imputed worlds.
    worlds
        Imputed worlds to average; 0 for as many as the number of people asks for.

    Raises
    ------
    InputError
        If the policy depicts other people's judgement, nobody can take part, or the draft contradicts
        itself or the roster.
    """
    refuse_judgements(settings["programme"]["policy"])
    plan, rules = plan_for_list("pair list", settings, roster)
    people = participants_of(plan, roster, seed, request.places)
    _check_sides(people)
    scorings = [
        Scoring(plan, roster, policy, rules, seed, request.prefer, worlds)
        for policy in plan.policies
    ]
    room = people.room.copy()
    fixed = _settled(plan, scorings[0], roster, request, room)
    apart = _apart(plan, scorings[0], roster, request)
    waiting = np.zeros(roster.headcount, dtype=np.bool_)
    waiting[people.mentees] = True
    waiting[fixed.mentees] = False
    parts: list[Part] = []
    begun = 0
    total = max(people.places, len(fixed.mentees))
    for number, scoring in enumerate(scorings):
        last = number == len(scorings) - 1
        own = total - begun if last else round(scoring.policy.share * total)
        settled = fixed if number == 0 else Matches.joined([])
        scoring.learn(people.mentees, people.mentors)
        found = _paired(
            scoring, people, waiting, room, max(0, own - len(settled.mentees)), apart, request
        )
        waiting[found.mentees] = False
        begun += len(found.mentees) + len(settled.mentees)
        parts.append(_part(scoring, settled, found, people, room, apart))
    unmatched = _unmatched(scorings[-1], people, waiting, room, apart, begun >= total)
    scores = np.concatenate([part.matches.scores for part in parts])
    return PairList(
        roster=roster,
        plan=plan,
        rules=rules,
        request=request,
        participants=people,
        parts=tuple(parts),
        room_left=room,
        unmatched=unmatched,
        idle=_idle(scorings[-1], people, parts, {row for row, _ in unmatched}, apart),
        best_score=float(scores.max(initial=0.0)),
        kept_by_lots=_kept_by_lots(parts, people, apart),
        needs=needs_of(people, _allowed_of(scorings[-1], apart), begun),
    )


def _check_sides(people: Participants) -> None:
    """Refuse a list that nobody could be on."""
    for side, who in (("mentee", people.mentees), ("mentor", people.mentors)):
        if len(who):
            continue
        by = "roles of the roster" if people.by_role else "levels and times of service invited"
        remedy = f"look at the {by}, and at {side}_from_level and {side}_to_level in [programme]"
        raise InputError(f"nobody can be a {side} by the {by}", remedy=remedy)


def _settled(
    plan: Plan, scoring: Scoring, roster: Roster, request: PairRequest, room: Slots
) -> Matches:
    """Pairs that the draft or the roster fixes; they use up room."""
    row_of = {one: row for row, one in enumerate(roster.employee_id)}
    mentees = [row_of[mentee] for mentee, _ in request.draft.fixed]
    mentors = [row_of[mentor] for _, mentor in request.draft.fixed]
    for mentor in mentors:
        room[mentor] = max(0, room[mentor] - 1)
    programme = Programme(plan.policies, plan.settings, plan.calendar, plan.wishes)
    asked = programme.fixed_pairs(scoring.now.state, room)
    for mentee, mentor in zip(asked.mentees.tolist(), asked.mentors.tolist(), strict=True):
        if mentee in mentees:
            room[mentor] += 1
            continue
        mentees.append(mentee)
        mentors.append(mentor)
    columns = np.array(mentees, dtype=np.int64), np.array(mentors, dtype=np.int64)
    return Matches.joined([Matches(*columns, np.zeros(len(mentees)))])


def _apart(plan: Plan, scoring: Scoring, roster: Roster, request: PairRequest) -> Slots:
    """Pairs (mentee, mentor) that the roster or the draft forbids; shape (m, 2)."""
    row_of = {one: row for row, one in enumerate(roster.employee_id)}
    told = [(row_of[mentee], row_of[mentor]) for mentee, mentor in request.draft.forbidden]
    found = np.array(told, dtype=np.int64).reshape(-1, 2)
    if plan.wishes is not None:
        found = np.concatenate([found, plan.wishes.pairs_apart(scoring.now.state)])
    return found


def _paired(
    scoring: Scoring,
    people: Participants,
    waiting: NDArray[np.bool_],
    room: Slots,
    places: int,
    apart: Slots,
    request: PairRequest,
) -> Matches:
    """Fill places; where they are short, by lot or with the best pairs."""
    rows = people.mentees[waiting[people.mentees]]
    applicants = rows[np.argsort(people.order[rows], kind="stable")]
    # Mentors' room is short as places are: a lot, too, decides who of all gets what there is.
    places = min(places, int(room[people.mentors].sum()))
    best = request.choose == "best" and places < len(applicants)
    trial = room.copy() if best else room
    cohort = Cohort(
        applicants, people.mentors, trial, people.order, len(applicants) if best else places, apart
    )
    programme = scoring.plan.settings["programme"]
    score = scoring.deciding if scoring.policy.score != "random" else None
    found = make_pairs(scoring.candidates, scoring.policy, programme, cohort, score)
    if best:
        order = np.lexsort((found.mentees, -found.scores))[:places]
        chosen = Matches(found.mentees[order], found.mentors[order], found.scores[order])
        found = Matches.joined([chosen])
        np.subtract.at(room, found.mentors, 1)
    return found


def _part(
    scoring: Scoring,
    settled: Matches,
    found: Matches,
    people: Participants,
    room: Slots,
    apart: Slots,
) -> Part:
    """Look at every pair once more: its plain score, and what else there was for the mentee."""
    matches = Matches.joined([settled, found])
    fixed = np.isin(matches.mentees, settled.mentees)
    pairs = len(matches.mentees)
    scores, as_good = np.zeros(pairs), np.zeros(pairs, dtype=np.int64)
    alternatives = np.full((pairs, 2), -1, dtype=np.int64)
    for begin in range(0, pairs, LOOKED_AT):
        part = slice(begin, begin + LOOKED_AT)
        mentees, mentors = matches.mentees[part], np.union1d(people.mentors, matches.mentors[part])
        candidates = scoring.candidates(mentees, mentors)
        table = _without(scoring.plain(candidates), mentees, mentors, apart)
        rows = np.arange(len(mentees))
        chosen = np.searchsorted(mentors, matches.mentors[part])
        scores[part] = np.maximum(0.0, table[rows, chosen])
        allowed = np.where(candidates.allowed, table, -1.0)
        allowed[rows, chosen] = -1.0
        allowed[:, ~np.isin(mentors, people.mentors)] = -1.0
        near = (allowed >= 0.95 * scores[part, None]) & (allowed >= 0.0)
        as_good[part] = near.sum(axis=1)
        for rank in range(min(2, len(mentors))):
            # Of equals those who still have room come first; the second is free if anybody is.
            free = room[mentors] > 0
            ranked = np.where(allowed >= 0.0, allowed + 1e-9 * free, -1.0)
            if rank == 1:
                ranked = np.where((ranked >= 0.0) & free, ranked + 1e6, ranked)
            best = ranked.argmax(axis=1)
            there = allowed[rows, best] >= 0.0
            alternatives[part][there, rank] = mentors[best[there]]
            allowed[rows, best] = -1.0
    return Part(scoring, matches._replace(scores=scores), fixed, as_good, alternatives)


def _without(table: Real, mentees: Slots, mentors: Slots, apart: Slots) -> Real:
    """The same table with the pairs `apart` ruled out."""
    for mentee, mentor in apart.tolist():
        row, column = np.searchsorted(mentees, mentee), np.searchsorted(mentors, mentor)
        if row < len(mentees) and mentees[row] == mentee:
            if column < len(mentors) and mentors[column] == mentor:
                table[row, column] = -1.0
    return table


def _allowed_of(scoring: Scoring, apart: Slots) -> Callable[[Slots, Slots], NDArray[np.bool_]]:
    def allowed(mentees: Slots, mentors: Slots) -> NDArray[np.bool_]:
        candidates = scoring.candidates(mentees, mentors)
        barred = scoring.rules.bars(mentees, mentors)
        table = candidates.allowed.astype(np.float64)
        if barred is not None:
            table[barred] = 0.0
        return _without(table, mentees, mentors, apart) > 0.0

    return allowed


# --- why not ------------------------------------------------------------------------------------------
def _unmatched(
    scoring: Scoring,
    people: Participants,
    waiting: NDArray[np.bool_],
    room: Slots,
    apart: Slots,
    full: bool,
) -> tuple[tuple[int, str], ...]:
    """Why each mentee without a mentor has none; without roles, those alone who could have one."""
    rows = people.mentees[waiting[people.mentees]]
    allowed_of = _allowed_of(scoring, apart)
    found: list[tuple[int, str]] = []
    for begin in range(0, len(rows), LOOKED_AT):
        part = rows[begin : begin + LOOKED_AT]
        candidates = scoring.candidates(part, people.mentors)
        allowed = allowed_of(part, people.mentors)
        for place, row in enumerate(part.tolist()):
            mentors = people.mentors[allowed[place]]
            if not len(mentors):
                if not people.by_role:
                    continue  # nobody asked: the levels of the whole staff were looked at
                reason = _one_rule(candidates, place, scoring, people, apart)
            elif full:
                reason = "all places are taken; the lot or the score of others came first"
            elif not (room[mentors] > 0).any():
                reason = f"all {len(mentors)} mentors who are allowed have as many mentees as they can take"
            else:
                reason = "the pairs that are left score too low (minimum_score)"
            found.append((row, reason))
    return tuple(found)


def _idle(
    scoring: Scoring, people: Participants, parts: list[Part], left: set[int], apart: Slots
) -> tuple[tuple[int, str], ...]:
    """Why each mentor without a mentee has none, where people have said that they want to mentor."""
    if not people.by_role:
        return ()
    busy = {int(row) for part in parts for row in (*part.matches.mentors, *part.matches.mentees)}
    rows = np.array(sorted(set(people.mentors.tolist()) - busy - left), dtype=np.int64)
    if not len(rows):
        return ()
    suited = np.zeros(len(rows), dtype=np.int64)
    broken = np.zeros((len(RULES), len(rows)), dtype=np.int64)
    allowed_of = _allowed_of(scoring, apart)
    for begin in range(0, len(people.mentees), LOOKED_AT):
        mentees = people.mentees[begin : begin + LOOKED_AT]
        suited += allowed_of(mentees, rows).sum(axis=0)
        bits = scoring.candidates(mentees, rows).broken_rules.astype(np.int64)
        for bit in range(len(RULES)):
            broken[bit] += (bits == 1 << bit).sum(axis=0)
    found = []
    for place, row in enumerate(rows.tolist()):
        if suited[place]:
            many = f"{suited[place]:,} mentee{'s' if suited[place] > 1 else ''}"
            reason = f"nobody needed them: the rules allow them {many}, paired with others"
            if not people.room[row]:
                reason = "their capacity is stated as 0"
        else:
            reason = _one_rule_of_mentor(broken[:, place])
        found.append((row, reason))
    return tuple(found)


def _one_rule_of_mentor(counts: Slots) -> str:
    """Name the rule without which a mentor would have mentees."""
    from sim.pair_lists.known import WORDS

    by_rule = {name: int(counts[bit]) for bit, name in enumerate(RULES) if name != "oneself"}
    name = max(by_rule, key=lambda one: by_rule[one])
    if not by_rule[name]:
        return "no mentee is allowed: several rules together stand in the way"
    many = f"{by_rule[name]:,} mentee{'s' if by_rule[name] > 1 else ''}"
    return f"no mentee is allowed: the rule '{WORDS[name]}' alone stands between them and {many}"


def _one_rule(
    candidates: Candidates, place: int, scoring: Scoring, people: Participants, apart: Slots
) -> str:
    """Name the rule without which there would be mentors."""
    from sim.pair_lists.known import WORDS

    broken = candidates.broken_rules[place].astype(np.int64)
    barred = scoring.rules.bars(candidates.mentees[place : place + 1], people.mentors)
    clear = np.ones(len(broken), dtype=np.bool_) if barred is None else ~barred[0]
    counts = {
        name: int(((broken == 1 << bit) & clear).sum())
        for bit, name in enumerate(RULES)
        if name != "oneself"
    }
    name = max(counts, key=lambda one: counts[one])
    if counts[name]:
        return (
            f"no mentor is allowed: the rule '{WORDS[name]}' alone stands between them and {counts[name]} "
            f"mentor{'s' if counts[name] > 1 else ''}"
        )
    if barred is not None and ((broken == 0) & barred[0]).any():
        local = [
            rule for rule in ("same_site_only", "minimum_age_gap") if rule in scoring.rules.checked
        ]
        words = " and ".join(WORDS[rule] for rule in local)
        return f"no mentor is allowed: '{words}' stands between them and {int((broken == 0).sum())} mentors"
    if (broken == 0).any():
        return "no mentor is allowed: they are excluded, or were partners before"
    rules = [WORDS[rule] for bit, rule in enumerate(RULES[1:], 1) if (broken >> bit & 1).any()]
    return f"no mentor is allowed: several rules together ({', '.join(rules)})"


def _kept_by_lots(parts: list[Part], people: Participants, apart: Slots) -> float:
    """Share of the list's mean score that allowed mentors drawn by lot would have for the same mentees."""
    drawn, made = 0.0, 0.0
    for part in parts:
        mentees = part.matches.mentees[:EXACT_UP_TO]
        for begin in range(0, len(mentees), LOOKED_AT):
            some = slice(begin, begin + LOOKED_AT)
            rows = mentees[some]
            candidates = part.scoring.candidates(rows, people.mentors)
            table = _without(part.scoring.plain(candidates), rows, people.mentors, apart)
            usable = candidates.allowed & (table >= 0.0)
            there = usable.any(axis=1)
            counts = np.maximum(1, usable.sum(axis=1))
            means = np.where(usable, table, 0.0).sum(axis=1) / counts
            drawn += float(means[there].sum())
            made += float(part.matches.scores[some][there].sum())
    return min(1.0, drawn / made) if made > 0.0 else 1.0
