"""Phase 7: pairs complete, break up, or have nothing left to teach; good ones leave ties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reference import words
from reference.books import note
from reference.entities import Pair
from reference.leaving import remove_ended_pairs
from reference.luck import logistic
from reference.network import add_tie, begin_pair

if TYPE_CHECKING:
    from reference.model import ReferenceModel


def end_pairs(model: ReferenceModel) -> None:
    """Decide for every pair that ran this month whether it goes on, in the order of beginning."""
    for pair in list(model.pairs):
        luck = model.fate.numbers(
            "ending", pair.mentor.slot, other=pair.mentee.slot, when=model.month
        )
        if model.month + 1 >= pair.planned_end:
            pair.ending = words.COMPLETED
        elif pair.formal and model.settings.programme.shuffled:
            pair.ending = words.RUNNING
        elif luck[0] < early_ending(model, pair):
            pair.ending = words.ENDED_EARLY
        elif pair.taught_out:
            pair.ending = words.NOTHING_LEFT
        if pair.ending in (words.COMPLETED, words.NOTHING_LEFT):
            _leave_traces(model, pair, luck)
        if pair.formal and pair.ending == words.ENDED_EARLY:
            note(model, "ended_early", 1.0)
        elif pair.formal and pair.ending != words.RUNNING:
            note(model, "completed", 1.0)
    remove_ended_pairs(model)


def early_ending(model: ReferenceModel, pair: Pair) -> float:
    """Monthly probability of breaking up: quality keeps together, silence drives apart."""
    given = model.settings.endings
    logit = given.early - given.early_by_quality * pair.quality
    if pair.silent >= 2:
        logit += given.early_by_silence
    if not pair.formal:
        logit -= given.informal_ease
    return logistic(logit)


def _leave_traces(model: ReferenceModel, pair: Pair, luck: tuple[float, ...]) -> None:
    """What a completed good formal pair leaves behind: a tie, perhaps an informal relationship.

    Whoever had an informal mentor this month does not carry on, even if that pair ends as well.
    """
    given = model.settings.endings
    if not pair.influence or not pair.formal or pair.quality < given.tie_from:
        return
    mentor, mentee = pair.mentor, pair.mentee
    if luck[1] < given.tie_rate:
        add_tie(mentee, mentor, luck[3])
        if pair.two_way:
            add_tie(mentor, mentee, luck[3])
    if luck[2] < given.carry_on_rate and mentee.informal_mentors == 0:
        begin_pair(
            model,
            mentor,
            mentee,
            when=model.month,
            begun=model.month,
            planned_end=words.OPEN_ENDED,
            direction=words.INFORMAL,
            aims_mentee=model.everything,
            aims_mentor=model.everything,
            two_way=pair.two_way,
            quality=pair.quality,
            training=pair.training,
            say=1.0,
        )
