"""Phase 4: the coordinator checks in with the running pairs; a cohort opens."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING, Any

from reference import words
from reference.books import note, note_about, pay_factor
from reference.enrolment import Enrolment, enrol, place_in_line
from reference.entities import Pair, Person
from reference.leaving import remove_ended_pairs
from reference.matching import Match, Matching
from reference.network import begin_pair
from reference.policies import Policy, aims, is_allowed, is_senior

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def act(model: ReferenceModel) -> None:
    """What the programme does this month."""
    model.skill_data.clear()
    if model.month in model.check_ins:
        check_in(model)
    if model.month in model.deals:
        deal_anew(model)
    if model.month in model.openings:
        open_cohort(model)


# --- the calendar --------------------------------------------------------------------------------
def opening_months(programme: Any, months: int) -> list[int]:
    """Months in which people are paired, as long as the whole time of their pairs fits.

    One cohort after the other; with rolling enrolment every month, for as many cohorts' length.
    """
    if programme.policy == "none":
        return []
    openings: list[int] = []
    step, most = programme.cohort_months, programme.cohorts
    if programme.enrolment == "rolling":
        step, most = 1, programme.cohorts * programme.cohort_months
    month = programme.start_month
    while month + programme.cohort_months <= months and (most == 0 or len(openings) < most):
        openings.append(month)
        month += step
    if programme.lottery_steps > 1 and programme.participation in ("lottery", "offered_by_lot"):
        steps = [
            programme.start_month + n * programme.step_months
            for n in range(programme.lottery_steps)
        ]
        openings = [month for month in steps if month + programme.cohort_months <= months]
    return openings


def check_in_months(programme: Any, openings: list[int]) -> set[int]:
    """Months in which the coordinator asks, counted from each cohort's opening (rolling: the first)."""
    if programme.check_in_months == 0:
        return set()
    found = set()
    begins = openings[:1] if programme.enrolment == "rolling" else openings
    for begin in begins:
        last = openings[-1] if programme.enrolment == "rolling" else begin
        month = begin + programme.check_in_months
        while month < last + programme.cohort_months:
            found.add(month)
            month += programme.check_in_months
    return found


def deal_months(programme: Any, openings: list[int]) -> set[int]:
    """Months in which partners are shuffled: all in which pairs run that did not begin there."""
    length = range(1, programme.cohort_months) if programme.shuffled else ()
    return {begin + age for begin in openings for age in length}


# --- a cohort opens ------------------------------------------------------------------------------
def open_cohort(model: ReferenceModel) -> None:
    """Enrol, pair and begin; the number of pairs is a share of the headcount in every policy."""
    enrolment = enrol(model)
    _remember_who_would_mentor(model, enrolment)
    room = {person: _room(model, person) for person in model.staff}
    note(model, "capacity", float(sum(room[mentor] for mentor in enrolment.mentors)))
    busy = [person for person in model.staff if person.formal_mentors + person.formal_mentees > 0]
    places = _places(model)
    note(model, "places", float(places))
    turns = {person: place_in_line(model, person) for person in model.staff}
    end = model.month + model.settings.programme.cohort_months
    together = _fixed(model, room)
    opened: list[Match] = []
    for policy in model.policies:
        own = round(policy.share * places)
        if policy is model.policies[-1]:
            own = places - len(opened)
        matches = together if policy is model.policies[0] else []
        taken = {match.mentee for match in opened + matches}
        applicants = [person for person in enrolment.mentees if person not in taken]
        applicants.sort(key=lambda person: turns[person])
        matching = Matching(model, policy, list(enrolment.mentors), room, turns, _apart(model))
        matches = matches + matching.fill(applicants, max(0, own - len(matches)))
        for match in sorted(matches, key=lambda match: match.mentee.slot):
            _begin(model, policy, match, end)
            _count_opening(model, match)
        opened += matches
    _count_people(model, enrolment, opened, busy)


def _remember_who_would_mentor(model: ReferenceModel, enrolment: Enrolment) -> None:
    """For this cohort; with rolling enrolment whoever was ever willing stays so."""
    if model.parts == 1:
        for person in model.chairs:
            person.willing = 0
    for person, several in enrolment.mentors.items():
        person.willing = 2 if several else 1
    if model.parts > 1:
        enrolment.mentors = {
            person: person.willing == 2 for person in model.staff if person.willing
        }


def _places(model: ReferenceModel) -> int:
    """A share of the headcount; with rolling enrolment each month's part, whole over the months."""
    places = model.settings.programme.places * len(model.staff)
    if model.parts == 1:
        return round(places)
    monthly = places / model.parts
    age = model.month - model.openings[0]
    due = math.floor((age + 1.0) * monthly) - math.floor(age * monthly)
    lately = range(max(0, model.month - model.parts + 1), model.month)
    given = sum(int(model.ledger.monthly[month]["opened"]) for month in lately)
    return max(0, min(due, round(places) - given))


def _room(model: ReferenceModel, person: Person) -> int:
    """Mentees that somebody can still take."""
    programme = model.settings.programme
    if programme.form == "group":
        most = programme.group_size
    else:
        most = 1 if person.willing == 1 else programme.mentor_capacity
    if person.own_capacity is not None:
        most = person.own_capacity
    return max(0, most - person.formal_mentees)


def _fixed(model: ReferenceModel, room: dict[Person, int]) -> list[Match]:
    """Pairs that a roster asks for: the senior mentors, in a reverse programme the junior.

    Whoever has a mentor already gets no other; capacity is used up, but does not stand in the way.
    """
    found: list[Match] = []
    for one, other in model.fixed_pairs:
        if not (one.active and other.active):
            continue
        mentor, mentee = (one, other) if is_senior(one, other) else (other, one)
        if model.policies[0].direction == "reverse":
            mentor, mentee = mentee, mentor
        if mentee.formal_mentors == 0 and all(match.mentee is not mentee for match in found):
            found.append(Match(mentee, mentor, 0.0))
            room[mentor] = max(0, room[mentor] - 1)
    return found


def _apart(model: ReferenceModel) -> set[tuple[Person, Person]]:
    """Whom a roster keeps apart, and past partners; both ways round."""
    found = {(person, other) for person in model.staff for other in person.keeps_apart}
    if model.settings.programme.bar_past_pairs:
        found.update(model.past_pairs)
        found.update((mentor, mentee) for mentee, mentor in model.past_pairs)
    return found


def _begin(model: ReferenceModel, policy: Policy, match: Match, end: int) -> None:
    """Begin a pair; across departments a shared language is lacking at first."""
    given = model.settings.meetings
    mentor, mentee = match.mentor, match.mentee
    quality = given.first_quality
    if mentor.department is not mentee.department:
        quality = max(0.0, quality - given.language_effect)
    for_mentee, for_mentor = aims(model, policy)
    if policy.score == "goals" and for_mentee & mentee.goals:
        for_mentee = for_mentee & mentee.goals
    begin_pair(
        model,
        mentor,
        mentee,
        when=model.month,
        begun=model.month,
        planned_end=end,
        direction=policy.direction,
        aims_mentee=for_mentee,
        aims_mentor=for_mentor,
        two_way=policy.two_way,
        influence=not model.settings.programme.placebo,
        quality=quality,
        training=model.levers.training,
        say=policy.say,
        score=match.score,
    )
    model.past_pairs.append((mentee, mentor))


# --- counting ------------------------------------------------------------------------------------
def _count_opening(model: ReferenceModel, match: Match) -> None:
    match.mentee.cohorts_as_mentee += 1
    match.mentor.cohorts_as_mentor += 1
    note(model, "opened", 1.0)
    pays = [pay_factor(model, person.level) for person in (match.mentee, match.mentor)]
    note(model, "opened_pay", pays[0] + pays[1])


def _count_people(
    model: ReferenceModel, enrolment: Enrolment, opened: list[Match], busy: list[Person]
) -> None:
    """Who asked, got a place, was trained; who asked and goes without was turned away.

    It is felt by those who came of their own accord, unless nothing follows from the programme.
    """
    programme = model.settings.programme
    if programme.participation == "asked_by_name":  # the others were never asked
        enrolment.asked = [match.mentee for match in opened]
    felt = programme.participation in ("voluntary", "lottery") and not programme.placebo
    mentees = {match.mentee for match in opened}
    mentors = {match.mentor for match in opened}
    trained = {"both": mentees | mentors, "mentees": mentees, "mentors": mentors}
    for person in model.staff:
        person.volunteered += person in enrolment.asked
        if person in busy:
            continue
        if person in mentees or person in mentors:
            note_about(model, person, "volunteers")
            note_about(model, person, "participants")
        elif person in enrolment.asked:
            note_about(model, person, "volunteers")
            note_about(model, person, "turned_away")
            person.turned_away = person.turned_away or felt
        if programme.training_hours > 0.0 and person in trained[programme.training_for]:
            note_about(model, person, "trained")
            note_about(model, person, "training_pay", pay_factor(model, person.level))


# --- check-ins -----------------------------------------------------------------------------------
def check_in(model: ReferenceModel) -> None:
    """Ask every running pair; those found failing end, and their mentees are paired anew.

    Not in their last month, and only if that is wanted. The new pair ends when the old one would have.
    """
    failing = [pair for pair in model.pairs if pair.formal and _is_found_failing(model, pair)]
    if not model.settings.programme.re_pair:
        return
    ended = [pair for pair in failing if pair.planned_end - model.month >= 2]
    for pair in ended:
        pair.ending = words.RE_PAIRED
        note(model, "re_paired", 1.0)
    remove_ended_pairs(model)

    mentors = [person for person in model.staff if person.willing]
    room = {person: _room(model, person) for person in model.staff}
    turns = {person: float(person.slot) for person in model.staff}
    split = {(pair.mentee, pair.mentor) for pair in ended}
    end_of = {pair.mentee: pair.planned_end for pair in ended}
    for policy in model.policies:
        freed = {pair.mentee for pair in ended if pair.direction == policy.direction}
        alone = [person for person in model.staff if person in freed and not person.formal_mentors]
        apart = _apart(model) | split
        for match in Matching(model, policy, mentors, room, turns, apart).fill(alone, len(alone)):
            _begin(model, policy, match, end_of[match.mentee])


# --- shuffled partners ---------------------------------------------------------------------------
def deal_anew(model: ReferenceModel) -> None:
    """Mentees of one direction exchange mentors by lot, as the rules allow; changed pairs begin again."""
    for direction in dict.fromkeys(policy.direction for policy in model.policies):
        policies = [policy for policy in model.policies if policy.direction == direction]
        pairs = sorted(
            (pair for pair in model.pairs if pair.formal and pair.direction == direction),
            key=lambda pair: pair.mentee.slot,
        )
        mentors = [pair.mentor for pair in pairs]
        for turn, place in itertools.product(range(4), reversed(range(1, len(pairs)))):
            luck = model.fate.numbers("deal", pairs[place].mentee.slot, when=model.month)
            other = math.floor(luck[turn] * (place + 1))
            exchange = [
                (pairs[place].mentee, mentors[other]),
                (pairs[other].mentee, mentors[place]),
            ]
            if all(_may_be_dealt(model, policies, mentee, mentor) for mentee, mentor in exchange):
                mentors[place], mentors[other] = mentors[other], mentors[place]
        changed = [
            (pair, mentor)
            for pair, mentor in zip(pairs, mentors, strict=True)
            if pair.mentor is not mentor
        ]
        for pair, _ in changed:
            pair.ending = words.DEALT
        remove_ended_pairs(model)
        for pair, mentor in changed:
            given = model.settings.meetings
            apart = mentor.department is not pair.mentee.department
            begin_pair(
                model,
                mentor,
                pair.mentee,
                when=model.month,
                begun=pair.begun,
                planned_end=pair.planned_end,
                direction=direction,
                aims_mentee=pair.aims_mentee,
                aims_mentor=pair.aims_mentor,
                two_way=pair.two_way,
                influence=pair.influence,
                quality=max(0.0, given.first_quality - given.language_effect * apart),
                training=model.levers.training,
                say=0.0,
                score=0.0,
            )


def _may_be_dealt(
    model: ReferenceModel, policies: list[Policy], mentee: Person, mentor: Person
) -> bool:
    """Whether any of the policies of a direction admits the pair, and the roster does."""
    if mentor in mentee.keeps_apart or mentee in mentor.keeps_apart:
        return False
    return any(is_allowed(model, policy, mentor, mentee) for policy in policies)


def _is_found_failing(model: ReferenceModel, pair: Pair) -> bool:
    """A poor relationship, or two months without a meeting; whoever has not met yet is left alone."""
    given = model.settings.support
    note(model, "check_ins", 1.0)
    if pair.held + pair.missed == 0:
        return False
    if pair.quality >= given.failing_below and pair.silent < 2:
        return False
    luck = model.fate.numbers(
        "check-in", pair.mentor.slot, other=pair.mentee.slot, when=model.month
    )
    return luck[0] < given.found_out
