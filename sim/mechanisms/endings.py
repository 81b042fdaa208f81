"""Endings: pairs complete their time, break up, or have nothing left to teach; good ones leave ties."""

from __future__ import annotations

from sim.engine import columns, decisions, draws
from sim.engine.compiled import kernel, rule
from sim.engine.pairs import NewPair, add_pair, remove_ended_pairs
from sim.mechanisms.mechanism import Mechanism
from sim.mechanisms.ties import add_tie
from sim.organisation.people import logistic
from sim.parameters import Parameter, ParameterGroup

__all__ = ["MECHANISM", "early_ending", "end_pairs"]

PARAMETERS = ParameterGroup(
    "endings",
    "How relationships end",
    (
        Parameter(
            "early",
            -2.0,
            "logit",
            "Monthly log odds that a formal pair breaks up, at quality zero.",
            -30.0,
            10.0,
            source="M-END (10-38 % over a programme)",
            grade="derived",
            prior=(-3.0, -1.0),
            neutral=-30.0,
        ),
        Parameter(
            "early_by_quality",
            3.5,
            "logit per unit",
            "How much quality keeps a pair together.",
            0.0,
            20.0,
            source="M-END, M-NEG (direction)",
            grade="assumed",
            prior=(2.0, 5.0),
        ),
        Parameter(
            "early_by_silence",
            1.2,
            "logit",
            "What two months without a meeting add.",
            0.0,
            20.0,
            source="match health rules of platforms",
            grade="assumed",
            prior=(0.5, 3.0),
        ),
        Parameter(
            "informal_ease",
            2.0,
            "logit",
            "How much more lasting informal pairs are.",
            -10.0,
            30.0,
            source="M-PREV (about 3.3 years)",
            grade="derived",
            prior=(0.5, 2.5),
            neutral=30.0,
        ),
        Parameter(
            "tie_from",
            0.6,
            "quality",
            "Quality from which a completed pair may leave a tie.",
            0.0,
            1.0,
            source="network effects of mentoring (direction)",
            grade="assumed",
        ),
        Parameter(
            "tie_rate",
            0.7,
            "probability",
            "Probability that it does.",
            0.0,
            1.0,
            source="network effects of mentoring (direction)",
            grade="assumed",
            prior=(0.3, 1.0),
            neutral=0.0,
        ),
        Parameter(
            "carry_on_rate",
            0.25,
            "probability",
            "Probability that such a pair carries on "
            "informally, if the mentee has no informal mentor.",
            0.0,
            1.0,
            source="formal relationships outlasting the programme",
            grade="assumed",
            prior=(0.0, 0.5),
            neutral=0.0,
        ),
    ),
)


@rule
def early_ending(quality, silent, formal, p):
    """Monthly probability of breaking up.

    ``logistic(early - by_quality · q + by_silence [two months without a meeting] - ease [informal])``.
    """
    logit = p.early - p.early_by_quality * quality
    if silent >= 2:
        logit += p.early_by_silence
    if formal == 0:
        logit -= p.informal_ease
    return logistic(logit)


@kernel
def _leave_traces(state, p, row, luck, month):
    """What a completed good pair leaves behind: the mentee's tie to the mentor, perhaps more."""
    dyad = state.dyad_whole
    if dyad[columns.INFLUENCE, row] == 0 or dyad[columns.FORMAL, row] == 0:
        return
    quality = state.dyad[columns.QUALITY, row]
    if quality < p.endings.tie_from:
        return
    mentor = dyad[columns.MENTOR, row]
    mentee = dyad[columns.MENTEE, row]
    if luck[1] < p.endings.tie_rate:
        add_tie(state.ties, mentee, mentor, luck[3])
        if dyad[columns.TWO_WAY, row] == 1:
            add_tie(state.ties, mentor, mentee, luck[3])
    if luck[2] < p.endings.carry_on_rate and state.whole[columns.INFORMAL_MENTORS, mentee] == 0:
        everything = (1 << state.skills.shape[1]) - 1
        pair = NewPair(
            mentor=mentor,
            mentee=mentee,
            begun=month,
            planned_end=columns.OPEN_ENDED,
            formal=0,
            two_way=dyad[columns.TWO_WAY, row],
            direction=columns.INFORMAL_DIRECTION,
            influence=1,
            aims_mentee=everything,
            aims_mentor=everything,
            quality=quality,
            training=state.dyad[columns.TRAINING, row],
            say=1.0,
            score=0.0,
        )
        add_pair(state, pair, month)


@kernel
def end_pairs(state, p, month):
    """Decide for every pair that ran this month whether it goes on; the last planned month ends it.

    Where partners are shuffled every month, nobody breaks up with one, and nobody has learnt all that
    the others could teach: formal pairs go on.
    """
    dyad = state.dyad_whole
    quality = state.dyad[columns.QUALITY]
    world_luck = state.luck
    running = state.counts[columns.DYADS]
    for row in range(running):
        mentor = dyad[columns.MENTOR, row]
        mentee = dyad[columns.MENTEE, row]
        formal = dyad[columns.FORMAL, row]
        luck = draws.draw(world_luck, decisions.ENDING, mentor, mentee, month)
        ending = columns.RUNNING
        if month + 1 >= dyad[columns.PLANNED_END, row]:
            ending = columns.COMPLETED
        elif formal == 1 and p.programme.shuffled == 1:
            ending = columns.RUNNING
        elif luck[0] < early_ending(quality[row], dyad[columns.SILENT, row], formal, p.endings):
            ending = columns.ENDED_EARLY
        elif dyad[columns.TAUGHT_OUT, row] == 1:
            ending = columns.NOTHING_LEFT
        dyad[columns.ENDING, row] = ending
        if ending == columns.COMPLETED or ending == columns.NOTHING_LEFT:
            _leave_traces(state, p, row, luck, month)
        if formal == 1 and ending == columns.ENDED_EARLY:
            state.monthly[month, columns.M_ENDED_EARLY] += 1.0
        elif formal == 1 and ending != columns.RUNNING:
            state.monthly[month, columns.M_COMPLETED] += 1.0
    remove_ended_pairs(state, month)


MECHANISM = Mechanism(
    name="endings",
    parameters=PARAMETERS,
    kernel=end_pairs,
    reads=("luck", "level", "birth_month", "number", "values", "skills"),
    writes=(
        "formal_mentors",
        "formal_mentees",
        "informal_mentors",
        "informal_mentees",
        "helped_formally",
        "ties",
        "pairs",
        "counts",
        "ended",
        "monthly",
    ),
    draws=("ending", "chemistry"),
)
