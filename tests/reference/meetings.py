"""Phase 6: pairs meet or do not, and their relationship grows or fades."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from reference.books import note, note_about, pay_factor
from reference.entities import Pair, Person
from reference.feelings import candour
from reference.luck import logistic, total
from reference.network import are_apart, similarity

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def hold_meetings(model: ReferenceModel) -> None:
    """Every pair's month, in the order in which pairs began; what follows is felt later."""
    for person in model.chairs:
        person.forget_meetings()
    for pair in model.pairs:
        _meet(model, pair)
        _change_quality(model, pair)
        _count(model, pair)
        if pair.influence and pair.held > 0:
            _note_partners(pair)
            if pair.met_now > 0:
                _affect_both(model, pair)


def planned_meetings(model: ReferenceModel, pair: Pair) -> int:
    """One a month for informal pairs; the cadence, which need not be whole, for formal ones."""
    if not pair.formal:
        return 1
    cadence = model.settings.programme.meetings_per_month
    age = model.month - pair.begun
    return math.floor((age + 1.0) * cadence) - math.floor(age * cadence)


def _meet(model: ReferenceModel, pair: Pair) -> None:
    luck = model.fate.numbers("meeting", pair.mentor.slot, other=pair.mentee.slot, when=model.month)
    chance = attendance(model, pair)
    pair.planned_now = planned_meetings(model, pair)
    pair.met_now = sum(luck[number] < chance for number in range(pair.planned_now))
    pair.held += pair.met_now
    pair.missed += pair.planned_now - pair.met_now
    if pair.met_now > 0:
        pair.silent = 0
    elif pair.planned_now > 0:
        pair.silent += 1


def members(model: ReferenceModel, pair: Pair) -> int:
    """Mentees who share a pair's meetings: those of a group, else one."""
    if pair.formal and model.levers.group:
        return pair.mentor.formal_mentees
    return 1


def attendance(model: ReferenceModel, pair: Pair) -> float:
    """Probability that a planned meeting takes place.

    Of formal pairs it is lowered by load (the mentor's further meetings) and by a lack of reminders, and
    raised by support and check-ins; the top cancels the more, the less support there is.
    """
    given, levers = model.settings.meetings, model.levers
    rank = max(model.rank(pair.mentor), model.rank(pair.mentee))
    cancels = given.rank_cancels * rank
    logit = given.attendance_informal
    if pair.formal:
        further = 0 if levers.group else pair.mentor.formal_mentees - 1
        cancels = cancels * (1.0 - levers.support) / (1.0 - given.ordinary_support)
        logit = (
            given.attendance
            - given.load_cancels * further
            + given.support_helps * (levers.support - given.ordinary_support)
            + given.check_in_helps * levers.check_ins
        )
        if not levers.platform:
            logit -= given.reminders_lacking
    logit += given.attendance_by_quality * (pair.quality - 0.5) - cancels
    if are_apart(pair.mentor, pair.mentee):
        logit -= given.distance_cancels
    return logistic(logit)


def lower_and_higher(mentor: Person, mentee: Person) -> tuple[Person, Person]:
    """The lower and the higher in rank; of equals, the mentee counts as the lower."""
    return (mentor, mentee) if mentor.level < mentee.level else (mentee, mentor)


def quality_target(model: ReferenceModel, pair: Pair) -> float:
    """Quality that a relationship tends to, 0 to 1; deep similarity is the largest term."""
    given = model.settings.meetings
    ordinary = model.settings.engagement
    extra = given.training_effect * pair.training, given.say_effect * pair.say
    return _quality(
        model,
        pair.mentor,
        pair.mentee,
        (*extra, given.chemistry_spread * pair.chemistry),
        members(model, pair) - 1,
        pair.two_way,
        (pair.mentee.engagement - ordinary.average) / ordinary.spread,
    )


def quality_to_expect(model: ReferenceModel, mentor: Person, mentee: Person) -> float:
    """The quality that two would tend to apart from others, as far as it can be known beforehand."""
    return _quality(model, mentor, mentee, (), 0, False, 0.0)


def _quality(
    model: ReferenceModel,
    mentor: Person,
    mentee: Person,
    extra: tuple[float, ...],
    further: int,
    two_way: bool,
    mood: float,
) -> float:
    """Where juniors teach, the senior's humility counts; each further mentee of a group costs some.

    The mentee's mood, in SD, colours it.
    """
    given = model.settings.meetings
    lower, higher = lower_and_higher(mentor, mentee)
    gap = abs(mentor.level - mentee.level)
    logit = (
        given.quality_level
        + given.similarity_effect * (similarity(mentor, mentee) - given.ordinary_similarity)
        - given.rank_effect * gap * (1.0 - lower.safety)
        + given.ability_effect * (mentor.mentoring_ability - 0.5)
    )
    for effect in extra:
        logit += effect
    logit -= given.group_effect * further
    logit += given.mood_effect * mood
    if two_way or mentor.level < mentee.level:
        logit += given.humility_effect * (higher.humility - 0.5)
    return logistic(logit)


def _change_quality(model: ReferenceModel, pair: Pair) -> None:
    """Each meeting brings quality nearer to its target; a month of missed meetings lets it fade."""
    given = model.settings.meetings
    if pair.met_now > 0:
        target = quality_target(model, pair)
        for _ in range(pair.met_now):
            pair.quality += given.growth * (target - pair.quality)
        if pair.held == pair.met_now:
            pair.first_quality = pair.quality
            if pair.formal:
                _note_fit(model, pair)
    elif pair.planned_now > 0:
        pair.quality = (1.0 - given.fading) * pair.quality


def _note_fit(model: ReferenceModel, pair: Pair) -> None:
    """How the two would answer after the first meeting: a good fit, a poor one, or they do not know."""
    given = model.settings.recording
    note(model, "first_meetings", 1.0)
    if pair.quality >= given.good_fit_from:
        note(model, "good_fits", 1.0)
    elif pair.quality < given.poor_fit_below:
        note(model, "poor_fits", 1.0)


def _count(model: ReferenceModel, pair: Pair) -> None:
    """A group's mentor gives each meeting once, and prepares it once, for all of them."""
    if not pair.formal:
        note(model, "informal_held", pair.met_now)
        return
    note(model, "planned", pair.planned_now)
    if pair.met_now == 0:
        return
    programme = model.settings.programme
    hours = pair.met_now * (programme.meeting_hours + programme.preparation_hours)
    own_hours = hours / members(model, pair)
    mentor_pay = own_hours * pay_factor(model, pair.mentor.level)
    note_about(model, pair.mentor, "meeting_pay", mentor_pay)
    note_about(model, pair.mentee, "meeting_pay", hours * pay_factor(model, pair.mentee.level))
    note_about(model, pair.mentee, "held", pair.met_now)
    note(model, "hours", hours + own_hours)
    pair.mentee.meetings_as_mentee += pair.met_now
    pair.mentor.meetings_as_mentor += pair.met_now


def _note_partners(pair: Pair) -> None:
    """Keep, for two who have ever met, the best relationship, and the best one upward."""
    for person, other in ((pair.mentor, pair.mentee), (pair.mentee, pair.mentor)):
        if pair.quality > person.partner_quality:
            person.partner, person.partner_quality = other, pair.quality
        if other.level > person.level and pair.quality > person.sponsor_quality:
            person.sponsor, person.sponsor_quality = other, pair.quality


def _affect_both(model: ReferenceModel, pair: Pair) -> None:
    """What meetings do besides teaching: they lift or lower, open views, make it safer to speak."""
    given = model.settings.meetings
    push = pair.met_now * (pair.quality - model.settings.engagement.neutral_quality)
    fresh = novelty(model, pair.mentor, pair.mentee)
    for person in (pair.mentor, pair.mentee):
        person.relationship_push += push
        person.fresh_views += pair.quality * fresh
        person.attention += pair.quality
    if pair.mentor.level == pair.mentee.level:
        return
    lower, _ = lower_and_higher(pair.mentor, pair.mentee)
    frank = candour(model, lower)
    lower.safety_push += given.safety_gain * push * frank
    if pair.two_way or lower is pair.mentor:
        lower.confidence_push += given.confidence_gain * pair.met_now * pair.quality * frank


def novelty(model: ReferenceModel, one: Person, other: Person) -> float:
    """``x exp(1 - x)``, x = root mean square distance of skills over the best distance."""
    squares = total((a - b) * (a - b) for a, b in zip(one.skills, other.skills, strict=True))
    distance = math.sqrt(squares / len(one.skills))
    x = distance / model.settings.recombination.best_distance
    return x * math.exp(1.0 - x)
